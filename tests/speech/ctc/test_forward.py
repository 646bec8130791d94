"""The probability of a text over all frames, against every way of saying it, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.speech.ctc.forward import log_probs

UNITS = 3


def frames_of(count: int, seed: int) -> NDArray[np.float32]:
    weights = np.random.default_rng(seed).exponential(size=(count, UNITS))
    found: NDArray[np.float32] = np.log(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return found


def enumerated(frames: NDArray[np.float32], text: Sequence[int]) -> float:
    """The sum over all rows of units that are the text once repeats are joined and blanks are taken out."""
    found = -np.inf
    for way in product(range(UNITS), repeat=len(frames)):
        if [unit for unit, _ in groupby(way) if unit] == list(text):
            found = np.logaddexp(found, sum(float(frames[i, unit]) for i, unit in enumerate(way)))
    return float(found)


@given(
    count=st.integers(1, 6),
    seed=st.integers(0, 1000),
    texts=st.lists(st.lists(st.integers(1, UNITS - 1), max_size=3), min_size=1, max_size=4),
)
def test_it_is_the_sum_over_all_ways(count: int, seed: int, texts: list[list[int]]) -> None:
    frames = frames_of(count, seed)
    for text, found in zip(texts, log_probs(frames, texts), strict=True):
        expected = enumerated(frames, text)
        if np.isfinite(expected):
            assert found == pytest.approx(expected, abs=1e-4)
        else:
            assert found < -600, "what does not fit in the frames was not said"


def test_all_texts_together_are_certain() -> None:
    """Every row of units is one text's: their probabilities sum to 1."""
    frames = frames_of(4, 7)
    texts = [list(text) for length in range(5) for text in product(range(1, UNITS), repeat=length)]
    assert np.exp(log_probs(frames, texts)).sum() == pytest.approx(1, abs=1e-5)


def in_logarithms(frames: NDArray[np.float32], text: Sequence[int]) -> float:
    """The recurrences of section 4.1 of the paper, not scaled."""
    states = [0, *(state for unit in text for state in (unit, 0))]
    ways = np.full(len(states), -np.inf)
    for i, row in enumerate(frames.astype(np.float64)):
        before = ways
        if not i:
            ways = np.array([row[state] if s < 2 else -np.inf for s, state in enumerate(states)])
            continue
        ways = np.array(
            [
                np.logaddexp.reduce(before[max(0, s - 1 - leaps(states, s)) : s + 1]) + row[state]
                for s, state in enumerate(states)
            ]
        )
    return float(np.logaddexp(ways[-1], ways[-2]))


def leaps(states: Sequence[int], place: int) -> int:
    """Whether a state may follow the one before the blank before it."""
    return int(place >= 2 and states[place] != 0 and states[place] != states[place - 2])


def test_a_long_text_does_not_vanish() -> None:
    """Ten seconds: its probability is far below what a float can be."""
    frames = frames_of(500, 1) - np.float32(2.0)
    text = [1 + i % 2 for i in range(120)]
    (found,) = log_probs(frames, [text])
    assert found < -800
    assert found == pytest.approx(in_logarithms(frames, text), abs=1e-3)


def test_none() -> None:
    assert log_probs(frames_of(3, 1), []).shape == (0,)
