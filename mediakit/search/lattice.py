"""Which words were said in a stretch: the article's, those that were heard, some of each, or neither.

The words of a sentence and those that were heard in its place are aligned; what sounds alike shares a slot. In each
slot the article's words were said, or the heard ones, or none. A path through all
slots is a text, and one score says how good a text is. Small lattices are enumerated; in larger ones the search goes
from the best of the plain paths to ever better ones that differ in a slot, a few neighbours or a clause (iterated
conditional modes: Besag 1986), and ends where none is better.

Pure: knows places of words, nothing of their spelling or of sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, product
from math import prod
from typing import Literal

Choice = Literal["article", "heard", "none"]
#: What was said in each slot.
Path = tuple[Choice, ...]
#: Gives the score (nats) of each of some paths.
Score = Callable[[Sequence[Path]], Sequence[float]]

#: Lattices of no more paths than this are enumerated.
_ENUMERATED = 32
#: So many neighbouring slots are changed together at the most: a misheard phrase changes as one.
_TOGETHER = 3
_BETTER = 1e-6
#: What may be kept of a run of slots that have words on one side only.
_SIDES: tuple[Choice, ...] = ("article", "heard", "none")


@dataclass(frozen=True, slots=True)
class Slot:
    """Words of the article and heard words, by their places, that stand for each other; one side may have none.

    `is_same` is whether both sides are said the same, so that there is nothing to choose; `is_out` that the article's
    were not said.

    Raises
    ------
    ValueError
        If there is no word on either side.
    """

    article: range
    heard: range
    is_same: bool = False
    is_out: bool = False

    def __post_init__(self) -> None:
        if not self.article and not self.heard:
            raise ValueError("a slot without words")

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may have been said there."""
        if self.is_same:
            return ("article",)
        if self.is_out:
            return ("heard",) if self.heard else ("none",)
        if not self.article:
            return ("none", "heard")
        return ("article", "heard", "none") if self.heard else ("article", "none")

    def of(self, kept: Choice) -> Choice:
        """What is chosen where only the words of one side are to be kept, or none."""
        return next((choice for choice in (kept, "none") if choice in self.choices), self.choices[0])


def slots(pairs: Iterable[tuple[int, int]], heard: int, article: int) -> list[Slot]:
    """The slots of so many heard words and words of the article.

    `pairs` (heard, article) of them, in order, sound alike. A word of several syllables may be in several pairs; what
    is tied together by them is one slot.

    >>> [(s.heard, s.article) for s in slots([(1, 0), (2, 2), (3, 2)], heard=4, article=3)]
    [(range(0, 1), range(0, 0)), (range(1, 2), range(0, 1)), (range(2, 2), range(1, 2)), (range(2, 4), range(2, 3))]
    """
    result: list[Slot] = []
    at_heard = at_article = 0
    for first, last in _groups(sorted(set(pairs))):
        result += _alone(range(at_heard, first[0]), range(at_article, first[1]))
        at_heard, at_article = last[0] + 1, last[1] + 1
        result.append(Slot(range(first[1], at_article), range(first[0], at_heard)))
    return [*result, *_alone(range(at_heard, heard), range(at_article, article))]


def _groups(pairs: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The first and last pair of each run of pairs that share a word."""
    groups: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for pair in pairs:
        if groups and (pair[0] <= groups[-1][1][0] or pair[1] <= groups[-1][1][1]):
            first, last = groups[-1]
            groups[-1] = first, (max(pair[0], last[0]), max(pair[1], last[1]))
        else:
            groups.append((pair, pair))
    return groups


def _alone(heard: range, article: range) -> list[Slot]:
    return [
        *(Slot(range(article.start, article.start), range(h, h + 1)) for h in heard),
        *(Slot(range(a, a + 1), range(heard.stop, heard.stop)) for a in article),
    ]


def best_path(lattice: Sequence[Slot], score: Score) -> Path:
    """The best path that is found; the article's own (every word of it and no other) unless another is better."""
    choices = [slot.choices for slot in lattice]
    free = [place for place, own in enumerate(choices) if len(own) > 1]
    path: Path = tuple(own[0] for own in choices)
    (value,) = score([path])

    def better(others: Iterable[Path]) -> list[Path]:
        """Those that are better than the best so far, the best first."""
        new = [other for other in dict.fromkeys(others) if other != path]
        scores = dict(zip(new, score(new), strict=True))
        return sorted((other for other in new if scores[other] > value + _BETTER), key=lambda one: -scores[one])

    if prod(map(len, choices)) <= _ENUMERATED:
        return next(iter(better(product(*choices))), path)
    if found := better([tuple(slot.of("heard") for slot in lattice), _both(lattice)]):
        path, value = _best(found[:1], score)
    while found := better(_changed(path, lattice, free)):
        path, value = _best([found[0], _together(path, found)], score)
    return path


def _best(paths: Sequence[Path], score: Score) -> tuple[Path, float]:
    """The best of some paths; of those that are as good, the first."""
    scores = score(paths)
    place = max(range(len(paths)), key=lambda i: (scores[i], -i))
    return paths[place], scores[place]


def _both(lattice: Sequence[Slot]) -> Path:
    """The path of all words of the article, and of the heard ones that stand for none of them."""
    return tuple(slot.of("article" if slot.article else "heard") for slot in lattice)


def _changed(path: Path, lattice: Sequence[Slot], free: Sequence[int]) -> Iterator[Path]:
    """The path with other choices in a slot or a few neighbours, or in all of a run that one side has alone."""
    for size in range(1, _TOGETHER + 1):
        for i in range(len(free) - size + 1):
            yield _with(path, {place: _others(lattice[place], path[place])[0] for place in free[i : i + size]})
    for place in free:
        for choice in _others(lattice[place], path[place])[1:]:
            yield _with(path, {place: choice})
    for run in _one_sided(lattice):
        for kept in _SIDES:
            yield _with(path, {place: lattice[place].of(kept) for place in run})


def _others(slot: Slot, choice: Choice) -> list[Choice]:
    return [other for other in slot.choices if other != choice]


def _one_sided(lattice: Sequence[Slot]) -> Iterator[Sequence[int]]:
    """Runs of several neighbouring slots that have words on one side only: a clause left out, or misheard."""
    for alone, run in groupby(range(len(lattice)), key=lambda i: not lattice[i].article or not lattice[i].heard):
        places = list(run)
        if alone and len(places) > 1:
            yield places


def _with(path: Path, changes: Mapping[int, Choice]) -> Path:
    return tuple(changes.get(place, choice) for place, choice in enumerate(path))


def _together(path: Path, others: Sequence[Path]) -> Path:
    """The changes of all paths, but for those of which a neighbour was changed already."""
    changes: dict[int, Choice] = {}
    for other in others:
        own = {place: choice for place, choice in enumerate(other) if choice != path[place]}
        if not any(near in changes for place in own for near in (place - 1, place, place + 1)):
            changes |= own
    return _with(path, changes)
