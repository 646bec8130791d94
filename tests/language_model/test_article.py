"""The article's n-gram: going on is likely, leaving, skipping and putting in are possible, and all of it sums to 1."""

from __future__ import annotations

import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.document import Article, Paragraph, Sentence
from mediakit.language_model.article import LEAVING, ArticleNGram
from mediakit.language_model.ngram import UNKNOWN, NGram, contexts_of, words_of
from tests.language_model.small import model

TITLE = "Bộ Y tế làm việc với Hòa Bình"
SENTENCES = (
    "Chiều 9/6, Thứ trưởng Đỗ Xuân Tuyên thăm 24 hộ dân xã Mường Chiềng.",
    "Sở Nông nghiệp và Môi trường (NNMT) cho biết mưa lũ làm sập cầu treo.",
    "Sở NNMT đề nghị hỗ trợ 46,3% thiệt hại.",
)


def article(*sentences: str) -> Article:
    made = tuple(Sentence(f"p1s{i}", text) for i, text in enumerate(sentences, start=1))
    return Article(TITLE, (Paragraph(1, made),) if made else ())


@pytest.fixture(scope="module")
def general() -> NGram:
    return model()


@pytest.fixture(scope="module")
def own(general: NGram) -> ArticleNGram:
    return ArticleNGram.of(article(*SENTENCES), general)


def probs(own: ArticleNGram, text: str) -> list[float]:
    """The probability of each word as it is typed, from the beginning of a text."""
    return [float(p) for p in np.exp(own.log_probs(own.general.ids(text.split())))]


WORDS = sorted({word for sentence in (TITLE, *SENTENCES) for word in words_of(sentence)} | {"dạ", "mưa", "zalo", "<s>"})


@given(st.lists(st.sampled_from(WORDS), max_size=8), st.integers(0, 40), st.integers(0, 6))
def test_the_probabilities_of_all_words_after_a_context_sum_to_one(words: list[str], start: int, length: int) -> None:
    """After any words, and after any of the article's own."""
    general = model()
    own = ArticleNGram.of(article(*SENTENCES), general)
    running = [word for sentence in SENTENCES for word in words_of(sentence)]
    ids = general.ids([*running[start : start + length], *words])
    everything = np.arange(general.ids(["một-từ-mới"])[0] + 1)  # the article's names have ids of their own
    contexts = np.tile(contexts_of(np.append(ids, UNKNOWN), own.order)[-1], (len(everything), 1))
    said, left = own.shares(contexts, everything)
    assert said.sum() + left[0] == pytest.approx(1, abs=1e-9)
    assert (left == left[0]).all()


def test_going_on_is_likely(own: ArticleNGram) -> None:
    for sentence in (TITLE, SENTENCES[0], SENTENCES[1].replace(" (NNMT)", "")):
        found = probs(own, " ".join(words_of(sentence)))
        assert min(found[5:]) > 0.2, dict(zip(words_of(sentence), found, strict=True))
        assert np.median(found) > 0.6


@pytest.mark.parametrize(
    "said",
    [
        "chiều chín tháng sáu thứ trưởng",
        "chiều mồng chín tháng sáu thứ trưởng",
        "thăm hai mươi bốn hộ dân",
        "thăm hai mươi tư hộ dân",
        "thăm hai tư hộ dân",
        "sở nông nghiệp và môi trường đề nghị hỗ trợ",
        "hỗ trợ bốn mươi sáu phẩy ba phần trăm thiệt hại",
    ],
)
def test_every_way_of_saying_a_word_is_followed(own: ArticleNGram, said: str) -> None:
    found = probs(own, said)
    assert min(found[2:]) > 0.02, dict(zip(said.split(), found, strict=True))
    assert found[-1] > 0.4
    assert found[-2] > 0.4


def test_another_number_is_not_the_articles(own: ArticleNGram) -> None:
    printed, other = probs(own, "thăm hai mươi bốn hộ dân"), probs(own, "thăm ba mươi mốt hộ dân")
    assert math.prod(other[1:4]) < math.prod(printed[1:4]) / 100


def test_skipping_a_word_costs_less_than_leaving(own: ArticleNGram) -> None:
    skipped = probs(own, "mưa lũ làm cầu treo")  # without `sập`
    unrelated = probs(own, "mưa lũ làm thứ treo")
    assert skipped[3] > 20 * unrelated[3]
    assert skipped[4] > 0.3


def test_a_word_put_in_is_left_and_the_article_goes_on(own: ArticleNGram) -> None:
    found = probs(own, "cho biết mưa lũ dạ làm sập cầu treo")
    assert found[4] < 0.2
    assert min(found[5:]) > 0.15
    assert min(probs(own, "cho biết mưa lũ dạ vâng làm sập cầu treo")[6:]) > 0.15


def test_a_sentence_may_follow_the_one_before_it_or_begin(own: ArticleNGram) -> None:
    over = probs(own, "mường chiềng sở nông nghiệp")
    assert over[2] > 0.3
    begins = own.log_probs(own.general.ids(["sở"]))[0]
    assert begins > own.log_probs(own.general.ids(["sở"]), begin=False)[0]


def test_elsewhere_it_is_the_general_one_but_for_a_share(own: ArticleNGram, general: NGram) -> None:
    ids = general.ids("miền trung có gió".split())[-1:]
    contexts = contexts_of(general.ids("ngập ở miền trung zalo gió".split()), own.order)[-1:]
    assert own.log_probs_after(contexts, ids)[0] >= general.log_probs_after(contexts, ids)[0] + math.log(LEAVING) - 1e-5


def test_words_compare_however_they_are_typed(general: NGram) -> None:
    old = ArticleNGram.of(article("Xã Hòa Thủy đón đoàn."), general)
    new = ArticleNGram.of(article(unicodedata.normalize("NFD", "Xã Hoà Thuỷ đón đoàn.")), general)
    text = "xã hoà thuỷ đón đoàn"
    assert probs(old, text) == probs(new, text) == probs(old, unicodedata.normalize("NFD", "xã Hòa thủy đón đoàn"))


def test_an_article_without_a_word_leaves_all_to_the_general_one(general: NGram) -> None:
    own = ArticleNGram(general, [(), (((),),)])
    ids = general.ids("mưa to ở miền bắc".split())
    assert own.log_probs(ids) == pytest.approx(general.log_probs(ids))


def test_a_long_article_is_made_quickly_and_stays_small(general: NGram) -> None:
    sentence = "Ngày 24/7/2024, UBND tỉnh có 1.234,5 tỷ đồng, 46,3% là 19 - 24 km/h theo QĐ 123/QĐ-TTg của TP.HCM."
    own = ArticleNGram.of(article(*[sentence.replace("24", str(i)) for i in range(20, 80)]), general)
    assert sum(len(level.followers) for level in own._lengths) < 2_000_000
