"""What a CTC head gives for the frames of a recording, small enough to be kept."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: A frame of the encoder.
FRAME_MS = 20
#: Log probabilities are kept in steps of so many nats, down to 16 nats.
_STEP, _MOST_STEPS = 1 / 8, 128
#: Of frames that are blank beyond doubt (from 0.94 on) one of so many is kept, for sounds that are misheard.
_KEPT = 3


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Log probabilities of units: `times` (ms, where each frame begins, in order), `steps` below 0 (frames, units).

    The first unit is the blank, the last what is no unit.
    """

    times: NDArray[np.int64]
    steps: NDArray[np.uint8]

    @classmethod
    def of(cls, start_ms: int, log_probs: NDArray[np.float32]) -> Frames:
        """Those of a window that begins at `start_ms`."""
        steps = np.minimum(np.rint(log_probs / -_STEP), _MOST_STEPS).astype(np.uint8)
        return cls(start_ms + np.arange(len(steps)) * FRAME_MS, steps)

    @classmethod
    def joined(cls, parts: Sequence[Frames]) -> Frames:
        """Those of several windows, in order; none of no window."""
        if not parts:
            return cls(np.zeros(0, np.int64), np.zeros((0, 2), np.uint8))
        return cls(np.concatenate([part.times for part in parts]), np.concatenate([part.steps for part in parts]))

    @classmethod
    def unpacked(cls, start_ms: int, packed: bytes, units: int) -> Frames:
        """Those of a window that :meth:`packed` gave, of so many units.

        Raises
        ------
        ValueError
            If it gave no such thing.
        """
        try:
            steps = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(-1, units)
        except zlib.error as error:
            raise ValueError(f"no frames of a CTC head ({error})") from error
        return cls(start_ms + np.arange(len(steps)) * FRAME_MS, steps)

    def packed(self) -> bytes:
        """The frames of one window as some 3 kB a second."""
        return zlib.compress(self.steps.tobytes())

    def __len__(self) -> int:
        return len(self.times)

    def spoken(self) -> Frames:
        """The frames in which something may be said, and some of the others: half of all (after Chen et al. 2016)."""
        kept = (self.steps[:, 0] > 0) | (self.times // FRAME_MS % _KEPT == 0)
        return Frames(self.times[kept], self.steps[kept])

    def between(self, start_ms: int, end_ms: int) -> Frames:
        """The frames that begin between two times."""
        first, stop = np.searchsorted(self.times, (start_ms, end_ms))
        return Frames(self.times[first:stop], self.steps[first:stop])

    def log_probs(self, first: int = 0, stop: int | None = None) -> NDArray[np.float32]:
        """The log probabilities (nats) of some frames."""
        found: NDArray[np.float32] = self.steps[first:stop] * np.float32(-_STEP)
        return found

    def begins(self, first: int, stop: int) -> NDArray[np.bool_]:
        """In which of some frames the likeliest sound begins."""
        since = max(0, first - 1)
        best = np.argmin(self.steps[since:stop], axis=1)
        goes_on = (best[1:] == best[:-1]) & (np.diff(self.times[since:stop]) <= FRAME_MS)
        found: NDArray[np.bool_] = (best != 0) & ~np.concatenate(([False], goes_on))
        return found[first - since :]
