"""Numbers as they are said in Vietnamese: the usual way, and the other ways that people use, in the North and South."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

Syllables = tuple[str, ...]
Ways = tuple[Syllables, ...]

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu")
_SCALES = (*_GROUPS, "tỷ")
_ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})")
_DOTTED = re.compile(r"(\d{1,3}(?:\.\d{3})+)(?:,(\d+))?")
_ENGLISH = re.compile(r"(\d{1,3}(?:,\d{3})+)(?:\.(\d+))?")
_DECIMAL = re.compile(r"(\d+)([.,])(\d+)")
#: More ways than this for one word are not worth trying, nor more than that for one number in it.
_MOST_WAYS, _MOST_OF_NUMBER = 48, 24
#: While the ways of parts are joined, so many beginnings are kept.
_MOST_BEGINNINGS = 128
#: A longer number is a code, and so is one with several marks and this many digits: said digit by digit.
_LONGEST, _PHONE = 18, 8


#: All syllables that numbers are said with.
_SAID = frozenset(
    (*_DIGITS, *_SCALES[1:], *"mười mươi mốt tư lăm nhăm linh lẻ trăm ngàn tỉ rưỡi phẩy phần chấm".split())
)


def is_number(said: Syllables) -> bool:
    """Whether some syllables may be a number: there are some, and numbers are said with all of them.

    >>> is_number(("hai", "mươi")), is_number(("hai", "ngày")), is_number(())
    (True, False, False)
    """
    return bool(said) and _SAID.issuperset(said)


def number(digits: str) -> list[str]:
    """A number as it is usually said. `.` groups thousands and `,` is the decimal mark, as Vietnamese prints them.

    >>> " ".join(number("12.000")), " ".join(number("46,3")), " ".join(number("2021"))
    ('mười hai nghìn', 'bốn mươi sáu phẩy ba', 'hai nghìn không trăm hai mươi mốt')
    """
    return list(number_ways(digits)[0])


def number_ways(digits: str) -> Ways:
    """The ways in which a number is said, the usual one first: `27` is hai mươi bảy, and hai bảy.

    `digits` are digits with `.` and `,` between them in any order; English grouping (`1,234.50`) is understood too.

    >>> [" ".join(way) for way in number_ways("24")]
    ['hai mươi bốn', 'hai bốn', 'hai mươi tư', 'hai tư']
    >>> ("hai", "không", "hai", "mốt") in number_ways("2021")
    True
    """
    plain = re.sub(r"[.,]", "", digits)
    if len(plain) > _LONGEST:
        return (_spelt(plain),)
    if plain == digits:
        return _whole_ways(digits)
    return first_ways(_marked_ways(digits, plain))[:_MOST_OF_NUMBER]


def group_ways(digits: str, power: int, *, first: bool) -> Ways:
    """The ways of one group of a number whose thousands stand apart (`1 200 000`); `power` groups follow it.

    >>> " ".join(group_ways("1", 2, first=True)[0]), " ".join(group_ways("205", 1, first=False)[0])
    ('một triệu', 'hai trăm linh năm nghìn')
    """
    if int(digits) == 0:
        return ((),)
    usual = (*_hundreds(digits, inner=not first), *((_SCALES[power],) if power else ()))
    ways = [(0, usual)]
    for change in _CHANGES:
        ways += [(changes + 1, other) for changes, way in ways if (other := change(way)) != way]
    return first_ways(way for _, way in sorted(ways, key=lambda item: item[0]))[:_MOST_OF_NUMBER]


def spelt(digits: str) -> Ways:
    """Digit by digit, as a telephone number; four as bốn or tư.

    >>> [" ".join(way) for way in spelt("084")]
    ['không tám bốn', 'không tám tư']
    """
    plain = _spelt(digits)
    return first_ways([plain, _with_tu(plain)])


def first_ways(ways: Iterable[Syllables]) -> Ways:
    """Each way once, in order, not more than are worth trying."""
    return tuple(dict.fromkeys(ways))[:_MOST_WAYS]


def joined_ways(parts: Iterable[Ways]) -> Ways:
    """The ways of a row of parts, each of which is said in one of its ways; the usual way of all comes first.

    A speaker keeps to one way of saying numbers, so that the same rank in two parts counts once.

    >>> [" ".join(way) for way in joined_ways([(("một",), ("1",)), (("hai",), ("2",))])]
    ['một hai', '1 2', 'một 2', '1 hai']
    """
    begun: list[tuple[frozenset[int], Syllables]] = [(frozenset(), ())]
    for part in parts:
        if len(part) == 1:
            begun = [(ranks, way + part[0]) for ranks, way in begun]
            continue
        longer = [(ranks | {i}, way + one) for ranks, way in begun for i, one in enumerate(part)]
        begun = sorted(longer, key=lambda item: (sum(item[0]), len(item[0] - {0}), 0 in item[0] and len(item[0]) > 1))
        begun = begun[:_MOST_BEGINNINGS]
    return first_ways(way for _, way in begun)


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


def _marked_ways(digits: str, plain: str) -> Iterable[Syllables]:
    """The ways of a number with marks in it, by all that the marks may mean."""
    if (found := _DOTTED.fullmatch(digits)) and digits[0] != "0":
        yield from _with_decimals(found[1].replace(".", ""), "phẩy", found[2])
        if len(digits) == len("1.085") and (rate := _DECIMAL.fullmatch(digits)):
            yield from _decimal_ways(rate)  # a rate of exchange, the English way
        return
    grouped = _ENGLISH.fullmatch(digits)
    if grouped and digits[0] != "0":
        yield from _with_decimals(grouped[1].replace(",", ""), "phẩy", grouped[2])
    if found := _DECIMAL.fullmatch(digits):
        yield from _decimal_ways(found)
    elif not grouped:
        parts = _in_parts(digits)
        yield from (_spelt(plain), *parts) if len(plain) >= _PHONE else (*parts, _spelt(plain))


def _decimal_ways(found: re.Match[str]) -> Iterable[Syllables]:
    """The ways of a match of `_DECIMAL`.

    `4.0` is an edition (bốn chấm không), but with more behind the point it is a fraction written the English way.
    """
    whole, written, decimals = found.groups()
    marks = ("phẩy",) if written == "," else ("chấm", "phẩy") if len(decimals) == 1 else ("phẩy", "chấm")
    for mark in marks:
        yield from _with_decimals(whole, mark, decimals)
    if short := decimals.rstrip("0"):
        if short != decimals:
            yield from _with_decimals(whole, marks[0], short)
    else:
        yield from _whole_ways(whole, code=False)


def _with_decimals(whole: str, mark: str, decimals: str | None) -> Ways:
    if not decimals:
        return _whole_ways(whole, code=False)
    said: Ways = (_spelt(decimals),)
    if decimals[0] != "0":
        counted = _whole_ways(decimals, code=False)
        said = first_ways([*counted, *said] if len(decimals) <= 2 else [*said, *counted])
    return joined_ways([_whole_ways(whole, code=False), ((mark,),), said])


def _in_parts(digits: str) -> Ways:
    """Part by part with the marks between: an address, the number of a chapter."""
    parts = re.split(r"([.,])", digits)
    # `tổ 1,2,3` is a list.
    marks: dict[str, Ways] = {".": (("chấm",), ()), ",": ((), ("phẩy",)) if digits.count(",") > 1 else (("phẩy",), ())}
    return joined_ways(marks.get(part) or _whole_ways(part)[:2] for part in parts)


def _whole_ways(digits: str, *, code: bool = True) -> Ways:
    """The ways of a number without marks; as a year or a code too, unless it is a part of one with marks."""
    if len(digits) == 2 and digits[0] == "0" != digits[1]:
        return (*_whole_ways(digits[1]), _spelt(digits))  # papers write `05 xã`
    if len(digits) > _LONGEST or (len(digits) > 1 and digits[0] == "0"):
        return (_spelt(digits),)
    usual = tuple(_integer(digits))
    ways = [(0, usual)]
    for change in _CHANGES:
        ways += [(changes + 1, other) for changes, way in ways if (other := change(way)) != way]
    ways.sort(key=lambda item: item[0])
    near, far = [way for n, way in ways if n <= 1], [way for n, way in ways if n > 1]
    years = year_styles(digits)[1:] if code and re.fullmatch(r"[12]\d{3}", digits) else ()
    short = [*_short(int(digits), usual), *_with_chuc(usual)]
    return first_ways([*near, *years, *short, *far, *_codes(digits, code)])[:_MOST_OF_NUMBER]


def _codes(digits: str, code: bool) -> Iterable[Syllables]:
    """Digit by digit, and the last two as a number."""
    if code and len(digits) > 2:
        yield _spelt(digits)
        yield (*_spelt(digits[:-2]), *_without_tens(tuple(_integer(digits[-2:]))))


def _spelt(digits: str) -> Syllables:
    return tuple(_DIGITS[int(d)] for d in digits)


def _integer(digits: str) -> list[str]:
    if len(digits) > 1 and digits[0] == "0":
        return list(_spelt(digits))
    if int(digits) == 0:
        return ["không"]
    if len(digits) > 9:
        # Nghìn tỷ, triệu tỷ: billions are counted again from one.
        return [*_integer(digits[:-9]), "tỷ", *_below_billion(digits[-9:], inner=True)]
    return _below_billion(digits, inner=False)


def _below_billion(digits: str, *, inner: bool) -> list[str]:
    groups = []
    while digits:
        groups.append(digits[-3:])
        digits = digits[:-3]
    said: list[str] = []
    for power in range(len(groups) - 1, -1, -1):
        group = groups[power]
        if int(group) == 0:
            continue
        said += _hundreds(group, inner=inner or bool(said))
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


def year_styles(digits: str) -> Ways:
    """A year of four digits in each style, always as many in the same order: in full, cut short, and in two halves.

    >>> [" ".join(way) for way in year_styles("2021")][2:5]
    ['hai nghìn hai mốt', 'hai không hai mốt', 'hai mươi hai mốt']
    """
    usual, first, last = tuple(_integer(digits)), _integer(digits[:2]), _integer(digits[2:])
    short = _with_tu(tuple(s for s in last if s != "mươi" or len(last) == 2))
    small = _without_hundreds(usual)
    halves = (*_spelt(digits[:2]), *short), (*first, *short), (*_spelt(digits[:2]), *last)
    return (usual, small, _without_tens(small), *halves)


def _short(value: int, usual: Syllables) -> Iterable[Syllables]:
    """100 as trăm; 1.200 as một nghìn hai, 2.500.000 as hai triệu rưỡi: the place of the last digit unsaid."""
    if usual[0] == "một" and len(usual) > 1:
        yield usual[1:]
    for base, name in ((10**9, "tỷ"), (10**6, "triệu"), (1000, "nghìn"), (100, "trăm")):
        head, rest = divmod(value, base)
        if 0 < head < (1000 if base > 100 else 10) and rest and rest % (base // 10) == 0:
            digit = rest // (base // 10)
            said = (*_integer(str(head)), name)
            if digit == 5:
                yield from ((*said, "rưỡi"), (*said[head == 1 :], "rưỡi"))
            yield (*said, {1: "mốt", 4: "tư"}.get(digit, _DIGITS[digit]))


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


def _with_chuc(way: Syllables) -> Iterable[Syllables]:
    """Năm mươi nghìn as năm chục nghìn, năm chục ngàn: round tens of thousands, as people count money."""
    if len(way) == 3 and way[1] == "mươi" and not _is_unit(way[2]):
        tens = tuple("chục" if s == "mươi" else s for s in way)
        yield from (tens, _with_ngan(tens))


def _without_hundreds(way: Syllables) -> Syllables:
    """Hai nghìn không trăm hai mươi mốt as hai nghìn hai mươi mốt."""
    drop = {j for i, s in enumerate(way[:-1]) if s == "không" and way[i + 1] == "trăm" for j in (i, i + 1)}
    return tuple(s for i, s in enumerate(way) if i not in drop)


def _with_nham(way: Syllables) -> Syllables:
    """Hai mươi lăm as hai mươi nhăm, a northern way."""
    return tuple("nhăm" if s == "lăm" and i and way[i - 1] != "mười" else s for i, s in enumerate(way))


_CHANGES = (_without_tens, _with_tu, _with_le, _with_ngan, _without_hundreds, _with_nham)


def usual_of(parts: Sequence[Ways]) -> Syllables:
    """A row of parts, each said in its usual way."""
    return tuple(syllable for part in parts for syllable in part[0])
