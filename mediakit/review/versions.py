"""What files were before they were edited: copies in `.mediakit/versions/NAME/`, the oldest of too many removed.

To go back to one, copy it over the file.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path, PurePath

from mediakit.errors import NO_ROOM, OutputError, OutputFull
from mediakit.outputs.files import EDITS_TOO, STATE_FOLDER, VERSIONS_FOLDER, OutputFolder
from mediakit.outputs.ledger import Ledger

#: Copies of one file; with each save of a review there is one more.
MOST_VERSIONS = 20


class NothingNoted(Ledger):
    """A ledger that notes nothing, for files that no run writes."""

    def note(self, name: str, digest: str, *, pending: bool = False) -> None:
        """Nothing."""


class EditsLedger(Ledger):
    """A ledger in which what is written is a person's, which no later run replaces unasked."""

    of_edits = True

    def note(self, name: str, digest: str, *, pending: bool = False) -> None:
        """Note that the file has what a person saved, once it is there: until then it is what it was."""
        if not pending:
            self.note_edited(name, digest)


def keep_version(folder: Path, name: PurePath, data: bytes, at: datetime) -> Path:
    """Keep `data`, which the file `name` of the output folder held up to the moment `at` (UTC).

    Raises
    ------
    OutputError
        If it cannot be kept.
    """
    state = folder / STATE_FOLDER
    root = state / VERSIONS_FOLDER
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot be written ({error.strerror or error})", file=root) from error
    # No colons: Windows has none in names. Of one form, so that the order of names is that of time.
    kept = name / f"{at:%Y-%m-%dT%H-%M-%S.%fZ}{name.suffix}"
    place = OutputFolder(root, ledger=NothingNoted(state))
    with place.making(kept, overwrite=EDITS_TOO) as made:
        write_through(made, data)
    for old in versions_of(folder, name)[:-MOST_VERSIONS]:
        with suppress(OSError):
            old.unlink()
    return root / kept


def versions_of(folder: Path, name: PurePath) -> list[Path]:
    """The copies of the file `name` of the output folder, oldest first."""
    kept = folder / STATE_FOLDER / VERSIONS_FOLDER / name
    return sorted(path for path in kept.glob(f"*Z{name.suffix}") if path.is_file()) if kept.is_dir() else []


def write_through(path: Path, data: bytes) -> None:
    """Write `data` into the file and have it on disk.

    Raises
    ------
    OutputFull
        If there is no room for it.
    OutputError
        If it cannot be written for another reason.
    """
    try:
        with path.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        kind, remedy = (OutputFull, "Make room on the disk.") if error.errno in NO_ROOM else (OutputError, "")
        raise kind(f"cannot be written ({error.strerror or error})", file=path.parent, remedy=remedy) from error
