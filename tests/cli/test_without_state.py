"""Mediakit's own folder may be deleted: what it wrote is written again, and what a person made of it stays."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mediakit.outputs.files import OutputFolder
from tests.cli.stage import leftovers, mediakit, record
from tests.media.studio import write_bursts

RESULTS = ("a.vi.srt", "a.vi.vtt", "a.vi.txt", "a.vi.json")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A recording with its results, and nothing of mediakit's own."""
    write_bursts(tmp_path / "a.wav", at_ms=[500], duration_ms=1500, rate=16_000)
    assert mediakit("transcribe", tmp_path / "a.wav", "--quiet").status == 0
    shutil.rmtree(tmp_path / ".mediakit")
    return tmp_path


def test_transcribe_goes_on_without_it(folder: Path) -> None:
    assert mediakit("transcribe", folder / "a.wav", "--quiet", "--profile", "bbc").status == 0
    assert all(OutputFolder(folder).wrote(name) for name in RESULTS)
    assert not leftovers(folder)


def test_batch_goes_on_without_it_and_takes_no_result_for_a_source(folder: Path) -> None:
    for profile in ("netflix-vi", "bbc"):
        ran = mediakit("batch", folder, "--quiet", "--profile", profile)
        assert (ran.status, ran.err) == (0, "")
        shutil.rmtree(folder / ".mediakit")
    assert sorted(path.name for path in folder.iterdir()) == ["a.vi.json", "a.vi.srt", "a.vi.txt", "a.vi.vtt", "a.wav",
                                                              "report.html", "report.json"]  # fmt: skip


@pytest.mark.parametrize("name", RESULTS[:3])
def test_a_file_that_was_edited_by_hand_stays_until_overwrite_is_said_twice(folder: Path, name: str) -> None:
    by_hand = (folder / name).read_text(encoding="utf-8") + "\nCủa tôi.\n"
    (folder / name).write_text(by_hand, encoding="utf-8")
    for given in ((), ("--overwrite",)):
        ran = mediakit("transcribe", folder / "a.wav", "--quiet", *given)
        assert ran.status == 1
        assert name in ran.err
        assert "--overwrite twice" in ran.err
        assert (folder / name).read_text(encoding="utf-8") == by_hand
        shutil.rmtree(folder / ".mediakit", ignore_errors=True)
    assert mediakit("transcribe", folder / "a.wav", "--quiet", "--overwrite", "--overwrite").status == 0
    assert (folder / name).read_text(encoding="utf-8") != by_hand


def test_a_record_that_was_edited_in_a_review_is_named(folder: Path) -> None:
    path = folder / "a.vi.json"
    edited = path.read_text(encoding="utf-8").rstrip().removesuffix("}").rstrip()
    edited += ',\n "edited": {\n  "at": "2026-11-26T13:00:15Z",\n  "by": "review"\n }\n}\n'
    path.write_text(edited, encoding="utf-8")
    record(folder, "a.vi.json")
    ran = mediakit("transcribe", folder / "a.wav", "--quiet", "--overwrite")
    assert ran.status == 1
    assert "was edited in `mediakit review`" in ran.err
    assert path.read_text(encoding="utf-8") == edited


def test_a_file_of_the_users_own_stays(folder: Path, tmp_path: Path) -> None:
    write_bursts(tmp_path / "b.wav", at_ms=[500], duration_ms=1500, rate=16_000)
    (tmp_path / "b.vi.srt").write_text("Của tôi", encoding="utf-8")
    ran = mediakit("transcribe", tmp_path / "b.wav", "--quiet")
    assert ran.status == 1
    assert "was not written by mediakit" in ran.err
    assert mediakit("transcribe", tmp_path / "b.wav", "--quiet", "--overwrite").status == 0
