"""A Whisper of random weights in CTranslate2's form, of any size, and the same mathematics written out plainly."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_KINDS = {"float32": 0, "int8": 1, "int16": 2, "int32": 3, "float16": 4}


def variables(
    *, layers: int = 2, width: int = 16, heads: int = 4, tokens: int = 30, places: int = 24
) -> dict[str, Any]:
    """Random weights of a decoder, and one of an encoder, which is nobody's concern here."""
    rng = np.random.default_rng(layers * width + tokens)

    def random(*shape: int) -> NDArray[np.float32]:
        return rng.normal(0, 0.4, shape).astype(np.float32)

    found: dict[str, Any] = {
        "decoder/embeddings/weight": random(tokens, width),
        "decoder/num_heads": np.int16(heads),
        "decoder/position_encodings/encodings": random(places, width),
        "encoder/conv1/weight": random(width, 3, 3),
    }

    def linear(name: str, out: int, given: int) -> None:
        found[f"{name}/weight"], found[f"{name}/bias"] = random(out, given), random(out)

    def norm(name: str) -> None:
        found[f"{name}/gamma"], found[f"{name}/beta"] = 1 + random(width), random(width)

    norm("decoder/layer_norm")
    for layer in (f"decoder/layer_{i}" for i in range(layers)):
        for part in ("self_attention", "attention", "ffn"):
            norm(f"{layer}/{part}/layer_norm")
        linear(f"{layer}/self_attention/linear_0", 3 * width, width)
        linear(f"{layer}/self_attention/linear_1", width, width)
        linear(f"{layer}/attention/linear_0", width, width)
        linear(f"{layer}/attention/linear_1", 2 * width, width)
        linear(f"{layer}/attention/linear_2", width, width)
        linear(f"{layer}/ffn/linear_0", 4 * width, width)
        linear(f"{layer}/ffn/linear_1", width, 4 * width)
    return dict(sorted(found.items()))


def write(folder: Path, values: Mapping[str, Any]) -> Path:
    """`model.bin` as CTranslate2 writes it; its path."""
    data = struct.pack("<I", 6) + _name("WhisperSpec") + struct.pack("<II", 3, len(values))
    for name, value in values.items():
        array = np.asarray(value)
        head = struct.pack(f"<B{array.ndim}I", array.ndim, *array.shape)
        data += _name(name) + head + struct.pack("<BI", _KINDS[array.dtype.name], array.nbytes) + array.tobytes()
    path = folder / "model.bin"
    path.write_bytes(data + struct.pack("<I", 0))
    return path


def log_probabilities(values: Mapping[str, Any], encoded: Floats, text: Sequence[int]) -> Floats:
    """After each token of a text the log probability of each next one, in 64-bit floats, all tokens at once."""
    width = values["decoder/embeddings/weight"].shape[1]
    heads = int(values["decoder/num_heads"])

    def linear(name: str, x: Floats) -> Floats:
        found: Floats = x @ values[f"{name}/weight"].astype(float).T + values[f"{name}/bias"]
        return found

    def norm(name: str, x: Floats) -> Floats:
        centred = x - x.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-5)
        found: Floats = scaled * values[f"{name}/gamma"] + values[f"{name}/beta"]
        return found

    def attention(query: Floats, key: Floats, value: Floats, mask: Floats | float) -> Floats:
        found = []
        for q, k, v in zip(*(np.split(one, heads, axis=1) for one in (query, key, value)), strict=True):
            weights = np.exp(q @ k.T / math.sqrt(width / heads) + mask)
            found.append(weights / weights.sum(axis=1, keepdims=True) @ v)
        return np.concatenate(found, axis=1)

    x = values["decoder/embeddings/weight"][list(text)].astype(float)
    x = x + values["decoder/position_encodings/encodings"][: len(text)]
    mask = np.triu(np.full((len(text), len(text)), -np.inf), 1)
    for i in range(sum(name.endswith("ffn/linear_0/bias") for name in values)):
        layer = f"decoder/layer_{i}"
        own, sound, network = f"{layer}/self_attention", f"{layer}/attention", f"{layer}/ffn"
        query, key, value = np.split(linear(f"{own}/linear_0", norm(f"{own}/layer_norm", x)), 3, axis=1)
        x = x + linear(f"{own}/linear_1", attention(query, key, value, mask))
        query = linear(f"{sound}/linear_0", norm(f"{sound}/layer_norm", x))
        key, value = np.split(linear(f"{sound}/linear_1", encoded), 2, axis=1)
        x = x + linear(f"{sound}/linear_2", attention(query, key, value, 0.0))
        inner = linear(f"{network}/linear_0", norm(f"{network}/layer_norm", x))
        gelu = np.vectorize(lambda one: one * (1 + math.erf(one / math.sqrt(2))) / 2)
        x = x + linear(f"{network}/linear_1", gelu(inner))
    logits = norm("decoder/layer_norm", x) @ values["decoder/embeddings/weight"].astype(float).T
    found: Floats = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return found


def _name(value: str) -> bytes:
    data = value.encode() + b"\0"
    return struct.pack("<H", len(data)) + data
