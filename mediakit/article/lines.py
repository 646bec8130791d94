"""What a line of a newspaper page is, by its own look: date, view count, attachment, photo caption, author."""

from __future__ import annotations

import re

from mediakit.article.attachment_lines import attachment_of, attachments_of
from mediakit.article.bylines import (
    author_of,
    has_author_label,
    is_author,
    is_byline,
    is_note,
    is_other_credit,
    is_person,
)
from mediakit.article.dates import (
    VIETNAM,
    byline_of,
    first_published,
    is_clock_line,
    is_crawl_line,
    is_views_line,
    published_of,
)
from mediakit.article.document import Photo
from mediakit.vietnamese.normal import fold, nfc

__all__ = [
    "VIETNAM",
    "attachment_of",
    "attachments_of",
    "author_of",
    "byline_of",
    "first_published",
    "is_author",
    "is_byline",
    "is_clock_line",
    "is_crawl_line",
    "is_note",
    "is_other_credit",
    "is_person",
    "is_views_line",
    "photo_of",
    "published_of",
]

_CREDIT = re.compile(
    # Ảnh: Hoài An. (Ảnh: TTXVN), - Nguồn ảnh: AFP, Đồ họa/Tuấn Anh; lower case only behind a bracket or a dash.
    r"(?:(?:^|(?<=[\s.!?…)”\"|]))(?P<apart>[-–—|(\[]\s*)|^|(?<=[\s.!?…)”\"|]))"
    r"(?P<kind>(?:nguồn\s+|thiết kế\s+)?(?:ảnh|hình(?: ảnh)?|đồ họa|minh họa|infographic|photo)"
    r"(?P<which>\s+(?:tư liệu|minh họa|cắt từ (?:clip|video)|chụp màn hình|bìa|internet|chụp|do))?"
    r"(?:\s*(?:,|và|-|/)\s*(?:ảnh|clip|video|đồ họa|thiết kế))?)"
    r"\s*(?P<mark>[:：/])?\s*(?P<who>(?:[^.:：]|(?<=[A-ZĐ])\.|\.(?=\w)){0,60}?)\s*[)\]]?\.?$",
    re.IGNORECASE,
)
#: Whose photo it is where nobody is named, and what may follow without a colon.
_NOBODY = re.compile(
    r"(?:ảnh |hình )?(?:minh họa|tư liệu|internet|(?:cắt|chụp) .+|sưu tầm|nhân vật.*|gia đình.*|cơ quan.*|st|nvcc|fbnv"
    r"|do .+ cung cấp|bạn đọc.*|độc giả.*|tác giả.*|weibo|facebook|naver|[\w ]+ cung cấp)",
    re.IGNORECASE,
)
_CREDIT_WORDS = 10


def photo_of(line: str) -> Photo | None:
    """The photo caption that a line is, known by its credit at the end (`Ảnh: Thành Tâm`), or None.

    A credit is a word for a picture with a name behind it, at the beginning of the line or behind a full stop, a dash
    or a bracket. A sentence that speaks of pictures has other words there.

    >>> photo_of("Toàn cảnh buổi họp (Ảnh: Hoài An).")
    Photo(caption='Toàn cảnh buổi họp', credit='Hoài An')
    >>> photo_of("Bà nói về ba bức ảnh: một về biển, một về núi")
    """
    line = nfc(line).strip()
    found = _CREDIT.search(line)
    if found is None or has_author_label(line) or not _is_credit(found):
        return None
    who = found["who"].strip() or (found["which"] or "").strip()
    who += ")" * (who.count("(") - who.count(")"))
    return Photo(line[: found.start()].rstrip(" -–—|([").strip(), who)


def _is_credit(found: re.Match[str]) -> bool:
    """Whether what looks like a credit is one: a name, or what stands for nobody's."""
    who, kind, apart = found["who"].strip(), found["kind"], found["apart"] is not None
    if (kind.islower() and not apart) or who.count(")") > who.count("("):
        return False
    nobody = _NOBODY.fullmatch(fold(who)) is not None or (not who and found["which"] is not None)
    words = len(who.split())
    if found["mark"] is None:
        # Ảnh minh họa, (Ảnh TTXVN).
        return nobody or (apart and words == 1 and who.isupper())
    if nobody or who[:1].isupper() or who[:1].isdecimal() or who[:1] == "@":
        return 0 < words <= _CREDIT_WORDS
    return 0 < words <= 4 and "," not in who
