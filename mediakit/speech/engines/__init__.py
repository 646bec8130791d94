"""Engines by name; each is a module of its own that is imported when it is opened."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from mediakit.errors import EngineError, UsageError
from mediakit.speech.engine import Engine
from mediakit.speech.models import Model, ensure


class _EngineModule(Protocol):
    def open_engine(self, model: Model, *, language: str, threads: int) -> Engine: ...


#: Name of the engine, its module, and what to install where its packages are missing.
_ENGINES = {
    "faster-whisper": ("mediakit.speech.engines.faster_whisper", "pip install mediakit"),
    "whisper": ("mediakit.speech.engines.openai_whisper", "pip install 'mediakit[whisper]'"),
}
ENGINE_NAMES = tuple(_ENGINES)


def open_engine(name: str, model: str, *, language: str = "vi", threads: int = 0) -> Engine:
    """Open an engine on a model. `threads` 0 lets the engine choose.

    Raises
    ------
    UsageError
        If there is no such engine.
    ModelError
        If the model is unknown, not here or not intact.
    EngineError
        If the engine's packages are missing, or it cannot open the model.
    """
    if name not in _ENGINES:
        raise UsageError(f"no engine is called {name!r}", remedy=f"Known are: {', '.join(_ENGINES)}.")
    module, install = _ENGINES[name]
    found = ensure(model)
    try:
        opened = cast("_EngineModule", import_module(module)).open_engine(found, language=language, threads=threads)
    except ImportError as error:
        raise EngineError(
            f"the engine {name} needs the package {error.name}", remedy=f"Install it with `{install}`."
        ) from error
    return opened
