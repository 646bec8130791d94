"""Which stretches of what was heard are which sentences of the article: syllables in, visits out.

One alignment of the whole of the heard syllables with the whole of the article, in which any sentence may be
visited at any time, once, several times or never, and heard syllables between visits are free speech. It is the
repeated-matches form of local alignment (Durbin et al. 1998, *Biological sequence analysis*, section 2.3) with a
state for each sentence that was visited last, so that going on in the article's order costs less than leaving
out a passage, and that less than going back.

An article of a usual length is aligned whole, and the path found is the best of all, not a greedy one. An hour
against a long page would be half a billion pairs of syllables, nearly all of them for nothing. There, each block of
heard syllables is aligned with the sentences that it may be (:mod:`mediakit.grounding.shortlist`), and the path is the
best of those that visit no others. That loses little. A visit is worth its entry only with several pairs in its favour
close together, and three such in a row put its sentence on the list. A sentence that was misheard throughout is worth
visiting only between its neighbours in the article, where entry is cheap, and the neighbours of likely sentences are
on the list as well. What was visited last is kept for all sentences, listed or not, so that the costs of going on,
leaving out and going back are exact.

Pure: knows syllables and sentence boundaries, nothing of sound, files or spelling.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mediakit.grounding.shortlist import SENTENCE_WORK, Shortlist, Table

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]

#: Up to so much work, counted in pairs of a heard syllable and one of the article, all of it is done. That is about a
#: second and 60 MB: an hour of speech (14,400 syllables) against 3,000, ten minutes (2,400) against 18,000.
EXACT_UP_TO = 60_000_000
#: So many heard syllables share a choice of sentences.
_BLOCK = 64
_MINUS = -1e9
#: Of paths that are worth the same, the one with fewer visits; far over what sums are rounded by.
_TIE = 1e-6


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


def odds(likeness: Table, frequency: Floats) -> Floats:
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


def straight_odds(likeness: Table) -> Floats:
    """Log odds (nats) that two syllables of a likeness are the same, whatever syllables they are; see :func:`odds`."""
    result: Floats = np.clip(10.0 * (np.asarray(likeness, dtype=np.float64) - 0.52), -3.5, 3.5)
    return result


def match(
    heard: Sequence[int],
    article: Sequence[int],
    starts: Sequence[int],
    table: Table,
    costs: Costs | None = None,
    *,
    exact_up_to: int = EXACT_UP_TO,
) -> list[Visit]:
    """The best path of visits.

    Time and memory grow with ``len(heard) * len(article)`` up to `exact_up_to`, and beyond it nearly with
    ``len(heard)``.

    Parameters
    ----------
    heard, article
        Kinds of syllables: row and column numbers of `table`.
    starts
        Where each sentence begins in `article`, strictly increasing, the first 0.
    table
        Log odds of each heard kind against each article kind, shape (heard kinds, article kinds).
    exact_up_to
        Where all pairs of syllables are more work than this, each block of heard syllables is tried with its shortlist
        only.

    Returns
    -------
    list of Visit
        In order of `heard`, no heard syllable in two visits.
    """
    if not len(heard) or not len(article):
        return []
    said, side = np.asarray(heard, dtype=np.intp), _Article(article, starts, table, costs or Costs())
    alignment = _Alignment(said, side, table)
    if len(said) * (len(side.kinds) + SENTENCE_WORK * len(side.starts)) <= exact_up_to:
        everything = side.columns(np.arange(len(side.starts)))
        return alignment.visits(lambda first, end: everything)
    shortlist = Shortlist(said, side.kinds, side.starts, table)
    return alignment.visits(lambda first, end: side.columns(shortlist.sentences(first, end)))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The syllables of some sentences side by side; a row of the alignment has a cell for each.

    Scores of cells are kept with a ramp added, which rises by an article gap from syllable to syllable, and from
    sentence to sentence by more than scores can differ. So a running maximum over a row leaves out syllables at their
    cost and never crosses into the next sentence.
    """

    sentences: Indices  # in the article's order
    edges: Indices  # the column in which each of them begins, and after these the number of columns
    owner: Indices  # for each column, which of `sentences` it belongs to
    at: Indices  # and which syllable of the article it is
    ramp: Floats
    enter: Floats  # added to the score of entering the sentence to begin in this column
    leave: Floats  # taken off the score of this cell to leave the sentence
    onward: Floats  # cost of going on to each of `sentences` but the first from the one before it there


class _Article:
    """The article's side: its syllables by kind, where its sentences start and end, and what visiting them costs."""

    def __init__(self, article: Sequence[int], starts: Sequence[int], table: Table, costs: Costs) -> None:
        self.costs = costs
        self.kinds, self.starts = np.asarray(article, dtype=np.intp), np.asarray(starts, dtype=np.intp)
        self.ends = np.append(self.starts[1:], len(self.kinds))
        best, worst = max(0.0, float(np.max(table))), min(0.0, float(np.min(table)))
        longest = int(np.max(self.ends - self.starts))
        #: More than the scores of two cells of one row can differ.
        self.apart = longest * (best + costs.article_gap) - worst + costs.jump + costs.partial + 1.0

    def left_out(self, syllables: Indices) -> Floats:
        """Cost of leaving out so many syllables at one end of a sentence: `partial` at most."""
        cost: Floats = np.minimum(syllables * self.costs.article_gap, self.costs.partial)
        return cost

    def columns(self, sentences: Indices) -> _Columns:
        """The columns of some sentences, given in order."""
        costs, sizes = self.costs, (self.ends - self.starts)[sentences]
        edges = np.append(0, np.cumsum(sizes))
        owner = np.repeat(np.arange(len(sentences)), sizes)
        inside = np.arange(len(owner)) - edges[owner]
        ramp = np.arange(len(owner)) * costs.article_gap + owner * self.apart
        return _Columns(
            sentences,
            edges,
            owner,
            self.starts[sentences][owner] + inside,
            ramp,
            # A pair after a pair loses a gap to the ramp: `_Alignment` gives it to all pairs, so it is taken off here.
            ramp - self.left_out(inside) - costs.article_gap - _TIE,
            ramp + self.left_out(sizes[owner] - 1 - inside),
            np.where(np.diff(sentences) == 1, min(costs.next, costs.skip), costs.skip),
        )


@dataclass(frozen=True, slots=True)
class _Before:
    """The best score of entering each sentence of the columns after a visit that ended before the block.

    `source` is the sentence that was visited; -1 is none.
    """

    score: Floats
    source: Indices

    @classmethod
    def of(cls, last: Floats, sentences: Indices, costs: Costs) -> _Before:
        """From the score of having visited each sentence of the article last."""
        top = int(np.argmax(last))
        score = np.full(len(sentences), max(0.0, float(last[top])) - costs.jump)
        source = np.full(len(sentences), top if last[top] > 0 else -1)
        highest = np.maximum.accumulate(last)
        highest_at = np.maximum.accumulate(np.where(last == highest, np.arange(len(last)), 0))
        later = np.flatnonzero(sentences > 0)
        previous = sentences[later] - 1
        skipping, going_on = highest[previous] - costs.skip, last[previous] - costs.next
        for value, at in ((skipping, highest_at[previous]), (going_on, previous)):
            better = value > score[later]
            score[later[better]], source[later[better]] = value[better], at[better]
        return cls(score, source)


@dataclass(frozen=True, slots=True)
class _Block:
    """What is kept of a block of rows for the way back.

    `sentences` and `edges` are those of its columns. `last[i]` is, before row `i`, the best score of a path that has
    ended its visits, the last of them to each of `sentences`. `moves` has four bits a cell, packed, shape
    (4, rows, bytes); see `moves_of`.
    """

    first: int
    sentences: Indices
    edges: Indices
    before: _Before
    last: Floats
    moves: NDArray[np.uint8]

    def place(self, sentence: int) -> int | None:
        """Which of `sentences` a sentence is, or None."""
        place = int(np.searchsorted(self.sentences, sentence))
        return place if place < len(self.sentences) and self.sentences[place] == sentence else None

    def moves_of(self, place: int) -> Flags:
        """How the cells of one sentence came about: shape (4, rows, syllables).

        Skipped: this syllable was left out after the one before. Else waited: what was heard in this row is not in the
        sentence. Else it was paired, and began: as the first of the visit. Left: of the cells of the sentence in this
        row, the visit is best ended here.
        """
        begin, end = int(self.edges[place]), int(self.edges[place + 1])
        bits = np.unpackbits(self.moves[:, :, begin // 8 : -(-end // 8)], axis=2)
        return bits[:, :, begin % 8 : begin % 8 + end - begin].view(np.bool_)


class _Alignment:
    """All rows forward, one for each heard syllable, and back along the best path."""

    def __init__(self, heard: Indices, article: _Article, table: Table) -> None:
        self.heard, self.article, self.table, self.costs = heard, article, table, article.costs
        self.blocks: list[_Block] = []
        #: Best score of a path that has ended its visits, the last of them to each sentence of the article.
        self.last: Floats = np.full(len(article.starts), _MINUS)

    def visits(self, columns_of: Callable[[int, int], _Columns]) -> list[Visit]:
        """The best path on the columns that `columns_of` gives for a block of rows."""
        before: _Columns | None = None
        cell: Floats = np.empty(0)
        for first in range(0, len(self.heard), _BLOCK):
            end = min(first + _BLOCK, len(self.heard))
            columns = columns_of(first, end)
            if columns is not before:
                cell = self._carried(cell, before, columns)
            self._forward(first, end, columns, cell)
            before = columns
        return self._back()

    def _carried(self, cell: Floats, before: _Columns | None, columns: _Columns) -> Floats:
        """A row of cells on other columns; a visit to a sentence that is not among them cannot go on."""
        everywhere = np.full(len(self.article.kinds), _MINUS)
        if before is not None:
            everywhere[before.at] = cell - before.ramp
        carried: Floats = everywhere[columns.at] + columns.ramp
        return carried

    def _forward(self, first: int, end: int, columns: _Columns, cell: Floats) -> None:
        """One block of rows: `cell` is the row before it and becomes its last one."""
        before = _Before.of(self.last, columns.sentences, self.costs)
        last = np.empty((end - first + 1, len(columns.sentences)))
        last[0] = self.last[columns.sentences]
        moves = np.empty((4, end - first, len(cell)), dtype=np.bool_)
        skipped, waited, began, left = moves
        began[:, 0] = True
        pairs = self.table[self.heard[first:end]][:, self.article.kinds[columns.at]]
        odds = pairs.astype(np.float64) + self.costs.article_gap
        started, best, leaving = np.empty_like(cell), np.empty_like(cell), np.empty_like(cell)
        for i in range(end - first):
            np.take(self._entry(last[i], before, columns), columns.owner, out=started, mode="clip")
            started += columns.enter
            np.greater(started[1:], cell[:-1], out=began[i, 1:])
            np.maximum(started[1:], cell[:-1], out=started[1:])
            started += odds[i]  # now: paired, with the visit begun here or before
            cell -= self.costs.heard_gap  # now: waited
            np.greater(cell, started, out=waited[i])
            np.maximum(cell, started, out=best)
            np.maximum.accumulate(best, out=cell)
            np.greater(cell, best, out=skipped[i])
            np.subtract(cell, columns.leave, out=leaving)
            top = np.maximum.reduceat(leaving, columns.edges[:-1])
            np.equal(leaving, top[columns.owner], out=left[i])
            np.maximum(last[i], top, out=last[i + 1])
        self.last[columns.sentences] = last[-1]
        packed = np.packbits(moves, axis=2)
        self.blocks.append(_Block(first, columns.sentences, columns.edges, before, last, packed))

    def _entry(self, last: Floats, before: _Before, columns: _Columns) -> Floats:
        """The best score with which each sentence of the columns is entered."""
        highest = np.maximum.accumulate(last)
        entry: Floats = np.maximum(before.score, highest[-1] - self.costs.jump)
        onward = np.maximum(highest[:-1] - self.costs.skip, last[:-1] - columns.onward)
        np.maximum(entry[1:], onward, out=entry[1:])
        return entry

    def _back(self) -> list[Visit]:
        """The visits of the best path."""
        sentence, row = int(np.argmax(self.last)), len(self.heard)
        if self.last[sentence] <= 0:
            return []
        found: list[Visit] = []
        while sentence >= 0:
            pairs = self._pairs(sentence, self._end_of_visit(sentence, row))
            found.append(self._visit(sentence, pairs))
            row = pairs[0][0]
            sentence = self._source(sentence, row)
        return found[::-1]

    def _end_of_visit(self, sentence: int, row: int) -> int:
        """The last row before `row` that ended a visit to the sentence, with a better score than all before."""
        for block in reversed(self.blocks[: (row - 1) // _BLOCK + 1]):
            place = block.place(sentence)
            if place is not None:
                last = block.last[: row - block.first + 1, place]
                better = np.flatnonzero(last[1:] > last[:-1])
                if len(better):
                    return block.first + int(better[-1])
        raise AssertionError("a sentence that was visited last has a row in which the visit ended")

    def _pairs(self, sentence: int, row: int) -> tuple[tuple[int, int], ...]:
        """The pairs of the visit that ends in a row."""
        start, inside = int(self.article.starts[sentence]), -1
        pairs: list[tuple[int, int]] = []
        for block in reversed(self.blocks[: row // _BLOCK + 1]):
            place = block.place(sentence)
            assert place is not None, "no visit reaches over a block without its sentence"
            skipped, waited, began, left = block.moves_of(place)
            for i in range(min(row - block.first, len(waited) - 1), -1, -1):
                inside = int(np.argmax(left[i])) if inside < 0 else inside
                while skipped[i, inside]:
                    inside -= 1
                if waited[i, inside]:
                    continue
                pairs.append((block.first + i, start + inside))
                if began[i, inside]:
                    return tuple(reversed(pairs))
                inside -= 1
        raise AssertionError("every visit begins")

    def _source(self, sentence: int, row: int) -> int:
        """The sentence visited before the visit that begins in a row, -1 for none."""
        costs, block = self.costs, self.blocks[row // _BLOCK]
        sentences, last = block.sentences, block.last[row - block.first]
        place = int(np.searchsorted(sentences, sentence))
        top = int(np.argmax(last))
        ways = [(block.before.score[place], block.before.source[place]), (last[top] - costs.jump, sentences[top])]
        if place:
            top = int(np.argmax(last[:place]))
            ways.append((last[top] - costs.skip, sentences[top]))
        if place and sentences[place - 1] == sentence - 1:
            ways.append((last[place - 1] - costs.next, sentence - 1))
        return int(max(reversed(ways), key=lambda way: float(way[0]))[1])

    def _visit(self, sentence: int, pairs: tuple[tuple[int, int], ...]) -> Visit:
        score = sum(float(self.table[self.heard[h], self.article.kinds[a]]) for h, a in pairs)
        start, end = int(self.article.starts[sentence]), int(self.article.ends[sentence])
        score -= float(self.article.left_out(np.array([pairs[0][1] - start, end - 1 - pairs[-1][1]])).sum())
        for (h, a), (h2, a2) in pairwise(pairs):
            score -= (h2 - h - 1) * self.costs.heard_gap + (a2 - a - 1) * self.costs.article_gap
        return Visit(sentence, pairs, score)
