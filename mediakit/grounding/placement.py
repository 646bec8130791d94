"""Which sentences of the article are said, and where: one Viterbi search over what the CTC head hears.

The article is a graph of its words, each spelt in the sounds of every way in which it may be said; free speech is the
best sounds of each frame, and costs so much a sound. Any sentence may be visited at any time, once, several times or
never. In it words may be left out and others said between. Going on in the article's order costs less than leaving out
a passage, and that less than going back. So it is alignment with skips as Kaldi's `segment_long_utterances` does it
(Manohar et al. 2017), and the path that is found is the best of all.

What is passed on from frame to frame is a token for each state (Young et al. 1989): where the visit began. Frames that
are blank beyond doubt are left out (Chen et al. 2016). Of a very long article each part of the speech is compared with
the sentences that share sounds with it, and those near these (:mod:`mediakit.grounding.shortlist`).

Pure: knows units of sound, words and sentences, nothing of spelling or of files.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mediakit.grounding.witness import gains
from mediakit.search.costs import Costs
from mediakit.speech.ctc.frames import FRAME_MS, Frames

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
#: A sentence's words, each by all the ways in which it may be said: as the numbers of its units.
Spelt = Sequence[Sequence[Sequence[int]]]
#: Gives the sentences that may be said from one frame up to another, in the article's order.
Shortlisted = Callable[[int, int], Indices]

_NEVER = -1e9
#: Far more than any score, so that what is left out in one sentence reaches no other.
_APART = 1e6
#: So many frames are searched among the same sentences.
_BLOCK = 1000
_BETTER = 1e-9
#: Units of a syllable, about; and how long it takes to say one, of so many at the edge of a visit.
_UNITS, _SYLLABLE_MS, _MOST = 3, 220, 4
#: With more between two sounds there is a pause.
_PAUSE_MS = 350


@dataclass(frozen=True, slots=True)
class Visit:
    """A sentence that is said between two times, and what it cost (nats) to look for it there.

    The times are those of words that were found; others, of which the sound says little, may be said before and after
    these, but not before `after_ms` or after `before_ms`, where another visit has words.
    """

    sentence: int
    start_ms: int
    end_ms: int
    cost: float
    after_ms: int
    before_ms: int


@dataclass(frozen=True, slots=True, eq=False)
class _Graph:
    """Words as arcs from one boundary to the next, in the units of one way of saying each.

    Arcs are in the order of the boundaries that they end in. `left` counts the syllables before a boundary that cost
    something if they are left out, `word` the printed words; `sentence`, `begin` and `end` tie boundaries to sentences.
    """

    units: Indices
    first: Indices
    last: Indices
    origin: Indices
    target: Indices
    #: Arcs that end in one boundary: where each group of them begins, and the group of each arc.
    groups: Indices
    group: Indices
    sentence: Indices
    word: Indices
    left: Floats
    begin: Indices
    end: Indices
    #: Where the units of each sentence begin, and those of none.
    own_units: Indices
    #: The numbers of the sentences in the article.
    sentences: Indices

    @classmethod
    def of(cls, sentences: Sequence[Spelt], chosen: Indices) -> _Graph:
        """The graph of some sentences, by their numbers."""
        units: list[int] = []
        arcs: list[tuple[int, int, int]] = []
        boundaries: list[tuple[int, int, float]] = []
        edges: list[tuple[int, int]] = []
        own_units: list[int] = []
        for place, number in enumerate(chosen):
            begin, left = len(boundaries), 0.0
            own_units.append(len(units))
            boundaries.append((place, 0, left))
            for word, ways in enumerate(sentences[number]):
                if not any(ways):
                    continue
                for way in filter(None, ways):
                    arcs.append((len(units), len(units) + len(way) - 1, len(boundaries)))
                    units += way
                left += 0.0 if () in ways or [] in ways else min(map(len, ways)) / 4
                boundaries.append((place, word + 1, left))
            edges.append((begin, len(boundaries) - 1))
        first, last, target = (np.array(column, np.intp) for column in zip(*arcs, strict=True))
        groups = np.flatnonzero(np.diff(target, prepend=-1))
        sentence, word_of, lefts = zip(*boundaries, strict=True)
        begins, ends = zip(*edges, strict=True)
        return cls(
            np.array(units, np.intp),
            first,
            last,
            target - 1,
            target,
            groups,
            np.repeat(np.arange(len(groups)), np.diff(groups, append=len(target))),
            np.array(sentence, np.intp),
            np.array(word_of, np.intp),
            np.array(lefts),
            np.array(begins, np.intp),
            np.array(ends, np.intp),
            np.array([*own_units, len(units)], np.intp),
            np.asarray(chosen, np.intp),
        )


@dataclass(slots=True)
class _States:
    """Scores (nats) of all states after a frame, and the tokens of the visits that each is in.

    `unit` is in a unit of an arc, `blank` after it in the arc, `boundary` between words, where anything may be said.
    """

    unit: Floats
    blank: Floats
    boundary: Floats
    unit_token: Indices
    blank_token: Indices
    boundary_token: Indices

    @classmethod
    def none(cls, graph: _Graph) -> _States:
        counts = (len(graph.units), len(graph.units), len(graph.word))
        return cls(*(np.full(n, _NEVER) for n in counts), *(np.zeros(n, np.intp) for n in counts))


@dataclass(frozen=True, slots=True)
class _Ended:
    """A visit that ended in a frame with a better score than all to its sentence before."""

    frame: int
    token: int
    stop: int
    score: float


def place(frames: Frames, sentences: Sequence[Spelt], costs: Costs, shortlisted: Shortlisted) -> list[Visit]:
    """The visits of the best path, in order of time; none where nothing of the article is said."""
    if not sentences:
        return []
    search = _Search(frames, sentences, costs)
    graph, states = None, None
    for first in range(0, len(frames), _BLOCK):
        stop = min(first + _BLOCK, len(frames))
        chosen = shortlisted(first, stop)
        if graph is None or states is None:
            graph = _Graph.of(sentences, chosen)
            states = _States.none(graph)
        elif not np.array_equal(chosen, graph.sentences):
            before, graph = graph, _Graph.of(sentences, chosen)
            states = _carried(states, before, graph)
        search.block(first, stop, graph, states)
    if graph is not None and states is not None:
        search.ended(len(frames), graph, states)
    return search.visits()


def _carried(states: _States, before: _Graph, graph: _Graph) -> _States:
    """The states of those sentences that are searched on."""
    found = _States.none(graph)
    places = {int(number): place for place, number in enumerate(before.sentences)}
    for new, number in enumerate(graph.sentences):
        if (old := places.get(int(number))) is None:
            continue
        units = slice(*graph.own_units[new : new + 2]), slice(*before.own_units[old : old + 2])
        words = slice(graph.begin[new], graph.end[new] + 1), slice(before.begin[old], before.end[old] + 1)
        for name, (to, since) in (("unit", units), ("blank", units), ("boundary", words)):
            getattr(found, name)[to] = getattr(states, name)[since]
            getattr(found, f"{name}_token")[to] = getattr(states, f"{name}_token")[since]
    return found


def least_worth(sentences: int, sounds: int) -> float:
    """What a path must gain (nats) to tell which sentence was said, from which sound to which.

    Of many sentences one is a little like some speech or other.
    """
    return math.log(max(1, sentences) * max(1, sounds) ** 2)


class _Search:
    """The search, and what it found so far."""

    def __init__(self, frames: Frames, sentences: Sequence[Spelt], costs: Costs) -> None:
        self._frames, self._sentences, self._costs = frames, sentences, costs
        #: The best score with each sentence as the one that was visited last, and the visits that it had that by.
        self._last = np.full(len(sentences), _NEVER)
        self._ended: list[list[_Ended]] = [[] for _ in sentences]
        self._onsets: list[int] = frames.times[frames.begins(0, len(frames))].tolist() if len(frames) else []
        self._words = 1 + max((len(sentence) for sentence in sentences), default=0)

    def block(self, first: int, stop: int, graph: _Graph, x: _States) -> None:
        """Go through some frames."""
        found = gains(self._frames, self._costs, first, stop)
        # Who is between two words when a frame begins has let the sound of the one before go by.
        passed = np.concatenate(([False], self._frames.begins(first, stop)[:-1]))
        passed[0] = first > 0 and self._frames.begins(first - 1, first)[0]
        offsets = self._costs.left_out * graph.left + _APART * graph.sentence
        places = np.arange(len(graph.word))
        begun_inside = np.minimum(self._costs.left_out * graph.left, self._costs.broken_off)
        since, since_token = np.empty(len(graph.units)), np.empty(len(graph.units), np.intp)
        for frame, row in enumerate(found, start=first):
            if passed[frame - first]:
                x.boundary -= self._costs.added_sound
            if self.ended(frame, graph, x) or frame == first:
                entered_with = self._entries()[graph.sentences][graph.sentence] - begun_inside
            # Sentences that begin here, and words that are left out.
            open_, token = x.boundary.copy(), x.boundary_token.copy()
            begins = entered_with > open_
            open_[begins], token[begins] = entered_with[begins], frame * self._words
            reach = open_ + offsets
            most = np.maximum.accumulate(reach)
            source = np.maximum.accumulate(np.where(reach >= most, places, 0))
            open_, token = most - offsets, token[source]
            # Words that begin here, and go on.
            before, before_token = np.maximum(x.unit, x.blank), np.where(x.blank > x.unit, x.blank_token, x.unit_token)
            entered = token[graph.origin]
            entered = np.where(entered == frame * self._words, entered + graph.word[graph.origin], entered)
            since[1:], since_token[1:] = before[:-1], before_token[:-1]
            since[graph.first], since_token[graph.first] = open_[graph.origin], entered
            x.blank, x.blank_token = before + row[0], before_token
            moves = since > x.unit
            x.unit_token = np.where(moves, since_token, x.unit_token)
            x.unit = np.where(moves, since, x.unit) + row[graph.units]

    def _entries(self) -> Floats:
        """The score with which each sentence can be entered."""
        before = np.concatenate(([0.0], self._last))
        onward = before[:-1] - self._costs.onward
        passage = np.maximum.accumulate(before)[:-1] - self._costs.passage
        found: Floats = np.maximum(np.maximum(onward, passage), before.max() - self._costs.jump)
        return found

    def ended(self, frame: int, graph: _Graph, x: _States) -> bool:
        """Let words end before a frame, and note the visits that end there better than any before; whether any does."""
        last, ends = x.unit[graph.last], graph.target[graph.groups]
        best = np.maximum.reduceat(last, graph.groups)
        winners = np.flatnonzero(last == best[graph.group])[::-1]
        tokens = np.empty(len(ends), np.intp)
        tokens[graph.group[winners]] = x.unit_token[graph.last[winners]]
        better = best > x.boundary[ends]
        x.boundary[ends[better]] = best[better]
        x.boundary_token[ends[better]] = tokens[better]
        left_after = graph.left[graph.end][graph.sentence] - graph.left
        reach = x.boundary - np.minimum(self._costs.left_out * left_after, self._costs.broken_off)
        scores = np.maximum.reduceat(reach, graph.begin)
        found = np.flatnonzero((scores > self._last[graph.sentences] + _BETTER) & (scores > _NEVER / 2))
        for place in found:
            sentence, begin = int(graph.sentences[place]), int(graph.begin[place])
            source = begin + int(np.argmax(reach[begin : graph.end[place] + 1]))
            token, score = int(x.boundary_token[source]), float(scores[place])
            self._ended[sentence].append(_Ended(frame, token, int(graph.word[source]), score))
            self._last[sentence] = score
        return len(found) > 0

    def visits(self) -> list[Visit]:
        """The visits of the best path."""
        found: list[Visit] = []
        frame, sentence = len(self._frames), int(np.argmax(self._last)) if len(self._last) else -1
        if sentence < 0 or self._last[sentence] <= least_worth(len(self._last), len(self._onsets)):
            return []
        before_ms = int(self._frames.times[-1]) + FRAME_MS
        while sentence >= 0:
            ended = self._ended_before(sentence, frame)
            assert ended is not None, "what was visited last has a visit that ended"
            frame, first = divmod(ended.token, self._words)
            cost, source = self._source(sentence, frame)
            start, end = int(self._frames.times[frame]), int(self._frames.times[ended.frame - 1]) + FRAME_MS
            left_before, left_after = self._left_out(sentence, first, ended.stop)
            if found:
                found[-1] = replace(found[-1], after_ms=end, start_ms=max(end, found[-1].start_ms))
            low, high = self._around(start, end, left_before * _SYLLABLE_MS, left_after * _SYLLABLE_MS)
            found.append(Visit(sentence, low, min(before_ms, high), cost, 0, before_ms))
            sentence, before_ms = source, start
        return found[::-1]

    def _around(self, start_ms: int, end_ms: int, before_ms: int, after_ms: int) -> tuple[int, int]:
        """Two times with so much before and after them as is said without a pause."""
        onsets = self._onsets
        first, last = (bisect_left(onsets, time) for time in (start_ms, end_ms))
        low, high = start_ms, end_ms
        while first and low - onsets[first - 1] <= _PAUSE_MS and start_ms - onsets[first - 1] < before_ms:
            first, low = first - 1, onsets[first - 1]
        while last < len(onsets) and onsets[last] - high <= _PAUSE_MS and onsets[last] - end_ms < after_ms:
            last, high = last + 1, onsets[last] + FRAME_MS
        return low, high

    def _left_out(self, sentence: int, first: int, stop: int) -> tuple[int, int]:
        """How many syllables before and after some words may have been said all the same."""
        ways = self._sentences[sentence]
        sizes = [max(map(len, own), default=0) // _UNITS for own in ways]
        return min(_MOST, sum(sizes[:first])), min(_MOST, sum(sizes[stop:]))

    def _ended_before(self, sentence: int, frame: int) -> _Ended | None:
        ended = self._ended[sentence]
        place = bisect_right(ended, frame, key=lambda one: one.frame)
        return ended[place - 1] if place else None

    def _source(self, sentence: int, frame: int) -> tuple[float, int]:
        """What it cost to enter a sentence in a frame, and from which one; -1 where it was the first."""
        first = self._costs.passage if sentence else self._costs.onward
        ways = [(-first, -1, first)]
        for other in range(len(self._ended)):
            if (ended := self._ended_before(other, frame)) is not None:
                cost = self._costs.jump if other >= sentence else self._costs.passage
                cost = self._costs.onward if other == sentence - 1 else min(cost, self._costs.jump)
                ways.append((ended.score - cost, other, cost))
        _, source, cost = max(ways)
        return cost, source
