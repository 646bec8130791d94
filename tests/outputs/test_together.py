"""Files that belong together change all or none, wherever the program is killed or fails in between."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from mediakit.errors import OutputError, OutputExists
from mediakit.outputs.files import OutputFolder
from mediakit.outputs.temporary import is_dead, new_file
from tests.outputs.killing import kill_at_each_step

OLD = {"a.vi.srt": "cũ 1", "a.vi.vtt": "cũ 2", "sub/a.vi.txt": "cũ 3"}
NEW = {**{name: text.replace("cũ", "mới") for name, text in OLD.items()}, "b.vi.srt": "mới 4"}
PROGRAM = f"""
from mediakit.outputs.files import OutputFolder

def program(folder):
    OutputFolder(folder).write_all({NEW!r})
"""


def contents(folder: Path) -> dict[str, str]:
    """All results: no files of mediakit's own, and none that are on their way."""
    own = (".mediakit", *leftovers(folder))
    files = (path for path in folder.rglob("*") if path.is_file() and not set(own) & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".mediakit-*"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with results; one of the files that are to be written is not there yet."""
    OutputFolder(tmp_path / "out").write_all(OLD)
    return tmp_path / "out"


def test_all_are_written_and_known(folder: Path) -> None:
    paths = OutputFolder(folder).write_all(NEW)
    assert paths == tuple(folder / name for name in NEW)
    assert contents(folder) == NEW
    assert leftovers(folder) == []
    for name in NEW:
        OutputFolder(folder).check(name)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_whoever_is_killed_leaves_all_or_none_for_who_comes_next(folder: Path, tmp_path: Path) -> None:
    copies = kill_at_each_step(folder, tmp_path / "killed", PROGRAM)
    assert len(copies) > 20
    mixed = 0
    found = []
    for copy in copies:
        mixed += contents(copy) not in (OLD, NEW)
        again = OutputFolder(copy)
        again.settle()
        for name in OLD:
            again.check(name)
        assert leftovers(copy / ".mediakit") == leftovers(copy) == [], copy
        assert contents(copy) in (OLD, NEW), copy
        found.append(contents(copy) == NEW)
    assert mixed > 2, "it was killed in the middle of the change too"
    assert found == sorted(found), "from one step on it is made, whatever comes"
    assert found[-1]
    assert not found[0]


@pytest.mark.parametrize("failing", range(1, 5))
def test_what_cannot_be_put_in_its_place_takes_the_others_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """As on Windows, where a file that another program has open cannot be replaced."""
    real, calls = Path.replace, 0

    def refuse(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OutputError):
        OutputFolder(folder).write_all(NEW)
    monkeypatch.undo()
    assert contents(folder) == OLD
    assert leftovers(folder) == []
    OutputFolder(folder).write_all(NEW)
    assert contents(folder) == NEW


def test_nothing_is_written_where_one_is_somebody_elses(folder: Path) -> None:
    (folder / "b.vi.srt").write_text("của tôi", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(OutputExists):
        OutputFolder(folder).write_all(NEW)
    assert contents(folder) == before
    assert leftovers(folder) == []


def test_a_link_that_is_replaced_is_put_back(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = tmp_path / "thu.txt"
    letter.write_text("thư", encoding="utf-8")
    (folder / "b.vi.srt").symlink_to(letter)

    def all_but_the_last(self: Path, target: Path) -> Path:
        if target.name == "c.vi.srt":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, target)

    real = Path.replace
    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", all_but_the_last)
        with pytest.raises(OutputError):
            OutputFolder(folder).write_all({**NEW, "c.vi.srt": "mới 5"}, overwrite=1)
    assert (folder / "b.vi.srt").readlink() == letter
    assert letter.read_text(encoding="utf-8") == "thư"


def interrupted_change(folder: Path, tmp_path: Path) -> Path:
    """A folder in which somebody was killed with half of the files in their places."""
    copies = kill_at_each_step(folder, tmp_path / "killed", PROGRAM)
    return next(copy for copy in copies if contents(copy) not in (OLD, NEW))


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_what_somebody_wrote_meanwhile_stays(folder: Path, tmp_path: Path) -> None:
    half = interrupted_change(folder, tmp_path)
    waiting = next(name for name, text in OLD.items() if (half / name).read_text(encoding="utf-8") == text)
    (half / waiting).write_text("của tôi", encoding="utf-8")
    OutputFolder(half).settle()
    assert contents(half) == {**NEW, waiting: "của tôi"}
    assert leftovers(half) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
@pytest.mark.parametrize(
    "spoilt",
    [b"", b"[", b"[" * 100_000, b"{}", b'{"edited": false, "files": 7}', b"\xff",
     b'{"edited": false, "files": [{"path": "../x", "made": ".mediakit-1.tmp", "kept": null}]}',
     b'{"edited": false, "files": [{"path": "a.vi.srt", "made": "a.vi.vtt", "kept": null}]}',
     b'{"edited": false, "files": [{"path": "a.vi.srt", "made": 3, "kept": null}]}',
     b'{"edited": false, "files": [{"path": "a\\u0000", "made": ".mediakit-1.tmp", "kept": null}]}'],
)  # fmt: skip
def test_a_note_that_is_none_changes_nothing(folder: Path, spoilt: bytes) -> None:
    note = new_file(folder / ".mediakit", spoilt, "together", suffix=".json")
    # A number that no process has.
    dead = note.with_name(note.name.replace(f"-{os.getpid()}-", "-4194999-"))
    note.rename(dead)
    OutputFolder(folder).settle()
    assert contents(folder) == OLD
    assert not dead.exists()


def test_what_a_living_writer_is_at_stays(folder: Path) -> None:
    mine = new_file(folder, b"x")
    OutputFolder(folder).settle()
    assert mine.exists()
    assert not is_dead(mine)


@pytest.mark.parametrize(
    "name", [".mediakit-alt.tmp", ".mediakit-0123456789abcdef-x1y2.tmp", ".mediakit-00000000-1-x.tmp"]
)
def test_what_cannot_be_told_goes_after_a_day(folder: Path, name: str) -> None:
    stray = folder / name
    stray.write_bytes(b"x")
    OutputFolder(folder).settle()
    assert stray.exists()
    long_ago = time.time() - 25 * 3600
    os.utime(stray, (long_ago, long_ago))
    OutputFolder(folder).settle()
    assert not stray.exists()


def test_a_file_of_the_users_is_none_of_ours(folder: Path) -> None:
    mine = folder / ".mediakit-toi.txt"
    mine.write_bytes(b"x")
    os.utime(mine, (0, 0))
    OutputFolder(folder).settle()
    assert mine.exists()


@pytest.mark.skipif(not hasattr(os, "chown") or os.geteuid() != 0, reason="only root gives files away")
def test_a_note_of_a_stranger_is_not_believed(folder: Path, tmp_path: Path) -> None:
    """In a folder that is open to all, anybody could say what is to be put where."""
    half = interrupted_change(folder, tmp_path)
    (note,) = (half / ".mediakit").glob("*.json")
    assert json.loads(note.read_bytes())["files"]
    before = contents(half)
    os.chown(note, 4242, 4242)
    OutputFolder(half).settle()
    assert contents(half) == before
    shutil.rmtree(half)
