"""Zipformer transducers and CTC models by sherpa-onnx: no decoder of text behind the sound, and a fraction of the work.

They hear what is said, mostly in capitals and without punctuation, and cannot weigh a given text.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLE_RATE
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.engines.pieces import Spelling, Token, words_of
from mediakit.speech.engines.sherpa_form import Vocabulary, require_ctc, require_transducer
from mediakit.speech.engines.words import LEAST_WORD_MS, clean_words
from mediakit.speech.models import Model
from mediakit.timeline import Word

NAME = "sherpa"
#: Zipformer's first layers need nine frames of 10 ms to give one (icefall, `zipformer/subsampling.py`), and no
#: syllable is shorter.
_LEAST_WINDOW_MS = 100
#: sherpa-onnx gives no probabilities for CTC models: neither sure nor unsure, as where the sound says nothing.
_UNKNOWN_SCORE = 0.5
#: More threads than this gain nothing on a window (as CTranslate2's default).
_MOST_THREADS = 4


def open_engine(model: Model, *, language: str, threads: int = 0) -> SherpaEngine:
    """Open a model of the form "sherpa-transducer" or "sherpa-ctc", after a look at its files.

    Raises
    ------
    ModelCorrupt
        If the files are not such a model.
    EngineError
        If sherpa-onnx cannot open it.
    """
    import sherpa_onnx

    options = {
        "num_threads": threads or min(_MOST_THREADS, os.cpu_count() or 1),
        "provider": _provider(),
        "decoding_method": "greedy_search",  # deterministic; gives probabilities
    }
    files = {name: str(path) for name, path in model.files.items()}
    make = sherpa_onnx.OfflineRecognizer
    vocabulary: Vocabulary
    try:
        if model.form == "sherpa-transducer":
            vocabulary = require_transducer(model.files)
            recognizer = make.from_transducer(**files, **options)
        else:
            family, vocabulary = require_ctc(model.files)
            open_ctc = make.from_nemo_ctc if family == "nemo" else make.from_zipformer_ctc
            recognizer = open_ctc(**files, **options)
    except (RuntimeError, LookupError, TypeError, ValueError) as error:
        raise EngineError(f"the model cannot be opened ({error})", file=model.path) from error
    return SherpaEngine(recognizer, vocabulary, EngineInfo(NAME, model.name, model.model_sha256, language))


def _provider() -> str:
    """Where it runs: builds for CUDA say so in their version (`1.12.0+cuda12.cudnn9`); all others would warn."""
    return "cuda" if "cuda" in version("sherpa-onnx") else "cpu"


class SherpaEngine:
    """Implements :class:`mediakit.speech.engine.Engine`."""

    def __init__(self, recognizer: Any, vocabulary: Vocabulary, info: EngineInfo) -> None:
        self._recognizer = recognizer
        self._spelling = Spelling.of(vocabulary.symbols.values())
        self._info = info

    @property
    def info(self) -> EngineInfo:
        """See :class:`mediakit.speech.engine.Engine`."""
        return self._info

    def hear(self, window: Window) -> tuple[Word, ...]:
        """See :class:`mediakit.speech.engine.Engine`."""
        length_ms = window.end_ms - window.start_ms
        if length_ms < _LEAST_WINDOW_MS:
            return ()
        try:
            stream = self._recognizer.create_stream()  # one for each window: it holds all state there is
            stream.accept_waveform(SAMPLE_RATE, window.samples)
            self._recognizer.decode_stream(stream)
            result = stream.result
            tokens = _tokens(result.tokens, result.timestamps, result.ys_log_probs, (length_ms - LEAST_WORD_MS) / 1000)
        except (RuntimeError, LookupError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
        return tuple(clean_words(words_of(tokens, self._spelling), window))


def _tokens(texts: Sequence[str], times_s: Sequence[float], logs: Sequence[float], latest_s: float) -> list[Token]:
    """Tokens with their probabilities; the last frame of a padded network may lie behind the sound.

    Raises
    ------
    ValueError
        If there are not as many times as tokens.
    """
    known = len(logs) == len(texts)
    scores = [math.exp(min(0.0, log)) for log in logs] if known else [_UNKNOWN_SCORE] * len(texts)
    return [
        Token(text, min(start_s, latest_s), score) for text, start_s, score in zip(texts, times_s, scores, strict=True)
    ]
