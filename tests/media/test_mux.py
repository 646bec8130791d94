"""Captions put into videos: every character of them, on the clock of the picture and the sound."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import ffmpeg
import numpy as np
import pytest

from mediakit.captions.caption import Caption
from mediakit.errors import MediaError, ToolMissing, UsageError
from mediakit.media.decode import decode
from mediakit.media.ffmpeg import Finished, local_input
from mediakit.media.mux import CONTAINERS, burn, container_of, failure, mux, probe_video
from mediakit.media.probe import choose_audio, probe
from mediakit.media.tx3g import BOLD, ITALIC, LARGEST_TEXT_BYTES, Style, TextSample, write_tx3g
from mediakit.subtitles.ass import render_ass
from tests.media.studio import encode, moving_picture, onsets_ms

HOUR_MS = 3_600_000
SRT = "1\n00:00:00,501 --> 00:00:01,234\n<i>Xin</i> \\N {x} <hai>\n\n2\n00:00:01,234 --> 00:00:02,001\n10\n\n"
VTT = "WEBVTT\n\n00:00:00.501 --> 00:00:01.234\n<i>Xin</i> \\N {x} &lt;hai&gt;\n\n00:00:01.234 --> 00:00:02.001\n10\n"
SAMPLES = (TextSample(501, 1234, "Xin \\N {x} <hai>", (Style(0, 3, ITALIC),)), TextSample(1234, 2001, "10"))


def packets(path: Path, stream: int = 0) -> list[tuple[int, int, bytes]]:
    """Start and length in milliseconds, and the bytes, of what a track of text shows; times from the file's start."""
    found = []
    with av.open(str(path)) as file:
        for packet in file.demux(file.streams.subtitles[stream]):
            if packet.pts is None or packet.time_base is None or bytes(packet) == b"\0\0":
                continue
            ticks = packet.time_base * 1000
            start, length = packet.pts * ticks - Fraction(file.start_time or 0, 1000), (packet.duration or 0) * ticks
            assert start.denominator == length.denominator == 1
            found.append((int(start), int(length), bytes(packet)))
    return found


def first_picture_ms(path: Path) -> float:
    """Where the picture begins, from the file's start."""
    with av.open(str(path)) as file:
        frame = next(file.decode(video=0))
        assert frame.pts is not None
        assert frame.time_base is not None
        return float(frame.pts * frame.time_base) * 1000 - (file.start_time or 0) / 1000


def last_burst_ms(path: Path) -> float:
    """Where the last burst of tone begins, on the clock of a player."""
    return onsets_ms(np.concatenate(list(decode(path, choose_audio(probe(path))))))[-1]


# The track of text of MP4.


def test_every_character_is_in_the_file(tmp_path: Path) -> None:
    text = "Đồ dùng: <mỗi hộ> & b \\N {\\pos(1,1)} 😀\nữ"
    write_tx3g(tmp_path / "a.mp4", [TextSample(10, 20, text, (Style(0, 2, BOLD | ITALIC),)), TextSample(20, 31, "b")])
    (first, second) = packets(tmp_path / "a.mp4")
    encoded = text.encode()
    assert first[:2] == (10, 10)
    assert first[2][: 2 + len(encoded)] == struct.pack(">H", len(encoded)) + encoded
    assert first[2][2 + len(encoded) :][:15] == b"\0\0\0\x16styl" + struct.pack(">HHHB", 1, 0, 2, 0)
    assert second == (20, 11, b"\0\x01b")


def test_long_silences_and_long_captions(tmp_path: Path) -> None:
    write_tx3g(tmp_path / "a.mp4", [TextSample(5 * HOUR_MS + 1, 6 * HOUR_MS + 2, "a")])
    found = packets(tmp_path / "a.mp4")
    assert found[0][0] == 5 * HOUR_MS + 1
    assert sum(length for _, length, _ in found) == HOUR_MS + 1
    assert {data for _, _, data in found} == {b"\0\x01a"}


def test_what_is_no_sample(tmp_path: Path) -> None:
    for start_ms, end_ms, text in ((5, 5, "a"), (-1, 5, "a"), (0, 5, "a" * (LARGEST_TEXT_BYTES + 1))):
        with pytest.raises(ValueError, match="not a sample"):
            TextSample(start_ms, end_ms, text)
    with pytest.raises(ValueError, match="begins before"):
        write_tx3g(tmp_path / "a.mp4", [TextSample(0, 5, "a"), TextSample(4, 6, "b")])


# The clock.


def late_sound(folder: Path, wav: Path) -> Path:
    sound = ffmpeg.input(str(wav), itsoffset=0.7)
    return encode(folder / "a.mp4", moving_picture(3000), sound, vcodec="libx264", acodec="aac")


def late_picture(folder: Path, wav: Path) -> Path:
    picture = ffmpeg.input("testsrc=size=64x64:rate=25:duration=3", f="lavfi", itsoffset=0.7)
    return encode(folder / "a.mp4", picture, wav, vcodec="libx264", acodec="aac")


def late_file(folder: Path, wav: Path) -> Path:
    options = {"output_ts_offset": 5}
    return encode(folder / "a.mp4", moving_picture(3000), wav, vcodec="libx264", acodec="aac", **options)


def cut_out(folder: Path, wav: Path) -> Path:
    """Begins with an edit list that hides what comes before the cut."""
    whole = encode(folder / "whole.mp4", moving_picture(3000), wav, vcodec="libx264", acodec="aac")
    return encode(folder / "a.mp4", ffmpeg.input(str(whole), ss=0.5), c="copy")


def transport_stream(folder: Path, wav: Path) -> Path:
    sound = ffmpeg.input(str(wav), itsoffset=0.3)
    return encode(folder / "a.ts", moving_picture(3000), sound, vcodec="libx264", acodec="aac")


def matroska(folder: Path, wav: Path) -> Path:
    return encode(folder / "a.mkv", moving_picture(3000), wav, vcodec="libx264", acodec="libmp3lame")


def avi(folder: Path, wav: Path) -> Path:
    return encode(folder / "a.avi", moving_picture(3000), wav, vcodec="mpeg4", bf=2, acodec="libmp3lame")


@pytest.mark.slow
@pytest.mark.parametrize("make", [late_sound, late_picture, late_file, cut_out, transport_stream, matroska, avi])
@pytest.mark.parametrize("ending", [".mp4", ".mkv"])
def test_captions_stay_with_picture_and_sound(
    tmp_path: Path, wav: Path, make: Callable[[Path, Path], Path], ending: str
) -> None:
    video, target = make(tmp_path, wav), tmp_path / f"out{ending}"
    if ending == ".mp4":
        write_tx3g(tmp_path / "captions", SAMPLES)
    else:
        (tmp_path / "captions").write_text(SRT, encoding="utf-8")
    mux(video, tmp_path / "captions", target, container=CONTAINERS[ending], language="vie")
    found = [(start_ms, length_ms) for start_ms, length_ms, _ in packets(target)]
    moved_ms = found[0][0] - 501
    assert found == [(501 + moved_ms, 733), (1234 + moved_ms, 767)]
    # Matroska has neither edit lists nor, before ffmpeg 8, a time before 0: there all may move, but together. Half a
    # frame of MP3 or AAC is left to the ffmpeg of old.
    assert moved_ms == 0 or ending == ".mkv"
    assert last_burst_ms(target) - moved_ms == pytest.approx(last_burst_ms(video), abs=30)
    if make is not cut_out:
        assert first_picture_ms(target) - moved_ms == pytest.approx(first_picture_ms(video), abs=30)


@pytest.mark.parametrize(("ending", "text"), [(".mkv", SRT), (".webm", VTT)])
def test_text_is_copied_byte_for_byte(tmp_path: Path, ending: str, text: str) -> None:
    codecs = {"vcodec": "libvpx", "deadline": "realtime"} if ending == ".webm" else {"vcodec": "libx264"}
    video = encode(tmp_path / f"a{ending}", moving_picture(500), **codecs)
    (tmp_path / "captions").write_text(text, encoding="utf-8")
    mux(video, tmp_path / "captions", tmp_path / f"out{ending}", container=CONTAINERS[ending], language="vie")
    blocks = text.removeprefix("WEBVTT\n\n").strip().split("\n\n")
    expected = [block.split(" --> ")[1].split("\n", 1)[1].encode() for block in blocks]
    assert [data for _, _, data in packets(tmp_path / f"out{ending}")] == expected


def test_progress_is_in_milliseconds(tmp_path: Path, mp4: Path) -> None:
    told: list[tuple[int, int | None]] = []
    (tmp_path / "captions.ass").write_text(render_ass([Caption("c1", 500, 900, ("ạ",))]), encoding="utf-8")
    burn(
        mp4, tmp_path / "captions.ass", tmp_path / "o.mp4", container=CONTAINERS[".mp4"],
        on_progress=lambda done_ms, total_ms: told.append((done_ms, total_ms)),
    )  # fmt: skip
    assert told == sorted(told)
    assert {total_ms for _, total_ms in told} == {3000}
    assert told[-1][0] == pytest.approx(3000, abs=100)


# Inputs.


@pytest.mark.parametrize(
    ("ending", "kinds"), [(".mp4", "video audio subtitle video"), (".mkv", "video audio subtitle")]
)
def test_a_cover_stays_a_cover(tmp_path: Path, mp4: Path, ending: str, kinds: str) -> None:
    cover = encode(tmp_path / "a.png", ffmpeg.input("color=red:size=32x32:duration=0.1", f="lavfi"), **{"frames:v": 1})
    source = local_input(mp4)
    inputs = [source["v"], source["a"], ffmpeg.input(str(cover))]
    video = encode(tmp_path / "a.mp4", *inputs, c="copy", **{"disposition:v:1": "attached_pic"})
    write_tx3g(tmp_path / "mov", SAMPLES)
    (tmp_path / "srt").write_text(SRT, encoding="utf-8")
    container = CONTAINERS[ending]
    mux(video, tmp_path / container.captions, tmp_path / f"o{ending}", container=container, language="vie")
    with av.open(str(tmp_path / f"o{ending}")) as file:
        assert sorted(s.type for s in file.streams) == sorted(kinds.split())


def test_an_ffmpeg_without_libass_is_told_of() -> None:
    error = failure(Finished(8, ("[AVFilterGraph @ 0x1] [error] No such filter: 'subtitles'",)), Path("a.mp4"))
    assert isinstance(error, ToolMissing)
    assert "libass" in str(error)


def test_sound_is_no_video(mp3: Path) -> None:
    with pytest.raises(MediaError, match="no picture"):
        probe_video(mp3)


def test_a_cover_is_no_picture(tmp_path: Path, m4a: Path) -> None:
    cover = encode(tmp_path / "a.png", ffmpeg.input("color=red:size=32x32:duration=0.1", f="lavfi"), **{"frames:v": 1})
    options = {"c": "copy", "disposition:v:0": "attached_pic"}
    song = encode(tmp_path / "a.m4a", m4a, ffmpeg.input(str(cover)), **options)
    with pytest.raises(MediaError, match="no picture"):
        probe_video(song)


def test_kinds_of_output() -> None:
    assert container_of("a.MP4").track == container_of("a.mov").track == "mov_text"
    assert [container_of(name).track for name in ("a.mkv", "a.webm")] == ["subrip", "webvtt"]
    for name in ("a.avi", "a", "a.srt"):
        with pytest.raises(UsageError, match="of that kind"):
            container_of(name)


def test_captions_are_read_as_what_they_are_meant_to_be(tmp_path: Path, mp4: Path) -> None:
    """A playlist in their place opens nothing."""
    shutil.copy(mp4, tmp_path / "secret.mp4")
    (tmp_path / "captions").write_text(f"ffconcat version 1.0\nfile {tmp_path}/secret.mp4\n", encoding="utf-8")
    with pytest.raises(MediaError):
        mux(mp4, tmp_path / "captions", tmp_path / "o.mp4", container=CONTAINERS[".mp4"], language="vie")
