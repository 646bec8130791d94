"""Reads a Word document (DOCX): headings, paragraphs, lists, tables and text boxes in order, and links to media."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mediakit.article.attachments import base_name, media_kind
from mediakit.article.document import Article, Attachment, Photo
from mediakit.article.docx_shown import WORD, Shown, hidden_styles, shown_paragraphs, style_of
from mediakit.article.lines import (
    VIETNAM,
    attachments_of,
    author_of,
    first_published,
    photo_of,
    published_of,
)
from mediakit.article.sentences import split_sentences
from mediakit.article.text import build_article, head_byline, is_of_head, notices_of
from mediakit.errors import ArticleError
from mediakit.text_decoding import restored
from mediakit.vietnamese.normal import nfc

if TYPE_CHECKING:
    from docx.document import Document

#: What a document with photos may unpack to, and its text alone; more is made to fill memory.
LARGEST_UNPACKED_BYTES, LARGEST_TEXT_BYTES = 500_000_000, 60_000_000
_MOST_FILES = 10_000
#: When python-docx's own template was made, which all documents that it writes say that they were.
_TEMPLATE_MADE = datetime(2013, 12, 23, 23, 15, tzinfo=timezone.utc)
_HEAD_LINES, _TITLE_CHARS = 6, 300
_TITLE_STYLES = re.compile(r"title|heading 1|tiêu ?đề|đầu đề 1", re.IGNORECASE)
_LIST_STYLES = re.compile(r"list|danh sách", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """A paragraph or a line of one, with the media that it links to."""

    text: str
    style: str = ""
    links: tuple[str, ...] = ()
    in_table: bool = False
    in_list: bool = False
    linked: int = 0


def parse_docx(data: bytes, path: Path | None = None) -> Article:
    """The article of a Word document.

    Raises
    ------
    ArticleError
        If the document is damaged, too large once unpacked, or has no text.
    """
    document = _opened(data, path)
    targets = {name: relation.target_ref for name, relation in document.part.rels.items() if relation.is_external}
    styles = {style.style_id: style.name or "" for style in document.styles}
    hidden = hidden_styles(document.styles.element)
    lines = [
        line
        for paragraphs in shown_paragraphs(document.element.body)
        for line in _lines(paragraphs, targets, styles, hidden)
    ]
    mended = restored([line.text for line in lines])
    if mended is not None:
        lines = [replace(line, text=text) for line, text in zip(lines, mended.texts, strict=True)]
    head = [line.text for line in lines[:_HEAD_LINES]]
    published = first_published(line for line in head if published_of(line) is not None)
    byline = head_byline(head)
    lines = [line for place, line in enumerate(lines) if place >= _HEAD_LINES or not is_of_head(line.text)]
    title = _title(lines)
    rest = lines[1:] if title and lines and nfc(lines[0].text) == title else [x for x in lines if nfc(x.text) != title]
    author = _author(rest)
    parts = [part for line in (rest[:-1] if author else rest) for part in _parts(line)]
    article = build_article(
        title or _property(document, "title"),
        _each_once(parts),
        published=published or _created(document),
        author=author or byline,
        path=path,
    )
    return replace(article, notices=(*notices_of(mended.damage if mended else (), path), *article.notices))


def _opened(data: bytes, path: Path | None) -> Document:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            files = packed.infolist()
        text = sum(item.file_size for item in files if item.filename.lower().endswith((".xml", ".rels")))
        whole = sum(item.file_size for item in files)
        if whole > LARGEST_UNPACKED_BYTES or text > LARGEST_TEXT_BYTES or len(files) > _MOST_FILES:
            raise ArticleError(
                "unpacks to more than any article holds", file=path, remedy="Save its text alone as a new .docx."
            )
        document: Document = docx.Document(io.BytesIO(data))
        # Whatever is wrong in its XML shows here.
        _ = document.element.body, document.part.rels
    except ArticleError:
        raise
    except Exception as error:  # python-docx lets through those of zipfile, zlib, lxml and its own
        raise ArticleError(
            "is a damaged Word document, or none",
            file=path,
            remedy="Open it in Word or LibreOffice and save it as .docx once more.",
        ) from error
    return document


def _lines(
    paragraphs: list[Any], targets: dict[str, str], styles: dict[str, str], hidden: frozenset[str]
) -> Iterator[_Line]:
    """The lines of a paragraph, which `w:br` parts, in the style of the first of those that are joined to it."""
    paragraph = paragraphs[0]
    style = styles.get(style_of(paragraph), "")
    shown = Shown(paragraphs, targets, hidden)
    in_table = any(element.tag == f"{WORD}tc" for element in paragraph.iterancestors())
    in_list = paragraph.find(f"{WORD}pPr/{WORD}numPr") is not None or _LIST_STYLES.match(style) is not None
    media = tuple(link for link in shown.links if media_kind(Path(base_name(link))) is not None)
    lines = [" ".join(line.split()) for line in shown.text.split("\n")]
    lines = [line for line in lines if line] or ([""] if media else [])
    for number, line in enumerate(lines):
        yield _Line(line, style, media if not number else (), in_table, in_list, shown.linked)


def _title(lines: list[_Line]) -> str:
    """The line in a style of titles, else the first line where it is one sentence without a full stop."""
    styled = next((x.text for x in lines[:_HEAD_LINES] if x.text and _TITLE_STYLES.fullmatch(x.style)), "")
    if styled:
        return nfc(styled)
    first = lines[0] if lines else _Line("")
    if not first.text or len(first.text) > _TITLE_CHARS or first.in_table or first.in_list:
        return ""
    if attachments_of(first.text) or photo_of(first.text) or first.text.endswith((".", "…")):
        return ""
    return nfc(first.text) if len(split_sentences(first.text)) == 1 else ""


def _author(lines: list[_Line]) -> str:
    last = lines[-1] if len(lines) > 1 else _Line("", in_table=True)
    return "" if last.in_table or last.in_list else author_of(last.text)


def _parts(line: _Line) -> Iterator[str | Photo | Attachment]:
    for link in line.links:
        kind = media_kind(Path(base_name(link)))
        if kind is not None:
            yield Attachment(kind, nfc(link))
    named = attachments_of(line.text)
    if named:
        yield from named
    elif line.text and not (line.links and line.linked >= len(line.text.split())):
        yield photo_of(line.text) or line.text


def _each_once(parts: list[str | Photo | Attachment]) -> Iterator[str | Photo | Attachment]:
    seen: set[str] = set()
    for part in parts:
        if isinstance(part, Attachment):
            key = base_name(part.name).casefold()
            if key in seen:
                continue
            seen.add(key)
        yield part


def _property(document: Document, name: str) -> str:
    try:
        return nfc(" ".join(str(getattr(document.core_properties, name) or "").split()))
    except (ValueError, AttributeError, KeyError):
        return ""


def _created(document: Document) -> datetime | None:
    """When the document was made, by its properties; the day of an article that names none."""
    try:
        created: datetime | None = document.core_properties.created
    except (ValueError, AttributeError, KeyError):
        return None
    if created is None or created.replace(tzinfo=timezone.utc) == _TEMPLATE_MADE:
        return None
    return created.replace(tzinfo=timezone.utc).astimezone(VIETNAM)
