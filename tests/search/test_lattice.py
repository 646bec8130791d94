"""Lattices of the article's words and heard ones: every word has its slot, and the best path is found."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.search.lattice import Path, Slot, best_path, slots


@st.composite
def pairs(draw: st.DrawFn) -> tuple[list[tuple[int, int]], int, int]:
    """Pairs in order of so many heard words and words of an article."""
    heard, article = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    chosen: list[tuple[int, int]] = []
    for h, a in draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)))):
        if h < heard and a < article and all((h >= x and a >= y) for x, y in chosen):
            chosen.append((h, a))
    return chosen, heard, article


@given(pairs())
def test_each_word_is_in_one_slot_in_order(given: tuple[list[tuple[int, int]], int, int]) -> None:
    found = slots(*given)
    assert [i for slot in found for i in slot.heard] == list(range(given[1]))
    assert [i for slot in found for i in slot.article] == list(range(given[2]))
    assert all(any(h in slot.heard and a in slot.article for slot in found) for h, a in given[0])


def test_a_slot_has_words() -> None:
    with pytest.raises(ValueError, match="without words"):
        Slot(range(0), range(3, 3))


def lattice_of(kinds: Sequence[str]) -> list[Slot]:
    """Slots of a word on both sides (`b`), of the article's alone (`a`), heard alone (`h`), or said alike (`s`).

    Of those in capitals the article's word was not said.
    """
    found, heard, article = list[Slot](), 0, 0
    for kind in kinds:
        own, other = int(kind in "abABs"), int(kind in "bhBs")
        places = range(article, article + own), range(heard, heard + other)
        found.append(Slot(*places, is_same=kind == "s", is_out=kind.isupper()))
        article, heard = article + own, heard + other
    return found


@st.composite
def scored(draw: st.DrawFn, most: int) -> tuple[list[Slot], dict[Path, float]]:
    """A lattice, and a score for each of its paths."""
    lattice = lattice_of(draw(st.text("abhsAB", min_size=1, max_size=most)))
    paths = list(product(*(slot.choices for slot in lattice)))
    values = draw(st.lists(st.integers(-50, 50), min_size=len(paths), max_size=len(paths)))
    return lattice, dict(zip(paths, map(float, values), strict=True))


@given(scored(most=3))
def test_a_small_lattice_is_enumerated(given: tuple[list[Slot], dict[Path, float]]) -> None:
    lattice, values = given
    found = best_path(lattice, lambda paths: [values[path] for path in paths])
    assert values[found] == max(values.values())


@given(st.text("abhsAB", min_size=1, max_size=12), st.data())
def test_where_each_choice_counts_by_itself_a_large_one_is_solved_too(kinds: str, data: st.DataObject) -> None:
    lattice = lattice_of(kinds)
    worth = [{choice: data.draw(st.integers(-9, 9)) for choice in slot.choices} for slot in lattice]

    def score(paths: Sequence[Path]) -> list[float]:
        return [float(sum(own[choice] for own, choice in zip(worth, path, strict=True))) for path in paths]

    best = sum(max(own.values()) for own in worth)
    assert score([best_path(lattice, score)]) == [best]


def test_the_article_wins_a_tie() -> None:
    lattice = lattice_of("bahbbbbbb")
    assert best_path(lattice, lambda paths: [0.0] * len(paths)) == tuple(
        "none" if not slot.article else "article" for slot in lattice
    )


def test_a_misheard_phrase_changes_as_one() -> None:
    """Three neighbours of which each alone makes it worse."""
    lattice = lattice_of("bbbbbbbb")

    def score(paths: Sequence[Path]) -> list[float]:
        return [{0: 0.0, 3: 5.0}.get(path[2:5].count("heard"), -5.0) - 9 * (path.count("heard") > 3) for path in paths]

    assert best_path(lattice, score)[2:5] == ("heard",) * 3


@given(st.text("abhsAB", min_size=1, max_size=12))
def test_every_path_is_one_of_the_lattice(kinds: str) -> None:
    lattice = lattice_of(kinds)
    asked: list[Path] = []

    def score(paths: Sequence[Path]) -> list[float]:
        asked.extend(paths)
        return [float(path.count("heard")) for path in paths]

    best_path(lattice, score)
    assert all(choice in slot.choices for path in asked for slot, choice in zip(lattice, path, strict=True))
