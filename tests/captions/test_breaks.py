"""Where a break is good and where it tears apart what belongs together."""

from __future__ import annotations

import pytest

from mediakit.captions.breaks import (
    BEFORE_LINK,
    COMMA,
    INSIDE_COMPOUND,
    INSIDE_NAME,
    PLAIN,
    SENTENCE_END,
    break_costs,
    spoken_words,
)
from mediakit.vietnamese.compounds import COMPOUNDS
from tests.captions.speech import spoken


def cost(text: str, *, article: bool = True) -> float:
    """The cost of the break marked `/` in `text`."""
    before = text.split("/", maxsplit=1)[0].split()
    segments = spoken(text.replace("/", " "), ids=["p1s1"] if article else ())
    return break_costs(spoken_words(segments))[len(before) - 1]


@pytest.mark.parametrize(
    "torn",
    [
        "gặp ông Ngô / Đông Hải hôm nay",
        "tỉnh Thái / Bình hôm nay",
        "đạt 46,3% / hồ sơ",
        "với hơn 12.000 / tài khoản",
        "giai đoạn 2021 / – 2025 này",
        "giai đoạn 2021 – / 2025 này",
        "có ba / mươi người",
        "Trần Thị / Bích Hằng nói",
    ],
)
def test_names_and_numbers_are_not_torn(torn: str) -> None:
    assert cost(torn) == INSIDE_NAME


@pytest.mark.parametrize(
    "torn",
    [
        "về chuyển / đổi số",
        "các đại / biểu dự",
        "Sở Thông / tin và Truyền thông",
        "Sở Thông tin / và Truyền thông",
        "ông / nói thế",
        "họ không / nói thế",
        "sách của / họ đây",
        "những / cơ hội này",
    ],
)
def test_words_are_not_torn(torn: str) -> None:
    assert cost(torn) > PLAIN + 40


def test_breaks_are_ordered_as_the_guide_orders_them() -> None:
    sentence = cost("Hết rồi. / Họ về nhà", article=False)
    comma, link, plain = cost("họ đến, / rồi ngủ"), cost("họ nói / và cười"), cost("mèo ngủ / ngon giấc")
    assert (sentence, comma, link, plain) == (SENTENCE_END, COMMA, BEFORE_LINK, PLAIN)
    assert sentence < comma < link < plain


def test_a_full_stop_inside_a_sentence_of_the_article_is_an_abbreviation() -> None:
    assert cost("ở TP. / Thái Bình") > PLAIN


def test_a_pause_makes_a_break_cheaper() -> None:
    words = spoken_words(spoken("mèo ngủ | ngon giấc"))
    assert break_costs(words)[1] == PLAIN - 30


def test_syllables_that_keep_company_in_a_text_are_taken_for_a_word() -> None:
    once = break_costs(spoken_words(spoken("mua bồ hòn này")))
    often = break_costs(spoken_words(spoken("mua bồ hòn này bán bồ hòn kia")))
    assert once[1] == PLAIN
    assert often[1] > PLAIN


def test_decomposed_text_breaks_as_composed_text_does() -> None:
    assert cost("chuye\u0302\u0309n / đo\u0302\u0309i") == INSIDE_COMPOUND


def test_the_compounds_are_pairs() -> None:
    assert all(first and second for first, second in COMPOUNDS)
    assert len(COMPOUNDS) > 400


def test_no_words_no_breaks() -> None:
    assert break_costs([]) == []
