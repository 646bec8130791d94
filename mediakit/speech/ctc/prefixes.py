"""How a CTC head bears the beginnings of texts, word by word: joint CTC and attention decoding.

As in Watanabe et al. 2017 (section IV.B), but by the best way of saying a beginning and not by all of them: a head has
one of them far before the others, and running maxima cost a tenth of running sums of exponentials.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Times = NDArray[np.float64]
_BLANK = 0
#: What cannot be; it is subtracted from itself.
_NEVER = -1e30


@dataclass(frozen=True, slots=True, eq=False)
class _Prefix:
    """The best ways of having said a beginning after each count of frames, its last unit or a blank being last there.

    `score` is that of all texts that begin so: log P of the best way of coming to its last unit.
    """

    unit: _Times
    blank: _Times
    last: int
    score: float


class Prefixes:
    """Scores the beginnings of texts on the frames of a window (frames, units), each from the one a word shorter.

    `spelt` gives the numbers of a word's units.
    """

    def __init__(self, frames: NDArray[np.float32], spelt: Callable[[str], Sequence[int]]) -> None:
        self._frames, self._spelt = frames.astype(np.float64), spelt
        self._sums: dict[int, _Times] = {}
        never = np.full(len(frames) + 1, _NEVER)
        self._known: dict[tuple[str, ...], _Prefix] = {(): _Prefix(never, self._sum(_BLANK), _BLANK, 0.0)}

    def added(self, before: tuple[str, ...], word: str) -> float:
        """The nats by which a text's beginning is less likely with a word more; `before` was asked about already."""
        return self._of((*before, word)).score - self._of(before).score

    def ended(self, words: tuple[str, ...]) -> float:
        """The nats by which nothing more being said is less likely than anything."""
        known = self._of(words)
        return float(max(known.unit[-1], known.blank[-1])) - known.score

    def _of(self, words: tuple[str, ...]) -> _Prefix:
        if (known := self._known.get(words)) is None:
            known = self._of(words[:-1])
            for unit in self._spelt(words[-1]):
                known = self._grown(known, unit)
            self._known[words] = known
        return known

    def _grown(self, one: _Prefix, unit: int) -> _Prefix:
        # A unit that comes twice has a blank between.
        before = (one.blank if unit == one.last else np.maximum(one.unit, one.blank))[:-1]
        own, blank = self._sum(unit), self._sum(_BLANK)
        in_unit, in_blank = np.empty_like(own), np.empty_like(own)
        in_unit[0] = in_blank[0] = _NEVER
        in_unit[1:] = own[1:] + np.maximum.accumulate(before - own[:-1])
        in_blank[1:] = blank[1:] + np.maximum.accumulate(in_unit[:-1] - blank[:-1])
        return _Prefix(in_unit, in_blank, unit, float((before + self._frames[:, unit]).max()))

    def _sum(self, unit: int) -> _Times:
        """The log probability of a unit in each of the first frames, after each count of them."""
        if unit not in self._sums:
            self._sums[unit] = np.concatenate(([0.0], np.cumsum(self._frames[:, unit])))
        return self._sums[unit]
