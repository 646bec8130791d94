"""Printed words as they are said."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import number, roman
from mediakit.vietnamese.spoken import explained, sayings, spoken

#: More ways of one word than this would cost more than they are worth.
MOST_WAYS = 48


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


@pytest.mark.parametrize(
    "text",
    [
        "Sở Thông tin và Truyền thông (TTTT) họp",
        "TTTT (Thông tin và Truyền thông) họp",
        "Sở Thông tin và Truyền thông - TTTT họp",
        "TTTT – Thông tin và Truyền thông của tỉnh",
        "Sở Thông tin và Truyền thông, gọi tắt là TTTT, họp",
        "Sở Thông tin và Truyền thông (sau đây gọi tắt là “TTTT”) họp",
        "Sở Thông tin và Truyền thông (viết tắt: TTTT) họp",
        "TTTT (viết tắt của Thông tin và Truyền thông)",
    ],
)
def test_learns_however_it_is_explained(text: str) -> None:
    assert dict(explained(text)) == {"tttt": "thông tin và truyền thông"}


@pytest.mark.parametrize(
    ("text", "learnt"),
    [
        ("Sở Giáo dục và Đào tạo (GD&ĐT)", {"gd&đt": "giáo dục và đào tạo"}),
        ("bằng sông Cửu Long, vùng Đồng bằng sông Cửu Long (ĐBSCL)", {"đbscl": "đồng bằng sông cửu long"}),
        ("công tác An ninh (AN) và Ứng dụng công nghệ thông tin (ƯDCNTT)",
         {"an": "an ninh", "ưdcntt": "ứng dụng công nghệ thông tin"}),
        ("Tổ chức Y tế thế giới (WHO)", {}),
        ("Hà Nội (Việt Nam) và Huế - Đà Nẵng (2021)", {}),
        ("ông Trần Văn Thanh (Thái Thụy)", {}),
        ("gọi tắt là Sở", {}),
    ],
)  # fmt: skip
def test_learns_only_what_the_initials_spell(text: str, learnt: dict[str, str]) -> None:
    assert dict(explained(text)) == learnt


def test_what_is_learnt_is_for_capitals_only() -> None:
    learnt = explained("Công tác an ninh (AN) được giữ vững")
    assert spoken("AN", learnt) == ("an", "ninh")
    assert spoken("an", learnt) == ("an",)
    assert spoken("An", learnt) == ("an",)


def test_an_abbreviation_is_not_said_where_it_is_explained() -> None:
    text = "Hội Khuyến học (HKH) và HKH (HKH)"
    ways = sayings(text.split(), explained(text))
    assert [way[0] for way in ways[3:]] == [(), ("và",), ("hội", "khuyến", "học"), ("hội", "khuyến", "học")]
    assert ("hát", "ca", "hát") in ways[3]


PRINTED = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text(alphabet="0123456789.,/-:%°hIVXLCmkđ–+$&'()x", max_size=12),
        st.sampled_from("ngày tháng thứ quý tỷ giờ phút 28/QĐ-UBND TP. km (TTTT) VI".split()),
    ),
    max_size=8,
).map(" ".join)  # fmt: skip


@given(PRINTED)
@example("1,234.50 13,333.33 1,234,567.890")
@example("I-I 1-1 10/6-9")
@example("२-३ ٣/٤ ①½ 0̣1 İ ß ½% 1" + "0" * 60)
def test_any_text_can_be_asked(text: str) -> None:
    words = text.split()
    for word, ways in zip(words, sayings(words, explained(text)), strict=True):
        assert 1 <= len(ways) <= MOST_WAYS + 1
        assert len(set(ways)) == len(ways)
        for syllable in (*spoken(word), *(s for way in ways for s in way)):
            assert syllable
            assert syllable == fold(syllable)
            assert not any(c.isspace() for c in syllable)


LONG = "1 1. 1, 1- 1/ a A . a. A1 I % UBND- TP. 1x 28/ 9/6- °C ² a@ ( 🙂 _ ' m2 (TT) gọi-tắt- TT-"


@pytest.mark.slow
@pytest.mark.parametrize("part", LONG.split())
def test_a_long_word_takes_no_longer_than_its_length(part: str) -> None:
    for length in (80, 10_000):
        word = (part * length)[:length]
        begun = time.process_time()
        (ways,) = sayings([word])
        explained(f"{word} {' '.join([part] * length)}")
        assert len(ways) <= MOST_WAYS
        assert time.process_time() - begun < 3
