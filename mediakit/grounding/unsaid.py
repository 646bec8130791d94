"""Words that were not said inside a sentence that was: left out, or others said in their place.

A misheard word and one that was not said look alike in what was heard. The sound tells them apart: words that were not
said have no time, and the sound is explained no worse without them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from mediakit.grounding.pairing import paired
from mediakit.grounding.reading import PART_SYLLABLES, PART_WORDS, Reading
from mediakit.grounding.script import HeardSyllables, Script
from mediakit.grounding.timing import FRAME_MS, Loudness
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import spoken

#: Gives the gains (nats) of a reading and of the reading with each of some others in place of a run of its own words.
Gains = Callable[[Reading, range, Sequence[Sequence[str]]], list[float]]

#: Words that cost this much together (nats) are suspected not to have been said; and they were not, if what was clearly
#: heard in their place (or nothing, where nothing was heard) explains the sound this much better. Clearly is a mean
#: probability of the engine: where it guesses, its guess proves nothing against the article.
_SUSPECTED, _BETTER, _CLEARLY = 2.5, 6.0, 0.5
#: Words that fall this far short (nats) of earning this much a token are tried without, where they have less than this
#: share of the time that a syllable of their sentence takes: words that were said and misheard had 0.7 and more of it.
_IDLE_TOKEN_COST, _IDLE, _NARROW = 0.5, 1.5, 0.65
#: A clause of so many words or more of which no word was surely heard is tried without, and with what was heard in its
#: place: that must be worth so much a word (nats), for the engine searched for it in the sound. So must what was
#: clearly heard in place of a costly beginning or end: in 372 sentences said whole it was worth up to 1.9 a word more
#: (2.9 where it was not clear), in 53 broken off up to 6.1, where what followed had been taken in.
_CLAUSE_WORDS, _BETTER_A_WORD = 3, 3.0
#: What each token of such a clause must earn (nats) over the sentence without it: what said texts do at least. In 51
#: sentences made of three clips it was -1.20 to 0.16 where the clip was left out or another was in its place (22 that
#: were asked about), and 1.30 to 2.84 where it was there but misheard (7).
_CLAUSE_TOKEN_COST = 0.3
#: So many words of a clause at the most, beside what was left out of it, are tried without too.
_CLAUSE_EDGE_WORDS = 2
#: Where a clause ends, a speaker may leave a sentence or come back to it.
CLAUSE_END = (",", ";", ":", "–", "-", ")")
#: Without a judge: so many words that cost this much together were left out.
_LEFT_OUT, _LEFT_OUT_WORDS = 5.0, 3
#: A syllable takes at least so long (the fastest speech has 8 to 9 a second, and the model's times are coarse); words
#: that lack so much time together were not said.
_FASTEST_MS, _SQUEEZED_MS = 75, 200
#: What each token at an inner edge of a part must earn (nats), so that it is not printed for its neighbours' sake.
_EDGE_TOKEN_COST = 0.5


@dataclass(frozen=True)
class Unsaid:
    """Takes the words that were not said out of readings; without `gains` (a judge) only long and costly runs."""

    said: HeardSyllables
    script: Script
    loudness: Loudness
    gains: Gains | None

    def parts(self, reading: Reading, certain: set[int]) -> list[Reading]:
        """What is left of a reading; words in `certain` (places in the sentence) were heard as they are printed."""
        found = self._parts(reading, certain)
        if len(found) != 1 or len(found[0].evidence) == len(self.script.printed[reading.sentence]):
            return found
        # Nothing else of its sentence was said here: neither of its edges is beyond doubt.
        alone = _best_run(found[0], first=True, last=True)
        return [alone] if self._stands_alone(alone) else []

    def _parts(self, reading: Reading, certain: set[int]) -> list[Reading]:
        run = self._unsaid_run(reading, certain)
        if run is None:
            return [self.earned(reading)]
        parts = reading.part(reading.first, run.start), reading.part(run.stop, reading.stop)
        return [said for part in parts if part.counts for said in self._parts(part, certain)]

    def _stands_alone(self, part: Reading) -> bool:
        """Whether a part is too long for a phrase that any sentence has, where nothing else of its own is said."""
        syllables = sum(map(len, self.script.said(part.sentence)[part.first : part.stop]))
        return part.counts and len(part.evidence) >= PART_WORDS and syllables >= PART_SYLLABLES

    def _unsaid_run(self, reading: Reading, certain: set[int]) -> range | None:
        """A run of words that was not said, if there is one."""
        for run in self._suspects(reading, certain):
            if self._left_out(reading, run):
                return self._to_clause_ends(reading, run, certain)
        for run in self._doubtful_clauses(reading, certain):
            if self._another_clause(reading, run):
                return run
        for run in _costly_ends(reading):
            if self._far_better_otherwise(reading, run):
                return run
        costly = _costly_run(reading, certain)
        return costly if costly is not None and self._said_otherwise(reading, costly) else None

    def _doubtful_clauses(self, reading: Reading, certain: set[int]) -> list[range]:
        """Clauses of which no word was surely heard, although words of others were."""
        if certain.isdisjoint(range(reading.first, reading.stop)):
            return []
        printed = self.script.printed[reading.sentence]
        ends = [i for i in range(reading.first + 1, reading.stop) if printed[i - 1].endswith(CLAUSE_END)]
        clauses = [range(a, b) for a, b in pairwise([reading.first, *ends, reading.stop])]
        return [c for c in clauses if ends and len(c) >= _CLAUSE_WORDS and certain.isdisjoint(c)]

    def _another_clause(self, reading: Reading, run: range) -> bool:
        """Whether a clause was left out, or something else said in its place."""
        if self.gains is None:
            return False
        heard = self._heard_in(reading, run)
        with_run, without, instead = self.gains(reading, run, [(), [word.text for word in heard]])
        earned = _CLAUSE_TOKEN_COST * sum(word.tokens for word in reading.of(run))
        return without >= with_run - earned or instead >= with_run + _BETTER_A_WORD * len(run)

    def _far_better_otherwise(self, reading: Reading, run: range) -> bool:
        """Whether what was heard in place of words says so much more that those that sound alike do so by chance."""
        heard = self._heard_in(reading, run)
        if self.gains is None or not _is_clear(heard):
            return False
        with_run, instead = self.gains(reading, run, [[word.text for word in heard]])
        return instead >= with_run + _BETTER_A_WORD * len(run)

    def _heard_in(self, reading: Reading, run: range) -> list[Word]:
        own = reading.of(run)
        return self.said.words_between(own[0].start_ms - FRAME_MS, own[-1].end_ms + FRAME_MS)

    def _suspects(self, reading: Reading, certain: set[int]) -> list[range]:
        """Runs of words that may have been left out: one without time for it, one that the sound does not ask for."""
        found = [self._squeezed(reading, certain)]
        idle = _idle_run(reading, certain)
        if idle is not None and self._ms_a_syllable(reading, idle) < _NARROW * self._ms_a_syllable(reading):
            found.append(idle)
        return [run for run in found if run is not None]

    def _ms_a_syllable(self, reading: Reading, run: range | None = None) -> float:
        """How much sound a syllable has in the reading, or in a run of its words, in milliseconds."""
        run = run or range(reading.first, reading.stop)
        size = sum(len(way) for way in self.script.said(reading.sentence)[run.start : run.stop])
        own = reading.of(run)
        start, end = own[0].start_ms, own[-1].end_ms
        return (end - start - sum(b - a for a, b in self.loudness.pauses(start, end))) / max(1, size)

    def earned(self, reading: Reading) -> Reading:
        """The reading without words that the sound does not ask for where its sentence goes on unsaid."""
        goes_on = reading.stop < len(self.script.printed[reading.sentence])
        return _best_run(reading, first=reading.first > 0, last=goes_on)

    def _squeezed(self, reading: Reading, certain: set[int]) -> range | None:
        """The run of uncertain words that the sound leaves least time for, if it is too little to say them."""
        sizes = [len(way) for way in self.script.said(reading.sentence)[reading.first : reading.stop]]
        found, most, first, short = None, _SQUEEZED_MS, 0, 0
        for place, word in enumerate(reading.evidence):
            short += sizes[place] * _FASTEST_MS - (word.end_ms - word.start_ms)
            if reading.first + place in certain or short <= 0:
                first, short = place + 1, 0
            elif short > most:
                found, most = range(first, place + 1), short
        return _widened(reading, found, certain) if found is not None else None

    def _left_out(self, reading: Reading, run: range) -> bool:
        """Whether the sound is explained no worse without a run of words."""
        if self.gains is None:
            return len(run) >= _LEFT_OUT_WORDS and -sum(word.gain for word in reading.of(run)) >= _LEFT_OUT
        with_run, without = self.gains(reading, run, [()])
        return without >= with_run

    def _to_clause_ends(self, reading: Reading, run: range, certain: set[int]) -> range:
        """A run that was left out, or its whole clauses, where the word or two more do not earn their place."""
        printed = self.script.printed[reading.sentence]
        ends = {reading.first, reading.stop, *(i + 1 for i, word in enumerate(printed) if word.endswith(CLAUSE_END))}
        first = max(end for end in ends if end <= run.start)
        stop = min(end for end in ends if end >= run.stop)
        more = [*range(max(first, reading.first), run.start), *range(run.stop, min(stop, reading.stop))]
        if self.gains is None or not 0 < len(more) <= _CLAUSE_EDGE_WORDS or not certain.isdisjoint(more):
            return run
        wider = range(min(run.start, *more), max(run.stop, *(place + 1 for place in more)))
        if len(wider) == len(reading.evidence):
            return run
        with_more, without = (self.gains(reading, words, [()])[1] for words in (run, wider))
        earned = _CLAUSE_TOKEN_COST * sum(reading.evidence[place - reading.first].tokens for place in more)
        return wider if without >= with_more - earned else run

    def _said_otherwise(self, reading: Reading, run: range) -> bool:
        """Whether the sound is explained better by what was heard in place of a run of words, or by nothing there."""
        if self.gains is None:
            return False
        heard = self._heard_in(reading, run)
        if heard and not self._clearly_other(heard, reading.sentence, run):
            return False
        with_run, instead = self.gains(reading, run, [[word.text for word in heard]])
        return instead >= with_run + _BETTER

    def _clearly_other(self, heard: Sequence[Word], sentence: int, run: range) -> bool:
        """Whether what was heard is certain enough, and does not sound like the printed words of the run."""
        if not _is_clear(heard):
            return False
        said = [s for way in self.script.said(sentence)[run.start : run.stop] for s in way]
        return paired([s for word in heard for s in spoken(word.text)], said)[0] <= 0


def _is_clear(heard: Sequence[Word]) -> bool:
    return bool(heard) and sum(word.score for word in heard) >= _CLEARLY * len(heard)


def _best_run(reading: Reading, *, first: bool, last: bool) -> Reading:
    """The reading without words at its first and last edge, where that is asked for, that do not earn their place."""
    worth = [word.gain - _EDGE_TOKEN_COST * word.tokens for word in reading.evidence]
    sums = [0.0, *accumulate(worth)]
    stop = max(range(1, len(sums)), key=sums.__getitem__) if last else len(worth)
    start = min(range(stop), key=sums.__getitem__) if first else 0
    return reading.part(reading.first + start, reading.first + stop)


def _costly_run(reading: Reading, certain: set[int]) -> range | None:
    """The run of words, none of them certain, that costs most, if it costs enough to be suspected."""
    return _worst_run(reading, certain, 0.0, _SUSPECTED)


def _costly_ends(reading: Reading) -> list[range]:
    """The beginning and the end, of some words and not all, that cost enough to be suspected, and each the most.

    A speaker who leaves a sentence says something else. Some of that sounds like the rest of it, by chance; so these
    are suspected whether or not words of them were heard.
    """
    costs = [-word.gain for word in reading.evidence]
    to, back = list(accumulate(costs)), list(accumulate(reversed(costs)))
    first, last = (max(range(len(costs)), key=sums.__getitem__) + 1 for sums in (to, back))
    ends = [(range(reading.first, reading.first + first), to), (range(reading.stop - last, reading.stop), back)]
    return [run for run, sums in ends if _CLAUSE_WORDS <= len(run) < len(costs) and sums[len(run) - 1] >= _SUSPECTED]


def _idle_run(reading: Reading, certain: set[int]) -> range | None:
    """The run of two words or more, none of them certain, that earns least, if it earns less than words do.

    None at an edge: a text without its end is always as probable.
    """
    outer = certain | {reading.first, reading.stop - 1}
    run = _worst_run(reading, outer, _IDLE_TOKEN_COST, _IDLE)
    return run if run is not None and len(run) > 1 else None


def _worst_run(reading: Reading, certain: set[int], token_cost: float, least: float) -> range | None:
    """The run of uncertain words whose gain falls furthest short of `token_cost` a token, if by `least` nats."""
    worst, cost, first, total = None, least, reading.first, 0.0
    for index, word in enumerate(reading.evidence, start=reading.first):
        total += token_cost * word.tokens - word.gain
        if index in certain or total <= 0:
            first, total = index + 1, 0.0
        elif total >= cost:
            worst, cost = range(first, index + 1), total
    return worst


def _widened(reading: Reading, run: range, certain: set[int]) -> range:
    """A run of places in the reading as words of the sentence, with uncertain neighbours that earn nothing either."""
    first, stop = run.start, run.stop

    def idle(place: int) -> bool:
        word = reading.evidence[place]
        return reading.first + place not in certain and word.gain < _EDGE_TOKEN_COST * word.tokens

    while first and idle(first - 1):
        first -= 1
    while stop < len(reading.evidence) and idle(stop):
        stop += 1
    return range(reading.first + first, reading.first + stop)
