"""Which files of a folder mediakit wrote, in `.mediakit/written.jsonl`; several processes may write in it at once.

A line is `{"path": …, "sha256": …}`; the last of a path counts. One with `"pending": true` is added before the file is
put in place, so that a file is known as mediakit's also where the power fails in between. A line `{"edited": …,
"sha256": …}` is of a file as a person saved it in a review: it is the person's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

_NAME = "written.jsonl"


class Ledger:
    """The ledger of one folder. It is read when something is first looked up, and read on when that is not found.

    Raises
    ------
    OSError
        By every method, if it cannot be read or written; there being none is no error.
    """

    #: Whether what is written by it is a person's.
    of_edits: ClassVar[bool] = False

    def __init__(self, state: Path) -> None:
        self.path = state / _NAME
        self._read_to = 0
        #: By path, what mediakit may have left there: the last digest, and those pending since.
        self._known: dict[str, tuple[str, ...]] = {}
        #: By path, what a person saved there.
        self._edited: dict[str, str] = {}
        #: Folders in which nothing is left of writers that were killed (:meth:`OutputFolder.settle`).
        self.settled: set[Path] = set()

    def digests(self, name: str) -> tuple[str, ...]:
        """SHA-256 of what mediakit may have left under that name: the last, and those pending since."""
        return self._known.get(name) or self._read_on().get(name, ())

    def has(self, name: str, digest: str) -> bool:
        """Whether mediakit wrote that content under that name."""
        return digest in self._known.get(name, ()) or digest in self._read_on().get(name, ())

    def knows(self, name: str) -> bool:
        """Whether anything was noted of that name."""
        return bool(self.digests(name)) or name in self._edited

    def is_edited(self, name: str, digest: str) -> bool:
        """Whether a person saved that content under that name in a review, and mediakit has not replaced it since."""
        if self._edited.get(name) != digest:
            self._read_on()
        return self._edited.get(name) == digest

    def note(self, name: str, digest: str, *, pending: bool = False) -> None:
        """Add that mediakit wrote that content under that name, or is about to."""
        if self.digests(name) == (digest,) and name not in self._edited:
            return
        self._append({"path": name, "sha256": digest} | ({"pending": True} if pending else {}))
        self._remember(name, digest, pending=pending)

    def note_edited(self, name: str, digest: str) -> None:
        """Add that a person saved that content under that name."""
        self._append({"edited": name, "sha256": digest})
        self._edited[name] = digest

    def _append(self, entry: Mapping[str, object]) -> None:
        # ASCII, for a name that is not UTF-8 has no other form.
        line = json.dumps(entry) + "\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+b") as file:
            if file.tell() and not self._ends_with_a_line(file.tell()):
                line = "\n" + line  # whoever wrote there was killed in the middle
            file.write(line.encode("ascii"))

    def _ends_with_a_line(self, size: int) -> bool:
        with self.path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) == b"\n"

    def _read_on(self) -> dict[str, tuple[str, ...]]:
        """Take in what was added since, by this process or another."""
        try:
            if self.path.stat().st_size == self._read_to:
                return self._known
            with self.path.open("rb") as file:
                file.seek(self._read_to)
                data = file.read()
        except (FileNotFoundError, NotADirectoryError):
            return self._known
        whole = data[: data.rfind(b"\n") + 1]
        self._read_to += len(whole)
        for line in whole.splitlines():
            with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):  # a torn line
                entry = json.loads(line)
                if "edited" in entry:
                    self._edited[str(entry["edited"])] = str(entry["sha256"])
                else:
                    self._remember(str(entry["path"]), str(entry["sha256"]), pending=bool(entry.get("pending")))
        return self._known

    def _remember(self, name: str, digest: str, *, pending: bool) -> None:
        if not pending:
            self._edited.pop(name, None)
        self._known[name] = (*self._known.get(name, ()), digest) if pending else (digest,)
