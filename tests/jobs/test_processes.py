"""Workers that are processes: they give what this process gives, and their deaths cost a job an attempt and no more.

The sound has no speech, so that no test waits for an engine.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mediakit.errors import OutputFull, WorkerDied
from mediakit.jobs.batch import Batch, Outcome
from mediakit.jobs.plan import Job, Piece
from mediakit.jobs.processes import WorkerProcesses
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.stop import Stop
from mediakit.jobs.workers import NO_LIMITS, Answer, AtWork, InThisProcess, Limits, Task
from mediakit.media.ffmpeg import ENVIRONMENT_VARIABLE, find_ffmpeg
from mediakit.outputs.record import read_record
from tests.cli.stage import write_article
from tests.jobs.archive import results, temporary_files
from tests.media.studio import write_bursts

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the decoders of these tests are shell scripts")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    (root / "le").mkdir(parents=True)
    for place, name in enumerate(("a.wav", "b.wav", "le/c.wav", "le/d.wav")):
        write_bursts(root / name, at_ms=[300 + place], duration_ms=2000, rate=16_000)
    write_article(root, ["Audio: a.wav"], "mot.txt")
    return root


def run(
    root: Path, out: Path, limits: Limits = NO_LIMITS, count: int = 2, stop: Stop | None = None
) -> dict[str, Outcome]:
    settings = Settings()
    with (
        Batch(root, out, settings) as batch,
        WorkerProcesses(settings, count=count, threads=1, limits=limits) as workers,
    ):
        return {outcome.source.name: outcome for outcome in batch.outcomes(workers, stop=stop)}


def statuses(found: dict[str, Outcome]) -> dict[str, str]:
    return {name: outcome.status for name, outcome in found.items()}


@pytest.fixture
def decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ffmpeg of the test's own: `{before}` is what it does before it is one; it is for the test to write."""
    path = tmp_path / "ffmpeg"
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(path))
    return path


def write_decoder(path: Path, before: str, real: str) -> None:
    path.write_text(f'#!/bin/sh\n{before}\nexec {real} "$@"\n', encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture(scope="module")
def real() -> str:
    return find_ffmpeg()


def test_processes_write_what_this_process_writes(archive: Path, tmp_path: Path) -> None:
    settings = Settings()
    with Batch(archive, tmp_path / "here", settings) as batch, InThisProcess(Desk(settings)) as workers:
        here = {outcome.source.name: outcome for outcome in batch.outcomes(workers)}
    there = run(archive, tmp_path / "there")
    assert statuses(there) == statuses(here) == dict.fromkeys(["mot.txt", "b.wav", "c.wav", "d.wav"], "done")
    assert results(tmp_path / "there") == results(tmp_path / "here")
    assert {name: outcome.results for name, outcome in there.items()} == {n: o.results for n, o in here.items()}
    assert statuses(run(archive, tmp_path / "there")) == dict.fromkeys(there, "skipped")


@pytest.mark.slow
def test_a_worker_that_dies_once_costs_an_attempt(archive: Path, tmp_path: Path, decoder: Path, real: str) -> None:
    once = tmp_path / "once"
    before = f'case "$*" in *b.wav*) if mkdir {once} 2>/dev/null; then kill -9 $PPID; fi ;; esac'
    write_decoder(decoder, before, real)
    found = run(archive, tmp_path / "out")
    assert once.exists()
    assert statuses(found) == dict.fromkeys(["mot.txt", "b.wav", "c.wav", "d.wav"], "done")
    assert list(found)[-1] == "b.wav", "it is taken up again after all others"
    assert not temporary_files(tmp_path / "out")


@pytest.mark.slow
def test_a_job_that_ends_its_worker_three_times_is_set_aside(
    archive: Path, tmp_path: Path, decoder: Path, real: str
) -> None:
    write_decoder(decoder, 'case "$*" in *b.wav*) kill -9 $PPID ;; esac', real)
    first = run(archive, tmp_path / "out")
    assert statuses(first) == {"mot.txt": "done", "b.wav": "failed", "c.wav": "done", "d.wav": "done"}
    assert first["b.wav"].attempts == 3
    assert "signal 9" in str(first["b.wav"].errors[0])
    assert str(archive / "b.wav") in str(first["b.wav"].errors[0])
    assert run(archive, tmp_path / "out")["b.wav"].status == "set-aside"


@pytest.mark.slow
def test_a_decoder_that_is_killed_is_no_fault_of_the_file(
    archive: Path, tmp_path: Path, decoder: Path, real: str
) -> None:
    once = tmp_path / "once"
    before = (
        f'case "$*" in *b.wav*) if mkdir {once} 2>/dev/null; then {real} "$@" | head -c 20000; kill -9 $$; fi ;; esac'
    )
    write_decoder(decoder, before, real)
    found = run(archive, tmp_path / "out")
    assert found["b.wav"].status == "done"
    record = read_record(tmp_path / "out" / "b.vi.json")
    assert record.media.duration_ms == 2000
    assert [warning.code for warning in record.warnings] == ["no-speech"]


@pytest.mark.slow
def test_a_job_that_takes_too_long_is_ended(archive: Path, tmp_path: Path, decoder: Path, real: str) -> None:
    write_decoder(decoder, 'case "$*" in *b.wav*) exec sleep 100 ;; esac', real)
    began = time.monotonic()
    found = run(archive, tmp_path / "out", Limits(seconds=6))
    assert time.monotonic() - began < 40
    assert statuses(found) == {"mot.txt": "done", "b.wav": "failed", "c.wav": "done", "d.wav": "done"}
    assert [error.code for error in found["b.wav"].errors] == ["time-limit"]


class Ending:
    """A task whose worker ends as if all were well."""

    identity, output = "0" * 64, Path()

    @property
    def job(self) -> Job:
        if multiprocessing.parent_process() is not None:
            self.happen()
        return Job(None, (Piece("x.mp3", "audio", None),), source_is_media=True)

    def happen(self) -> None:
        os._exit(0)


class Defective(Ending):
    """A task that meets an error that nobody foresaw."""

    def happen(self) -> None:
        raise ZeroDivisionError("chia cho không")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "code", "said"),
    [(Ending(), "worker-died", "exit status 0"), (Defective(), "unexpected", "chia cho không")],
)
def test_a_worker_that_ends_well_or_has_a_defect_gives_an_answer(task: Task, code: str, said: str) -> None:
    with WorkerProcesses(Settings(), count=1, threads=1) as workers:
        workers.begin(task)
        answers: list[Answer] = []
        until = time.monotonic() + 60
        while not answers and time.monotonic() < until:
            answers = [answer for _, answer in workers.wait()]
    assert answers[0].error is not None
    assert answers[0].error.code == code
    assert said in str(answers[0].error)


@pytest.mark.slow
def test_workers_that_die_as_they_begin_stop_the_batch(archive: Path, tmp_path: Path) -> None:
    with pytest.raises(WorkerDied, match="die as they begin"):
        run(archive, tmp_path / "out", Limits(memory_mb=1))
    assert statuses(run(archive, tmp_path / "out"))["mot.txt"] == "done"


@pytest.mark.slow
def test_asked_to_stop_it_stops_in_the_middle_and_goes_on(archive: Path, tmp_path: Path) -> None:
    write_bursts(archive / "0-dai.wav", at_ms=[300], duration_ms=1_200_000, rate=16_000)
    settings, stop, seen = Settings(), Stop(), list[Outcome]()

    def tick(at_work: list[AtWork]) -> None:
        if any(item.name == "0-dai.wav" and item.done_ms > 1000 for item in at_work):
            stop.ask()

    out = tmp_path / "out"
    with Batch(archive, out, settings) as batch, WorkerProcesses(settings, count=1, threads=1) as workers:
        outcomes = batch.outcomes(workers, stop=stop, on_tick=tick)
        with pytest.raises(KeyboardInterrupt):
            seen.extend(outcomes)
    assert "0-dai.wav" not in {outcome.source.name for outcome in seen}
    assert not temporary_files(out)
    found = run(archive, out)
    assert found["0-dai.wav"].status == "done"
    assert found["0-dai.wav"].attempts <= 1


@pytest.mark.slow
def test_a_worker_has_as_many_threads_as_it_may(archive: Path, tmp_path: Path, decoder: Path, real: str) -> None:
    told = tmp_path / "threads"
    write_decoder(decoder, f'echo "$OMP_NUM_THREADS $OPENBLAS_NUM_THREADS" >> {told}', real)
    before = dict(os.environ)
    run(archive, tmp_path / "out")
    assert dict(os.environ) == before
    assert set(told.read_text(encoding="utf-8").splitlines()) == {"1 1"}


if sys.platform == "linux" and shutil.which("mount") and os.geteuid() == 0:

    @pytest.mark.slow
    def test_a_full_disk_stops_the_batch_and_it_resumes_when_there_is_room(archive: Path, tmp_path: Path) -> None:
        out = tmp_path / "small"
        out.mkdir()
        size = "size=300k"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", out], check=False).returncode != 0:
            return  # a container that may not mount
        try:
            for number in range(40):
                write_bursts(archive / f"them-{number}.wav", at_ms=[300 + number], duration_ms=800, rate=16_000)
            with pytest.raises(OutputFull, match="Make room"):
                run(archive, out)
            whole = results(out)
            assert whole
            assert not temporary_files(out)
            subprocess.run(["mount", "-o", "remount,size=8m", "tmpfs", out], check=True)
            found = run(archive, out)
            assert len(found) == 44
            assert set(statuses(found).values()) == {"done", "skipped"}
            assert {name: results(out)[name] for name in whole} == whole
        finally:
            subprocess.run(["umount", "-l", out], check=False)
