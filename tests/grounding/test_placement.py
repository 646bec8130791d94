"""Placement against the best of all paths on small cases, by the definition of its costs, and on planted speech."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.grounding.placement import Shortlisted, Spelt, Visit, place
from mediakit.search.costs import Costs
from mediakit.speech.ctc.frames import FRAME_MS, Frames

UNITS = 6
#: Unlike the usual ones, so small that on a few frames all kinds of paths are worth their while.
COSTS = Costs(free_sound=2.5, added_sound=0.5, left_out=3.0, broken_off=2.5, onward=0.4, passage=0.8, jump=1.2)


class Reference:
    """The best path by trying all, straight from what each step costs."""

    def __init__(self, frames: Frames, sentences: Sequence[Spelt], costs: Costs) -> None:
        self.rows: list[list[float]] = frames.log_probs().astype(np.float64).tolist()
        self.sentences, self.costs = sentences, costs
        best = [max(range(len(row)), key=row.__getitem__) for row in self.rows]
        #: Whether a sound begins in each frame.
        self.begins = [
            unit != 0 and not (at and best[at - 1] == unit and frames.times[at] - frames.times[at - 1] <= FRAME_MS)
            for at, unit in enumerate(best)
        ]
        self.best, self.inside = cache(self._best), cache(self._inside)
        self.way = cache(self._way)

    def gain(self, frame: int, unit: int) -> float:
        """What a unit has over free speech in a frame."""
        row = self.rows[frame]
        return row[unit] - max(max(row) - self.costs.free_sound * self.begins[frame], row[0])

    def enter(self, last: int | None, sentence: int) -> float:
        """What it costs to begin a sentence after another, or as the first."""
        if sentence == (0 if last is None else last + 1):
            return self.costs.onward
        return self.costs.passage if last is None or sentence > last else self.costs.jump

    def left_out(self, sentence: int, first: int, stop: int) -> float:
        """What it costs to leave some words out; four units are a syllable."""
        words = self.sentences[sentence][first:stop]
        return self.costs.left_out * sum(min(map(len, ways)) for ways in words) / 4

    def _way(self, way: tuple[int, ...], first: int, stop: int) -> float:
        """A word in all of some frames, its first unit in the first and its last in the last."""
        if stop - first < len(way):
            return -np.inf
        own = self.gain(first, way[0])
        if len(way) == 1:
            return own + (self.way(way, first + 1, stop) if stop - first > 1 else 0.0)
        found = own + max(self.way(way, first + 1, stop), self.way(way[1:], first + 1, stop))
        blank = own
        for at in range(first + 1, stop - 1):
            blank += self.gain(at, 0)
            found = max(found, blank + self.way(way[1:], at + 1, stop))
        return found

    def _inside(self, sentence: int, word: int, first: int, stop: int) -> float:
        """The rest of a sentence, from a word on, in all of some frames; words are said first and last in them."""
        words, found = self.sentences[sentence], -np.inf
        for place_ in range(word, len(words)):
            left = self.left_out(sentence, word, place_)
            left = left if word else min(left, self.costs.broken_off)
            for way in filter(None, map(tuple, words[place_])):
                after = min(self.left_out(sentence, place_ + 1, len(words)), self.costs.broken_off)
                last = self.way(way, first, stop) - after
                found = max(found, last - left)
                for end in range(first + 1, stop):
                    said = self.way(way, first, end) - left
                    for again in range(end, stop):
                        added = self.costs.added_sound * sum(self.begins[end:again])
                        found = max(found, said - added + self.inside(sentence, place_ + 1, again, stop))
        return found

    def _best(self, frame: int, last: int | None) -> float:
        """What all frames from one on are worth at best, free speech counting nothing."""
        found = 0.0
        for first in range(frame, len(self.rows)):
            for stop in range(first + 1, len(self.rows) + 1):
                for sentence in range(len(self.sentences)):
                    own = self.inside(sentence, 0, first, stop) - self.enter(last, sentence)
                    if own > -np.inf:
                        found = max(found, own + self.best(stop, sentence))
        return found

    def worth(self, visits: Sequence[Visit], frames: Frames) -> float:
        """What some visits are worth, each with its words as they are best said there."""
        worth, last = 0.0, None
        for visit in visits:
            first, stop = np.searchsorted(frames.times, (visit.start_ms, visit.end_ms))
            assert visit.cost == self.enter(last, visit.sentence)
            worth += self.inside(visit.sentence, 0, int(first), int(stop)) - visit.cost
            last = visit.sentence
        return worth


def every(sentences: Sequence[Spelt]) -> NDArray[np.intp]:
    return np.arange(len(sentences))


def placed(
    frames: Frames, sentences: Sequence[Spelt], costs: Costs = COSTS, shortlisted: Shortlisted | None = None
) -> list[Visit]:
    """The visits, with all sentences on the list if there is none, however little they gain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.placement.least_worth", lambda *_: 0.0)
        return place(frames, sentences, costs, shortlisted or (lambda _first, _stop: every(sentences)))


def heard(*units: int, gap: int = 1) -> Frames:
    """One unit after the other, each in a frame, with so many blank frames after each; 0 is a blank as well."""
    row = [own for unit in units for own in (unit, *[0] * gap)]
    probabilities = np.full((len(row), UNITS + 2), 0.002)
    probabilities[np.arange(len(row)), row] = 1 - 0.002 * (UNITS + 1)
    return Frames.of(0, np.log(probabilities).astype(np.float32))


@st.composite
def any_frames(draw: st.DrawFn) -> Frames:
    """Some frames, sure or unsure; some may have been left out between them."""
    count, dice = draw(st.integers(4, 9)), np.random.default_rng(draw(st.integers(0, 10**6)))
    weights = dice.exponential(size=(count, UNITS + 2)) ** draw(st.sampled_from((1, 3, 6)))
    rows = np.log(weights / weights.sum(axis=1, keepdims=True))
    times = np.cumsum(dice.choice((FRAME_MS, 3 * FRAME_MS), size=count, p=(0.7, 0.3)))
    return Frames(times, Frames.of(0, rows.astype(np.float32)).steps)


WAY = st.lists(st.integers(1, UNITS), min_size=1, max_size=2, unique=True)
WORD = st.lists(WAY, min_size=1, max_size=2)
#: One of its ways is that it is not said at all.
SILENT = WAY.map(lambda way: [way, []])
SENTENCE = st.lists(st.one_of(WORD, WORD, SILENT), min_size=1, max_size=3)
SENTENCES = st.lists(SENTENCE, min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(frames=any_frames(), sentences=SENTENCES)
def test_the_path_is_the_best_of_all(frames: Frames, sentences: list[Spelt]) -> None:
    reference = Reference(frames, sentences, COSTS)
    visits = placed(frames, sentences)
    assert reference.worth(visits, frames) == pytest.approx(reference.best(0, None), abs=1e-6)


def test_little_is_not_enough_among_much() -> None:
    """What one sentence gains is enough in its own sound, not in an hour of other sounds."""
    said: Spelt = [[[1]], [[2]], [[3]], [[4]]]
    costs = replace(COSTS, onward=0.5, free_sound=4.0)
    own = heard(1, 2, 3, 4)
    other = heard(*[5, 6] * 2000)
    more = Frames.joined([own, Frames(other.times + int(own.times[-1]) + FRAME_MS, other.steps)])
    found, none = (place(frames, [said], costs, lambda _first, _stop: np.arange(1)) for frames in (own, more))
    assert ([visit.sentence for visit in found], none) == ([0], [])


@settings(max_examples=60, deadline=None)
@given(frames=any_frames(), sentences=SENTENCES, block=st.integers(1, 5))
def test_blocks_change_nothing(frames: Frames, sentences: list[Spelt], block: int) -> None:
    expected = placed(frames, sentences)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.placement._BLOCK", block)
        assert placed(frames, sentences) == expected


@settings(max_examples=60, deadline=None)
@given(frames=any_frames(), sentences=SENTENCES, block=st.integers(1, 5), data=st.data())
def test_any_shortlist_with_what_is_said_gives_a_path_as_good(
    frames: Frames, sentences: list[Spelt], block: int, data: st.DataObject
) -> None:
    """Sentences that are not said come on the list and go from it, while others are being said."""
    expected = placed(frames, sentences)
    some = st.sets(st.integers(0, len(sentences) - 1))
    kept = {visit.sentence for visit in expected} or {0}
    lists = [np.array(sorted(kept | data.draw(some))) for _ in range(0, len(frames), block)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.placement._BLOCK", block)
        found = placed(frames, sentences, COSTS, lambda first, _stop: lists[first // block])
    reference = Reference(frames, sentences, COSTS)
    assert reference.worth(found, frames) == pytest.approx(reference.worth(expected, frames), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(frames=any_frames(), sentences=SENTENCES)
def test_visits_are_in_order_and_apart(frames: Frames, sentences: list[Spelt]) -> None:
    visits = placed(frames, sentences)
    assert all(visit.start_ms < visit.end_ms for visit in visits)
    for before, after in pairwise(visits):
        assert before.end_ms <= after.start_ms
        assert before.before_ms == after.start_ms
        assert after.after_ms == before.end_ms
    assert not visits or (visits[0].after_ms, visits[-1].before_ms) == (0, int(frames.times[-1]) + FRAME_MS)


#: Three sentences of two words with no sound in common but the last of each.
THREE: list[Spelt] = [[[[1, 2]], [[6]]], [[[3]], [[6]]], [[[4, 5]], [[6]]]]
SOUNDS = [[1, 2, 6], [3, 6], [4, 5, 6]]


@pytest.mark.parametrize(
    ("order", "costs"),
    [
        ((0, 1, 2), ["onward", "onward", "onward"]),
        ((1, 2, 0), ["passage", "onward", "jump"]),
        ((0, 2), ["onward", "passage"]),
        ((2, 1), ["passage", "jump"]),
        ((0, 1, 1, 2), ["onward", "onward", "jump", "onward"]),
        ((0, 1, 0, 1), ["onward", "onward", "jump", "onward"]),
        ((), []),
    ],
)
@pytest.mark.parametrize("gap", [0, 1])
def test_in_any_order(order: Sequence[int], costs: Sequence[str], gap: int) -> None:
    visits = placed(heard(*(unit for sentence in order for unit in SOUNDS[sentence]), gap=gap), THREE)
    assert [visit.sentence for visit in visits] == list(order)
    assert [visit.cost for visit in visits] == [getattr(COSTS, name) for name in costs]
    edges = [FRAME_MS * (1 + gap) * sum(len(SOUNDS[i]) for i in order[:count]) for count in range(len(order) + 1)]
    assert [(visit.start_ms, visit.end_ms) for visit in visits] == [(a, b - FRAME_MS * gap) for a, b in pairwise(edges)]


def test_no_sentence_and_no_sound() -> None:
    assert placed(heard(1, 2, 3), []) == []
    assert placed(heard(), THREE) == []


def test_a_word_may_be_said_in_any_of_its_ways() -> None:
    sentence: Spelt = [[[1]], [[2, 3], [4]], [[5]]]
    for said in ((1, 2, 3, 5), (1, 4, 5)):
        (visit,) = placed(heard(*said), [sentence])
        assert (visit.start_ms, visit.end_ms) == (0, FRAME_MS * (2 * len(said) - 1))


def test_words_are_left_out_and_others_said_between() -> None:
    sentence: Spelt = [[[1]], [[2]], [[3]], [[4]]]
    (visit,) = placed(heard(6, 1, 2, 5, 5, 4, 6), [sentence])
    assert (visit.start_ms, visit.end_ms) == (2 * FRAME_MS, 11 * FRAME_MS)


#: A word of five syllables, three short ones, and a word of three syllables.
EDGED: Spelt = [[[5] * 15], [[1]], [[2]], [[3]], [[6] * 9]]
CHEAP = Costs(left_out=0.1, onward=0.1, passage=0.2, jump=0.3)


def test_words_that_were_not_found_at_the_edge_may_have_been_said_there() -> None:
    """Room is left for four syllables of 220 ms and for three, as far as there are sounds; these are 200 ms apart."""
    (visit,) = placed(heard(*[4] * 6, 1, 2, 3, *[4] * 6, gap=9), [EDGED], CHEAP)
    first, last = 6 * 200, 8 * 200 + FRAME_MS
    assert (visit.start_ms, visit.end_ms) == (first - 4 * 200, last + 3 * 200)


def test_words_that_were_not_found_were_not_said_beyond_a_pause() -> None:
    (visit,) = placed(heard(*[4] * 6, 0, 1, 2, 3, 0, *[4] * 6, gap=9), [EDGED], CHEAP)
    assert (visit.start_ms, visit.end_ms) == (7 * 200, 9 * 200 + FRAME_MS)


def test_a_sentence_is_found_where_it_is_on_the_list() -> None:
    """It is said twice, the first time where nobody looks for it."""
    sentences: list[Spelt] = [[[[1, 2]], [[3]]], [[[4, 5]], [[6]]]]
    lists = [np.array([0]), np.array([0]), np.array([0, 1])]
    frames = heard(4, 5, 6, 0, 1, 2, 3, 0, 4, 5, 6, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.placement._BLOCK", 8)
        visits = place(frames, sentences, COSTS, lambda first, _stop: lists[first // 8])
    assert [(visit.sentence, visit.start_ms // FRAME_MS) for visit in visits] == [(0, 8), (1, 16)]


def test_a_sentence_is_said_over_the_edge_of_a_block() -> None:
    """Where the list changes in the middle of it, its words before the edge count."""
    sentences: list[Spelt] = [[[[1, 2]], [[3]]], [[[4, 5]], [[6]]], [[[1, 3]], [[2]]]]
    lists = [np.array([0, 1]), np.array([1, 2])]
    frames = heard(0, 0, 4, 5, 6, 0, 0, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mediakit.grounding.placement._BLOCK", 8)
        (visit,) = place(frames, sentences, COSTS, lambda first, _stop: lists[first // 8])
    assert (visit.sentence, visit.start_ms, visit.end_ms) == (1, 4 * FRAME_MS, 9 * FRAME_MS)
