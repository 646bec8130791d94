"""How the C library keeps the memory of this process: in few pieces, and not longer than it is used.

glibc gives threads arenas of their own, up to eight for each core, and what was freed in one serves no other; and
blocks of some megabytes, of which listening needs many, leave holes that it keeps. By its own rules memory grew with
the length of the sound.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h
#: The same for a process that is still to begin.
VARIABLES = {"MALLOC_ARENA_MAX": str(_ARENAS)}


def keep_memory_low() -> None:
    """Have the C library keep little, where it can (glibc); for a process that is ours alone."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # musl has no such call
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)


def give_back_memory() -> None:
    """Have the C library give back what is free, where it can (glibc): it would be kept for nothing."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):
            ctypes.CDLL(None).malloc_trim(0)
