"""No invented speech, on real weights: sounds in which nobody speaks, by themselves and between spoken sentences."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.engines import open_engine
from mediakit.speech.evidence import Judge
from mediakit.speech.invented import keep_said, weigher
from mediakit.speech.signals import EngineSignals
from mediakit.timeline import Span, Word
from scripts.make_noises import NOISES, noise
from scripts.measure_invented import load_sentences, mix, words_heard

pytestmark = pytest.mark.slow

#: Seconds of each sound by itself; `scripts/measure_invented.py` takes ten minutes.
SECONDS = 60


@pytest.fixture(scope="module")
def engine() -> Engine:
    return open_engine("faster-whisper", "base", language="vi")


@pytest.fixture(scope="module")
def judge(engine: Engine) -> Judge:
    assert isinstance(engine, Judge)
    return engine


@pytest.fixture(scope="module")
def clips(shared: Path) -> list[Samples]:
    """Sentences of different speakers."""
    return load_sentences(shared / "speech" / "clips", 3, first=60)


@pytest.mark.parametrize("name", NOISES)
def test_where_nobody_speaks_nothing_is_heard(name: str, engine: Engine, tmp_path: Path) -> None:
    assert words_heard(noise(name, SECONDS), engine, tmp_path) == []


def test_what_the_engine_makes_of_bare_noise_is_dropped(engine: Engine, judge: Judge) -> None:
    """As if voice activity had let it all through."""
    invented = 0
    for name in ("pink", "tune", "applause", "murmur"):
        window = Window(0, noise(name, 3, seed=11, dbfs=-30))
        words = engine.hear(window)
        invented += len(words)
        assert keep_said(words, [Span(0, window.end_ms)], weigh=weigher(judge, window)).words == (), name
    assert invented


@pytest.fixture(scope="module")
def heard_in_silence(clips: list[Samples], engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> frozenset[int]:
    """Which of the sentences the engine hears at all."""
    quiet = mix(clips, "silence", dbfs=0)
    return quiet.heard(words_heard(quiet.samples, engine, tmp_path_factory.mktemp("silence")))


@pytest.mark.parametrize(("name", "dbfs"), [("tune", -20), ("applause", -20), ("murmur", -32)])
def test_between_sentences_nothing_is_invented_and_none_is_lost(
    name: str, dbfs: float, clips: list[Samples], engine: Engine, heard_in_silence: frozenset[int], tmp_path: Path
) -> None:
    mixed = mix(clips, name, dbfs=dbfs)
    words = words_heard(mixed.samples, engine, tmp_path)
    assert len(heard_in_silence) == len(clips)
    assert mixed.invented(words) == []
    assert mixed.heard(words) >= heard_in_silence


def all_doubted(words: Sequence[Word]) -> list[EngineSignals]:
    return [EngineSignals(Span(words[0].start_ms, words[-1].end_ms), 0.99, -3.0, 1.0)]


def test_however_doubted_what_is_said_stays_and_elsewhere_it_goes(
    clips: list[Samples], engine: Engine, judge: Judge
) -> None:
    """The same words, as doubted as can be, on the sound that they are of and on others."""
    for clip in clips:
        window = Window(0, clip)
        words = engine.hear(window)
        speech = [Span(0, window.end_ms)]
        said = keep_said(words, speech, signals=all_doubted(words), weigh=weigher(judge, window))
        assert said.words == words
        for name in ("tune", "applause", "murmur"):
            other = Window(0, noise(name, len(clip) / SAMPLE_RATE, seed=3))
            kept = keep_said(words, speech, signals=all_doubted(words), weigh=weigher(judge, other))
            assert kept.words == (), name


def test_what_is_said_four_times_stays_and_a_loop_is_cut_to_what_was_said(
    clips: list[Samples], engine: Engine, judge: Judge
) -> None:
    clip = min(clips, key=len)
    once = engine.hear(Window(0, clip))
    times = 4
    length = len(clip) // SAMPLES_PER_MS
    repeated = [
        Word(w.start_ms + i * length, w.end_ms + i * length, w.text, w.score) for i in range(times) for w in once
    ]
    window = Window(0, np.tile(clip, times))
    said = keep_said(repeated, [Span(0, window.end_ms)], weigh=weigher(judge, window))
    assert said.words == tuple(repeated)

    crammed = crammed_into(repeated, length)
    window = Window(0, clip)
    loop = keep_said(crammed, [Span(0, window.end_ms)], weigh=weigher(judge, window))
    assert [w.text for w in loop.words] == [w.text for w in once]
    assert [d.reason for d in loop.dropped] == ["loop"]


def crammed_into(words: Sequence[Word], length_ms: int) -> list[Word]:
    """The words at even times within a length, as Whisper times a loop."""
    edges = [round(i * length_ms / len(words)) for i in range(len(words) + 1)]
    return [Word(a, b, word.text, word.score) for word, (a, b) in zip(words, pairwise(edges), strict=True)]
