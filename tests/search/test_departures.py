"""Departures from a written text: few weak ones in a long text are chance, and what many do is meant."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mediakit.search.costs import Costs
from mediakit.search.departures import least_gain

COSTS = Costs()
gains = st.lists(st.floats(0.0, 40.0), max_size=30)


def by_chance(words: int, seed: int) -> list[float]:
    """What a speaker seems to depart by who reads word for word."""
    chance = np.random.default_rng(seed)
    return [float(gain) for gain in chance.exponential(COSTS.chance_gain, chance.poisson(COSTS.chance * words))]


def test_of_what_is_chance_little_is_kept() -> None:
    found = [(given, least_gain(given, 300, COSTS)) for given in (by_chance(300, seed) for seed in range(200))]
    kept = sum(gain >= least for given, least in found for gain in given)
    assert kept <= 0.3 * sum(len(given) for given, _ in found)


def test_of_what_is_meant_nearly_all_is_kept() -> None:
    meant = [float(gain) for gain in np.random.default_rng(1).exponential(11.0, 20)]
    assert sum(gain >= least_gain([*meant, *by_chance(300, 2)], 300, COSTS) for gain in meant) >= 18


@given(gains, st.integers(1, 1000))
def test_what_is_kept_is_bounded_in_its_share_of_chance(given: list[float], words: int) -> None:
    least = least_gain(given, words, COSTS)
    kept = [gain for gain in given if gain >= least]
    assert (least == math.inf) == (not kept)
    expected = words * COSTS.chance * math.exp(-least / COSTS.chance_gain)
    assert not kept or expected <= COSTS.false_share * len(kept)


@given(gains, st.integers(1, 1000))
def test_one_sure_departure_more_lets_no_other_go(given: list[float], words: int) -> None:
    assert least_gain([*given, 50.0], words, COSTS) <= least_gain(given, words, COSTS)
