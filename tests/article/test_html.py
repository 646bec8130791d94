"""Saved pages."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from mediakit.article.document import Attachment, Paragraph, Photo
from mediakit.article.html import parse_html
from mediakit.article.load import load_article
from mediakit.errors import ArticleError

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Họp mặt - Báo</title>
<meta property="og:title" content="Họp mặt đầu xuân">
<meta property="article:published_time" content="2021-06-09T11:37:56Z">
<script>var x = "Audio: gia.mp3";</script><style>p { color: red }</style></head>
<body>
<nav><p>Trang chủ. Thời sự.</p></nav>
<article>
<h1>Họp mặt đầu xuân</h1>
<p>Thứ 4, 09/06/2021 | 18:37:56</p>
<p>4,455 lượt xem</p>
<p><b>Sáng 9/6, xã <i>Vân</i> Trà họp mặt.</b> Đông người dự.</p>
<figure><img src="a.jpg"><figcaption>Các đại biểu dự họp. Ảnh: Hoài An</figcaption></figure>
<audio controls><source src="media/b%20an.mp3?v=2" type="audio/mpeg"></audio>
<p>Nghe: <a href="media/b%20an.mp3">tải về</a></p>
<div class="photo-caption">Toàn cảnh buổi họp</div>
<div>Câu trong khối.<br>Dòng sau.</div>
<p>Video: phat bieu.mp4</p>
<video src="khac.mp4"></video>
<aside><p>Tin liên quan. Xem thêm.</p></aside>
<p>Kết thúc lúc 11 giờ.</p>
<p>Lê Minh Khuê</p>
</article>
<footer><p>Bản quyền của báo.</p></footer>
</body></html>
"""


def test_a_page() -> None:
    article = parse_html(PAGE)
    assert article.title == "Họp mặt đầu xuân"
    assert article.published is not None
    assert article.published.isoformat() == "2021-06-09T18:37:56+07:00"
    assert article.author == "Lê Minh Khuê"
    assert [p.text for p in article.paragraphs] == [
        *("Sáng 9/6, xã Vân Trà họp mặt. Đông người dự.", "Nghe: tải về", "Câu trong khối.", "Dòng sau."),
        "Kết thúc lúc 11 giờ.",
    ]
    assert article.attachments == (
        Attachment("audio", "media/b%20an.mp3?v=2"),
        Attachment("video", "phat bieu.mp4"),
        Attachment("video", "khac.mp4"),
    )
    assert [type(b) for b in article.blocks] == [
        *(Paragraph, Photo, Attachment, Paragraph, Photo, Paragraph, Paragraph, Attachment, Attachment, Paragraph),
    ]
    assert article.blocks[1] == Photo("Các đại biểu dự họp.", "Hoài An")


def test_from_a_file_by_suffix_or_by_content(tmp_path: Path) -> None:
    for name in ("a.html", "b.HTM", "c.txt"):
        (tmp_path / name).write_text(PAGE, encoding="utf-16" if name == "a.html" else "utf-8")
        assert load_article(tmp_path / name).blocks == parse_html(PAGE).blocks


def test_a_page_without_marks() -> None:
    article = parse_html("<h1>Tin</h1><div>Câu một. Câu hai.</div><p>Audio: a.mp3</p><p>Câu ba.</p>")
    assert [s.text for s in article.sentences] == ["Tin", "Câu một.", "Câu hai.", "Câu ba."]
    assert [a.name for a in article.attachments] == ["a.mp3"]


@pytest.mark.parametrize("page", ["", "<html></html>", "<script>alert(1)</script>"])
def test_no_text(page: str) -> None:
    with pytest.raises(ArticleError):
        parse_html(page)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 50_000 + "Sâu. " + "</div>" * 50_000,
        "<p>" + "Dài quá. " * 100_000 + "</p>",
        "<p>" + "<b>" * 20_000 + "Đậm.",
        "<a href='" + "x" * 1_000_000 + ".mp3'>Nghe.</a>",
        "<table>" * 5_000 + "<tr><td>Ô.",
    ],
)
def test_pages_made_to_be_hard(page: str) -> None:
    begin = time.perf_counter()
    assert parse_html(f"<h1>Tin</h1>{page}").title == "Tin"
    assert time.perf_counter() - begin < 10
