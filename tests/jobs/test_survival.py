"""Batches that are killed: nothing lost, nothing torn, nothing done twice. Real speech and real weights."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.jobs.archive import results, speech_archive, start, temporary_files, workers_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
#: 60 files, 25 and 10 kills were run too; CI has no time for it.
FILES, KILLS, WORKER_KILLS = 16, 6, 4


@pytest.fixture(scope="module")
def archive(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return speech_archive(tmp_path_factory.mktemp("survival") / "archive", shared, FILES)


@pytest.fixture(scope="module")
def quiet(archive: Path) -> dict[str, bytes]:
    """What one run that nobody disturbs writes."""
    out = archive.parent / "quiet"
    assert start(archive, out).wait(600) == 0, out.with_suffix(".log").read_text(encoding="utf-8")
    found = results(out)
    assert len(found) == FILES * 7
    return found


def finished(out: Path) -> dict[str, tuple[str, int]]:
    """Of each job that the journal has as done, its outputs with their time of change."""
    journal = out / ".mediakit" / "journal.sqlite3"
    if not journal.exists():
        return {}
    database = sqlite3.connect(journal)
    try:
        rows = database.execute("SELECT path FROM outputs NATURAL JOIN jobs WHERE state = 'done'").fetchall()
    except sqlite3.OperationalError:  # killed before the tables were made
        rows = []
    finally:
        database.close()
    return {path: (path, (out / path).stat().st_mtime_ns) for (path,) in rows}


def progress_of(process: subprocess.Popen[bytes], out: Path, *, least: int, within_s: float = 60) -> int:
    """Wait until so many jobs are done, the batch has ended, or the time is over; how many are done."""
    until = time.monotonic() + within_s
    while (done := done_jobs(out)) < least and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    return done


def done_jobs(out: Path) -> int:
    """How many jobs the journal has as done, while the batch runs or after."""
    return len({path.split(".", 1)[0] for path in finished(out) if "/tin-" in path})


def test_killed_again_and_again(archive: Path, quiet: dict[str, bytes]) -> None:
    out, chance = archive.parent / "killed", random.Random(5)
    done: dict[str, tuple[str, int]] = {}
    for kill in range(1, KILLS + 1):
        process = start(archive, out)
        # At a random moment, but never so late on a quick machine that nothing is left for the kills to come.
        within_s = 60 if kill == KILLS else chance.uniform(0.2, 6)
        progress_of(process, out, least=FILES * kill // (KILLS + 2), within_s=within_s)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)
        for path, state in finished(out).items():
            assert done.setdefault(path, state) == state, "a job that was done was done again"
    assert 0 < len(done) < len(quiet), "the kills did not come in the middle"
    assert start(archive, out).wait(600) == 0, out.with_suffix(".log").read_text(encoding="utf-8")
    assert results(out) == quiet
    assert {path: finished(out)[path] for path in done} == done
    assert not temporary_files(out)


def test_workers_killed(archive: Path, quiet: dict[str, bytes]) -> None:
    out, chance = archive.parent / "bereft", random.Random(6)
    process = start(archive, out)
    killed = 0
    while killed < WORKER_KILLS and process.poll() is None:
        time.sleep(chance.uniform(0.5, 4))
        workers = workers_of(process)
        if workers:
            chance.choice(workers).kill()
            killed += 1
    assert process.wait(600) == 0, out.with_suffix(".log").read_text(encoding="utf-8")
    assert killed == WORKER_KILLS
    assert results(out) == quiet
    assert not temporary_files(out)


@pytest.mark.alone
def test_interrupted_once_it_finishes_its_windows_and_twice_it_stops_at_once(
    archive: Path, quiet: dict[str, bytes]
) -> None:
    out = archive.parent / "interrupted"
    for times in (1, 2):
        process = start(archive, out)
        assert progress_of(process, out, least=done_jobs(out) + 2) < FILES - 4
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.3)
        began = time.monotonic()
        assert process.wait(60) == 130
        assert time.monotonic() - began < (20 if times == 1 else 4)
        assert not temporary_files(out) or times == 2
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert 0 < report["totals"]["jobs"] < FILES
    assert start(archive, out).wait(600) == 0
    assert results(out) == quiet
    assert not temporary_files(out)


def test_workers_end_with_the_batch(archive: Path) -> None:
    process = start(archive, archive.parent / "orphans")
    until = time.monotonic() + 30
    while len(workers := workers_of(process)) < min(2, os.cpu_count() or 1) and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(1)
    assert workers
    process.kill()
    process.wait(60)
    _, left = psutil.wait_procs(workers, timeout=10)
    assert not left


def test_the_rest_is_done(archive: Path, tmp_path: Path) -> None:
    """Broken files, a pipe, a decoder that hangs, one whose worker is killed each time, one that outgrows its limit."""
    root, out = tmp_path / "archive", tmp_path / "out"
    good = sorted(archive.rglob("*.wav"))[:3]
    (root / "a").mkdir(parents=True)
    for path in good:
        (root / path.name).write_bytes(path.read_bytes())
    (root / "rong.mp3").write_bytes(b"")
    (root / "chu.mp3").write_text("Đây không phải âm thanh.", encoding="utf-8")
    (root / "cut.mp4").write_bytes(next(archive.rglob("*.mp4")).read_bytes()[:3000])
    (root / "rac.ogg").write_bytes(random.Random(1).randbytes(5000))
    (root / "a" / "bai.txt").write_text(
        "Bài báo\n\nThứ 4, 09/06/2021 | 18:37:56\n12 lượt xem\nMột câu.\n\nAudio: thieu.mp3\n", encoding="utf-8"
    )
    os.mkfifo(root / "ong.mp3")
    for name in ("treo.wav", "giet.wav", "lon.wav"):
        (root / name).write_bytes(good[0].read_bytes() + b"\0" * 8)
    decoder = tmp_path / "ffmpeg"
    decoder.write_text(DECODER.format(real=real_ffmpeg()), encoding="utf-8")
    decoder.chmod(0o755)
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(GROWING, encoding="utf-8")
    modules = os.pathsep.join(filter(None, (str(tmp_path / "python"), os.environ.get("PYTHONPATH"))))
    process = start(
        root,
        out,
        *("--time-limit", "45s", "--memory-limit", "600", "--json"),
        environment={**os.environ, "MEDIAKIT_FFMPEG": str(decoder), "PYTHONPATH": modules},
    )
    while process.poll() is None:
        kill_worker_at(process, "giet.wav")
        time.sleep(0.05)
    assert process.returncode == 1
    jobs = json.loads((out / "report.json").read_text(encoding="utf-8"))["jobs"]
    statuses = {job["source"]: job["status"] for job in jobs}
    assert {name for name, status in statuses.items() if status == "done"} == {path.name for path in good}
    assert {job["source"]: job["errors"][0]["code"] for job in jobs if job["errors"]} == {
        "rong.mp3": "media-empty",
        "chu.mp3": "media-not-media",
        "cut.mp4": "media-cut-off",
        "rac.ogg": "media-not-media",
        "a/bai.txt": "attachment-missing",
        "ong.mp3": "media-not-media",
        "treo.wav": "time-limit",
        "giet.wav": "worker-died",
        "lon.wav": "memory-limit",
    }
    log = out.with_suffix(".log").read_text(encoding="utf-8")
    assert all(Path(name).name in log for name, status in statuses.items() if status != "done")
    assert not temporary_files(out)


#: What Python runs as it starts: a worker outgrows its limit as soon as it decodes one file, however slow the machine.
GROWING = """import sys

taken = []


def grow(event, arguments):
    if event == "subprocess.Popen" and "lon.wav" in str(arguments):
        taken.append(b"x" * 1_000_000_000)


sys.addaudithook(grow)
"""

#: An ffmpeg that hangs on one file, and takes its time on another.
DECODER = """#!/bin/sh
case "$*" in
*treo.wav*) exec sleep 1000 ;;
*giet.wav*) sleep 2 ;;
esac
exec {real} "$@"
"""


def real_ffmpeg() -> str:
    from mediakit.media.ffmpeg import find_ffmpeg

    return find_ffmpeg()


def kill_worker_at(batch: subprocess.Popen[bytes], name: str) -> None:
    """Kill the worker that decodes the file of that name, as the kernel does when memory is short."""
    for worker in workers_of(batch):
        try:
            if any(name in part for child in worker.children() for part in child.cmdline()):
                worker.kill()
        except psutil.Error:
            pass
