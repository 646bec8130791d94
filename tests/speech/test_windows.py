"""Windows from a stream, whatever the voice activity."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.speech.voice_activity import FRAME_MS, FRAME_SAMPLES
from mediakit.speech.windows import Limits, SpeechWindow, WindowCutter

# A stream as runs of (frames, probability of speech).
streams = st.lists(st.tuples(st.integers(1, 1200), st.sampled_from([0.02, 0.4, 0.97])), min_size=1, max_size=10)


def cut(runs: list[tuple[int, float]], block: int = 31) -> tuple[list[SpeechWindow], NDArray[np.float32]]:
    """Windows of a stream in which every sample is its own frame's number."""
    activity = np.concatenate([np.full(count, p, dtype=np.float32) for count, p in runs])
    sound = np.repeat(np.arange(len(activity), dtype=np.float32), FRAME_SAMPLES)
    cutter = WindowCutter()
    windows: list[SpeechWindow] = []
    for at in range(0, len(activity), block):
        windows += cutter.feed(sound[at * FRAME_SAMPLES : (at + block) * FRAME_SAMPLES], activity[at : at + block])
    return [*windows, *cutter.finish()], sound


@settings(max_examples=60, deadline=None)
@given(streams)
def test_windows_are_in_order_apart_and_short(runs: list[tuple[int, float]]) -> None:
    windows, _ = cut(runs)
    assert all(a.window.end_ms <= b.window.start_ms for a, b in pairwise(windows))
    assert all(w.window.end_ms - w.window.start_ms <= 30_000 for w in windows)


@settings(max_examples=60, deadline=None)
@given(streams)
def test_a_window_holds_the_sound_of_its_time(runs: list[tuple[int, float]]) -> None:
    windows, sound = cut(runs)
    for item in windows:
        first = item.window.start_ms // FRAME_MS * FRAME_SAMPLES
        assert np.array_equal(item.window.samples, sound[first : first + len(item.window.samples)])


@settings(max_examples=60, deadline=None)
@given(streams)
def test_every_frame_of_speech_is_in_exactly_one(runs: list[tuple[int, float]]) -> None:
    windows, _ = cut(runs)
    limits, speaking, spoken, at = Limits(), False, set(), 0
    for count, probability in runs:
        for frame in range(at, at + count):
            speaking = probability >= (0.35 if speaking else 0.5)
            spoken |= {frame} if speaking else set()
        at += count
    covered = [f for w in windows for f in range(w.window.start_ms // FRAME_MS, w.window.end_ms // FRAME_MS)]
    assert len(covered) == len(set(covered))
    clicks = limits.least_speech_ms // FRAME_MS
    for frame in spoken - set(covered):
        # Only a stretch with less speech than a click is left out.
        near = [f for f in spoken if abs(f - frame) < limits.pause_ms // FRAME_MS]
        assert len(near) < clicks


@settings(max_examples=20, deadline=None)
@given(streams, st.integers(1, 400))
def test_blocks_do_not_matter(runs: list[tuple[int, float]], block: int) -> None:
    a, b = cut(runs)[0], cut(runs, block)[0]
    assert [(w.window.start_ms, w.window.end_ms, w.speech) for w in a] == [
        (w.window.start_ms, w.window.end_ms, w.speech) for w in b
    ]


def test_the_first_window_comes_as_soon_as_its_pause_is_over() -> None:
    cutter = WindowCutter()
    activity = np.array([0.9] * 60 + [0.0] * 60, dtype=np.float32)
    found = list(cutter.feed(np.zeros(120 * FRAME_SAMPLES, dtype=np.float32), activity))
    assert len(found) == 1


def test_a_long_window_is_cut_in_its_longest_pause() -> None:
    windows, _ = cut([(300, 0.9), (10, 0.0), (30, 0.9), (25, 0.0), (350, 0.9)])
    assert 340 <= windows[0].window.end_ms // FRAME_MS <= 365


def test_silence_gives_no_window() -> None:
    assert cut([(2000, 0.05)])[0] == []
