"""Clips: the sound that a player plays at that time, without clicks, with tags, and with little memory."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import av
import ffmpeg as ffmpeg_python
import numpy as np
import psutil
import pytest

from mediakit.errors import MediaCutOff, MediaError, MediaNoAudio, MediaNotMedia, OutputError
from mediakit.media.clip import FORMATS, LONGEST_MS, Fades, cut, fade, join, open_medium, plain_tag, write_clip
from mediakit.media.decode import decode
from mediakit.media.ffmpeg import local_input
from mediakit.media.probe import choose_audio, probe
from mediakit.timeline import Span
from tests.media.studio import encode, moving_picture, onsets_ms, write_bursts

CLOCK_MS = 10
AT_MS = (500, 2000, 7300, 12_100, 17_900)


@pytest.fixture(scope="module")
def long_wav(studio: Path) -> Path:
    """20 s of 44.1 kHz stereo with a burst at each of AT_MS."""
    return write_bursts(studio / "long.wav", at_ms=AT_MS, duration_ms=20_000, rate=44_100, channels=2)


def bursts_of(sound: Any, folder: Path) -> list[float]:
    """Where bursts begin in a clip."""
    path = folder / "clip.wav"
    sound.export(str(path), format="wav").close()
    return bursts_in(path)


def bursts_in(path: Path) -> list[float]:
    return onsets_ms(np.concatenate(list(decode(path, choose_audio(probe(path))))))


FILES: list[tuple[str, dict[str, str | int]]] = [
    ("a.mp3", {}),
    ("vbr.mp3", {"q:a": 4}),
    ("low.mp3", {"b:a": "32k", "ar": 22_050, "ac": 1}),
    ("a.m4a", {}),
    ("fragments.mp4", {"movflags": "frag_keyframe+delay_moov"}),
    ("a.webm", {"acodec": "libopus"}),
    ("live.webm", {"acodec": "libopus", "live": 1}),
    ("a.ogg", {"acodec": "libvorbis"}),
    ("a.flac", {}),
    ("a.w64", {}),
    # Those where ffmpeg's seeking is off.
    ("a.avi", {"acodec": "pcm_s16le"}),
    ("surround.mka", {"acodec": "ac3", "ac": 6}),
    ("a.wma", {}),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "options"), FILES)
def test_a_clip_is_what_a_player_plays_at_that_time(
    tmp_path: Path, long_wav: Path, name: str, options: dict[str, str | int]
) -> None:
    path = encode(tmp_path / name, long_wav, **options)
    medium = open_medium(path)
    played = bursts_in(path)
    for start_ms, end_ms in ((0, 2600), (300, 2600), (6800, 7900), (11_900, 20_000), (17_333, 18_777)):
        sound = cut(medium, Span(start_ms, end_ms))
        assert len(sound) == pytest.approx(end_ms - start_ms, abs=60)
        here = [at - start_ms for at in played if start_ms <= at < end_ms]
        assert bursts_of(sound, tmp_path) == pytest.approx(here, abs=CLOCK_MS)
        assert (sound.frame_rate, sound.channels) == (medium.sample_rate, medium.channels)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["late.mp4", "late.mkv", "late.ts", "late.mov", "late.mpg"])
def test_sound_that_begins_later_than_the_picture_keeps_its_time(tmp_path: Path, long_wav: Path, name: str) -> None:
    picture = {"vcodec": "mpeg2video"} if name.endswith("mpg") else {"vcodec": "libx264", "bf": 0}
    path = encode(tmp_path / name, moving_picture(20_000), local_input(long_wav, itsoffset=1.5), **picture)
    medium = open_medium(path)
    for start_ms, end_ms in ((0, 3000), (1000, 3000), (3200, 4200), (8000, 14_000)):
        sound = cut(medium, Span(start_ms, end_ms))
        here = [at + 1500 - start_ms for at in AT_MS if start_ms <= at + 1500 < end_ms]
        assert bursts_of(sound, tmp_path) == pytest.approx(here, abs=CLOCK_MS)
    assert not np.any(cut(medium, Span(200, 1300)).get_array_of_samples())


def test_a_gap_where_the_clip_begins_is_silence(tmp_path: Path, long_wav: Path) -> None:
    lost = "noise=drop='between((pts-startpts)*tb,4,9)'"
    path = encode(tmp_path / "gap.mkv", long_wav, acodec="libvorbis", **{"bsf:a": lost})
    sound = cut(open_medium(path), Span(6000, 13_000))
    assert bursts_of(sound, tmp_path) == pytest.approx([6100], abs=CLOCK_MS)


def test_pieces_of_different_format_joined_end_to_end(tmp_path: Path, long_wav: Path) -> None:
    """Where the format changes ffmpeg begins anew; the clip across the place is counted from the start instead."""
    options: dict[str, str | int] = {"write_xing": 0, "id3v2_version": 0}
    mono = encode(tmp_path / "mono.mp3", long_wav, ar=24_000, ac=1, **options)
    stereo = encode(tmp_path / "stereo.mp3", long_wav, **options)
    path = tmp_path / "joined.mp3"
    path.write_bytes(mono.read_bytes() + stereo.read_bytes())
    played = bursts_in(path)
    sound = cut(open_medium(path), Span(17_000, 23_000))
    here = [at - 17_000 for at in played if 17_000 <= at < 23_000]
    assert len(here) == 3
    assert bursts_of(sound, tmp_path) == pytest.approx(here, abs=CLOCK_MS)


def test_stereo_stays_stereo_and_each_side_on_its_side(tmp_path: Path, wav: Path) -> None:
    sides = [local_input(wav).audio, local_input(wav).audio.filter("volume", 0)]
    left = ffmpeg_python.filter(sides, "join", inputs=2, channel_layout="stereo")
    medium = open_medium(encode(tmp_path / "left.flac", left))
    samples = np.array(cut(medium, Span(400, 1000)).get_array_of_samples()).reshape(-1, 2)
    assert medium.channels == 2
    assert np.abs(samples[:, 0]).max() > 10_000
    assert not samples[:, 1].any()


def test_the_ends_are_silent(tmp_path: Path) -> None:
    tone = ffmpeg_python.input("sine=440:duration=3:sample_rate=44100", f="lavfi")
    medium = open_medium(encode(tmp_path / "tone.wav", tone, ac=1))
    sound = cut(medium, Span(1003, 1250))
    faded = np.array(fade(sound, Fades(10, 20)).get_array_of_samples(), dtype=float)
    full = np.abs(np.array(sound.get_array_of_samples(), dtype=float)).max()
    assert np.abs(faded[:5]).max() < full / 50
    assert np.abs(faded[-5:]).max() < full / 50
    middle = slice(500, 9000)
    np.testing.assert_array_equal(faded[middle], sound.get_array_of_samples()[middle])


@pytest.mark.parametrize(("in_ms", "out_ms"), [(0, 0), (1000, 1000), (0, 500), (150, 150)])
def test_fades_are_never_longer_than_the_clip(wav: Path, in_ms: int, out_ms: int) -> None:
    sound = cut(open_medium(wav), Span(500, 505))
    assert len(fade(sound, Fades(in_ms, out_ms)).raw_data) == len(sound.raw_data)


def test_joined_clips_have_silence_between(tmp_path: Path, wav: Path) -> None:
    medium = open_medium(wav)
    sound = join([cut(medium, Span(450, 750)), cut(medium, Span(1900, 2300))], 300)
    assert len(sound) == 300 + 300 + 400
    assert bursts_of(sound, tmp_path) == pytest.approx([50, 700], abs=CLOCK_MS)


HOSTILE = 'Nói: "a=b; c" # \\ Đông Hòa\n[x]\x00\ud800\x1b[2J'
PLAIN = 'Nói: "a=b; c" # \\ Đông Hòa [x] [2J'


@pytest.mark.parametrize("form", FORMATS)
def test_tags_come_back(tmp_path: Path, wav: Path, form: str) -> None:
    target = tmp_path / "clip.tmp"
    tags = {"title": HOSTILE, "album": "Hòa", "comment": "a.mp3, p1s1", "date": "2021-06-09"}
    write_clip(cut(open_medium(wav), Span(400, 1000)), target, form, tags)
    with av.open(str(target)) as container:
        found = {k.lower(): v for k, v in (container.metadata | container.streams.audio[0].metadata).items()}
    assert {name: found.get(name) for name in tags} == tags | {"title": PLAIN}
    assert bursts_in(target) == pytest.approx([100], abs=CLOCK_MS)


def test_a_tag_of_a_stranger_has_an_end() -> None:
    assert len(plain_tag("Hòa " * 1_000_000)) <= 1000
    assert plain_tag("\n\u2028\x85") == ""


def test_a_folder_that_is_not_there(tmp_path: Path, wav: Path) -> None:
    with pytest.raises(OutputError, match="could not write"):
        write_clip(cut(open_medium(wav), Span(0, 100)), tmp_path / "no" / "clip.mp3", "mp3", {})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.avi", "a.wav"])
def test_beyond_the_end(tmp_path: Path, long_wav: Path, name: str) -> None:
    medium = open_medium(encode(tmp_path / name, long_wav))
    for span in (Span(25_000, 26_000), Span(19_000, 20_500), Span(19_990, 3_600_000 // 4)):
        with pytest.raises(MediaError, match=r"its sound ends at 00:00:(20\.0|19\.9)"):
            cut(medium, span)
    assert len(cut(medium, Span(19_000, 20_050))) == pytest.approx(1000, abs=60)
    assert len(cut(medium, Span(19_000, 20_500), Span(19_000, 19_001))) == pytest.approx(1000, abs=60)


def test_a_file_that_was_cut_off_says_so(tmp_path: Path, long_wav: Path) -> None:
    path = encode(tmp_path / "a.flac", long_wav)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaCutOff, match="incomplete"):
        cut(open_medium(path), Span(17_000, 18_500))


def test_what_has_no_sound(tmp_path: Path, silent_mp4: Path) -> None:
    with pytest.raises(MediaNoAudio, match="no audio stream"):
        open_medium(silent_mp4)
    text = tmp_path / "a.mp3"
    text.write_text("#EXTM3U\nb.mp3\n", encoding="utf-8")
    with pytest.raises(MediaNotMedia):
        open_medium(text)


def test_what_is_too_long_to_hold(wav: Path) -> None:
    with pytest.raises(MediaError, match="longer than 30 minutes"):
        cut(open_medium(wav), Span(0, LONGEST_MS + 1))


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("name", ["hour.mp3", "hour.m4a"])
def test_the_end_of_an_hour_takes_little_time_and_memory(tmp_path: Path, name: str) -> None:
    tone = ffmpeg_python.input(
        "aevalsrc='0.5*sin(2*PI*1000*t)*between(t,3590,3590.2)':s=16000:d=3600", f="lavfi"
    )  # fmt: skip
    path = tmp_path / name
    encode(path, tone, **{"b:a": "32k"})
    medium = open_medium(path)
    cut(medium, Span(0, 1000))
    before, begun = psutil.Process().memory_info().rss, time.monotonic()
    sound = cut(medium, Span(3_589_000, 3_592_000))
    assert time.monotonic() - begun < 5
    assert psutil.Process().memory_info().rss - before < 20 * 2**20
    assert bursts_of(sound, tmp_path) == pytest.approx([1000], abs=CLOCK_MS)
