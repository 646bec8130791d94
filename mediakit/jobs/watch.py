"""A batch that goes on: new files are taken up once they have stopped growing."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mediakit.jobs.batch import Batch, OnTick, Outcome
from mediakit.jobs.plan import Job
from mediakit.jobs.stop import Stop
from mediakit.jobs.workers import Workers

#: Between two looks at the folder. A copy over a network pauses for less.
LOOK_S = 10.0


@dataclass
class Settled:
    """Tells jobs whose files are all there from those that are still being copied.

    A file has stopped growing if it is as it was at the last look; at the first look, if nothing has changed it for as
    long as there is between two looks.
    """

    every_s: float = LOOK_S
    _before: dict[Path, tuple[int, int]] = field(default_factory=dict)
    _now: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> None:
        """A new look begins."""
        self._before, self._now = self._now, {}

    def __call__(self, job: Job) -> bool:
        """Whether the files of a job have stopped growing."""
        paths = [path for path in (job.source, *(piece.path for piece in job.pieces)) if path is not None]
        still = [self._is_still(path) for path in paths]  # every file is looked at
        return all(still)

    def _is_still(self, path: Path) -> bool:
        try:
            status = path.stat()
        except OSError:
            return False
        self._now[path] = (status.st_size, status.st_mtime_ns)
        if path in self._before:
            return self._before[path] == self._now[path]
        return time.time() - status.st_mtime >= self.every_s


def watch(
    batch: Batch,
    workers: Workers,
    stop: Stop,
    *,
    every_s: float = LOOK_S,
    on_tick: OnTick | None = None,
    on_look: Callable[[], None] | None = None,
) -> Iterator[Outcome]:
    """Outcomes of a batch that looks at its folder again and again, until `stop` is asked for between two looks.

    `on_look` is told when everything that was there has been done.

    Raises
    ------
    KeyboardInterrupt
        If `stop` was asked for while there was work in hand.
    """
    settled = Settled(every_s)
    while not stop.asked:
        settled.look()
        yield from batch.outcomes(workers, jobs=filter(settled, batch.jobs()), stop=stop, on_tick=on_tick)
        if on_look is not None:
            on_look()
        stop.wait(every_s)
