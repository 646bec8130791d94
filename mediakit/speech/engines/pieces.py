"""Words from the tokens of a transducer or CTC model: pieces of words, letters or whole syllables, each with a time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

#: How long a word lasts after its last token where nothing follows: these models tell where a token begins, not where
#: it ends. In the readings of `../shared/speech` a syllable takes 282 ms (median of 136 sentences).
LAST_TOKEN_S = 0.28
#: SentencePiece's mark of a word's beginning; sherpa-onnx gives it as a space.
_BEGINS = ("▁", " ")
#: Symbols that stand between words in vocabularies of letters.
_BETWEEN = frozenset(("▁", " ", "|", "<space>"))
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_SPECIAL = re.compile(r"<[^<>]+>|SIL")


@dataclass(frozen=True, slots=True)
class Token:
    """A token as a model gives it: `start_s` from the window's start, `score` its probability."""

    text: str
    start_s: float
    score: float


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a vocabulary writes words: whether it marks where they begin, and whether it has capitals only."""

    marks_words: bool
    capitals_only: bool

    @classmethod
    def of(cls, symbols: Iterable[str]) -> Spelling:
        """From all symbols of a vocabulary.

        >>> Spelling.of(["<blk>", "▁XIN", "▁CH", "ÀO"])
        Spelling(marks_words=True, capitals_only=True)
        >>> Spelling.of(["<blk>", "xin", "chào"])
        Spelling(marks_words=False, capitals_only=False)
        """
        known = list(symbols)
        letters = "".join(symbol for symbol in known if not _SPECIAL.fullmatch(symbol))
        return cls(
            any(symbol in _BETWEEN or symbol.startswith(_BEGINS) for symbol in known),
            letters != letters.lower() and letters == letters.upper(),
        )


def words_of(tokens: Sequence[Token], spelling: Spelling) -> Iterator[tuple[str, float, float, float]]:
    """Words as (text, start and end in seconds from the window's start, score); text in small letters of capitals.

    A word ends where the next begins, or :data:`LAST_TOKEN_S` after its last token. Its score is the mean of its
    tokens', as Whisper's is.

    >>> tokens = [Token(" XIN", 0.4, 0.9), Token(" CH", 0.8, 1.0), Token("ÀO", 1.0, 0.5), Token(" BẠN", 1.16, 1.0)]
    >>> [(w, a, round(b, 2), s) for w, a, b, s in words_of(tokens, Spelling(marks_words=True, capitals_only=True))]
    [('xin', 0.4, 0.68, 0.9), ('chào', 0.8, 1.16, 0.75), ('bạn', 1.16, 1.44, 1.0)]
    """
    groups = list(_groups(tokens, spelling))
    starts = [group[0].start_s for group in groups]
    for group, following in zip(groups, [*starts[1:], math.inf], strict=False):
        text = _joined([token.text for token in group])
        text = text.lower() if spelling.capitals_only else text
        score = sum(token.score for token in group) / len(group)
        if not any(c.isalnum() for c in text):
            continue  # a mark that stands alone is not said
        yield text, group[0].start_s, min(following, group[-1].start_s + LAST_TOKEN_S), score


def _groups(tokens: Iterable[Token], spelling: Spelling) -> Iterator[list[Token]]:
    """The tokens of each word, never none."""
    group: list[Token] = []
    apart = False
    for token in tokens:
        between = token.text in _BETWEEN
        byte = _BYTE.fullmatch(token.text) is not None
        whole_word = not (spelling.marks_words or byte) and any(c.isalnum() for c in token.text)
        if group and (between or apart or whole_word or token.text.startswith(_BEGINS)):
            yield group
            group = []
        apart = between
        if not between and (byte or not _SPECIAL.fullmatch(token.text)):
            group.append(token)
    if group:
        yield group


def _joined(texts: Iterable[str]) -> str:
    """Pieces as one text; letters that come byte by byte are put together, what is no letter so is left out."""
    data = b"".join(_bytes(text) for text in texts)
    return data.decode("utf-8", "ignore").strip("▁ ")


def _bytes(text: str) -> bytes:
    byte = _BYTE.fullmatch(text)
    return bytes((int(byte[1], 16),)) if byte else text.encode("utf-8", "ignore")
