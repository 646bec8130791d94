"""What a source stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mediakit.errors import UsageError
from mediakit.jobs.plan import plan, plan_tree
from mediakit.outputs.files import OutputFolder
from tests.cli.stage import write_article


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
