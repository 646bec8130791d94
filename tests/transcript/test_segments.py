"""Segments along a sentence of the article, with words that were added and without those that were left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mediakit.grounding.verdict import coverage
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, follows, untied


def along(*own: bool, each_ms: int = 100, end_ms: int = 1000) -> Segment:
    """A segment along `p1s1` of as many words; each says whether it is the article's."""
    words = tuple(Word(n * each_ms, (n + 1) * each_ms, "từ", 1.0, one) for n, one in enumerate(own))
    return Segment(0, end_ms, "từ", "", "article", "p1s1", 1.0, words)


def test_what_is_heard_is_not_the_article_s() -> None:
    assert not Word(0, 1, "từ", 1.0).article


@pytest.mark.parametrize("own", [(True,), (True, False), (False, True), (True, False, True)])
def test_half_of_the_words_are_enough(own: tuple[bool, ...]) -> None:
    assert follows(along(*own).words)


@pytest.mark.parametrize("own", [(False,), (False, True, False)])
def test_less_than_half_are_not(own: tuple[bool, ...]) -> None:
    with pytest.raises(ValueError, match="less than half"):
        along(*own)


def test_free_speech_has_no_word_of_the_article() -> None:
    with pytest.raises(ValueError, match="free speech"):
        replace(along(True), source="speech", sentence=None)
    free = untied(along(True, False))
    assert (free.source, free.sentence, [word.article for word in free.words]) == ("speech", None, [False, False])


def test_coverage_is_by_the_time_of_the_article_s_words() -> None:
    # Pauses inside a segment count with its words: one whose words all are the article's counts whole.
    assert coverage([along(True, True)]) == 1.0
    assert coverage([along(True, False)]) == 0.5
    assert coverage([along(True, True, False, True)]) == 0.75
    assert coverage([along(True, True), replace(untied(along(True)), start_ms=0, end_ms=3000)]) == 0.25
    assert coverage([]) == 0.0
