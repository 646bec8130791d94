"""Sentences that were said but misheard beyond recognition: found by where they must lie, if the sound agrees.

Between two readings lies speech that nothing explains yet. The article's order says which sentences it may be; the
pauses say where one may begin and end; how fast the speaker reads says which fits; the sound decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from mediakit.grounding.pairing import paired
from mediakit.grounding.reading import Reading
from mediakit.grounding.weighing import Weighing
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.spoken import spoken

#: Sounds are parted by quiet of this many frames of 10 ms.
_PAUSE_FRAMES = 12
_SHORTEST_SOUND_MS = 120
_LONGEST_MS = 25_000
#: A sentence may take this many times longer or shorter than at the speaker's usual pace; a sentence that takes e^0.25
#: times as long is one standard deviation off, which counts in nats against what it gains.
_PACE_RANGE, _PACE_SPREAD = 1.8, 0.25
#: How many sentences after the last found and before the next found are tried, and on how many stretches of sound:
#: so many, and one more for each so many milliseconds of it.
_NEAR, _TRIED, _MS_A_TRIAL = 4, 4, 1500
#: A sentence between two that were said was more likely said than left out: what that counts (nats).
_LIKELY = 3.0
#: What it counts for the choice of trials that a syllable was heard alike (nats): little, for it was misheard.
_HEARD_COUNTS = 2.0
_MARGIN_MS = 120
#: Where words were heard with this mean score, a sentence must gain so much a token (nats). Of 36 misheard ones one
#: had a higher score and gained 2.1; two that were not said had 0.66 and 0.85 and gained under 1.
_CLEAR, _AGAINST_CLEAR = 0.6, 1.5
#: So much a token must a sentence gain at the least, that is found by its place alone (nats): of 117 clips 116 had more
#: for their own text. On a processor without AVX-512, where sums are others, a text that was not said had 0.301.
_LEAST_GAIN = 0.4
#: What each word that was so heard, and that the sentence does not have, counts against the stretch (nats): a third of
#: what a token gains that was said. A misheard sentence of a reading had 27.4 nats on its own sound, and 32.9 on that
#: and the next sentence's together, which was heard all but one word, and was then nowhere.
_TAKEN = 1.0

Stretch = tuple[int, int]


@dataclass(frozen=True)
class _Fit:
    """A sentence (the place among the candidates) on a stretch of sound.

    `off` is how badly it fits, in nats: its pace, and what was surely heard there and is not of it.
    """

    stretch: Stretch
    place: int
    off: float


@dataclass(frozen=True)
class Gap:
    """The sound between two readings; None stands for the beginning or end of the media, `end_ms` is its length."""

    before: Reading | None
    after: Reading | None
    end_ms: int


@dataclass(frozen=True)
class Search:
    """Looks for missing sentences between found ones."""

    weighing: Weighing

    def within(self, gap: Gap, read: Set[int]) -> list[Reading]:
        """Readings in a gap, in order; `read` are the sentences that were found anywhere."""
        candidates = self.candidates(gap, read)
        low = gap.before.end_ms if gap.before else 0
        high = gap.after.start_ms if gap.after else gap.end_ms
        return self._search(candidates, low, high) if candidates else []

    def candidates(self, gap: Gap, read: Set[int]) -> list[int]:
        """Sentences not yet found that may lie in a gap, in the order in which they would be said."""
        count = len(self.weighing.script.sentences)
        if gap.before is None and gap.after is None:
            return []
        first = gap.before.sentence + 1 if gap.before else 0
        last = gap.after.sentence if gap.after else count
        jump = last < first
        following = range(first, min(first + _NEAR, count if jump else last)) if gap.before else range(0)
        preceding = range(max(last - _NEAR, 0 if jump else first), last) if gap.after else range(0)
        # One that was found elsewhere may be said again, where it comes just before or after one that was.
        again = {*following[:1], *preceding[-1:]}
        return [s for s in dict.fromkeys((*following, *preceding)) if s not in read or s in again]

    def _search(self, candidates: Sequence[int], low_ms: int, high_ms: int) -> list[Reading]:
        """The sentences that together gain most, and then those around them that were not tried at first."""
        found = self._best_row(candidates, low_ms, high_ms)
        if not found:
            return []
        result: list[Reading] = []
        edges = [low_ms, *(edge for _, reading in found for edge in (reading.start_ms, reading.end_ms)), high_ms]
        places = [-1, *(place for place, _ in found), len(candidates)]
        for i in range(len(found) + 1):
            if left := candidates[places[i] + 1 : places[i + 1]]:
                result += self._search(left, edges[2 * i], edges[2 * i + 1])
            if i < len(found):
                result.append(found[i][1])
        return result

    def _best_row(self, candidates: Sequence[int], low_ms: int, high_ms: int) -> list[tuple[int, Reading]]:
        """Readings in order of time and of the candidates, with the candidates' places, of the greatest sum of worths.

        Weighted interval scheduling: one sentence on a long stretch loses against two that share it.
        """
        weighed = sorted(self._weighed(candidates, low_ms, high_ms), key=lambda item: item[0].stretch[1])
        best: list[tuple[float, list[tuple[int, Reading]]]] = []
        for fit, reading in weighed:
            worth, row = reading.gain - fit.off + _LIKELY, [(fit.place, reading)]
            before = [
                one
                for one, (other, _) in zip(best, weighed, strict=False)
                if other.stretch[1] <= fit.stretch[0] and other.place < fit.place
            ]
            if before:
                head = max(before, key=lambda one: one[0])
                if head[0] > 0:
                    worth, row = worth + head[0], [*head[1], *row]
            best.append((worth, row))
        top = max(best, key=lambda one: one[0], default=(0.0, []))
        return top[1] if top[0] > 0 else []

    def _weighed(self, candidates: Sequence[int], low_ms: int, high_ms: int) -> list[tuple[_Fit, Reading]]:
        """What the sound supports of the trials, each with its edges on its stretch of sound."""
        found: list[tuple[_Fit, Reading]] = []
        for stretch, fits in self._trials(candidates, low_ms, high_ms).items():
            if self._is_foreign(*stretch):
                continue
            window = max(low_ms, stretch[0] - _MARGIN_MS), min(high_ms, stretch[1] + _MARGIN_MS)
            by_sentence = {candidates[fit.place]: fit for fit in fits}
            clear = self._clearly_heard(*stretch)
            for reading in self.weighing.stretch(list(by_sentence), *window):
                if reading.gain >= (_AGAINST_CLEAR if clear else _LEAST_GAIN) * reading.tokens:
                    found.append((by_sentence[reading.sentence], _within(reading, *stretch)))
        return found

    def _is_foreign(self, start_ms: int, end_ms: int) -> bool:
        """Whether another language was heard there: then that is no sentence of the article, however it sounds."""
        languages = self.weighing.said.languages
        return any(word in languages for word in self.weighing.said.words_between(start_ms, end_ms))

    def _clearly_heard(self, start_ms: int, end_ms: int) -> bool:
        """Whether the engine was sure of what it heard: then that is no misheard sentence, but another."""
        words = self.weighing.said.words_between(start_ms, end_ms)
        return bool(words) and sum(word.score for word in words) >= _CLEAR * len(words)

    def _trials(self, candidates: Sequence[int], low_ms: int, high_ms: int) -> dict[Stretch, list[_Fit]]:
        """Stretches of sound, in order, with the sentences that fit them at about the speaker's pace; the best fits."""
        sounds = self.weighing.loudness.runs(low_ms, high_ms, least_ms=_SHORTEST_SOUND_MS, least_frames=_PAUSE_FRAMES)
        sure = [self._surely_heard(*sound) for sound in sounds]
        others = [self._not_of(sentence, sure) for sentence in candidates]
        fits: list[tuple[float, _Fit]] = []
        for i, (start, _) in enumerate(sounds):
            for j, (_, end) in enumerate(sounds[i:], start=i + 1):
                if end - start > _LONGEST_MS:
                    break
                heard = self.weighing.said.syllables_between(start, end)
                for place, sentence in enumerate(candidates):
                    ratio = math.log((end - start) / (self.weighing.script.size(sentence) * self.weighing.pace_ms))
                    if abs(ratio) < math.log(_PACE_RANGE):
                        taken = _TAKEN * sum(others[place][i:j])
                        fit = _Fit((start, end), place, (ratio / _PACE_SPREAD) ** 2 / 2 + taken)
                        fits.append((fit.off - _HEARD_COUNTS * self._alike(heard, sentence), fit))
        most = _TRIED + sum(end - start for start, end in sounds) // _MS_A_TRIAL
        trials: dict[Stretch, list[_Fit]] = {}
        for _, fit in sorted(fits, key=lambda item: item[0])[: 2 * most]:
            if fit.stretch in trials or len(trials) < most:
                trials.setdefault(fit.stretch, []).append(fit)
        return dict(sorted(trials.items()))

    def _surely_heard(self, start_ms: int, end_ms: int) -> list[Syllables]:
        """The syllables of each word between two times, if the engine was sure there; else none."""
        if not self._clearly_heard(start_ms, end_ms):
            return []
        return [spoken(word.text) for word in self.weighing.said.words_between(start_ms, end_ms)]

    def _not_of(self, sentence: int, heard: Sequence[Sequence[Syllables]]) -> list[int]:
        """For each sound how many of its words a sentence does not have."""
        own = {s for word in self.weighing.script.said(sentence) for s in word}
        return [sum(map(own.isdisjoint, words)) for words in heard]

    def _alike(self, heard: Sequence[str], sentence: int) -> float:
        """How like the sentence what was heard is, in nats a syllable; 0 where nothing was heard."""
        syllables = [s for word in self.weighing.script.said(sentence) for s in word]
        return paired(heard, syllables)[0] / len(syllables) if heard else 0.0


def _within(reading: Reading, start_ms: int, end_ms: int) -> Reading:
    """The reading with its edges on the stretch of sound: the model times only what lies inside."""
    words = list(reading.evidence)
    words[0] = replace(words[0], start_ms=min(start_ms, words[0].end_ms))
    words[-1] = replace(words[-1], end_ms=max(end_ms, words[-1].start_ms))
    return replace(reading, evidence=tuple(words))
