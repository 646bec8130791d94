"""Whether a header states how long the sound is, or holds the place of a number that nobody filled in.

Who writes to a pipe does not know the length yet and cannot come back to it: recorders, Asterisk, sox and ffmpeg then
leave 0, -1 or about the greatest number there. Such a file is whole as far as it goes, though it ends "too early".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

#: Chunks before that of the sound; more are no recording.
_MOST_CHUNKS = 256
#: Writers round the greatest number down to whole blocks and leave room for the header (sox: 7FFFF000), or count on
#: from it (arecord: 80000024). No recording that lost its end had just so many bytes.
_NEAR = 1 << 16
_GREATEST = (1 << 31, 1 << 32, 1 << 63, 1 << 64)
_UINT32_MAX = 0xFFFF_FFFF
#: How what others hang on to a file begins: tags of MP3 (ID3), of Monkey's Audio.
_TAGS = (b"ID3", b"TAG", b"APET")
_W64_RIFF = b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00"


def states_length(file: BinaryIO) -> bool:
    """False where the header of the file has the place of its sound's length, and no length in it.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    is_wav = file.read(12)[8:] == b"WAVE"
    file.seek(0)
    return not any(
        _is_placeholder(stated, rest=size - at) or (is_wav and _goes_on(file, at + stated, size))
        for stated, at in list(_stated(file))
    )


def _is_placeholder(stated: int, *, rest: int) -> bool:
    """Whether `stated` bytes of sound is no length, where `rest` bytes follow."""
    if rest <= 0 or 0 < stated <= rest:
        return False
    return stated == 0 or any(abs(stated - greatest) <= _NEAR for greatest in _GREATEST)


def _goes_on(file: BinaryIO, end: int, size: int) -> bool:
    """Whether a lot follows the stated end of a WAV's sound that is no chunk and no tag: so it is sound.

    Recorders bring the header up to date from time to time; one that was switched off has the length of then.
    """
    if size - end <= _NEAR:
        return False
    file.seek(end + end % 2)
    name, length = file.read(4), _number(file, 4, "little")
    is_chunk = all(0x20 <= byte < 0x7F for byte in name) and length <= size - end
    return not is_chunk and not name.startswith(_TAGS)


def _stated(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """How many bytes of sound the header states, and where they begin; nothing for a format without such a number."""
    magic = file.read(4)
    if magic in (b"RIFF", b"RF64", b"BW64"):
        yield from _riff(file, "little")
    elif magic in (b"RIFX", b"FORM"):
        yield from _riff(file, "big")
    elif magic == b".snd":
        at, stated = _number(file, 4, "big"), _number(file, 4, "big")
        yield stated, at
    elif magic == b"caff":
        yield from _caf(file)
    elif magic == _W64_RIFF[:4] and file.read(12) == _W64_RIFF[4:]:
        yield from _w64(file)


def _riff(file: BinaryIO, order: str) -> Iterator[tuple[int, int]]:
    """WAV and its kin, AIFF, AVI. What an AVI has for its sound are chunks of chunks: there the outermost counts."""
    whole, kind = _number(file, 4, order), file.read(4)
    if kind == b"AVI ":
        yield whole, 8
        return
    in_64_bits: int | None = None
    for _ in range(_MOST_CHUNKS):
        name, size, at = file.read(4), _number(file, 4, order), file.tell()
        if not name:
            return
        if name == b"ds64":
            file.seek(8, 1)
            in_64_bits = _number(file, 8, order)
        elif name == b"data":
            yield (in_64_bits if in_64_bits is not None and size == _UINT32_MAX else size), at
            return
        elif name == b"SSND":
            yield max(0, size - 8), at + 8  # an offset and the size of a block come first
            return
        file.seek(at + size + size % 2)


def _caf(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Core Audio: its own word for a length that is not known is -1, of 64 bits."""
    file.seek(8)
    for _ in range(_MOST_CHUNKS):
        name, size = file.read(4), _number(file, 8, "big")
        if not name:
            return
        if name == b"data":
            yield size, file.tell()
            return
        if size >= _GREATEST[2]:
            return
        file.seek(size, 1)


def _w64(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Sony Wave64: as WAV, with names of 16 bytes and sizes of 8 that count the head of the chunk too."""
    file.seek(40)
    for _ in range(_MOST_CHUNKS):
        name, size, at = file.read(16), _number(file, 8, "little"), file.tell()
        if not name:
            return
        if name[:4] == b"data":
            yield max(0, size - 24), at
            return
        if size >= _GREATEST[2]:
            return
        file.seek(at + max(0, (size + 7) // 8 * 8 - 24))


def _number(file: BinaryIO, length: int, order: str) -> int:
    return int.from_bytes(file.read(length), "big" if order == "big" else "little")
