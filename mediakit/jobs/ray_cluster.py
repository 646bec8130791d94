"""Workers on the machines of a Ray cluster: each is an actor with its engine opened once.

Ray finds a place for each actor and sees machines come and go; which task an actor has is kept here, on the machine of
the batch, for the journal is there. Tasks are given only to actors that have a place, and what a lost machine was doing
is done by another. All machines must see sources and results where the batch does, but for tasks with parcels.
"""

from __future__ import annotations

import logging
import math
import os
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from concurrent import futures
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mediakit import __version__
from mediakit.errors import (
    JobTooLarge,
    JobTooLong,
    OutputError,
    ToolMissing,
    UnexpectedError,
    UsageError,
    WorkerDied,
    WorkerError,
    pip_install,
)  # fmt: skip
from mediakit.jobs.journal import mark_of
from mediakit.jobs.processes import worker_environment
from mediakit.jobs.run import folders_of
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.share import usable_cores
from mediakit.jobs.watchdog import TOO_LARGE
from mediakit.jobs.workers import NO_LIMITS, Answer, AtWork, Limits, Task, work
from mediakit.outputs.files import STATE_FOLDER
from mediakit.outputs.temporary import clear_away
from mediakit.pipeline import Progress
from mediakit.process_memory import give_back_memory

_LOOK_S = 0.2
#: So often the cluster is looked over and actors are asked how far they are.
_ASK_S = 1.0
#: A machine that shuts down ends its processes first: so long after the end of one, it may turn out to be lost.
_GRACE_S = 3.0
#: So long a batch waits for a machine when none is left.
_PATIENCE_S = 300.0
#: A job that goes down with so many machines is taken to be what brings them down.
_MOST_LOST = 3
#: Actors that die as they begin, one after the other, while there is no other: none will live.
_MOST_STILLBORN = 6
_LEAVE_S = 2.0
_KNOCK_S = 5.0
_ADDRESSES = "Give auto, HOST:PORT or ray://HOST:PORT of a cluster that runs (`ray start --head`)."
_TOKEN = "It asks for a token: set RAY_AUTH_MODE=token, and give its own in ~/.ray/auth_token or RAY_AUTH_TOKEN."
_RAISE = "Raise the limit, or leave the file out."


class RayWorkers:
    """Implements :class:`mediakit.jobs.workers.Workers` by actors of a Ray cluster.

    Parameters
    ----------
    address
        Of the cluster, as `ray.init` takes it: `auto`, `HOST:PORT` or `ray://HOST:PORT`; None begins a Ray on this
        machine, for as long as the workers are there. Where the program has connected to Ray before, that is used.
    count
        How many workers at most; None for as many as the machines hold. Where the cluster has GPUs when it is entered,
        each takes one.
    threads
        Processor threads of each one's engine, 1 or more.

    Raises
    ------
    ToolMissing
        On entering, if Ray is not installed.
    UsageError, WorkerError
        On entering, if the address is none, no cluster answers there, or no machine of it can hold a worker.
    """

    def __init__(
        self, settings: Settings, *, address: str | None, count: int | None = None, threads: int = 1,
        limits: Limits = NO_LIMITS,
    ) -> None:  # fmt: skip
        self._settings, self._threads, self._limits = settings, threads, limits
        self._address, self._count = address, count
        self._hands: list[_Hand] = []
        self._waiting: deque[Task] = deque()
        #: By identity, with how many machines a task was lost.
        self._lost: Counter[str] = Counter()
        self._alive: frozenset[str] = frozenset()
        self._looked = self._hoped = -math.inf
        self._stillborn = 0
        self._is_stopping = self._is_ours = self._takes_gpus = False

    def __enter__(self) -> RayWorkers:
        ray = _installed()
        if not ray.is_initialized():
            _connect(ray, self._address)
            self._is_ours = True
        try:
            self._takes_gpus = ray.cluster_resources().get("GPU", 0) >= 1
            self._look_about()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        import ray

        hands, self._hands = self._hands, []
        with suppress(Exception):  # such as a cluster that is no more
            for hand in hands:
                hand.end()
            working = [hand.awaited for hand in hands if hand.awaited is not None]
            if working:
                ray.wait(working, num_returns=len(working), timeout=_LEAVE_S)
        if self._is_ours:
            ray.shutdown()
            _speak(True)

    @property
    def free(self) -> int:
        """See :class:`mediakit.jobs.workers.Workers`; one task may always be begun, and waits for the first actor."""
        free = sum(hand.is_free for hand in self._hands) - len(self._waiting)
        return max(free, 0 if self.busy else 1)

    @property
    def busy(self) -> int:
        """See :class:`mediakit.jobs.workers.Workers`."""
        return len(self._waiting) + sum(hand.task is not None for hand in self._hands)

    def begin(self, task: Task) -> None:
        """See :class:`mediakit.jobs.workers.Workers`."""
        self._waiting.append(task)
        self._give()

    def wait(self) -> Sequence[tuple[Task, Answer]]:
        """See :class:`mediakit.jobs.workers.Workers`.

        Raises
        ------
        WorkerError
            If actors cannot be begun, or no machine is left.
        """
        import ray

        self._look_about()
        self._give()
        if self._is_stopping and self._waiting:
            called_off, self._waiting = self._waiting, deque()
            return [self._ended(task, Answer()) for task in called_off]
        awaited = [hand.awaited for hand in self._hands if hand.awaited is not None]
        if awaited:
            ray.wait(awaited, timeout=_LOOK_S)
        else:
            time.sleep(_LOOK_S)
        refs = awaited + [hand.asked for hand in self._hands if hand.asked is not None]
        ready = set(ray.wait(refs, num_returns=len(refs), timeout=0)[0]) if refs else set()
        found = [(hand.task, self._take(hand, ready)) for hand in tuple(self._hands)]
        return [self._ended(task, answer) for task, answer in found if task is not None and answer is not None]

    def at_work(self) -> Sequence[AtWork]:
        """See :class:`mediakit.jobs.workers.Workers`; as it was about a second ago."""
        return [found for hand in self._hands if (found := hand.at_work()) is not None]

    def finish_windows(self) -> None:
        """See :class:`mediakit.jobs.workers.Workers`."""
        if not self._is_stopping:
            self._is_stopping = True
            for hand in self._hands:
                hand.actor.finish_windows.remote()

    def _look_about(self) -> None:
        """See which machines there are, and have as many actors as they can hold; once a second at most."""
        import ray

        now = time.monotonic()
        if now - self._looked < _ASK_S:
            return
        self._looked = now
        nodes = [node for node in ray.nodes() if node["Alive"]]
        self._alive = frozenset(node["NodeID"] for node in nodes)
        room = sum(self._room(node["Resources"]) for node in nodes)
        while not self._is_stopping and len(self._hands) < (room if self._count is None else self._count):
            self._hands.append(self._new())
        if room or self._count is not None:
            self._hoped = now
        elif now - self._hoped > _PATIENCE_S:
            raise self._hopeless()

    def _room(self, resources: Mapping[str, float]) -> int:
        """How many actors a machine can hold."""
        room = int(resources.get("CPU", 0) // self._threads)
        return min(room, int(resources.get("GPU", 0))) if self._takes_gpus else room

    def _hopeless(self) -> WorkerError:
        return WorkerError(
            f"no machine of the Ray cluster has the {self._threads} of processor threads that a worker takes",
            remedy="Add one with `ray start --address=HOST:PORT`.",
        )  # fmt: skip

    def _new(self) -> _Hand:
        import ray

        actor = ray.remote(_Actor).options(
            num_cpus=self._threads,
            num_gpus=int(self._takes_gpus),
            max_concurrency=2,  # one is asked how far the other is
            max_restarts=0,  # it is for the batch to try again, for it keeps the journal
            max_task_retries=0,
            runtime_env={"env_vars": worker_environment(self._threads)},
        )
        return _Hand(actor.remote(self._settings, self._threads, self._limits.memory_mb, Path.cwd()))

    def _give(self) -> None:
        free = (hand for hand in self._hands if hand.is_free)
        while self._waiting and not self._is_stopping and (hand := next(free, None)) is not None:
            hand.begin(self._waiting.popleft())

    def _take(self, hand: _Hand, ready: set[Any]) -> Answer | None:
        """What has come of an actor's task, if anything has. One that is no more is let go."""
        if hand.asked in ready:
            hand.take_position()
        said = hand.take() if hand.awaited in ready else None
        if isinstance(said, _Place):
            return self._found(hand, said)
        if said is not None:
            if isinstance(said.error, JobTooLarge):
                self._let_go(hand)
            return said
        if hand.fell_at is not None:
            return self._fallen(hand, time.monotonic() - hand.fell_at)
        limit = self._limits.seconds
        if limit is not None and hand.task is not None and not hand.is_doubtful and hand.seconds > limit:
            self._let_go(hand)
            return Answer(error=JobTooLong(f"took longer than {limit:g} s", remedy=_RAISE), seconds=limit)
        hand.ask_position()
        return None

    def _found(self, hand: _Hand, place: _Place) -> Answer | None:
        """An actor has told where it is: for the first time, or again when it could not be reached for a while."""
        if hand.task is not None:
            self._let_go(hand)  # it may still be at work, but its answer would not come
            return self._begin_again(hand.task)
        if place.version != __version__:
            raise WorkerError(
                f"{place.machine} has mediakit {place.version}, and not {__version__} as here",
                remedy="Install the same on all machines.",
            )  # fmt: skip
        hand.node, self._stillborn = place.node, 0
        return None

    def _fallen(self, hand: _Hand, since_s: float) -> Answer | None:
        is_lost = bool(hand.node) and hand.node not in self._alive
        if not is_lost and since_s < _GRACE_S:
            return None
        self._let_go(hand)
        if hand.task is not None:
            died = WorkerDied("the worker that did it ended, on a machine that goes on")
            return self._begin_again(hand.task) if is_lost else Answer(error=died, seconds=hand.seconds - since_s)
        self._stillborn += not hand.node
        if self._stillborn >= _MOST_STILLBORN and not any(hand.node for hand in self._hands):
            raise WorkerError("workers on the Ray cluster die as they begin", remedy="Is there enough memory?")
        return None

    def _begin_again(self, task: Task) -> Answer | None:
        """Have a task done that went down with its machine, which is no failure of its own."""
        self._lost[task.identity] += 1
        if self._lost[task.identity] >= _MOST_LOST:
            return Answer(error=WorkerDied(f"{_MOST_LOST} machines were lost while they did it"))
        self._waiting.appendleft(task)
        return None

    def _ended(self, task: Task, answer: Answer) -> tuple[Task, Answer]:
        # Whoever was lost may have left something behind, and after the next had begun.
        if self._lost[task.identity] and task.job.error is None:
            clear_away(folders_of(task.job, task.output), mark_of(task.identity))
        return task, answer

    def _let_go(self, hand: _Hand) -> None:
        self._hands.remove(hand)
        hand.end()


class _Hand:
    """An actor as it is seen from here, and the task that it has."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        #: The machine it is on; empty until it has a place.
        self.node = ""
        self.task: Task | None = None
        #: What is to come of it: where it is, or the answer to its task.
        self.awaited: Any = actor.place.remote()
        self.asked: Any = None
        #: Whether it could not be reached, and Ray has not said yet what has become of it.
        self.is_doubtful = False
        self.fell_at: float | None = None
        self._position = (0, 0, None)
        self._began = self._asked_at = 0.0

    @property
    def is_free(self) -> bool:
        return bool(self.node) and self.task is None and self.fell_at is None

    @property
    def seconds(self) -> float:
        """Since its task was begun."""
        return time.monotonic() - self._began

    def begin(self, task: Task) -> None:
        self.task, self._began, self._position = task, time.monotonic(), (0, 0, None)
        self.asked, self.awaited = None, self.actor.do.remote(task)

    def take(self) -> Answer | _Place | None:
        """What was awaited; None, and `is_doubtful` or `fell_at` is set, if it will not come.

        Raises
        ------
        WorkerError
            If the actor cannot be begun where Ray would have it.
        """
        import ray
        from ray import exceptions

        ref, self.awaited = self.awaited, None
        try:
            said: Answer | _Place = ray.get(ref)
        except exceptions.ActorUnavailableError:
            self.is_doubtful, self.awaited = True, self.actor.place.remote()
        except exceptions.RayError as error:
            if self.task is None and (isinstance(error, exceptions.RayTaskError) or _is_unborn(error)):
                raise _unbegun(error) from error
            if isinstance(error, exceptions.RayTaskError):
                return self._done(Answer(error=UnexpectedError(f"its worker gave no answer ({_last_line(error)})")))
            self.fell_at = time.monotonic()
        else:
            return self._done(said) if isinstance(said, Answer) else said
        return None

    def _done(self, answer: Answer) -> Answer:
        self.task = None
        return answer

    def ask_position(self) -> None:
        """Have it say how far it is, which also tells whether it lives."""
        now = time.monotonic()
        if self.node and self.asked is None and now - self._asked_at >= _ASK_S:
            self.asked, self._asked_at = self.actor.position.remote(), now

    def take_position(self) -> None:
        import ray
        from ray.exceptions import RayError

        ref, self.asked = self.asked, None
        try:
            self._position = ray.get(ref)
        except RayError:
            if self.task is None:
                self.fell_at = time.monotonic()

    def at_work(self) -> AtWork | None:
        number, done_ms, total_ms = self._position
        if self.task is None or not 0 < number <= len(self.task.job.pieces):
            return None
        return AtWork(self.task.job.pieces[number - 1].named, done_ms, total_ms)

    def end(self) -> None:
        """End the actor, at once."""
        import ray

        ray.kill(self.actor)


def _is_unborn(error: Exception) -> bool:
    return bool(getattr(error, "actor_init_failed", False))


def _unbegun(error: Exception) -> WorkerError:
    return WorkerError(
        f"a worker cannot be begun on a machine of the Ray cluster ({_last_line(error)})",
        remedy="Install the same mediakit on all machines.",
    )  # fmt: skip


def _last_line(error: Exception) -> str:
    """Ray's errors are pages long, and end with what went wrong."""
    return next((line.strip() for line in reversed(str(error).splitlines()) if line.strip()), type(error).__name__)


def _installed() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError as error:
        raise ToolMissing(f"Ray cannot be loaded ({error})", remedy=f"Run `{pip_install('ray')}`.") from error
    return ray


def _connect(ray: Any, address: str | None) -> None:
    """Connect to the cluster at an address, or begin one.

    Raises
    ------
    ToolMissing, UsageError, WorkerError
        See :class:`RayWorkers`.
    """
    _speak(False)
    quiet = {"log_to_driver": False, "logging_level": logging.CRITICAL}
    try:
        if address is None:
            ray.init("local", num_cpus=usable_cores(), include_dashboard=False, **quiet)
        else:
            _knock(address)
            ray.init(address, **quiet)
    except ValueError as error:
        raise UsageError(f"{address!r} is no address of a Ray cluster ({error})", remedy=_ADDRESSES) from error
    except (OSError, RuntimeError) as error:
        where = f"at {address}" if address is not None else "on this machine"
        remedy = _TOKEN if "InvalidAuthToken" in f"{error}{error.__cause__}" else _ADDRESSES
        raise WorkerError(f"no Ray cluster can be used {where} ({_last_line(error)})", remedy=remedy) from error


def _speak(aloud: bool) -> None:
    """Whether Ray prints of every death to stdout, which no option of its door keeps it from."""
    import ray._private.worker as driver

    driver._worker_logs_enabled = aloud


def _knock(address: str) -> None:
    """See that somebody is there; Ray itself tries for minutes.

    Raises
    ------
    ToolMissing, ValueError, OSError
        If `ray://` needs what is not installed, it is no address, or nobody is there.
    """
    from ray._private.services import canonicalize_bootstrap_address

    if address == "auto":
        address = os.environ.get("RAY_ADDRESS") or address
    if address.startswith("ray://"):
        if find_spec("grpc") is None:
            raise ToolMissing("an address with ray:// needs Ray's client", remedy="Run `pip install 'ray[client]'`.")
        place = address.removeprefix("ray://")
    else:
        place = canonicalize_bootstrap_address(address)
    host, _, port = place.rpartition(":")
    socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_S).close()


# What follows runs in the worker's process.


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an actor is."""

    node: str
    machine: str
    version: str


class _Actor:
    """Does tasks, one at a time."""

    def __init__(self, settings: Settings, threads: int, memory_limit_mb: int | None, folder: Path) -> None:
        with suppress(OSError):
            os.chdir(folder)  # paths may be relative to where the batch was begun
        self._desk, self._memory_limit_mb = Desk(settings, threads), memory_limit_mb
        self._thread = futures.ThreadPoolExecutor(1)
        self._is_to_stop = False
        self._position: tuple[int, int, int | None] = (0, 0, None)

    def place(self) -> _Place:
        import ray

        return _Place(ray.get_runtime_context().get_node_id(), socket.gethostname(), __version__)

    def do(self, task: Task) -> Answer:
        """The answer to a task; a process that has grown over its limit ends soon after it has given it."""
        if task.parcel is None and not (task.output / STATE_FOLDER).is_dir():
            return Answer(error=OutputError(
                f"is not there on {socket.gethostname()}", file=task.output,
                remedy="All machines must see the folders of the batch under the same names.",
            ))  # fmt: skip
        self._position = (0, 0, None)
        working = self._thread.submit(work, task, self._desk, self._on_medium)
        while not futures.wait([working], _LOOK_S).done:
            if self._is_too_large():
                threading.Timer(_LEAVE_S, os._exit, (TOO_LARGE,)).start()
                limit = self._memory_limit_mb
                return Answer(error=JobTooLarge(f"took more than {limit} MB of memory", remedy=_RAISE))
        give_back_memory()
        return working.result()

    def position(self) -> tuple[int, int, int | None]:
        """The number of the medium in hand, from 1; milliseconds done, and of how many."""
        return self._position

    def finish_windows(self) -> None:
        self._is_to_stop = True

    def _is_too_large(self) -> bool:
        import psutil

        limit = self._memory_limit_mb
        return limit is not None and psutil.Process().memory_info().rss > limit * 1_000_000

    def _on_medium(self, _name: str) -> Progress:
        number = self._position[0] + 1
        self._position = (number, 0, None)

        def progress(done_ms: int, total_ms: int | None) -> None:
            self._position = (number, done_ms, total_ms)
            if self._is_to_stop:
                raise KeyboardInterrupt

        return progress
