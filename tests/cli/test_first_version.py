"""Results of the first version of the record, as the released mediakit 0.1.0 wrote them (`first_version/`).

The sound was that of `samples/phat-bieu-giam-khao.mp4` as MP3; none of it is kept here, so that tests put bursts in its
place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mediakit.article.load import load_article
from mediakit.outputs.linked_data import PageMedia
from mediakit.outputs.media_overlays import write_epub
from mediakit.outputs.page import page_data, render_page
from mediakit.outputs.record import parse_record, read_record, schema, to_record, version_at
from mediakit.review.edits import parse_edit
from mediakit.review.reader import reader_page
from mediakit.review.saving import save, version_of
from tests.cli.stage import leftovers, mediakit, record
from tests.media.studio import encode, write_bursts

FIRST = Path(__file__).parent / "first_version"
NAME = "thu-giong.vi.json"
NOW = datetime(2026, 11, 30, 12, 0, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def medium(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An MP3 as long as the one that was heard."""
    folder = tmp_path_factory.mktemp("medium")
    bursts = write_bursts(folder / "tieng.wav", at_ms=[600, 10_500], duration_ms=18_090, rate=16_000)
    return encode(folder / "thu-giong.mp3", bursts)


@pytest.fixture
def folder(tmp_path: Path, medium: Path) -> Path:
    """The article with its medium and results, and what mediakit noted of these."""
    home = Path(shutil.copytree(FIRST, tmp_path / "toa-soan"))
    shutil.copy(medium, home)
    state = home / ".mediakit"
    state.mkdir()
    written = [{"path": path.name, "sha256": digest(path)} for path in sorted(home.glob("*.vi.*"))]
    (state / "written.jsonl").write_text("".join(json.dumps(line) + "\n" for line in written), encoding="utf-8")
    return home


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_is_read_and_of_today_once_it_is_written() -> None:
    loaded = json.loads((FIRST / NAME).read_text(encoding="utf-8"))
    Draft202012Validator(schema("mediakit/transcript@1")).validate(loaded)
    assert version_at(FIRST / NAME) == loaded["schema"] == "mediakit/transcript@1"
    result = read_record(FIRST / NAME)
    assert [(s.sentence, {word.article for word in s.words}) for s in result.segments] == [
        ("p2s1", {True}), (None, {False}), ("p1s2", {True}), (None, {False}),
    ]  # fmt: skip
    now = to_record(result)
    Draft202012Validator(schema()).validate(now)
    assert parse_record(now) == result
    for key in ("media", "article", "captions", "warnings"):
        assert now[key] == loaded[key]


def test_it_is_checked_as_its_captions_are(folder: Path) -> None:
    as_record, as_captions = (mediakit("check", folder / name, "--json") for name in (NAME, "thu-giong.vi.srt"))
    assert as_record.status == as_captions.status
    found = [json.loads(ran.out)["files"][0] for ran in (as_record, as_captions)]
    assert found[0]["cues"] == found[1]["cues"] == 5


def test_it_is_evaluated(folder: Path) -> None:
    said = " ".join(segment.text for segment in read_record(folder / NAME).segments)
    (folder / "nghe.txt").write_text(said, encoding="utf-8")
    ran = mediakit("evaluate", folder / NAME, "--reference", folder / "nghe.txt")
    assert (ran.status, ran.err) == (0, "")
    assert "0.0% (0 of " in ran.out


def test_its_sentences_are_cut_out(folder: Path) -> None:
    ran = mediakit("clip", folder / NAME, "--sentence", "p1s2")
    assert ran.status == 0
    assert (folder / "thu-giong.p1s2.mp3").is_file()


def test_page_and_book_have_its_sentences(folder: Path) -> None:
    article, result = load_article(folder / "thu-giong.txt"), read_record(folder / NAME)
    media = PageMedia(result, "thu-giong.mp3", "thu-giong.vi.vtt")
    words = page_data(article, [media])["media"][0]["segments"][0]["words"]
    assert [word[4] for word in words] == [True] * 22
    assert 'class="article"' in render_page(article, [media], "thu-giong.html")
    write_epub(
        folder / "a.epub", article, [replace(result, media=replace(result.media, file=folder / "thu-giong.mp3"))]
    )
    with zipfile.ZipFile(folder / "a.epub") as book:
        overlay = book.read("article.smil").decode()
    assert overlay.index("#p1s2") < overlay.index("#p2s1")


def test_it_is_shown_and_corrected_in_a_review(folder: Path) -> None:
    path = folder / NAME
    before = path.read_bytes()
    assert 'id="p2s1"' in reader_page(path, folder)[1]
    old = json.loads(before)["segments"][2]
    words = [{**old["words"][0], "text": "Vào", "score": 1}, *old["words"][1:]]
    edit = {"captions": [], "segments": [{"index": 2, "text": " ".join(w["text"] for w in words), "words": words}]}
    save(path, folder, version_of(before), parse_edit(edit), NOW)
    now = record(folder, NAME)
    segments = read_record(path).segments
    assert (now["schema"], now["edited"]) == ("mediakit/transcript@2", {"at": "2026-11-30T12:00:00Z", "by": "review"})
    assert [word.article for word in segments[2].words] == [False] + [True] * 12
    assert segments[0] == read_record(FIRST / NAME).segments[0]
    # What was there is kept as it was.
    (kept,) = (folder / ".mediakit" / "versions" / NAME).iterdir()
    assert kept.read_bytes() == before


def test_a_batch_works_on_it_again_and_says_so_once(folder: Path) -> None:
    again = ("batch", folder, "-j", "1", "--formats", "json,srt,vtt,txt")
    ran = mediakit(*again)
    assert ran.status == 0
    assert "thu-giong.mp3: made anew, for its result was of an earlier version" in ran.err
    (job,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["jobs"]
    assert (job["status"], job["media"][0]["replaces"]) == ("done", "mediakit/transcript@1")
    assert record(folder, NAME)["schema"] == "mediakit/transcript@2"
    assert not leftovers(folder)
    ran = mediakit(*again)
    assert (ran.status, "made anew" in ran.err) == (0, False)
    (job,) = json.loads((folder / "report.json").read_text(encoding="utf-8"))["jobs"]
    assert job["status"] == "skipped"
    assert "replaces" not in job["media"][0]


@pytest.mark.parametrize("more", [(), ("--overwrite",)])
def test_what_a_person_changed_in_it_is_not_lost(folder: Path, more: tuple[str, ...]) -> None:
    path = folder / NAME
    path.write_bytes(path.read_bytes().replace("hoấn lượng viên".encode(), "huấn luyện viên".encode()))
    before = {file.name: file.read_bytes() for file in folder.glob("*.vi.*")}
    ran = mediakit("batch", folder, "-j", "1", "--formats", "json,srt,vtt,txt", *more)
    assert ran.status == 1
    assert "was changed since mediakit wrote it" in ran.err
    assert {file.name: file.read_bytes() for file in folder.glob("*.vi.*")} == before
