"""A mixture of language models, weighted for a stretch of speech by what is heard in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mediakit.language_model.article import ArticleNGram
from mediakit.language_model.ngram import NGram, contexts_of
from mediakit.language_model.trie import Ids, LogProbs

Weights = NDArray[np.float64]

#: So many words is what is thought before anything is heard worth, in all.
PRIOR_WORDS = 4.0
_ROUNDS, _SETTLED = 100, 1e-6


class LanguageModel(Protocol):
    """log P(word | words before it), in nats, over ids that several models share."""

    @property
    def order(self) -> int:
        """One more than the words before that make a difference."""
        ...

    def log_probs_after(self, contexts: Ids, words: Ids) -> LogProbs:
        """The log probability (nats) of each of `words` (N,) after its context (N, C), the nearest word last."""
        ...


def estimated(log_probs: NDArray[np.floating], prior: Sequence[float], prior_words: float = PRIOR_WORDS) -> Weights:
    """The weights of models, shape (K,), that sum to 1, from their log probabilities (nats) of words, shape (N, K).

    Expectation maximisation (Dempster, Laird & Rubin 1977; Jelinek & Mercer 1980) to the most probable weights under a
    Dirichlet prior: as if `prior_words` words more had been heard, divided as `prior` says. Without words, the prior.

    >>> estimated(np.log([[0.1, 0.2]] * 50), prior=(0.5, 0.5)).round(2)
    array([0.07, 0.93])
    """
    pseudo: Weights = np.asarray(prior, dtype=np.float64) / np.sum(prior) * prior_words
    weights: Weights = pseudo / pseudo.sum()
    if not len(log_probs):
        return weights
    best = log_probs.max(axis=1, keepdims=True)
    probs = np.exp(log_probs - np.where(np.isfinite(best), best, 0)).astype(np.float64)
    for _ in range(_ROUNDS):
        joint = probs * weights
        total = joint.sum(axis=1, keepdims=True)
        share = joint / np.where(total > 0, total, 1)
        after: Weights = share.sum(axis=0) + pseudo
        after /= after.sum()
        if np.abs(after - weights).max() < _SETTLED:
            return after
        weights = after
    return weights


@dataclass(frozen=True, eq=False)
class Mixture:
    """Several models as one: their probabilities, added up by `weights`, which sum to 1."""

    models: tuple[LanguageModel, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.weights) != len(self.models) or not self.models:
            raise ValueError(f"{len(self.weights)} weights for {len(self.models)} models")
        if min(self.weights) < 0 or abs(sum(self.weights) - 1) > 1e-6:
            raise ValueError(f"weights {self.weights} are no shares of 1")

    @property
    def order(self) -> int:
        """One more than the words before that make a difference."""
        return max(model.order for model in self.models)

    def fitted(self, texts: Sequence[Ids], begin: bool = True) -> Mixture:
        """The mixture with weights estimated for a stretch from texts heard in it; its own are the prior."""
        return Mixture(self.models, tuple(estimated(self._components_of(texts, begin), self.weights).tolist()))

    def log_probs(self, ids: Ids, begin: bool = True) -> LogProbs:
        """The log probability (nats) of each word of a text given all before it."""
        return self.log_probs_after(contexts_of(ids, self.order, begin), ids)

    def log_probs_of(self, texts: Sequence[Ids], begin: bool = True) -> list[LogProbs]:
        """:meth:`log_probs` of many texts at once; what they have in common is looked up once."""
        if not texts:
            return []
        contexts = np.concatenate([contexts_of(ids, self.order, begin) for ids in texts])
        asked = np.concatenate((contexts, np.concatenate(texts)[:, np.newaxis]), axis=1)
        each, places = np.unique(asked, axis=0, return_inverse=True)
        found = self.log_probs_after(each[:, :-1], each[:, -1])[places.reshape(-1)]
        return np.split(found, np.cumsum([len(ids) for ids in texts])[:-1])

    def log_probs_after(self, contexts: Ids, words: Ids) -> LogProbs:
        """The log probability (nats) of each of `words` (N,) after its context (N, C), the nearest word last."""
        return self._added_up(self.components_after(contexts, words))

    def components_after(self, contexts: Ids, words: Ids) -> LogProbs:
        """What each model says of each of `words`, shape (N, K), in nats."""
        # What an article's n-gram leaves to the general one is looked up once for all.
        general = {id(m): m.log_probs_after(contexts, words) for m in self.models if isinstance(m, NGram)}
        found: list[LogProbs] = []
        for model in self.models:
            if isinstance(model, ArticleNGram) and id(model.general) in general:
                found.append(model.added_to(general[id(model.general)], contexts, words))
            else:
                found.append(general[id(model)] if id(model) in general else model.log_probs_after(contexts, words))
        return np.stack(found, axis=1)

    def _added_up(self, components: LogProbs) -> LogProbs:
        with np.errstate(divide="ignore"):
            weighted = components + np.log(np.array(self.weights))
        result: LogProbs = np.logaddexp.reduce(weighted, axis=1).astype(np.float32)
        return result

    def _components_of(self, texts: Sequence[Ids], begin: bool) -> LogProbs:
        parts = [self.components_after(contexts_of(ids, self.order, begin), ids) for ids in texts if len(ids)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.models)), dtype=np.float32)
