"""What a person changed in a record: the changed captions and segments, whole, and the record with them.

An edit is JSON, in the form of `edit.schema.json`::

    {"captions": [{"id": "c2", "start_ms": 6600, "end_ms": 10200, "lines": ["…"]}],
     "segments": [{"index": 2, "text": "…", "words": [{"start_ms": 6600, "end_ms": 6900, "text": "Ông", "score": 1}]}]}

A segment has no id; its index, from 0, is its place in the record that was loaded. What it was heard as and its time
are no matter of opinion and stay. Whether a word is the article's is not asked either: one that stays is what it was,
one that was typed is the article's if the sentence has it there. With less than half of its words the article's, a
segment follows the sentence no more; free speech into which a sentence was typed, as where an edit is taken back,
follows it. What comes from a page may come from anywhere, and is checked as a record is.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from importlib.resources import files
from itertools import pairwise
from typing import Any

from mediakit.article.document import Sentence
from mediakit.captions.caption import Caption
from mediakit.errors import MediakitError
from mediakit.outputs.record_fields import Fields
from mediakit.result import Result
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, follows, untied
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.syllables import bare

#: More than any screen shows; a page that sends more is broken.
MOST_LINES = 10
LONGEST_LINE = 1000
#: Controls, halves of characters, and separators of lines and paragraphs (Unicode 16, table 4-4).
_NO_TEXT = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Marks that turn the direction of what follows (Unicode Standard Annex 9, 2): a caption could show another text than
#: it has. No Vietnamese needs them.
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class EditRefused(MediakitError):
    """The edit is no edit, or what it asks for is no record."""

    stage = "review"
    code = "edit-refused"


@dataclass(frozen=True, slots=True)
class EditedCaption:
    """A caption as it should be; `lines` are composed (NFC) and each has text."""

    id: str
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditedSegment:
    """The text and words of the segment of that index (from 0), as they should be."""

    index: int
    text: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person changed; no caption or segment twice, and at least one of them."""

    captions: tuple[EditedCaption, ...]
    segments: tuple[EditedSegment, ...] = ()


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of an edit, as shipped with the package."""
    loaded: dict[str, Any] = json.loads((files("mediakit.review") / "edit.schema.json").read_text(encoding="utf-8"))
    return loaded


def decode_edit(data: bytes) -> Edit:
    """The edit in the JSON of a request.

    Raises
    ------
    EditRefused
        If it is none.
    """
    try:
        return parse_edit(json.loads(data.decode("utf-8")))
    except (ValueError, RecursionError) as error:
        raise EditRefused(f"is no edit ({error!s:.200})") from error


def parse_edit(loaded: object) -> Edit:
    """The edit in JSON that is loaded already.

    Raises
    ------
    ValueError
        If it is none; it names the field.
    """
    top = Fields(loaded, "edit", "captions segments")
    captions = tuple(_caption(item) for item in top.children("captions", "id start_ms end_ms lines"))
    segments = tuple(_segment(item) for item in top.children("segments", "index text words"))
    if not captions and not segments:
        raise ValueError("edit changes nothing")
    for what, keys in (("caption", [c.id for c in captions]), ("segment", [s.index for s in segments])):
        _refuse_twice(what, keys)
    return Edit(captions, segments)


def apply(edit: Edit, result: Result) -> Result:
    """The result with the edit in it.

    Raises
    ------
    EditRefused
        If there is no such caption or segment, captions overlap or leave the medium, or words do not make the text.
    """
    try:
        segments = _segments(edit, result)
        return replace(result, captions=_tied(_captions(edit, result), result.segments, segments), segments=segments)
    except ValueError as error:
        raise EditRefused(str(error)) from error


def _refuse_twice(what: str, keys: Iterable[object]) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"edit has {what} {twice[0]} twice")


def _caption(caption: Fields) -> EditedCaption:
    lines = tuple(_text(line, caption.where) for line in caption.texts("lines"))
    if not 0 < len(lines) <= MOST_LINES:
        raise ValueError(f"{caption.where} has {len(lines)} lines")
    return EditedCaption(caption.text("id"), caption.integer("start_ms"), caption.integer("end_ms"), lines)


def _segment(segment: Fields) -> EditedSegment:
    words = tuple(_word(item) for item in segment.children("words", "start_ms end_ms text score"))
    text = _text(segment.text("text"), segment.where, longest=None)
    if text != " ".join(word.text for word in words):
        raise ValueError(f"{segment.where}: the words are not those of the text")
    return EditedSegment(segment.integer("index"), text, words)


def _word(word: Fields) -> Word:
    text = _text(word.text("text"), word.where)
    return word.make(lambda: Word(word.integer("start_ms"), word.integer("end_ms"), text, word.share("score")))


def _text(text: str, where: str, *, longest: int | None = LONGEST_LINE) -> str:
    """One line of text, composed, without spaces that nobody sees.

    Raises
    ------
    ValueError
        If nothing is left, it is too long, or it has characters that are no text.
    """
    bad = next((c for c in text if c in _TURNS or unicodedata.category(c) in _NO_TEXT), None)
    if bad is not None:
        raise ValueError(f"{where} has the character U+{ord(bad):04X}, which is no text")
    composed = nfc(" ".join(text.split()))
    if not composed:
        raise ValueError(f"{where} has no text")
    if longest is not None and len(composed) > longest:
        raise ValueError(f"{where} has a text of {len(composed)} characters; at most {longest} are taken")
    return composed


def _captions(edit: Edit, result: Result) -> tuple[Caption, ...]:
    wanted = {caption.id: caption for caption in edit.captions}
    unknown = sorted(set(wanted) - {caption.id for caption in result.captions})
    if unknown:
        raise ValueError(f"there is no caption {unknown[0]!r:.60}")
    captions = tuple(_with(caption, wanted.get(caption.id), result.media.duration_ms) for caption in result.captions)
    for before, after in pairwise(captions):
        if before.end_ms > after.start_ms:
            raise ValueError(f"caption {after.id} begins before {before.id} ends")
    return captions


def _with(caption: Caption, wanted: EditedCaption | None, duration_ms: int | None) -> Caption:
    if wanted is None:
        return caption
    # What stands beyond the end already is not made worse by correcting a word of it.
    last_ms = max(duration_ms, caption.end_ms) if duration_ms is not None else wanted.end_ms
    if wanted.end_ms > last_ms:
        raise ValueError(f"caption {caption.id} ends at {wanted.end_ms} ms, after the medium ({duration_ms} ms)")
    return replace(caption, start_ms=wanted.start_ms, end_ms=wanted.end_ms, lines=wanted.lines)


def _segments(edit: Edit, result: Result) -> tuple[Segment, ...]:
    segments = list(result.segments)
    sentences = result.article.sentences if result.article is not None else ()
    for wanted in edit.segments:
        if wanted.index >= len(segments):
            raise ValueError(f"there is no segment {wanted.index}; there are {len(segments)}, from 0")
        segments[wanted.index] = _retyped(segments[wanted.index], wanted, sentences)
    return tuple(segments)


def _retyped(segment: Segment, wanted: EditedSegment, sentences: Sequence[Sentence]) -> Segment:
    """The segment as it was typed, along its sentence, along another that was typed into free speech, or along none."""
    followed = next((one for one in sentences if one.id == segment.sentence), None)
    if followed is None and segment.language is None:
        followed = _typed_sentence(wanted.words, sentences)
    words = wanted.words if followed is None else _with_origin(wanted.words, segment, followed.text)
    if followed is None or not follows(words):
        return replace(untied(segment), text=wanted.text, words=wanted.words)
    return replace(segment, source="article", sentence=followed.id, text=wanted.text, words=words)


def _typed_sentence(words: Sequence[Word], sentences: Sequence[Sentence]) -> Sentence | None:
    """The sentence that has half of the words, or more, and half of whose words these are: the one with most."""
    typed, best, most = [bare(word.text) for word in words], None, 0
    for sentence in sentences:
        printed = [bare(text) for text in sentence.text.split()]
        count = len(_common(typed, printed))
        if count > most and 2 * count >= max(len(typed), len(printed)):
            best, most = sentence, count
    return best


def _with_origin(words: Sequence[Word], segment: Segment, sentence: str) -> tuple[Word, ...]:
    """The words, each with whether it is the article's: one that stays is what it was in the segment.

    One that was typed is the article's where it stands in the sentence at that place, however it is marked.
    """
    before, now = [word.text for word in segment.words], [word.text for word in words]
    stay = {b: a for a, b in _common(before, now)} if segment.source == "article" else {}
    own = {place for place, _ in _common([bare(text) for text in now], [bare(text) for text in sentence.split()])}
    return tuple(
        replace(word, article=segment.words[stay[place]].article if place in stay else place in own)
        for place, word in enumerate(words)
    )


def _common(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Equal texts in order, as places in both."""
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [(block.a + n, block.b + n) for block in blocks for n in range(block.size)]


def _tied(captions: Sequence[Caption], before: Sequence[Segment], after: Sequence[Segment]) -> tuple[Caption, ...]:
    """The captions, those with the sentences followed while they last where a segment has got another or none."""
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old.sentence != new.sentence]
    return tuple(
        _with_sentences(caption, after) if any(_overlap(new, caption) for _, new in changed) else caption
        for caption in captions
    )


def _with_sentences(caption: Caption, segments: Sequence[Segment]) -> Caption:
    followed = (s.sentence for s in segments if s.sentence is not None and _overlap(s, caption))
    return replace(caption, sentences=tuple(dict.fromkeys(followed)))


def _overlap(segment: Segment, caption: Caption) -> bool:
    return segment.start_ms < caption.end_ms and caption.start_ms < segment.end_ms
