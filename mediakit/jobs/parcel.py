"""A task with its files, for a worker that sees neither the sources nor the folder of results.

The worker lays the files out in a room of its own, as they lie to each other where they come from, so that results are
what they would be there; the results go back as bytes. What is heard stays in the worker's cache: a job that is
interrupted goes on where it stopped if it comes to the same machine again.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath, PurePosixPath

from filelock import FileLock, Timeout

from mediakit.errors import NO_ROOM, MediakitError, OutputError, OutputFull
from mediakit.jobs.journal import mark_of
from mediakit.jobs.plan import Job
from mediakit.jobs.run import Done, JobReport, OnMedium, run_job
from mediakit.jobs.settings import Desk
from mediakit.jobs.store import Store
from mediakit.jobs.workers import Task
from mediakit.outputs.files import STATE_FOLDER, digest_of
from mediakit.outputs.ledger import Ledger
from mediakit.outputs.seal import sealed_anew
from mediakit.pipeline import Progress
from mediakit.result import Result
from mediakit.speech.models import models_folder
from mediakit.vietnamese.normal import nfc


def cache_folder() -> Path:
    """What is kept of batches on addresses, on this machine: `MEDIAKIT_CACHE`, or the user's cache."""
    return models_folder().absolute().with_name("remote")


@dataclass(frozen=True, slots=True)
class ParcelFile:
    """A file of a parcel: `name` below the folder `address`, or its bytes where only the sender sees the store.

    `place` is where it goes in the room.
    """

    place: str
    address: str
    name: str
    data: bytes | None = None

    def lay_out(self, room: Path, on_block: Callable[[], None] | None = None) -> None:
        """Put the file in its place; raises as :meth:`mediakit.jobs.store.Store.fetch`."""
        to = room / self.place
        with in_cache(to):
            to.parent.mkdir(parents=True, exist_ok=True)
            if self.data is not None:
                to.write_bytes(self.data)
        if self.data is None:
            Store(self.address).fetch(self.name, to, on_block=on_block)


@dataclass
class Delivered(JobReport):
    """A report whose files are named relative to the folder of results; what they hold is in `contents`."""

    contents: dict[Path, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of one task; implements :class:`mediakit.jobs.workers.Parcel`.

    Parameters
    ----------
    root
        The sender's folder that all paths of the job are below.
    source, target
        Where sources and results are, below `root` and below a room.
    shown
        What these two are called in messages.
    media
        The job's media that there are, in order. The article travels in the job.
    empty
        Places where there is something that the job goes by, but does not read: media that share a name, and what must
        not be written over.
    neighbours
        The articles that a wrong attachment may belong to; they are fetched only then.
    earlier
        What mediakit wrote for the job before, with its bytes: no failure takes its place.
    """

    root: Path
    source: PurePosixPath
    target: PurePosixPath
    shown: tuple[str, str]
    media: tuple[ParcelFile, ...]
    empty: tuple[str, ...]
    neighbours: tuple[ParcelFile, ...] = ()
    earlier: tuple[ParcelFile, ...] = ()

    def run(self, task: Task, desk: Desk, on_medium: OnMedium | None) -> Delivered:
        """Do the task in a room; raises as :func:`mediakit.jobs.run.run_job`, and what a fetch raises."""
        with _room() as room:
            try:
                return self._run(task, desk, on_medium, room)
            except MediakitError as error:
                raise renamed(error, self._told) from error

    def _run(self, task: Task, desk: Desk, on_medium: OnMedium | None, room: Path) -> Delivered:
        self._furnish(room)
        job, target = self._moved(task.job, room), room / self.target
        fetching = _Fetching(self.media, room, on_medium)
        report = run_job(job, desk, target, fetching, mark=mark_of(task.identity))
        if self.neighbours and any(_is_unrelated(done.result) for done in report.done):
            for file in self.neighbours:
                # It is a hint: what goes wrong on the way to it is no failure of the job.
                with suppress(MediakitError):
                    file.lay_out(room)
            fetching.begin_again()
            # What was heard and grounded is kept, so that this takes a moment.
            report = run_job(job, desk, target, fetching, mark=mark_of(task.identity))
        return self._delivered(report, task.job, target)

    def _furnish(self, room: Path) -> None:
        heard, state = cache_folder() / "heard", room / self.target / STATE_FOLDER
        with in_cache(room):
            for folder in (heard, state, room / self.source):
                folder.mkdir(parents=True, exist_ok=True)
            # Windows may refuse links; then a job that is interrupted begins again.
            with suppress(OSError, NotImplementedError):
                (state / "heard").symlink_to(heard, target_is_directory=True)
            for place in (*self.empty, *(file.place for file in self.media)):
                (room / place).parent.mkdir(parents=True, exist_ok=True)
                (room / place).touch()
            ledger = Ledger(state)
            for file in self.earlier:
                file.lay_out(room)
                name = (room / file.place).relative_to(room / self.target)
                ledger.note(nfc(name.as_posix()), digest_of(room / file.place))

    def _moved(self, job: Job, room: Path) -> Job:
        """The job as it is in the room."""

        def moved(path: Path) -> Path:
            return room / path.relative_to(self.root)

        pieces = tuple(replace(p, path=moved(p.path)) if p.path is not None else p for p in job.pieces)
        return replace(job, pieces=pieces, source=moved(job.source) if job.source is not None else None)

    def _delivered(self, report: JobReport, job: Job, target: Path) -> Delivered:
        def below(paths: Sequence[Path]) -> tuple[Path, ...]:
            return tuple(path.relative_to(target) for path in paths)

        with in_cache(target):
            contents = {
                path.relative_to(target): sealed_anew(self._told(path.read_bytes().decode("utf-8"))).encode("utf-8")
                for path in report.files
            }
        done = [
            Done(
                piece,
                self._result(item.result),
                below(item.files),
                item.error and renamed(item.error, self._told),
                item.keeps_earlier,
                item.replaces,
            )
            for piece, item in zip(job.pieces, report.done, strict=True)
        ]
        errors = [renamed(error, self._told) for error in report.errors]
        return Delivered(job, done, below(report.page), below(report.kept_page), errors, contents)

    def _result(self, result: Result) -> Result:
        """A result for those to whom the room is nowhere."""
        warnings = tuple(replace(warning, message=self._told(warning.message)) for warning in result.warnings)
        return replace(result, media=replace(result.media, file=None), warnings=warnings)

    def _told(self, text: str) -> str:
        """A text with addresses for the paths of rooms: of this one, and of an earlier one where it was heard."""
        room = as_pattern(_rooms()) + r"[\\/]+[0-9a-f]{16}[\\/]+"
        places = map(as_pattern, (self.source, self.target))
        return with_addresses(text, {room + place: shown for place, shown in zip(places, self.shown, strict=True)})


def with_addresses(text: str, shown: Mapping[str, str]) -> str:
    """A text with what is `shown` for what matches; of two that begin alike, the longer."""
    for pattern in sorted(shown, key=len, reverse=True):
        text = re.sub(pattern, shown[pattern].replace("\\", r"\\"), text)
    return text


def as_pattern(path: PurePath) -> str:
    """A regular expression for a path in a text, also with the backslashes of Windows doubled, as in JSON."""
    lead = "" if not path.is_absolute() or path.drive else "/"
    return lead + r"[\\/]+".join(re.escape(part.strip("\\/")) for part in path.parts if part.strip("\\/"))


def renamed(error: MediakitError, told: Callable[[str], str]) -> MediakitError:
    """An error with its texts as `told` gives them."""
    return type(error)(
        told(error.what), file=told(error.file) if error.file is not None else None, remedy=told(error.remedy)
    )


def _is_unrelated(result: Result) -> bool:
    return result.article is not None and result.article.verdict == "unrelated"


class _Fetching:
    """Has each medium fetched just before it is begun; told of each as `run_job` tells, and telling on."""

    def __init__(self, media: Sequence[ParcelFile], room: Path, on_medium: OnMedium | None) -> None:
        self._media, self._room, self._on_medium = media, room, on_medium
        self._here: set[int] = set()
        self._progress: list[Progress | None] = []
        self._next = 0

    def begin_again(self) -> None:
        """The job is done once more, with what is there."""
        self._next = 0

    def __call__(self, name: str) -> Progress | None:
        number, self._next = self._next, self._next + 1
        if number == len(self._progress):
            self._progress.append(self._on_medium(name) if self._on_medium is not None else None)
        progress = self._progress[number]
        if number not in self._here:
            # Told on the way, so that it can be interrupted.
            tell = (lambda: progress(0, None)) if progress is not None else None
            self._media[number].lay_out(self._room, tell)
            self._here.add(number)
        return progress


def _rooms() -> Path:
    return cache_folder() / "rooms"


@contextmanager
def _room() -> Iterator[Path]:
    """A folder for one job, gone when it is at an end; those of workers that were killed go too."""
    rooms = _rooms()
    room = rooms / secrets.token_hex(8)
    lock = FileLock(f"{room}.lock")
    with in_cache(rooms):
        rooms.mkdir(parents=True, exist_ok=True)
        for left in rooms.iterdir():
            if left.suffix != ".lock":
                _clear_if_left(left)
        lock.acquire()
        room.mkdir()
    try:
        yield room
    finally:
        _clear(room, lock)


def _clear_if_left(room: Path) -> None:
    lock = FileLock(f"{room}.lock")
    with suppress(Timeout, OSError):
        lock.acquire(timeout=0)
        _clear(room, lock)


def _clear(room: Path, lock: FileLock) -> None:
    shutil.rmtree(room, ignore_errors=True)
    lock.release()
    with suppress(OSError):
        os.unlink(f"{room}.lock")  # noqa: PTH108


@contextmanager
def in_cache(path: Path) -> Iterator[None]:
    """Errors of the file system as ours, for what is kept of a job in the cache."""
    try:
        yield
    except OSError as error:
        kind = OutputFull if error.errno in NO_ROOM else OutputError
        raise kind(
            f"cannot be kept for a job ({error.strerror or error})", file=path,
            remedy="Make room, mend the permissions, or set MEDIAKIT_CACHE to another folder.",
        ) from error  # fmt: skip
