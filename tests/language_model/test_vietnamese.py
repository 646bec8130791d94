"""The n-gram that is shipped: its size, how quickly it opens, what it knows, how well it predicts."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.language_model.ngram import SHIPPED, UNKNOWN, NGram, contexts_of, words_of
from scripts import build_language_model as builder

NEEDS_TEXTS = pytest.mark.skipif(not builder.TEXTS.is_dir(), reason="needs the shared test material (../shared/text)")
GENERAL = NGram.open()


def cost(text: str) -> float:
    """Nats of a text."""
    return -float(GENERAL.log_probs(GENERAL.ids(words_of(text))).sum())


def test_it_is_small() -> None:
    assert SHIPPED.stat().st_size <= 20_000_000
    assert Path(f"{SHIPPED}.LICENCE.md").is_file()


@pytest.mark.alone
def test_it_opens_quickly() -> None:
    def seconds() -> float:
        begin = time.perf_counter()
        NGram.open()
        return time.perf_counter() - begin

    assert min(seconds() for _ in range(5)) < 0.05


@pytest.mark.alone
def test_a_thousand_words_are_looked_up_quickly() -> None:
    ids = GENERAL.ids(words_of("Thủ tướng Chính phủ yêu cầu các bộ, ngành, địa phương ứng phó với bão số 3") * 60)
    contexts = contexts_of(ids, GENERAL.order)
    GENERAL.log_probs_after(contexts, ids)
    begin = time.perf_counter()
    GENERAL.log_probs_after(contexts, ids)
    assert time.perf_counter() - begin < 0.1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, GENERAL.size - 1), max_size=3), st.booleans())
def test_the_probabilities_of_all_words_after_a_context_sum_to_one(history: list[int], begin: bool) -> None:
    contexts = np.tile(contexts_of(np.array([*history, UNKNOWN]), GENERAL.order, begin)[-1], (GENERAL.size, 1))
    total = np.exp(GENERAL.log_probs_after(contexts, np.arange(GENERAL.size)).astype(np.float64)).sum()
    assert total == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize(
    "text", ["thành phố hồ chí minh", "của các", "hai mươi", "áp thấp nhiệt", "chủ tịch nước", "thưa quý"]
)
def test_it_sums_to_one_where_it_knows_most(text: str) -> None:
    ids = np.append(GENERAL.ids(text.split()), UNKNOWN)
    contexts = np.tile(contexts_of(ids, GENERAL.order)[-1], (GENERAL.size, 1))
    total = np.exp(GENERAL.log_probs_after(contexts, np.arange(GENERAL.size)).astype(np.float64)).sum()
    assert total == pytest.approx(1, abs=2e-3)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("áp thấp nhiệt đới gần bờ", "áp thấp nhịt đối gần bờ"),
        ("tăng 46,3% so với cùng kỳ", "tăng 46,3% so với cùng kỉ niệm"),
        ("Chủ tịch UBND TP.HCM", "chủ tịt uỷ ban nhân rân thành phố hồ chí minh"),
        ("nhiệt độ từ 29 đến 31 độ C", "nhiệt đồ từ 29 đến 31 đồ xê"),
        ("sáng nay trời nắng nóng gay gắt", "sáng nay chời nắng nóng gay gắc"),
    ],
)
def test_what_is_vietnamese_costs_less(right: str, wrong: str) -> None:
    assert cost(right) < cost(wrong) - 2


@pytest.fixture(scope="module")
def held_out() -> tuple[list[str], set[str]]:
    """The leads that are held out, and the others, from one pass over them."""
    held, others = list[str](), set[str]()
    for number, line in enumerate(builder.lines_of(builder.LEADS)):
        if any(number in lines for lines in builder.HELD_OUT):
            held.append(line)
        else:
            others.add(line)
    return held, others


@pytest.mark.slow
@NEEDS_TEXTS
def test_perplexity(held_out: tuple[list[str], set[str]]) -> None:
    """A plain trigram of 34 million syllables has 323 on the treebank."""
    treebank, _, count = builder.perplexity(GENERAL, builder.lines_of("treebank-sentences.txt.xz"))
    assert count > 60_000
    assert treebank < 175
    leads, _, _ = builder.perplexity(GENERAL, held_out[0][:1000])
    assert leads < 60


@pytest.mark.slow
@NEEDS_TEXTS
def test_what_is_held_out_is_not_trained_on(held_out: tuple[list[str], set[str]]) -> None:
    held, others = set(held_out[0]), held_out[1]
    assert len(held) > 15_000
    assert len(held & others) < 0.01 * len(held)  # standing headlines
