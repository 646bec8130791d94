"""Which windows are to be heard again: those in which the article does not account for the speech."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.unexplained import unexplained
from mediakit.speech.engine import Heard
from mediakit.timeline import Span, Word
from mediakit.transcript.segments import Segment


def heard(start_ms: int, end_ms: int, *speech: tuple[int, int]) -> Heard:
    return Heard(start_ms, end_ms, (), speech=tuple(Span(*span) for span in speech))


def segment(start_ms: int, end_ms: int, *, read: bool = True) -> Segment:
    word = Word(start_ms, end_ms, "lời", 0.9)
    return Segment(
        start_ms, end_ms, "lời", "lời", "article" if read else "speech", "p1s1" if read else None, 0.9, (word,)
    )


WINDOWS = [heard(0, 12_000, (500, 5_000), (6_000, 11_000)), heard(13_000, 25_000, (13_500, 24_000))]


def test_what_is_read_from_edge_to_edge_is_explained() -> None:
    assert unexplained(WINDOWS, [segment(600, 4_900), segment(6_100, 10_900), segment(13_600, 23_900)]) == []


def test_speech_beside_the_sentences_is_not() -> None:
    assert unexplained(WINDOWS, [segment(600, 4_900), segment(6_100, 10_900), segment(13_600, 20_000)]) == WINDOWS[1:]


def test_what_is_heard_but_not_the_articles_explains_nothing() -> None:
    assert unexplained(WINDOWS, [segment(600, 10_900, read=False), segment(13_600, 23_900)]) == WINDOWS[:1]


def test_a_sentence_over_two_windows_explains_both() -> None:
    assert unexplained(WINDOWS, [segment(600, 23_900)]) == []


def test_without_sentences_every_window_with_speech_is_meant() -> None:
    assert unexplained([*WINDOWS, heard(30_000, 32_000, (30_500, 30_900))], []) == WINDOWS


@given(st.lists(st.integers(0, 600), min_size=2, max_size=12, unique=True))
def test_as_counted_by_tenths_of_a_second(edges: list[int]) -> None:
    times = [100 * edge for edge in sorted(edges)]
    read = [segment(a, b) for a, b in zip(times[::2], times[1::2], strict=False)]
    window = heard(0, 60_000, (1_000, 20_000), (25_000, 55_000))
    unread = sum(
        50
        for span in window.speech
        for ms in range(span.start_ms, span.end_ms, 50)
        if not any(s.start_ms - 250 <= ms < s.end_ms + 250 for s in read)
    )
    assert unexplained([window], read) == ([window] if unread >= 600 else [])
