"""The file of an n-gram: a line that names the format, a header in JSON, arrays that are memory-mapped.

What is read is checked as far as it takes to keep every look-up inside the file: sizes, shapes, and that the places
where the n-grams of the next order begin go up and end with it.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import ModelCorrupt, ModelMissing
from mediakit.language_model.spelling import Spelling
from mediakit.language_model.trie import Level, Trie

_MAGIC = b"mediakit n-gram 1\n"
_ALIGNED = 8
_MOST_HEADER = 1 << 20
_REMEDY = "Install mediakit again, or make the file anew with `python -m scripts.build_language_model`."
#: Arrays of a level with their types, little-endian.
_ARRAYS = {"words": "<u2", "codes": "|u1", "codebook": "<f4", "backoffs": "<i2", "starts": "<u4"}

Arrays = Mapping[str, NDArray[Any]]


def write(file: Path, words: Sequence[str], spelling: Spelling, trie: Trie) -> int:
    """Write an n-gram and return the size of its file in bytes."""
    arrays: dict[str, NDArray[Any]] = {
        "vocabulary": np.frombuffer("\n".join(words).encode(), dtype="|u1"),
        "alphabet": np.frombuffer(spelling.alphabet.encode(), dtype="|u1"),
        "letters": spelling.log_prob.astype("<f4").ravel(),
    }
    for n, level in enumerate(trie.levels, start=1):
        own = {**_ARRAYS, "codes": "<u2"} if n == 1 else _ARRAYS
        arrays |= {f"{name}{n}": getattr(level, name).astype(kind) for name, kind in own.items()}
    places, at = {}, 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, at, len(array)]
        at += -(-array.nbytes // _ALIGNED) * _ALIGNED
    header = json.dumps({"order": trie.order, "arrays": places}).encode()
    head = _MAGIC + len(header).to_bytes(4, "little") + header
    with file.open("wb") as out:
        out.write(head.ljust(_first(len(header)), b"\0"))
        for array in arrays.values():
            out.write(array.tobytes().ljust(-(-array.nbytes // _ALIGNED) * _ALIGNED, b"\0"))
        return out.tell()


def read(file: Path) -> tuple[list[str], Spelling, Trie]:
    """The vocabulary, spelling and n-grams of a file, memory-mapped.

    Raises
    ------
    ModelMissing
        If there is no such file, or it cannot be read.
    ModelCorrupt
        If it is not what :func:`write` writes: cut short, another format, places that lie nowhere.
    """
    try:
        with file.open("rb") as opened:
            content = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as error:  # an empty file cannot be mapped
        raise _corrupt(file, "is empty") from error
    except OSError as error:
        raise ModelMissing(f"the language model cannot be read: {error.strerror}", file=file, remedy=_REMEDY) from error
    try:
        order, arrays = _arrays(content)
        levels = tuple(_level(arrays, n, order) for n in range(1, order + 1))
        words = arrays["vocabulary"].tobytes().decode().split("\n")
        alphabet = arrays["alphabet"].tobytes().decode()
        spelling = Spelling(alphabet, arrays["letters"].reshape(len(alphabet) + 2, len(alphabet) + 2))
        _check(levels, words)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _corrupt(file, str(error)) from error
    return words, spelling, Trie(levels)


def _corrupt(file: Path, why: str) -> ModelCorrupt:
    return ModelCorrupt(f"the language model is damaged: {why}", file=file, remedy=_REMEDY)


def _first(header: int) -> int:
    """Where the arrays begin, after a header of so many bytes."""
    return -(-(len(_MAGIC) + 4 + header) // _ALIGNED) * _ALIGNED


def _arrays(content: mmap.mmap) -> tuple[int, Arrays]:
    if content[: len(_MAGIC)] != _MAGIC:
        raise ValueError("it does not begin as one does")
    length = int.from_bytes(content[len(_MAGIC) : len(_MAGIC) + 4], "little")
    first = _first(length)
    if length > _MOST_HEADER or first > len(content):
        raise ValueError("its header is cut short")
    header = json.loads(content[len(_MAGIC) + 4 : len(_MAGIC) + 4 + length])
    order = header["order"]
    if not isinstance(order, int) or not 1 <= order <= 8:
        raise ValueError(f"an order of {order}")
    return order, {str(name): _array(content, first, str(name), *place) for name, place in header["arrays"].items()}


def _array(content: mmap.mmap, first: int, name: str, kind: str, at: int, count: int) -> NDArray[Any]:
    if kind not in {*_ARRAYS.values()} or min(at, count) < 0 or at % _ALIGNED:
        raise ValueError(f"{name} has no place in it")
    if first + at + count * np.dtype(kind).itemsize > len(content):
        raise ValueError("it is cut short")
    return np.frombuffer(content, dtype=kind, count=count, offset=first + at)


def _level(arrays: Arrays, n: int, order: int) -> Level:
    found = {name: arrays[f"{name}{n}"] for name in _ARRAYS}
    for name, kind in _ARRAYS.items():
        if found[name].dtype.str != ("<u2" if n == 1 and name == "codes" else kind):
            raise ValueError(f"{name} of order {n} are {found[name].dtype.str}")
    return Level(**found)


def _check(levels: Sequence[Level], words: Sequence[str]) -> None:
    if len(levels[0].codes) != len(words) or len(levels[0].codebook) != len(words):
        raise ValueError("its vocabulary has another size than its words")
    if len(words) < 3 or len(words) > 1 << 16 or not np.array_equal(levels[0].codes, np.arange(len(words))):
        raise ValueError("single words are not in order")
    for n, (level, above) in enumerate(pairwise(levels), start=1):
        count = len(level.codes)
        if len(level.starts) != count + 1 or len(level.backoffs) != count:
            raise ValueError(f"contexts of order {n} have no weights")
        if level.starts[0] or level.starts[-1] != len(above.codes) or (level.starts[1:] < level.starts[:-1]).any():
            raise ValueError(f"n-grams of order {n + 1} do not lie where they should")
    for n, level in enumerate(levels[1:], start=2):
        if not len(level.codes) or len(level.words) != len(level.codes):
            raise ValueError(f"n-grams of order {n} have no words")
        if len(level.codebook) != 256 and int(level.codes.max()) >= len(level.codebook):
            raise ValueError(f"n-grams of order {n} have codes that the codebook has not")
