"""Writes small ONNX models (operators, the names of weights, no weights) and opens them.

What is written is the protocol buffer of `onnx.proto` (fields by their numbers there), for which the package `onnx`
and its `protobuf` would be two dependencies more. The weights stay outside: ONNX Runtime is given them in memory
(`SessionOptions.add_external_initializers`), so that a model larger than a protocol buffer may be (2 GB) is no matter.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = int | float | Sequence[int]
#: `TensorProto.DataType` of the types of NumPy.
_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
#: What `Cast` makes of its input, as an attribute.
FLOAT32 = _TYPES["float32"]
#: Version of the file's form, and of the operators (`LayerNormalization` is the newest of them; ONNX Runtime 1.14).
_IR_VERSION, _OPSET = 8, 17
#: Operators that ONNX Runtime has beside ONNX's own.
_OWN_DOMAIN = "com.microsoft"
_OWN = {"Gelu", "MatMulIntegerToFloat"}
_FLOAT, _INT, _INTS = 1, 2, 7
_EXTERNAL = 1


class OnnxModel:
    """A graph in the making: each operator gives the name of its output."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []
        #: The weights that the graph names.
        self.weights: dict[str, NDArray[Any]] = {}
        self._constants: dict[str, NDArray[Any]] = {}
        self._there: dict[Any, tuple[str, ...]] = {}
        #: The input that was named first.
        self.first_input = ""

    def input(self, name: str, *shape: int | str) -> str:
        """An input of 32-bit floats; dimensions that are known later have a name."""
        self._inputs.append(_value(name, shape))
        self.first_input = self.first_input or name
        return name

    def output(self, value: str, name: str, *shape: int | str) -> None:
        """Give a value (32-bit floats) out under a name."""
        self._node("Identity", (value,), (name,), {})
        self._outputs.append(_value(name, shape))

    def weight(self, name: str, values: NDArray[Any]) -> str:
        """Weights that are given to ONNX Runtime beside the model."""
        self.weights[name] = np.ascontiguousarray(values)
        return name

    def constant(self, values: float | int | Sequence[int] | NDArray[Any], kind: str = "int64") -> str:
        """A small constant, kept in the model itself."""
        array = np.asarray(values, dtype=kind)
        name = f"{kind}_{array.tolist()}"
        self._constants[name] = array
        return name

    def add(self, operator: str, *inputs: str, **attributes: Value) -> str:
        """An operator with one output; its name. What is there already is not computed again."""
        (found,) = self.add_several(operator, 1, *inputs, **attributes)
        return found

    def add_several(self, operator: str, count: int, *inputs: str, **attributes: Value) -> tuple[str, ...]:
        """An operator with several outputs; their names."""
        same = (operator, count, inputs, repr(attributes))
        if same not in self._there:
            self._there[same] = tuple(f"{operator}_{len(self._nodes)}_{i}" for i in range(count))
            self._node(operator, inputs, self._there[same], attributes)
        return self._there[same]

    def written(self) -> bytes:
        """The model as the bytes of a file."""
        initializers = [
            *(_tensor(name, values) for name, values in self._constants.items()),
            *(_external(name, values) for name, values in self.weights.items()),
        ]
        graph = b"".join(
            (
                *(_part(1, node) for node in self._nodes),
                _part(2, b"graph"),
                *(_part(5, initializer) for initializer in initializers),
                *(_part(11, value) for value in self._inputs),
                *(_part(12, value) for value in self._outputs),
            )
        )
        opsets = ((b"", _OPSET), (_OWN_DOMAIN.encode(), 1))
        imports = b"".join(_part(8, _part(1, domain) + _number(2, version)) for domain, version in opsets)
        return _number(1, _IR_VERSION) + _part(7, graph) + imports

    def _node(
        self, operator: str, inputs: Iterable[str], outputs: Iterable[str], attributes: Mapping[str, Value]
    ) -> None:
        node = b"".join(_part(1, name.encode()) for name in inputs)
        node += b"".join(_part(2, name.encode()) for name in outputs)
        node += _part(4, operator.encode())
        node += b"".join(_part(5, _attribute(name, value)) for name, value in attributes.items())
        if operator in _OWN:
            node += _part(7, _OWN_DOMAIN.encode())
        self._nodes.append(node)


def open_session(model: OnnxModel, threads: int) -> Any:
    """An `onnxruntime.InferenceSession` that runs a model on the processor, its weights given in memory."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    # What a pass needs is given back after it: kept for the next, it is 60 MB for no time gained.
    options.enable_cpu_mem_arena = False
    # A thread that waits for others lets the processor go: other windows are looked at beside.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(one) for one in model.weights.values()]
    options.add_external_initializers(list(model.weights), values)
    return onnxruntime.InferenceSession(model.written(), options, providers=["CPUExecutionProvider"])


def _attribute(name: str, value: Value) -> bytes:
    head = _part(1, name.encode())
    if isinstance(value, float):
        return head + _key(2, 5) + struct.pack("<f", value) + _number(20, _FLOAT)
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, _INT)
    return head + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    dimensions = (_number(1, one) if isinstance(one, int) else _part(2, one.encode()) for one in shape)
    tensor = _number(1, FLOAT32) + _part(2, b"".join(_part(1, one) for one in dimensions))
    return _part(1, name.encode()) + _part(2, _part(1, tensor))


def _tensor(name: str, values: NDArray[Any]) -> bytes:
    return _tensor_head(name, values) + _part(9, values.astype(values.dtype.newbyteorder("<")).tobytes())


def _external(name: str, values: NDArray[Any]) -> bytes:
    """A tensor that is elsewhere. The place is never looked for: the values are given in memory."""
    entry = _part(1, b"location") + _part(2, b"in-memory")
    return _tensor_head(name, values) + _part(13, entry) + _number(14, _EXTERNAL)


def _tensor_head(name: str, values: NDArray[Any]) -> bytes:
    dimensions = b"".join(_number(1, length) for length in values.shape)
    return dimensions + _number(2, _TYPES[values.dtype.name]) + _part(8, name.encode())


def _part(field: int, data: bytes) -> bytes:
    return _key(field, 2) + _varint(len(data)) + data


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value)


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _varint(value: int) -> bytes:
    """A number in groups of seven bits, the lowest first; negative ones in 64 bits.

    >>> _varint(300), _varint(-1)
    (b'\\xac\\x02', b'\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x01')
    """
    value &= (1 << 64) - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
