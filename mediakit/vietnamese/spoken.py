"""How printed words are spoken: numbers, dates, percentages, abbreviations; each printed word as syllables.

The article and the recogniser's text both go through :func:`spoken`, so that `46,3%` on one side and
`bốn mươi sáu phẩy ba phần trăm` on the other meet in the middle.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mediakit.vietnamese.abbreviations import ABBREVIATIONS, LETTERS
from mediakit.vietnamese.normal import fold, nfc
from mediakit.vietnamese.syllables import bare, parse

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS = ("", "nghìn", "triệu", "tỷ")
_ROMAN = re.compile(r"(?=[IVXL])(XL|L?X{0,3})(IX|IV|V?I{0,3})")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+|[&+]|°")


def number(digits: str) -> list[str]:
    """A number as it is said. `.` groups thousands and `,` is the decimal mark, as Vietnamese prints them.

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


_DATE = re.compile(r"(\d{1,2})[/](\d{1,2})(?:[/](\d{4}))?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:h]|giờ)(\d{2})?")


@lru_cache(maxsize=65536)
def spoken(word: str, learnt: tuple[tuple[str, str], ...] = ()) -> tuple[str, ...]:
    """The syllables in which one printed word is said, folded; empty for lone punctuation.

    `learnt` are abbreviations that the article explains, as (folded abbreviation, expansion).

    >>> spoken("9/6,"), spoken("46,3%.")
    (('chín', 'tháng', 'sáu'), ('bốn', 'mươi', 'sáu', 'phẩy', 'ba', 'phần', 'trăm'))
    >>> spoken("(TTTT)"), spoken("–"), spoken("Hòa,")
    (('thông', 'tin', 'và', 'truyền', 'thông'), (), ('hoà',))
    """
    word = nfc(word)
    plain = bare(word)
    known = dict(learnt).get(plain) or ABBREVIATIONS.get(plain)
    if known and (plain not in ("ts", "bs", "gs", "ha", "tp") or word.strip("().,;:").isupper() or plain == "ha"):
        return tuple(fold(s) for s in known.split())
    core = re.sub(r"^[^\w]+|[^\w%]+$", "", word)
    if (value := roman(core)) is not None:
        return tuple(fold(s) for s in number(str(value)))
    if found := _DATE.fullmatch(core):
        day, month, year = found.groups()
        said = [*number(str(int(day))), "tháng", *number(str(int(month)))]
        return tuple(fold(s) for s in said + (["năm", *number(year)] if year else []))
    if found := _CLOCK.fullmatch(core):
        hour, minute = found.groups()
        return tuple(fold(s) for s in [*number(str(int(hour))), "giờ", *(number(str(int(minute))) if minute else [])])
    return tuple(fold(s) for token in _TOKEN.findall(core) for s in _say(token, core))


def _say(token: str, whole: str) -> list[str]:
    if _NUMBER.fullmatch(token):
        return number(token)
    if token == "%":
        return ["phần", "trăm"]
    if token in "&+":
        return ["và"]
    if token == "°":
        return ["độ"]
    unit = ABBREVIATIONS.get(fold(token))
    if unit and token != whole and fold(token) in ("km", "kg", "m2", "ha", "cm", "mm", "tp", "ubnd", "hđnd"):
        return unit.split()
    if token.isupper() and len(token) > 1 and parse(token) is None:
        return [s for letter in token for s in LETTERS.get(letter.lower(), letter.lower()).split()]
    return [token]


_EXPLAINED = re.compile(r"\(([^\W\d_]{2,8})\)")


def explained(text: str) -> tuple[tuple[str, str], ...]:
    """Abbreviations that a text explains: `Sở Thông tin và Truyền thông (TTTT)`, by the initials of the words before.

    >>> explained("Sở Thông tin và Truyền thông (TTTT) và công nghệ thông tin (CNTT)")
    (('tttt', 'thông tin và truyền thông'), ('cntt', 'công nghệ thông tin'))
    """
    text = nfc(text)
    found: dict[str, str] = {}
    for match in _EXPLAINED.finditer(text):
        short = match[1]
        if not short.isupper():
            continue
        words = re.findall(r"[^\W\d_]+", text[: match.start()])[-2 * len(short) :]
        if expansion := _by_initials(fold(short), [fold(w) for w in words]):
            found[fold(short)] = " ".join(expansion)
    return tuple(found.items())


_LINKING = {"và", "của", "về", "các", "là"}


def _by_initials(short: str, words: list[str]) -> list[str]:
    """The shortest run of `words` up to the end whose initials, linking words aside, spell `short`."""
    for first in range(len(words) - 1, -1, -1):
        run = words[first:]
        if "".join(w[0] for w in run if w not in _LINKING) == short or "".join(w[0] for w in run) == short:
            return run
    return []
