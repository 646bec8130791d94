"""How the C library keeps the memory of this process: in few arenas, and not longer than it is used.

glibc gives threads arenas of their own, up to eight for each core, and what was freed in one serves no other. Threads
decode, listen and weigh here, so that two hours of sound took a third more at the peak than in two arenas.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h


def use_few_arenas() -> None:
    """Have the C library make no more than two arenas, where it can (glibc); for a process that is ours alone."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # musl has no such call
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS)


def give_back_memory() -> None:
    """Have the C library give back what is free, where it can (glibc): it is kept between two jobs for nothing."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
