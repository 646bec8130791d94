"""Writes results: each file whole or not at all, inside one folder, and nothing of the user's overwritten.

A file is the user's unless the ledger in `.mediakit/written.jsonl` says that mediakit wrote just these bytes; one that
a person edited since is the person's.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from mediakit.errors import NO_ROOM, OutputError, OutputExists, OutputFull
from mediakit.outputs.ledger import Ledger
from mediakit.vietnamese.normal import nfc

STATE_FOLDER = ".mediakit"
#: https://bford.info/cachedir/: back-up programs leave such folders out.
_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What mediakit keeps to go on where it stopped.\n"
_ANOTHER = "choose another folder with -o DIR"
_REMEDIES = {
    errno.ENOSPC: f"Make room on the disk, or {_ANOTHER}.",
    errno.EDQUOT: f"Make room within your quota, or {_ANOTHER}.",
    errno.ENAMETOOLONG: "Shorten the name of the media file.",
    errno.ENOTDIR: f"A file stands where a folder is needed; move it, or {_ANOTHER}.",
    errno.EEXIST: f"A file stands where a folder is needed; move it, or {_ANOTHER}.",
}


def _umask() -> int:
    """Which permissions new files do not get. It can only be read by setting it, so that threads may not be about."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


_UMASK = _umask()


class OutputFolder:
    """A folder for results. Paths given to it are relative to `root` and may not leave it.

    `mark` stands in the names of temporary files, so that those of a job that was killed can be told from those of
    others at work in the same folder (:func:`clear_away`). `ledger` is one that was read before, of the same folder.
    """

    def __init__(self, root: Path, mark: str = "", ledger: Ledger | None = None) -> None:
        self.root = root
        self._mark = mark
        self._ledger = ledger or Ledger(root / STATE_FOLDER)

    def prepare(self) -> None:
        """Make the folder and see that files can be written in it.

        Raises
        ------
        OutputError
            If they cannot.
        """
        state = self.root / STATE_FOLDER
        with _translated(self.root):
            state.mkdir(parents=True, exist_ok=True)
            for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _CACHE_TAG)):
                if not (state / name).exists():
                    with _in_its_place(state / name, text.encode("utf-8"), self._mark):
                        pass
            _new_file(self.root, b"", self._mark).unlink()

    def check(self, name: PurePath | str, *, overwrite: bool = False) -> None:
        """Refuse a name that leaves the folder, or under which a file of somebody else lies.

        Raises
        ------
        OutputExists
            If a file that mediakit did not write is there, and `overwrite` is not given.
        OutputError
            If the name leads outside, or a file and a folder are in each other's place.
        """
        path = self._inside(name)
        with _translated(path):
            above = next(parent for parent in path.parents if os.path.lexists(parent))
            if not above.is_dir():
                raise OutputError("is a file where a folder is needed", file=above, remedy=f"Move it, or {_ANOTHER}.")
            if path.is_dir():
                raise OutputError(
                    "is a folder where a file is to be written", file=path, remedy=f"Move it, or {_ANOTHER}."
                )
            # A link is somebody's too, even one that leads nowhere.
            if os.path.lexists(path) and not overwrite and not self._is_ours(path):
                raise OutputExists(
                    self._whose(path),
                    file=path,
                    remedy=f"Move it, {_ANOTHER}, or give --overwrite.",
                )

    def write(self, name: PurePath | str, content: str | bytes, *, overwrite: bool = False) -> Path:
        """Write a file (a text as UTF-8, `\\n`) in one step and return its path.

        Raises
        ------
        OutputError
            As :meth:`check`; or if the disk is full or the folder cannot be written. What was there then stays.
        """
        # Half of a surrogate pair, as in a file name that is not UTF-8, is no character: it becomes `?`.
        data = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
        digest = hashlib.sha256(data).hexdigest()
        path = self._inside(name)
        with _translated(path):
            if path.is_file() and not path.is_symlink() and digest_of(path) == digest:
                self._note(path, digest)
                return path
            self.check(name, overwrite=overwrite)
            path.parent.mkdir(parents=True, exist_ok=True)
            with _in_its_place(path, data, self._mark):
                self._note(path, digest, pending=True)
        self._note(path, digest)
        return path

    @contextmanager
    def making(self, name: PurePath | str, *, overwrite: bool = False) -> Iterator[Path]:
        """A file for a program to write into, such as ffmpeg; left without an error, it takes the place of `name`.

        Raises
        ------
        OutputError
            As :meth:`check`, before anything is made; nothing is left of what was made by halves.
        """
        path = self._inside(name)
        self.check(name, overwrite=overwrite)
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            made = _new_file(path.parent, b"", self._mark)
        try:
            yield made
            digest = digest_of(made)
            with _translated(path):
                self._note(path, digest, pending=True)
                made.replace(path)
        except BaseException:
            with suppress(OSError):
                made.unlink()
            raise
        _sync_folder(path.parent)
        self._note(path, digest)

    def _inside(self, name: PurePath | str) -> Path:
        relative = PurePath(name)
        path = self.root / relative
        try:
            # A link inside the folder must not carry a result out of it.
            inside = path.parent.resolve().is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError) as error:  # a NUL in the folder's name, a link to itself
            raise OutputError("is no name for a file", file=path) from error
        if "\0" in str(relative):
            raise OutputError("is no name for a file", file=path)
        if relative.is_absolute() or ".." in relative.parts or not relative.name or not inside:
            raise OutputError("leads outside the output folder", file=path)
        if relative.parts[0].casefold() == STATE_FOLDER:
            raise OutputError("is where mediakit keeps its own state", file=path)
        return path

    def wrote(self, name: PurePath | str) -> bool:
        """Whether the file of that name is one that mediakit wrote here, and nobody has changed since."""
        path = self.root / name
        with _translated(path):
            return self._is_ours(path)

    def _key(self, path: Path) -> str:
        return nfc(path.relative_to(self.root).as_posix())

    def _is_ours(self, path: Path) -> bool:
        key = self._key(path)
        # Media of hours are asked about too: nothing is read that the ledger does not name.
        named = bool(self._ledger.digests(key)) and path.is_file() and not path.is_symlink()
        return named and self._ledger.has(key, digest_of(path))

    def _whose(self, path: Path) -> str:
        """Why a file that is there is not for mediakit to replace."""
        key = self._key(path)
        if path.is_file() and not path.is_symlink() and self._ledger.is_edited(key, digest_of(path)):
            return "was edited in `mediakit review`"
        if self._ledger.digests(key):
            return "was changed since mediakit wrote it"
        return "exists and was not written by mediakit"

    def _note(self, path: Path, digest: str, *, pending: bool = False) -> None:
        with _translated(self._ledger.path):
            self._ledger.note(self._key(path), digest, pending=pending)


@contextmanager
def _in_its_place(path: Path, data: bytes, mark: str) -> Iterator[None]:
    """Put `data` at `path` in one step: a new file beside it, on disk, the body of the `with`, then in its place."""
    temporary = _new_file(path.parent, data, mark)
    try:
        yield
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    _sync_folder(path.parent)


def _new_file(folder: Path, data: bytes, mark: str) -> Path:
    """A new file in `folder` with `data`, on disk; none is left if that fails. As readable as the user's others."""
    descriptor, name = tempfile.mkstemp(prefix=_temporary(mark), suffix=".tmp", dir=folder)
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


def _temporary(mark: str) -> str:
    return f".mediakit-{mark}-" if mark else ".mediakit-"


def clear_away(folders: Iterable[Path], mark: str) -> None:
    """Remove the temporary files of the writer of that `mark`, who was killed; what cannot be removed stays."""
    for folder in folders:
        with suppress(OSError):
            for path in folder.glob(f"{_temporary(mark)}*.tmp"):
                path.unlink()


def _sync_folder(folder: Path) -> None:
    """Have the new name on disk too, where folders can be opened (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def digest_of(path: Path) -> str:
    """SHA-256 of a result file, also of an empty one."""
    digest = hashlib.sha256()
    with _translated(path), path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, f"Mend the permissions, or {_ANOTHER}.")
        kind = OutputFull if error.errno in NO_ROOM else OutputError
        raise kind(f"cannot be written ({error.strerror or error})", file=path, remedy=remedy) from error
