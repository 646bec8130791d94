"""Reads the lines of a newspaper page that say when an article was published, and how often it was seen.

Such a line is made up of the parts of a date and of nothing else: labels, weekday, date, time of day, time zone, counts
of views, and marks between them, in any order. A sentence with a date in it has other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from mediakit.article.bylines import author_of
from mediakit.vietnamese.normal import nfc

#: The newspaper's clock.
VIETNAM = timezone(timedelta(hours=7))

#: A longer line is a sentence.
_LONGEST = 160
_FIGURE = re.compile(r"\d")
_MONTHS = dict(zip("một hai ba tư năm sáu bảy tám chín mười".split(), range(1, 11), strict=True))
_MONTHS |= {"giêng": 1, "bốn": 4, "mười một": 11, "mười hai": 12, "chạp": 12}
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<month>\d{{1,2}}|{'|'.join(sorted(_MONTHS, key=len, reverse=True)).replace(' ', '[ ]+')})(?![^\W_])"
_ENGLISH_MONTH = rf"(?P<month>{'|'.join(_ENGLISH_MONTHS)})[a-z]*\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>[12]\d{3})"
_NUMBER = r"(?:\d{1,3}(?:\s\d{3})+(?!\d)|\d[\d.,]*)(?:\s?(?:k|m|n|tr|nghìn|ngàn|triệu)(?![^\W\d_]))?"
_COUNTED = (
    r"(?:lượt|lần|người)\s+(?:xem|đọc|nghe|truy\s+cập|thích|chia\s+sẻ|tải|bình\s+luận|theo\s+dõi)"
    r"|lượt|bình\s+luận|phản\s+hồi|ý\s+kiến|chia\s+sẻ|thích|views?|reads?|comments?|shares?|likes?|hits?"
)
#: The parts of such a line by what they are; the first that fits counts, so that a date is no time of day.
_PARTS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "updated",
            r"(?:lần\s+)?cập\s+nhật(?:\s+(?:lần\s+)?(?:cuối|mới\s+nhất|gần\s+nhất))?"
            r"|(?:chỉnh\s+)?sửa(?:\s+(?:lần\s+)?cuối)?|(?:last\s+)?(?:updated?|modified)",
        ),
        ("count", rf"{_NUMBER}\s*(?:{_COUNTED})(?![^\W_])"),
        ("count", rf"(?:số\s+|tổng\s+)*(?:đã\s+)?(?:{_COUNTED}|xem|đọc)\s*[:：(]\s*{_NUMBER}"),
        ("count", rf"(?:số\s+|tổng\s+)*(?:lượt\s+(?:xem|đọc|nghe)|views?)\s+{_NUMBER}(?![/-])"),
        ("count", rf"👁\ufe0f?\s*{_NUMBER}(?:\s*(?:{_COUNTED})(?![^\W_]))?"),
        (
            "published",
            r"(?:ngày|giờ|thời\s+gian)\s+(?:đăng|xuất\s+bản|phát\s+hành|tạo)"
            r"|(?:bài\s+(?:viết\s+)?)?(?:đã\s+|được\s+)*(?:đăng(?:\s+(?:tải|tin|bài))?|xuất\s+bản)|thời\s+gian|posted|published|date",
        ),
        ("date", rf"{_YEAR}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep){_DAY}(?!\d)(?:T(?=\d))?"),
        ("date", rf"{_DAY}\s?(?P<sep>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=sep)\s?{_YEAR}(?!\d)"),
        ("date", rf"(?:mồng\s+|mùng\s+)?{_DAY}\s*,?\s*tháng\s+{_MONTH}\s*[,/-]?\s*(?:năm\s+)?{_YEAR}(?!\d)"),
        ("date", rf"tháng\s+{_MONTH}\s+{_DAY}\s*,\s*{_YEAR}(?!\d)"),
        ("date", rf"{_DAY}\s+{_ENGLISH_MONTH}\s*,?\s*{_YEAR}(?!\d)"),
        ("date", rf"{_ENGLISH_MONTH}\s+{_DAY}\s*,\s*{_YEAR}(?!\d)"),
        ("short date", rf"{_DAY}(?P<sep>[-/.])(?P<month>\d{{1,2}})(?P=sep)(?P<year>\d{{2}})(?!\d)"),
        (
            "weekday",
            r"(?:thứ\s+(?:[2-7]|hai|ba|tư|bốn|năm|sáu|bảy)|ch[ủú]a?\s+nhật|cn|t[2-7]"
            r"|(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?)(?![^\W_])",
        ),
        (
            "zone",
            r"(?:gmt|utc)\s*(?P<offset>[+-]\s*\d{1,2}(?::?\d{2})?)?|(?P<plain>[+-]\d{2}:?\d{2})|(?P<utc>(?<=\d)z(?!\w))"
            r"|ict(?!\w)|giờ\s+(?:việt\s+nam|vn|hà\s+nội)",
        ),
        (
            "time",
            r"(?P<hour>\d{1,2})(?:\s?:\s?(?P<minute>\d{2})(?:\s?:\s?(?P<second>\d{2})(?:\.\d+)?)?"
            r"|\s?(?:giờ|h|g)(?:\s?(?P<past>\d{1,2})(?:\s?(?:phút|ph|p|'|’))?)?(?![^\W_]))"
            r"(?:\s*(?P<half>[ap]\.?m\.?|sa|ch|sáng|trưa|chiều|tối)(?![^\W_]))?",
        ),
        ("word", r"(?:vào\s+)?(?:ngày|lúc|hồi|on|at)(?![^\W_])"),
        ("mark", r"[\s|,;:：\-–—•·()\[\]/🕒🕔⏰\ufe0f]+"),
    )
)
#: Between the author and the date.
_BETWEEN = re.compile(r"\s*[|,•·–—-]\s*")
#: Who posted it, at the end.
_BY = re.compile(r"\s+(?:bởi|by)\s+(?P<name>[^\d.,:;|]{2,40})$", re.IGNORECASE)
_OFFICE = re.compile(r"(?:phòng|ban|báo|đài|tòa soạn|trung tâm|nhóm)\s+[A-ZĐÀ-Ỹ]\w+(?:\s\w+){0,3}", re.IGNORECASE)


@dataclass(slots=True)
class _Stamp:
    """A date with what belongs to it, as far as it has been read."""

    updated: bool = False
    zone: timezone | None = None
    day: tuple[int, int, int] | None = None
    clock: tuple[int, int, int] | None = None

    def moment(self) -> datetime | None:
        """The time in Vietnam, or None where there is no such day or hour."""
        if self.day is None:
            return None
        try:
            return datetime(*self.day, *(self.clock or (0, 0, 0)), tzinfo=self.zone or VIETNAM).astimezone(VIETNAM)
        except (ValueError, OverflowError):
            return None


def published_of(line: str) -> datetime | None:
    """The time of a date line (`Thứ 4, 09/06/2021 | 18:37:56`), in Vietnam's time; None for any other line.

    Of two dates in a line the one that is not called an update counts.

    >>> print(published_of("Cập nhật lúc 18:37, Thứ Tư, 09/06/2021 | 4.455 lượt xem"))
    2021-06-09 18:37:00+07:00
    >>> published_of("Sáng 09/06/2021, xã họp")
    """
    return min(_ranked(line), key=lambda item: item[0], default=(0, None))[1]


def byline_of(line: str) -> str:
    """The author whom a date line names (`Chi Trần - Thứ bảy, 29/06/2024 17:07`), or nobody."""
    return _parts(line)[0]


def first_published(lines: Iterable[str]) -> datetime | None:
    """When an article was published, by the lines of its head.

    A date that is not called an update goes before one that is, and either before one that names its time zone, which
    may be when the page was saved. One in square brackets is that (:func:`is_crawl_line`).
    """
    ranked = [item for line in lines if not is_crawl_line(line) for item in _ranked(line)]
    return min(ranked, key=lambda item: item[0])[1] if ranked else None


def is_crawl_line(line: str) -> bool:
    """Whether the line is when the page was saved: a date with its time zone in square brackets (`… 09:38[GMT+7]`)."""
    return re.search(r"\[\s*(?:gmt|utc)", line, re.IGNORECASE) is not None and bool(_ranked(line))


def is_views_line(line: str) -> bool:
    """Whether the line counts views or comments (`4,455 lượt xem`, `Lượt xem: 4.455 | 0 bình luận`), without a date."""
    author, parts = _parts(line)
    kinds = {kind for kind, _ in parts}
    return not author and "count" in kinds and kinds <= {"count", "mark"}


@lru_cache(maxsize=256)  # each line of an article's head is asked about from several sides
def _ranked(line: str) -> tuple[tuple[int, datetime], ...]:
    """The dates of a date line, each with how unlikely it is to be when the article was published."""
    found = ((2 * (stamp.zone is not None) + stamp.updated, stamp.moment()) for stamp in _stamps(line))
    return tuple((rank, moment) for rank, moment in found if moment is not None)


def _stamps(line: str) -> list[_Stamp]:
    """The dates of a date line; none for any other line, and none for a span of days."""
    _, parts = _parts(line)
    kinds = {kind for kind, _ in parts}
    if "short date" in kinds and not kinds & {"weekday", "time", "updated", "published"}:
        return []
    stamps, stamp = [], _Stamp()
    for kind, found in parts:
        if kind in ("updated", "published"):
            if stamp.day is not None:
                stamps.append(stamp)
                stamp = _Stamp()
            stamp.updated = kind == "updated"
        elif kind in ("date", "short date"):
            if stamp.day is not None:
                return []
            stamp.day = _day(found)
        elif kind == "time":
            if stamp.clock is not None:
                return []
            stamp.clock = _clock(found)
        elif kind == "zone":
            stamp.zone = _zone(found)
    return [*stamps, stamp] if stamp.day is not None else stamps


_Parts = list[tuple[str, re.Match[str]]]


@lru_cache(maxsize=256)  # each line of an article's head is asked about from several sides
def _parts(line: str) -> tuple[str, _Parts]:
    """The author whom a line names and its parts, if it is made up of nothing else; none for any other line."""
    line = nfc(line).strip()
    if not _may_be_parts(line):
        return "", []
    if parts := _only_parts(line):
        return "", parts
    posted = _BY.search(line)
    if posted is not None and (parts := _only_parts(line[: posted.start()])):
        name = posted["name"]
        return (name, parts) if author_of(name) or _OFFICE.fullmatch(name) else ("", [])
    for between in _BETWEEN.finditer(line):
        for name, rest in (
            (line[: between.start()], line[between.end() :]),
            (line[between.end() :], line[: between.start()]),
        ):
            if author_of(name) and (parts := _only_parts(rest)):
                return author_of(name), parts
    return "", []


def _may_be_parts(line: str) -> bool:
    """Whether a line is short enough for one of dates and counts, and has a figure: most lines have not."""
    return len(line) <= _LONGEST and _FIGURE.search(line) is not None


def _only_parts(line: str) -> _Parts:
    parts: _Parts = []
    place = 0
    while place < len(line):
        tried = ((kind, pattern.match(line, place)) for kind, pattern in _PARTS)
        part = next(((kind, found) for kind, found in tried if found), None)
        if part is None:
            return []
        parts.append(part)
        place = part[1].end()
    return parts


def _day(found: re.Match[str]) -> tuple[int, int, int]:
    """Year, month, day."""
    year, month = int(found["year"]), " ".join(found["month"].lower().split())
    number = int(month) if month.isdecimal() else _MONTHS.get(month) or _ENGLISH_MONTHS.index(month) + 1
    return year if year > 99 else 2000 + year, number, int(found["day"])


def _clock(found: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute, second."""
    hour, half = int(found["hour"]), (found["half"] or "").lower()
    if half[:1] == "p" or half in ("ch", "chiều", "tối"):
        hour += 12 if hour < 12 else 0
    elif half in ("sa", "am", "a.m", "a.m.") and hour == 12:
        hour = 0
    return hour, int(found["minute"] or found["past"] or 0), int(found["second"] or 0)


def _zone(found: re.Match[str]) -> timezone:
    """A time zone by its offset (`GMT+7`, `+07:00`); Vietnam's where it is named."""
    offset = re.sub(r"[\s:]", "", found["offset"] or found["plain"] or "")
    if not offset:
        abroad = found["utc"] or found[0][:3].lower() in ("gmt", "utc")
        return timezone.utc if abroad else VIETNAM
    hours, minutes = (offset[1:], "0") if len(offset) <= 3 else (offset[1:-2], offset[-2:])
    ahead = timedelta(hours=min(int(hours), 14), minutes=min(int(minutes), 59))
    return timezone(-ahead if offset[0] == "-" else ahead)
