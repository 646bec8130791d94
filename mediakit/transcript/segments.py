"""What is said: stretches of speech, each one sentence of the article or free speech."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from mediakit.timeline import Word

Source = Literal["article", "speech"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence of the article (or the part of it that was read), or a stretch of free speech.

    `text` is what is printed, `heard` what the engine heard, `sentence` the id of the article's sentence where
    `source` is `article` and None otherwise. `words` are the words of `text` in order, never empty. `language` is what
    is spoken where that is foreign: another language than the result's.

    Raises
    ------
    ValueError
        If times are out of order, words overlap or lie outside, or source and sentence contradict; or the article's
        sentence is foreign.
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
