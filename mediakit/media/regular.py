"""Opening a media file that may turn out to be no file at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mediakit.errors import MediaEmpty, MediaError, MediaMissing, MediaNotMedia


def require_regular(path: Path) -> os.stat_result:
    """The status of `path`, which is a file with bytes in it; nothing is opened, so that a pipe cannot block.

    Raises
    ------
    MediaMissing
        If there is no such file.
    MediaNotMedia
        If it is a folder, a pipe, a socket or a device.
    MediaEmpty
        If it has no bytes.
    MediaError
        If the system does not let us look, or its name is not Unicode.
    """
    try:
        str(path.absolute()).encode("utf-8")
    except UnicodeEncodeError:  # bytes of another encoding; no output file could name it
        raise MediaError("its name is not valid Unicode", file=path, remedy="Rename the file, or its folder.") from None
    with _translated(path):
        status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise MediaNotMedia("this is a folder, not a media file", file=path)
    if not stat.S_ISREG(status.st_mode):
        raise MediaNotMedia("this is a pipe or a device, not a media file", file=path)
    if status.st_size == 0:
        raise MediaEmpty("the file is empty (zero bytes)", file=path, remedy="Copy or download it again.")
    return status


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """`path` open for reading bytes, after :func:`require_regular`; errors while reading are translated too."""
    require_regular(path)
    with _translated(path), path.open("rb") as file:
        yield file


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise MediaMissing("no such file", file=path) from None
    except PermissionError:
        raise MediaError("no permission to read it", file=path) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"cannot be read: {reason}", file=path) from error
