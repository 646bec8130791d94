"""Whether the sound tells what was said from what was not, on real weights and voices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS
from mediakit.speech.engine import Window
from mediakit.speech.engines import open_engine
from mediakit.speech.evidence import Evidence, Judge, WordEvidence

pytestmark = pytest.mark.slow

#: The readings whose voices are tried.
MEDIA = ["ban-tin-mot-phan.mp3", "phat-bieu.mp4"]


@dataclass(frozen=True)
class Said:
    """A sentence, and the sound in which it is said."""

    text: str
    window: Window


@pytest.fixture(scope="module")
def judge() -> Judge:
    engine = open_engine("faster-whisper", "base", language="vi")
    assert isinstance(engine, Judge)
    return engine


@pytest.fixture(scope="module", params=MEDIA)
def said(request: pytest.FixtureRequest, readings: Path) -> list[Said]:
    """Each sentence of a reading with its sound, cut 100 ms around the known times."""
    media = readings / request.param
    sound = np.concatenate(list(decode(media, choose_audio(probe(media)))))
    truth = json.loads(media.with_suffix(".truth.json").read_text(encoding="utf-8"))
    found = []
    for spoken in truth["spoken"]:
        start, end = max(0, spoken["start_ms"] - 100), spoken["end_ms"] + 100
        samples = sound[start * SAMPLES_PER_MS : end * SAMPLES_PER_MS]
        found.append(Said(spoken["text"], Window(start, samples)))
    return found


def test_what_was_said_gains_and_nothing_else_does(judge: Judge, said: list[Said]) -> None:
    texts = list(dict.fromkeys(s.text for s in said))
    for one in said[::2]:
        others = [text for text in texts if text != one.text][:5]
        truth, *wrong = judge.weigh(one.window, [one.text, *others])
        assert truth.mean_gain > 0.55, one.text
        for text, evidence in zip(others, wrong, strict=True):
            assert evidence.mean_gain < 0.4, (one.text, text)


def test_words_are_those_of_the_text_and_lie_inside(judge: Judge, said: list[Said]) -> None:
    for one in said[:3]:
        (evidence,) = judge.weigh(one.window, [one.text])
        assert len(evidence.words) == len(one.text.split())
        assert all(word.tokens > 0 for word in evidence.words)
        assert all(one.window.start_ms <= w.start_ms <= w.end_ms <= one.window.end_ms for w in evidence.words)
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(evidence.words))


def test_a_text_is_weighed_alike_alone_and_in_company(judge: Judge, said: list[Said]) -> None:
    one, *others = said[:4]
    (alone,) = judge.weigh(one.window, [one.text])
    together = judge.weigh(one.window, [*(o.text for o in others), one.text])[-1]
    assert together.mean_gain == pytest.approx(alone.mean_gain, abs=0.05)


def test_silence_says_nothing_for_any_text(judge: Judge, said: list[Said]) -> None:
    silence = Window(0, np.zeros(4 * SAMPLE_RATE, dtype=np.float32))
    assert all(evidence.mean_gain < 0.4 for evidence in judge.weigh(silence, [s.text for s in said[:4]]))


def test_no_texts_no_evidence(judge: Judge) -> None:
    assert judge.weigh(Window(0, np.zeros(SAMPLE_RATE, dtype=np.float32)), []) == ()


def test_the_mean_is_over_tokens_not_words() -> None:
    evidence = Evidence((WordEvidence(0, 100, 3.0, 1), WordEvidence(100, 200, 0.0, 2)))
    assert evidence.mean_gain == 1.0
    assert Evidence(()).mean_gain == 0.0
