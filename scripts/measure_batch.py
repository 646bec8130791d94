"""What a batch costs: memory of its workers after every so many jobs, and its time against that of the jobs.

    python scripts/measure_batch.py FOLDER [--jobs 1] [--every 30]

The results go to a temporary folder, so that every job is done.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import psutil

from mediakit.jobs.batch import Batch
from mediakit.jobs.processes import WorkerProcesses
from mediakit.jobs.settings import Settings
from mediakit.jobs.share import share_out


def main() -> None:
    """Run a batch and print a line for every so many jobs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--every", type=int, default=30)
    chosen = parser.parse_args()
    share, settings = share_out(chosen.jobs), Settings()
    began, spent, count = time.monotonic(), 0.0, 0
    with tempfile.TemporaryDirectory(prefix="mediakit-") as out, Batch(chosen.folder, out, settings) as batch:
        with WorkerProcesses(settings, count=share.workers, threads=share.threads) as workers:
            for outcome in batch.outcomes(workers):
                count, spent = count + 1, spent + outcome.seconds
                if count % chosen.every == 0:
                    print(f"after {count} jobs: {', '.join(f'{mb} MB' for mb in resident_mb())}", flush=True)
        wall = time.monotonic() - began
    ideal = spent / share.workers
    print(
        f"{count} jobs, {share.workers} workers of {share.threads} threads: {wall:.1f} s; the jobs took {spent:.1f} s,"
    )
    print(f"so that {wall / ideal:.3f} times as long as it might have been")


def resident_mb() -> list[int]:
    """Resident memory of each worker, MB."""
    children = psutil.Process().children()
    workers = [child for child in children if any("spawn_main" in part for part in child.cmdline())]
    return [worker.memory_info().rss // 1_000_000 for worker in workers]


if __name__ == "__main__":
    main()
