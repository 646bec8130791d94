"""N-grams in sorted arrays, as KenLM's trie has them (Heafield 2011), looked up many at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
LogProbs = NDArray[np.float32]

#: Nats a step of a stored back-off weight.
BACKOFF_STEP = 1 / 2048


@dataclass(frozen=True, eq=False)
class Level:
    """All n-grams of one order. `K` of them, in the order of their contexts and below each by word.

    `words` (uint16, K) is the last word of each, absent for single words, which are their own ids. `codes` (uint8, K)
    point into `codebook` (float32, at most 256), log probabilities in nats; single words have a code of their own each.
    `backoffs` (int16, K; steps of `BACKOFF_STEP` nats) and `starts` (uint32, K + 1; where the n-grams of the next order
    begin that go on from each) are empty at the highest order.
    """

    words: NDArray[np.uint16]
    codes: NDArray[Any]
    codebook: LogProbs
    backoffs: NDArray[np.int16]
    starts: NDArray[np.uint32]

    def log_probs(self, nodes: Ids) -> LogProbs:
        """The log probability (nats) of n-grams by their places."""
        result: LogProbs = self.codebook[self.codes[nodes]]
        return result

    def weights(self, nodes: Ids) -> LogProbs:
        """The back-off weight (nats) of n-grams as contexts."""
        result: LogProbs = self.backoffs[nodes].astype(np.float32) * np.float32(BACKOFF_STEP)
        return result

    def weight(self, node: int) -> float:
        """:meth:`weights` of one."""
        return int(self.backoffs[node]) * BACKOFF_STEP


@dataclass(frozen=True, eq=False)
class Trie:
    """The n-grams of orders 1 to `order`; words are ids below `size`."""

    levels: tuple[Level, ...]

    @property
    def order(self) -> int:
        """The longest n-gram's words."""
        return len(self.levels)

    @property
    def size(self) -> int:
        """How many words there are, `<unk>` and the beginning included."""
        return len(self.levels[0].codes)

    def child(self, depth: int, nodes: Ids, words: Ids) -> Ids:
        """Places at order `depth` + 1 of n-grams: each of `nodes` (places at order `depth`) followed by a word.

        -1 where there is none, or the node is -1.
        """
        below = self.levels[depth].words
        starts = self.levels[depth - 1].starts
        known = np.maximum(nodes, 0)
        place, end = starts[known].astype(np.int64), starts[known + 1].astype(np.int64)
        end[nodes < 0] = 0
        longest = int((end - place).max(initial=0))
        # Binary search of all at once: the place moves by halves as long as what is before it is smaller.
        step = 1 << longest.bit_length()
        last = len(below) - 1
        while step:
            further = place + step
            smaller = (further <= end) & (below[np.minimum(further - 1, last)] < words)
            place = np.where(smaller, further, place)
            step >>= 1
        found = (place < end) & (below[np.minimum(place, last)] == words)
        return np.where(found, place, -1)

    def log_probs(self, contexts: Ids, words: Ids) -> LogProbs:
        """The log probability (nats) of each word after its context.

        `contexts` has shape (N, C), the nearest word last, `NOTHING` before those that are shorter; `words` (N,).
        What is further away than `order` - 1 words makes no difference.
        """
        result = self.levels[0].log_probs(words)
        for length in range(1, min(self.order - 1, contexts.shape[1]) + 1):
            nodes = contexts[:, -length]
            for depth in range(1, length):
                nodes = self.child(depth, nodes, contexts[:, depth - length])
            inside = nodes >= 0
            if not inside.any():
                continue
            found = self.child(length, nodes, words)
            backed = result + np.where(inside, self.levels[length - 1].weights(np.maximum(nodes, 0)), np.float32(0))
            seen = self.levels[length].log_probs(np.maximum(found, 0))
            result = np.where(found >= 0, seen, backed)
        return result
