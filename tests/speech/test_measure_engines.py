"""Engines side by side: each in a process of its own, and one that fails does not stop the others."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import UsageError
from mediakit.media.sound import SAMPLE_RATE
from scripts.measure_engines import Choice, Sound, in_own_process, main, readings
from tests.speech.planted_transducer import quiet


@pytest.fixture
def reading(tmp_path: Path) -> Path:
    """A folder with a reading of two seconds in which nobody speaks, but somebody should."""
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((quiet(2000) * 32767).astype(np.int16).tobytes())
    spoken = [{"text": "xin chào Việt Nam", "start_ms": 100, "end_ms": 1500, "in_article": False}]
    truth = {"media": "nhac/a.wav", "spoken": spoken, "article_sentences": [], "unread": []}
    (tmp_path / "a.truth.json").write_text(json.dumps(truth), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("whisper:base", Choice("whisper", "base")),
        ("faster-whisper:base:float32", Choice("faster-whisper", "base", "float32")),
        (r"sherpa:C:\models\vi", Choice("sherpa", r"C:\models\vi")),
    ],
)
def test_how_an_engine_is_chosen(text: str, expected: Choice) -> None:
    assert Choice.parse(text) == expected
    assert str(expected) == text


@pytest.mark.parametrize("text", ["whisper", "whisper:", "khong-co:base", "whisper:base:float32"])
def test_what_is_no_choice(text: str) -> None:
    with pytest.raises(UsageError):
        Choice.parse(text)


def test_readings_are_found_beside_their_truth(reading: Path) -> None:
    assert readings(reading, []) == readings(reading, ["a"]) == [Sound(reading / "a.wav", reading / "a.truth.json")]


@pytest.mark.slow
def test_figures_come_from_a_process_of_its_own(reading: Path) -> None:
    figures = in_own_process(Choice("faster-whisper", "base"), readings(reading, []), threads=1)
    assert (figures.errors.words, figures.errors.deletions) == (4, 4)
    assert figures.sound_s == pytest.approx(2.0, abs=0.05)
    assert figures.opening_s > 0
    assert figures.peak_bytes > 100e6


def test_an_engine_that_fails_is_named(reading: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(reading), "--engine", f"sherpa:{reading / 'khong-co'}"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "sherpa:" in err
    assert "khong-co" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["--media", "a.wav"], ["--engine", "khong-co"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("measure: ")


def test_no_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert main([str(tmp_path), "--reading", "khong-co"]) == 1
    assert "khong-co" in capsys.readouterr().err
