"""Texts scored word by word as they are found, against every way of saying them."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.speech.ctc.prefixes import Prefixes
from tests.speech.ctc.test_forward import UNITS, frames_of


def best_way(frames: NDArray[np.float32], units: list[int], *, whole: bool) -> float:
    """The best row of units that is just the text; or, if not `whole`, that comes to its last unit at its end."""
    found = -np.inf
    for count in range(len(frames), len(frames) + 1) if whole else range(1, len(frames) + 1):
        for way in product(range(UNITS), repeat=count):
            if [unit for unit, _ in groupby(way) if unit] != units:
                continue
            if whole or (way[-1] == units[-1] and (count == 1 or way[-2] != way[-1])):
                found = max(found, sum(float(frames[i, unit]) for i, unit in enumerate(way)))
    return found


@given(
    count=st.integers(4, 6),
    seed=st.integers(0, 1000),
    words=st.lists(st.sampled_from(["1", "2", "12", "22"]), min_size=1, max_size=3),
)
def test_a_text_scores_as_its_best_way(count: int, seed: int, words: list[str]) -> None:
    frames = frames_of(count, seed)
    prefixes = Prefixes(frames, lambda word: [int(letter) for letter in word])
    units = [int(letter) for word in words for letter in word]
    begun = sum(prefixes.added(tuple(words[:i]), word) for i, word in enumerate(words))
    expected = best_way(frames, units, whole=False)
    if np.isfinite(expected):
        assert begun == pytest.approx(expected, abs=1e-4)
        ended = begun + prefixes.ended(tuple(words))
        whole = best_way(frames, units, whole=True)
        assert ended == pytest.approx(whole, abs=1e-4) if np.isfinite(whole) else ended < -1e20
    else:
        assert begun < -1e20, "what does not fit in the frames was not said"


def test_a_word_without_sound_costs_nothing() -> None:
    prefixes = Prefixes(frames_of(5, 1), lambda word: [1] if word == "a" else [])
    assert prefixes.added(("a",), "–") == 0
    assert prefixes.ended(("a", "–")) == prefixes.ended(("a",))
