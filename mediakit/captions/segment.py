"""Cutting what is said into captions: the cheapest cut of all, by dynamic programming over the words.

One cost decides everything: where cues end, where their lines break, how fast they must be read and how long they
stand. A cut is the sum of its cues, and what a cue costs depends only on its own words and on when the next word
begins, so that the best cut up to each word is found once and the whole is the optimum.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from mediakit.captions.breaks import Spoken, break_costs, spoken_words
from mediakit.captions.caption import Caption
from mediakit.captions.profile import Profile
from mediakit.captions.timing import cue_times
from mediakit.transcript.segments import Segment

# In the scale of `breaks`, where a break with nothing for or against it is 60.
#: Every cue costs this, so that full cues are better than many.
_CUE = 60.0
#: A break between lines disturbs half as much as one between cues.
_LINE_SHARE = 0.5
#: For each character that the upper line is longer than the lower, and the other way round.
_TOP_HEAVY, _BOTTOM_HEAVY = 0.5, 0.25
#: A sentence that ends inside a cue; less where the line ends with it.
_INNER_SENTENCE, _INNER_SENTENCE_AT_LINE_END = 45.0, 20.0
#: A cue that cannot be read in time, each character too many in it, and each millisecond under the least duration.
_TOO_FAST, _EXCESS_CHAR, _SHORT_MS = 60.0, 5.0, 0.3
#: For each character under `_ORPHAN_CHARS` in a cue that is not whole sentences, and in a part of one at its edge.
_ORPHAN, _ORPHAN_CHARS = 4.0, 16


@dataclass(frozen=True, slots=True)
class Cue:
    """Words `start` up to `end`; the second line begins with word `line`, or there is one line and it is `end`."""

    start: int
    line: int
    end: int


def make_captions(
    segments: Sequence[Segment], profile: Profile, *, duration_ms: int | None = None
) -> tuple[Caption, ...]:
    """The captions of what is said.

    Their words are the words of `segments` in order, none lost, added, moved or cut; a word longer than a line has
    a line of its own. `duration_ms` is the length of the media, beyond which no caption stands (None: unknown).
    """
    words = spoken_words(segments)
    layout = Layout(words, profile)
    cues = layout.best_cut()
    lines = [_lines(words, cue) for cue in cues]
    speech = [(words[cue.start].start_ms, words[cue.end - 1].end_ms) for cue in cues]
    times = cue_times(speech, [len(" ".join(shown)) for shown in lines], profile, duration_ms)
    return tuple(
        Caption(f"c{number}", start_ms, end_ms, shown, _sentences(words, cue))
        for number, (cue, shown, (start_ms, end_ms)) in enumerate(zip(cues, lines, times, strict=True), start=1)
    )


class Layout:
    """The costs of all possible cues over `words`."""

    def __init__(self, words: Sequence[Spoken], profile: Profile) -> None:
        self.words = words
        self.profile = profile
        self.breaks = break_costs(words)
        # Text of words i..j, joined by spaces, has _until[j] - _until[i] - 1 characters.
        self._until = list(accumulate((len(word.text) + 1 for word in words), initial=0))
        self._sentence_ends = list(accumulate((int(word.ends_sentence) for word in words), initial=0))
        self._last_end_before = list(
            accumulate((k + 1 if word.ends_sentence else 0 for k, word in enumerate(words)), max, initial=0)
        )
        self._first_end_after = self._next_sentence_ends()
        self._latest = [0, *(self._latest_end_ms(j) for j in range(1, len(words) + 1))]
        self._after_pause = self._starts_after_pauses()
        self._furthest = self._furthest_line_ends()
        self._earliest = self._earliest_line_starts()

    def best_cut(self) -> list[Cue]:
        """The cues of the cheapest cut, in order."""
        n = len(self.words)
        cheapest = [0.0] + [float("inf")] * n
        last = [Cue(0, 0, 0)] * (n + 1)
        for start in range(n):
            so_far = cheapest[start]
            for end in range(start + 1, n + 1):
                cut = self.cue(start, end)
                if cut is None:
                    break  # nor does any longer cue from here fit
                cost, line = cut
                if so_far + cost < cheapest[end]:
                    cheapest[end] = so_far + cost
                    last[end] = Cue(start, line, end)
        cues: list[Cue] = []
        end = n
        while end:
            cues.append(last[end])
            end = last[end].start
        return cues[::-1]

    def cue(self, start: int, end: int) -> tuple[float, int] | None:
        """Cost and line break of the cue of words `start` up to `end`; None where they cannot be one cue."""
        if end - start > 1 and not self._holds_together(start, end):
            return None
        if end <= self._furthest[start]:
            line_cost, line = 0.0, end
        elif self.profile.max_lines == 2 and self._earliest[end] <= self._furthest[start]:
            line_cost, line = self._line_break(start, end)
        else:
            return None
        return line_cost + self._cue_cost(start, line, end), line

    def _holds_together(self, start: int, end: int) -> bool:
        lasts_ms = self.words[end - 1].end_ms - self.words[start].start_ms
        return start >= self._after_pause[end] and lasts_ms <= self.profile.max_duration_ms

    def _line_break(self, start: int, end: int) -> tuple[float, int]:
        """The cheapest break into two lines that both fit."""
        until, breaks = self._until, self.breaks
        both = until[start] + until[end]
        best, best_line = float("inf"), end
        for line in range(max(start + 1, self._earliest[end]), min(end - 1, self._furthest[start]) + 1):
            heavier = 2 * until[line] - both
            cost = _LINE_SHARE * breaks[line - 1] + (_TOP_HEAVY * heavier if heavier > 0 else -_BOTTOM_HEAVY * heavier)
            if cost < best:
                best, best_line = cost, line
        return best, best_line

    def _cue_cost(self, start: int, line: int, end: int) -> float:
        words, profile, ends = self.words, self.profile, self._sentence_ends
        chars = self._until[end] - self._until[start] - 1
        room_ms = min(self._latest[end] - words[start].start_ms, profile.max_duration_ms)
        cost = _CUE + self.breaks[end - 1]
        if profile.max_chars_per_second is not None:
            excess = chars - (room_ms + profile.max_lead_ms) * profile.max_chars_per_second / 1000
            cost += _TOO_FAST + _EXCESS_CHAR * excess if excess > 0 else 0.0
        cost += _SHORT_MS * max(0, profile.min_duration_ms - room_ms)
        inner = ends[end - 1] - ends[start]
        if inner:
            at_line_end = int(line < end and words[line - 1].ends_sentence)
            cost += _INNER_SENTENCE * (inner - at_line_end) + _INNER_SENTENCE_AT_LINE_END * at_line_end
            cost += self._fragments(start, end)
        if chars < _ORPHAN_CHARS and not (words[end - 1].ends_sentence and self._begins_sentence(start)):
            cost += _ORPHAN * (_ORPHAN_CHARS - chars)
        return cost

    def _fragments(self, start: int, end: int) -> float:
        """For the end of a sentence before, and the beginning of one after, that are too short to be read as one."""
        first, last = self._first_end_after[start], self._last_end_before[end]
        cost = 0.0
        if not self._begins_sentence(start):
            cost += _ORPHAN * max(0, _ORPHAN_CHARS - (self._until[first] - self._until[start]))
        if last < end:
            cost += _ORPHAN * max(0, _ORPHAN_CHARS - (self._until[end] - self._until[last]))
        return cost

    def _begins_sentence(self, k: int) -> bool:
        return k == 0 or self.words[k - 1].ends_sentence

    def _latest_end_ms(self, end: int) -> int:
        """How long a cue that ends with word `end` - 1 may stay for the reader's sake."""
        lingers_ms = self.words[end - 1].end_ms + self.profile.max_linger_ms
        if end == len(self.words):
            return lingers_ms
        return min(lingers_ms, self.words[end].start_ms - self.profile.min_gap_ms)

    def _next_sentence_ends(self) -> list[int]:
        """For each word, the end of the sentence that it is in."""
        ends, end = [0] * len(self.words), len(self.words)
        for k in range(len(self.words) - 1, -1, -1):
            end = k + 1 if self.words[k].ends_sentence else end
            ends[k] = end
        return ends

    def _starts_after_pauses(self) -> list[int]:
        """For each end, the first word after the last long pause before it, or the last change of language."""
        starts, start = [0], 0
        for k, word in enumerate(self.words):
            last = self.words[k - 1] if k else word
            if word.start_ms - last.end_ms >= self.profile.max_pause_ms or word.language != last.language:
                start = k
            starts.append(start)
        return starts

    def _furthest_line_ends(self) -> list[int]:
        """For each word, up to which word a line from it reaches; always itself, however long."""
        furthest, end = [], 0
        for start in range(len(self.words)):
            end = max(end, start + 1)
            while end < len(self.words) and self._fits(start, end + 1):
                end += 1
            furthest.append(end)
        return furthest

    def _earliest_line_starts(self) -> list[int]:
        """For each end, from which word a line up to it can begin."""
        earliest, start = [0], 0
        for end in range(1, len(self.words) + 1):
            while start < end - 1 and not self._fits(start, end):
                start += 1
            earliest.append(start)
        return earliest

    def _fits(self, start: int, end: int) -> bool:
        return self._until[end] - self._until[start] - 1 <= self.profile.max_line_chars


def _lines(words: Sequence[Spoken], cue: Cue) -> tuple[str, ...]:
    spans = ((cue.start, cue.line), (cue.line, cue.end))
    return tuple(" ".join(word.text for word in words[a:b]) for a, b in spans if a < b)


def _sentences(words: Sequence[Spoken], cue: Cue) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.sentence for word in words[cue.start : cue.end] if word.sentence is not None))
