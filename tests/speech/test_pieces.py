"""Words from tokens, whatever the vocabulary is made of."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.speech.engines.pieces import LAST_TOKEN_S, Spelling, Token, words_of

MARKED = Spelling(marks_words=True, capitals_only=False)
SYLLABLES = Spelling(marks_words=False, capitals_only=False)


def tokens(*texts: str) -> list[Token]:
    """A token each 100 ms."""
    return [Token(text, n / 10, 0.5) for n, text in enumerate(texts)]


def texts(found: Sequence[Token], spelling: Spelling) -> list[str]:
    return [text for text, *_ in words_of(found, spelling)]


@pytest.mark.parametrize(
    ("given_tokens", "spelling", "expected"),
    [
        ((" xin", " ch", "ào"), MARKED, ["xin", "chào"]),
        (("ào", " xin"), MARKED, ["ào", "xin"]),  # the window begins inside a word
        ((" ", "b", "ạn", " ", "ơi"), MARKED, ["bạn", "ơi"]),  # the mark as a token of its own
        (("x", "i", "n", "|", "c", "h", "à", "o"), MARKED, ["xin", "chào"]),  # letters
        (("xin", "chào"), SYLLABLES, ["xin", "chào"]),
        (("xin", "chào", ","), SYLLABLES, ["xin", "chào,"]),
        ((" xin", "<unk>", " chào", "<sos/eos>"), MARKED, ["xin", "chào"]),
        ((" ch", "<0xC3>", "<0xA0>", "o"), MARKED, ["chào"]),  # a letter byte by byte
        ((" ch", "<0xC3>", "o"), MARKED, ["cho"]),  # half a letter
        ((" xin", " ,"), MARKED, ["xin"]),
        ((), MARKED, []),
        ((" ", "|"), MARKED, []),
    ],
)
def test_words(given_tokens: tuple[str, ...], spelling: Spelling, expected: list[str]) -> None:
    assert texts(tokens(*given_tokens), spelling) == expected


@pytest.mark.parametrize(
    ("symbols", "expected"),
    [
        (["<blk>", "<unk>", "▁XIN", "ÀO", "<0x41>"], Spelling(marks_words=True, capitals_only=True)),
        (["<blk>", "▁Xin", "ào"], Spelling(marks_words=True, capitals_only=False)),
        (["<blank>", "a", "|"], Spelling(marks_words=True, capitals_only=False)),
        (["<blk>", "<space>", "A"], Spelling(marks_words=True, capitals_only=True)),
        (["<blk>", "xin", "1"], Spelling(marks_words=False, capitals_only=False)),
        (["<blk>", "1"], Spelling(marks_words=False, capitals_only=False)),
    ],
)
def test_how_a_vocabulary_spells(symbols: list[str], expected: Spelling) -> None:
    assert Spelling.of(symbols) == expected


def test_a_word_ends_where_the_next_begins_or_soon() -> None:
    found = [Token(" xin", 0.0, 1.0), Token(" chào", 0.12, 0.6), Token(" bạn", 3.0, 1.0)]
    assert [(start, end) for _, start, end, _ in words_of(found, MARKED)] == [
        (0.0, 0.12),
        (0.12, pytest.approx(0.12 + LAST_TOKEN_S)),
        (3.0, pytest.approx(3.0 + LAST_TOKEN_S)),
    ]


@given(st.lists(st.tuples(st.sampled_from([" xin", "ào", " ", "|", "<unk>", "<0xC3>", ","]), st.floats(0, 1))))
def test_words_are_in_order_and_apart(spoken: list[tuple[str, float]]) -> None:
    found = [Token(text, n / 25, score) for n, (text, score) in enumerate(spoken)]
    for spelling in (MARKED, SYLLABLES):
        end = 0.0
        for text, start_s, end_s, score in words_of(found, spelling):
            assert text.strip() == text != ""
            assert end <= start_s < end_s
            assert 0.0 <= score <= 1.0
            end = end_s
