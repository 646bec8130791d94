"""Sentences of which only parts are said, with other speech before, after and inside them."""

from __future__ import annotations

import pytest

from tests.grounding.planted import NOISY, SYLLABLE_MS, TEXT, Stage, article, printed, syllables_of

SENTENCE = TEXT[3]
WORDS = SENTENCE.split()  # fifteen, of one syllable each
FIRST, SECOND, THIRD = " ".join(WORDS[:6]), " ".join(WORDS[6:9]), " ".join(WORDS[9:])
ADLIB = "mà như tôi vừa nói với bà con hồi sáng"
OTHER = "xin chào quý khán giả"
#: What an engine writes that hears nothing rightly.
LOST = "ờ mờ ơ à"


def test_words_left_out_inside_a_sentence_are_not_printed() -> None:
    said = f"{FIRST} {THIRD}"
    assert printed(Stage((said, said)).ground(article(*TEXT))) == [("p1s4", said)]


@pytest.mark.parametrize("head", [True, False])
def test_many_words_in_place_of_few_are_speech_of_their_own(head: bool) -> None:
    said = f"{FIRST} {ADLIB} {THIRD}"
    grounding = Stage((said, said)).ground(article(*TEXT), head=head)
    assert printed(grounding) == [("p1s4", FIRST), (None, ADLIB), ("p1s4", THIRD)]


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("adlib", [ADLIB, "mà như tôi vừa nói"])
@pytest.mark.parametrize("pause_ms", [0, 300, 1500])
def test_adlib_inside_a_sentence(pause_ms: int, adlib: str, head: bool) -> None:
    """Of five words or more; fewer are additions (`test_wording.py`)."""
    first = f"{FIRST} {SECOND}"
    stage = Stage((first, first), (adlib, adlib), (THIRD, THIRD), pauses=(pause_ms, pause_ms))
    assert printed(stage.ground(article(*TEXT), head=head)) == [("p1s4", first), (None, adlib), ("p1s4", THIRD)]


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("part", [FIRST, f"{FIRST} {SECOND}", THIRD, f"{SECOND} {THIRD}"])
def test_a_part_alone_is_printed_and_no_more(part: str, head: bool) -> None:
    grounding = Stage((TEXT[1], NOISY[TEXT[1]]), (part, part.lower())).ground(article(*TEXT), head=head)
    assert printed(grounding) == [("p1s2", TEXT[1]), ("p1s4", part)]


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("adlib", [ADLIB, "tôi xin cảm ơn quý vị đã theo dõi chương trình hôm nay"])
@pytest.mark.parametrize("sentence", [1, 4])
def test_a_sentence_broken_off_takes_nothing_of_the_speech_after_it(sentence: int, adlib: str, head: bool) -> None:
    words = TEXT[sentence].split()
    said = " ".join(words[: len(words) // 2])
    grounding = Stage((said, said.lower()), (adlib, adlib)).ground(article(*TEXT), head=head)
    assert printed(grounding) == [(f"p1s{sentence + 1}", said), (None, adlib)]


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize("adlib", [OTHER, "tôi xin cảm ơn quý vị đã theo dõi chương trình hôm nay"])
@pytest.mark.parametrize("sentence", [1, 4])
def test_a_sentence_begun_in_its_middle_takes_nothing_of_the_speech_before_it(
    sentence: int, adlib: str, head: bool
) -> None:
    words = TEXT[sentence].split()
    said = " ".join(words[len(words) // 2 :])
    grounding = Stage((adlib, adlib), (said, said.lower())).ground(article(*TEXT), head=head)
    assert printed(grounding) == [(None, adlib), (f"p1s{sentence + 1}", said)]


def test_a_part_is_printed_to_its_end_though_that_was_misheard() -> None:
    text = "Đồng chí Ngô Đông Hải của tỉnh ta, Bí thư Tỉnh ủy chủ trì buổi làm việc."
    said, heard = "Đồng chí Ngô Đông Hải của tỉnh ta,", "đồng trí ngô đông hải mờ ơ ờ"
    grounding = Stage((said, heard), (OTHER, OTHER)).ground(article(TEXT[0], text))
    assert printed(grounding) == [("p1s2", said), (None, OTHER)]


def test_a_part_is_printed_from_its_beginning_though_that_was_misheard() -> None:
    text = "Hôm qua tại trụ sở mới của tỉnh ta và các huyện, đồng chí Ngô Đông Hải chủ trì buổi làm việc."
    said, heard = "đồng chí Ngô Đông Hải chủ trì buổi làm việc.", "ờ mờ ơ đông hải chủ chì buổi làm việc"
    grounding = Stage((ADLIB, ADLIB), (said, heard)).ground(article(TEXT[0], text))
    assert printed(grounding) == [(None, ADLIB), ("p1s2", said)]


def test_a_sentence_is_one_segment_though_its_middle_was_misheard() -> None:
    text = (
        "Hệ thống cổng dịch vụ công được triển khai đồng bộ tại các cơ quan "
        "và ngành cần nắm bắt những cơ hội trong việc đẩy mạnh cải cách hành chính."
    )
    heard = "hệ thống cổng dịch vụ công ờ mờ ơ a e i ô ừ ờ mờ những cơ hội trong việc đẩy mạnh cải cách hành chính"
    assert printed(Stage((text, heard)).ground(article(text, TEXT[0]))) == [("p1s1", text)]


def long_sentence(count: int) -> str:
    """So many different syllables, none of them a number or an abbreviation."""
    initials, rhymes = "b ch d đ kh l m ng ph th".split(), "a ây oi ung inh ươt en om ich an ôi ênh âu at ưng".split()
    return " ".join(initials[i % 10] + rhymes[i // 10] for i in range(count)) + "."


@pytest.mark.timeout(60)
def test_a_sentence_longer_than_a_window() -> None:
    text = long_sentence(150)
    assert len(syllables_of(text)) == 150
    stage = Stage((TEXT[0], NOISY[TEXT[0]]), (text, text.lower()), (TEXT[1], NOISY[TEXT[1]]))
    grounding = stage.ground(article(TEXT[0], text, TEXT[1]))
    assert printed(grounding) == [("p1s1", TEXT[0]), ("p1s2", text), ("p1s3", TEXT[1])]
    assert abs(grounding.segments[1].end_ms - grounding.segments[1].start_ms - 150 * SYLLABLE_MS) <= 40


@pytest.mark.parametrize("head", [True, False])
def test_said_twice_in_a_row_without_a_pause(head: bool) -> None:
    stage = Stage(*[(t, NOISY[t]) for t in (TEXT[0], TEXT[1], TEXT[1], TEXT[2])], pauses=(0, 0, 0))
    assert [s.sentence for s in stage.ground(article(*TEXT), head=head).segments] == ["p1s1", "p1s2", "p1s2", "p1s3"]


def test_a_lead_read_again_at_the_end_in_part() -> None:
    again = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy"
    stage = Stage(*[(t, NOISY[t]) for t in TEXT[1:]], (again, again.lower()))
    assert printed(stage.ground(article(*TEXT)))[-2:] == [("p1s5", TEXT[4]), ("p1s2", again)]


def test_what_an_engine_made_up_of_other_speech_is_not_printed_as_the_article_has_it() -> None:
    """It writes a sentence of the article, to the letter; the head hears something else."""
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (ADLIB, SENTENCE)).ground(article(*TEXT))
    assert [s.sentence for s in grounding.segments] == ["p1s1", None]


# Sentences misheard beyond recognition.


@pytest.mark.parametrize("missing", [(1, 2, 3), (0,), (3, 4), (0, 1, 2, 3, 4)])
def test_misheard_sentences_are_found_among_the_others(missing: tuple[int, ...]) -> None:
    said = [(text, LOST if i in missing else NOISY[text]) for i, text in enumerate(TEXT)]
    grounding = Stage(*said).ground(article(*TEXT))
    assert printed(grounding) == [(f"p1s{i + 1}", text) for i, text in enumerate(TEXT)]


def test_misheard_sentences_are_found_in_any_order() -> None:
    stage = Stage((TEXT[2], NOISY[TEXT[2]]), (TEXT[3], LOST), (TEXT[0], LOST), (TEXT[1], NOISY[TEXT[1]]))
    assert [s.sentence for s in stage.ground(article(*TEXT)).segments] == ["p1s3", "p1s4", "p1s1", "p1s2"]


def test_a_misheard_sentence_that_was_read_before_is_found_again() -> None:
    said = [(text, NOISY[text]) for text in TEXT[1:]]
    stage = Stage(*said, (TEXT[1], LOST), (TEXT[2], NOISY[TEXT[2]]))
    found = [s.sentence for s in stage.ground(article(*TEXT[1:])).segments]
    assert found == ["p1s1", "p1s2", "p1s3", "p1s4", "p1s1", "p1s2"]


@pytest.mark.parametrize("head", [True, False])
def test_a_long_speech_is_not_taken_for_the_sentences_that_are_missing(head: bool) -> None:
    other = "trời hôm nay mưa to lắm nên ai cũng phải mang theo áo mưa"
    stage = Stage((TEXT[0], NOISY[TEXT[0]]), *[(other, other)] * 3, (TEXT[4], NOISY[TEXT[4]]))
    grounding = stage.ground(article(*TEXT), head=head)
    assert printed(grounding) == [("p1s1", TEXT[0]), *[(None, other)] * 3, ("p1s5", TEXT[4])]
    assert grounding.unread == ("p1s2", "p1s3", "p1s4")


def test_one_of_several_missing_is_found_and_the_rest_stays_free() -> None:
    other = "trời hôm nay mưa to lắm nên ai cũng phải mang theo áo mưa"
    stage = Stage((TEXT[0], NOISY[TEXT[0]]), (other, other), (TEXT[2], LOST), (TEXT[4], NOISY[TEXT[4]]))
    assert printed(stage.ground(article(*TEXT)))[1:3] == [(None, other), ("p1s3", TEXT[2])]


def test_a_misheard_sentence_has_the_edges_of_its_sound() -> None:
    stage = Stage((TEXT[0], NOISY[TEXT[0]]), (TEXT[1], LOST), (TEXT[2], NOISY[TEXT[2]]))
    segment = stage.ground(article(*TEXT[:3])).segments[1]
    assert (segment.start_ms, segment.end_ms) == stage.spans[1][:2]
    assert (segment.text, segment.heard) == (TEXT[1], LOST)
