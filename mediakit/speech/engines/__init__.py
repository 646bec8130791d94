"""Engines by name; each is a module of its own that is imported when it is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import Protocol, cast

from mediakit.errors import EngineError, EngineUnavailable, UsageError, pip_install
from mediakit.speech.engine import Engine, EngineInfo, HasCtcHead, Hearing, HearsTogether, Window
from mediakit.speech.engines.whisper_languages import require_whisper_language
from mediakit.speech.evidence import Evidence, Judge
from mediakit.speech.languages import AUTO, USUAL, KnowsLanguages
from mediakit.speech.models import Model, ensure, expected_sha256
from mediakit.timeline import Word


class _EngineModule(Protocol):
    def open_engine(self, model: Model, *, language: str, threads: int) -> Engine: ...


#: Name of the engine and its module.
_ENGINES = {
    "faster-whisper": "mediakit.speech.engines.faster_whisper",
    "whisper": "mediakit.speech.engines.openai_whisper",
    "sherpa": "mediakit.speech.engines.sherpa",
}
#: The forms of models that each engine runs (:attr:`mediakit.speech.models.Model.form`).
ENGINE_FORMS = {
    "faster-whisper": frozenset({"whisper-ctranslate2"}),
    "whisper": frozenset({"whisper-ctranslate2"}),
    "sherpa": frozenset({"sherpa-transducer", "sherpa-ctc"}),
}
#: Engines that can weigh (:class:`mediakit.speech.evidence.Judge`) and tell languages
#: (:class:`mediakit.speech.languages.KnowsLanguages`), and of these those that hear several windows in one pass
#: (:class:`mediakit.speech.engine.HearsTogether`), which is to be known before they are opened.
_JUDGES, _TOGETHER = frozenset({"faster-whisper", "whisper"}), frozenset({"faster-whisper"})
_CODE = re.compile(r"[a-z]{2,3}")
#: For each engine the package it needs, and what installs it.
ENGINE_PACKAGES = {
    "faster-whisper": ("faster_whisper", pip_install()),
    "whisper": ("whisper", pip_install("whisper")),
    "sherpa": ("sherpa_onnx", pip_install("sherpa")),
}


def open_engine(name: str, model: str | Model, *, language: str = "vi", threads: int = 0) -> Engine:
    """Open an engine on a model, by name, from a folder, or ready. `threads` 0 lets the engine choose.

    For the language "auto" it is opened in the usual one, and can be asked which is spoken.

    Raises
    ------
    UsageError
        If there is no such engine, or it does not know the language.
    ModelError
        If the model is unknown, not here or not intact.
    EngineError
        If the engine's packages are missing, the model is of a form that another engine runs, or it cannot be opened.
    """
    require_engine(name)
    require_language(name, language)
    package, install = ENGINE_PACKAGES[name]
    if find_spec(package) is None:
        raise EngineError(f"the engine {name} needs the package {package}", remedy=f"Install it with `{install}`.")
    module = cast("_EngineModule", import_module(_ENGINES[name]))
    ready = model if isinstance(model, Model) else ensure(model)
    _require_form(name, ready)
    try:
        return module.open_engine(ready, language=USUAL if language == AUTO else language, threads=threads)
    except ImportError as error:  # half installed, or another package of the same name
        raise EngineError(f"the engine {name} cannot be loaded ({error})", remedy=f"Run `{install}`.") from error


def _require_form(name: str, model: Model) -> None:
    if model.form in ENGINE_FORMS[name]:
        return
    able = [engine for engine, forms in ENGINE_FORMS.items() if model.form in forms]
    remedy = f"Give `--engine {able[0]}`." if able else "Give another model."
    raise EngineError(f"the engine {name} does not run models of the form {model.form}", file=model.path, remedy=remedy)


def engine_when_needed(name: str, model: str, *, language: str = "vi", threads: int = 0) -> LazyEngine:
    """As :func:`open_engine`, but opened by the first that needs it; what it is, is known before.

    A known model is looked at when the engine is opened; of a folder the weights are read now, for their SHA-256.

    Raises
    ------
    UsageError
        If there is no such engine, or it does not know the language.
    ModelError
        If the model is not known by name, and no folder with a whole one either.
    """
    require_engine(name)
    require_language(name, language)
    kind = LazyTogether if name in _TOGETHER else LazyAlone if name in _JUDGES else LazyEngine
    sha256 = expected_sha256(model)
    if sha256 is not None:
        return kind(EngineInfo(name, model, sha256, language), model, threads)
    ready = ensure(model)
    return kind(EngineInfo(name, ready.name, ready.model_sha256, language), ready, threads)


class LazyEngine:
    """Implements :class:`mediakit.speech.engine.Engine` by an engine that is opened when it is needed.

    `first` is the same engine for another language: it opens the weights for both.
    """

    def __init__(self, info: EngineInfo, model: str | Model, threads: int, first: LazyEngine | None = None) -> None:
        self.info, self._model, self._threads, self._first = info, model, threads, first
        self._opening = Lock()
        self._opened: Engine | None = None

    @property
    def opened(self) -> Engine:
        """The engine itself, opened once whatever thread asks first; errors as :func:`open_engine`.

        Raises
        ------
        EngineUnavailable
            For an EngineError of that: it is nothing that a medium could be blamed for.
        """
        with self._opening:
            if self._opened is None:
                try:
                    self._opened = self._open()
                except EngineError as error:
                    raise EngineUnavailable(error.what, file=error.file, remedy=error.remedy) from error
            return self._opened

    def _open(self) -> Engine:
        if self._first is not None:
            return cast("KnowsLanguages", self._first.opened).in_language(self.info.language)
        return open_engine(self.info.name, self._model, language=self.info.language, threads=self._threads)

    def hear(self, window: Window) -> tuple[Word, ...]:
        """See :class:`mediakit.speech.engine.Engine`."""
        return self.opened.hear(window)


class LazyJudge(LazyEngine):
    """Implements :class:`mediakit.speech.evidence.Judge` and :class:`mediakit.speech.languages.KnowsLanguages` too.

    Apart, for what has `weigh` is taken for a judge.
    """

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :class:`mediakit.speech.evidence.Judge`."""
        return cast("Judge", self.opened).weigh(window, texts)

    def languages_of(self, window: Window) -> Mapping[str, float]:
        """See :class:`mediakit.speech.languages.KnowsLanguages`."""
        return cast("KnowsLanguages", self.opened).languages_of(window)

    def in_language(self, language: str) -> LazyEngine:
        """See :class:`mediakit.speech.languages.KnowsLanguages`; nothing is opened for it."""
        if language == self.info.language:
            return self
        return type(self)(replace(self.info, language=language), self._model, self._threads, self._first or self)


class LazyAlone(LazyJudge):
    """Implements :class:`mediakit.speech.engine.HasCtcHead` too."""

    def ctc(self, window: Window) -> bytes:
        """See :class:`mediakit.speech.engine.HasCtcHead`."""
        return cast("HasCtcHead", self.opened).ctc(window)


class LazyTogether(LazyJudge):
    """Implements :class:`mediakit.speech.engine.HearsTogether` too."""

    def together(self) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return cast("HearsTogether", self.opened).together()

    def beside(self) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return cast("HearsTogether", self.opened).beside()

    def kind_of(self, window: Window) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return cast("HearsTogether", self.opened).kind_of(window)

    def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return cast("HearsTogether", self.opened).hear_together(windows)


def require_engine(name: str) -> None:
    """Refuse an engine that nobody knows, without importing any.

    Raises
    ------
    UsageError
        If there is no such engine.
    """
    if name not in _ENGINES:
        raise UsageError(f"no engine is called {name!r}", remedy=f"Known are: {', '.join(_ENGINES)}.")


def require_language(name: str, language: str) -> None:
    """Refuse a language that the engine cannot hear in, without importing it.

    Raises
    ------
    UsageError
        If it knows no such language, or cannot tell which one is spoken and is to ("auto").
    """
    if name in _JUDGES:
        if language != AUTO:
            require_whisper_language(language)
    elif language == AUTO:
        able = " or ".join(f"--engine {engine}" for engine in _ENGINES if engine in _JUDGES)
        raise UsageError(f"the engine {name} cannot tell languages", remedy=f"Give --language {USUAL}, or {able}.")
    elif not _CODE.fullmatch(language):
        raise UsageError(f"{language!r:.40} is no code of a language", remedy=f"Give one such as {USUAL} or en.")
