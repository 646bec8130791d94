"""Which words of a sentence that was read are the article's, and which the speaker left out, added or said otherwise.

A sentence once placed is a lattice of its own words and those that were heard where it was said; one score, the sound's
and the language's, chooses among all paths through it (:mod:`mediakit.search`). Where few sentences were said otherwise
than they are written, what seems so must be all the surer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Protocol, TypeVar

from mediakit.grounding.other_numbers import numbers_in, other_numbers
from mediakit.grounding.reading import Reading
from mediakit.grounding.stretch import Printed, SaidWord, Stretch, as_printed, joined
from mediakit.grounding.weighing import SAID_FROM, Weighing
from mediakit.language_model.mixture import Mixture
from mediakit.language_model.ngram import NGram
from mediakit.search.costs import Costs, Terms
from mediakit.search.departures import least_gain
from mediakit.search.lattice import Path, best_path
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, Judge
from mediakit.timeline import Word

T = TypeVar("T")

#: Sound before and after what was heard, and the longest that is looked at.
_MARGIN_MS, _LONGEST_MS = 250, 28_000
#: A longer text than a decoder has room for is left as it is.
_MOST_WORDS = 120
#: A segment follows a sentence if at least this share of its words are that sentence's (`../shared/interface.md`).
LEAST_OWN = 0.5
#: So many words after a change may be heard better for it.
_AFTER_CHANGE = 2
#: So many times as fast as they usually do speakers speak at times.
_HASTE = 1.3


class Run(Protocol):
    """Does some pieces of work, in threads or not, and gives what they give in their order."""

    def __call__(self, work: Iterable[Callable[[], T]], /) -> Iterator[T]:
        """Do the work."""
        ...


@dataclass(frozen=True, slots=True)
class Worded:
    """A reading with the words that were said in it, in order."""

    reading: Reading
    words: tuple[SaidWord, ...]

    @property
    def follows(self) -> bool:
        """Whether enough of the words are the article's for it to be a reading of its sentence."""
        return sum(word.is_article for word in self.words) >= LEAST_OWN * len(self.words) > 0


@dataclass(frozen=True, slots=True)
class _Draft:
    """The best path of a stretch, and the runs of slots in which it departs from the article, by what they gain."""

    stretch: Stretch
    path: Path
    evidence: Evidence
    start_ms: int
    end_ms: int
    departures: tuple[tuple[float, tuple[int, ...]], ...]

    def settled(self, least: float) -> Path | None:
        """The path, as printed where it gains less than `least`; None if that is all of it."""
        chance = {place for gain, places in self.departures if gain < least for place in places}
        path = _with(self.path, self.stretch.as_printed, chance)
        return None if path == self.stretch.as_printed else path


@dataclass(frozen=True)
class Wording:
    """Words readings by the sound and a language; `language` are the general model and the article's, mixed."""

    weighing: Weighing
    judge: Judge
    sound: Callable[[int, int], Window]
    general: NGram
    language: Mixture
    costs: Costs = field(default_factory=Costs)

    def of(self, readings: Sequence[Reading], heard: Sequence[Sequence[Word]], run: Run) -> list[Worded]:
        """The words that were said in each of all readings of a file, of which `heard` were heard in each.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
        drafts = list(run(partial(self._draft, *one) for one in zip(readings, heard, strict=True)))
        sure = [reading for reading in readings if not reading.is_doubtful]
        found = zip(readings, drafts, strict=True)
        gains = [gain for one, draft in found if draft and not one.is_doubtful for gain, _ in draft.departures]
        least = least_gain(gains, sum(reading.stop - reading.first for reading in sure), self.costs)
        return list(run(partial(self._worded, *one, least) for one in zip(readings, drafts, strict=True)))

    def _draft(self, reading: Reading, heard: Sequence[Word]) -> _Draft | None:
        """What was said in a reading, as far as it tells by itself; None if it is as printed."""
        if not heard:
            # The sound bears the sentence out as a whole, and nothing was heard that it could have been instead.
            return None
        stretch = Stretch.of(reading, heard, self.weighing)
        if all(slot.is_same for slot in stretch.lattice) or len(stretch.printed) + len(heard) > _MOST_WORDS:
            return None
        start = max(0, min([reading.start_ms, *(word.start_ms for word in heard)]) - _MARGIN_MS)
        end = max([reading.end_ms, *(word.end_ms for word in heard)]) + _MARGIN_MS
        if end - start > _LONGEST_MS:
            return None
        asked = _Asked(self.judge, self.sound(start, end))
        stretch = stretch.without(self._not_said(stretch, asked))
        room = self._room(stretch, start, end)
        mixture = self.language.fitted([self.general.ids(stretch.heard_syllables)])
        scoring = _Scoring(stretch, asked, self.general, mixture, self.costs, room)
        path = best_path(stretch.lattice, scoring.scores, scoring.bounds)
        path = self._borne_out(path, stretch, asked)
        if path == stretch.as_printed:
            return None
        (evidence,) = asked.evidence([path], stretch)
        return _Draft(stretch, path, evidence, start, end, self._departures(path, stretch, scoring))

    def _departures(self, path: Path, stretch: Stretch, scoring: _Scoring) -> tuple[tuple[float, tuple[int, ...]], ...]:
        """The runs of slots in which a path departs from the article, and what it gains (nats) by each.

        Of a number that was heard otherwise it is not asked how often that happens: a wrong one is the worst error.
        """
        places = [tuple(run) for run in stretch.departures(path) if not stretch.other_number(path, run)]
        score, *others = scoring.scores([path, *(_with(path, stretch.as_printed, run) for run in places)])
        return tuple((score - other, run) for other, run in zip(others, places, strict=True))

    def _worded(self, reading: Reading, draft: _Draft | None, least: float) -> Worded:
        """A reading with its words; as printed where it gains less than `least` by departing."""
        path = None if draft is None else draft.path if reading.is_doubtful else draft.settled(least)
        if draft is None or path is None:
            return Worded(reading, () if reading.is_doubtful else as_printed(reading, self.weighing))
        texts, weighed = draft.stretch.texts(path), draft.evidence
        if not texts:
            return Worded(reading, ())
        if path != draft.path:
            (weighed,) = self.judge.weigh(self.sound(draft.start_ms, draft.end_ms), [_line(texts)])
        if reading.is_doubtful and not _bears_out(weighed, texts):
            return Worded(reading, ())
        evidence = self.weighing.on_sound(weighed.words)
        words = [word.at(own) for word, own in zip(texts, evidence, strict=True)]
        before, after = draft.stretch.other_speech(path)
        own = joined(words[before : len(words) - after])
        if before or after:
            reading = replace(reading, evidence=tuple(word.evidence for word in own), heard=frozenset())
        return Worded(reading, own)

    def _not_said(self, stretch: Stretch, asked: _Asked) -> set[int]:
        """Printed words that are another number than was said: by their place in the stretch."""
        found: set[int] = set()
        for number in numbers_in(stretch.printed, stretch.said):
            if stretch.same.issuperset(number):
                continue
            before, after = stretch.printed[: number.start], stretch.printed[number.stop :]
            others = other_numbers(stretch.printed[number.start : number.stop])
            texts = [" ".join(stretch.printed), *(" ".join((*before, *other, *after)) for other in others)]
            own, *scores = (evidence.gain for evidence in asked.of(texts))
            if own < max(scores) + self.costs.number:
                found.update(number)
        return found

    def _borne_out(self, path: Path, stretch: Stretch, asked: _Asked) -> Path:
        """A path, as printed again where the sound gains nothing by what is otherwise.

        A decoder hardly minds words that are left out. What the sound gains by a text, over no sound at all, tells: a
        word that was said earns its place.
        """
        departures = stretch.departures(path)
        others = [_with(path, stretch.as_printed, places) for places in departures]
        if not departures or not all(stretch.texts(one) for one in (path, *others)):
            return path
        earned, *others_earned = (
            sum(word.gain - self.costs.token * word.tokens for word in evidence.words)
            for evidence in asked.evidence([path, *others], stretch)
        )
        for places, other in zip(departures, others_earned, strict=True):
            if other > earned:
                path = _with(path, stretch.as_printed, places)
        return path

    def _room(self, stretch: Stretch, start_ms: int, end_ms: int) -> float:
        """For how many syllables more than were heard there is sound, at the speaker's pace."""
        pauses = sum(b - a for a, b in self.weighing.loudness.pauses(start_ms, end_ms))
        sounds_ms = end_ms - start_ms - 2 * _MARGIN_MS - pauses
        return max(0.0, _HASTE * sounds_ms / self.weighing.pace_ms - len(stretch.heard_syllables))


@dataclass(frozen=True)
class _Asked:
    """What a judge says of texts on a window; of each it is asked once."""

    judge: Judge
    window: Window
    _known: dict[str, Evidence] = field(default_factory=dict)

    def of(self, texts: Sequence[str]) -> list[Evidence]:
        """The evidence for each text; for one without words there is none."""
        if new := [text for text in dict.fromkeys(texts) if text and text not in self._known]:
            self._known.update(zip(new, self.judge.weigh(self.window, new), strict=True))
        return [self._known.get(text, Evidence(())) for text in texts]

    def evidence(self, paths: Sequence[Path], stretch: Stretch) -> list[Evidence]:
        """The evidence for the words of each path."""
        return self.of([_line(stretch.texts(path)) for path in paths])


@dataclass(frozen=True)
class _Scoring:
    """Scores the paths of a stretch, each once; there is sound for so many (`room`) syllables more than were heard."""

    stretch: Stretch
    asked: _Asked
    general: NGram
    language: Mixture
    costs: Costs
    room: float
    _terms: dict[Path, Terms] = field(default_factory=dict)
    _sounds: dict[Path, tuple[float, ...]] = field(default_factory=dict)

    def scores(self, paths: Sequence[Path]) -> list[float]:
        """The score of each path."""
        new = [path for path in dict.fromkeys(paths) if path not in self._sounds]
        if new:
            texts = [_line(self.stretch.texts(path)) for path in new]
            self._sounds.update(zip(new, self.asked.judge.scores(self.asked.window, texts), strict=True))
        self._learn(paths)
        return [self.costs.of(self._terms[path], sum(self._sounds[path])) for path in paths]

    def bounds(self, path: Path, others: Sequence[Path]) -> list[float]:
        """What score each of some paths has at the most: as if the sound had nothing against what is otherwise in it.

        Words before a change are not heard better for it, those after it hardly; the next one may be.
        """
        self._learn(others)
        sound, own = sum(self._sounds[path]), self._by_slot(path)
        return [self.costs.of(self._terms[other], sound - _against(path, other, own)) for other in others]

    def _learn(self, paths: Sequence[Path]) -> None:
        new = [path for path in dict.fromkeys(paths) if path not in self._terms]
        said = [self.general.ids(self.stretch.language_words(path)) for path in new]
        spelt = [[s for word in self.stretch.texts(path) for s in word.syllables] for path in new]
        borne = self.asked.judge.ctc_log_probs(self.asked.window, spelt)
        scores = zip(self.language.log_probs_of(said), borne, strict=True)
        for path, ids, (language, ctc) in zip(new, said, scores, strict=True):
            self._terms[path] = self.stretch.terms(path, float(language.sum()), ctc, len(ids), self.room)

    def _by_slot(self, path: Path) -> list[float]:
        """What the sound has against (nats) the words of each slot; and, in a further one, against the end there."""
        *words, end = self._sounds[path]
        left = iter(words)
        counts = [self.stretch.count(slot, choice) for slot, choice in zip(self.stretch.lattice, path, strict=True)]
        return [sum(islice(left, count)) for count in counts] + [end]


def _against(path: Path, other: Path, by_slot: Sequence[float]) -> float:
    """What the sound has against (nats, below 0) the words of a path from its first to its last change, and the next.

    Where a change takes no word away, but puts some in, nothing is known of what they do for those around: nor is it
    of two more words.
    """
    changed = [i for i, (choice, new) in enumerate(zip(path, other, strict=True)) if choice != new]
    found, more = sum(by_slot[changed[0] : changed[-1] + 1]), _AFTER_CHANGE
    for nats in by_slot[changed[-1] + 1 :]:
        found += nats
        more -= nats != 0.0
        if not more:
            break
    return found


def _with(path: Path, other: Path, places: Collection[int]) -> Path:
    """A path that is as another in some places."""
    return tuple(other[i] if i in places else choice for i, choice in enumerate(path))


def _bears_out(weighed: Evidence, words: Sequence[Printed]) -> bool:
    """Whether the sound bears out those words that are the article's."""
    own = [evidence for word, evidence in zip(words, weighed.words, strict=True) if word.is_article]
    return sum(word.gain for word in own) >= SAID_FROM * sum(word.tokens for word in own) > 0


def _line(words: Sequence[Printed]) -> str:
    return " ".join(word.text for word in words)
