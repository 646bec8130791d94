"""The newspaper's plain-text layout."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from mediakit.article.document import Article, Attachment, Paragraph, Photo
from mediakit.article.lines import VIETNAM, attachment_of, is_author, photo_of, published_of
from mediakit.article.load import load_article
from mediakit.article.text import parse_text
from mediakit.errors import ArticleError

PAGE = """\
Chủ nhật, 17/11/2024, 09:38[GMT+7]

Xã Vân Trà: Họp mặt đầu xuân

Thứ 4, 09/06/2021 | 18:37:56
4,455 lượt xem
Sáng ngày 9/6, UBND xã Vân Trà họp mặt đầu xuân. Hơn 12.000 người theo dõi, đạt 46,3%.

Đồng chí Lê Văn An phát biểu tại buổi họp. Ảnh: Hoài An

Audio: 0906_hop_mat__mixdown.mp3

Cùng dự có ThS. Trần Bình, Chủ tịch UBND xã. Buổi họp vui và ấm.

Bà con ra về. Ảnh: Hoài An\u0020

Video: Phat bieu (1).mp4

Kết thúc lúc 11 giờ.

Lê Minh Khuê
"""


def ids(article: Article) -> list[tuple[str, str]]:
    return [(s.id, s.text) for s in article.sentences]


def test_the_layout() -> None:
    article = parse_text(PAGE)
    assert article.title == "Xã Vân Trà: Họp mặt đầu xuân"
    assert article.published == datetime(2021, 6, 9, 18, 37, 56, tzinfo=VIETNAM)
    assert article.published.isoformat() == "2021-06-09T18:37:56+07:00"
    assert article.author == "Lê Minh Khuê"
    assert ids(article) == [
        ("p0s1", "Xã Vân Trà: Họp mặt đầu xuân"),
        ("p1s1", "Sáng ngày 9/6, UBND xã Vân Trà họp mặt đầu xuân."),
        ("p1s2", "Hơn 12.000 người theo dõi, đạt 46,3%."),
        ("p2s1", "Cùng dự có ThS. Trần Bình, Chủ tịch UBND xã."),
        ("p2s2", "Buổi họp vui và ấm."),
        ("p3s1", "Kết thúc lúc 11 giờ."),
    ]


def test_every_block_keeps_its_place() -> None:
    article = parse_text(PAGE)
    assert [type(block) for block in article.blocks] == [
        *(Paragraph, Photo, Attachment, Paragraph, Photo, Attachment, Paragraph),
    ]
    assert article.attachments == (
        Attachment("audio", "0906_hop_mat__mixdown.mp3"),
        Attachment("video", "Phat bieu (1).mp4"),
    )
    assert article.blocks[1] == Photo("Đồng chí Lê Văn An phát biểu tại buổi họp.", "Hoài An")
    assert [p.lead for p in article.paragraphs] == [True, False, False]


@pytest.mark.parametrize(
    "change", [lambda t: t.replace("\n", "\r\n"), lambda t: unicodedata.normalize("NFD", t), lambda t: "\ufeff" + t]
)
def test_line_ends_and_unicode_forms_do_not_matter(tmp_path: Path, change: object) -> None:
    assert callable(change)
    path = tmp_path / "bai.txt"
    path.write_bytes(change(PAGE).encode("utf-8"))
    assert load_article(path).blocks == parse_text(PAGE).blocks


def test_text_wrapped_by_hand_is_one_paragraph() -> None:
    wrapped = (
        "Tin ngắn\n\nSáng nay, tại hội trường của xã, hơn một trăm người dân đã cùng\n"
        "họp mặt để bàn về việc sửa con đường liên thôn đã xuống cấp từ\nnhiều năm nay.\n"
    )
    assert [len(p.sentences) for p in parse_text(wrapped).paragraphs] == [1]


def test_lines_without_blank_lines_between_are_paragraphs() -> None:
    article = parse_text("Tin\nThứ 2, 07/06/2021 | 08:00:00\nCâu một.\nCâu hai.\nCâu ba.\n")
    assert [p.text for p in article.paragraphs] == ["Câu một.", "Câu hai.", "Câu ba."]


def test_plain_text_without_a_head() -> None:
    article = parse_text("Câu một của bài. Câu hai.\n\nĐoạn sau.\n")
    assert article.title == ""
    assert [s.id for s in article.sentences] == ["p1s1", "p1s2", "p2s1"]


@pytest.mark.parametrize("text", ["", " \n\n", "\ufeff"])
def test_nothing(text: str) -> None:
    with pytest.raises(ArticleError):
        parse_text(text)


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("Audio: a.mp3", "audio", "a.mp3"),
        ("VIDEO :  Phát biểu của ông A.mp4 ", "video", "Phát biểu của ông A.mp4"),
        ("Audio：b.mp3", "audio", "b.mp3"),
        ("video: ../../etc/passwd", "video", "../../etc/passwd"),
    ],
)
def test_attachment_lines(line: str, kind: str, name: str) -> None:
    found = attachment_of(line)
    assert found is not None
    assert (found.kind, found.name) == (kind, name)


def test_what_only_looks_like_one() -> None:
    assert attachment_of("Audio của buổi họp: hay") is None
    assert attachment_of("Audio:") is None
    assert photo_of("Ông cho biết ảnh: rất đẹp. Ai cũng khen.") is None
    assert not is_author("Buổi họp kết thúc.")
    assert published_of("Thứ 4, 31/02/2021 | 10:00:00") is None


def test_the_real_page(shared: Path) -> None:
    (path,) = (shared / "article").glob("*.txt")
    article = load_article(path)
    assert article.title == "Thường trực Tỉnh ủy: Làm việc với Sở Thông tin và Truyền thông"
    assert article.published is not None
    assert article.published.isoformat() == "2021-06-09T18:37:56+07:00"
    assert article.author == "Trịnh Cường"
    assert [a.kind for a in article.attachments] == ["audio", "video"]
    assert [type(b).__name__ for b in article.blocks] == [
        *("Paragraph", "Photo", "Attachment", "Paragraph", "Photo", "Paragraph", "Attachment"),
        *("Paragraph", "Paragraph", "Paragraph"),
    ]
    assert [len(p.sentences) for p in article.paragraphs] == [1, 2, 6, 2, 2, 5]
    text = " ".join(s.text for s in article.sentences)
    assert "Ảnh:" not in text
    assert "lượt xem" not in text


@pytest.mark.parametrize(
    "name", ["ban-tin-day-du", "ban-tin-mot-phan", "ban-tin-dao-thu-tu", "ban-tin-nham-bai", "phat-bieu"]
)
def test_readings(readings: Path, name: str) -> None:
    truth = json.loads((readings / f"{name}.truth.json").read_text(encoding="utf-8"))
    article = load_article(readings / f"{name}.txt")
    assert [s.text for s in article.sentences if s.id != "p0s1"] == truth["article_sentences"]
    assert [a.name for a in article.attachments] == [truth["media"]]


@pytest.mark.parametrize(
    ("ending", "author"),
    [
        ("Tin: Tiến Dũng\nẢnh: Minh Đức", "Tiến Dũng"),
        ("Tiến Dũng\nẢnh: Minh Đức", "Tiến Dũng"),
        ("Lê Minh Khuê\n(Ảnh: TTXVN)\n\nĐồ họa: Hoài An", "Lê Minh Khuê"),
        ("Lê Minh Khuê\n\nAudio: ban-tin.mp3", "Lê Minh Khuê"),
        ("Theo TTXVN\nẢnh: Hoài An\nVideo: b.mp4; c.mp4", "Theo TTXVN"),
    ],
)
def test_what_stands_under_the_author(ending: str, author: str) -> None:
    article = parse_text(f"Tin\n\nCâu một. Câu hai.\n\n{ending}\n")
    assert (article.author, [p.text for p in article.paragraphs]) == (author, ["Câu một. Câu hai."])
    assert len(article.blocks) > 1


@pytest.mark.parametrize("ending", ["Nguyễn Văn Ba\nTrần Thị Hoa\nẢnh: Minh Đức", "Xã họp.\nBà con. Ảnh: Minh Đức"])
def test_no_author_above_a_photo(ending: str) -> None:
    assert parse_text(f"Tin\n\nCâu một. Câu hai.\n\n{ending}\n").author == ""
