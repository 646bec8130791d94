"""Loudness, frame by frame."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.levels import FRAME_MS, levels

FRAME = FRAME_MS * SAMPLES_PER_MS


@pytest.mark.parametrize(
    ("amplitude", "level"), [(1.0, 100), (0.1, 80), (0.01, 60), (1e-5, 0), (1e-7, 0), (0.0, 0), (4.0, 100)]
)
def test_is_decibels_below_full_scale_plus_100(amplitude: float, level: int) -> None:
    assert list(levels(np.full(3 * FRAME, amplitude, dtype=np.float32))) == [level] * 3


def test_a_full_sine_is_three_decibels_less_than_full_scale() -> None:
    sine = np.sin(2 * np.pi * np.arange(10 * FRAME) * 4 / FRAME).astype(np.float32)
    assert list(levels(sine)) == [97] * 10


def test_frames_are_apart() -> None:
    sound = np.concatenate([np.full(FRAME, a, dtype=np.float32) for a in (0.1, 0.0, 1.0)])
    assert list(levels(sound)) == [80, 0, 100]


@given(st.integers(0, 5 * FRAME))
def test_one_byte_for_each_whole_frame(count: int) -> None:
    assert len(levels(np.ones(count, dtype=np.float32))) == count // FRAME


@given(st.floats(1e-4, 0.5), st.integers(0, 2**32 - 1))
def test_louder_sound_is_never_less(gain: float, seed: int) -> None:
    sound = np.random.default_rng(seed).normal(0, 0.1, 4 * FRAME).astype(np.float32)
    assert all(a <= b for a, b in zip(levels(sound * np.float32(gain)), levels(sound), strict=True))
