"""How likely a word is by its letters: the share of a word that no vocabulary has, among all words that could be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

#: A letter that is not in the alphabet is one of this many characters, each as likely (Unicode's code space).
_CHARACTERS = 0x110000
#: Added to each count of two letters, so that none is impossible.
_ADDED = 0.05


@dataclass(frozen=True, eq=False)
class Spelling:
    """A bigram of letters.

    `alphabet` has A distinct characters. `log_prob` (nats) has shape (A + 2, A + 2): a row for what is before (a
    letter, any other character, nothing), a column for what comes (a letter, any other character, the end of the word).
    Each row's probabilities sum to 1, hence so do those of all strings.
    """

    alphabet: str
    log_prob: NDArray[np.float32]

    def __post_init__(self) -> None:
        size = len(self.alphabet) + 2
        if len(set(self.alphabet)) != len(self.alphabet):
            raise ValueError("a letter stands twice in the alphabet")
        if self.log_prob.shape != (size, size):
            raise ValueError(f"letters' log probabilities have shape {self.log_prob.shape}, not {(size, size)}")

    @classmethod
    def of(cls, counts: Mapping[str, int], letters: int = 120) -> Spelling:
        """The spelling of words by their counts; the alphabet is the `letters` most frequent characters."""
        seen: dict[str, int] = {}
        for word, count in counts.items():
            for character in word:
                seen[character] = seen.get(character, 0) + count
        alphabet = "".join(sorted(sorted(seen, key=lambda c: (-seen[c], c))[:letters]))
        empty = cls(alphabet, np.zeros((len(alphabet) + 2, len(alphabet) + 2), dtype=np.float32))
        pairs = np.full(empty.log_prob.shape, _ADDED)
        for word, count in counts.items():
            before, after = empty._pairs(word)
            np.add.at(pairs, (before, after), count)
        return cls(alphabet, np.log(pairs / pairs.sum(axis=1, keepdims=True)).astype(np.float32))

    def log_probs(self, words: Iterable[str]) -> NDArray[np.float32]:
        """The log probability (nats) of each of `words` among all strings."""
        return np.array([self._log_prob(word) for word in words], dtype=np.float32)

    def _log_prob(self, word: str) -> float:
        before, after = self._pairs(word)
        others = after.count(len(self.alphabet))
        return float(self.log_prob[before, after].sum()) - others * math.log(_CHARACTERS)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {letter: place for place, letter in enumerate(self.alphabet)}

    def _pairs(self, word: str) -> tuple[list[int], list[int]]:
        other, edge = len(self.alphabet), len(self.alphabet) + 1
        places = [self._places.get(letter, other) for letter in word]
        return [edge, *places], [*places, edge]
