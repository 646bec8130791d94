"""Which sentences of a very long article are searched for: those that are said are among them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator

import numpy as np
import pytest

from mediakit.grounding.placement import place
from mediakit.grounding.shortlist import Shortlist
from mediakit.search.costs import Costs
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import inventory

#: What the article has in units, far more than are searched for; and what is listed at most.
LONG, LISTED = 60_000, 20_000
INITIALS = "b ch d đ g gi h kh l m n ng nh ph r s t th tr v x".split()
RHYMES = "a am an ang anh ao ai ăn âm ân âu en ê ênh i iên iêu inh o oan ong ô ông ơ ơi u ung uyên ươi ương".split()
TONES = ("", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323")


class Page:
    """A very long page of syllables that are more or less common, as units; and what a head hears of it."""

    def __init__(self, seed: int, units: int = LONG) -> None:
        self.random = random.Random(seed)
        every = [unicodedata.normalize("NFC", a + r[0] + t + r[1:]) for a in INITIALS for r in RHYMES for t in TONES]
        self.kinds = self.random.sample(every, 1500)
        self.weights = [1 / (rank + 5) for rank in range(len(self.kinds))]
        self.sentences: list[list[int]] = []
        size = 0
        while size < units:
            self.sentences.append(self.sentence())
            size += len(self.sentences[-1])

    def sentence(self) -> list[int]:
        """5 to 30 syllables."""
        return inventory().spelt(self.random.choices(self.kinds, self.weights, k=self.random.randint(5, 30)))

    def misheard(self, units: list[int], errors: float) -> Iterator[int]:
        """The units, so many of them lost or exchanged."""
        for unit in units:
            chance = self.random.random()
            if chance >= errors:
                yield unit
            elif chance < 0.6 * errors:
                yield self.random.randrange(1, len(inventory().units))

    def frames(self, said: list[list[int]], errors: float = 0.0) -> Frames:
        """What the head hears of sentences, and how: a frame for each sound, and one of none after it."""
        heard = [own for sentence in said for unit in self.misheard(sentence, errors) for own in (unit, 0)]
        rows = np.full((len(heard), len(inventory().units) + 1), -7.0, np.float32)
        rows[np.arange(len(heard)), heard] = -0.1
        return Frames.of(0, rows)

    def listed(self, frames: Frames) -> list[int]:
        """The list for all of some speech."""
        return [int(number) for number in Shortlist(frames, self.sentences)(0, len(frames))]


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(seed=3)


def test_a_list_is_short_and_in_order(page: Page) -> None:
    listed = page.listed(page.frames(page.sentences[10:14]))
    assert listed == sorted(set(listed))
    size = sum(len(page.sentences[number]) for number in listed)
    assert LISTED - 150 < size <= LISTED


@pytest.mark.parametrize(("errors", "most"), [(0.0, 0), (0.25, 2)])
def test_what_is_said_is_on_the_list(page: Page, errors: float, most: int) -> None:
    """Forty sentences in any order; heard badly, one by itself may have no four sounds in a row left."""
    said = page.random.sample(range(len(page.sentences)), 40)
    missed = 0
    for first in range(0, 40, 4):
        own = said[first : first + 4]
        missed += len(set(own) - set(page.listed(page.frames([page.sentences[i] for i in own], errors))))
    assert missed <= most


@pytest.mark.parametrize("errors", [0.25, 0.4])
def test_what_is_read_in_order_is_on_the_list_however_badly_it_is_heard(page: Page, errors: float) -> None:
    for first in range(100, 900, 80):
        own = range(first, first + 6)
        assert set(own) <= set(page.listed(page.frames([page.sentences[i] for i in own], errors)))


def test_neighbours_of_what_is_said_are_on_the_list(page: Page) -> None:
    """They may have been said too, and misheard beyond recognition."""
    around = page.listed(page.frames([page.sentence(), page.sentences[600], page.sentence()]))
    assert {*range(596, 605)} <= set(around)


def test_what_is_said_over_the_edge_of_a_part_is_on_the_list_of_both(page: Page) -> None:
    frames = page.frames([page.sentence(), page.sentences[300], page.sentence()])
    middle = len(frames) // 2
    shortlist = Shortlist(frames, page.sentences)
    assert 300 in shortlist(0, middle)
    assert 300 in shortlist(middle, len(frames))


def test_a_page_of_a_usual_length_is_listed_whole() -> None:
    small = Page(seed=1, units=LISTED - 200)
    assert small.listed(small.frames([small.sentence()])) == list(range(len(small.sentences)))
    assert small.listed(small.frames([])) == list(range(len(small.sentences)))


def test_where_nothing_is_heard_something_is_listed(page: Page) -> None:
    assert page.listed(page.frames([]))


def test_sentences_shorter_than_a_mark_are_no_error() -> None:
    sentences = [[1, 2]] * (LISTED // 2) + [[3], [4, 5, 6, 7, 8]]
    frames = Page(seed=1, units=100).frames([[4, 5, 6, 7, 8]])
    assert len(sentences) - 1 in Shortlist(frames, sentences)(0, len(frames))


def test_what_is_read_of_a_long_page_is_found_in_it(page: Page) -> None:
    """From its middle, its beginning again at the end, sounds lost and exchanged."""
    read = [*range(900, 906), *range(3)]
    frames = page.frames([page.sentences[i] for i in read], errors=0.15)
    # Words of four sounds.
    spelt = [[[own[at : at + 4]] for at in range(0, len(own), 4)] for own in page.sentences]
    visits = place(frames, spelt, Costs(), Shortlist(frames, page.sentences))
    assert [visit.sentence for visit in visits] == read
