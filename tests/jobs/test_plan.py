"""What a source stands for."""

from __future__ import annotations

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import mediakit
from mediakit.errors import ArticleError, MediaNotMedia, UsageError
from mediakit.jobs.plan import Tree, plan, plan_tree, siblings
from mediakit.media.fingerprint import sha256_of
from mediakit.outputs.files import OutputFolder
from mediakit.outputs.names import output_stem
from tests.cli.stage import write_article
from tests.media.studio import write_bursts


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_an_article_with_its_attachments(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    job = plan(write_article(tmp_path, ["Audio: a.mp3", "Video: b.mp4"]))
    assert [(p.named, p.kind, p.path and p.path.name) for p in job.pieces] == [
        ("a.mp3", "audio", "a.mp3"),
        ("b.mp4", "video", None),
    ]
    assert job.pieces[1].error is not None


def test_a_folder_with_one_article_takes_its_other_media_too(tmp_path: Path) -> None:
    for name in ("a.mp3", "them.mp4", ".an.mp3"):
        touch(tmp_path / name)
    write_article(tmp_path, ["Audio: a.mp3"])
    assert [p.named for p in plan(tmp_path).pieces] == ["a.mp3", "them.mp4"]


def test_media_dir(tmp_path: Path) -> None:
    touch(tmp_path / "media" / "a.mp3")
    article = write_article(tmp_path, ["Audio: a.mp3"])
    assert plan(article).pieces[0].path is None
    assert plan(article, media_dir=tmp_path / "media").pieces[0].path == tmp_path / "media" / "a.mp3"


def test_loose_media_with_an_article(tmp_path: Path) -> None:
    article = write_article(tmp_path, ["Audio: a.mp3"])
    job = plan(touch(tmp_path / "khac.mp3"), article=article)
    assert job.article is not None
    assert [p.named for p in job.pieces] == ["khac.mp3"]


def test_an_article_without_media_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--article"):
        plan(write_article(tmp_path, []))


def test_a_tree(tmp_path: Path) -> None:
    outside = touch(tmp_path / "outside.mp3")
    root = tmp_path / "root"
    for name in ("mot/a.mp3", "mot/le.mp3", "hai/b.mp4", ".git/x.mp3", "mot/.mediakit/y.mp3"):
        touch(root / name)
    (root / "link.mp3").symlink_to(outside)
    write_article(root / "mot", ["Audio: a.mp3"])
    write_article(root / "hai", [], "ghi-chu.txt")
    (root / "hai" / "b.vi.txt").write_text("Lời nói cũ. Audio: b.mp4")
    (root / "hai" / "b.vi.timed.txt").write_text("[00:00:01.000] Lời nói cũ. Audio: b.mp4")
    jobs = [(job.folder.as_posix(), job.name, [p.named for p in job.pieces]) for job in plan_tree(root)]
    assert jobs == [
        ("mot", "bai.txt", ["a.mp3"]),
        ("hai", "b.mp4", ["b.mp4"]),
        ("mot", "le.mp3", ["le.mp3"]),
    ]


def test_clips_and_captioned_videos_of_our_own_are_no_media(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp4")
    touch(tmp_path / "b.vi.mp4")  # by its name it could be ours, but it is not
    with OutputFolder(tmp_path).making("a.vi.mp4") as made:
        made.write_bytes(b"film")
    assert [job.name for job in plan_tree(tmp_path)] == ["a.mp4", "b.vi.mp4"]
    write_article(tmp_path, ["Video: a.mp4"])
    assert [piece.named for piece in plan(tmp_path).pieces] == ["a.mp4", "b.vi.mp4"]
    (tmp_path / "a.vi.mp4").write_bytes(b"cut by a person")
    assert [job.name for job in plan_tree(tmp_path)] == ["bai.txt", "a.vi.mp4", "b.vi.mp4"]


def test_an_article_that_cannot_be_read_is_a_job_that_failed(tmp_path: Path) -> None:
    (tmp_path / "hong.txt").write_bytes(bytes(range(256)) * 10)
    (job,) = plan_tree(tmp_path)
    assert job.error is not None
    assert job.source == tmp_path / "hong.txt"


def skipped(tree: Tree) -> dict[str, str]:
    return {item.path.name: item.why for item in tree.skipped}


def test_what_there_is_is_known_before_an_article_is_read(tmp_path: Path) -> None:
    for name in ("a.mp3", "le.mp3", "sau/b.mp4", ".an/c.mp3"):
        touch(tmp_path / name)
    write_article(tmp_path, ["Audio: a.mp3"])
    write_article(tmp_path / "sau", [], "ghi-chu.txt")
    tree = Tree(tmp_path)
    assert (tree.articles, tree.media, tree.skipped) == (2, 3, ())
    for _ in range(2):  # a second time there is no more of it
        assert [job.name for job in tree.jobs()] == ["bai.txt", "le.mp3", "b.mp4"]
        assert skipped(tree) == {"ghi-chu.txt": "names no audio or video"}


def test_a_medium_that_several_articles_name_is_a_piece_of_each(tmp_path: Path) -> None:
    touch(tmp_path / "Chung.mp3")
    write_article(tmp_path, ["Audio: chung.mp3"], "mot.txt")
    write_article(tmp_path, ["Audio: Chung.mp3"], "hai.txt")
    pieces = [(job.name, [piece.path for piece in job.pieces]) for job in plan_tree(tmp_path)]
    assert pieces == [("hai.txt", [tmp_path / "Chung.mp3"]), ("mot.txt", [tmp_path / "Chung.mp3"])]


def test_links(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for path in (root / "that" / "a.mp3", root / ".kho" / "b.mp3", tmp_path / "ngoai" / "c.mp3"):
        touch(path)
    targets = {
        "1.mp3": root / "that" / "a.mp3",
        "2.mp3": root / ".kho" / "b.mp3",
        "3.mp3": root / ".kho" / "b.mp3",
        "mat.mp3": root / "khong-co.mp3",
        "ra": tmp_path / "ngoai",
        "ra.mp3": tmp_path / "ngoai" / "c.mp3",
        "vao": root / "that",
        "vong.mp3": root / "vong.mp3",
        ".an": root / "khong-co",
    }
    for name, target in targets.items():
        (root / name).symlink_to(target)
    tree = Tree(root)
    # Of a file and a link to it the file; of two links to a hidden file the first.
    assert [job.name for job in tree.jobs()] == ["2.mp3", "a.mp3"]
    assert tree.media == 2
    found = skipped(tree)
    assert found.pop("vong.mp3").startswith("is a link that cannot be followed")
    assert found == {
        "mat.mp3": "is a link to nowhere",
        "ra": "is a link that leads out of the tree",
        "ra.mp3": "is a link that leads out of the tree",
        "vao": "is a link to a folder, which is looked into where it really is",
    }


def test_a_medium_named_by_a_link_to_it_is_not_loose(tmp_path: Path) -> None:
    touch(tmp_path / "kho" / "a.mp3")
    (tmp_path / "b.mp3").symlink_to(tmp_path / "kho" / "a.mp3")
    write_article(tmp_path, ["Audio: b.mp3"])
    assert [(job.name, [piece.named for piece in job.pieces]) for job in plan_tree(tmp_path)] == [
        ("bai.txt", ["b.mp3"])
    ]


@pytest.mark.timeout(20)
def test_pipes_and_sockets_are_jobs_that_fail_and_are_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(tmp_path, ["Audio: ong.mp3"])
    for name in ("ong.mp3", "le.mp4", "ong.txt", "ong.html"):
        os.mkfifo(tmp_path / name)
    monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("o.mp3")
    tree = Tree(tmp_path)
    assert (tree.articles, tree.media) == (3, 3)
    jobs = list(tree.jobs())
    assert [job.name for job in jobs] == ["bai.txt", "ong.html", "ong.txt", "le.mp4", "o.mp3"]
    for job in jobs:
        assert [piece.error for piece in job.pieces] == [None] * len(job.pieces)
        for piece in job.pieces:
            assert piece.path is not None
            with pytest.raises(MediaNotMedia, match="a pipe or a device"):
                sha256_of(piece.path)
    assert all(isinstance(job.error, ArticleError) and "not a file" in job.error.what for job in jobs[1:3])
    for name in ("ong.txt", "ong.html"):
        (tmp_path / name).unlink()
    assert [piece.named for piece in plan(tmp_path).pieces] == ["ong.mp3", "le.mp4", "o.mp3"]


@pytest.fixture
def too_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A tree whose lowest folders have paths longer than systems take, so that not even root can list them."""
    root = tmp_path / "sau"
    root.mkdir()
    monkeypatch.chdir(root)
    for _ in range(20):
        Path("x" * 250).mkdir()
        os.chdir("x" * 250)
    yield root
    monkeypatch.undo()
    shutil.rmtree(root)


def test_a_folder_that_cannot_be_listed_is_told(too_deep: Path) -> None:
    touch(too_deep / "a.mp3")
    tree = Tree(too_deep)
    assert [job.name for job in tree.jobs()] == ["a.mp3"]
    assert [item.why.startswith("cannot be listed (") for item in tree.skipped] == [True]
    deepest = tree.skipped[0].path
    with pytest.raises(UsageError, match="cannot be listed"):
        Tree(deepest)


def test_own_outputs_are_known_wherever_they_lie_in_the_tree(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    write_page(tmp_path / "bai.htm", "a.mp3")
    page = "<html><body><p>Lời nói.</p><audio src='../a.mp3'></audio></body></html>"
    beside, out = OutputFolder(tmp_path), OutputFolder(tmp_path / "out")
    written = [beside.write("bai.html", page), out.write("sau/bai.html", page), out.write("sau/a.vi.txt", "Lời nói.\n")]
    tree = Tree(tmp_path)
    assert [job.name for job in tree.jobs()] == ["bai.htm"]
    assert (tree.articles, tree.media, tree.skipped) == (1, 1, ())
    assert plan(tmp_path).source == tmp_path / "bai.htm"
    written[1].write_text("<p>Bài của người khác.</p>")
    assert skipped(Tree(tmp_path)) == {"bai.html": "was written by mediakit, and changed since"}


def write_page(path: Path, medium: str) -> Path:
    """A saved page with a player."""
    body = f"<h1>Họp xóm</h1><p>Sáng nay xóm họp. Bà con đến đông.</p><audio src='{medium}'></audio>"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return path


def test_a_text_that_only_has_the_name_of_an_own_one_is_an_article(tmp_path: Path) -> None:
    for name in ("ban.tin.txt", "tin.vi.txt", "tin.vi.timed.txt"):
        write_article(tmp_path, [f"Audio: {name}.mp3"], name)
    write_page(tmp_path / "trang.vi.html", "trang.mp3")
    names = ["ban.tin.txt", "tin.vi.timed.txt", "tin.vi.txt", "trang.vi.html"]
    assert [job.name for job in plan_tree(tmp_path)] == names
    for name in names:
        assert plan(tmp_path / name).source == tmp_path / name


def test_a_transcript_is_known_by_the_record_beside_it(tmp_path: Path) -> None:
    write_bursts(tmp_path / "tin.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    mediakit.write(mediakit.transcribe(tmp_path / "tin.wav"), tmp_path, formats=["txt", "json"])
    shutil.rmtree(tmp_path / ".mediakit")
    (tmp_path / "tin.vi.txt").write_text("Tin\n\nLời nói.\n\nAudio: tin.wav\n", encoding="utf-8")
    tree = Tree(tmp_path)
    assert [job.name for job in tree.jobs()] == ["tin.wav"]
    assert skipped(tree) == {"tin.vi.txt": "is a transcript or page that mediakit wrote"}
    (tmp_path / "tin.vi.json").write_text("{}", encoding="utf-8")
    assert [job.name for job in plan_tree(tmp_path)] == ["tin.vi.txt"]


def test_what_is_called_like_a_transcript_and_is_no_article_is_passed_over(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    (tmp_path / "a.vi.txt").write_bytes(b"")
    (tmp_path / "b.vi.txt").write_text("Tin\n\nLời nói cũ của hôm qua. Không có tệp nào.\n", encoding="utf-8")
    write_article(tmp_path, ["Audio: a.mp3"])
    tree = Tree(tmp_path)
    assert [job.name for job in tree.jobs()] == ["bai.txt"]
    assert skipped(tree).keys() == {"a.vi.txt", "b.vi.txt"}
    assert plan(tmp_path).source == tmp_path / "bai.txt"


def test_a_ledger_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp3")
    (tmp_path / ".mediakit" / "written.jsonl").mkdir(parents=True)
    tree = Tree(tmp_path)
    assert [job.name for job in tree.jobs()] == ["a.mp3"]
    assert skipped(tree)["written.jsonl"].startswith("cannot be read")


def test_what_comes_between_two_plannings_is_found(tmp_path: Path) -> None:
    write_article(tmp_path, ["Audio: a.mp3"])
    (before,) = plan_tree(tmp_path)
    touch(tmp_path / "a.mp3")
    (after,) = plan_tree(tmp_path)
    assert [job.pieces[0].path for job in (before, after)] == [None, tmp_path / "a.mp3"]


def test_each_folder_is_listed_once_to_walk_and_once_to_find(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive(tmp_path, articles=60, folders=3)
    listed: list[str] = []
    scandir = os.scandir

    def noted(path: Path) -> object:
        listed.append(str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noted)
    assert len(list(plan_tree(tmp_path))) == 60
    places = [str(tmp_path / name) for name in ("0", "1", "2")]
    assert sorted(listed) == sorted([str(tmp_path), *places, *places])


def archive(root: Path, *, articles: int, folders: int) -> None:
    """Articles with a medium each, in turn in `folders` folders; in one folder, all flat."""
    for number in range(articles):
        folder = root / str(number % folders) if folders > 1 else root
        folder.mkdir(exist_ok=True)
        write_article(folder, [f"Audio: ghi am {number}.mp3"], f"bai {number}.txt")
        touch(folder / f"ghi am {number}.mp3")


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("folders", [1, 500])
def test_planning_takes_time_in_proportion(tmp_path: Path, folders: int) -> None:
    seconds: dict[int, float] = {}
    for articles in (1_000, 5_000):
        root = tmp_path / str(articles)
        root.mkdir()
        archive(root, articles=articles, folders=folders)
        begin = time.process_time()
        found = [job.pieces[0].path is not None for job in plan_tree(root)]
        seconds[articles] = time.process_time() - begin
        assert found == [True] * articles
    # An article is decoded, and its dates and media are read: some 0.8 to 1.2 ms on a quiet core.
    assert seconds[5_000] < 10
    # Five times as many files, five times as long; were each article to look through all, it would be 25 times.
    assert seconds[5_000] < 10 * seconds[1_000]


def test_few_siblings_give_the_stem_that_all_media_of_the_folder_give(tmp_path: Path) -> None:
    names = [
        *("a.mp3", "a.mp4", "a.mp3.wav", "A.MP4.ogg", "a.b.mp3", "a.b.c.mp3", "a.b.mp3.mp4", "b.mp3", "b.mp3.mp3"),
        *("ă.mp3", "a\u0306.mp4", "Ă.mp3.wav", "c.mp3", "d.mp3.wav", "e..mp3", "e.mp3", ".f.mp3", "..mp3", "g.mp3.txt"),
    ]
    for name in names:
        touch(tmp_path / name)
    media = [name for name in names if not name.endswith(".txt")]
    for name in media:
        few = siblings(tmp_path / name)
        assert name in few
        assert output_stem(name, few) == output_stem(name, media)
    assert siblings(tmp_path / "c.mp3") == ["c.mp3"]
    assert siblings(tmp_path / "khong-co" / "c.mp3") == ["c.mp3"]
