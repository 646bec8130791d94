"""Weighs texts with a Whisper model in CTranslate2's form: encode a stretch once, score and time texts on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, WordEvidence

# Whisper: a feature frame is 10 ms, an encoder (and alignment) frame 20 ms (Radford et al. 2022, section 2.2).
_HOP = 160
_ALIGNMENT_FRAME_MS = 20
#: The encoder is given the stretch and a little silence, not 30 s: a 6 s stretch costs a tenth and scores the same.
_FRAMES_STEP, _FRAMES_MARGIN, _FRAMES_LEAST = 100, 50, 200
#: One impossible token must not outweigh a sentence; but a word that was not said must be seen to cost.
_FLOOR = 1e-5
#: A word that nothing leads to expect must not gain by being a little less improbable on any sound.
_PRIOR_FLOOR = 1e-4
_REMEMBERED = 4096


class WhisperJudge:
    """Implements :class:`mediakit.speech.evidence.Judge` on a `faster_whisper.WhisperModel`.

    Keeps the scores of texts on no speech (they depend on the text alone); nothing of any sound.
    """

    def __init__(self, model: Any, language: str) -> None:
        from faster_whisper.tokenizer import Tokenizer

        self._model = model
        self._tokenizer = Tokenizer(
            model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
        )
        # Faint noise rather than zeros: true silence is nothing Whisper was trained on.
        noise = np.random.default_rng(0).normal(0, 1e-3, 4 * SAMPLE_RATE).astype(np.float32)
        self._nothing = self._encode(noise)
        self._prior: OrderedDict[str, NDArray[np.float64]] = OrderedDict()

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`."""
        if not texts:
            return ()
        try:
            self._learn_priors(texts)
            results = self._align(self._encode(window.samples), [self._tokens(text) for text in texts])
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the model could not weigh a text ({error})") from error
        return tuple(self._evidence(window, text, result) for text, result in zip(texts, results, strict=True))

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(" " + " ".join(text.split()))
        return tokens

    def _encode(self, samples: Samples) -> tuple[Any, int]:
        """Encoder output of shape (1, frames / 2, width), and the number of frames with sound."""
        frames = max(1, len(samples) // _HOP)
        room = max(_FRAMES_LEAST, -(-(frames + _FRAMES_MARGIN) // _FRAMES_STEP) * _FRAMES_STEP)
        features = self._model.feature_extractor(samples)[:, :room]
        if features.shape[1] < room:
            short = room - features.shape[1]
            features = np.pad(features, ((0, 0), (0, short)), constant_values=features.min())
        return self._model.encode(features), frames

    def _align(self, encoded: tuple[Any, int], tokens: list[list[int]]) -> list[Any]:
        import ctranslate2

        output, frames = encoded
        if len(tokens) > 1:
            repeated = np.repeat(np.array(output), len(tokens), axis=0)
            output = ctranslate2.StorageView.from_array(np.ascontiguousarray(repeated))
        start = list(self._tokenizer.sot_sequence)
        results: list[Any] = self._model.model.align(output, start, tokens, [frames] * len(tokens))
        return results

    def _learn_priors(self, texts: Sequence[str]) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._prior]
        if new:
            for text, result in zip(new, self._align(self._nothing, [self._tokens(t) for t in new]), strict=True):
                self._prior[text] = _log_probabilities(result, _PRIOR_FLOOR)
        for text in texts:
            self._prior.move_to_end(text)
        while len(self._prior) > max(_REMEMBERED, len(texts)):
            self._prior.popitem(last=False)

    def _evidence(self, window: Window, text: str, result: Any) -> Evidence:
        gains = _log_probabilities(result, _FLOOR) - self._prior[text]
        edges = _token_times_ms(result.alignments, len(gains))
        words, first = [], 0
        for word in text.split():
            count = len(self._tokenizer.encode(" " + word))
            last = min(first + count, len(gains))
            start, end = window.start_ms + edges[first], window.start_ms + edges[last]
            words.append(WordEvidence(start, max(start, end), float(gains[first:last].sum()), last - first))
            first = last
        return Evidence(tuple(words))


def _log_probabilities(result: Any, floor: float) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.log(np.maximum(np.asarray(result.text_token_probs, dtype=np.float64), floor))
    return values


def _token_times_ms(alignments: Sequence[tuple[int, int]], count: int) -> list[int]:
    """Where each of `count` tokens begins, and where the last ends, on the path of (token, frame) pairs."""
    starts: dict[int, int] = {}
    for token, frame in alignments:
        starts.setdefault(token, frame)
    last = max((frame for _, frame in alignments), default=0)
    times = [starts.get(i, last) for i in range(count + 1)]
    return [int(t) * _ALIGNMENT_FRAME_MS for t in np.maximum.accumulate(times)]
