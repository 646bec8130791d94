"""What was heard as frames of a CTC head: the head's own, those made of words, and what they tell of texts."""

from __future__ import annotations

import zlib
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.witness import Witness, gains
from mediakit.search.costs import Costs
from mediakit.speech.ctc.frames import FRAME_MS, Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import Heard
from mediakit.timeline import Word
from tests.grounding.planted import NOISY, SYLLABLE_MS, TEXT, Stage, syllables_of

COSTS = Costs()
UNITS = inventory().units
SAID = "hệ thống cổng dịch vụ công"


def witness_of(*heard: Heard) -> Witness:
    return Witness.of(heard, inventory(), COSTS)


def by_words(*words: Word) -> Witness:
    """The witness of words that were heard without a head."""
    return witness_of(Heard(0, max((word.end_ms for word in words), default=0), words))


def best_units(frames: Frames) -> list[int]:
    """The likeliest unit of each frame, blanks left out."""
    return [int(unit) for unit in np.argmax(frames.log_probs(), axis=1) if unit]


def without_head(stage: Stage) -> list[Heard]:
    return [replace(one, ctc=b"") for one in stage.heard]


# Frames.


def test_the_heads_frames_are_those_that_were_kept_but_for_blanks() -> None:
    stage = Stage((SAID, "gì đó"))
    found = witness_of(*stage.heard).frames
    kept = Frames.unpacked(0, stage.heard[0].ctc, len(UNITS) + 1)
    assert best_units(found) == inventory().spelt(SAID.split())
    assert np.array_equal(found.steps, kept.steps[np.isin(kept.times, found.times)])
    assert len(found) < len(kept)


@pytest.mark.parametrize("text", [SAID, NOISY[TEXT[2]], "facebook và tp.hcm"])
def test_frames_of_words_have_each_of_their_sounds_where_it_was_heard(text: str) -> None:
    stage = Stage((text, text))
    found = witness_of(*without_head(stage)).frames
    assert best_units(found) == inventory().spelt(syllables_of(text))
    assert (np.diff(found.times) >= 0).all()
    assert found.times[0] >= 0
    assert found.times[-1] < stage.spans[0][1]
    for word in stage.heard[0].words:
        own = found.between(word.start_ms, word.end_ms)
        assert best_units(own) == inventory().spelt(syllables_of(word.text))


def test_frames_of_words_are_probabilities() -> None:
    rows = witness_of(*without_head(Stage((SAID, SAID)))).frames.log_probs()
    # In steps of an eighth of a nat.
    assert np.exp(rows).sum(axis=1) == pytest.approx(1, abs=0.07)


def test_a_sound_of_the_same_kind_is_likelier_than_another() -> None:
    """Where `th-` was heard another initial may have been said, rather than a vowel, a final or a tone."""
    (row,) = (row for row in by_words(Word(0, 200, "thống", 0.9)).frames.log_probs() if UNITS[row.argmax()] == "th-")
    rank = [UNITS[unit] for unit in np.argsort(-row, kind="stable") if unit < len(UNITS)]
    initials = {unit for unit in UNITS if unit.endswith("-")}
    assert rank[:2] == ["th-", "_"]
    assert set(rank[2 : 1 + len(initials)]) == initials - {"th-"}


@given(st.lists(st.tuples(st.sampled_from("hệ thống – ờ 46,3% ok".split()), st.integers(1, 900)), max_size=8))
def test_any_words_give_frames_in_order(items: list[tuple[str, int]]) -> None:
    """However short they are; some have no sound."""
    edges = [0, *np.cumsum([length for _, length in items]).tolist()]
    words = [Word(a, b, text, 0.5) for (a, b), (text, _) in zip(pairwise(edges), items, strict=True)]
    found = by_words(*words).frames
    assert (np.diff(found.times) >= 0).all()
    assert best_units(found) == inventory().spelt(syllables_of(" ".join(text for text, _ in items)))


def test_foreign_windows_give_none() -> None:
    stage = Stage((SAID, SAID))
    (own,) = stage.heard
    assert len(witness_of(replace(own, language="en")).frames) == 0
    assert len(witness_of(replace(own, language="en", ctc=b"")).frames) == 0
    foreign = replace(own, start_ms=own.end_ms, end_ms=2 * own.end_ms, language="en")
    assert np.array_equal(witness_of(own, foreign).frames.times, witness_of(own).frames.times)


def test_windows_with_a_head_and_without_go_together() -> None:
    first, second = Stage((SAID, SAID)), Stage(("được triển khai", "được triển khai"))
    moved = replace(second.heard[0], start_ms=10_000, words=tuple(_later(word) for word in second.heard[0].words))
    found = witness_of(*first.heard, replace(moved, ctc=b"")).frames
    assert best_units(found) == inventory().spelt([*SAID.split(), "được", "triển", "khai"])
    assert found.times[0] < 1000
    assert 10_000 < found.times[-1] < 11_000


def _later(word: Word) -> Word:
    return replace(word, start_ms=word.start_ms + 10_000, end_ms=word.end_ms + 10_000)


def test_nothing_heard_gives_no_frames() -> None:
    assert len(witness_of().frames) == 0
    assert len(by_words().frames) == 0
    part = by_words().between(0, 1000)
    assert part.log_probs([["hệ"], []])[1] == 0
    assert len(part.aligned([("hệ",), ("thống",)])) == 2


@pytest.mark.parametrize(
    "ctc", [b"rubbish", zlib.compress(bytes(len(UNITS))), zlib.compress(bytes(10 * (len(UNITS) + 2)))]
)
def test_what_no_head_gave_is_an_error(ctc: bytes) -> None:
    with pytest.raises(ValueError, match=r"CTC head|reshape"):
        witness_of(replace(Stage((SAID, SAID)).heard[0], ctc=ctc))


# What they tell.


@pytest.mark.parametrize("head", [True, False])
def test_what_was_said_is_likelier_than_other_texts(head: bool) -> None:
    stage = Stage((SAID, SAID))
    part = witness_of(*(stage.heard if head else without_head(stage))).between(0, stage.duration_ms)
    texts = [SAID, "hệ thống cổng dịch công", "hệ thống cổng của dịch vụ công", "hệ thống cổng dịch vụ ông", ""]
    own, *others = part.log_probs([text.split() for text in texts])
    assert own > max(others) + 1


@pytest.mark.parametrize("head", [True, False])
def test_words_are_found_where_they_are_said(head: bool) -> None:
    stage = Stage(("xin chào", "xin chào"), (SAID, SAID), ("cảm ơn", "cảm ơn"))
    begin, end, _ = stage.spans[1]
    part = witness_of(*(stage.heard if head else without_head(stage))).between(begin - 250, end + 250)
    words = [("hệ", "thống"), ("cổng",), ("dịch", "vụ", "công")]
    found = part.aligned(words)
    places = [0, 2, 3, 6]
    for (start, stop, gain), (a, b) in zip(found, pairwise(places), strict=True):
        assert abs(start - begin - a * SYLLABLE_MS) <= 100
        assert abs(stop - begin - b * SYLLABLE_MS) <= 130
        assert gain > b - a, "heard better than anything else"
    assert all(one[1] <= other[0] for one, other in pairwise(found))


def test_a_word_that_was_not_said_gains_less_than_nothing() -> None:
    stage = Stage((SAID, SAID))
    part = witness_of(*stage.heard).between(0, stage.duration_ms)
    found = part.aligned([("hệ",), ("mưa",), ("cổng",), ("dịch", "vụ", "công")])
    assert [gain > 0 for _, _, gain in found] == [True, False, True, True]


def test_between_two_times_are_the_frames_there() -> None:
    stage = Stage((SAID, SAID))
    found = witness_of(*stage.heard).between(2 * SYLLABLE_MS, 3 * SYLLABLE_MS)
    assert best_units(found.frames) == inventory().spelt(["cổng"])


def test_gains_are_over_the_likeliest_sound_at_its_cost() -> None:
    """A sound that begins has what free speech costs; one that goes on, and a blank, nothing."""
    rows = np.full((4, 4), np.log(0.05), np.float32)
    for frame, unit in enumerate((0, 1, 1, 2)):
        rows[frame, unit] = np.log(0.85)
    frames = Frames.of(0, rows)
    likeliest, other = np.log(0.85), np.log(0.05)
    found = gains(frames, COSTS)
    free = [likeliest, max(likeliest - COSTS.free_sound, other), likeliest, max(likeliest - COSTS.free_sound, other)]
    expected = rows - np.array(free)[:, np.newaxis]
    assert found == pytest.approx(expected, abs=0.13)
    assert np.array_equal(gains(frames, COSTS, 2, 4), found[2:])
    assert frames.times[1] == FRAME_MS
