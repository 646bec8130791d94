"""Times: how far edges and words of the result are from those of the reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from mediakit.evaluation.alignment import common
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.placing import Placed
from mediakit.evaluation.reference import Spoken
from mediakit.evaluation.wording import usual
from mediakit.timeline import Span

#: What is near enough that nobody sees it: the share of edges within it is told.
NEAR_MS = 200


@dataclass(frozen=True, slots=True)
class Distances:
    """Distances in milliseconds, none below zero, in order of size."""

    ms: tuple[int, ...]

    @classmethod
    def of(cls, distances: Sequence[int]) -> Distances:
        """The distances, sorted."""
        return cls(tuple(sorted(distances)))

    @property
    def median_ms(self) -> int | None:
        """The middle one, of two the mean, rounded up; None where there is none.

        >>> Distances.of([3, 1, 8]).median_ms, Distances.of([3, 6]).median_ms, Distances.of([]).median_ms
        (3, 5, None)
        """
        count = len(self.ms)
        return (self.ms[(count - 1) // 2] + self.ms[count // 2] + 1) // 2 if count else None

    @property
    def near(self) -> float | None:
        """The share of those up to :data:`NEAR_MS`."""
        return sum(d <= NEAR_MS for d in self.ms) / len(self.ms) if self.ms else None

    @property
    def worst_tenth_ms(self) -> int | None:
        """Where the worst tenth begins.

        >>> Distances.of(range(20)).worst_tenth_ms, Distances.of([7]).worst_tenth_ms
        (18, 7)
        """
        return self.ms[len(self.ms) * 9 // 10] if self.ms else None


@dataclass(frozen=True, slots=True)
class Edges:
    """Distances of starts and ends: of whole sentences of the article from a truth's, or of cues from their words."""

    of: Literal["sentences", "cues"]
    distances: Distances


@dataclass(frozen=True, slots=True)
class WordTimes:
    """Distances of the starts and of the ends of words that were printed right."""

    starts: Distances
    ends: Distances


def sentence_edges(beside: Beside, placed: Sequence[Placed]) -> Edges:
    """Edges of the article's segments that are whole sentences, against when they are spoken."""
    found: list[int] = []
    for item in placed:
        spans = [span for n in item.spoken if (span := beside.reference.spoken[n].span) is not None]
        if item.whole and spans:
            found.append(abs(item.segment.start_ms - min(span.start_ms for span in spans)))
            found.append(abs(item.segment.end_ms - max(span.end_ms for span in spans)))
    return Edges("sentences", Distances.of(found))


def cue_edges(beside: Beside) -> Edges:
    """When the words of a cue that were printed right begin and end, against the cue."""
    found: list[int] = []
    for item, said in zip(beside.reference.spoken, beside.said_of, strict=True):
        got = [beside.right.get(place) for place in said]
        if item.span is not None and got and None not in got:
            spans = [beside.printed_span(place) for place in got if place is not None]
            found.append(abs(spans[0].start_ms - item.span.start_ms))
            found.append(abs(spans[-1].end_ms - item.span.end_ms))
    return Edges("cues", Distances.of(found))


def word_times(beside: Beside, *, article_only: bool) -> WordTimes:
    """Words that the reference has times for and that were printed right, all or those printed as the article's."""
    starts: list[int] = []
    ends: list[int] = []
    for item, said in zip(beside.reference.spoken, beside.said_of, strict=True):
        for span, places in _timed(item, said, beside):
            first, last = _edge(beside, places[0], 0), _edge(beside, places[-1], -1)
            if first is not None and not (article_only and first not in beside.article_words):
                starts.append(abs(beside.words[first].start_ms - span.start_ms))
            if last is not None and not (article_only and last not in beside.article_words):
                ends.append(abs(beside.words[last].end_ms - span.end_ms))
    return WordTimes(Distances.of(starts), Distances.of(ends))


def _timed(item: Spoken, said: range, beside: Beside) -> Iterator[tuple[Span, list[int]]]:
    """When each timed word of a sentence is said, with all its words among those of the sentence."""
    timed = usual([word.text for word in item.words], beside.learnt)
    sentence = [beside.said.words[place] for place in said]
    at = {mine: said[theirs] for mine, theirs in common(timed.words, sentence)}
    for number in range(len(item.words)):
        own = [at.get(mine) for mine, owner in enumerate(timed.owner) if owner == number]
        found = [place for place in own if place is not None]
        if found and len(found) == len(own):
            yield item.words[number].span, found


def _edge(beside: Beside, said: int, end: Literal[0, -1]) -> int | None:
    """The printed word that begins (0) or ends (-1) with a word of the reference: inside a figure nothing is timed."""
    place = beside.right.get(said)
    if place is None:
        return None
    word = beside.printed.owner[place]
    return word if beside.printed_of[word][end] == place else None
