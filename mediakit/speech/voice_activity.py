"""Where somebody speaks: Silero's voice activity model, fed block by block.

The weights are those that faster-whisper ships (Silero VAD v6, MIT). After somebody loud the model takes somebody who
is 10 dB quieter, as the far end of a table in a meeting, for silence; so quiet sound is made louder for it (automatic
gain control). Of 222 sentences of `../shared/speech/clips`, one after the other at the levels that they have, 1 was
passed over so, 9 without; noise and a murmur were taken for speech no more often.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError, pip_install
from mediakit.media.sound import SAMPLES_PER_MS, Samples

#: The model's frame: 512 samples, of which it also sees the last 64 of the frame before.
FRAME_SAMPLES = 512
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS
_CONTEXT = 64
_WEIGHTS = "silero_vad_v6.onnx"

#: What is quieter is made louder, up to this level, by no more than this.
_LEVEL_DBFS, _MOST_GAIN_DB = -20.0, 16.0
#: How fast the gain grows after somebody loud, and at the beginning, where the model hears a murmur as speech: 20 dB a
#: second.
_GROWTH_DB = 20 * FRAME_MS / 1000
_SILENCE = 1e-6

Probabilities = NDArray[np.float32]


class VoiceActivity:
    """Probability of speech for each frame of 32 ms; the same however the sound is cut into blocks."""

    def __init__(self) -> None:
        self._session = _open()
        self._state = {name: np.zeros((1, 1, 128), dtype=np.float32) for name in "hc"}
        self._rest: Samples = np.empty(0, dtype=np.float32)
        self._context: Samples = np.zeros(_CONTEXT, dtype=np.float32)
        self._loud_db = 0.0

    def feed(self, block: Samples) -> Probabilities:
        """Probabilities (0 to 1) of the frames that `block` completes."""
        sound = np.concatenate((self._rest, block))
        count = len(sound) // FRAME_SAMPLES
        self._rest = sound[count * FRAME_SAMPLES :]
        return self._run(sound[: count * FRAME_SAMPLES])

    def finish(self) -> Probabilities:
        """The probability of the last, incomplete frame, if there is one."""
        rest, self._rest = self._rest, np.empty(0, dtype=np.float32)
        return self._run(np.pad(rest, (0, -len(rest) % FRAME_SAMPLES)))

    def _run(self, sound: Samples) -> Probabilities:
        if not len(sound):
            return np.empty(0, dtype=np.float32)
        frames = self._levelled(sound.reshape(-1, FRAME_SAMPLES))
        before = np.concatenate((self._context[np.newaxis], frames[:-1, -_CONTEXT:]))
        self._context = frames[-1, -_CONTEXT:]
        inputs = {"input": np.concatenate((before, frames), axis=1), **self._state}
        output, self._state["h"], self._state["c"] = self._session.run(None, inputs)
        result: Probabilities = np.asarray(output, dtype=np.float32).reshape(-1)
        return result

    def _levelled(self, frames: Samples) -> Samples:
        """Frames of quiet sound louder: a gain for each, that falls at once and grows slowly."""
        levels = 10 * np.log10(np.maximum(np.mean(np.square(frames, dtype=np.float64), axis=1), _SILENCE**2))
        fallen = _GROWTH_DB * np.arange(1, len(levels) + 1)
        # The loudest of late, each frame a little less: the greatest of all levels before, less what it fell since.
        loud = np.maximum.accumulate(np.concatenate(([self._loud_db], levels + fallen)))[1:] - fallen
        self._loud_db = float(loud[-1])
        gains = np.clip(_LEVEL_DBFS - loud, 0.0, _MOST_GAIN_DB)
        louder: Samples = np.clip(frames * (10 ** (gains / 20))[:, np.newaxis], -1.0, 1.0).astype(np.float32)
        return louder


def _open() -> Any:
    try:
        import onnxruntime
        from faster_whisper.utils import get_assets_path
    except ImportError as error:
        raise EngineError(
            f"voice activity needs the package {error.name}", remedy=f"Install it with `{pip_install()}`."
        ) from error
    from pathlib import Path

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    weights = str(Path(get_assets_path()) / _WEIGHTS)
    try:
        return onnxruntime.InferenceSession(weights, providers=["CPUExecutionProvider"], sess_options=options)
    except Exception as error:  # onnxruntime raises classes of its own that share no base
        raise EngineError("the voice activity weights cannot be opened", file=weights) from error


@dataclass(frozen=True, slots=True)
class Hysteresis:
    """When frames count as speech: from `onset` up, and then until they fall below `offset` (Silero's defaults)."""

    onset: float = 0.5
    offset: float = 0.35
