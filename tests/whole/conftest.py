"""The readings, transcribed once for all tests of the whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

NAMES = ("ban-tin-day-du", "ban-tin-mot-phan", "ban-tin-dao-thu-tu", "ban-tin-nham-bai", "phat-bieu")


@pytest.fixture(scope="session")
def out(readings: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """All readings transcribed by the command, one after the other; once, whichever worker needs them first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "readings"
    done = folder / ".done"
    with FileLock(f"{folder}.lock"):
        if not done.exists():
            for name in NAMES:
                transcribe(readings / f"{name}.txt", folder)
            done.touch()
    return folder


def transcribe(article: Path, folder: Path) -> None:
    """Transcribe what is attached to an article, by the command."""
    command = [sys.executable, "-m", "mediakit", "transcribe", str(article), "-o", str(folder)]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr.decode()
