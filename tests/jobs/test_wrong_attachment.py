"""A medium of which its article says nothing: the warning names the article of the folder that it fits."""

from __future__ import annotations

import json
import re
import shutil
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import mediakit
from mediakit.article.document import Article
from mediakit.article.text import parse_text
from mediakit.jobs.plan import plan
from mediakit.jobs.run import transcribe_piece
from mediakit.jobs.settings import Desk
from mediakit.media.ffmpeg import ENVIRONMENT_VARIABLE
from mediakit.media.fingerprint import sha256_of
from mediakit.media.sound import SAMPLE_RATE
from mediakit.notices import Notice
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.result import Result
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.timeline import Word
from tests.grounding.planted import NOISY, TEXT, Stage

PLAIN = "Họp mặt đầu xuân\n\nSáng nay, xã Vân Trà họp mặt đầu xuân. Bà con ra về trong niềm vui.\n\nAudio: a.wav\n"


class Recorded:
    """An engine that has heard the speech of a stage already."""

    info = EngineInfo("recorded", "none", None, "vi")

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    def hear(self, window: Window) -> tuple[Word, ...]:
        raise AssertionError("listens to what was heard already")


class Studio:
    """A folder with an article and a medium, and what an engine heard of it in the store."""

    def __init__(self, folder: Path, engine: Recorded) -> None:
        self.folder, self.engine = folder, engine
        self.store = HeardStore(folder / "heard")
        self.article = folder / "bai.txt"
        self.article.write_text(PLAIN, encoding="utf-8")
        self.medium = folder / "a.wav"
        sound = engine.stage.sound(0, max(1000, engine.stage.duration_ms)).samples
        with wave.open(str(self.medium), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
            file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
        with self.store.open(HeardKey(sha256_of(self.medium), 0, engine.info)) as log:
            for heard in engine.stage.heard:
                log.append(heard)
            log.finish(engine.stage.duration_ms)

    def add(self, name: str, *sentences: str) -> None:
        (self.folder / name).write_text("Một tựa đề khác\n\n" + " ".join(sentences) + "\n", encoding="utf-8")

    def transcribe(self) -> Result:
        job, desk = plan(self.article), Desk()
        desk.__dict__["engine"] = self.engine
        result, error = transcribe_piece(job, job.pieces[0], desk, self.store, None)
        assert error is None
        return result

    def warning(self) -> str:
        (warning,) = of_the_article(self.transcribe())
        assert warning.code == "attachment-unrelated"
        return warning.message


def of_the_article(result: Result) -> list[Notice]:
    """The warnings, but for that of captions which are spoken too fast to be read."""
    return [warning for warning in result.warnings if warning.code != "captions-too-fast"]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path, Recorded(Stage(*NOISY.items())))


def test_the_warning_names_the_article_that_fits(studio: Studio) -> None:
    studio.add("bai-khac.txt", *TEXT)
    studio.add("bai-nua.txt", "Giá rau xanh tăng mạnh sau đợt lũ vừa qua.")
    assert studio.warning() == (
        "a.wav: nothing of the article “Họp mặt đầu xuân” is said in it; it fits bai-khac.txt (coverage 1.00)"
    )


def test_where_none_fits_it_names_none(studio: Studio) -> None:
    studio.add("bai-nua.txt", "Giá rau xanh tăng mạnh sau đợt lũ vừa qua.")
    assert studio.warning().endswith("is said in it; it may be the wrong attachment")


def test_the_result_is_that_of_the_article_that_was_given(studio: Studio) -> None:
    alone = studio.transcribe()
    studio.add("bai-khac.txt", *TEXT)
    beside = studio.transcribe()
    assert beside.article == alone.article
    assert (beside.segments, beside.captions) == (alone.segments, alone.captions)


def test_what_is_wrong_with_other_articles_is_no_failure(studio: Studio) -> None:
    (studio.folder / "hong.txt").write_bytes(bytes(range(256)) * 10)
    studio.add("bai-khac.txt", *TEXT)
    assert "it fits bai-khac.txt" in studio.warning()


def test_the_hint_needs_no_decoder(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    studio.transcribe()
    studio.add("bai-khac.txt", *TEXT)
    with monkeypatch.context() as patch:
        patch.setenv(ENVIRONMENT_VARIABLE, "khong-co-chuong-trinh")
        assert "it fits bai-khac.txt" in studio.warning()


@pytest.mark.parametrize("text", [PLAIN + " ".join(TEXT), None])
def test_no_other_article_is_asked_for_where_the_own_one_is_said_or_there_is_none(
    studio: Studio, text: str | None
) -> None:
    def others() -> Iterator[Article]:
        raise AssertionError("asks for the other articles")

    article = parse_text(text) if text is not None else None
    medium = Medium(studio.medium, "a.wav")
    result = transcribe_medium(
        medium, article, studio.engine, profile=Desk().profile, store=studio.store, others=others
    )
    assert of_the_article(result) == []


def test_none_is_asked_for_where_nothing_was_heard(tmp_path: Path) -> None:
    studio = Studio(tmp_path, Recorded(Stage()))
    studio.add("bai-khac.txt", *TEXT)
    assert [warning.code for warning in studio.transcribe().warnings] == ["no-speech"]


@pytest.mark.slow
def test_real_speech_with_the_wrong_article(readings: Path, tmp_path: Path) -> None:
    """The reading of another text, beside an article of what is said in it and one that shares nothing with it."""
    name, folder = "ban-tin-nham-bai", tmp_path / "bai"
    folder.mkdir()
    for ending in (".mp3", ".txt"):
        shutil.copy(readings / f"{name}{ending}", folder)
    truth = json.loads((readings / f"{name}.truth.json").read_text(encoding="utf-8"))
    said = " ".join(item["text"] for item in truth["spoken"])
    for other, text in (("bai-khac.txt", said), ("bai-nua.txt", PLAIN.rsplit("Audio", 1)[0])):
        (folder / other).write_text(f"Một tựa đề khác\n\n{text}\n", encoding="utf-8")
    (outcome,) = mediakit.transcribe_folder(folder, tmp_path / "ra")
    (result,) = outcome.results
    assert result.article is not None
    assert (outcome.status, result.article.verdict, result.article.path) == ("done", "unrelated", f"{name}.txt")
    (warning,) = (item for item in result.warnings if item.code == "attachment-unrelated")
    named = re.search(r"it fits bai-khac\.txt \(coverage ([\d.]+)\)$", warning.message)
    assert named is not None, warning.message
    assert float(named[1]) >= 0.9
