"""Sentences that were said but misheard beyond recognition: found by where they must lie, if the sound agrees.

Between two readings lies speech that nothing explains yet. The article's order says which sentences it may be; the
pauses say where one may begin and end; how fast the speaker reads says which fits; the sound decides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mediakit.grounding.reading import Reading, Weighing

#: Sounds are parted by quiet of this many frames of 10 ms.
_PAUSE_FRAMES = 12
_SHORTEST_SOUND_MS = 120
_LONGEST_MS = 25_000
#: A sentence may take this many times longer or shorter than at the speaker's usual pace.
_PACE_RANGE = 1.8
#: How many sentences after the last found and before the next found are tried, and how many stretches of sound.
_NEAR, _TRIED = 4, 12
_MARGIN_MS = 120


@dataclass(frozen=True)
class Search:
    """Looks for missing sentences between found ones. `pace_ms` is the speaker's usual time for a syllable."""

    weighing: Weighing
    pace_ms: float

    def between(self, before: Reading | None, after: Reading | None, read: set[int], end_ms: int) -> list[Reading]:
        """Readings in the sound between two readings (or an end of the media), in order."""
        low = before.end_ms if before else 0
        high = after.start_ms if after else end_ms
        candidates = self._candidates(before, after, read)
        return self._search(candidates, low, high) if candidates else []

    def _candidates(self, before: Reading | None, after: Reading | None, read: set[int]) -> list[int]:
        """Sentences not yet found that the article's order allows here, in order."""
        count = len(self.weighing.script.sentences)
        first = before.sentence + 1 if before else 0
        last = after.sentence if after else count
        following = range(first, min(first + _NEAR, count if last < first else last))
        preceding = range(max(last - _NEAR, 0 if last < first else first), last)
        if before is None and after is None:
            return []
        if before is None:
            following = range(0)
        if after is None:
            preceding = range(0)
        return sorted({*following, *preceding} - read)

    def _search(self, candidates: Sequence[int], low_ms: int, high_ms: int) -> list[Reading]:
        sounds = self.weighing.loudness.runs(low_ms, high_ms, least_ms=_SHORTEST_SOUND_MS, least_frames=_PAUSE_FRAMES)
        best: Reading | None = None
        for (start, end), sentences in self._trials(candidates, sounds):
            window = max(low_ms, start - _MARGIN_MS), min(high_ms, end + _MARGIN_MS)
            for reading in self.weighing.stretch(sentences, *window)[:1]:
                if best is None or reading.gain > best.gain:
                    best = _within(reading, start, end)
        if best is None:
            return []
        parts = self.weighing.said_parts(best, ())
        left = [s for s in candidates if s < best.sentence]
        right = [s for s in candidates if s > best.sentence]
        return [
            *(self._search(left, low_ms, best.start_ms) if left else []),
            *parts,
            *(self._search(right, best.end_ms, high_ms) if right else []),
        ]

    def _trials(
        self, candidates: Sequence[int], sounds: Sequence[tuple[int, int]]
    ) -> list[tuple[tuple[int, int], list[int]]]:
        """Stretches of sound with the sentences that fit them at about the speaker's pace; the best fits only."""
        fits: list[tuple[float, tuple[int, int], int]] = []
        for i, (start, _) in enumerate(sounds):
            for _, end in sounds[i:]:
                if end - start > _LONGEST_MS:
                    break
                for sentence in candidates:
                    off = abs(math.log((end - start) / (self.weighing.script.size(sentence) * self.pace_ms)))
                    if off < math.log(_PACE_RANGE):
                        fits.append((off, (start, end), sentence))
        trials: dict[tuple[int, int], list[int]] = {}
        for _, span, sentence in sorted(fits)[: _TRIED * 2]:
            if span in trials or len(trials) < _TRIED:
                trials.setdefault(span, []).append(sentence)
        return sorted(trials.items())


def _within(reading: Reading, start_ms: int, end_ms: int) -> Reading:
    """The reading with its edges on the stretch of sound: the model times only what lies inside."""
    words = list(reading.evidence)
    words[0] = replace(words[0], start_ms=min(start_ms, words[0].end_ms))
    words[-1] = replace(words[-1], end_ms=max(end_ms, words[-1].start_ms))
    return replace(reading, evidence=tuple(words))
