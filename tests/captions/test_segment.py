"""Captions keep every word and every rule, and are the cheapest cut there is."""

from __future__ import annotations

import time
import unicodedata
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mediakit.captions.breaks import spoken_words
from mediakit.captions.caption import Caption
from mediakit.captions.profile import PROFILES, Profile
from mediakit.captions.reading import chars_per_second, visible_length
from mediakit.captions.segment import Cue, Layout, make_captions
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from tests.captions.speech import segment, spoken

NETFLIX = PROFILES["netflix-vi"]

TEXTS = st.one_of(
    st.sampled_from("Đồng chí Ngô Đông Hải, và của với 46,3% 763 – tỉnh rồi. nghiêng a được! (TTTT) Ipv6 hoà".split()),
    st.text(st.characters(blacklist_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=60).filter(
        lambda text: bool(unicodedata.normalize("NFC", text).strip())
    ),
)


@st.composite
def speech(draw: st.DrawFn, max_words: int = 60) -> tuple[Segment, ...]:
    """Segments of words and pauses of any length."""
    rows = draw(
        st.lists(
            st.tuples(
                st.one_of(st.just(0), st.integers(0, 3000)),
                st.one_of(st.integers(100, 400), st.integers(1, 9000)),
                TEXTS,
                st.integers(0, 5),
            ),
            max_size=max_words,
        )
    )
    now_ms, words, segments = 0, list[Word](), list[Segment]()
    for number, (pause_ms, lasts_ms, text, ends) in enumerate(rows):
        now_ms += pause_ms
        words.append(Word(now_ms, now_ms + lasts_ms, text, 0.5))
        now_ms += lasts_ms
        if ends == 0 or number == len(rows) - 1:
            segments.append(segment(words, f"p1s{len(segments) + 1}" if len(segments) % 2 else None))
            words = []
    return tuple(segments)


def all_words(segments: tuple[Segment, ...]) -> list[str]:
    return [part for s in segments for w in s.words for part in unicodedata.normalize("NFC", w.text).split()]


@given(speech())
def test_no_word_is_lost_added_moved_or_cut(segments: tuple[Segment, ...]) -> None:
    captions = make_captions(segments, NETFLIX)
    assert [word for caption in captions for line in caption.lines for word in line.split(" ")] == all_words(segments)


@given(speech())
@example(spoken("x" * 50 + " a " + "y" * 43, syllable_ms=1))
def test_lines_are_short_and_few_but_for_a_word_longer_than_a_line(segments: tuple[Segment, ...]) -> None:
    for caption in make_captions(segments, NETFLIX):
        assert len(caption.lines) <= NETFLIX.max_lines
        for line in caption.lines:
            assert visible_length(line) <= NETFLIX.max_line_chars or " " not in line


@given(speech(), st.sampled_from([None, 0, 700]))
def test_times_keep_the_rules_where_the_sound_leaves_room(segments: tuple[Segment, ...], tail_ms: int | None) -> None:
    end_ms = None if tail_ms is None or not segments else segments[-1].end_ms + tail_ms
    captions = make_captions(segments, NETFLIX, duration_ms=end_ms)
    starts = speech_starts(segments, captions)
    for number, caption in enumerate(captions):
        following = captions[number + 1].start_ms if number + 1 < len(captions) else None
        assert caption.end_ms - caption.start_ms <= NETFLIX.max_duration_ms
        if following is not None:
            assert following >= caption.end_ms
            assert following - caption.end_ms >= NETFLIX.min_gap_ms or starts[number + 1] - starts[number] <= 80
        elif end_ms is not None:
            assert caption.end_ms <= end_ms
        lead_ms = starts[number] - caption.start_ms
        short_by_ms = NETFLIX.min_duration_ms - (caption.end_ms - starts[number])
        assert 0 <= lead_ms <= max(NETFLIX.max_lead_ms, short_by_ms), "earlier only to be seen at all"
        if caption.end_ms - caption.start_ms < NETFLIX.min_duration_ms:
            latest = end_ms if following is None else starts[number + 1] - NETFLIX.min_gap_ms
            assert latest is not None
            assert caption.end_ms >= latest, "there was room after it"


def speech_starts(segments: tuple[Segment, ...], captions: tuple[Caption, ...]) -> list[int]:
    """When the first word of each caption is said."""
    times = [w.start_ms for s in segments for w in s.words for _ in w.text.split()]
    counts = [sum(len(line.split(" ")) for line in caption.lines) for caption in captions]
    return [times[sum(counts[:number])] for number in range(len(captions))]


@given(speech())
def test_no_caption_spans_a_long_pause(segments: tuple[Segment, ...]) -> None:
    layout = Layout(spoken_words(segments), NETFLIX)
    for cue in layout.best_cut():
        for before, after in pairwise(layout.words[cue.start : cue.end]):
            assert after.start_ms - before.end_ms < NETFLIX.max_pause_ms


@given(
    speech(max_words=9), st.sampled_from([NETFLIX, Profile("narrow", max_line_chars=12), Profile("one", max_lines=1)])
)
@settings(max_examples=60)
def test_the_cut_is_the_cheapest_of_all(segments: tuple[Segment, ...], profile: Profile) -> None:
    layout = Layout(spoken_words(segments), profile)
    n = len(layout.words)

    @cache
    def cheapest(start: int) -> float:
        """By trying every cut, where one cue ends after the other."""
        costs = [
            found[0] + cheapest(end) for end in range(start + 1, n + 1) if (found := layout.cue(start, end)) is not None
        ]
        return min(costs) if start < n else 0.0

    assert total(layout, layout.best_cut()) == pytest.approx(cheapest(0))


def total(layout: Layout, cues: list[Cue]) -> float:
    found = [layout.cue(cue.start, cue.end) for cue in cues]
    return sum(cost[0] for cost in found if cost is not None)


def test_the_cut_is_not_the_greedy_one() -> None:
    # Filled to the brim the first caption would end in the middle of the name.
    segments = spoken(
        "Phát biểu tại buổi làm việc với lãnh đạo sở ngành hôm nay, đồng chí Trần Thị Bích Hằng đề nghị "
        "các đơn vị tập trung thực hiện tốt nhiệm vụ được giao trong năm."
    )
    captions = make_captions(segments, NETFLIX)
    assert any("Trần Thị Bích Hằng" in line for caption in captions for line in caption.lines)
    assert captions[0].lines[-1].endswith(",")


def test_two_short_sentences_share_a_caption_and_it_names_both() -> None:
    segments = spoken("Trời mưa.", "Họ về nhà.", ids=["p1s1", "p1s2"], between_ms=0)
    (caption,) = make_captions(segments, NETFLIX)
    assert caption.sentences == ("p1s1", "p1s2")
    assert caption.id == "c1"


def test_a_second_of_silence_parts_even_short_words() -> None:
    assert [c.lines for c in make_captions(spoken("vâng | vâng"), NETFLIX)] == [("vâng",), ("vâng",)]


def test_a_caption_waits_for_its_reader_in_the_silence_after_it() -> None:
    (caption,) = make_captions(spoken("Nghiêng nghiêng " * 2 + "nghiêng.", syllable_ms=100), NETFLIX)
    assert chars_per_second(caption) <= 17
    assert caption.start_ms == 1000, "the silence after is enough"


def test_a_caption_does_not_outlast_the_media() -> None:
    (caption,) = make_captions(spoken("vâng"), NETFLIX, duration_ms=1300)
    assert (caption.start_ms, caption.end_ms) == (1300 - 833, 1300)


def test_small_gaps_are_closed_to_two_frames() -> None:
    first, second = make_captions(spoken("Một hai ba bốn năm sáu. | Bảy tám chín mười."), NETFLIX)[:2]
    assert second.start_ms - first.end_ms > 500
    text = "Chiều nay họ đến thăm nhà bà. "
    captions = make_captions(spoken(text * 2, text * 2, text * 2, between_ms=400, syllable_ms=300), NETFLIX)
    assert len(captions) > 2
    assert {b.start_ms - a.end_ms for a, b in pairwise(captions)} == {80}


def test_the_lower_line_is_not_the_shorter_one_where_words_allow() -> None:
    beasts = "gà, vịt, ngan, ngỗng, chim, trâu, bò, lợn, dê, cừu, ngựa."
    (caption,) = make_captions(spoken(beasts, syllable_ms=300), NETFLIX)
    upper, lower = caption.lines
    assert len(upper) <= len(lower) <= len(upper) + 8


def test_text_is_composed_and_on_one_line() -> None:
    (caption,) = make_captions(
        (segment([Word(0, 900, " Thu\u0323y\n", 1.0), Word(900, 1800, "no\u0301i", 1.0)]),), NETFLIX
    )
    assert caption.lines == ("Thụy nói",)


def test_no_speech_no_captions() -> None:
    assert make_captions((), NETFLIX) == ()


@pytest.mark.parametrize(
    "text", ["Chiều ngày 9/6, Thường trực Tỉnh ủy có buổi làm việc với Sở Thông tin.", "a b c d e f g."]
)
def test_ten_thousand_words_take_less_than_two_seconds(text: str) -> None:
    sentences = [text] * (10_000 // len(text.split()) + 1)
    segments = spoken(*sentences)
    began = time.process_time()
    captions = make_captions(segments, NETFLIX)
    assert time.process_time() - began < 2
    assert sum(len(line.split()) for caption in captions for line in caption.lines) >= 10_000


def test_no_caption_is_of_two_languages() -> None:
    first, second, third = spoken("Mời ông", "yes of course", "cảm ơn ông.", between_ms=0)
    together = make_captions((first, second, third), NETFLIX)
    assert [c.text for c in together] != ["Mời ông", "yes of course", "cảm ơn ông."]
    parted = make_captions((first, replace(second, language="en"), third), NETFLIX)
    assert [c.text for c in parted] == ["Mời ông", "yes of course", "cảm ơn ông."]
