"""The encoder of a Whisper model in CTranslate2's form, given as much sound as there is and not 30 s."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.media.sound import Samples
from mediakit.speech.engine import Window

# Whisper: a feature frame is 10 ms, an encoder (and alignment) frame 20 ms (Radford et al. 2022, section 2.2).
_HOP = 160
_MOST_FRAMES = 3000
ALIGNMENT_FRAME_MS = 20
Features = NDArray[np.float32]


def frames_of(samples: Samples) -> int:
    """How many feature frames some sound has; at least 1."""
    return min(_MOST_FRAMES, max(1, len(samples) // _HOP))


def room_for(samples: Samples, *, silence: int, step: int, least: int) -> int:
    """How many feature frames the encoder is given for some sound: its own and at least `silence`, up to a `step`."""
    return min(_MOST_FRAMES, max(least, -(-(frames_of(samples) + silence) // step) * step))


def encode(model: Any, window: Window, room: int) -> Any:
    """Encoder output of shape (1, room / 2, width), in the machine's own memory, by a `faster_whisper.WhisperModel`.

    One window after the other: together they take no less time on a CPU, and their attention (heads x frames x frames
    for each) hundreds of megabytes.
    """
    import ctranslate2

    features = np.ascontiguousarray(_features(model, window.samples, room)[np.newaxis])
    return model.model.encode(ctranslate2.StorageView.from_array(features), to_cpu=True)


def joined(encoded: Sequence[Any]) -> Any:
    """Several outputs of the encoder as one, of shape (windows, room / 2, width)."""
    import ctranslate2

    if len(encoded) == 1:
        return encoded[0]
    return ctranslate2.StorageView.from_array(np.concatenate([np.asarray(output) for output in encoded]))


def _features(model: Any, samples: Samples, room: int) -> Features:
    found: Features = model.feature_extractor(samples)[:, :room]
    if found.shape[1] < room:
        found = np.pad(found, ((0, 0), (0, room - found.shape[1])), constant_values=found.min())
    return found
