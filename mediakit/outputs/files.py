"""Writes results: each file whole or not at all, inside one folder, and nothing of the user's overwritten.

A file is the user's unless the ledger in `.mediakit/written.jsonl` says that mediakit wrote just these bytes, or, where
the ledger does not know its name, what it holds says so (`origin.py`); one that a person edited since is the person's.

How far results replace what is there, `overwrite`, is how often `--overwrite` was given: 0 replaces what mediakit
wrote, 1 files of others too, 2 also what a person edited or changed.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from mediakit.errors import NO_ROOM, OutputError, OutputExists, OutputFull
from mediakit.outputs.ledger import Ledger
from mediakit.outputs.origin import Origin, origin_of
from mediakit.outputs.temporary import clear_dead, is_temporary, new_file, sync_folder
from mediakit.outputs.together import Change, mend, put_together
from mediakit.vietnamese.normal import nfc

STATE_FOLDER = ".mediakit"
#: In that: what files were before a person edited them.
VERSIONS_FOLDER = "versions"
#: https://bford.info/cachedir/: back-up programs leave such folders out.
_CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# What mediakit keeps to go on where it stopped.\n"
_ANOTHER = "choose another folder with -o DIR"
#: An `overwrite` that nothing withstands.
EDITS_TOO = 2
#: How often `--overwrite` must be given for a file to be replaced, and what is said where it was not.
_NEEDED: dict[Origin, int] = {"written": 0, "foreign": 1, "changed": EDITS_TOO, "edited": EDITS_TOO}
_WHOSE: dict[Origin, str] = {
    "foreign": "exists and was not written by mediakit",
    "changed": "was changed since mediakit wrote it",
    "edited": "was edited in `mediakit review`",
}
_REMEDIES = {
    errno.ENOSPC: f"Make room on the disk, or {_ANOTHER}.",
    errno.EDQUOT: f"Make room within your quota, or {_ANOTHER}.",
    errno.ENAMETOOLONG: "Shorten the name of the media file.",
    errno.ENOTDIR: f"A file stands where a folder is needed; move it, or {_ANOTHER}.",
    errno.EEXIST: f"A file stands where a folder is needed; move it, or {_ANOTHER}.",
}


class OutputFolder:
    """A folder for results. Paths given to it are relative to `root` and may not leave it.

    `mark` stands in the names of temporary files, so that those of a job that was killed can be told from those of
    others at work in the same folder (:func:`~mediakit.outputs.temporary.clear_away`). `ledger` is one that was read
    before, of the same folder.
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
            new_file(self.root, b"", self._mark).unlink()
        self.settle()

    def settle(self, below: PurePath | str = "") -> None:
        """Bring to their end the changes of writers that were killed, and clear away what they left in the folder.

        `below` is a folder in it, in which temporary files may lie too. A folder is looked at once by who has the same
        ledger: there may be a hundred thousand files in it, and as many jobs.

        Raises
        ------
        OutputError
            If a change cannot be brought to its end.
        """
        state, folder = self.root / STATE_FOLDER, self.root / below
        if self.root not in self._ledger.settled:
            self._ledger.settled.add(self.root)
            with _translated(self.root):
                if state.is_dir() and not state.is_symlink():
                    mend(self.root, state, self._changed)
            clear_dead(self.root)
        if folder not in self._ledger.settled:
            self._ledger.settled.add(folder)
            clear_dead(folder)

    def check(self, name: PurePath | str, *, overwrite: int = 0) -> None:
        """Refuse a name that leaves the folder, or under which a file lies that is not to be replaced.

        Raises
        ------
        OutputExists
            If a file is there that `overwrite` does not reach.
        OutputError
            If the name leads outside, or a file and a folder are in each other's place.
        """
        path = self._inside(name)
        self.settle(PurePath(name).parent)
        with _translated(path):
            above = next(parent for parent in path.parents if os.path.lexists(parent))
            if not above.is_dir():
                raise OutputError("is a file where a folder is needed", file=above, remedy=f"Move it, or {_ANOTHER}.")
            if path.is_dir():
                raise OutputError(
                    "is a folder where a file is to be written", file=path, remedy=f"Move it, or {_ANOTHER}."
                )
            # A link is somebody's too, even one that leads nowhere.
            if os.path.lexists(path):
                self._refuse(path, self._origin(path), overwrite)

    def write(self, name: PurePath | str, content: str | bytes, *, overwrite: int = 0) -> Path:
        """Write a file (a text as UTF-8, `\\n`) in one step and return its path.

        Raises
        ------
        OutputError
            As :meth:`check`; or if the disk is full or the folder cannot be written. What was there then stays.
        """
        data = _bytes(content)
        digest = hashlib.sha256(data).hexdigest()
        path = self._inside(name)
        with _translated(path):
            if _holds(path, digest):
                self._note(path, digest)
                return path
            self.check(name, overwrite=overwrite)
            path.parent.mkdir(parents=True, exist_ok=True)
            with _in_its_place(path, data, self._mark):
                self._note(path, digest, pending=True)
        self._note(path, digest)
        return path

    def write_all(self, contents: Mapping[str, str | bytes], *, overwrite: int = 0) -> tuple[Path, ...]:
        """Write files that belong together, as :meth:`write` does each; either all of them change or none.

        Raises
        ------
        OutputError
            As :meth:`write`.
        """
        paths = {self._inside(name): _bytes(content) for name, content in contents.items()}
        digests = {path: hashlib.sha256(data).hexdigest() for path, data in paths.items()}
        changes: list[Change] = []
        try:
            for name, (path, data) in zip(contents, paths.items(), strict=True):
                with _translated(path):
                    if _holds(path, digests[path]):
                        continue
                    self.check(name, overwrite=overwrite)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    changes.append(Change(path, new_file(path.parent, data, self._mark), digests[path]))
            for change in changes:
                self._note(change.path, change.after, pending=True)
            with _translated(self.root):
                edited = self._ledger.of_edits
                put_together(self.root, self.root / STATE_FOLDER, changes, self._changed, edited=edited)
        except BaseException:
            for change in changes:
                with suppress(OSError):
                    change.made.unlink()
            raise
        for path in paths.keys() - {change.path for change in changes}:
            self._note(path, digests[path])
        return tuple(paths)

    @contextmanager
    def making(self, name: PurePath | str, *, overwrite: int = 0) -> Iterator[Path]:
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
            made = new_file(path.parent, b"", self._mark)
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
        sync_folder(path.parent)
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
        return self.origin(name) == "written"

    def origin(self, name: PurePath | str) -> Origin:
        """Whose the file of that name is; one that is not there is nobody's, which is `foreign`."""
        path = self.root / name
        with _translated(path):
            return self._origin(path)

    def _key(self, path: Path) -> str:
        return nfc(path.relative_to(self.root).as_posix())

    def _origin(self, path: Path) -> Origin:
        key = self._key(path)
        if path.is_symlink() or not path.is_file():
            return "foreign"
        # Media of hours are asked about too: nothing is read that neither the ledger names nor a name of ours.
        if not self._ledger.knows(key):
            return origin_of(path)
        digest = digest_of(path)
        if self._ledger.has(key, digest):
            return "written"
        return "edited" if self._ledger.is_edited(key, digest) else "changed"

    def _refuse(self, path: Path, origin: Origin, overwrite: int) -> None:
        """Refuse to replace a file of that origin, unless `overwrite` reaches so far."""
        needed = _NEEDED[origin]
        if overwrite < needed:
            remedy = f"Move it, {_ANOTHER}, or give --overwrite{' twice' if needed > 1 else ''}."
            raise OutputExists(_WHOSE[origin], file=path, remedy=remedy)

    def _changed(self, path: Path, digest: str, edited: bool) -> None:
        """Note that a file of several has changed; also of one that another had begun to write."""
        with _translated(self._ledger.path):
            if edited:
                self._ledger.note_edited(self._key(path), digest)
            else:
                self._ledger.note(self._key(path), digest)

    def _note(self, path: Path, digest: str, *, pending: bool = False) -> None:
        with _translated(self._ledger.path):
            self._ledger.note(self._key(path), digest, pending=pending)


def settle_all(root: Path) -> None:
    """Bring to their end all changes at or below `root` that somebody was killed in, and clear away what they left.

    Raises
    ------
    OutputError
        If a change cannot be brought to its end.
    """
    for place, folders, names in os.walk(root):
        if STATE_FOLDER in folders:
            OutputFolder(Path(place)).settle()
            for kept, _, _ in os.walk(Path(place, STATE_FOLDER, VERSIONS_FOLDER)):
                clear_dead(Path(kept))
        elif any(map(is_temporary, names)):
            clear_dead(Path(place))
        folders[:] = [name for name in folders if not name.startswith(".")]


def settle_around(path: Path) -> None:
    """Before a result is read: bring to its end a change of it that somebody was killed in the middle of.

    What keeps that from being done does not keep the file from being read.
    """
    with suppress(OutputError, OSError, ValueError, RuntimeError):  # no such name, a link to itself
        for folder in path.resolve().parents:
            if (folder / STATE_FOLDER).is_dir():
                OutputFolder(folder).settle()
                return


@contextmanager
def _in_its_place(path: Path, data: bytes, mark: str) -> Iterator[None]:
    """Put `data` at `path` in one step: a new file beside it, on disk, the body of the `with`, then in its place."""
    temporary = new_file(path.parent, data, mark)
    try:
        yield
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def _bytes(content: str | bytes) -> bytes:
    """A text as UTF-8; half of a surrogate pair, as in a file name that is not UTF-8, is no character but `?`."""
    return content.encode("utf-8", errors="replace") if isinstance(content, str) else content


def _holds(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and digest_of(path) == digest


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
