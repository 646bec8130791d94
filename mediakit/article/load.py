"""Reads an article from a file, whatever its form: by what is in it, and by its name where that does not tell."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

from mediakit.article.document import Article
from mediakit.article.text import parse_text
from mediakit.errors import ArticleError
from mediakit.text_decoding import read_text

TEXT_SUFFIXES = frozenset({".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
MHTML_SUFFIXES = frozenset({".mhtml", ".mht"})
DOCX_SUFFIXES = frozenset({".docx"})
#: The one list of what articles are called.
ARTICLE_SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES | MHTML_SUFFIXES | DOCX_SUFFIXES
#: Other documents: read where they hold one of these after all, as Word's `.doc` may; else refused with what to do.
OTHER_DOCUMENT_SUFFIXES = frozenset(
    {".doc", ".docm", ".dotx", ".rtf", ".odt", ".pdf", ".epub", ".webarchive", ".pages", ".wps", ".xps"}
)
#: A document with its photos, or a page with its pictures, in one file.
LARGEST_PACKED_BYTES = 200_000_000
_MARKUP = ("<!doctype html", "<html", "<?xml", "<!-- saved from")
_HEAD_BYTES = 4_000
_AS_DOCX = "Open it in Word or LibreOffice and save it as .docx."
#: First bytes of what is no text, what that is called, and what to do.
_FORMS = (
    (b"%PDF-", "a PDF", "Save the article's text as .docx or .txt, or its page as .html."),
    (b"{\\rtf", "an RTF document", _AS_DOCX),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a document of an older Word (.doc)", _AS_DOCX),
    (b"bplist00", "a Safari web archive", "Save the page from the browser as .html, or its text as .txt."),
)
_PACKED_FORMS = (
    (b"application/vnd.oasis.opendocument", "an OpenDocument text", _AS_DOCX),
    (b"application/epub", "an EPUB book", "Save the article's text as .docx or .txt."),
)


#: Headers that MHTML begins with, in some order, and those that tell it from other messages.
_MHTML_HEADER = re.compile(
    rb"(?:From|Subject|Date|MIME-Version|Content-Type|Content-Location|Snapshot-Content-Location|Message-ID|X-[\w-]+):",
    re.IGNORECASE,
)
_MHTML_TELLING = re.compile(
    rb"^(?:MIME-Version:|Content-Type:\s*(?:multipart/|text/html))", re.IGNORECASE | re.MULTILINE
)


def load_article(path: Path) -> Article:
    """The article in a file: a Word document, a page (HTML, MHTML), or the newspaper's plain text.

    Raises
    ------
    ArticleError
        If the file cannot be read, is of a form that is not read, or has no text in it.
    """
    head = _head(path)
    for magic, called, remedy in _FORMS:
        if head.startswith(magic):
            raise ArticleError(f"is {called}, which is not read", file=path, remedy=remedy)
    if head.startswith(b"PK\x03\x04"):
        return _packed(path)
    if path.suffix.lower() in DOCX_SUFFIXES and head and _is_binary(head):
        raise ArticleError("is a damaged Word document, or none", file=path, remedy=_AS_DOCX)
    if _is_mhtml(head):
        from mediakit.article.mhtml import parse_mhtml

        return parse_mhtml(_bytes(path), path)
    markup = path.suffix.lower() in HTML_SUFFIXES
    decoded = read_text(path, ArticleError, "article", markup=markup)
    if not markup and _is_markup(decoded.text):
        markup, decoded = True, read_text(path, ArticleError, "article", markup=True)
    if markup and "<" not in decoded.text:  # a plain text that is called a page
        markup, decoded = False, read_text(path, ArticleError, "article")
    article = _parse_html(decoded.text, path) if markup else parse_text(decoded.text, path)
    told = decoded.notices(path.name)
    return replace(article, notices=(*told, *(n for n in article.notices if n.code not in {one.code for one in told})))


def _parse_html(text: str, path: Path) -> Article:
    from mediakit.article.html import parse_html

    return parse_html(text, path)


def _packed(path: Path) -> Article:
    """The article in a file that is a ZIP: of these only a Word document is read."""
    data = _bytes(path)
    for mark, called, remedy in _PACKED_FORMS:
        if mark in data[:200]:
            raise ArticleError(f"is {called}, which is not read", file=path, remedy=remedy)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        names = ["word/"]
    if not any(name.startswith("word/") for name in names):
        raise ArticleError("is no Word document", file=path, remedy="Unpack it, and name the article in it.")
    from mediakit.article.docx import parse_docx

    return parse_docx(data, path)


def _is_mhtml(head: bytes) -> bool:
    """Whether a file begins as MHTML does: with the headers of a message."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _MHTML_HEADER.match(head) is not None and _MHTML_TELLING.search(head) is not None


def _is_markup(text: str) -> bool:
    begin = text.lstrip("\ufeff \t\r\n")[:2_000].lower()
    return begin.startswith(_MARKUP[:2]) or (begin.startswith(_MARKUP[2:]) and "<html" in begin)


def _is_binary(head: bytes) -> bool:
    return head.count(0) > 0 or sum(byte < 9 for byte in head) > len(head) / 50


def _head(path: Path) -> bytes:
    """The first bytes of a file; none of what is no file, which is said where it is read."""
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return b""


def _bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_PACKED_BYTES:
            raise ArticleError(f"is larger than {LARGEST_PACKED_BYTES // 1_000_000} MB; no article is", file=path)
        return path.read_bytes()
    except OSError as error:
        raise ArticleError(f"cannot be read ({error.strerror or error})", file=path) from error
