"""`mediakit models`, and the options of other commands that speak of models."""

from __future__ import annotations

import io
import json
import sys
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mediakit.cli.main import main
from mediakit.speech.models import CACHE_VARIABLE, KNOWN, ModelStatus, known_models, offline
from tests.speech.model_hub import REPOSITORY, planted, whisper_files
from tests.speech.test_models_fetch import forbid_network

FIELDS = {
    *("name", "form", "engine", "size_bytes", "licence", "commercial_use", "origin", "word_errors", "memory_mb"),
    *("runs_here", "hindrance", "path", "usable", "trust", "problem", "remedy"),
}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_ENDPOINT", "HF_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    # Not deleted: what `--offline` sets must be gone after the test.
    for name in ("MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE", "MEDIAKIT_MODELS_MIRROR"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def mirror(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to fetch the model `thu` from, and `kin`, which is not for commercial use."""
    folder = tmp_path / "guong" / REPOSITORY
    folder.mkdir(parents=True)
    for name, data in whisper_files().items():
        (folder / name).write_bytes(data)
    monkeypatch.setitem(KNOWN, "thu", planted(whisper_files(), hashes=False))
    monkeypatch.setitem(KNOWN, "kin", planted(whisper_files(), name="kin", commercial_use=False))
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", str(tmp_path / "guong"))
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    """The object that a command prints with --json."""
    assert main([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_list_has_all_that_is_to_be_known(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = forbid_network(monkeypatch)
    listed = answer(capsys, "models")
    assert listed["folder"] == str(cache)
    models = {model["name"]: model for model in listed["models"]}
    assert list(models) == list(KNOWN)
    assert all(set(model) == FIELDS for model in models.values())
    assert models["base"]["usable"]
    assert not models["small"]["usable"]
    assert models["small"]["remedy"] == "Fetch it with `mediakit models fetch small`."
    assert models["small"]["word_errors"]["source"].startswith("phineas-pta/")
    assert models["turbo"]["word_errors"] is None
    assert models["zipformer-vi-30m"]["commercial_use"] is False
    assert models["gipformer-1.5"]["engine"] == "sherpa"
    assert attempts == []


def test_list_for_people(cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")  # how much memory is free decides how wide the table is
    assert main(["models"]) == 0
    out, err = capsys.readouterr()
    for name in KNOWN:
        assert name in out
    assert "not known" in out
    assert "CC-BY-NC-ND-4.0, no commercial use" in out
    assert "[1] phineas-pta/fine-tune-whisper-vi" in out
    assert err == ""  # that a model is not here is nothing to be warned of


def test_what_the_machine_lacks_is_told(cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    monkeypatch.setitem(KNOWN, "lon", planted(whisper_files(), name="lon", size_bytes=10**15))
    (model,) = answer(capsys, "models", "list", "lon")["models"]
    assert not model["runs_here"]
    assert "of memory" in model["hindrance"]


def test_brackets_in_what_brings_a_package_are_no_styles(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    model = known_models()[0]
    lacking = replace(model, hindrance="run `pip install 'mediakit-vi[sherpa]'`", name=r"a\[b]")
    monkeypatch.setattr("mediakit.cli.models.known_models", lambda: [lacking])
    assert main(["models"]) == 0
    out = capsys.readouterr().out
    assert "mediakit-vi[sherpa]" in out
    assert r"a\[b]" in out


def test_fetch_verify_and_what_is_changed_since(mirror: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "fetch", "thu"]) == 0
    assert "fetched to" in capsys.readouterr().out
    assert main(["models", "fetch", "thu"]) == 0
    assert "is here and intact" in capsys.readouterr().out
    (verified,) = answer(capsys, "models", "verify", "thu")["models"]
    assert (verified["usable"], verified["trust"]) == (True, "first-fetch")
    assert main(["models", "list", "thu"]) == 0
    assert "as at its first fetch" in " ".join(capsys.readouterr().out.split())
    (cache / "thu" / "config.json").write_text("{}", encoding="utf-8")
    assert main(["models", "verify", "thu"]) == 1
    assert "mediakit models fetch thu" in capsys.readouterr().err


def test_one_that_cannot_be_fetched_does_not_stop_the_others(mirror: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fetched = answer(capsys, "models", "fetch", "small", "khong-co", "thu", status=1)
    assert [model["name"] for model in fetched["models"]] == ["thu"]
    assert len(fetched["failures"]) == 2


def test_a_licence_without_commercial_use(mirror: Path, cache: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "fetch", "kin"]) == 2
    assert "--accept-licence" in capsys.readouterr().err
    assert not (cache / "kin").exists()
    assert main(["models", "fetch", "kin", "--accept-licence"]) == 0
    assert main(["models", "fetch", "kin"]) == 0  # it is here; nothing is to be accepted


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("said", "status"), [("y\n", 0), ("\n", 2), ("", 2)])
def test_a_person_is_asked(
    mirror: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, said: str, status: int
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal(said))
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["models", "fetch", "kin"]) == status
    assert "forbids commercial use" in terminal.getvalue()


@pytest.mark.parametrize("words", [["models", "fetch"], ["models", "bring"]])
def test_wrong_usage(cache: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    try:
        status = main(words)
    except SystemExit as left:
        status = left.code  # type: ignore[assignment]
    assert status == 2


def test_offline_is_for_the_whole_process(
    cache: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = forbid_network(monkeypatch)
    assert main(["models", "fetch", "small", "--offline"]) == 1
    assert "the network may not be used" in capsys.readouterr().err
    assert offline()
    assert attempts == []


@pytest.mark.parametrize("offline", [[], ["--offline"]])
def test_transcribing_never_fetches(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, offline: list[str]
) -> None:
    attempts = forbid_network(monkeypatch)
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(
            b"".join(int(9000 * (i * 37 % 100 / 50 - 1)).to_bytes(2, "little", signed=True) for i in range(48_000))
        )
    assert main(["transcribe", str(tmp_path / "a.wav"), "--model", "phowhisper-small", "--quiet", *offline]) == 1
    assert "mediakit models fetch phowhisper-small" in capsys.readouterr().err
    assert attempts == []


def test_auto_is_chosen_once_and_by_name(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mediakit.cli import options
    from mediakit.cli.main import parser

    words = ["batch", "x", "--model", "auto", "--engine", "whisper"]
    asked: list[str] = []

    def small(engine: str, _duration_ms: int | None) -> str:
        asked.append(engine)
        return "small"

    monkeypatch.setattr("mediakit.speech.models.auto.auto_model", small)
    settings = options.settings(parser(words).parse_args(words))
    assert (settings.model, asked) == ("small", ["whisper"])


@pytest.mark.slow
def test_transcribing_offline_with_what_is_here(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.setenv(name, "")
    attempts = forbid_network(monkeypatch)
    with wave.open(str(tmp_path / "a.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(16_000)
        sound.writeframes(bytes(32_000))
    made = answer(capsys, "transcribe", str(tmp_path / "a.wav"), "--model", "auto", "--offline", "-o", str(tmp_path))
    assert made["failures"] == []
    record = json.loads((tmp_path / "a.vi.json").read_text(encoding="utf-8"))
    assert record["engine"]["model"] in KNOWN
    assert attempts == []


def test_the_status_can_be_built_by_what_it_always_had() -> None:
    """Other commands, and programs, read these."""
    assert ModelStatus("a", "b", 1, "MIT", None, "").usable
