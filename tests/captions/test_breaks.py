"""Where a break is good and where it tears apart what belongs together."""

from __future__ import annotations

import pytest

from mediakit.captions.breaks import break_costs, spoken_words
from mediakit.captions.costs import (
    BEFORE_CONJUNCTION,
    COMMA,
    FORBIDDEN,
    HANGING,
    PAUSE_BONUS,
    PLAIN,
    SENTENCE_END,
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
    assert cost(torn) >= FORBIDDEN


@pytest.mark.parametrize(
    "torn",
    [
        "về chuyển / đổi số",
        "các đại / biểu dự",
        "Sở Thông / tin và Truyền thông",
        "Sở Thông tin / và Truyền thông",
        "Sở Thông tin và / Truyền thông",
        "Ủy ban nhân / dân tỉnh Thái Bình họp",
        "Ủy ban nhân dân tỉnh / Thái Bình họp",
        "Cục Cảnh sát / giao thông đã họp",
        "đồng chí / Ngô Đông Hải nói",
        "Bí thư / Tỉnh ủy nói",
        "họ không / nói thế",
        "họ đã / nói thế",
        "những / cơ hội này",
        "những cơ hội / này",
        "đã gặt / được 68.000 ha lúa",
        "hơn / 50 hộ dân đã nhận tiền",
        "từ năm / 2021 đến nay",
        "thử thách / lớn của ngành",
        "tốt hơn so / với năm ngoái",
    ],
)
def test_what_belongs_together_is_not_torn(torn: str) -> None:
    assert cost(torn) >= FORBIDDEN


@pytest.mark.parametrize("hanging", ["sách của / họ đây", "họ ngủ và / ăn cơm", "ông / nói thế"])
def test_words_that_lead_on_are_not_left_hanging(hanging: str) -> None:
    assert cost(hanging) >= HANGING


def test_breaks_are_ordered_as_the_guide_orders_them() -> None:
    sentence = cost("Hết rồi. / Họ về nhà", article=False)
    comma, link = cost("họ đến, / rồi ngủ"), cost("họ nói / và cười")
    plain = cost("đặt mục tiêu cao rồi mua xe / trả góp")
    assert (sentence, comma, link) == (SENTENCE_END, COMMA, BEFORE_CONJUNCTION)
    assert sentence < comma < link < PLAIN < plain


def test_a_full_stop_inside_a_sentence_of_the_article_is_an_abbreviation() -> None:
    assert cost("ở TP. / Thái Bình") > PLAIN


def test_a_pause_makes_a_break_cheaper() -> None:
    together, apart = (break_costs(spoken_words(spoken(f"nông dân {pause} thu hoạch lúa")))[1] for pause in ("", "|"))
    assert together - apart == PAUSE_BONUS


def test_decomposed_text_breaks_as_composed_text_does() -> None:
    assert cost("chuye\u0302\u0309n / đo\u0302\u0309i") >= FORBIDDEN


def test_the_compounds_are_pairs() -> None:
    assert all(first and second for first, second in COMPOUNDS)
    assert len(COMPOUNDS) > 400


def test_no_words_no_breaks() -> None:
    assert break_costs([]) == []
