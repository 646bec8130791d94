"""What was really said, as far as somebody wrote it down: a truth with times, captions, or plain text."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NoReturn

from mediakit.article.sentences import split_sentences
from mediakit.errors import MediakitError
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import CaptionsUnreadable, Track, plain
from mediakit.subtitles.webvtt import parse_vtt
from mediakit.text_decoding import read_text
from mediakit.timeline import Span
from mediakit.vietnamese.normal import nfc

Kind = Literal["truth", "srt", "vtt", "text"]

_SRT_START = re.compile(r"(?:\d+[ \t]*\n)?\d+:\d\d:\d\d[,.]\d+[ \t]*-->")
_MARKUP = ("<!doctype", "<html", "<?xml")
#: Times of a truth end here (some 11 days): a number beyond it is a mistake or a trick.
_LATEST_MS = 1_000_000_000
#: Characters of a wrong value that a complaint shows.
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the reference that somebody timed."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence, a cue, or a sentence of a plain text: what is said in one go.

    `span` is None in a plain text. `in_article` is whether it is the article's, None where the reference does not
    tell. `words` are timed by hand, mostly there are none.
    """

    text: str
    span: Span | None = None
    in_article: bool | None = None
    words: tuple[TimedWord, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """All that is said, in order; `unread` are sentences of the article that nobody says, where that is known."""

    kind: Kind
    spoken: tuple[Spoken, ...]
    unread: tuple[str, ...] = ()


def load_reference(path: Path) -> Reference:
    """The reference in a file: JSON is a truth, captions are known by their beginning or suffix, all else is text.

    Raises
    ------
    MediakitError
        If the file cannot be read, is broken, or nothing is said in it.
    """
    text = _read(path)
    kind, parse = _form(text, path)
    try:
        reference = parse(text)
    except RecursionError:
        raise MediakitError(f"is no {kind} that can be a reference (nested too deeply)", file=path) from None
    except ValueError as error:
        raise MediakitError(f"is no {kind} that can be a reference ({error!s:.200})", file=path) from error
    if not any(c.isalnum() for item in reference.spoken for c in item.text):
        raise MediakitError("has no words in it", file=path, remedy="A reference is what was really said.")
    return reference


def _read(path: Path) -> str:
    text = read_text(path, MediakitError, "reference").text
    if text.lstrip()[:20].lower().startswith(_MARKUP):
        raise MediakitError(
            "is no reference", file=path, remedy="Give a truth.json, captions (SRT, VTT) or a plain text in UTF-8."
        )
    return text


def _form(text: str, path: Path) -> tuple[str, Callable[[str], Reference]]:
    """What the file is called in a complaint, and how it is read."""
    suffix = path.suffix.lower()
    if suffix == ".json" or text.lstrip()[:1] == "{":
        return "truth", parse_truth
    if suffix == ".vtt" or text.startswith("WEBVTT"):
        return "WebVTT", lambda whole: _captions(parse_vtt(whole))
    if suffix == ".srt" or _SRT_START.match(text.lstrip()[:_SHOWN]):
        return "SubRip", lambda whole: _captions(parse_srt(whole))
    return "text", _plain


def _captions(track: Track) -> Reference:
    """A cue that is bad, or stands no time at all, cannot be compared, and is a mistake in a reference."""
    for bad in track.bad:
        raise CaptionsUnreadable(bad.line, bad.what)
    for cue in track.cues:
        if cue.start_ms == cue.end_ms:
            raise CaptionsUnreadable(cue.line, "the cue ends when it begins")
    spoken = tuple(
        Spoken(
            " ".join(" ".join(plain(line, track.kind) for line in cue.lines).split()), Span(cue.start_ms, cue.end_ms)
        )
        for cue in track.cues
    )
    return Reference("vtt" if track.kind == "vtt" else "srt", spoken)


def _plain(text: str) -> Reference:
    sentences = [sentence for line in text.splitlines() for sentence in split_sentences(line)]
    return Reference("text", tuple(Spoken(sentence) for sentence in sentences))


def parse_truth(text: str) -> Reference:
    """The reference in a truth: `spoken`, a list of sentences with `text`, `start_ms`, `end_ms` and `in_article`.

    Where words were timed by hand, a sentence has `words`, or the truth has them for all: a list of `text` (or
    `word`), `start_ms` and `end_ms`. Other fields are passed over, but for `unread`, a list of texts.

    Raises
    ------
    ValueError
        If a field is missing or not what it should be; it names the field.
    """
    loaded = json.loads(text, parse_constant=_no_number)
    if not isinstance(loaded, dict):
        raise ValueError("it is no object")
    if "schema" in loaded and "spoken" not in loaded:
        raise ValueError("it is a record; give what was really said")
    spoken = [_spoken(item, f"spoken[{n}]") for n, item in enumerate(_items(loaded, "spoken", "truth"))]
    spoken.sort(key=lambda item: item.span or Span(0, 1))
    unread = _items(loaded, "unread", "truth") if "unread" in loaded else []
    if not all(isinstance(sentence, str) for sentence in unread):
        raise ValueError("unread is no list of texts")
    timed = _words(loaded, "truth")
    return Reference("truth", _with_words(spoken, timed), tuple(nfc(sentence) for sentence in unread))


def _spoken(item: object, where: str) -> Spoken:
    fields = _object(item, where)
    known = fields.get("in_article")
    if not isinstance(known, bool):
        raise ValueError(f"{where}.in_article is {known!r:.{_SHOWN}}")
    return Spoken(_text(fields, ("text",), where), _span(fields, where), known, _words(fields, where))


def _words(fields: Mapping[str, Any], where: str) -> tuple[TimedWord, ...]:
    if "words" not in fields:
        return ()
    found = []
    for number, item in enumerate(_items(fields, "words", where)):
        place = f"{where}.words[{number}]"
        word = _object(item, place)
        found.append(TimedWord(_span(word, place), _text(word, ("text", "word"), place)))
    return tuple(sorted(found, key=lambda word: word.span))


def _with_words(spoken: list[Spoken], timed: tuple[TimedWord, ...]) -> tuple[Spoken, ...]:
    """Words that are timed for the whole, each given to the sentence that has most of its time."""
    own: dict[int, list[TimedWord]] = defaultdict(list)
    for word in timed:
        shares = [item.span.overlap_ms(word.span) if item.span is not None else 0 for item in spoken]
        most = max(shares, default=0)
        if most:
            own[shares.index(most)].append(word)
    return tuple(item if item.words else replace(item, words=tuple(own[n])) for n, item in enumerate(spoken))


def _object(item: object, where: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise ValueError(f"{where} is no object")
    return item


def _items(fields: Mapping[str, Any], name: str, where: str) -> list[Any]:
    found = fields.get(name)
    if not isinstance(found, list):
        raise ValueError(f"{where}.{name} is {'missing' if name not in fields else 'no list'}")
    return found


def _text(fields: Mapping[str, Any], names: tuple[str, ...], where: str) -> str:
    found = next((fields[name] for name in names if name in fields), None)
    if not isinstance(found, str) or not found.strip():
        raise ValueError(f"{where}.{names[0]} is {found!r:.{_SHOWN}}")
    return nfc(found)


def _span(fields: Mapping[str, Any], where: str) -> Span:
    start_ms, end_ms = (_time(fields, name, where) for name in ("start_ms", "end_ms"))
    if start_ms >= end_ms:
        raise ValueError(f"{where} ends at {end_ms} ms, before it begins ({start_ms} ms)")
    return Span(start_ms, end_ms)


def _time(fields: Mapping[str, Any], name: str, where: str) -> int:
    found = fields.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= _LATEST_MS:
        raise ValueError(f"{where}.{name} is {found!r:.{_SHOWN}}")
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
