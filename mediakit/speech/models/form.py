"""What is in a folder: which form of model, and whether its files are what they say, before native code reads them.

Weights are read by libraries in C++. A file that is no such thing at all is refused here, with the reason: PyTorch's
pickles, which run code when they are loaded (they are never loaded), links out of the folder, files of zero bytes,
JSON that is none or enormous, ONNX that is none or keeps its weights in other files.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mediakit.errors import ModelCorrupt
from mediakit.speech.models.model import CTC, TRANSDUCER, WHISPER

#: A folder of the user's own is theirs to mend: never advise to delete it.
MEND_FOLDER = (
    "Give the folder of a whole model: model.bin, config.json, tokenizer.json and a vocabulary; "
    "or tokens.txt with encoder, decoder and joiner, or a model, in ONNX."
)
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")
_PICKLES = (".pt", ".pth", ".ckpt", ".pkl", ".pickle")
#: The largest that the small files of known models are is 2.7 MB; what is far beyond is no such file.
_MOST_TEXT_BYTES = 32 << 20
_PICKLED = "is a PyTorch file, which can run any program when it is loaded, so it is not"
_ZIP = b"PK\x03\x04"
_PICKLE_START, _PICKLE_PROTOCOLS = 0x80, range(2, 6)
#: Fields of ONNX's ModelProto, GraphProto and TensorProto (onnx/onnx.proto3), and protobuf's wire types.
_IR_VERSION, _GRAPH, _INITIALIZER, _DATA_LOCATION, _EXTERNAL = 1, 7, 5, 14, 1
_VARINT, _BYTES, _FIXED = 0, 2, {1: 8, 5: 4}


@dataclass(frozen=True, slots=True)
class Contents:
    """A form of model, its files by what they are (as in :class:`Model`), and all files that it is read from."""

    form: str
    files: Mapping[str, Path]
    read: tuple[Path, ...]


def examine(folder: Path) -> Contents:
    """Find out which form of model a folder holds, and look into each of its files.

    Raises
    ------
    ModelCorrupt
        If it holds no whole model, or a file is not what its name says.
    OSError
        If a file cannot be read.
    """
    contents = _whisper(folder) if (folder / "model.bin").exists() else _sherpa(folder)
    if contents is None:
        _refuse_pickles(folder)
        contents = _whisper(folder)
    for path in contents.read:
        _require_regular(path, folder)
        _CHECKS[path.suffix](path)
    return contents


def _whisper(folder: Path) -> Contents:
    vocabularies = [folder / name for name in _VOCABULARIES if (folder / name).is_file()]
    if not vocabularies and (folder / "model.bin").is_file():
        raise ModelCorrupt(
            "no vocabulary.txt or vocabulary.json in the model's folder", file=folder, remedy=MEND_FOLDER
        )
    read = [folder / name for name in ("model.bin", "config.json", "tokenizer.json")] + vocabularies[:1]
    if (folder / "preprocessor_config.json").exists():
        read.append(folder / "preprocessor_config.json")
    return Contents(WHISPER, {"model": folder / "model.bin"}, tuple(read))


def _sherpa(folder: Path) -> Contents | None:
    """The files that sherpa-onnx needs, those in 8-bit integers first, or None where there are none of them."""
    parts = {part: _onnx(folder, part) for part in ("encoder", "decoder", "joiner", "model")}
    if not any(parts.values()):
        return None
    tokens = {"tokens": folder / "tokens.txt"}
    if parts["encoder"] or parts["decoder"] or parts["joiner"]:
        missing = [part for part in ("encoder", "decoder", "joiner") if parts[part] is None]
        if missing:
            raise ModelCorrupt(f"no {missing[0]}*.onnx in the model's folder", file=folder, remedy=MEND_FOLDER)
        files = {**tokens, **{part: path for part, path in parts.items() if path is not None and part != "model"}}
        return Contents(TRANSDUCER, files, tuple(files.values()))
    files = {**tokens, **{part: path for part, path in parts.items() if path is not None}}
    return Contents(CTC, files, tuple(files.values()))


def _onnx(folder: Path, part: str) -> Path | None:
    found = sorted(folder.glob(f"{part}*.onnx"), key=lambda path: ("int8" not in path.name, path.name))
    return found[0] if found else None


def _refuse_pickles(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix in _PICKLES or path.name == "pytorch_model.bin":
            raise ModelCorrupt(
                _PICKLED,
                file=path,
                remedy="Convert the model with `ct2-transformers-converter`, or export it to ONNX.",
            )


def _require_regular(path: Path, folder: Path) -> None:
    """Refuse what is no file with bytes in it, or lies outside the folder."""
    resolved, home = path.resolve(), folder.resolve()
    if not resolved.is_relative_to(home) and not resolved.is_relative_to(_hub_blobs(home)):
        raise ModelCorrupt("is a link out of the model's folder", file=path, remedy="Copy the file itself there.")
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ModelCorrupt("is not a file", file=path, remedy=MEND_FOLDER)
    if found.st_size == 0:
        raise ModelCorrupt("is empty", file=path, remedy="Copy the model's folder again.")


def _hub_blobs(home: Path) -> Path:
    """Where links may lead from a snapshot in the hub's own cache: `models--X/snapshots/REV` to `models--X/blobs`.

    A folder that is none gives itself.
    """
    repository = home.parent.parent
    cached = home.parent.name == "snapshots" and repository.name.startswith("models--")
    return repository / "blobs" if cached else home


def _check_weights(path: Path) -> None:
    """CTranslate2's `ModelSpec.save`: version (4 bytes), then the length (2 bytes) and name of what it is."""
    with path.open("rb") as file:
        start = file.read(6 + len(b"WhisperSpec\0"))
    if start[6:] != b"WhisperSpec\0":
        what = _PICKLED if _is_pickle(start) else "is not Whisper in CTranslate2's form"
        raise ModelCorrupt(what, file=path, remedy="Convert the model with `ct2-transformers-converter`.")


def _is_pickle(start: bytes) -> bool:
    return start.startswith(_ZIP) or (len(start) > 1 and start[0] == _PICKLE_START and start[1] in _PICKLE_PROTOCOLS)


def _check_json(path: Path) -> None:
    text = _small_text(path)
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelCorrupt(f"is not JSON ({error})", file=path, remedy=MEND_FOLDER) from error
    if not isinstance(read, list if path.name == "vocabulary.json" else dict):
        raise ModelCorrupt("is JSON of another kind", file=path, remedy=MEND_FOLDER)


def _check_text(path: Path) -> None:
    """A vocabulary, a token a line; of sherpa's `tokens.txt` each line ends with the number of its token."""
    lines = _small_text(path).split("\n")  # a token may be what `splitlines` takes for the end of a line
    if path.name == "tokens.txt" and not all(line.rpartition(" ")[2].strip().isdecimal() for line in lines if line):
        raise ModelCorrupt("has lines that are not a token and its number", file=path, remedy=MEND_FOLDER)


def _small_text(path: Path) -> str:
    if path.stat().st_size > _MOST_TEXT_BYTES:
        raise ModelCorrupt(f"is larger than {_MOST_TEXT_BYTES >> 20} MB", file=path, remedy=MEND_FOLDER)
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ModelCorrupt("is not text in UTF-8", file=path, remedy=MEND_FOLDER) from error


def _check_onnx(path: Path) -> None:
    """A ModelProto has a version and a graph, all within the file, and here keeps its weights in itself."""
    with path.open("rb") as file:
        pickled = _is_pickle(file.read(4))
        fields: Sequence[tuple[int, int, int]] = ()
        if not pickled:
            try:
                fields = list(_fields(file, 0, path.stat().st_size))
                external = any(_external(file, graph, end) for number, graph, end in fields if number == _GRAPH)
            except ValueError:
                fields = ()
        if not {_IR_VERSION, _GRAPH} <= {number for number, _, _ in fields}:
            raise ModelCorrupt(_PICKLED if pickled else "is not ONNX", file=path, remedy=MEND_FOLDER)
        if external:
            raise ModelCorrupt("keeps its weights in other files", file=path, remedy="Give a model in one file.")


def _external(file: BinaryIO, start: int, end: int) -> bool:
    tensors = [(at, to) for number, at, to in _fields(file, start, end) if number == _INITIALIZER]
    return any(
        number == _DATA_LOCATION and value == _EXTERNAL
        for at, to in tensors
        for number, value, _ in _fields(file, at, to)
    )


def _fields(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Fields of a protobuf message in `file[start:end]`: number, and where its bytes begin and end, or its value twice.

    Raises
    ------
    ValueError
        If it is no such message.
    """
    at = start
    while at < end:
        file.seek(at)
        key = _varint(file)
        number, wire = key >> 3, key & 7
        # The value of a number; the size of bytes; or a size that is fixed, none of which is wrong.
        value = _varint(file) if wire in (_VARINT, _BYTES) else _FIXED.get(wire, end)
        size = 0 if wire == _VARINT else value
        at = file.tell() + size
        if number == 0 or at > end:
            raise ValueError("not a protobuf message")
        yield (number, value, value) if wire == _VARINT else (number, at - size, at)


def _varint(file: BinaryIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        byte = file.read(1)
        if not byte:
            break
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
    raise ValueError("not a number of protobuf")


_CHECKS: Mapping[str, Callable[[Path], None]] = {
    ".bin": _check_weights,
    ".json": _check_json,
    ".txt": _check_text,
    ".onnx": _check_onnx,
}
