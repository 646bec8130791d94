"""The other articles of a folder: which are read, when, and that none is a burden."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from mediakit.jobs.neighbours import LARGEST_BYTES, MOST, neighbours
from tests.cli.stage import write_article


def names(article: Path) -> list[str]:
    return [other.path.name for other in neighbours(article) if other.path is not None]


def test_the_articles_beside_an_article(tmp_path: Path) -> None:
    own = write_article(tmp_path, [], "c.txt")
    for name in ("a.txt", "b.html", "d.txt"):
        write_article(tmp_path, [], name)
    assert names(own) == ["a.txt", "b.html", "d.txt"]


def test_what_is_no_other_article_is_passed_over(tmp_path: Path) -> None:
    own = write_article(tmp_path, [], "bai.txt")
    write_article(tmp_path, [], "khac.txt")
    for name in (".an.txt", "khac.vi.txt", "khac.html", "khac.jsonld", "khac.mp3"):
        write_article(tmp_path, [], name)
    (tmp_path / "thu-muc.txt").mkdir()
    (tmp_path / "thu-muc.txt" / "sau.txt").write_text("Một bài báo ở sâu hơn.", encoding="utf-8")
    assert names(own) == ["khac.txt"]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path) -> None:
    own = write_article(tmp_path, [], "bai.txt")
    (tmp_path / "hong.txt").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "rong.txt").write_bytes(b"")
    (tmp_path / "to.txt").write_bytes(b"chu " * (LARGEST_BYTES // 4 + 1))
    (tmp_path / "vong.txt").symlink_to(tmp_path / "vong.txt")
    os.mkfifo(tmp_path / "ong.txt")
    write_article(tmp_path, [], "khac.txt")
    assert names(own) == ["khac.txt"]
    assert names(tmp_path / "khong-co" / "bai.txt") == []


def test_never_leaves_the_folder_nor_comes_back_to_the_article(tmp_path: Path) -> None:
    folder = tmp_path / "trong"
    folder.mkdir()
    own = write_article(folder, [], "bai.txt")
    outside = write_article(tmp_path, [], "ngoai.txt")
    (folder / "link.txt").symlink_to(outside)
    (folder / "toi.txt").symlink_to(own)
    write_article(folder, [], "khac.txt")
    assert names(own) == ["khac.txt"]


def test_of_many_the_nearest_by_name(tmp_path: Path) -> None:
    for number in range(300):
        (tmp_path / f"{number:03}.txt").write_text(f"Bài báo số {number}.", encoding="utf-8")
    half = MOST // 2
    assert names(tmp_path / "150.txt") == [f"{n:03}.txt" for n in (*range(150 - half, 150), *range(151, 151 + half))]
    assert names(tmp_path / "000.txt") == [f"{n:03}.txt" for n in range(1, MOST + 1)]
    assert names(tmp_path / "299.txt") == [f"{n:03}.txt" for n in range(299 - MOST, 299)]


def test_each_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    own = write_article(tmp_path, [], "a.txt")
    for name in ("b.txt", "c.txt", "d.txt"):
        write_article(tmp_path, [], name)
    others = neighbours(own)
    next(others)
    (tmp_path / "c.txt").write_text("Bản tin này vừa được viết lại.", encoding="utf-8")
    (tmp_path / "d.txt").unlink()
    assert [[s.text for s in other.sentences] for other in others] == [["Bản tin này vừa được viết lại."]]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    own = write_article(tmp_path, [], "bai.txt")
    strange = os.fsdecode(os.fsencode(tmp_path) + b"/b\xe0i.txt")
    Path(strange).write_text("Một bài báo khác.", encoding="utf-8")
    assert len(names(own)) == 1
