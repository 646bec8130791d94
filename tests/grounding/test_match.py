"""The alignment against exhaustive search on small cases, and against planted answers on large ones."""

from __future__ import annotations

import random
import time
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.grounding.match import Costs, Visit, match

ALPHABET = 6


def table_of(size: int, same: float = 4.0, other: float = -3.0) -> NDArray[np.float64]:
    return np.where(np.eye(size, dtype=bool), same, other)


def path_score(visits: list[Visit], costs: Costs) -> float:
    """What a list of visits is worth, counted from its definition."""
    total, last = 0.0, None
    for visit in visits:
        if last is None:
            total -= costs.jump
        elif visit.sentence == last + 1:
            total -= min(costs.next, costs.skip, costs.jump)
        else:
            total -= min(costs.skip, costs.jump) if visit.sentence > last else costs.jump
        total += visit.score
        last = visit.sentence
    return total


def best_score(heard: list[int], article: list[int], starts: list[int], costs: Costs) -> float:
    """Exhaustive search over all paths, straight from the definition (memoised only on its arguments)."""
    table = table_of(ALPHABET)
    ends = [*starts[1:], len(article)]

    def edge(missing: int) -> float:
        return min(missing * costs.article_gap, costs.partial)

    @cache
    def free(i: int, last: int) -> float:
        """Best of what comes from heard syllable i on, in free speech, sentence `last` visited last (-1: none)."""
        if i == len(heard):
            return 0.0
        best = free(i + 1, last)
        for s, (begin, end) in enumerate(zip(starts, ends, strict=True)):
            enter = costs.jump
            if last >= 0 and s > last:
                enter = min(enter, costs.skip, costs.next if s == last + 1 else costs.skip)
            for a in range(begin, end):
                best = max(best, inside(i + 1, a, s) + table[heard[i], article[a]] - enter - edge(a - begin))
        return best

    @cache
    def inside(i: int, a: int, s: int) -> float:
        """Best of what comes after heard syllable i - 1 was paired with (or waited at) article syllable a."""
        best = free(i, s) - edge(ends[s] - 1 - a)
        if i < len(heard):
            best = max(best, inside(i + 1, a, s) - costs.heard_gap)
            for b in range(a + 1, ends[s]):
                best = max(best, inside(i + 1, b, s) + table[heard[i], article[b]] - (b - a - 1) * costs.article_gap)
        return best

    return free(0, -1)


@settings(max_examples=150, deadline=None)
@given(
    heard=st.lists(st.integers(0, ALPHABET - 1), max_size=7),
    sentences=st.lists(st.lists(st.integers(0, ALPHABET - 1), min_size=1, max_size=4), min_size=1, max_size=3),
)
def test_agrees_with_exhaustive_search(heard: list[int], sentences: list[list[int]]) -> None:
    article = [k for sentence in sentences for k in sentence]
    starts = [sum(len(s) for s in sentences[:i]) for i in range(len(sentences))]
    costs = Costs(heard_gap=1.0, article_gap=0.8, next=1.0, skip=2.0, jump=3.0, partial=1.5)
    visits = match(heard, article, starts, table_of(ALPHABET), costs)
    assert path_score(visits, costs) == pytest.approx(best_score(heard, article, starts, costs), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_visits_are_disjoint_and_ordered(data: st.DataObject) -> None:
    sentences = data.draw(st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=8), min_size=1, max_size=6))
    heard = data.draw(st.lists(st.integers(0, 9), max_size=40))
    article = [k for sentence in sentences for k in sentence]
    starts = [sum(len(s) for s in sentences[:i]) for i in range(len(sentences))]
    ends = [*starts[1:], len(article)]
    last = -1
    for visit in match(heard, article, starts, table_of(10)):
        for h, a in visit.pairs:
            assert h > last
            last = h
            assert starts[visit.sentence] <= a < ends[visit.sentence]
        assert all(a < b for (_, a), (_, b) in zip(visit.pairs, visit.pairs[1:], strict=False))


class Planted:
    """An article of random syllables and a speech made from its sentences, with noise in every one."""

    def __init__(self, seed: int, sentences: int = 40) -> None:
        self.random = random.Random(seed)
        self.kinds = 400
        self.sentences = [[self._kind() for _ in range(self.random.randint(5, 18))] for _ in range(sentences)]
        self.article = [k for sentence in self.sentences for k in sentence]
        self.starts = [sum(len(s) for s in self.sentences[:i]) for i in range(sentences)]

    def _kind(self) -> int:
        return self.random.randrange(self.kinds)

    def say(self, sentence: list[int], errors: float = 0.25) -> list[int]:
        return [self._kind() if self.random.random() < errors else k for k in sentence]

    def adlib(self, length: int) -> list[int]:
        return [self._kind() for _ in range(length)]

    def visited(self, order: list[int | None]) -> list[int]:
        """Sentences found when those of `order` are said (None: ad-lib)."""
        heard: list[int] = []
        for item in order:
            heard += self.adlib(12) if item is None else self.say(self.sentences[item])
        return [v.sentence for v in match(heard, self.article, self.starts, table_of(self.kinds))]


@pytest.mark.parametrize("seed", range(5))
def test_planted_order(seed: int) -> None:
    planted = Planted(seed)
    orders: dict[str, list[int | None]] = {
        "read out": list(range(40)),
        "blocks in another order": [*range(20, 40), *range(20)],
        "a lead read again at the end": [*range(40), 0, 1],
        "a sentence read twice": [*range(10), 9, *range(10, 40)],
        "half left out": list(range(0, 40, 2)),
        "ad-lib between": [x for i in range(40) for x in (i, None)],
    }
    for name, order in orders.items():
        assert planted.visited(order) == [i for i in order if i is not None], name


def test_nothing_of_another_speech() -> None:
    planted = Planted(7)
    assert match(planted.adlib(300), planted.article, planted.starts, table_of(planted.kinds)) == []


def test_a_part_is_found_as_a_part() -> None:
    planted = Planted(3)
    long = max(range(40), key=lambda i: len(planted.sentences[i]))
    said = planted.sentences[long][4:12]
    (visit,) = match([*planted.adlib(9), *said, *planted.adlib(9)], planted.article, planted.starts, table_of(400))
    assert visit.sentence == long
    first = planted.starts[long] + 4
    assert [a for _, a in visit.pairs] == list(range(first, first + 8))


def test_empty_sides() -> None:
    assert match([], [1, 2], [0], table_of(3)) == []
    assert match([1, 2], [], [], table_of(3)) == []


@pytest.mark.slow
def test_an_hour_against_a_long_page() -> None:
    planted = Planted(1, sentences=2600)
    article = planted.article[:30_000]
    starts = [s for s in planted.starts if s < len(article)]
    heard = [k for i in range(700, 1500) for k in planted.say(planted.sentences[i])][:9000]
    begin = time.perf_counter()
    visits = match(heard, article, starts, table_of(planted.kinds))
    assert time.perf_counter() - begin < 30, "an hour against 30,000 words"
    assert len({v.sentence for v in visits}) > 0.98 * len(heard) / 11.5
