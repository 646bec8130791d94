"""Stretches of sound, asked for again."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.errors import MediaCutOff
from mediakit.media.replay import Replay
from mediakit.media.sound import SAMPLES_PER_MS, Samples

SOUND = np.arange(200 * 1000 * SAMPLES_PER_MS, dtype=np.float32)


class Tape:
    """A decoder of a known sound that counts how often it was begun."""

    def __init__(self, *, breaks_at: int | None = None) -> None:
        self.begun = 0
        self.breaks_at = breaks_at

    def __call__(self) -> Generator[Samples, None, None]:
        self.begun += 1
        step = 1000 * SAMPLES_PER_MS
        for at in range(0, len(SOUND), step):
            if self.breaks_at is not None and at >= self.breaks_at:
                raise MediaCutOff("ends early")
            yield SOUND[at : at + step]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 205_000), st.integers(1, 3000)), max_size=8))
def test_gives_what_is_there_in_any_order(stretches: list[tuple[int, int]]) -> None:
    replay = Replay(Tape(), kept_ms=60_000)
    for start, length in stretches:
        found = replay(start, start + length)
        expected = SOUND[start * SAMPLES_PER_MS : (start + length) * SAMPLES_PER_MS]
        assert len(found) == length * SAMPLES_PER_MS
        assert np.array_equal(found[: len(expected)], expected)
        assert not found[len(expected) :].any()


def test_one_pass_for_stretches_in_order_of_time() -> None:
    tape = Tape()
    replay = Replay(tape, kept_ms=90_000)
    for start in range(0, 195_000, 700):
        replay(max(0, start - 2000), start + 4000)
    assert tape.begun == 1
    replay(0, 10)
    assert tape.begun == 2


def test_a_file_that_ends_early_gives_silence_after_its_end() -> None:
    replay = Replay(Tape(breaks_at=5000 * SAMPLES_PER_MS))
    found = replay(4000, 7000)
    assert found[: 1000 * SAMPLES_PER_MS].all()
    assert not found[1000 * SAMPLES_PER_MS :].any()
