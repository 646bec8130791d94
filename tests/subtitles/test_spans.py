"""Marks over the cues that one becomes: closed in each, opened again in the next, what they mean unchanged."""

from __future__ import annotations

import time

import pytest

from mediakit.captions.profile import PROFILES
from mediakit.subtitles.check import check, fix
from mediakit.subtitles.spans import carried, inner_times_outside, unbalanced, with_times_inside
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import Kind
from mediakit.subtitles.webvtt import parse_vtt

NETFLIX = PROFILES["netflix-vi"]


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("srt", ["<i>a", "b</i>"], ["<i>a</i>", "<i>b</i>"]),
        ("srt", ["<i>a</i>", "b"], ["<i>a</i>", "b"]),
        ("srt", ["<i>a", "</i>b"], ["<i>a</i>", "b"]),
        ("srt", ["a <i>", "b</i>"], ["a", "<i>b</i>"]),
        ("srt", ["<i>a", "b", "c"], ["<i>a</i>", "<i>b</i>", "<i>c</i>"]),
        ("srt", ['<font color="#ff0">a <b>b', "c</b> d</font>"], [
            '<font color="#ff0">a <b>b</b></font>', '<font color="#ff0"><b>c</b> d</font>']),
        ("srt", ["<b>a<i>", "b</b>c</i>"], ["<b>a</b>", "<b><i>b</b>c</i>"]),
        ("srt", ["a <mỗi", "hộ> b"], ["a <mỗi", "hộ> b"]),
        ("srt", [r"{\an8}{\i1}a", r"b{\i0} c"], [r"{\an8}{\i1}a{\i0}", r"{\an8\i1}b{\i0} c"]),
        ("srt", ["a", r"{\an8}b"], [r"{\an8}a", r"{\an8}b"]),
        ("srt", [r"{\c&H00FF&\fs20}a", "b"], [r"{\c&H00FF&\fs20}a", r"{\c&H00FF&\fs20}b"]),
        ("srt", [r"{\i1}a{\r}", "b"], [r"{\i1}a{\r}", "b"]),
        ("srt", [r"{\fad(100,200)}a", "b"], [r"{\fad(100,200)}a", "b"]),
        ("vtt", ["<v.loud Bà Tư>a", "b"], ["<v.loud Bà Tư>a</v>", "<v.loud Bà Tư>b</v>"]),
        ("vtt", ["<c.yellow.bg_blue>a", "b</c> c"], ["<c.yellow.bg_blue>a</c>", "<c.yellow.bg_blue>b</c> c"]),
        ("vtt", ["<lang en><i>a", "b</i></lang>"], ["<lang en><i>a</i></lang>", "<lang en><i>b</i></lang>"]),
        ("vtt", ["<ruby>a<rt>x", "y</rt></ruby> b"], [
            "<ruby>a<rt>x</rt></ruby>", "<ruby><rt>y</rt></ruby> b"]),
        ("vtt", ["<v Lan>a", "<v Tú>b", "c"], ["<v Lan>a</v>", "<v Tú>b</v>", "<v Tú>c</v>"]),
        ("vtt", ["a<00:00:02.000><c>", "b</c>"], ["a", "<00:00:02.000><c>b</c>"]),
        ("vtt", ["<b>a</i>", "b</b>"], ["<b>a</i></b>", "<b>b</b>"]),
        ("vtt", ["<hai>a", "b"], ["<hai>a", "b"]),
        ("record", ["<i>a", "b"], ["<i>a", "b"]),
    ],
)  # fmt: skip
def test_each_part_has_the_marks_that_hold_in_it(kind: Kind, parts: list[str], expected: list[str]) -> None:
    assert carried([(part,) for part in parts], kind) == [(part,) for part in expected]


def test_what_stays_one_cue_keeps_its_marks_as_they_are() -> None:
    assert carried([("<i>a", "b</b>")], "srt") == [("<i>a", "b</b>")]


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        ("srt", "<i>a</i>", False),
        ("srt", "<i>a", True),
        ("srt", "a</i>", True),
        ("srt", "<b><i>a</b></i>", False),
        ("srt", "<mỗi hộ>", False),
        ("vtt", "<v Lan>a", False),
        ("vtt", "<v Lan>a <v Tú>b", False),
        ("vtt", "<b><i>a</b></i>", True),
        ("vtt", "<ruby>a<rt>x</ruby>", False),
        ("vtt", "<c.x>a", True),
        ("vtt", "<00:00:01.000>a <hai>", False),
    ],
)
def test_marks_that_stand_alone_are_told(kind: Kind, line: str, expected: bool) -> None:
    assert unbalanced((line,), kind) is expected


def test_times_inside_the_text_stay_inside_their_cue_and_in_order() -> None:
    line = "<00:01.000>a <00:02.000>b <00:01.500>c <00:03.000>d <00:05.000>e"
    assert with_times_inside((line,), 1000, 5000) == ("a <00:02.000>b c <00:03.000>d e",)
    assert inner_times_outside((line,), 1000, 5000)
    assert not inner_times_outside(("a <00:02.000>b",), 1000, 5000)
    assert with_times_inside(("<00:09.000>", "a"), 1000, 5000) == ("a",)


def test_a_cue_is_cut_where_the_times_inside_it_say() -> None:
    # Of 10 s the first sentence takes 3: evenly it would be 5.
    text = (
        "WEBVTT\n\n00:00.000 --> 00:10.000\nSáng nay xã Đông Hòa ra quân trồng cây xanh. "
        "<00:03.000>Hơn <00:05.000>120 người đến dự lễ ra quân đầu xuân <00:09.000>này.\n"
    )
    first, second = parse_vtt(fix(check(parse_vtt(text), NETFLIX))).cues
    assert (first.end_ms, second.start_ms) == (2920, 3000)
    assert "<" not in "".join(first.lines)
    assert " ".join(second.lines) == "Hơn <00:05.000>120 người đến dự lễ ra quân đầu xuân <00:09.000>này."


def test_marks_are_no_characters_to_be_read() -> None:
    marked = '<font color="#ffff00" face="Arial"><i>' + "x" * 42 + "</i></font>"
    assert check(parse_srt(f"1\n00:00:01,000 --> 00:00:04,000\n{marked}\n"), NETFLIX).findings == ()


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("srt", "<i>" * 200_000 + "</b>" * 200_000),
        ("srt", "<b>" * 100_000 + "<i>" * 100_000 + "</b>" * 100_000),
        ("vtt", "<c.a>" * 200_000 + "x" + "</v>" * 200_000),
        ("srt", r"{\i1\b1\c&HFF&}" * 100_000),
        ("srt", r"{\an8" * 100_000 + "}"),
        ("vtt", "a <i> " * 100_000 + "<" * 100_000),
        ("vtt", "<00:00:01.000>" * 200_000),
    ],
    ids=range(7),
)
def test_hostile_marks_end_soon(kind: Kind, text: str) -> None:
    begun = time.process_time()
    parts = carried([(text, "a"), ("b", text)], kind)
    unbalanced(parts[0], kind)
    with_times_inside(parts[1], 0, 1000)
    assert time.process_time() - begun < 10
