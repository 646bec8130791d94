"""The record `mediakit/transcript@2`: a result as JSON, and back. What is read may come from anywhere.

Of `@1`, which is read too, words did not say whether they are the article's: in a segment along a sentence all were.
Nor did it know of adapters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar

from mediakit import __version__
from mediakit.article.document import MediaKind, Sentence
from mediakit.captions.caption import Caption
from mediakit.errors import OutputError
from mediakit.grounding.verdict import Verdict
from mediakit.notices import Notice
from mediakit.outputs.record_fields import Fields, load_json, shown
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, Source
from mediakit.vietnamese.normal import nfc

SCHEMA = "mediakit/transcript@2"
#: Which :func:`parse_record` takes, by the file of their JSON Schema.
_SCHEMAS = {SCHEMA: "transcript.schema.json", "mediakit/transcript@1": "transcript-1.schema.json"}

_HEAD_BYTES = 200
_VERSION = re.compile(rb'\s*\{\s*"schema":\s*"(mediakit/transcript@[0-9]{1,4})"')
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SENTENCE = re.compile(r"p[0-9]+s[1-9][0-9]*")
_CAPTION_ID = re.compile(r"c[1-9][0-9]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
# RFC 3339, in UTC.
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_SOURCES: tuple[Source, ...] = ("article", "speech")
_ARTICLE_FIELDS = "path title published sentences verdict coverage"
_SEGMENT_FIELDS = "start_ms end_ms text heard source sentence score words"
_WORD_FIELDS = {SCHEMA: "start_ms end_ms text score article", "mediakit/transcript@1": "start_ms end_ms text score"}
_ENGINE_FIELDS = {
    SCHEMA: "name model model_sha256 adapter language",
    "mediakit/transcript@1": "name model model_sha256 language",
}
_CAPTION_FIELDS = "id start_ms end_ms lines sentences"

Timed = TypeVar("Timed", Segment, Caption)


@dataclass(frozen=True, slots=True)
class Edited:
    """That a person has changed the record since mediakit wrote it: when (RFC 3339, UTC) last, and with what."""

    at: str
    by: Literal["review"] = "review"


def schema(of: str = SCHEMA) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the record, or of an earlier one, as shipped with the package."""
    text = (files("mediakit.outputs") / "schema" / _SCHEMAS[of]).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def render_record(result: Result, edited: Edited | None = None) -> str:
    """The record as text; the same result gives the same bytes. `edited` is given where a person has changed it."""
    return json.dumps(to_record(result, edited), ensure_ascii=False, indent=1) + "\n"


def to_record(result: Result, edited: Edited | None = None) -> dict[str, Any]:
    """The record as plain values, all text in NFC."""
    media, engine = result.media, result.engine
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "mediakit": __version__,
        "media": {
            "path": media.path,
            "sha256": media.sha256,
            "duration_ms": media.duration_ms,
            "kind": media.kind,
        },
        "engine": {
            "name": engine.name,
            "model": engine.model,
            "model_sha256": engine.model_sha256,
            "adapter": engine.adapter,
            "language": engine.language,
        },
        "article": _article(result.article),
        "segments": [_segment(segment) for segment in result.segments],
        "captions": [
            {
                "id": caption.id,
                "start_ms": caption.start_ms,
                "end_ms": caption.end_ms,
                "lines": list(caption.lines),
                "sentences": list(caption.sentences),
            }
            for caption in result.captions
        ],
        "warnings": [{"code": warning.code, "message": warning.message} for warning in result.warnings],
    }
    if edited is not None:
        record["edited"] = {"at": edited.at, "by": edited.by}
    cleaned: dict[str, Any] = _clean(record)
    return cleaned


def _clean(value: Any) -> Any:
    """All text in NFC, and U+FFFD for the bytes of a file name that is not UTF-8."""
    if isinstance(value, str):
        return nfc("".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in value))
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return {key: _clean(item) for key, item in value.items()} if isinstance(value, dict) else value


def _article(article: GroundedArticle | None) -> dict[str, Any] | None:
    if article is None:
        return None
    return {
        "path": article.path,
        "title": article.title,
        "published": article.published,
        "sentences": [{"id": sentence.id, "text": sentence.text} for sentence in article.sentences],
        "verdict": article.verdict,
        "coverage": article.coverage,
    }


def _segment(segment: Segment) -> dict[str, Any]:
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "heard": segment.heard,
        "source": segment.source,
        "sentence": segment.sentence,
        "score": round(segment.score, 3),
        "words": [
            {
                "start_ms": word.start_ms,
                "end_ms": word.end_ms,
                "text": word.text,
                "score": round(word.score, 3),
                "article": word.article,
            }
            for word in segment.words
        ],
        **({"language": segment.language} if segment.language is not None else {}),
    }


def read_record(path: Path) -> Result:
    """The result that a record holds.

    Raises
    ------
    OutputError
        If the file cannot be read, or is no record of a version that is known.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot be read ({error.strerror or error})", file=path) from error
    return decode_record(data, path)


def version_at(path: Path) -> str | None:
    """The schema that a file says of itself as mediakit's records do, at its beginning; None of anything else."""
    try:
        with path.open("rb") as file:
            found = _VERSION.match(file.read(_HEAD_BYTES))
    except OSError:
        return None
    return found[1].decode("ascii") if found is not None else None


def decode_record(data: bytes, path: Path) -> Result:
    """The result that the bytes of the record at `path` hold; raises as :func:`read_record`."""
    try:
        return parse_record(load_json(data))
    except ValueError as error:
        raise OutputError(
            f"is no {SCHEMA} record ({error!s:.200})", file=path, remedy="Give the NAME.vi.json that mediakit wrote."
        ) from error


def parse_record(loaded: object) -> Result:
    """The result in a record that is loaded already.

    Raises
    ------
    ValueError
        If it is not valid; it names the field.
    """
    version = loaded.get("schema") if isinstance(loaded, dict) else SCHEMA
    if not isinstance(version, str) or version not in _SCHEMAS:
        raise ValueError(f"schema is {shown(version)}")
    # Records written before there was a review have no such field, and most of those after.
    edited = "edited" if isinstance(loaded, dict) and "edited" in loaded else ""
    top = Fields(loaded, "record", f"schema mediakit media engine article segments captions warnings {edited}")
    top.text("mediakit")
    edited_in(loaded)
    article = None if top.values["article"] is None else _read_article(top.child("article", _ARTICLE_FIELDS))
    return Result(
        _read_media(top.child("media", "path sha256 duration_ms kind")),
        _read_engine(top.child("engine", _ENGINE_FIELDS[version])),
        article,
        _in_order(tuple(_read_segment(item, version) for item in _segments(top)), "segments"),
        _in_order(tuple(_read_caption(item) for item in top.children("captions", _CAPTION_FIELDS)), "captions"),
        tuple(Notice(item.text("code"), item.text("message")) for item in top.children("warnings", "code message")),
    )


def edited_in(loaded: object) -> Edited | None:
    """That a person has changed a record that is loaded already, where it says so.

    Raises
    ------
    ValueError
        If what it says is not valid.
    """
    if not isinstance(loaded, dict) or "edited" not in loaded:
        return None
    edited = Fields(loaded["edited"], "record.edited", "at by")
    return Edited(edited.text("at", _MOMENT), edited.one_of("by", "review"))


def _read_media(media: Fields) -> MediaInfo:
    duration_ms = None if media.values["duration_ms"] is None else media.integer("duration_ms")
    kind: MediaKind = media.one_of("kind", "audio", "video")
    return MediaInfo(media.text("path"), media.text_or_none("sha256", _SHA256), duration_ms, kind)


def _read_engine(engine: Fields) -> EngineInfo:
    sha256 = engine.text_or_none("model_sha256", _SHA256)
    adapter = engine.text_or_none("adapter") if "adapter" in engine.values else None
    return EngineInfo(engine.text("name"), engine.text("model"), sha256, engine.text("language"), adapter)


def _read_article(article: Fields) -> GroundedArticle:
    return GroundedArticle(
        path=article.text("path"),
        title=article.text("title"),
        published=article.text_or_none("published"),
        sentences=tuple(
            Sentence(item.text("id", _SENTENCE), item.text("text")) for item in article.children("sentences", "id text")
        ),
        verdict=_read_verdict(article),
        coverage=article.share("coverage"),
    )


def _read_verdict(article: Fields) -> Verdict | None:
    return None if article.values["verdict"] is None else article.one_of("verdict", "read", "partly-read", "unrelated")


def _segments(top: Fields) -> list[Fields]:
    """Segments with their fields; only foreign ones say a language."""
    return [
        Fields(item, f"record.segments[{n}]", _SEGMENT_FIELDS + " language" * _says_language(item))
        for n, item in enumerate(top.items("segments"))
    ]


def _says_language(item: object) -> bool:
    return isinstance(item, dict) and "language" in item


def _read_segment(segment: Fields, version: str) -> Segment:
    source = segment.one_of("source", *_SOURCES)
    items = segment.children("words", _WORD_FIELDS[version])
    words = tuple(_read_word(item, source == "article" if version != SCHEMA else None) for item in items)
    return segment.make(
        lambda: Segment(
            segment.integer("start_ms"),
            segment.integer("end_ms"),
            segment.text("text"),
            segment.text("heard"),
            source,
            segment.text_or_none("sentence", _SENTENCE),
            segment.share("score"),
            words,
            segment.text("language", _LANGUAGE) if _says_language(segment.values) else None,
        )
    )


def _read_word(word: Fields, article: bool | None) -> Word:
    """The word; `article` is whether it is the article's where it does not say so itself."""
    own = word.truth("article") if article is None else article
    return word.make(
        lambda: Word(word.integer("start_ms"), word.integer("end_ms"), word.text("text"), word.share("score"), own)
    )


def _read_caption(caption: Fields) -> Caption:
    return caption.make(
        lambda: Caption(
            caption.text("id", _CAPTION_ID),
            caption.integer("start_ms"),
            caption.integer("end_ms"),
            caption.texts("lines"),
            caption.texts("sentences", _SENTENCE),
        )
    )


def _in_order(timed: Sequence[Timed], where: str) -> tuple[Timed, ...]:
    for number, (before, after) in enumerate(pairwise(timed), start=1):
        if before.end_ms > after.start_ms:
            raise ValueError(f"record.{where}[{number}] begins before the one before it ends")
    return tuple(timed)
