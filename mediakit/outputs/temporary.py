"""Files on their way into their places: written beside these under hidden names, which say who is writing.

Who is killed leaves them. The next who works in the folder clears away those of writers that are dead.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import time
import zlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

#: Of a machine's own processes it is known whether they live. What comes from elsewhere, or from versions that did not
#: say who is writing, is taken for dead when it has not changed for a day.
_DEAD_AFTER_S = 24 * 3600
#: Clocks of file systems are coarser than those of processes.
_CLOCKS_S = 2.0
_NAME = re.compile(r"\.mediakit-(?:.+-)?(?P<machine>[0-9a-f]{8})-(?P<process>[0-9]{1,10})-[a-z0-9_]+\.(?:tmp|json)")
_ANY_NAME = re.compile(r"\.mediakit-.*\.tmp", re.DOTALL)


def _umask() -> int:
    """Which permissions new files do not get. It can only be read by setting it, so that threads may not be about."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()


def new_file(folder: Path, data: bytes, mark: str = "", suffix: str = ".tmp") -> Path:
    """A new file in `folder` with `data`, on disk; none is left if that fails. As readable as the user's others."""
    writer = f"{_beginning(mark)}{_machine()}-{os.getpid()}-"
    descriptor, name = tempfile.mkstemp(prefix=writer, suffix=suffix, dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        path.chmod(0o666 & ~_UMASK)  # mkstemp makes files private
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    return path


def is_temporary(name: str) -> bool:
    """Whether a file of that name is on its way into its place."""
    return _ANY_NAME.fullmatch(name) is not None


def clear_away(folders: Iterable[Path], mark: str) -> None:
    """Remove the temporary files of the writer of that `mark`, who was killed; what cannot be removed stays."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.glob(f"{_beginning(mark)}*.tmp"):
                path.unlink()


def clear_dead(folder: Path) -> None:
    """Remove the temporary files in `folder` whose writers are dead; what cannot be looked at or removed stays."""
    try:
        names = [name for name in os.listdir(folder) if is_temporary(name)]  # noqa: PTH208
    except OSError:
        return
    for name in names:
        with suppress(OSError):
            if is_dead(folder / name):
                (folder / name).unlink()


def is_dead(path: Path) -> bool:
    """Whether who made the file, as its name says, is not alive any more.

    Raises
    ------
    OSError
        If the file cannot be looked at.
    """
    changed_s = path.stat(follow_symlinks=False).st_mtime
    writer = _NAME.fullmatch(path.name)
    if writer is None or writer["machine"] != _machine():
        return time.time() - changed_s > _DEAD_AFTER_S
    return not _was_alive(int(writer["process"]), changed_s)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk too, where folders can be opened (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _was_alive(process: int, moment_s: float) -> bool:
    """Whether the process of that number lives, and lived at that moment: numbers are given again."""
    import psutil

    try:
        found = psutil.Process(process)
        return found.status() != psutil.STATUS_ZOMBIE and found.create_time() <= moment_s + _CLOCKS_S
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True  # somebody else's


def _beginning(mark: str) -> str:
    return f".mediakit-{mark}-" if mark else ".mediakit-"


@cache
def _machine() -> str:
    """This machine in the names of temporary files; containers have names of their own too."""
    return f"{zlib.crc32(socket.gethostname().encode('utf-8', errors='replace')):08x}"
