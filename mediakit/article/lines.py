"""What a line of a newspaper page is, by its own look: date, view count, attachment, photo caption, author."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

from mediakit.article.document import Attachment, Photo

#: The newspaper's clock.
VIETNAM = timezone(timedelta(hours=7))

_WEEKDAY = r"(?:thứ\s+(?:[2-7]|hai|ba|tư|năm|sáu|bảy)|chủ\s+nhật|cn)"
_DATE_LINE = re.compile(
    rf"(?:{_WEEKDAY}\s*,?\s*)?(?:ngày\s+)?(\d{{1,2}})[/\-.](\d{{1,2}})[/\-.](\d{{4}})"
    r"(?:\s*[|,\-–]?\s*(\d{1,2})[:hg](\d{2})(?::(\d{2}))?)?\s*(\[?\(?\s*(?:gmt|utc)\s*\+\s*7\s*\)?\]?)?",
    re.IGNORECASE,
)
_VIEWS = re.compile(r"[\d.,\s]+(?:lượt\s+xem|views?)", re.IGNORECASE)
_ATTACHMENT = re.compile(r"(audio|video)\s*[:：]\s*(\S.*)", re.IGNORECASE)
_CREDIT = re.compile(
    r"(?:^|(?<=[.!?…)”\"])|(?<=\s))[(\[]?\s*(ảnh|nguồn ảnh|ảnh tư liệu|đồ họa|minh họa)\s*[:：/]"
    r"\s*([^.:]{1,60}?)\s*[)\]]?\.?$",
    re.IGNORECASE,
)
_AUTHOR_WORDS, _AUTHOR_CHARS = 8, 60
_SENTENCE_ENDS = tuple('.?!…:;,”"')


def published_of(line: str) -> datetime | None:
    """The time of a date line (`Thứ 4, 09/06/2021 | 18:37:56`), in Vietnam's time; None for any other line."""
    match = _DATE_LINE.fullmatch(line.strip())
    if match is None:
        return None
    day, month, year, hour, minute, second = (int(g) if g else 0 for g in match.groups()[:6])
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
    except ValueError:
        return None


def is_crawl_line(line: str) -> bool:
    """Whether the line is when the page was saved: a date that names its time zone (`… 09:38[GMT+7]`)."""
    match = _DATE_LINE.fullmatch(line.strip())
    return match is not None and match[7] is not None


def is_views_line(line: str) -> bool:
    """Whether the line counts views (`4,455 lượt xem`)."""
    return _VIEWS.fullmatch(line.strip()) is not None


def attachment_of(line: str) -> Attachment | None:
    """The attachment that a line names (`Audio: FILE`), or None."""
    match = _ATTACHMENT.fullmatch(line.strip())
    if match is None:
        return None
    return Attachment("audio" if match[1].lower() == "audio" else "video", match[2].strip())


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
