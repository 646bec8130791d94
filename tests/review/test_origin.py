"""Whose a file is, told without mediakit's own folder: what mediakit wrote, and what is a person's."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mediakit.errors import OutputExists
from mediakit.jobs.report import BatchReport
from mediakit.jobs.run import write_results
from mediakit.outputs.bundle import BOOKS, FORMATS, FURTHER_FORMATS, PICTURES
from mediakit.outputs.files import OutputFolder
from mediakit.outputs.media_overlays import write_epub
from mediakit.outputs.origin import Origin, origin_of
from mediakit.outputs.record import Edited, read_record, render_record
from mediakit.outputs.seal import sealed, state_of_page
from tests.outputs.example import ARTICLE, AUDIO
from tests.review.newsroom import add_loose
from tests.review.test_saving import saved

ALL = (*FORMATS, *FURTHER_FORMATS, *PICTURES)
OF_MEDIA = tuple(
    f"a.vi.{ending}"
    for ending in ("srt", "vtt", "txt", "json", "links.vtt", "ttml", "ass", "sbv", "lrc", "timed.txt", "png")
)
OF_ARTICLE = ("bai.html", "bai.jsonld")


@pytest.fixture
def results(newsroom: Path) -> Path:
    """The newsroom with the results of one medium in every format; mediakit's own folder has been deleted."""
    outcome = read_record(newsroom / "a.vi.json")
    write_results((outcome,), newsroom, ALL)
    shutil.rmtree(newsroom / ".mediakit")
    return newsroom


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("name", [*OF_MEDIA, *OF_ARTICLE])
def test_what_mediakit_wrote_is_known(results: Path, name: str) -> None:
    assert origin_of(results / name) == "written"
    OutputFolder(results).check(name)


def test_all_of_it_is_written_again(results: Path) -> None:
    outcome = read_record(results / "a.vi.json")
    write_results((outcome,), results, ALL)
    assert OutputFolder(results).wrote("a.vi.srt")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.vi.srt", "Xin chào", "Kính chào"),
        ("a.vi.srt", "00:00:03,000", "00:00:02,900"),
        ("a.vi.vtt", "WEBVTT\n", "WEBVTT\n\nNOTE đã duyệt\n"),
        ("a.vi.vtt", "00:00:03.000 -->", "00:00:02.900 -->"),
        ("a.vi.txt", "Xin chào", "Kính chào"),
        ("a.vi.txt", "\n", " \n"),
        ("a.vi.links.vtt", "p1s1", "p1s2"),
        ("a.vi.ttml", "Xin chào", "Kính chào"),
        ("a.vi.ass", "Default", "Khac"),
        ("a.vi.timed.txt", "Xin chào", "Kính chào"),
        ("bai.html", "<h1>", "<h1>Bài của tôi: "),
        ("bai.html", "</html>", "</html>\n<!-- đã duyệt -->"),
        ("bai.jsonld", "Đông Hòa", "Đông Hoà"),
        ("bai.jsonld", "{\n", "{ \n"),
    ],
)
def test_what_a_person_changed_is_the_persons(results: Path, name: str, old: str, new: str) -> None:
    replaced(results / name, old, new)
    assert origin_of(results / name) == "changed"
    for overwrite in (0, 1):
        with pytest.raises(OutputExists, match=r"changed since mediakit wrote it.*--overwrite twice"):
            OutputFolder(results).check(name, overwrite=overwrite)
    OutputFolder(results).check(name, overwrite=2)


def change(path: Path, edit: Callable[[dict[str, object]], object], *, indent: int = 1) -> None:
    """The record edited by hand, laid out with that indentation."""
    loaded = json.loads(path.read_text(encoding="utf-8"))
    edit(loaded)
    path.write_text(json.dumps(loaded, ensure_ascii=False, indent=indent) + "\n", encoding="utf-8")


EDITS: list[Callable[[dict[str, object]], object]] = [
    lambda record: record["captions"][1].update(lines=["Kính chào thính giả."]),  # type: ignore[index]
    lambda record: record["captions"][1].update(end_ms=4200),  # type: ignore[index]
    lambda record: record["captions"].pop(),  # type: ignore[attr-defined]
    lambda record: record["segments"][1].update(text="Kính chào thính giả."),  # type: ignore[index]
    lambda record: record.update(edited={"at": "2026-11-26T13:00:15Z", "by": "review"}),
]


@pytest.mark.parametrize("edit", EDITS)
def test_a_record_that_was_edited_by_hand_is_the_persons(
    results: Path, edit: Callable[[dict[str, object]], object]
) -> None:
    change(results / "a.vi.json", edit)
    assert origin_of(results / "a.vi.json") in ("changed", "edited")
    with pytest.raises(OutputExists):
        OutputFolder(results).check("a.vi.json", overwrite=1)


def test_a_record_that_another_program_laid_out_is_not_as_it_was(results: Path) -> None:
    change(results / "a.vi.json", lambda record: None, indent=2)
    assert origin_of(results / "a.vi.json") == "changed"


@pytest.mark.parametrize("formats", [("json",), ("srt", "json"), ("txt", "json"), ("vtt", "json"), ("json", "html")])
def test_a_record_is_known_by_whatever_was_made_with_it(
    tmp_path: Path, results: Path, formats: tuple[str, ...]
) -> None:
    outcome = read_record(results / "a.vi.json")
    out = tmp_path / "out"
    write_results((outcome,), out, formats)
    shutil.rmtree(out / ".mediakit")
    assert origin_of(out / "a.vi.json") == "written"
    change(out / "a.vi.json", EDITS[3])
    # Captions do not have what is said besides; where they are all that there is, the record must agree with itself.
    known = "written" if formats in (("srt", "json"), ("vtt", "json")) else "changed"
    assert origin_of(out / "a.vi.json") == known


def test_a_file_that_was_edited_by_hand_leaves_the_others_known(results: Path) -> None:
    replaced(results / "a.vi.srt", "Xin chào", "Kính chào")
    assert {name: origin_of(results / name) for name in OF_MEDIA if origin_of(results / name) != "written"} == {
        "a.vi.srt": "changed"
    }


def test_what_was_edited_in_a_review_says_so(results: Path) -> None:
    """All that was made of the record is the person's too; the other medium of the article is not."""
    saved(results / "a.vi.json")
    shutil.rmtree(results / ".mediakit")
    for name in (*OF_MEDIA, *OF_ARTICLE):
        if name != "a.vi.png":  # a picture of what is read, which a review does not make anew
            assert origin_of(results / name) == "edited", name
    assert origin_of(results / "b.vi.json") == "written"
    outcome = read_record(results / "a.vi.json")
    for overwrite in (0, 1):
        with pytest.raises(OutputExists, match="edited in `mediakit review`"):
            write_results((outcome,), results, FORMATS, overwrite=overwrite)
    write_results((outcome,), results, FORMATS, overwrite=2)
    assert OutputFolder(results).wrote("a.vi.json")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("thu.vi.srt", "1\n00:00:01,000 --> 00:00:02,000\nCủa tôi\n"),  # no record beside it
        ("thu.vi.json", "{}"),
        ("thu.vi.json", "[" * 100_000),
        ("thu.vi.json", '{"schema": ' + "9" * 5000 + "}"),
        ("thu.vi.txt", "Của tôi\n"),
        ("thu.html", "<p>Của tôi"),
        ("thu.jsonld", "{}"),
        ("thu.epub", "PK"),
        ("report.json", '{"schema": "khac"}'),
        ("report.json", "7"),
        ("report.json", "[" * 100_000),
        ("report.html", "<p>Báo cáo"),
    ],
)
def test_a_file_of_anybody_elses_is_theirs(results: Path, name: str, content: str) -> None:
    (results / name).write_text(content, encoding="utf-8")
    assert origin_of(results / name) == "foreign"
    with pytest.raises(OutputExists, match="not written by mediakit"):
        OutputFolder(results).check(name)


def test_a_link_is_somebodys(results: Path) -> None:
    (results / "thu.vi.json").symlink_to(results / "a.vi.json")
    assert origin_of(results / "thu.vi.json") == "foreign"


def test_an_older_version_that_wrote_a_record_is_no_change(results: Path) -> None:
    replaced(results / "a.vi.json", '"mediakit": "', '"mediakit": "0.0.1.')
    assert origin_of(results / "a.vi.json") == origin_of(results / "a.vi.srt") == "written"


def test_a_recording_without_an_article_is_known(newsroom: Path) -> None:
    record = add_loose(newsroom)
    shutil.rmtree(newsroom / ".mediakit")
    for ending in ("srt", "vtt", "txt", "json"):
        assert origin_of(record.with_suffix(f".{ending}")) == "written"


def test_an_edited_record_without_anything_beside_it_is_known(tmp_path: Path, newsroom: Path) -> None:
    outcome = read_record(newsroom / "a.vi.json")
    record = tmp_path / "a.vi.json"
    record.write_text(render_record(outcome, Edited("2026-11-26T13:00:15Z")), encoding="utf-8")
    assert origin_of(record) == "edited"


def test_the_report_of_a_batch_is_known(tmp_path: Path) -> None:
    BatchReport(tmp_path, tmp_path).write()
    shutil.rmtree(tmp_path / ".mediakit")
    assert {origin_of(tmp_path / name) for name in ("report.json", "report.html")} == {"written"}
    BatchReport(tmp_path, tmp_path).write()
    shutil.rmtree(tmp_path / ".mediakit")
    replaced(tmp_path / "report.html", "<body>", "<body><p>của tôi")
    assert origin_of(tmp_path / "report.html") == "changed"


def test_a_book_is_known_until_somebody_changes_it(tmp_path: Path) -> None:
    book, sound = tmp_path / "bai.epub", tmp_path / "a.mp3"
    sound.write_bytes(b"ID3\x04")
    write_epub(book, ARTICLE, [replace(AUDIO, media=replace(AUDIO.media, file=sound))])
    assert origin_of(book) == "written"
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("them.txt", "của tôi")
    assert origin_of(book) == "changed"


@pytest.mark.parametrize("text", ["", "<p>a</p>\n", "<p>không có dòng cuối", "\ud800"])
def test_a_seal_is_whole_until_a_byte_changes(tmp_path: Path, text: str) -> None:
    page = tmp_path / "a.html"
    data = sealed(text).encode("utf-8", errors="replace")
    page.write_bytes(data)
    assert state_of_page(page) == "whole"
    for at in range(0, len(data) - 1, 7):
        page.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert state_of_page(page) != "whole"


def test_origins_are_all_named() -> None:
    origins: tuple[Origin, ...] = ("written", "edited", "changed", "foreign")
    assert len(set(origins)) == 4
    assert BOOKS == ("epub",)
