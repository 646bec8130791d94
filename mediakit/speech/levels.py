"""How loud a stretch of sound is, frame by frame."""

from __future__ import annotations

import numpy as np

from mediakit.media.sound import SAMPLES_PER_MS, Samples

FRAME_MS = 10
#: Levels are kept as dBFS + 100, cut to this range: one byte holds all that a recording has.
_FULL_SCALE = 100


def levels(samples: Samples) -> bytes:
    """One byte for each whole 10 ms: the root mean square in dBFS, plus 100, cut to 0..100."""
    size = FRAME_MS * SAMPLES_PER_MS
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.mean(frames**2, axis=1) if len(frames) else np.empty(0)
    decibels = 10 * np.log10(np.maximum(power, 1e-12))
    return bytes(np.clip(np.rint(decibels + _FULL_SCALE), 0, _FULL_SCALE).astype(np.uint8))
