"""Whether a sentence was said, and which part of it: the evidence of the sound on a candidate.

A candidate comes from the syllables (a visit of the alignment) or from the order of the article (a sentence missing
between two that were found). It becomes a reading only if the sound agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from mediakit.grounding.match import Visit
from mediakit.grounding.reading import PART_FROM, PART_SYLLABLES, PART_WORDS, Reading
from mediakit.grounding.script import Comparison, HeardSyllables, Script
from mediakit.grounding.timing import Loudness, spread
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, Judge, WordEvidence
from mediakit.timeline import LONGEST_WORD_MS

#: A text counts as said from this mean gain (nats a token). Of 117 clips 116 had at least 0.4 for the true text, and
#: none of twelve other texts of fitting length for each (1,404) came over 0.22.
SAID_FROM = 0.3
#: What each token of a longer text must earn over a shorter one, so that an unsaid end is not printed: little where
#: something of fitting length was heard there, much where nothing was.
_TOKEN_COST_WITH_ROOM, _TOKEN_COST = 0.0, 0.8
_ROOM = 0.6
#: What it costs to leave a sentence, or to come into it, in the middle (nats): speakers seldom do.
_BROKEN_OFF = 2.0
#: A reading with less than so many nats a token is compared with what was heard there; with less than this share of its
#: gain it is not what was said. On all pairs of five readings with five articles a near twin of what was said had 0.22
#: (`Sẽ học cách cấm của nước ngoài` for `khả năng ngoại cảm của người nước ngoài`); of 390 that were said one had 0.27,
#: the others from 0.43.
_SURE, _OUTDONE = 1.5, 0.25
#: With less than this share of its syllables heard, a visit is chance: of 657 that the sound bore out 6 had less, of 69
#: that it did not 40. Asking the sound is dear.
_LEAST_PAIRED = 0.15
#: A visit with half of its syllables and so much evidence from these (nats for each that the sentence has) may be the
#: sentence with other words. Of thirteen that were and that the sound did not bear out (two readings of `fosd` clips)
#: five have it, of eleven by chance none.
_LIKELY, _LIKELY_PAIRED = 0.9, 0.5
#: Up to this many syllables at an edge are taken as misheard and not as left out.
_EDGE_SYLLABLES = 2
#: This many heard syllables more than the sentence has between two pairs are speech of its own.
_ADLIB_SYLLABLES = 5
_MARGIN_MS = 250
#: Where a clause ends, a speaker may leave a sentence or come back to it.
_CLAUSE_END = (",", ";", ":", "–", "-", ")")
#: The words before and after those that were heard get this many times their usual time, and the rest of a word.
_ROOMY, _NEAR_PAUSE_MS = 1.3, 1000
#: Milliseconds a syllable where nothing was found to measure it on; read news runs at 4 to 5 syllables a second.
USUAL_PACE_MS = 220.0
#: With fewer syllables than this the pace of a visit is not known.
_PACED_FROM = 6
_SHORTEST_MS, _LONGEST_MS = 200, 28_000

#: Without a judge: what a syllable of the sentence that was not heard costs (nats).
_UNPAIRED = -1.6

Pairs = Sequence[tuple[int, int]]
#: Gives the sound between two times (ms) as a window.
Sound = Callable[[int, int], Window]


@dataclass(frozen=True)
class Weighing:
    """Weighs candidates: by the engine's judgement of the sound or, without a judge, by the syllables alone."""

    said: HeardSyllables
    script: Script
    comparison: Comparison
    loudness: Loudness
    judge: Judge | None = None
    sound: Sound | None = None
    #: The speaker's usual time for a syllable.
    pace_ms: float = USUAL_PACE_MS

    def visit(self, visit: Visit, low_ms: int, high_ms: int) -> list[Reading]:
        """What of the visited sentence was said between two times: nothing, all of it, or one or several parts."""
        readings: list[Reading] = []
        if len(visit.pairs) < min(PART_SYLLABLES, _LEAST_PAIRED * self.script.size(visit.sentence)):
            return []
        parts = _split_at_adlib(visit.pairs)
        for part, pairs in enumerate(parts):
            # Between two parts each keeps to its own side of the speech that parts them.
            low = low_ms if part == 0 else self._time(parts[part - 1][-1])[1]
            high = high_ms if part == len(parts) - 1 else self._time(parts[part + 1][0])[0]
            found = self._best(visit.sentence, pairs, low, high, whole=len(parts) == 1)
            if found is not None and not self._outdone(found):
                readings.append(replace(found, evidence=self.on_sound(found.evidence)))
        return readings

    def doubtful(self, visit: Visit, low_ms: int, high_ms: int) -> Reading | None:
        """The visited sentence, if it is likely by its syllables; its words are where these were heard."""
        size = self.script.size(visit.sentence)
        if visit.score < _LIKELY * size or len(visit.pairs) < _LIKELY_PAIRED * size:
            return None
        words = range(len(self.script.printed[visit.sentence]))
        evidence = self._by_syllables(visit.sentence, words, visit.pairs, low_ms, high_ms).words
        heard = frozenset(self.said.word_of[h] for h, _ in visit.pairs)
        return Reading(visit.sentence, 0, len(words), self.on_sound(evidence), heard, is_doubtful=True)

    def _outdone(self, reading: Reading) -> bool:
        """Whether what was heard there says so much more of the sound that another, similar sentence was said."""
        if self.judge is None or self.sound is None or reading.gain >= _SURE * reading.tokens:
            return False
        heard = " ".join(word.text for word in self.said.words_between(reading.start_ms, reading.end_ms))
        if not heard:
            return False
        start = max(0, reading.start_ms - _MARGIN_MS)
        end = min(max(reading.end_ms + _MARGIN_MS, start + _SHORTEST_MS), start + _LONGEST_MS)
        return reading.gain < _OUTDONE * self.judge.weigh(self.sound(start, end), [heard])[0].gain

    def apart(self, before: Reading, after: Reading) -> tuple[Reading, Reading]:
        """Two readings of which the first ends after the second begins, less what does not earn its place there."""
        shared = [i for i, word in enumerate(before.evidence) if word.start_ms + word.end_ms > 2 * after.start_ms]
        if shared and shared[0] and sum(before.evidence[i].gain for i in shared) <= 0:
            before = before.part(before.first, before.first + shared[0])
        return before, after

    def on_sound(self, evidence: Sequence[WordEvidence]) -> tuple[WordEvidence, ...]:
        """Words with the outer ones next to their neighbours: the model stretches them over what is outside."""
        words = list(evidence)
        for edge, inner in ((0, 1), (-1, -2)):
            word, neighbour = words[edge], words[inner] if len(words) > 1 else words[edge]
            if word.start_ms < word.end_ms:
                start, end = self._next_to(word, (neighbour.start_ms + neighbour.end_ms) // 2, first=edge == 0)
                words[edge] = replace(word, start_ms=start, end_ms=end)
        return tuple(words)

    def _next_to(self, word: WordEvidence, inner_ms: int, *, first: bool) -> tuple[int, int]:
        """The run of sound of an outer word that is nearest to its neighbour, of which the middle is at `inner_ms`.

        A run that no word can fill is speech of its own; the word then shares its neighbour's run.
        """
        start, end = self.loudness.sounds(word.start_ms, word.end_ms)[-1 if first else 0]
        if end - start <= LONGEST_WORD_MS:
            return start, end
        low, high = (word.end_ms, inner_ms) if first else (inner_ms, word.start_ms)
        pauses = self.loudness.pauses(low, high) if low < high else []
        if not pauses:
            return start, end
        edge = pauses[-1][1] if first else pauses[0][0]
        return (edge, (edge + inner_ms) // 2) if first else ((edge + inner_ms) // 2, edge)

    def stretch(self, sentences: Sequence[int], start_ms: int, end_ms: int) -> list[Reading]:
        """Those of `sentences` that the sound between two times may be as a whole; the best first."""
        if not sentences or self.judge is None or self.sound is None:
            return []
        weighed = self._judged([(s, range(len(self.script.printed[s]))) for s in sentences], start_ms, end_ms)
        found = [
            Reading(sentence, 0, len(evidence.words), evidence.words)
            for sentence, evidence in zip(sentences, weighed, strict=True)
            if evidence.mean_gain >= SAID_FROM
        ]
        return sorted(found, key=lambda reading: -reading.gain)

    def _best(self, sentence: int, pairs: Pairs, low_ms: int, high_ms: int, *, whole: bool) -> Reading | None:
        """The part of the sentence around `pairs` that the sound supports most, if it supports any."""
        ranges = self._ranges(sentence, pairs)
        weighed = self._weigh(sentence, ranges, pairs, low_ms, high_ms)
        heard = frozenset(self.said.word_of[h] for h, _ in pairs)
        options = [Reading(sentence, r.start, r.stop, e.words, heard) for r, e in zip(ranges, weighed, strict=True)]
        best = max(options, key=lambda option: self._worth(option, pairs, low_ms, high_ms))
        if whole and len(best.evidence) == len(self.script.printed[sentence]):
            return best if best.tokens and best.gain >= SAID_FROM * best.tokens else None
        enough = len(pairs) >= PART_SYLLABLES and len(best.evidence) >= PART_WORDS
        return best if enough and best.gain >= PART_FROM * best.tokens else None

    def _worth(self, option: Reading, pairs: Pairs, low_ms: int, high_ms: int) -> float:
        """The gain of a reading less what the words it prints beyond those that were paired cost, and inner edges."""
        first, last = self.script.word_of[pairs[0][1]], self.script.word_of[pairs[-1][1]]
        before, after = range(option.first, max(first, option.first)), range(min(last + 1, option.stop), option.stop)
        cost = self._cost(option, before, self.said.heard_ms(low_ms, self._time(pairs[0])[0]), pairs)
        cost += self._cost(option, after, self.said.heard_ms(self._time(pairs[-1])[1], high_ms), pairs)
        broken = (option.first > 0) + (option.stop < len(self.script.printed[option.sentence]))
        return option.gain - cost - _BROKEN_OFF * broken

    def _cost(self, option: Reading, run: range, heard_ms: int, pairs: Pairs) -> float:
        """What a run of its words costs that was not paired, where so much was heard."""
        # At the speaker's pace: the model stretches outer words over what is outside, and leaves unsaid ones no time.
        syllables = sum(map(len, self.script.said(option.sentence)[run.start : run.stop]))
        rate = _TOKEN_COST_WITH_ROOM if heard_ms >= _ROOM * syllables * self._pace(pairs) else _TOKEN_COST
        return rate * sum(word.tokens for word in option.of(run))

    def _ranges(self, sentence: int, pairs: Pairs) -> list[range]:
        """Printed words that may have been said: to the sentence's edges, a clause's, or those of what was paired."""
        script = self.script
        count = len(script.printed[sentence])
        firsts, stops = {0}, {count}
        first, stop = script.word_of[pairs[0][1]], script.word_of[pairs[-1][1]] + 1
        clauses = [i + 1 for i, word in enumerate(script.printed[sentence][:-1]) if word.endswith(_CLAUSE_END)]
        if pairs[0][1] - script.starts[sentence] > _EDGE_SYLLABLES:
            firsts |= {first, *[c for c in clauses if c < first][-1:]}
        if script.ends[sentence] - 1 - pairs[-1][1] > _EDGE_SYLLABLES:
            stops |= {stop, *[c for c in clauses if c > stop][:1]}
        return [range(first, stop) for first in sorted(firsts) for stop in sorted(stops, reverse=True)]

    def _weigh(self, sentence: int, ranges: Sequence[range], pairs: Pairs, low_ms: int, high_ms: int) -> list[Evidence]:
        if self.judge is None or self.sound is None:
            return [self._by_syllables(sentence, words, pairs, low_ms, high_ms) for words in ranges]
        pace = self._pace(pairs)
        before = (pairs[0][1] - self.script.starts[sentence]) * pace
        after = (self.script.ends[sentence] - 1 - pairs[-1][1]) * pace
        start = self._pause_before(int(self._time(pairs[0])[0] - _ROOMY * before), max(0, low_ms))
        end = self._pause_after(int(self._time(pairs[-1])[1] + _ROOMY * after), high_ms)
        if end - start > _LONGEST_MS:
            return [self._in_halves(sentence, words, pairs, start, end) for words in ranges]
        return self._judged([(sentence, words) for words in ranges], start, end)

    def _pause_before(self, ms: int, low_ms: int) -> int:
        """A little before `ms`, or in the pause before it where one is near: a cut word misleads the judge."""
        near = max(low_ms, ms - _NEAR_PAUSE_MS)
        pauses = self.loudness.pauses(near, ms) if near < ms else []
        return max(low_ms, (pauses[-1][1] if pauses else ms) - _MARGIN_MS)

    def _pause_after(self, ms: int, high_ms: int) -> int:
        """A little after `ms`, or in the pause after it where one is near."""
        near = min(high_ms, ms + _NEAR_PAUSE_MS)
        pauses = self.loudness.pauses(ms, near) if ms < near else []
        return min(high_ms, (pauses[0][0] if pauses else ms) + _MARGIN_MS)

    def _judged(self, asked: Sequence[tuple[int, range]], start_ms: int, end_ms: int) -> list[Evidence]:
        """The judge's evidence for words of sentences, each written as the sound supports it most."""
        assert self.judge is not None
        assert self.sound is not None
        written = [(i, texts) for i, one in enumerate(asked) for texts in self.script.renderings(*one)]
        window = self.sound(start_ms, max(end_ms, start_ms + _SHORTEST_MS))
        weighed = self.judge.weigh(window, [" ".join(filter(None, texts)) for _, texts in written])
        found: dict[int, Evidence] = {}
        for (i, texts), evidence in zip(written, weighed, strict=True):
            evidence = _by_printed_word(evidence, texts, window.start_ms)
            # Over all its words the gain is log p(sound | text) - log p(sound): texts of one content compare by it.
            if i not in found or evidence.gain > found[i].gain:
                found[i] = evidence
        return [found[i] for i in range(len(asked))]

    def _in_halves(self, sentence: int, words: range, pairs: Pairs, start_ms: int, end_ms: int) -> Evidence:
        """A sentence longer than a window, cut where a syllable near its middle was heard."""
        middle = min(pairs, key=lambda pair: abs(self._time(pair)[0] - (start_ms + end_ms) // 2))
        cut_ms, cut = self._time(middle)[0], self.script.word_of[middle[1]]
        found: list[WordEvidence] = []
        for part, start, end in (
            (range(words.start, max(cut, words.start)), start_ms, cut_ms),
            (range(max(cut, words.start), words.stop), cut_ms, end_ms),
        ):
            if not part:
                continue
            found += self._judged([(sentence, part)], start, min(end, start + _LONGEST_MS))[0].words
        return Evidence(tuple(found))

    def _by_syllables(self, sentence: int, words: range, pairs: Pairs, low_ms: int, high_ms: int) -> Evidence:
        """The same kind of evidence from the syllables: log odds of the paired ones, a cost for each other one."""
        heard_of = {a: h for h, a in pairs}
        here = [a for a in range(self.script.starts[sentence], self.script.ends[sentence])
                if self.script.word_of[a] in words]  # fmt: skip
        pace = self._pace(pairs)
        first, last = pairs[0][1] - here[0] if here else 0, here[-1] - pairs[-1][1] if here else 0
        start = max(low_ms, int(self._time(pairs[0])[0] - max(0, first) * pace), 0)
        end = max(min(high_ms, int(self._time(pairs[-1])[1] + max(0, last) * pace)), start + len(here))
        known = [self.said.time_of(heard_of[a]) if a in heard_of else None for a in here]
        times = dict(zip(here, spread(known, start, end), strict=True))
        found, at = [], start
        for index in words:
            own = [a for a in here if self.script.word_of[a] == index]
            gain = sum(self.comparison.odds(heard_of[a], a) if a in heard_of else _UNPAIRED for a in own)
            begin, at = (times[own[0]][0], times[own[-1]][1]) if own else (at, at)
            found.append(WordEvidence(begin, at, gain, len(own)))
        return Evidence(tuple(found))

    def _pace(self, pairs: Pairs) -> float:
        """Milliseconds a syllable, within what people can speak."""
        start, end = self._time(pairs[0])[0], self._time(pairs[-1])[1]
        pace = (end - start) / (pairs[-1][1] - pairs[0][1] + 1)
        return min(400.0, max(120.0, pace if len(pairs) >= _PACED_FROM else max(pace, self.pace_ms)))

    def _time(self, pair: tuple[int, int]) -> tuple[int, int]:
        return self.said.time_of(pair[0])


def _by_printed_word(evidence: Evidence, texts: Sequence[str], start_ms: int) -> Evidence:
    """The evidence for texts of any number of words as one item a text."""
    items: list[WordEvidence] = []
    place, at = 0, start_ms
    for text in texts:
        own = evidence.words[place : place + len(text.split())]
        place += len(own)
        begin, at = (own[0].start_ms, own[-1].end_ms) if own else (at, at)
        items.append(WordEvidence(begin, at, sum(w.gain for w in own), sum(w.tokens for w in own)))
    return Evidence(tuple(items))


def _split_at_adlib(pairs: Pairs) -> list[Pairs]:
    """The pairs parted where the speaker said more than the sentence has."""
    parts: list[list[tuple[int, int]]] = [[pairs[0]]]
    for (h, a), (next_h, next_a) in pairwise(pairs):
        if (next_h - h) - (next_a - a) >= _ADLIB_SYLLABLES:
            parts.append([])
        parts[-1].append((next_h, next_a))
    long: list[Pairs] = [part for part in parts if len(part) >= PART_SYLLABLES]
    return long if len(parts) > 1 else [pairs]
