"""Whether all the bytes are there that the header of an MP3 counts, whatever it says of its length.

The first frame of most MP3s holds no sound but `Xing` or `Info`: how many frames follow, and how many bytes. Editors
that cut a recording or change its tags copy a wrong number of frames along; where all bytes are there, nothing is lost.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_ID3_HEADER = 10
#: The header's name is within so many bytes of the beginning of the first frame (4 and up to 32 of side information).
_WITHIN = 64
_HAS_FRAMES, _HAS_BYTES = 1, 2


def has_counted_bytes(file: BinaryIO) -> bool:
    """Whether an MP3 counts its bytes, and has them; False for every other file.

    Raises
    ------
    OSError
        If the file cannot be read.
    """
    size = file.seek(0, 2)
    file.seek(0)
    begin = 0
    tag = file.read(_ID3_HEADER)
    if tag.startswith(b"ID3") and len(tag) == _ID3_HEADER:
        begin = _ID3_HEADER + sum((byte & 0x7F) << shift for byte, shift in zip(tag[6:], (21, 14, 7, 0), strict=True))
    file.seek(begin)
    frame = file.read(_WITHIN)
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    if not frame.startswith(b"\xff") or at < 0:
        return False
    (flags,) = struct.unpack_from(">I", frame.ljust(_WITHIN, b"\0"), at + 4)
    if not flags & _HAS_BYTES:
        return False
    file.seek(begin + at + (12 if flags & _HAS_FRAMES else 8))
    counted = int.from_bytes(file.read(4), "big")
    return 0 < counted <= size - begin
