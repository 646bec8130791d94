"""What a terminal shows while a batch goes on: files, hours of sound, speed, time left, failures; and each worker."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from mediakit.cli.console import Talk, counted, escaped
from mediakit.errors import printable
from mediakit.jobs.batch import Outcome
from mediakit.jobs.workers import AtWork
from mediakit.outputs.stretches import clock
from mediakit.timeline import timestamp

_LONGEST_NAME = 40


class BatchLines:
    """A line on stderr for each job that was done, where there is no terminal; a context manager, as the bars are."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk
        self._files = 0
        #: How many media files there are, where that is known.
        self.expected: int | None = None

    def __enter__(self) -> BatchLines:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def add(self, outcome: Outcome) -> None:
        """A job has ended; what failed has a line of its own, and what was done before needs none."""
        media = outcome.summary.get("media", ())
        self._files += len(media) or 1
        if outcome.status != "done":
            return
        sound = clock(sum(medium["duration_ms"] or 0 for medium in media))
        # A medium that several articles name counts with each.
        of = f" of {self.expected}" if self.expected and self._files <= self.expected else ""
        took = f"{outcome.seconds:.0f} s"
        self._talk.note(f"{self._files}{of}: {printable(str(outcome.source))}: done, {sound} of sound in {took}")

    def tick(self, at_work: Sequence[AtWork]) -> None:
        """Nothing: lines are for what has ended."""


class BatchProgress:
    """Bars on stderr; a context manager."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
        self._bars = Progress(*columns, console=Console(stderr=True), transient=True)
        self._all = self._bars.add_task("", total=None)
        self._media: dict[str, TaskID] = {}
        self._began = time.monotonic()
        self._files = self._done_before = self._failed = 0
        self._sound_ms = 0
        #: How many media files there are, where that is known.
        self.expected: int | None = None

    def __enter__(self) -> BatchProgress:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def add(self, outcome: Outcome) -> None:
        """A job has ended."""
        files = len(outcome.summary.get("media", ())) or 1
        self._files += files
        if outcome.status == "skipped":
            self._done_before += files
        else:
            self._sound_ms += sum(medium["duration_ms"] or 0 for medium in outcome.summary.get("media", ()))
        self._failed += outcome.status in ("failed", "set-aside")
        self._show(self._sound_ms)

    def tick(self, at_work: Sequence[AtWork]) -> None:
        """So far the work in hand has come."""
        names = {item.name for item in at_work}
        for name in set(self._media) - names:
            self._bars.remove_task(self._media.pop(name))
        for item in at_work:
            if item.name not in self._media:
                self._media[item.name] = self._bars.add_task(escaped(_short(item.name)), total=None)
            self._bars.update(self._media[item.name], completed=item.done_ms, total=item.total_ms)
        self._show(self._sound_ms + sum(item.done_ms for item in at_work))

    def line(self, sound_ms: int, seconds: float) -> str:
        """The line for all."""
        of = f" of {self.expected}" if self.expected else ""
        speed = sound_ms / 1000 / seconds if seconds else 0.0
        facts = [
            f"{self._files}{of} files" if of else counted(self._files, "file"),
            f"{timestamp(sound_ms)[:-4]} of sound",
            f"{speed:.1f} times as fast as it plays",
        ]
        worked = self._files - self._done_before
        if self.expected and worked:
            left = max(0, self.expected - self._files) * seconds / worked
            facts.append(f"{timestamp(round(left * 1000))[:-4]} left")
        if self._failed:
            facts.append(f"{self._failed} failed")
        return ", ".join(facts)

    def _show(self, sound_ms: int) -> None:
        line = self.line(sound_ms, time.monotonic() - self._began)
        self._bars.update(self._all, description=line, completed=self._files, total=self.expected)


def _short(name: str) -> str:
    text = printable(name)
    return text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…"
