"""The article as a book that reads itself aloud: all in it fits together, whatever its texts are.

EPUBCheck 5.3.0, which needs Java and is not run here, found nothing in a book of real speech, nor in hostile ones.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mediakit.article.document import Article, Attachment, Paragraph, Photo, Sentence
from mediakit.errors import MediaMissing, UsageError
from mediakit.outputs.media_overlays import is_heard, write_epub
from mediakit.result import Result
from tests.browser.hostile import HOSTILE
from tests.outputs.example import ARTICLE, AUDIO, LOOSE, VIDEO, segment

XHTML, SMIL = "{http://www.w3.org/1999/xhtml}", "{http://www.w3.org/ns/SMIL}"
OPF = "{http://www.idpf.org/2007/opf}"
SOUND = b"ID3\x04" + bytes(range(256)) * 300


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A file in the place of the recording; a book holds it as it is."""
    path = tmp_path / "trong cây #1.mp3"
    path.write_bytes(SOUND)
    return path


def heard_in(path: Path, result: Result = AUDIO) -> Result:
    """The result with its file where it is."""
    return replace(result, media=replace(result.media, file=path))


def parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A part of the book as XML."""
    return ElementTree.fromstring(book.read(name))


def test_a_book_can_be_told_by_its_beginning(tmp_path: Path, sound: Path) -> None:
    write_epub(tmp_path / "a.epub", ARTICLE, [heard_in(sound)])
    assert (tmp_path / "a.epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_each_sentence_that_is_said_is_heard_in_its_turn(tmp_path: Path, sound: Path) -> None:
    again = replace(AUDIO, segments=(*AUDIO.segments, segment("Sáng 5/2", 20_000, "p1s1")))
    write_epub(tmp_path / "a.epub", ARTICLE, [VIDEO, heard_in(sound, again)])
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        assert book.testzip() is None
        assert book.read("sound/sound2.mp3") == SOUND
        clips = [
            (par[0].get("src"), par[1].get("src"), par[1].get("clipBegin"), par[1].get("clipEnd"))
            for par in parsed(book, "article.smil").iter(f"{SMIL}par")
        ]
        text = parsed(book, "article.xhtml")
        package = parsed(book, "package.opf")
    assert clips == [
        ("article.xhtml#p1s1", "sound/sound2.mp3", "00:00:00.500", "00:00:02.900"),
        ("article.xhtml#p2s1", "sound/sound2.mp3", "00:00:06.600", "00:00:10.800"),
    ]
    spoken = {span.get("id"): span.text for span in text.iter(f"{XHTML}span")}
    assert spoken == {sentence.id: sentence.text for sentence in ARTICLE.sentences}
    assert {meta.text for meta in package.iter(f"{OPF}meta") if meta.get("property") == "media:duration"} == {"6.600s"}
    assert {item.get("href") for item in package.iter(f"{OPF}item")} == {
        "nav.xhtml",
        "article.xhtml",
        "article.smil",
        "sound/sound2.mp3",
    }


@pytest.mark.parametrize("text", [*HOSTILE, "a\x00b\x1b[2J\x0b\ufffe", "b\udce1n"])
def test_hostile_text_is_text(tmp_path: Path, sound: Path, text: str) -> None:
    article = Article(
        title=text,
        blocks=(Paragraph(1, (Sentence("p1s1", text),)), Photo(text, text), Attachment("audio", text)),
        author=text,
    )
    named = replace(heard_in(sound), media=replace(AUDIO.media, path=f"../{text}.mp3", file=sound))
    write_epub(tmp_path / "a.epub", article, [named])
    shown = re.sub("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    with zipfile.ZipFile(tmp_path / "a.epub") as book:
        assert [name for name in book.namelist() if ".." in name or text in name] == []
        root = parsed(book, "article.xhtml")
        assert {element.tag.removeprefix(XHTML) for element in root.iter()} == set(
            "html head title style body h1 p span".split()
        )
        assert [span.text for span in root.iter(f"{XHTML}span")] == [shown, shown]
        for name in ("package.opf", "nav.xhtml", "article.smil"):
            parsed(book, name)


def test_the_same_gives_the_same_bytes(tmp_path: Path, sound: Path) -> None:
    for name in ("a.epub", "b.epub"):
        write_epub(tmp_path / name, ARTICLE, [heard_in(sound)])
    assert (tmp_path / "a.epub").read_bytes() == (tmp_path / "b.epub").read_bytes()


def test_an_article_of_which_nothing_can_be_heard_is_no_book(tmp_path: Path, sound: Path) -> None:
    film = replace(AUDIO, media=replace(AUDIO.media, path="a.mp4", kind="video", file=sound))
    for results in ([], [AUDIO], [VIDEO], [film], [heard_in(sound, LOOSE)]):
        assert not is_heard(ARTICLE, results)
        with pytest.raises(UsageError, match="nothing of the article is said"):
            write_epub(tmp_path / "a.epub", ARTICLE, results)
    assert is_heard(ARTICLE, [heard_in(sound)])
    assert not (tmp_path / "a.epub").exists()


def test_a_recording_that_is_gone_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing, match=r"gone\.mp3"):
        write_epub(tmp_path / "a.epub", ARTICLE, [heard_in(tmp_path / "gone.mp3")])
