"""Where in the sound each token is said: by what the decoder looks at as it writes it.

Some heads of a decoder's attention follow the sound (`alignment_heads` in a model's `config.json`). As in
openai-whisper's `timing.py` and CTranslate2's `align`: their attention to the frames that have sound, seen as how far
each token stands out among all of a text, smoothed by a median and averaged; then the path of the greatest sum from
the first token in the first frame to the last in the last (dynamic time warping: Sakoe & Chiba 1978).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
#: Frames that the median is taken of (`median_filter_width` there).
_WIDTH = 7
#: Places to compare and exchange until the middle one of seven is in its place (Devillard 1998, *Fast median search*).
_MEDIAN_OF_7 = ((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3), (3, 4))
#: Attention that is the same for all tokens stands out for none.
_LEAST_DEVIATION = 1e-12


def first_frames(attention: Floats, prompt: int) -> list[int]:
    """The frame at which each token of a text begins, given how the decoder looked at the sound.

    `attention` (heads, tokens, frames) has the products of queries and keys for the `prompt`'s tokens and the text's;
    what a token is seen by is the row of the one before it. Without frames every token begins at the first.
    """
    heads, tokens, frames = attention.shape
    if not (heads and frames):
        return [0] * (tokens - prompt)
    weights = np.exp(attention - attention.max(axis=2, keepdims=True))
    weights /= weights.sum(axis=2, keepdims=True)
    weights -= weights.mean(axis=1, keepdims=True)
    weights /= np.maximum(np.sqrt(np.square(weights).mean(axis=1, keepdims=True)), _LEAST_DEVIATION)
    smoothed = sum(_smoothed(head[prompt - 1 : -1]) for head in weights)
    return warped(np.asarray(smoothed) / heads)


def _smoothed(rows: Floats) -> Floats:
    """The median of the frames around each; there is nothing to reflect where there are few."""
    around = _WIDTH // 2
    frames = rows.shape[1]
    if frames <= around:
        return rows
    padded = np.pad(rows, ((0, 0), (around, around)), mode="reflect")
    part = [padded[:, i : i + frames] for i in range(_WIDTH)]
    for i, j in _MEDIAN_OF_7:
        part[i], part[j] = np.minimum(part[i], part[j]), np.maximum(part[i], part[j])
    return part[around]


def warped(matrix: Floats) -> list[int]:
    """The first column of each row on the path of the greatest sum, from the first cell to the last.

    A step goes on by a row, a column, or both; of equal ways the one by a column is taken, then the one by a row.

    >>> warped(np.array([[1, 1, -1, -1], [-1, -1, 1, -1], [-1, -1, -1, 1]]))
    [0, 2, 3]

    The best way to a cell is from a cell of the row before, and then along its own row: what it costs is the least of
    what it had cost to enter the row at each column so far, for which a row needs no loop.
    """
    rows, columns = matrix.shape
    along = np.zeros((rows, columns + 1))
    np.cumsum(matrix, axis=1, out=along[:, 1:])
    # Costs of the row before, of no column first: the path begins there, before the first row.
    before = np.full(columns + 1, np.inf)
    before[0] = 0.0
    entered = np.empty((rows, columns), dtype=np.intp)
    by_both = np.empty((rows, columns), dtype=bool)
    places = np.arange(columns)
    for i in range(rows):
        entry = np.minimum(before[:-1], before[1:])
        own = np.minimum.accumulate(entry + along[i, :-1]) - along[i, 1:]
        # Whether each cell is entered from the row before, for less than going along.
        enters = np.r_[True, entry[1:] < own[:-1]]
        entered[i] = np.maximum.accumulate(np.where(enters, places, 0))
        by_both[i] = before[:-1] < before[1:]
        before[0], before[1:] = np.inf, own
    found, column = [0] * rows, columns - 1
    for i in range(rows - 1, -1, -1):
        found[i] = int(entered[i, column])
        column = found[i] - int(by_both[i, found[i]])
    return found
