"""Files of captions from anywhere: their bytes, and what they say they are."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from mediakit.errors import CaptionsError
from mediakit.subtitles.read import read_captions

SRT = "1\n00:00:01,000 --> 00:00:02,000\nSáng, ỹ ẵ ợ\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\nSáng, ỹ ẵ ợ\n"


def written(folder: Path, data: bytes, name: str = "a.srt") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (SRT.encode(), []),
        (SRT.encode("utf-8-sig"), ["a byte order mark"]),
        (SRT.replace("\n", "\r\n").encode(), ["line ends of Windows (CRLF)"]),
        (SRT.encode("utf-16"), ["not in UTF-8"]),
        (SRT.encode("utf-16-be"), ["not in UTF-8"]),
        # In Windows-1258 a tone is a character of its own.
        (SRT.replace("Sáng, ỹ ẵ ợ", "Sa\u0301ng, y\u0303 ă\u0303 ơ\u0323").encode("cp1258"), ["not in UTF-8"]),
        (VTT.encode(), []),
        (VTT.replace("\n", "\r\n").encode("utf-8-sig"), ["a byte order mark", "line ends of Windows (CRLF)"]),
    ],
)
def test_encodings_and_line_ends(tmp_path: Path, data: bytes, what: list[str]) -> None:
    track = read_captions(written(tmp_path, data))
    assert [one.what for one in track.tolerated] == what
    (cue,) = track.cues
    assert (cue.start_ms, cue.end_ms, cue.lines) == (1000, 2000, ("Sáng, ỹ ẵ ợ",))


def test_what_is_in_a_file_decides_not_its_name(tmp_path: Path) -> None:
    assert read_captions(written(tmp_path, VTT.encode(), "a.srt")).kind == "vtt"
    assert read_captions(written(tmp_path, SRT.encode(), "a.txt")).kind == "srt"
    with pytest.raises(CaptionsError, match="does not begin with WEBVTT"):
        read_captions(written(tmp_path, SRT.encode(), "a.vtt"))


def test_a_null_byte_is_left_out_and_said(tmp_path: Path) -> None:
    track = read_captions(written(tmp_path, (SRT + "a" * 2000 + "\0\n").encode()))
    assert [(one.what, one.lines) for one in track.tolerated] == [("null bytes", (4,))]
    assert track.cues[0].lines[1] == "a" * 2000


def test_an_error_names_file_line_and_remedy(tmp_path: Path) -> None:
    path = written(tmp_path, b"2\n00:00:03,000 -->\nx\n")
    with pytest.raises(CaptionsError) as caught:
        read_captions(path)
    assert str(path) in str(caught.value)
    assert "line 2: " in str(caught.value)
    assert caught.value.remedy


def said(folder: Path, data: bytes, name: str = "a.srt") -> list[tuple[str, tuple[int, ...]]]:
    return [(one.what, one.lines) for one in read_captions(written(folder, data, name)).tolerated]


TWO = SRT.encode() + b"\n2\n00:00:03,000 --> 00:00:04,000\n" + "Một câu nữa, chữ ấy.\n".encode()


@pytest.mark.parametrize("mark", "\u200b\u200c\u200d\u200e\u200f\u202a\u202c\u202e\u2060\ufeff\u00ad")
@pytest.mark.parametrize("place", [b"2\n00:00:03", b"00:00:03", b" --> 00:00:04", b"00:00:04"])
def test_invisible_marks_before_numbers_and_times_are_tolerated_and_said(
    tmp_path: Path, mark: str, place: bytes
) -> None:
    data = TWO.replace(place, mark.encode() + place)
    track = read_captions(written(tmp_path, data))
    assert [(cue.start_ms, cue.lines) for cue in track.cues] == [
        (1000, ("Sáng, ỹ ẵ ợ",)), (3000, ("Một câu nữa, chữ ấy.",))
    ]  # fmt: skip
    line = 5 if place.startswith(b"2") else 6
    what = (
        "a byte order mark inside, as where a second file was joined on" if mark == "\ufeff" else "invisible characters"
    )
    assert said(tmp_path, data) == [(what, (line,))]


@pytest.mark.parametrize("mark", ["\u200e", "\u200b", "\ufeff\ufeff"])
def test_invisible_marks_before_the_header_of_webvtt(tmp_path: Path, mark: str) -> None:
    assert read_captions(written(tmp_path, (mark + VTT).encode(), "a.vtt")).cues[0].lines == ("Sáng, ỹ ẵ ợ",)


def test_a_second_file_joined_on_is_said_and_read(tmp_path: Path) -> None:
    again = TWO.replace(b"00:00:0", b"00:01:0")
    joined = "a byte order mark inside, as where a second file was joined on"
    assert said(tmp_path, TWO + b"\n\xef\xbb\xbf" + again) == [
        (joined, (9,)), ("a number that does not follow the one before", (9,))
    ]  # fmt: skip
    vtt = VTT + "\n\ufeffWEBVTT\n\n00:03.000 --> 00:04.000\nMột\n"
    assert [what for what, _ in said(tmp_path, vtt.encode(), "a.vtt")] == [
        joined, "a second file, joined on to the first"
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("begin", ["1\n", "2\n\n", "0 \n"])
def test_a_second_file_joined_on_in_a_line_begins_a_new_one(tmp_path: Path, end: str, begin: str) -> None:
    first = "1\n00:00:01,000 --> 00:00:03,000\nChào buổi sáng." + end
    joined = first + f"\ufeff{begin}00:00:04,000 --> 00:00:06,000\nPhần sau.\n"
    track = read_captions(written(tmp_path, joined.encode()))
    assert [cue.lines for cue in track.cues] == [("Chào buổi sáng.",), ("Phần sau.",)]
    assert track.cues[1].line == joined.count("\n") - 1
    marks = [one for one in track.tolerated if one.what.startswith("a byte order mark inside")]
    assert [one.lines for one in marks] == [(3 + len(end),)]


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("head", ["WEBVTT\n\n", "WEBVTT - bản tin\nKind: captions\n\n"])
def test_a_second_webvtt_joined_on_is_not_shown(tmp_path: Path, end: str, head: str) -> None:
    joined = f"WEBVTT\n\n00:01.000 --> 00:03.000\nMưa to.{end}\ufeff{head}00:01.500 --> 00:03.500\nGió lớn.\n"
    track = read_captions(written(tmp_path, joined.encode(), "a.vtt"))
    assert [cue.lines for cue in track.cues] == [("Mưa to.",), ("Gió lớn.",)]
    assert track.cues[1].line == joined.count("\n") - 1
    assert "a second file, joined on to the first" in [one.what for one in track.tolerated]


def test_a_byte_order_mark_in_a_sentence_parts_nothing(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:03,000\nNăm \ufeff2021\nlũ \ufeffWEBVTTX\n"
    assert read_captions(written(tmp_path, text.encode())).cues[0].lines == ("Năm 2021", "lũ WEBVTTX")


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\x0c"])
def test_line_ends_that_few_programs_know_are_said(tmp_path: Path, end: str) -> None:
    text = TWO.decode().replace("\n", end)
    assert (f"line ends that few programs know (U+{ord(end):04X})", (1,)) in said(tmp_path, text.encode())


@pytest.mark.parametrize(
    ("end", "what"),
    [
        (b"\r\r\n", ["line ends of Windows (CRLF)", "doubled line ends (CR CR LF)"]),
        (b"\r", ["line ends of old Macs (CR)"]),
        (b"\n\n", ["an empty line after each line"]),
    ],
)
def test_line_ends_of_all_kinds(tmp_path: Path, end: bytes, what: list[str]) -> None:
    for data, name in ((TWO, "a.srt"), (VTT.encode() + b"\n00:03.000 --> 00:04.000\nM\n", "a.vtt")):
        track = read_captions(written(tmp_path, data.replace(b"\n", end), name))
        assert [(cue.start_ms, len(cue.lines)) for cue in track.cues] == [(1000, 1), (3000, 1)]
        assert [one.what for one in track.tolerated] == what


def test_mixed_line_ends_and_none_at_the_end(tmp_path: Path) -> None:
    data = TWO.replace(b"\n", b"\r\n", 3).rstrip(b"\n")
    assert [what for what, _ in said(tmp_path, data)] == ["line ends of several kinds"]


def test_damage_is_named_by_line_and_the_rest_is_read(tmp_path: Path) -> None:
    data = TWO.replace("nữa, ".encode(), "nữa, ".encode() + b"\x93")
    assert said(tmp_path, data) == [("1 byte is not UTF-8", (7,))]
    assert read_captions(written(tmp_path, data)).cues[0].lines == ("Sáng, ỹ ẵ ợ",)


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 40, b"\0" * 1000, b"\x1b[2J" * 50, b"\x89PNG\r\n\x1a\n" + bytes(200), b"\xff\xfe\x00"],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(CaptionsError):
        read_captions(written(tmp_path, data))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path, what in (
        (tmp_path / "thiếu.srt", "no such file"),
        (tmp_path, "is not a file"),
        (tmp_path / "a\0.srt", "no such file|cannot be read"),
        (tmp_path / ("a" * 5000), "cannot be read"),
    ):
        with pytest.raises(CaptionsError, match=what):
            read_captions(path)
    huge = tmp_path / "phim.srt"
    with huge.open("wb") as out:
        out.truncate(50_000_000)
    with pytest.raises(CaptionsError, match="larger than 20 MB"):
        read_captions(huge)


if sys.platform != "win32":

    def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.srt")
        begun = time.monotonic()
        with pytest.raises(CaptionsError, match="is not a file"):
            read_captions(tmp_path / "a.srt")
        assert time.monotonic() - begun < 5
