"""What the sound says for a text: the question that grounding asks of an engine.

The model's score of a text on a stretch of sound means little by itself: fluent text scores well on anything.
What counts is the gain: log p(text | sound) less log p(text | no speech), the pointwise mutual information of
text and sound (Church & Hanks 1990), for each token. On 117 clips with their own text and twelve other texts of
fitting length each, the mean gain was at least 0.40 for 116 of the true texts (0.24 for one) and never over 0.22 for
another; on 59 of them the best contrast with five decoys let 2 % of the others through to find 90 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.engine import Window

#: One impossible token must not outweigh a sentence.
LEAST_TOKEN_NATS = -7.0


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """One word of a text: `gain` in nats summed over its `tokens`, and where the model puts it in the media."""

    start_ms: int
    end_ms: int
    gain: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the sound of a window says for one text, word by word (words are what spaces part)."""

    words: tuple[WordEvidence, ...]

    @property
    def gain(self) -> float:
        """Nats over all words."""
        return sum(word.gain for word in self.words)

    @property
    def mean_gain(self) -> float:
        """Nats a token; 0 for a text without tokens."""
        tokens = sum(word.tokens for word in self.words)
        return self.gain / tokens if tokens else 0.0


def by_words(nats: NDArray[np.float64], ends: Sequence[int]) -> tuple[float, ...]:
    """The log probabilities of a text's tokens, the last its end, as those of its words (which end so) and the end."""
    least = np.maximum(nats, LEAST_TOKEN_NATS)
    # What else is scored in the same pass shows in the last digits; it must not show in results.
    edges = [0, *ends[:-1], len(least) - 1] if ends else [0]
    return (*(round(float(least[a:b].sum()), 4) for a, b in pairwise(edges)), round(float(least[-1]), 4))


@runtime_checkable
class Judge(Protocol):
    """An engine that can weigh and score given texts on a window, all texts in one pass."""

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """The evidence for each of `texts`, none of them empty, in the sound of `window` (at most 30 s).

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """

    def scores(self, window: Window, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """log P(text | sound), in nats, of each of `texts` as all that is said in `window` (at most 30 s), by words.

        The last item is that of the text's end: else leaving out the last words would cost nothing. No token of a text
        counts for less than :data:`LEAST_TOKEN_NATS`. These compare texts of one window; what a text says of the sound
        beyond what is likely anyway is what :meth:`weigh` gives.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """

    def ctc_log_probs(self, window: Window, texts: Sequence[Sequence[str]]) -> list[float]:
        """log P(syllables | sound), in nats, of each of `texts` as all that is said in `window`, by the CTC head.

        All are 0 where the model has none (:mod:`mediakit.speech.ctc.head`).

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
