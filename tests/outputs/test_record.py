"""The record follows the contract to the letter, and what is read back is checked field by field."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from mediakit.errors import OutputError
from mediakit.grounding.verdict import coverage
from mediakit.outputs.bundle import render_media
from mediakit.outputs.record import parse_record, read_record, render_record, schema, to_record, version_at
from mediakit.result import Result
from tests.outputs.contract import assert_kept
from tests.outputs.example import AUDIO, GUEST, LOOSE, VIDEO, segment, with_added

SCHEMA = Draft202012Validator(schema())
RESULTS = pytest.mark.parametrize("result", [AUDIO, VIDEO, LOOSE, GUEST], ids=["read", "missing", "loose", "guest"])


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@RESULTS
def test_the_record_is_valid_and_comes_back_the_same(result: Result, tmp_path: Path) -> None:
    text = render_record(result)
    SCHEMA.validate(json.loads(text))
    path = tmp_path / "a.vi.json"
    path.write_text(text, encoding="utf-8")
    again = read_record(path)
    assert render_record(again) == text
    assert (again.media, again.article, again.captions) == (result.media, result.article, result.captions)


def test_the_fields_are_those_of_the_contract_in_its_order() -> None:
    record = to_record(AUDIO)
    assert list(record) == "schema mediakit media engine article segments captions warnings".split()
    assert record["schema"] == "mediakit/transcript@2"
    assert list(record["media"]) == "path sha256 duration_ms kind".split()
    assert list(record["engine"]) == "name model model_sha256 adapter language".split()
    assert list(record["article"]) == "path title published sentences verdict coverage".split()
    assert list(record["article"]["sentences"][0]) == "id text".split()
    assert list(record["segments"][0]) == "start_ms end_ms text heard source sentence score words".split()
    assert list(record["segments"][0]["words"][0]) == "start_ms end_ms text score article".split()
    assert list(record["captions"][0]) == "id start_ms end_ms lines sentences".split()
    assert list(to_record(VIDEO)["warnings"][0]) == "code message".split()


def test_only_foreign_segments_say_their_language() -> None:
    own, guest, _ = to_record(GUEST)["segments"]
    assert "language" not in own
    assert list(guest)[-1] == "language"
    assert parse_record(to_record(GUEST)).segments[1].language == "en"


def test_a_missing_attachment_has_null_and_a_reason() -> None:
    record = to_record(VIDEO)
    assert record["media"] == {"path": "phát biểu.mp4", "sha256": None, "duration_ms": None, "kind": "video"}
    assert record["segments"] == record["captions"] == []
    assert record["warnings"][0]["code"] == "attachment-missing"


def test_without_an_article_it_is_null() -> None:
    assert to_record(LOOSE)["article"] is None


def test_text_is_composed_and_encodable() -> None:
    odd = replace(LOOSE, media=replace(LOOSE.media, path="Thu\u0323y \udce1.mp3"))
    assert json.loads(render_record(odd).encode("utf-8"))["media"]["path"] == "Thụy \ufffd.mp3"


def change(path: str, value: object) -> Callable[[Any], None]:
    """A change of one field; `path` as `segments.0.start_ms`."""
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]

    def apply(record: Any) -> None:
        for step in way:
            record = record[step]
        record[last] = value

    return apply


def drop(field: str) -> Callable[[Any], None]:
    """A field left out."""
    return lambda record: record.pop(field)


BAD = {
    "another version": change("schema", "mediakit/transcript@3"),
    "an earlier version with fields of this": change("schema", "mediakit/transcript@1"),
    "a version that is a list": change("schema", ["mediakit/transcript@2"]),
    "a word that may be the article's": change("segments.0.words.0.article", 1),
    "free speech with a word of the article": change("segments.1.words.0.article", True),
    "no version": drop("schema"),
    "a field missing": drop("warnings"),
    "a field too many": change("media.file", "/etc/passwd"),
    "a field too many on top": change("also", []),
    "a number as text": change("segments.0.start_ms", "500"),
    "a fraction of a millisecond": change("segments.0.start_ms", 500.5),
    "a truth as a number": change("segments.0.words.0.start_ms", False),
    "a time before zero": change("captions.0.start_ms", -1),
    "no digest": change("media.sha256", "abc"),
    "another kind": change("media.kind", "image"),
    "another source": change("segments.0.source", "guess"),
    "another verdict": change("article.verdict", "maybe"),
    "too much coverage": change("article.coverage", 1.5),
    "an id that is none": change("segments.0.sentence", "p1"),
    "an article's segment without a sentence": change("segments.0.sentence", None),
    "free speech with a sentence": change("segments.1.sentence", "p1s1"),
    "words that are text": change("segments.0.words", "Sáng"),
    "a word that is text": change("segments.0.words", ["Sáng"]),
    "a word that is a number": change("segments.0.words.0.text", 7),
    "no words": change("segments.0.words", []),
    "no lines": change("captions.0.lines", []),
    "a list for text": change("engine.name", ["x"]),
    "text for a list": change("captions.0.sentences", "p1s1"),
    "segments null": change("segments", None),
    "media null": change("media", None),
    "a caption's id": change("captions.0.id", "1"),
    "no code of a language": change("segments.1.language", 'en" onclick="'),
    "no language": change("segments.1.language", None),
    "a sentence of the article in another language": change("segments.0.language", "en"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_is_refused_by_schema_and_reader(name: str, tmp_path: Path) -> None:
    record = copy.deepcopy(to_record(AUDIO))
    BAD[name](record)
    with pytest.raises(ValidationError):
        SCHEMA.validate(record)
    path = tmp_path / "bad.json"
    path.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(OutputError) as caught:
        read_record(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize(
    "field", [change("segments.1.start_ms", 600), change("captions.1.start_ms", 600), change("segments.0.end_ms", 600)]
)
def test_times_that_contradict_each_other_are_refused(field: Callable[[Any], None]) -> None:
    record = copy.deepcopy(to_record(AUDIO))
    field(record)
    with pytest.raises(ValueError, match="record"):
        parse_record(record)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"7", b'"x"', b"\xff\xfe\x00", b"[" * 100_000, b'{"schema": NaN}', b"9" * 9999],
)
def test_what_is_no_record_is_an_error_with_the_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(OutputError) as caught:
        read_record(path)
    assert caught.value.file == str(path)


def test_a_record_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be read"):
        read_record(tmp_path / "none.json")
    with pytest.raises(OutputError, match="cannot be read"):
        read_record(tmp_path)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_else_is_a_value_error(value: object) -> None:
    with pytest.raises(ValueError, match=r"record|schema"):
        parse_record(value)


def earlier(record: Any) -> Any:
    """The record as `mediakit/transcript@1` had it."""
    record = {**copy.deepcopy(record), "schema": "mediakit/transcript@1"}
    del record["engine"]["adapter"]
    for item in record["segments"]:
        for word in item["words"]:
            del word["article"]
    return record


@RESULTS
def test_a_record_of_the_first_version_is_read_and_written_as_one_of_today(result: Result, tmp_path: Path) -> None:
    old = earlier(to_record(result))
    Draft202012Validator(schema("mediakit/transcript@1")).validate(old)
    (tmp_path / "a.vi.json").write_text(json.dumps(old, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    again = read_record(tmp_path / "a.vi.json")
    # In a segment along a sentence every word was the article's, in free speech none.
    assert [[word.article for word in s.words] for s in again.segments] == [
        [s.source == "article"] * len(s.words) for s in result.segments
    ]
    assert to_record(again) == to_record(result)
    assert version_at(tmp_path / "a.vi.json") == "mediakit/transcript@1"


def test_a_word_of_the_first_version_does_not_say_whose_it_is() -> None:
    old = earlier(to_record(AUDIO))
    old["segments"][0]["words"][0]["article"] = True
    with pytest.raises(ValueError, match="article"):
        parse_record(old)


def test_a_segment_with_words_that_the_speaker_added_comes_back_as_it_was() -> None:
    added = with_added(AUDIO)
    SCHEMA.validate(to_record(added))
    assert [w["article"] for w in to_record(added)["segments"][0]["words"]][:3] == [False, False, True]
    assert parse_record(to_record(added)).segments[0].words[:3] == tuple(
        replace(word, score=round(word.score, 3)) for word in added.segments[0].words[:3]
    )


def test_less_than_half_of_the_article_is_no_segment_along_its_sentence() -> None:
    record = to_record(AUDIO)
    for word in record["segments"][0]["words"][:5]:
        word["article"] = False
    with pytest.raises(ValueError, match="less than half"):
        parse_record(record)


def test_a_sentence_that_is_taken_up_again_has_two_segments_and_two_links() -> None:
    first, between, _ = AUDIO.segments
    again = segment("Xã Đông Hòa trồng 1.200 cây.", 6600, "p1s1")
    result = replace(AUDIO, segments=(first, between, again), captions=AUDIO.captions[:1])
    record = to_record(result)
    SCHEMA.validate(record)
    assert [s["sentence"] for s in record["segments"]] == ["p1s1", None, "p1s1"]
    assert parse_record(record).segments[2].sentence == "p1s1"
    links = render_media(result, ("vtt",), language="vi")[".vi.links.vtt"]
    assert links.count('"value":"p1s1"') == 2


@RESULTS
def test_examples_say_the_words_of_their_text_and_no_sentence_that_is_not_there(result: Result) -> None:
    grounded = replace(result.article, coverage=coverage(result.segments)) if result.article is not None else None
    assert_kept(to_record(replace(result, article=grounded)))


@pytest.mark.parametrize(
    "harm",
    [
        change("segments.0.text", "Sáng 5/2."),
        change("segments.0.words.0.text", "Chiều"),
        change("article.coverage", 0.2),
        change("captions.1.sentences", ["p1s1"]),
    ],
    ids=["text", "not the article's", "coverage", "a caption of another sentence"],
)
def test_what_breaks_the_contract_is_seen(harm: Callable[[Any], None]) -> None:
    record = to_record(AUDIO)
    record["article"]["coverage"] = coverage(AUDIO.segments)
    assert_kept(record)
    harm(record)
    with pytest.raises(AssertionError):
        assert_kept(record)
