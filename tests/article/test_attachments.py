"""Attachments: found in any form of their name, and never outside their folder."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.article.attachments import MediaFolder, base_name, find_attachment, media_kind, safe_stem
from mediakit.article.document import Attachment
from mediakit.errors import AttachmentError, AttachmentForbidden, AttachmentMissing, MediaNotMedia
from mediakit.media.fingerprint import sha256_of

NAME = "Phát biểu của Bí thư.mp4"


def find(name: str, folder: Path) -> Path:
    return find_attachment(Attachment("video", name), folder)


@pytest.mark.parametrize("there", [NAME, unicodedata.normalize("NFD", NAME), NAME.upper(), NAME.replace(" ", "_")])
@pytest.mark.parametrize(
    "named",
    [
        *(NAME, unicodedata.normalize("NFD", NAME), NAME.lower(), NAME.replace(" ", "%20"), NAME.replace(" ", "_")),
        *("Ph%C3%A1t%20bi%E1%BB%83u%20c%E1%BB%A7a%20B%C3%AD%20th%C6%B0.mp4", f"./{NAME}"),
    ],
)
def test_any_form_of_the_name(tmp_path: Path, there: str, named: str) -> None:
    (tmp_path / there).write_bytes(b"x")
    assert find(named, tmp_path) == tmp_path / there


def test_the_nearest_form_wins(tmp_path: Path) -> None:
    for name in ("a b.mp4", "a_b.mp4", "A B.mp4"):
        (tmp_path / name).write_bytes(b"x")
    for name in ("a b.mp4", "a_b.mp4", "A B.mp4"):
        assert find(name, tmp_path).name == name


def test_in_a_folder_and_saved_from_the_web(tmp_path: Path) -> None:
    (tmp_path / "Media").mkdir()
    (tmp_path / "Media" / "a.mp4").write_bytes(b"x")
    (tmp_path / "b.mp4").write_bytes(b"x")
    assert find("media/a.mp4", tmp_path) == tmp_path / "Media" / "a.mp4"
    assert find("media\\a.mp4", tmp_path) == tmp_path / "Media" / "a.mp4"
    assert find("media/b.mp4", tmp_path) == tmp_path / "b.mp4"
    assert find("https://bao.example/upload/2021/b.mp4?v=3#t=2", tmp_path) == tmp_path / "b.mp4"
    assert find("//bao.example/b.mp4", tmp_path) == tmp_path / "b.mp4"


@pytest.mark.parametrize(
    "name",
    [
        *("../b.mp4", "a/../../b.mp4", "/etc/passwd", "\\etc\\passwd", "C:\\b.mp4", "C:b.mp4", "~/b.mp4"),
        *("file:///etc/passwd", "concat:a|b", "%2e%2e/b.mp4", "..%2fb.mp4", "a\0.mp4"),
    ],
)
def test_names_that_lead_outside(tmp_path: Path, name: str) -> None:
    (tmp_path / "b.mp4").write_bytes(b"x")
    inside = tmp_path / "inside"
    inside.mkdir()
    with pytest.raises(AttachmentForbidden):
        find(name, inside)


def test_links(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    (inside / "real").mkdir(parents=True)
    (tmp_path / "outside.mp4").write_bytes(b"x")
    (inside / "real" / "a.mp4").write_bytes(b"x")
    (inside / "out.mp4").symlink_to(tmp_path / "outside.mp4")
    (inside / "up").symlink_to(tmp_path)
    (inside / "in.mp4").symlink_to(inside / "real" / "a.mp4")
    (inside / "loop.mp4").symlink_to(inside / "loop.mp4")
    with pytest.raises(AttachmentForbidden):
        find("out.mp4", inside)
    with pytest.raises(AttachmentForbidden):
        find("up/outside.mp4", inside)
    assert find("in.mp4", inside) == inside / "in.mp4"
    with pytest.raises(AttachmentMissing):
        find("loop.mp4", inside)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.mp4").mkdir()
    for name in ("folder.mp4", "khong-co.mp4", "", ".", "https://bao.example/"):
        with pytest.raises(AttachmentMissing):
            find(name, tmp_path)
    with pytest.raises(AttachmentMissing):
        find("a.mp4", tmp_path / "khong-co")


def test_a_pipe_is_found_and_is_no_media(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    found = find("Pipe.mp4", tmp_path)
    assert found == tmp_path / "pipe.mp4"
    with pytest.raises(MediaNotMedia, match="pipe"):
        sha256_of(found)


def test_of_two_files_of_one_form_the_first_by_name_is_taken(tmp_path: Path) -> None:
    for name in ("B_b.mp4", "b+B.mp4", "A.mp4", "a.MP4"):
        (tmp_path / name).write_bytes(b"x")
    assert find("b b.mp4", tmp_path).name == "B_b.mp4"
    assert find("a.mp4", tmp_path).name == "A.mp4"


def test_a_query_is_taken_off_only_where_no_file_has_it(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"x")
    assert find("a.mp4?v=1", tmp_path).name == "a.mp4"
    (tmp_path / "A.mp4#V=1").write_bytes(b"x")
    assert find("a.mp4#v=1", tmp_path).name == "A.mp4#V=1"


#: Few letters, so that many names are forms of one another.
PARTS = st.sampled_from(["a", "A", "ă", "a\u0306", "_", "+", " ", "%41", "%20", "?", ".", ".mp3"])
WRITTEN = st.lists(PARTS, min_size=1, max_size=4).map("".join)


@settings(max_examples=50, deadline=None)
@given(there=st.lists(WRITTEN, max_size=8), named=st.lists(WRITTEN, max_size=8))
def test_many_looked_for_in_one_listing_are_found_as_each_alone(there: list[str], named: list[str]) -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for name in {*there} - {".", ".."}:
            (folder / name).write_bytes(b"x")
        together = MediaFolder(folder)
        for name in [*named, *there]:
            alone = outcome(find_attachment, Attachment("audio", name), folder)
            assert outcome(MediaFolder.find, together, Attachment("audio", name)) == alone
            if (folder / name).is_file():
                assert alone == folder / name


def outcome(look: Callable[..., Path], *arguments: object) -> object:
    """The file that was found, or which error there was instead."""
    try:
        return look(*arguments)
    except AttachmentError as error:
        return type(error)


def test_kinds() -> None:
    assert media_kind(Path("a.MP3")) == "audio"
    assert media_kind(Path("a.b.WebM")) == "video"
    assert media_kind(Path("a.txt")) is None


@given(st.text(max_size=300))
def test_stems_stay_in_their_folder(name: str) -> None:
    stem = safe_stem(name)
    assert stem
    assert not set(stem) & set('/\\<>:"|?*\0\n\r\t')
    assert not stem.startswith(".")
    assert len(stem.encode()) <= 200
    assert Path(stem).name == stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a.mp3", "a"), ("x/y.mp4", "y"), ("LPT1.mp4", "_LPT1"), ("tin.hay.mp3", "tin.hay"), ("..", "attachment")],
)
def test_stems(name: str, stem: str) -> None:
    assert safe_stem(name) == stem


def test_long_stems_differ_where_their_names_do() -> None:
    assert safe_stem("ă" * 5000 + "1.mp3") != safe_stem("ă" * 5000 + "2.mp3")


def test_base_name() -> None:
    assert base_name("a/b%20c.mp3") == "b c.mp3"
