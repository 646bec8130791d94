"""Printed words as they are said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import number, roman
from mediakit.vietnamese.spoken import explained, spoken


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("9/6", "chín tháng sáu"),
        ("09/06/2021", "chín tháng sáu năm hai nghìn không trăm hai mươi mốt"),
        ("46,3%", "bốn mươi sáu phẩy ba phần trăm"),
        ("12.000", "mười hai nghìn"),
        ("100%", "một trăm phần trăm"),
        ("2021", "hai nghìn không trăm hai mươi mốt"),
        ("763", "bảy trăm sáu mươi ba"),
        ("105", "một trăm linh năm"),
        ("15", "mười lăm"),
        ("XX,", "hai mươi"),
        ("UBND", "ủy ban nhân dân"),
        ("CNTT,", "công nghệ thông tin"),
        ("Ipv6", "ai pi vê sáu"),
        ("18h30", "mười tám giờ ba mươi"),
        ("5km", "năm ki lô mét"),
        ("–", ""),
        ("Chiều", "chiều"),
        ("băng-rôn", "băng rôn"),
    ],
)
def test_said(printed: str, said: str) -> None:
    assert spoken(printed) == tuple(fold(s) for s in said.split())


def test_written_out_and_in_figures_meet() -> None:
    in_words = [s for w in "bốn mươi sáu phẩy ba phần trăm".split() for s in spoken(w)]
    assert in_words == list(spoken("46,3%"))


def test_learns_what_the_article_explains() -> None:
    learnt = explained("Ban Quản lý dự án đường thủy (QLDAĐT) và Hội Khuyến học tỉnh (HKHT)")
    assert dict(learnt)["hkht"] == "hội khuyến học tỉnh"
    assert spoken("HKHT", learnt) == ("hội", "khuyến", "học", "tỉnh")


def test_explains_nothing_without_initials() -> None:
    assert explained("một cuộc họp (VTV) hôm qua") == ()


@pytest.mark.parametrize(
    ("text", "value"), [("I", 1), ("IV", 4), ("XIX", 19), ("XL", 40), ("IIII", None), ("Vi", None)]
)
def test_roman(text: str, value: int | None) -> None:
    assert roman(text) == value


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_grouped_and_plain_numbers_are_said_alike(value: int) -> None:
    grouped = f"{value:,}".replace(",", ".")
    assert number(grouped) == number(str(value))


@given(st.text(max_size=30))
def test_any_text_can_be_asked(text: str) -> None:
    for word in text.split():
        assert all(syllable == fold(syllable) and syllable for syllable in spoken(word))
