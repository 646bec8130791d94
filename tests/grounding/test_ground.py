"""Grounding with a CTC head whose answers are known: which decisions follow from which evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mediakit.grounding.ground import free_speech, ground
from mediakit.speech.engine import Heard
from tests.grounding.planted import NOISY, SYLLABLE_MS, TEXT, Stage, article, printed

#: The planted speech is also at hand from here.
__all__ = ["NOISY", "TEXT", "Stage", "article"]


@pytest.mark.parametrize("head", [True, False])
def test_what_is_read_is_printed_as_the_article_has_it(head: bool) -> None:
    stage = Stage(*NOISY.items())
    grounding = stage.ground(article(*TEXT), head=head)
    assert printed(grounding) == [(f"p1s{i + 1}", text) for i, text in enumerate(TEXT)]
    assert grounding.verdict == "read"
    assert grounding.coverage == 1.0
    assert grounding.unread == ()
    for segment, (start, end, _) in zip(grounding.segments, stage.spans, strict=True):
        assert abs(segment.start_ms - start) <= 20
        assert abs(segment.end_ms - end) <= 20


def test_heard_is_kept() -> None:
    grounding = Stage(*NOISY.items()).ground(article(*TEXT))
    assert [s.heard for s in grounding.segments] == list(NOISY.values())


@pytest.mark.parametrize("order", [(2, 3, 4, 0, 1), (0, 1, 1, 2), (0, 1, 2, 3, 4, 0), (3, 1)])
def test_any_order(order: Sequence[int]) -> None:
    grounding = Stage(*((TEXT[i], NOISY[TEXT[i]]) for i in order)).ground(article(*TEXT))
    assert [s.sentence for s in grounding.segments] == [f"p1s{i + 1}" for i in order]
    assert set(grounding.unread) == {f"p1s{i + 1}" for i in range(5)} - {f"p1s{i + 1}" for i in order}


def test_free_speech_stays_as_it_was_heard() -> None:
    adlib = "tôi xin cảm ơn quý vị đã theo dõi chương trình hôm nay"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (adlib, adlib), (TEXT[1], NOISY[TEXT[1]])).ground(article(*TEXT))
    assert printed(grounding) == [("p1s1", TEXT[0]), (None, adlib), ("p1s2", TEXT[1])]
    assert grounding.verdict == "partly-read"


def test_a_sentence_misheard_beyond_recognition_is_found_between_two() -> None:
    lost = (TEXT[1], "lời ấy mà thì")
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), lost, (TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT[:3]))
    assert printed(grounding) == [("p1s1", TEXT[0]), ("p1s2", TEXT[1]), ("p1s3", TEXT[2])]


def test_speech_of_the_same_length_is_not_taken_for_the_missing_sentence() -> None:
    other = "trời hôm nay mưa to lắm nên ai cũng phải mang theo áo mưa"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (other, other), (TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT[:3]))
    assert printed(grounding) == [("p1s1", TEXT[0]), (None, other), ("p1s3", TEXT[2])]
    assert grounding.unread == ("p1s2",)


def test_a_sentence_broken_off_is_printed_as_far_as_it_was_said() -> None:
    said = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (said, "đồng trí ngô đông hải bí thư tỉnh uỷ")).ground(article(*TEXT))
    assert printed(grounding)[1] == ("p1s2", said)


def test_a_wrong_article_is_called_unrelated() -> None:
    others = ("Hôm nay trời mưa rất to ở nhiều nơi.", "Giá rau xanh tăng mạnh sau đợt lũ vừa qua.")
    grounding = Stage(*((t, t.lower().strip(".")) for t in others)).ground(article(*TEXT))
    assert all(s.source == "speech" for s in grounding.segments)
    assert (grounding.verdict, grounding.coverage) == ("unrelated", 0.0)


def test_every_printed_word_has_a_time_numbers_too() -> None:
    grounding = Stage((TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT))
    (segment,) = grounding.segments
    assert [w.text for w in segment.words] == TEXT[2].split()
    number = next(w for w in segment.words if w.text == "46,3%.")
    assert number.end_ms - number.start_ms >= 4 * SYLLABLE_MS


def test_silence_gives_nothing() -> None:
    grounding = ground([], article(*TEXT), duration_ms=1000)
    assert (grounding.segments, grounding.verdict, grounding.coverage) == ((), None, 0.0)
    assert free_speech([], duration_ms=1000) == ()


def english(stage: Stage, place: int) -> Stage:
    """The stage with what was said in one place heard as English, in a window of its own."""
    (one,) = stage.heard
    start, end, _ = stage.spans[place]

    def part(a: int, b: int, language: str | None) -> Heard:
        words = tuple(word for word in one.words if a <= word.start_ms < b)
        return Heard(a, b, words, one.levels[a // 10 : b // 10], language=language, ctc=stage.ctc(a, b))

    stage.heard = [part(0, start, None), part(start, end, "en"), part(end, one.end_ms, None)]
    return stage


def test_foreign_speech_is_no_sentence_of_the_article_whatever_it_sounds_like() -> None:
    """Even where what was heard is one to the letter, or the head would have it that it was said."""
    for heard in (TEXT[1], "Thank you. We are very pleased."):
        stage = english(Stage((TEXT[0], NOISY[TEXT[0]]), (TEXT[1], heard), (TEXT[2], NOISY[TEXT[2]])), 1)
        grounding = stage.ground(article(*TEXT[:3]))
        assert [s.sentence for s in grounding.segments if s.sentence] == ["p1s1", "p1s3"]
        foreign = [s for s in grounding.segments if s.language is not None]
        assert " ".join(s.text for s in foreign) == heard
        assert {s.language for s in foreign} == {"en"}
        assert grounding.unread == ("p1s2",)


def test_names_of_the_article_are_not_put_into_foreign_speech() -> None:
    """The same words are taken for the name in Vietnamese (`test_names.py`)."""
    text = article("Ông Ngô Đông Hải chủ trì hội nghị sáng nay tại tỉnh.", TEXT[0])
    said = (TEXT[0], NOISY[TEXT[0]])
    own = Stage(said, ("ông ngô đông hải nói", "ông ngô đông hải nói")).ground(text)
    foreign = english(Stage(said, ("ông ngô đông hải nói", "ông ngô đông hải nói")), 1).ground(text)
    assert "Ngô Đông Hải" in own.segments[-1].text
    assert foreign.segments[-1].text == "ông ngô đông hải nói"


def test_free_speech_is_parted_where_the_language_changes() -> None:
    stage = english(Stage(("mời ông nói", "mời ông nói"), ("yes", "yes"), ("cảm ơn", "cảm ơn"), pauses=(0, 0)), 1)
    segments = free_speech(stage.heard, duration_ms=stage.duration_ms)
    assert [(s.text, s.language) for s in segments] == [("mời ông nói", None), ("yes", "en"), ("cảm ơn", None)]
    (one,) = Stage(("mời ông nói", "mời ông nói"), ("yes", "yes"), pauses=(0,)).heard
    assert [s.text for s in free_speech([one], duration_ms=one.end_ms)] == ["mời ông nói yes"]
