"""Words of segments put where they are said: on sound whose borders are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

import numpy as np
import pytest

from mediakit.grounding.timing import MIN_WORD_MS, Loudness
from mediakit.grounding.word_times import Said, with_word_times
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Heard, Window
from mediakit.speech.levels import levels
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, untied
from tests.grounding.synthetic import SYLLABLES, Speech, disturbed, speak

Times = Sequence[tuple[int, int]]


class Recording:
    """Sentences of single syllables, one after the other; what is asked of its sound is kept in `asked`."""

    def __init__(self, seed: int, *sizes: int) -> None:
        random = np.random.default_rng(seed)
        self.random, self.asked = random, list[tuple[int, int]]()
        self.segments: list[Segment] = []
        self.truth: list[Times] = []
        sounds: list[Samples] = []
        at = 0
        for number, size in enumerate(sizes):
            speech = speak([(SYLLABLES[int(i)],) for i in random.integers(0, len(SYLLABLES), size)], random)
            times = [(a + at, b + at) for a, b in speech.times]
            self.truth.append(times)
            self.segments.append(self._segment(f"p1s{number + 1}", speech, times))
            sounds.append(speech.samples)
            at += len(speech.samples) // SAMPLES_PER_MS
        self.samples = np.concatenate(sounds)
        self.loudness = Loudness.of([Heard(0, at, (), levels(self.samples))])
        self.duration_ms = at

    def _segment(self, identity: str, speech: Speech, times: Times) -> Segment:
        """A segment with its edges on the sound, as they are by then, and the times of its words disturbed."""
        start, end = times[0][0], times[-1][1]
        moved = [(min(max(a, start), end), min(max(b, start), end)) for a, b in disturbed(times, self.random)]
        moved[0] = (start, moved[0][1])
        words, last = [], start
        for place, (a, b) in enumerate(moved):
            a = min(max(a, last), end - (len(moved) - place))
            last = end if place + 1 == len(moved) else min(max(b, a + 1), end - (len(moved) - place - 1))
            words.append(Word(a, last, speech.words[place][0], 0.9, article=True))
        return Segment(start, end, " ".join(w.text for w in words), "", "article", identity, 0.9, tuple(words))

    @property
    def said(self) -> Said:
        return {(s.sentence or "", s.text): tuple((w.text,) for w in s.words) for s in self.segments}

    def sound(self, start_ms: int, end_ms: int) -> Window:
        assert end_ms - start_ms <= 30_000
        self.asked.append((start_ms, end_ms))
        found = np.zeros((end_ms - start_ms) * SAMPLES_PER_MS, dtype=np.float32)
        part = self.samples[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]
        found[: len(part)] = part
        return Window(start_ms, found)

    def timed(self) -> list[Segment]:
        return with_word_times(self.segments, self.said, self.sound, self.loudness)

    def off(self, segments: Sequence[Segment], places: Sequence[int] | None = None) -> float:
        """How far the borders between words are off, in the median, in milliseconds."""
        found = [
            abs(a - b)
            for place in (range(len(segments)) if places is None else places)
            for word, time in zip(segments[place].words, self.truth[place], strict=True)
            for a, b in zip((word.start_ms, word.end_ms), time, strict=True)
        ]
        return median(found)


def assert_sound(before: Sequence[Segment], after: Sequence[Segment]) -> None:
    """Segments are the same but for the times of their words, which are in order, inside, and none too short."""
    assert [replace(s, words=b.words) for s, b in zip(after, before, strict=True)] == list(before)
    for segment, was in zip(after, before, strict=True):
        assert [(w.text, w.score) for w in segment.words] == [(w.text, w.score) for w in was.words]
        assert segment.start_ms <= segment.words[0].start_ms
        assert segment.words[-1].end_ms <= segment.end_ms
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(segment.words))
        if segment.end_ms - segment.start_ms >= MIN_WORD_MS * len(segment.words):
            assert min(w.end_ms - w.start_ms for w in segment.words) >= MIN_WORD_MS


def test_words_are_put_where_they_are() -> None:
    recording = Recording(0, 12, 15, 9, 14)
    before = recording.off(recording.segments)
    timed = recording.timed()
    assert_sound(recording.segments, timed)
    assert before > 35
    assert recording.off(timed) < 10


def test_of_too_little_speech_nothing_changes() -> None:
    recording = Recording(1, 20, 19)
    assert recording.timed() == recording.segments


def test_nothing_gives_nothing() -> None:
    recording = Recording(1, 20)
    assert with_word_times([], {}, recording.sound, recording.loudness) == []
    assert recording.asked == []


def test_free_speech_stays_as_it_is_and_is_not_listened_to() -> None:
    recording = Recording(2, 25, 10, 25)
    free = untied(recording.segments[1])
    recording.segments[1] = free
    timed = recording.timed()
    assert timed[1] == free
    assert recording.off(timed, [0, 2]) < 10 < recording.off(recording.segments, [0, 2])
    assert all(end <= free.start_ms or start >= free.end_ms for start, end in recording.asked)


def test_the_sound_is_asked_for_in_order_of_time_and_once() -> None:
    recording = Recording(3, 15, 15, 15)
    recording.timed()
    assert recording.asked == sorted(recording.asked)
    assert len(recording.asked) == 3


def test_a_segment_longer_than_a_window_stays_as_it_is() -> None:
    recording = Recording(4, 45, 130, 20)
    assert recording.segments[1].end_ms - recording.segments[1].start_ms > 28_000
    timed = recording.timed()
    assert timed[1] == recording.segments[1]
    assert recording.off(timed, [0, 2]) < 10


def test_of_a_long_recording_a_spread_of_segments_is_learnt_from(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mediakit.grounding.word_times._LEARN_FROM_MS", 10_000)
    recording = Recording(5, *[6] * 16)
    length = sum(s.end_ms - s.start_ms for s in recording.segments)
    assert length > 20_000
    timed = recording.timed()
    # First those that are learnt from, through the whole recording; then those that are left.
    second_pass = next(i for i in range(1, len(recording.asked)) if recording.asked[i] < recording.asked[i - 1])
    learnt, others = recording.asked[:second_pass], recording.asked[second_pass:]
    assert 0.7 * 10_000 <= sum(end - start - 500 for start, end in learnt) <= 1.3 * 10_000
    assert learnt[0][0] < recording.duration_ms / 4
    assert learnt[-1][1] > recording.duration_ms * 3 / 4
    assert max(b - a for (a, _), (b, _) in pairwise(learnt)) < recording.duration_ms / 3
    assert sorted(learnt + others) == sorted(set(learnt + others))
    assert len(learnt) + len(others) == 16
    assert_sound(recording.segments, timed)
    assert recording.off(timed) < 15


def test_words_squeezed_together_are_none_of_them_too_short() -> None:
    """Two sentences of which one has far too many words for its time."""
    recording = Recording(6, 45, 10)
    crowded = recording.segments[1]
    begin_ms = crowded.start_ms
    words = [Word(begin_ms + 30 * i, begin_ms + 30 * (i + 1), "minh", 0.5, article=True) for i in range(40)]
    recording.segments[1] = replace(
        crowded,
        text=" ".join(w.text for w in words),
        end_ms=max(crowded.end_ms, words[-1].end_ms),
        words=tuple(words),
    )
    assert_sound(recording.segments, recording.timed())


@pytest.mark.parametrize(("seed", "shift_ms"), [(7, -300), (8, 300), (9, 40_000)])
def test_segments_come_out_sound_wherever_the_sound_is(seed: int, shift_ms: int) -> None:
    """The sound is not where the segments are, and at last there is none."""
    recording = Recording(seed, 1, 1, 2, 3, 13, 21, 2)
    sound = recording.sound

    def shifted(start_ms: int, end_ms: int) -> Window:
        at = max(0, start_ms + shift_ms)
        return Window(start_ms, sound(at, at + end_ms - start_ms).samples)

    timed = with_word_times(recording.segments, recording.said, shifted, recording.loudness)
    assert timed != recording.segments
    assert_sound(recording.segments, timed)
