"""Several files that change together: all of them, or none, also where the program or the machine dies in between.

Each stands ready beside its place before a note in `.mediakit/` says which they are (a write-ahead log of one entry).
From then on the change is made: who is killed is gone on after by whoever works in the folder next. If a file cannot be
put in its place while the program lives, those that were are put back.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from mediakit.outputs.temporary import clear_dead, is_dead, is_temporary, new_file, sync_folder

#: Told of each file that is in its place: the path, the digest of what it holds, and whether a person edited it.
OnChanged = Callable[[Path, str, bool], None]

_NOTES = ".mediakit-together-*.json"
_MARK = "together"


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is to be what stands ready in `made`, with the digest `after`.

    `before` is the digest of the file that is in its place, empty where there is none, and `kept` another name of it,
    in case that it is to be put back.
    """

    path: Path
    made: Path
    after: str
    before: str = ""
    kept: Path | None = None


def put_together(root: Path, state: Path, changes: Sequence[Change], on_changed: OnChanged, *, edited: bool) -> None:
    """Put all files in their places; `state` is where mediakit keeps its own below the folder `root`.

    Raises
    ------
    OSError
        If one cannot be put there. All are then what they were, and nothing is left of those that stood ready.
    """
    note: Path | None = None
    kept: list[Change] = []
    try:
        for change in changes:
            kept.append(_with_kept(change))
        note = _noted(root, state, kept, edited=edited)
        for change in kept:
            change.made.replace(change.path)
    except BaseException:
        _put_back(note, [*kept, *changes[len(kept) :]])
        raise
    _finish(note, kept, on_changed, edited=edited)


def mend(root: Path, state: Path, on_changed: OnChanged) -> None:
    """Make the changes that those who are dead by now had begun, and clear away what they left in `state`.

    Raises
    ------
    OSError
        If that cannot be done.
    """
    for note in sorted(state.glob(_NOTES)):
        if not _is_trusted(note, root) or not is_dead(note):
            continue
        changes, edited = _read(note, root)
        for change in changes:
            _make(change)
        _finish(note, changes, on_changed, edited=edited)
    clear_dead(state)


def digest(path: Path) -> str:
    """The SHA-256 of a file; empty where none is, or it is a link.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    found = hashlib.sha256()
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _with_kept(change: Change) -> Change:
    """The change with another name for what is in its place now, which costs no room where links can be had."""
    if not os.path.lexists(change.path):
        return change
    kept = new_file(change.path.parent, b"", _MARK)
    try:
        kept.unlink()
        if change.path.is_symlink():
            kept.symlink_to(change.path.readlink())
        else:
            _link(change.path, kept)
        return replace(change, before=digest(change.path), kept=kept)
    except BaseException:
        with suppress(OSError):
            kept.unlink()
        raise


def _link(path: Path, other: Path) -> None:
    try:
        os.link(path, other)
    except OSError:  # a file system without links
        shutil.copy2(path, other)


def _noted(root: Path, state: Path, changes: Sequence[Change], *, edited: bool) -> Path:
    """The note, on disk and whole. It has its name from the beginning, but is read only when it is whole."""
    files = [
        {
            "path": _below(change.path, root),
            "made": change.made.name,
            "after": change.after,
            "before": change.before,
            "kept": change.kept.name if change.kept is not None else None,
        }
        for change in changes
    ]
    for folder in {change.path.parent for change in changes}:
        sync_folder(folder)
    state.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"edited": edited, "files": files}) + "\n"  # ASCII, for names that are not UTF-8
    note = new_file(state, text.encode("ascii"), _MARK, suffix=".json")
    sync_folder(state)
    return note


def _put_back(note: Path | None, changes: Sequence[Change]) -> None:
    """Have all files as they were; nobody shall go on with the change."""
    with suppress(OSError):
        if note is not None:
            note.unlink()
    for change in changes:
        with suppress(OSError):
            if os.path.lexists(change.made):  # its turn had not come
                change.made.unlink()
                if change.kept is not None:
                    change.kept.unlink()
            elif change.kept is not None:
                change.kept.replace(change.path)
            else:
                change.path.unlink()


def _make(change: Change) -> None:
    """Put a file in its place, unless it is there, or somebody has changed what was there since."""
    if digest(change.made) == change.after and digest(change.path) in (change.before, change.after):
        change.path.parent.mkdir(parents=True, exist_ok=True)
        change.made.replace(change.path)


def _finish(note: Path, changes: Sequence[Change], on_changed: OnChanged, *, edited: bool) -> None:
    """Say that the files are in their places, and clear away what is not needed any more, the note last."""
    for folder in {change.path.parent for change in changes}:
        sync_folder(folder)
    for change in changes:
        if digest(change.path) == change.after:
            on_changed(change.path, change.after, edited)
    for change in changes:
        for left in (change.made, change.kept):
            with suppress(OSError):
                if left is not None:
                    left.unlink()
    with suppress(FileNotFoundError):  # somebody else has mended meanwhile
        note.unlink()


def _below(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _is_trusted(note: Path, root: Path) -> bool:
    """Whether a note is by this user, or by whose folder it is: where all may write it could be by anybody."""
    with suppress(OSError):
        owner, mine = note.stat(follow_symlinks=False).st_uid, getattr(os, "geteuid", None)
        return mine is None or owner in (mine(), root.stat().st_uid)
    return False


def _read(note: Path, root: Path) -> tuple[list[Change], bool]:
    """The changes of a note; none where it is torn, for no file has changed then, or leads out of the folder."""
    try:
        loaded: Any = json.loads(note.read_bytes())
        return list(_changes(loaded["files"], root)), bool(loaded["edited"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return [], False


def _changes(files: Any, root: Path) -> Iterator[Change]:
    for item in files:
        relative, made, kept = PurePosixPath(item["path"]), item["made"], item["kept"]
        path = root / relative
        names = [made] if kept is None else [made, kept]
        if relative.is_absolute() or ".." in relative.parts or not path.parent.resolve().is_relative_to(root.resolve()):
            raise ValueError("it leads out of the folder")
        if not all(is_temporary(name) and Path(name).name == name for name in names):
            raise ValueError("it names what was not written for it")
        yield Change(
            path,
            path.with_name(made),
            str(item["after"]),
            str(item["before"]),
            path.with_name(kept) if kept is not None else None,
        )
