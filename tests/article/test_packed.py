"""Articles in the forms that people save pages and documents in: MHTML, Word, and others that are refused."""

from __future__ import annotations

import base64
import io
import quopri
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE

from mediakit.article.document import Attachment, Photo
from mediakit.article.load import ARTICLE_SUFFIXES, load_article
from mediakit.errors import ArticleError

PAGE = "<h1>Đường về bản</h1><p>Con đường dài mười cây số đã xong. Bà con rất vui.</p><audio src='{}'></audio>"
PARTS = ["Con đường dài mười cây số đã xong.", "Bà con rất vui."]


def mhtml(
    page: str, *, name: str = "utf-8", coding: str = "quoted-printable", extra: bytes = b"", start: str = ""
) -> bytes:
    """A page as browsers save it, in the encoding `name`."""
    raw = page.encode(name)
    body = quopri.encodestring(raw) if coding == "quoted-printable" else base64.encodebytes(raw)
    return (
        b"From: <Saved by Blink>\r\nSubject: =?utf-8?Q?Tin?=\r\nMIME-Version: 1.0\r\n"
        + b'Content-Type: multipart/related; type="text/html";'
        + (f' start="{start}";' if start else "").encode()
        + b' boundary="--B"\r\n\r\n'
        + extra
        + b"----B\r\nContent-Type: text/html; charset="
        + f"{name}\r\nContent-ID: <goc>\r\nContent-Transfer-Encoding: {coding}\r\n\r\n".encode()
        + body
        + b"\r\n----B\r\nContent-Type: audio/mpeg\r\nContent-ID: <a@x>\r\nContent-Location: https://x.vn/m/tin.mp3\r\n"
        + b"Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n----B--\r\n"
    )


def read(folder: Path, name: str, data: bytes) -> tuple[str, list[str], list[str]]:
    """Title, sentences and media of an article with these bytes."""
    path = folder / name
    path.write_bytes(data)
    article = load_article(path)
    return article.title, [s.text for s in article.sentences[1:]], [a.name for a in article.attachments]


@pytest.mark.parametrize("coding", ["quoted-printable", "base64"])
@pytest.mark.parametrize("name", ["utf-8", "utf-16"])
@pytest.mark.parametrize("file", ["tin.mhtml", "tin.MHT", "tin.doc", "tin.html"])
def test_mhtml(tmp_path: Path, coding: str, name: str, file: str) -> None:
    found = read(tmp_path, file, mhtml(PAGE.format("cid:a@x"), name=name, coding=coding))
    assert found == ("Đường về bản", PARTS, ["https://x.vn/m/tin.mp3"])


def test_the_root_of_mhtml_is_the_part_that_it_starts_with(tmp_path: Path) -> None:
    frame = b"----B\r\nContent-Type: text/html; charset=utf-8\r\nContent-ID: <khung>\r\n\r\n<p>Khung quang cao.</p>\r\n"
    title, _, _ = read(tmp_path, "a.mhtml", mhtml(PAGE.format("a.mp3"), extra=frame, start="<goc>"))
    assert title == "Đường về bản"
    empty = frame.replace(b"<p>Khung quang cao.</p>", b"<frameset><frame src='cid:goc'></frameset>")
    assert read(tmp_path, "b.mhtml", mhtml(PAGE.format("a.mp3"), extra=empty))[1] == PARTS


def test_a_page_that_word_saved_as_doc(tmp_path: Path) -> None:
    page = f"<html xmlns:o='urn:x'><head><meta charset=utf-8></head><body>{PAGE.format('a.mp3')}</body></html>"
    assert read(tmp_path, "a.doc", page.encode()) == ("Đường về bản", PARTS, ["a.mp3"])


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: image/png\n\na\n--x--\n",
        b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n",
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=khong-co\n\n",
        b"From: x\nContent-Type: multipart/x; boundary=x\n" + b"\n--x\nContent-Type: multipart/x; boundary=x\n" * 3000,
    ],
)
def test_mhtml_without_a_page(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ArticleError) as raised:
        read(tmp_path, "a.mhtml", data)
    assert "a.mhtml" in str(raised.value)
    assert raised.value.remedy


def document(*, titled: bool = True) -> docx.document.Document:
    """A Word document with what an article has."""
    made = docx.Document()
    made.add_paragraph("Đường về bản", style="Title" if titled else None)
    made.add_paragraph("Cập nhật lúc 18:37, Thứ Tư, 09/06/2021")
    paragraph = made.add_paragraph("Con đường dài ")
    paragraph.add_run("mười cây số").bold = True
    paragraph.add_run(" đã xong. Bà con rất vui.")
    made.add_paragraph("Audio: ban tin.mp3")
    made.add_heading("Góp công", level=2)
    made.add_paragraph("Mỗi hộ năm ngày công.", style="List Bullet")
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Bản Pá", "40 hộ"
    made.add_paragraph("Bà con làm đường. Ảnh: Hoài An")
    made.add_paragraph("Lễ thông xe sẽ mở vào tháng sau.")
    made.add_paragraph("Lê Minh Khuê")
    return made


def saved(made: docx.document.Document) -> bytes:
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("titled", [True, False])
def test_a_word_document(tmp_path: Path, *, titled: bool) -> None:
    (tmp_path / "a.docx").write_bytes(saved(document(titled=titled)))
    article = load_article(tmp_path / "a.docx")
    assert article.title == "Đường về bản"
    assert article.author == "Lê Minh Khuê"
    assert article.published is not None
    assert article.published.isoformat() == "2021-06-09T18:37:00+07:00"
    assert [p.text for p in article.paragraphs] == [
        *(" ".join(PARTS), "Góp công", "Mỗi hộ năm ngày công.", "Bản Pá", "40 hộ", "Lễ thông xe sẽ mở vào tháng sau."),
    ]
    assert article.blocks[1] == Attachment("audio", "ban tin.mp3")
    assert Photo("Bà con làm đường.", "Hoài An") in article.blocks


def test_a_word_document_ends_with_a_list(tmp_path: Path) -> None:
    made = docx.Document()
    for text, style in (
        ("Họp bản", None),
        ("Bản họp sáng nay.", None),
        ("Kết quả:", None),
        ("Lê Minh Khuê", "List Bullet"),
    ):
        made.add_paragraph(text, style=style)
    (tmp_path / "a.docx").write_bytes(saved(made))
    article = load_article(tmp_path / "a.docx")
    assert (article.author, article.paragraphs[-1].text) == ("", "Lê Minh Khuê")


def test_media_that_a_word_document_links_to(tmp_path: Path) -> None:
    made = document()
    link = made.part.relate_to("media/phong%20su.mp4", RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    changed = changed_part(saved(made), "word/document.xml", with_link(link))
    (tmp_path / "a.docx").write_bytes(changed)
    article = load_article(tmp_path / "a.docx")
    assert [(a.kind, a.name) for a in article.attachments] == [
        ("video", "media/phong%20su.mp4"),
        ("audio", "ban tin.mp3"),
    ]


def with_link(link: str) -> Callable[[bytes], bytes]:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    marked = f'<w:p><w:hyperlink r:id="{link}" xmlns:r="{relation}"><w:r><w:t>Xem</w:t></w:r></w:hyperlink></w:p>'
    return lambda xml: xml.replace(b"</w:p>", b"</w:p>" + marked.encode(), 1)


def changed_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The document with one part changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return kept.getvalue()


def billion_laughs(xml: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY b%d "%s">' % (i, b"&b%d;" % (i - 1) * 10 if i else b"ha" * 50) for i in range(12))
    return xml.replace(b"?>", b"?><!DOCTYPE x [" + entities + b"]>", 1).replace(b"<w:t>", b"<w:t>&b11;", 1)


@pytest.mark.parametrize(
    "data",
    [
        saved(document())[:9_000],
        changed_part(saved(document()), "word/document.xml", lambda xml: xml[: len(xml) // 2]),
        changed_part(saved(document()), "word/document.xml", lambda xml: xml + b" " * 100_000_000),
        changed_part(
            saved(document()), "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:sdt>" * 100_000)
        ),
        changed_part(saved(document()), "[Content_Types].xml", lambda xml: b""),
        b"\x00\x01\x02 no document" * 50,
        b"PK\x03\x04" + b"\x00" * 100,
        saved(docx.Document()),
    ],
    ids=["cut", "cut inside", "bomb", "deep", "no types", "bytes", "zip", "empty"],
)
def test_word_documents_that_are_none(tmp_path: Path, data: bytes) -> None:
    begin = time.perf_counter()
    with pytest.raises(ArticleError) as raised:
        read(tmp_path, "a.docx", data)
    assert "a.docx" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert raised.value.remedy
    assert time.perf_counter() - begin < 20


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    data = changed_part(saved(document()), "word/document.xml", billion_laughs)
    begin = time.perf_counter()
    try:
        _, sentences, _ = read(tmp_path, "a.docx", data)
    except ArticleError:
        sentences = []
    assert sum(map(len, sentences)) < 10_000
    assert time.perf_counter() - begin < 20


def opened_document(mimetype: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        packed.writestr("mimetype", mimetype)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"%PDF-1.7\n", "PDF"),
        ("a.rtf", b"{\\rtf1\\ansi xin chao}", "RTF"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), "older Word"),
        ("a.txt", b"%PDF-1.4\n", "PDF"),
        ("a.webarchive", b"bplist00\x00\x01", "web archive"),
        ("a.odt", opened_document("application/vnd.oasis.opendocument.text"), "OpenDocument"),
        ("a.epub", opened_document("application/epub+zip"), "EPUB"),
        ("a.html", opened_document("x"), "no Word document"),
    ],
)
def test_other_documents_say_what_to_do(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    with pytest.raises(ArticleError, match=said) as raised:
        read(tmp_path, name, data)
    assert name in str(raised.value)
    assert raised.value.remedy


def test_the_one_list_of_suffixes() -> None:
    assert {".txt", ".html", ".htm", ".mhtml", ".mht", ".docx"} <= ARTICLE_SUFFIXES
