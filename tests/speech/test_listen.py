"""Listening, with an engine whose answers are known and voice activity that is given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech import listen as module
from mediakit.speech.engine import Engine, EngineInfo, HasCtcHead, Hearing, Window
from mediakit.speech.hear import hear, together
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.listen import language_spoken, listen
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


#: As much sound as lies around the speech of a window is heard with what was passed over.
MARGIN_MS = 992
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


def heard_in(cut: SpeechWindow, engine: Engine) -> Hearing:
    """What an engine hears in a window that has its passes for itself."""
    steps = hear(cut, engine.info.language)
    asked = next(steps)
    while True:
        try:
            asked = steps.send(together(asked, engine))
        except StopIteration as end:
            found: Hearing = end.value
            return found


def test_speech_that_was_passed_over_is_heard_again_by_itself() -> None:
    engine = Scripted(200, 900, 6000, deaf_ms=4000)
    window = Window(0, np.ones(10_000 * SAMPLES_PER_MS, dtype=np.float32))
    hearing = heard_in(SpeechWindow(window, (Span(100, 1600), Span(5900, 6400))), engine)
    assert [w.text for w in hearing.words] == ["từ200", "từ900", "từ6000"]
    assert engine.heard[1] == (0, 1600 + MARGIN_MS)


@pytest.mark.parametrize(
    ("speech", "at_ms", "again"),
    [
        pytest.param(((4000, 4300), (4700, 5000)), (), [(3008, 5992)], id="together as long as a piece that counts"),
        pytest.param(((4000, 4300), (4700, 4800)), (), [], id="together shorter"),
        pytest.param(((3000, 3300), (4300, 4600)), (), [], id="too far from each other"),
        pytest.param(((4000, 4300), (4700, 5000)), (4350,), [], id="with a word between"),
        pytest.param(
            ((4000, 4300), (4350, 4500), (4700, 5000)), (4300,), [], id="with a piece between that has a word"
        ),
    ],
)
def test_faint_speech_is_found_in_pieces_that_count_together(
    speech: tuple[tuple[int, int], ...], at_ms: tuple[int, ...], again: list[tuple[int, int]]
) -> None:
    engine = Scripted(200, *at_ms, 8000)
    heard_in(cut_of(10_000, (100, 600), *speech, (7900, 8400)), engine)
    assert engine.heard[1:] == again


def test_a_window_of_which_nothing_is_heard_is_not_heard_twice() -> None:
    engine = Scripted()
    heard_in(SpeechWindow(Window(0, np.ones(2000 * SAMPLES_PER_MS, dtype=np.float32)), (Span(0, 2000),)), engine)
    assert len(engine.heard) == 1


class Polyglot(Scripted):
    """Hears words in the language of a window; takes windows from some time on for English."""

    def __init__(self, *at_ms: int, english_from_ms: int, score: float = 0.9, deaf_ms: int = 0) -> None:
        super().__init__(*at_ms, deaf_ms=deaf_ms)
        self.english_from_ms, self.score = english_from_ms, score
        self.asked: list[int] = []
        self.languages: list[str | None] = []

    def hear(self, window: Window) -> tuple[Word, ...]:
        self.languages.append(window.language)
        return tuple(replace(word, score=self.score) for word in super().hear(window))

    def languages_of(self, window: Window) -> dict[str, float]:
        self.asked.append(window.start_ms)
        return {"en": 0.99, "vi": 0.001} if window.start_ms >= self.english_from_ms else {"en": 0.001, "vi": 0.99}

    def in_language(self, language: str) -> Polyglot:
        raise AssertionError("windows say their language")


def test_a_foreign_window_is_heard_and_kept_in_its_language(tmp_path: Path) -> None:
    engine = Polyglot(100, 1000, 7000, 9000, english_from_ms=5000)
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        found = list(listen(stream(*RUNS), engine, log))
    assert [heard.language for heard in found] == [None, "en"]
    assert engine.languages.count("en") >= 1
    assert None in engine.languages
    with HeardStore(tmp_path).open(HeardKey("x", 0, INFO)) as log:
        assert log.windows == found


class WithHead(Polyglot):
    """Has a CTC head that gives where its window begins."""

    def ctc(self, window: Window) -> bytes:
        assert window.language in (None, INFO.language)
        return b"%d" % window.start_ms


def test_what_a_ctc_head_gives_is_kept_with_the_words_of_ones_own_language(tmp_path: Path) -> None:
    runs = (*RUNS, *RUNS)
    for engine, kept in (
        (WithHead(100, 1000, 7000, 17_000, english_from_ms=15_000), [True, True, False, False]),
        (Polyglot(100, 1000, 7000, 17_000, english_from_ms=99_000), [False] * 4),
    ):
        with HeardStore(tmp_path / type(engine).__name__).open(HeardKey("x", 0, INFO)) as log:
            found = list(listen(stream(*runs), engine, log))
        assert [heard.language for heard in found] == [None, None, "en" if any(kept) else None, None]
        assert [bool(heard.words) for heard in found] == [True, True, True, False]
        assert [heard.ctc for heard in found] == [b"%d" % h.start_ms * has for h, has in zip(found, kept, strict=True)]
    assert isinstance(WithHead(english_from_ms=0), HasCtcHead)


def test_what_was_passed_over_leaves_the_frames_of_the_whole_window() -> None:
    engine = WithHead(1000, 8000, deaf_ms=5000, english_from_ms=99_000)
    found = heard_in(cut_of(10_000, (500, 2500), (7500, 9500)), engine)
    assert (len(found.words), found.ctc) == (2, b"0")


def test_what_is_not_surely_heard_is_not_foreign() -> None:
    engine = Polyglot(1000, 3000, english_from_ms=0, score=0.4)
    found = heard_in(cut_of(10_000), engine)
    assert found.language is None
    assert engine.languages[:2] == ["en", None]
    assert set(engine.languages[2:]) <= {"vi"}


def test_what_was_passed_over_is_heard_in_the_language_of_its_window() -> None:
    for english_from_ms, language in ((0, "en"), (99_000, "vi")):
        engine = Polyglot(1000, 8000, deaf_ms=5000, english_from_ms=english_from_ms)
        found = heard_in(cut_of(10_000, (500, 2500), (7500, 9500)), engine)
        assert len(found.words) == 2
        assert engine.languages[-1] == language
        assert engine.asked == [0], "a part of a window is not asked again"
        assert found.language == (language if language != "vi" else None)


def test_the_language_of_a_medium_is_told_by_its_first_minute_of_speech() -> None:
    late, early = Polyglot(english_from_ms=70_000), Polyglot(english_from_ms=10_000)
    minutes = [(6400, True), (3200, False)] * 20
    assert language_spoken(stream(*minutes), late) == "vi"
    assert language_spoken(stream(*minutes), early) == "en"
    assert len(late.asked) == 10
    assert language_spoken(stream((6400, False)), late) == "vi"


def cut_of(length_ms: int, *speech: tuple[int, int]) -> SpeechWindow:
    """A window of sound with speech in it, by default all of it."""
    spans = tuple(Span(*span) for span in speech) or (Span(0, length_ms),)
    return SpeechWindow(Window(0, np.full(length_ms * SAMPLES_PER_MS, 0.5, dtype=np.float32)), spans)


class Stretching(Scripted):
    """In long windows it passes over what is said in the middle, and gives that time to the word after it."""

    def hear(self, window: Window) -> tuple[Word, ...]:
        words = super().hear(window)
        if window.end_ms - window.start_ms <= 6000:
            return words
        first, *_, last = words
        return first, replace(last, start_ms=first.end_ms)


def test_speech_that_was_given_to_a_word_as_its_time_is_heard_again() -> None:
    window = Window(0, np.full(8000 * SAMPLES_PER_MS, 0.5, dtype=np.float32))
    speech = (Span(0, 500), Span(2500, 4500), Span(7300, 8000))
    engine = Stretching(100, 3000, 3600, 7500)
    found = heard_in(SpeechWindow(window, speech), engine)
    assert [word.text for word in found.words] == ["từ100", "từ3000", "từ3600", "từ7500"]
    assert found.words[-1] == Word(7500, 7800, "từ7500", 0.9)
    assert engine.heard[1:] == [(2500 - MARGIN_MS, 4500 + MARGIN_MS)]


class Looping(Scripted):
    """In long windows it says one word again and again from a time on, and in short ones, too, where it is hopeless."""

    def __init__(self, *at_ms: int, from_ms: int, hopeless: bool = False) -> None:
        super().__init__(*at_ms)
        self.from_ms, self.hopeless = from_ms, hopeless

    def hear(self, window: Window) -> tuple[Word, ...]:
        words = super().hear(window)
        if window.end_ms - window.start_ms <= 6000 and not self.hopeless:
            return words
        before = (word for word in words if word.start_ms < self.from_ms)
        first = max(self.from_ms, window.start_ms)
        return (*before, *(Word(t, t + 400, "ạc", 1.0) for t in range(first, window.end_ms - 400, 400)))


def test_speech_over_which_the_engine_loops_is_heard_again() -> None:
    engine = Looping(100, 600, 3000, 3500, 6500, from_ms=1200)
    found = heard_in(cut_of(8000, (0, 1000), (2500, 4500), (6400, 7000)), engine)
    assert [word.text for word in found.words] == ["từ100", "từ600", "ạc", "từ3000", "từ3500", "từ6500"]
    assert engine.heard[1:] == [(1600, 4500 + MARGIN_MS), (6400 - MARGIN_MS, 7000 + MARGIN_MS)]


@pytest.mark.parametrize("at_ms", [(100, 600), (100, 600, 3000)])
def test_a_loop_stays_to_be_judged_where_nothing_else_is_heard(at_ms: tuple[int, ...]) -> None:
    engine = Looping(*at_ms, from_ms=1200, hopeless=len(at_ms) > 2)
    cut = cut_of(8000, (0, 1000), (2500, 4500))
    first = engine.hear(cut.window)
    assert heard_in(cut, engine).words == first
    assert engine.heard[2:] == [(1600, 4500 + MARGIN_MS)]
