"""A sentence where it was said, as a lattice of its own words and those that were heard there; its words as said."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from itertools import groupby, takewhile
from typing import Literal

from mediakit.grounding.match import straight_odds
from mediakit.grounding.pairing import paired
from mediakit.grounding.reading import Reading
from mediakit.grounding.weighing import Weighing
from mediakit.search.costs import Terms
from mediakit.search.lattice import Path, Slot, slots
from mediakit.speech.evidence import WordEvidence
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables, is_number
from mediakit.vietnamese.spoken import sayings, spoken
from mediakit.vietnamese.syllables import likeness_matrix

_MARKS = '.,;:!?…"”’)'
_ENDS = ".!?…"
#: So many words and more before or after those of a sentence are no additions to it.
_OTHER_SPEECH_WORDS = 3
#: Without a judge: so many words in a row of which nothing was heard were left out.
_LEFT_OUT_WORDS = 3


@dataclass(frozen=True, slots=True)
class Printed:
    """A word as it is printed, and how it is said."""

    text: str
    is_article: bool
    syllables: Syllables

    def at(self, evidence: WordEvidence) -> SaidWord:
        """The word where it was said."""
        return SaidWord(self.text, self.is_article, self.syllables, evidence)


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word that was said, as it is printed; `syllables` is how, `evidence` where and how surely."""

    text: str
    is_article: bool
    syllables: Syllables
    evidence: WordEvidence


@dataclass(frozen=True)
class Stretch:
    """The printed words of a reading and those heard there, as a lattice."""

    printed: tuple[str, ...]
    said: tuple[Syllables, ...]
    heard: tuple[str, ...]
    spoken: tuple[Syllables, ...]
    lattice: tuple[Slot, ...]

    @classmethod
    def of(cls, reading: Reading, heard: Sequence[Word], weighing: Weighing) -> Stretch:
        script = weighing.script
        printed = script.printed[reading.sentence][reading.first : reading.stop]
        said = tuple(script.said(reading.sentence)[reading.first : reading.stop])
        ways = tuple(spoken(word.text) for word in heard)
        of_heard = [i for i, way in enumerate(ways) for _ in way]
        of_printed = [i for i, way in enumerate(said) for _ in way]
        syllables = [s for way in ways for s in way], [s for way in said for s in way]
        _, pairs = paired(*syllables)
        found = slots([(of_heard[h], of_printed[a]) for h, a in pairs], len(heard), len(printed))
        likeness = [0.0] * len(printed)
        for h, a in pairs:
            (odds,) = straight_odds(likeness_matrix([syllables[0][h]], [syllables[1][a]])).ravel()
            likeness[of_printed[a]] += max(0.0, float(odds))
        lattice = tuple(
            replace(
                slot,
                is_same=_is_same(slot, [word.text for word in heard], ways, said),
                # What a number was heard as is another number, however like it sounds.
                likeness=sum(likeness[i] for i in slot.article if not is_number(said[i])),
            )
            for slot in found
        )
        return cls(printed, said, tuple(word.text for word in heard), ways, lattice)

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

    def texts(self, path: Path) -> list[Printed]:
        """The words of a path."""
        found = [word for slot, choice in zip(self.lattice, path, strict=True) for word in self._chosen(slot, choice)]
        return self._with_edges(found)

    @property
    def same(self) -> set[int]:
        """The printed words, by place, that were heard just so."""
        return {place for slot in self.lattice if slot.is_same for place in slot.article}

    def language_words(self, path: Path) -> list[str]:
        """A path as a language model reads it.

        Of two numbers it is not asked which one is likelier: what an article has says nothing of the number that was
        said, and that is the sound's alone to say.
        """
        found: list[str] = []
        for slot, choice in zip(self.lattice, path, strict=True):
            if choice == "heard" and self._are_numbers(slot):
                choice = "article"
            own = [self.said[i] for i in slot.article]
            other = [self.spoken[i] for i in slot.heard]
            found += [s for way in {"article": own, "heard": other}.get(choice, []) for s in way]
        return found

    def only_heard(self, path: Path) -> int:
        """How many heard words there are in a path that are not the article's."""
        return sum(len(slot.heard) for slot, choice in zip(self.lattice, path, strict=True) if choice == "heard")

    def count(self, slot: Slot, choice: str) -> int:
        """How many words a choice has."""
        return len(" ".join(word.text for word in self._chosen(slot, choice)).split())

    def _chosen(self, slot: Slot, choice: str) -> list[Printed]:
        if choice == "article":
            return [Printed(self.printed[i], True, self.said[i]) for i in slot.article]
        return [Printed(self.heard[i], False, self.spoken[i]) for i in slot.heard] if choice == "heard" else []

    def terms(self, path: Path, language: float, ctc: float, syllables: int, room: float) -> Terms:
        """What a path is scored by, but for the sound."""
        unheard = max(0.0, self.unheard(path) - room)
        return Terms(language, syllables, unheard, self.only_heard(path), self.likeness(path), ctc)

    def unheard(self, path: Path) -> int:
        """How many syllables of the article there are in a path in whose place nothing was heard.

        Where others were heard that are not in it, these were misheard for as many.
        """
        found = 0
        places = zip(self.lattice, path, strict=True)
        for one_sided, run in groupby(places, key=lambda place: not place[0].article or not place[0].heard):
            if one_sided:
                inside = list(run)
                own = sum(len(self.said[i]) for slot, choice in inside if choice == "article" for i in slot.article)
                left = sum(len(self.spoken[i]) for slot, choice in inside if choice == "none" for i in slot.heard)
                found += max(0, own - left)
        return found

    def other_speech(self, path: Path) -> tuple[int, int]:
        """How many words before, and how many after, those of the sentence are too many to be additions to it.

        Where as many of its own syllables are missing there they were said in place of these.
        """
        return self._beyond(path, 1), self._beyond(path, -1)

    def _beyond(self, path: Path, step: Literal[1, -1]) -> int:
        places = zip(self.lattice[::step], path[::step], strict=True)
        edge = list(takewhile(lambda place: place[1] != "article", places))
        more = sum(len(slot.heard) for slot, choice in edge if choice == "heard")
        own = sum(len(self.said[i]) for slot, _ in edge for i in slot.article)
        return more if more - own >= _OTHER_SPEECH_WORDS else 0

    def departures(self, path: Path) -> list[list[int]]:
        """Runs of slots in which a path is not as printed, but for what surely is not said."""
        printed = self.as_printed
        runs = groupby(range(len(path)), key=lambda i: path[i] != printed[i] and not self.lattice[i].is_out)
        return [list(run) for departs, run in runs if departs]

    def other_number(self, path: Path, places: Sequence[int]) -> bool:
        """Whether a path has another number than is printed in some places."""
        return any(path[i] == "heard" and self._are_numbers(self.lattice[i]) for i in places)

    def _are_numbers(self, slot: Slot) -> bool:
        """Whether both sides of a slot are numbers."""
        ways = [self.said[i] for i in slot.article], [self.spoken[i] for i in slot.heard]
        return all(way and all(map(is_number, way)) for way in ways)

    def likeness(self, path: Path) -> float:
        """How much likelier than chance (nats) the heard words in a path are the article's, misheard."""
        places = zip(self.lattice, path, strict=True)
        return sum(slot.likeness for slot, choice in places if choice == "heard")

    def _with_edges(self, words: list[Printed]) -> list[Printed]:
        """The words with the capital and the mark of their sentence where one that was added stands at its edge."""
        if words and not words[0].is_article and self.printed[0][:1].isupper():
            words[0] = replace(words[0], text=words[0].text[:1].upper() + words[0].text[1:])
        mark = self.printed[-1][len(self.printed[-1].rstrip(_MARKS)) :]
        if words and not words[-1].is_article and mark and mark[0] in _ENDS:
            words[-1] = replace(words[-1], text=words[-1].text.rstrip(_MARKS) + mark)
        return words


def _is_same(slot: Slot, heard: Sequence[str], spoken_ways: Sequence[Syllables], said: Sequence[Syllables]) -> bool:
    """Whether both sides of a slot are said alike; a word that is not said at all goes with its neighbours."""
    own = [s for i in slot.article for s in said[i]]
    other = [s for i in slot.heard for s in spoken_ways[i]]
    return own == other or (len(slot.heard) == 1 and tuple(own) in sayings([heard[slot.heard.start]])[0])


def as_printed(reading: Reading, weighing: Weighing, left_out: frozenset[int] = frozenset()) -> tuple[SaidWord, ...]:
    """The words of a reading, but for some (by place), all of them the article's; lone punctuation joins the last."""
    script = weighing.script
    said = script.said(reading.sentence)
    found: list[SaidWord] = []
    for place in range(reading.first, reading.stop):
        if place in left_out:
            continue
        text, evidence = script.printed[reading.sentence][place], reading.evidence[place - reading.first]
        found.append(SaidWord(text, True, tuple(said[place]), evidence))
    return joined(found)


def as_aligned(reading: Reading, heard: Sequence[Word], weighing: Weighing) -> tuple[SaidWord, ...]:
    """The words of a reading where no sound can be asked: without those of long runs of which nothing was heard."""
    lattice = Stretch.of(reading, heard, weighing).lattice
    runs = groupby(lattice, key=lambda slot: not slot.heard)
    unheard = [[reading.first + place for slot in run for place in slot.article] for alone, run in runs if alone]
    left_out = frozenset(place for run in unheard if len(run) >= _LEFT_OUT_WORDS for place in run)
    return as_printed(reading, weighing, left_out)


def joined(words: Sequence[SaidWord]) -> tuple[SaidWord, ...]:
    """The words with lone punctuation joined to the word before it."""
    found: list[SaidWord] = []
    for word in words:
        if found and not any(c.isalnum() for c in word.text):
            before = found.pop()
            word = SaidWord(
                f"{before.text} {word.text}",
                before.is_article,
                before.syllables + word.syllables,
                WordEvidence(
                    before.evidence.start_ms,
                    word.evidence.end_ms,
                    before.evidence.gain + word.evidence.gain,
                    before.evidence.tokens + word.evidence.tokens,
                ),
            )
        found.append(word)
    return tuple(found)
