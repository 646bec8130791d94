"""The two sides of an alignment as syllables: the article's printed words, and the words that were heard."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

import numpy as np

from mediakit.article.document import Article, Sentence
from mediakit.grounding.match import odds
from mediakit.grounding.shortlist import Table
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.spoken import Learnt, Ways, explained, sayings, spoken
from mediakit.vietnamese.syllables import bare, likeness_matrix

#: An article of a few lines says little of how common a word is; no word counts as rarer than this.
_RAREST = 1 / 2000
#: Kinds of heard syllables that are compared at a time.
_ROWS = 256


@dataclass(frozen=True)
class Script:
    """An article as it would be read aloud.

    `printed[s]` are the printed words of sentence `s`; `syllables` all spoken syllables in order, `starts` where
    each sentence begins among them, and `word_of` the printed word (inside its sentence) of each syllable. A printed
    word that may be said in several ways has the syllables of one of them. `learnt` are the abbreviations that the
    article explains.
    """

    sentences: tuple[Sentence, ...]
    printed: tuple[tuple[str, ...], ...]
    syllables: tuple[str, ...]
    starts: tuple[int, ...]
    word_of: tuple[int, ...]
    learnt: Learnt = ()

    @classmethod
    def of(cls, article: Article) -> Script:
        """The script of an article, each word in its usual way; a sentence without a spoken syllable is left out."""
        learnt = explained(" ".join(s.text for s in article.sentences))
        sentences: list[Sentence] = []
        printed: list[tuple[str, ...]] = []
        said: list[list[Syllables]] = []
        for sentence in article.sentences:
            words = tuple(sentence.text.split())
            usual = [ways[0] for ways in sayings(words, learnt)]
            if any(usual):
                sentences.append(sentence)
                printed.append(words)
                said.append(usual)
        return cls._of(sentences, printed, said, learnt)

    @classmethod
    def _of(
        cls,
        sentences: Sequence[Sentence],
        printed: Sequence[tuple[str, ...]],
        said: Sequence[Sequence[Syllables]],
        learnt: Learnt,
    ) -> Script:
        starts = list(accumulate((sum(len(word) for word in words) for words in said), initial=0))[:-1]
        syllables = tuple(s for words in said for word in words for s in word)
        word_of = tuple(i for words in said for i, word in enumerate(words) for _ in word)
        return cls(tuple(sentences), tuple(printed), syllables, tuple(starts), word_of, learnt)

    def resaid(self, chosen: Mapping[tuple[int, int], Syllables]) -> Script:
        """The script with some words, by sentence and place, said in another way."""
        said = [self.said(s) for s in range(len(self.sentences))]
        for (sentence, word), way in chosen.items():
            said[sentence][word] = way
        return Script._of(self.sentences, self.printed, said, self.learnt)

    def said(self, sentence: int) -> list[Syllables]:
        """The syllables of each printed word of a sentence."""
        words: list[list[str]] = [[] for _ in self.printed[sentence]]
        for a in range(self.starts[sentence], self.ends[sentence]):
            words[self.word_of[a]].append(self.syllables[a])
        return [tuple(word) for word in words]

    def ways(self, sentence: int) -> tuple[Ways, ...]:
        """All ways in which each printed word of a sentence may be said."""
        return sayings(self.printed[sentence], self.learnt)

    def renderings(self, sentence: int, words: range) -> list[tuple[str, ...]]:
        """How `words` of a sentence may be written for a judge: as printed and, where that differs, as said.

        One text for each word, empty for one that is not said.
        """
        printed = self.printed[sentence][words.start : words.stop]
        said = self.said(sentence)[words.start : words.stop]
        spelt = tuple(_spelt(word, way) for word, way in zip(printed, said, strict=True))
        return [printed, spelt] if spelt != printed and any(spelt) else [printed]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Where each sentence ends among the syllables."""
        return (*self.starts[1:], len(self.syllables))

    def size(self, sentence: int) -> int:
        """Spoken syllables of a sentence, at least 1."""
        return self.ends[sentence] - self.starts[sentence]


def _spelt(word: str, way: Syllables) -> str:
    """A printed word as it is, unless it is said in other words (`46,3%`, `UBND`)."""
    return word if len(way) == 1 and way[0] == bare(word) else " ".join(way)


@dataclass(frozen=True)
class HeardSyllables:
    """All that was heard: `words` in order and, for each syllable, its text and the word it belongs to.

    `languages` has the words that are foreign. They have no syllables: what sounds like an article's word in another
    language is none.
    """

    words: tuple[Word, ...]
    syllables: tuple[str, ...]
    word_of: tuple[int, ...]
    languages: Mapping[Word, str] = field(default_factory=dict)

    @classmethod
    def of(cls, words: Sequence[Word], languages: Mapping[Word, str] | None = None) -> HeardSyllables:
        """Words in order as syllables, but for those of which `languages` says that they are foreign."""
        words, foreign = tuple(words), languages or {}
        syllables: list[str] = []
        word_of: list[int] = []
        for i, word in enumerate(words):
            said = spoken(word.text) if word not in foreign else ()
            syllables += said
            word_of += [i] * len(said)
        return cls(words, tuple(syllables), tuple(word_of), foreign)

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

    def words_between(self, start_ms: int, end_ms: int) -> list[Word]:
        """The words of which the middle lies between two times."""
        near = self.words[max(0, bisect_right(self._starts, start_ms) - 1) : bisect_right(self._starts, end_ms)]
        return [word for word in near if start_ms <= word.middle_ms < end_ms]

    def syllables_between(self, start_ms: int, end_ms: int) -> list[str]:
        """The syllables of those words."""
        own = (word for word in self.words_between(start_ms, end_ms) if word not in self.languages)
        return [s for word in own for s in spoken(word.text)]

    def heard_ms(self, start_ms: int, end_ms: int) -> int:
        """How much of the time between was heard as words, in milliseconds."""
        near = self.words[max(0, bisect_right(self._starts, start_ms) - 1) : bisect_right(self._starts, end_ms)]
        return sum(max(0, min(word.end_ms, end_ms) - max(word.start_ms, start_ms)) for word in near)


@dataclass(frozen=True)
class Comparison:
    """Kinds of syllables on both sides: numbers into `likeness` and `table` (log odds), heard by row."""

    heard: tuple[int, ...]
    article: tuple[int, ...]
    likeness: Table
    table: Table

    @classmethod
    def of(cls, heard: Sequence[str], article: Sequence[str]) -> Comparison:
        """Compare each kind once, however often it stands on either side.

        Of 4,000 kinds on both sides each of the two tables is 64 MB; what it takes to make them is a few rows more.
        """
        heard_kinds, article_kinds = sorted(set(heard)), sorted(set(article))
        row = {kind: i for i, kind in enumerate(heard_kinds)}
        column = {kind: j for j, kind in enumerate(article_kinds)}
        counts = Counter(article)
        frequency = np.array([max(counts[kind] / max(len(article), 1), _RAREST) for kind in article_kinds])
        alike = np.empty((len(heard_kinds), len(article_kinds)), dtype=np.float32)
        table = np.empty_like(alike)
        for first in range(0, len(heard_kinds), _ROWS):
            rows = slice(first, first + _ROWS)
            alike[rows] = likeness_matrix(heard_kinds[rows], article_kinds)
            table[rows] = odds(alike[rows], frequency)
        return cls(tuple(row[s] for s in heard), tuple(column[s] for s in article), alike, table)

    def alike(self, heard: int, article: int) -> float:
        """Likeness (0 to 1) of a heard syllable and one of the article, by their places."""
        return float(self.likeness[self.heard[heard], self.article[article]])

    def odds(self, heard: int, article: int) -> float:
        """Log odds (nats) that the two are the same syllable."""
        return float(self.table[self.heard[heard], self.article[article]])
