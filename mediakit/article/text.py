"""Reads the newspaper's plain-text layout: crawl line, title, date, views, lead, body with its attachments, author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mediakit.article.document import Article, Attachment, Block, Paragraph, Photo, Sentence
from mediakit.article.lines import (
    attachment_of,
    attachments_of,
    author_of,
    byline_of,
    first_published,
    is_byline,
    is_clock_line,
    is_note,
    is_person,
    is_views_line,
    photo_of,
    published_of,
)
from mediakit.article.sentences import split_sentences
from mediakit.errors import ArticleError
from mediakit.notices import Notice
from mediakit.text_decoding import Damage, clean, restored

_TITLE_CHARS = 300
_HEAD_LINES = 6
#: Text wrapped by hand has lines of about this length.
_WRAPPED = range(50, 121)
_FINAL_MARKS = tuple('.?!…:;”"»)')


def parse_text(text: str, path: Path | None = None) -> Article:
    """The article of a saved text.

    Raises
    ------
    ArticleError
        If there is no text in it.
    """
    lines = _paragraph_lines(clean(text))
    if not lines:
        raise ArticleError("is empty", file=path)
    byline = head_byline(lines[:_HEAD_LINES])
    lines, published = _without_dates(lines)
    title, rest = (lines[0], lines[1:]) if _has_title(lines) else ("", lines)
    author, rest = _without_author(rest)
    blocks = [block for line in rest for block in _line_blocks(line)]
    return build_article(title, blocks, published=published, author=author or byline, path=path)


def head_byline(lines: Sequence[str]) -> str:
    """The author whom the lines of an article's head name, beside the date or by a label, if any."""
    labelled = (author_of(line) for line in lines if is_byline(line))
    return next(filter(None, (*map(byline_of, lines), *labelled)), "")


def build_article(
    title: str,
    blocks: Iterable[str | Photo | Attachment],
    *,
    published: datetime | None = None,
    author: str = "",
    path: Path | None = None,
) -> Article:
    """An article from its parts in order; a text is a paragraph, numbered and cut into sentences here.

    Whatever form the parts came in, what was misread in them is mended here, and what nobody sees is left out.

    Raises
    ------
    ArticleError
        If there is no sentence, or the encoding that the text was in cannot be told.
    """
    parts = list(blocks)
    texts = restored([title, author, *(text for part in parts for text in _texts_of(part))])
    if texts is None:
        raise ArticleError(
            "is in an old Vietnamese encoding that cannot be told", file=path, remedy="Save it as Unicode (UTF-8)."
        )
    found = iter(texts.texts)
    title, author = next(found), next(found)
    built = _numbered(_with_texts(part, found) for part in parts)
    article = Article(title, built, published, author, path, notices_of(texts.damage, path))
    if not any(c.isalnum() for sentence in article.sentences for c in sentence.text):
        raise ArticleError("has no sentence in it", file=path, remedy="Is the text of the article in this file?")
    return article


def notices_of(damage: Iterable[Damage], path: Path | None) -> tuple[Notice, ...]:
    """Warnings of what was mended in an article."""
    found = (item.notice(path.name if path is not None else "article") for item in damage)
    return tuple(notice for notice in found if notice is not None)


def _texts_of(part: str | Photo | Attachment) -> tuple[str, ...]:
    if isinstance(part, str):
        return (part,)
    return (part.caption, part.credit) if isinstance(part, Photo) else (part.name,)


def _with_texts(part: str | Photo | Attachment, texts: Iterator[str]) -> str | Photo | Attachment:
    """The part with as many of `texts` as it has itself."""
    if isinstance(part, str):
        return next(texts)
    return Photo(next(texts), next(texts)) if isinstance(part, Photo) else replace(part, name=next(texts))


def _numbered(blocks: Iterable[str | Photo | Attachment]) -> tuple[Block, ...]:
    built: list[Block] = []
    number = 0
    for block in blocks:
        if not isinstance(block, str):
            # A page that names a file twice has it once.
            built += [block] if block not in built else []
            continue
        sentences = split_sentences(block)
        if sentences:
            number += 1
            named = tuple(Sentence(f"p{number}s{i}", text) for i, text in enumerate(sentences, start=1))
            built.append(Paragraph(number, named, lead=number == 1))
    return tuple(built)


def _without_author(lines: list[str]) -> tuple[str, list[str]]:
    """The author whom the last line names, and the lines without it.

    Under it may stand who took the photos, and what is attached. Nobody is named by the last of several such lines,
    which are a list of names.
    """
    last = len(lines) - 1
    while last > 0 and _stands_under_author(lines[last]):
        last -= 1
    if last > 1 and is_note(lines[last]) and is_person(lines[last - 1]):
        return f"{lines[last - 1]} {lines[last]}", [*lines[: last - 1], *lines[last + 1 :]]
    if last < 1 or photo_of(lines[last]) or all(is_person(line) for line in lines[last - 1 : last + 1]):
        return "", lines
    author = author_of(lines[last])
    return author, [*lines[:last], *lines[last + 1 :]] if author else lines


def _stands_under_author(line: str) -> bool:
    """Whether a line at the end is a photographer's name without a caption, or an attachment."""
    photo = photo_of(line)
    return bool(attachments_of(line)) or (photo is not None and not photo.caption)


def _line_blocks(line: str) -> Sequence[str | Photo | Attachment]:
    return attachments_of(line) or (photo_of(line) or line,)


def _paragraph_lines(text: str) -> list[str]:
    """One string a paragraph: lines are paragraphs, but for text that was wrapped by hand."""
    found: list[str] = []
    for block in _blocks(text):
        found += [" ".join(block)] if _is_wrapped(block) else block
    return found


def _blocks(text: str) -> Iterable[list[str]]:
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        stripped = " ".join(line.split())
        if stripped:
            block.append(stripped)
        elif block:
            yield block
            block = []


def _is_wrapped(block: Sequence[str]) -> bool:
    """Whether the lines of a block are one paragraph broken at a width."""
    if len(block) < 2 or any(_line_blocks(line) != (line,) or published_of(line) for line in block):
        return False
    return all(len(line) in _WRAPPED and not line.endswith(_FINAL_MARKS) for line in block[:-1])


def _without_dates(lines: list[str]) -> tuple[list[str], datetime | None]:
    """The lines without crawl, date and view lines of the head, and when the article was published."""
    # The head ends with the first paragraphs; a date on a line of its own further down is text.
    head, rest = lines[:_HEAD_LINES], lines[_HEAD_LINES:]
    kept = [line for line in head if not is_of_head(line)]
    return kept + rest, first_published(head)


def is_of_head(line: str) -> bool:
    """Whether a line says when an article was published, how often it was seen, or who wrote it."""
    return published_of(line) is not None or is_views_line(line) or is_clock_line(line) or is_byline(line)


def _has_title(lines: Sequence[str]) -> bool:
    first = lines[0]
    if len(first) > _TITLE_CHARS or attachment_of(first) or photo_of(first):
        return False
    return len(split_sentences(first)) == 1 and not first.endswith((".", "…"))
