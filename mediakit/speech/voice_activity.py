"""Where somebody speaks: Silero's voice activity model, fed block by block.

The weights are those that faster-whisper ships (Silero VAD v6, MIT).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLES_PER_MS, Samples

#: The model's frame: 512 samples, of which it also sees the last 64 of the frame before.
FRAME_SAMPLES = 512
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS
_CONTEXT = 64
_WEIGHTS = "silero_vad_v6.onnx"

Probabilities = NDArray[np.float32]


class VoiceActivity:
    """Probability of speech for each frame of 32 ms; the same however the sound is cut into blocks."""

    def __init__(self) -> None:
        self._session = _open()
        self._state = {name: np.zeros((1, 1, 128), dtype=np.float32) for name in "hc"}
        self._rest: Samples = np.empty(0, dtype=np.float32)
        self._context: Samples = np.zeros(_CONTEXT, dtype=np.float32)

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
        frames = sound.reshape(-1, FRAME_SAMPLES)
        before = np.concatenate((self._context[np.newaxis], frames[:-1, -_CONTEXT:]))
        self._context = frames[-1, -_CONTEXT:]
        inputs = {"input": np.concatenate((before, frames), axis=1), **self._state}
        output, self._state["h"], self._state["c"] = self._session.run(None, inputs)
        result: Probabilities = np.asarray(output, dtype=np.float32).reshape(-1)
        return result


def _open() -> Any:
    try:
        import onnxruntime
        from faster_whisper.utils import get_assets_path
    except ImportError as error:
        raise EngineError(
            f"voice activity needs the package {error.name}", remedy="Install it with `pip install mediakit`."
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
