"""The record `mediakit/transcript@1`: a result as JSON, and back."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from mediakit import __version__
from mediakit.article.document import Sentence
from mediakit.captions.caption import Caption
from mediakit.errors import OutputError
from mediakit.notices import Notice
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

SCHEMA = "mediakit/transcript@1"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the record, as shipped with the package."""
    text = (files("mediakit.outputs") / "schema" / "transcript.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def render_record(result: Result) -> str:
    """The record as text; the same result gives the same bytes."""
    return json.dumps(to_record(result), ensure_ascii=False, indent=1) + "\n"


def to_record(result: Result) -> dict[str, Any]:
    """The record as plain values."""
    media, engine = result.media, result.engine
    return {
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


def read_record(path: Path) -> Result:
    """The result that a record holds.

    Raises
    ------
    OutputError
        If the file cannot be read, or is no record of a version that is known.
    """
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
        if loaded["schema"] != SCHEMA:
            raise OutputError(f"is a record of another version ({loaded['schema']!s:.60})", file=path)
        return _result(loaded)
    except OSError as error:
        raise OutputError(f"cannot be read ({error.strerror or error})", file=path) from error
    except (ValueError, KeyError, TypeError) as error:
        raise OutputError(f"is no {SCHEMA} record ({error})", file=path) from error


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
            {"start_ms": w.start_ms, "end_ms": w.end_ms, "text": w.text, "score": round(w.score, 3)}
            for w in segment.words
        ],
    }


def _result(loaded: dict[str, Any]) -> Result:
    article = loaded["article"]
    return Result(
        MediaInfo(**loaded["media"]),
        EngineInfo(**loaded["engine"]),
        GroundedArticle(**{**article, "sentences": tuple(Sentence(**s) for s in article["sentences"])})
        if article is not None
        else None,
        tuple(Segment(**{**s, "words": tuple(Word(**w) for w in s["words"])}) for s in loaded["segments"]),
        tuple(
            Caption(**{**c, "lines": tuple(c["lines"]), "sentences": tuple(c["sentences"])}) for c in loaded["captions"]
        ),
        tuple(Notice(**w) for w in loaded["warnings"]),
    )
