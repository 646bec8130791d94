"""The graphs that ONNX Runtime runs a Whisper decoder by, in three parts.

*Sound*: of what the encoder gave for a window, the keys and values of each layer; once a window. *Layers*: of new
tokens, their keys and values and what the last layer gives; they see the tokens before them that a mask leaves, and
all of the sound. *Head*: of what the last layer gives, the log probability of each next token.

In 8 bits each row of a product is rounded by itself, so that what is found for a text does not depend on the others of
its pass, and its columns (the weights) to 7 bits: on a processor with AVX2 only, products of 8 by 8 bits are added in
pairs in 16, which 255 * 127 * 2 does not fit in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.decoder.decoder_weights import DecoderWeights, Layer, Linear, Norm
from mediakit.speech.decoder.onnx_file import FLOAT32, OnnxModel

#: As in `torch.nn.LayerNorm`.
_EPSILON = 1e-5
#: The largest that weights are rounded to, and numbers of a row, which are stored with 128 added.
_MOST_OF_WEIGHTS, _MOST_OF_ROWS, _ZERO = 64, 127, 128
#: Floats of so many rows are in the processor's cache.
_ROWS_AT_A_TIME = 64
#: A row of zeros has this for a scale.
_LEAST_SCALE = 1e-20


class DecoderGraph:
    """Builds the parts of one decoder's graph."""

    def __init__(self, weights: DecoderWeights, *, in_8_bits: bool) -> None:
        self._weights, self._in_8_bits = weights, in_8_bits
        self._head_width = weights.width // weights.heads
        heads, depth = weights.heads, self._head_width
        self._sound_shapes: tuple[tuple[int | str, ...], ...] = ((heads, "frames", depth), (heads, depth, "frames"))

    def sound(self) -> OnnxModel:
        """`encoded` (frames, width) to `key_0` (heads, frames, …), `value_0` (heads, …, frames), and so on."""
        model = OnnxModel()
        encoded = model.input("encoded", "frames", self._weights.width)
        for i, layer in enumerate(self._weights.layers):
            both = self._linear(model, f"{i}.sound", layer.sound, encoded)
            key, value = model.add_several("Split", 2, both, axis=1)
            model.output(self._heads(model, key), f"key_{i}", *self._sound_shapes[0])
            model.output(self._turned(model, value), f"value_{i}", *self._sound_shapes[1])
        return model

    def layers(self) -> OnnxModel:
        """`tokens` (new, width), `keys` and `values` (layers, before, width), `mask` (new, before + new), and the
        sound's, to `hidden` (new, width), `new_keys` and `new_values` (layers, new, width), `queries` (new, heads,
        width of a head): what the heads that follow the sound ask of it, and `looks_at` (new): the frame that these,
        each as sure as the others, look at the most."""
        weights, model = self._weights, OnnxModel()
        width, count = weights.width, len(weights.layers)
        x = model.input("tokens", "new", width)
        mask = model.input("mask", "new", "all")
        before = [model.input(name, count, "before", width) for name in ("keys", "values")]
        kept: tuple[list[str], list[str]] = ([], [])
        queries, looks = list[str](), list[str]()
        for i, layer in enumerate(weights.layers):
            sound = [
                model.input(f"{name}_{i}", *shape)
                for name, shape in zip(("key", "value"), self._sound_shapes, strict=True)
            ]
            own = self._linear(model, f"{i}.own", layer.own, self._norm(model, f"{i}.own", layer.own_norm, x))
            query, *new = model.add_several("Split", 3, own, axis=1)
            both = []
            for all_before, one, names in zip(before, new, kept, strict=True):
                names.append(model.add("Unsqueeze", one, model.constant([0])))
                of_layer = model.add("Gather", all_before, model.constant(i), axis=0)
                both.append(model.add("Concat", of_layer, one, axis=0))
            found = self._attention(model, query, (both[0], both[1]), mask)
            x = model.add("Add", x, self._linear(model, f"{i}.own_out", layer.own_out, found))
            query = self._query(model, i, layer, x)
            attention = model.add("Softmax", model.add("MatMul", sound[0], query), axis=1)
            heads = [head for of, head in weights.alignment_heads if of == i]
            if heads:
                for names, of_all in ((queries, query), (looks, attention)):
                    names.append(model.add("Gather", of_all, model.constant(heads), axis=0))
            x = self._sound_and_network(model, i, layer, x, attention, sound[1])
        model.output(self._norm(model, "norm", weights.norm, x), "hidden", "new", width)
        for names, name in zip(kept, ("new_keys", "new_values"), strict=True):
            model.output(model.add("Concat", *names, axis=0), name, count, "new", width)
        asked = model.add("Transpose", model.add("Concat", *queries, axis=0), perm=(2, 0, 1))
        model.output(asked, "queries", "new", len(weights.alignment_heads), self._head_width)
        together = model.add("ReduceSum", model.add("Concat", *looks, axis=0), model.constant([0]), keepdims=0)
        frame = model.add("ArgMax", together, axis=0, keepdims=0)
        model.output(model.add("Cast", frame, to=FLOAT32), "looks_at", "new")
        return model

    def head(self) -> OnnxModel:
        """`hidden` (new, width) to `log_probabilities` (new, tokens)."""
        model, weights = OnnxModel(), self._weights
        count, width = weights.embeddings.shape
        hidden = model.input("hidden", "new", width)
        logits = self._product(model, "head", weights.embeddings, hidden)
        model.output(model.add("LogSoftmax", logits, axis=-1), "log_probabilities", "new", count)
        return model

    def _query(self, model: OnnxModel, i: int, layer: Layer, x: str) -> str:
        """What the tokens ask of the sound, as (heads, width of a head, tokens)."""
        query = self._linear(model, f"{i}.query", layer.query, self._norm(model, f"{i}.sound", layer.sound_norm, x))
        return self._turned(model, self._scaled(model, query))

    def _sound_and_network(self, model: OnnxModel, i: int, layer: Layer, x: str, attention: str, value: str) -> str:
        # Attention is the other way round here: ONNX Runtime puts the right one of two matrices in another order
        # first, and the sound's is many times larger than that of some tokens.
        found = self._joined(model, model.add("MatMul", value, attention), (2, 0, 1))
        x = model.add("Add", x, self._linear(model, f"{i}.sound_out", layer.sound_out, found))
        inner = self._linear(model, f"{i}.inner", layer.inner, self._norm(model, f"{i}.network", layer.norm, x))
        outer = self._linear(model, f"{i}.outer", layer.outer, model.add("Gelu", inner))
        return model.add("Add", x, outer)

    def _attention(self, model: OnnxModel, query: str, key_and_value: tuple[str, str], mask: str) -> str:
        key, value = key_and_value
        scores = model.add("MatMul", self._heads(model, self._scaled(model, query)), self._turned(model, key))
        weights = model.add("Softmax", model.add("Add", scores, mask), axis=-1)
        found = model.add("MatMul", weights, self._heads(model, value))
        return self._joined(model, found, (1, 0, 2))

    def _scaled(self, model: OnnxModel, query: str) -> str:
        return model.add("Mul", query, model.constant(self._head_width**-0.5, "float32"))

    def _joined(self, model: OnnxModel, found: str, perm: tuple[int, ...]) -> str:
        """What all heads found, as (tokens, width)."""
        joined = model.add("Transpose", found, perm=perm)
        return model.add("Reshape", joined, model.constant([-1, self._weights.width]))

    def _heads(self, model: OnnxModel, value: str, perm: tuple[int, ...] = (1, 0, 2)) -> str:
        """(tokens, width) as (heads, tokens, width of a head)."""
        parted = model.add("Reshape", value, model.constant([-1, self._weights.heads, self._head_width]))
        return model.add("Transpose", parted, perm=perm)

    def _turned(self, model: OnnxModel, value: str) -> str:
        """(tokens, width) as (heads, width of a head, tokens)."""
        return self._heads(model, value, (1, 2, 0))

    def _norm(self, model: OnnxModel, name: str, norm: Norm, x: str) -> str:
        gamma, beta = model.weight(f"{name}.gamma", norm.gamma), model.weight(f"{name}.beta", norm.beta)
        return model.add("LayerNormalization", x, gamma, beta, axis=-1, epsilon=_EPSILON)

    def _linear(self, model: OnnxModel, name: str, linear: Linear, x: str) -> str:
        product = self._product(model, name, linear.weight, x)
        return model.add("Add", product, model.weight(f"{name}.bias", linear.bias))

    def _product(self, model: OnnxModel, name: str, weight: NDArray[Any], x: str) -> str:
        if not self._in_8_bits:
            return model.add("MatMul", x, model.weight(f"{name}.weight", weight.T.astype(np.float32)))
        rounded, scales = _in_8_bits(weight)
        largest = model.add("ReduceMax", model.add("Abs", x), axes=[-1], keepdims=0)
        scale = model.add("Mul", largest, model.constant(1 / _MOST_OF_ROWS, "float32"))
        scale = model.add("Max", scale, model.constant(_LEAST_SCALE, "float32"))
        zero = model.constant(_ZERO, "uint8")
        # As many as there are rows: these are the tokens', or the frames', throughout a graph.
        zeros = model.add("Expand", zero, model.add("Shape", model.first_input, start=0, end=1))
        row = model.add("QuantizeLinear", x, scale, zeros, axis=0)
        columns = (model.weight(f"{name}.weight", rounded), model.constant(1.0, "float32"))
        product = model.add("MatMulIntegerToFloat", row, *columns, model.weight(f"{name}.scales", scales), zero)
        return model.add("Mul", product, model.add("Unsqueeze", scale, model.constant([1])))


def _in_8_bits(weight: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Weights (out, in) as integers (in, out) of 7 bits, and a scale for each output."""
    rounded, scales = np.empty(weight.shape, np.int8), np.empty(len(weight), np.float32)
    for first in range(0, len(weight), _ROWS_AT_A_TIME):
        block = slice(first, first + _ROWS_AT_A_TIME)
        values = weight[block].astype(np.float32)
        scales[block] = np.maximum(np.abs(values).max(axis=1) / _MOST_OF_WEIGHTS, _LEAST_SCALE)
        values /= scales[block, np.newaxis]
        rounded[block] = np.rint(values, out=values)
    return rounded.T, scales
