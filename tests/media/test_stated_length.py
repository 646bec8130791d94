"""Headers of what was written to a pipe: they have the place of a length, and no length in it."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import MediaCutOff
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.stated_length import states_length

RATE = 16_000
TONE = (8000 * np.sin(np.arange(2 * RATE) * 0.2)).astype("<i2")
SOUND: bytes = TONE.tobytes()
BIG_ENDIAN: bytes = TONE.astype(">i2").tobytes()
MOST = 0xFFFF_FFFF


def wav(riff: int, data: int, *, magic: bytes = b"RIFF", before: bytes = b"") -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    return magic + struct.pack("<I", riff) + b"WAVE" + before + form + b"data" + struct.pack("<I", data) + SOUND


def rf64(size: int) -> bytes:
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, size, size, 0, 0)
    return wav(MOST, MOST, magic=b"RF64", before=ds64)


def wav_with(chunk: bytes, data: int = len(SOUND)) -> bytes:
    """A WAV with something between its form and its sound."""
    whole = wav(36 + len(SOUND) + len(chunk), data)
    return whole[:36] + chunk + whole[36:]


def w64(size: int) -> bytes:
    guid = bytes.fromhex("f3acd3118cd100c04f8edb8a")
    riff = b"riff" + bytes.fromhex("2e91cf11a5d628db04c10000") + struct.pack("<Q", size) + b"wave" + guid
    form = b"fmt " + guid + struct.pack("<QHHIIHH", 40, 1, 1, RATE, 2 * RATE, 2, 16)
    return riff + form + b"data" + guid + struct.pack("<Q", size) + SOUND


def au(size: int) -> bytes:
    return b".snd" + struct.pack(">IIIII", 24, size, 3, RATE, 1) + BIG_ENDIAN


def caf(size: int) -> bytes:
    form = struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 2, 1, 1, 16)
    head = b"caff" + struct.pack(">HH", 1, 0) + b"desc" + struct.pack(">Q", 32) + form
    return head + b"data" + struct.pack(">q", size) + bytes(4) + BIG_ENDIAN


def aiff(size: int, frames: int | None = None) -> bytes:
    rate = bytes.fromhex("400cfa00000000000000")  # 16000 in 80 bits
    comm = b"COMM" + struct.pack(">IhIh", 18, 1, size // 2 if frames is None else frames, 16) + rate
    ssnd = b"SSND" + struct.pack(">III", size, 0, 0) + BIG_ENDIAN
    return b"FORM" + struct.pack(">I", size) + b"AIFF" + comm + ssnd


STREAMED = {
    "-1.wav": wav(MOST, MOST),
    "greatest signed.wav": wav(0x7FFF_FFFF, 0x7FFF_FFFF),
    "zero.wav": wav(0, 0),
    "less the header.wav": wav(MOST, MOST - 36),
    "sox.wav": wav(0x7FFF_F024, 0x7FFF_F000),
    "arecord.wav": wav(0x8000_0024, 0x8000_0000),
    "riff right, data not.wav": wav(36 + len(SOUND), MOST),
    "rf64 zero.wav": rf64(0),
    "rf64 greatest.wav": rf64((1 << 63) - 1),
    "-1.au": au(MOST),
    "greatest signed.au": au(0x7FFF_FFFF),
    "-1.caf": caf(-1),
    "greatest signed.aiff": aiff(0x7FFF_FFFF),
    "zero.aiff": aiff(0),
    "the head of its chunk.aiff": aiff(8),
    "-1.aiff": aiff(MOST, frames=MOST),
    "zero.au": au(0),
    "zero.w64": w64(0),
    "-1.w64": w64((1 << 64) - 1),
    "ffmpeg.w64": w64((1 << 63) - 1),
    "rf64 -1.wav": rf64((1 << 64) - 1),
    "odd chunk not padded.wav": wav_with(b"bext" + struct.pack("<I", 603) + bytes(603)),
    "odd chunk not padded, zero.wav": wav_with(b"bext" + struct.pack("<I", 603) + bytes(603), data=0),
    "chunk of wrong size.wav": wav_with(b"LIST" + struct.pack("<I", 999) + b"INFOmetadata of a maker "),
    "chunk of size -1.wav": wav_with(b"JUNK" + struct.pack("<I", MOST) + bytes(28)),
}


@pytest.mark.parametrize("name", STREAMED)
def test_sound_without_a_stated_length_is_whole(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(STREAMED[name])
    stream = choose_audio(probe(path))
    assert (stream.is_streamed, stream.duration_ms) == (True, None)
    sound = np.concatenate(list(decode(path, stream)))
    assert abs(len(sound) - len(TONE)) <= 16
    assert np.abs(sound[: len(TONE)] * 32768 - TONE[: len(sound)]).max() <= 1, "as it was written"


def test_what_was_recorded_after_the_last_update_of_the_header_is_heard(tmp_path: Path) -> None:
    long, (path, trailed) = 3 * SOUND, (tmp_path / "a.wav", tmp_path / "b.wav")
    path.write_bytes(wav(36 + len(SOUND), len(SOUND)) + long)
    assert sum(map(len, decode(path, choose_audio(probe(path))))) == 4 * len(TONE)
    for what in (b"LIST" + struct.pack("<I", len(long)), b"ID3\3\0\0\0\0"):  # a chunk, and what other programs hang on
        trailed.write_bytes(wav(36 + len(SOUND), len(SOUND)) + what + long)
        assert sum(map(len, decode(trailed, choose_audio(probe(trailed))))) == len(TONE)


@pytest.mark.parametrize("stated", [2 * len(SOUND), len(SOUND) + 60_000, 0x7F00_0000])
def test_a_stated_length_that_is_not_there_is_still_a_loss(stated: int, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(wav(36 + stated, stated))
    stream = choose_audio(probe(path))
    assert not stream.is_streamed
    with pytest.raises(MediaCutOff):
        list(decode(path, stream))


def test_a_whole_file_states_its_length() -> None:
    assert states_length(io.BytesIO(wav(36 + len(SOUND), len(SOUND))))


@pytest.mark.parametrize("head", [b"", b"RIFF", b"RF64\0\0\0\0WAVEds64", b"caff\0\1\0\0", b".snd\0\0", b"riff\x2e\x91"])
def test_half_a_header_states_what_it_states(head: bytes) -> None:
    states_length(io.BytesIO(head))  # no error, and no end of it


def test_chunks_without_end_are_given_up() -> None:
    assert states_length(io.BytesIO(b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * 1000 + b"data\xff\xff\xff\xff\0\0"))


def test_wave64_has_its_sizes_in_64_bits() -> None:
    guid = bytes(12)
    riff = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00" + struct.pack("<Q", 0) + b"wave" + guid
    form = b"fmt " + guid + struct.pack("<Q", 40) + bytes(16)
    assert not states_length(io.BytesIO(riff + form + b"data" + guid + struct.pack("<Q", (1 << 63) - 1) + SOUND))
    assert states_length(io.BytesIO(riff + form + b"data" + guid + struct.pack("<Q", 24 + len(SOUND)) + SOUND))
