"""Stretches of sound as parts of windows that are the same for many of them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.shared_sound import shared
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Heard, Window

EDGES = [0, 12_010, 25_030, 37_000]
HEARD = [Heard(a, b, (), bytes((b - a) // 10)) for a, b in pairwise(EDGES)]


def sound(start_ms: int, end_ms: int) -> Window:
    """Sound of which each sample says where it is."""
    samples = np.arange(start_ms * SAMPLES_PER_MS, end_ms * SAMPLES_PER_MS) % 4093
    return Window(start_ms, samples.astype(np.float32))


@given(start=st.integers(0, 40_000), length=st.integers(200, 29_000))
def test_a_part_is_the_sound_that_was_asked_for(start: int, length: int) -> None:
    part = shared(sound, HEARD)(start, start + length)
    assert start - 20 < part.start_ms <= start
    assert part.end_ms == start + length
    assert np.array_equal(part.samples, sound(part.start_ms, part.end_ms).samples)
    if part.within is None:
        assert length > 27_000, "no window of whole seconds has room for it"
    else:
        assert part.within.start_ms <= part.start_ms < part.end_ms <= part.within.end_ms
        assert (part.start_ms - part.within.start_ms) % 20 == 0
        assert part.within.end_ms - part.within.start_ms <= 30_000


@pytest.mark.parametrize(
    ("asked", "within"),
    [
        ([(500, 4000), (4000, 12_010), (0, 12_000)], (0, 12_010)),
        ([(13_000, 20_000), (12_010, 25_030)], (12_010, 25_030)),
        ([(11_200, 15_700), (11_900, 15_050)], (11_000, 16_000)),
    ],
    ids=["one window", "another", "over a border"],
)
def test_parts_near_each_other_share_a_window(asked: list[tuple[int, int]], within: tuple[int, int]) -> None:
    for start, end in asked:
        part = shared(sound, HEARD)(start, end)
        assert part.within is not None
        assert (part.within.start_ms, part.within.end_ms) == within
