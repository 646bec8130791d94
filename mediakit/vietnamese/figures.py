"""Printed figures as they are said: dates, months, times of day, ranges, scores, fractions, numbers of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from mediakit.vietnamese.abbreviations import ABBREVIATIONS, SUFFIX_UNITS
from mediakit.vietnamese.digit_rows import Row, row_ways
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import (
    Syllables,
    Ways,
    first_ways,
    joined_ways,
    number_ways,
    roman,
    spelt,
    year_styles,
)
from mediakit.vietnamese.pieces import NUMBER, TO, expansions, letters_of, pieces, spelt_out
from mediakit.vietnamese.syllables import parse

_DATE = re.compile(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}|\d{2}))?")
_MONTH = re.compile(r"(\d{1,2})[/.-]([12]\d{3})")
_QUARTER = re.compile(r"(?P<named>Q)?(?P<quarter>[IVX]+|(?<=Q)[1-4])[/-](?P<year>[12]\d{3})")
_RATIO = re.compile(r"(\d{1,4}):(\d{1,4}|\d{1,3}(?:\.\d{3})+)")
_CLOCK = re.compile(
    r"(\d{1,2})(?:(?::|[hH]|giờ)(?P<minute>\d{2})|g(?P<short>\d{2})|[hH]|giờ)(?::(?P<second>\d{2})|phút|ph|p)?"
)
_SIDE = r"(?:\d[\d.,/:]*(?:[^\W\d_A-ZĐ]{1,4}\d{0,2})?%?|[IVXL]+)"
_HALF_UNIT = re.compile(r"(\d{1,3})[.,]5(°)C?")
_MEASURE = re.compile(r"(\d{1,2})[.,](\d{1,2})(m|kg)")
#: Telephone numbers, and the numbers of cars.
_PHONE = re.compile(r"0\d{1,3}(?:[.-]\d{2,4}){1,4}|0\d{8,10}|1[89]00[.-]?\d{4,6}|\d{4}-\d{3}-\d{3}")
_PLATE = re.compile(r"(\d{2})([A-ZĐ]{1,2})(\d?)-(\d{3}\.?\d{2}|\d{4})")
_SPAN = re.compile(rf"({_SIDE})[-–—÷]({_SIDE})")
_SHARE = re.compile(r"(\d{1,4})/(\d{1,4}|\d{1,3}(?:\.\d{3})+)")
_DOCUMENT = re.compile(r"(\d{1,5}[a-z]?)(?:/([12]\d{3}))?[/-]((?:[A-ZĐƯ][A-ZĐƯ&]\w{0,10}[/-]?){1,6})")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


#: Before these a number with a year behind it is that of no month: `quý 1/2021`, `số 12/2021`.
_OTHER_THAN_MONTHS = _words("tháng quý số kỳ đợt lần khóa")
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
#: What may be halved (một tỷ rưỡi, nửa tấn), and of it what counts thousands of the next.
HALVES = _words("tỷ tỉ triệu nghìn ngàn tấn tạ năm tháng giờ ngày lần héc ha km kg mét lít độ")
SCALES = {"tỷ": "triệu", "tỉ": "triệu", "triệu": "nghìn", "nghìn": "", "ngàn": ""}
TELLING = DAY_WORDS | _FRACTION_BEFORE | _FRACTION_AFTER | _OUT_OF_AFTER | _SCORE_BEFORE | _NUMBERED | HALVES
TELLING |= _ORDINAL | {"độ", "phút", "°", "gấp"}


@dataclass(frozen=True, slots=True)
class Around:
    """What tells how a word is said: the words beside it, folded, a heading in capitals, a row of digits."""

    before: str = ""
    after: str = ""
    capitals: bool = False
    row: Row | None = None


def figure_ways(core: str, around: Around) -> Ways:
    """The ways of a word that is a figure; empty for any other."""
    for said in (
        _in_row,
        _roman,
        _phone,
        _plate,
        _count,
        _measure,
        _share_in_context,
        _date,
        _month,
        _clock,
        _ratio,
        _span,
        _share,
        _document,
    ):
        if ways := said(core, around):
            return ways
    return ()


def _ratio(core: str, around: Around) -> Ways:
    """`1:500`, the scale of a map."""
    found = _RATIO.fullmatch(core)
    if not found:
        return ()
    return joined_ways([number_ways(found[1])[:4], ((), ("trên",), ("phần",), ("chia",)), number_ways(found[2])[:6]])


def _in_row(core: str, around: Around) -> Ways:
    return row_ways(core, around.row) if around.row is not None else ()


def _phone(core: str, around: Around) -> Ways:
    """`0227.3831.234`, `1900 1234`: digit by digit, or part by part."""
    digits = re.sub(r"\D", "", core)
    if not _PHONE.fullmatch(core) or not 8 <= len(digits) <= 11:
        return ()
    parts = joined_ways(number_ways(part)[:2] for part in re.split(r"[.-]", core))
    return first_ways([*spelt(digits), *parts[:12], *number_ways(core.replace("-", ""))[:4]])


def _plate(core: str, around: Around) -> Ways:
    """`29A-123.45`: the number of a car."""
    found = _PLATE.fullmatch(core)
    if not found:
        return ()
    area, letters, series, number = found.groups()
    behind: list[Ways] = [spelt(series)] if series else []
    whole = number.replace(".", "")
    parts = joined_ways([number_ways(part)[:2] for part in number.split(".")])
    return joined_ways([number_ways(area)[:4], spelt_out(letters)[:2], *behind, first_ways([*spelt(whole), *parts])])


def _measure(core: str, around: Around) -> Ways:
    """`37,5°C`: ba mươi bảy độ rưỡi; `1,65m`: một mét sáu lăm."""
    if found := _HALF_UNIT.fullmatch(core):
        return first_ways([*pieces(core), *joined_ways([number_ways(found[1])[:4], (("độ", "rưỡi"),)])])
    if found := _MEASURE.fullmatch(core):
        whole, part, unit = found.groups()
        units = expansions(SUFFIX_UNITS[unit])[:3]
        apart = joined_ways([number_ways(whole)[:1], units, first_ways([*number_ways(part), *spelt(part)])])
        return first_ways([*pieces(core)[:24], *apart])
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
    if (found := re.fullmatch(r"(\d{1,3})[.,](\d{1,3})", core)) and around.after in HALVES:
        whole, part = found.groups()
        # The unit says the rest: một tỷ rưỡi, một tỷ hai trăm triệu, tỷ rưỡi.
        short = [*number_ways(whole)[:6]] if part == "5" or around.after in SCALES else []
        short += [()] if (whole, part) == ("1", "5") else []
        short += [("nửa",)] if (whole, part) == ("0", "5") else []
        short += [("rưỡi",)] if around.after == "lần" and (whole, part) == ("1", "5") else []
        decimal = core.replace(".", ",") if len(part) < 3 else core
        return first_ways([*number_ways(decimal)[:12], *short, *number_ways(core)])
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
        quarter = found["quarter"]
        value = int(quarter) if quarter.isdecimal() else roman(quarter)
        named: list[Ways] = [(("quý",),)] if found["named"] else []
        return joined_ways([*named, _numbered(str(value), around), year, number_ways(found["year"])]) if value else ()
    found = _MONTH.fullmatch(core)
    if not found or not 1 <= int(found[1]) <= 12 or ("." in core and not re.fullmatch("19..|20..", found[2])):
        return ()  # 1.1200 is no month
    month = _numbered(str(int(found[1])), Around("tháng"))
    named = [] if around.before in _OTHER_THAN_MONTHS else [(("tháng",), ())]
    ways = joined_ways([*named, month, year, number_ways(found[2])])
    if "." not in core:
        return ways
    rate = around.before in ("giá", "mức")
    return first_ways([*number_ways(core)[:12], *ways] if rate else [*ways[:36], *number_ways(core)])


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
    both = (*_unit_twice(found[1], found[2], dash, around), *_round_pair(found[1], found[2]))
    ways = first_ways([*ways[:24], *both, *_date(core, Around("ngày"))[:8], *ways[24:]])
    draw = [(*way, "đều") for way in number_ways(str(before))[:1]] if before is not None and before == after else []
    return first_ways([*ways[:6], *draw, *_years(found[1], dash, found[2]), *ways[6:]])


def _unit_twice(first: str, last: str, dash: Ways, around: Around) -> Ways:
    """`5-7%`: năm phần trăm đến bảy phần trăm; `1,5-2 tỷ`: một tỷ rưỡi đến hai tỷ."""
    if not (NUMBER.fullmatch(first) and NUMBER.match(last)):
        return ()
    unit: Ways = (("phần", "trăm"),) if last[-1] == "%" else ((around.after,),) if around.after in SCALES else ()
    sides = [*joined_ways([number_ways(first)[:2], unit])] if unit else []
    if re.fullmatch(r"\d{1,3}[.,]5", first) and around.after in HALVES:
        sides += [(*number_ways(first[:-2])[0], *way) for way in (("rưỡi",), (around.after, "rưỡi"))]
    return joined_ways([tuple(sides), dash[:2], _side(last, replace(around, before=""))[:2]]) if sides else ()


def _round_pair(first: str, last: str) -> Ways:
    """`30-40`: ba bốn mươi; `20.000-30.000`: hai ba mươi nghìn, hai mươi đến ba mươi nghìn."""
    plain = [re.sub(r"\.(?=\d{3}(?!\d))", "", text) for text in (first, last)]
    if not all(re.fullmatch(r"[1-9]\d{1,9}", text) for text in plain) or len(plain[0]) > len(plain[1]):
        return ()
    left, right = (number_ways(text)[0] for text in plain)
    found: list[Syllables] = []
    if all(set(text[1:]) == {"0"} for text in plain) and len(plain[0]) == len(plain[1]):
        found += [number_ways(plain[0][0])[0] + right]
    if left[-1] == right[-1] and left[-1] in SCALES:
        found += [left[:-1] + way + right for way in (("đến",), ())]
    return first_ways([*found, *(tuple("ngàn" if s == "nghìn" else s for s in way) for way in found)])


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
    if not found or around.before in DAY_WORDS or int(found[1]) > int(found[2].replace(".", "")):
        return ()
    if around.after in _OUT_OF_AFTER:
        return _share(core, around)
    less = int(found[1]) < int(found[2].replace(".", "")) <= 10
    return _share(core, around) if less and _is_fraction(around) else ()


def _is_fraction(around: Around) -> bool:
    return around.before in _FRACTION_BEFORE or around.after in _FRACTION_AFTER


def _share(core: str, around: Around) -> Ways:
    """`2/3`: hai phần ba, hai trên ba; `28/2021` is a number of a year."""
    found = _SHARE.fullmatch(core)
    if not found:
        return ()
    part, whole = found[1], found[2].replace(".", "")
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
        number = joined_ways([number[:2], (("năm",), (), ("trên",)), number_ways(found[2])[:3]])
    full = tuple(s for mark in marks for s in _expanded(mark))
    spelt = tuple(s for mark in marks for s in letters_of(mark))
    mixed = (*letters_of(marks[0]), *(s for mark in marks[1:] for s in _expanded(mark)))
    ends: Ways = (full, (), mixed, spelt, ("trên", *mixed), ("gạch", *spelt), ("gạch", "chéo", *mixed))
    return first_ways(joined_ways([number[:9], ends]))


def _expanded(mark: str) -> tuple[str, ...]:
    known = ABBREVIATIONS.get(fold(mark))
    if known:
        return expansions(known)[0]
    return pieces(mark)[0]
