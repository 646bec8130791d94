"""Listens to a stream of sound: voice activity, windows, engine; what is heard is kept as it comes."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain

import numpy as np

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.ahead import ahead
from mediakit.speech.engine import Engine, Heard, Hearing, Skimmer, Window
from mediakit.speech.evidence import Judge
from mediakit.speech.heard import HeardLog
from mediakit.speech.invented import keep_said, weigher
from mediakit.speech.languages import SURELY_HEARD, USUAL, KnowsLanguages, foreign, spoken
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
#: How many windows share the first passes: few, so that the first words are kept soon.
_FIRST_PASSES = (2, 4)
#: Blocks of sound and windows that decoding and voice activity may be ahead of the engine: some minutes, 20 MB.
_AHEAD = 300
#: A word's score is taken for this at least, where scores are multiplied.
_LEAST_SCORE = 1e-3
#: So much speech tells the language of a medium.
_TESTED_MS = 60_000

#: Told how many milliseconds of sound are done.
OnListened = Callable[[int], None]
#: Gives the sound between two times (ms).
Sound = Callable[[int, int], Window]


def listen(
    blocks: Iterable[Samples],
    engine: Engine,
    log: HeardLog,
    on_listened: OnListened | None = None,
    *,
    thoroughly: bool = True,
) -> Generator[Heard, None, None]:
    """Hear all of a media file; give each window as it is heard and kept.

    Windows that `log` has already are not listened to again: they are cut from the same sound in the same way. It is
    for the caller to note in the log that all was heard. Only a `Skimmer` can do otherwise than thoroughly. `blocks`
    are taken in another thread, which has ended when this generator is closed.

    Raises
    ------
    MediaError
        What `blocks` raises; the windows before it are kept.
    EngineError, OutputError
        If the engine fails, or what is heard cannot be kept.
    """
    known = {(heard.start_ms, heard.end_ms): heard for heard in log.windows}
    waiting: list[SpeechWindow] = []
    passes = 0
    with closing(ahead(_windows(blocks), _AHEAD)) as found:
        for cut, now_ms in chain(found, [(None, None)]):
            if cut is not None:
                waiting.append(cut)
            if waiting and (now_ms is None or len(waiting) >= _pass_size(engine, passes)):
                yield from _heard(waiting, engine, log, known, thoroughly=thoroughly)
                passes += 1
                waiting = []
            if cut is None and not waiting and now_ms is not None and on_listened is not None:
                on_listened(now_ms)


def hear_again(windows: Sequence[Heard], sound: Sound, engine: Engine, log: HeardLog) -> Iterator[Heard]:
    """Hear thoroughly some windows that were skimmed; what is heard is kept in `log`, and looked up there.

    Whole windows, for a stretch by itself is heard worse: with 0.3 s around it, half of the words of ad-lib speech in
    two readings were wrong instead of two fifths. Errors as :func:`listen`.
    """
    known = {(heard.start_ms, heard.end_ms): heard for heard in log.windows}
    new = [one for one in windows if (one.start_ms, one.end_ms) not in known]
    size = _pass_size(engine, len(_FIRST_PASSES)) if new else 1  # an engine that is not needed is not opened
    for first in range(0, len(new), size):
        cuts = [SpeechWindow(sound(one.start_ms, one.end_ms), one.speech) for one in new[first : first + size]]
        for heard in _heard(cuts, engine, log, known, thoroughly=True):
            known[(heard.start_ms, heard.end_ms)] = heard
    yield from (known[(one.start_ms, one.end_ms)] for one in windows)


def _pass_size(engine: Engine, passes: int) -> int:
    if not isinstance(engine, Skimmer):
        return 1
    return min([engine.at_once(), *_FIRST_PASSES[passes : passes + 1]])


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


def _heard(
    cuts: Sequence[SpeechWindow],
    engine: Engine,
    log: HeardLog,
    known: dict[tuple[int, int], Heard],
    *,
    thoroughly: bool,
) -> Iterator[Heard]:
    """What is heard in some windows, kept; those that are known are not heard again."""
    spans = [(cut.window.start_ms, cut.window.end_ms) for cut in cuts]
    new = [cut for cut, span in zip(cuts, spans, strict=True) if span not in known]
    for cut, hearing in zip(new, hear(new, engine, thoroughly=thoroughly), strict=True):
        heard = _kept(cut, hearing, engine)
        log.append(heard)
        known[(heard.start_ms, heard.end_ms)] = heard
    yield from (known[span] for span in spans)


def hear(cuts: Sequence[SpeechWindow], engine: Engine, *, thoroughly: bool = True) -> list[Hearing]:
    """The words of windows, and those of speech in them that the engine passed over at first.

    That is heard again in the window's language: a window has one.
    """
    found = _together([cut.window for cut in cuts], engine, thoroughly=thoroughly)
    again: list[tuple[int, Window]] = []
    for i, cut in enumerate(cuts):
        for span in _unheard(cut, found[i].words):
            start, end = _widened(span, cut.window, found[i].words)
            if end - start < _MOST_OF_WINDOW * (cut.window.end_ms - cut.window.start_ms):
                language = found[i].language or engine.info.language
                again.append((i, _part(replace(cut.window, language=language), start, end)))
    more = _together([part for _, part in again], engine, thoroughly=thoroughly)
    for (i, _), hearing in zip(again, more, strict=True):
        words = _merged(found[i].words, hearing.words)
        found[i] = replace(found[i], words=words, signals=(*found[i].signals, *hearing.signals))
    return found


def language_spoken(blocks: Iterable[Samples], engine: KnowsLanguages) -> str:
    """The language of a medium, by its first minute of speech; the usual one where nobody speaks.

    The same sound gives the same language: what is heard in it can be gone on with.

    Raises
    ------
    MediaError
        What `blocks` raises.
    EngineError
        If the engine fails.
    """
    tests: list[tuple[Mapping[str, float], int]] = []
    for cut, _ in _windows(blocks):
        if cut is not None:
            tests.append((engine.languages_of(cut.window), sum(span.duration_ms for span in cut.speech)))
            if sum(ms for _, ms in tests) >= _TESTED_MS:
                break
    found = spoken(tests)
    return found.language if found is not None else USUAL


def _together(windows: Sequence[Window], engine: Engine, *, thoroughly: bool) -> list[Hearing]:
    if isinstance(engine, Skimmer):
        return engine.hear_together(windows, thoroughly=thoroughly)
    return [_alone(window, engine) for window in windows]


def _alone(window: Window, engine: Engine) -> Hearing:
    """What is heard in one window, in the language that is spoken where it is foreign beyond doubt."""
    own = engine.info.language
    if window.language is None and isinstance(engine, KnowsLanguages):
        other = foreign(engine.languages_of(window), own, window.end_ms - window.start_ms)
        if other is not None:
            words = engine.hear(replace(window, language=other.language))
            if words and sum(math.log(max(word.score, _LEAST_SCORE)) for word in words) >= SURELY_HEARD * len(words):
                return Hearing(words, language=other.language)
    return Hearing(engine.hear(window), language=window.language if window.language != own else None)


def _kept(cut: SpeechWindow, hearing: Hearing, engine: Engine) -> Heard:
    """A window with what was said in it, and what an engine made up set apart."""
    window = replace(cut.window, language=hearing.language)
    asked = weigher(engine, window) if isinstance(engine, Judge) else None
    kept = keep_said(hearing.words, cut.speech, signals=hearing.signals, weigh=asked)
    language = hearing.language if kept.words else None
    return Heard(window.start_ms, window.end_ms, kept.words, levels(window.samples), cut.speech, kept.dropped, language)


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
    return Window(start_ms, window.samples[first:last], window.language)


def _merged(words: tuple[Word, ...], more: tuple[Word, ...]) -> tuple[Word, ...]:
    """Both in order of time; of `more` only what overlaps no word that is there."""
    free = [m for m in more if all(m.end_ms <= w.start_ms or w.end_ms <= m.start_ms for w in words)]
    return tuple(sorted((*words, *free), key=lambda word: word.start_ms))
