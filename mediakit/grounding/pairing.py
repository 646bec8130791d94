"""Heard syllables against those of a sentence that was said there: which stand for which."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mediakit.vietnamese.syllables import likeness_matrix

#: What a syllable of the sentence that was not heard costs (nats), and a heard one that the sentence does not have. The
#: second is small: around the place stand heard syllables of its neighbours.
_UNHEARD, _OTHER = 1.6, 0.3

Pairs = list[tuple[int, int]]


def paired(heard: Sequence[str], said: Sequence[str]) -> Pairs:
    """The pairs (heard place, place in what is said) of the best alignment (Needleman & Wunsch 1970).

    What two syllables gain by their likeness was fitted on 1,815 that were aligned with the truth: the log ratio of
    true to random pairs runs nearly straight from -4 at 0.1 to +3 at 0.85.

    >>> paired(["hai", "bải"], ["hai", "mươi", "bảy"])
    [(0, 0), (1, 2)]
    """
    if not said or not heard:
        return []
    alike = np.clip(10.0 * (likeness_matrix(heard, said).astype(np.float64) - 0.52), -3.5, 3.5)
    rows, columns = alike.shape
    best = np.zeros((rows + 1, columns + 1))
    best[:, 0] = -_OTHER * np.arange(rows + 1)
    best[0, :] = -_UNHEARD * np.arange(columns + 1)
    for i in range(rows):
        for j in range(columns):
            pair = best[i, j] + alike[i, j]
            best[i + 1, j + 1] = max(pair, best[i, j + 1] - _OTHER, best[i + 1, j] - _UNHEARD)
    pairs: Pairs = []
    i, j = rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j - 1] + alike[i - 1, j - 1]:
            i, j = i - 1, j - 1
            pairs.append((i, j))
        elif best[i, j] == best[i - 1, j] - _OTHER:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
