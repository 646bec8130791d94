"""An article as it would be read aloud."""

from __future__ import annotations

from dataclasses import dataclass

from mediakit.article.document import Article, Sentence
from mediakit.vietnamese.spoken import Ways, explained, sayings


@dataclass(frozen=True)
class Script:
    """The sentences in which something is said; of each the printed words, and all ways in which each may be said."""

    sentences: tuple[Sentence, ...]
    printed: tuple[tuple[str, ...], ...]
    ways: tuple[tuple[Ways, ...], ...]

    @classmethod
    def of(cls, article: Article) -> Script:
        """The script of an article; of the abbreviations that it explains it says in full what they stand for."""
        learnt = explained(" ".join(sentence.text for sentence in article.sentences))
        rows = []
        for sentence in article.sentences:
            words = tuple(sentence.text.split())
            ways = sayings(words, learnt)
            if any(way for own in ways for way in own):
                rows.append((sentence, words, ways))
        sentences, printed, ways_of = zip(*rows, strict=True) if rows else ((), (), ())
        return cls(sentences, printed, ways_of)

    def size(self, sentence: int) -> int:
        """Syllables of a sentence as it is usually said, at least 1."""
        return max(1, sum(len(ways[0]) for ways in self.ways[sentence]))
