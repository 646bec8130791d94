"""Weighs texts with a Whisper model in CTranslate2's form: encode a stretch once, score and time texts on it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLE_RATE
from mediakit.speech.decoder.decoder import Aligned, Decoder, Floats, WindowDecoder
from mediakit.speech.decoder.decoders import Decoders
from mediakit.speech.engine import Window
from mediakit.speech.engines.whisper_encoder import ALIGNMENT_FRAME_MS, encode, frames_of, room_for
from mediakit.speech.evidence import Evidence, WordEvidence

#: The encoder is given the stretch and a little silence, not 30 s: a 6 s stretch costs a tenth and scores the same.
_ROOM = {"silence": 50, "step": 100, "least": 200}
#: One impossible token must not outweigh a sentence; but a word that was not said must be seen to cost.
_FLOOR_NATS = math.log(1e-5)
#: A word that nothing leads to expect must not gain by being a little less improbable on any sound.
_PRIOR_FLOOR_NATS = math.log(1e-4)
_REMEMBERED = 4096
#: So many windows are at hand, of 1.3 MB a second: other texts are asked about on the same one.
_AT_HAND = 3


class WhisperJudge:
    """Implements :class:`mediakit.speech.evidence.Judge` on a `faster_whisper.WhisperModel`.

    Keeps the scores of texts on no speech (they depend on the text alone), and the last windows. The encoder is
    CTranslate2's; `decoders` open the decoder apart once texts are to be scored.
    """

    def __init__(self, model: Any, tokenizer: Any, decoders: Decoders) -> None:
        self._model, self._tokenizer, self._lock = model, tokenizer, Lock()
        self._decoders = decoders
        #: That which was asked about last at the end.
        self._looked_at: list[_Encoded] = []
        #: For each decoder that was asked, it on no speech, and what it gave for texts there.
        self._nothing: dict[Decoder, WindowDecoder] = {}
        self._prior: OrderedDict[tuple[Decoder, str], NDArray[np.float64]] = OrderedDict()
        self._lengths: dict[str, int] = {}

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`."""
        if not texts:
            return ()
        tokens = [[*self._tokens(text), self._tokenizer.eot] for text in texts]
        try:
            decoder = self._decoder(tokens)
            priors = self._priors(decoder, texts, tokens)
            found = self._on(decoder, window).align(tokens, frames_of(window.samples) // 2, end=self._tokenizer.eot)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the model could not weigh a text ({error})") from error
        return tuple(
            self._evidence(window, text, one, prior) for text, one, prior in zip(texts, found, priors, strict=True)
        )

    def _length(self, word: str) -> int:
        """How many tokens a word has."""
        if word not in self._lengths:
            if len(self._lengths) >= _REMEMBERED:
                self._lengths.clear()
            self._lengths[word] = len(self._tokenizer.encode(" " + word))
        return self._lengths[word]

    def _tokens(self, text: str) -> list[int]:
        tokens: list[int] = self._tokenizer.encode(" " + " ".join(text.split()))
        return tokens

    @property
    def _prompt(self) -> list[int]:
        return [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]

    def _decoder(self, texts: Sequence[Sequence[int]]) -> Decoder:
        """One decoder for all of the texts."""
        return self._decoders.of(token for text in (self._prompt, *texts) for token in text)

    def _on(self, decoder: Decoder, window: Window) -> WindowDecoder:
        return self._encoded(window).asked(decoder, self._prompt)

    def _encoded(self, window: Window) -> _Encoded:
        """A window, encoded; the last of them are at hand, for what asks once about a window asks again."""
        with self._lock:
            for i, known in enumerate(self._looked_at):
                if _is_same(known.window, window):
                    self._looked_at.append(self._looked_at.pop(i))
                    return known
        values = np.asarray(encode(self._model, window, room_for(window.samples, **_ROOM)), dtype=np.float32)[0]
        found = _Encoded(window, values)
        with self._lock:
            self._looked_at = [*self._looked_at[1 - _AT_HAND :], found]
        return found

    def _priors(
        self, decoder: Decoder, texts: Sequence[str], tokens: Sequence[Sequence[int]]
    ) -> list[NDArray[np.float64]]:
        """Log probabilities of each text's tokens on no speech. Texts are weighed in several threads."""
        keys = [(decoder, text) for text in texts]
        if decoder not in self._nothing:
            self._nothing[decoder] = self._on(decoder, _no_speech())
        with self._lock:
            known = {key: self._prior[key] for key in keys if key in self._prior}
        new = {key: text for key, text in zip(keys, tokens, strict=True) if key not in known}
        learnt = self._nothing[decoder].align(list(new.values()), 0, end=self._tokenizer.eot)
        for key, one in zip(new, learnt, strict=True):
            known[key] = np.maximum(one.scores[:-1], _PRIOR_FLOOR_NATS)
        with self._lock:
            for key in keys:
                self._prior[key] = known[key]
                self._prior.move_to_end(key)
            while len(self._prior) > _REMEMBERED:
                self._prior.popitem(last=False)
        return [known[key] for key in keys]

    def _evidence(self, window: Window, text: str, aligned: Aligned, prior: NDArray[np.float64]) -> Evidence:
        gains = np.maximum(aligned.scores[:-1], _FLOOR_NATS) - prior
        edges = [window.start_ms + frame * ALIGNMENT_FRAME_MS for frame in aligned.frames]
        words, first = [], 0
        for word in text.split():
            last = min(first + self._length(word), len(gains))
            # What else is weighed in the same pass shows in the last digits; it must not show in results.
            gain = round(float(gains[first:last].sum()), 4)
            words.append(WordEvidence(edges[first], edges[last], gain, last - first))
            first = last
        return Evidence(tuple(words))


class _Encoded:
    """A window as the encoder gives it, and the decoders on it, once each."""

    def __init__(self, window: Window, values: Floats) -> None:
        self.window, self._values = window, values
        self._asked: dict[Decoder, WindowDecoder] = {}

    def asked(self, decoder: Decoder, prompt: Sequence[int]) -> WindowDecoder:
        """A decoder on it."""
        if decoder not in self._asked:
            self._asked[decoder] = decoder.on(self._values, prompt)
        return self._asked[decoder]


def _is_same(one: Window, other: Window) -> bool:
    """Whether two windows have the same sound; it may be of two media."""
    return one.start_ms == other.start_ms and np.array_equal(one.samples, other.samples)


def _no_speech() -> Window:
    """Faint noise rather than zeros: true silence is nothing Whisper was trained on."""
    return Window(0, np.random.default_rng(0).normal(0, 1e-3, 4 * SAMPLE_RATE).astype(np.float32))
