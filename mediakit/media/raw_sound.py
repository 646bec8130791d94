"""Uncompressed sound in a file whose header libav refuses, read by what the header says of it all the same.

A recorder that was switched off, or a program that wrote to a pipe, leaves 0 or -1 for the sizes in AIFF, AU, CAF or
Wave64; others forget to pad a chunk of odd length, or state a wrong size for one before the sound. The form of the
samples and where they begin is there nevertheless: from there to the end of the file it is sound.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass

#: So much of a file is its header, at the most.
HEADER_BYTES = 1 << 16
_MOST_RATE, _MOST_CHANNELS = 768_000, 64
#: Of WAV and its kin (RFC 2361); the last says that its code is in what follows.
_INTEGER, _FLOAT, _A_LAW, _MU_LAW, _EXTENSIBLE = 1, 3, 6, 7, 0xFFFE
#: What AIFF-C and AU call each form; the first is AIFF's own.
_AS_IT_IS = b"NONE"
_AIFC = {
    _AS_IT_IS: "s{}be",
    b"twos": "s{}be",
    b"sowt": "s{}le",
    b"fl32": "f{}be",
    b"FL32": "f{}be",
    b"fl64": "f{}be",
    b"alaw": "alaw",
    b"ulaw": "mulaw",
}
_AU = {1: "mulaw", 2: "s8", 3: "s16be", 4: "s24be", 5: "s32be", 6: "f32be", 7: "f64be", 27: "alaw"}
_FORMS = {"u8", "s8", "alaw", "mulaw", *(f"{n}{o}" for n in ("s16", "s24", "s32", "f32", "f64") for o in ("le", "be"))}


@dataclass(frozen=True, slots=True)
class RawSound:
    """Samples from `begin` (bytes) to the end of a file; `form` is libav's name, such as `s16le`.

    Raises
    ------
    ValueError
        If it is no form that libav reads, or a number is none that sound has.
    """

    form: str
    sample_rate: int
    channels: int
    begin: int

    def __post_init__(self) -> None:
        known = self.form in _FORMS and 0 < self.sample_rate <= _MOST_RATE and 0 < self.channels <= _MOST_CHANNELS
        if not known or self.begin <= 0:
            raise ValueError(f"no raw sound: {self}")

    @property
    def demuxer_options(self) -> tuple[tuple[str, str], ...]:
        """What ffmpeg is to be told to read it."""
        return (
            ("format", self.form),
            ("format_whitelist", self.form),
            ("ar", str(self.sample_rate)),
            ("ac", str(self.channels)),
            ("skip_initial_bytes", str(self.begin)),
        )


def raw_sound(header: bytes) -> RawSound | None:
    """What the first :data:`HEADER_BYTES` of a file say of its samples; None where they say nothing of the kind.

    >>> raw_sound(b".snd" + bytes.fromhex("00000018 00000000 00000003 00003e80 00000001"))
    RawSound(form='s16be', sample_rate=16000, channels=1, begin=24)
    """
    read = next((read for magic, read in _READERS.items() if header.startswith(magic)), None)
    if read is None:
        return None
    try:
        return read(header)
    except (struct.error, ValueError, OverflowError):  # half a header, or no numbers of sound
        return None


def _wav(header: bytes) -> RawSound | None:
    if header[8:12] != b"WAVE":
        return None
    at = _after(header, b"fmt ", 4)
    return RawSound(*_wave_form(header, at), _after(header, b"data", 4, start=at))


def _wave64(header: bytes) -> RawSound | None:
    form = _wave_form(header, _after(header, b"fmt \xf3\xac\xd3\x11", 16))
    return RawSound(*form, _after(header, b"data\xf3\xac\xd3\x11", 16))


def _wave_form(header: bytes, at: int) -> tuple[str, int, int]:
    code, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", header, at)
    if code == _EXTENSIBLE:
        (code,) = struct.unpack_from("<H", header, at + 24)
    laws = {_A_LAW: "alaw", _MU_LAW: "mulaw", _FLOAT: f"f{bits}le", _INTEGER: f"s{bits}le" if bits > 8 else "u8"}
    return laws.get(code, ""), rate, channels


def _aiff(header: bytes) -> RawSound | None:
    at = _after(header, b"COMM", 4)
    channels, _, bits, exponent, mantissa = struct.unpack_from(">HIHHQ", header, at)
    rate = round(mantissa * 2.0 ** (exponent - 16383 - 63))
    kind = header[at + 18 : at + 22] if header[8:12] == b"AIFC" else _AS_IT_IS
    form = _AIFC.get(kind, "").format(bits) if bits > 8 or kind != _AS_IT_IS else "s8"
    sound = _after(header, b"SSND", 4)
    (offset,) = struct.unpack_from(">I", header, sound)
    return RawSound(form, rate, channels, sound + 8 + offset)


def _au(header: bytes) -> RawSound | None:
    begin, _, code, rate, channels = struct.unpack_from(">5I", header, 4)
    return RawSound(_AU.get(code, ""), rate, channels, begin)


def _caf(header: bytes) -> RawSound | None:
    rate, kind, flags, _, _, channels, bits = struct.unpack_from(">d4sIIIII", header, _after(header, b"desc", 8))
    letter, order = "f" if flags & 1 else "s", "le" if flags & 2 else "be"
    form = f"{letter}{bits}{order}" if bits > 8 else "s8"
    return RawSound(form if kind == b"lpcm" else "", round(rate), channels, _after(header, b"data", 12))


def _after(header: bytes, name: bytes, size_bytes: int, start: int = 0) -> int:
    """Where the contents of the first chunk of that name begin: after it and its size.

    Sizes are not believed here, so a name is looked for; where letters are in the place of a size, as in `metadata of
    the recorder`, it is no name but a word in some text.
    """
    at = header.find(name, start)
    while at >= 0 and all(0x20 <= byte < 0x7F for byte in header[at + len(name) :][:size_bytes]):
        at = header.find(name, at + 1)
    if at < 0:
        raise ValueError(f"no chunk {name!r}")
    return at + len(name) + size_bytes


_READERS: dict[bytes, Callable[[bytes], RawSound | None]] = {
    b"RIFF": _wav,
    b"RF64": _wav,
    b"BW64": _wav,
    b"riff\x2e\x91\xcf\x11": _wave64,
    b"FORM": _aiff,
    b".snd": _au,
    b"caff": _caf,
}
