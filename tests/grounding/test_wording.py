"""Sentences that were said otherwise than printed: what was said is there, spelt as the article has it."""

from __future__ import annotations

import pytest

from mediakit.grounding.ground import Grounding
from mediakit.transcript.segments import Segment
from tests.grounding.planted import NOISY, TEXT, Stage, article

BEFORE, SENTENCE, AFTER = TEXT[1], TEXT[3], TEXT[4]


def ground(said: str, heard: str, printed: str = SENTENCE) -> Grounding:
    """A sentence said and heard in some way, between two that are read as they are printed."""
    stage = Stage((BEFORE, NOISY[BEFORE]), (said, heard), (AFTER, NOISY[AFTER]))
    return stage.ground(article(BEFORE, printed, AFTER))


def middle(grounding: Grounding) -> Segment:
    """The segment of the sentence between the two."""
    (segment,) = (one for one in grounding.segments if one.sentence == "p1s2")
    return segment


def others(segment: Segment) -> list[str]:
    """The words of a segment that are not the article's."""
    return [word.text for word in segment.words if not word.article]


@pytest.mark.parametrize(
    ("said", "added"),
    [
        ("Hệ thống cổng dịch vụ công thưa quý vị được triển khai đồng bộ tại các cơ quan.", ["thưa", "quý", "vị"]),
        ("Hệ thống cổng dịch vụ công được được triển khai đồng bộ tại các cơ quan.", ["được"]),
        ("Hệ thống cổng dịch vụ công sẽ được triển khai đồng bộ tại tất cả các cơ quan.", ["sẽ", "tất", "cả"]),
    ],
)
def test_what_was_added_is_there(said: str, added: list[str]) -> None:
    segment = middle(ground(said, said.lower()))
    assert segment.text == said
    assert others(segment) == added


def test_what_was_left_out_is_not_there() -> None:
    said = "Hệ thống cổng được triển khai tại các cơ quan."
    segment = middle(ground(said, said.lower()))
    assert segment.text == said
    assert others(segment) == []


def test_what_was_exchanged_is_as_it_was_said() -> None:
    said = "Hệ thống cổng dịch vụ mới được xây dựng đồng bộ tại các cơ quan."
    segment = middle(ground(said, said.lower()))
    assert segment.text == said
    assert others(segment) == ["mới", "xây", "dựng"]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("đạt 47,3%.", "đạt 47,3%"),
        ("đạt 29,3%.", "đạt 29,3%"),
        ("đạt 46,5%.", "đạt 46,5%"),
        ("đạt năm mươi phần trăm.", "đạt năm mươi phần trăm"),
    ],
)
def test_a_number_is_the_one_that_was_said(said: str, heard: str) -> None:
    start = TEXT[2].rsplit(" đạt", 1)[0]
    segment = middle(ground(f"{start} {said}", f"{start.lower()} {heard}", TEXT[2]))
    assert "46,3%" not in segment.text
    assert segment.text.endswith(said)


@pytest.mark.parametrize("sentence", TEXT)
def test_a_sentence_that_was_misheard_is_as_it_is_printed(sentence: str) -> None:
    segment = Stage((sentence, NOISY[sentence])).ground(article(sentence)).segments[0]
    assert segment.text == sentence
    assert others(segment) == []


def test_where_few_words_are_its_own_a_sentence_is_not_followed() -> None:
    said = "Cổng dịch vụ công thì hôm nay bà con ở quê tôi vẫn chưa được dùng bao giờ đâu nhé."
    grounding = ground(said, said.lower())
    assert all(2 * len(others(s)) <= len(s.words) for s in grounding.segments if s.sentence is not None)
    assert "bao giờ đâu nhé" in " ".join(s.text for s in grounding.segments)


def test_a_sentence_said_with_many_other_words_is_found() -> None:
    """As it is printed the sound does not bear it out; the words that are its own do."""
    said = "Hệ thống cổng của xã ta được triển khai rồi ở các cơ quan."
    stage = Stage((BEFORE, NOISY[BEFORE]), (said, said.lower()), (AFTER, NOISY[AFTER]))
    segment = middle(stage.ground(article(BEFORE, SENTENCE, AFTER)))
    assert segment.text == said
    assert others(segment) == ["của", "xã", "ta", "rồi", "ở"]


def test_a_sentence_that_is_only_like_what_was_said_is_not_taken_for_it() -> None:
    said = "Hệ thống đường dẫn vào cổng chợ mới đang được sửa chữa ở phía các cơ sở."
    stage = Stage((BEFORE, NOISY[BEFORE]), (said, said.lower()), (AFTER, NOISY[AFTER]))
    grounding = stage.ground(article(BEFORE, SENTENCE, AFTER))
    assert "p1s2" in grounding.unread
    assert said.lower().rstrip(".") in " ".join(s.text for s in grounding.segments).lower()


def test_without_a_head_a_clause_of_which_nothing_was_heard_is_not_there() -> None:
    said = "Hệ thống cổng dịch vụ công tại các cơ quan."
    stage = Stage((BEFORE, NOISY[BEFORE]), (said, said.lower()), (AFTER, NOISY[AFTER]))
    assert middle(stage.ground(article(BEFORE, SENTENCE, AFTER), head=False)).text == said
