"""What is said: stretches of speech, each along one sentence of the article, or free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from mediakit.timeline import Word

Source = Literal["article", "speech"]


@dataclass(frozen=True, slots=True)
class Segment:
    """What is said along one sentence of the article, or a stretch of free speech.

    `text` is what is printed, `heard` what the engine heard, `sentence` the id of the article's sentence where
    `source` is `article` and None otherwise. `words` are the words of `text` in order, never empty. Along a sentence
    at least half of them are the article's (`Word.article`): the others are what the speaker added, and what was left
    out is not there. `language` is what is spoken where that is foreign: another language than the result's.

    Raises
    ------
    ValueError
        If times are out of order, words overlap or lie outside, or source, sentence and words contradict; or the
        article's sentence is foreign.
    """

    start_ms: int
    end_ms: int
    text: str
    heard: str
    source: Source
    sentence: str | None
    score: float
    words: tuple[Word, ...]
    language: str | None = None

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError(f"segment {self.text!r} has no words")
        if not self.start_ms <= self.words[0].start_ms or not self.words[-1].end_ms <= self.end_ms:
            raise ValueError(f"segment {self.text!r}: words outside {self.start_ms} to {self.end_ms} ms")
        if any(a.end_ms > b.start_ms for a, b in pairwise(self.words)):
            raise ValueError(f"segment {self.text!r}: words overlap")
        if (self.source == "article") != (self.sentence is not None):
            raise ValueError(f"segment {self.text!r}: source {self.source} with sentence {self.sentence}")
        if self.source == "article" and self.language is not None:
            raise ValueError(f"segment {self.text!r}: a sentence of the article in the language {self.language}")
        if self.source == "article" and not follows(self.words):
            raise ValueError(f"segment {self.text!r}: less than half of its words are the article's")
        if self.source == "speech" and any(word.article for word in self.words):
            raise ValueError(f"segment {self.text!r}: free speech with words of the article")

    @property
    def article_share(self) -> float:
        """The share of its words' time that is of the article's words: 1 where all are, 0 in free speech."""
        own_ms = sum(word.end_ms - word.start_ms for word in self.words if word.article)
        return own_ms / sum(word.end_ms - word.start_ms for word in self.words)


def follows(words: Sequence[Word]) -> bool:
    """Whether words may be a segment along a sentence: at least half of them are the article's.

    >>> follows([Word(0, 9, "Dạ", 1.0), Word(9, 20, "vâng,", 1.0, article=True)])
    True
    """
    return 2 * sum(word.article for word in words) >= len(words)


def untied(segment: Segment) -> Segment:
    """The segment as free speech, with no word of the article."""
    words = tuple(replace(word, article=False) for word in segment.words)
    return replace(segment, source="speech", sentence=None, words=words)
