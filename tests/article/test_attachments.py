"""Attachments: found in any form of their name, and never outside their folder."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.attachments import base_name, find_attachment, media_kind, safe_stem
from mediakit.article.document import Attachment
from mediakit.errors import AttachmentForbidden, AttachmentMissing

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
    os.mkfifo(tmp_path / "pipe.mp4")
    for name in ("folder.mp4", "pipe.mp4", "khong-co.mp4", "", ".", "https://bao.example/"):
        with pytest.raises(AttachmentMissing):
            find(name, tmp_path)


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
