"""What a person sees: progress on stderr and only on a terminal, results on stdout."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from mediakit.errors import MediakitError, printable
from mediakit.pipeline import Progress as OnProgress


class Talk:
    """Says things at the level that the user chose."""

    def __init__(self, *, quiet: bool, verbose: bool, as_json: bool) -> None:
        self.quiet, self.verbose, self.as_json = quiet, verbose, as_json
        self._bar: Progress | None = None

    def say(self, text: str) -> None:
        """A line of the result, for people."""
        if not self.quiet and not self.as_json:
            print(text)

    def detail(self, text: str) -> None:
        """A line that only --verbose shows."""
        if self.verbose and not self.as_json:
            print(text)

    def warn(self, text: str) -> None:
        """Something the user should know although the work goes on."""
        if not self.quiet:
            self._on_stderr(f"mediakit: warning: {printable(text)}")

    def note(self, line: str) -> None:
        """A line on the way, where no bar shows it; what comes from outside is escaped already."""
        if not self.quiet and not self.shows_progress:
            self._on_stderr(f"mediakit: {line}")

    def error(self, error: MediakitError) -> None:
        """A failure; always shown."""
        self._on_stderr(f"mediakit: {error}")

    def result(self, value: object) -> None:
        """The machine-readable object, if that was asked for."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, indent=2))

    @property
    def shows_progress(self) -> bool:
        """Whether bars are shown: to a person, on a terminal."""
        return not self.quiet and sys.stderr.isatty()

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Bars with the time left, while files are worked on."""
        if not self.shows_progress:
            yield
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            self._bar = bar
            try:
                yield
            finally:
                self._bar = None

    def on_medium(self, name: str) -> OnProgress | None:
        """A bar for one media file."""
        bar = self._bar
        if bar is None:
            return None
        task = bar.add_task(escaped(printable(name)), total=None)

        def update(done_ms: int, total_ms: int | None) -> None:
            bar.update(task, completed=done_ms, total=total_ms)

        return update

    def _on_stderr(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)


def counted(number: int, noun: str) -> str:
    """A number with what it counts.

    >>> counted(1, "caption"), counted(2, "file"), counted(0, "article")
    ('1 caption', '2 files', '0 articles')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def escaped(text: str) -> str:
    """Text for where Rich reads [brackets] as styles; a file name has none."""
    return escape(text)
