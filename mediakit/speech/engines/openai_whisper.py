"""The reference engine: openai-whisper, in float32, on the same verified weights as the default engine."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mediakit.errors import EngineError, UsageError
from mediakit.speech.ctc.head import head_of
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.engines.ct2_weights import layers, read_variables, whisper_state
from mediakit.speech.engines.torch_judge import TorchJudge
from mediakit.speech.engines.whisper_languages import require_whisper_language
from mediakit.speech.engines.words import LEAST_HEARD_MS, LOOP_RATIO, clean_words, whole_words
from mediakit.speech.evidence import Evidence
from mediakit.speech.models import Model
from mediakit.timeline import Word

NAME = "whisper"
#: The most tokens that a window may have: a loop goes on to 224 of them whatever the window's length. The clips of
#: `../shared/speech` have 6.3 tokens a second (median of 117) and 10.0 at most, with the two of time.
_TOKENS_PER_SECOND, _TOKENS_BESIDES = 12, 16
#: Half of the decoder's context, as in Whisper: the other half is for a prompt.
_MOST_TOKENS = 224


def open_engine(model: Model, *, language: str, threads: int = 0) -> OpenAIWhisperEngine:
    """Open a Whisper model in CTranslate2's form as openai-whisper's module."""
    import torch

    if threads:
        torch.set_num_threads(threads)
    try:
        opened = _load(model)
    except (LookupError, TypeError, ValueError, RuntimeError, OSError) as error:
        raise EngineError(f"the model cannot be opened ({error})", file=model.path) from error
    _require_language(opened, language)
    return OpenAIWhisperEngine(opened, EngineInfo(NAME, model.name, model.model_sha256, language))


def _load(model: Model) -> Any:
    import torch
    from whisper.model import ModelDimensions, Whisper

    variables = read_variables(model.path / "model.bin")
    vocabulary, width = variables["decoder/embeddings/weight"].shape
    dimensions = ModelDimensions(
        n_mels=variables["encoder/conv1/weight"].shape[1],
        n_audio_ctx=variables["encoder/position_encodings/encodings"].shape[0],
        n_audio_state=width,
        n_audio_head=int(variables["encoder/num_heads"]),
        n_audio_layer=layers(variables, "encoder"),
        n_vocab=vocabulary,
        n_text_ctx=variables["decoder/position_encodings/encodings"].shape[0],
        n_text_state=width,
        n_text_head=int(variables["decoder/num_heads"]),
        n_text_layer=layers(variables, "decoder"),
    )
    opened = Whisper(dimensions)
    state = {name: torch.from_numpy(value.copy()) for name, value in whisper_state(variables).items()}
    # Nothing may be missing or left over but what the module computes for itself.
    missing, unexpected = opened.load_state_dict(state, strict=False)
    left = [name for name in missing if "mask" not in name and "alignment_heads" not in name]
    if left or unexpected:
        raise ValueError(f"weights do not fit: missing {left[:3]}, unexpected {unexpected[:3]}")
    heads = torch.zeros(dimensions.n_text_layer, dimensions.n_text_head, dtype=torch.bool)
    for layer, head in json.loads((model.path / "config.json").read_text(encoding="utf-8"))["alignment_heads"]:
        heads[layer, head] = True
    opened.register_buffer("alignment_heads", heads.to_sparse(), persistent=False)
    return opened.eval()


class OpenAIWhisperEngine:
    """Implements :class:`mediakit.speech.engine.Engine` and its `HasCtcHead`,
    :class:`mediakit.speech.evidence.Judge` and :class:`mediakit.speech.languages.KnowsLanguages`."""

    def __init__(self, model: Any, info: EngineInfo) -> None:
        self._model = model
        self._info = info
        self._judge, self._head = TorchJudge(model, info.language), head_of(info.model_sha256, info.language)
        #: For each language the engine that hears in it.
        self._family: dict[str, OpenAIWhisperEngine] = {info.language: self}

    @property
    def info(self) -> EngineInfo:
        """See :class:`mediakit.speech.engine.Engine`."""
        return self._info

    def hear(self, window: Window) -> tuple[Word, ...]:
        """See :class:`mediakit.speech.engine.Engine`."""
        if window.end_ms - window.start_ms < LEAST_HEARD_MS:
            return ()
        import whisper

        try:
            with warnings.catch_warnings():
                # It says that there is no GPU kernel for word times; the CPU's gives the same.
                warnings.simplefilter("ignore")
                heard = whisper.transcribe(
                    self._model,
                    window.samples,
                    language=window.language or self._info.language,
                    temperature=0.0,
                    beam_size=5,
                    condition_on_previous_text=False,
                    word_timestamps=True,
                    sample_len=most_tokens(window),
                    fp16=False,
                    verbose=None,
                )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
        return tuple(clean_words(whole_words(_found(heard)), window))

    def languages_of(self, window: Window) -> Mapping[str, float]:
        """See :class:`mediakit.speech.languages.KnowsLanguages`."""
        from whisper.audio import log_mel_spectrogram, pad_or_trim

        if not self._model.is_multilingual:
            return {"en": 1.0}
        try:
            mel = log_mel_spectrogram(pad_or_trim(window.samples), self._model.dims.n_mels)
            _, (probabilities,) = self._model.detect_language(mel.unsqueeze(0))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
        return dict(probabilities)

    def in_language(self, language: str) -> OpenAIWhisperEngine:
        """See :class:`mediakit.speech.languages.KnowsLanguages`."""
        if language not in self._family:
            _require_language(self._model, language)
            other = OpenAIWhisperEngine(self._model, replace(self._info, language=language))
            other._family = self._family
            self._family[language] = other
        return self._family[language]

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :class:`mediakit.speech.evidence.Judge`."""
        return self._judge_of(window).weigh(window, texts)

    def ctc(self, window: Window) -> bytes:
        """See :class:`mediakit.speech.engine.HasCtcHead`; empty where the model has none."""
        return self._judge.ctc(window, self._head) if self._head is not None and len(window.samples) else b""

    def _judge_of(self, window: Window) -> TorchJudge:
        return (self.in_language(window.language) if window.language is not None else self)._judge


def _require_language(model: Any, language: str) -> None:
    """Refuse a language that a model has no token of.

    Raises
    ------
    UsageError
        If it has none.
    """
    from whisper.tokenizer import LANGUAGES

    require_whisper_language(language)
    if language not in list(LANGUAGES)[: model.num_languages]:
        raise UsageError(f"the model knows no language {language!r}", remedy="Give another model or language.")


def most_tokens(window: Window) -> int:
    """How many tokens there may be in a window: no one speaks faster.

    >>> import numpy as np
    >>> most_tokens(Window(0, np.zeros(32_000, np.float32))), most_tokens(Window(0, np.zeros(448_000, np.float32)))
    (40, 224)
    """
    return min(_MOST_TOKENS, _TOKENS_BESIDES + _TOKENS_PER_SECOND * (window.end_ms - window.start_ms) // 1000)


def _found(heard: Mapping[str, Any]) -> Iterator[tuple[str, float, float, float]]:
    for segment in heard["segments"]:
        if segment["compression_ratio"] > LOOP_RATIO:
            continue
        for word in segment.get("words", ()):
            yield word["word"], word["start"], word["end"], word["probability"]
