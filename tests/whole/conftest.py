"""The readings, transcribed once for all tests of the whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NAMES = ("ban-tin-day-du", "ban-tin-mot-phan", "ban-tin-dao-thu-tu", "ban-tin-nham-bai", "phat-bieu")


@pytest.fixture(scope="session")
def out(readings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All readings transcribed by the command, one after the other."""
    folder = tmp_path_factory.mktemp("readings")
    for name in NAMES:
        command = [sys.executable, "-m", "mediakit", "transcribe", str(readings / f"{name}.txt"), "-o", str(folder)]
        done = subprocess.run(command, capture_output=True, timeout=600, check=False)
        assert done.returncode == 0, done.stderr.decode()
    return folder
