"""`--language auto`: the language of loose media is heard before they are listened to; with an article it is known."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest

import mediakit
from mediakit.errors import EngineError, OutputExists, UsageError
from mediakit.jobs.batch import Batch, Outcome
from mediakit.jobs.plan import plan
from mediakit.jobs.run import run_job
from mediakit.jobs.settings import Desk, Settings
from mediakit.jobs.workers import InThisProcess
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech import listen as listening
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.engines import engine_when_needed, open_engine
from mediakit.speech.voice_activity import FRAME_SAMPLES, Probabilities
from mediakit.timeline import Word
from tests.cli.stage import mediakit as command
from tests.cli.stage import record, write_article
from tests.speech.foreign_voice import say, sound_of

AUTO = Settings(language="auto", formats=("srt", "json"))


class LoudIsSpeech:
    """Voice activity that takes whatever is not zero for speech."""

    def __init__(self) -> None:
        self._rest: Samples = np.empty(0, dtype=np.float32)

    def feed(self, block: Samples) -> Probabilities:
        sound = np.concatenate((self._rest, block))
        whole = len(sound) // FRAME_SAMPLES * FRAME_SAMPLES
        self._rest = sound[whole:]
        loud: Probabilities = np.any(sound[:whole].reshape(-1, FRAME_SAMPLES), axis=1).astype(np.float32)
        return loud

    def finish(self) -> Probabilities:
        return np.empty(0, dtype=np.float32)


class Polyglot:
    """Tells a language by how loud it is (English is loud), and says a word in each window, unless it is broken."""

    def __init__(self, language: str = "auto", family: Polyglot | None = None) -> None:
        self.info = EngineInfo("planted", "none", None, language)
        self.first = family or self
        self.asked = self.heard = 0
        self.breaks_after: int | None = None

    def hear(self, window: Window) -> tuple[Word, ...]:
        self.first.heard += 1
        if self.first.breaks_after is not None and self.first.heard > self.first.breaks_after:
            raise KeyboardInterrupt
        language = window.language or self.info.language
        return (Word(window.start_ms + 500, window.start_ms + 900, {"en": "Hello.", "vi": "Chào."}[language], 0.9),)

    def languages_of(self, window: Window) -> dict[str, float]:
        self.first.asked += 1
        loud = float(np.max(np.abs(window.samples))) > 0.5
        return {"en": 0.999, "vi": 0.001} if loud else {"en": 0.001, "vi": 0.999}

    def in_language(self, language: str) -> Polyglot:
        return Polyglot(language, self.first)


@pytest.fixture(autouse=True)
def given_activity(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "slow" not in request.keywords:
        monkeypatch.setattr(listening, "VoiceActivity", LoudIsSpeech)


def write(path: Path, *sound: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        file.writeframes((np.clip(np.concatenate(sound), -1, 1) * 32767).astype("<i2").tobytes())
    return path


def noise(seconds: float, peak: float) -> Samples:
    sound: Samples = np.random.default_rng(7).uniform(-peak, peak, round(seconds * SAMPLE_RATE)).astype(np.float32)
    return sound


def desk(engine: Polyglot, settings: Settings = AUTO) -> Desk:
    made = Desk(settings)
    made.__dict__["engine"] = engine
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith((".", "report."))}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A loose file in each language, and an article whose medium sounds English."""
    root = tmp_path / "in"
    root.mkdir()
    write(root / "en.wav", noise(8, 0.9), noise(2, 0.0), noise(4, 0.9))
    write(root / "vi.wav", noise(5, 0.3))
    write(root / "own.wav", noise(4, 0.9))
    write_article(root, ["Audio: own.wav"])
    return root


def batch(root: Path, out: Path, engine: Polyglot, settings: Settings = AUTO) -> dict[str, Outcome]:
    with Batch(root, out, settings) as made, InThisProcess(desk(engine, settings)) as workers:
        return {outcome.source.name: outcome for outcome in made.outcomes(workers)}


def test_loose_media_are_named_by_what_is_spoken_and_an_articles_by_the_article(archive: Path, tmp_path: Path) -> None:
    engine, out = Polyglot(), tmp_path / "out"
    assert {o.status for o in batch(archive, out, engine).values()} == {"done"}
    assert names(out) == {f"{name}.{kind}" for name in ("en.en", "vi.vi", "own.vi") for kind in ("srt", "json")}
    for name, language in (("en.en", "en"), ("vi.vi", "vi"), ("own.vi", "vi")):
        engine_entry = record(out, f"{name}.json")["engine"]
        assert isinstance(engine_entry, dict)
        assert engine_entry["language"] == language
    assert "Hello." in (out / "en.en.srt").read_text(encoding="utf-8")
    assert "Chào." in (out / "vi.vi.srt").read_text(encoding="utf-8")


def test_a_second_run_asks_nothing_and_another_profile_asks_no_language(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(archive, out, Polyglot())
    engine = Polyglot()
    assert {o.status for o in batch(archive, out, engine).values()} == {"skipped"}
    again = batch(archive, out, engine, Settings(language="auto", formats=("srt", "json"), profile="bbc"))
    assert {o.status for o in again.values()} == {"done"}
    assert (engine.asked, engine.heard) == (0, 0)


def test_an_interrupted_file_goes_on_in_the_language_that_was_settled(archive: Path, tmp_path: Path) -> None:
    out, whole, engine = tmp_path / "out", tmp_path / "whole", Polyglot()
    job = plan(archive / "en.wav")
    engine.breaks_after = 1
    with pytest.raises(KeyboardInterrupt):
        run_job(job, desk(engine), out)
    after = Polyglot()
    run_job(job, desk(after), out)
    undisturbed = Polyglot()
    run_job(job, desk(undisturbed), whole)
    assert 0 < after.heard < undisturbed.heard
    for name in names(whole):
        assert (out / name).read_bytes() == (whole / name).read_bytes()


def test_what_is_in_the_way_is_known_before_anything_is_listened_to(archive: Path, tmp_path: Path) -> None:
    engine, out = Polyglot(), tmp_path / "out"
    out.mkdir()
    (out / "en.en.srt").write_text("của tôi", encoding="utf-8")
    with pytest.raises(OutputExists, match=r"en\.en\.srt"):
        run_job(plan(archive / "en.wav"), desk(engine), out)
    assert engine.heard == 0
    run_job(plan(archive / "vi.wav"), desk(engine), out)
    assert (out / "en.en.srt").read_text(encoding="utf-8") == "của tôi"


def test_a_medium_that_nobody_can_hear_has_its_record_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "hong.mp3").write_text("Đây không phải âm thanh.", encoding="utf-8")
    report = run_job(plan(tmp_path / "hong.mp3"), desk(Polyglot()), tmp_path / "out")
    assert report.errors
    assert names(tmp_path / "out") == {"hong.vi.json"}
    write(tmp_path / "im.wav", noise(5, 0.0))
    run_job(plan(tmp_path / "im.wav"), desk(Polyglot()), tmp_path / "out")
    assert "im.vi.json" in names(tmp_path / "out")


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--language", "auto", "--engine", "sherpa"], "cannot tell languages. Give --language vi, or --engine"),
        (
            ["--language", "tieng-viet"],
            "Whisper knows no language 'tieng-viet'. Give a code such as vi or en, or auto.",
        ),
        (["--language", "VI", "--engine", "sherpa"], "'VI' is no code of a language"),
        (["--language", "../x", "--engine", "whisper"], "knows no language '../x'"),
    ],
)
@pytest.mark.parametrize("verb", ["transcribe", "batch"])
def test_a_language_that_cannot_be_heard_is_wrong_usage(
    verb: str, options: list[str], what: str, archive: Path, tmp_path: Path
) -> None:
    source = archive if verb == "batch" else archive / "en.wav"
    ran = command(verb, source, "-o", tmp_path / "out", *options)
    assert ran.status == 2
    assert what in ran.err
    assert not (tmp_path / "out").exists()


def test_engines_refuse_it_too() -> None:
    for open_it in (open_engine, engine_when_needed):
        with pytest.raises(UsageError, match="khong-co"):
            open_it("faster-whisper", "base", language="khong-co")
    with pytest.raises(UsageError, match="cannot tell"):
        open_engine("sherpa", "base", language="auto")


def test_an_engine_that_is_not_open_yet_is_one_for_all_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_planted(*_: object, language: str, **__: object) -> Polyglot:
        opened.append(language)
        return Polyglot(language)

    monkeypatch.setattr("mediakit.speech.engines.open_engine", open_planted)
    first = Desk(AUTO)
    english, vietnamese = first.in_language("en"), first.in_language("vi")
    assert english.in_language("fr").engine.info.language == english.in_language("fr").engine_info.language == "fr"
    assert not opened
    for made, language in ((english, "en"), (vietnamese, "vi")):
        assert made.engine.info.language == made.settings.language == language
        assert made.engine.opened.info.language == language
    assert opened == ["auto"]


@pytest.mark.slow
def test_real_speech(shared: Path, tmp_path: Path) -> None:
    """English is heard in English by the command; a second run opens no engine, and Python says the same."""
    root, out = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    say(root / "khach.wav")
    clip = shared / "speech" / "clips" / "FPTOpenSpeechData_Set001_V0.1_000067.wav"
    write(root / "chu-nha.wav", sound_of(clip))
    assert command("batch", root, "-o", out, "--language", "auto", "-j", "1", "--quiet").status == 0
    assert {name for name in names(out) if name.endswith(".srt")} == {"khach.en.srt", "chu-nha.vi.srt"}
    assert "important for the people" in " ".join((out / "khach.en.txt").read_text(encoding="utf-8").split())
    again = command("batch", root, "-o", out, "--language", "auto", "--json", "--model", "base")
    assert {job["status"] for job in json.loads(again.out)["jobs"]} == {"skipped"}
    result = mediakit.transcribe(root / "khach.wav", language="auto")
    assert result.engine.language == "en"
    written = mediakit.write(result, tmp_path / "api", formats=["srt"])
    assert [path.name for path in written] == ["khach.en.srt"]
    assert written[0].read_bytes() == (out / "khach.en.srt").read_bytes()


@pytest.mark.slow
def test_a_guest_among_real_speech_is_marked_with_and_without_an_article(readings: Path, tmp_path: Path) -> None:
    """English between two sentences of a reading: in English words, and the sentences around it as they are."""
    spoken = sound_of(readings / "ban-tin-mot-phan.mp3")
    guest, cut = sound_of(say(tmp_path / "guest.wav")), round(13.3 * SAMPLE_RATE)
    faint = np.random.default_rng(0).normal(0, 3e-4, 2 * SAMPLE_RATE).astype(np.float32)
    medium = write(tmp_path / "tron.wav", spoken[:cut], faint, 0.6 * guest, faint, spoken[cut : 40 * SAMPLE_RATE])
    for article in (None, readings / "ban-tin-mot-phan.txt"):
        result = mediakit.transcribe(medium, article=article)
        (foreign,) = [segment for segment in result.segments if segment.language is not None]
        assert foreign.language == "en"
        assert "important for the people who live in the delta" in foreign.text.lower()
        assert 13_300 <= foreign.start_ms < foreign.end_ms <= 13_300 + 4_000 + 1000 * len(guest) // SAMPLE_RATE
    read = [segment.sentence for segment in result.segments if segment.sentence]
    assert read[:4] == ["p1s4", "p2s1", "p2s2", "p2s3"]
    assert result.article is not None
    assert result.article.verdict == "partly-read"


def test_a_language_is_not_told_by_an_engine_that_cannot(tmp_path: Path) -> None:
    class Deaf:
        info = EngineInfo("deaf", "none", None, "auto")

        def hear(self, window: Window) -> tuple[Word, ...]:
            raise AssertionError("is not asked")

        def in_language(self, _language: str) -> object:
            return self

    made = Desk(AUTO)
    made.__dict__["engine"] = Deaf()
    write(tmp_path / "a.wav", noise(2, 0.9))
    (error,) = run_job(plan(tmp_path / "a.wav"), made, tmp_path / "out").errors
    assert isinstance(error, EngineError)
    assert "deaf cannot tell languages" in str(error)
