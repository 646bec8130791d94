"""DC offset and rumble, beside bursts of sound with pauses between."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.low_sound import low_sound, remedy

SIZE = 8 * SAMPLE_RATE
TIME = np.arange(SIZE) / SAMPLE_RATE
NOISE = np.random.default_rng(4).normal(0, 1, SIZE)
#: Half a second of sound in each second.
SPEECH = np.where(TIME % 1 < 0.5, 0.2, 0.0005) * NOISE


def sound(*more: object) -> Samples:
    samples: Samples = (SPEECH + sum(np.asarray(one) for one in more)).astype(np.float32)
    return samples


def sine(hertz: float, level: float) -> object:
    return level * np.sin(2 * np.pi * hertz * TIME)


def remedy_of(*excerpts: Samples) -> tuple[float, int | None]:
    return remedy([low_sound(one) for one in excerpts])


def test_clean_sound_is_left_alone() -> None:
    assert remedy_of(sound(), sound()) == (0.0, None)


@settings(max_examples=30, deadline=None)
@given(st.integers(-300, 300).filter(lambda thousandths: abs(thousandths) >= 15))  # 10 is 26 dB under the speech
def test_a_steady_offset_is_taken_off(thousandths: int) -> None:
    offset, cut_from_hz = remedy_of(sound(thousandths / 1000), sound(thousandths / 1000))
    assert cut_from_hz is None
    assert abs(offset - thousandths / 1000) < 1e-4


def test_an_offset_that_hides_nothing_stays() -> None:
    assert remedy_of(sound(0.0004)) == (0.0, None)


@pytest.mark.parametrize(
    ("hertz", "level", "cut_from_hz"),
    [(30, 0.1, 15), (25, 0.02, 15), (10, 0.3, 0), (15, 0.2, 0), (18, 0.2, 0), (50, 0.05, 15)],
)
def test_rumble_is_filtered_out(hertz: float, level: float, cut_from_hz: int) -> None:
    assert remedy_of(sound(sine(hertz, level))) == (0.0, cut_from_hz)


def test_an_offset_that_wanders_is_filtered_out() -> None:
    assert remedy_of(sound(0.1), sound(-0.1)) == (0.0, 0)
    assert remedy_of(sound(0.1 * np.sin(2 * TIME))) == (0.0, 0)


def test_one_piece_of_several_changes_nothing() -> None:
    """In pieces joined end to end one may have an offset; the others must not get one."""
    assert remedy_of(sound(0.05), sound(), sound()) == (0.0, None)


@pytest.mark.parametrize("samples", [np.zeros(SIZE), np.full(SIZE, 0.3), np.zeros(0), np.zeros(7), 1e-5 * NOISE])
def test_silence_needs_nothing(samples: np.ndarray) -> None:
    assert remedy_of(samples.astype(np.float32)) == (0.0, None)
