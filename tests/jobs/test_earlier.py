"""A failure never takes the place of a result: record, captions and page stay, and the failure is told."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import mediakit
from mediakit.article.load import load_article
from mediakit.captions.caption import Caption
from mediakit.errors import EngineUnavailable, MediaCutOff
from mediakit.jobs.earlier import is_worse, tied_to
from mediakit.jobs.run import write_results
from mediakit.media.fingerprint import sha256_of
from mediakit.notices import Notice
from mediakit.outputs.page_listing import read_page
from mediakit.outputs.record import read_record
from mediakit.result import MediaInfo, Result
from mediakit.speech.engines import ENGINE_PACKAGES
from mediakit.transcript.segments import Segment, untied
from tests.cli.stage import leftovers, record, write_article
from tests.cli.stage import mediakit as run
from tests.media.studio import write_bursts
from tests.outputs.example import ARTICLE, AUDIO

SAID = AUDIO.segments[0].text


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An article with two media, transcribed: what is said in the first is as if it had been heard."""
    root, out = tmp_path / "in", tmp_path / "out"
    root.mkdir()
    article = write_article(root, ["Audio: một.wav", "Audio: hai.wav"])
    for place, name in enumerate(("một.wav", "hai.wav")):
        write_bursts(root / name, at_ms=[300 + place], duration_ms=15_000 + 100 * place, rate=16_000)
    assert run("transcribe", article, "-o", out, "--quiet").status == 0
    first, second = (read_record(out / f"{name}.vi.json") for name in ("một", "hai"))
    assert first.article is not None
    document = load_article(article)
    grounded = replace(first.article, document=document)
    media = replace(first.media, file=root / "một.wav")
    spoken = replace(AUDIO, media=media, article=grounded, segments=_free(AUDIO), captions=_untied(AUDIO))
    other = replace(second, media=replace(second.media, file=root / "hai.wav"), article=grounded)
    write_results([spoken, other], out, ["srt", "vtt", "txt", "json", "html"])
    assert SAID in (out / "bai.html").read_text(encoding="utf-8")
    return root


def _free(result: Result) -> tuple[Segment, ...]:
    return tuple(untied(segment) for segment in result.segments)


def _untied(result: Result) -> tuple[Caption, ...]:
    return tuple(replace(caption, sentences=()) for caption in result.captions)


def results_of(out: Path, name: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.glob(f"{name}.vi.*")}


def gone(medium: Path) -> None:
    medium.rename(medium.with_name(".elsewhere"))


def empty(medium: Path) -> None:
    medium.write_bytes(b"")


def no_media(medium: Path) -> None:
    medium.write_text("Đây không phải âm thanh.", encoding="utf-8")


def a_folder(medium: Path) -> None:
    medium.unlink()
    medium.mkdir()


def cut_short(medium: Path) -> None:
    medium.write_bytes(medium.read_bytes()[:100_000])


@pytest.mark.parametrize(
    ("harm", "more"),
    [(gone, []), (gone, ["--overwrite"]), (empty, []), (no_media, ["--overwrite"]), (a_folder, []), (cut_short, [])],
)
def test_a_medium_that_cannot_be_had_keeps_its_result(
    archive: Path, harm: Callable[[Path], None], more: list[str]
) -> None:
    out = archive.parent / "out"
    before = results_of(out, "một")
    harm(archive / "một.wav")
    write_bursts(archive / "hai.wav", at_ms=[900], duration_ms=7000, rate=16_000)
    ran = run("transcribe", archive / "bai.txt", "-o", out, *more)
    assert ran.status == 1
    assert "một.wav" in ran.err
    assert "earlier result is kept" in ran.err
    assert results_of(out, "một") == before
    assert record(out, "hai.vi.json")["media"]["duration_ms"] == 7000  # type: ignore[index]
    page = read_page(out / "bai.html")
    assert page is not None
    assert [(m.name, m.source, m.captions) for m in page.media] == [
        ("một.wav", "../in/một.wav", "một.vi.vtt"),
        ("hai.wav", "../in/hai.wav", "hai.vi.vtt"),
    ]
    assert SAID in (out / "bai.html").read_text(encoding="utf-8")
    assert not leftovers(out)


def test_a_batch_tells_of_the_failure_and_of_what_is_kept(archive: Path) -> None:
    out = archive.parent / "out"
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    for name in ("một.wav", "hai.wav"):  # as a share that is unmounted
        (archive / name).rename(archive.parent / name)
    ran = run("batch", archive, "-o", out, "--overwrite", "-j", "1")
    assert ran.status == 1
    assert ran.err.count("earlier result is kept") == 2
    (job,) = json.loads((out / "report.json").read_text(encoding="utf-8"))["jobs"]
    assert (job["status"], job["page"]) == ("failed", "bai.html")
    assert all("earlier result is kept" in error["message"] for error in job["errors"])
    for _ in range(3):  # the last time it is set aside
        outcomes = list(mediakit.transcribe_folder(archive, out, overwrite=True))
    assert [outcome.status for outcome in outcomes] == ["set-aside"]
    assert {name: (out / name).read_bytes() for name in before} == before
    for name in ("một.wav", "hai.wav"):
        (archive.parent / name).rename(archive / name)
    assert [outcome.status for outcome in mediakit.transcribe_folder(archive, out)] == ["done"]


@pytest.mark.parametrize(
    "options",
    [
        ["--audio-stream", "7"],
        ["--engine", "whisper"],
        ["--model", "{broken}"],
        ["--language", "auto", "--audio-stream", "3"],
    ],
)
def test_what_is_wrong_with_the_options_leaves_everything(
    archive: Path, options: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = archive.parent / "out"
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "model.bin").write_bytes(b"cut")
    monkeypatch.setitem(ENGINE_PACKAGES, "whisper", ("khong_co_goi_nay", "pip install x"))
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    shutil.rmtree(out / ".mediakit" / "heard")
    filled = [word.format(broken=tmp_path / "broken") for word in options]
    for source in (archive / "bai.txt", archive / "một.wav"):
        ran = run("transcribe", source, "-o", out, "--overwrite", *filled)
        assert ran.status == 1, ran.err
        assert {name: (out / name).read_bytes() for name in before} == before


def test_an_engine_that_is_not_installed_is_no_failure_of_a_medium(
    archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(ENGINE_PACKAGES, "faster-whisper", ("khong_co_goi_nay", "pip install x"))
    from mediakit.speech.engines import engine_when_needed

    with pytest.raises(EngineUnavailable, match="khong_co_goi_nay"):
        _ = engine_when_needed("faster-whisper", "base").opened


def test_a_failure_takes_the_place_of_a_failure_and_a_success_of_both(tmp_path: Path) -> None:
    article, out = write_article(tmp_path, ["Audio: a.wav"]), tmp_path / "out"
    assert run("transcribe", article, "-o", out).status == 1
    assert record(out, "a.vi.json")["warnings"][0]["code"] == "attachment-missing"  # type: ignore[index]
    (tmp_path / "a.wav").write_bytes(b"")
    assert run("transcribe", article, "-o", out).status == 1
    assert record(out, "a.vi.json")["warnings"][0]["code"] == "media-empty"  # type: ignore[index]
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    assert run("transcribe", article, "-o", out, "--quiet").status == 0
    assert record(out, "a.vi.json")["media"]["sha256"] == sha256_of(tmp_path / "a.wav")  # type: ignore[index]


@pytest.mark.parametrize("formats", ["srt,html", "html"])
def test_captions_or_a_page_without_a_record_are_a_result_too(tmp_path: Path, formats: str) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    out = tmp_path / "out"
    article = write_article(tmp_path, ["Audio: a.wav"])
    assert run("transcribe", article, "-o", out, "--formats", formats, "--quiet").status == 0
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    gone(tmp_path / "a.wav")
    for _ in range(2):
        assert run("transcribe", article, "-o", out, "--formats", formats, "--quiet").status == 1
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_a_medium_in_a_sub_folder_or_under_another_form_of_its_name_keeps_its_result(tmp_path: Path) -> None:
    root, out = tmp_path / "in", tmp_path / "out"
    (root / "media").mkdir(parents=True)
    for name in ("media/a.wav", "Phát biểu.wav"):
        write_bursts(root / name, at_ms=[300], duration_ms=1000, rate=16_000)
    article = write_article(root, ["Audio: media/a.wav", "Audio: Phát_biểu.WAV"])
    assert run("transcribe", article, "-o", out, "--quiet").status == 0
    before = {path: path.read_bytes() for path in out.rglob("*.vi.*")}
    assert len(before) == 10
    shutil.rmtree(root / "media")
    (root / "Phát biểu.wav").unlink()
    assert run("transcribe", article, "-o", out, "--quiet").status == 1
    assert {path: path.read_bytes() for path in out.rglob("*.vi.*")} == before


def test_the_calls_of_python_keep_results_too(tmp_path: Path) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    article = write_article(tmp_path, ["Audio: a.wav"])
    mediakit.write(mediakit.transcribe(article), tmp_path / "out")
    before = results_of(tmp_path / "out", "a")
    (tmp_path / "a.wav").unlink()
    failed = mediakit.transcribe(article)
    assert failed.media.sha256 is None
    mediakit.write(failed, tmp_path / "out")
    assert results_of(tmp_path / "out", "a") == before


CUT = Notice(MediaCutOff.code, "the file ends early")


def result_of(sha256: str | None, duration_ms: int | None, *warnings: Notice) -> Result:
    return replace(AUDIO, media=MediaInfo("a.mp3", sha256, duration_ms, "audio"), warnings=warnings)


@pytest.mark.parametrize(
    ("result", "earlier", "worse"),
    [
        (result_of(None, None), result_of("1", 9000), True),
        (result_of("2", 5000, CUT), result_of("1", 9000), True),
        (result_of("2", 9000, CUT), result_of("1", 5000), False),  # what is there was less
        (result_of("2", 5000, CUT), result_of("1", 4000, CUT), False),  # a download that goes on
        (result_of("1", 9000, CUT), result_of("1", 9000, CUT), False),
        (result_of("1", 9000, CUT), result_of("1", 9000), False),
        (replace(result_of("1", 9000, CUT), segments=()), result_of("1", 9000), True),
        (result_of("2", 5000), result_of("1", 9000), False),  # whole, only shorter: another recording
    ],
)
def test_what_is_less_than_what_was_there(result: Result, earlier: Result, worse: bool) -> None:
    assert is_worse(result, earlier) == worse


def test_in_an_article_that_has_changed_only_sentences_that_are_still_there_are_said() -> None:
    assert AUDIO.article is not None
    assert tied_to(AUDIO, ARTICLE) == AUDIO
    first = next(segment for segment in AUDIO.segments if segment.sentence is not None)
    gone_too = tuple(s for s in ARTICLE.sentences if s.id == first.sentence)
    assert gone_too
    later = replace(ARTICLE, blocks=ARTICLE.blocks[:0])
    tied = tied_to(AUDIO, later)
    assert {segment.sentence for segment in tied.segments} == {None}
    assert all(not caption.sentences for caption in tied.captions)
    assert [segment.text for segment in tied.segments] == [segment.text for segment in AUDIO.segments]
