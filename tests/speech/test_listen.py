"""Listening, with an engine whose answers are known and voice activity that is given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech import listen as module
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.listen import hear, listen
from mediakit.speech.voice_activity import FRAME_SAMPLES, Probabilities
from mediakit.speech.windows import SpeechWindow
from mediakit.timeline import Span, Word

INFO = EngineInfo("scripted", "none", None, "vi")


class Scripted:
    """Hears a word at each of some times, unless it is deaf to the beginning of long windows."""

    def __init__(self, *at_ms: int, deaf_ms: int = 0) -> None:
        self.at_ms, self.deaf_ms = at_ms, deaf_ms
        self.heard: list[tuple[int, int]] = []

    @property
    def info(self) -> EngineInfo:
        return INFO

    def hear(self, window: Window) -> tuple[Word, ...]:
        self.heard.append((window.start_ms, window.end_ms))
        deaf = self.deaf_ms if window.end_ms - window.start_ms > 5000 else 0
        low = window.start_ms + deaf
        return tuple(Word(t, t + 300, f"từ{t}", 0.9) for t in self.at_ms if low <= t and t + 300 <= window.end_ms)


class LoudIsSpeech:
    """Voice activity that takes whatever is not zero for speech."""

    def feed(self, block: Samples) -> Probabilities:
        loud: Probabilities = np.any(block.reshape(-1, FRAME_SAMPLES), axis=1).astype(np.float32)
        return loud

    def finish(self) -> Probabilities:
        return np.empty(0, dtype=np.float32)


@pytest.fixture(autouse=True)
def given_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "VoiceActivity", LoudIsSpeech)


def stream(*runs: tuple[int, bool]) -> Iterator[Samples]:
    """Blocks of 320 ms, loud or silent."""
    for ms, loud in runs:
        for _ in range(ms // 320):
            yield np.full(320 * SAMPLES_PER_MS, 0.5 if loud else 0.0, dtype=np.float32)


RUNS = ((3200, True), (3200, False), (6400, True), (3200, False))


def test_words_come_back_with_their_windows_and_levels(tmp_path: Path) -> None:
    engine = Scripted(100, 1000, 7000, 9000)
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        found = list(listen(stream(*RUNS), engine, log))
        assert [[w.text for w in h.words] for h in found] == [["từ100", "từ1000"], ["từ7000", "từ9000"]]
        assert all(len(h.levels) == (h.end_ms - h.start_ms) // 10 for h in found)
        assert log.windows == found


def test_what_was_heard_is_not_listened_to_again(tmp_path: Path) -> None:
    first, second = Scripted(100, 7000), Scripted()
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        begun = listen(stream(*RUNS), first, log)
        before = [next(begun)]
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        after = list(listen(stream(*RUNS), second, log))
    assert after[:1] == before
    assert len(after) == 2
    assert all(start > 3200 for start, _ in second.heard)


def test_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[int] = []
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        list(listen(stream(*RUNS), Scripted(), log, told.append))
    assert told == sorted(told)
    assert told[-1] == 16_000


def test_speech_that_was_passed_over_is_heard_again_by_itself() -> None:
    engine = Scripted(200, 900, 6000, deaf_ms=4000)
    window = Window(0, np.ones(10_000 * SAMPLES_PER_MS, dtype=np.float32))
    (hearing,) = hear([SpeechWindow(window, (Span(100, 1600), Span(5900, 6400)))], engine)
    assert [w.text for w in hearing.words] == ["từ200", "từ900", "từ6000"]
    assert engine.heard[1] == (0, 1800)


def test_a_window_of_which_nothing_is_heard_is_not_heard_twice() -> None:
    engine = Scripted()
    hear([SpeechWindow(Window(0, np.ones(2000 * SAMPLES_PER_MS, dtype=np.float32)), (Span(0, 2000),))], engine)
    assert len(engine.heard) == 1
