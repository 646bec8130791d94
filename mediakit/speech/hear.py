"""What is said in windows: what an engine hears there, what it passed over at first, less what it made up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Engine, Heard, Hearing, HearsTogether, Window
from mediakit.speech.evidence import Judge
from mediakit.speech.invented import keep_said, weigher
from mediakit.speech.languages import SURELY_HEARD, KnowsLanguages, foreign
from mediakit.speech.levels import levels
from mediakit.speech.windows import SpeechWindow
from mediakit.timeline import LONGEST_WORD_MS, Span, Word

#: Speech this long without a word is listened to again by itself: Whisper at times skips the beginning of a window.
_UNHEARD_MS = 500
#: Unheard speech with less than this between is one stretch.
_JOIN_MS = 1000
_BEFORE_MS, _AFTER_MS = 300, 200
#: Listening again to nearly the same window gives the same nothing.
_MOST_OF_WINDOW = 0.9
#: A word with an impossible time is taken to last so long.
_USUAL_WORD_MS = 300
#: A word's score is taken for this at least, where scores are multiplied.
_LEAST_SCORE = 1e-3


def hear_said(cuts: Sequence[SpeechWindow], engine: Engine) -> list[Heard]:
    """What is heard in some windows, and what the engine made up set apart.

    Raises
    ------
    EngineError
        If the engine fails on this sound.
    """
    return [_kept(cut, hearing, engine) for cut, hearing in zip(cuts, hear(cuts, engine), strict=True)]


def hear(cuts: Sequence[SpeechWindow], engine: Engine) -> list[Hearing]:
    """The words of windows, and those of speech in them that the engine passed over at first.

    That is heard again in the window's language: a window has one.
    """
    found = [_unstretched(hearing) for hearing in _together([cut.window for cut in cuts], engine)]
    again: list[tuple[int, Window]] = []
    for i, cut in enumerate(cuts):
        for span in _unheard(cut, found[i].words):
            start, end = _widened(span, cut.window, found[i].words)
            if end - start < _MOST_OF_WINDOW * (cut.window.end_ms - cut.window.start_ms):
                language = found[i].language or engine.info.language
                again.append((i, _part(replace(cut.window, language=language), start, end)))
    more = _together([part for _, part in again], engine)
    for (i, _), hearing in zip(again, more, strict=True):
        words = _merged(found[i].words, hearing.words)
        found[i] = replace(found[i], words=words, signals=(*found[i].signals, *hearing.signals))
    return found


def _together(windows: Sequence[Window], engine: Engine) -> list[Hearing]:
    if isinstance(engine, HearsTogether):
        return engine.hear_together(windows)
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


def _unstretched(hearing: Hearing) -> Hearing:
    """Words with the end of their time only, where it is longer than any word's.

    A decoder that passes over speech gives its time to the word after it: `Cái` 3.4 s, in which a sentence was said.
    """
    words = tuple(
        replace(word, start_ms=word.end_ms - _USUAL_WORD_MS) if word.end_ms - word.start_ms > LONGEST_WORD_MS else word
        for word in hearing.words
    )
    return replace(hearing, words=words)


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
