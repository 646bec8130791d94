"""What a batch does with folders as people have them: names that are one, names that are none, files of every kind."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from pathlib import Path
from typing import Any

import pytest

import mediakit
from mediakit.article.attachments import AUDIO_SUFFIXES, VIDEO_SUFFIXES
from mediakit.errors import UsageError
from mediakit.jobs.plan import Tree, plan
from mediakit.outputs.files import OutputFolder
from mediakit.outputs.record import read_record
from tests.cli.stage import leftovers, write_article
from tests.cli.stage import mediakit as run
from tests.media.studio import encode, write_bursts


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def tone(path: Path, duration_ms: int = 1000) -> Path:
    """A medium without speech, as long as no other of its test, by which its result is known."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_bursts(path, at_ms=[300], duration_ms=duration_ms, rate=16_000)


def lengths(out: Path) -> dict[str, int]:
    """Of each record the length of the medium that it is of."""
    found = {path.relative_to(out).as_posix(): read_record(path) for path in out.rglob("*.vi.json")}
    return {name: result.media.duration_ms or 0 for name, result in found.items()}


def batch(root: Path, out: Path | None) -> dict[str, str]:
    return {str(o.source.relative_to(root)): o.status for o in mediakit.transcribe_folder(root, out)}


NAMES = [
    ("Họp báo.wav", decomposed("Họp báo.wav")),
    ("Họp báo.wav", "HỌP BÁO.wav"),
    ("Họp báo.wav", decomposed("HỌP báo.WAV"), "họp báo.wav"),
    ("tin.wav", "Tin.flac", "tin.wav.wav"),
    ("tin.wav", "ti\u200bn.wav", "tin\u00ad.wav"),
    ("x" * 245 + "1.wav", "x" * 245 + "2.wav"),
    ("ề" * 80 + ".wav", decomposed("ề") + "ề" * 79 + ".wav"),
    ("Mùa/a.wav", decomposed("Mùa/a.wav"), "MÙA/a.wav"),
]


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("beside", [False, True])
def test_two_recordings_never_share_a_name_and_a_second_run_does_nothing(
    tmp_path: Path, names: tuple[str, ...], beside: bool
) -> None:
    root = tmp_path / "in"
    for number, name in enumerate(names):
        tone(root / name, 1000 + 100 * number)
    if sum(1 for path in root.rglob("*") if path.is_file()) < len(names):
        pytest.skip("this disk takes these names for one")
    out = root if beside else tmp_path / "out"
    assert set(batch(root, None if beside else out).values()) == {"done"}
    found = lengths(out)
    assert sorted(found.values()) == [1000 + 100 * number for number in range(len(names))]
    folded = {unicodedata.normalize("NFC", name.casefold()) for name in found}
    assert len(folded) == len(names) or (beside and "/" in names[0])  # there they are in the folders of their sources
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.vi.*")}
    assert len(before) == 4 * len(names)
    assert set(batch(root, None if beside else out).values()) == {"skipped"}
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*.vi.*")} == before
    assert not leftovers(out)


def test_a_new_recording_leaves_the_names_of_those_whose_names_were_told_apart(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    tone(root / "Họp.wav"), tone(root / decomposed("Họp.wav"), 1100)
    batch(root, out)
    before = lengths(out)
    tone(root / "HỌP.wav", 1200)
    found = batch(root, out)
    assert sorted(found.values()) == ["done", "skipped", "skipped"]
    assert before.items() <= lengths(out).items()


def test_articles_whose_names_are_one_have_a_page_each(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    names = ["tin.txt", "TIN.html", "Tin.txt", "bé.txt", decomposed("bé.txt"), "ể" * 83 + ".txt"]
    for number, name in enumerate(names):
        tone(root / f"{number}.wav", 1000 + 100 * number)
        write_article(root, [f"Audio: {number}.wav"], name)
    (root / "TIN.html").write_text("<html><body><h1>Tin</h1><p>Một câu.</p><audio src='1.wav'></audio></body></html>")
    assert set(batch(root, out).values()) == {"done"}
    pages = sorted(path.name for path in out.glob("*.html") if path.name != "report.html")
    assert len({unicodedata.normalize("NFC", name.casefold()) for name in pages}) == len(names)
    assert set(batch(root, out).values()) == {"skipped"}


def test_a_saved_page_is_never_in_the_way_of_another_article_beside_it(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav")
    write_article(tmp_path, ["Audio: a.wav"], "TIN.txt")
    saved = "<html><body><h1>Tin</h1><p>Một câu.</p></body></html>"
    (tmp_path / "tin.html").write_text(saved, encoding="utf-8")
    assert batch(tmp_path, None) == {"TIN.txt": "done"}
    assert (tmp_path / "tin.html").read_text(encoding="utf-8") == saved
    assert not (tmp_path / "TIN.html").exists()
    assert (tmp_path / "TIN.txt.html").exists()


def test_a_name_that_is_too_long_is_shortened_before_work_begins_and_that_is_said(tmp_path: Path) -> None:
    medium = tone(tmp_path / "in" / ("ệ" * 83 + ".wav"))
    assert len(medium.name.encode()) == 253
    ran = run("transcribe", medium, "-o", tmp_path / "out")
    assert ran.status == 0, ran.err
    assert "too long" in ran.err
    (written,) = (tmp_path / "out").glob("*.vi.json")
    assert len(written.name.encode()) <= 255
    assert [warning.code for warning in read_record(written).warnings] == ["no-speech", "name-shortened"]
    assert len(list((tmp_path / "out").glob("*.vi.*"))) == 4


def test_sources_of_one_command_never_share_a_name(tmp_path: Path) -> None:
    first, second = tone(tmp_path / "a" / "x.wav"), tone(tmp_path / "b" / "x.wav", 1100)
    assert run("transcribe", first, second, first, "-o", tmp_path / "out", "--quiet").status == 0
    assert lengths(tmp_path / "out") == {"x.vi.json": 1000, "x.2.vi.json": 1100}


@pytest.fixture
def undecodable(tmp_path: Path) -> Path:
    """A folder with names that are no UTF-8, as of old Windows archives."""
    if sys.platform in ("darwin", "win32"):
        pytest.skip("file names of this system are Unicode")
    root = tmp_path / "in"
    tone(root / "tot.wav")
    good = (root / "tot.wav").read_bytes()
    (root / os.fsdecode(b"b\xe0i.wav")).write_bytes(good)
    (root / os.fsdecode(b"th\xfd m\xf4c")).mkdir()
    (root / os.fsdecode(b"th\xfd m\xf4c") / "c.wav").write_bytes(good)
    write_article(root, ["Audio: tot.wav"], os.fsdecode(b"b\xe1o.txt"))
    (root / os.fsdecode(b"t\xe0i li\xeau.pdf")).write_bytes(b"%PDF")
    return root


def test_a_name_that_is_not_utf_8_is_one_failure_among_others(undecodable: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    look = run("batch", undecodable, "-o", out, "--dry-run", "--json")
    assert look.status == 0
    json.loads(look.out.encode("utf-8"))
    for _ in range(4):
        ran = run("batch", undecodable, "-o", out, "-j", "1", "--json")
        assert ran.status == 1
        assert r"b\xe0i.wav" in ran.err
        report = json.loads((out / "report.json").read_bytes().decode("utf-8"))
        assert {**json.loads(ran.out.encode("utf-8")), "seconds": 0} == {**report, "seconds": 0}
    assert {job["source"]: job["status"] for job in report["jobs"]} == {
        r"b\xe1o.txt": "skipped",
        r"b\xe0i.wav": "set-aside",
        r"th\xfd m\xf4c/c.wav": "set-aside",
    }
    assert [item["path"] for item in report["skipped_files"]] == [r"t\xe0i li\xeau.pdf"]
    assert r"b\xe0i.wav" in (out / "report.html").read_text(encoding="utf-8")
    assert read_record(out / "tot.vi.json").media.duration_ms == 1000


@pytest.mark.parametrize("name", ["xuống\ndòng.wav", "\x1b[31mđỏ.wav", "a\u202evaw.gpj.wav"])
def test_a_name_drives_no_terminal(tmp_path: Path, name: str) -> None:
    tone(tmp_path / "in" / name).write_bytes(b"")
    ran = run("batch", tmp_path / "in", "-o", tmp_path / "out", "-j", "1")
    assert ran.status == 1
    for shown in (ran.err, ran.out):
        assert not {"\x1b", "\u202e"} & set(shown)
    assert len(ran.complaints) == 1


def skipped(root: Path) -> dict[str, str]:
    tree = Tree(root)
    list(tree.jobs())
    return {item.path.relative_to(root).as_posix(): item.why for item in tree.skipped}


def test_media_are_known_by_ending_or_content_for_every_command(tmp_path: Path) -> None:
    source = tone(tmp_path / "nguon.wav")
    root = tmp_path / "in"
    root.mkdir()
    made = {
        "a.mpga": "mp3", "b.voc": "voc", "c.mp1": "mp2", "d.ra": "rm", "e.spx": "ogg", "ghi-am": "flac", "f.dat": "mp3",
        "Họp 9.6": "wav", "g.m2a": "mp2", "h.wave": "wav", "i.qt": "mov", "k.tin": "adts",
    }  # fmt: skip
    for name, form in made.items():
        options: dict[str, str | int] = {"acodec": "real_144", "ar": 8000} if form == "rm" else {}
        if form == "ogg":
            options = {"acodec": "flac"}
        encode(root / name, source, f=form, **options)
    (root / "khac.dat").write_bytes(b"so lieu " * 100)
    (root / "ghi-chu").write_text("Mua rau.", encoding="utf-8")
    assert {job.name for job in Tree(root).jobs()} == made.keys()
    assert skipped(root).keys() == {"khac.dat", "ghi-chu"}
    for name in made:
        assert plan(root / name).pieces[0].path == root / name
    statuses = batch(root, tmp_path / "out")
    assert set(statuses.values()) == {"done"}, statuses
    assert len(lengths(tmp_path / "out")) == len(made)


def test_the_list_of_endings_has_all_that_ffmpeg_knows_of_what_it_may_open() -> None:
    import av
    import av.format

    from mediakit.media.ffmpeg import MEDIA_DEMUXERS

    known = AUDIO_SUFFIXES | VIDEO_SUFFIXES
    # Pictures, captions, a playlist, and an ending that is better known for something else.
    left_out = {"avif", "heic", "heif", "mks", "ism", "mac", "sf"}
    for name in MEDIA_DEMUXERS:
        found = {ending for ending in av.format.ContainerFormat(name, "r").extensions if ending not in left_out}
        assert {f".{ending}" for ending in found} <= known, name
    assert not AUDIO_SUFFIXES & VIDEO_SUFFIXES


def test_each_file_that_is_passed_over_is_named_with_the_reason(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    tone(root / "a.wav")
    write_article(root, [], "khong-co-tep.txt")
    for name in ("trinh-chieu.ppt", "ds.m3u8", "dang-tai.mp3.part", "kho.zip", "x.srt"):
        (root / name).write_bytes(b"x")
    documents = {"cu.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "in.pdf": b"%PDF-1.4", "c.webarchive": b"bplist00"}
    for name, begin in documents.items():
        (root / name).write_bytes(begin + bytes(100))
    for number in range(12):
        (root / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")
    (root / ".an.pdf").write_bytes(b"x")
    ran = run("batch", root, "-o", out, "-j", "1")
    assert ran.status == 0
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    why = {item["path"]: item["why"] for item in report["skipped_files"]}
    assert len(why) == 21
    assert why["khong-co-tep.txt"] == "names no audio or video"
    for name in ("trinh-chieu.ppt", *documents):
        assert "not read; " in why[name]
        assert "save" in why[name]
    assert "unpack" in why["kho.zip"]
    assert "playlist" in why["ds.m3u8"]
    assert "khong-co-tep.txt: passed over, names no audio or video" in ran.out
    assert "21 files passed over; 13 of them not named here" in ran.out
    assert "0.jpg" not in ran.out
    assert "0.jpg: passed over" in run("batch", root, "-o", out, "-j", "1", "-v").out
    assert "khong-co-tep.txt" in (out / "report.html").read_text(encoding="utf-8")


def test_what_an_article_names_is_not_passed_over_whatever_its_ending(tmp_path: Path) -> None:
    tone(tmp_path / "ghi.dat").rename(tmp_path / "ghi.json")
    write_article(tmp_path, ["Audio: ghi.json"])
    tree = Tree(tmp_path)
    assert [job.pieces[0].path for job in tree.jobs()] == [tmp_path / "ghi.json"]
    assert tree.skipped == ()


def test_own_results_are_no_files_that_are_passed_over(tmp_path: Path) -> None:
    tone(tmp_path / "a.wav")
    write_article(tmp_path, ["Audio: a.wav"])
    assert run("batch", tmp_path, "-j", "1", "--quiet").status == 0
    assert skipped(tmp_path) == {}
    OutputFolder(tmp_path).write("b.vi.png", b"\x89PNG")
    assert skipped(tmp_path) == {}


@pytest.mark.parametrize("files", [[], ["anh.jpg"], ["ghi-chu.txt"]])
def test_a_folder_with_nothing_to_do_is_no_success(tmp_path: Path, files: list[str]) -> None:
    root = tmp_path / "in"
    root.mkdir()
    for name in files:
        (root / name).write_bytes(b"Ghi ch\xc3\xba\n\nKh\xc3\xb4ng c\xc3\xb3 g\xc3\xac.\n")
    for more in ([], ["--dry-run"]):
        ran = run("batch", root, "-o", tmp_path / "out", *more)
        assert ran.status == 1
        assert len(ran.complaints) == 1
        assert "no article with media and no media" in ran.err
        assert str(root) in ran.err


def test_without_a_terminal_there_is_a_line_a_file(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    tone(root / "a.wav"), tone(root / "sau" / "b.wav", 61_000)
    ran = run("batch", root, "-o", out, "-j", "1")
    done = [line for line in ran.complaints if ": done, " in line]
    assert [line.split(": ")[1] for line in done] == ["1 of 2", "2 of 2"]
    assert "1:01 of sound" in " ".join(done)
    assert run("batch", root, "-o", tmp_path / "quiet", "-j", "1", "--quiet").err == ""
    assert "a.wav: done, 0:01" in run("transcribe", root / "a.wav", "-o", out).err


@pytest.mark.parametrize(
    "address", ["https://example.com/tin/a.mp3", "http://example.com/", "ftp://kho/a.mp4", "s3://kho/a.mp3"]
)
def test_an_address_as_source_says_what_to_do(address: str, tmp_path: Path) -> None:
    ran = run("transcribe", address)
    assert ran.status == 2
    assert len(ran.complaints) == 1
    assert address.rstrip("/") in ran.err
    assert "Download it first" in ran.err
    with pytest.raises(UsageError, match="address"):
        mediakit.transcribe(address)
    ran = run("transcribe", tone(tmp_path / "a.wav"), "--article", address)
    assert "Download it first" in ran.err


def test_a_document_that_is_not_read_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "tin.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100))
    ran = run("transcribe", tmp_path / "tin.doc")
    assert ran.status == 1
    assert "save it as .docx" in ran.err


def test_the_folder_of_a_missing_attachment_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_article(tmp_path, ["Audio: thieu.mp3"])
    monkeypatch.chdir(tmp_path)
    for arguments in (["bai.txt"], ["bai.txt", "--media-dir", "."], ["."]):
        ran = run("transcribe", *arguments, "-o", "out")
        assert f"was not found in {tmp_path.resolve()}. Put it there" in ran.err


def test_doubts_are_failures_where_that_is_asked_for(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    tone(root / "a.wav")
    article = write_article(root, ["Audio: a.wav"])
    assert run("transcribe", article, "-o", out).status == 0
    ran = run("transcribe", article, "-o", out, "--strict")
    assert ran.status == 1
    assert "a.wav: no speech was heard" in ran.err
    assert "warning: a.wav" not in ran.err
    assert len(list(out.glob("a.vi.*"))) == 5
    for _ in range(2):  # a second run says so again, and does nothing again
        ran = run("batch", root, "-o", out, "-j", "1", "--strict", "--json")
        assert ran.status == 1
        (job,) = json.loads(ran.out)["jobs"]
        assert (job["status"], [error["code"] for error in job["errors"]]) == ("failed", ["doubtful-result"])
    assert run("batch", root, "-o", out, "-j", "1").status == 0
    (outcome,) = mediakit.transcribe_folder(root, out, strict=True)
    assert (outcome.status, outcome.errors[0].code) == ("failed", "doubtful-result")
    with pytest.raises(mediakit.MediakitError, match="no speech was heard"):
        mediakit.transcribe(article, strict=True)


def test_help_says_what_is_a_doubt() -> None:
    for command in ("transcribe", "batch"):
        told: Any = " ".join(run(command, "--help").out.split())
        assert "--strict" in told
        assert "count doubts as failures" in told
