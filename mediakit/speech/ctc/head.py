"""The CTC head: of what Whisper's encoder gives for each 20 ms, the log probability of each sound that may be said.

It was trained on clips with known words (`scripts/train_ctc.py`), on the encoder as it is: what is encoded for the
decoder is all it needs. A decoder has a language of its own, and hardly minds a word that is left out; the head knows
sounds alone and has each of them said somewhere, so that words that are missing, and those that were not said, cost.
It belongs to one encoder. With a model that has none the beam does without it, and an article is placed by frames that
are made of the words that were heard (:mod:`mediakit.grounding.witness`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.ctc.prefixes import Prefixes
from mediakit.speech.ctc.units import Inventory
from mediakit.speech.decoder.onnx_file import OnnxModel, open_session

Floats = NDArray[np.float32]
#: As in `torch.nn.LayerNorm`.
_EPSILON = 1e-5
#: The log probability of a letter that is no unit (of Korean, say): less than that of any other in 99 of 100 frames.
_NO_UNIT_NATS = -16.0
_FOLDER = Path(__file__).parent
#: All heads are of this language.
_LANGUAGE = "vi"
#: Heads, and the SHA-256 of the weights whose encoder each belongs to: in CTranslate2's form, and OpenAI's own file.
_HEADS: Mapping[str, tuple[str, ...]] = {
    "whisper-base.npz": (
        "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
    )
}


class CtcHead:
    """A head in the form that :func:`write` gives. Threads may share it; it is opened when it is first asked."""

    def __init__(self, file: Path) -> None:
        self._file, self._opening = file, Lock()
        self._opened: tuple[Inventory, Any] | None = None

    def frames(self, encoded: Floats) -> Floats:
        """Log probabilities (nats) for what the encoder gave: (frames, units + 1), the blank first, last what is none.

        Raises
        ------
        ValueError
            If it is another encoder's.
        """
        _, session = self._open()
        try:
            (found,) = session.run(("log_probabilities",), {"encoded": np.ascontiguousarray(encoded, np.float32)})
        except Exception as error:  # ONNX Runtime's own errors are no RuntimeError
            raise ValueError(f"the CTC head failed ({error})") from error
        result: Floats = np.pad(found, ((0, 0), (0, 1)), constant_values=_NO_UNIT_NATS)
        return result

    def prefixes(self, frames: Floats, syllables: Callable[[str], Sequence[str]]) -> Prefixes:
        """Scores texts while they are found in `frames`; `syllables` are those that a word is said as."""
        inventory, _ = self._open()
        return Prefixes(frames, lambda word: inventory.spelt(syllables(word)))

    def _open(self) -> tuple[Inventory, Any]:
        with self._opening:
            if self._opened is None:
                weights, units = read(self._file)
                self._opened = Inventory(units), open_session(_graph(weights, len(units)), threads=1)
            return self._opened


@cache
def head_of(model_sha256: str | None, language: str) -> CtcHead | None:
    """The head for the encoder of a model and a language (BCP 47), or None where there is none."""
    found = (_FOLDER / name for name, models in _HEADS.items() if model_sha256 in models and language == _LANGUAGE)
    return next(map(CtcHead, found), None)


@cache
def inventory() -> Inventory:
    """The units that heads know; all have the same."""
    with np.load(_FOLDER / next(iter(_HEADS)), allow_pickle=False) as stored:
        return Inventory(_units(stored["units"]))


def write(file: Path, weights: Mapping[str, Floats], units: Sequence[str]) -> None:
    """Write a head's weights, matrices in 8 bits with a scale for each of their outputs."""
    arrays: dict[str, NDArray[Any]] = {"units": np.frombuffer(json.dumps(list(units)).encode(), np.uint8)}
    for name, values in weights.items():
        if values.ndim == 1:
            arrays[name] = values.astype(np.float32)
            continue
        scales = np.abs(values).reshape(len(values), -1).max(axis=1) / 127
        shaped = scales.reshape(-1, *(1,) * (values.ndim - 1))
        arrays[name] = np.rint(values / np.maximum(shaped, 1e-20)).astype(np.int8)
        arrays[f"{name}.scales"] = scales.astype(np.float32)
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read(file: Path) -> tuple[dict[str, Floats], list[str]]:
    """A head's weights, and the units that it knows in their order."""
    with np.load(file, allow_pickle=False) as stored:
        arrays = dict(stored)
    units = _units(arrays.pop("units"))
    found: dict[str, Floats] = {}
    for name, values in arrays.items():
        if values.dtype == np.int8:
            scales = arrays[f"{name}.scales"].reshape(-1, *(1,) * (values.ndim - 1))
            found[name] = values.astype(np.float32) * scales
        elif not name.endswith(".scales"):
            found[name] = values
    return found, units


def _units(stored: NDArray[np.uint8]) -> list[str]:
    units: list[str] = json.loads(stored.tobytes().decode())
    return units


def _graph(weights: Mapping[str, Floats], units: int) -> OnnxModel:
    """`encoded` (frames, width) to `log_probabilities` (frames, units).

    Blocks of a gated linear layer, a convolution of each channel over time and another linear layer, as in Conformer's
    convolution module (Gulati et al. 2020, section 2.2).
    """
    model = OnnxModel()
    x = model.input("encoded", "frames", weights["n.weight"].shape[0])
    x = _linear(model, weights, "i", _norm(model, weights, "n", x))
    for block in range(sum(name.endswith(".c.weight") for name in weights)):
        x = _block(model, weights, f"bl.{block}", x)
    logits = _linear(model, weights, "o", _norm(model, weights, "f", x))
    model.output(model.add("LogSoftmax", logits, axis=-1), "log_probabilities", "frames", units)
    return model


def _block(model: OnnxModel, weights: Mapping[str, Floats], name: str, x: str) -> str:
    gated = _linear(model, weights, f"{name}.a", _norm(model, weights, f"{name}.n", x))
    half, gate = model.add_several("Split", 2, gated, axis=-1)
    y = model.add("Mul", half, model.add("Sigmoid", gate))
    turned = model.add("Unsqueeze", model.add("Transpose", y, perm=(1, 0)), model.constant([0]))
    kernel = weights[f"{name}.c.weight"]
    channels, _, width = kernel.shape
    y = model.add(
        "Conv",
        turned,
        model.weight(f"{name}.c.weight", kernel),
        model.weight(f"{name}.c.bias", weights[f"{name}.c.bias"]),
        group=channels,
        pads=(width // 2, width // 2),
    )
    y = model.add("Mul", y, model.add("Sigmoid", y))
    back = model.add("Transpose", model.add("Squeeze", y, model.constant([0])), perm=(1, 0))
    return model.add("Add", x, _linear(model, weights, f"{name}.b", back))


def _norm(model: OnnxModel, weights: Mapping[str, Floats], name: str, x: str) -> str:
    gamma, beta = (model.weight(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return model.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=_EPSILON)


def _linear(model: OnnxModel, weights: Mapping[str, Floats], name: str, x: str) -> str:
    product = model.add("MatMul", x, model.weight(f"{name}.weight", weights[f"{name}.weight"].T))
    return model.add("Add", product, model.weight(f"{name}.bias", weights[f"{name}.bias"]))
