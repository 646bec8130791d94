"""Low sound taken off, block by block: all that can be heard stays as it is, and at its time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.media.low_cut import low_cut
from mediakit.media.sound import SAMPLE_RATE, Samples

SIZE = 9 * SAMPLE_RATE + 123
TIME = np.arange(SIZE) / SAMPLE_RATE


def sine(hertz: float, level: float = 0.2) -> Samples:
    return (level * np.sin(2 * np.pi * hertz * TIME)).astype(np.float32)


def cut(sound: Samples, from_hz: int = 0, *, at: tuple[int, ...] = ()) -> Samples:
    edges = [0, *sorted(at), len(sound)]
    found = list(low_cut((sound[a:b] for a, b in pairwise(edges)), from_hz))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.float32)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, SIZE), max_size=6), st.sampled_from([0, 15]))
def test_the_same_however_the_sound_is_cut(at: list[int], from_hz: int) -> None:
    sound = sine(300) + sine(30)
    assert np.array_equal(cut(sound, from_hz, at=tuple(at)), cut(sound, from_hz))


@pytest.mark.parametrize("size", [0, 1, 500, 3200, 6400, 59_136, 65_536, SIZE])
def test_as_many_samples_as_before(size: int) -> None:
    assert len(cut(sine(300)[:size])) == size


@pytest.mark.parametrize("hertz", [95, 120, 1000, 7000])
def test_what_is_spoken_stays_as_it_is(hertz: float) -> None:
    inner = slice(SAMPLE_RATE, -SAMPLE_RATE)
    assert np.abs(cut(sine(hertz)) - sine(hertz))[inner].max() < 1e-3


@pytest.mark.parametrize(("hertz", "from_hz"), [(30, 0), (50, 0), (10, 0), (30, 15), (50, 15)])
def test_what_is_low_goes(hertz: float, from_hz: int) -> None:
    assert np.abs(cut(sine(hertz), from_hz))[SAMPLE_RATE:-SAMPLE_RATE].max() < 2e-4


def test_an_offset_goes_with_all_that_is_low_and_stays_without_rumble() -> None:
    inner = slice(SAMPLE_RATE, -SAMPLE_RATE)
    constant = np.full(SIZE, 0.3, dtype=np.float32)
    assert np.abs(cut(constant))[inner].max() < 1e-4
    assert np.abs(cut(constant, 15) - 0.3)[inner].max() < 1e-4
