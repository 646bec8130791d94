"""Puts the words of grounded segments where they are said: forced alignment over the sound of the whole recording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np

from mediakit.grounding.timing import Loudness, spread
from mediakit.speech.engine import Window
from mediakit.speech.forced_alignment import FRAME_MS, Times, Utterance, align, features, learn
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.numbers import Syllables

#: Gives the sound between two times, at most 30 s of it.
Sound = Callable[[int, int], Window]
#: What is said in a segment: for its sentence and its text the syllables of each of its words.
Said = Mapping[tuple[str, str], tuple[Syllables, ...]]

#: Sound before and after a segment, so that the model learns what a pause is.
_MARGIN_MS = 250
#: The sound is asked for in stretches of at most 30 s.
_LONGEST_MS = 28_000
#: So much speech from all over a recording is enough to learn from.
_LEARN_FROM_MS = 300_000


def with_word_times(segments: Sequence[Segment], said: Said, sound: Sound, loudness: Loudness) -> list[Segment]:
    """The segments, those of the article with their words where the recording's own syllables are.

    The edges of segments stay. `sound` is asked for the segments in order of time, twice where the recording is long.
    """
    places = [i for i, s in enumerate(segments) if s.sentence and s.end_ms - s.start_ms <= _LONGEST_MS]
    learning = {i: _utterance(segments[i], said, sound, loudness) for i in _spread_out(segments, places)}
    model = learn(list(learning.values()))
    if model is None:
        return list(segments)
    result = list(segments)
    for i in places:
        utterance = learning.get(i) or _utterance(segments[i], said, sound, loudness)
        result[i] = _moved(segments[i], align(utterance, model))
    return result


def _spread_out(segments: Sequence[Segment], places: Sequence[int]) -> Iterator[int]:
    """Places from all over the recording, as many as are enough to learn from."""
    lengths = [segments[i].end_ms - segments[i].start_ms for i in places]
    step = max(1.0, sum(lengths) / _LEARN_FROM_MS)
    due = 0.0
    for i, length, at in zip(places, lengths, accumulate(lengths, initial=0), strict=False):
        if at >= due:
            yield i
            due += step * length


def _utterance(segment: Segment, said: Said, sound: Sound, loudness: Loudness) -> Utterance:
    start, end = _begin_ms(segment), segment.end_ms + _MARGIN_MS
    rows = features(sound(start, end).samples)
    quiet = np.zeros(len(rows), dtype=np.bool_)
    for first, last in loudness.pauses(start, end):
        quiet[(first - start) // FRAME_MS : (last - start) // FRAME_MS] = True
    times = tuple((word.start_ms - start, word.end_ms - start) for word in segment.words)
    return Utterance(said[segment.sentence or "", segment.text], times, rows, quiet)


def _begin_ms(segment: Segment) -> int:
    return max(0, segment.start_ms - _MARGIN_MS)


def _moved(segment: Segment, times: Times) -> Segment:
    """The segment with its words at new times, all of them inside it."""
    start = _begin_ms(segment)
    inside = [
        (min(max(a + start, segment.start_ms), segment.end_ms), min(max(b + start, segment.start_ms), segment.end_ms))
        for a, b in times
    ]
    ordered = spread(inside, segment.start_ms, segment.end_ms)
    words = tuple(replace(w, start_ms=a, end_ms=b) for w, (a, b) in zip(segment.words, ordered, strict=True))
    return replace(segment, words=words)
