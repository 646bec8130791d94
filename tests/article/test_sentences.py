"""Where a sentence ends."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.sentences import LONGEST_WORDS, split_sentences


@pytest.mark.parametrize(
    "text",
    [
        "Ông sống ở TP. Thái Bình.",
        "Cùng dự có ThS. Trần Bình và PGS. TS. Lê An.",
        "Tác giả Nguyễn V. A. có mặt.",
        "Tỷ lệ đạt 46,3%.",
        "Có 12.000 tài khoản, 1.234,5 tấn, ngày 9/6.",
        "Anh chờ mãi… rồi về.",
        "Anh chờ... rồi về.",
        "Gồm cam, quýt, v.v. và các loại khác.",
        "Chuyển đổi Ipv4 sang Ipv6 của tỉnh.",
        "1. Mở rộng đường liên thôn.",
        "“Tốt quá!” anh nói.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split_sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Câu một. Câu hai.", ["Câu một.", "Câu hai."]),
        ("Sang Ipv6. Tốt.", ["Sang Ipv6.", "Tốt."]),
        ("Năm 2021. Đến nay xong.", ["Năm 2021.", "Đến nay xong."]),
        ("Dự án giai đoạn I. Vốn vay.", ["Dự án giai đoạn I.", "Vốn vay."]),
        ("Nhiều vitamin C. Rất tốt.", ["Nhiều vitamin C.", "Rất tốt."]),
        ("Ai đó? Tôi đây! Vào đi…", ["Ai đó?", "Tôi đây!", "Vào đi…"]),
        ("Anh nói: “Tốt quá!” Rồi anh về.", ["Anh nói: “Tốt quá!”", "Rồi anh về."]),
        ("(Theo báo.) Ông nói.", ["(Theo báo.)", "Ông nói."]),
        ("Cam, quýt, v.v. Giá tăng.", ["Cam, quýt, v.v.", "Giá tăng."]),
        ("Xong. “Ừ.”", ["Xong.", "“Ừ.”"]),
        ("Không có dấu cuối", ["Không có dấu cuối"]),
        ("  ", []),
    ],
)
def test_several(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


@given(st.text(alphabet=st.sampled_from("aBcĐô .?!…“”\"'()0123,%/:;\n–"), max_size=80))
def test_nothing_is_lost(text: str) -> None:
    parts = split_sentences(text)
    assert "".join("".join(parts).split()) == "".join(unicodedata.normalize("NFC", text).split())
    assert all(part == part.strip() and part for part in parts)


def test_what_goes_on_without_end_is_cut_where_clauses_end() -> None:
    words = [f"Từ{i}" + ("," if i in (200, 250, 500) else "") for i in range(700)]
    parts = split_sentences("Một câu. " + " ".join(words) + ". Câu sau.")
    assert [len(part.split()) for part in parts] == [2, 251, 250, 199, 2]
    assert " ".join(parts) == "Một câu. " + " ".join(words) + ". Câu sau."


def test_without_clauses_it_is_cut_all_the_same() -> None:
    parts = split_sentences("mưa " * 1000)
    assert [len(part.split()) for part in parts] == [LONGEST_WORDS] * 3 + [100]


def test_a_long_sentence_stays_whole() -> None:
    text = "Gồm " + "cam, quýt; " * ((LONGEST_WORDS - 2) // 2) + "na."
    assert split_sentences(text) == [text]


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "Câu. ",
        "câu. ",
        "A. ",
        "TP. ",
        "1. ",
        "IV. ",
        ". ",
        ".",
        ".)",
        "“ ",
        ". “",
        "- ",
        "a ",
        "a",
        "Nguyễn V. A. ",
        "?”",
    ],
)
def test_a_megabyte_on_one_line_is_cut_at_once(part: str) -> None:
    text = (part * 1_000_000)[:1_000_000]
    begun = time.process_time()
    parts = split_sentences(text + "x")
    assert sum(len(p.replace(" ", "")) for p in parts) == len((text + "x").replace(" ", ""))
    assert time.process_time() - begun < 6
