"""Sentences that were misheard beyond recognition, between two that were found: planted, with what is asked counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.grounding.missing import Gap, Search
from mediakit.grounding.reading import Reading
from mediakit.grounding.weighing import Weighing
from mediakit.speech.engine import Heard, Window
from mediakit.speech.evidence import Evidence, WordEvidence
from tests.grounding.planted import LOUD, NOISY, QUIET, SYLLABLE_MS, TEXT, Stage, article, levels_of, printed, weighing

LOST = "ờ mờ ơ à"
OTHER = "trời hôm nay mưa to lắm nên ai cũng phải mang theo áo mưa"


def reading(sentence: int, start_ms: int, end_ms: int) -> Reading:
    """A found sentence as its neighbours see it."""
    return Reading(sentence, 0, 1, (WordEvidence(start_ms, end_ms, 30.0, 10),))


def lost(*sentences: str) -> list[tuple[str, str]]:
    return [(sentence, LOST) for sentence in sentences]


def known(*sentences: str) -> list[tuple[str, str]]:
    return [(sentence, NOISY[sentence]) for sentence in sentences]


def found_between(stage: Stage, sentences: Sequence[str], before: int | None, after: int | None) -> list[int]:
    """Sentences found in a stage between its first and last item; `before` and `after` are what those are."""
    low, high = stage.spans[0][1] if before is not None else 0, stage.spans[-1][0]
    first = reading(before, 0, low) if before is not None else None
    last = reading(after, high, stage.spans[-1][1]) if after is not None else None
    read = {s for s in (before, after) if s is not None}
    found = Search(stage.weighing(article(*sentences))).within(Gap(first, last, stage.duration_ms), read)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(found))
    return [one.sentence for one in found]


def tried(stage: Stage, sentences: Sequence[str]) -> list[int]:
    """The sentences that were weighed as a whole."""
    asked = [text for _, _, text in stage.asked]
    return [i for i, sentence in enumerate(sentences) if sentence in asked]


# The row that gains most.


class Claims(Stage):
    """A judge that has a written gain for a text on each stretch of sound, to within 200 ms."""

    def __init__(self, *said: tuple[str, str], claims: dict[tuple[str, int, int], float]) -> None:
        super().__init__(*said)
        self.claims = claims

    def _weigh(self, window: Window, text: str) -> Evidence:
        gains = [
            gain
            for (claimed, start, end), gain in self.claims.items()
            if claimed == text and abs(window.start_ms - start) <= 200 and abs(window.end_ms - end) <= 200
        ]
        gain = max(gains, default=-1.0 * len(text.split())) / len(text.split())
        return Evidence(tuple(WordEvidence(window.start_ms, window.end_ms, gain, 1) for _ in text.split()))


SHORT = "Hệ thống cổng dịch vụ công được triển khai đồng bộ."
SHORTER = "Ngành cần nắm bắt những cơ hội trong việc này."
LONG = "Tỷ lệ hồ sơ trực tuyến trở lên đạt yêu cầu và người dân các xã phường thị trấn rất hài lòng."


def row(long_gain: float, short_gain: float) -> list[int]:
    stage = Claims(*known(TEXT[0]), *lost(SHORT, SHORTER), *known(TEXT[1]), claims={})
    (_, low, _), (a, b, _), (c, d, _), (high, _, _) = stage.spans
    assert low < a
    assert d < high
    stage.claims = {(LONG, a, d): long_gain, (SHORT, a, b): short_gain, (SHORTER, c, d): short_gain}
    return found_between(stage, (TEXT[0], LONG, SHORT, SHORTER, TEXT[1]), 0, 4)


def test_two_sentences_that_share_a_stretch_win_against_one_that_gains_less() -> None:
    assert row(long_gain=30.0, short_gain=20.0) == [2, 3]


def test_one_sentence_wins_against_two_that_gain_less() -> None:
    assert row(long_gain=50.0, short_gain=10.0) == [1]


def test_a_sentence_does_not_take_the_place_of_what_was_surely_heard_beside_it() -> None:
    """On the wider stretch it gains a little more; there, though, stands what somebody said and the engine heard."""
    other = "xin chào quý vị"
    for score, end in ((0.8, 1), (0.3, 2)):
        stage = Claims(*known(TEXT[0]), *lost(SHORT), (other, other), *known(TEXT[1]), claims={})
        stage.heard = [replace(w, words=tuple(replace(o, score=score) for o in w.words)) for w in stage.heard]
        start, edges = stage.spans[1][0], [stage.spans[place][1] for place in (1, 2)]
        stage.claims = {(SHORT, start, edges[0]): 30.0, (SHORT, start, edges[1]): 34.0}
        before, after = reading(0, 0, stage.spans[0][1]), reading(2, stage.spans[3][0], stage.spans[3][1])
        search = Search(stage.weighing(article(TEXT[0], SHORT, TEXT[1])))
        (found,) = search.within(Gap(before, after, stage.duration_ms), {0, 2})
        assert (found.start_ms, found.end_ms) == (start, stage.spans[end][1])


def test_a_row_is_in_the_order_of_the_article() -> None:
    """The better of two sentences that were said in the wrong order; the worse one comes where it may."""
    stage = Claims(*known(TEXT[0]), *lost(SHORT, SHORTER), *known(TEXT[1]), claims={})
    _, (a, b, _), (c, d, _), _ = stage.spans
    stage.claims = {(SHORTER, a, b): 20.0, (SHORT, c, d): 25.0}
    assert found_between(stage, (TEXT[0], SHORT, SHORTER, TEXT[1]), 0, 3) == [1]


# Which sentences are tried.


def test_in_order_those_between_are_tried_near_the_two() -> None:
    sentences = [f"{text} {i}" for i, text in enumerate(TEXT * 4)]
    stage = Stage(*known(TEXT[0]), (OTHER, OTHER), *known(TEXT[1]))
    assert found_between(stage, sentences, 2, 14) == []
    assert set(tried(stage, sentences)) <= {3, 4, 5, 6, 10, 11, 12, 13}
    assert tried(stage, sentences)


def test_at_a_jump_back_what_follows_comes_first_then_what_precedes() -> None:
    sentences = [TEXT[3], TEXT[4], TEXT[0], TEXT[1], TEXT[2]]
    # Read: 2, (3), then back to (0), 1.
    stage = Stage(*known(sentences[2]), *lost(sentences[3], sentences[0]), *known(sentences[1]))
    assert found_between(stage, sentences, 2, 1) == [3, 0]
    # The other way round they are not in the order in which they would be said; the one that gains more is found.
    stage = Stage(*known(sentences[2]), *lost(sentences[0], sentences[3]), *known(sentences[1]))
    assert len(found_between(stage, sentences, 2, 1)) == 1


def test_at_the_ends_of_the_media_only_neighbours_are_tried() -> None:
    sentences = [f"{text} {i}" for i, text in enumerate(TEXT * 4)]
    stage = Stage((OTHER, OTHER), *known(TEXT[1]))
    assert found_between(stage, sentences, None, 9) == []
    assert set(tried(stage, sentences)) <= {5, 6, 7, 8}
    stage = Stage(*known(TEXT[0]), (OTHER, OTHER))
    first = reading(9, 0, stage.spans[0][1])
    assert Search(stage.weighing(article(*sentences))).within(Gap(first, None, stage.duration_ms), {9}) == []
    assert set(tried(stage, sentences)) <= {10, 11, 12, 13}
    assert tried(stage, sentences)


def test_without_a_neighbour_nothing_is_tried() -> None:
    stage = Stage((OTHER, OTHER))
    assert Search(stage.weighing(article(*TEXT))).within(Gap(None, None, stage.duration_ms), set()) == []
    assert stage.asked == []


def test_without_a_judge_nothing_is_found() -> None:
    stage = Stage(*known(TEXT[0]), *lost(TEXT[1]), *known(TEXT[2]))
    weighs = stage.weighing(article(*TEXT), judge=False)
    before, after = reading(0, 0, stage.spans[0][1]), reading(2, stage.spans[2][0], stage.spans[2][1])
    assert Search(weighs).within(Gap(before, after, stage.duration_ms), {0, 2}) == []
    assert [r.sentence for r in Search(stage.weighing(article(*TEXT))).within(Gap(before, after, 0), {0, 2})] == [1]


def test_a_sentence_that_is_read_elsewhere_is_found_again_next_to_its_neighbour() -> None:
    sentences = TEXT[1:]
    stage = Stage(*known(*sentences), *lost(sentences[0]), *known(sentences[1]))
    found = [s.sentence for s in stage.ground(article(*sentences)).segments]
    assert found == ["p1s1", "p1s2", "p1s3", "p1s4", "p1s1", "p1s2"]


def test_a_sentence_that_is_read_elsewhere_is_not_tried_away_from_its_neighbours() -> None:
    weighs = Stage(*known(TEXT[0])).weighing(article(*TEXT))
    search = Search(weighs)
    before, after = reading(0, 0, 1000), reading(4, 9000, 10_000)
    assert search.candidates(Gap(before, after, 10_000), {0, 1, 2, 3, 4}) == [1, 3]
    assert search.candidates(Gap(before, after, 10_000), {0, 2, 4}) == [1, 3]
    assert search.candidates(Gap(before, after, 10_000), {0, 4}) == [1, 2, 3]
    assert search.candidates(Gap(after, before, 10_000), {0, 4}) == []


# What is found.


@pytest.mark.parametrize("missing", [(1, 2, 3), (0,), (3, 4)])
def test_misheard_sentences_are_found_between_the_others(missing: tuple[int, ...]) -> None:
    said = [(text, LOST if i in missing else NOISY[text]) for i, text in enumerate(TEXT)]
    grounding = Stage(*said).ground(article(*TEXT))
    assert printed(grounding) == [(f"p1s{i + 1}", text) for i, text in enumerate(TEXT)]


def test_nothing_is_found_where_no_sentence_is_supported() -> None:
    stage = Stage(*known(TEXT[0]), *[(OTHER, OTHER)] * 3, *known(TEXT[4]), cost=1.5)
    assert found_between(stage, TEXT, 0, 4) == []
    assert stage.asked
    grounding = stage.ground(article(*TEXT))
    assert grounding.unread == ("p1s2", "p1s3", "p1s4")


def test_one_of_several_missing_is_found_and_the_rest_stays_free() -> None:
    stage = Stage(*known(TEXT[0]), (OTHER, OTHER), (TEXT[2], LOST), *known(TEXT[4]), cost=1.5)
    assert printed(stage.ground(article(*TEXT)))[1:3] == [(None, OTHER), ("p1s3", TEXT[2])]


@settings(max_examples=15, deadline=None)
@given(
    sounds=st.lists(st.integers(2, 40), min_size=1, max_size=30),
    sentences=st.lists(st.integers(0, len(TEXT) - 1), min_size=1, max_size=8),
)
def test_the_number_of_trials_is_bounded_by_the_sound(sounds: list[int], sentences: list[int]) -> None:
    """Nothing of it is the article's: however it is cut by pauses, so many trials and no more."""
    levels = b"".join(levels_of((100 * sound, LOUD), (300, QUIET)) for sound in sounds)
    length = 10 * len(levels)
    judge = Claims(*known(TEXT[0]), claims={})
    weighs = weighing([Heard(0, length, (), levels)], article(TEXT[0], *(TEXT[i] for i in sentences), TEXT[4]), judge)
    before, after = reading(0, 0, 1), reading(len(sentences) + 1, length, length + 1)
    assert Search(weighs).within(Gap(before, after, length), {0, len(sentences) + 1}) == []
    most = 4 + 100 * sum(sounds) // 1500
    assert len({(start, end) for start, end, _ in judge.asked}) <= most
    # Each with two sentences on average, and a sentence is written in two ways at most.
    assert len(judge.asked) <= 2 * 2 * most


def test_a_sentence_has_the_edges_of_the_sound_in_which_it_was_found() -> None:
    """The judge has its words from one edge of what it was given to the other, which is a little more."""
    stage = Claims(*known(TEXT[0]), *lost(TEXT[1]), *known(TEXT[2]), claims={})
    (_, low, _), (start, end, _), (high, _, _) = stage.spans
    stage.claims = {(TEXT[1], start, end): 30.0}
    (found,) = Search(_hears_nothing(stage)).within(Gap(reading(0, 0, low), reading(2, high, high + 1), 0), {0, 2})
    assert (found.start_ms, found.end_ms) == (start, end)


def _hears_nothing(stage: Stage) -> Weighing:
    heard = [Heard(w.start_ms, w.end_ms, (), w.levels) for w in stage.heard]
    return weighing(heard, article(*TEXT), stage, SYLLABLE_MS)


def test_a_sentence_that_was_heard_a_little_is_tried_before_others_of_its_length() -> None:
    """Eight sentences and six stretches of one length: not all can be tried, and the syllables say which first."""
    names = ("ba cô đi", "ma na sa", "lo go to", "ne me khe", "ti li ni", "phu hu thu", "chê rê kê", "sơ vơ bơ")
    alike = [f"{name} mở rộng tuyến đường này." for name in names]
    other, heard = "xin mời quý vị đi qua cầu mới", "nè mẹ khẻ ờ ớ ợ ở ỡ"
    said = (alike[3], heard)
    stage = Stage(*known(TEXT[0]), *[(other, other)] * 4, said, (other, other), *known(TEXT[4]), cost=1.5)
    assert found_between(stage, (TEXT[0], *alike, TEXT[4]), 0, len(alike) + 1) == [4]
