"""Models written here are what the package `onnx` reads and checks, and what ONNX Runtime runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mediakit.speech.decoder.decoder import Decoder
from mediakit.speech.decoder.decoder_graph import DecoderGraph
from mediakit.speech.decoder.decoder_weights import read_decoder
from mediakit.speech.decoder.onnx_file import OnnxModel
from tests.speech.decoder import small_whisper

onnx = pytest.importorskip("onnx")


def read(model: OnnxModel) -> Any:
    found = onnx.load_model_from_string(model.written())
    for tensor in found.graph.initializer:
        if tensor.name in model.weights:
            assert [(one.key, one.value) for one in tensor.external_data] == [("location", "in-memory")]
            tensor.CopyFrom(onnx.numpy_helper.from_array(model.weights[tensor.name], tensor.name))
    return found


def small() -> OnnxModel:
    model = OnnxModel()
    x = model.input("x", "rows", 2)
    product = model.add("MatMul", x, model.weight("w", np.array([[1, 2, 3], [4, 5, 6]], np.float32).T[:2].copy()))
    normed = model.add("Softmax", model.add("Add", product, model.constant(0.5, "float32")), axis=-1)
    model.output(model.add("Transpose", normed, perm=[1, 0]), "y", 2, "rows")
    return model


def test_a_small_model_is_read_and_checked() -> None:
    found = read(small())
    onnx.checker.check_model(found, full_check=True)
    assert [node.op_type for node in found.graph.node] == ["MatMul", "Add", "Softmax", "Transpose", "Identity"]
    assert [one.dim_value or one.dim_param for one in found.graph.input[0].type.tensor_type.shape.dim] == ["rows", 2]
    (transposed,) = (node for node in found.graph.node if node.op_type == "Transpose")
    assert list(transposed.attribute[0].ints) == [1, 0]
    (softmax,) = (node for node in found.graph.node if node.op_type == "Softmax")
    assert softmax.attribute[0].i == -1


def test_what_is_there_is_not_computed_again() -> None:
    model = OnnxModel()
    x = model.input("x", 2)
    assert model.add("Abs", x) == model.add("Abs", x)
    assert model.add("Softmax", x, axis=0) != model.add("Softmax", x, axis=-1)


def test_a_float_and_large_weights_come_out_as_they_went_in() -> None:
    model = OnnxModel()
    x = model.input("x", "rows", 300)
    gamma = np.arange(300, dtype=np.float32)
    norm = model.add("LayerNormalization", x, model.weight("gamma", gamma), axis=-1, epsilon=1e-5)
    model.output(norm, "y", "rows", 300)
    found = read(model)
    onnx.checker.check_model(found, full_check=True)
    attributes = {one.name: one for one in found.graph.node[0].attribute}
    assert attributes["epsilon"].f == pytest.approx(1e-5)
    assert np.array_equal(onnx.numpy_helper.to_array(found.graph.initializer[0]), gamma)


@pytest.mark.parametrize("in_8_bits", [False, True])
@pytest.mark.parametrize("part", ["sound", "layers", "head"])
def test_a_decoders_graphs_are_sound(tmp_path: Any, part: str, in_8_bits: bool) -> None:
    path = small_whisper.write(tmp_path, small_whisper.variables())
    graph = getattr(DecoderGraph(read_decoder(path), in_8_bits=in_8_bits), part)()
    found = read(graph)
    if not in_8_bits and part != "layers":  # `Gelu` and products of integers are ONNX Runtime's own
        onnx.checker.check_model(found, full_check=True)
    assert {node.domain for node in found.graph.node} <= {"", "com.microsoft"}
    assert Decoder.open(tmp_path, in_8_bits=in_8_bits).most_tokens == 24
