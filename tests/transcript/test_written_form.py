"""Full stops and capitals by rules: what changes, and above all what does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from mediakit.transcript.written_form import (
    SENTENCE_PAUSE_MS,
    Names,
    lacks_written_form,
    with_written_form,
    written_form,
)
from mediakit.vietnamese.normal import nfc


def said(text: str, *, pause_ms: int = SENTENCE_PAUSE_MS) -> list[Word]:
    """Words of 200 ms with 50 ms between; `|` is a pause."""
    words: list[Word] = []
    at = 0
    for part in text.split():
        if part == "|":
            at += pause_ms - 50
            continue
        words.append(Word(at, at + 200, part, 0.9))
        at += 250
    return words


def printed(words: Sequence[Word], names: Names | None = None) -> str:
    return " ".join(written_form(words, names))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("hôm nay trời mưa | ngày mai trời nắng", "Hôm nay trời mưa. Ngày mai trời nắng."),
        ("hôm nay tại thành phố hồ chí minh", "Hôm nay tại thành phố Hồ Chí Minh."),
        ("các tỉnh khánh hoà và khánh hòa", "Các tỉnh Khánh Hoà và Khánh Hòa."),
        ("đoàn đến hà nội | và việt nam thắng", "Đoàn đến Hà Nội. Và Việt Nam thắng."),
        ("các nước asean họp", "Các nước ASEAN họp."),
        ("hai nghìn không trăm hai mươi mốt", "Hai nghìn không trăm hai mươi mốt."),
        ("3 người bị thương", "3 người bị thương."),
        ("mong muốn hòa bình cho thế giới", "Mong muốn hòa bình cho thế giới."),
        ("ừ | à | chúng ta bắt đầu", "Ừ à chúng ta bắt đầu."),  # no sentence of one word
    ],
)
def test_what_is_printed(heard: str, expected: str) -> None:
    assert printed(said(heard)) == expected


def test_a_shorter_pause_ends_no_sentence() -> None:
    assert printed(said("hôm nay trời mưa | ngày mai nắng", pause_ms=SENTENCE_PAUSE_MS - 1)).count(".") == 1


def test_names_of_the_article_are_known_besides() -> None:
    words = said("đồng chí ngô đông hải phát biểu")
    assert printed(words) == "Đồng chí ngô đông hải phát biểu."
    assert printed(words, Names([("Ngô", "Đông", "Hải")])) == "Đồng chí Ngô Đông Hải phát biểu."


def test_the_article_has_the_first_word_on_a_name() -> None:
    assert printed(said("ông hòa bình nói vậy"), Names([("Hòa", "Bình")])) == "Ông Hòa Bình nói vậy."


def test_text_with_marks_or_capitals_of_its_own_is_left_alone() -> None:
    for text in ("hôm nay, trời mưa", "hôm nay ở Huế", "trời mưa to."):
        assert not lacks_written_form(text.split())
        assert printed(said(text)) == text


def test_no_words_no_text() -> None:
    assert written_form([]) == ()


def segment(words: Sequence[Word], sentence: str | None = None, heard: str | None = None) -> Segment:
    text = " ".join(word.text for word in words)
    start, end, own = (
        words[0].start_ms,
        words[-1].end_ms,
        tuple(replace(word, article=sentence is not None) for word in words),
    )
    return Segment(start, end, text, heard or text, "article" if sentence else "speech", sentence, 0.9, own)


def test_segments_of_free_speech_are_written_and_those_of_the_article_are_not() -> None:
    words = said("hôm nay trời mưa | Kính thưa quý vị, | đoàn đến huế và sau đó | về hà nội", pause_ms=500)
    free, read, first, second = words[:4], words[4:8], words[8:14], words[14:]
    before = [segment(free), segment(read, "p1s1", "kính thưa quý vị"), segment(first), segment(second)]
    after = with_written_form(before)
    # A pause of half a second ends a segment, but no sentence.
    assert [one.text for one in after] == ["Hôm nay trời mưa.", before[1].text, "Đoàn đến huế và sau đó", "về Hà Nội."]
    assert with_written_form(after) == after
    assert [one.heard for one in after] == [one.heard for one in before]
    assert all(" ".join(word.text for word in one.words) == one.text for one in after)
    assert [(w.start_ms, w.end_ms, w.score) for one in after for w in one.words] == [
        (w.start_ms, w.end_ms, w.score) for w in words
    ]
    # A name of the article that `names.py` put in is no sign of an engine that writes capitals: `heard` tells.
    named = replace(before[0], text="hôm nay Trời mưa", words=(*free[:2], replace(free[2], text="Trời"), free[3]))
    assert with_written_form([replace(named, heard="hôm nay trời mưa")])[0].text == "Hôm nay Trời mưa."


def test_what_an_engine_writes_is_left_alone_even_where_a_sentence_has_nothing() -> None:
    before = [segment(said("hôm nay trời mưa")), segment(said("| | Ngày mai nắng."))]
    assert with_written_form(before) == tuple(before)
    assert with_written_form([]) == ()


WORDS = st.lists(
    st.tuples(st.text(min_size=1, max_size=8).filter(lambda t: t.split() == [t]), st.integers(0, 1500)), max_size=30
)


@given(WORDS)
def test_only_case_and_full_stops_change_and_a_second_time_nothing(spoken: list[tuple[str, int]]) -> None:
    words, at = [], 0
    for text, pause_ms in spoken:
        words.append(Word(at, at + 100, nfc(text), 0.5))
        at += 100 + pause_ms
    texts = written_form(words)
    assert [t.removesuffix(".").lower() for t in texts] == [w.text.removesuffix(".").lower() for w in words]
    again = [Word(w.start_ms, w.end_ms, text, w.score) for w, text in zip(words, texts, strict=True)]
    assert written_form(again) == texts


def test_foreign_speech_stays_as_it_is_and_is_not_asked() -> None:
    own, foreign = (segment_of(text, at_ms) for text, at_ms in (("hôm nay tại hà nội", 0), ("in ha noi Today.", 5000)))
    foreign = replace(foreign, language="en")
    first, second = with_written_form([own, foreign])
    assert first.text == "Hôm nay tại Hà Nội."
    assert second is foreign
    assert with_written_form([foreign]) == (foreign,)


def segment_of(text: str, at_ms: int) -> Segment:
    words = tuple(replace(w, start_ms=w.start_ms + at_ms, end_ms=w.end_ms + at_ms) for w in said(text))
    return Segment(words[0].start_ms, words[-1].end_ms, text, text, "speech", None, 0.9, words)
