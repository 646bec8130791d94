"""The two sides of an alignment as syllables: the article's printed words, and the words that were heard."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mediakit.article.document import Article, Sentence
from mediakit.grounding.match import Floats, odds
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import explained, spoken
from mediakit.vietnamese.syllables import likeness_matrix

#: An article of a few lines says little of how common a word is; no word counts as rarer than this.
_RAREST = 1 / 2000


@dataclass(frozen=True)
class Script:
    """An article as it would be read aloud.

    `printed[s]` are the printed words of sentence `s`; `syllables` all spoken syllables in order, `starts` where
    each sentence begins among them, and `word_of` the printed word (inside its sentence) of each syllable.
    """

    sentences: tuple[Sentence, ...]
    printed: tuple[tuple[str, ...], ...]
    syllables: tuple[str, ...]
    starts: tuple[int, ...]
    word_of: tuple[int, ...]

    @classmethod
    def of(cls, article: Article) -> Script:
        """The script of an article; a sentence without a spoken syllable is left out."""
        learnt = explained(" ".join(s.text for s in article.sentences))
        sentences: list[Sentence] = []
        printed: list[tuple[str, ...]] = []
        syllables: list[str] = []
        starts: list[int] = []
        word_of: list[int] = []
        for sentence in article.sentences:
            words = tuple(sentence.text.split())
            said = [spoken(word, learnt) for word in words]
            if not any(said):
                continue
            sentences.append(sentence)
            printed.append(words)
            starts.append(len(syllables))
            syllables += [s for parts in said for s in parts]
            word_of += [i for i, parts in enumerate(said) for _ in parts]
        return cls(tuple(sentences), tuple(printed), tuple(syllables), tuple(starts), tuple(word_of))

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where each sentence ends among the syllables."""
        return (*self.starts[1:], len(self.syllables))

    def size(self, sentence: int) -> int:
        """Spoken syllables of a sentence, at least 1."""
        return self.ends[sentence] - self.starts[sentence]


@dataclass(frozen=True)
class HeardSyllables:
    """All that was heard: `words` in order and, for each syllable, its text and the word it belongs to."""

    words: tuple[Word, ...]
    syllables: tuple[str, ...]
    word_of: tuple[int, ...]

    @classmethod
    def of(cls, words: Sequence[Word]) -> HeardSyllables:
        """Words in order as syllables."""
        words = tuple(words)
        syllables: list[str] = []
        word_of: list[int] = []
        for i, word in enumerate(words):
            said = spoken(word.text)
            syllables += said
            word_of += [i] * len(said)
        return cls(words, tuple(syllables), tuple(word_of))

    def time_of(self, syllable: int) -> tuple[int, int]:
        """Start and end of a syllable in milliseconds: its even share of the word's time."""
        word = self.words[self.word_of[syllable]]
        first = syllable
        while first and self.word_of[first - 1] == self.word_of[syllable]:
            first -= 1
        last = syllable
        while last + 1 < len(self.word_of) and self.word_of[last + 1] == self.word_of[syllable]:
            last += 1
        count, place, length = last - first + 1, syllable - first, word.end_ms - word.start_ms
        return word.start_ms + length * place // count, word.start_ms + length * (place + 1) // count

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start_ms for word in self.words]

    def heard_ms(self, start_ms: int, end_ms: int) -> int:
        """How much of the time between was heard as words, in milliseconds."""
        near = self.words[max(0, bisect_right(self._starts, start_ms) - 1) : bisect_right(self._starts, end_ms)]
        return sum(max(0, min(word.end_ms, end_ms) - max(word.start_ms, start_ms)) for word in near)


@dataclass(frozen=True)
class Comparison:
    """Kinds of syllables on both sides: numbers into `likeness` and `table` (log odds), heard by row."""

    heard: tuple[int, ...]
    article: tuple[int, ...]
    likeness: Floats
    table: Floats

    @classmethod
    def of(cls, heard: Sequence[str], article: Sequence[str]) -> Comparison:
        """Compare each kind once, however often it stands on either side."""
        heard_kinds, article_kinds = sorted(set(heard)), sorted(set(article))
        row = {kind: i for i, kind in enumerate(heard_kinds)}
        column = {kind: j for j, kind in enumerate(article_kinds)}
        alike = likeness_matrix(heard_kinds, article_kinds).astype(np.float64)
        counts = Counter(article)
        frequency = np.array([max(counts[kind] / max(len(article), 1), _RAREST) for kind in article_kinds])
        return cls(tuple(row[s] for s in heard), tuple(column[s] for s in article), alike, odds(alike, frequency))

    def alike(self, heard: int, article: int) -> float:
        """Likeness (0 to 1) of a heard syllable and one of the article, by their places."""
        return float(self.likeness[self.heard[heard], self.article[article]])

    def odds(self, heard: int, article: int) -> float:
        """Log odds (nats) that the two are the same syllable."""
        return float(self.table[self.heard[heard], self.article[article]])
