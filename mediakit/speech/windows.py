"""Cuts a stream of sound into windows for an engine: speech only, whole stretches, at pauses.

A window is contiguous sound, so that times in it are times in the media. It begins a little before speech and ends a
little after; a long pause ends it; one that grows too long is cut in its best pause. Silence, music and noise that
the voice activity model does not take for speech are in no window.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from mediakit.media.sound import Samples
from mediakit.speech.engine import Window
from mediakit.speech.voice_activity import FRAME_MS, FRAME_SAMPLES, Hysteresis, Probabilities
from mediakit.timeline import Span


@dataclass(frozen=True, slots=True)
class Limits:
    """How windows are cut, in milliseconds."""

    #: Two windows of this length are heard in half the time of one of 28 s (see `engines/whisper_ear.py`), as well.
    longest_ms: int = 15_000
    #: A window that is too long is cut in the longest pause after this.
    cut_after_ms: int = 8_000
    #: A pause as long as this ends a window.
    pause_ms: int = 1_500
    #: Sound before and after the speech: voice activity is up to 1.4 s late at soft beginnings, and early at ends.
    margin_ms: int = 992
    #: Less speech than this is a click or a cough.
    least_speech_ms: int = 160


@dataclass(frozen=True, slots=True)
class SpeechWindow:
    """A window, and where in it (in the media's time) the voice activity model hears speech."""

    window: Window
    speech: tuple[Span, ...]


class WindowCutter:
    """Fed sound and its voice activity in step; gives windows as they are complete.

    Windows are in order and do not overlap, and every frame of speech is in exactly one (but for clicks). Memory is
    one window.
    """

    def __init__(self, limits: Limits | None = None, hysteresis: Hysteresis | None = None) -> None:
        limits = limits or Limits()
        self._hysteresis = hysteresis or Hysteresis()
        self._longest = limits.longest_ms // FRAME_MS
        self._cut_after = limits.cut_after_ms // FRAME_MS
        self._pause = max(1, limits.pause_ms // FRAME_MS)
        self._margin = limits.margin_ms // FRAME_MS
        self._least = max(1, limits.least_speech_ms // FRAME_MS)
        self._sound: Samples = np.empty(0, dtype=np.float32)
        self._activity: list[float] = []  # of the kept frames
        self._speech: list[bool] = []
        self._speaking = False
        self._kept_from = 0  # number of the first kept frame
        self._floor = 0  # no window may begin before this frame
        self._begin: int | None = None  # first frame of speech of the open window
        self._last = 0  # the frame after its last frame of speech

    def feed(self, sound: Samples, activity: Probabilities) -> Iterator[SpeechWindow]:
        """More sound, and the activity of the frames that are complete with it."""
        self._sound = np.concatenate((self._sound, sound))
        for probability in activity:
            limit = self._hysteresis.offset if self._speaking else self._hysteresis.onset
            self._speaking = bool(probability >= limit)
            self._activity.append(float(probability))
            self._speech.append(self._speaking)
            yield from self._step(self._kept_from + len(self._speech) - 1)
        self._forget()

    def finish(self) -> Iterator[SpeechWindow]:
        """The last window, if one is open."""
        if self._begin is not None:
            yield from self._close(self._last, self._last + self._margin)

    def _step(self, frame: int) -> Iterator[SpeechWindow]:
        if self._speech[frame - self._kept_from]:
            if self._begin is None:
                self._begin = frame
            self._last = frame + 1
        if self._begin is None:
            return
        if frame + 1 - self._last >= self._pause:
            yield from self._close(self._last, self._last + self._margin)
        elif frame + 1 - self._begin >= self._longest - 2 * self._margin:
            yield from self._cut(frame + 1)

    def _cut(self, now: int) -> Iterator[SpeechWindow]:
        """Close the open window in its best pause and open the next with what comes after."""
        assert self._begin is not None
        at = self._best_cut(self._begin + self._cut_after, now)
        spoken = [i for i in range(self._begin, at) if self._speech[i - self._kept_from]]
        end = spoken[-1] + 1 if spoken else at
        yield from self._close(end, min(at, end + self._margin))
        rest = [i for i in range(at, now) if self._speech[i - self._kept_from]]
        if rest:
            self._begin, self._last = rest[0], rest[-1] + 1

    def _best_cut(self, low: int, high: int) -> int:
        """The middle of the longest pause between two frames; without one, the frame least like speech."""
        frames = range(low, high)
        runs = [
            list(run) for quiet, run in groupby(frames, key=lambda i: not self._speech[i - self._kept_from]) if quiet
        ]
        if runs:
            longest = max(runs, key=len)
            return longest[len(longest) // 2]
        return min(frames, key=lambda i: self._activity[i - self._kept_from])

    def _close(self, speech_end: int, end: int) -> Iterator[SpeechWindow]:
        assert self._begin is not None
        speech = [i for i in range(self._begin, speech_end) if self._speech[i - self._kept_from]]
        if len(speech) >= self._least:
            start = max(self._floor, self._begin - self._margin, self._kept_from)
            first, last = ((i - self._kept_from) * FRAME_SAMPLES for i in (start, end))
            samples = self._sound[first:last].copy()
            yield SpeechWindow(Window(start * FRAME_MS, samples), tuple(_spans(speech)))
        self._floor, self._begin = end, None

    def _forget(self) -> None:
        """Drop frames that no window can need any more."""
        now = self._kept_from + len(self._speech)
        needed = max(self._floor, (self._begin if self._begin is not None else now) - self._margin)
        count = min(needed, now) - self._kept_from
        if count > 0:
            self._sound = self._sound[count * FRAME_SAMPLES :].copy()
            del self._activity[:count], self._speech[:count]
            self._kept_from += count


def _spans(frames: list[int]) -> Iterator[Span]:
    """Runs of frames as spans of time."""
    for _, run in groupby(enumerate(frames), key=lambda pair: pair[1] - pair[0]):
        places = [frame for _, frame in run]
        yield Span(places[0] * FRAME_MS, (places[-1] + 1) * FRAME_MS)
