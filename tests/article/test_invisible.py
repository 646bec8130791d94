"""Characters that nobody sees, and text that was misread, in articles and in names of files."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

from mediakit.article.attachments import base_name, find_attachment, safe_stem
from mediakit.article.document import Attachment, Paragraph, Photo
from mediakit.article.load import load_article
from mediakit.article.text import build_article, parse_text
from mediakit.errors import ArticleError
from tests.vietnamese.legacy_writers import NAMES, carried

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069\ufeff\u034f\u061c\u3164\U000e0041"


@pytest.mark.parametrize("mark", INVISIBLE)
def test_in_an_article(mark: str) -> None:
    text = (
        f"{mark}Họp b{mark}áo\n\nSáng n{mark}ay, hội{mark} nghị diễn ra.{mark} Ông{mark} Hải{mark} dự.\n\n"
        f"A{mark}udio: họp{mark} báo.mp3\n\n{mark}\n\nẢ{mark}nh: Th{mark}ành Tâm\n\nKết thúc.\n"
    )
    article = parse_text(text)
    assert [s.text for s in article.sentences] == [
        *("Họp báo", "Sáng nay, hội nghị diễn ra.", "Ông Hải dự.", "Kết thúc.")
    ]
    assert [a.name for a in article.attachments] == ["họp báo.mp3"]
    assert [b for b in article.blocks if isinstance(b, Photo)] == [Photo("", "Thành Tâm")]


def test_between_a_letter_and_its_mark() -> None:
    apart = "\u200b".join(unicodedata.normalize("NFD", "Thủy, hòa"))
    assert parse_text(f"Tin\n\n{apart}.").sentences[1].text == "Thủy, hòa."


def test_parts_of_any_form_of_page_are_mended_together() -> None:
    """A title alone would not say what it is; the paragraphs do."""
    article = build_article(
        "Tin nổ".replace("ổ", "oå"),
        ["Sau moät thôøi gian oâng quen vôùi muøi thuoác noå aáy.", Photo("Hieän chöa roõ", "Taâm"), "Tin."],
        author="Leâ Thò Hoàng",
    )
    assert article.title == "Tin nổ"
    assert [s.text for s in article.sentences][1] == "Sau một thời gian ông quen với mùi thuốc nổ ấy."
    assert article.blocks[1] == Photo("Hiện chưa rõ", "Tâm")
    assert [n.code for n in article.notices] == ["legacy-encoding"]
    assert isinstance(article.blocks[2], Paragraph)


def test_what_was_mended_in_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "bài.txt"
    path.write_bytes("Tin\n\nHội nghị diễn ra.\0 ".encode() + b"\x93Hay." + "\n\nÔng Hải dự họp.\n".encode())
    article = load_article(path)
    assert [(n.code, n.message) for n in article.notices] == [
        ("bad-bytes", "bài.txt: line 3: 1 byte is not UTF-8"),
        ("null-bytes", "bài.txt: line 3: 1 null byte"),
    ]
    assert [s.text for s in article.sentences] == ["Tin", "Hội nghị diễn ra.", "“Hay.", "Ông Hải dự họp."]


def test_letters_that_cannot_be_told_are_refused() -> None:
    words = "¸¶§ ²¬¦x ¤¨¢y k¯±z ¼½¾w ¢£¤q x¥¦§ b¨¬± p¼½a"
    with pytest.raises(ArticleError, match="cannot be told"):
        build_article("Tin", [words])


@pytest.mark.parametrize("text", ["Audio: a.mp3", "\u200b\u00ad\n\n…\n", "…\n\n---\n", "!!!"])
def test_an_article_without_a_sentence_is_an_error_that_says_so(text: str) -> None:
    with pytest.raises(ArticleError, match=r"no sentence|is empty"):
        parse_text(text)


@pytest.mark.parametrize(
    ("there", "named"),
    [
        ("Họp\u200b báo.mp3", "Họp báo.mp3"),
        ("Họp báo.mp3", "Họp\u00ad báo\u202e.mp3"),
        ("họp\u2060 BÁO\ufeff.mp3", "Họp_báo.mp3"),
        ("Họp báo.mp3", "H%E2%80%8B%E1%BB%8Dp%20b%C3%A1o.mp3"),
        ("Hoïp baùo töôøng thuaät.mp3", "Họp báo tường thuật.mp3"),
        ("Họp báo tường thuật.mp3", "Häp b¸o t­êng thuËt.mp3"),
    ],
)
def test_names_are_found_whatever_hides_in_them(tmp_path: Path, there: str, named: str) -> None:
    path = tmp_path / there
    path.write_bytes(b"x")
    assert find_attachment(Attachment("audio", named), tmp_path) == path


@pytest.mark.parametrize("name", ["a\u202e3pm.exe", "\u200ba.mp3", "a\u00ad.mp3", "a%E2%80%AE.mp3"])
def test_result_names_have_none(name: str) -> None:
    assert base_name(name).isprintable()
    assert safe_stem(name).isprintable()
    assert "_" not in safe_stem(name)


OLD = (
    *("Bản tin của xã", "Thứ Tư, 09/06/2021 18:37"),
    "Chiều nay, ông Nguyễn Đức Hưởng trả lời phỏng vấn. Ở xã Quỳnh Mỹ, mười bảy hộ dân đã nhận đủ tiền.",
    "Những ngày tới, huyện sẽ lắp thêm đèn, vá ổ gà và kẻ lại vạch sơn.",
)


def page_of(lines: Iterable[str], charset: str) -> str:
    title, date, first, second = lines
    return (
        f"<html><head><meta charset='{charset}'><title>{title}</title></head><body><h1>{title}</h1><p>{date}</p>"
        f"<p>{first}</p><p>Au&shy;dio: b\u00e1o.mp3</p><p>{second}</p></body></html>"
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("way", ["bytes", "utf-8", "entities"])
def test_old_pages(tmp_path: Path, name: str, way: str) -> None:
    """Saved as they were, or opened as Western text and saved as UTF-8, or with their letters as entities."""
    lines = [carried(name, line) for line in OLD]
    if way == "entities":
        lines = ["".join(c if c.isascii() else f"&#{ord(c)};" for c in line) for line in lines]
    page = page_of(lines, "utf-8" if way == "utf-8" else "iso-8859-1")
    path = tmp_path / "bài.html"
    path.write_bytes(page.encode("utf-8" if way == "utf-8" else "latin-1"))
    article = load_article(path)
    assert article.title == OLD[0]
    assert article.published is not None
    assert [p.text for p in article.paragraphs] == list(OLD[2:])
    assert len(article.attachments) == 1
    assert [n.code for n in article.notices] == ["legacy-encoding"]
    assert name in article.notices[0].message


@pytest.mark.parametrize("charset", ["utf-8", "windows-1258", "utf-16", "gb2312", "x-user-defined", ""])
def test_a_page_that_declares_wrongly_what_it_is(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "bài.html"
    for encoding in ("utf-8", "utf-16", "utf-8-sig"):
        path.write_bytes(page_of(OLD, charset).encode(encoding))
        article = load_article(path)
        assert [p.text for p in article.paragraphs] == list(OLD[2:])
        assert article.notices == ()


def test_an_old_word_document(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    for line in OLD:
        document.add_paragraph(carried("VNI", line))
    document.add_paragraph("Au\u00addio: b\u200báo.mp3")
    document.save(str(tmp_path / "bài.docx"))
    article = load_article(tmp_path / "bài.docx")
    assert article.title == OLD[0]
    assert [p.text for p in article.paragraphs] == list(OLD[2:])
    assert [a.name for a in article.attachments] == ["báo.mp3"]
    assert [n.code for n in article.notices] == ["legacy-encoding"]
