"""The alignment against exhaustive search on small cases, and against planted answers on large ones."""

from __future__ import annotations

import random
from dataclasses import replace
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


def best_score(
    heard: list[int], article: list[int], starts: list[int], costs: Costs, allowed: list[set[int]] | None = None
) -> float:
    """Exhaustive search over all paths, straight from the definition (memoised only on its arguments).

    `allowed` has for each heard syllable the sentences that it may be in; all where it is None.
    """
    table = table_of(ALPHABET)
    ends = [*starts[1:], len(article)]
    may = allowed or [set(range(len(starts)))] * len(heard)

    def edge(missing: int) -> float:
        return min(missing * costs.article_gap, costs.partial)

    @cache
    def free(i: int, last: int) -> float:
        """Best of what comes from heard syllable i on, in free speech, sentence `last` visited last (-1: none)."""
        if i == len(heard):
            return 0.0
        best = free(i + 1, last)
        for s in may[i]:
            enter = costs.jump
            if last >= 0 and s > last:
                enter = min(enter, costs.skip, costs.next if s == last + 1 else costs.skip)
            for a in range(starts[s], ends[s]):
                best = max(best, inside(i + 1, a, s) + table[heard[i], article[a]] - enter - edge(a - starts[s]))
        return best

    @cache
    def inside(i: int, a: int, s: int) -> float:
        """Best of what comes after heard syllable i - 1 was paired with (or waited at) article syllable a."""
        best = free(i, s) - edge(ends[s] - 1 - a)
        if i < len(heard) and s in may[i]:
            best = max(best, inside(i + 1, a, s) - costs.heard_gap)
            for b in range(a + 1, ends[s]):
                best = max(best, inside(i + 1, b, s) + table[heard[i], article[b]] - (b - a - 1) * costs.article_gap)
        return best

    return free(0, -1)


HEARD = st.lists(st.integers(0, ALPHABET - 1), max_size=7)
SENTENCE = st.lists(st.integers(0, ALPHABET - 1), min_size=1, max_size=4)
#: Unlike the usual ones, so small that on a few syllables all kinds of paths are worth their while.
SMALL_COSTS = Costs(heard_gap=1.0, article_gap=0.8, next=1.0, skip=2.0, jump=3.0, partial=1.5)


@settings(max_examples=150, deadline=None)
@given(heard=HEARD, sentences=st.lists(SENTENCE, min_size=1, max_size=3), block=st.integers(1, 8))
def test_agrees_with_exhaustive_search(heard: list[int], sentences: list[list[int]], block: int) -> None:
    article = [k for sentence in sentences for k in sentence]
    starts = [sum(len(s) for s in sentences[:i]) for i in range(len(sentences))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.match._BLOCK", block)
        visits = match(heard, article, starts, table_of(ALPHABET), SMALL_COSTS)
    assert path_score(visits, SMALL_COSTS) == pytest.approx(best_score(heard, article, starts, SMALL_COSTS), abs=1e-5)


class Lists:
    """Shortlists that are given."""

    def __init__(self, lists: list[list[int]], block: int) -> None:
        self.lists, self.block = lists, block

    def __call__(self, *_: object) -> Lists:
        return self

    def sentences(self, first: int, end: int) -> NDArray[np.intp]:
        assert first % self.block == 0
        assert end - first <= self.block
        return np.array(self.lists[first // self.block])


@settings(max_examples=200, deadline=None)
@given(
    heard=st.lists(st.integers(0, 2), max_size=6),
    sentences=st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=3), min_size=2, max_size=4),
    block=st.integers(1, 3),
    data=st.data(),
)
def test_agrees_with_exhaustive_search_of_what_is_listed(
    heard: list[int], sentences: list[list[int]], block: int, data: st.DataObject
) -> None:
    """Whatever shortlist each block has: the best path, with costs that know of visits to sentences not listed now."""
    article = [k for sentence in sentences for k in sentence]
    starts = [sum(len(s) for s in sentences[:i]) for i in range(len(sentences))]
    some = st.sets(st.integers(0, len(sentences) - 1), min_size=1).map(sorted)
    costs = replace(SMALL_COSTS, next=0.5, skip=2.9)
    lists = [data.draw(some) for _ in range(0, len(heard), block)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.match._BLOCK", block)
        patch.setattr("mediakit.grounding.match.Shortlist", Lists(lists, block))
        visits = match(heard, article, starts, table_of(ALPHABET), costs, exact_up_to=0)
    allowed = [set(lists[i // block]) for i in range(len(heard))]
    best = best_score(heard, article, starts, costs, allowed)
    assert path_score(visits, costs) == pytest.approx(best, abs=1e-5)


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
