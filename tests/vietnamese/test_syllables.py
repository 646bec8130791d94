"""Syllables by their sounds, and how alike they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.vietnamese.syllables import Syllable, bare, likeness_matrix, parse

SYLLABLES = (
    "anh bạn cho chuyển đề điện đồng gì giữa hoà khuya lượng mỹ nghiêng người phường quyết số tỉnh trung xã ý".split()
)


def likeness(a: str, b: str) -> float:
    """How alike two syllables sound, 0 to 1."""
    return float(likeness_matrix([a], [b])[0, 0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("trường", Syllable("tr", "ươ", "ng", "\u0300")),
        ("quốc", Syllable("kw", "ô", "c", "\u0301")),
        ("gì", Syllable("gi", "i", "", "\u0300")),
        ("ý", Syllable("", "i", "", "\u0301")),
        ("nghệ", Syllable("ng", "ê", "", "\u0323")),
        ("khuya", Syllable("kh", "uia", "", "")),
    ],
)
def test_parts(text: str, expected: Syllable) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize("text", ["internet", "46", "covid", "", "str", "facebook"])
def test_what_is_no_syllable(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (("sông", "xông"), ("sông", "bạn")),
        (("trung", "chung"), ("trung", "hạ")),
        (("lam", "nam"), ("lam", "quý")),
        (("giữa", "dữa"), ("giữa", "khách")),
        (("ly", "li"), ("ly", "bao")),
        (("lãi", "lải"), ("lãi", "cúc")),
    ],
)
def test_sound_alikes_are_near(near: tuple[str, str], far: tuple[str, str]) -> None:
    assert likeness(*near) > 0.9
    assert likeness(*far) < 0.4


def test_foreign_words_by_spelling() -> None:
    assert likeness("Internet", "internet") == pytest.approx(1.0)
    assert likeness("starter", "statter") > 0.8 > 0.3 > likeness("starter", "ủy")


@given(
    st.lists(st.sampled_from([*SYLLABLES, "wifi", "2021"]), min_size=1),
    st.lists(st.sampled_from(SYLLABLES), min_size=1),
)
def test_likeness_is_symmetric_and_bounded(rows: list[str], columns: list[str]) -> None:
    forward, backward = likeness_matrix(rows, columns), likeness_matrix(columns, rows)
    assert np.allclose(forward, backward.T, atol=1e-6)
    assert float(np.min(forward)) >= 0.0
    assert float(np.max(forward)) <= 1.0 + 1e-6
    same = [(i, j) for i, r in enumerate(rows) for j, c in enumerate(columns) if r == c]
    assert all(forward[i, j] == pytest.approx(1.0) for i, j in same)


def test_bare() -> None:
    assert [bare(w) for w in ("“Chiều", "(TTTT),", "–", "năng…", "Hòa;")] == ["chiều", "tttt", "", "năng", "hoà"]
