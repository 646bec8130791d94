"""Normal forms: what people write in two ways compares equal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.vietnamese.normal import fold, nfc, strip_marks, tone_placement

OLD_AND_NEW = [("hòa", "hoà"), ("HÒA", "HOÀ"), ("khỏe", "khoẻ"), ("thủy", "thuỷ"), ("Hủy", "Huỷ"), ("xòe", "xoè")]


@pytest.mark.parametrize(("old", "new"), OLD_AND_NEW)
def test_old_and_new_tone_placement_compare_equal(old: str, new: str) -> None:
    assert fold(old) == fold(new)


@pytest.mark.parametrize("word", ["hoàn", "quý", "của", "mùa", "quỳnh", "thuyền", "ngoài", "giữa", "khoảng"])
def test_words_with_one_spelling_stay(word: str) -> None:
    assert tone_placement(word) == word


def test_decomposed_compares_equal() -> None:
    text = "Ngô Đông Hải, Bí thư Tỉnh ủy"
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_strip_marks() -> None:
    assert strip_marks("Đồng chí Ngô Đông Hải") == "Dong chi Ngo Dong Hai"


@given(st.text())
def test_folding_is_idempotent_and_composed(text: str) -> None:
    once = fold(text)
    assert tone_placement(once) == once
    assert nfc(once) == once
