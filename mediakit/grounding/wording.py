"""Which words of a sentence that was read are the article's, and which the speaker left out, added or said otherwise.

A sentence once placed is a lattice of its own words and those that were heard where it was said; one score, the sound's
and the language's, chooses among all paths through it (:mod:`mediakit.search`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from mediakit.grounding.match import straight_odds
from mediakit.grounding.other_numbers import numbers_in, other_numbers
from mediakit.grounding.pairing import paired
from mediakit.grounding.reading import Reading
from mediakit.grounding.weighing import Weighing
from mediakit.language_model.mixture import Mixture
from mediakit.language_model.ngram import NGram
from mediakit.search.costs import Costs, Terms
from mediakit.search.lattice import Path, Slot, best_path, slots
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Judge, WordEvidence
from mediakit.timeline import Word
from mediakit.vietnamese.numbers import Syllables, is_number
from mediakit.vietnamese.spoken import sayings, spoken
from mediakit.vietnamese.syllables import likeness_matrix

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
_MARKS = '.,;:!?…"”’)'
_ENDS = ".!?…"
#: So many words and more before or after those of a sentence are no additions to it.
_OTHER_SPEECH_WORDS = 3
#: Without a judge: so many words in a row of which nothing was heard were left out.
_LEFT_OUT_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Printed:
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


@dataclass(frozen=True, slots=True)
class Worded:
    """A reading with the words that were said in it, in order."""

    reading: Reading
    words: tuple[SaidWord, ...]

    def by_itself(self) -> Worded:
        """The reading without longer runs of words at its edges that are not its sentence's: these are other speech."""
        own = [i for i, word in enumerate(self.words) if word.is_article]
        if not own:
            return self
        first = own[0] if own[0] >= _OTHER_SPEECH_WORDS else 0
        stop = own[-1] + 1 if len(self.words) - 1 - own[-1] >= _OTHER_SPEECH_WORDS else len(self.words)
        words = self.words[first:stop]
        if len(words) == len(self.words):
            return self
        return Worded(replace(self.reading, evidence=tuple(word.evidence for word in words), heard=frozenset()), words)

    @property
    def follows(self) -> bool:
        """Whether enough of the words are the article's for it to be a reading of its sentence."""
        return sum(word.is_article for word in self.words) >= LEAST_OWN * len(self.words) > 0


@dataclass(frozen=True)
class Wording:
    """Words readings by the sound and a language; `language` are the general model and the article's, mixed."""

    weighing: Weighing
    judge: Judge
    sound: Callable[[int, int], Window]
    general: NGram
    language: Mixture
    costs: Costs = field(default_factory=Costs)

    def words(self, reading: Reading, heard: Sequence[Word]) -> tuple[SaidWord, ...] | None:
        """The words that were said in a reading, of which `heard` was heard; None if they are those of its sentence.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
        stretch = _Stretch.of(reading, heard, self.weighing)
        if all(slot.is_same for slot in stretch.lattice) or len(stretch.printed) + len(heard) > _MOST_WORDS:
            return None
        start = max(0, min([reading.start_ms, *(word.start_ms for word in heard)]) - _MARGIN_MS)
        end = max([reading.end_ms, *(word.end_ms for word in heard)]) + _MARGIN_MS
        if end - start > _LONGEST_MS:
            return None
        window = self.sound(start, end)
        stretch = stretch.without(self._not_said(stretch, window))
        room = self._room(stretch, start, end)
        mixture = self.language.fitted([self.general.ids(stretch.heard_syllables)])
        scoring = _Scoring(stretch, self.judge, window, self.general, mixture, self.costs, room)
        path = best_path(stretch.lattice, scoring.scores, scoring.bounds)
        path = self._borne_out(path, stretch, window)
        if path == stretch.as_printed:
            return None
        texts = stretch.texts(path)
        if not texts:
            return ()
        (weighed,) = self.judge.weigh(window, [_line(texts)])
        evidence = self.weighing.on_sound(weighed.words)
        return _joined([word.at(own) for word, own in zip(texts, evidence, strict=True)])

    def _not_said(self, stretch: _Stretch, window: Window) -> set[int]:
        """Printed words that are another number than was said: by their place in the stretch."""
        heard = {place for slot in stretch.lattice if slot.is_same for place in slot.article}
        found: set[int] = set()
        for number in numbers_in(stretch.printed, stretch.said):
            if heard.issuperset(number):
                continue
            before, after = stretch.printed[: number.start], stretch.printed[number.stop :]
            others = other_numbers(stretch.printed[number.start : number.stop])
            texts = [" ".join(stretch.printed), *(" ".join((*before, *other, *after)) for other in others)]
            own, *scores = (evidence.gain for evidence in self.judge.weigh(window, texts))
            if own < max(scores) + self.costs.number:
                found.update(number)
        return found

    def _borne_out(self, path: Path, stretch: _Stretch, window: Window) -> Path:
        """A path, as printed again where the sound gains nothing by what is otherwise.

        A decoder hardly minds words that are left out. What the sound gains by a text, over no sound at all, tells: a
        word that was said earns its place.
        """
        departures = stretch.departures(path)
        others = [_with(path, stretch.as_printed, places) for places in departures]
        texts = [_line(stretch.texts(one)) for one in (path, *others)]
        if not departures or not all(texts):
            return path
        earned, *others_earned = (
            sum(word.gain - self.costs.token * word.tokens for word in evidence.words)
            for evidence in self.judge.weigh(window, texts)
        )
        for places, other in zip(departures, others_earned, strict=True):
            if other > earned:
                path = _with(path, stretch.as_printed, places)
        return path

    def _room(self, stretch: _Stretch, start_ms: int, end_ms: int) -> float:
        """For how many syllables more than were heard there is sound, at the speaker's pace."""
        pauses = sum(b - a for a, b in self.weighing.loudness.pauses(start_ms, end_ms))
        sounds_ms = end_ms - start_ms - 2 * _MARGIN_MS - pauses
        return max(0.0, _HASTE * sounds_ms / self.weighing.pace_ms - len(stretch.heard_syllables))


@dataclass(frozen=True)
class _Scoring:
    """Scores the paths of a stretch, each once; there is sound for so many (`room`) syllables more than were heard."""

    stretch: _Stretch
    judge: Judge
    window: Window
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
            self._sounds.update(zip(new, self.judge.scores(self.window, texts), strict=True))
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
        for path, ids, language in zip(new, said, self.language.log_probs_of(said), strict=True):
            self._terms[path] = self.stretch.terms(path, float(language.sum()), len(ids), self.room)

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


@dataclass(frozen=True)
class _Stretch:
    """The printed words of a reading and those heard there, as a lattice."""

    printed: tuple[str, ...]
    said: tuple[Syllables, ...]
    heard: tuple[str, ...]
    spoken: tuple[Syllables, ...]
    lattice: tuple[Slot, ...]

    @classmethod
    def of(cls, reading: Reading, heard: Sequence[Word], weighing: Weighing) -> _Stretch:
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

    def without(self, places: Set[int]) -> _Stretch:
        """The stretch in which some printed words were not said."""
        slots = (replace(slot, is_out=not places.isdisjoint(slot.article)) for slot in self.lattice)
        return replace(self, lattice=tuple(slots))

    @property
    def as_printed(self) -> Path:
        """The path of all words of the sentence and no others."""
        return tuple("article" if slot.article else "none" for slot in self.lattice)

    @property
    def heard_syllables(self) -> list[str]:
        """What was heard, as a language model reads it."""
        return [s for way in self.spoken for s in way]

    def texts(self, path: Path) -> list[_Printed]:
        """The words of a path."""
        found = [word for slot, choice in zip(self.lattice, path, strict=True) for word in self._chosen(slot, choice)]
        return self._with_edges(found)

    def language_words(self, path: Path) -> list[str]:
        """A path as a language model reads it.

        Of two numbers it is not asked which one is likelier: what an article has says nothing of the number that was
        said, and that is the sound's alone to say.
        """
        found: list[str] = []
        for slot, choice in zip(self.lattice, path, strict=True):
            own = [self.said[i] for i in slot.article]
            other = [self.spoken[i] for i in slot.heard]
            if choice == "heard" and own and all(map(is_number, own)) and all(map(is_number, other)):
                choice = "article"
            found += [s for way in {"article": own, "heard": other}.get(choice, []) for s in way]
        return found

    def only_heard(self, path: Path) -> int:
        """How many heard words there are in a path that are not the article's."""
        return sum(len(slot.heard) for slot, choice in zip(self.lattice, path, strict=True) if choice == "heard")

    def count(self, slot: Slot, choice: str) -> int:
        """How many words a choice has."""
        return len(" ".join(word.text for word in self._chosen(slot, choice)).split())

    def _chosen(self, slot: Slot, choice: str) -> list[_Printed]:
        if choice == "article":
            return [_Printed(self.printed[i], True, self.said[i]) for i in slot.article]
        return [_Printed(self.heard[i], False, self.spoken[i]) for i in slot.heard] if choice == "heard" else []

    def terms(self, path: Path, language: float, syllables: int, room: float) -> Terms:
        """What a path is scored by, but for the sound."""
        unheard = max(0.0, self.unheard(path) - room)
        return Terms(language, syllables, unheard, self.only_heard(path), self.likeness(path), path != self.as_printed)

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

    def departures(self, path: Path) -> list[list[int]]:
        """Runs of slots in which a path is not as printed, but for what surely is not said."""
        slots = range(len(path))
        runs = groupby(slots, key=lambda i: path[i] != self.as_printed[i] and not self.lattice[i].is_out)
        return [list(run) for departs, run in runs if departs]

    def likeness(self, path: Path) -> float:
        """How much likelier than chance (nats) the heard words in a path are the article's, misheard."""
        places = zip(self.lattice, path, strict=True)
        return sum(slot.likeness for slot, choice in places if choice == "heard")

    def _with_edges(self, words: list[_Printed]) -> list[_Printed]:
        """The words with the capital and the mark of their sentence where one that was added stands at its edge."""
        if words and not words[0].is_article and self.printed[0][:1].isupper():
            words[0] = replace(words[0], text=words[0].text[:1].upper() + words[0].text[1:])
        mark = self.printed[-1][len(self.printed[-1].rstrip(_MARKS)) :]
        if words and not words[-1].is_article and mark and mark[0] in _ENDS:
            words[-1] = replace(words[-1], text=words[-1].text.rstrip(_MARKS) + mark)
        return words


def _with(path: Path, other: Path, places: Sequence[int]) -> Path:
    """A path that is as another in some places."""
    return tuple(other[i] if i in places else choice for i, choice in enumerate(path))


def _line(words: Sequence[_Printed]) -> str:
    return " ".join(word.text for word in words)


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
    return _joined(found)


def as_aligned(reading: Reading, heard: Sequence[Word], weighing: Weighing) -> tuple[SaidWord, ...]:
    """The words of a reading where no sound can be asked: without those of long runs of which nothing was heard."""
    lattice = _Stretch.of(reading, heard, weighing).lattice
    runs = groupby(lattice, key=lambda slot: not slot.heard)
    unheard = [[reading.first + place for slot in run for place in slot.article] for alone, run in runs if alone]
    left_out = frozenset(place for run in unheard if len(run) >= _LEFT_OUT_WORDS for place in run)
    return as_printed(reading, weighing, left_out)


def _joined(words: Sequence[SaidWord]) -> tuple[SaidWord, ...]:
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
