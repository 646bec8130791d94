"""Which sentences of a long article are worth aligning with a stretch of the speech.

A sentence that was said leaves marks: here and there three syllables in a row sound like three of its own. The marks
are found by an index, widened along the diagonal as far as they gain (seed and extend, as BLAST does: Altschul et al.
1990), and each few heard syllables nominate the sentences with the best ones. What counts is the rank among the
sentences that would explain the *same* syllables: a phrase that half of the page repeats nominates many, and must not
crowd out the one sentence that explains the syllables beside it.

What that loses was measured against the exact alignment on 120 made-up pages of 36,000 syllables (those of
`tests/grounding/test_shortlist.py`: read out, with passages left out, blocks in any order, parts of sentences, ad-lib
between; 25 and 50 % errors): of 4,377 visits to a sentence that was said there, 3. On manuals of 36,000 syllables, in
which most phrases stand dozens of times, 13 of 2,609; there, with single sentences read in no order at all, 39 of 486.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Log odds of kinds of syllables; half the bytes are exact enough for a large page. Sums are made of doubles.
Table = NDArray[np.float32] | NDArray[np.float64]
Indices = NDArray[np.intp]

#: A mark: a pair worth this (nats) that with the two pairs after it is worth that.
_PAIR, _MARK = 2.5, 5.0
#: A mark is widened by up to so many syllables on either side.
_WIDEN = 8
#: So many heard syllables nominate together, at most so many sentences.
_TOGETHER, _NOMINATED = 16, 64
#: Heard syllables around a block that nominate too: a visit that reaches into the block may have its marks there.
_AROUND = 32
#: Sentences up to so far from a nominated one in the article are likely too, however badly they were heard; each
#: step costs so many ranks.
_NEAR, _STEP = 6, 2
#: Entering and leaving a sentence is about as much work as so many of its syllables.
SENTENCE_WORK = 8
#: As much work is chosen for one block at most, in syllables of the article; of usual sentences about 200.
_WORK = 5000


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the article has syllables that one heard kind may be: `at`, their odds, the two kinds after each."""

    at: Indices
    odds: Table
    second: Indices
    third: Indices


class Shortlist:
    """The sentences that each part of the speech may be, by marks.

    `heard`, `article`, `starts` and `table` are those of :func:`mediakit.grounding.match.match`. Finding the marks
    takes time in proportion to ``len(heard)`` and, with a small factor (the share of pairs that sound alike, under
    1 %), to ``len(heard) * len(article)``.
    """

    def __init__(self, heard: Indices, article: Indices, starts: Indices, table: Table) -> None:
        self._table = table
        self._sizes = np.diff(starts, append=len(article))
        # With a margin on all sides, so that no mark reaches over an edge; the margins belong to no sentence.
        margin = _WIDEN + 2
        self._heard = np.pad(heard, margin, mode="edge")
        self._article = np.pad(article, margin, mode="edge")
        self._sentence = np.pad(np.repeat(np.arange(len(starts)), self._sizes), margin, constant_values=-1)
        self._places: dict[int, _Places] = {}
        ends = range(margin + _TOGETHER, margin + len(heard) + _TOGETHER, _TOGETHER)
        self._nominated = [self._nominate(end - _TOGETHER, min(end, margin + len(heard))) for end in ends]

    def sentences(self, first: int, end: int) -> Indices:
        """The likeliest sentences for heard syllables `first` up to `end`, in the article's order; all if they fit."""
        rank = np.full(len(self._sizes), _NOMINATED + _NEAR * _STEP)
        low, high = max(0, first - _AROUND) // _TOGETHER, (end + _AROUND) // _TOGETHER + 1
        for nominated in self._nominated[low:high]:
            rank[nominated] = np.minimum(rank[nominated], np.arange(len(nominated)))
        for _ in range(_NEAR):
            near = rank.copy()
            near[1:] = np.minimum(near[1:], rank[:-1] + _STEP)
            near[:-1] = np.minimum(near[:-1], rank[1:] + _STEP)
            rank = near
        best = np.argsort(rank, kind="stable")
        fit = int(np.searchsorted(np.cumsum(self._sizes[best] + SENTENCE_WORK), _WORK, side="right"))
        return np.sort(best[: max(1, fit)])

    def _nominate(self, first: int, end: int) -> Indices:
        """Sentences with a mark in heard syllables `first` up to `end` (in the padded count), the best first."""
        marks = [self._marks(h) for h in range(first, end)]
        heard = np.repeat(np.arange(first, end), [len(mark) for mark in marks])
        at = np.concatenate(marks)
        best = np.argsort(-self._widened(heard, at), kind="stable")
        _, found = np.unique(self._sentence[at][best], return_index=True)
        nominated: Indices = self._sentence[at][best][np.sort(found)][:_NOMINATED]
        return nominated

    def _marks(self, h: int) -> Indices:
        """Where the article has three syllables like the three that were heard from `h` on."""
        places = self._places.get(kind := int(self._heard[h]))
        if places is None:
            places = self._places[kind] = self._places_of(kind)
        after, then = self._table[self._heard[h + 1]], self._table[self._heard[h + 2]]
        marks: Indices = places.at[places.odds + after[places.second] + then[places.third] >= _MARK]
        return marks

    def _places_of(self, kind: int) -> _Places:
        odds = self._table[kind]
        at = np.flatnonzero((odds >= _PAIR)[self._article] & (self._sentence >= 0))
        return _Places(at, odds[self._article[at]], self._article[at + 1], self._article[at + 2])

    def _widened(self, heard: Indices, at: Indices) -> Floats:
        """What each mark is worth (nats) with as many pairs before and after as add to it inside its sentence."""
        beside = np.arange(-_WIDEN, _WIDEN + 1)
        pairs = self._table[self._heard[heard[:, np.newaxis] + beside], self._article[at[:, np.newaxis] + beside]]
        odds = pairs.astype(np.float64)
        odds[self._sentence[at[:, np.newaxis] + beside] != self._sentence[at][:, np.newaxis]] = -np.inf
        before = np.cumsum(odds[:, _WIDEN - 1 :: -1], axis=1).max(axis=1, initial=0.0)
        after = np.cumsum(odds[:, _WIDEN + 1 :], axis=1).max(axis=1, initial=0.0)
        worth: Floats = odds[:, _WIDEN] + before + after
        return worth
