"""A sentence where it was said, as a lattice of its own words and those that were heard there."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from mediakit.grounding.pairing import paired
from mediakit.search.lattice import Path, Slot, slots
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables, is_number
from mediakit.vietnamese.spoken import sayings

_MARKS = '.,;:!?…"”’)'
_ENDS = ".!?…"
#: So many words and more before or after those of a sentence, or between two, are no additions to it.
_SPEECH_BESIDE, _SPEECH_BETWEEN = 3, 5


@dataclass(frozen=True, slots=True)
class Printed:
    """A word as it is printed, and how it is said."""

    text: str
    is_article: bool
    syllables: Syllables


@dataclass(frozen=True)
class Stretch:
    """Printed words of a sentence and the words that were heard where they were said, each with how it is said."""

    printed: tuple[str, ...]
    said: tuple[Syllables, ...]
    heard: tuple[str, ...]
    spoken: tuple[Syllables, ...]
    lattice: tuple[Slot, ...]

    @classmethod
    def of(cls, printed: Sequence[str], said: Sequence[Syllables], heard: Sequence[Word]) -> Stretch:
        """The lattice of both; what sounds alike shares a slot."""
        row = f" {' '.join(s for way in said for s in way)} "
        ways = tuple(_as_in(row, word.text) for word in heard)
        of_heard = [i for i, way in enumerate(ways) for _ in way]
        of_printed = [i for i, way in enumerate(said) for _ in way]
        pairs = paired([s for way in ways for s in way], [s for way in said for s in way])
        found = slots([(of_heard[h], of_printed[a]) for h, a in pairs], len(heard), len(printed))
        texts = tuple(word.text for word in heard)
        lattice = tuple(replace(slot, is_same=_is_same(slot, texts, ways, said)) for slot in found)
        return cls(tuple(printed), tuple(said), texts, ways, lattice)

    def without(self, places: Set[int]) -> Stretch:
        """The stretch in which some printed words were not said."""
        slots = (replace(slot, is_out=slot.is_out or not places.isdisjoint(slot.article)) for slot in self.lattice)
        return replace(self, lattice=tuple(slots))

    @property
    def as_printed(self) -> Path:
        """The path of all words of the sentence and no others."""
        return tuple("article" if slot.article else "none" for slot in self.lattice)

    @property
    def heard_syllables(self) -> list[str]:
        """What was heard, as a language model reads it."""
        return [s for way in self.spoken for s in way]

    @property
    def same(self) -> set[int]:
        """The printed words, by place, that were heard just so."""
        return {place for slot in self.lattice if slot.is_same for place in slot.article}

    def heard_for(self, places: range) -> list[Syllables]:
        """What was heard for some printed words, and between them and those around."""
        first = next(i for i, slot in enumerate(self.lattice) if places.start in slot.article)
        last = next(i for i, slot in enumerate(self.lattice) if places.stop - 1 in slot.article)
        while first and not self.lattice[first - 1].article:
            first -= 1
        while last + 1 < len(self.lattice) and not self.lattice[last + 1].article:
            last += 1
        return [self.spoken[h] for slot in self.lattice[first : last + 1] for h in slot.heard]

    def words(self, path: Path) -> list[list[Printed]]:
        """The words of a path, slot by slot."""
        return [self._chosen(slot, choice) for slot, choice in zip(self.lattice, path, strict=True)]

    def syllables(self, path: Path) -> list[str]:
        """What is said on a path."""
        return [s for words in self.words(path) for word in words for s in word.syllables]

    def language_words(self, path: Path) -> list[str]:
        """A path as a language model reads it.

        Of two numbers it is not asked which one is likelier: what an article has says nothing of the number that was
        said, and that is the sound's alone to say.
        """
        found: list[str] = []
        for slot, choice in zip(self.lattice, path, strict=True):
            chosen = self._chosen(slot, "article" if choice == "heard" and self._are_numbers(slot) else choice)
            found += [s for word in chosen for s in word.syllables]
        return found

    def pieces(self, path: Path) -> list[range]:
        """The slots of a path without other speech: more words than are additions, before, after or between its own.

        Where about as many of its own syllables are missing they were said in place of these, and so is another number.
        A piece goes no further than its own words do, but for a few others.
        """
        own = [i for i, choice in enumerate(path) if choice == "article"]
        edges = [-1, *own, len(path)]
        other, in_place = set[int](), set[int]()
        for before, after in pairwise(edges):
            inside = range(before + 1, after)
            more = sum(len(self.lattice[i].heard) for i in inside if path[i] == "heard")
            missing = sum(len(self.said[a]) for i in inside for a in self.lattice[i].article)
            if any(self.lattice[i].is_out for i in inside):
                in_place |= set(inside)
                continue
            is_between = before >= 0 and after < len(path)
            is_broken_off = not is_between and missing - more >= more >= _SPEECH_BESIDE
            if is_broken_off or more - missing >= (_SPEECH_BETWEEN if is_between else _SPEECH_BESIDE):
                other |= set(inside)
        runs = [list(run) for is_other, run in groupby(range(len(path)), key=other.__contains__) if not is_other]
        worth = [
            1 if choice == "article" else 0 if place in in_place else -len(words)
            for place, (choice, words) in enumerate(zip(path, self.words(path), strict=True))
        ]
        return [_best_run(range(run[0], run[-1] + 1), worth) for run in runs]

    def departures(self, path: Path) -> list[list[int]]:
        """Runs of slots in which a path is not as printed, but for what surely is not said."""
        printed = self.as_printed
        runs = groupby(range(len(path)), key=lambda i: path[i] != printed[i] and not self.lattice[i].is_out)
        return [list(run) for departs, run in runs if departs]

    def other_number(self, path: Path, places: Sequence[int]) -> bool:
        """Whether a path has another number than is printed in some places."""
        return any(path[i] == "heard" and self._are_numbers(self.lattice[i]) for i in places)

    def with_edges(self, words: list[Printed]) -> list[Printed]:
        """The words with the capital and the mark of their sentence where one that was added stands at its edge."""
        if words and not words[0].is_article and self.printed[0][:1].isupper():
            words[0] = replace(words[0], text=words[0].text[:1].upper() + words[0].text[1:])
        mark = self.printed[-1][len(self.printed[-1].rstrip(_MARKS)) :]
        if words and not words[-1].is_article and mark and mark[0] in _ENDS:
            words[-1] = replace(words[-1], text=words[-1].text.rstrip(_MARKS) + mark)
        return words

    def _chosen(self, slot: Slot, choice: str) -> list[Printed]:
        if choice == "article":
            return [Printed(self.printed[i], True, self.said[i]) for i in slot.article]
        return [Printed(self.heard[i], False, self.spoken[i]) for i in slot.heard] if choice == "heard" else []

    def _are_numbers(self, slot: Slot) -> bool:
        """Whether both sides of a slot are numbers."""
        ways = [self.said[i] for i in slot.article], [self.spoken[i] for i in slot.heard]
        return all(way and all(map(is_number, way)) for way in ways)


def _best_run(run: range, worth: Sequence[int]) -> range:
    """A run; or the part of it that is worth most, where all of it is worth clearly less."""
    sums = [0, *accumulate(worth)]
    value, _, best = max(
        ((sums[b] - sums[a], b - a, range(a, b)) for a in run for b in range(a + 1, run.stop + 1)),
        key=lambda part: part[:2],
    )
    return best if value - (sums[run.stop] - sums[run.start]) >= _SPEECH_BESIDE else run


def _as_in(row: str, heard: str) -> Syllables:
    """How a heard word is said: as in the sentence, if it has one of its ways, else as usual."""
    ways = sayings([heard])[0]
    return next((way for way in ways if way and f" {' '.join(way)} " in row), ways[0])


def _is_same(slot: Slot, heard: Sequence[str], spoken_ways: Sequence[Syllables], said: Sequence[Syllables]) -> bool:
    """Whether both sides of a slot are said alike; a word that is not said at all goes with its neighbours."""
    own = [s for i in slot.article for s in said[i]]
    other = [s for i in slot.heard for s in spoken_ways[i]]
    return own == other or (len(slot.heard) == 1 and tuple(own) in sayings([heard[slot.heard.start]])[0])
