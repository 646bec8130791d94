"""Planted results against planted truths: every figure counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mediakit.article.document import Sentence
from mediakit.captions.caption import Caption
from mediakit.timeline import Word
from tests.evaluation.planted import (
    ARTICLE,
    FREE,
    READ_FIRST,
    READ_SECOND,
    RESULT,
    SENTENCES,
    TRUTH,
    figures,
    measured,
    segment,
    spoken,
    texts,
    truth_of,
    with_segments,
)


def test_every_figure_of_the_planted_result(tmp_path: Path) -> None:
    assert figures(tmp_path, RESULT, TRUTH) == {
        "reference_kind": "truth",
        "article": {"verdict": "partly-read", "coverage": 0.75, "segments": 2},
        "read_sentences": {"spoken": 2, "found": 2, "whole": 2, "share": 1.0, "missed": []},
        "pasted": {"segments": 0, "unsaid_words": 0, "places": []},
        "word_errors": {
            "all": {
                "words": 21,
                "printed": {"errors": 1, "rate": 0.0476, "substitutions": 1, "deletions": 0, "insertions": 0},
                "heard": {"errors": 6, "rate": 0.2857, "substitutions": 3, "deletions": 3, "insertions": 0},
            },
            "article": {
                "words": 17,
                "printed": {"errors": 0, "rate": 0.0, "substitutions": 0, "deletions": 0, "insertions": 0},
                "heard": {"errors": 5, "rate": 0.2941, "substitutions": 2, "deletions": 3, "insertions": 0},
            },
            "speech": {
                "words": 4,
                "printed": {"errors": 1, "rate": 0.25, "substitutions": 1, "deletions": 0, "insertions": 0},
                "heard": {"errors": 1, "rate": 0.25, "substitutions": 1, "deletions": 0, "insertions": 0},
            },
        },
        "names": {
            "all": {"said": 3, "found": 3, "share": 1.0, "missed": []},
            "article": {"said": 3, "found": 3, "share": 1.0, "missed": []},
            "speech": {"said": 0, "found": 0, "share": None, "missed": []},
        },
        "edges": {"of": "sentences", "count": 4, "median_ms": 15, "within_200_ms": 1.0, "worst_tenth_ms": 50},
        "word_times": None,
        "words": {"count": 18, "under_30_ms": 0, "segments": 3, "unlike_text": 0},
        "captions": {
            "profile": "netflix-vi",
            "count": 1,
            "broken": 0,
            "line_too_long": 0,
            "too_many_lines": 0,
            "too_fast": 0,
            "too_short": 0,
            "too_long": 0,
            "gap_too_small": 0,
        },
    }


def test_an_unread_sentence_over_free_speech_is_pasted(tmp_path: Path) -> None:
    pasted = segment(5000, 7000, "Trời mưa rất to.", "p1s3", "xin chào cả bạn")
    found = figures(tmp_path, with_segments(READ_FIRST, pasted, READ_SECOND), TRUTH)
    assert found["pasted"] == {
        "segments": 1,
        "unsaid_words": 4,
        "places": [
            {
                "start_ms": 5000,
                "end_ms": 7000,
                "sentence": "p1s3",
                "text": "Trời mưa rất to.",
                "unsaid": ["Trời", "mưa", "rất", "to."],
                "whole_segment": True,
            }
        ],
    }
    assert found["read_sentences"]["found"] == 2
    assert found["word_errors"]["speech"]["printed"]["errors"] == 4
    assert found["word_errors"]["speech"]["heard"]["errors"] == 1


def test_an_unread_sentence_is_pasted_however_like_the_spoken_one(tmp_path: Path) -> None:
    unread = "Ông Trần Bình nói bốn điều về lúa."
    article = replace(ARTICLE, sentences=(*SENTENCES, Sentence("p2s1", unread)))
    result = replace(with_segments(segment(8000, 11_000, unread, "p2s1")), article=article)
    found = figures(tmp_path, result, TRUTH | {"unread": [unread]})
    assert (found["pasted"]["segments"], found["pasted"]["unsaid_words"]) == (1, 8)


def test_a_sentence_at_the_wrong_time_is_pasted_and_missed(tmp_path: Path) -> None:
    elsewhere = segment(5000, 7000, SENTENCES[2].text, "p1s2")
    found = figures(tmp_path, with_segments(READ_FIRST, elsewhere), TRUTH)
    assert (found["pasted"]["segments"], found["pasted"]["unsaid_words"]) == (1, 8)
    assert found["read_sentences"]["missed"] == [
        {"start_ms": 8000, "end_ms": 11_000, "text": "ông trần bình nói ba điều về lúa"}
    ]
    assert found["read_sentences"]["share"] == 0.5


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("bà bình nói chuyện", SENTENCES[2].text),  # another sentence, with half of its words in this one
        ("ông trần bình nói", "nói ba điều về lúa."),  # the sentence, but another part of it
    ],
)
def test_words_that_only_happen_to_be_the_same_were_not_said(tmp_path: Path, said: str, printed: str) -> None:
    truth = truth_of(spoken(8000, 11_000, said, in_article=True))
    found = figures(tmp_path, with_segments(segment(8000, 11_000, printed, "p1s2")), truth)
    assert (found["pasted"]["segments"], found["pasted"]["unsaid_words"]) == (1, len(printed.split()))
    assert found["read_sentences"]["found"] == 0


def test_words_that_were_left_out_and_are_printed_are_unsaid(tmp_path: Path) -> None:
    said = spoken(8000, 11_000, "ông trần bình nói ba điều", in_article=True)
    found = figures(tmp_path, with_segments(READ_SECOND), truth_of(said))
    (place,) = found["pasted"]["places"]
    assert (place["unsaid"], place["whole_segment"]) == (["về", "lúa."], False)
    assert (found["pasted"]["segments"], found["pasted"]["unsaid_words"]) == (0, 2)
    assert (found["read_sentences"]["found"], found["read_sentences"]["whole"]) == (1, 1)
    assert found["edges"]["count"] == 0  # it is not just the sentence


def test_a_part_of_a_sentence_counts_as_found_and_has_no_edges(tmp_path: Path) -> None:
    part = segment(8000, 9000, "Ông Trần Bình nói", "p1s2")
    found = figures(tmp_path, with_segments(part), TRUTH)
    assert (found["read_sentences"]["found"], found["read_sentences"]["whole"]) == (1, 0)
    assert (found["pasted"]["unsaid_words"], found["edges"]["count"]) == (0, 0)


def test_a_figure_that_is_said_is_one_printed_word(tmp_path: Path) -> None:
    said = spoken(1000, 4000, "sáng mồng chín tháng sáu xã họp", in_article=True)
    found = figures(tmp_path, with_segments(READ_FIRST), truth_of(said))
    assert found["pasted"]["places"][0]["unsaid"] == ["Đông", "Hòa"]


def test_free_speech_with_words_put_into_a_sentence_is_not_pasted(tmp_path: Path) -> None:
    said = spoken(8000, 11_000, "ông trần bình à nói thưa bà con ba điều về lúa", in_article=True)
    found = figures(tmp_path, with_segments(READ_SECOND), truth_of(said))
    assert (found["pasted"]["segments"], found["pasted"]["unsaid_words"]) == (0, 0)


def test_a_sentence_read_twice_in_a_row_has_its_own_edges(tmp_path: Path) -> None:
    said = "ông trần bình nói ba điều về lúa"
    truth = truth_of(spoken(1000, 4000, said, in_article=True), spoken(4100, 7000, said, in_article=True))
    twice = [segment(1000, 4150, SENTENCES[2].text, "p1s2"), segment(4150, 7010, SENTENCES[2].text, "p1s2")]
    found = figures(tmp_path, with_segments(*twice), truth)
    assert (found["read_sentences"]["found"], found["read_sentences"]["whole"]) == (2, 2)
    assert measured(tmp_path, with_segments(*twice), truth).edges.distances.ms == (0, 10, 50, 150)  # type: ignore[union-attr]


def test_one_of_two_readings_missed(tmp_path: Path) -> None:
    said = "ông trần bình nói ba điều về lúa"
    truth = truth_of(spoken(1000, 4000, said, in_article=True), spoken(4100, 7000, said, in_article=True))
    found = figures(tmp_path, with_segments(segment(4050, 7000, SENTENCES[2].text, "p1s2")), truth)
    assert (found["read_sentences"]["found"], found["read_sentences"]["missed"][0]["start_ms"]) == (1, 1000)


def test_a_sentence_of_the_article_that_is_two_in_the_truth(tmp_path: Path) -> None:
    halves = (
        spoken(8000, 9000, "ông trần bình", in_article=True),
        spoken(9500, 11_000, "nói ba điều về lúa", in_article=True),
    )
    found = figures(tmp_path, with_segments(READ_SECOND), truth_of(*halves))
    assert (found["read_sentences"]["found"], found["read_sentences"]["whole"]) == (2, 2)
    assert (found["edges"]["count"], found["edges"]["worst_tenth_ms"]) == (2, 50)


def test_a_truth_of_an_article_that_the_record_has_not(tmp_path: Path) -> None:
    found = figures(tmp_path, replace(RESULT, article=None, segments=(FREE,)), TRUTH)
    assert (found["article"], found["names"]) == (None, None)
    assert (found["read_sentences"]["found"], found["read_sentences"]["spoken"]) == (0, 2)


def test_a_record_without_speech(tmp_path: Path) -> None:
    found = figures(tmp_path, with_segments(), TRUTH)
    assert found["word_errors"]["all"]["printed"] == {
        "errors": 21, "rate": 1.0, "substitutions": 0, "deletions": 21, "insertions": 0,
    }  # fmt: skip
    assert texts(found["names"]["all"]["missed"]) == ["9/6", "Đông Hòa", "Trần Bình"]
    assert found["edges"] == {
        "of": "sentences", "count": 0, "median_ms": None, "within_200_ms": None, "worst_tenth_ms": None,
    }  # fmt: skip


# Word errors.


@pytest.mark.parametrize(
    ("extra", "article", "speech"),
    [(segment(4100, 4300, "ạ"), 1, 0), (segment(4700, 4900, "ạ"), 0, 1)],
    ids=["nearer to the sentence before", "nearer to the one after"],
)
def test_a_word_too_many_between_two_sentences(tmp_path: Path, extra: object, article: int, speech: int) -> None:
    right = segment(5000, 7000, "Xin chào các bạn.")
    found = figures(tmp_path, with_segments(READ_FIRST, extra, right, READ_SECOND), TRUTH)  # type: ignore[arg-type]
    errors = found["word_errors"]
    assert errors["article"]["printed"]["insertions"] == article
    assert errors["speech"]["printed"]["insertions"] == speech
    assert errors["all"]["printed"]["errors"] == 1


def test_words_before_the_first_and_after_the_last_belong_to_them(tmp_path: Path) -> None:
    around = (segment(0, 500, "alo alo"), READ_FIRST, READ_SECOND, segment(11_500, 11_900, "hết"))
    truth = truth_of(TRUTH["spoken"][0], TRUTH["spoken"][2])
    assert figures(tmp_path, with_segments(*around), truth)["word_errors"]["article"]["printed"]["insertions"] == 3


def test_case_punctuation_and_tone_placement_are_no_errors(tmp_path: Path) -> None:
    said = spoken(1000, 4000, "XÃ ĐÔNG HOÀ – họp!", in_article=False)
    result = with_segments(segment(1000, 4000, "Xã Đông Hòa, họp…"))
    assert figures(tmp_path, result, truth_of(said))["word_errors"]["all"]["printed"]["errors"] == 0


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("giai đoạn hai nghìn không trăm hai mốt đến hai nghìn không trăm hai lăm", "Giai đoạn 2021 – 2025"),
        ("bốn mươi sáu phẩy ba phần trăm", "46,3%"),
        ("46,3%", "bốn mươi sáu phẩy ba phần trăm"),
        ("mười hai ki lô mét", "12 km"),
        ("ubnd xã", "UBND xã"),
        ("ủy ban nhân dân xã", "UBND xã"),
        ("UBND xã", "ủy ban nhân dân xã"),
        ("u bê nờ dê xã", "UBND xã"),
        ("thế kỷ hai mươi", "thế kỷ XX"),
        ("quý một", "quý I"),
        ("điểm a", "điểm A"),
        ("lỗ bảy mươi năm ngày hai bảy tháng mười", "lỗ 75 ngày 27 tháng 10"),
    ],
)
def test_however_a_figure_is_written_it_is_right(tmp_path: Path, said: str, printed: str) -> None:
    result = with_segments(segment(0, 9000, f"Đó là {printed} đấy"))
    truth = truth_of(spoken(0, 9000, f"đó là {said} đấy", in_article=False))
    errors = figures(tmp_path, result, truth)["word_errors"]["all"]["printed"]["errors"]
    # `bảy mươi năm` is not how 75 is read (`lăm`), and no way of reading 75 has it so: one word is wrong.
    assert errors == (1 if printed.startswith("lỗ") else 0)


def test_a_word_of_the_reference_is_one_word_unless_nobody_says_it_so(tmp_path: Path) -> None:
    words = {text: figures(tmp_path, RESULT, text)["word_errors"]["all"]["words"]
             for text in ("xem video ở km tư", "UBND xã", "ubnd xã", "9/6")}  # fmt: skip
    assert list(words.values()) == [5, 5, 2, 3]


def test_a_wrong_figure_is_wrong(tmp_path: Path) -> None:
    result = with_segments(segment(0, 3000, "Ngày 8/6 họp"))
    truth = truth_of(spoken(0, 3000, "ngày mồng chín tháng sáu họp", in_article=False))
    errors = figures(tmp_path, result, truth)["word_errors"]["all"]["printed"]
    assert (errors["errors"], errors["substitutions"]) == (1, 1)


# Names.


def test_a_name_with_a_wrong_word_is_missed(tmp_path: Path) -> None:
    wrong = segment(8000, 11_000, "Ông Trần Minh nói ba điều về lúa.")
    found = figures(tmp_path, with_segments(READ_FIRST, FREE, wrong), TRUTH)["names"]
    assert found["article"] == {
        "said": 3, "found": 2, "share": 0.6667, "missed": [{"text": "Trần Bình", "start_ms": 8000}],
    }  # fmt: skip


def test_a_name_that_is_said_twice_counts_twice(tmp_path: Path) -> None:
    article = replace(ARTICLE, sentences=(Sentence("p1s1", "Từ Hà Nội về Hà Nội."),))
    result = replace(with_segments(segment(0, 3000, "Từ Hà Nội về Hà Nam")), article=article)
    truth = truth_of(spoken(0, 3000, "từ hà nội về hà nội", in_article=True))
    found = figures(tmp_path, result, truth)["names"]["article"]
    assert (found["said"], found["found"]) == (2, 1)


def test_a_name_of_the_article_in_free_speech(tmp_path: Path) -> None:
    truth = truth_of(spoken(5000, 7000, "chào bà con đông hòa ngày chín tháng sáu", in_article=False))
    right = with_segments(segment(5000, 7000, "Chào bà con Đông Hoà ngày 9/6."))
    wrong = with_segments(segment(5000, 7000, "Chào bà con đông qua ngày 9/6."))
    assert figures(tmp_path, right, truth)["names"]["speech"] == {"said": 2, "found": 2, "share": 1.0, "missed": []}
    assert texts(figures(tmp_path, wrong, truth)["names"]["speech"]["missed"]) == ["Đông Hòa"]


def test_what_is_not_read_of_a_sentence_has_no_names(tmp_path: Path) -> None:
    truth = truth_of(spoken(8000, 9000, "nói ba điều về lúa", in_article=True))
    assert figures(tmp_path, RESULT, truth)["names"]["article"]["said"] == 0


# Times.


def test_words_timed_by_hand(tmp_path: Path) -> None:
    timed = [
        {"text": "sáng", "start_ms": 1000, "end_ms": 1400},
        {"text": "mồng", "start_ms": 1500, "end_ms": 1600},
        {"text": "chín", "start_ms": 1600, "end_ms": 1700},
        {"text": "tháng", "start_ms": 1700, "end_ms": 1800},
        {"text": "sáu", "start_ms": 1800, "end_ms": 2050},
        {"text": "hòa", "start_ms": 2985, "end_ms": 3400},
    ]
    # Printed: six words of 495 ms from 1010. `9/6,` lasts from 1505 to 2000, `Hòa` from 2990 to 3485.
    inside = truth_of(TRUTH["spoken"][0] | {"words": timed}, *TRUTH["spoken"][1:])
    outside = TRUTH | {"words": [{**word, "word": word["text"]} for word in timed]}
    for truth in (inside, outside):
        found = measured(tmp_path, RESULT, truth).word_times
        assert found is not None
        assert found["article"] == found["all"]
        assert found["all"].starts.ms == (5, 5, 10)  # sáng, mồng, hòa; not those inside the figure
        assert found["all"].ends.ms == (50, 85, 105)  # sáu, hòa, sáng


def test_words_of_free_speech_are_not_the_articles(tmp_path: Path) -> None:
    words = [{"text": "xin", "start_ms": 5010, "end_ms": 5500}, {"text": "các", "start_ms": 6000, "end_ms": 6500}]
    found = figures(tmp_path, RESULT, TRUTH | {"words": words})["word_times"]
    assert found["all"]["starts"]["count"] == 1  # `các` was printed `cả`
    assert (found["all"]["starts"]["median_ms"], found["all"]["ends"]["median_ms"]) == (10, 0)
    assert found["article"]["starts"]["median_ms"] is None


def test_short_words_and_words_that_are_not_the_text(tmp_path: Path) -> None:
    words = (Word(5000, 5029, "Xin", 0.9), Word(5029, 5059, "chào", 0.9), Word(5100, 7000, "bạn.", 0.9))
    found = figures(tmp_path, with_segments(replace(FREE, words=words)), TRUTH)["words"]
    assert found == {"count": 3, "under_30_ms": 1, "segments": 1, "unlike_text": 1}


# Captions.


def test_each_rule_for_captions_is_counted(tmp_path: Path) -> None:
    captions = (
        Caption("c1", 0, 5000, ("x" * 43,)),
        Caption("c2", 5080, 8000, ("một", "hai", "ba")),
        Caption("c3", 8079, 9079, ("x" * 18,)),
        Caption("c4", 10_000, 10_832, ("ngắn",)),
        Caption("c5", 11_000, 18_001, ("dài",)),
        Caption("c6", 19_000, 20_000, ("x" * 17,)),
        Caption("c7", 20_080, 27_080, ("x" * 42,)),
        Caption("c8", 28_000, 28_833, ("vừa",)),
    )
    found = figures(tmp_path, replace(RESULT, captions=captions), TRUTH)["captions"]
    assert found == {
        "profile": "netflix-vi",
        "count": 8,
        "broken": 5,
        "line_too_long": 1,
        "too_many_lines": 1,
        "too_fast": 1,
        "too_short": 1,
        "too_long": 1,
        "gap_too_small": 1,
    }


def test_marks_in_decomposed_text_are_not_counted(tmp_path: Path) -> None:
    captions = (Caption("c1", 0, 5000, ("a\u0302\u0301" * 42,)),)
    assert figures(tmp_path, replace(RESULT, captions=captions), TRUTH)["captions"]["broken"] == 0


def test_what_the_speaker_added_to_a_sentence_is_not_pasted(tmp_path: Path) -> None:
    """`dạ thưa` is said before the sentence and its last word is not; one of the added words is misheard."""
    said = [
        spoken(1000, 4000, "dạ thưa sáng mồng chín tháng sáu xã đông hòa", in_article=True),
        *TRUTH["spoken"][1:],
    ]
    words = segment(1010, 3980, "Dạ thơ Sáng 9/6, xã Đông Hòa", "p1s1")
    along = replace(words, words=tuple(replace(w, article=n >= 2) for n, w in enumerate(words.words)))
    found = figures(tmp_path, with_segments(along, FREE, READ_SECOND), TRUTH | {"spoken": said})
    assert found["pasted"]["segments"] == 0
    assert all("thơ" not in place["unsaid"] for place in found["pasted"]["places"])
    assert found["read_sentences"]["found"] == 2
    # The same words printed as the article's are words of it that nobody said.
    bold = figures(tmp_path, with_segments(words, FREE, READ_SECOND), TRUTH | {"spoken": said})
    assert any("thơ" in place["unsaid"] for place in bold["pasted"]["places"])
