"""The weights' file, read without trust; small files written here, and the embedded model's own."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import EngineError
from mediakit.speech.engines.ct2_weights import layers, read_variables, rewritten, whisper_state
from mediakit.speech.engines.whisper_vocabulary import vocabulary_of, write_model
from mediakit.speech.models import ensure


def text(value: str) -> bytes:
    data = value.encode() + b"\0"
    return struct.pack("<H", len(data)) + data


def model_bin(*, version: int = 6, spec: str = "WhisperSpec", kind: int = 0, size: int = 24) -> bytes:
    """A file with one variable of shape (2, 3), and an alias as CTranslate2 writes them."""
    variable = text("a/weight") + struct.pack("<B2I", 2, 2, 3) + struct.pack("<BI", kind, size)
    data = np.arange(6, dtype="<f4").tobytes()
    alias = struct.pack("<I", 1) + text("b/weight") + text("a/weight")
    return struct.pack("<I", version) + text(spec) + struct.pack("<II", 3, 1) + variable + data + alias


def test_reads_names_shapes_and_values(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(model_bin())
    (found,) = read_variables(tmp_path / "model.bin").items()
    assert found[0] == "a/weight"
    assert found[1].tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 a zip file, say",
        model_bin(version=3),
        model_bin(version=7),
        model_bin(spec="TransformerSpec"),
        model_bin(kind=9),
        model_bin(size=20),
        model_bin(size=2**32 - 1),
        *(model_bin()[:cut] for cut in (3, 5, 12, 20, 30, 40, 55)),
    ],
)
def test_another_or_torn_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(data)
    with pytest.raises(EngineError) as caught:
        read_variables(path)
    assert caught.value.file == str(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        read_variables(tmp_path / "model.bin")


def test_rows_of_a_variable_and_all_else_as_it_was(tmp_path: Path) -> None:
    path, made = tmp_path / "model.bin", tmp_path / "made.bin"
    path.write_bytes(model_bin())
    made.write_bytes(b"".join(rewritten(path, {"a/weight": [0, 1]})))
    assert made.read_bytes() == model_bin()
    made.write_bytes(b"".join(rewritten(path, {"a/weight": [1]})))
    assert read_variables(made)["a/weight"].tolist() == [[3.0, 4.0, 5.0]]


@pytest.mark.parametrize(("name", "rows"), [("b/weight", [0]), ("a/weight", [2])])
def test_rows_that_are_not_there_are_refused(tmp_path: Path, name: str, rows: list[int]) -> None:
    (tmp_path / "model.bin").write_bytes(model_bin())
    with pytest.raises(EngineError, match="cannot be read"):
        list(rewritten(tmp_path / "model.bin", {name: rows}))


def test_in_8_bits_each_row_has_its_scale_and_its_alias_too(tmp_path: Path) -> None:
    path, made = tmp_path / "model.bin", tmp_path / "made.bin"
    path.write_bytes(model_bin())
    made.write_bytes(b"".join(rewritten(path, {}, in_8_bits=True)))
    found = read_variables(made)
    assert found["a/weight"].tolist() == [[0, 64, 127], [76, 102, 127]]
    assert found["a/weight_scale"].tolist() == pytest.approx([127 / 2, 127 / 5])
    alias = struct.pack("<I", 2) + b"".join(map(text, ("b/weight", "a/weight", "b/weight_scale", "a/weight_scale")))
    assert made.read_bytes().endswith(alias)


@pytest.mark.slow
def test_the_model_is_the_one_that_ctranslate2_rounds_itself(tmp_path: Path) -> None:
    import ctranslate2

    base = ensure("base").path
    write_model(base, tmp_path, vocabulary_of(base), in_8_bits=True)
    features = np.random.default_rng(1).normal(0, 0.5, (1, 80, 400)).astype(np.float32)
    outputs = []
    for folder in (base, tmp_path):
        model = ctranslate2.models.Whisper(str(folder), compute_type="int8", intra_threads=1)
        encoded = model.encode(ctranslate2.StorageView.from_array(features), to_cpu=True)
        (result,) = model.generate(encoded, [[50258, 50278, 50359, 50363]], max_length=20, return_scores=True)
        outputs.append((np.asarray(encoded).tobytes(), result.sequences_ids, result.scores))
    assert outputs[0] == outputs[1]


@pytest.mark.slow
def test_the_embedded_model_has_every_weight_in_its_place() -> None:
    variables = read_variables(ensure("base").path / "model.bin")
    assert (layers(variables, "encoder"), layers(variables, "decoder")) == (6, 6)
    state = whisper_state(variables)
    # Whisper base: 74 M less what is shared; the projection is the embedding.
    assert sum(value.size for value in state.values()) == 71_825_920 + 1500 * 512
    assert all(value.dtype == np.float32 and np.isfinite(value).all() for value in state.values())
    assert not any(name.endswith("key.bias") for name in state)
    for layer in range(6):
        stacked = variables[f"decoder/layer_{layer}/self_attention/linear_0/weight"]
        assert np.array_equal(state[f"decoder.blocks.{layer}.attn.value.weight"], stacked[1024:].astype(np.float32))
        # The key's share of the bias is dropped, so it must be nothing.
        assert not variables[f"decoder/layer_{layer}/self_attention/linear_0/bias"][512:1024].any()
