"""A few heard syllables against a few of the article: where the big alignment has found the place already."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mediakit.grounding.match import straight_odds
from mediakit.vietnamese.syllables import likeness_matrix

#: What a syllable of the article that was not heard costs (nats), and a heard one that the article does not have. The
#: second is small: around the place stand heard syllables of its neighbours.
_UNHEARD, _OTHER = 1.6, 0.3

Pairs = list[tuple[int, int]]


def paired(heard: Sequence[str], way: Sequence[str]) -> tuple[float, Pairs]:
    """Score (nats) of the best alignment (Needleman & Wunsch 1970), and its pairs (heard place, place in the way).

    Over 0, the syllables of the way are more likely than chance what was heard.

    >>> paired(["hai", "bải"], ["hai", "mươi", "bảy"])[1], paired(["lông", "thông"], ["con", "chó"])[0] > 0
    ([(0, 0), (1, 2)], False)
    """
    if not way or not heard:
        return -_OTHER * len(heard) - _UNHEARD * len(way), []
    alike = straight_odds(likeness_matrix(heard, way))
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
    return float(best[rows, columns]), pairs[::-1]
