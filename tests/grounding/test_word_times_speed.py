"""What word times cost on real speech: five minutes of it, all of which is learnt from."""

from __future__ import annotations

import json
import time
from bisect import bisect_left
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
import pytest

from mediakit.grounding.timing import MIN_WORD_MS, Loudness
from mediakit.grounding.word_times import with_word_times
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Heard, Window
from mediakit.speech.levels import levels
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.spoken import spoken

pytestmark = [pytest.mark.slow, pytest.mark.alone]

READINGS = ("ban-tin-day-du.mp3", "ban-tin-mot-phan.mp3", "ban-tin-dao-thu-tu.mp3")
SPEECH_MS = 300_000
#: Seconds of processor time. On two busy cores it was 1.6 with BLAS on one thread, 3.7 with BLAS on two.
MOST_SECONDS = 6.0


def spoken_segments(readings: Path) -> tuple[list[Segment], Samples]:
    """Readings one after the other, their sentences at their true edges, words evenly inside; five minutes of them."""
    segments: list[Segment] = []
    sounds: list[Samples] = []
    at = 0
    for name in READINGS:
        path = readings / name
        sounds.append(np.concatenate(list(decode(path, choose_audio(probe(path))))))
        truth = json.loads(path.with_suffix(".truth.json").read_text(encoding="utf-8"))
        for item in truth["spoken"]:
            text = [word for word in item["text"].split() if spoken(word)]
            start, end = at + item["start_ms"], at + item["end_ms"]
            edges = [start + (end - start) * i // len(text) for i in range(len(text) + 1)]
            words = tuple(
                Word(a, b, word, 0.9, article=True) for word, (a, b) in zip(text, pairwise(edges), strict=True)
            )
            identity = f"p1s{len(segments) + 1}"
            segments.append(Segment(start, end, " ".join(text), "", "article", identity, 0.9, words))
        at += len(sounds[-1]) // SAMPLES_PER_MS
    spoken_ms = list(accumulate(s.end_ms - s.start_ms for s in segments))
    return segments[: bisect_left(spoken_ms, SPEECH_MS)], np.concatenate(sounds)


def test_five_minutes_cost_seconds(readings: Path) -> None:
    segments, samples = spoken_segments(readings)
    assert sum(s.end_ms - s.start_ms for s in segments) >= 0.95 * SPEECH_MS
    loudness = Loudness.of([Heard(0, len(samples) // SAMPLES_PER_MS, (), levels(samples))])
    said = {(s.sentence or "", s.text): tuple(spoken(w.text) for w in s.words) for s in segments}

    def sound(start_ms: int, end_ms: int) -> Window:
        return Window(start_ms, samples[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS])

    began = time.process_time()
    timed = with_word_times(segments, said, sound, loudness)
    took = time.process_time() - began
    assert took < MOST_SECONDS
    assert timed != segments
    for before, after in zip(segments, timed, strict=True):
        assert (before.start_ms, before.end_ms, before.text) == (after.start_ms, after.end_ms, after.text)
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(after.words))
        assert min(w.end_ms - w.start_ms for w in after.words) >= MIN_WORD_MS
