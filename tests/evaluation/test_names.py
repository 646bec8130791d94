"""Which words of an article are names and figures."""

from __future__ import annotations

import pytest

from mediakit.evaluation.beside import Beside
from mediakit.evaluation.names import names_of
from mediakit.evaluation.reference import Reference, Spoken
from tests.evaluation.planted import RESULT

BESIDE = Beside.of(RESULT, Reference("text", (Spoken("a"),)))


def names(*sentences: str) -> list[list[str]]:
    return [[name.text for name in own] for own in names_of(sentences, BESIDE)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Trời mưa rất to.", []),
        ("Ông Ngô Đông Hải, Bí thư Tỉnh ủy, đến dự.", ["Ngô Đông Hải", "Bí", "Tỉnh"]),
        ("Từ Hà Nội (Việt Nam) về “Thái Bình”.", ["Hà Nội", "Việt Nam", "Thái Bình"]),
        ("Tỷ lệ đạt 46,3%, tăng 1.200 hộ.", ["46,3%", "1.200"]),
        ("Xã Đông Hòa 9/6 họp.", ["Đông Hòa", "9/6"]),
        ("UBND tỉnh họp.", ["UBND"]),
        ("– “", []),
        ("", []),
    ],
)
def test_names_of_a_sentence(sentence: str, found: list[str]) -> None:
    assert names(sentence) == [found]


def test_a_first_word_is_a_name_where_it_is_one_elsewhere() -> None:
    assert names("Huế mưa to.", "Trời ở Huế.") == [["Huế"], ["Huế"]]
    assert names("Ngô Đông Hải nói.", "Theo Ngô Đông Hải, trời mưa.") == [["Ngô Đông Hải"], ["Ngô Đông Hải"]]
