"""A judge that remembers asks for each text on each stretch once, and answers as the other judge does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Window
from mediakit.speech.evidence import Evidence, Judge, WordEvidence
from mediakit.speech.remembered import RememberingJudge


class Counting:
    """Weighs a text by its length and the window by its start, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        self.asked += [(window.start_ms, text) for text in texts]
        start = window.start_ms
        return tuple(Evidence((WordEvidence(start, start + 1, float(len(text)), 1),)) for text in texts)


def window(start_ms: int, duration_ms: int = 100) -> Window:
    return Window(start_ms, np.zeros(duration_ms * SAMPLES_PER_MS, dtype=np.float32))


def test_answers_are_the_others_and_each_is_asked_for_once() -> None:
    other = Counting()
    judge: Judge = RememberingJudge(other)
    texts = ["một", "hai ba", "một"]
    expected = Counting().weigh(window(5), texts)
    assert judge.weigh(window(5), texts) == expected
    assert judge.weigh(window(5), texts) == expected
    assert other.asked == [(5, "một"), (5, "hai ba")]


def test_another_stretch_and_another_length_are_asked_for() -> None:
    other = Counting()
    judge = RememberingJudge(other)
    judge.weigh(window(0), ["một"])
    judge.weigh(window(7), ["một"])
    judge.weigh(window(0, 200), ["một"])
    assert other.asked == [(0, "một"), (7, "một"), (0, "một")]
    assert judge.weigh(window(0), []) == ()
