"""What a header says of samples where libav does not read it."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.media.raw_sound import RawSound, raw_sound

RATE_80_BITS = bytes.fromhex("400ebb80000000000000")  # 48000


def wave(code: int, bits: int, *, extension: bytes = b"") -> bytes:
    form = struct.pack("<HHIIHH", code, 2, 48_000, 0, 0, bits) + extension
    return b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(form)) + form + b"data\0\0\0\0"


def aifc(kind: bytes, bits: int) -> bytes:
    comm = struct.pack(">hIh", 2, 0, bits) + RATE_80_BITS + kind
    return b"FORM\0\0\0\0AIFCCOMM" + struct.pack(">I", len(comm)) + comm + b"SSND" + bytes(12)


def caf(flags: int, bits: int, kind: bytes = b"lpcm") -> bytes:
    desc = struct.pack(">d4sIIIII", 48_000, kind, flags, 0, 1, 2, bits)
    return b"caff\0\1\0\0desc" + struct.pack(">Q", 32) + desc + b"data" + struct.pack(">q", -1) + bytes(4)


@pytest.mark.parametrize(
    ("header", "form"),
    [
        (wave(1, 16), "s16le"),
        (wave(1, 8), "u8"),
        (wave(3, 32), "f32le"),
        (wave(7, 8), "mulaw"),
        (wave(0xFFFE, 24, extension=struct.pack("<HHIH", 22, 24, 3, 1) + bytes(14)), "s24le"),
        (aifc(b"NONE", 24), "s24be"),
        (aifc(b"sowt", 16), "s16le"),
        (aifc(b"fl32", 32), "f32be"),
        (caf(0, 16), "s16be"),
        (caf(3, 32), "f32le"),
        (b".snd" + struct.pack(">5I", 28, 0, 1, 48_000, 2) + bytes(4), "mulaw"),
    ],
)
def test_the_form_of_the_samples(header: bytes, form: str) -> None:
    assert raw_sound(header) == RawSound(form, 48_000, 2, len(header))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"RIFF",
        wave(0x55, 16),
        wave(1, 12),
        wave(1, 16)[:40],
        caf(0, 16, b"aac "),
        aifc(b"ima4", 16),
        b"RIFFxxxxAVI ",
    ],
)
def test_what_is_compressed_or_half_a_header_is_none(header: bytes) -> None:
    assert raw_sound(header) is None


@given(st.sampled_from([b"RIFF\0\0\0\0WAVEfmt ", b"FORM\0\0\0\0AIFCCOMM", b".snd", b"caff", b"riff\x2e\x91\xcf\x11"]),
       st.binary(max_size=80), st.sampled_from([b"", b"data", b"SSND", b"desc"]), st.binary(max_size=80))  # fmt: skip
def test_no_header_ends_it(magic: bytes, first: bytes, name: bytes, second: bytes) -> None:
    raw_sound(magic + first + name + second)
