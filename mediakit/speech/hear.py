"""What is said in windows: what an engine hears there, what it passed over at first, less what it made up."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace

from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Engine, HasCtcHead, Heard, Hearing, HearsTogether, Window
from mediakit.speech.evidence import Judge
from mediakit.speech.invented import find_loop, keep_said, weigher
from mediakit.speech.languages import SURELY_HEARD, KnowsLanguages, foreign
from mediakit.speech.levels import levels
from mediakit.speech.windows import Limits, SpeechWindow
from mediakit.timeline import LONGEST_WORD_MS, Span, Word

#: Speech this long without a word is listened to again by itself: Whisper at times skips the beginning of a window.
_UNHEARD_MS = 500
#: Unheard speech with less than this between, and no word, is one stretch.
_JOIN_MS = 1000
#: Around it as much as around the speech of a window: with 0.2 to 0.3 s, 0.3 points more of the readings were misheard.
_MARGIN_MS = Limits().margin_ms
#: Listening again to nearly the same window gives the same nothing.
_MOST_OF_WINDOW = 0.9
#: A word with an impossible time is taken to last so long.
_USUAL_WORD_MS = 300
#: A word's score is taken for this at least, where scores are multiplied.
_LEAST_SCORE = 1e-3


def hear(cut: SpeechWindow, language: str) -> Generator[Sequence[Window], Sequence[Hearing], Hearing]:
    """The words of a window, and those of speech in it that the engine passed over at first.

    It gives sound that is to be heard, and is sent what :func:`together` makes of each: so whoever drives it decides
    what else is heard in the same pass. What was passed over is heard again in the window's language, for a window has
    one; `language` is the engine's own.
    """
    (first,) = yield [cut.window]
    found = _unstretched(first)
    words, repeats = _without_repeats(found.words)
    again = list(_passed_over(cut, words, found.language or language))
    if not again:
        return found
    signals = found.signals
    for window, more in zip(again, (yield again), strict=True):
        replaced = [word for word in repeats if window.start_ms <= word.middle_ms < window.end_ms]
        if replaced and (not more.words or _is_loop(more.words)):
            continue
        words, signals = _merged(words, more.words), (*signals, *more.signals)
        repeats = [word for word in repeats if word not in replaced]
    return replace(found, words=_merged(words, repeats), signals=signals)


def said(cut: SpeechWindow, hearing: Hearing, engine: Engine) -> Heard:
    """A window with what was said in it, of what was heard there; what the engine made up is set apart.

    Raises
    ------
    EngineError
        If the engine fails on this sound.
    """
    window = replace(cut.window, language=hearing.language)
    asked = weigher(engine, window) if isinstance(engine, Judge) else None
    kept = keep_said(hearing.words, cut.speech, signals=hearing.signals, weigh=asked)
    language = hearing.language if kept.words else None
    return Heard(
        window.start_ms,
        window.end_ms,
        kept.words,
        levels(window.samples),
        cut.speech,
        kept.dropped,
        language,
        hearing.ctc if kept.words else b"",
    )


def together(windows: Sequence[Window], engine: Engine) -> list[Hearing]:
    """What an engine hears in each of some windows, in a pass where it can.

    Raises
    ------
    EngineError
        If the engine fails on this sound.
    """
    if isinstance(engine, HearsTogether):
        return engine.hear_together(windows)
    return [_alone(window, engine) for window in windows]


def _without_repeats(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], list[Word]]:
    """The words, but for what a loop says again; and that.

    A decoder that loops (`ạc ạc ạc …` to the end of the window) does not listen any more: what is said there is passed
    over, too.
    """
    loop = find_loop([word.text for word in words])
    if loop is None:
        return words, []
    again = loop.start + loop.step
    return (*words[:again], *words[loop.stop :]), list(words[again : loop.stop])


def _is_loop(words: Sequence[Word]) -> bool:
    return find_loop([word.text for word in words]) is not None


def _passed_over(cut: SpeechWindow, words: tuple[Word, ...], language: str) -> Iterator[Window]:
    """Speech without words, with a margin."""
    window = replace(cut.window, language=language)
    for span in _unheard(cut, words):
        start, end = _widened(span, window, words)
        if end - start < _MOST_OF_WINDOW * (window.end_ms - window.start_ms):
            yield _part(window, start, end)


def _alone(window: Window, engine: Engine) -> Hearing:
    """What is heard in one window, in the language that is spoken where it is foreign beyond doubt."""
    own = engine.info.language
    if window.language is None and isinstance(engine, KnowsLanguages):
        other = foreign(engine.languages_of(window), own, window.end_ms - window.start_ms)
        if other is not None:
            words = engine.hear(replace(window, language=other.language))
            if words and sum(math.log(max(word.score, _LEAST_SCORE)) for word in words) >= SURELY_HEARD * len(words):
                return Hearing(words, language=other.language)
    if window.language not in (None, own):
        return Hearing(engine.hear(window), language=window.language)
    return Hearing(engine.hear(window), ctc=engine.ctc(window) if isinstance(engine, HasCtcHead) else b"")


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
    """Stretches of speech of which less than two fifths have words, joined where little lies between.

    Of faint speech voice activity finds pieces only: they count together.
    """
    found: list[tuple[Span, int]] = []
    for span in cut.speech:
        heard = sum(max(0, min(span.end_ms, w.end_ms) - max(span.start_ms, w.start_ms)) for w in words)
        if heard >= 0.4 * span.duration_ms:
            continue
        before, speech_ms = found[-1] if found else (span, 0)
        if found and span.start_ms - before.end_ms < _JOIN_MS and not _any_between(words, before, span):
            found[-1] = Span(before.start_ms, span.end_ms), speech_ms + span.duration_ms
        else:
            found.append((span, span.duration_ms))
    return [span for span, speech_ms in found if speech_ms >= _UNHEARD_MS]


def _any_between(words: tuple[Word, ...], before: Span, after: Span) -> bool:
    return any(before.end_ms <= word.middle_ms <= after.start_ms for word in words)


def _widened(span: Span, window: Window, words: tuple[Word, ...]) -> tuple[int, int]:
    """The span with a margin, as far as no word is in the way."""
    low = max((w.end_ms for w in words if w.end_ms <= span.start_ms), default=window.start_ms)
    high = min((w.start_ms for w in words if w.start_ms >= span.end_ms), default=window.end_ms)
    return max(low, span.start_ms - _MARGIN_MS), min(high, span.end_ms + _MARGIN_MS)


def _part(window: Window, start_ms: int, end_ms: int) -> Window:
    first, last = ((t - window.start_ms) * SAMPLES_PER_MS for t in (start_ms, end_ms))
    return Window(start_ms, window.samples[first:last], window.language)


def _merged(words: tuple[Word, ...], more: Sequence[Word]) -> tuple[Word, ...]:
    """Both in order of time; of `more` only what overlaps no word that is there."""
    free = [m for m in more if all(m.end_ms <= w.start_ms or w.end_ms <= m.start_ms for w in words)]
    return tuple(sorted((*words, *free), key=lambda word: word.start_ms))
