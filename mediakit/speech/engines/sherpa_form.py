"""What a model for sherpa-onnx must look like; held to it before the native code sees it.

sherpa-onnx (2.0.1) calls `exit` where a model lacks metadata or `tokens.txt` is malformed, crashes at a context of
0 tokens, and reads past the end of an array where the metadata promises more scores than the network gives. So the
files are opened by onnxruntime first, whose errors can be caught, and run once on a second of silence.

The rules follow sherpa-onnx's own sources: `symbol-table.cc`, `offline-transducer-model.cc`,
`offline-zipformer-ctc-model.cc`, `offline-nemo-enc-dec-ctc-model.cc`, `offline-recognizer-ctc-impl.h`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelCorrupt

#: The networks of a CTC model that sherpa-onnx runs and that are made for Vietnamese.
CtcFamily = Literal["zipformer", "nemo"]
#: `model_type` in a CTC model's metadata. Without one it is a Zipformer, which sherpa-onnx reads no metadata of.
_CTC_FAMILIES: Mapping[str, CtcFamily] = {
    "": "zipformer",
    "zipformer2_ctc": "zipformer",
    "EncDecCTCModel": "nemo",
    "EncDecCTCModelBPE": "nemo",
    "EncDecHybridRNNTCTCBPEModel": "nemo",
}
_BLANKS = ("<blk>", "<eps>", "<blank>")
#: Log-mel features of a frame, and frames of the second of silence: 10 ms each.
_FEATURES, _FRAMES = 80, 100
#: Frames of features to one of a transducer's encoder: sherpa-onnx takes it for given.
TRANSDUCER_SUBSAMPLING = 4
#: The vocabularies of known models have up to some thousand symbols; more bytes than this are none.
_VOCABULARY_BYTES = 4 << 20
_MOST_SYMBOLS, _MOST_CONTEXT = 1 << 20, 16
_MEND = "Fetch the model again, or give another folder."
_BLANK_SPACE = re.compile(r"[ \t\r\f\v]+")

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The symbols of a model by their numbers, as `tokens.txt` has them (`▁` for the beginning of a word)."""

    symbols: Mapping[int, str]

    def require(self, count: int, path: Path) -> None:
        """Refuse a vocabulary that lacks one of the `count` symbols that the network scores.

        Raises
        ------
        ModelCorrupt
            If it does.
        """
        missing = next((number for number in range(count) if number not in self.symbols), None)
        if missing is not None:
            raise ModelCorrupt(f"has no symbol {missing}, but the network scores {count}", file=path, remedy=_MEND)


def read_vocabulary(path: Path) -> Vocabulary:
    """Read a `tokens.txt`: a symbol and its number on each line; a number alone is that of the space.

    Raises
    ------
    ModelCorrupt
        If it is missing, is not such a file, or is in bytes that only sherpa-onnx can put together (byte-level BPE).
    """
    symbols: dict[int, str] = {}
    for place, line in enumerate(_text(path).split("\n"), start=1):
        fields = _BLANK_SPACE.split(line.strip(" \t\r\f\v"))
        if fields == [""] and place > 1:
            continue  # the last line
        symbol, number = ("▁", fields[0]) if len(fields) == 1 else (fields[0], fields[-1])
        if len(fields) > 2 or not (number.isascii() and number.isdecimal()) or int(number) >= _MOST_SYMBOLS:
            raise ModelCorrupt(f"line {place} is not a symbol and its number", file=path, remedy=_MEND)
        symbols.setdefault(int(number), symbol)
    if _is_byte_level(symbols.values()):
        raise ModelCorrupt("is a byte-level vocabulary, which is not supported", file=path, remedy=_MEND)
    return Vocabulary(symbols)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_VOCABULARY_BYTES + 1)
    except OSError as error:
        raise ModelCorrupt(f"cannot be read ({error.strerror or error})", file=path, remedy=_MEND) from error
    if len(data) > _VOCABULARY_BYTES or not data:
        raise ModelCorrupt("is empty" if not data else "is too large for a vocabulary", file=path, remedy=_MEND)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelCorrupt("is not UTF-8 text", file=path, remedy=_MEND) from error


def _is_byte_level(symbols: Iterable[str]) -> bool:
    """Whether sherpa-onnx takes it for icefall's byte-level BPE: no byte over 0xC6 beside the mark of words."""
    highest = [max(symbol.removeprefix("▁").encode("utf-8"), default=0) for symbol in symbols]
    return max(highest, default=0) == 0xC6


def require_transducer(files: Mapping[str, Path]) -> Vocabulary:
    """Hold the files "tokens", "encoder", "decoder", "joiner" to the form of icefall's transducers.

    Raises
    ------
    ModelCorrupt
        If one is not what it should be, or they do not fit together.
    """
    vocabulary = read_vocabulary(_file(files, "tokens"))
    network = _Network(_file(files, "decoder"))
    size = network.number("vocab_size", most=_MOST_SYMBOLS)
    context = network.number("context_size", most=_MOST_CONTEXT)
    (predicted,) = network.run([np.zeros((1, context), np.int64)], outputs=1)
    encoded, lengths = _Network(_file(files, "encoder")).run(_silence(), outputs=2)
    if encoded.ndim != 3 or not 0 < _only(lengths) <= encoded.shape[1]:
        raise ModelCorrupt("does not give frames and their number", file=files["encoder"], remedy=_MEND)
    joiner = _Network(_file(files, "joiner"))
    (scores,) = joiner.run([encoded[:, 0, :], predicted], outputs=1)
    if scores.dtype != np.float32 or scores.size != size:
        what = f"gives {scores.size} scores a frame, not the {size} of the decoder's metadata"
        raise ModelCorrupt(what, file=joiner.path, remedy=_MEND)
    vocabulary.require(size, files["tokens"])
    return vocabulary


def require_ctc(files: Mapping[str, Path]) -> tuple[CtcFamily, Vocabulary]:
    """Hold the files "tokens" and "model" to the form of a CTC model; which family it is of.

    Raises
    ------
    ModelCorrupt
        If one is not what it should be, or they do not fit together.
    """
    vocabulary = read_vocabulary(_file(files, "tokens"))
    if not any(blank in vocabulary.symbols.values() for blank in _BLANKS):
        raise ModelCorrupt(f"has none of {', '.join(_BLANKS)}", file=files["tokens"], remedy=_MEND)
    network = _Network(_file(files, "model"))
    kind = network.metadata.get("model_type", "")
    family = _CTC_FAMILIES.get(kind)
    if family is None:
        known = ", ".join(name for name in _CTC_FAMILIES if name)
        what = f"is of the type {kind[:40]!r}, which is not supported"
        raise ModelCorrupt(what, file=network.path, remedy=f"Give a model of one of these: {known}.")
    scores, frames = _nemo(network) if family == "nemo" else _zipformer(network)
    if scores.dtype != np.float32 or scores.ndim != 3 or not 0 < frames <= scores.shape[1]:
        raise ModelCorrupt("does not give scores for each frame", file=network.path, remedy=_MEND)
    vocabulary.require(scores.shape[2], files["tokens"])
    return family, vocabulary


def _zipformer(network: _Network) -> tuple[Array, int]:
    """The scores of silence, and of how many frames the network says they are."""
    if network.rank != 3:  # sherpa-onnx reads the third dimension of what the file says, whether there is one or not
        raise ModelCorrupt("does not give scores for each frame", file=network.path, remedy=_MEND)
    scores, lengths = network.run(_silence(), outputs=2)
    return scores, _only(lengths)


def _nemo(network: _Network) -> tuple[Array, int]:
    """The scores of silence, and of how many frames sherpa-onnx takes them to be."""
    subsampling = network.number("subsampling_factor", most=_FRAMES)
    network.number("vocab_size", most=_MOST_SYMBOLS)
    if network.metadata.get("normalize_type", "") not in ("", "per_feature"):
        raise ModelCorrupt("is normalised in a way that is not supported", file=network.path, remedy=_MEND)
    features, count = _silence()
    (scores,) = network.run([features.transpose(0, 2, 1), count], outputs=1)
    return scores, _FRAMES // subsampling


def _file(files: Mapping[str, Path], name: str) -> Path:
    path = files.get(name)
    if path is None or not path.is_file():
        raise ModelCorrupt(f"the model has no {name}", file=path, remedy=_MEND)
    return path


def _silence() -> list[Array]:
    """Features of a second of silence (the logarithm of almost nothing), and how many frames there are."""
    return [np.full((1, _FRAMES, _FEATURES), -15.94, np.float32), np.array([_FRAMES], np.int64)]


def _only(lengths: Array) -> int:
    """The one length of a batch of one; 0 for what is none."""
    return int(lengths.reshape(-1)[0]) if lengths.dtype == np.int64 and lengths.size == 1 else 0


class _Network:
    """One ONNX file, opened by onnxruntime for a look; gone, with its memory, when the look is over."""

    def __init__(self, path: Path) -> None:
        import onnxruntime

        self.path = path
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.intra_op_num_threads = 1
        options.log_severity_level = 4
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            self.metadata: Mapping[str, str] = dict(self._session.get_modelmeta().custom_metadata_map)
        except Exception as error:  # its errors have no class in common but this
            raise ModelCorrupt(f"is no ONNX network ({_first_line(error)})", file=path, remedy=_MEND) from error

    @property
    def rank(self) -> int:
        """How many dimensions its first output has, as the file says; 0 where it does not."""
        outputs = self._session.get_outputs()
        return len(outputs[0].shape) if outputs else 0

    def number(self, key: str, *, most: int) -> int:
        """A whole number from 1 to `most` in the metadata.

        Raises
        ------
        ModelCorrupt
            If it is not there or no such number.
        """
        text = self.metadata.get(key)
        if text is None:
            raise ModelCorrupt(f"has no {key} in its metadata", file=self.path, remedy=_MEND)
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:10]) <= most):
            raise ModelCorrupt(f"has {text[:40]!r} for {key} in its metadata", file=self.path, remedy=_MEND)
        return int(text)

    def run(self, inputs: Sequence[Array], *, outputs: int) -> list[Array]:
        """Its first outputs for `inputs`, which it must take in this order and no more.

        Raises
        ------
        ModelCorrupt
            If it cannot be run so, or gives fewer.
        """
        names = [item.name for item in self._session.get_inputs()]
        if len(names) != len(inputs) or len(self._session.get_outputs()) < outputs:
            what = f"takes {len(names)} inputs and gives {len(self._session.get_outputs())} outputs"
            raise ModelCorrupt(f"{what}, not {len(inputs)} and {outputs}", file=self.path, remedy=_MEND)
        try:
            found = self._session.run(None, dict(zip(names, inputs, strict=True)))
        except Exception as error:  # as above
            raise ModelCorrupt(f"cannot be run ({_first_line(error)})", file=self.path, remedy=_MEND) from error
        if not all(isinstance(value, np.ndarray) for value in found[:outputs]):
            raise ModelCorrupt("does not give arrays", file=self.path, remedy=_MEND)
        return [np.asarray(value) for value in found[:outputs]]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
