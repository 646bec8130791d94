"""The weights of a Whisper decoder, from a model in CTranslate2's form, in the order in which they are used."""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.speech.engines.ct2_weights import layers, read_variables

Floats = NDArray[np.float32]
_EMBEDDINGS, _POSITIONS = "decoder/embeddings/weight", "decoder/position_encodings/encodings"


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """A layer `x @ weight.T + bias`, of shapes (out, in) and (out,); the weights in floats as long as the file's."""

    weight: NDArray[Any]
    bias: Floats

    def __post_init__(self) -> None:
        if self.weight.ndim != 2 or self.bias.shape != self.weight.shape[:1]:
            raise ValueError(f"a layer of shapes {self.weight.shape} and {self.bias.shape}")
        if not np.isfinite(self.weight).all():
            raise ValueError("weights that are no numbers")


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer norm."""

    gamma: Floats
    beta: Floats


@dataclass(frozen=True, slots=True)
class Layer:
    """One of the decoder's layers: attention to the tokens before, attention to the sound, a network of two layers."""

    own_norm: Norm
    #: Query, key and value of the tokens, one above the other.
    own: Linear
    own_out: Linear
    sound_norm: Norm
    query: Linear
    #: Key and value of the sound, one above the other.
    sound: Linear
    sound_out: Linear
    norm: Norm
    inner: Linear
    outer: Linear


@dataclass(frozen=True, slots=True)
class DecoderWeights:
    """All of a decoder. `embeddings` (tokens, width) are the last product's weights as well."""

    embeddings: NDArray[Any]
    positions: Floats
    layers: tuple[Layer, ...]
    norm: Norm
    heads: int
    #: The heads (layer, head) whose attention follows the sound, by layers.
    alignment_heads: tuple[tuple[int, int], ...]

    @property
    def width(self) -> int:
        """How many numbers stand for a token."""
        return int(self.embeddings.shape[1])


def read_decoder(path: Path, tokens: Sequence[int] | None = None) -> DecoderWeights:
    """The decoder of a `model.bin`, with the embeddings of some tokens only where `tokens` are given.

    Which heads follow the sound is in the `config.json` beside it; else they are all of the upper half of the layers.

    Raises
    ------
    EngineError
        If the file is not a whole Whisper model in CTranslate2's form.
    """
    variables = read_variables(path, under="decoder/")
    try:
        return _decoder(variables, tokens, _alignment_heads(path.with_name("config.json")))
    except (AttributeError, LookupError, OSError, TypeError, ValueError) as error:
        raise EngineError(f"holds no whole Whisper decoder ({error})", file=path) from error


def read_embeddings(path: Path, width: int) -> NDArray[Any]:
    """The embeddings of all tokens in a `model.bin`, (tokens, width).

    Raises
    ------
    EngineError
        If the file has none of this width.
    """
    variables = read_variables(path, under=_EMBEDDINGS)
    try:
        found = _matrix(variables, _EMBEDDINGS)
        _check_embeddings(found)
        if found.shape[1] != width:
            raise ValueError(f"embeddings of shape {found.shape}")
    except (LookupError, TypeError, ValueError) as error:
        raise EngineError(f"holds no whole Whisper decoder ({error})", file=path) from error
    return found


def _alignment_heads(path: Path) -> tuple[tuple[int, int], ...]:
    """The heads that a model's configuration names; none if it names none."""
    if not path.is_file():
        return ()
    named = json.loads(path.read_text(encoding="utf-8")).get("alignment_heads") or ()
    return tuple(sorted((operator.index(layer), operator.index(head)) for layer, head in named))


def _decoder(
    variables: Mapping[str, NDArray[Any]], tokens: Sequence[int] | None, alignment_heads: tuple[tuple[int, int], ...]
) -> DecoderWeights:
    heads, positions = int(variables["decoder/num_heads"].item()), _floats(variables, _POSITIONS)
    count = layers(variables, "decoder")
    upper_half = tuple(product(range(count // 2, count), range(heads)))
    chosen = slice(None) if tokens is None else list(tokens)
    if tokens is not None and min(tokens, default=-1) < 0:
        raise ValueError("tokens that cannot be")
    found = DecoderWeights(
        _matrix(variables, _EMBEDDINGS, chosen),
        positions,
        tuple(_layer(variables, f"decoder/layer_{i}") for i in range(count)),
        _norm(variables, "decoder/layer_norm"),
        heads,
        alignment_heads or upper_half,
    )
    _check(found)
    return found


def _check(found: DecoderWeights) -> None:
    """Refuse weights whose dimensions do not belong together; ONNX Runtime would at best say so much later."""
    _check_embeddings(found.embeddings)
    width = found.width
    if not found.layers or found.heads < 1 or width % found.heads or found.positions.shape[1:] != (width,):
        raise ValueError(f"{len(found.layers)} layers of width {width} and {found.heads} heads")
    for layer_and_head in found.alignment_heads:
        if any(not 0 <= i < count for i, count in zip(layer_and_head, (len(found.layers), found.heads), strict=True)):
            raise ValueError(f"no head {layer_and_head}")
    norms = [found.norm]
    for layer in found.layers:
        norms += [layer.own_norm, layer.sound_norm, layer.norm]
        inner = len(layer.inner.weight)
        shapes = {
            layer.own: (3 * width, width),
            layer.own_out: (width, width),
            layer.query: (width, width),
            layer.sound: (2 * width, width),
            layer.sound_out: (width, width),
            layer.inner: (inner, width),
            layer.outer: (width, inner),
        }
        for linear, shape in shapes.items():
            if linear.weight.shape != shape:
                raise ValueError(f"weights of shape {linear.weight.shape} for {shape}")
    if any(part.shape != (width,) for norm in norms for part in (norm.gamma, norm.beta)):
        raise ValueError(f"a norm that is not {width} wide")


def _check_embeddings(found: NDArray[Any]) -> None:
    if found.ndim != 2 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"embeddings of shape {found.shape}")


def _layer(variables: Mapping[str, NDArray[Any]], name: str) -> Layer:
    own, sound, network = f"{name}/self_attention", f"{name}/attention", f"{name}/ffn"
    return Layer(
        _norm(variables, f"{own}/layer_norm"),
        _linear(variables, f"{own}/linear_0"),
        _linear(variables, f"{own}/linear_1"),
        _norm(variables, f"{sound}/layer_norm"),
        _linear(variables, f"{sound}/linear_0"),
        _linear(variables, f"{sound}/linear_1"),
        _linear(variables, f"{sound}/linear_2"),
        _norm(variables, f"{network}/layer_norm"),
        _linear(variables, f"{network}/linear_0"),
        _linear(variables, f"{network}/linear_1"),
    )


def _linear(variables: Mapping[str, NDArray[Any]], name: str) -> Linear:
    return Linear(_matrix(variables, f"{name}/weight"), _floats(variables, f"{name}/bias"))


def _norm(variables: Mapping[str, NDArray[Any]], name: str) -> Norm:
    return Norm(_floats(variables, f"{name}/gamma"), _floats(variables, f"{name}/beta"))


def _matrix(variables: Mapping[str, NDArray[Any]], name: str, rows: slice | list[int] = slice(None)) -> NDArray[Any]:
    values = variables[name][rows]
    return values if values.dtype.kind == "f" else _unrounded(values, variables[f"{name}_scale"][rows])


def _floats(variables: Mapping[str, NDArray[Any]], name: str) -> Floats:
    return _matrix(variables, name).astype(np.float32)


def _unrounded(values: NDArray[Any], scales: NDArray[Any]) -> Floats:
    """The floats that CTranslate2 rounded to 8 bits: each row was multiplied by its scale."""
    found: Floats = values.astype(np.float32) / np.asarray(scales, np.float32).reshape(-1, 1)
    return found
