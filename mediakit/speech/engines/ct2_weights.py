"""Reads the weights of a Whisper model in CTranslate2's form and names them as openai-whisper's module does.

So the reference engine runs on the same verified bytes as the default one. The file is CTranslate2's
`model.bin` (`ModelSpec.save`): version, name of the spec, revision, then the variables, each with name, rank,
dimensions, type and bytes, then names that stand for others. It is parsed, never unpickled.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError

Array = NDArray[Any]
Piece = bytes | memoryview
_TYPES: Mapping[int, str] = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}
_FLOAT32, _INT8 = 0, 1
_VERSIONS = range(4, 7)
_SCALE, _MOST_IN_8_BITS = "_scale", 127
#: Floats of so many rows are in the processor's cache.
_ROWS_AT_A_TIME = 64


def read_variables(path: Path, *, under: str = "") -> dict[str, Array]:
    """The variables of a `model.bin` by their names in CTranslate2, of those only that begin with `under`.

    Raises
    ------
    EngineError
        If the file is not in this form, or in a version of it that is not known.
    """
    with _reading(path) as file:
        _, count = _head(file)
        return {found.name: found.values for found in _variables(file, count, under)}


def rewritten(path: Path, rows: Mapping[str, Sequence[int]], *, in_8_bits: bool = False) -> Iterator[Piece]:
    """A `model.bin` anew with some rows only of some variables, in the order given; in pieces of a variable at most.

    `in_8_bits` has CTranslate2's own rounding done (`ModelSpec.quantize`): each row of a matrix in integers up to 127,
    with a scale. The model is the same as when CTranslate2 rounds it in opening, which takes a float for each weight.

    Raises
    ------
    EngineError
        If the file is not in this form, has no such variable, or has none of the rows.
    """
    with _reading(path) as file:
        head, count = _head(file)
        begin = file.tell()
        rounded = {name for name, shape in _shapes(file, count) if in_8_bits and _is_matrix(name, shape)}
        aliases = _aliases(file)
        file.seek(begin)
        yield head[:-4] + struct.pack("<I", count + len(rounded))
        missing = set(rows)
        for found in _variables(file, count):
            if found.name in rows:
                found = replace(found, values=found.values[list(rows[found.name])])
                missing.discard(found.name)
            for one in _in_8_bits(found) if found.name in rounded else (found,):
                yield from _packed(one)
        if missing:
            raise ValueError(f"no {min(missing)}")
        aliases += [(name + _SCALE, target + _SCALE) for name, target in aliases if target in rounded]
        yield struct.pack("<I", len(aliases)) + b"".join(_named(name) for pair in aliases for name in pair)


@dataclass(frozen=True, slots=True)
class _Variable:
    name: str
    kind: int
    values: Array


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except (OSError, struct.error, ValueError, KeyError, IndexError) as error:
        raise EngineError(f"cannot be read as CTranslate2 weights ({error})", file=path) from error


def _head(file: BinaryIO) -> tuple[bytes, int]:
    """All before the variables, and how many there are."""
    (version,) = _unpack(file, "<I")
    if version not in _VERSIONS:
        raise ValueError(f"version {version}")
    if _name(file) != "WhisperSpec":
        raise ValueError("not a Whisper model")
    _revision, count = _unpack(file, "<II")
    length = file.tell()
    file.seek(0)
    return _exactly(file, length), count


def _variables(file: BinaryIO, count: int, under: str = "") -> Iterator[_Variable]:
    for _ in range(count):
        name, shape, kind, size = _header(file)
        if not name.startswith(under):
            file.seek(size, os.SEEK_CUR)
            continue
        yield _Variable(name, kind, np.frombuffer(_exactly(file, size), dtype=_TYPES[kind]).reshape(shape))


def _shapes(file: BinaryIO, count: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Names and dimensions of the variables; their values are passed over."""
    for _ in range(count):
        name, shape, _kind, size = _header(file)
        yield name, shape
        file.seek(size, os.SEEK_CUR)


def _header(file: BinaryIO) -> tuple[str, tuple[int, ...], int, int]:
    """Name, dimensions, type and number of bytes of a variable."""
    name = _name(file)
    (rank,) = _unpack(file, "<B")
    shape = _unpack(file, f"<{rank}I")
    kind, size = _unpack(file, "<BI")
    return name, shape, kind, size


def _aliases(file: BinaryIO) -> list[tuple[str, str]]:
    """Names that stand for others."""
    (count,) = _unpack(file, "<I")
    return [(_name(file), _name(file)) for _ in range(count)]


def _is_matrix(name: str, shape: tuple[int, ...]) -> bool:
    """Whether CTranslate2 rounds a variable: linear layers and embeddings, no convolutions or positions."""
    return len(shape) == 2 and name.endswith("/weight")


def _in_8_bits(variable: _Variable) -> tuple[_Variable, _Variable]:
    """A matrix in integers, and the scale of each of its rows."""
    rounded = np.empty(variable.values.shape, dtype=np.int8)
    scales = np.empty(len(rounded), dtype=np.float32)
    for first in range(0, len(rounded), _ROWS_AT_A_TIME):
        block = slice(first, first + _ROWS_AT_A_TIME)
        values = variable.values[block].astype(np.float32)
        largest = np.max(np.abs(values), axis=1)
        largest[largest == 0] = _MOST_IN_8_BITS
        scales[block] = np.float32(_MOST_IN_8_BITS) / largest
        values *= scales[block, np.newaxis]
        rounded[block] = np.rint(values, out=values)
    return _Variable(variable.name, _INT8, rounded), _Variable(variable.name + _SCALE, _FLOAT32, scales)


def _packed(variable: _Variable) -> Iterator[Piece]:
    shape = variable.values.shape
    yield _named(variable.name)
    yield struct.pack(f"<B{len(shape)}IBI", len(shape), *shape, variable.kind, variable.values.nbytes)
    yield variable.values.data


def _named(name: str) -> bytes:
    data = name.encode() + b"\0"
    return struct.pack("<H", len(data)) + data


def _name(file: BinaryIO) -> str:
    (length,) = _unpack(file, "<H")
    return _exactly(file, length).rstrip(b"\0").decode("utf-8")


def _unpack(file: BinaryIO, form: str) -> tuple[int, ...]:
    return struct.unpack(form, _exactly(file, struct.calcsize(form)))


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise ValueError("the file ends early")
    return data


def whisper_state(variables: Mapping[str, Array]) -> dict[str, Array]:
    """The variables under the names of `whisper.model.Whisper.state_dict()`, as float32.

    CTranslate2 stacks query, key and value of self-attention in `linear_0`, and key and value of cross-attention
    in `linear_1`; the key has no bias in Whisper (Radford et al. 2022, section 2.2), so its share is dropped.
    """
    state: dict[str, Array] = {
        "encoder.positional_embedding": variables["encoder/position_encodings/encodings"],
        "decoder.positional_embedding": variables["decoder/position_encodings/encodings"],
        "decoder.token_embedding.weight": variables["decoder/embeddings/weight"],
    }
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            state[f"encoder.{conv}.{part}"] = variables[f"encoder/{conv}/{part}"]
    _norm(state, "encoder.ln_post", variables, "encoder/layer_norm")
    _norm(state, "decoder.ln", variables, "decoder/layer_norm")
    for side in ("encoder", "decoder"):
        for layer in range(layers(variables, side)):
            _block(state, f"{side}.blocks.{layer}", variables, f"{side}/layer_{layer}")
    return {name: np.asarray(value, dtype=np.float32) for name, value in state.items()}


def layers(variables: Mapping[str, Array], side: str) -> int:
    """How many layers the encoder or decoder has."""
    return sum(name.startswith(f"{side}/layer_") and name.endswith("ffn/linear_0/bias") for name in variables)


def _block(state: dict[str, Array], to: str, variables: Mapping[str, Array], source: str) -> None:
    own = f"{source}/self_attention"
    _linears(state, f"{to}.attn", ("query", "key", "value"), variables, f"{own}/linear_0")
    _linears(state, f"{to}.attn", ("out",), variables, f"{own}/linear_1")
    _norm(state, f"{to}.attn_ln", variables, f"{own}/layer_norm")
    cross = f"{source}/attention"
    if f"{cross}/linear_0/weight" in variables:
        _linears(state, f"{to}.cross_attn", ("query",), variables, f"{cross}/linear_0")
        _linears(state, f"{to}.cross_attn", ("key", "value"), variables, f"{cross}/linear_1")
        _linears(state, f"{to}.cross_attn", ("out",), variables, f"{cross}/linear_2")
        _norm(state, f"{to}.cross_attn_ln", variables, f"{cross}/layer_norm")
    for number, place in enumerate((0, 2)):
        for part in ("weight", "bias"):
            state[f"{to}.mlp.{place}.{part}"] = variables[f"{source}/ffn/linear_{number}/{part}"]
    _norm(state, f"{to}.mlp_ln", variables, f"{source}/ffn/layer_norm")


def _linears(
    state: dict[str, Array], to: str, names: tuple[str, ...], variables: Mapping[str, Array], source: str
) -> None:
    weights = np.split(variables[f"{source}/weight"], len(names))
    biases = np.split(variables[f"{source}/bias"], len(names))
    for name, weight, bias in zip(names, weights, biases, strict=True):
        state[f"{to}.{name}.weight"] = weight
        if name != "key":
            state[f"{to}.{name}.bias"] = bias


def _norm(state: dict[str, Array], to: str, variables: Mapping[str, Array], source: str) -> None:
    state[f"{to}.weight"] = variables[f"{source}/gamma"]
    state[f"{to}.bias"] = variables[f"{source}/beta"]
