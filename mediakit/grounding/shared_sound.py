"""Sound that is looked at several times, in windows that are shared: an engine need encode each of them once only."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from mediakit.grounding.weighing import Sound
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Heard, Window

#: What engines look at in one window, and an encoder's frame.
_LONGEST_MS, _FRAME_MS = 30_000, 20
#: Stretches over the border of two windows are shared where they begin in the same second, and end in the same.
_STEP_MS = 1000


def shared(sound: Sound, heard: Sequence[Heard]) -> Sound:
    """As `sound`, each stretch a part of the window that it was heard in, or of whole seconds around it."""
    spans = [(window.start_ms, window.end_ms) for window in heard if window.end_ms - window.start_ms <= _LONGEST_MS]
    starts = [start for start, _ in spans]

    def part(start_ms: int, end_ms: int) -> Window:
        place = bisect_right(starts, start_ms) - 1
        first, last = spans[place] if place >= 0 else (0, 0)
        if last < end_ms:
            first, last = start_ms - start_ms % _STEP_MS, end_ms + -end_ms % _STEP_MS
        if last - first > _LONGEST_MS:
            return sound(start_ms, end_ms)
        start_ms -= (start_ms - first) % _FRAME_MS
        whole = sound(first, last)
        own = slice((start_ms - first) * SAMPLES_PER_MS, (end_ms - first) * SAMPLES_PER_MS)
        return replace(whole, start_ms=start_ms, samples=whole.samples[own], within=whole)

    return part
