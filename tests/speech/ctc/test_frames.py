"""Frames of the CTC head: kept in bytes and found again, joined, cut, and without most of those that are blank."""

from __future__ import annotations

import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.speech.ctc.frames import FRAME_MS, Frames

UNITS = 5


def log_probs_of(count: int, seed: int, power: int = 3) -> NDArray[np.float32]:
    weights = np.random.default_rng(seed).exponential(size=(count, UNITS)) ** power
    found: NDArray[np.float32] = np.log(weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    return found


def best(*units: int, sure: float = 0.9) -> Frames:
    """A frame for each unit, which is the likeliest in it."""
    rows = np.full((len(units), UNITS), (1 - sure) / (UNITS - 1), np.float32)
    rows[np.arange(len(units)), units] = sure
    return Frames.of(0, np.log(rows))


def same(a: Frames, b: Frames) -> bool:
    return np.array_equal(a.times, b.times) and np.array_equal(a.steps, b.steps)


@given(count=st.integers(0, 40), seed=st.integers(0, 1000), start_ms=st.integers(0, 10**7))
def test_what_is_packed_comes_back(count: int, seed: int, start_ms: int) -> None:
    frames = Frames.of(start_ms, log_probs_of(count, seed))
    assert same(Frames.unpacked(start_ms, frames.packed(), UNITS), frames)
    assert frames.times.tolist() == [start_ms + FRAME_MS * i for i in range(count)]


@given(count=st.integers(1, 40), seed=st.integers(0, 1000))
def test_log_probabilities_are_kept_nearly(count: int, seed: int) -> None:
    given = log_probs_of(count, seed)
    found = Frames.of(0, given).log_probs()
    assert np.abs(found - np.maximum(given, -16)).max() <= 1 / 16 + 1e-4


def test_they_are_small() -> None:
    """A minute of 84 units as a head hears it: mostly blank, and a sound in every tenth frame."""
    rows = np.full((3000, 84), -12.0, np.float32) - np.random.default_rng(1).random((3000, 84), np.float32)
    rows[:, 0] = -0.001
    rows[::10, 1:5] = -1.4
    assert len(Frames.of(0, rows).packed()) < 60 * 3000


@pytest.mark.parametrize("packed", [b"no such thing", zlib.compress(b"abc"), b""])
def test_what_is_no_frames_is_an_error(packed: bytes) -> None:
    with pytest.raises(ValueError, match=r"frames of a CTC head|reshape"):
        Frames.unpacked(0, packed, UNITS)


def test_torn_frames_are_an_error() -> None:
    packed = Frames.of(0, log_probs_of(200, 1)).packed()
    for length in range(0, len(packed), 5):
        with pytest.raises(ValueError, match="frames of a CTC head"):
            Frames.unpacked(0, packed[:length], UNITS)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 100)), max_size=4))
def test_joined_they_are_one_after_the_other(parts: list[tuple[int, int]]) -> None:
    each = [Frames.of(1000 * i, log_probs_of(count, seed)) for i, (count, seed) in enumerate(parts)]
    found = Frames.joined(each)
    assert len(found) == sum(count for count, _ in parts)
    assert found.times.tolist() == [time for one in each for time in one.times.tolist()]
    assert all(same(found.between(1000 * i, 1000 * (i + 1)), one) for i, one in enumerate(each))


@given(
    count=st.integers(0, 30), seed=st.integers(0, 100), edges=st.tuples(st.integers(-50, 800), st.integers(-50, 800))
)
def test_between_two_times_are_the_frames_that_begin_there(count: int, seed: int, edges: tuple[int, int]) -> None:
    frames, (start, end) = Frames.of(100, log_probs_of(count, seed)), sorted(edges)
    found = frames.between(start, end)
    assert found.times.tolist() == [time for time in frames.times.tolist() if start <= time < end]
    assert np.array_equal(found.log_probs(), frames.log_probs()[np.isin(frames.times, found.times)])


@given(count=st.integers(0, 60), seed=st.integers(0, 100))
def test_frames_in_which_something_may_be_said_stay(count: int, seed: int) -> None:
    given = log_probs_of(count, seed, power=8)
    frames = Frames.of(0, given)
    kept = set(frames.spoken().times.tolist())
    assert {int(time) for time, row in zip(frames.times, given, strict=True) if row[0] < np.log(0.9)} <= kept


def test_of_frames_that_are_blank_beyond_doubt_a_third_stays() -> None:
    frames = best(*[0] * 30, 1, 1, *[0] * 30, sure=0.9999)
    found = frames.spoken()
    assert len(found) == 20 + 2
    assert np.array_equal(found.steps, frames.steps[np.isin(frames.times, found.times)])


def test_a_sound_begins_where_another_is_the_likeliest() -> None:
    frames = best(0, 1, 1, 2, 0, 2, 2, 0, 0, 1)
    begins = [False, True, False, True, False, True, False, False, False, True]
    assert frames.begins(0, 10).tolist() == begins
    assert best(1, 1).begins(0, 2).tolist() == [True, False]


def test_a_sound_begins_anew_where_frames_are_missing() -> None:
    frames = Frames.joined([best(1), Frames(np.array([60]), best(1).steps)])
    assert frames.begins(0, 2).tolist() == [True, True]


@given(
    units=st.lists(st.integers(0, 2), min_size=1, max_size=12), edges=st.tuples(st.integers(0, 12), st.integers(0, 12))
)
def test_where_sounds_begin_is_the_same_for_a_part(units: list[int], edges: tuple[int, int]) -> None:
    frames, (first, stop) = best(*units), sorted(min(edge, len(units)) for edge in edges)
    assert frames.begins(first, stop).tolist() == frames.begins(0, len(units)).tolist()[first:stop]
