"""Which stretches of what was heard are which sentences of the article: syllables in, visits out.

One alignment of the whole of the heard syllables with the whole of the article, in which any sentence may be
visited at any time, once, several times or never, and heard syllables between visits are free speech. It is the
repeated-matches form of local alignment (Durbin et al. 1998, *Biological sequence analysis*, section 2.3) with a
state for each sentence that was visited last, so that going on in the article's order costs less than leaving
out a passage, and that less than going back. The path found is the best of all, not a greedy one.

Pure: knows syllables and sentence boundaries, nothing of sound, files or spelling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_MINUS = -1e9
# How the best score of a cell came about.
_PAIR, _START, _HEARD_GAP, _ARTICLE_GAP = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Costs:
    """What the alignment pays, in nats of log odds (see :func:`odds`)."""

    #: A heard syllable inside a visit that the sentence does not have.
    heard_gap: float = 2.2
    #: A syllable of the sentence that was not heard.
    article_gap: float = 1.6
    #: Visiting the sentence that follows the last one visited.
    next: float = 2.0
    #: Leaving out a passage.
    skip: float = 4.5
    #: Going back, or the first visit of all.
    jump: float = 7.0
    #: Beginning a visit inside the sentence, or ending it before its end: at most this, however much is left out.
    partial: float = 3.0


@dataclass(frozen=True, slots=True)
class Visit:
    """One sentence said (in whole or part) once.

    `pairs` are (heard index, article index) in order, both strictly increasing, all article indices inside the
    sentence; `score` is what the visit adds to the path, in nats, entry cost excluded.
    """

    sentence: int
    pairs: tuple[tuple[int, int], ...]
    score: float


def odds(likeness: Floats | NDArray[np.float32], frequency: Floats) -> Floats:
    """Log odds that a heard syllable is the article's, against chance, for a likeness matrix.

    `likeness` has shape (heard kinds, article kinds); `frequency` (article kinds,) is the share of each kind in
    the article. Fitted on 1,815 syllables aligned with the truth: the log ratio of true to random pairs runs
    nearly straight from -4 at 0.1 to +3 at 0.85. The same syllable is worth what chance makes of it, so that a
    common word proves less than a rare one.
    """
    straight = straight_odds(likeness)
    same = np.clip(np.log(0.6 / np.maximum(frequency, 1e-9)), 2.5, 6.0)
    result: Floats = np.where(likeness >= 0.97, same[np.newaxis, :], straight)
    return result


def straight_odds(likeness: Floats | NDArray[np.float32]) -> Floats:
    """Log odds (nats) that two syllables of a likeness are the same, whatever syllables they are; see :func:`odds`."""
    result: Floats = np.clip(10.0 * (np.asarray(likeness, dtype=np.float64) - 0.52), -3.5, 3.5)
    return result


def match(
    heard: Sequence[int], article: Sequence[int], starts: Sequence[int], table: Floats, costs: Costs | None = None
) -> list[Visit]:
    """The best path of visits.

    Parameters
    ----------
    heard, article
        Kinds of syllables: row and column numbers of `table`.
    starts
        Where each sentence begins in `article`, strictly increasing, the first 0.
    table
        Log odds of each heard kind against each article kind, shape (heard kinds, article kinds).

    Returns
    -------
    list of Visit
        In order of `heard`, no heard syllable in two visits. Time grows with ``len(heard) * len(article)``;
        memory with ``sqrt(len(heard)) * len(article)``.
    """
    if not len(heard) or not len(article):
        return []
    return _Alignment(heard, article, starts, table, costs or Costs()).visits()


@dataclass(slots=True)
class _Row:
    """State after a heard syllable: `cell` best score ending at each article syllable, `last` by sentence visited."""

    cell: Floats
    last: Floats
    fresh: float  # nothing visited yet


@dataclass(slots=True)
class _Trace:
    """How one row came about: `move` for each cell, `entry` (sentence come from, for each sentence), `leave`."""

    move: NDArray[np.uint8]
    entry: NDArray[np.int32]
    leave: NDArray[np.int32]


class _Alignment:
    def __init__(
        self, heard: Sequence[int], article: Sequence[int], starts: Sequence[int], table: Floats, costs: Costs
    ) -> None:
        self.heard = np.asarray(heard, dtype=np.intp)
        self.article = np.asarray(article, dtype=np.intp)
        self.starts = np.asarray(starts, dtype=np.intp)
        self.table, self.costs = table, costs
        size, count = len(self.article), len(self.starts)
        ends = np.append(self.starts[1:], size)
        self.sentence_of: Indices = np.repeat(np.arange(count), ends - self.starts)
        position = np.arange(size)
        # Leaving out the first or last syllables of a sentence costs a gap each, at most `partial`.
        self.enter_cost: Floats = np.minimum(
            (position - self.starts[self.sentence_of]) * costs.article_gap, costs.partial
        )
        self.leave_cost: Floats = np.minimum((ends[self.sentence_of] - 1 - position) * costs.article_gap, costs.partial)
        # A running maximum over syllables may not cross into the next sentence: each begins far above the last.
        self.ramp: Floats = position * costs.article_gap + self.sentence_of * 1e4
        self.is_start = np.zeros(size, dtype=bool)
        self.is_start[self.starts] = True

    def visits(self) -> list[Visit]:
        """Forward with a checkpoint each few rows, then back block by block."""
        count = len(self.heard)
        block = max(1, int(np.sqrt(count)))
        checkpoints = [self._first()]
        row = checkpoints[0]
        for i in range(count):
            row, _ = self._step(row, i, trace=False)
            if (i + 1) % block == 0:
                checkpoints.append(row)
        return self._trace_back(row, checkpoints, block)

    def _first(self) -> _Row:
        return _Row(np.full(len(self.article), _MINUS), np.full(len(self.starts), _MINUS), 0.0)

    def _entry_scores(self, row: _Row, *, trace: bool) -> tuple[Floats, NDArray[np.int32]]:
        """Best score with which each sentence can be entered, and from where (-1: nothing visited yet)."""
        costs, count = self.costs, len(self.starts)
        best_from = int(np.argmax(row.last))
        anywhere, origin = max((row.last[best_from], best_from), (row.fresh, -1))
        score = np.full(count, anywhere - costs.jump)
        before = np.maximum.accumulate(row.last)
        score[1:] = np.maximum(score[1:], before[:-1] - costs.skip)
        score[1:] = np.maximum(score[1:], row.last[:-1] - costs.next)
        if not trace:
            return score, np.empty(0, dtype=np.int32)
        source = np.full(count, origin, dtype=np.int32)
        arg_before = np.maximum.accumulate(np.where(row.last == before, np.arange(count), 0))
        by_skip = score[1:] == before[:-1] - costs.skip
        source[1:][by_skip] = arg_before[:-1][by_skip]
        by_next = score[1:] == row.last[:-1] - costs.next
        source[1:][by_next] = np.arange(count - 1)[by_next]
        return score, source

    def _step(self, row: _Row, i: int, *, trace: bool) -> tuple[_Row, _Trace | None]:
        entry, source = self._entry_scores(row, trace=trace)
        pair_score = self.table[self.heard[i]][self.article]
        started = entry[self.sentence_of] - self.enter_cost
        before = np.empty_like(row.cell)
        before[0], before[1:] = _MINUS, row.cell[:-1]
        before[self.is_start] = _MINUS
        paired = np.maximum(before, started) + pair_score
        waited = row.cell - self.costs.heard_gap
        best = np.maximum(paired, waited)
        cell = np.maximum.accumulate(best + self.ramp) - self.ramp
        leaving = cell - self.leave_cost
        top = np.maximum.reduceat(leaving, self.starts)
        last = np.maximum(row.last, top)
        result = _Row(cell, last, row.fresh)
        if not trace:
            return result, None
        move = np.where(waited > paired, _HEARD_GAP, np.where(started > before, _START, _PAIR)).astype(np.uint8)
        move[cell > best + 1e-7] = _ARTICLE_GAP
        where = np.where(leaving >= top[self.sentence_of], np.arange(len(cell)), -1)
        leave = np.where(top > row.last, np.maximum.reduceat(where, self.starts), -1).astype(np.int32)
        return result, _Trace(move, source, leave)

    def _trace_back(self, final: _Row, checkpoints: list[_Row], block: int) -> list[Visit]:
        state = int(np.argmax(final.last))
        if final.last[state] <= final.fresh:
            return []
        at = -1  # article index inside a visit, or -1 between visits
        pairs: list[tuple[int, int]] = []
        found: list[Visit] = []
        count = len(self.heard)
        for first in range(((count - 1) // block) * block, -1, -block):
            traces = self._block(checkpoints[first // block], first, min(first + block, count))
            for i in range(first + len(traces) - 1, first - 1, -1):
                trace = traces[i - first]
                if at < 0 and state >= 0:
                    at = int(trace.leave[state])
                while at >= 0 and trace.move[at] == _ARTICLE_GAP:
                    at -= 1
                if at < 0 or trace.move[at] == _HEARD_GAP:
                    continue
                pairs.append((i, at))
                if trace.move[at] == _PAIR:
                    at -= 1
                    continue
                found.append(self._visit(state, pairs))
                pairs, state, at = [], int(trace.entry[state]), -1
                if state < 0:
                    return found[::-1]
        return found[::-1]

    def _block(self, row: _Row, first: int, end: int) -> list[_Trace]:
        traces = []
        for i in range(first, end):
            row, trace = self._step(row, i, trace=True)
            assert trace is not None
            traces.append(trace)
        return traces

    def _visit(self, sentence: int, backward: list[tuple[int, int]]) -> Visit:
        pairs = tuple(reversed(backward))
        score = float(sum(self.table[self.heard[h], self.article[a]] for h, a in pairs))
        score -= float(self.enter_cost[pairs[0][1]] + self.leave_cost[pairs[-1][1]])
        for (h, a), (h2, a2) in pairwise(pairs):
            score -= (h2 - h - 1) * self.costs.heard_gap + (a2 - a - 1) * self.costs.article_gap
        return Visit(sentence, pairs, score)
