"""How many workers there are, and what each may take of the machine."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

#: Interpreter, model and a window of the embedded model take about 500 MB; a larger model asks for `--jobs`.
_A_WORKER_MB = 900
#: Of all memory, what the workers together may take before one is ended rather than the machine brought down.
_OF_MEMORY = 0.9


@dataclass(frozen=True, slots=True)
class Share:
    """So many workers, so many threads of the processor and so much memory (MB, 10⁶ bytes) for each."""

    workers: int
    threads: int
    memory_mb: int


def share_out(jobs: int | None = None, *, cores: int | None = None, memory_mb: int | None = None) -> Share:
    """The machine shared out among `jobs` workers; by default one a core, as far as there is memory.

    >>> share_out(cores=8, memory_mb=16_000), share_out(2, cores=8, memory_mb=16_000)
    (Share(workers=8, threads=1, memory_mb=1800), Share(workers=2, threads=4, memory_mb=7200))
    >>> share_out(cores=8, memory_mb=2_000)
    Share(workers=2, threads=4, memory_mb=900)
    """
    cores = cores or usable_cores()
    memory_mb = memory_mb or _memory_mb()
    workers = jobs or max(1, min(cores, int(memory_mb * _OF_MEMORY) // _A_WORKER_MB))
    return Share(workers, max(1, cores // workers), int(memory_mb * _OF_MEMORY) // workers)


def usable_cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory_mb() -> int:
    import psutil

    return int(psutil.virtual_memory().total) // 1_000_000
