"""Writes results: each file whole or not at all, inside one folder, and nothing of the user's overwritten.

A file is the user's unless the ledger in `.mediakit/written.jsonl` says that mediakit wrote just these bytes; one that
a person edited since is the person's.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from mediakit.errors import OutputError, OutputExists
from mediakit.vietnamese.normal import nfc

STATE_FOLDER = ".mediakit"
_LEDGER = "written.jsonl"
#: https://bford.info/cachedir/: back-up programs leave such folders out.
_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What mediakit keeps to go on where it stopped.\n"


class OutputFolder:
    """A folder for results. Paths given to it are relative to `root` and may not leave it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._ours: dict[str, str] = {}
        with _translated(root):
            self._read_ledger()

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
                    _replace(state / name, text.encode("utf-8"))
            with tempfile.TemporaryFile(dir=self.root):
                pass

    def check(self, name: PurePath | str, *, overwrite: bool = False) -> None:
        """Refuse a name that leaves the folder, or under which a file of somebody else lies.

        Raises
        ------
        OutputExists
            If a file that mediakit did not write is there, and `overwrite` is not given.
        OutputError
            If the name leads outside.
        """
        path = self._inside(name)
        if path.is_dir():
            raise OutputError("is a folder where a file is to be written", file=path)
        if path.exists() and not overwrite and not self._is_ours(path):
            raise OutputExists(
                "exists and was not written by mediakit",
                file=path,
                remedy="Move it, choose another folder with -o DIR, or give --overwrite.",
            )

    def write(self, name: PurePath | str, text: str, *, overwrite: bool = False) -> Path:
        """Write a text file (UTF-8, `\\n`) in one step and return its path.

        Raises
        ------
        OutputError
            As :meth:`check`; or if the disk is full or the folder cannot be written. What was there then stays.
        """
        data = text.encode("utf-8")
        path = self._inside(name)
        if path.is_file() and digest_of(path) == hashlib.sha256(data).hexdigest():
            self._note(path, data)
            return path
        self.check(name, overwrite=overwrite)
        with _translated(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, data)
        self._note(path, data)
        return path

    def _inside(self, name: PurePath | str) -> Path:
        relative = PurePath(name)
        path = self.root / relative
        outside = relative.is_absolute() or ".." in relative.parts
        # A link inside the folder must not carry a result out of it.
        if outside or not path.parent.resolve().is_relative_to(self.root.resolve()):
            raise OutputError("leads outside the output folder", file=path)
        return path

    def _key(self, path: Path) -> str:
        return nfc(path.relative_to(self.root).as_posix())

    def _is_ours(self, path: Path) -> bool:
        noted = self._ours.get(self._key(path))
        return noted is not None and path.is_file() and digest_of(path) == noted

    def _read_ledger(self) -> None:
        try:
            lines = (self.root / STATE_FOLDER / _LEDGER).read_bytes().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return
        for line in lines:
            with suppress(ValueError, KeyError, TypeError):  # a torn last line
                entry = json.loads(line)
                self._ours[str(entry["path"])] = str(entry["sha256"])

    def _note(self, path: Path, data: bytes) -> None:
        key, digest = self._key(path), hashlib.sha256(data).hexdigest()
        if self._ours.get(key) == digest:
            return
        ledger = self.root / STATE_FOLDER / _LEDGER
        line = json.dumps({"path": key, "sha256": digest}, ensure_ascii=False) + "\n"
        with _translated(ledger):
            ledger.parent.mkdir(parents=True, exist_ok=True)
            with ledger.open("ab") as out:
                out.write(line.encode("utf-8"))
        self._ours[key] = digest


def _replace(path: Path, data: bytes) -> None:
    """Put `data` at `path` in one step: a new file beside it, on disk, then in its place."""
    descriptor, temporary = tempfile.mkstemp(prefix=".mediakit-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        # mkstemp makes files private; results are as readable as the user's other new files.
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def digest_of(path: Path) -> str:
    """SHA-256 of a result file, also of an empty one."""
    with _translated(path):
        return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"cannot be written ({error.strerror or error})",
            file=path,
            remedy="Make room or mend the permissions, or choose another folder with -o DIR.",
        ) from error
