"""Where the default engine runs its model."""

from __future__ import annotations

from typing import Any

import faster_whisper
import pytest

from mediakit.errors import EngineError
from mediakit.speech.engines import faster_whisper as module
from mediakit.speech.models import Model, ensure
from mediakit.speech.models.choice import Machine


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What CTranslate2 is asked for; it refuses, as one without a driver does."""
    found: dict[str, Any] = {}

    def refuse(path: str, **how: Any) -> None:
        found.update(how)
        raise RuntimeError("CUDA driver version is insufficient")

    monkeypatch.setattr(faster_whisper, "WhisperModel", refuse)
    return found


@pytest.fixture
def base() -> Model:
    return ensure("base")


@pytest.mark.parametrize(("gpus", "device", "numbers"), [(1, "cuda", "float16"), (0, "cpu", "int8")])
def test_a_gpu_is_used_where_there_is_one(
    gpus: int, device: str, numbers: str, base: Model, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "with_gpus", lambda machine: Machine(machine.memory_mb, machine.cores, gpus))
    with pytest.raises(EngineError, match="CUDA driver"):
        module.open_engine(base, language="vi", threads=2)
    assert (asked["device"], asked["compute_type"]) == (device, numbers)


def test_the_type_of_numbers_can_be_told(base: Model, asked: dict[str, Any]) -> None:
    with pytest.raises(EngineError):
        module.open_engine(base, language="vi", threads=3, compute_type="float32")
    assert asked["compute_type"] == "float32"
    assert asked["cpu_threads"] * asked["num_workers"] <= 3
