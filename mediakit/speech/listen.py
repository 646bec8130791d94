"""Listens to a stream of sound: voice activity, windows, engine; what is heard is kept as it comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Heard, Window
from mediakit.speech.heard import HeardLog
from mediakit.speech.levels import levels
from mediakit.speech.voice_activity import VoiceActivity
from mediakit.speech.windows import SpeechWindow, WindowCutter
from mediakit.timeline import Span, Word

#: Speech this long without a word is listened to again by itself: Whisper at times skips the beginning of a window.
_UNHEARD_MS = 500
#: Unheard speech with less than this between is one stretch.
_JOIN_MS = 1000
_BEFORE_MS, _AFTER_MS = 300, 200
#: Listening again to nearly the same window gives the same nothing.
_MOST_OF_WINDOW = 0.9

#: Told how many milliseconds of sound are done.
OnListened = Callable[[int], None]


def listen(
    blocks: Iterable[Samples], engine: Engine, log: HeardLog, on_listened: OnListened | None = None
) -> Iterator[Heard]:
    """Hear all of a media file; give each window as it is heard and kept.

    Windows that `log` has already are not listened to again: they are cut from the same sound in the same way. It is
    for the caller to note in the log that all was heard.

    Raises
    ------
    MediaError
        What `blocks` raises; the windows before it are kept.
    EngineError, OutputError
        If the engine fails, or what is heard cannot be kept.
    """
    known = {(heard.start_ms, heard.end_ms): heard for heard in log.windows}
    for cut, now_ms in _windows(blocks):
        if cut is not None:
            span = (cut.window.start_ms, cut.window.end_ms)
            heard = known.get(span)
            if heard is None:
                heard = Heard(*span, hear(cut, engine), levels(cut.window.samples))
                log.append(heard)
            yield heard
        elif on_listened is not None:
            on_listened(now_ms)


def _windows(blocks: Iterable[Samples]) -> Iterator[tuple[SpeechWindow | None, int]]:
    """Windows as they are complete, and (with None) how far the sound has come."""
    activity, cutter = VoiceActivity(), WindowCutter()
    samples = 0
    for block in blocks:
        samples += len(block)
        for cut in cutter.feed(block, activity.feed(block)):
            yield cut, cut.window.end_ms
        yield None, samples // SAMPLES_PER_MS
    silence = np.empty(0, dtype=np.float32)
    for cut in chain(cutter.feed(silence, activity.finish()), cutter.finish()):
        yield cut, cut.window.end_ms
    yield None, samples // SAMPLES_PER_MS


def hear(cut: SpeechWindow, engine: Engine) -> tuple[Word, ...]:
    """The words of a window, and those of speech in it that the engine passed over at first."""
    words = engine.hear(cut.window)
    for span in _unheard(cut, words):
        start, end = _widened(span, cut.window, words)
        if end - start < _MOST_OF_WINDOW * (cut.window.end_ms - cut.window.start_ms):
            words = _merged(words, engine.hear(_part(cut.window, start, end)))
    return words


def _unheard(cut: SpeechWindow, words: tuple[Word, ...]) -> list[Span]:
    """Stretches of speech of which less than two fifths have words, joined where little lies between."""
    found: list[Span] = []
    for span in cut.speech:
        heard = sum(max(0, min(span.end_ms, w.end_ms) - max(span.start_ms, w.start_ms)) for w in words)
        if span.duration_ms < _UNHEARD_MS or heard >= 0.4 * span.duration_ms:
            continue
        if found and span.start_ms - found[-1].end_ms < _JOIN_MS:
            found[-1] = Span(found[-1].start_ms, span.end_ms)
        else:
            found.append(span)
    return found


def _widened(span: Span, window: Window, words: tuple[Word, ...]) -> tuple[int, int]:
    """The span with a margin, as far as no word is in the way."""
    low = max((w.end_ms for w in words if w.end_ms <= span.start_ms), default=window.start_ms)
    high = min((w.start_ms for w in words if w.start_ms >= span.end_ms), default=window.end_ms)
    return max(low, span.start_ms - _BEFORE_MS), min(high, span.end_ms + _AFTER_MS)


def _part(window: Window, start_ms: int, end_ms: int) -> Window:
    first, last = ((t - window.start_ms) * SAMPLES_PER_MS for t in (start_ms, end_ms))
    return Window(start_ms, window.samples[first:last])


def _merged(words: tuple[Word, ...], more: tuple[Word, ...]) -> tuple[Word, ...]:
    """Both in order of time; of `more` only what overlaps no word that is there."""
    free = [m for m in more if all(m.end_ms <= w.start_ms or w.end_ms <= m.start_ms for w in words)]
    return tuple(sorted((*words, *free), key=lambda word: word.start_ms))
