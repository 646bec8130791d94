"""Ctrl-C: once to finish the windows in hand and stop, twice to stop at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Whether a run was asked to stop."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    @property
    def asked(self) -> bool:
        """Whether it was."""
        return self._asked.is_set()

    def ask(self) -> None:
        """Ask for it."""
        self._asked.set()

    def wait(self, seconds: float) -> bool:
        """Sleep so long, or until it is asked for; whether it was."""
        return self._asked.wait(seconds)

    @contextmanager
    def on_interrupt(self) -> Iterator[None]:
        """Within the block, the first interrupt asks to stop and the second raises KeyboardInterrupt.

        Raises
        ------
        ValueError
            In another thread than the main one, which gets no signals.
        """

        def heard(_number: int, _frame: FrameType | None) -> None:
            if self._asked.is_set():
                raise KeyboardInterrupt
            self._asked.set()

        before = signal.signal(signal.SIGINT, heard)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
