"""A result beside its reference: the words of both, aligned once over the whole, so that no edge has to be cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from mediakit.evaluation.alignment import Step, align, same
from mediakit.evaluation.reference import Reference
from mediakit.evaluation.wording import Wording, fitted, usual
from mediakit.result import Result
from mediakit.timeline import Span, Word
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.spoken import Learnt, explained


@dataclass(frozen=True)
class Beside:
    """A result and its reference.

    `said` are the reference's words, owned by its sentences; `printed` those that were printed, owned by `words`, the
    printed words of all segments in order; `heard` what the engine alone heard, owned by the segments.
    """

    result: Result
    reference: Reference
    learnt: Learnt
    words: tuple[Word, ...]
    said: Wording
    printed: Wording
    heard: Wording

    @classmethod
    def of(cls, result: Result, reference: Reference) -> Beside:
        """Bring both into the form in which they are compared."""
        article = result.article.sentences if result.article is not None else ()
        learnt = explained(" ".join(sentence.text for sentence in article))
        words = tuple(word for segment in result.segments for word in segment.words)
        said = usual([item.text for item in reference.spoken], learnt)
        printed = fitted([word.text for word in words], said.words, learnt)
        heard = fitted([segment.heard for segment in result.segments], said.words, learnt)
        return cls(result, reference, learnt, words, said, printed, heard)

    @cached_property
    def printed_steps(self) -> tuple[Step, ...]:
        """From what was said to what was printed."""
        return align(self.said.words, self.printed.words)

    @cached_property
    def heard_steps(self) -> tuple[Step, ...]:
        """From what was said to what the engine alone heard."""
        return align(self.said.words, self.heard.words)

    @cached_property
    def right(self) -> dict[int, int]:
        """For each word of `said` that was printed as it is, its place in `printed`."""
        return same(self.printed_steps)

    @cached_property
    def said_of(self) -> tuple[range, ...]:
        """For each sentence of the reference its words, as places in `said`."""
        return _runs(self.said.owner, len(self.reference.spoken))

    @cached_property
    def printed_of(self) -> tuple[range, ...]:
        """For each printed word the compared words it stands for, as places in `printed`."""
        return _runs(self.printed.owner, len(self.words))

    @cached_property
    def words_of(self) -> tuple[range, ...]:
        """For each segment its words, as places in `words`."""
        counts = [n for n, segment in enumerate(self.result.segments) for _ in segment.words]
        return _runs(counts, len(self.result.segments))

    @cached_property
    def article_words(self) -> frozenset[int]:
        """The printed words that stand as the article's, as places in `words`."""
        return frozenset(place for place, word in enumerate(self.words) if word.article)

    def printed_span(self, place: int) -> Span:
        """When a word of `printed` stands in the result."""
        word = self.words[self.printed.owner[place]]
        return Span(word.start_ms, word.end_ms)

    def heard_span(self, place: int) -> Span:
        """When a word of `heard` was heard, as far as a record tells: the time of its segment."""
        segment: Segment = self.result.segments[self.heard.owner[place]]
        return Span(segment.start_ms, segment.end_ms)


def _runs(owners: Sequence[int], count: int) -> tuple[range, ...]:
    """For each of `count` owners its stretch among `owners`, which are in order."""
    runs, at = [], 0
    for owner in range(count):
        first = at
        while at < len(owners) and owners[at] == owner:
            at += 1
        runs.append(range(first, at))
    return tuple(runs)
