"""Sound as every stage sees it: 16 kHz, mono, float32."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

#: The rate of Whisper's front end (Radford et al. 2022, section 2.2), and of Silero's voice activity.
SAMPLE_RATE = 16_000
SAMPLES_PER_MS = SAMPLE_RATE // 1000

#: Sound longer than this is not believed: a file of a few kilobytes can claim years of silence.
MAX_DURATION_MS = 24 * 3600 * 1000

#: Shape (n,), mono, in -1 to 1.
Samples: TypeAlias = NDArray[np.float32]
