"""MP3s whose header counts their bytes: what it says of their length may be wrong, and nothing is lost."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import ffmpeg
import numpy as np
import pytest

from mediakit.errors import MediaCutOff
from mediakit.media.counted_bytes import has_counted_bytes
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from tests.media.studio import encode

LENGTH_S = 6


@pytest.fixture(scope="module")
def mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    tone = ffmpeg.input(f"sine=frequency=440:duration={LENGTH_S}", f="lavfi")
    return encode(tmp_path_factory.mktemp("mp3") / "a.mp3", tone, audio_bitrate="64k").read_bytes()


def with_frames(mp3: bytes, frames: int) -> bytes:
    at = max(mp3.find(b"Xing"), mp3.find(b"Info")) + 8
    return mp3[:at] + struct.pack(">I", frames) + mp3[at + 4 :]


def length_ms(path: Path) -> int:
    return len(np.concatenate(list(decode(path, choose_audio(probe(path)))))) // 16


@pytest.mark.parametrize("frames", [0, 10, 5000, 0xFFFF_FFFF])
def test_a_wrong_number_of_frames_is_no_loss(frames: int, mp3: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(with_frames(mp3, frames))
    assert abs(length_ms(path) - LENGTH_S * 1000) < 60


@pytest.mark.parametrize("frames", [None, 5000])
def test_missing_bytes_are_a_loss(frames: int | None, mp3: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes((mp3 if frames is None else with_frames(mp3, frames))[: len(mp3) // 2])
    with pytest.raises(MediaCutOff):
        length_ms(path)


def test_a_length_of_days_in_a_small_file_is_none(tmp_path: Path) -> None:
    tone = ffmpeg.input("sine=frequency=440:duration=2", f="lavfi")
    flac = bytearray(encode(tmp_path / "a.flac", tone).read_bytes())
    flac[21:26] = bytes([flac[21] | 0x0F]) + b"\xff" * 4  # the number of samples, 36 bits
    (tmp_path / "a.flac").write_bytes(flac)
    assert probe(tmp_path / "a.flac").duration_ms is None
    assert length_ms(tmp_path / "a.flac") == 2000


@pytest.mark.parametrize(
    "head", [b"", b"ID3", b"ID3\4\0\0\0\0\x7f\x7f", b"\xff\xfbInfo", b"RIFF" + bytes(100), b"Xing" * 30]
)
def test_what_is_no_mp3_counts_nothing(head: bytes) -> None:
    assert not has_counted_bytes(io.BytesIO(head))
