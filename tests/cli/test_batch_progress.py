"""The line that a terminal shows while a batch goes on."""

from __future__ import annotations

from pathlib import Path

from mediakit.cli.batch_progress import BatchProgress
from mediakit.errors import MediaEmpty
from mediakit.jobs.batch import Outcome
from mediakit.jobs.workers import AtWork


def done(name: str, *lengths_ms: int) -> Outcome:
    return Outcome(Path(name), "done", summary={"media": [{"duration_ms": ms} for ms in lengths_ms]})


def test_files_sound_speed_time_left_and_failures() -> None:
    progress = BatchProgress()
    assert progress.line(0, 0) == "0 files, 00:00:00 of sound, 0.0 times as fast as it plays"
    progress.expected = 8
    progress.add(Outcome(Path("cu.txt"), "skipped", summary={"media": [{"duration_ms": 9}]}))
    progress.add(done("a.txt", 60_000, 60_000))
    progress.add(Outcome(Path("hong.mp3"), "failed", errors=(MediaEmpty("is empty"),)))
    assert progress.line(120_000, 30) == (
        "4 of 8 files, 00:02:00 of sound, 4.0 times as fast as it plays, 00:00:40 left, 1 failed"
    )


def test_what_is_worked_on_comes_and_goes() -> None:
    progress = BatchProgress()
    progress.tick([AtWork("[đậm]a.mp3", 1000, 4000), AtWork("b.mp3", 0, None)])
    progress.tick([AtWork("b.mp3", 2000, None)])
    shown = [task.description for task in progress._bars.tasks]
    assert len(shown) == 2
    assert shown[1] == "b.mp3"
    assert "00:00:02 of sound" in shown[0]
