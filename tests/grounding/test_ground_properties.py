"""What holds for every grounding, whatever was said, and whatever engine and head heard of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mediakit.article.document import Article
from mediakit.grounding.ground import Grounding, ground
from mediakit.speech.ctc.frames import FRAME_MS, Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import Heard
from mediakit.transcript.segments import Segment, follows
from tests.grounding.planted import NOISY, TEXT, Stage, article

ADLIB = ("trời hôm nay mưa to lắm", "xin mời quý vị đi qua cầu mới", "ừ", "cảm ơn")
ALL = settings(max_examples=15, deadline=None)


def deceived(stage: Stage, seed: int) -> Stage:
    """The stage with a head that hears anything: a row of any sounds, each in a frame of its own."""
    dice = np.random.default_rng(seed)
    weights = dice.exponential(size=(stage.duration_ms // FRAME_MS, len(inventory().units) + 1)) ** dice.integers(1, 9)
    heard = np.log(np.maximum(weights / weights.sum(axis=1, keepdims=True), 1e-30)).astype(np.float32)
    stage.heard = [replace(one, ctc=Frames.of(0, heard).packed()) for one in stage.heard]
    return stage


@st.composite
def spoken_items(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Sentences of the article whole, in part and misheard, in any order, with ad-lib between."""
    items = []
    for _ in range(draw(st.integers(1, 4))):
        text = draw(st.sampled_from((*TEXT, *ADLIB)))
        words = text.split()
        first = draw(st.integers(0, max(0, len(words) - 2)))
        said = " ".join(words[first if draw(st.booleans()) else 0 :])
        heard = draw(st.sampled_from((said.lower(), NOISY.get(said, said), "ờ mờ ơ à", *ADLIB[:2])))
        items.append((said, heard))
    return items


def is_in_order(words: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether words stand in that order among the printed ones."""
    left = iter(printed)
    return all(word in left for word in words)


def assert_heard(segment: Segment, text: Article) -> None:
    """Free speech is what was heard, but for names of the article, which are spelt as it spells them."""
    named = {word.strip(".,") for s in text.sentences for word in s.text.split() if word[:1].isupper()}
    for word, heard in zip(segment.text.split(), segment.heard.split(), strict=True):
        assert word == heard or word.strip(".,") in named


def assert_sound(found: Grounding, heard: Sequence[Heard], text: Article, duration_ms: int) -> None:
    sentences = {s.id: s.text for s in text.sentences}
    segments = found.segments
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(segments))
    assert all(0 <= s.start_ms < s.end_ms <= duration_ms for s in segments)
    for segment in segments:
        assert segment.start_ms <= segment.words[0].start_ms
        assert segment.words[-1].end_ms <= segment.end_ms
        assert all(w.start_ms < w.end_ms for w in segment.words)
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(segment.words))
        words = [part for w in segment.words for part in w.text.split()]
        assert words == segment.text.split()
        if segment.sentence is not None:
            own = [part for w in segment.words if w.article for part in w.text.split()]
            assert is_in_order(own, sentences[segment.sentence].split())
            assert follows(segment.words)
        else:
            assert_heard(segment, text)
    tokens = [word.text for window in heard for word in window.words]
    free = [word for s in segments if s.sentence is None for word in s.heard.split()]
    rest = iter(tokens)
    assert all(word in rest for word in free), "words of free speech are heard words, in order"
    kept = [word for s in segments for word in s.heard.split()]
    assert Counter(kept) == Counter(tokens), "each heard word is kept once"
    assert set(found.unread) == set(sentences) - {s.sentence for s in segments}
    assert 0 <= found.coverage <= 1


@ALL
@given(
    items=spoken_items(),
    pauses=st.lists(st.sampled_from((0, 40, 200, 900)), min_size=4, max_size=4),
)
def test_with_a_good_head(items: list[tuple[str, str]], pauses: list[int]) -> None:
    stage = Stage(*items, pauses=pauses)
    assert_sound(stage.ground(article(*TEXT)), stage.heard, article(*TEXT), stage.duration_ms)


@ALL
@given(
    items=spoken_items(),
    pauses=st.lists(st.sampled_from((0, 40, 200, 900)), min_size=4, max_size=4),
    seed=st.integers(0, 1000),
)
@example(items=[("cảm ơn", "cảm ơn"), ("cảm ơn", "xin mời quý vị đi qua cầu mới")], pauses=[0, 200, 0, 0], seed=2)
def test_with_a_head_that_hears_anything(items: list[tuple[str, str]], pauses: list[int], seed: int) -> None:
    stage = deceived(Stage(*items, pauses=pauses), seed)
    assert_sound(stage.ground(article(*TEXT)), stage.heard, article(*TEXT), stage.duration_ms)


@ALL
@given(items=spoken_items(), pauses=st.lists(st.sampled_from((0, 40, 200, 900)), min_size=4, max_size=4))
def test_by_the_words_alone(items: list[tuple[str, str]], pauses: list[int]) -> None:
    stage = Stage(*items, pauses=pauses)
    assert_sound(stage.ground(article(*TEXT), head=False), stage.heard, article(*TEXT), stage.duration_ms)


@ALL
@given(items=spoken_items(), cut=st.floats(0.1, 0.9))
def test_in_two_windows(items: list[tuple[str, str]], cut: float) -> None:
    """The speech in two windows, with words of none of them over the edge."""
    stage = Stage(*items)
    (heard,) = stage.heard
    at = int(stage.duration_ms * cut) // 10 * 10
    windows = [
        Heard(0, at, tuple(w for w in heard.words if w.end_ms <= at), heard.levels[: at // 10], ctc=stage.ctc(0, at)),
        Heard(
            at,
            heard.end_ms,
            tuple(w for w in heard.words if w.start_ms >= at),
            heard.levels[at // 10 :],
            ctc=stage.ctc(at, heard.end_ms),
        ),
    ]
    found = ground(windows, article(*TEXT), duration_ms=stage.duration_ms, sound=stage.sound)
    assert_sound(found, windows, article(*TEXT), stage.duration_ms)
