"""Word errors: of what is printed and, beside it, of what the engine alone heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mediakit.evaluation.alignment import Step
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.groups import Group, groups
from mediakit.timeline import Span


@dataclass(frozen=True, slots=True)
class Errors:
    """Changes that make the reference's `words` (how many there are) the result's."""

    words: int = 0
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def count(self) -> int:
        """All changes."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def rate(self) -> float | None:
        """Changes a word of the reference; over 1 where much was put in, None where nothing is said."""
        return self.count / self.words if self.words else None

    def __add__(self, other: Errors) -> Errors:
        return Errors(
            self.words + other.words,
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
        )


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Errors of the printed words, and of what the engine heard before the article had a say."""

    printed: Errors
    heard: Errors


def word_errors(beside: Beside) -> Mapping[Group, WordErrors]:
    """Word errors by group.

    Both are aligned with the reference as a whole; an error belongs to the sentence of the word that is wrong or
    missing, a word too many to the sentence it stands in, between two to the nearer one.
    """
    printed = by_sentence(beside, beside.printed_steps, beside.printed_span)
    heard = by_sentence(beside, beside.heard_steps, beside.heard_span)
    return {
        group: WordErrors(_total(printed[n] for n in members), _total(heard[n] for n in members))
        for group, members in groups(beside.reference).items()
    }


def by_sentence(beside: Beside, steps: Sequence[Step], span_of: Callable[[int], Span]) -> list[Errors]:
    """Errors of each sentence of the reference; `span_of` tells when a word that was got stands."""
    found = [Errors(words=len(words)) for words in beside.said_of]
    for step in steps:
        if step.change == "insert":
            for place in step.got:
                found[_nearest(beside, step.said.start, span_of(place))] += Errors(insertions=1)
        elif step.change != "equal":
            error = Errors(substitutions=1) if step.change == "substitute" else Errors(deletions=1)
            for place in step.said:
                found[beside.said.owner[place]] += error
    return found


def _nearest(beside: Beside, place: int, span: Span) -> int:
    """The sentence that a word belongs to which was put in before the reference's word `place`."""
    owner = beside.said.owner
    before, after = owner[max(0, place - 1)], owner[min(place, len(owner) - 1)]
    first, second = beside.reference.spoken[before].span, beside.reference.spoken[after].span
    if before == after or first is None or second is None:
        return before
    return before if _apart_ms(first, span) <= _apart_ms(second, span) else after


def _apart_ms(a: Span, b: Span) -> int:
    """Milliseconds from the middle of `b` to `a`; 0 inside."""
    middle = (b.start_ms + b.end_ms) // 2
    return max(0, a.start_ms - middle, middle - a.end_ms)


def _total(errors: Iterable[Errors]) -> Errors:
    return sum(errors, Errors())
