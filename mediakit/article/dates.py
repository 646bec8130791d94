"""Reads the lines of a newspaper page that say when an article was published, and how often it was seen.

Such a line is made up of the parts of a date and of nothing else: labels, weekday, date, time of day, time zone, counts
of views, and marks between them, in any order; a place may go before it, and who posted it stand anywhere in it. A
sentence with a date in it has other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache

from mediakit.article.bylines import author_of, is_account, is_office, is_person
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
            r"|(?:bài\s+(?:viết\s+)?)?(?:đã\s+|được\s+)*(?:đăng(?:\s+(?:tải|tin|bài))?|xuất\s+bản)"
            r"|được\s+(?:viết|tạo|gửi)|thời\s+gian|posted|published|date",
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
            r"|\s?(?:giờ|h|g)(?:\s?(?P<past>\d{1,2}(?!\d|[-/.]\d))(?:\s?(?:phút|ph|p|'|’))?)?(?![^\W_]))"
            r"(?:\s*(?P<half>[ap]\.?m\.?|sa|ch|sáng|trưa|chiều|tối)(?![^\W_]))?",
        ),
        ("word", r"(?:vào\s+)?(?:ngày|lúc|hồi|on|at)(?![^\W_])|vào(?![^\W_])"),
        ("mark", r"[\s|,;:：\-–—•·()\[\]/🕒🕔⏰\ufe0f]+"),
    )
)
#: Between the author and the date.
_BETWEEN = re.compile(r"\s*[|,•·–—-]\s*")
#: Who posted it, at the end or between other parts.
_BY = re.compile(
    r"(?:^|\s+)(?:(?:bài\s+(?:viết\s+)?)?(?:được\s+|đã\s+)*(?:(?:viết|đăng(?:\s+tải)?|tạo|gửi|cập\s+nhật)\s+)?bởi"
    r"|(?:posted\s+|written\s+)?by|người\s+(?:đăng|viết|gửi)|tác\s+giả)\s*[:：]?\s+(?P<name>[^\d.,:;|]{2,40}?)"
    r"(?=$|\s*[,;|•·–—-]|\s+\(?\d|\s+(?:vào|lúc|ngày|hồi|on|at|thứ|đăng|cập\s+nhật)\s)",
    re.IGNORECASE,
)
_CAPITALISED = r"[A-ZĐÀ-Ỹ][^\W\d_]*"
_PLACE_NAME = (
    rf"(?:(?i:tỉnh|thành\s+phố|tp\.?|thị\s+(?:xã|trấn)|tx\.?|tt\.?|huyện|h\.|quận|q\.|phường|p\.|xã|đảo)\s*)?"
    rf"(?:{_CAPITALISED}(?:[\s-]{_CAPITALISED}){{0,3}}|(?i:(?<=quận\s)|(?<=phường\s))\d{{1,2}})"
)
#: The place that a report or letter is from: `Thái Bình, 09/06/2021`, `(Hà Nội) 09/06/2021`, `Hà Nội ngày 09/06/2021`.
_PLACE = re.compile(
    rf"(?P<place>{_PLACE_NAME}(?:\s*,\s*{_PLACE_NAME}){{0,2}})(?:\s*[,|]\s*|\s+[–—-]\s+)"
    rf"|{_CAPITALISED}(?:\s{_CAPITALISED}){{1,3}}\s+(?=ngày\s)|\((?P<bracketed>{_PLACE_NAME})\)\s*[,–—-]?\s*"
)
_PLACE_AFTER = re.compile(rf"\s*(?:,|[–—|-])\s*{_PLACE_NAME}$")
_BULLETS = " \t▶►•●■◆*>–"
#: A day without its year, as an entry of a live report has.
_DAY_ALONE = re.compile(r"\d{1,2}\s?(?:[-/.]\s?\d{1,2}|tháng\s+\d{1,2})(?![-/.]?\d)", re.IGNORECASE)


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


def is_clock_line(line: str) -> bool:
    """Whether the line is a time of day, as the entries of a live report have, perhaps with a day but without a year.

    >>> is_clock_line("13 giờ 45 phút"), is_clock_line("12:10 12/10"), is_clock_line("12/10"), is_clock_line("9/6/2021")
    (True, True, False, False)
    """
    line = nfc(line).strip(_BULLETS)
    kinds = [kind for kind, _ in _only_parts(line, days=True)] if _may_be_parts(line) else []
    told = set(kinds) - {"mark", "word", "weekday", "zone", "updated", "published", "time", "day"}
    return "time" in kinds and not told and kinds.count("time") <= 2 and kinds.count("day") <= 1


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
    if posted is not None:
        name, parts = posted["name"], _only_parts(f"{line[: posted.start()]} {line[posted.end() :]}".strip())
        if not parts or is_account(name) or " " not in name:
            return (name if is_office(name) else ""), parts
        return (name, parts) if author_of(name) or is_office(name) else ("", [])
    for between in _BETWEEN.finditer(line):
        for name, rest in (
            (line[: between.start()], line[between.end() :]),
            (line[between.end() :], line[: between.start()]),
        ):
            if author_of(name) and (parts := _only_parts(rest)):
                return author_of(name), parts
    return _beside_nothing(line)


def _beside_nothing(line: str) -> tuple[str, _Parts]:
    """As :func:`_parts`, of a line with a place, or with a name that no mark parts from the date and its hour."""
    for place in filter(None, (_PLACE.match(line), _PLACE_AFTER.search(line))):
        parts = _only_parts(line[place.end() :] if place.start() == 0 else line[: place.start()])
        if any(kind == "date" for kind, _ in parts):
            return "", parts
    words = line.split(" ")
    for count in range(min(6, len(words) - 1), 1, -1):
        for name, rest in ((words[:count], words[count:]), (words[-count:], words[:-count])):
            if not is_person(" ".join(name)):
                continue
            parts = _only_parts(" ".join(rest))
            if {"date", "time"} <= {kind for kind, _ in parts}:
                return " ".join(name), parts
    return "", []


def _may_be_parts(line: str) -> bool:
    """Whether a line is short enough for one of dates and counts, and has a figure: most lines have not."""
    return len(line) <= _LONGEST and _FIGURE.search(line) is not None


def _only_parts(line: str, *, days: bool = False) -> _Parts:
    """The parts of a line that is made up of nothing else; with `days`, also of days without a year."""
    parts: _Parts = []
    place = 0
    patterns = (*_PARTS, ("day", _DAY_ALONE)) if days else _PARTS
    while place < len(line):
        tried = ((kind, pattern.match(line, place)) for kind, pattern in patterns)
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
