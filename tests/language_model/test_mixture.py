"""The mixture: its weights are found again, go to the model that fits, and few words do not move them far."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.load import load_article
from mediakit.language_model.article import ArticleNGram
from mediakit.language_model.mixture import Mixture, estimated
from mediakit.language_model.ngram import NGram, words_of
from tests.language_model.small import model
from tests.language_model.test_article import SENTENCES, article

READINGS = Path(__file__).resolve().parents[3] / "shared" / "speech" / "readings"
NEEDS_READINGS = pytest.mark.skipif(not READINGS.is_dir(), reason="needs the shared test material (../shared/speech)")


@given(st.floats(0.1, 0.9))
def test_planted_weights_are_found(weight: float) -> None:
    """Words drawn from a mixture of two distributions."""
    rng = np.random.default_rng(7)
    a, b = np.array([0.7, 0.2, 0.1]), np.array([0.1, 0.1, 0.8])
    words = rng.choice(3, size=4000, p=weight * a + (1 - weight) * b)
    found = estimated(np.log(np.stack([a[words], b[words]], axis=1)), prior=(0.5, 0.5))
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(weight, abs=0.05)


@given(
    st.lists(st.lists(st.floats(-40, 0), min_size=3, max_size=3), max_size=20),
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
)
def test_weights_are_shares_of_one_and_none_is_lost(log_probs: list[list[float]], prior: list[float]) -> None:
    found = estimated(np.array(log_probs).reshape(-1, 3), prior)
    assert found.sum() == pytest.approx(1)
    assert (found > 0).all()


def test_it_raises_the_likelihood() -> None:
    rng = np.random.default_rng(1)
    log_probs = rng.normal(-5, 2, size=(200, 3))
    found = estimated(log_probs, (1, 1, 1), prior_words=1e-9)
    best = np.logaddexp.reduce(log_probs + np.log(found), axis=1).sum()
    for other in rng.dirichlet((1, 1, 1), size=200):
        assert best >= np.logaddexp.reduce(log_probs + np.log(other), axis=1).sum() - 1e-3


def test_few_words_do_not_run_to_extremes() -> None:
    assert estimated(np.empty((0, 2)), (0.7, 0.3)) == pytest.approx([0.7, 0.3])
    one = estimated(np.array([[-20.0, -1.0]]), (0.7, 0.3))
    many = estimated(np.array([[-20.0, -1.0]] * 100), (0.7, 0.3))
    assert 0.3 < one[1] < 0.6
    assert many[1] > 0.95


def test_a_word_that_no_model_has_moves_nothing() -> None:
    assert estimated(np.full((3, 2), -np.inf), (0.7, 0.3)) == pytest.approx([0.7, 0.3])


def test_it_follows_the_article_only_where_it_is_read() -> None:
    general = model()
    mixture = Mixture((general, ArticleNGram.of(article(*SENTENCES), general)), (0.6, 0.4))
    read = mixture.fitted([general.ids(words_of(sentence)) for sentence in SENTENCES])
    other = mixture.fitted(
        [general.ids(words_of("Bão số 3 gây mưa to đến rất to ở các tỉnh miền Bắc")) for _ in range(3)]
    )
    assert read.weights[1] > 0.9
    assert other.weights[1] < 0.1
    assert mixture.fitted([]).weights == pytest.approx(mixture.weights)


@given(st.lists(st.sampled_from("bộ y tế mưa to dạ sập cầu treo zalo".split()), min_size=1, max_size=9))
def test_its_probability_is_the_weighted_sum(words: list[str]) -> None:
    general = model()
    own = ArticleNGram.of(article(*SENTENCES), general)
    ids = general.ids(words)
    expected = 0.3 * np.exp(general.log_probs(ids)) + 0.7 * np.exp(own.log_probs(ids))
    assert np.exp(Mixture((general, own), (0.3, 0.7)).log_probs(ids)) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("weights", [(1.0,), (0.5, 0.4), (1.2, -0.2)])
def test_weights_that_are_no_shares_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="weights"):
        Mixture((model(), model()), weights)


@NEEDS_READINGS
@pytest.mark.parametrize(
    ("name", "read", "least", "most"),
    [
        ("ban-tin-nham-bai", False, 0, 0.05),
        ("ban-tin-day-du", True, 0.95, 1),
        ("ban-tin-dao-thu-tu", True, 0.95, 1),
        ("ban-tin-mot-phan", True, 0.95, 1),
        ("ban-tin-mot-phan", False, 0, 0.05),
        ("phat-bieu", False, 0, 0.1),
    ],
)
def test_the_articles_weight_on_readings(name: str, read: bool, least: float, most: float) -> None:
    """Near 0 on a foreign article and on what is said besides, near 1 on what is read."""
    general = NGram.open()
    own = ArticleNGram.of(load_article(READINGS / f"{name}.txt"), general)
    spoken = json.loads((READINGS / f"{name}.truth.json").read_text(encoding="utf-8"))["spoken"]
    texts = [general.ids(words_of(said["text"])) for said in spoken if said["in_article"] == read]
    weight = Mixture((general, own), (0.5, 0.5)).fitted(texts).weights[1]
    assert least <= weight <= most


@given(st.lists(st.lists(st.sampled_from([*SENTENCES[0].split(), "khác"]), max_size=8), max_size=5))
def test_many_texts_at_once_are_as_each_by_itself(texts: list[list[str]]) -> None:
    general = model()
    mixture = Mixture((general, ArticleNGram.of(article(*SENTENCES), general)), (0.4, 0.6))
    ids = [general.ids(words) for words in texts]
    for found, own in zip(mixture.log_probs_of(ids), ids, strict=True):
        assert found == pytest.approx(mixture.log_probs(own))
