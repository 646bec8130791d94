"""Numbers as they are said in Vietnamese: the usual way, and the other ways that people use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product

Syllables = tuple[str, ...]

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})")
#: More ways than this for one word are not worth trying.
_MOST_WAYS = 96


def number(digits: str) -> list[str]:
    """A number as it is usually said. `.` groups thousands and `,` is the decimal mark, as Vietnamese prints them.

    >>> " ".join(number("12.000")), " ".join(number("46,3")), " ".join(number("2021"))
    ('mười hai nghìn', 'bốn mươi sáu phẩy ba', 'hai nghìn không trăm hai mươi mốt')
    """
    whole, mark, rest = digits.partition(",")
    if mark and re.fullmatch(r"\d{3}(,\d{3})*", rest) and "." not in whole and len(whole) <= 3 and whole != "0":
        return number(whole + rest.replace(",", ""))  # 4,455: grouped the English way
    if "." in whole and not re.fullmatch(r"\d{1,3}(\.\d{3})+", whole):
        head, *tail = whole.split(".")
        return number(head) + [s for part in tail for s in ("chấm", *number(part))]
    said = _integer(whole.replace(".", ""))
    if mark:
        parts = [p for p in rest.split(",") if p]
        said += [s for part in parts for s in ("phẩy", *(_integer(part) if len(part) <= 2 else _spelt(part)))]
    return said


def number_ways(digits: str) -> tuple[Syllables, ...]:
    """The ways in which a number is said, the usual one first: `27` is hai mươi bảy, and hai bảy.

    >>> [" ".join(way) for way in number_ways("24")]
    ['hai mươi bốn', 'hai bốn', 'hai mươi tư', 'hai tư']
    >>> ("hai", "không", "hai", "mốt") in number_ways("2021")
    True
    """
    usual = tuple(number(digits))
    changes = [_without_tens, _with_tu, _with_le, _with_ngan, _without_hundreds]
    ways = [usual]
    for change in changes:
        ways += [change(way) for way in ways]
    if re.fullmatch(r"[12]\d{3}", digits):
        ways += _year_in_halves(digits)
    if digits.isdecimal() and len(digits) > 1:
        ways.append(tuple(_spelt(digits)))
    return first_ways(ways)


def first_ways(ways: Iterable[Syllables]) -> tuple[Syllables, ...]:
    """Each way once, in order, not more than are worth trying."""
    return tuple(dict.fromkeys(ways))[:_MOST_WAYS]


def joined_ways(parts: Iterable[tuple[Syllables, ...]]) -> tuple[Syllables, ...]:
    """The ways of a row of parts, each of which is said in one of its ways; the usual way of all comes first."""
    ways: tuple[Syllables, ...] = ((),)
    for part in parts:
        ways = first_ways(tuple(before + way) for before, way in product(ways, part))
    return ways


def roman(word: str) -> int | None:
    """The value of a Roman numeral up to 89 as articles print it (upper case), else None.

    >>> roman("XX"), roman("IV"), roman("I"), roman("Im")
    (20, 4, 1, None)
    """
    if not (found := _ROMAN.fullmatch(word)):
        return None
    values = {"I": 1, "V": 5, "X": 10, "L": 50}
    total = 0
    for here, after in zip(found[0], found[0][1:] + "I", strict=True):
        total += -values[here] if values[here] < values[after] else values[here]
    return total


def _spelt(digits: str) -> list[str]:
    return [_DIGITS[int(d)] for d in digits]


def _integer(digits: str) -> list[str]:
    if len(digits) > 12 or (len(digits) > 1 and digits[0] == "0"):
        return _spelt(digits)
    if int(digits) == 0:
        return ["không"]
    groups = []
    while digits:
        groups.append(digits[-3:])
        digits = digits[:-3]
    said: list[str] = []
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if int(group) == 0:
            continue
        said += _hundreds(group, inner=bool(said))
        said += [_GROUPS[power]] if power else []
    return said


def _hundreds(group: str, *, inner: bool) -> list[str]:
    hundreds, tens, units = (int(d) for d in group.zfill(3))
    said: list[str] = []
    if hundreds or inner:
        said += [_DIGITS[hundreds], "trăm"]
    if tens == 0:
        if units:
            said += (["linh"] if said else []) + [_DIGITS[units]]
        return said
    said += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units == 1 and tens > 1:
        said.append("mốt")
    elif units == 5:
        said.append("lăm")
    elif units:
        said.append(_DIGITS[units])
    return said


def _year_in_halves(digits: str) -> list[Syllables]:
    """2021 as hai không hai mốt, and as hai mươi hai mốt."""
    first, last = number(digits[:2]), number(digits[2:])
    short = [s for s in last if s != "mươi" or len(last) == 2]
    return [(*_spelt(digits[:2]), *short), (*first, *short), (*_spelt(digits[:2]), *last)]


def _without_tens(way: Syllables) -> Syllables:
    """Hai mươi bảy as hai bảy: `mươi` is left out between two digits."""
    return tuple(s for i, s in enumerate(way) if s != "mươi" or i + 1 == len(way) or not _is_unit(way[i + 1]))


def _is_unit(syllable: str) -> bool:
    return syllable in _DIGITS or syllable in ("mốt", "lăm", "tư")


def _with_tu(way: Syllables) -> Syllables:
    """Bốn after tens as tư."""
    tens = ("hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mươi")
    return tuple("tư" if s == "bốn" and i and way[i - 1] in tens else s for i, s in enumerate(way))


def _with_le(way: Syllables) -> Syllables:
    """Một trăm linh năm as một trăm lẻ năm, the southern way."""
    return tuple("lẻ" if s == "linh" else s for s in way)


def _with_ngan(way: Syllables) -> Syllables:
    """Nghìn as ngàn, the southern way."""
    return tuple("ngàn" if s == "nghìn" else s for s in way)


def _without_hundreds(way: Syllables) -> Syllables:
    """Hai nghìn không trăm hai mươi mốt as hai nghìn hai mươi mốt."""
    drop = {j for i, s in enumerate(way[:-1]) if s == "không" and way[i + 1] == "trăm" for j in (i, i + 1)}
    return tuple(s for i, s in enumerate(way) if i not in drop)
