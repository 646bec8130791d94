"""Batches: on past failures, and nothing done twice. The sound has no speech, so that no test waits for an engine."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import mediakit
from mediakit.errors import UsageError
from mediakit.jobs.settings import Settings
from mediakit.outputs.record import read_record
from tests.cli.stage import leftovers, write_article
from tests.media.studio import write_bursts


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Two articles with media (one of three missing), a loose file in a sub-folder, and one that is no media."""
    root = tmp_path / "archive"
    (root / "le").mkdir(parents=True)
    for place, name in enumerate(("a.wav", "b.wav", "le/c.wav")):
        write_bursts(root / name, at_ms=[300 + place], duration_ms=1000, rate=16_000)
    (root / "hong.mp3").write_text("Đây không phải âm thanh.")
    write_article(root, ["Audio: a.wav"], "mot.txt")
    write_article(root, ["Audio: b.wav", "Video: thieu.mp4"], "hai.txt")
    return root


def statuses(root: Path, out: Path) -> dict[str, str]:
    return {outcome.source.name: outcome.status for outcome in mediakit.transcribe_folder(root, out)}


def test_goes_on_past_failures_and_does_nothing_twice(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = {"mot.txt": "done", "hai.txt": "failed", "hong.mp3": "failed", "c.wav": "done"}
    assert statuses(archive, out) == first
    assert (out / "le" / "c.vi.srt").exists()
    assert not leftovers(out)
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.vi.*")}
    again = {**first, "mot.txt": "skipped", "c.wav": "skipped"}
    assert statuses(archive, out) == again
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.vi.*")} == before


def test_what_changed_is_done_again(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    statuses(archive, out)
    (archive / "mot.txt").write_text((archive / "mot.txt").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    write_bursts(archive / "le" / "c.wav", at_ms=[600], duration_ms=1200, rate=16_000)
    assert statuses(archive, out)["mot.txt"] == "done"
    assert read_record(out / "le" / "c.vi.json").media.duration_ms == 1200


def test_what_was_lost_is_written_again(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    statuses(archive, out)
    (out / "a.vi.srt").unlink()
    (out / "le" / "c.vi.txt").write_text("half a tran")
    found = statuses(archive, out)
    assert found["mot.txt"] == "done"
    assert (out / "a.vi.srt").exists()
    # What a person changed is the person's.
    assert found["c.wav"] == "failed"
    assert (out / "le" / "c.vi.txt").read_text() == "half a tran"


def test_what_failed_is_done_when_it_is_mended(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    statuses(archive, out)
    shutil.copy(archive / "a.wav", archive / "hong.mp3")
    write_bursts(archive / "thieu.mp4", at_ms=[500], duration_ms=1000, rate=16_000)
    found = statuses(archive, out)
    assert (found["hong.mp3"], found["hai.txt"]) == ("done", "done")


def test_beside_the_sources_own_results_are_no_sources(archive: Path) -> None:
    first = {outcome.source.name for outcome in mediakit.transcribe_folder(archive)}
    second = {outcome.source.name for outcome in mediakit.transcribe_folder(archive)}
    assert first == second == {"mot.txt", "hai.txt", "hong.mp3", "c.wav"}


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        list(mediakit.transcribe_folder(tmp_path / "khong-co"))


def test_a_profile_counts_by_its_figures_not_by_its_name(tmp_path: Path) -> None:
    house = tmp_path / "house.toml"
    house.write_text("max_line_chars = 37", encoding="utf-8")
    before = Settings(profile=str(house)).fingerprint()
    house.write_text("max_line_chars = 32", encoding="utf-8")
    after = Settings(profile=str(house)).fingerprint()
    house.write_text("# the same\nmax_line_chars = 37", encoding="utf-8")
    assert before != after
    assert before == Settings(profile=str(house)).fingerprint()


def test_a_medium_that_two_articles_name_is_linked_to_each(tmp_path: Path) -> None:
    root, out = tmp_path / "archive", tmp_path / "out"
    root.mkdir()
    write_bursts(root / "m.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    for name in ("a.txt", "a.html", "b.txt"):
        write_article(root, ["Audio: m.wav", "Video: thieu.mp4"], name)
    assert statuses(root, out) == dict.fromkeys(("a.html", "a.txt", "b.txt"), "failed")  # the video is missing
    write_bursts(root / "thieu.mp4", at_ms=[500], duration_ms=1000, rate=16_000)
    assert set(statuses(root, out).values()) == {"done"}
    assert {path.name for path in out.glob("*.html")} == {"a.html", "a.txt.html", "b.html"}
    records = {path.name: read_record(path) for path in out.glob("m*.vi.json")}
    articles = {name: record.article.path for name, record in records.items() if record.article is not None}
    assert articles == {"m.vi.json": "a.html", "m.a.txt.vi.json": "a.txt", "m.b.vi.json": "b.txt"}
    assert set(statuses(root, out).values()) == {"skipped"}
