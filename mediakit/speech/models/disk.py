"""The disk that models are on: its errors as ours, its room, and a folder put in its place in one step."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mediakit.errors import NO_ROOM, ModelCorrupt, ModelError
from mediakit.speech.models.places import CACHE_VARIABLE

#: Kept free beside what is fetched, so that a full disk does not stop other programs.
_SPARE_BYTES = 100_000_000


@contextmanager
def translated(path: Path, remedy: str) -> Iterator[None]:
    """Errors of the file system as ours; `remedy` is for a file that is not there."""
    try:
        yield
    except FileNotFoundError as error:
        missing = Path(error.filename) if error.filename else path
        raise ModelCorrupt("is missing from the model", file=missing, remedy=remedy) from error
    except OSError as error:
        full = error.errno in NO_ROOM
        raise ModelError(
            "there is no room left" if full else f"cannot be read or written ({error.strerror or error})",
            file=path,
            remedy=f"{CACHE_VARIABLE} names another folder for models.",
        ) from error


def require_room(folder: Path, size_bytes: int) -> None:
    """Refuse to begin what will not fit.

    Raises
    ------
    ModelError
        If less than `size_bytes` and a reserve are free.
    """
    free = shutil.disk_usage(folder).free
    if free < size_bytes + _SPARE_BYTES:
        raise ModelError(
            f"{(size_bytes + _SPARE_BYTES) / 1e6:,.0f} MB are needed, {free / 1e6:,.0f} MB are free",
            file=folder,
            remedy=f"Make room, or let {CACHE_VARIABLE} name a folder on another disk.",
        )


def put_in_place(building: Path, folder: Path) -> None:
    """Move a whole folder to its place; one that stands there is moved away first and then deleted.

    Errors are those of the file system; where the move fails, what stood there is put back.
    """
    old = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.old")
    if folder.exists():
        folder.rename(old)
    try:
        building.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
