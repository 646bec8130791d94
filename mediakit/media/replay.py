"""The sound between two times, asked for again after the file was decoded once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

import numpy as np

from mediakit.errors import MediaError
from mediakit.media.sound import SAMPLES_PER_MS, Samples

#: How much of what was passed is kept, so that stretches may overlap and step back: 19 MB of sound. Most media of a
#: newspaper are shorter, and decoded once.
_KEPT_MS = 300_000


class Replay:
    """Gives stretches of sound in about the order of time, decoding the file at most once for each pass.

    `decode` begins again from the start of the media each time it is called. Memory is the stretch asked for and
    `kept_ms` before it, whatever the length of the file. Asking for an earlier time begins another pass.
    """

    def __init__(self, decode: Callable[[], Generator[Samples, None, None]], *, kept_ms: int = _KEPT_MS) -> None:
        self._decode, self._kept_ms = decode, kept_ms
        self._blocks: Generator[Samples, None, None] | None = None
        self._kept: deque[tuple[int, Samples]] = deque()  # first sample of each block in the media, and the block
        self._end = 0

    def __call__(self, start_ms: int, end_ms: int) -> Samples:
        """Samples from `start_ms` up to `end_ms`, silence where the media has ended."""
        first, last = start_ms * SAMPLES_PER_MS, end_ms * SAMPLES_PER_MS
        if self._blocks is None or (self._kept and first < self._kept[0][0]):
            self._begin()
        while self._end < last and self._read():
            self._forget(first - self._kept_ms * SAMPLES_PER_MS)
        found = np.zeros(last - first, dtype=np.float32)
        for at, block in self._kept:
            begin, end = max(first, at), min(last, at + len(block))
            if begin < end:
                found[begin - first : end - first] = block[begin - at : end - at]
        return found

    def close(self) -> None:
        """End the decoder, if one is running."""
        if self._blocks is not None:
            self._blocks.close()

    def _begin(self) -> None:
        self.close()
        self._blocks = self._decode()
        self._kept.clear()
        self._end = 0

    def _read(self) -> bool:
        assert self._blocks is not None
        try:
            block = next(self._blocks, None)
        except MediaError:
            # The file ends early; whoever decoded it first has said so.
            return False
        if block is None:
            return False
        self._kept.append((self._end, block))
        self._end += len(block)
        return True

    def _forget(self, before: int) -> None:
        while self._kept and self._kept[0][0] + len(self._kept[0][1]) < before:
            self._kept.popleft()
