"""Where something is said: the times of a sentence, a caption, a phrase, in a result or in a file of captions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from mediakit.errors import MediakitError, UsageError
from mediakit.result import GroundedArticle, Result
from mediakit.subtitles.track import FileCue, Track, plain
from mediakit.timeline import MS_PER_SECOND, Span, timestamp
from mediakit.vietnamese.search import SearchWord, search_words

# ASCII digits only: Python's \d takes those of all scripts.
_CLOCK = r"(?:(?:(?P<{0}h>[0-9]{{1,4}}):)?(?P<{0}m>[0-9]{{1,4}}):)?(?P<{0}s>[0-9]{{1,6}}(?:[.,][0-9]{{1,9}})?)"
_UNITS = (
    r"(?:(?P<{0}hh>[0-9]{{1,4}})h)?(?:(?P<{0}mm>[0-9]{{1,5}})m(?!s))?(?:(?P<{0}ss>[0-9]{{1,6}}(?:[.,][0-9]{{1,9}})?)s)?"
)
_MS = r"(?P<{0}ms>[0-9]{{1,9}})ms"
_TIME = rf"(?:{_MS}|{_CLOCK}|(?=[0-9]){_UNITS})"
_BETWEEN = re.compile(
    rf"\s*{_TIME.format('a')}\s*(?:-->|->|→|-|–|—|\.\.\.?|\bto\b)\s*{_TIME.format('b')}\s*", re.IGNORECASE
)
_CUE_NUMBER = re.compile(r"c?([1-9][0-9]{0,8})", re.IGNORECASE)
#: After the last words there is room without end.
_NO_END_MS = 24 * 3600 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of time and what is said in it.

    `label` goes into the names of files; `sentence` and `caption` are ids, where it is one; `room` is how far the
    sound around it may be heard too without anybody else being heard; `exact` where a person gave the time.
    """

    span: Span
    room: Span
    label: str
    text: str = ""
    sentence: str | None = None
    caption: str | None = None
    exact: bool = False


def parse_times(text: str) -> Span:
    """The span that is written as `1:02-1:08.5`, `62s-68.5s`, `500ms..1200ms`, `00:01:02,000 --> 00:01:08,500`, …

    A number alone is seconds. Fractions of a millisecond are rounded.

    Raises
    ------
    UsageError
        If it is nothing of the kind, or the end is not after the start.

    >>> parse_times("1:02-1:08.5"), parse_times("1m2s – 62500ms")
    (Span(start_ms=62000, end_ms=68500), Span(start_ms=62000, end_ms=62500))
    """
    match = _BETWEEN.fullmatch(text)
    start_ms, end_ms = (_milliseconds(match, side) for side in "ab") if match else (None, None)
    if start_ms is None or end_ms is None:
        raise UsageError(f"{text!r:.60} is no time from A to B", remedy="Write 1:02-1:08.5, or 62s-68.5s.")
    if start_ms >= end_ms:
        raise UsageError(f"the time {text!r:.60} is empty: it ends where it begins, or before")
    return Span(start_ms, end_ms)


def at_time(span: Span) -> Passage:
    """The passage of a time that a person gave."""
    return Passage(span, Span(0, span.end_ms + _NO_END_MS), _clock(span.start_ms), exact=True)


def of_sentence(result: Result, wanted: str) -> list[Passage]:
    """Each time that the sentence of that id is said.

    Raises
    ------
    MediakitError
        If there is no such sentence, or nobody says it.
    """
    wanted = wanted.strip().lower()
    said = [segment for segment in result.segments if segment.sentence == wanted]
    if not said:
        raise MediakitError(_why_not_said(result.article, wanted))
    speech = [Span(segment.start_ms, segment.end_ms) for segment in result.segments]
    return [
        _among(Passage(span, span, wanted, segment.text, sentence=wanted), speech)
        for segment in said
        for span in (Span(segment.start_ms, segment.end_ms),)
    ]


def of_caption(track: Track, wanted: str, result: Result | None = None) -> Passage:
    """The caption of that id or number (`c4`, `4`); of a record, `result` tells what is said around it.

    Raises
    ------
    MediakitError
        If there is no such caption, or it stands for no time.
    """
    wanted = wanted.strip()
    number = _CUE_NUMBER.fullmatch(wanted)
    cue = next((cue for cue in track.cues if cue.identity and cue.identity == wanted), None)
    if cue is None and number is not None:
        cue = next((cue for cue in track.cues if cue.number == int(number[1])), None)
    if cue is None:
        count = len(track.cues)
        raise MediakitError(f"there is no caption {wanted!r:.60}; there {'is' if count == 1 else 'are'} {count}")
    if cue.start_ms >= cue.end_ms:
        raise MediakitError(f"caption {cue.number} is empty: it ends where it begins, or before")
    span = Span(cue.start_ms, cue.end_ms)
    name = cue.identity or str(cue.number)
    passage = Passage(span, span, f"c{cue.number}", _text(cue, track), caption=name)
    return _among(passage, _speech(track) if result is None else _spoken(result))


def of_phrase(track: Track, phrase: str, result: Result | None = None) -> list[Passage]:
    """Each place where the words of the phrase are said one after the other, by the words of `result` where it is
    given, else by whole captions. Case, Unicode form, tone placement and punctuation do not matter, nor do marks that
    the phrase does not have: `hoa` finds hòa and hoà.

    Raises
    ------
    MediakitError
        If they are said nowhere.
    """
    wanted = search_words(phrase)
    if not wanted:
        raise MediakitError(f"there are no words in {phrase!r:.60}")
    if result is None:
        timed = [(Span(cue.start_ms, cue.end_ms), _text(cue, track)) for cue in track.cues if cue.start_ms < cue.end_ms]
        speech = _speech(track)
    else:
        timed = [(Span(word.start_ms, word.end_ms), word.text) for s in result.segments for word in s.words]
        speech = _spoken(result)
    places = _found(wanted, [search_words(text) for _, text in timed])
    if not places:
        raise MediakitError(f"{phrase!r:.80} is said nowhere")
    passages = []
    for first, last in places:
        inside = timed[first : last + 1]
        span = Span(inside[0][0].start_ms, max(span.end_ms for span, _ in inside))
        text = " ".join(text for _, text in inside)
        passages.append(_among(Passage(span, span, _clock(span.start_ms), text), speech))
    return passages


def padded(passage: Passage, before_ms: int, after_ms: int) -> Span:
    """The span with a little more at both ends, as far as there is room; never less than the passage."""
    return Span(
        max(passage.room.start_ms, passage.span.start_ms - before_ms),
        min(passage.room.end_ms, passage.span.end_ms + after_ms),
    )


def told_apart(passages: Sequence[Passage]) -> list[Passage]:
    """The passages, each once, with labels of their own: `p3s2`, `p3s2.2`, …"""
    seen: dict[str, int] = {}
    told = []
    for passage in dict.fromkeys(passages):
        seen[passage.label] = count = seen.get(passage.label, 0) + 1
        told.append(passage if count == 1 else replace(passage, label=f"{passage.label}.{count}"))
    return told


def _milliseconds(match: re.Match[str], side: str) -> int | None:
    """One side of the match; None where minutes or seconds of a clock are over 59."""
    group = {name[1:]: value for name, value in match.groupdict().items() if name[0] == side and value is not None}
    if "ms" in group:
        return int(group["ms"])
    hours, minutes = int(group.get("h") or group.get("hh") or 0), int(group.get("m") or group.get("mm") or 0)
    seconds = Fraction((group.get("s") or group.get("ss") or "0").replace(",", "."))
    if ("m" in group and seconds >= 60) or ("h" in group and minutes >= 60):
        return None
    return round(((hours * 60 + minutes) * 60 + seconds) * MS_PER_SECOND)


def _why_not_said(article: GroundedArticle | None, wanted: str) -> str:
    if article is None:
        return f"there is no sentence {wanted!r:.60}: the record has no article"
    if all(sentence.id != wanted for sentence in article.sentences):
        return f"there is no sentence {wanted!r:.60} in the article"
    return f"the sentence {wanted} is not said"


def _among(passage: Passage, speech: Sequence[Span]) -> Passage:
    """The passage with its room: up to the speech before it and after it."""
    start_ms, end_ms = passage.span.start_ms, passage.span.end_ms
    before = [min(span.end_ms, start_ms) for span in speech if span.start_ms < start_ms]
    after = [max(span.start_ms, end_ms) for span in speech if span.end_ms > end_ms]
    return replace(passage, room=Span(max(before, default=0), min(after, default=end_ms + _NO_END_MS)))


def _speech(track: Track) -> list[Span]:
    return [Span(cue.start_ms, cue.end_ms) for cue in track.cues if cue.start_ms < cue.end_ms]


def _spoken(result: Result) -> list[Span]:
    return [Span(word.start_ms, word.end_ms) for segment in result.segments for word in segment.words]


def _text(cue: FileCue, track: Track) -> str:
    return " ".join(plain(line, track.kind) for line in cue.lines)


def _found(wanted: Sequence[SearchWord], texts: Sequence[Sequence[SearchWord]]) -> list[tuple[int, int]]:
    """Places of the wanted words among those of all texts, as first and last text; none overlaps another."""
    words = [word for text in texts for word in text]
    of_text = [n for n, text in enumerate(texts) for _ in text]
    places, at = [], 0
    while at + len(wanted) <= len(words):
        if all(word.finds(said) for word, said in zip(wanted, words[at : at + len(wanted)], strict=True)):
            places.append((of_text[at], of_text[at + len(wanted) - 1]))
            at += len(wanted)
        else:
            at += 1
    # Two hits in one caption are one clip.
    return list(dict.fromkeys(places))


def _clock(ms: int) -> str:
    return timestamp(ms).replace(":", "-")
