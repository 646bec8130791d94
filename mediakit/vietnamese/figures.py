"""Printed figures as they are said: dates, months, times of day, ranges, scores, fractions, numbers of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mediakit.vietnamese.abbreviations import ABBREVIATIONS
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import Ways, first_ways, joined_ways, number_ways, roman, year_styles
from mediakit.vietnamese.pieces import TO, expansions, letters_of, pieces, spelt_out
from mediakit.vietnamese.syllables import parse

_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_MONTH = re.compile(r"(\d{1,2})[/.-]([12]\d{3})")
_QUARTER = re.compile(r"([IVX]+)[/-]([12]\d{3})")
_CLOCK = re.compile(
    r"(\d{1,2})(?:(?::|[hH]|giờ)(?P<minute>\d{2})|g(?P<short>\d{2})|[hH]|giờ)(?::(?P<second>\d{2})|phút|ph|p)?"
)
_SIDE = r"(?:\d[\d.,/:]*(?:[^\W\d_A-ZĐ]{1,4}\d{0,2})?%?|[IVXL]+)"
_SPAN = re.compile(rf"({_SIDE})[-–—÷]({_SIDE})")
_SHARE = re.compile(r"(\d{1,4})/(\d{1,4})")
_DOCUMENT = re.compile(r"(\d{1,5}[a-z]?)(?:/([12]\d{3}))?[/-]((?:[A-ZĐƯ][A-ZĐƯ&]\w{0,10}[/-]?){1,6})")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


DAY_WORDS = _words("ngày sáng trưa chiều tối đêm hôm mồng mùng")
#: Words before and after a number by which one tells how it is said; others make no difference.
_FRACTION_BEFORE = _words("hơn gần khoảng chiếm trên quá bằng tới đạt còn nhất giảm tăng")
_FRACTION_AFTER = _words("số tổng diện dân đại quãng lượng thời chặng giá mức chiều sức")
_OUT_OF_AFTER = _words(
    "xã huyện chỉ tiêu hộ đại thành tỉnh phường thôn đơn cơ trường điểm người doanh phiếu sở ngành dự bàn bản ủy"
)
_SCORE_BEFORE = _words("số thắng thua hòa dẫn hạ bại")
_ORDINAL = _words("thứ tháng quý giờ")
#: Before these a Roman numeral is one even in a heading in capitals.
_NUMBERED = _words("thứ kỷ khóa hội quý lần kỳ chương phần điều mục cấp loại hạng khu vực đoạn tập")
HALVES = _words("tỷ tỉ triệu nghìn ngàn tấn tạ năm tháng giờ ngày lần héc ha")
TELLING = DAY_WORDS | _FRACTION_BEFORE | _FRACTION_AFTER | _OUT_OF_AFTER | _SCORE_BEFORE | _NUMBERED | HALVES
TELLING |= _ORDINAL | {"độ", "phút", "°"}


@dataclass(frozen=True, slots=True)
class Around:
    """What tells how a word is said: the words beside it, folded, and whether it stands in a heading in capitals."""

    before: str = ""
    after: str = ""
    capitals: bool = False


def figure_ways(core: str, around: Around) -> Ways:
    """The ways of a word that is a figure; empty for any other."""
    for said in (_roman, _count, _share_in_context, _date, _month, _clock, _span, _share, _document):
        if ways := said(core, around):
            return ways
    return ()


def between_numbers(around: Around) -> Ways:
    """A dash that stands alone: `2021 – 2025`, `2 - 1`, `Hà Nội – Huế`."""
    before, after = (_value(text) for text in (around.before, around.after))
    if before is not None and after is not None:
        return _to(before, after, around)
    figures = [text for text in (around.before, around.after) if any(c.isdecimal() for c in text)]
    return TO if len(figures) == 2 else ((), ("đến",), ("tới",)) if figures else ((),)


def _value(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else roman(text)


def _to(before: int, after: int, around: Around) -> Ways:
    """The dash of a range, or of a score: what falls is no range."""
    score = before >= after or around.before in _SCORE_BEFORE
    return ((), ("đến",), ("tới",), ("trừ",)) if score else TO


def _roman(core: str, around: Around) -> Ways:
    value = roman(core)
    if value is None:
        return ()
    ways = _numbered(str(value), around)
    if around.capitals and around.before not in _NUMBERED and (parse(core) is not None or len(core) == 1):
        return first_ways([(core,), *ways])
    others = [(core,)] if parse(core) is not None else []
    return first_ways([*ways, *(spelt_out(core) if len(core) == 1 else others)])


def _count(core: str, around: Around) -> Ways:
    """A plain number where a word beside it tells more: `thứ 4`, `tháng 4`, `ngày 9`, `14 giờ 30`, `1,5 tỷ`."""
    if core.isdecimal() and len(core) <= 2:
        return _numbered(core, around)
    if re.fullmatch(r"\d{1,3}[.,]\d", core) and around.after in HALVES:
        half = number_ways(core[:-2]) if core[-1] == "5" else ()
        return first_ways([*number_ways(core.replace(".", ",")), *half, *number_ways(core)])
    return ()


def _numbered(digits: str, around: Around) -> Ways:
    """A number of one or two digits behind the word that it numbers."""
    value, ways, before = int(digits), number_ways(digits), around.before
    if before in ("thứ", "tháng", "quý") and value == 4:
        return first_ways([("tư",), *ways])
    if before == "thứ" and value == 1:
        return first_ways([("nhất",), *ways])
    if before == "tháng" and value in (1, 12):
        return first_ways([*ways, ("giêng",) if value == 1 else ("chạp",)])
    if before in DAY_WORDS and 1 <= value <= 10:
        return first_ways([*ways, *_first_ten(ways)])
    if before == "giờ":
        return ways if around.after == "phút" else _minutes(digits)
    return ways


def _first_ten(ways: Ways) -> Ways:
    return tuple((mark, *way) for mark in ("mồng", "mùng") for way in ways[:2])


def _minutes(digits: str) -> Ways:
    ways = number_ways(digits)
    half = (("rưỡi",),) if int(digits) == 30 else ()
    return first_ways([*ways, *((*way, "phút") for way in ways), *half])


def _date(core: str, around: Around) -> Ways:
    """`9/6`: chín tháng sáu, mồng chín tháng sáu, ngày chín tháng sáu; where it may be no date, a fraction."""
    found = _DATE.fullmatch(core)
    if not found or not (1 <= int(found[1]) <= 31 and 1 <= int(found[3]) <= 12):
        return ()
    day, mark, month, year = found.groups()
    told = around.before in DAY_WORDS
    if mark != "/" and not told and len(year or "") != 4:
        return ()
    days = number_ways(str(int(day)))
    months = _numbered(str(int(month)), Around("tháng"))
    parts = [(*days, *(_first_ten(days) if int(day) <= 10 else ())), (("tháng",),), months]
    if year:
        parts += [(("năm",),), _year(year)]
    ways = joined_ways(parts)
    if not told:
        ways = first_ways(w for way in ways for w in (way, ("ngày", *way)))
    if mark == "/" and not year and not told:
        return first_ways([*ways[:4], *_share(core, around)[:6], *ways[4:]])
    return ways


def _year(digits: str) -> Ways:
    """The commonest ways of a year in a date."""
    whole = digits if len(digits) == 4 else f"20{digits}"
    short = number_ways(digits)[:2] if len(digits) == 2 else ()
    return first_ways([*number_ways(whole)[:3], *short, *year_styles(whole)])[:8]


def _month(core: str, around: Around) -> Ways:
    """`tháng 6/2021`, `6/2021`, `quý I/2021`."""
    year: Ways = (("năm",), ())
    if found := _QUARTER.fullmatch(core):
        value = roman(found[1])
        return joined_ways([_numbered(str(value), around), year, number_ways(found[2])]) if value else ()
    found = _MONTH.fullmatch(core)
    if not found or not 1 <= int(found[1]) <= 12:
        return ()
    month = _numbered(str(int(found[1])), Around("tháng"))
    named: list[Ways] = [] if around.before == "tháng" else [(("tháng",), ())]
    return joined_ways([*named, month, year, number_ways(found[2])])


def _clock(core: str, around: Around) -> Ways:
    """`18:37`, `8h30`, `8g30`, `7h`, `18:37:56`."""
    found = _CLOCK.fullmatch(core)
    if not found or int(found[1]) > 24:
        return ()
    hours, minute = number_ways(str(int(found[1]))), found["minute"] or found["short"]
    if int(minute or 0) > 59:
        return ()
    ways = joined_ways([hours, (("giờ",),)])
    if minute and int(minute):
        ways = joined_ways([hours, (("giờ",),), _minutes(minute)])
    if found["second"]:
        seconds = number_ways(found["second"])
        exact = joined_ways([ways[:6], ((), ("phút",)), seconds, (("giây",), ())])
        ways = first_ways([*ways[:12], *exact])
    return ways


def _span(core: str, around: Around) -> Ways:
    """`2020-2025`, `10-15%`, `9/6-15/6`, `7h-8h30`, `3-1`, `I-III`."""
    found = _SPAN.fullmatch(core)
    if not found:
        return ()
    before, after = _value(found[1]), _value(found[2])
    dash = _to(before, after, around) if before is not None and after is not None else TO
    left, right = replace(around, after=""), replace(around, before="")
    # Tháng 6-8: sáu đến tám, sáu đến tháng tám.
    repeats = around.before in ("tháng", "thứ", "quý") and "/" not in found[2]
    again: list[Ways] = [((), (around.before,))] if repeats else []
    ways = joined_ways([_side(found[1], left), dash, *again, _side(found[2], right)])
    draw = [(*way, "đều") for way in number_ways(str(before))[:1]] if before is not None and before == after else []
    return first_ways([*ways[:6], *draw, *_years(found[1], dash, found[2]), *ways[6:]])


def _years(first: str, dash: Ways, last: str) -> Ways:
    """Two years, both in one style."""
    if not all(re.fullmatch(r"[12]\d{3}", year) for year in (first, last)):
        return ()
    styles = zip(year_styles(first), year_styles(last), strict=True)
    return tuple(before + to + after for before, after in styles for to in dash[:2])


def _side(text: str, around: Around) -> Ways:
    value = roman(text)
    return _numbered(str(value), around) if value is not None else figure_ways(text, around) or pieces(text)


def _share_in_context(core: str, around: Around) -> Ways:
    """A fraction or so many out of so many, where a word beside it says that it is no date."""
    found = _SHARE.fullmatch(core)
    if not found or around.before in DAY_WORDS or int(found[1]) > int(found[2]):
        return ()
    if around.after in _OUT_OF_AFTER:
        return _share(core, around)
    less = int(found[1]) < int(found[2]) <= 10
    return _share(core, around) if less and _is_fraction(around) else ()


def _is_fraction(around: Around) -> bool:
    return around.before in _FRACTION_BEFORE or around.after in _FRACTION_AFTER


def _share(core: str, around: Around) -> Ways:
    """`2/3`: hai phần ba, hai trên ba; `28/2021` is a number of a year."""
    found = _SHARE.fullmatch(core)
    if not found:
        return ()
    part, whole = found.groups()
    if re.fullmatch(r"[12]\d{3}", whole):
        return joined_ways([number_ways(part), ((), ("năm",), ("trên",), ("gạch", "chéo")), number_ways(whole)])
    wholes = _numbered(whole, Around("thứ")) if whole == "4" else number_ways(whole)
    phan = list(joined_ways([number_ways(part), (("phần",),), wholes]))
    if core == "1/2":
        phan[1:1] = [("một", "nửa"), ("nửa",)]
    tren = joined_ways([number_ways(part), (("trên",), ()), number_ways(whole)])
    many = around.after in _OUT_OF_AFTER or int(whole) > 10 or int(part) >= int(whole)
    return first_ways([*tren, *phan] if many else [*phan[:8], *tren, *phan[8:]])


def _document(core: str, around: Around) -> Ways:
    """`28/QĐ-UBND`, `15/2020/NĐ-CP`, `11-NQ/TW`: with the issuer in full, as a number alone, or letter by letter."""
    found = _DOCUMENT.fullmatch(core)
    if not found:
        return ()
    marks = re.findall(r"\w+", found[3])
    number = number_ways(found[1]) if found[1].isdecimal() else pieces(found[1])
    if found[2]:
        number = joined_ways([number, (("năm",), ("trên",), ()), number_ways(found[2])])
    full = tuple(s for mark in marks for s in _expanded(mark))
    spelt = tuple(s for mark in marks for s in letters_of(mark))
    mixed = (*letters_of(marks[0]), *(s for mark in marks[1:] for s in _expanded(mark)))
    ends: Ways = (full, (), mixed, spelt, ("trên", *mixed), ("gạch", *spelt), ("gạch", "chéo", *mixed))
    return first_ways(joined_ways([number[:6], ends]))


def _expanded(mark: str) -> tuple[str, ...]:
    known = ABBREVIATIONS.get(fold(mark))
    if known:
        return expansions(known)[0]
    return pieces(mark)[0]
