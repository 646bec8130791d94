"""A small language model of a text of the tests' own, and the same by dictionaries, slowly, to compare it with."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache

from mediakit.language_model.ngram import NGram
from scripts import build_language_model as builder

TEXT = """
Sáng nay, Chủ tịch UBND tỉnh Hòa Bình làm việc với đoàn công tác của Bộ Y tế. Đoàn công tác của Bộ Y tế đến từ Hà Nội.
Chủ tịch UBND tỉnh cho biết năm 2024 tỉnh có 24 xã đạt chuẩn nông thôn mới. Năm 2025 tỉnh có 31 xã đạt chuẩn.
Bão số 3 gây mưa to đến rất to ở các tỉnh miền Bắc, nhiệt độ từ 19 - 24 độ C. Mưa to đến rất to ở các tỉnh miền Trung.
Người dân các tỉnh miền Bắc cho biết mưa to gây ngập ở nhiều nơi. Người dân cho biết ngập ở nhiều nơi.
Hà Nội có mưa to, nhiệt độ từ 19 - 24 độ C. Miền Trung có mưa to đến rất to.
Đoàn công tác của Bộ Y tế làm việc với tỉnh. Chủ tịch tỉnh làm việc với Bộ Y tế.
"""
LINES = TEXT.strip().split("\n")


@lru_cache(maxsize=1)
def model(order: int = 3) -> NGram:
    """A model of `TEXT` in which no word is unknown, with all that was seen twice."""
    before = builder.LEAST_SEEN
    builder.LEAST_SEEN = 1
    try:
        return builder.build([LINES], order, megabytes=1)
    finally:
        builder.LEAST_SEEN = before


Gram = tuple[str, ...]


class Slow:
    """Interpolated Kneser-Ney with three discounts, by the book; n-grams seen once are left out afterwards."""

    def __init__(self, sentences: Sequence[Sequence[str]], order: int, words: Sequence[str]) -> None:
        self.words = list(words)
        seen = [self._seen(sentences, n) for n in range(1, order + 1)]
        self.counts = [*(self._continued(seen[n], seen[n + 1]) for n in range(order - 1)), seen[-1]]
        self.discounts = [self._discount(counts) for counts in self.counts]
        self.kept = [{g: self._full(g) for g in seen[n] if n == 0 or seen[n][g] >= 2} for n in range(order)]
        self.weights: list[dict[Gram, float]] = []
        for length in range(1, order):
            self.weights.append(self._weights(length))

    def prob(self, context: Gram, word: str) -> float:
        """The probability of a word after a context, at most `order` - 1 words."""
        if (found := self.kept[len(context)].get((*context, word))) is not None:
            return found
        if not context:
            return 0.0
        return self.weights[len(context) - 1].get(context, 1.0) * self.prob(context[1:], word)

    @staticmethod
    def _seen(sentences: Sequence[Sequence[str]], n: int) -> Counter[Gram]:
        padded = [("<s>", *words) for words in sentences]
        grams = Counter(tuple(p[i : i + n]) for p in padded for i in range(len(p) - n + 1))
        return Counter({gram: count for gram, count in grams.items() if gram != ("<s>",)})

    @staticmethod
    def _continued(seen: Counter[Gram], above: Counter[Gram]) -> Counter[Gram]:
        before = Counter(gram[1:] for gram in above)
        return Counter({gram: seen[gram] if gram[0] == "<s>" else before[gram] for gram in seen})

    @staticmethod
    def _discount(counts: Counter[Gram]) -> list[float]:
        n1, n2, n3, n4 = (max(sum(c == i for c in counts.values()), 1) for i in (1, 2, 3, 4))
        y = n1 / (n1 + 2 * n2)
        found = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
        return [0.0, *(min(max(d, 0.1), most) for d, most in zip(found, (0.95, 1.9, 2.9), strict=True))]

    def _full(self, gram: Gram) -> float:
        if not gram:
            return 1 / (len(self.words) - 1)  # nobody says <s>
        counts, discounts = self.counts[len(gram) - 1], self.discounts[len(gram) - 1]
        beside = {g: c for g, c in counts.items() if g[:-1] == gram[:-1]}
        if not beside:
            return self._full(gram[1:])
        total = sum(beside.values())
        left = sum(discounts[min(c, 3)] for c in beside.values()) / total
        count = counts.get(gram, 0)
        return (count - discounts[min(count, 3)]) / total + left * self._full(gram[1:])

    def _weights(self, length: int) -> dict[Gram, float]:
        below: dict[Gram, list[Gram]] = defaultdict(list)
        for gram in self.kept[length]:
            below[gram[:-1]].append(gram)
        return {
            context: (1 - sum(self.kept[length][g] for g in grams))
            / (1 - math.fsum(self.prob(g[1:-1], g[-1]) for g in grams))
            for context, grams in below.items()
        }
