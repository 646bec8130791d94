"""Whether a file is media although its name does not say so: no ending, or one of another kind."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from mediakit.errors import MediaError
from mediakit.media.probe import probe
from mediakit.media.regular import open_regular

#: How files of other kinds begin; to have libav look at each of a folder takes far longer.
_OTHER_FIRST_BYTES = (
    *(b"PK", b"%PDF", b"\x7fELF", b"MZ", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"BM", b"\x1f\x8b", b"Rar!"),
    *(b"7z\xbc\xaf", b"\xd0\xcf\x11\xe0", b"{", b"[", b"<", b"#!/", b"#EXT", b"SQLite format", b"\xca\xfe\xba\xbe"),
)
#: How an MPEG programme stream begins (ISO/IEC 13818-1, 2.5.3.4); libav takes other files for one too.
_PACK_HEADER = b"\x00\x00\x01\xba"


def recognise(path: Path) -> Literal["audio", "video"] | None:
    """What a file is by its content, where there is sound in it; None for anything else, and for what cannot be read.

    A film without sound is not recognised: too much else looks like one.
    """
    try:
        with open_regular(path) as file:
            head = file.read(16)
        if head.startswith(_OTHER_FIRST_BYTES):
            return None
        found = probe(path)
    except MediaError:
        return None
    if found.container == "mpeg" and not head.startswith((_PACK_HEADER, b"RIFF")):
        return None
    return found.kind if any(stream.sample_rate and stream.channels for stream in found.audio) else None
