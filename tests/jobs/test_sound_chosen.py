"""A medium through the stages where its sound is to be chosen; without speech, so that no test waits for an engine."""

from __future__ import annotations

import json
from pathlib import Path

import ffmpeg
import pytest

from mediakit.article.load import load_article
from mediakit.captions.profile import PROFILES
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.result import Result
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.heard import HeardStore
from mediakit.timeline import Word
from tests.media.studio import encode, moving_picture, write_bursts


class Deaf:
    """An engine that is never asked."""

    info = EngineInfo("planted", "none", None, "vi")

    def hear(self, window: Window) -> tuple[Word, ...]:
        raise AssertionError(f"nobody speaks at {window.start_ms}")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Silence and bursts of tone, with a picture."""
    tone = write_bursts(tmp_path / "tone.wav", at_ms=[500, 1500], duration_ms=3000)
    silence = ffmpeg.input("anullsrc=r=48000:cl=mono:d=3", f="lavfi")
    return encode(tmp_path / "film.mp4", moving_picture(3000), silence, tone, vcodec="mpeg4", acodec="aac")


def transcribed(
    path: Path, article: Path | None = None, stream: int | None = None, engine: Deaf | None = None
) -> Result:
    return transcribe_medium(
        Medium(path, path.name, stream),
        load_article(article) if article is not None else None,
        engine or Deaf(),
        profile=PROFILES["netflix-vi"],
        store=HeardStore(path.parent / "heard"),
    )


def test_without_speech_there_is_no_verdict_and_the_message_names_the_rest(film: Path, tmp_path: Path) -> None:
    article = tmp_path / "bai.txt"
    article.write_text("Trồng cây\n\nSáng nay xã trồng cây. Ai cũng vui.\n", encoding="utf-8")
    result = transcribed(film, article)
    assert result.article is not None
    assert (result.article.verdict, result.article.coverage) == (None, 0.0)
    (warning,) = result.warnings
    assert warning.code == "no-speech"
    assert "audio stream 0 (aac, 1 ch" in warning.message
    assert "1 (aac, 1 ch" in warning.message
    assert "video" in warning.message


def test_a_choice_is_made_once(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = transcribed(film)
    monkeypatch.setattr("mediakit.pipeline.choose", None)
    assert transcribed(film) == first
    (kept,) = (film.parent / "heard").glob("*.json")
    assert json.loads(kept.read_text(encoding="utf-8"))["choice"]["stream"] == 0


def test_whoever_gives_a_stream_is_told_of_the_others(film: Path) -> None:
    (warning,) = transcribed(film, stream=1).warnings
    assert "in audio stream 1 (aac" in warning.message
    assert "give another `--audio-stream`" in warning.message


class Parrot(Deaf):
    """An engine that hears one word in each window."""

    def hear(self, window: Window) -> tuple[Word, ...]:
        return (Word(window.start_ms + 1000, window.start_ms + 1500, "Chiều", 0.9),)


def test_a_few_words_between_the_excerpts_are_found_by_listening_to_all(readings: Path, tmp_path: Path) -> None:
    """Three minutes: silence, and beside it another stream in which somebody speaks for 5 s."""
    length_s, at_s = 180, 22
    speech = ffmpeg.input(str(readings / "ban-tin-day-du.mp3"), t=5).filter("adelay", delays=at_s * 1000).filter("apad")
    silence = ffmpeg.input(f"anullsrc=r=48000:cl=mono:d={length_s}", f="lavfi")
    path = encode(tmp_path / "a.mkv", silence, speech, t=length_s, acodec="flac", ar=16_000)
    result = transcribed(path, engine=Parrot())
    assert result.segments
    assert all(at_s * 1000 - 1000 <= s.start_ms <= (at_s + 6) * 1000 for s in result.segments)
    assert result.warnings[0].code == "track-chosen"
    assert "audio stream 1" in result.warnings[0].message
