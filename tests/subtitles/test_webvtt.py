"""WebVTT as browsers take it, and what is beyond them (what is written by mediakit: test_read_back.py)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.subtitles.track import CaptionsUnreadable, Track, pieces, plain
from mediakit.subtitles.webvtt import parse_vtt, recompose

GOOD = """\
WEBVTT - bản tin
Kind: captions

NOTE của tòa soạn

STYLE
::cue(b) { color: red }

c1
00:01.000 --> 00:02.500 align:start position:10%
<v Lan>Xin chào</v>
bà &amp; con

NOTE
giữa hai câu

00:00:03.000 --> 00:00:04.000
Một

NOTE hết
"""


def cues(track: Track) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(cue.start_ms, cue.end_ms, cue.lines) for cue in track.cues]


def tolerated(text: str) -> dict[str, tuple[int, ...]]:
    return {one.what: one.lines for one in parse_vtt(text).tolerated}


def test_a_good_file() -> None:
    track = parse_vtt(GOOD)
    first, second = track.cues
    assert cues(track) == [(1000, 2500, ("<v Lan>Xin chào</v>", "bà &amp; con")), (3000, 4000, ("Một",))]
    assert (first.number, first.line, first.identity, first.settings) == (1, 10, "c1", "align:start position:10%")
    assert (second.number, second.line, second.identity, second.settings) == (2, 17, "", "")
    assert [block.before for block in track.blocks] == [0, 1, 1, 2, 3]
    assert track.tolerated == ()
    assert recompose(track, track.cues) == GOOD.replace(" 00:0", " 00:00:0").replace("\n00:01", "\n00:00:01").replace(
        "> 00:00:00:04", "> 00:00:04"
    )


def test_what_a_reader_sees() -> None:
    assert plain("<v Bà Tư>Xin <i.đỏ>chào</i></v> &lt;b&gt;&nbsp;&amp; a<00:00:01.000>b", "vtt") == (
        "Xin chào <b>\xa0& ab"
    )
    assert pieces("<v Bà Tư>Xin <i>chào</i></v> <c.x>", "vtt") == ["<v Bà Tư>Xin", "<i>chào</i></v>", "<c.x>"]


@pytest.mark.parametrize(
    ("old", "new", "what", "line"),
    [
        ("00:00:03.000 -->", "0:00:03.000 -->", "times in an unusual form", 17),
        ("00:00:03.000 --> 00", "00:00:03.000-->00", "times in an unusual form", 17),
        ("con\n\nNOTE\ngiữa hai câu\n\n00:00:03", "con\n00:00:03", "no empty line before a cue", 13),
        ("WEBVTT - bản tin\nKind: captions\n\nNOTE của tòa soạn\n\nSTYLE\n::cue(b) { color: red }\n\nc1\n",
         "WEBVTT\n", "no empty line before a cue", 2),
        ("giữa hai câu\n\n", "giữa hai câu\n", "no empty line before a cue", 16),
        ("</v>\n", "</v>\n \t\n", "a line of spaces inside a cue", 12),
        ("\nMột", "\n<i> </i>", "a cue without text", 17),
        ("\nMột", "", "a cue without text", 17),
        ("00:00:04.000", "00:00:03.000", "a cue that ends when it begins", 17),
        ("00:00:03.000 -->", "00:00:00.000 -->", "a cue begins before the one above it", 17),
    ],
)  # fmt: skip
def test_what_browsers_accept_is_accepted_and_said(old: str, new: str, what: str, line: int) -> None:
    assert GOOD.count(old) == 1
    assert tolerated(GOOD.replace(old, new)) == {what: (line,)}
    track = parse_vtt(GOOD.replace(old, new))
    assert "Xin chào" in " ".join(" ".join(lines) for _, _, lines in cues(track))
    again = parse_vtt(recompose(track, track.cues))
    assert {one.what for one in again.tolerated} <= {"a cue that ends when it begins"}
    assert cues(again) == cues(track)


@pytest.mark.parametrize(
    "text",
    ["", "1\n00:00:01.000 --> 00:00:02.000\nx\n", "WEBVTTx\n", "\nWEBVTT\n", "WEBVTT\n\nkhông phải câu nào\n"],
)
def test_what_is_no_webvtt_or_has_no_cue_at_all_is_refused_with_its_line(text: str) -> None:
    line = 3 if text.startswith("WEBVTT\n") else 1
    with pytest.raises(CaptionsUnreadable, match=rf"^line {line}: "):
        parse_vtt(text)


def bad(text: str) -> list[tuple[int, int, bool]]:
    """Number and line of each bad cue, and whether it is read all the same."""
    return [(one.number, one.line, one.cue is not None) for one in parse_vtt(text).bad]


@pytest.mark.parametrize(
    ("old", "new", "number", "line"),
    [
        ("\nMột", "\nMột\n\nkhông phải câu nào", 0, 20),
        ("00:00:03.000", "00:60:03.000", 2, 17),
        ("00:00:03.000", "٠٠:٠٠:٠٣.000", 2, 17),
        ("00:00:03.000", "ba", 2, 17),
        ("00:00:03.000", "", 2, 17),
        ("00:00:04.000", "00:00:02.999", 2, 17),
        ("bà &amp; con", "bà --> con", 2, 12),
    ],
)
def test_a_bad_cue_is_named_and_kept_and_the_rest_is_read(old: str, new: str, number: int, line: int) -> None:
    text = GOOD.replace(old, new)
    track = parse_vtt(text)
    assert bad(text) == [(number, line, False)]
    assert "Xin chào" in track.cues[0].lines[0]
    assert text.split("\n")[line - 1] in recompose(track, track.cues).split("\n")
    again = parse_vtt(recompose(track, track.cues))
    assert [(one.number, one.what) for one in again.bad] == [(one.number, one.what) for one in track.bad]
    assert (cues(again), again.blocks) == (cues(track), track.blocks)


@pytest.mark.parametrize(
    "times",
    [
        "00:00:03,000 --> 00:00:04,000",
        "00:00:3.000 --> 00:00:4.000",
        "0:03.0 --> 0:04.0",
        "00:00:03.000 -> 00:00:04.000",
        "00:00:03.000 –> 00:00:04.000",
        "00:00:03.000 → 00:00:04.000",
        "\ufffd00:00:03.000 --> 00:00:04.000",
    ],
)
def test_times_that_browsers_do_not_take_and_are_plain_to_read(times: str) -> None:
    text = GOOD.replace("00:00:03.000 --> 00:00:04.000", times)
    assert bad(text) == [(2, 17, True)]
    assert cues(parse_vtt(text)) == cues(parse_vtt(GOOD))


def test_a_number_above_times_without_an_empty_line_is_no_text() -> None:
    text = "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nMột\n2\n00:03.000 --> 00:04.000\nHai\n"
    track = parse_vtt(text)
    assert cues(track) == [(1000, 2000, ("Một",)), (3000, 4000, ("Hai",))]
    assert [cue.identity for cue in track.cues] == ["1", "2"]
    assert tolerated(text) == {"no empty line before a cue": (6,)}


def test_a_second_file_that_was_joined_on_is_said_and_what_it_says_of_itself_kept() -> None:
    for second, kept in (
        ("WEBVTT", []),
        ("WEBVTT - phần hai\nKind: captions", ["NOTE\nWEBVTT - phần hai\nKind: captions"]),
    ):
        text = f"WEBVTT\n\n00:01.000 --> 00:02.000\nMột\n\n{second}\n\n00:03.000 --> 00:04.000\nHai\n"
        track = parse_vtt(text)
        assert tolerated(text) == {"a second file, joined on to the first": (6,)}
        assert [block.text for block in track.blocks[1:]] == kept
        assert parse_vtt(recompose(track, track.cues)).tolerated == ()


def test_times_inside_text_that_are_outside_of_their_cue_are_said() -> None:
    what = "an inner time outside of its cue, or before the one before it"
    for line in ("Xin <00:00.500>chào", "Xin <00:00:05.000>chào", "a <00:01.500>b <00:01.400>c", "<00:01.000>a"):
        assert tolerated(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{line}\n") == {what: (3,)}
    assert tolerated("WEBVTT\n\n00:01.000 --> 00:02.000\na <00:01.500>b <00:01.600>c\n") == {}


def test_a_cue_may_be_called_as_a_note_is() -> None:
    (cue,) = parse_vtt("WEBVTT\n\nNOTE\n00:00:01.000 --> 00:00:02.000\nx\n").cues
    assert (cue.identity, cue.lines) == ("NOTE", ("x",))


def test_hours_have_as_many_digits_as_they_need() -> None:
    text = "WEBVTT\n\n100:00:00.000 --> 100:00:01.000\nx\n"
    track = parse_vtt(text)
    assert (track.tolerated, recompose(track, track.cues)) == ((), text)


@given(
    st.text(st.sampled_from("0123456789:.-> \nNOTE<i&;x\x0b\u2028"), max_size=200), st.sampled_from([GOOD, "WEBVTT"])
)
def test_any_text_is_read_or_refused(text: str, before: str) -> None:
    try:
        track = parse_vtt(f"{before}\n{text}")
    except CaptionsUnreadable:
        return
    assert cues(parse_vtt(recompose(track, track.cues))) == cues(track)


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01.000 --> 00:00:02.000\n" + "a " * 2_500_000,
        "00:00:01.000 --> 00:00:02.000\n" + "<" * 1_000_000,
        "00:00:01.000 --> 00:00:02.000\n" + "<i>" * 300_000 + "&" * 300_000 + "&#" + "9" * 300_000,
        "9" * 1_000_000,
        "00:00:01.000" + " " * 1_000_000 + "-" * 1_000_000,
        "\n" * 100_000 + "00:00:01.000 --> 00:00:02.000\nx" + "\n" * 100_000,
        "NOTE x\n\n" * 100_000,
        "-->\n" * 100_000,
    ],
    ids=range(8),
)
def test_hostile_files_end_soon(text: str) -> None:
    begun = time.monotonic()
    try:
        track = parse_vtt(f"WEBVTT\n\n{text}\n")
        [(plain(line, "vtt"), pieces(line, "vtt")) for cue in track.cues for line in cue.lines]
        recompose(track, track.cues)
    except CaptionsUnreadable:
        pass
    assert time.monotonic() - begun < 10
