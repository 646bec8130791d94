"""Programs that are killed (SIGKILL) at each of their steps on disk, one after the other, by forks of one process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: Before each of these steps below the folder, the process may be killed.
_DRIVER = """
import os, shutil, signal, sys
from pathlib import Path

source, copies = Path(sys.argv[1]), Path(sys.argv[2])
STEPS = {steps!r}

{program}

def killed_at(folder, last):
    steps = 0
    def watch(event, arguments):
        nonlocal steps
        if event in STEPS and any(isinstance(a, (str, os.PathLike)) and str(folder) in str(a) for a in arguments):
            steps += 1
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    program(folder)

program(Path(shutil.copytree(source, copies / "warm")))  # all is imported once
shutil.rmtree(copies / "warm")
for number in range(1, 1000):
    folder = Path(shutil.copytree(source, copies / f"{{number:03d}}"))
    child = os.fork()
    if child == 0:
        killed_at(folder, number)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        break
    assert os.WIFSIGNALED(status), status
"""


#: As Python's audit events call them.
STEPS = ("open", "os.rename", "os.remove", "os.link", "os.mkdir", "os.truncate")


def kill_at_each_step(source: Path, copies: Path, program: str, steps: Sequence[str] = STEPS) -> list[Path]:
    """Copies of the folder `source`, in each of which the program was killed one step later; it ended in the last.

    `program` defines a function `program(folder)`.
    """
    copies.mkdir()
    command = [sys.executable, "-c", _DRIVER.format(program=program, steps=tuple(steps)), str(source), str(copies)]
    done = subprocess.run(command, capture_output=True, check=False, timeout=250, text=True)
    assert done.returncode == 0, done.stderr
    return sorted(copies.iterdir())
