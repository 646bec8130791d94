"""The general n-gram: its probabilities sum to 1, are the book's, its words are compared as they are said."""

from __future__ import annotations

import math
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.language_model.ngram import BEGIN, NOTHING, UNKNOWN, contexts_of, words_of
from mediakit.language_model.spelling import Spelling
from tests.language_model.small import LINES, Slow, model

WORDS = model().words(range(2, model().size))


def sentences() -> list[list[str]]:
    """The sentences of the small text as they are said."""
    return [words_of(sentence) for line in LINES for sentence in line.split(". ")]


@given(st.lists(st.sampled_from([*WORDS, "zalo", "<s>"]), max_size=4), st.booleans())
def test_the_probabilities_of_all_words_after_a_context_sum_to_one(history: list[str], begin: bool) -> None:
    general = model()
    ids = np.append(general.ids(history), UNKNOWN)
    ids[ids >= general.size] = UNKNOWN
    contexts = np.tile(contexts_of(ids, general.order, begin)[-1], (general.size, 1))
    total = np.exp(general.log_probs_after(contexts, np.arange(general.size)).astype(np.float64)).sum()
    assert total == pytest.approx(1, abs=1e-3)


def test_it_is_kneser_ney_as_the_book_has_it() -> None:
    """Within what 8 bits can tell of a probability, and 16 of a weight."""
    general = model()
    slow = Slow(sentences(), general.order, [*WORDS, "<unk>", "<s>"])
    for said in sentences():
        found = general.log_probs(general.ids(said))
        padded = ["<s>", *said]
        for i, word in enumerate(said, start=1):
            expected = slow.prob(tuple(padded[max(0, i - general.order + 1) : i]), word)
            assert found[i - 1] == pytest.approx(math.log(expected), abs=0.05), (padded[:i], word)


@given(st.lists(st.lists(st.sampled_from([*WORDS, "tiktok"]), max_size=7), max_size=5))
def test_many_texts_at_once_are_as_one_by_one(texts: list[list[str]]) -> None:
    general = model()
    ids = [general.ids(text) for text in texts]
    for text, own, found in zip(texts, ids, general.log_probs_of(ids), strict=True):
        assert np.array_equal(general.log_probs(own), found)
        assert found == pytest.approx([general.log_prob(word, text[:i]) for i, word in enumerate(text)])


def test_a_word_is_one_however_it_is_typed() -> None:
    general = model()
    typed = ["hòa", "hoà", "HÒA", unicodedata.normalize("NFD", "hòa"), unicodedata.normalize("NFD", "Hoà")]
    assert len(set(general.ids(typed).tolist())) == 1
    assert general.words(general.ids(typed)[:1]) == ["hoà"]


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("24 độ C,", "hai mươi bốn độ xê"),
        ("UBND tỉnh", "uỷ ban nhân dân tỉnh"),
        ("“Thủy”, rồi… Hòa!", "thuỷ rồi hoà"),
        ("Facebook của Nguyễn Văn A", None),
        ("– ! …", ""),
    ],
)
def test_words_are_those_that_are_said(printed: str, said: str | None) -> None:
    found = words_of(unicodedata.normalize("NFD", printed))
    assert found == words_of(printed)
    if said is not None:
        assert " ".join(found) == said


def test_an_unknown_word_costs_what_its_letters_do() -> None:
    general = model()
    short, long = general.ids(["zap", "zapzapzapzap"])
    assert min(short, long) >= general.size
    assert general.words([int(short)]) == ["zap"]
    contexts = np.full((2, 2), NOTHING)
    near, far = general.log_probs_after(contexts, np.array([short, long]))
    assert far < near < general.log_probs_after(contexts[:1], np.array([UNKNOWN]))[0]
    # What follows it is what follows any unknown word.
    after = general.log_probs_after(np.array([[NOTHING, short], [NOTHING, UNKNOWN]]), general.ids(["mưa", "mưa"]))
    assert after[0] == after[1]


def test_nobody_says_the_beginning() -> None:
    general = model()
    assert general.log_probs_after(np.full((1, 2), NOTHING), np.array([BEGIN]))[0] == -np.inf


def test_a_beginning_is_a_context_of_its_own() -> None:
    general = model()
    assert general.log_prob("sáng", []) != general.log_prob("sáng", [], begin=False)
    assert general.log_probs(np.empty(0, dtype=np.int64)).shape == (0,)


def test_letters_of_all_words_sum_to_one() -> None:
    """Strings of up to three letters, and what goes on from them."""
    spelling = Spelling.of({"ab": 3, "ba": 1, "b": 2}, letters=2)
    rows = np.exp(spelling.log_prob.astype(np.float64)).sum(axis=1)
    assert rows == pytest.approx(np.ones(4))
    # An other character is one of all that there are.
    assert spelling.log_probs(["文"])[0] < spelling.log_probs(["a"])[0] - 10


def test_spelling_refuses_nonsense() -> None:
    with pytest.raises(ValueError, match="twice"):
        Spelling("aa", np.zeros((4, 4), dtype=np.float32))
    with pytest.raises(ValueError, match="shape"):
        Spelling("ab", np.zeros((2, 2), dtype=np.float32))
