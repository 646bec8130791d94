"""Weighs texts with a Whisper model in CTranslate2's form: encode a stretch once, score and time texts on it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLE_RATE
from mediakit.speech.decoder.decoders import Decoders
from mediakit.speech.engine import Window
from mediakit.speech.engines.whisper_encoder import ALIGNMENT_FRAME_MS, encode, frames_of, room_for, token_frames
from mediakit.speech.evidence import LEAST_TOKEN_NATS, Evidence, WordEvidence

#: The encoder is given the stretch and a little silence, not 30 s: a 6 s stretch costs a tenth and scores the same.
_ROOM = {"silence": 50, "step": 100, "least": 200}
#: One impossible token must not outweigh a sentence; but a word that was not said must be seen to cost.
_FLOOR = 1e-5
#: A word that nothing leads to expect must not gain by being a little less improbable on any sound.
_PRIOR_FLOOR = 1e-4
_REMEMBERED = 4096
#: So many tokens share a pass: of each there is a probability for every token that there is, 200 kB.
_MOST_TOKENS = 128


class WhisperJudge:
    """Implements :class:`mediakit.speech.evidence.Judge` on a `faster_whisper.WhisperModel`.

    Keeps the scores of texts on no speech (they depend on the text alone); nothing of any sound. `decoders`
    open the model's decoder apart once texts are to be scored: CTranslate2 takes five times as long for it.
    """

    def __init__(self, model: Any, tokenizer: Any, decoders: Decoders) -> None:
        self._model, self._tokenizer, self._lock = model, tokenizer, Lock()
        self._decoders = decoders
        # Faint noise rather than zeros: true silence is nothing Whisper was trained on.
        noise = np.random.default_rng(0).normal(0, 1e-3, 4 * SAMPLE_RATE).astype(np.float32)
        self._nothing = self._encode(Window(0, noise))
        self._prior: OrderedDict[str, NDArray[np.float64]] = OrderedDict()

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`."""
        if not texts:
            return ()
        try:
            priors = self._priors(texts)
            results = self._align(self._encode(window), [self._tokens(text) for text in texts])
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the model could not weigh a text ({error})") from error
        found = zip(texts, results, priors, strict=True)
        return tuple(self._evidence(window, text, result, prior) for text, result, prior in found)

    def scores(self, window: Window, texts: Sequence[str]) -> list[float]:
        """See :meth:`mediakit.speech.evidence.Judge.scores`."""
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        tokens = [[*(self._tokens(text) if text else []), self._tokenizer.eot] for text in texts]
        decoder = self._decoders.of(token for text in (prompt, *tokens) for token in text)
        output, _ = self._encode(window)
        try:
            scored = decoder.on(np.asarray(output, dtype=np.float32)[0], prompt).score(tokens)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the model could not score a text ({error})") from error
        return [round(float(np.maximum(one, LEAST_TOKEN_NATS).sum()), 4) for one in scored]

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(" " + " ".join(text.split()))
        return tokens

    def _encode(self, window: Window) -> tuple[Any, int]:
        """Encoder output of shape (1, frames / 2, width), and the number of frames with sound."""
        return encode(self._model, window, room_for(window.samples, **_ROOM)), frames_of(window.samples)

    def _align(self, encoded: tuple[Any, int], tokens: list[list[int]]) -> list[Any]:
        import ctranslate2

        output, frames = encoded
        start, results = list(self._tokenizer.sot_sequence), list[Any]()
        for part in _passes(tokens):
            several = output
            if len(part) > 1:
                repeated = np.repeat(np.array(output), len(part), axis=0)
                several = ctranslate2.StorageView.from_array(np.ascontiguousarray(repeated))
            results += self._model.model.align(several, start, part, [frames] * len(part))
        return results

    def _priors(self, texts: Sequence[str]) -> list[NDArray[np.float64]]:
        """Log probabilities of each text's tokens on no speech. Texts are weighed in several threads."""
        new = [text for text in dict.fromkeys(texts) if text not in self._prior]
        learnt = self._align(self._nothing, [self._tokens(t) for t in new]) if new else []
        with self._lock:
            for text, result in zip(new, learnt, strict=True):
                self._prior[text] = _log_probabilities(result, _PRIOR_FLOOR)
            known = [self._prior[text] for text in texts]
            for text in texts:
                self._prior.move_to_end(text)
            while len(self._prior) > max(_REMEMBERED, len(texts)):
                self._prior.popitem(last=False)
        return known

    def _evidence(self, window: Window, text: str, result: Any, prior: NDArray[np.float64]) -> Evidence:
        gains = _log_probabilities(result, _FLOOR) - prior
        edges = [frame * ALIGNMENT_FRAME_MS for frame in token_frames(result.alignments, len(gains))]
        words, first = [], 0
        for word in text.split():
            count = len(self._tokenizer.encode(" " + word))
            last = min(first + count, len(gains))
            start, end = window.start_ms + edges[first], window.start_ms + edges[last]
            # What else is weighed in the same pass shows in the last digits; it must not show in results.
            gain = round(float(gains[first:last].sum()), 4)
            words.append(WordEvidence(start, max(start, end), gain, last - first))
            first = last
        return Evidence(tuple(words))


def _passes(tokens: Sequence[list[int]]) -> Iterator[list[list[int]]]:
    """The texts in passes of not too many tokens, padded to the longest; one text at least.

    >>> [len(one) for one in _passes([[1] * 50, [1] * 40, [1] * 60, [1] * 300, [1]])]
    [2, 1, 1, 1]
    """
    part: list[list[int]] = []
    for text in tokens:
        if part and max(map(len, (*part, text))) * (len(part) + 1) > _MOST_TOKENS:
            yield part
            part = []
        part.append(text)
    if part:
        yield part


def _log_probabilities(result: Any, floor: float) -> NDArray[np.float64]:
    values: NDArray[np.float64] = np.log(np.maximum(np.asarray(result.text_token_probs, dtype=np.float64), floor))
    return values
