"""Workers on machines of a Ray cluster: they give what this process gives, and lost machines cost nothing but time.

The machines are nodes of a cluster that is begun here, as Ray's own tests do it.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import pytest

from mediakit.errors import ToolMissing, UsageError, WorkerDied, WorkerError
from mediakit.jobs import ray_cluster
from mediakit.jobs.batch import Batch, OnTick, Outcome
from mediakit.jobs.ray_cluster import RayWorkers
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.stop import Stop
from mediakit.jobs.workers import NO_LIMITS, AtWork, InThisProcess, Limits, Workers
from tests.conftest import SHARED
from tests.jobs.archive import results, speech_archive, start, temporary_files
from tests.media.studio import write_bursts

pytestmark = [
    pytest.mark.ray,
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("ray") is None, reason="needs the package ray (pip install 'mediakit-vi[ray]')"),
]
AddNode = Callable[[], Any]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster whose head does no work."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_worker_niceness", "0")  # else whatever runs here beside the tests comes first
        from ray.cluster_utils import Cluster

        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": 100_000_000}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        yield cluster
        cluster.shutdown()


@pytest.fixture
def add_node(cluster: Any) -> Iterator[AddNode]:
    """Adds a machine of one core."""
    yield lambda: cluster.add_node(num_cpus=1, object_store_memory=100_000_000)
    for node in tuple(cluster.worker_nodes):
        cluster.remove_node(node)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight jobs: speech with its articles, or else bursts."""
    root = tmp_path_factory.mktemp("ray") / "archive"
    if SHARED.is_dir():
        return speech_archive(root, SHARED, 8)
    (root / "le").mkdir(parents=True)
    for number in range(8):
        write_bursts(root / "le" / f"{number}.wav", at_ms=[300 + number], duration_ms=60_000, rate=16_000)
    return root


@pytest.fixture(scope="module")
def alone(archive: Path) -> dict[str, bytes]:
    """What this process gives."""
    settings, out = Settings(), archive.parent / "alone"
    assert set(statuses(run(archive, out, InThisProcess(Desk(settings)))).values()) == {"done"}
    return results(out)


@pytest.fixture
def out(archive: Path, request: pytest.FixtureRequest) -> Path:
    """Beside what this process gave, for pages tell where the media are from there."""
    return archive.parent / str(request.node.name)


def run(
    root: Path, out: Path, workers: Workers, on_tick: OnTick | None = None, stop: Stop | None = None
) -> list[Outcome]:
    with Batch(root, out, Settings()) as batch, workers:
        return list(batch.outcomes(workers, on_tick=on_tick, stop=stop))


def on_ray(cluster: Any, limits: Limits = NO_LIMITS) -> RayWorkers:
    return RayWorkers(Settings(), address=cluster.address, limits=limits)


def statuses(found: list[Outcome]) -> dict[str, str]:
    names = [outcome.source.name for outcome in found]
    assert len(names) == len(set(names)), "a job has two outcomes"
    return {outcome.source.name: outcome.status for outcome in found}


def attempts(out: Path) -> list[int]:
    """As the journal has them, sorted."""
    database = sqlite3.connect(out / ".mediakit" / "journal.sqlite3")
    try:
        return sorted(number for (number,) in database.execute("SELECT attempts FROM jobs"))
    finally:
        database.close()


def actors_below(pid: int) -> list[psutil.Process]:
    return [p for p in psutil.Process(pid).children(recursive=True) if p.name().startswith("ray::_Actor")]


def actors_of(node: Any) -> list[psutil.Process]:
    (raylet,) = node.all_processes["raylet"]
    return actors_below(raylet.process.pid)


def test_two_machines_give_what_this_process_gives(
    cluster: Any, add_node: AddNode, archive: Path, alone: dict[str, bytes], out: Path,
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    add_node(), add_node()
    monkeypatch.chdir(archive.parent)
    names, most = set[str](), 0

    def tick(at_work: list[AtWork]) -> None:
        nonlocal most
        most = max(most, len(at_work))
        names.update(item.name for item in at_work)

    found = run(Path("archive"), Path(out.name), on_ray(cluster), tick)
    assert set(statuses(found).values()) == {"done"}
    assert results(out) == alone
    assert most == 2
    assert names <= {path.name for path in archive.rglob("*")}
    assert capfd.readouterr() == ("", "")


def test_a_lost_machine_costs_no_attempt(
    cluster: Any, add_node: AddNode, archive: Path, alone: dict[str, bytes], out: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    nodes, lost = [add_node(), add_node()], list[Any]()

    def tick(at_work: list[AtWork]) -> None:
        if len(at_work) == 2 and not lost:
            lost.append(nodes[0])
            cluster.remove_node(nodes[0], allow_graceful=False)

    found = run(archive, out, on_ray(cluster), tick)
    assert lost
    assert list(statuses(found).values()) == ["done"] * 8
    assert attempts(out) == [1] * 8
    assert results(out) == alone
    assert not temporary_files(out)
    assert capfd.readouterr() == ("", "")


def test_a_machine_that_comes_later_gets_work(
    cluster: Any, add_node: AddNode, archive: Path, alone: dict[str, bytes], out: Path
) -> None:
    add_node()
    came: list[float] = []
    workers = on_ray(cluster)
    most = 0

    def tick(_: list[AtWork]) -> None:
        nonlocal most
        most = max(most, workers.busy)
        if not came:
            add_node()
            came.append(time.monotonic())

    found = run(archive, out, workers, tick)
    assert set(statuses(found).values()) == {"done"}
    assert most == 2
    assert results(out) == alone


def test_a_killed_worker_costs_its_job_an_attempt(
    cluster: Any, add_node: AddNode, archive: Path, alone: dict[str, bytes], out: Path
) -> None:
    node, killed = add_node(), list[str]()

    def tick(at_work: list[AtWork]) -> None:
        if at_work and not killed:
            (actor,) = actors_of(node)
            os.kill(actor.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            killed.append(at_work[0].name)

    found = run(archive, out, on_ray(cluster), tick)
    assert killed
    assert set(statuses(found).values()) == {"done"}
    assert attempts(out) == [1] * 7 + [2]
    assert results(out) == alone
    assert not temporary_files(out)


def test_an_idle_worker_that_is_killed_costs_nothing(
    cluster: Any, add_node: AddNode, archive: Path, tmp_path: Path
) -> None:
    node = add_node()
    with Batch(archive, tmp_path / "out", Settings()) as batch, on_ray(cluster) as workers:
        outcomes = batch.outcomes(workers)
        found = [next(outcomes)]
        until_idle = list(outcomes)
        assert not workers.busy
        (actor,) = actors_of(node)
        actor.kill()
        until = time.monotonic() + 30
        while actors_of(node) in ([], [actor]) or not workers.free:
            workers.wait()
            assert time.monotonic() < until
    assert set(statuses(found + until_idle).values()) == {"done"}


def test_limits(cluster: Any, add_node: AddNode, tmp_path: Path) -> None:
    add_node()
    root = tmp_path / "archive"
    root.mkdir()
    write_bursts(root / "dai.wav", at_ms=[300], duration_ms=3_600_000, rate=16_000)
    write_bursts(root / "ngan.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    long, short = run(root, tmp_path / "time", on_ray(cluster, Limits(seconds=5)))
    assert (long.source.name, [error.code for error in long.errors]) == ("dai.wav", ["time-limit"])
    assert (short.source.name, short.status) == ("ngan.wav", "done")
    large = run(root, tmp_path / "memory", on_ray(cluster, Limits(memory_mb=50)))
    assert [error.code for outcome in large for error in outcome.errors] == ["memory-limit"] * 2
    assert attempts(tmp_path / "memory") == [1, 1]


def test_asked_to_stop_it_stops_in_the_middle_and_goes_on(cluster: Any, add_node: AddNode, tmp_path: Path) -> None:
    add_node(), add_node()
    root, out, stop = tmp_path / "archive", tmp_path / "out", Stop()
    root.mkdir()
    for name in "abc":
        write_bursts(root / f"{name}.wav", at_ms=[300 + ord(name)], duration_ms=1_200_000, rate=16_000)

    def tick(at_work: list[AtWork]) -> None:
        if len([item for item in at_work if item.done_ms > 1000]) == 2:
            stop.ask()

    with pytest.raises(KeyboardInterrupt):
        run(root, out, on_ray(cluster), tick, stop)
    assert not results(out)
    assert not temporary_files(out)
    assert attempts(out) == [0, 0]
    found = run(root, out, on_ray(cluster))
    assert statuses(found) == dict.fromkeys(["a.wav", "b.wav", "c.wav"], "done")


def test_a_batch_that_is_killed_takes_its_workers_along(archive: Path, alone: dict[str, bytes], out: Path) -> None:
    process = start(archive, out, "--executor", "ray")
    until = time.monotonic() + 60
    while not results(out):
        assert process.poll() is None, out.with_suffix(".log").read_text(encoding="utf-8")
        assert time.monotonic() < until
        time.sleep(0.1)
    actors = actors_below(process.pid)
    assert actors
    process.kill()
    process.wait(60)
    _, left = psutil.wait_procs(actors, timeout=15)
    assert not left
    assert start(archive, out, "--executor", "ray").wait(120) == 0
    assert results(out) == alone
    assert not temporary_files(out)
    assert out.with_suffix(".log").read_text(encoding="utf-8") == ""


def test_one_that_is_connected_is_used_and_left(cluster: Any, add_node: AddNode, archive: Path, tmp_path: Path) -> None:
    import ray

    add_node()
    ray.init(cluster.address, log_to_driver=False)
    try:
        found = run(archive, tmp_path / "out", RayWorkers(Settings(), address=None))
        assert set(statuses(found).values()) == {"done"}
        assert ray.is_initialized()
    finally:
        ray.shutdown()


def test_no_machine_that_can_do_it(cluster: Any, add_node: AddNode, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WorkerError, match="no machine"), on_ray(cluster):
        pass
    node = add_node()
    monkeypatch.setattr(ray_cluster, "_PATIENCE_S", 1.0)
    with on_ray(cluster) as workers:
        cluster.remove_node(node)
        with pytest.raises(WorkerError, match="no machine"):
            wait_for_long(workers)


def wait_for_long(workers: RayWorkers) -> None:
    for _ in range(300):
        workers.wait()


@pytest.mark.parametrize(
    ("address", "error"),
    [("khong phai", UsageError), ("x://y", UsageError), ("", UsageError), ("127.0.0.1:1", WorkerError)],
)
def test_an_address_where_there_is_nobody(
    address: str, error: type[Exception], capfd: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    with pytest.raises(error, match="HOST:PORT"), RayWorkers(Settings(), address=address):
        pass
    assert time.monotonic() - began < 10
    assert capfd.readouterr() == ("", "")


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ToolMissing, match="mediakit-vi\\[ray\\]"), RayWorkers(Settings(), address=None):
        pass


def test_a_job_that_takes_machines_down_is_not_done_for_ever(tmp_path: Path) -> None:
    from mediakit.jobs.plan import Job, Piece
    from mediakit.jobs.workers import Task

    workers = RayWorkers(Settings(), address=None)
    task = Task("0" * 64, Job(None, (Piece("x.mp3", "audio", None),), source_is_media=True), tmp_path)
    answers = [workers._begin_again(task) for _ in range(3)]
    assert answers[:2] == [None, None]
    assert answers[2] is not None
    assert isinstance(answers[2].error, WorkerDied)


@pytest.mark.timeout(900)
@pytest.mark.alone
def test_two_machines_take_hardly_more_than_half_the_time(
    cluster: Any, add_node: AddNode, shared: Path, tmp_path: Path
) -> None:
    """Measured by turns, and again if need be: other programs may be at work here too.

    The clips are those of which none takes much longer than the others: it would come last, and one machine wait.
    """
    if (os.cpu_count() or 1) < 2:
        return  # two machines of one core that is the same
    root, warm = speech_archive(tmp_path / "archive", shared, 16), speech_archive(tmp_path / "warm", shared, 4)
    took: dict[int, list[float]] = {1: [], 2: []}
    for turn in range(3):
        for count in (1, 2):
            wait_for_a_quiet_moment()
            nodes = [add_node() for _ in range(count)]
            took[count].append(seconds(root, warm, tmp_path / f"{turn}-{count}", on_ray(cluster), count))
            for node in nodes:
                cluster.remove_node(node)
        if min(took[2]) <= 0.65 * min(took[1]):
            break
    print(f"seconds with one machine and with two: {took}")
    assert min(took[2]) <= 0.65 * min(took[1]), took


def wait_for_a_quiet_moment() -> None:
    """Until hardly anything else is at work on this machine, but no longer than a minute."""
    until = time.monotonic() + 60
    while psutil.cpu_percent(interval=2) > 20 and time.monotonic() < until:
        pass


def seconds(root: Path, warm: Path, out: Path, workers: RayWorkers, count: int) -> float:
    """How long the batch takes when the workers are there and have opened their engines."""
    with workers:
        while workers.free < count:
            workers.wait()
        with Batch(warm, out / "warm", Settings()) as batch:
            assert len(list(batch.outcomes(workers))) == 4
        began = time.monotonic()
        with Batch(root, out / "measured", Settings()) as batch:
            assert set(statuses(list(batch.outcomes(workers))).values()) == {"done"}
        return time.monotonic() - began
