"""Times of words inside a sentence, and edges on the sound."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.timing import MIN_WORD_MS, Loudness, snap_edges, spread
from mediakit.speech.engine import Heard
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

LOUD, QUIET = 75, 30


def sound(*runs: tuple[int, int], start_ms: int = 0) -> Loudness:
    """A window whose runs are (milliseconds, level)."""
    levels = b"".join(bytes([level]) * (ms // 10) for ms, level in runs)
    return Loudness.of([Heard(start_ms, start_ms + len(levels) * 10, (), levels)])


def segment(start: int, end: int, words: int = 3, text: str = "từ") -> Segment:
    times = [(start + (end - start) * i // words, start + (end - start) * (i + 1) // words) for i in range(words)]
    said = tuple(Word(a, b, text, 1.0) for a, b in times)
    return Segment(start, end, " ".join(w.text for w in said), "", "speech", None, 1.0, said)


@given(
    known=st.lists(st.none() | st.tuples(st.integers(0, 9000), st.integers(1, 900)), min_size=1, max_size=30),
    start=st.integers(0, 500),
    length=st.integers(0, 9000),
)
def test_spread_is_in_order_and_inside(known: list[tuple[int, int] | None], start: int, length: int) -> None:
    times = [(a, a + d) for a, d in filter(None, known)]
    ordered = iter(sorted(times))
    row = [next(ordered) if item else None for item in known]
    end = start + max(length, len(row))
    spans = spread(row, start, end)
    assert len(spans) == len(row)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    assert start <= spans[0][0]
    assert spans[-1][1] <= end
    if end - start >= MIN_WORD_MS * len(row):
        assert min(b - a for a, b in spans) >= MIN_WORD_MS


def test_the_unknown_share_the_room_between_the_known() -> None:
    assert spread([(0, 100), None, None, (300, 400)], 0, 400) == [(0, 100), (100, 200), (200, 300), (300, 400)]


def test_edges_move_to_the_pause() -> None:
    loudness = sound((1000, LOUD), (400, QUIET), (1000, LOUD))
    first, second = snap_edges([segment(30, 1180), segment(1180, 2300)], loudness, 2400)
    assert first.end_ms == 1000
    assert second.start_ms == 1400


def test_edges_leave_out_sound_that_nobody_claims() -> None:
    loudness = sound((1000, LOUD), (400, QUIET), (500, LOUD), (400, QUIET), (1000, LOUD))
    first, second = snap_edges([segment(0, 1000), segment(2300, 3300)], loudness, 3300)
    assert (first.end_ms, second.start_ms) == (1000, 2300)


def test_without_a_pause_edges_meet_and_do_not_overlap() -> None:
    first, second = snap_edges([segment(0, 1000), segment(1000, 2000)], sound((2000, LOUD)), 2000)
    assert first.end_ms <= second.start_ms


def test_the_closure_of_a_stop_is_no_pause() -> None:
    assert sound((500, LOUD), (60, QUIET), (500, LOUD)).pauses(0, 1060) == []


@pytest.mark.parametrize("at", [0, 90_000])
def test_pauses_are_where_they_are(at: int) -> None:
    assert sound((500, LOUD), (200, QUIET), (500, LOUD), start_ms=at).pauses(at, at + 1200) == [(at + 500, at + 700)]


def test_where_nothing_was_listened_to_is_quiet() -> None:
    assert sound((1000, LOUD), start_ms=5000).pauses(4000, 6000) == [(4000, 5000)]
