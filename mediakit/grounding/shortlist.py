"""Which sentences of a long article are worth searching a part of the speech for.

A sentence that was said leaves marks: rows of four sounds that are its own. Rare ones count more. The sentences with
most marks around a part of the speech are searched for in it, and those near them in the article, however badly they
were heard. An article of a usual length is searched whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.ctc.frames import Frames

Indices = NDArray[np.intp]

#: So many units of the article are searched for in a part of the speech: of an article of 5,000 syllables all.
_UNITS = 20_000
#: Units in a row that are a mark, and frames around a part that count with it: what is said over its border.
_MARK, _AROUND = 4, 250
#: Sentences up to so far from a likely one are likely too, by this share of its marks for each step.
_NEAR, _STEP = 6, 0.8


class Shortlist:
    """The sentences that each part of the speech may be; `texts` are their units as they are usually said."""

    def __init__(self, frames: Frames, texts: Sequence[Sequence[int]]) -> None:
        self._frames, self._sizes = frames, np.array([len(text) for text in texts])
        self._is_short = int(self._sizes.sum()) <= _UNITS
        if self._is_short:
            return
        marks = [_marks(text) for text in texts]
        sentence = np.repeat(np.arange(len(texts)), [len(own) for own in marks])
        every = np.concatenate(marks)
        order = np.argsort(every, kind="stable")
        self._marks, self._of = every[order], sentence[order]

    def __call__(self, first: int, stop: int) -> Indices:
        """The likeliest sentences for frames `first` up to `stop`, in the article's order."""
        if self._is_short:
            return np.arange(len(self._sizes))
        around = self._frames.log_probs(max(0, first - _AROUND), stop + _AROUND)
        heard = _marks([unit for unit, _ in groupby(np.argmax(around, axis=1).tolist()) if unit])
        left, right = (np.searchsorted(self._marks, heard, side=side) for side in ("left", "right"))
        worth = np.zeros(len(self._sizes))
        for a, b in zip(left, right, strict=True):
            np.add.at(worth, self._of[a:b], 1 / max(1, b - a))
        for _ in range(_NEAR):
            near = worth.copy()
            near[1:] = np.maximum(near[1:], worth[:-1] * _STEP)
            near[:-1] = np.maximum(near[:-1], worth[1:] * _STEP)
            worth = near
        best = np.argsort(-worth, kind="stable")
        count = int(np.searchsorted(np.cumsum(self._sizes[best]), _UNITS, side="right"))
        return np.sort(best[: max(1, count)])


def _marks(text: Sequence[int]) -> NDArray[np.int64]:
    """A number for each row of four units of a text."""
    units = np.array(text, np.int64)
    if len(units) < _MARK:
        return np.zeros(0, np.int64)
    found: NDArray[np.int64] = np.lib.stride_tricks.sliding_window_view(units, _MARK) @ (1024 ** np.arange(_MARK))
    return found
