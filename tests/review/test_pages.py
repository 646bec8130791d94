"""Pages on disk may be anybody's: what one says of its media is believed only inside the folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mediakit.outputs.page_listing import read_page
from mediakit.outputs.record import read_record
from mediakit.review.pages import PageNotMade, page_of, page_texts
from mediakit.review.reader import page_policy, reader_page
from tests.review.newsroom import add_loose

PAGE = '<!doctype html><script type="application/json" id="mediakit-data">{}</script>'


def medium(**changes: object) -> dict[str, object]:
    downloads = {"srt": None, "vtt": "a.vi.vtt", "txt": None}
    return {"name": "a.wav", "kind": "audio", "src": "a.wav", "downloads": downloads, **changes}


def write(folder: Path, data: object) -> Path:
    path = folder / "bai.html"
    path.write_text(PAGE.format(data if isinstance(data, str) else json.dumps(data)), encoding="utf-8")
    return path


def test_a_page_names_its_media_and_records(newsroom: Path) -> None:
    page = read_page(newsroom / "bai.html")
    assert page is not None
    assert [(m.name, m.kind, m.source, m.captions) for m in page.media] == [
        ("a.wav", "audio", "a.wav", "a.vi.vtt"),
        ("b.mp4", "video", "b.mp4", "b.vi.vtt"),
    ]
    assert page.record_paths() == (newsroom / "a.vi.json", newsroom / "b.vi.json")
    for name in ("a.vi.json", "b.vi.json"):
        assert page_of(newsroom / name, read_record(newsroom / name), newsroom) == page


@pytest.mark.parametrize(
    "data",
    ["", "{", "[" * 100_000, "null", "7", "[]", "{}", '{"media": 7}', '{"media": [7]}', '{"media": [{}]}',
     {"media": [medium(downloads=None)]}, {"media": [medium(downloads="x")]}],
)  # fmt: skip
def test_what_is_no_page_of_ours_is_none(tmp_path: Path, data: object) -> None:
    assert read_page(write(tmp_path, data)) is None


def test_a_page_that_is_not_there_or_is_a_link_is_none(newsroom: Path, tmp_path: Path) -> None:
    assert read_page(tmp_path / "none.html") is None
    assert read_page(tmp_path) is None
    (tmp_path / "link.html").symlink_to(newsroom / "bai.html")
    assert read_page(tmp_path / "link.html") is None


@pytest.mark.parametrize(
    "url", ["https://evil.example/a.vi.vtt", "//evil.example/a.vi.vtt", "/etc/a.vi.vtt", "a\0.vtt", "", 7]
)
def test_an_address_that_is_not_relative_names_no_file(tmp_path: Path, url: object) -> None:
    page = read_page(write(tmp_path, {"media": [medium(src=url, downloads={"vtt": url})]}))
    assert page is not None
    assert (page.media[0].source, page.media[0].record) == (None, None)


def test_no_record_is_read_outside_the_folder(newsroom: Path) -> None:
    """Another medium of the page whose record is said to lie elsewhere."""
    outside = newsroom.parent / "b.vi.json"
    (newsroom / "b.vi.json").rename(outside)
    data = {"media": [medium(), medium(name="b.mp4", kind="video", src="b.mp4", downloads={"vtt": "../b.vi.vtt"})]}
    page = read_page(write(newsroom, data))
    assert page is not None
    assert outside.is_file()
    record = newsroom / "a.vi.json"
    with pytest.raises(PageNotMade, match=r"b\.mp4"):
        page_texts(page, record, read_record(record), newsroom)


def test_no_article_is_read_outside_the_folder(newsroom: Path) -> None:
    (newsroom / "bai.txt").rename(newsroom.parent / "bai.txt")
    (newsroom / "bai.txt").symlink_to(newsroom.parent / "bai.txt")
    page, record = read_page(newsroom / "bai.html"), newsroom / "a.vi.json"
    assert page is not None
    with pytest.raises(PageNotMade, match=r"bai\.txt"):
        page_texts(page, record, read_record(record), newsroom)


def test_a_page_from_elsewhere_is_shown_under_our_policy(tmp_path: Path) -> None:
    page = tmp_path / "web.html"
    page.write_text("<script>alert(1)</script>", encoding="utf-8")
    assert reader_page(page, tmp_path) == (page, "<script>alert(1)</script>")
    assert "unsafe" not in page_policy()
    assert page_policy().startswith("default-src 'none'")


def test_a_record_without_a_page_is_shown_with_what_it_knows(newsroom: Path) -> None:
    """Also one of an article whose page was not asked for."""
    record = newsroom / "a.vi.json"
    (newsroom / "bai.html").unlink()
    where, text = reader_page(record, newsroom)
    assert where == record
    assert "Buổi trồng cây kết thúc lúc 11 giờ." in text
    assert 'src="a.wav"' in text
    loose = add_loose(newsroom)
    (newsroom / "loi-noi.wav").unlink()
    assert "Âm thanh không có ở đây" in reader_page(loose, newsroom)[1]
