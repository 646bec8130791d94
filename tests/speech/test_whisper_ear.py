"""Windows heard together are heard as each by itself: by the real model, on real speech."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from mediakit.jobs.settings import Desk
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS
from mediakit.speech.engine import HearsTogether, Window
from mediakit.speech.engines.whisper_ear import most_tokens
from mediakit.speech.engines.whisper_encoder import room_for
from mediakit.speech.languages import KnowsLanguages, foreign
from mediakit.vietnamese.normal import fold
from tests.speech.foreign_voice import ENGLISH, say, sound_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine() -> HearsTogether:
    engine = Desk().engine.opened
    assert isinstance(engine, HearsTogether)
    return engine


@pytest.fixture(scope="module")
def clips(shared: Path) -> list[tuple[Window, str]]:
    """Clips of different lengths, each at a time of its own, and what is said in them."""
    with (shared / "speech" / "clips.tsv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file, delimiter="\t"), key=lambda row: float(row["duration_s"]))
    found = []
    for number, row in enumerate(rows[:: len(rows) // 7]):
        path = shared / "speech" / "clips" / row["file"]
        samples = np.concatenate(list(decode(path, choose_audio(probe(path), None))))
        found.append((Window(100_000 * number, samples), row["transcript"]))
    return found


def test_the_others_of_a_pass_change_nothing(engine: HearsTogether, clips: list[tuple[Window, str]]) -> None:
    windows = [window for window, _ in clips]
    assert len(windows) > 4
    together = engine.hear_together(windows)
    backwards = engine.hear_together(windows[::-1])
    alone = [engine.hear_together([window])[0] for window in windows]
    assert together == alone
    assert backwards[::-1] == alone


def test_what_is_said_is_heard_where_it_is_said(engine: HearsTogether, clips: list[tuple[Window, str]]) -> None:
    windows = [window for window, _ in clips]
    right = total = 0
    for (window, text), hearing in zip(clips, engine.hear_together(windows), strict=True):
        heard = [fold(word.text.strip(".,?!")) for word in hearing.words]
        said = [fold(word) for word in text.split()]
        right, total = right + sum(word in heard for word in said), total + len(said)
        assert all(window.start_ms <= w.start_ms < w.end_ms <= window.end_ms for w in hearing.words)
        (signals,) = hearing.signals
        assert signals.span.start_ms == hearing.words[0].start_ms
    assert right > 0.5 * total, "Whisper base has about half of the words right"


def test_english_among_vietnamese_is_heard_in_english_and_the_others_as_before(
    engine: HearsTogether, clips: list[tuple[Window, str]], tmp_path: Path
) -> None:
    windows = [window for window, _ in clips]
    before = engine.hear_together(windows)
    english = Window(900_000, sound_of(say(tmp_path / "en.wav")))
    *others, heard = engine.hear_together([*windows, english])
    assert repr(others) == repr(before)
    assert {hearing.language for hearing in others} == {None}
    assert heard.language == "en"
    words = [fold(word.text.strip(".,")) for word in heard.words]
    said = [fold(word.strip(".,")) for word in ENGLISH.split()]
    assert sum(a == b for a, b in zip(words, said, strict=True)) >= len(said) - 2
    (told,) = engine.hear_together([replace(english, language="vi")])
    assert told.language is None, "what is known is not asked"


def test_no_vietnamese_clip_is_taken_for_foreign(engine: HearsTogether, shared: Path) -> None:
    """Every second of 117, with silence around them as windows have it."""
    assert isinstance(engine, KnowsLanguages)
    faint = np.random.default_rng(0).normal(0, 1e-3, SAMPLE_RATE).astype(np.float32)
    windows = [
        Window(0, np.concatenate([faint, sound_of(path), faint]))
        for path in sorted((shared / "speech" / "clips").iterdir())[::2]
    ]
    assert len(windows) == 59
    # To hear all of them takes minutes; what is not suspected is heard as it ever was.
    suspects = [w for w in windows if foreign(engine.languages_of(w), "vi", w.end_ms) is not None]
    assert len(suspects) <= 3
    assert [hearing.language for hearing in engine.hear_together(suspects)] == [None] * len(suspects)


def test_silence_and_what_is_too_short_for_a_word_have_none(engine: HearsTogether) -> None:
    silence = Window(0, np.zeros(6 * SAMPLE_RATE, dtype=np.float32))
    short = Window(0, np.full(10 * SAMPLES_PER_MS, 0.1, dtype=np.float32))
    found = engine.hear_together([silence, short, Window(0, silence.samples[:0])])
    assert [hearing.words for hearing in found] == [(), (), ()]
    assert engine.hear_together([]) == []


def test_a_window_has_room_for_its_sound_and_some_silence() -> None:
    rooms = [room_for(np.zeros(SAMPLE_RATE * s, np.float32), silence=50, step=200, least=1200) for s in (1, 12, 15, 30)]
    assert rooms == [1200, 1400, 1600, 3000]
    assert most_tokens(3000) < 448 - 8


def words_wrong(texts: list[str], said: list[str]) -> int:
    return sum(
        Levenshtein.distance(fold(text).split(), [fold(word.strip(".,?!")) for word in heard.split()])
        for text, heard in zip(said, texts, strict=True)
    )


def test_the_language_mends_more_than_it_breaks(
    clips: list[tuple[Window, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Desk().engine.opened._ear  # type: ignore[attr-defined]

    def heard() -> list[str]:
        return [" ".join(ear.texts_of(window)[0].words) for window, _ in clips]

    said = [text for _, text in clips]
    monkeypatch.setattr(ear, "_head", None)
    fused = words_wrong(heard(), said)
    monkeypatch.setattr(ear, "_language_on", lambda sound, tongue: None)
    assert fused < words_wrong(heard(), said)


def test_with_a_head_less_is_left_out(clips: list[tuple[Window, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sentences a window, of which a decoder would as soon leave one out."""
    ear = Desk().engine.opened._ear  # type: ignore[attr-defined]
    pause, pairs = np.zeros(SAMPLE_RATE // 2, np.float32), list(zip(clips[::2], clips[1::2], strict=False))
    windows = [Window(0, np.concatenate([one.samples, pause, other.samples])) for (one, _), (other, _) in pairs]
    said = [f"{first} {second}" for (_, first), (_, second) in pairs]

    def wrong() -> int:
        return words_wrong([" ".join(ear.texts_of(window)[0].words) for window in windows], said)

    joint = wrong()
    monkeypatch.setattr(ear, "_head", None)
    assert joint < wrong()


def test_the_first_of_two_sentences_is_not_left_out_nor_said_twice(
    engine: HearsTogether, clips: list[tuple[Window, str]]
) -> None:
    """An attention decoder would as soon begin with the second. (That it may end before the second is known.)"""
    pause = np.zeros(SAMPLE_RATE // 2, np.float32)
    for (one, first), (other, _) in pairwise(clips[1:4]):
        samples = np.concatenate([one.samples, pause, other.samples])
        (hearing,) = engine.hear_together([Window(0, samples)])
        before = [word for word in hearing.words if word.middle_ms < one.end_ms - one.start_ms]
        assert 0.5 <= len(before) / len(first.split()) <= 1.4, (first, hearing.words)
