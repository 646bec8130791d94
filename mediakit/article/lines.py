"""What a line of a newspaper page is, by its own look: date, view count, attachment, photo caption, author."""

from __future__ import annotations

import re

from mediakit.article.attachment_lines import attachment_of, attachments_of
from mediakit.article.dates import VIETNAM, first_published, is_crawl_line, is_views_line, published_of
from mediakit.article.document import Photo

__all__ = [
    "VIETNAM",
    "attachment_of",
    "attachments_of",
    "first_published",
    "is_author",
    "is_crawl_line",
    "is_views_line",
    "photo_of",
    "published_of",
]

_CREDIT = re.compile(
    r"(?:^|(?<=[.!?…)”\"])|(?<=\s))[(\[]?\s*(ảnh|nguồn ảnh|ảnh tư liệu|đồ họa|minh họa)\s*[:：/]"
    r"\s*([^.:]{1,60}?)\s*[)\]]?\.?$",
    re.IGNORECASE,
)
_AUTHOR_WORDS, _AUTHOR_CHARS = 8, 60
_SENTENCE_ENDS = tuple('.?!…:;,”"')


def photo_of(line: str) -> Photo | None:
    """The photo caption that a line is, known by its credit at the end (`Ảnh: Thành Tâm`), or None."""
    match = _CREDIT.search(line.strip())
    if match is None:
        return None
    return Photo(line.strip()[: match.start()].strip(), match[2].strip())


def is_author(line: str) -> bool:
    """Whether a last line is a name and not a sentence: short, capitalised, without a final mark."""
    line = line.strip()
    short = len(line) <= _AUTHOR_CHARS and len(line.split()) <= _AUTHOR_WORDS
    return short and line[:1].isupper() and not line.endswith(_SENTENCE_ENDS)
