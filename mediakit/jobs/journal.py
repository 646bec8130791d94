"""What a batch has done: a SQLite file in the output folder, for one run at a time.

A job's identity is the content of its media and article, the settings that matter and mediakit's version; it is done if
its outputs are there as they were written. To find that out for a thousand jobs in a moment, the hash of a file is
kept with its size and time of change, and looked up while these are the same.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any, Literal

from filelock import FileLock, Timeout

from mediakit.errors import NO_ROOM, OutputError, OutputFull, encodable
from mediakit.outputs.files import digest_of, settle_all
from mediakit.outputs.ledger import Ledger
from mediakit.outputs.temporary import clear_away
from mediakit.vietnamese.normal import nfc

State = Literal["running", "done", "failed", "set-aside"]

#: A job that failed so often is set aside: the next run leaves it, unless something of it has changed.
MOST_ATTEMPTS = 3

#: Within this of its last change, a file may change again without its time telling.
_UNSURE_NS = 2_000_000_000
_BUSY_S = 30.0
#: Of the tables. A journal of another version is begun anew; what was heard is kept elsewhere.
_VERSION = 2
_TABLES = """
CREATE TABLE IF NOT EXISTS hashes (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, changed_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS jobs (
    identity TEXT PRIMARY KEY, source TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    error TEXT NOT NULL, seconds REAL NOT NULL, changed REAL NOT NULL, summary TEXT NOT NULL, folders TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outputs (
    identity TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (identity, path)
) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A job as the journal has it.

    `error` is what went wrong last, `seconds` how long the last attempt took, `summary` what the reports say of it
    (JSON), `folders` where a killed attempt may have left something (JSON, absolute paths).
    """

    identity: str
    source: str
    state: State
    attempts: int
    error: str = ""
    seconds: float = 0.0
    summary: str = "{}"
    folders: str = "[]"

    @property
    def said(self) -> dict[str, Any]:
        """What the reports say of the job; nothing where that cannot be read."""
        found = _loaded(self.summary)
        return found if isinstance(found, dict) else {}

    @property
    def places(self) -> tuple[Path, ...]:
        """The folders of :attr:`folders`; none where they cannot be read."""
        return _places(self.folders)

    @property
    def mark(self) -> str:
        """What the names of the job's temporary files have in them."""
        return mark_of(self.identity)


def mark_of(identity: str) -> str:
    """What the names of a job's temporary files have in them: no other job's have it."""
    return identity[:16]


_FIELDS = ", ".join(Entry.__dataclass_fields__)
_NONE: Mapping[str, object] = {}


class Journal:
    """The journal of one output folder, open for one run; a context manager.

    Raises
    ------
    OutputError
        On entering, if another run has it, or it cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "journal.sqlite3"
        self._lock = FileLock(str(folder / "journal.lock"))

    def __enter__(self) -> Journal:
        with self._translated():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(timeout=0)
            except Timeout:
                raise OutputError(
                    "another run is at work in this folder", file=self.folder.parent,
                    remedy="Wait for it to end, or choose another folder with -o DIR.",
                ) from None  # fmt: skip
        try:
            self._open()
        except BaseException:
            self._lock.release()
            raise
        return self

    def _open(self) -> None:
        with self._translated():
            self._database = sqlite3.connect(self.path, timeout=_BUSY_S, isolation_level=None)
            try:
                self._database.execute("PRAGMA journal_mode=WAL")
                self._database.execute("PRAGMA synchronous=NORMAL")
                (version,) = self._database.execute("PRAGMA user_version").fetchone()
                if version != _VERSION:
                    for table in ("hashes", "jobs", "outputs"):
                        self._database.execute(f"DROP TABLE IF EXISTS {table}")
                    self._database.execute(f"PRAGMA user_version = {_VERSION}")
                self._database.executescript(_TABLES)
                self._mend()
            except BaseException:
                self._database.close()
                raise

    def _mend(self) -> None:
        """What a run that was killed had begun is no fault of the job's; its temporary files go."""
        settle_all(self.folder.parent)
        running = self._database.execute("SELECT identity, folders FROM jobs WHERE state = 'running'").fetchall()
        for identity, folders in running:
            clear_away(_places(folders), mark_of(identity))
        self._database.execute("UPDATE jobs SET state = 'failed', attempts = attempts - 1 WHERE state = 'running'")

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._lock.release()

    def begin(self, identity: str, source: str, folders: Iterable[Path] = ()) -> Entry:
        """Note that a job is being done, for one more attempt, and in which folders it will write."""
        before = self.entry(identity)
        failures = before.attempts if before is not None and before.state != "done" else 0
        where = json.dumps([str(folder.absolute()) for folder in folders])
        entry = Entry(identity, encodable(source), "running", failures + 1, folders=where)
        self._put(entry)
        return entry

    def finish(
        self, identity: str, outputs: Iterable[Path], root: Path, seconds: float, summary: Mapping[str, object] = _NONE
    ) -> None:
        """Note a job as done, with its outputs as they are now."""
        entry = self._known(identity)
        rows = [(identity, _stored(path.relative_to(root)), self.digest(path)) for path in outputs]
        with self._at_once():
            self._database.execute("DELETE FROM outputs WHERE identity = ?", (identity,))
            self._database.executemany("INSERT OR REPLACE INTO outputs VALUES (?, ?, ?)", rows)
            self._put(replace(entry, state="done", error="", seconds=seconds, summary=json.dumps(summary)))

    def fail(self, identity: str, error: str, seconds: float, summary: Mapping[str, object] = _NONE) -> Entry:
        """Note that an attempt failed; after :data:`MOST_ATTEMPTS` the job is set aside.

        What was left half-written by an attempt whose process died is removed.
        """
        entry = self._known(identity)
        clear_away(entry.places, entry.mark)
        state: State = "set-aside" if entry.attempts >= MOST_ATTEMPTS else "failed"
        said = json.dumps(summary)
        failed = replace(entry, state=state, error=encodable(error), seconds=seconds, summary=said)
        self._put(failed)
        return failed

    def withdraw(self, identity: str) -> None:
        """Note that an attempt came to nothing through no fault of the job's; it does not count."""
        entry = self._known(identity)
        clear_away(entry.places, entry.mark)
        self._put(replace(entry, state="failed", attempts=entry.attempts - 1))

    def entry(self, identity: str) -> Entry | None:
        """A job as it is noted."""
        with self._translated():
            row = self._database.execute(f"SELECT {_FIELDS} FROM jobs WHERE identity = ?", (identity,)).fetchone()
        return Entry(*row) if row else None

    def outputs(self, identity: str, root: Path, *, with_edited: bool = False) -> tuple[Path, ...]:
        """The outputs of a job that is done, if all of them are there as they were written; else nothing.

        `with_edited` takes those that a person has edited in a review since for as they were written.
        """
        entry = self.entry(identity)
        if entry is None or entry.state != "done":
            return ()
        with self._translated():
            rows = self._database.execute("SELECT path, sha256 FROM outputs WHERE identity = ?", (identity,)).fetchall()
        ledger = Ledger(self.folder)

        def is_whole(name: str, sha256: str) -> bool:
            digest = self.digest(root / name) if (root / name).is_file() else ""
            return digest == sha256 or (with_edited and bool(digest) and ledger.is_edited(nfc(name), digest))

        there = [(_name(stored), sha256) for stored, sha256 in rows]
        return tuple(root / name for name, _ in there) if all(is_whole(*each) for each in there) else ()

    def digest(self, path: Path, read: Callable[[Path], str] = digest_of) -> str:
        """SHA-256 of a file, by `read` only if its size or its time of change is another than when it was read last."""
        try:
            before = path.stat()
        except OSError:
            return read(path)  # which says what is wrong with it
        with self._translated():
            row = self._database.execute(
                "SELECT sha256 FROM hashes WHERE path = ? AND size = ? AND changed_ns = ?",
                (encodable(str(path.absolute())), before.st_size, before.st_mtime_ns),
            ).fetchone()
        if row:
            return str(row[0])
        sha256 = read(path)
        if time.time_ns() - before.st_mtime_ns > _UNSURE_NS:
            with self._translated():
                self._database.execute(
                    "INSERT OR REPLACE INTO hashes VALUES (?, ?, ?, ?)",
                    (encodable(str(path.absolute())), before.st_size, before.st_mtime_ns, sha256),
                )
        return sha256

    def _known(self, identity: str) -> Entry:
        return self.entry(identity) or Entry(identity, "", "running", 1)

    def _put(self, entry: Entry) -> None:
        fields = [getattr(entry, name) for name in Entry.__dataclass_fields__]
        with self._translated():
            places = ", ".join("?" for _ in fields)
            self._database.execute(
                f"INSERT OR REPLACE INTO jobs ({_FIELDS}, changed) VALUES ({places}, ?)", (*fields, time.time())
            )

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """All of the block or nothing of it."""
        with self._translated():
            self._database.execute("BEGIN")
            try:
                yield
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:  # SQLite itself has taken it back where the disk is full
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise (OutputFull if _is_full(error) else OutputError)(
                f"the journal cannot be kept ({getattr(error, 'strerror', None) or error})", file=self.path,
                remedy="Make room, mend the permissions, or delete it to do all jobs again.",
            ) from error  # fmt: skip


def _places(folders: str) -> tuple[Path, ...]:
    found = _loaded(folders)
    return tuple(Path(folder) for folder in found if isinstance(folder, str)) if isinstance(found, list) else ()


def _loaded(text: str) -> object:
    """JSON from the journal, which other programs can write in too; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return None


def _stored(path: PurePath) -> str:
    """A path as the tables have it: bytes that are no text have no other form there than JSON's."""
    name = path.as_posix()
    return name if encodable(name) == name and not name.startswith('"') else json.dumps(name)


def _name(stored: str) -> str:
    return str(json.loads(stored)) if stored.startswith('"') else stored


def _is_full(error: sqlite3.Error | OSError) -> bool:
    # SQLite's own errors have numbers from Python 3.11 on only.
    return getattr(error, "errno", None) in NO_ROOM or "disk is full" in str(error)
