"""Ends a worker process that has lost its parent or grown over its limit, from a thread of its own.

A limit of the operating system (`RLIMIT_AS`) would count what is mapped, not what is used, and Windows has none.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import wait

#: Exit status of a worker that took more memory than its limit.
TOO_LARGE = 86
#: Exit status of one whose parent has died.
ORPHANED = 87
_LOOK_S = 0.1


def watch(memory_limit_mb: int | None) -> None:
    """Begin to watch this process; nothing ends it but its parent's end or the limit."""
    import psutil

    me = psutil.Process()

    def is_too_large() -> bool:
        return memory_limit_mb is not None and me.memory_info().rss > memory_limit_mb * 1_000_000

    if is_too_large():  # before it takes up any job
        os._exit(TOO_LARGE)
    threading.Thread(target=_watch, args=(is_too_large,), name="watchdog", daemon=True).start()


def _watch(is_too_large: Callable[[], bool]) -> None:
    parent = multiprocessing.parent_process()
    while not is_too_large():
        if parent is None:
            time.sleep(_LOOK_S)
        elif wait([parent.sentinel], _LOOK_S):
            os._exit(ORPHANED)
    os._exit(TOO_LARGE)
