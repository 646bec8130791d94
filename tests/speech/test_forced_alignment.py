"""Forced alignment on sound whose borders are known, and on sound and times that fit nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.grounding.timing import Loudness
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS
from mediakit.speech.engine import Heard
from mediakit.speech.forced_alignment import (
    FRAME_MS,
    LEAST_SYLLABLES,
    SoundModel,
    Utterance,
    align,
    features,
    learn,
)
from mediakit.vietnamese.numbers import Syllables
from tests.grounding.synthetic import SYLLABLES, Speech, disturbed, speak

Times = Sequence[tuple[int, int]]


def words_of(random: np.random.Generator, count: int, sizes: Sequence[int] = (1,)) -> list[Syllables]:
    return [
        tuple(SYLLABLES[int(i)] for i in random.integers(0, len(SYLLABLES), int(random.choice(sizes))))
        for _ in range(count)
    ]


def utterance(speech: Speech, times: Times) -> Utterance:
    rows = features(speech.samples)
    loudness = Loudness.of([Heard(0, len(speech.levels) * FRAME_MS, (), speech.levels)])
    quiet = np.zeros(len(rows), dtype=np.bool_)
    for start, end in loudness.pauses(0, len(rows) * FRAME_MS):
        quiet[start // FRAME_MS : end // FRAME_MS] = True
    return Utterance(speech.words, tuple(times), rows, quiet)


def errors(truth: Times, times: Times) -> list[int]:
    """How far each border is off, in milliseconds."""
    return [abs(a - b) for one, other in zip(truth, times, strict=True) for a, b in zip(one, other, strict=True)]


# Features.


def test_features_have_a_row_for_each_frame() -> None:
    random = np.random.default_rng(0)
    for ms in (10, 250, 1234):
        rows = features(random.normal(0, 0.1, ms * SAMPLES_PER_MS).astype(np.float32))
        assert rows.shape == (ms // FRAME_MS, 39)
        assert np.isfinite(rows).all()


@pytest.mark.parametrize("count", [0, 1, 159, 160, 161, 320])
def test_features_of_next_to_nothing(count: int) -> None:
    rows = features(np.full(count, 0.1, dtype=np.float32))
    assert rows.shape == (max(1, count * 100 // SAMPLE_RATE), 39)
    assert np.isfinite(rows).all()


def test_features_of_silence_are_nothing() -> None:
    assert np.abs(features(np.zeros(SAMPLE_RATE, dtype=np.float32))).max() < 1e-9


def test_features_do_not_depend_on_how_loud_the_sound_is() -> None:
    speech = speak(words_of(np.random.default_rng(1), 5), np.random.default_rng(1), margin_ms=0, pauses=0.0)
    assert features(speech.samples) == pytest.approx(features(speech.samples * 2), abs=0.05)


def test_features_change_where_the_sound_changes() -> None:
    """A tone of 300 Hz and then one of 2500: the frame in which it changes, to within one."""
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = np.where(time < 0.5, np.sin(600 * np.pi * time), np.sin(5000 * np.pi * time))
    cepstra = features((0.1 * tone).astype(np.float32))[:, :13]
    steps = np.abs(np.diff(cepstra, axis=0)).sum(axis=1)
    assert abs(int(np.argmax(steps)) + 1 - 50) <= 1


# Accuracy.


@pytest.mark.parametrize(("seed", "off_ms"), [(0, 120), (1, 200)])
def test_words_are_put_where_they_are(seed: int, off_ms: int) -> None:
    random = np.random.default_rng(seed)
    speeches = [speak(words_of(random, 15, (1, 1, 2)), random) for _ in range(4)]
    utterances = [utterance(speech, disturbed(speech.times, random, off_ms=off_ms)) for speech in speeches]
    model = learn(utterances)
    assert model is not None
    before = [e for s, u in zip(speeches, utterances, strict=True) for e in errors(s.times, u.times)]
    after = [e for s, u in zip(speeches, utterances, strict=True) for e in errors(s.times, align(u, model))]
    assert median(before) > 40
    assert median(after) < 10
    assert np.percentile(after, 90) < 30


def test_words_with_good_times_keep_them() -> None:
    random = np.random.default_rng(2)
    speech = speak(words_of(random, 50), random)
    exact = utterance(speech, speech.times)
    model = learn([exact])
    assert model is not None
    assert median(errors(speech.times, align(exact, model))) <= 10


def test_a_pause_belongs_to_no_word() -> None:
    """A model gives words the pause beside them; afterwards they end where it begins."""
    random = np.random.default_rng(3)
    speech = speak(words_of(random, 60), random, pauses=0.4)
    stretched = [(start, after[0]) for (start, _), after in pairwise(speech.times)]
    stretched.append((speech.times[-1][0], speech.times[-1][1] + 200))
    given_to_words = utterance(speech, stretched)
    model = learn([given_to_words])
    assert model is not None
    ends = [end for (_, end), (start, _) in pairwise(speech.times) if start - end >= 150]
    found = [b for (_, b), (_, end) in zip(align(given_to_words, model), speech.times, strict=True) if end in ends]
    assert len(ends) >= 15
    assert median(abs(a - b) for a, b in zip(found, ends, strict=True)) <= 30


def test_a_word_that_was_never_learnt_finds_its_place_by_its_kind() -> None:
    random = np.random.default_rng(4)
    speeches = [speak(words_of(random, 20), random) for _ in range(3)]
    model = learn([utterance(s, disturbed(s.times, random)) for s in speeches])
    assert model is not None
    other = speak([("ban",), ("quyết",), ("minh",), ("xoay",), ("cho",)], random, pauses=0.0)
    placed = align(utterance(other, disturbed(other.times, random)), model)
    assert median(errors(other.times, placed)) < 30


def test_words_that_are_not_vietnamese_are_placed_too() -> None:
    random = np.random.default_rng(5)
    speech = speak(words_of(random, 60), random)
    # The same sound, with every word that begins with m said to be foreign.
    foreign = Speech(tuple(("facebook",) if w == ("minh",) else w for w in speech.words), speech.times, speech.samples)
    assert ("facebook",) in foreign.words
    told = utterance(foreign, disturbed(speech.times, random))
    model = learn([told])
    assert model is not None
    assert median(errors(speech.times, align(told, model))) < 15


# What does not fit.


def test_of_too_few_syllables_nothing_is_learnt() -> None:
    random = np.random.default_rng(6)
    speech = speak(words_of(random, LEAST_SYLLABLES), random)
    enough = utterance(speech, speech.times)
    assert learn([enough]) is not None
    few = Utterance(enough.words[1:], enough.times[1:], enough.features, enough.quiet)
    assert learn([few]) is None
    assert learn([]) is None


def trained(seed: int = 7) -> tuple[SoundModel, np.random.Generator]:
    random = np.random.default_rng(seed)
    speech = speak(words_of(random, 60), random)
    model = learn([utterance(speech, speech.times)])
    assert model is not None
    return model, random


@pytest.mark.parametrize("frames", [1, 2, 20])
def test_sound_too_short_for_its_words_leaves_them_where_they_are(frames: int) -> None:
    model, random = trained()
    times = tuple((i * frames, (i + 1) * frames) for i in range(10))
    rows = random.normal(0, 1, (frames, 39))
    short = Utterance((("minh",),) * 10, times, rows, np.zeros(frames, dtype=np.bool_))
    assert align(short, model) == list(times)


def test_words_out_of_reach_leave_them_all_where_they_are() -> None:
    """Ten words of seven frames at least, all of them said to be in the same 100 ms: no path goes through."""
    model, random = trained()
    times = tuple((1000 + 10 * i, 1010 + 10 * i) for i in range(10))
    crowded = Utterance((("minh",),) * 10, times, random.normal(0, 1, (300, 39)), np.zeros(300, dtype=np.bool_))
    assert align(crowded, model) == list(times)


def test_one_utterance_that_fits_nothing_does_not_keep_others_from_being_learnt() -> None:
    random = np.random.default_rng(8)
    speech = speak(words_of(random, 60), random)
    good = utterance(speech, disturbed(speech.times, random))
    bad = Utterance((("minh",),) * 9, ((0, 10),) * 9, good.features[:5], good.quiet[:5])
    silent = Utterance((("cho",),), ((0, 100),), np.zeros((30, 39)), np.ones(30, dtype=np.bool_))
    model = learn([bad, good, silent])
    assert model is not None
    assert median(errors(speech.times, align(good, model))) < 15
    assert align(bad, model) == list(bad.times)


def test_a_word_moves_no_further_than_it_may_be_off() -> None:
    model, random = trained()
    speech = speak(words_of(random, 8), random)
    late = [(a + 600, b + 600) for a, b in speech.times]
    for (a, b), (new_a, new_b) in zip(late, align(utterance(speech, late), model), strict=True):
        assert a - 250 <= new_a < new_b <= b + 250


def test_a_word_without_syllables_keeps_its_time_and_is_in_nobody_s_way() -> None:
    """A lone dash is printed and not said."""
    random = np.random.default_rng(9)
    speech = speak(words_of(random, 60), random)
    told = utterance(speech, disturbed(speech.times, random))
    items = list(zip(told.words, told.times, strict=True))
    for place in range(48, 0, -8):
        end = items[place - 1][1][1]
        items.insert(place, ((), (end, end)))
    words, times = zip(*items, strict=True)
    dashed = Utterance(words, times, told.features, told.quiet)
    model = learn([dashed])
    assert model is not None
    placed = list(zip(words, align(dashed, model), strict=True))
    assert [time for word, time in placed if not word] == [time for word, time in items if not word]
    assert median(errors(speech.times, [time for word, time in placed if word])) < 10


MODEL = trained()[0]


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    lengths=st.lists(st.tuples(st.integers(1, 600), st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=12),
    rest=st.integers(0, 500),
    quiet=st.booleans(),
)
def test_words_come_out_in_order_and_apart_whatever_the_sound(
    seed: int, lengths: list[tuple[int, int, int]], rest: int, quiet: bool
) -> None:
    random = np.random.default_rng(seed)
    times, at = [], 0
    for length, gap, _ in lengths:
        times.append((at, at + length))
        at += length + gap
    frames = max(1, (at + rest) // FRAME_MS)
    words = [word for _, _, size in lengths for word in words_of(random, 1, (size,))]
    rows = np.zeros((frames, 39)) if quiet else random.normal(0, 3, (frames, 39))
    placed = align(Utterance(tuple(words), tuple(times), rows, np.full(frames, quiet)), MODEL)
    assert len(placed) == len(words)
    assert all(a < b for a, b in placed)
    assert all(b <= c for (_, b), (c, _) in pairwise(placed))
    assert placed == times or placed[-1][1] <= frames * FRAME_MS


@pytest.mark.parametrize("seed", [10, 11])
def test_what_is_learnt_of_noise_puts_words_in_order_and_apart(seed: int) -> None:
    random = np.random.default_rng(seed)
    speech = speak(words_of(random, 40, (1, 2)), random)
    told = utterance(speech, disturbed(speech.times, random, off_ms=300))
    noise = Utterance(told.words, told.times, random.normal(0, 1, told.features.shape), told.quiet)
    model = learn([noise])
    assert model is not None
    placed = align(noise, model)
    assert all(a < b for a, b in placed)
    assert all(b <= c for (_, b), (c, _) in pairwise(placed))
