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
    path = written(tmp_path, SRT.encode() + b"\n2\n00:00:03,000 -> 00:00:04,000\nx\n")
    with pytest.raises(CaptionsError) as caught:
        read_captions(path)
    assert str(path) in str(caught.value)
    assert "line 6: " in str(caught.value)
    assert caught.value.remedy


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
