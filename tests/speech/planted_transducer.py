"""Tiny models with planted answers for sherpa-onnx: a tone is a piece of a word, silence is nothing.

They are real networks, which sherpa-onnx loads and decodes like any other: the encoder looks for one band of the
log-mel features for each tone (mean over four frames, threshold), and the joiner or the CTC scores follow from that. A
transducer gives a token where a tone begins; a CTC gives it over the whole tone, and sherpa-onnx takes repeats for one.

A model is a few kB and takes a millisecond to run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.models import Model

#: Each piece that can be said. `ễ` and `ệ` are decomposed here, as a vocabulary may have them.
PIECES = ("▁XIN", "▁CH", "ÀO", "▁VIE\u0323\u0302T", "▁NAM", "▁NGUYE\u0302\u0303N", "▁TÔI")
SPECIAL = ("<blk>", "<sos/eos>", "<unk>")
#: The probability of a planted token: its logit is 5 over that of the blank.
SCORE = 1 / (1 + np.exp(-5.0))
#: Frames of a mel band's features; bands far enough apart for their tones not to be heard in each other.
_BANDS, _FIRST_BAND, _BAND_STEP = 80, 20, 8
#: A token's time is that of an encoder frame: 4 frames of 10 ms.
FRAME_MS = 40
#: Log energy that counts as a tone: silence is at -16, and the bands of NeMo's features count a tone for less.
_THRESHOLD, _NEMO_THRESHOLD = 2.0, -3.0

Graph = tuple[list[onnx.NodeProto], dict[str, NDArray[np.generic]]]


def _mel(hertz: float) -> float:
    return 1127.0 * float(np.log(1 + hertz / 700))


def frequency(piece: int) -> float:
    """The middle of a piece's mel band in Hz, for Kaldi's filter bank from 20 to 7,600 Hz."""
    low, high = _mel(20), _mel(7600)
    middle = low + (_FIRST_BAND + piece * _BAND_STEP + 1) * (high - low) / (_BANDS + 1)
    return float(700 * (np.exp(middle / 1127) - 1))


def _nemo_band(hertz: float) -> int:
    """The band of NeMo's features, which are librosa's (Slaney's mel scale from 0 to 8,000 Hz), nearest a frequency."""

    def mel(f: float) -> float:
        return f * 3 / 200 if f < 1000 else 15 + 27 * float(np.log(f / 1000) / np.log(6.4))

    return round(mel(hertz) / mel(8000) * (_BANDS + 1)) - 1


def tone(piece: str, duration_ms: int = 200, amplitude: float = 0.3) -> Samples:
    """The sound of a piece, faded in and out over 20 ms."""
    count = duration_ms * SAMPLES_PER_MS
    place = np.arange(count)
    edge = np.minimum(1.0, np.minimum(place, count - 1 - place) / (20 * SAMPLES_PER_MS))
    wave = np.sin(2 * np.pi * frequency(PIECES.index(piece)) * place / SAMPLE_RATE)
    return (amplitude * edge * wave).astype(np.float32)


def quiet(duration_ms: int) -> Samples:
    """A room in which nobody speaks."""
    return np.random.default_rng(0).normal(0, 1e-4, duration_ms * SAMPLES_PER_MS).astype(np.float32)


def transducer(
    folder: Path, pieces: Sequence[str] = PIECES, *, metadata: Mapping[str, str] | None = None, name: str = "planted"
) -> Model:
    """Write a transducer of the form of icefall's; `metadata` replaces the decoder's."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = _write_tokens(folder, pieces)
    count = len(pieces)
    nodes, weights = _tones(count, "active")
    nodes += [
        helper.make_node("Pad", ["active", "pads"], ["padded"]),
        helper.make_node("Slice", ["padded", "zero", "minus", "one"], ["before"]),
        helper.make_node("Sub", ["active", "before"], ["change"]),
        helper.make_node("Relu", ["change"], ["encoder_out"]),
        helper.make_node("Div", ["x_lens", "four"], ["encoder_out_lens"]),
    ]
    weights |= {
        "pads": np.array([0, 1, 0, 0, 0, 0], np.int64),
        "zero": np.array([0], np.int64),
        "minus": np.array([-1], np.int64),
        "one": np.array([1], np.int64),
    }
    outputs = [_value("encoder_out", ["N", "U", count]), _value("encoder_out_lens", ["N"], TensorProto.INT64)]
    _save(folder / "encoder.onnx", (nodes, weights), _FEATURES, outputs, {"model_type": "zipformer2"})
    # What was said before decides nothing: all embeddings are zero.
    nodes = [
        helper.make_node("Gather", ["embedding", "y"], ["embedded"]),
        helper.make_node("ReduceSum", ["embedded", "axis"], ["decoder_out"], keepdims=0),
    ]
    weights = {"embedding": np.zeros((symbols, count), np.float32), "axis": np.array([1], np.int64)}
    inputs = [_value("y", ["N", 2], TensorProto.INT64)]
    usual = {"vocab_size": str(symbols), "context_size": "2"}
    outputs = [_value("decoder_out", ["N", count])]
    _save(folder / "decoder.onnx", (nodes, weights), inputs, outputs, usual if metadata is None else metadata)
    nodes, weights = _scores("both", "logit", count)
    nodes.insert(0, helper.make_node("Add", ["encoder_out", "decoder_out"], ["both"]))
    inputs = [_value("encoder_out", ["N", count]), _value("decoder_out", ["N", count])]
    _save(folder / "joiner.onnx", (nodes, weights), inputs, [_value("logit", ["N", symbols])], {})
    files = {key: folder / f"{key}.onnx" for key in ("encoder", "decoder", "joiner")}
    return Model(name, folder, "0" * 64, "sherpa-transducer", {"tokens": folder / "tokens.txt", **files})


def ctc(
    folder: Path,
    pieces: Sequence[str] = PIECES,
    *,
    family: str = "zipformer2_ctc",
    metadata: Mapping[str, str] | None = None,
    name: str = "planted",
) -> Model:
    """Write a CTC model of icefall's form, or of NeMo's (features by frame instead of frames by feature)."""
    folder.mkdir(parents=True, exist_ok=True)
    symbols = _write_tokens(folder, pieces)
    count, nemo = len(pieces), family != "zipformer2_ctc"
    nodes, weights = _tones(count, "active", nemo=nemo)
    more, more_weights = _scores("active", "logit", count)
    nodes += [*more, helper.make_node("LogSoftmax", ["logit"], ["log_probs"], axis=2)]
    nodes.append(helper.make_node("Div", ["x_lens", "four"], ["log_probs_len"]))
    usual = {"model_type": family}
    if nemo:
        usual |= {"vocab_size": str(symbols), "subsampling_factor": "4", "normalize_type": ""}
    inputs = [_value("x", ["N", _BANDS, "T"]), _FEATURES[1]] if nemo else _FEATURES
    outputs = [_value("log_probs", ["N", "U", symbols]), _value("log_probs_len", ["N"], TensorProto.INT64)]
    path = folder / "model.onnx"
    _save(path, (nodes, weights | more_weights), inputs, outputs, usual if metadata is None else metadata)
    return Model(name, folder, "0" * 64, "sherpa-ctc", {"tokens": folder / "tokens.txt", "model": path})


def _write_tokens(folder: Path, pieces: Sequence[str]) -> int:
    symbols = [*SPECIAL, *pieces]
    text = "".join(f"{symbol} {number}\n" for number, symbol in enumerate(symbols))
    (folder / "tokens.txt").write_text(text, encoding="utf-8", newline="\n")
    return len(symbols)


def _value(name: str, shape: Sequence[int | str], kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, kind, shape)


_FEATURES = [_value("x", ["N", "T", _BANDS]), _value("x_lens", ["N"], TensorProto.INT64)]


def _tones(count: int, output: str, *, nemo: bool = False) -> Graph:
    """From features to 1 where a tone sounds, (N, frames / 4, count)."""
    bands = np.zeros((_BANDS, count), np.float32)
    for piece in range(count):
        bands[_nemo_band(frequency(piece)) if nemo else _FIRST_BAND + piece * _BAND_STEP, piece] = 1
    turned = "x" if nemo else "turned"
    nodes = [
        *([] if nemo else [helper.make_node("Transpose", ["x"], ["turned"], perm=[0, 2, 1])]),
        helper.make_node("AveragePool", [turned], ["pooled"], kernel_shape=[4], strides=[4]),
        helper.make_node("Transpose", ["pooled"], ["frames"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["frames", "bands"], ["energy"]),
        helper.make_node("Greater", ["energy", "threshold"], ["sounds"]),
        helper.make_node("Cast", ["sounds"], [output], to=TensorProto.FLOAT),
    ]
    weights: dict[str, NDArray[np.generic]] = {
        "bands": bands,
        "threshold": np.array(_NEMO_THRESHOLD if nemo else _THRESHOLD, np.float32),
        "four": np.array(4, np.int64),
    }
    return nodes, weights


def _scores(source: str, output: str, count: int) -> Graph:
    """From tones to scores of all symbols: the blank wins by 5 in silence, and a tone's symbol by 5 over it."""
    matrix = np.zeros((count, len(SPECIAL) + count), np.float32)
    matrix[:, len(SPECIAL) :] = 30 * np.eye(count)
    bias = np.full(len(SPECIAL) + count, -20, np.float32)
    bias[0] = 5
    nodes = [
        helper.make_node("MatMul", [source, "matrix"], ["raised"]),
        helper.make_node("Add", ["raised", "bias"], [output]),
    ]
    return nodes, {"matrix": matrix, "bias": bias}


def _save(
    path: Path,
    graph: Graph,
    inputs: Sequence[onnx.ValueInfoProto],
    outputs: Sequence[onnx.ValueInfoProto],
    metadata: Mapping[str, str],
) -> None:
    nodes, weights = graph
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    made = helper.make_model(
        helper.make_graph(nodes, path.stem, inputs, outputs, tensors),
        # Old enough for every onnxruntime that sherpa-onnx was built with.
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=8,
    )
    helper.set_model_props(made, dict(metadata))
    onnx.checker.check_model(made, full_check=True)
    onnx.save(made, str(path))
