"""Results are written whole or not at all, inside their folder, and never over what a person made."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import unicodedata
from pathlib import Path, PurePath

import pytest

from mediakit.errors import OutputError, OutputExists
from mediakit.outputs.files import STATE_FOLDER, OutputFolder


def everything(folder: Path) -> set[str]:
    """All files below `folder` but mediakit's own state."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and STATE_FOLDER not in p.parts}


def test_a_file_is_written_with_the_folders_it_needs(tmp_path: Path) -> None:
    path = OutputFolder(tmp_path / "out").write("sub/a.vi.srt", "một\n")
    assert path.read_bytes() == "một\n".encode()
    assert everything(tmp_path) == {"out/sub/a.vi.srt"}


def test_a_result_is_as_readable_as_other_new_files(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    path = OutputFolder(tmp_path).write("a.vi.srt", "x")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_what_mediakit_wrote_it_may_write_again_also_later(tmp_path: Path) -> None:
    OutputFolder(tmp_path).write("a.vi.srt", "một")
    OutputFolder(tmp_path).check("a.vi.srt")
    OutputFolder(tmp_path).write("a.vi.srt", "hai")
    assert (tmp_path / "a.vi.srt").read_text(encoding="utf-8") == "hai"


def test_a_file_of_somebody_elses_stays(tmp_path: Path) -> None:
    (tmp_path / "a.vi.srt").write_text("của tôi", encoding="utf-8")
    folder = OutputFolder(tmp_path)
    with pytest.raises(OutputExists) as caught:
        folder.check("a.vi.srt")
    assert caught.value.remedy
    with pytest.raises(OutputExists):
        folder.write("a.vi.srt", "một")
    assert (tmp_path / "a.vi.srt").read_text(encoding="utf-8") == "của tôi"


def test_a_file_that_a_person_edited_is_the_persons(tmp_path: Path) -> None:
    path = OutputFolder(tmp_path).write("a.vi.srt", "một")
    path.write_text("một, sửa tay", encoding="utf-8")
    with pytest.raises(OutputExists):
        OutputFolder(tmp_path).check("a.vi.srt")


def test_an_older_result_that_a_person_put_back_is_the_persons(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("a.vi.srt", "một")
    path = folder.write("a.vi.srt", "hai")
    path.write_text("một", encoding="utf-8")
    for again in (folder, OutputFolder(tmp_path)):
        with pytest.raises(OutputExists):
            again.write("a.vi.srt", "ba")


def test_overwrite_replaces_anybodys_file(tmp_path: Path) -> None:
    (tmp_path / "a.vi.srt").write_text("của tôi", encoding="utf-8")
    folder = OutputFolder(tmp_path)
    folder.check("a.vi.srt", overwrite=True)
    folder.write("a.vi.srt", "một", overwrite=True)
    assert (tmp_path / "a.vi.srt").read_text(encoding="utf-8") == "một"
    OutputFolder(tmp_path).check("a.vi.srt")


def test_the_same_content_is_no_conflict(tmp_path: Path) -> None:
    (tmp_path / "a.vi.srt").write_text("một", encoding="utf-8")
    assert OutputFolder(tmp_path).write("a.vi.srt", "một") == tmp_path / "a.vi.srt"


@pytest.mark.parametrize(
    "name",
    ["../a.srt", "sub/../../a.srt", "/tmp/a.srt", "", ".", "..", "a\0b.srt", ".mediakit/written.jsonl", ".Mediakit/x"],
)
def test_no_name_leads_out_of_the_folder_or_into_mediakits_own(tmp_path: Path, name: str) -> None:
    root = tmp_path / "out"
    folder = OutputFolder(root)
    folder.prepare()
    for attempt in (folder.check, lambda name: folder.write(name, "x", overwrite=True)):
        with pytest.raises(OutputError):
            attempt(name)
    assert everything(tmp_path) == set()


def test_a_linked_folder_does_not_lead_out(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    root = tmp_path / "out"
    root.mkdir()
    (root / "sub").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    for name in ("sub/a.srt", "sub/new/a.srt"):
        with pytest.raises(OutputError, match="outside"):
            OutputFolder(root).write(name, "x", overwrite=True)
    assert everything(tmp_path) == set()


def test_a_link_in_the_place_of_a_result_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "letter.txt"
    target.write_text("thư", encoding="utf-8")
    root = tmp_path / "out"
    root.mkdir()
    (root / "a.srt").symlink_to(target)
    (root / "b.srt").symlink_to(tmp_path / "nowhere")
    folder = OutputFolder(root)
    for name in ("a.srt", "b.srt"):
        with pytest.raises(OutputExists):
            folder.write(name, "một")
        assert not folder.write(name, "một", overwrite=True).is_symlink()
    assert target.read_text(encoding="utf-8") == "thư"
    assert not (tmp_path / "nowhere").exists()


def test_a_link_to_itself_is_an_error_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OutputError):
        OutputFolder(tmp_path).write("loop/a.srt", "x")


def test_folder_and_file_in_each_others_place_are_known_beforehand(tmp_path: Path) -> None:
    (tmp_path / "a.srt").mkdir()
    (tmp_path / "sub").write_text("x", encoding="utf-8")
    folder = OutputFolder(tmp_path)
    for name in ("a.srt", "sub/a.srt", "sub/deep/a.srt"):
        with pytest.raises(OutputError, match="folder"):
            folder.check(name, overwrite=True)
    with pytest.raises(OutputError) as caught:
        OutputFolder(tmp_path / "sub").prepare()
    assert caught.value.remedy
    assert caught.value.file is not None


def test_a_folder_that_cannot_be_written_is_known_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may write anywhere, so the refusal is made here where the system would make it."""
    real = os.open

    def refuse(path: str | Path, flags: int, *rest: int) -> int:
        if flags & os.O_CREAT and Path(path).parent == tmp_path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return real(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OutputError, match="Permission denied") as caught:
        OutputFolder(tmp_path).prepare()
    assert "-o DIR" in caught.value.remedy


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
@pytest.mark.parametrize(("failure", "kind"), [(full, OutputError), (interrupted, KeyboardInterrupt)])
def test_a_full_disk_or_an_interruption_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: object, kind: type[BaseException]
) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("a.srt", "cũ")
    with monkeypatch.context() as broken:
        if step == "replace":
            broken.setattr(Path, "replace", failure)
        elif step == "write":
            broken.setattr(os, "fdopen", _Broken(failure))
        else:
            broken.setattr(os, "fsync", failure)
        with pytest.raises(kind) as caught:
            folder.write("a.srt", "mới")
    if isinstance(caught.value, OutputError):
        assert "No space left" in str(caught.value)
        assert "Make room" in caught.value.remedy
    assert everything(tmp_path) == {"a.srt"}
    assert (tmp_path / "a.srt").read_text(encoding="utf-8") == "cũ"
    OutputFolder(tmp_path).write("a.srt", "mới")


class _Broken:
    """An `os.fdopen` whose file fails in the middle of writing."""

    def __init__(self, failure: object) -> None:
        self.failure = failure
        self.real = os.fdopen

    def __call__(self, descriptor: int, mode: str) -> _Broken:
        self.out = self.real(descriptor, mode)
        return self

    def __enter__(self) -> _Broken:
        return self

    def __exit__(self, *_: object) -> None:
        self.out.close()

    def write(self, data: bytes) -> None:
        self.out.write(data[: len(data) // 2])
        assert callable(self.failure)
        self.failure()


def test_a_file_put_in_place_just_before_the_power_failed_is_mediakits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("a.srt", "một")
    monkeypatch.setattr("mediakit.outputs.files.sync_folder", interrupted)  # after the replacement
    with pytest.raises(KeyboardInterrupt):
        folder.write("a.srt", "hai")
    monkeypatch.undo()
    assert (tmp_path / "a.srt").read_text(encoding="utf-8") == "hai"
    OutputFolder(tmp_path).write("a.srt", "ba")


@pytest.mark.parametrize("torn", [b'{"path": "b.srt", "sha', b"\xff\xfe", b"[]\n7\nnull\n", b"[" * 100_000])
def test_a_torn_line_of_the_ledger_spoils_no_other(tmp_path: Path, torn: bytes) -> None:
    OutputFolder(tmp_path).write("a.srt", "một")
    ledger = tmp_path / STATE_FOLDER / "written.jsonl"
    with ledger.open("ab") as out:
        out.write(torn)
    OutputFolder(tmp_path).write("b.srt", "hai")
    again = OutputFolder(tmp_path)
    again.check("a.srt")
    again.check("b.srt")


def test_the_ledger_is_lines_of_path_and_digest_and_the_last_wins(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    folder.write("sub/a.srt", "một")
    folder.write("sub/a.srt", "hai")
    lines = (tmp_path / STATE_FOLDER / "written.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert {entry["path"] for entry in entries} == {"sub/a.srt"}
    assert entries[-1] == {"path": "sub/a.srt", "sha256": hashlib.sha256(b"hai").hexdigest()}


def test_the_ledger_knows_a_name_in_either_unicode_form(tmp_path: Path) -> None:
    composed, decomposed = (unicodedata.normalize(form, "tiếng.srt") for form in ("NFC", "NFD"))
    OutputFolder(tmp_path).write(decomposed, "một")
    again = OutputFolder(tmp_path)
    again.check(decomposed)
    again.check(composed)


def test_a_name_that_is_not_utf_8_can_be_written(tmp_path: Path) -> None:
    name = os.fsdecode(b"b\xe1n.srt")
    try:
        OutputFolder(tmp_path).write(name, f"{name}\n")
    except OutputError as error:  # a file system that allows only Unicode names
        assert error.remedy  # noqa: PT017
    else:
        OutputFolder(tmp_path).check(name)


def test_mediakits_own_folder_keeps_out_of_git_and_back_ups(tmp_path: Path) -> None:
    OutputFolder(tmp_path).prepare()
    state = tmp_path / STATE_FOLDER
    assert (state / ".gitignore").read_text(encoding="utf-8") == "*\n"
    assert (state / "CACHEDIR.TAG").read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55")
    assert everything(tmp_path) == set()


def test_a_name_too_long_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        OutputFolder(tmp_path).write(PurePath("a" * 300 + ".srt"), "x")
    assert "Shorten" in caught.value.remedy
    assert everything(tmp_path) == set()


def test_what_a_program_makes_appears_whole(tmp_path: Path) -> None:
    folder = OutputFolder(tmp_path)
    with folder.making("sub/a.bin") as made:
        made.write_bytes(b"half")
        assert not (tmp_path / "sub" / "a.bin").exists()
    assert (tmp_path / "sub" / "a.bin").read_bytes() == b"half"
    with OutputFolder(tmp_path).making("sub/a.bin") as made:  # known as mediakit's own
        made.write_bytes(b"again")
    assert (tmp_path / "sub" / "a.bin").read_bytes() == b"again"


def test_what_a_program_makes_by_halves_is_not_left(tmp_path: Path) -> None:
    (tmp_path / "theirs.bin").write_bytes(b"theirs")
    with pytest.raises(IsADirectoryError), OutputFolder(tmp_path).making("a.bin") as made:
        tmp_path.write_bytes(b"%d" % made.write_bytes(b"half"))
    with pytest.raises(OutputExists), OutputFolder(tmp_path).making("theirs.bin"):
        raise AssertionError("nothing may be made")
    assert [path.name for path in tmp_path.iterdir()] == ["theirs.bin"]
