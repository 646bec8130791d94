"""A save changes the record and all that was made of it, or nothing; what was there is kept, and stays a person's."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import sys
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path, PurePath
from typing import Any

import pytest
from filelock import FileLock
from jsonschema import Draft202012Validator

from mediakit.cli.main import main
from mediakit.errors import OutputError, OutputExists, OutputFull
from mediakit.jobs.run import write_results
from mediakit.outputs.bundle import FORMATS
from mediakit.outputs.captions_file import read_track
from mediakit.outputs.files import OutputFolder, settle_all
from mediakit.outputs.record import parse_record, read_record, schema
from mediakit.outputs.temporary import new_file
from mediakit.review import saving, versions
from mediakit.review.edits import Edit, EditRefused, parse_edit
from mediakit.review.reader import reader_page
from mediakit.review.saving import RecordChanged, Saved, SavingBusy, home_of, save, version_of
from mediakit.review.versions import versions_of
from mediakit.subtitles.read import read_captions
from tests.outputs.killing import kill_at_each_step
from tests.review.newsroom import add_loose, build

NOW = datetime(2026, 11, 26, 13, 0, 15, 123456, tzinfo=timezone.utc)


def edit_of(text: str = "Xin chào quý vị.", start_ms: int = 3100, end_ms: int = 4200, caption: str = "c2") -> Edit:
    """One caption changed, and the segment behind it."""
    words = text.split()
    each_ms = 1000 // len(words)
    timed = [
        {"start_ms": 3000 + n * each_ms, "end_ms": 3000 + (n + 1) * each_ms, "text": word, "score": 1}
        for n, word in enumerate(words)
    ]
    segments = [{"index": 1, "text": text, "words": timed}] if caption == "c2" else []
    captions = [{"id": caption, "start_ms": start_ms, "end_ms": end_ms, "lines": [text]}]
    return parse_edit({"captions": captions, "segments": segments})


def version(record: Path) -> str:
    return version_of(record.read_bytes())


def saved(record: Path, edit: Edit | None = None, at: datetime = NOW) -> Saved:
    """Save over what is there now."""
    return save(record, record.parent, version(record), edit or edit_of(), at)


def contents(folder: Path) -> dict[str, bytes]:
    """All results, without mediakit's own state."""
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_all_files_have_the_edit(newsroom: Path) -> None:
    record = newsroom / "a.vi.json"
    done = saved(record)
    assert {path.name for path in done.files} == {
        *(f"a.vi.{ending}" for ending in ("json", "srt", "vtt", "txt", "links.vtt", "ass")),
        *("bai.html", "bai.jsonld"),
    }
    assert done.left == ()
    assert done.version == version(record)
    for ending in ("srt", "vtt"):
        cue = read_captions(newsroom / f"a.vi.{ending}").cues[1]
        assert (cue.start_ms, cue.end_ms, cue.lines) == (3100, 4200, ("Xin chào quý vị.",))
    assert "Xin chào quý vị." in (newsroom / "a.vi.txt").read_text(encoding="utf-8")
    assert "Xin chào quý vị." in (newsroom / "a.vi.ass").read_text(encoding="utf-8")
    assert "Xin chào quý vị." in (newsroom / "bai.html").read_text(encoding="utf-8")
    assert "Xin chào quý vị." in (newsroom / "bai.jsonld").read_text(encoding="utf-8")
    assert not list(newsroom.rglob("*.tmp"))


def test_the_record_is_one_and_says_that_it_was_edited(newsroom: Path) -> None:
    record = newsroom / "a.vi.json"
    before = read_record(record)
    saved(record)
    loaded: dict[str, Any] = json.loads(record.read_text(encoding="utf-8"))
    Draft202012Validator(schema()).validate(loaded)
    assert loaded["edited"] == {"at": "2026-11-26T13:00:15Z", "by": "review"}
    after = read_record(record)
    assert (after.media, after.engine, after.segments[0]) == (before.media, before.engine, before.segments[0])
    assert after.segments[1].heard == before.segments[1].heard
    assert main(["check", "--quiet", "--profile", "web", str(record)]) in (0, 1)
    assert read_track(record).cues[1].start_ms == 3100


def test_files_that_were_not_asked_for_are_not_added(newsroom: Path) -> None:
    for name in ("a.vi.ass", "a.vi.vtt", "a.vi.links.vtt", "bai.jsonld"):
        (newsroom / name).unlink()
    before = set(contents(newsroom))
    saved(newsroom / "a.vi.json")
    assert set(contents(newsroom)) == before


def test_the_page_is_the_same_as_if_it_had_been_written_so_at_once(newsroom: Path) -> None:
    """Made of records and article, it is what `transcribe` wrote; with the edit, only what was edited differs."""
    page = newsroom / "bai.html"
    assert reader_page(page, newsroom)[1] == page.read_text(encoding="utf-8")
    saved(newsroom / "a.vi.json")
    assert reader_page(page, newsroom)[1] == page.read_text(encoding="utf-8")
    assert read_record(newsroom / "b.vi.json").segments[0].text in page.read_text(encoding="utf-8")


def test_a_page_whose_article_is_gone_is_left_and_told(newsroom: Path) -> None:
    (newsroom / "bai.txt").unlink()
    page = (newsroom / "bai.html").read_bytes()
    done = saved(newsroom / "a.vi.json")
    assert "bai.txt" in str(done.left[0])
    assert done.left[0].remedy
    assert (newsroom / "bai.html").read_bytes() == page
    assert read_captions(newsroom / "a.vi.srt").cues[1].start_ms == 3100


def test_an_article_that_has_changed_is_not_taken_for_the_one_that_was_read(newsroom: Path) -> None:
    article = newsroom / "bai.txt"
    article.write_text(article.read_text(encoding="utf-8").replace("120", "130"), encoding="utf-8")
    assert len(saved(newsroom / "a.vi.json").left) == 1


def test_results_in_a_folder_of_their_own_have_their_page_made_anew(tmp_path: Path) -> None:
    root = build(tmp_path / "in", tmp_path / "out").parent.resolve()
    record = root / "out" / "a.vi.json"
    done = save(record, root, version(record), edit_of(), NOW)
    assert root / "out" / "bai.html" in done.files
    assert done.left == ()
    assert versions_of(root / "out", PurePath("a.vi.json"))


def test_a_recording_without_an_article_has_no_page(newsroom: Path) -> None:
    record = add_loose(newsroom)
    done = saved(record, edit_of("Lời của ai đó.", 500, 1500, "c1"))
    assert {path.name for path in done.files} == {f"loi-noi.vi.{ending}" for ending in ("json", "srt", "vtt", "txt")}
    assert "loi-noi.vi.json" in reader_page(record, newsroom)[0].name
    assert "Lời của ai đó." in reader_page(record, newsroom)[1]


def test_the_version_before_is_kept_byte_for_byte(newsroom: Path) -> None:
    record = newsroom / "a.vi.json"
    before = record.read_bytes()
    saved(record)
    between = record.read_bytes()
    saved(record, edit_of("Kính chào quý vị."), NOW + timedelta(seconds=1))
    kept = versions_of(newsroom, PurePath("a.vi.json"))
    assert [path.read_bytes() for path in kept] == [before, between]
    assert kept[0].name == "2026-11-26T13-00-15.123456Z.json"
    # What the record gives again needs no copy.
    assert {path.name for path in (newsroom / ".mediakit" / "versions").iterdir()} == {"a.vi.json"}


def test_what_a_person_wrote_in_another_program_is_kept_too(newsroom: Path) -> None:
    captions = newsroom / "a.vi.srt"
    by_hand = captions.read_bytes().replace("Xin chào".encode(), "Kính chào".encode())
    captions.write_bytes(by_hand)
    saved(newsroom / "a.vi.json")
    assert [path.read_bytes() for path in versions_of(newsroom, PurePath("a.vi.srt"))] == [by_hand]


def test_of_many_versions_the_newest_are_kept(newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert versions.MOST_VERSIONS == 20
    monkeypatch.setattr(versions, "MOST_VERSIONS", 3)
    record = newsroom / "a.vi.json"
    for number in range(6):
        saved(record, edit_of(f"Lần {number}."), NOW + timedelta(minutes=number))
    kept = versions_of(newsroom, PurePath("a.vi.json"))
    assert [read_record(path).captions[1].text for path in kept] == ["Lần 2.", "Lần 3.", "Lần 4."]


def test_another_version_on_disk_is_told_and_nothing_is_written(newsroom: Path) -> None:
    record = newsroom / "a.vi.json"
    loaded = version(record)
    save(record, newsroom, loaded, edit_of("Bản của tôi."), NOW)
    before = contents(newsroom)
    with pytest.raises(RecordChanged) as caught:
        save(record, newsroom, loaded, edit_of("Bản của người khác."), NOW + timedelta(seconds=1))
    assert caught.value.version == version(record)
    assert caught.value.remedy
    assert contents(newsroom) == before


def test_of_many_at_once_one_saves_and_all_others_are_told(newsroom: Path) -> None:
    record = newsroom / "a.vi.json"
    loaded = version(record)
    begin = threading.Barrier(6)

    def attempt(number: int) -> Saved | None:
        begin.wait()
        try:
            return save(record, newsroom, loaded, edit_of(f"Bản {number}."), NOW + timedelta(seconds=number))
        except RecordChanged:
            return None

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(attempt, range(6)))
    (winner,) = [number for number, outcome in enumerate(outcomes) if outcome is not None]
    assert read_record(record).captions[1].text == f"Bản {winner}."
    assert read_captions(newsroom / "a.vi.srt").cues[1].lines == (f"Bản {winner}.",)


def test_another_program_that_saves_is_waited_for_and_then_told(
    newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saving, "_PATIENCE_S", 0.1)
    with FileLock(newsroom / ".mediakit" / "review.lock"), pytest.raises(SavingBusy):
        saved(newsroom / "a.vi.json")


def test_an_edit_that_makes_no_record_writes_nothing(newsroom: Path) -> None:
    before = contents(newsroom)
    with pytest.raises(EditRefused):
        saved(newsroom / "a.vi.json", edit_of(end_ms=5001))
    assert contents(newsroom) == before
    assert versions_of(newsroom, PurePath("a.vi.json")) == []


def test_a_full_disk_changes_no_file(newsroom: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever write of the save it is that fails."""
    before = contents(newsroom)
    real, calls = os.fsync, 0
    for failing in range(1, 60):
        calls = 0

        def full(descriptor: int, failing: int = failing) -> None:
            nonlocal calls
            calls += not stat.S_ISDIR(os.fstat(descriptor).st_mode)
            if calls == failing:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(descriptor)

        with monkeypatch.context() as broken:
            broken.setattr(os, "fsync", full)
            try:
                saved(newsroom / "a.vi.json", at=NOW + timedelta(seconds=failing))
                break
            except OutputFull:
                pass
        assert contents(newsroom) == before
    # Eight results, the note that they belong together, and the version before.
    assert failing > 8 + 1 + 1
    assert read_record(newsroom / "a.vi.json").captions[1].start_ms == 3100


def test_a_later_run_does_not_replace_what_was_edited(newsroom: Path) -> None:
    """The ledger knows what mediakit wrote; an edit is not that."""
    record = newsroom / "a.vi.json"
    original = read_record(record)
    saved(record)
    edited = contents(newsroom)
    folder = OutputFolder(newsroom)
    for name in ("a.vi.json", "a.vi.srt", "bai.html"):
        assert not folder.wrote(name)
        with pytest.raises(OutputExists):
            folder.check(name)
    assert folder.wrote("b.vi.json")
    with pytest.raises(OutputExists, match=r"a\.vi"):
        write_results((original,), newsroom, FORMATS)
    assert contents(newsroom) == edited
    with pytest.raises(OutputExists, match=r"a\.vi.*--overwrite twice"):
        write_results((original,), newsroom, FORMATS, overwrite=1)
    assert contents(newsroom) == edited
    write_results((original,), newsroom, FORMATS, overwrite=2)
    assert read_record(record).captions == original.captions


def test_the_home_of_a_record_is_where_mediakit_keeps_its_state(tmp_path: Path) -> None:
    record = tmp_path / "out" / "sub" / "a.vi.json"
    record.parent.mkdir(parents=True)
    record.touch()
    assert home_of(record, tmp_path) == record.parent
    (tmp_path / "out" / ".mediakit").mkdir()
    assert home_of(record, tmp_path) == tmp_path / "out"
    assert home_of(record, record.parent) == record.parent


@pytest.mark.parametrize("linked", [".mediakit", ".mediakit/versions"])
def test_versions_are_not_kept_outside_the_folder(newsroom: Path, linked: str) -> None:
    outside = newsroom.parent / "outside"
    outside.mkdir()
    if (newsroom / linked).exists():
        shutil.rmtree(newsroom / linked)
    (newsroom / linked).symlink_to(outside, target_is_directory=True)
    before = contents(newsroom)
    with pytest.raises(OutputError, match="outside"):
        saved(newsroom / "a.vi.json")
    assert contents(newsroom) == before
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "mark",
    [None, {}, "2026-11-26", {"at": "2026-11-26T13:00:15Z"}, {"at": "yesterday", "by": "review"},
     {"at": "2026-11-26T13:00:15Z", "by": "somebody"}, {"at": "2026-11-26T13:00:15Z", "by": "review", "who": "x"}],
)  # fmt: skip
def test_a_mark_of_editing_that_is_none_is_refused_by_schema_and_reader(newsroom: Path, mark: object) -> None:
    record = newsroom / "a.vi.json"
    loaded = {**json.loads(record.read_text(encoding="utf-8")), "edited": mark}
    assert not Draft202012Validator(schema()).is_valid(loaded)
    with pytest.raises(ValueError, match="edited"):
        parse_record(loaded)


PROGRAM = """
from tests.review.test_saving import saved

def program(folder):
    saved(folder / 'a.vi.json')
"""


@pytest.fixture(scope="module")
def killed(built_newsroom: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of the folder, in each of which a save was killed one step later; in the last it came to its end."""
    if sys.platform == "win32":
        pytest.skip("needs fork")
    copies = tmp_path_factory.mktemp("killed") / "copies"
    return kill_at_each_step(built_newsroom, copies, PROGRAM, ("os.rename", "os.remove"))


def results(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names}


def test_a_save_that_is_killed_is_made_whole_or_was_not_begun(
    newsroom: Path, killed: list[Path], tmp_path: Path
) -> None:
    """By whoever begins to work in the folder next, whatever step it was killed at."""
    before = contents(newsroom)
    after = results(killed[-1], before)
    assert sum(after[name] != data for name, data in before.items()) == 7  # the links stay as they were
    mixed = 0
    for number, folder in enumerate(killed):
        copy = Path(shutil.copytree(folder, tmp_path / f"{number}"))
        mixed += results(copy, before) not in (before, after)
        settle_all(copy)
        assert contents(copy) in (before, after), copy.name
        assert not list(copy.rglob(".mediakit-*")), copy.name
        edited = contents(copy) == after
        assert OutputFolder(copy).origin("a.vi.srt") == ("edited" if edited else "written")
        assert len(versions_of(copy, PurePath("a.vi.json"))) >= edited
    assert mixed > 5, "it was killed between two files too"


@pytest.mark.parametrize(
    "command", ["check {}/a.vi.srt", "evaluate {}/a.vi.json --reference {}/bai.txt", "clip {}/a.vi.json --caption c1"]
)
def test_any_command_that_reads_a_result_brings_a_save_to_its_end(
    newsroom: Path, killed: list[Path], tmp_path: Path, command: str
) -> None:
    before = contents(newsroom)
    after = results(killed[-1], before)
    half = Path(
        shutil.copytree(next(c for c in killed if results(c, before) not in (before, after)), tmp_path / "half")
    )
    assert main([*(part.format(half) for part in command.split()), "--quiet"]) in (0, 1)
    assert results(half, before) == after


def test_what_is_left_of_dead_writers_is_gone_when_a_review_begins(newsroom: Path) -> None:
    below = newsroom / "sub"
    below.mkdir()
    for folder in (newsroom, below):
        new_file(folder, b"x").rename(folder / f".mediakit-{'0' * 16}.tmp")
        os.utime(folder / f".mediakit-{'0' * 16}.tmp", (0, 0))
    settle_all(newsroom)
    assert not list(newsroom.rglob(".mediakit-*"))
