"""Times of words inside a sentence, and edges on the sound."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.timing import MIN_WORD_MS, Loudness, snap_edges, spread, without_pauses
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


# Which pauses part two segments.


def edges_between(first: Segment, second: Segment, loudness: Loudness) -> tuple[int, int]:
    before, after = snap_edges([first, second], loudness, second.end_ms)
    return before.end_ms, after.start_ms


def test_the_quietest_pause_parts_and_not_a_longer_one_with_breath() -> None:
    loudness = sound((1000, LOUD), (500, 36), (200, LOUD), (300, QUIET), (1000, LOUD))
    assert edges_between(segment(0, 1200), segment(1700, 3000), loudness) == (1700, 2000)


def test_of_pauses_about_as_quiet_the_longest_parts() -> None:
    loudness = sound((1000, LOUD), (120, QUIET), (200, LOUD), (300, QUIET + 3), (1000, LOUD))
    assert edges_between(segment(0, 1200), segment(1300, 2620), loudness) == (1320, 1620)


def test_between_pauses_nearly_as_long_lies_what_nobody_claims() -> None:
    loudness = sound((1000, LOUD), (300, QUIET), (200, LOUD), (200, QUIET), (1000, LOUD))
    assert edges_between(segment(0, 1000), segment(1700, 2700), loudness) == (1000, 1700)


def test_far_apart_no_pause_is_passed_over() -> None:
    """There may be sound between that neither claims, such as a jingle, and its pauses are others."""
    loudness = sound((1000, LOUD), (150, 36), (1000, LOUD), (150, QUIET), (1000, LOUD), (150, 36), (1000, LOUD))
    assert edges_between(segment(0, 1000), segment(3450, 4450), loudness) == (1000, 3450)


@pytest.mark.parametrize(
    ("early", "late", "first_end", "second_start", "expected"),
    [
        (((700, LOUD), (300, QUIET), (200, LOUD)), ((1000, LOUD),), 900, 1400, (700, 1000)),
        (((1000, LOUD),), ((200, LOUD), (300, QUIET), (700, LOUD)), 1000, 1500, (1400, 1700)),
    ],
)
def test_a_pause_that_was_not_listened_to_parts_nothing_where_another_is_known(
    early: tuple[tuple[int, int], ...],
    late: tuple[tuple[int, int], ...],
    first_end: int,
    second_start: int,
    expected: tuple[int, int],
) -> None:
    """Between two windows lie 200 ms without levels; a pause is in one of the windows."""
    first = sound(*early)
    second = sound(*late, start_ms=first.windows[0].end_ms + 200)
    loudness = Loudness.of([*first.windows, *second.windows])
    pair = segment(0, first_end), segment(second_start, second.windows[0].end_ms)
    assert edges_between(*pair, loudness) == expected


def test_a_pause_that_was_not_listened_to_parts_where_no_other_is() -> None:
    loudness = Loudness.of([*sound((1000, LOUD)).windows, *sound((1000, LOUD), start_ms=1300).windows])
    assert edges_between(segment(0, 1000), segment(1300, 2300), loudness) == (1000, 1300)


# Heard words without the pauses that a model gives them.


def at(*times: tuple[int, int]) -> list[Word]:
    return [Word(a, b, "từ", 0.5) for a, b in times]


def times_without_pauses(words: list[Word], *runs: tuple[int, int]) -> list[tuple[int, int]]:
    return [(w.start_ms, w.end_ms) for w in without_pauses(words, sound(*runs))]


PAUSED = ((300, LOUD), (400, QUIET), (500, LOUD), (400, QUIET), (300, LOUD))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (at((0, 200), (200, 1900)), [(0, 200), (200, 300)]),  # it joins the word before
        (at((0, 1700), (1700, 1900)), [(1600, 1700), (1700, 1900)]),  # and here the one after
        (at((100, 1900)), [(700, 1200)]),  # it stands alone: the longest
        (at((0, 100), (100, 1800), (1800, 1900)), [(0, 100), (700, 1200), (1800, 1900)]),  # both neighbours join
        (at((0, 60), (100, 1900)), [(0, 60), (100, 300)]),  # little lies between
        (at((0, 50), (100, 1900)), [(0, 50), (700, 1200)]),  # as much as between words that are apart
        (at((350, 650)), [(350, 650)]),  # all of it lies in a pause: nothing better is known
    ],
)
def test_a_word_has_the_sound_on_the_side_of_its_neighbour(words: list[Word], expected: list[tuple[int, int]]) -> None:
    assert times_without_pauses(words, *PAUSED) == expected


def test_a_click_is_no_sound_for_a_word() -> None:
    runs = ((150, LOUD), (400, QUIET), (500, LOUD))
    assert times_without_pauses(at((0, 100), (100, 1050)), *runs) == [(0, 100), (550, 1050)]
    assert times_without_pauses(at((0, 90), (90, 1050)), *runs) == [(0, 90), (90, 150)]


@given(
    lengths=st.lists(st.tuples(st.integers(1, 900), st.integers(0, 300)), min_size=1, max_size=12),
    levels=st.lists(st.sampled_from((LOUD, QUIET, 45)), min_size=1, max_size=300),
)
def test_words_without_pauses_are_inside_themselves(lengths: list[tuple[int, int]], levels: list[int]) -> None:
    words, start = [], 0
    for length, gap in lengths:
        words.append(Word(start, start + length, "từ", 0.5))
        start += length + gap
    found = without_pauses(words, sound(*((30, level) for level in levels)))
    for word, shorter in zip(words, found, strict=True):
        assert word.start_ms <= shorter.start_ms < shorter.end_ms <= word.end_ms


@given(
    lengths=st.lists(st.tuples(st.integers(3, 1500), st.integers(0, 900)), min_size=1, max_size=8),
    levels=st.lists(st.sampled_from((LOUD, QUIET, 36, 45)), min_size=1, max_size=300),
)
def test_segments_stay_in_order_and_apart_wherever_pauses_are(
    lengths: list[tuple[int, int]], levels: list[int]
) -> None:
    segments, start = [], 0
    for length, gap in lengths:
        segments.append(segment(start, start + length))
        start += length + gap
    snapped = snap_edges(segments, sound(*((30, level) for level in levels)), start)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(snapped))
    assert [s.text for s in snapped] == [s.text for s in segments]
    assert all(s.start_ms <= s.words[0].start_ms and s.words[-1].end_ms <= s.end_ms for s in snapped)
