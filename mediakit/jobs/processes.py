"""Workers that are processes of their own, each with its engine opened once.

Each worker is a Pebble pool of one. Pebble sees the death of its process and ends it at the time limit;
a pool of many would share pipes and locks among them, and a worker that is killed while it holds one takes the
others along. A pool whose process has died is given up for a new one.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager, suppress
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from mediakit.errors import JobTooLarge, JobTooLong, UnexpectedError, WorkerDied
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.watchdog import TOO_LARGE, watch
from mediakit.jobs.workers import NO_LIMITS, Answer, AtWork, Limits, Task, work
from mediakit.pipeline import Progress
from mediakit.process_memory import VARIABLES, give_back_memory

_LOOK_S = 0.2
_JOIN_S = 2.0
#: Processes that die before they take up a task, one after the other: none will live.
_MOST_STILLBORN = 6
#: How many threads numerical libraries take is read from the environment when they are imported.
_THREADS_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


class _Board(ctypes.Structure):
    """What a worker and the batch see of each other, in memory that both have. One writer a field, so no lock."""

    _fields_ = (
        ("stop", ctypes.c_int64),
        ("pid", ctypes.c_int64),  # of the process that is there
        ("doing", ctypes.c_int64),  # of the process that took up the task
        ("medium", ctypes.c_int64),  # its number in the job, from 1
        ("done_ms", ctypes.c_int64),
        ("total_ms", ctypes.c_int64),  # -1: not known
    )


class _Worker:
    """One pool of one process, and the task that it has."""

    def __init__(self, settings: Settings, threads: int, limits: Limits) -> None:
        self._context = multiprocessing.get_context("spawn")  # a fork would copy locks that threads hold
        self._settings, self._threads, self._limits = settings, threads, limits
        self._board: Any = self._context.RawValue(_Board)
        self._pool: ProcessPool | None = None
        self.task: Task | None = None
        self.future: ProcessFuture[Answer] | None = None

    def begin(self, task: Task) -> None:
        self._board.medium = self._board.done_ms = self._board.doing = 0
        self._board.total_ms = -1
        with _in_environment(worker_environment(self._threads)):  # the process is started by the first task
            self.future = self._living().schedule(_do, (task,), timeout=self._limits.seconds)
        self.task = task

    def take(self) -> Answer | None:
        """The answer to the task, at its end; None if the process died before it took it up."""
        future, self.task, self.future = self.future, None, None
        assert future is not None
        try:
            return future.result()
        except futures.TimeoutError:
            self.give_up()
            limit = self._limits.seconds or 0.0
            return Answer(error=JobTooLong(f"took longer than {limit:g} s", remedy=_RAISE), seconds=limit)
        except ProcessExpired as error:
            self.give_up()
            return Answer(error=self._death(error.exitcode))
        except futures.BrokenExecutor:
            self.give_up()
            return None
        except Exception as error:  # such as an answer that cannot be sent
            self.give_up()
            return Answer(error=UnexpectedError(f"its worker gave no answer ({error})"))

    def is_deserted(self) -> bool:
        """Whether the process has gone and another has come, which Pebble does not tell of one that ends as if well."""
        return self._board.doing not in (0, self._board.pid)

    def desert(self) -> Answer:
        """The answer of a worker that is deserted."""
        self.task = self.future = None
        self.give_up()
        return Answer(error=self._death(0))

    def at_work(self) -> AtWork | None:
        number = self._board.medium
        if self.task is None or not 0 < number <= len(self.task.job.pieces):
            return None
        total = self._board.total_ms
        return AtWork(self.task.job.pieces[number - 1].named, self._board.done_ms, total if total >= 0 else None)

    def ask_to_stop(self) -> None:
        self._board.stop = 1

    def give_up(self) -> None:
        """End the process: one that has nothing to do as it likes, one that works at once."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        pool.stop()  # type: ignore[no-untyped-call]
        if self.task is not None:
            _kill(self._board.pid)
        # Its threads may wait for the rest of a message that will never come: not for ever, then.
        joining = threading.Thread(target=pool.join, daemon=True)
        joining.start()
        joining.join(_JOIN_S)

    def _living(self) -> ProcessPool:
        if self._pool is not None and not self._pool.active:
            self.give_up()  # it died while it had nothing to do
        if self._pool is None:
            self._board.pid = 0
            arguments = (self._board, self._settings, self._threads, self._limits.memory_mb)
            self._pool = ProcessPool(1, initializer=_open, initargs=arguments, context=self._context)
        return self._pool

    def _death(self, status: int) -> WorkerDied | JobTooLarge:
        if status == TOO_LARGE:
            return JobTooLarge(f"took more than {self._limits.memory_mb} MB of memory", remedy=_RAISE)
        how = f"by signal {-status}" if status < 0 else f"with exit status {status}"
        return WorkerDied(f"the process that worked on it ended {how}")


def _kill(pid: int) -> None:
    # A number is of another process once its own has gone.
    if any(child.pid == pid for child in multiprocessing.active_children()):
        with suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


_RAISE = "Raise the limit, or leave the file out."


class WorkerProcesses:
    """Implements :class:`mediakit.jobs.workers.Workers` by processes on this machine.

    Parameters
    ----------
    count
        How many at most; one is started when there is a task for it.
    threads
        Processor threads of each one's engine.
    """

    def __init__(self, settings: Settings, *, count: int, threads: int, limits: Limits = NO_LIMITS) -> None:
        self._workers = [_Worker(settings, threads, limits) for _ in range(count)]
        self._stillborn = 0

    def __enter__(self) -> WorkerProcesses:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.give_up()

    @property
    def free(self) -> int:
        """See :class:`mediakit.jobs.workers.Workers`."""
        return sum(worker.task is None for worker in self._workers)

    @property
    def busy(self) -> int:
        """See :class:`mediakit.jobs.workers.Workers`."""
        return len(self._workers) - self.free

    def begin(self, task: Task) -> None:
        """See :class:`mediakit.jobs.workers.Workers`."""
        next(worker for worker in self._workers if worker.task is None).begin(task)

    def wait(self) -> Sequence[tuple[Task, Answer]]:
        """See :class:`mediakit.jobs.workers.Workers`.

        Raises
        ------
        WorkerDied
            If processes die again and again before they take up a task.
        """
        futures.wait([w.future for w in self._workers if w.future is not None], _LOOK_S, futures.FIRST_COMPLETED)
        found: list[tuple[Task, Answer]] = []
        for worker in self._workers:
            task = worker.task
            if task is None or worker.future is None or not worker.future.done():
                continue
            answer = worker.take()
            if answer is not None:
                self._stillborn = 0
                found.append((task, answer))
            else:
                self._start_again(worker, task)
        found += [(task, worker.desert()) for worker in self._workers if (task := worker.task) and worker.is_deserted()]
        return found

    def _start_again(self, worker: _Worker, task: Task) -> None:
        self._stillborn += 1
        if self._stillborn >= _MOST_STILLBORN:
            raise WorkerDied("worker processes die as they begin", remedy="Is there enough memory? Try --jobs 1.")
        worker.begin(task)

    def at_work(self) -> Sequence[AtWork]:
        """See :class:`mediakit.jobs.workers.Workers`."""
        return [found for worker in self._workers if (found := worker.at_work()) is not None]

    def finish_windows(self) -> None:
        """See :class:`mediakit.jobs.workers.Workers`."""
        for worker in self._workers:
            worker.ask_to_stop()


def worker_environment(threads: int) -> dict[str, str]:
    """Variables that a worker's process begins with: how many threads libraries take, and how memory is kept."""
    return {**dict.fromkeys(_THREADS_VARIABLES, str(threads)), **VARIABLES}


@contextmanager
def _in_environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


# What follows runs in the worker's process.

_here: list[Any] = []


def _open(board: Any, settings: Settings, threads: int, memory_limit_mb: int | None) -> None:
    board.pid = os.getpid()
    watch(memory_limit_mb)
    _here[:] = [board, Desk(settings, threads)]


def _do(task: Task) -> Answer:
    board, desk = _here
    board.doing = os.getpid()

    def on_medium(_name: str) -> Progress:
        board.medium += 1

        def progress(done_ms: int, total_ms: int | None) -> None:
            board.done_ms, board.total_ms = done_ms, total_ms if total_ms is not None else -1
            if board.stop:
                raise KeyboardInterrupt

        return progress

    try:
        return work(task, desk, on_medium)
    finally:
        give_back_memory()
