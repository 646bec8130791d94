"""Many jobs: on past a failure, and nothing done twice that is done already.

What is done is known by content: a job's identity is the bytes of its media and article, the settings that matter
and mediakit's version; it is done if its outputs are there as they were written (`journal.py`). Who does the jobs is
for the workers to say (`workers.py`); they answer in any order.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from mediakit import __version__
from mediakit.errors import MediaError, MediakitError, OutputFull, UsageError
from mediakit.grounding.kept import GROUNDING_VERSION
from mediakit.jobs.doubts import doubts
from mediakit.jobs.journal import Entry, Journal
from mediakit.jobs.plan import Job, Piece, Tree
from mediakit.jobs.run import OF_ONE_MEDIUM, OnMedium, folders_of
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.stop import Stop
from mediakit.jobs.store import is_address, local_or_address
from mediakit.jobs.summary import summary
from mediakit.jobs.workers import Answer, AtWork, InThisProcess, Task, Workers
from mediakit.media.fingerprint import sha256_of
from mediakit.outputs.files import EDITS_TOO, STATE_FOLDER
from mediakit.outputs.record import SCHEMA
from mediakit.result import Result
from mediakit.speech.heard import LISTENING_VERSION

Status = Literal["done", "skipped", "failed", "set-aside"]
#: Stages whose failures are the job's own: they will come again until something of the job changes.
OF_THE_JOB = ("article", *OF_ONE_MEDIUM, "worker")
#: Stages whose failures no other job would get past.
_OF_ALL_JOBS = ("model", "set-up", "usage")


@dataclass(frozen=True)
class Outcome:
    """What became of one job of a batch.

    `source` is the article's file, or the media file where there is no article. `results` are empty for a job that
    was skipped because it is done. `status` is `failed` if anything of the job failed; the rest of it is written. A job
    that failed three times is `set-aside`, and not tried again as long as nothing of it changes. `seconds` is the time
    that the job took when it was done, `summary` its figures (`summary.py`).
    """

    source: Path
    status: Status
    results: tuple[Result, ...] = ()
    files: tuple[Path, ...] = ()
    errors: tuple[MediakitError, ...] = ()
    attempts: int = 0
    seconds: float = 0.0
    summary: dict[str, Any] = field(default_factory=dict)


#: Told from time to time what is being worked on.
OnTick = Callable[["list[AtWork]"], None]


def transcribe_folder(
    folder: str | Path,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    on_medium: OnMedium | None = None,
) -> Iterator[Outcome]:
    """Transcribe every article with its media and every loose media file under `folder`, one after the other.

    Parameters
    ----------
    folder, output
        Where the sources are and where the results go (sub-folders are kept); without `output`, beside the sources.
        Either may be an address that fsspec knows, such as `s3://bucket/archive`; then the paths of an outcome are
        relative to these.

    Yields
    ------
    Outcome
        As each job ends. A failure is an outcome, not an exception.

    Raises
    ------
    UsageError, ModelError, EngineError, OutputError
        What no job could get past: no such folder, no model, no room to write.
    """
    desk = Desk(settings or Settings())
    batch = open_batch(folder, output, desk.settings)
    with batch, InThisProcess(desk, on_medium) as workers:
        yield from batch.outcomes(workers)


def open_batch(folder: str | Path, output: str | Path | None, settings: Settings) -> Batch:
    """The run over a folder, where either may be an address such as `s3://bucket/archive`.

    Raises
    ------
    UsageError
        As :class:`Batch`, and if an address cannot be used.
    ToolMissing
        If an address needs a package that is not here.
    """
    source = local_or_address(folder)
    target = local_or_address(output) if output is not None else None
    if is_address(source) or is_address(target):
        from mediakit.jobs.remote import RemoteBatch

        return RemoteBatch(source, target, settings)
    return Batch(source, target, settings)


class Batch:
    """A run over a folder; a context manager, within which no other run may work in its output folder.

    Raises
    ------
    UsageError
        If there is no such folder, profile or engine.
    OutputError
        On entering, if another run has the output folder, or its journal cannot be kept.
    """

    def __init__(self, folder: str | Path, output: str | Path | None, settings: Settings) -> None:
        self.root = _folder(folder)
        self.target = Path(output) if output is not None else self.root
        self.settings = settings
        Desk(settings).check()
        self._journal = Journal(self.target / STATE_FOLDER)
        self._again: deque[Task] = deque()
        #: What was taken up in this run: a second look at the folder passes it over.
        self._taken: set[str] = set()
        #: The folder as it was when the last run over it began.
        self.tree: Tree | None = None

    @property
    def _is_apart(self) -> bool:
        """Whether results go to another folder than their sources."""
        return self.root.resolve() != self.target.resolve()

    def __enter__(self) -> Batch:
        self._journal.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self._journal.__exit__(*exception)

    def jobs(self) -> Iterator[Job]:
        """All jobs of the folder, done or not."""
        self.tree = Tree(self.root, media_dir=self.settings.media_dir, apart=self._is_apart)
        return self.tree.jobs()

    def survey(self) -> Iterator[tuple[Job, Path, Status | Literal["to do"]]]:
        """As :func:`survey`; not within the batch's context."""
        begun = self._journal.path.exists()
        with self._journal if begun else nullcontext():
            for job in self.jobs():
                yield job, source_of(job), self._status(job) if begun else "to do"

    def _status(self, job: Job) -> Status | Literal["to do"]:
        return self._status_of(identity(job, self.settings, self._journal))[0]

    def _status_of(self, key: str) -> tuple[Status | Literal["to do"], Entry | None, tuple[Path, ...]]:
        # What a person edited is done, unless it is to be replaced.
        return _status(key, self.target, self._journal, with_edited=self.settings.overwrite < EDITS_TOO)

    def outcomes(
        self,
        workers: Workers,
        *,
        jobs: Iterable[Job] | None = None,
        stop: Stop | None = None,
        on_tick: OnTick | None = None,
    ) -> Iterator[Outcome]:
        """Have the workers do what there is to do; an outcome as each job ends.

        Raises
        ------
        KeyboardInterrupt
            If `stop` was asked for, when what is in hand has been brought to an end.
        ModelError, OutputFull, WorkerDied
            What no job could get past.
        """
        stop = stop or Stop()
        coming = self._coming(self.jobs() if jobs is None else jobs)
        ahead = next(coming, None)
        while True:
            while ahead is not None and not stop.asked and (workers.free or isinstance(ahead, Outcome)):
                if isinstance(ahead, Outcome):
                    yield self._judged(ahead)
                else:
                    self._begin(ahead, workers)
                # The next is looked for while the workers work: media of hours are read for it.
                ahead = next(coming, None)
            if stop.asked:
                workers.finish_windows()
            if not workers.busy:
                if stop.asked:
                    raise KeyboardInterrupt
                if not self._again:
                    return
                coming, self._again = iter(tuple(self._again)), deque()
                ahead = next(coming, None)
                continue
            for task, answer in workers.wait():
                outcome = self._outcome(task, answer, stop)
                if outcome is not None:
                    yield self._judged(outcome)
            if on_tick is not None:
                on_tick(list(workers.at_work()))

    def _judged(self, outcome: Outcome) -> Outcome:
        """The outcome, which is a failure where it is doubtful and that is asked for; the journal knows no doubts."""
        found = doubts(outcome.summary.get("media", ())) if self.settings.strict else ()
        if not found:
            return outcome
        status: Status = "failed" if outcome.status in ("done", "skipped") else outcome.status
        return replace(outcome, status=status, errors=(*outcome.errors, *found))

    def _coming(self, jobs: Iterable[Job]) -> Iterator[Task | Outcome]:
        """What there is to do, and the outcomes of what is not."""
        for job in jobs:
            source = source_of(job)
            try:
                task = Task(identity(job, self.settings, self._journal), job, self.target)
                if task.identity not in self._taken:
                    self._taken.add(task.identity)
                    yield self._done_before(task) or task
            except MediakitError as error:
                if error.stage in _OF_ALL_JOBS:
                    raise
                yield Outcome(source, "failed", errors=(error,))

    def _done_before(self, task: Task) -> Outcome | None:
        source = source_of(task.job)
        status, entry, files = self._status_of(task.identity)
        if entry is None or status == "to do":
            return None
        errors = (_set_aside(entry, source),) if status == "set-aside" else ()
        return Outcome(source, status, (), files, errors, entry.attempts, entry.seconds, entry.said)

    def _begin(self, task: Task, workers: Workers) -> None:
        folders = folders_of(task.job, task.output) if task.job.error is None else ()
        self._journal.begin(task.identity, str(source_of(task.job)), folders)
        workers.begin(task)

    def _outcome(self, task: Task, answer: Answer, stop: Stop) -> Outcome | None:
        """What became of a job, noted; None for one that will be gone on with, in this run or the next."""
        if answer.error is not None:
            return self._failed(task, answer, answer.error, stop)
        if answer.report is None:  # interrupted
            self._journal.withdraw(task.identity)
            stop.ask()
            return None
        report, source = answer.report, source_of(task.job)
        said = summary(report, task.output)
        attempts = 0
        if report.errors:
            entry = self._journal.fail(task.identity, str(report.errors[0]), answer.seconds, said)
            if self._goes_on(task, answer, entry):
                return None
            attempts = entry.attempts
        else:
            self._journal.finish(task.identity, report.files, task.output, answer.seconds, said)
        results = tuple(done.result for done in report.done)
        status: Status = "failed" if report.errors else "done"
        return Outcome(source, status, results, report.files, tuple(report.errors), attempts, answer.seconds, said)

    def _failed(self, task: Task, answer: Answer, error: MediakitError, stop: Stop) -> Outcome | None:
        source = source_of(task.job)
        if error.stage not in OF_THE_JOB:
            # What is wrong with the disk or the machine is not the job's failure.
            self._journal.withdraw(task.identity)
            if error.stage in _OF_ALL_JOBS or isinstance(error, OutputFull):
                raise error
            return Outcome(source, "failed", errors=(error,), seconds=answer.seconds)
        if error.file is None:
            error = type(error)(error.what, file=source, remedy=error.remedy)
        entry = self._journal.fail(task.identity, str(error), answer.seconds)
        if self._goes_on(task, answer, entry):
            return None
        return Outcome(source, "failed", errors=(error,), attempts=entry.attempts, seconds=answer.seconds)

    def _goes_on(self, task: Task, answer: Answer, entry: Entry) -> bool:
        """Whether a job that failed is taken up again in this run; if so, after all others."""
        if not answer.is_lost or entry.state == "set-aside":
            return False
        self._again.append(task)
        return True


def survey(
    folder: str | Path, output: str | Path | None = None, *, settings: Settings | None = None
) -> Iterator[tuple[Job, Path, Status | Literal["to do"]]]:
    """What :func:`transcribe_folder` would do with each job, and its source; nothing is written or listened to.

    Raises
    ------
    UsageError, OutputError
        If there is no such folder, or its journal cannot be read.
    """
    yield from open_batch(folder, output, settings or Settings()).survey()


def source_of(job: Job) -> Path:
    """What the job is called after: its article's file, or its medium."""
    return job.source or job.pieces[0].path or Path(job.pieces[0].named)


def _status(
    key: str, target: Path, journal: Journal, *, with_edited: bool
) -> tuple[Status | Literal["to do"], Entry | None, tuple[Path, ...]]:
    """Whether a job is to be done; its entry in the journal and the outputs that are there."""
    entry = journal.entry(key)
    if entry is not None and entry.state == "set-aside":
        return "set-aside", entry, ()
    files = journal.outputs(key, target, with_edited=with_edited) if entry is not None and entry.state == "done" else ()
    return ("skipped" if files else "to do"), entry, files


def _folder(folder: str | Path) -> Path:
    root = Path(folder)
    if not root.is_dir():
        raise UsageError("no such folder", file=root, remedy="Give a folder, or use `mediakit transcribe` for a file.")
    return root


def _set_aside(entry: Entry, source: Path) -> MediakitError:
    return MediakitError(
        f"was set aside after {entry.attempts} attempts ({entry.error})", file=source,
        remedy="Mend or replace it, and it is tried again.",
    )  # fmt: skip


def identity(job: Job, settings: Settings, journal: Journal) -> str:
    """SHA-256 over all that decides a job's outputs; renaming a file changes the names of them, so names count.

    The other articles of the folder do not: a warning may name one of them, and that is no reason to do all again
    whenever an article is added.
    """
    parts = {
        # By another version, in whatever way it listened, grounded or wrote, the job is not done.
        "mediakit": (__version__, LISTENING_VERSION, GROUNDING_VERSION, SCHEMA),
        "settings": settings.fingerprint(),
        "article": (job.source.name, _article(job, journal)) if job.source is not None else None,
        "media": [(piece.named, piece.is_shared, _content(piece, journal)) for piece in job.pieces],
        "shares_name": job.shares_name,
        **({"is_marked": True} if job.is_marked else {}),
        "folder": job.folder.as_posix(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _article(job: Job, journal: Journal) -> str:
    """The SHA-256 of the article; of one that cannot be read, what is wrong with it: a pipe must not be opened."""
    assert job.source is not None
    return str(job.error) if job.error is not None else journal.digest(job.source)


def _content(piece: Piece, journal: Journal) -> str:
    """The SHA-256 of a medium; what keeps it from being read, where it cannot be: that job is never done."""
    if piece.path is None:
        return "missing"
    try:
        return f"{piece.path.name} {journal.digest(piece.path, sha256_of)}"
    except MediaError as error:
        return error.code
