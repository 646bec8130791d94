"""What the user chose, in one object; and the engine and model it stands for, opened when first needed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import cast

from mediakit.captions.profile import Profile
from mediakit.captions.profile_file import find_profile
from mediakit.outputs.bundle import FORMATS
from mediakit.outputs.files import STATE_FOLDER, OutputFolder
from mediakit.outputs.ledger import Ledger
from mediakit.speech.engine import EngineInfo
from mediakit.speech.engines import LazyEngine, LazyJudge, engine_when_needed, require_engine, require_language
from mediakit.speech.models import expected_sha256


@dataclass(frozen=True)
class Settings:
    """Options of a run. Those that change a result are in :meth:`fingerprint`.

    The language "auto" is that of the article, and of loose media the one that is spoken. With `strict` a result that
    is doubtful (`doubts.py`) is a failure; it is written all the same.
    """

    engine: str = "faster-whisper"
    model: str = "base"
    language: str = "vi"
    profile: str = "netflix-vi"
    formats: tuple[str, ...] = FORMATS
    audio_stream: int | None = None
    media_dir: Path | None = None
    #: How often it was asked for: 1 replaces what mediakit did not write, 2 also what a person edited.
    overwrite: int = 0
    strict: bool = False

    def fingerprint(self) -> dict[str, object]:
        """What, besides the inputs, decides the outputs; a profile counts by its figures, for its file may change."""
        profile = find_profile(self.profile)
        return {
            "engine": self.engine,
            "model": self.model,
            "language": self.language,
            "profile": {name: figure for name, (figure, _) in profile.rules().items()},
            "formats": sorted(self.formats),
            "audio_stream": self.audio_stream,
        }


@dataclass
class Desk:
    """Settings with the engine that they name. The engine is opened by the first file that needs it."""

    settings: Settings = field(default_factory=Settings)
    #: Processor threads of the engine; 0 lets it choose.
    threads: int = 0
    #: Ledgers of the output folders, each read once.
    _ledgers: dict[Path, Ledger] = field(default_factory=dict)
    #: The desk of which this is the one for another language; it has the engine.
    _first: Desk | None = None

    def output_folder(self, root: Path, mark: str = "") -> OutputFolder:
        """The output folder `root`, for a job of that mark."""
        ledger = self._ledgers.setdefault(root, Ledger(root / STATE_FOLDER))
        return OutputFolder(root, mark, ledger)

    @cached_property
    def engine(self) -> LazyEngine:
        """The engine, which is opened when it is needed, and once for all languages.

        Raises
        ------
        UsageError, ModelError
            If there is no such engine or model. That it cannot be opened is known when it is needed.
        """
        if self._first is not None:
            # One that cannot was refused (:meth:`check`).
            return cast("LazyJudge", self._first.engine).in_language(self.settings.language)
        return engine_when_needed(
            self.settings.engine, self.settings.model, language=self.settings.language, threads=self.threads
        )

    @property
    def engine_info(self) -> EngineInfo:
        """What would listen, known without opening it."""
        if "engine" in self.__dict__:
            return self.engine.info
        chosen = self.settings
        return EngineInfo(chosen.engine, chosen.model, expected_sha256(chosen.model), chosen.language)

    def in_language(self, language: str) -> Desk:
        """The desk with the same engine for another language; nothing is opened for it."""
        if language == self.settings.language:
            return self
        settings = replace(self.settings, language=language)
        return Desk(settings, self.threads, self._ledgers, self._first or self)

    def check(self) -> None:
        """Refuse a profile, engine or language that nobody knows before any file is looked at.

        Raises
        ------
        UsageError
            If there is no such profile or engine, or the engine does not know the language.
        """
        require_engine(self.settings.engine)
        require_language(self.settings.engine, self.settings.language)
        _ = self.profile

    @cached_property
    def profile(self) -> Profile:
        """The rules for captions."""
        return find_profile(self.settings.profile)
