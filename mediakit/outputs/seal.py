"""A seal at the end of a file of ours: it tells by itself that mediakit wrote the file, and nobody changed it since.

It is no signature, for anybody can make one: it tells what a person edited from what may be written anew.
"""

from __future__ import annotations

import hashlib
import os
import re
import zipfile
from pathlib import Path
from typing import Literal

#: Of a page, an HTML comment of its own line; of an archive, its comment.
_SEAL = "<!-- mediakit sha256-{} -->\n"
_SEALED = re.compile(rb"<!-- mediakit sha256-([0-9a-f]{64}) -->\n?\Z")
_LENGTH = len(_SEAL.format("0" * 64))
_ARCHIVE_SEAL = "mediakit sha256-{}"

#: `broken` is one that was sealed, and then changed.
State = Literal["whole", "broken", "none"]


def sealed(text: str) -> str:
    """A page with its seal at the end.

    >>> sealed("<p>a</p>\\n").splitlines()[0], len(sealed("").strip())
    ('<p>a</p>', 89)
    """
    return text + _SEAL.format(hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest())


def sealed_anew(text: str) -> str:
    """A text that was changed on its way, sealed as it is now if it had a seal.

    >>> sealed_anew(sealed("<p>X</p>\\n").replace("X", "Y")) == sealed("<p>Y</p>\\n"), sealed_anew("a")
    (True, 'a')
    """
    return sealed(text[:-_LENGTH]) if _SEALED.fullmatch(text[-_LENGTH:].encode("utf-8", errors="replace")) else text


def state_of_page(path: Path) -> State:
    """Whether the page in a file is sealed, and as it was then. Of one without a seal only the end is read.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        # A program that edits pages may add white space or another comment below.
        file.seek(max(0, size - 4 * _LENGTH))
        end = file.read()
        if b"<!-- mediakit sha256-" not in end:
            return "none"
        file.seek(0)
        data = file.read()
    found = _SEALED.search(data)
    is_whole = found is not None and hashlib.sha256(data[: found.start()]).hexdigest() == found[1].decode()
    return "whole" if is_whole else "broken"


def seal_archive(archive: zipfile.ZipFile) -> None:
    """Seal an archive that is being written, when all is in it, over the names and checksums of what it holds."""
    archive.comment = _archive_seal(archive)


def state_of_archive(path: Path) -> State:
    """Whether an archive is sealed, and as it was then; what is no archive is not.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if not archive.comment.startswith(b"mediakit sha256-"):
                return "none"
            return "whole" if archive.comment == _archive_seal(archive) else "broken"
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return "none"


def _archive_seal(archive: zipfile.ZipFile) -> bytes:
    held = "".join(f"{item.filename}\0{item.file_size}\0{item.CRC}\n" for item in archive.infolist())
    return _ARCHIVE_SEAL.format(hashlib.sha256(held.encode("utf-8", errors="replace")).hexdigest()).encode("ascii")
