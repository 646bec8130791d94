"""Where the words of a text are said, against the best of all ways of saying it in the frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.speech.ctc.alignment import aligned

UNITS = 4
Gains = NDArray[np.float64]


def gains_of(count: int, seed: int) -> Gains:
    """What each unit gains in so many frames: free speech, at 0, is mostly better."""
    found: Gains = np.random.default_rng(seed).normal(-1, 2, (count, UNITS))
    return found


def ways(gains: Gains, units: Sequence[int]) -> Iterator[tuple[float, tuple[int, ...]]]:
    """All ways: what each gains, and the frames in which its units begin.

    From a unit to the next each frame is its own or, later, blank; before a unit that comes twice there is a blank.
    After the first frame of the last unit anything may be said, at no cost, once it is over.
    """
    for begins in combinations(range(len(gains)), len(units)):
        total = 0.0
        for place, (first, unit) in enumerate(zip(begins, units, strict=True)):
            is_last = place + 1 == len(units)
            stop = len(gains) if is_last else begins[place + 1]
            least = 1 if not is_last and units[place + 1] == unit else 0
            after = [0.0] * len(gains) if is_last else [float(row[0]) for row in gains]
            options = [
                float(gains[first:end, unit].sum()) + sum(after[end:stop]) for end in range(first + 1, stop - least + 1)
            ]
            total += max(options, default=-np.inf)
        yield total, begins


@given(
    count=st.integers(1, 8),
    seed=st.integers(0, 10_000),
    words=st.lists(st.lists(st.integers(1, UNITS - 1), min_size=1, max_size=2), min_size=1, max_size=3),
)
def test_words_are_where_the_best_way_has_them(count: int, seed: int, words: list[list[int]]) -> None:
    gains, units = gains_of(count, seed), [unit for word in words for unit in word]
    best, begins = max(ways(gains, units), default=(-np.inf, ()))
    if best == -np.inf:
        return
    edges = [0]
    for word in words:
        edges.append(edges[-1] + len(word))
    found = aligned(gains, words)
    assert [first for first, _, _ in found] == [begins[a] for a in edges[:-1]]
    assert [last for _, last, _ in found] == [begins[b - 1] for b in edges[1:]]


def test_a_word_gains_what_its_frames_have() -> None:
    """Up to the next word; of the last, to the first frame of its last unit."""
    gains = np.full((9, UNITS), -5.0)
    gains[:, 0] = -0.5
    for frame, unit in ((2, 1), (4, 2), (5, 2), (7, 3)):
        gains[frame, unit] = 3.0
    found = aligned(gains, [[1, 2], [3]])
    assert [(first, last) for first, last, _ in found] == [(2, 4), (7, 7)]
    assert [gain for _, _, gain in found] == pytest.approx([3 - 0.5 + 3 + 3 - 0.5, 3])


def test_what_is_said_before_and_after_costs_nothing() -> None:
    gains = np.full((12, UNITS), -9.0)
    gains[5, 1], gains[6, 2] = 2.0, 2.0
    assert aligned(gains, [[1], [2]]) == [(5, 5, 2.0), (6, 6, 2.0)]


def test_a_unit_that_comes_twice_has_a_blank_between() -> None:
    gains = np.full((5, UNITS), -3.0)
    gains[1:4, 1] = 2.0
    assert [(first, last) for first, last, _ in aligned(gains, [[1], [1]])] == [(1, 1), (3, 3)]


@given(count=st.integers(1, 6), more=st.integers(1, 5), seed=st.integers(0, 100))
def test_with_too_few_frames_words_share_them(count: int, more: int, seed: int) -> None:
    words = [[1 + i % 2] for i in range(count + more)]
    found = aligned(gains_of(count, seed), words)
    assert len(found) == len(words)
    assert all(0 <= first <= last < count for first, last, _ in found)
    assert all(a[0] <= b[0] for a, b in pairwise(found))
    assert all(np.isfinite(gain) for _, _, gain in found)


def test_a_word_without_sound_is_where_the_one_before_it_ends() -> None:
    gains = np.full((6, UNITS), -3.0)
    gains[:, 0] = 0.0
    gains[1, 1], gains[4, 2] = 2.0, 2.0
    (first, *_), silent, (third, *_) = aligned(gains, [[1], [], [2]])
    assert (first, silent, third) == (1, (1, 1, 0.0), 4)


@pytest.mark.parametrize("words", [[], [[]], [[], []]])
def test_no_sound_to_be_found(words: list[list[int]]) -> None:
    assert aligned(gains_of(4, 1), words) == [(0, 0, 0.0) for _ in words]
    assert aligned(gains_of(0, 1), words) == [(0, 0, 0.0) for _ in words]


def test_without_frames_nothing_is_found() -> None:
    assert aligned(gains_of(0, 1), [[1], [2]]) == [(0, 0, 0.0)] * 2
