"""SubRip as players take it, and what is beyond them (what is written by mediakit: test_read_back.py)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.subtitles.subrip import compose, parse_srt, recompose
from mediakit.subtitles.track import CaptionsUnreadable, FileCue, Track, pieces, plain

#: What is kept as it is.
UNPAIRED = ("a mark that is opened or closed alone",)
GOOD = "1\n00:00:01,000 --> 00:00:02,500\nXin chào\n<i>bà con</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nMột\n"


def cues(track: Track) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(cue.start_ms, cue.end_ms, cue.lines) for cue in track.cues]


def tolerated(text: str) -> dict[str, tuple[int, ...]]:
    return {one.what: one.lines for one in parse_srt(text).tolerated}


def test_a_good_file() -> None:
    track = parse_srt(GOOD)
    assert cues(track) == [(1000, 2500, ("Xin chào", "<i>bà con</i>")), (3000, 4000, ("Một",))]
    assert [(cue.number, cue.line) for cue in track.cues] == [(1, 2), (2, 7)]
    assert (track.kind, track.tolerated) == ("srt", ())
    assert compose(track.cues) == GOOD + "\n"


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (GOOD.replace(",", "."), "a full stop for the comma in its times", 2),
        (GOOD.replace("01,000 -->", "1,000 -->"), "times in an unusual form", 2),
        (GOOD.replace("01,000 -->", "01 -->"), "times in an unusual form", 2),
        (GOOD.replace("00:00:01,000 --> ", "0:00:01,0-->"), "times in an unusual form", 2),
        (GOOD.removeprefix("1\n"), "a cue without a number", 1),
        (GOOD.replace("2\n00:00:03", "hai\n\n00:00:03"), "a cue without a number", 8),
        (GOOD.replace("con</i>\n\n2", "con</i>\n2"), "no empty line before a cue", 5),
        (GOOD.replace("chào\n", "chào\n\n"), "an empty line inside a cue", 4),
        (GOOD.replace("Một", "<i></i>"), "a cue without text", 7),
        (GOOD.replace("Một", ""), "a cue without text", 7),
        (GOOD.replace("00:00:02,500", "00:00:01,000"), "a cue that ends when it begins", 2),
        (GOOD.replace("00:00:03,000", "00:00:00,000"), "a cue begins before the one above it", 7),
    ],
)
def test_what_players_accept_is_accepted_and_said(text: str, what: str, line: int) -> None:
    found = tolerated(text)
    assert found[what][0] == line
    words = " ".join(" ".join(lines) for _, _, lines in cues(parse_srt(text)))
    assert "Xin chào" in words


def test_a_short_fraction_is_a_fraction() -> None:
    assert cues(parse_srt("1\n00:00:01,5 --> 00:00:02,25\nx\n"))[0][:2] == (1500, 2250)


def test_cues_come_by_time_and_may_overlap() -> None:
    track = parse_srt("1\n00:00:05,000 --> 00:00:06,000\nb\n\n2\n00:00:01,000 --> 00:00:09,000\na\n")
    assert [(cue.number, cue.lines) for cue in track.cues] == [(2, ("a",)), (1, ("b",))]


def test_positions_are_kept() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,500 X1:10 X2:20 Y1:30 Y2:40\nXin\n\n"
    track = parse_srt(text)
    assert (track.cues[0].settings, track.tolerated) == ("X1:10 X2:20 Y1:30 Y2:40", ())
    assert compose(track.cues) == text


def bad(text: str) -> list[tuple[int, int, bool]]:
    """Number and line of each bad cue, and whether it is read all the same."""
    return [(one.number, one.line, one.cue is not None) for one in parse_srt(text).bad]


@pytest.mark.parametrize(
    ("text", "line"), [("xin chào\n", 1), ("[Script Info]\nTitle: x\n", 1), ("\n\n1\nkhông có giờ\n", 3)]
)
def test_what_has_no_cue_at_all_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(CaptionsUnreadable, match=rf"^line {line}: "):
        parse_srt(text)


def test_of_what_cannot_be_read_the_first_is_named_and_how_many_there_are() -> None:
    with pytest.raises(
        CaptionsUnreadable, match=r"^line 2: the cue ends before it begins \(.*\) \(and 1 more; no cue can be read\)$"
    ):
        parse_srt("1\n00:00:02,000 --> 00:00:01,000\na\n\n2\n00:00:02,000 -->\nb\n")


SECOND = "00:00:03,000 --> 00:00:04,000"


@pytest.mark.parametrize(
    ("text", "number", "line"),
    [
        ("tựa\n" + GOOD, 0, 1),
        (GOOD.replace(SECOND, "00:00:03,000 -->"), 2, 7),
        (GOOD.replace(SECOND, "--> 00:00:04,000"), 2, 7),
        (GOOD.replace(SECOND, "00:61:03,000 --> 00:62:04,000"), 2, 7),
        (GOOD.replace(SECOND, "00:00:3O,000 --> 00:00:4O,000"), 2, 7),
        (GOOD.replace(SECOND, "ba --> bốn"), 2, 7),
        (GOOD.replace(SECOND, "٠٠:٠٠:٠٣,٠٠٠ --> ٠٠:٠٠:٠٤,٠٠٠"), 2, 7),
        (GOOD.replace("00:00:04,000", "00:00:02,999"), 2, 7),
        (GOOD.replace("00:00:04,000", "-00:00:05,000"), 2, 7),
        (GOOD.replace("00:00:04,000", "00:00:04:12"), 2, 7),
        (GOOD.replace(SECOND + "\n", ""), 2, 6),
        (GOOD.replace("\n\n2\n", " "), 2, 4),
    ],
)
def test_a_bad_cue_is_named_and_kept_and_the_rest_is_read(text: str, number: int, line: int) -> None:
    track = parse_srt(text)
    assert bad(text) == [(number, line, False)]
    kept = [cue for cue in cues(parse_srt(GOOD)) if number == 0 or cue[2] != ("Một",)]
    assert [(cue[0], cue[1]) for cue in cues(track)] == [(cue[0], cue[1]) for cue in kept]
    again = recompose(track, track.cues)
    assert bad(again) == [(number, again.split("\n").index(text.split("\n")[line - 1]) + 1, False)]
    assert recompose(parse_srt(again), parse_srt(again).cues) == again
    assert {word for word in text.split() if not word.isdigit()} <= set(again.split())


@pytest.mark.parametrize(
    "times",
    [
        "00:00:03,000 -> 00:00:04,000",
        "00:00:03,000 —> 00:00:04,000",
        "00:00:03,000 –-> 00:00:04,000",
        "00:00:03,000 → 00:00:04,000",
        "00:00:03,000 --&gt; 00:00:04,000",
        "00:00:03,000 - -> 00:00:04,000",
        "00:03,000 --> 00:04,000",
        "3.0 --> 4.0",
        "00:00:03:000 --> 00:00:04:000",
        "00 : 00 : 03 , 000 --> 00 : 00 : 04 , 000",
        "00：00：03，000 --> 00：00：04，000",
        "\ufffd00:00:03,000 --> 00:00:04,000",
        "[00:00:03,000 --> 00:00:04,000]",
        "2 00:00:03,000 --> 00:00:04,000",
        "00:00:03,000000 --> 00:00:04,000000",
    ],
)
@pytest.mark.parametrize("before", ["\n2\n", "2\n", "\n"])
def test_times_that_players_do_not_take_and_are_plain_to_read(times: str, before: str) -> None:
    text = GOOD.replace(f"\n2\n{SECOND}", f"{before}{times}")
    track = parse_srt(text)
    line = text[: text.index(times)].count("\n") + 1
    assert bad(text) == [(2, line, True)]
    assert cues(track) == cues(parse_srt(GOOD))
    assert recompose(track, track.cues).startswith(GOOD)


def test_text_beside_its_times_is_text() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000 Xin chào\n\n2\n00:00:03,000 --> 00:00:04,000\nMột\n"
    assert bad(text) == [(1, 2, True)]
    assert cues(parse_srt(text))[0] == (1000, 2000, ("Xin chào",))


@pytest.mark.parametrize(
    ("number", "what"),
    [
        ("2.", "a number that is none"),
        ("#2", "a number that is none"),
        ("[2]", "a number that is none"),
        ("2a", "a number that is none"),
        ("7", "a number that does not follow the one before"),
        ("1", "a number that does not follow the one before"),
        ("2\n", "an empty line between number and times"),
        ("2\n\n\n", "a cue without a number"),
    ],
)
def test_numbers_of_all_kinds(number: str, what: str) -> None:
    found = parse_srt(GOOD.replace("\n2\n", f"\n{number}\n"))
    assert what in {one.what for one in found.tolerated}
    assert len(found.cues) == 2
    assert found.cues[0].lines[:2] == ("Xin chào", "<i>bà con</i>")


def test_a_cue_without_times_is_told_from_text_by_the_numbers_around_it() -> None:
    three = GOOD.replace("\n2\n", "\n2\nkhông có giờ\n\n3\n")
    assert bad(three) == [(2, 6, False)]
    assert [cue.number for cue in parse_srt(three).cues] == [1, 3]
    text = GOOD.replace("\n2\n", "\n2\nkhông phải câu\n\n2\n")
    assert bad(text) == []
    assert cues(parse_srt(text))[0][2] == ("Xin chào", "<i>bà con</i>", "2", "không phải câu")


@pytest.mark.parametrize(
    "text", ["Vào Tệp --> Mở", "--> x", "lúc 7:30 --> 8:30", "5\n0:0:1 - - > 0:0:2", "42\n1:2:3.4 giờ", "42", "7\n8"]
)
def test_text_that_looks_like_something_else_is_text(text: str) -> None:
    whole = f"1\n00:00:01,000 --> 00:00:02,000\na\n{text}\n\n2\n00:00:03,000 --> 00:00:04,000\nb\n"
    track = parse_srt(whole)
    assert cues(track) == [(1000, 2000, ("a", *text.split("\n"))), (3000, 4000, ("b",))]
    assert track.tolerated == ()
    assert cues(parse_srt(compose(track.cues))) == cues(track)


def test_a_line_that_a_break_makes_look_like_times_loses_a_dash() -> None:
    cue = FileCue(1, 1, 0, 1000, ("xem", "00:00:01,000 --> 00:00:02,000 nhé"))
    (read,) = parse_srt(compose([cue])).cues
    assert read.lines == ("xem", "00:00:01,000 -> 00:00:02,000 nhé")


def test_nothing_at_all_has_no_cues() -> None:
    assert parse_srt("").cues == parse_srt("\n\n \n").cues == ()


@given(st.text(st.sampled_from("0123456789:,.-> \n<i{\\}x١\x00\x0b\u2028"), max_size=200), st.booleans())
def test_any_text_is_read_or_refused(text: str, after: bool) -> None:
    try:
        track = parse_srt(GOOD + "\n" + text if after else text)
    except CaptionsUnreadable:
        return
    again = parse_srt(recompose(track, track.cues))
    assert [cue[:2] for cue in cues(again)] == [cue[:2] for cue in cues(track)]
    assert {one.what for one in again.tolerated} <= {"a cue that ends when it begins", *UNPAIRED}
    assert len(again.bad) == sum(one.cue is None for one in track.bad)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\n" + "a " * 2_500_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "x" * 5_000_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<" * 100_000 + "<i " * 100_000 + "{\\" * 100_000,
        "9" * 1_000_000,
        "1" + " " * 5_000_000 + "00:00:01,000 --> 00:00:02,000",
        "0:" * 500_000 + "-->",
        "-" * 1_000_000,
        "00:00:01,000" + " " * 1_000_000 + "-" * 1_000_000,
        "\n" * 100_000 + "1\n00:00:01,000 --> 00:00:02,000\nx" + "\n" * 100_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "7\n" * 300_000,
        "1\n999999:59:59,999 --> 999999:59:59,999\nx\n",
    ],
    ids=range(11),
)
def test_hostile_files_end_soon(text: str) -> None:
    begun = time.monotonic()
    try:
        track = parse_srt(text)
        [(plain(line, "srt"), pieces(line, "srt")) for cue in track.cues for line in cue.lines]
    except CaptionsUnreadable:
        pass
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize("text", ["Không giờ.", "Mưa\nlớn.", "2021"])
@pytest.mark.parametrize("bad", ["00:00:xx,000 --> 00:00:07,000\nSai.", "00:00:03,000 --> 00:00:04,000\nĐúng."])
def test_a_number_an_empty_line_and_no_times_is_a_bad_cue_and_stays_one(text: str, bad: str) -> None:
    file = f"1\n00:00:01,000 --> 00:00:02,000\nMột\n\n2\n{bad}\n\n3\n\n{text}\n\n"
    file += "4\n00:00:08,000 --> 00:00:09,000\nBốn\n\n"
    track = parse_srt(file)
    assert (3, 9, "has no times") in [(one.number, one.line, one.what) for one in track.bad]
    assert recompose(track, track.cues) == file


@pytest.mark.parametrize("name", ["abc", "c-12x", "canh-2"])
@pytest.mark.parametrize("times", ["00:00:03,000 --> 00:00:04,000", "00:61:00,000 --> 00:62:00,000"])
def test_an_identifier_instead_of_a_number_is_no_text(name: str, times: str) -> None:
    file = f"1\n00:00:01,000 --> 00:00:02,000\nMột\n\n{name}\n{times}\nHai\n"
    track = parse_srt(file)
    assert track.cues[0].lines == ("Một",)
    assert tolerated(file) == {"an identifier instead of a number": (5,)}
    assert recompose(track, track.cues).rstrip() == file.replace(name, "2").rstrip()


def test_a_line_of_text_above_times_is_text() -> None:
    track = parse_srt("1\n00:00:01,000 --> 00:00:02,000\nMột\nabc\n00:00:03,000 --> 00:00:04,000\nHai\n")
    assert track.cues[0].lines == ("Một", "abc")
