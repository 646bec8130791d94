"""The script that makes the n-gram: texts read as they are said, counts as the book has them, a size that is kept."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.language_model.ngram import BEGIN, NGram, contexts_of, words_of
from scripts import build_language_model as builder
from tests.language_model.small import LINES


def read(*lines: str) -> list[str]:
    """The sentences of lines as the script reads them."""
    reader = builder.Reader()
    numbers = reader.read(lines)
    names = list(reader.syllables)
    text = " ".join(names[i] if i else "|" for i in numbers)
    return [sentence.strip() for sentence in text.split("|") if sentence.strip()]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("Nặng 5 kg, dài 80 m.", ["nặng năm ki lô gam dài tám mươi mét"]),
        ("Từ 19 – 24 độ C.", ["từ mười chín đến hai mươi bốn độ xê"]),
        ("Sáng nay - ngày đầu tuần - trời nắng.", ["sáng nay ngày đầu tuần trời nắng"]),
        ("UBND TP.HCM họp.", ["uỷ ban nhân dân thành phố hồ chí minh họp"]),
        ("Trời mưa. Đường ngập!", ["trời mưa", "đường ngập"]),
        ("Trời mưa.\nđường ngập", ["trời mưa", "đường ngập"]),
        ("Ông hỏi: “Ai đó?” Rồi đi.", ["ông hỏi", "ai đó", "rồi đi"]),
        ("thủy, thuỷ, HÒA và Hoà", ["thuỷ thuỷ hoà và hoà"]),
        ("Messi và Zelensky", ["messi và zelensky"]),
        ("", []),
    ],
)
def test_texts_are_read_as_they_are_said(printed: str, said: list[str]) -> None:
    assert read(*printed.split("\n")) == said


def test_what_is_read_is_what_a_search_asks_for() -> None:
    """But for where sentences begin, the script and :func:`words_of` read alike."""
    for line in LINES:
        assert " ".join(read(line)).split() == words_of(line)


def test_a_line_that_was_read_is_not_read_again() -> None:
    assert list(builder.distinct(["a", "b", "a"])) == ["a", "b"]


def test_the_same_texts_give_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "LEAST_SEEN", 2)
    for name in ("one", "two"):
        builder.build([LINES], 4, megabytes=1).write(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2_000), st.integers(2, 4), st.integers(1, 4))
def test_what_is_pruned_still_sums_to_one(room: int, order: int, least_seen: int) -> None:
    """However little room there is, and however many words are unknown."""
    before = builder.LEAST_SEEN
    builder.LEAST_SEEN = least_seen
    try:
        model = builder.build([LINES], order, megabytes=(room + 1_400) / 1e6)
    finally:
        builder.LEAST_SEEN = before
    for line in LINES[:3]:
        ids = model.ids(words_of(line))[:6]
        ids = np.where(ids < model.size, ids, 0)
        for context in contexts_of(ids, model.order):
            assert sums_to(model, context) == pytest.approx(1, abs=1e-3)


def sums_to(model: NGram, context: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    """The sum of all words' probabilities after a context."""
    everything = np.arange(model.size)
    found = model.log_probs_after(np.tile(context, (model.size, 1)), everything)
    assert np.isinf(found[BEGIN])
    return float(np.exp(found.astype(np.float64)).sum())


@given(st.lists(st.integers(2, 5), min_size=1, max_size=30))
def test_counts_below_the_highest_order_are_of_different_words_before(words: list[int]) -> None:
    text = np.array([BEGIN, *words, BEGIN, *words[::-1]], dtype=np.int64)
    single, pairs = builder.counts_of(text, 2, size=6)
    for word in range(2, 6):
        before = {a for a, b in pairwise(text) if b == word}
        place = int(np.flatnonzero(single.keys == word)[0])
        assert single.smoothed[place] == len(before)
        assert single.seen[place] == 2 * words.count(word)
    assert pairs.seen.sum() == 2 * len(words)


def test_leads_are_held_out_by_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "lines_of", lambda name: iter("abcdefg" if name == builder.LEADS else ""))
    monkeypatch.setattr(builder, "HELD_OUT", (range(1, 3), range(5, 6)))
    assert "".join(builder.leads(held_out=True)) == "bcf"
    assert "".join(builder.leads(held_out=False)) == "adeg"
