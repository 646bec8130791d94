"""An edit is checked as a record is: what would not be one is refused, with what and where."""

from __future__ import annotations

import copy
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mediakit.outputs.record import parse_record, to_record
from mediakit.result import Result
from mediakit.review.edits import EditRefused, apply, decode_edit, parse_edit, schema
from tests.outputs.example import AUDIO, LOOSE, with_added

SCHEMA = Draft202012Validator(schema())
CAPTION = {"id": "c2", "start_ms": 6600, "end_ms": 10_200, "lines": ["Ông Trần Văn Bình", "cho biết."]}
SEGMENT = {
    "index": 1,
    "text": "Xin chào bạn.",
    "words": [
        {"start_ms": 3200, "end_ms": 3500, "text": "Xin", "score": 0.9},
        {"start_ms": 3500, "end_ms": 3800, "text": "chào", "score": 0.9},
        {"start_ms": 3800, "end_ms": 4400, "text": "bạn.", "score": 1},
    ],
}
EDIT: dict[str, Any] = {"captions": [CAPTION], "segments": [SEGMENT]}


def changed(path: str, value: object) -> dict[str, Any]:
    """The edit with one field changed; `path` as `captions.0.start_ms`."""
    edit = copy.deepcopy(EDIT)
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    place: Any = edit
    for step in way:
        place = place[step]
    place[last] = value
    return edit


def test_what_is_changed_is_changed_and_nothing_else() -> None:
    SCHEMA.validate(EDIT)
    after = apply(decode_edit(json.dumps(EDIT).encode()), AUDIO)
    assert after.captions[0] == AUDIO.captions[0]
    caption = after.captions[1]
    assert (caption.start_ms, caption.end_ms, caption.lines) == (6600, 10_200, ("Ông Trần Văn Bình", "cho biết."))
    assert (caption.id, caption.sentences) == ("c2", ("p2s1",))
    assert (after.segments[0], after.segments[2]) == (AUDIO.segments[0], AUDIO.segments[2])
    segment, was = after.segments[1], AUDIO.segments[1]
    assert (segment.text, [word.text for word in segment.words]) == ("Xin chào bạn.", ["Xin", "chào", "bạn."])
    assert (segment.heard, segment.sentence, segment.start_ms) == (was.heard, was.sentence, was.start_ms)
    assert (after.media, after.engine, after.article) == (AUDIO.media, AUDIO.engine, AUDIO.article)


def test_text_is_composed_and_its_spaces_are_single() -> None:
    decomposed = unicodedata.normalize("NFD", "  Ông   Bình  ")
    after = apply(parse_edit(changed("captions.0.lines", [decomposed])), AUDIO)
    assert after.captions[1].lines == ("Ông Bình",)


#: Not of the form of an edit: the schema refuses these too.
BAD_FORM: dict[str, object] = {
    "a list": [],
    "nothing": None,
    "no captions": {"segments": []},
    "a field too many": changed("captions.0.sentences", ["p1s1"]),
    "a path": changed("file", "/etc/passwd"),
    "a time as text": changed("captions.0.start_ms", "6600"),
    "a part of a millisecond": changed("captions.0.start_ms", 0.5),
    "a truth as a time": changed("captions.0.start_ms", True),
    "a time before zero": changed("captions.0.start_ms", -1),
    "lines as text": changed("captions.0.lines", "Ông"),
    "no lines": changed("captions.0.lines", []),
    "an empty line": changed("captions.0.lines", ["Ông", ""]),
    "a page of lines": changed("captions.0.lines", ["x"] * 11),
    "a number as a line": changed("captions.0.lines", [7]),
    "an index as text": changed("segments.0.index", "1"),
    "an index before zero": changed("segments.0.index", -1),
    "no words": changed("segments.0.words", []),
    "a word without a time": changed("segments.0.words.0", {"text": "Xin"}),
    "too high a score": changed("segments.0.words.0.score", 1.5),
}
#: Of the form, and yet no edit of any record.
BAD_MEANING: dict[str, object] = {
    "changes nothing": {"captions": [], "segments": []},
    "a caption twice": {"captions": [CAPTION, CAPTION], "segments": []},
    "a segment twice": {"captions": [], "segments": [SEGMENT, SEGMENT]},
    "a line of spaces": changed("captions.0.lines", ["Ông", " \u00a0 "]),
    "a line end inside": changed("captions.0.lines", ["Ông\nBình"]),
    "a tab": changed("captions.0.lines", ["Ông\tBình"]),
    "a null character": changed("captions.0.lines", ["Ông\0"]),
    "an escape": changed("captions.0.lines", ["\x1b[2J"]),
    "a next line": changed("captions.0.lines", ["Ông\x85"]),
    "a separator of lines": changed("captions.0.lines", ["Ông\u2028Bình"]),
    "half a character": changed("captions.0.lines", ["\ud800"]),
    "an override of direction": changed("captions.0.lines", ["Ông \u202ehnìB"]),
    "a novel": changed("captions.0.lines", ["x" * 1001]),
    "words that are not the text": changed("segments.0.text", "Xin chào nhé."),
    "a control in a word": changed("segments.0.words.0.text", "Xin\r"),
    "a word that ends before it begins": changed("segments.0.words.0.end_ms", 3100),
}
#: An edit, but not of this record.
BAD_HERE: dict[str, object] = {
    "no such caption": changed("captions.0.id", "c9"),
    "no such segment": changed("segments.0.index", 3),
    "a caption without length": changed("captions.0.end_ms", 6600),
    "a caption turned round": changed("captions.0.end_ms", 100),
    "a caption over the one before": changed("captions.0.start_ms", 4399),
    "a caption after the end": changed("captions.0.end_ms", 15_251),
    "words over each other": changed("segments.0.words.1.start_ms", 3499),
    "a word before its segment": changed("segments.0.words.0.start_ms", 3199),
    "a word after its segment": changed("segments.0.words.2.end_ms", 99_999),
}


@pytest.mark.parametrize("name", [*BAD_FORM, *BAD_MEANING])
def test_what_is_no_edit_is_refused(name: str) -> None:
    bad = {**BAD_FORM, **BAD_MEANING}[name]
    with pytest.raises(EditRefused):
        decode_edit(json.dumps(bad).encode())
    # The schema tells the form, and no more.
    assert SCHEMA.is_valid(bad) == (name in BAD_MEANING)


@pytest.mark.parametrize("name", BAD_HERE)
def test_what_does_not_make_a_record_is_refused(name: str) -> None:
    edit = parse_edit(BAD_HERE[name])
    with pytest.raises(EditRefused):
        apply(edit, AUDIO)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"captions": NaN}', b"9" * 9999])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(EditRefused):
        decode_edit(body)


def test_captions_may_touch_and_end_with_the_medium() -> None:
    edit = changed("captions.0.start_ms", 4400)
    edit["captions"][0]["end_ms"] = 15_250
    after = apply(parse_edit(edit), AUDIO)
    assert (after.captions[1].start_ms, after.captions[1].end_ms) == (4400, 15_250)


def test_captions_may_change_places_of_their_times_together() -> None:
    """What overlaps for a moment, caption by caption, is no overlap in the end."""
    captions = [
        {"id": "c1", "start_ms": 0, "end_ms": 3000, "lines": ["Xin chào."]},
        {"id": "c2", "start_ms": 3000, "end_ms": 3500, "lines": ["Tạm biệt."]},
    ]
    after = apply(parse_edit({"captions": captions, "segments": []}), LOOSE)
    assert [caption.end_ms for caption in after.captions] == [3000, 3500]


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
TIMES = st.integers(-10, 20_000)
CAPTIONS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["c1", "c2", "c3"]),
        "start_ms": TIMES,
        "end_ms": TIMES,
        "lines": st.lists(TEXTS, max_size=3),
    }
)
MADE = st.fixed_dictionaries({"captions": st.lists(CAPTIONS, max_size=2), "segments": st.just([])})


@given(MADE)
def test_an_edit_gives_a_record_or_is_refused(edit: object) -> None:
    """Whatever is asked for: what comes out can be written and read again, in order and inside the medium."""
    try:
        after = apply(decode_edit(json.dumps(edit).encode()), AUDIO)
    except EditRefused:
        return
    assert parse_record(to_record(after)).captions == after.captions
    assert all(caption.end_ms <= 15_250 for caption in after.captions)
    assert all(line == unicodedata.normalize("NFC", line).strip() for c in after.captions for line in c.lines)


def retyped(text: str, result: Result = AUDIO) -> Result:
    """The result whose first sentence a person has typed anew, as `text`."""
    first = result.segments[0]
    words = [
        {"start_ms": first.start_ms + 10 * n, "end_ms": first.start_ms + 10 * n + 10, "text": word, "score": 1}
        for n, word in enumerate(text.split())
    ]
    edit = {"captions": [], "segments": [{"index": 0, "text": text, "words": words}]}
    return apply(decode_edit(json.dumps(edit).encode()), result)


def own(result: Result) -> str:
    """The words of the first segment that are the article's."""
    return " ".join(word.text for word in result.segments[0].words if word.article)


def test_words_that_stay_are_what_they_were_and_typed_ones_the_article_s_only_if_it_has_them() -> None:
    was = AUDIO.segments[0]
    assert own(retyped(was.text)) == was.text
    assert own(retyped("Dạ sáng 5/2, xã Đông Hòa trồng 1.300 cây ạ.")) == "sáng 5/2, xã Đông Hòa trồng cây"
    # What was added, and stays, is no more the article's than before; what was left out may be put in.
    after = retyped("Dạ thưa Sáng 5/2, xã Đông Hòa trồng 1.200 cây.", with_added())
    assert own(after) == was.text
    assert [word.article for word in after.segments[0].words][:2] == [False, False]


def test_with_less_than_half_of_its_words_a_segment_follows_the_sentence_no_more() -> None:
    after = retyped("Kính thưa quý vị và các bạn nghe đài, sáng 5/2")
    assert (after.segments[0].source, after.segments[0].sentence, own(after)) == ("speech", None, "")
    assert after.captions[0].sentences == ()
    assert after.captions[1] == AUDIO.captions[1]


def test_an_edit_that_is_taken_back_after_it_was_saved_gives_the_segment_its_sentence_again() -> None:
    away = retyped("Kính thưa quý vị và các bạn nghe đài, sáng 5/2")
    back = retyped(AUDIO.segments[0].text, away)
    assert (back.segments[0].source, back.segments[0].sentence) == ("article", "p1s1")
    assert own(back) == AUDIO.segments[0].text
    assert back.captions == AUDIO.captions


def test_free_speech_into_which_a_sentence_is_typed_follows_it_and_other_speech_does_not() -> None:
    def typed(text: str) -> tuple[str | None, list[str]]:
        begin = AUDIO.segments[1].start_ms
        words = [
            {"start_ms": begin + 10 * n, "end_ms": begin + 10 * n + 10, "text": word, "score": 1}
            for n, word in enumerate(text.split())
        ]
        edit = {"captions": [], "segments": [{"index": 1, "text": text, "words": words}]}
        segment = apply(decode_edit(json.dumps(edit).encode()), AUDIO).segments[1]
        return segment.sentence, [word.text for word in segment.words if word.article]

    assert typed("Vâng cây được chăm sóc ba năm ạ.") == ("p2s2", "cây được chăm sóc ba năm".split())
    # A word or two that a sentence has too are no reason.
    assert typed("Ông cho biết") == (None, [])
    assert typed("Xin chào quý thính giả.") == (None, [])


def test_a_correction_of_the_articles_own_words_stays_the_articles_where_it_has_them() -> None:
    was = with_added()
    # `cây.`, which was left out, is typed in; a mark and a capital more make no other word.
    after = retyped("Dạ thưa, sáng 5/2, xã Đông Hòa trồng 1.200 cây", was)
    assert own(after) == "sáng 5/2, xã Đông Hòa trồng 1.200 cây"
