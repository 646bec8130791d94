"""Engines by name; each is a module of its own that is imported when it is opened."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast

from mediakit.errors import EngineError, UsageError
from mediakit.speech.engine import Engine
from mediakit.speech.models import Model, ensure


class _EngineModule(Protocol):
    def open_engine(self, model: Model, *, language: str, threads: int) -> Engine: ...


#: Name of the engine and its module.
_ENGINES = {
    "faster-whisper": "mediakit.speech.engines.faster_whisper",
    "whisper": "mediakit.speech.engines.openai_whisper",
}
#: For each engine the package it needs, and what installs it.
ENGINE_PACKAGES = {
    "faster-whisper": ("faster_whisper", "pip install mediakit"),
    "whisper": ("whisper", "pip install 'mediakit[whisper]'"),
}


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
    require_engine(name)
    package, install = ENGINE_PACKAGES[name]
    if find_spec(package) is None:
        raise EngineError(f"the engine {name} needs the package {package}", remedy=f"Install it with `{install}`.")
    module = cast("_EngineModule", import_module(_ENGINES[name]))
    ready = ensure(model)
    try:
        return module.open_engine(ready, language=language, threads=threads)
    except ImportError as error:  # half installed, or another package of the same name
        raise EngineError(f"the engine {name} cannot be loaded ({error})", remedy=f"Run `{install}`.") from error


def require_engine(name: str) -> None:
    """Refuse an engine that nobody knows, without importing any.

    Raises
    ------
    UsageError
        If there is no such engine.
    """
    if name not in _ENGINES:
        raise UsageError(f"no engine is called {name!r}", remedy=f"Known are: {', '.join(_ENGINES)}.")
