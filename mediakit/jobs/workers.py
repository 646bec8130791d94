"""What does the jobs of a batch: in this process, in processes of its own, or on other machines.

A batch gives tasks to workers as they are free, and waits; it knows nothing of how they are done.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mediakit.errors import DecoderKilled, MediakitError, UnexpectedError, WorkerDied
from mediakit.jobs.journal import mark_of
from mediakit.jobs.plan import Job
from mediakit.jobs.run import JobReport, OnMedium, run_job
from mediakit.jobs.settings import Desk


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one job: seconds, and memory of the process that does it, in MB (10⁶ bytes); None for no limit."""

    seconds: float | None = None
    memory_mb: int | None = None


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Task:
    """A job to be done, and the folder for its results."""

    identity: str
    job: Job
    output: Path
    #: Its files, where the worker may see neither sources nor `output`.
    parcel: Parcel | None = None


class Parcel(Protocol):
    """The files of a task, sent with it."""

    def run(self, task: Task, desk: Desk, on_medium: OnMedium | None) -> JobReport:
        """Do the task on the worker's machine; raises as :func:`mediakit.jobs.run.run_job`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task: a report, or an error; neither where it was interrupted or never begun.

    `seconds` is the time that it took, without waiting for a worker.
    """

    report: JobReport | None = None
    error: MediakitError | None = None
    seconds: float = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether the worker or its decoder was ended: another attempt may well do."""
        errors = [self.error] if self.report is None else self.report.errors
        return any(isinstance(error, (WorkerDied, DecoderKilled)) for error in errors)


@dataclass(frozen=True, slots=True)
class AtWork:
    """A medium that is being worked on; milliseconds of sound done and, if known, of how many."""

    name: str
    done_ms: int
    total_ms: int | None


class Workers(Protocol):
    """Workers of a batch; a context manager, on leaving which none is left."""

    def __enter__(self) -> Workers: ...

    def __exit__(self, *_: object) -> None: ...

    @property
    def free(self) -> int:
        """How many more tasks can be begun now."""

    @property
    def busy(self) -> int:
        """How many tasks are in hand."""

    def begin(self, task: Task) -> None:
        """Give a task to a free worker."""

    def wait(self) -> Sequence[tuple[Task, Answer]]:
        """Wait for a moment, or until a task has ended; those that have."""

    def at_work(self) -> Sequence[AtWork]:
        """What is being worked on, as far as it is known."""

    def finish_windows(self) -> None:
        """Have the tasks in hand end after the windows that are being heard, to be gone on with by another run."""


def work(task: Task, desk: Desk, on_medium: OnMedium | None = None) -> Answer:
    """Do a task. A KeyboardInterrupt from within, such as `on_medium`'s, is an answer without report or error."""
    began = time.monotonic()
    report: JobReport | None = None
    error: MediakitError | None = None
    try:
        if task.parcel is not None:
            report = task.parcel.run(task, desk, on_medium)
        else:
            report = run_job(task.job, desk, task.output, on_medium, mark=mark_of(task.identity))
    except MediakitError as known:
        error = known
    except KeyboardInterrupt:
        pass
    except Exception as unknown:  # the other jobs shall not suffer from it
        error = UnexpectedError(
            f"an error of mediakit's own stopped it ({type(unknown).__name__}: {unknown})", file=task.job.name,
            remedy="Please report it with the file.",
        )  # fmt: skip
    return Answer(report, error, time.monotonic() - began)


class InThisProcess:
    """One task at a time, here: nothing is started, and nothing guards against a crash."""

    def __init__(self, desk: Desk, on_medium: OnMedium | None = None) -> None:
        self._desk, self._on_medium = desk, on_medium
        self._task: Task | None = None

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self._task = None

    @property
    def free(self) -> int:
        """See :class:`Workers`."""
        return int(self._task is None)

    @property
    def busy(self) -> int:
        """See :class:`Workers`."""
        return int(self._task is not None)

    def begin(self, task: Task) -> None:
        """See :class:`Workers`."""
        self._task = task

    def wait(self) -> Sequence[tuple[Task, Answer]]:
        """Do the task. An interruption of it is raised once it is at an end."""
        task, self._task = self._task, None
        return [(task, work(task, self._desk, self._on_medium))] if task is not None else []

    def at_work(self) -> Sequence[AtWork]:
        """Nothing: `on_medium` is told as it goes."""
        return ()

    def finish_windows(self) -> None:
        """Nothing: between tasks there is none in hand."""
