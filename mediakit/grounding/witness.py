"""What was heard as the frames of a CTC head: what tells where sentences are said, and which words.

An engine without a head gives words alone. They are made such frames: each of their sounds is likely in its place, one
of the same kind less, and any other hardly. So one search serves all engines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.grounding.timing import spread
from mediakit.search.costs import Costs
from mediakit.speech.ctc.alignment import aligned
from mediakit.speech.ctc.forward import log_probs
from mediakit.speech.ctc.frames import FRAME_MS, Frames
from mediakit.speech.ctc.units import Inventory
from mediakit.speech.engine import Heard
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.spoken import spoken

#: How likely the sound that was heard is the one that was said, one of its kind, any other, or none at all.
_SAME, _LIKE, _ANY, _NONE = 0.8, 0.15, 0.03, 0.02
#: Between two sounds there may be one that was not heard.
_PASSED_OVER = 0.04
#: The head hears a sound late in its time, and before the next: so far (ms) does a word reach at a pause.
_BEFORE_MS, _AFTER_MS = 120, 140


@dataclass(frozen=True)
class Witness:
    """The frames of a whole recording, and the units that they are of."""

    frames: Frames
    inventory: Inventory
    costs: Costs

    @classmethod
    def of(cls, heard: Sequence[Heard], inventory: Inventory, costs: Costs) -> Witness:
        """What was heard in all windows, without those in another language.

        Raises
        ------
        ValueError
            If what is kept of the head was not kept by :meth:`mediakit.speech.ctc.frames.Frames.packed`.
        """
        parts = [
            Frames.unpacked(window.start_ms, window.ctc, len(inventory.units) + 1)
            if window.ctc
            else _of_words(window.words, inventory)
            for window in heard
            if window.language is None
        ]
        return cls(Frames.joined([part.spoken() for part in parts if len(part)]), inventory, costs)

    def spelt(self, words: Sequence[Sequence[Syllables]]) -> list[list[list[int]]]:
        """The ways of some words, in units."""
        return [[self.inventory.spelt(way) for way in ways] for ways in words]

    def between(self, start_ms: int, end_ms: int) -> Part:
        """The frames between two times."""
        return Part(self.frames.between(start_ms, end_ms), self.inventory, self.costs)


@dataclass(frozen=True)
class Part:
    """The frames of a stretch of the recording."""

    frames: Frames
    inventory: Inventory
    costs: Costs

    def log_probs(self, texts: Sequence[Sequence[str]]) -> list[float]:
        """log P(syllables | sound), in nats, of each of some texts, as all that is said."""
        found = log_probs(self.frames.log_probs(), [self.inventory.spelt(text) for text in texts])
        return [float(one) for one in found]

    def aligned(self, words: Sequence[Syllables]) -> list[tuple[int, int, float]]:
        """Start and end (ms) of each word, and what the sound gains by it over free speech (nats)."""
        found = aligned(gains(self.frames, self.costs), [self.inventory.spelt(word) for word in words])
        times = self.frames.times if len(self.frames) else np.zeros(1, np.int64)
        spikes = [(int(times[first]), int(times[last]) + FRAME_MS) for first, last, _ in found]
        edges: list[tuple[int, int]] = []
        for place, (start, end) in enumerate(spikes):
            before = spikes[place - 1][1] if place else start - 2 * _BEFORE_MS
            after = spikes[place + 1][0] if place + 1 < len(spikes) else end + 2 * _AFTER_MS
            first = max(start - _BEFORE_MS, (before + start) // 2)
            edges.append((max(0, first), max(0, first + 1, min(end + _AFTER_MS, (end + after) // 2))))
        return [(*edge, gain) for edge, (_, _, gain) in zip(edges, found, strict=True)]


def gains(frames: Frames, costs: Costs, first: int = 0, stop: int | None = None) -> NDArray[np.float64]:
    """What each unit has over free speech (nats) in some frames: (frames, units).

    Free speech is the likeliest unit of each frame, at a cost for each that begins.
    """
    rows = frames.log_probs(first, stop).astype(np.float64)
    begins = frames.begins(first, first + len(rows))
    free = np.maximum(rows.max(axis=1, initial=-np.inf) - costs.free_sound * begins, rows[:, 0])
    found: NDArray[np.float64] = rows - free[:, np.newaxis]
    return found


def _of_words(words: Sequence[Word], inventory: Inventory) -> Frames:
    """Frames of words as they were heard."""
    rows: list[NDArray[np.float64]] = []
    times: list[int] = []
    pause = np.full(len(inventory.units) + 1, _PASSED_OVER / len(inventory.units))
    pause[0] = 1 - _PASSED_OVER
    for word in words:
        units = inventory.spelt(spoken(word.text))
        own = [row for unit in units for row in (pause, _sound(unit, inventory), pause)]
        rows += own
        times += [start for start, _ in spread([None] * len(own), word.start_ms, max(word.end_ms, word.start_ms + 1))]
    if not rows:
        return Frames.joined([])
    return Frames(np.maximum.accumulate(np.array(times)), Frames.of(0, np.log(np.array(rows, np.float32))).steps)


def _sound(unit: int, inventory: Inventory) -> NDArray[np.float64]:
    kinds = [_kind(name) for name in (*inventory.units, "?")]
    like = np.array([kind == kinds[unit] for kind in kinds])
    found = np.where(like, _LIKE / like.sum(), _ANY / len(kinds))
    found[unit] = _SAME
    found[0] = _NONE
    return found


def _kind(unit: str) -> str:
    """Whether a unit is an initial (`nh-`), a final (`-nh`), a tone (`=2`), or a vowel."""
    return next((mark for mark in "=-" if unit.startswith(mark)), "initial" if unit.endswith("-") else "vowel")
