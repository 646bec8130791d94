"""The Python calls, as the contract has them, on sound without speech."""

from __future__ import annotations

from pathlib import Path

import pytest

import mediakit
from mediakit.errors import MediaEmpty, OutputExists
from tests.cli.stage import write_article
from tests.media.studio import write_bursts


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    write_bursts(tmp_path / "b.wav", at_ms=[400], duration_ms=1500, rate=16_000)
    return tmp_path


def test_media_with_an_article(folder: Path) -> None:
    result = mediakit.transcribe(folder / "a.wav", article=write_article(folder, ["Audio: x.mp3"]))
    assert (result.media.path, result.media.duration_ms) == ("a.wav", 1000)
    assert result.article is not None
    assert result.article.verdict is None, "nothing is said in it, of the article or else"
    assert result.article.published == "2021-06-09T18:37:56+07:00"
    assert (result.captions, result.segments, result.also) == ((), (), ())


def test_loose_media(folder: Path) -> None:
    assert mediakit.transcribe(str(folder / "a.wav")).article is None


def test_an_article_gives_the_first_that_can_be_used_and_the_others_with_it(folder: Path) -> None:
    result = mediakit.transcribe(write_article(folder, ["Audio: thieu.mp3", "Audio: a.wav", "Audio: b.wav"]))
    assert result.media.path == "a.wav"
    assert [other.media.path for other in result.also] == ["thieu.mp3", "b.wav"]
    written = mediakit.write(result, folder / "out", formats=["srt", "json", "html"])
    assert {p.name for p in written} == {
        *("a.vi.srt", "a.vi.json", "b.vi.srt", "b.vi.json", "thieu.vi.json"),
        *("bai.html", "bai.jsonld"),
    }


def test_media_that_cannot_be_read_is_an_exception(folder: Path) -> None:
    (folder / "empty.mp3").write_bytes(b"")
    with pytest.raises(MediaEmpty, match=r"empty\.mp3"):
        mediakit.transcribe(folder / "empty.mp3")


def test_writing_never_replaces_what_somebody_else_wrote(folder: Path) -> None:
    result = mediakit.transcribe(folder / "a.wav")
    (folder / "a.vi.srt").write_text("made by hand")
    with pytest.raises(OutputExists):
        mediakit.write(result, folder)
    assert not (folder / "a.vi.json").exists()
    mediakit.write(result, folder, overwrite=True)
    mediakit.write(result, folder)


def test_results_can_be_pickled(folder: Path) -> None:
    import pickle

    result = mediakit.transcribe(folder / "a.wav")
    assert pickle.loads(pickle.dumps(result)) == result
