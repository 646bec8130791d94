"""What a language adds to words while they are heard: the n-gram's own figures, one at a time."""

from __future__ import annotations

import pytest

from mediakit.language_model.fusion import Fusion, FusionCosts
from mediakit.language_model.ngram import NGram, words_of
from tests.language_model.small import LINES, model

PLAIN = FusionCosts(weight=1.0, a_syllable=0.0, least=-1000.0)


@pytest.fixture(scope="module")
def shipped() -> NGram:
    return NGram.open()


def asked(words: list[str]) -> list[tuple[tuple[str, ...], str]]:
    return [(tuple(words[:i]), word) for i, word in enumerate(words)]


@pytest.mark.parametrize("line", LINES)
def test_it_is_the_n_gram_word_by_word(line: str) -> None:
    words = words_of(line)
    expected = model().log_probs(model().ids(words), begin=False)
    assert Fusion(model(), PLAIN).added(asked(words)) == pytest.approx(expected.tolist(), abs=1e-4)


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tướng Chính phủ vừa ký quyết định bổ nhiệm ông Nguyễn Văn Khang",
        "bão số ba gây mưa to ở zyxqw và facebook",
        "hòa bình hoà bình",
    ],
)
def test_it_is_the_shipped_n_gram_however_words_are_written(shipped: NGram, text: str) -> None:
    words = text.split()
    expected = shipped.log_probs(shipped.ids(words), begin=False)
    assert Fusion(shipped, PLAIN).added(asked(words)) == pytest.approx(expected.tolist(), abs=1e-4)


def test_asked_again_it_says_the_same_and_keeps_nothing_in_the_n_gram(shipped: NGram) -> None:
    fusion = Fusion(shipped, PLAIN)
    words = "ông qzx nói".split()
    assert fusion.added(asked(words)) == fusion.added(asked(words))
    assert shipped.known(["qzx"])[0] == (0,)


def test_a_figure_counts_as_the_words_for_it(shipped: NGram) -> None:
    fusion = Fusion(shipped, FusionCosts(weight=0.3, a_syllable=1.8))
    (figure,) = fusion.added([(("năm",), "24,")])
    spoken = fusion.added(asked(["năm", "hai", "mươi", "bốn"]))
    assert figure == pytest.approx(sum(spoken[1:]), abs=1e-5)


def test_after_a_figure_comes_what_comes_after_its_words(shipped: NGram) -> None:
    fusion = Fusion(shipped, PLAIN)
    assert fusion.added([(("24",), "độ")]) == fusion.added([(("hai", "mươi", "bốn"), "độ")])


def test_no_word_is_dearer_than_the_least(shipped: NGram) -> None:
    fusion = Fusion(shipped, FusionCosts(weight=0.5, a_syllable=1.0, least=-10.0))
    assert fusion.added([((), "zqxwvkj")]) == [pytest.approx(0.5 * -10 + 1.0)]


@pytest.mark.parametrize("mark", ["–", "...", "\ufffd", "ố\ufffd", "♪", "x" * 60, "²" * 60, "Ⅻ", "ﬁ" * 50])
def test_whatever_a_decoder_spells_has_a_number(shipped: NGram, mark: str) -> None:
    assert Fusion(shipped, PLAIN).added([((), mark), ((mark, "a", mark), "b")])[1] < 0
