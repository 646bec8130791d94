"""Which words of a sentence that was read are the article's, and which the speaker left out, added or said otherwise.

A sentence once placed is a lattice of its own words and those that were heard where it was said; one score chooses
among all paths through it (:mod:`mediakit.search`): what the CTC head hears, and the language. A decoder was asked as
well, and let go: it hardly minds words that are left out, and nothing was gained by it. Where few sentences were said
otherwise than they are written, what seems so must be all the surer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from mediakit.grounding.other_numbers import numbers_in, other_numbers
from mediakit.grounding.placement import Visit
from mediakit.grounding.script import Script
from mediakit.grounding.stretch import Stretch
from mediakit.grounding.witness import Part, Witness
from mediakit.language_model.mixture import Mixture
from mediakit.language_model.ngram import NGram
from mediakit.search.costs import Costs, Terms
from mediakit.search.departures import least_gain
from mediakit.search.lattice import Path, best_path
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.spoken import sayings, spoken

#: Sound before and after what was heard.
_MARGIN_MS = 250
#: A segment follows a sentence if at least this share of its words are that sentence's (`../shared/interface.md`).
_LEAST_OWN = 0.5
#: A part of what was said there may be a phrase that any sentence has: it needs so many words.
_LEAST_PART = 4
#: So many words in a row that were heard otherwise must be borne out by the sound.
_LEAST_UNBORNE = 3


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word that was said, as it is printed; `syllables` is how, then where, and what the sound gains by it (nats)."""

    text: str
    is_article: bool
    syllables: Syllables
    start_ms: int
    end_ms: int
    gain: float


@dataclass(frozen=True, slots=True)
class Worded:
    """A sentence that was said, with the words that were, and those that were heard in their place."""

    sentence: int
    words: tuple[SaidWord, ...]
    heard: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """The best path of a stretch, and the runs of slots in which it departs from the article, by what they gain."""

    sentence: int
    stretch: Stretch
    heard: tuple[Word, ...]
    part: Part
    path: Path
    departures: tuple[tuple[float, tuple[int, ...]], ...]
    cost: float

    def settled(self, least: float) -> Path:
        """The path, as printed where it gains less than `least`."""
        chance = {place for gain, places in self.departures if gain < least for place in places}
        return _with(self.path, self.stretch.as_printed, chance)


@dataclass(frozen=True)
class Wording:
    """Words visits by the sound and a language; `language` are the general model and the article's, mixed."""

    script: Script
    witness: Witness
    general: NGram
    language: Mixture
    costs: Costs = field(default_factory=Costs)

    def of(self, visits: Sequence[Visit], heard: Sequence[Sequence[Word]]) -> list[Worded]:
        """The sentences with the words that were said, of which `heard` were heard in each visit."""
        drafts = [self._draft(*one) for one in zip(visits, heard, strict=True)]
        gains = [gain for draft in drafts for gain, _ in draft.departures]
        least = least_gain(gains, sum(len(draft.stretch.printed) for draft in drafts), self.costs)
        return [worded for draft in drafts for worded in self._worded(draft, draft.settled(least))]

    def _draft(self, visit: Visit, heard: Sequence[Word]) -> _Draft:
        """What was said in a visit, as far as it tells by itself."""
        start = min([visit.start_ms, *(word.start_ms for word in heard)]) - _MARGIN_MS
        end = max([visit.end_ms, *(word.end_ms for word in heard)]) + _MARGIN_MS
        part = self.witness.between(max(start, visit.after_ms), min(end, visit.before_ms))
        ways = self.script.ways[visit.sentence]
        said = _likeliest(ways, [s for word in heard for s in spoken(word.text)], part)
        stretch = Stretch.of(self.script.printed[visit.sentence], said, heard)
        stretch = stretch.without(self._not_said(stretch, part))
        if all(slot.is_same for slot in stretch.lattice):
            return _Draft(visit.sentence, stretch, tuple(heard), part, stretch.as_printed, (), visit.cost)
        mixture = self.language.fitted([self.general.ids(stretch.heard_syllables)])
        scoring = _Scoring(stretch, part, self.general, mixture, self.costs)
        path = _borne_out(best_path(stretch.lattice, scoring.of), stretch, part, -self.costs.unborne)
        departures = _departures(path, stretch, scoring)
        return _Draft(visit.sentence, stretch, tuple(heard), part, path, departures, visit.cost)

    def _not_said(self, stretch: Stretch, part: Part) -> set[int]:
        """Printed words that are another number than was said: by their place in the stretch."""
        found: set[int] = set()
        for number in numbers_in(stretch.printed, stretch.said):
            if stretch.same.issuperset(number):
                continue
            before, after = stretch.said[: number.start], stretch.said[number.stop :]
            others = other_numbers(stretch.printed[number.start : number.stop])
            said = [stretch.said, *((*before, *(ways[0] for ways in sayings(other)), *after) for other in others)]
            said.append((*before, *stretch.heard_for(number), *after))
            own, *scores, heard = part.log_probs([[s for word in words for s in word] for words in said])
            if own < max(*scores, heard - self.costs.misheard) + self.costs.number:
                found.update(number)
        return found

    def _worded(self, draft: _Draft, path: Path) -> Iterator[Worded]:
        """The sentence with its words; in parts where there is other speech between, none where too few are its own."""
        slots = draft.stretch.words(path)
        times = draft.part.aligned([word.syllables for slot in slots for word in slot])
        for place, piece in enumerate(draft.stretch.pieces(path)):
            words = draft.stretch.with_edges([word for i in piece for word in slots[i]])
            own = sum(word.is_article for word in words)
            is_part = len(piece) < len(path) or own < len(draft.stretch.printed) / 2
            if own < _LEAST_OWN * max(1, len(words)) or (is_part and own < _LEAST_PART):
                continue
            first = sum(map(len, slots[: piece.start]))
            said = [
                SaidWord(word.text, word.is_article, word.syllables, *at)
                for word, at in zip(words, times[first : first + len(words)], strict=True)
            ]
            cost = self.costs.broken_off if place else draft.cost
            if sum(max(0.0, word.gain) for word in said if word.is_article) < cost:
                continue
            heard = tuple(draft.heard[h] for i in piece for h in draft.stretch.lattice[i].heard)
            yield Worded(draft.sentence, _joined(said), heard)


def _joined(words: Sequence[SaidWord]) -> tuple[SaidWord, ...]:
    """The words with lone punctuation joined to the word before it."""
    found: list[SaidWord] = []
    for word in words:
        if found and not any(c.isalnum() for c in word.text):
            last = found.pop()
            text, end_ms = f"{last.text} {word.text}", max(last.end_ms, word.end_ms)
            syllables, gain = last.syllables + word.syllables, last.gain + word.gain
            word = SaidWord(text, last.is_article, syllables, last.start_ms, end_ms, gain)
        found.append(word)
    return tuple(found)


def _likeliest(ways: Sequence[Sequence[Syllables]], heard: Sequence[str], part: Part) -> list[Syllables]:
    """How each word was said: as it was heard, if that is one of its ways, else the one that the sound bears best."""
    row = f" {' '.join(heard)} "
    said, open_ = [own[0] for own in ways], list[int]()
    for place, own in enumerate(ways):
        as_heard = [way for way in own if () not in own and len(way) > 1 and f" {' '.join(way)} " in row]
        said[place] = max(as_heard, key=len, default=own[0])
        open_ += [place] if len(own) > 1 and not as_heard else []
    for place in open_:
        texts = [[*said[:place], way, *said[place + 1 :]] for way in ways[place]]
        scores = part.log_probs([[s for word in text for s in word] for text in texts])
        said[place] = ways[place][max(range(len(scores)), key=lambda i: (scores[i], -i))]
    return said


def _borne_out(path: Path, stretch: Stretch, part: Part, least: float) -> Path:
    """A path without what free speech explains better: of two texts that the sound hardly bears one is likelier."""
    slots = stretch.words(path)
    gains = iter(part.aligned([word.syllables for slot in slots for word in slot]))
    by_slot = [sum(next(gains)[2] for _ in slot) for slot in slots]
    doubted = [choice != "heard" and not slot.is_same for choice, slot in zip(path, stretch.lattice, strict=True)]
    unborne = set[int]()
    for doubts, run in groupby(range(len(path)), key=doubted.__getitem__):
        places = list(run)
        own = [i for i in places if path[i] == "article"]
        if doubts and len(own) >= _LEAST_UNBORNE and sum(by_slot[i] for i in own) < least * len(own):
            unborne |= set(places)
    return tuple(stretch.lattice[i].of("heard") if i in unborne else choice for i, choice in enumerate(path))


def _departures(path: Path, stretch: Stretch, scoring: _Scoring) -> tuple[tuple[float, tuple[int, ...]], ...]:
    """The runs of slots in which a path departs from the article, and what it gains (nats) by each.

    Of a number that was heard otherwise it is not asked how often that happens: a wrong one is the worst error.
    """
    places = [tuple(run) for run in stretch.departures(path) if not stretch.other_number(path, run)]
    score, *others = scoring.of([path, *(_with(path, stretch.as_printed, run) for run in places)])
    return tuple((score - other, run) for other, run in zip(others, places, strict=True))


@dataclass(frozen=True)
class _Scoring:
    """Scores the paths of a stretch, each once."""

    stretch: Stretch
    part: Part
    general: NGram
    language: Mixture
    costs: Costs
    _known: dict[Path, float] = field(default_factory=dict)

    def of(self, paths: Sequence[Path]) -> list[float]:
        """The score (nats) of each path."""
        new = [path for path in dict.fromkeys(paths) if path not in self._known]
        said = [self.general.ids(self.stretch.language_words(path)) for path in new]
        sounds = self.part.log_probs([self.stretch.syllables(path) for path in new])
        scores = zip(self.language.log_probs_of(said), sounds, strict=True)
        for path, ids, (language, sound) in zip(new, said, scores, strict=True):
            self._known[path] = self.costs.of(Terms(sound, float(language.sum()), len(ids)))
        return [self._known[path] for path in paths]


def _with(path: Path, other: Path, places: Collection[int]) -> Path:
    """A path that is as another in some places."""
    return tuple(other[i] if i in places else choice for i, choice in enumerate(path))
