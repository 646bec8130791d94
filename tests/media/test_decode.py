"""Decoding: on a player's clock, sample for sample, and honest about what is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import ffmpeg as ffmpeg_python
import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.errors import (
    DecoderKilled,
    MediaCutOff,
    MediaDecodeError,
    MediaEmpty,
    MediaError,
    MediakitError,
    MediaNotMedia,
)
from mediakit.media.decode import Mix, blocks, decode, decode_command, shortcoming, skip, without_padding
from mediakit.media.ffmpeg import Finished, local_input
from mediakit.media.probe import AudioStream, choose_audio, probe
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from tests.media.studio import decoders_here, encode, moving_picture, onsets_ms, write_bursts

CLOCK_MS = 10


def whole(path: Path, wanted: int | None = None) -> Samples:
    return np.concatenate(list(decode(path, choose_audio(probe(path), wanted))))


def salvage(path: Path) -> tuple[Samples, MediakitError | None]:
    """What came before the error, and the error."""
    got: list[Samples] = []
    try:
        got.extend(decode(path, choose_audio(probe(path))))
    except MediaError as error:
        return np.concatenate([np.zeros(0, np.float32), *got]), error
    return np.concatenate(got), None


# The clock.


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.mp3", {}),
        ("vbr.mp3", {"q:a": 4}),
        ("rate44.mp3", {"ar": 44100, "ac": 2}),
        ("a.m4a", {}),
        ("fragments.mp4", {"movflags": "frag_keyframe+delay_moov"}),
        ("alac.m4a", {"acodec": "alac"}),
        ("rate44.m4a", {"ar": 44100, "ac": 2}),
        ("opus.mp4", {"acodec": "libopus"}),
        ("fragments44.mp4", {"movflags": "frag_keyframe+delay_moov", "ar": 44100, "frag_duration": 500_000}),
        ("aac.mkv", {"acodec": "aac"}),
        ("mp3.mkv", {"acodec": "libmp3lame"}),
        ("a.mka", {"acodec": "libvorbis"}),
        ("a.webm", {"acodec": "libopus"}),
        ("a.opus", {"acodec": "libopus"}),
        ("a.ogg", {"acodec": "libvorbis"}),
        ("a.flac", {}),
        ("rate8.wav", {"ar": 8000}),
        ("float.wav", {"acodec": "pcm_f32le"}),
        ("a.w64", {}),
        ("a.aiff", {}),
        ("a.caf", {}),
        ("a.avi", {"acodec": "pcm_s16le"}),
        ("surround.mka", {"acodec": "ac3", "ac": 6}),
        ("a.wv", {}),
        ("a.tta", {}),
    ],
)
def test_sound_is_where_a_player_shows_it(tmp_path: Path, wav: Path, name: str, options: dict[str, str | int]) -> None:
    sound = whole(encode(tmp_path / name, wav, **options))
    assert onsets_ms(sound) == pytest.approx([500, 2000], abs=CLOCK_MS)


@pytest.mark.parametrize(
    ("name", "options", "delay_ms"),
    [
        ("a.aac", {}, 2 * 1024 / 48),  # one frame of priming, one of padding
        ("a.wma", {}, 2048 / 48),
        ("a.flv", {"acodec": "libmp3lame", "ar": 44100}, 1105 / 44.1),
        ("a.amr", {"ar": 8000, "acodec": "libopencore_amrnb"}, 20),
    ],
)
def test_formats_that_do_not_tell_their_priming_are_late_by_a_frame_as_in_a_player(
    tmp_path: Path, wav: Path, name: str, options: dict[str, str | int], delay_ms: float
) -> None:
    late_ms = np.subtract(onsets_ms(whole(encode(tmp_path / name, wav, **options))), [500, 2000])
    assert (late_ms > -CLOCK_MS).all()
    assert (late_ms < delay_ms + CLOCK_MS).all()


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv", "late.ts", "late.mov", "late.mpg"])
def test_sound_that_starts_after_the_picture_starts_with_silence(tmp_path: Path, wav: Path, name: str) -> None:
    late = local_input(wav, itsoffset=1.5)
    picture = {"vcodec": "mpeg2video"} if name.endswith("mpg") else {"vcodec": "libx264", "bf": 0}
    path = encode(tmp_path / name, moving_picture(5000), late, **picture)
    sound = whole(path)
    assert onsets_ms(sound) == pytest.approx([2000, 3500], abs=CLOCK_MS)
    assert len(sound) / SAMPLES_PER_MS == pytest.approx(4500, abs=50)


@pytest.mark.parametrize(
    ("name", "options"),
    [("gap.mkv", {"acodec": "libvorbis"}), ("gap.mp4", {"acodec": "aac"}), ("gap.ts", {"acodec": "ac3"})],
)
def test_a_gap_in_the_middle_is_silence(tmp_path: Path, wav: Path, name: str, options: dict[str, str | int]) -> None:
    # Packets between the two bursts are thrown away; what follows keeps its time.
    picture = moving_picture(3000)
    lost: dict[str, str | int] = {
        "bsf:a": "noise=drop='between((pts-startpts)*tb,1,1.9)'",
        "vcodec": "libx264",
        "bf": 0,
    }
    path = encode(tmp_path / name, picture, wav, **(lost | options))
    sound = whole(path)
    assert onsets_ms(sound) == pytest.approx([500, 2000], abs=CLOCK_MS)
    assert not sound[1100 * SAMPLES_PER_MS : 1800 * SAMPLES_PER_MS].any()


@pytest.mark.parametrize("gap_ms", [30, 60])
def test_small_gaps_do_not_add_up(tmp_path: Path, wav: Path, gap_ms: int) -> None:
    """ffmpeg alone lets 100 ms of them run up."""
    lost = f"not(between(t,1,{1 + gap_ms / 1000 - 0.001}))"
    pieces = local_input(wav).audio.filter("asetnsamples", 480).filter("aselect", lost)
    path = encode(tmp_path / "gap.mkv", pieces, acodec="pcm_s16le")
    assert onsets_ms(whole(path)) == pytest.approx([500, 2000], abs=CLOCK_MS)


def test_a_picture_of_changing_rate_does_not_move_the_sound(tmp_path: Path, wav: Path) -> None:
    uneven = moving_picture(3000).filter("select", "not(mod(n,7))+between(n,20,30)")
    path = encode(tmp_path / "vfr.mp4", uneven, wav, vcodec="libx264", fps_mode="vfr")
    assert onsets_ms(whole(path)) == pytest.approx([500, 2000], abs=CLOCK_MS)


def test_a_piece_cut_out_of_a_file_starts_where_its_edit_list_says(tmp_path: Path, wav: Path) -> None:
    longer = encode(tmp_path / "long.m4a", wav)
    piece = encode(tmp_path / "piece.m4a", local_input(longer, ss=0.3), acodec="copy")
    assert onsets_ms(whole(piece)) == pytest.approx([200, 1700], abs=CLOCK_MS)


def test_pieces_of_different_format_joined_end_to_end_follow_each_other(tmp_path: Path, wav: Path) -> None:
    """Where the format changes, ffmpeg starts its filters anew; silence before the sound must not come again."""
    options = {"write_xing": 0, "id3v2_version": 0}
    mono = encode(tmp_path / "mono.mp3", wav, ar=24000, **options)
    stereo = encode(tmp_path / "stereo.mp3", wav, ar=44100, ac=2, **options)
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(mono.read_bytes() + stereo.read_bytes() + mono.read_bytes())
    sound = whole(joined)
    assert len(sound) / SAMPLES_PER_MS == pytest.approx(3 * 3000, abs=300)
    assert onsets_ms(sound) == pytest.approx([500, 2000, 3500, 5000, 6500, 8000], abs=250)


def test_a_transport_stream_whose_clock_restarts_goes_on(tmp_path: Path, wav: Path) -> None:
    piece = encode(tmp_path / "a.ts", wav, acodec="mp2").read_bytes()
    joined = tmp_path / "joined.ts"
    joined.write_bytes(piece + piece)
    assert len(whole(joined)) / SAMPLES_PER_MS == pytest.approx(6000, abs=100)


# The samples.


@pytest.mark.parametrize("rate", [8000, 16_000, 32_000, 48_000])
@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_a_clean_file_gives_its_exact_number_of_samples(tmp_path: Path, rate: int, name: str) -> None:
    source = write_bursts(tmp_path / "source.wav", at_ms=(100,), duration_ms=1234, rate=rate)
    sound = whole(source if name == "a.wav" else encode(tmp_path / name, source))
    assert len(sound) == 1234 * SAMPLES_PER_MS


@pytest.mark.parametrize("sample_bytes", [2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2])
def test_level_does_not_depend_on_channels_or_width(tmp_path: Path, channels: int, sample_bytes: int) -> None:
    path = tmp_path / "a.wav"
    write_bursts(path, at_ms=(100,), duration_ms=500, channels=channels, sample_bytes=sample_bytes)
    sound = whole(path)
    assert sound.dtype == np.float32
    assert float(np.abs(sound).max()) == pytest.approx(0.5, abs=0.02)


def test_sound_louder_than_full_scale_is_clipped(tmp_path: Path, wav: Path) -> None:
    loud = encode(tmp_path / "loud.wav", local_input(wav).audio.filter("volume", 20), acodec="pcm_f32le")
    sound = whole(loud)
    assert 0.99 < float(np.abs(sound).max()) <= 1.0


def test_every_stream_can_be_chosen(tmp_path: Path, wav: Path) -> None:
    other = write_bursts(tmp_path / "other.wav", at_ms=(1200,), duration_ms=3000)
    path = encode(tmp_path / "two.mkv", wav, other, acodec="flac")
    assert onsets_ms(whole(path, 0)) == pytest.approx([500, 2000], abs=CLOCK_MS)
    assert onsets_ms(whole(path, 1)) == pytest.approx([1200], abs=CLOCK_MS)


@pytest.mark.parametrize("start_ms", [0, 1, 999, 1500, 3100])
def test_starting_later_gives_the_same_sound_from_there(tmp_path: Path, wav: Path, start_ms: int) -> None:
    path = encode(tmp_path / "late.mkv", moving_picture(4000), local_input(wav, itsoffset=1), vcodec="libx264")
    stream = choose_audio(probe(path))
    later = np.concatenate(list(decode(path, stream, start_ms=start_ms)))
    np.testing.assert_array_equal(later, whole(path)[start_ms * SAMPLES_PER_MS :])


def test_starting_after_the_end_gives_nothing(wav: Path) -> None:
    assert list(decode(wav, choose_audio(probe(wav)), start_ms=10_000)) == []


@pytest.mark.parametrize(("block_ms", "start_ms"), [(0, 0), (-1, 0), (1000, -1)])
def test_senseless_blocks_are_refused(wav: Path, block_ms: int, start_ms: int) -> None:
    with pytest.raises(ValueError, match="blocks"):
        next(decode(wav, choose_audio(probe(wav)), block_ms=block_ms, start_ms=start_ms))


sounds = st.lists(st.integers(0, 40).map(lambda n: np.arange(n, dtype=np.float32)), max_size=8)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m4a", {}),
        ("opus.mp4", {"acodec": "libopus"}),
        ("mp3.mp4", {"acodec": "libmp3lame"}),
        ("44.m4a", {"ar": 44100}),
    ],
)
def test_mp4_ends_where_its_edit_list_says(tmp_path: Path, wav: Path, name: str, options: dict[str, str | int]) -> None:
    """What the encoder filled its last frame up with is not played."""
    assert len(whole(encode(tmp_path / name, wav, **options))) == 3000 * SAMPLES_PER_MS


def test_sound_that_goes_on_after_a_wrong_end_is_kept(tmp_path: Path, wav: Path) -> None:
    path = encode(tmp_path / "a.m4a", wav)
    stream = replace(choose_audio(probe(path)), end_us=2_000_000)
    assert len(np.concatenate(list(decode(path, stream)))) > 2999 * SAMPLES_PER_MS


def joined(chunks: list[Samples]) -> Samples:
    return np.concatenate([np.zeros(0, np.float32), *chunks])


@given(sounds, st.integers(1, 30))
def test_blocks_are_the_same_sound_in_equal_pieces(chunks: list[Samples], size: int) -> None:
    pieces = list(blocks(chunks, size))
    np.testing.assert_array_equal(joined(pieces), joined(chunks))
    assert all(len(piece) == size for piece in pieces[:-1])
    assert not pieces or 0 < len(pieces[-1]) <= size


@given(sounds, st.integers(0, 30), st.integers(0, 400))
def test_padding_is_all_that_is_cut_off(chunks: list[Samples], first_ms: int, stated: int) -> None:
    first_us, end_us = first_ms * 1000, first_ms * 1000 + stated * 1000 // SAMPLES_PER_MS
    stated = (end_us - first_us) * SAMPLES_PER_MS // 1000
    heard = joined(list(without_padding(chunks, replace(STREAM, first_us=first_us, end_us=end_us))))
    np.testing.assert_array_equal(heard, joined(chunks)[:stated])  # no chunks are as long as a frame
    later = [np.ones(2049, np.float32)]
    heard = joined(list(without_padding(chunks + later, replace(STREAM, first_us=first_us, end_us=first_us))))
    np.testing.assert_array_equal(heard, joined(chunks + later))


@given(sounds, st.integers(0, 100))
def test_skipping_drops_the_first_samples(chunks: list[Samples], count: int) -> None:
    np.testing.assert_array_equal(joined(list(skip(chunks, count))), joined(chunks)[count:])


# What is missing.


@pytest.fixture(scope="module")
def busy(studio: Path) -> Path:
    """6 s that hardly pause, so that every part of the encoded file has its share of the bytes."""
    return write_bursts(studio / "busy.wav", at_ms=range(0, 5800, 300), duration_ms=6000)


@pytest.mark.parametrize("name", ["a.mp3", "a.flac", "a.m4a", "a.mp4", "a.mkv", "a.wav", "a.w64", "a.webm"])
def test_a_file_cut_in_the_middle_gives_what_there_is_and_says_so(tmp_path: Path, busy: Path, name: str) -> None:
    options = {"movflags": "+faststart"} if name in {"a.m4a", "a.mp4"} else {}
    sources = [moving_picture(6000), busy] if name == "a.mp4" else [busy]
    path = encode(tmp_path / name, *sources, **options)
    assert salvage(path)[1] is None
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    sound, error = salvage(path)
    assert isinstance(error, MediaCutOff)
    assert 1000 < len(sound) / SAMPLES_PER_MS < 5000
    assert "incomplete: its sound ends at 00:00:0" in str(error)


def test_a_raw_stream_cut_within_a_packet_says_so(tmp_path: Path, busy: Path) -> None:
    path = encode(tmp_path / "a.aac", busy)
    path.write_bytes(path.read_bytes()[:9_001])
    sound, error = salvage(path)
    assert len(sound) > 0
    assert isinstance(error, MediaCutOff)


def test_damage_in_the_middle_keeps_the_clock_and_is_told(tmp_path: Path, busy: Path) -> None:
    path = encode(tmp_path / "a.m4a", busy)
    data = bytearray(path.read_bytes())
    middle = data.index(b"mdat") + 16_000
    data[middle : middle + 3000] = b"\xff" * 3000
    path.write_bytes(data)
    sound, error = salvage(path)
    assert len(sound) == 6000 * SAMPLES_PER_MS
    assert type(error) is MediaDecodeError
    assert "damaged" in str(error)


def test_a_tag_after_the_sound_is_no_damage(tmp_path: Path, mp3: Path) -> None:
    path = tmp_path / "tagged.mp3"
    path.write_bytes(mp3.read_bytes() + b"TAG" + b"title".ljust(125, b"\0"))
    sound, error = salvage(path)
    assert error is None
    assert len(sound) == 3000 * SAMPLES_PER_MS


def test_an_estimated_duration_is_not_taken_for_a_cut(tmp_path: Path, busy: Path) -> None:
    """Without a header, libav guesses the length from the bit rate of the first frames."""
    options = {"write_xing": 0, "id3v2_version": 0}
    small = encode(tmp_path / "small.mp3", busy, ar=16_000, **options, **{"b:a": "8k"})
    large = encode(tmp_path / "large.mp3", busy, ar=16_000, **options, **{"b:a": "160k"})
    path = tmp_path / "vbr.mp3"
    path.write_bytes(small.read_bytes() + large.read_bytes())
    assert (probe(path).duration_ms or 0) > 60_000
    sound, error = salvage(path)
    assert error is None
    assert len(sound) / SAMPLES_PER_MS == pytest.approx(12_000, abs=200)


def test_a_live_recording_without_duration_decodes(tmp_path: Path, wav: Path) -> None:
    path = encode(tmp_path / "live.webm", wav, acodec="libopus", live=1)
    assert probe(path).duration_ms is None
    sound, error = salvage(path)
    assert error is None
    assert onsets_ms(sound) == pytest.approx([500, 2000], abs=CLOCK_MS)


def test_a_header_without_sound_is_empty(tmp_path: Path) -> None:
    path = write_bursts(tmp_path / "a.wav", at_ms=(), duration_ms=0)
    with pytest.raises(MediaEmpty, match="no sound"):
        list(decode(path, AudioStream(index=0, codec="pcm_s16le", channels=1, sample_rate=48_000)))


STREAM = AudioStream(index=0, codec="mp3", channels=1, sample_rate=16_000, start_ms=500, duration_ms=60_000)
PATH = Path("a.mp3")
BAD_PACKET = "[dec:mp3float @ 0x1] [error] Error submitting packet to decoder: Invalid data found"


@pytest.mark.parametrize(
    ("finished", "sound_ms", "kind"),
    [
        (Finished(0), 60_000, None),
        (Finished(0), 59_500, None),
        (Finished(0), 58_000, MediaCutOff),
        (Finished(0, (BAD_PACKET,)), 59_800, MediaCutOff),
        (Finished(0, (BAD_PACKET,)), 60_000, None),
        (Finished(0, (BAD_PACKET,) * 2), 60_000, MediaDecodeError),
        (Finished(69, (BAD_PACKET,) * 9), 60_000, MediaDecodeError),
        (Finished(0, ("[mp3 @ 0x1] [warning] Estimating duration from bitrate, this may",)), 9_000, None),
        (Finished(0, ("[in#0/mpegts @ 0x1] [warning] Packet corrupt (stream = 0, dts = 9).",)), 60_000, None),
        (Finished(0, ("[in#0/mov,mp4 @ 0x1] [warning] Packet corrupt (stream = 0, dts = 9).",)), 60_000, MediaCutOff),
        (Finished(-9), 60_000, DecoderKilled),
        (Finished(-11), 60_000, MediaDecodeError),
    ],
)
def test_what_the_end_of_ffmpeg_means(finished: Finished, sound_ms: int, kind: type[MediaError] | None) -> None:
    problem = shortcoming(finished, sound_ms, STREAM, PATH)
    assert problem is None if kind is None else type(problem) is kind


def test_no_sound_at_all() -> None:
    unknown = replace(STREAM, duration_ms=None)
    assert type(shortcoming(Finished(0), 0, unknown, PATH)) is MediaEmpty
    assert type(shortcoming(Finished(0, (BAD_PACKET,)), 0, unknown, PATH)) is MediaDecodeError


def test_a_cut_names_both_times() -> None:
    problem = shortcoming(Finished(0), 30_000, STREAM, PATH)
    assert str(problem) == (
        "a.mp3: the file is incomplete: its sound ends at 00:00:30.500, not at 00:01:00.500. "
        "Copy or download the file again."
    )


# Limits.


def test_a_playlist_is_refused_by_ffmpeg_itself(tmp_path: Path, wav: Path) -> None:
    """Even where the probe was passed by."""
    encode(tmp_path / "a.ts", wav)
    playlist = tmp_path / "list.mp3"
    playlist.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\na.ts\n#EXT-X-ENDLIST\n", encoding="utf-8")
    with pytest.raises(MediaNotMedia):
        list(decode(playlist, STREAM))
    with pytest.raises(MediaNotMedia):
        list(decode(playlist.rename(tmp_path / "list.m3u8"), STREAM))


def test_the_command_is_limited_to_one_local_file() -> None:
    command = decode_command(Path("-i"), replace(STREAM, index=2))
    assert "-i" not in command[command.index("-i") + 1 :]
    assert command[command.index("-i") + 1] == f"file:{Path.cwd() / '-i'}"
    assert command[command.index("-protocol_whitelist") + 1] == "file"
    assert "[0:a:2]aresample" in command[command.index("-filter_complex") + 1]
    assert command[-1] == "pipe:1"


def test_years_of_claimed_silence_end(tmp_path: Path, wav: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mediakit.media.decode.MAX_DURATION_MS", 300_000)
    jump = local_input(wav).audio.filter("asetpts", "if(gt(T,1),PTS+900/TB,PTS)")
    path = encode(tmp_path / "jump.mkv", jump, acodec="flac")
    with pytest.raises(MediaDecodeError, match=r"more than 00:05:00\.000 of sound"):
        list(decode(path, choose_audio(probe(path)), block_ms=60_000))


def test_closing_early_ends_the_decoder(tmp_path: Path) -> None:
    tone = ffmpeg_python.input("sine=440:duration=600", f="lavfi")
    path = encode(tmp_path / "long.wav", tone, ar=8000)
    sound = decode(path, choose_audio(probe(path)))
    next(sound)
    assert decoders_here()
    sound.close()
    assert not decoders_here()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["long.mp3", "long.flac"])
def test_a_quarter_of_an_hour_takes_no_more_memory_than_a_minute(tmp_path: Path, name: str) -> None:
    tone = ffmpeg_python.input("sine=440:duration=900:sample_rate=16000", f="lavfi")
    path = encode(tmp_path / name, tone)
    memory = psutil.Process().memory_info
    total = peak = first = 0
    for block in decode(path, choose_audio(probe(path)), block_ms=30_000):
        total += len(block)
        first = first or memory().rss
        peak = max(peak, memory().rss)
    assert total == 900_000 * SAMPLES_PER_MS
    assert peak - first < 30 * 2**20


@pytest.mark.parametrize("steps", [3276, -3277, 655, 1])
def test_an_offset_taken_off_leaves_the_sound_as_it_was(steps: int, tmp_path: Path) -> None:
    clean = write_bursts(tmp_path / "clean.wav", at_ms=[300, 900], duration_ms=1500)
    head, frames = clean.read_bytes()[:44], np.frombuffer(clean.read_bytes()[44:], dtype="<i2")
    (tmp_path / "offset.wav").write_bytes(head + (frames + steps).astype("<i2").tobytes())
    stream = choose_audio(probe(clean))
    found = np.concatenate(list(decode(tmp_path / "offset.wav", stream, Mix(offset=steps / 32768))))
    assert np.array_equal(found, whole(clean))


def test_a_channel_by_itself_also_where_a_piece_of_one_channel_was_joined_on(tmp_path: Path) -> None:
    one = write_bursts(tmp_path / "one.wav", at_ms=[300], duration_ms=1000)
    two = write_bursts(tmp_path / "two.wav", at_ms=[300], duration_ms=1000, channels=2)
    pieces = [encode(tmp_path / f"{n}.mp3", path, **{"b:a": "64k"}) for n, path in enumerate((two, one))]
    joined = tmp_path / "joined.mp3"
    joined.write_bytes(b"".join(piece.read_bytes() for piece in pieces))
    stream = choose_audio(probe(joined))
    found = np.concatenate(list(decode(joined, stream, Mix((1,)))))
    assert len(onsets_ms(found)) == 2


@pytest.mark.parametrize("wrong", [{"channels": (-1,)}, {"channels": (0, 0)}, {"offset": 1.0}, {"cut_from_hz": 80}])
def test_a_mix_that_is_none(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"no channels|no offset|nothing to cut"):
        Mix(**wrong)
