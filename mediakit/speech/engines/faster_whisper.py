"""The default engine: Whisper by faster-whisper (CTranslate2), on one window at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from mediakit.errors import EngineError
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.engines.whisper_judge import WhisperJudge
from mediakit.speech.engines.words import LEAST_WORD_MS, LOOP_RATIO, clean_words
from mediakit.speech.evidence import Evidence
from mediakit.speech.models import Model
from mediakit.timeline import Word

NAME = "faster-whisper"
#: The same window must give the same words: one temperature, no sampling.
_OPTIONS = {
    "beam_size": 5,
    "temperature": [0.0],
    "condition_on_previous_text": False,
    "word_timestamps": True,
    "vad_filter": False,
}


def open_engine(model: Model, *, language: str, threads: int = 0) -> FasterWhisperEngine:
    """Open a Whisper model in CTranslate2's form, in 8-bit integers on a CPU."""
    from faster_whisper import WhisperModel
    from tqdm import tqdm

    # Its own lock is one of the system's, which a worker that is killed leaves behind.
    tqdm.set_lock(threading.RLock())
    try:
        opened = WhisperModel(
            str(model.path), device="auto", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
    except Exception as error:  # tokenizers raises Exception itself for a file that it cannot read
        raise EngineError(f"the model cannot be opened ({error})", file=model.path) from error
    return FasterWhisperEngine(opened, EngineInfo(NAME, model.name, model.model_sha256, language))


class FasterWhisperEngine:
    """Implements :class:`mediakit.speech.engine.Engine` and :class:`mediakit.speech.evidence.Judge`."""

    def __init__(self, model: Any, info: EngineInfo) -> None:
        self._model = model
        self._info = info
        self._judge = WhisperJudge(model, info.language)

    @property
    def info(self) -> EngineInfo:
        """See :class:`mediakit.speech.engine.Engine`."""
        return self._info

    def hear(self, window: Window) -> tuple[Word, ...]:
        """See :class:`mediakit.speech.engine.Engine`."""
        if window.end_ms - window.start_ms < LEAST_WORD_MS:
            return ()
        try:
            segments = self._transcribe(window)
            if any(segment.compression_ratio > LOOP_RATIO for segment in segments):
                segments = self._transcribe(window, no_repeat_ngram_size=3)
                segments = [s for s in segments if s.compression_ratio <= LOOP_RATIO]
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
        words = (word for segment in segments for word in segment.words or ())
        return tuple(clean_words(((w.word, w.start, w.end, w.probability) for w in words), window))

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :class:`mediakit.speech.evidence.Judge`."""
        return self._judge.weigh(window, texts)

    def _transcribe(self, window: Window, **more: object) -> list[Any]:
        segments, _ = self._model.transcribe(window.samples, language=self._info.language, **_OPTIONS, **more)
        return list(segments)
