"""A stage whose inputs did not change is not run again: no decoder, no engine, and the same results to the byte."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mediakit.article.document import Article
from mediakit.article.load import load_article
from mediakit.article.text import parse_text
from mediakit.captions.profile_file import find_profile
from mediakit.errors import MediaCutOff, ToolMissing
from mediakit.grounding.ground import Grounding, ground
from mediakit.jobs.plan import plan
from mediakit.jobs.run import run_job
from mediakit.jobs.settings import Desk, Settings
from mediakit.media.ffmpeg import ENVIRONMENT_VARIABLE
from mediakit.media.fingerprint import sha256_of
from mediakit.pipeline import Medium, Others, transcribe_medium
from mediakit.result import Result
from mediakit.speech.engine import Heard
from mediakit.speech.engines import ENGINE_PACKAGES
from mediakit.speech.heard import HeardKey
from tests.cli.stage import write_article
from tests.grounding.planted import NOISY, TEXT, Stage
from tests.jobs.test_wrong_attachment import Recorded, Studio
from tests.media.studio import write_bursts

ARTICLE = "Tin chiều\n\n" + " ".join(TEXT)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """What was heard is there already."""
    return Studio(tmp_path, Recorded(Stage(*NOISY.items())))


@pytest.fixture
def grounded(monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """The articles that what was heard was tied to so far."""
    found: list[Article] = []

    def noted(heard: Sequence[Heard], article: Article, **more: Any) -> Grounding:
        found.append(article)
        return ground(heard, article, **more)

    monkeypatch.setattr("mediakit.pipeline.ground", noted)
    return found


def transcribe(
    studio: Studio, text: str = ARTICLE, profile: str = "netflix-vi", others: Others | None = None
) -> Result:
    medium, rules = Medium(studio.medium, "a.wav"), find_profile(profile)
    return transcribe_medium(medium, parse_text(text), studio.engine, profile=rules, store=studio.store, others=others)


def without_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, whoever opens an engine or starts ffmpeg fails."""
    monkeypatch.setitem(ENGINE_PACKAGES, "faster-whisper", ("khong_co_goi_nay", "pip install x"))
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "khong-co-chuong-trinh")


def job(article: Path, out: Path, profile: str = "netflix-vi") -> Result:
    """The result of an article's only medium; nothing may have gone wrong."""
    report = run_job(plan(article), Desk(Settings(profile=profile)), out)
    assert report.errors == []
    (done,) = report.done
    return done.result


def files(out: Path) -> dict[str, bytes]:
    """All results by name, without mediakit's own state."""
    return {p.name: p.read_bytes() for p in out.iterdir() if p.is_file()}


def test_another_profile_grounds_nothing_again(
    studio: Studio, grounded: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = transcribe(studio)
    assert len(grounded) == 1
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "khong-co-chuong-trinh")
    second = transcribe(studio, profile="bbc")
    assert len(grounded) == 1
    assert (second.segments, second.article) == (first.segments, first.article)
    assert second.captions != first.captions
    assert transcribe(studio) == first


def test_the_same_as_if_nothing_were_kept(studio: Studio, grounded: list[Article]) -> None:
    transcribe(studio)
    kept = transcribe(studio, profile="bbc")
    shutil.rmtree(studio.store.folder / "grounded")
    anew = transcribe(studio, profile="bbc")
    assert len(grounded) == 2
    assert repr(anew) == repr(kept)


@pytest.mark.parametrize(
    "text", [ARTICLE.replace("46,3%", "46,4%"), ARTICLE.rsplit(". ", 1)[0] + ".", "Tin\n\n" + ARTICLE]
)
def test_another_article_is_grounded_anew_and_nothing_is_heard_again(
    studio: Studio, grounded: list[Article], text: str
) -> None:
    transcribe(studio)
    changed = transcribe(studio, text)
    assert len(grounded) == 2  # and `Recorded.hear` fails
    assert changed.article is not None
    assert changed.article.sentences == parse_text(text).sentences
    shutil.rmtree(studio.store.folder / "grounded")
    assert repr(transcribe(studio, text)) == repr(changed)


def test_what_says_nothing_of_the_text_does_not_count(studio: Studio, grounded: list[Article]) -> None:
    transcribe(studio)
    result = transcribe(studio, ARTICLE + "\n\nAudio: a.wav")
    assert len(grounded) == 1
    assert result.article is not None
    assert isinstance(result.article.document, Article)
    assert len(result.article.document.attachments) == 1


def test_a_torn_grounding_is_made_anew(studio: Studio, grounded: list[Article]) -> None:
    first = transcribe(studio)
    (path,) = (studio.store.folder / "grounded").iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert transcribe(studio) == first
    assert len(grounded) == 2
    assert path.read_bytes() == whole


def test_of_the_wrong_attachment_only_the_hint_is_worked_out_again(studio: Studio, grounded: list[Article]) -> None:
    wrong = "Tin sáng\n\nGiá rau xanh tăng mạnh sau đợt lũ vừa qua."
    others = [parse_text(ARTICLE)]
    first = transcribe(studio, wrong, others=lambda: others)
    assert "it fits" in first.warnings[0].message
    assert len(grounded) == 2
    assert transcribe(studio, wrong, profile="bbc").segments == first.segments
    assert transcribe(studio, wrong, others=lambda: others) == first
    assert [article.title for article in grounded] == ["Tin sáng", others[0].title, others[0].title]


def test_what_was_timed_on_less_than_was_heard_is_not_kept(studio: Studio) -> None:
    """The sound ends before that which was heard, as where a decoder is killed: rather none than one on silence."""
    whole = studio.medium.read_bytes()
    studio.medium.write_bytes(whole[: len(whole) // 2])
    with studio.store.open(HeardKey(sha256_of(studio.medium), 0, studio.engine.info)) as log:
        log.append(studio.engine.stage.heard[0])
        log.finish(studio.engine.stage.duration_ms)
    with pytest.raises(MediaCutOff):
        transcribe(studio)
    assert not (studio.store.folder / "grounded").exists()


def test_sound_without_speech_needs_neither_decoder_nor_engine_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    article = write_article(tmp_path, ["Audio: a.wav"])
    first = job(article, tmp_path / "out")
    without_tools(monkeypatch)
    assert job(article, tmp_path / "out", profile="bbc") == first
    with pytest.raises(ToolMissing):
        run_job(plan(article), Desk(), tmp_path / "elsewhere")  # where nothing is kept


@pytest.mark.slow
def test_real_speech_in_another_profile(readings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article, out, anew = readings / "phat-bieu.txt", tmp_path / "out", tmp_path / "anew"
    first = job(article, out)
    # What was heard, without the grounding.
    (anew / ".mediakit" / "heard").mkdir(parents=True)
    for log in (out / ".mediakit" / "heard").glob("*.jsonl"):
        shutil.copy(log, anew / ".mediakit" / "heard")
    job(article, anew, profile="bbc")
    without_tools(monkeypatch)
    second = job(article, out, profile="bbc")
    assert second.segments == first.segments
    assert second.captions != first.captions
    assert files(out) == files(anew)


def test_what_was_mended_in_the_article_is_in_the_record(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "bài cũ.txt"
    path.write_bytes(ARTICLE.encode() + b"\0\n\n\x93" + "Đã họp xong.\n".encode())
    medium, rules = Medium(studio.medium, "a.wav"), find_profile("netflix-vi")
    result = transcribe_medium(medium, load_article(path), studio.engine, profile=rules, store=studio.store)
    told = {notice.code: notice.message for notice in result.warnings}
    assert told["bad-bytes"] == "bài cũ.txt: line 5: 1 byte is not UTF-8"
    assert told["null-bytes"] == "bài cũ.txt: line 3: 1 null byte"
    assert result.media.duration_ms == transcribe(studio).media.duration_ms
