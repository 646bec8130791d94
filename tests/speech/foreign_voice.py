"""Foreign speech for tests: English by espeak-ng, an easy voice, where that program is here."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import Samples

ENGLISH = "I think that this project is important for the people who live in the delta."


def say(path: Path, text: str = ENGLISH, voice: str = "en-us") -> Path:
    """Have a text said into a WAV file."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("needs espeak-ng")
    subprocess.run([program, "-v", voice, "-s", "150", "-w", path, text], check=True, timeout=60)
    return path


def sound_of(path: Path) -> Samples:
    """All of a file's sound."""
    return np.concatenate(list(decode(path, choose_audio(probe(path)))))
