"""Which bytes a file holds: the SHA-256 that ties a result to its media."""

from __future__ import annotations

import hashlib
from pathlib import Path

from mediakit.media.regular import open_regular

_CHUNK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """SHA-256 of the file's bytes, 64 lower-case hexadecimal digits; reads 1 MiB at a time.

    Raises
    ------
    MediaMissing
        If there is no such file.
    MediaNotMedia
        If it is a folder, a pipe or a device: a hash of one would be of nothing, or never end.
    MediaError
        If it cannot be read.
    """
    digest = hashlib.sha256()
    with open_regular(path) as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
