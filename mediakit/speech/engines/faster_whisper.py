"""The default engine: Whisper by faster-whisper (CTranslate2)."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from mediakit.errors import NO_ROOM, EngineError
from mediakit.process_memory import give_back_memory
from mediakit.speech.ctc.head import head_of
from mediakit.speech.decoder.decoders import Decoders
from mediakit.speech.engine import EngineInfo, Hearing, Window
from mediakit.speech.engines.whisper_ear import WhisperEar, room_of
from mediakit.speech.engines.whisper_judge import WhisperJudge
from mediakit.speech.engines.whisper_languages import Tongues
from mediakit.speech.engines.whisper_vocabulary import (
    TRIMMED_LANGUAGE,
    TrimmedWhisper,
    gains_by_trimming,
    vietnamese_tokens,
    vocabulary_of,
    write_model,
)
from mediakit.speech.evidence import Evidence
from mediakit.speech.models import Model
from mediakit.speech.models.choice import this_machine, with_gpus
from mediakit.timeline import Word

NAME = "faster-whisper"
#: More passes beside each other than this gain less than more threads in each.
_MOST_PASSES = 4
#: Memory is given back so often.
_GIVE_BACK_S = 10
#: Where a model is written for opening (in less than a minute), and when such a folder was surely left behind.
_FOLDER, _LEFT_BEHIND_S = "mediakit-model-", 3600


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the model runs and how: the type of its numbers, windows in a pass, passes beside each other, threads."""

    device: str
    compute_type: str
    together: int
    passes: int
    threads: int

    @classmethod
    def of(cls, gpus: int, threads: int) -> Layout:
        """The layout for a machine with so many GPUs, on so many threads of a CPU.

        On a CPU 8-bit integers: two fifths of the processor time of 32-bit floats, with no more words wrong
        (`scripts/measure --engines`); and on two cores two passes of one thread, which take four fifths of the
        processor time of one with two: these wait for each other at each token. On a GPU 16-bit floats and large
        passes, as in faster-whisper's own examples; there was none to measure it on.

        >>> [(at.passes, at.threads) for at in (Layout.of(0, threads) for threads in (1, 2, 8))]
        [(1, 1), (2, 1), (4, 2)]
        >>> Layout.of(1, 8).compute_type
        'float16'
        """
        if gpus:
            return cls("cuda", "float16", 16, 1, threads)
        passes = min(threads, _MOST_PASSES)
        return cls("cpu", "int8", 1, passes, threads // passes)


def open_engine(
    model: Model, *, language: str, threads: int = 0, compute_type: str | None = None
) -> FasterWhisperEngine:
    """Open a Whisper model in CTranslate2's form, on a GPU where there is one.

    `compute_type` is one of CTranslate2's, such as "float32"; without it the one that does best there.
    """
    from tqdm import tqdm

    layout = Layout.of(with_gpus(this_machine()).gpus, threads or os.cpu_count() or 1)
    # Its own lock is one of the system's, which a worker that is killed leaves behind.
    tqdm.set_lock(threading.RLock())
    options = {
        "device": layout.device,
        "compute_type": compute_type or layout.compute_type,
        "cpu_threads": layout.threads,
        "num_workers": layout.passes,
        "local_files_only": True,
    }
    try:
        vocabulary = vocabulary_of(model.path) if language == TRIMMED_LANGUAGE else []
        kept = vietnamese_tokens(vocabulary) if gains_by_trimming(model.path, vocabulary) else None
        opened = _whole(model.path, options) if kept is None else _trimmed(model.path, vocabulary, kept, options)
    except (EngineError, ImportError):
        raise
    except Exception as error:  # tokenizers raises Exception itself for a file that it cannot read
        raise EngineError(f"the model cannot be opened ({error})", file=model.path) from error
    # Windows are heard beside each other: a pass of one has no use for more threads.
    decoders = Decoders(model.path, kept, threads=layout.threads)
    info = EngineInfo(NAME, model.name, model.model_sha256, language)
    return FasterWhisperEngine(opened, layout, info, decoders)


def _whole(folder: Path, options: Mapping[str, Any]) -> Any:
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), **options)


def _trimmed(folder: Path, vocabulary: Sequence[str], kept: Sequence[int], options: Mapping[str, Any]) -> Any:
    def opened(tokens: Sequence[int] | None) -> Any:
        # By files that are gone once it is opened: of weights given in memory CTranslate2 keeps a copy. In 8 bits
        # already, for rounding them itself it takes 265 MB more for a moment.
        try:
            with _folder() as made:
                in_8_bits = options["compute_type"] == "int8"
                write_model(folder, made, vocabulary, tokens, in_8_bits=in_8_bits)
                return _whole(made, options)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise EngineError(f"the model cannot be opened ({error})", file=folder) from error
            remedy = "Make room there, or name another folder for temporary files (TMPDIR)."
            raise EngineError("there is no room to open the model", file=Path(gettempdir()), remedy=remedy) from error

    model = opened(kept)
    language_id = vocabulary.index(f"<|{TRIMMED_LANGUAGE}|>")
    model.model = TrimmedWhisper(model.model, kept, language_id, lambda: opened(None).model)
    return model


@contextmanager
def _folder() -> Iterator[Path]:
    """A temporary folder for a model, gone afterwards; so are those of processes that were killed in opening one."""
    for left in Path(gettempdir()).glob(_FOLDER + "*"):
        with suppress(OSError):  # somebody else's, or gone meanwhile
            if time.time() - left.lstat().st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(left)
    with TemporaryDirectory(prefix=_FOLDER) as made:
        yield Path(made)


class FasterWhisperEngine:
    """Implements :class:`mediakit.speech.engine.Engine`, its `HearsTogether`,
    :class:`mediakit.speech.evidence.Judge` and :class:`mediakit.speech.languages.KnowsLanguages`."""

    def __init__(
        self, model: Any, layout: Layout, info: EngineInfo, decoders: Decoders, tongues: Tongues | None = None
    ) -> None:
        self._model, self._layout, self._info, self._decoders = model, layout, info, decoders
        self._tongues = tongues or Tongues(model)
        head = head_of(info.model_sha256, info.language)
        self._ear = WhisperEar(
            model, self._tongues, decoders, info.language, layout.together, generates=layout.device != "cpu", head=head
        )
        self._judge = WhisperJudge(model, self._tongues.of(info.language), decoders)
        self._gave_back_s = time.monotonic()
        #: For each language the engine that hears in it.
        self._family: dict[str, FasterWhisperEngine] = {info.language: self}

    @property
    def info(self) -> EngineInfo:
        """See :class:`mediakit.speech.engine.Engine`."""
        return self._info

    def together(self) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return self._layout.together

    def beside(self) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        return self._layout.passes

    def kind_of(self, window: Window) -> int:
        """See :class:`mediakit.speech.engine.HearsTogether`: how much room the window needs."""
        return room_of(window)

    def hear(self, window: Window) -> tuple[Word, ...]:
        """See :class:`mediakit.speech.engine.Engine`."""
        (heard,) = self._ear.hear([window])
        return heard.words

    def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
        """See :class:`mediakit.speech.engine.HearsTogether`."""
        heard = self._ear.hear(windows, tells=True)
        self._give_back()
        return heard

    def languages_of(self, window: Window) -> Mapping[str, float]:
        """See :class:`mediakit.speech.languages.KnowsLanguages`."""
        return self._ear.languages_of(window)

    def in_language(self, language: str) -> FasterWhisperEngine:
        """See :class:`mediakit.speech.languages.KnowsLanguages`."""
        if language not in self._family:
            other = FasterWhisperEngine(
                self._model, self._layout, replace(self._info, language=language), self._decoders, self._tongues
            )
            other._family = self._family
            self._family[language] = other
        return self._family[language]

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :class:`mediakit.speech.evidence.Judge`."""
        weighed = self._judge_of(window).weigh(window, texts)
        self._give_back()
        return weighed

    def _judge_of(self, window: Window) -> WhisperJudge:
        return (self.in_language(window.language) if window.language is not None else self)._judge

    def _give_back(self) -> None:
        """Passes leave holes of many megabytes behind: without this, memory grows with the length of the sound.

        After each pass it would cost a third of all page faults.
        """
        if time.monotonic() - self._gave_back_s > _GIVE_BACK_S:
            self._gave_back_s = time.monotonic()
            give_back_memory()
