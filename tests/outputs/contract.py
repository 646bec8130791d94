"""What a record promises beyond its JSON Schema, sentence by sentence of the contract; any record is held to it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from jsonschema import Draft202012Validator

from mediakit.outputs.record import schema
from mediakit.vietnamese.syllables import bare

SCHEMA = Draft202012Validator(schema())
#: Coverage is counted with the pauses between words or without.
COVERAGE_SLACK = 0.05


def assert_kept(record: Any) -> None:
    """Assert that a record, as it is loaded, is all that the contract says of one."""
    SCHEMA.validate(record)
    assert all(unicodedata.is_normalized("NFC", text) for text in _texts(record))
    segments, captions, article = record["segments"], record["captions"], record["article"]
    for timed in (segments, captions, *(segment["words"] for segment in segments)):
        _in_order(timed)
    printed = {s["id"]: s["text"] for s in article["sentences"]} if article is not None else {}
    assert len(printed) == len(article["sentences"] if article is not None else ())
    for segment in segments:
        _segment(segment, printed)
        assert segment.get("language") != record["engine"]["language"]
    for caption in captions:
        shown = [s["sentence"] for s in segments if _overlap(s, caption)]
        assert set(caption["sentences"]) <= set(shown)
    if article is not None:
        assert (article["verdict"] is None) == (not segments)
        assert abs(article["coverage"] - _coverage(segments)) <= COVERAGE_SLACK


def _segment(segment: Any, printed: dict[str, str]) -> None:
    """What is said along one sentence of the article, every word of it, or along none."""
    words = segment["words"]
    assert segment["text"] == " ".join(word["text"] for word in words)
    assert segment["start_ms"] <= words[0]["start_ms"]
    assert words[-1]["end_ms"] <= segment["end_ms"]
    own = [bare(word["text"]) for word in words if word["article"]]
    if segment["source"] == "speech":
        assert (segment["sentence"], own) == (None, [])
        return
    assert 2 * len(own) >= len(words)
    assert _is_within(own, [bare(text) for text in printed[segment["sentence"]].split()]), segment["text"]


def _in_order(timed: Sequence[Any]) -> None:
    assert all(0 <= one["start_ms"] < one["end_ms"] for one in timed)
    assert all(one["end_ms"] <= next_one["start_ms"] for one, next_one in pairwise(timed))


def _is_within(some: Sequence[str], all_of: Sequence[str]) -> bool:
    """Whether words stand among others in the same order."""
    rest = iter(all_of)
    return all(word in rest for word in some)


def _overlap(one: Any, other: Any) -> bool:
    return bool(one["start_ms"] < other["end_ms"] and other["start_ms"] < one["end_ms"])


def _coverage(segments: Sequence[Any]) -> float:
    words = [word for segment in segments for word in segment["words"]]
    own_ms, all_ms = (
        sum(int(word["end_ms"]) - int(word["start_ms"]) for word in words if word["article"] or everyone)
        for everyone in (False, True)
    )
    return own_ms / max(1, all_ms)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        yield from _texts(list(value.values()))
