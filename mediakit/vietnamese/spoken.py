"""How printed words are spoken: numbers, dates, times, ranges, percentages, units, abbreviations.

The article and the recogniser's text both go through this module, so that `46,3%` on one side and `bốn mươi sáu phẩy
ba phần trăm` on the other meet in the middle. A printed word may be said in several ways (`9/6`: chín tháng sáu, mồng
chín tháng sáu); the first is the usual one. All syllables are folded (:func:`mediakit.vietnamese.normal.fold`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mediakit.vietnamese.abbreviations import ABBREVIATIONS, LETTERS, SUFFIX_UNITS
from mediakit.vietnamese.normal import fold, nfc
from mediakit.vietnamese.numbers import Syllables, first_ways, joined_ways, number_ways, roman
from mediakit.vietnamese.syllables import bare, parse

#: Abbreviations that an article explains, as (folded abbreviation, expansion).
Learnt = tuple[tuple[str, str], ...]
Ways = tuple[Syllables, ...]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|%|[^\W\d_]+[²³]?|[&+/°$]|(?<=\d)\s*[-–—]\s*(?=\d)")
_DATE = re.compile(r"(\d{1,2})[/](\d{1,2})(?:[/](\d{4}))?")
_DASHED_DATE = re.compile(r"(\d{1,2})-(\d{1,2})(?:-(\d{4}))?")
_MONTH = re.compile(r"(\d{1,2})[/-](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})(?:[:h]|giờ)(\d{2})?(?::\d{2}|phút)?")
_DASHES = ("-", "–", "—", "÷")
_DAY_WORDS = ("ngày", "sáng", "trưa", "chiều", "tối", "đêm", "hôm", "mồng", "mùng")
#: Written like a common word or a syllable; only in capitals, or as this word, is it the abbreviation.
_ONLY_IN_CAPITALS = ("ts", "bs", "gs", "tp", "ths", "pgs")


def spoken(word: str, learnt: Learnt = ()) -> Syllables:
    """The syllables in which one printed word is usually said; empty for lone punctuation.

    >>> spoken("9/6,"), spoken("46,3%.")
    (('chín', 'tháng', 'sáu'), ('bốn', 'mươi', 'sáu', 'phẩy', 'ba', 'phần', 'trăm'))
    >>> spoken("(TTTT)"), spoken("–"), spoken("Hòa,")
    (('thông', 'tin', 'và', 'truyền', 'thông'), (), ('hoà',))
    """
    return _ways(word, "", "", learnt)[0]


def sayings(words: Sequence[str], learnt: Learnt = ()) -> tuple[Ways, ...]:
    """For each printed word of a sentence the ways in which it may be said, the usual one first.

    >>> ways = sayings("ngày 9/6, giai đoạn 2021 – 2025".split())
    >>> [" ".join(way) for way in ways[1]][:2], ways[-2]
    (['chín tháng sáu', 'mồng chín tháng sáu'], (('đến',), (), ('tới',)))
    """
    padded = ["", *words, ""]
    return tuple(
        _ways(word, padded[i] if _tells(padded[i]) else "", padded[i + 2] if _tells(padded[i + 2]) else "", learnt)
        for i, word in enumerate(words)
    )


def _tells(neighbour: str) -> bool:
    """Whether a neighbour can change how a word is said; others would only fill the cache."""
    plain = bare(neighbour)
    return plain in _DAY_WORDS or plain in ("thứ", "tháng", "quý") or any(c.isdecimal() for c in plain)


@lru_cache(maxsize=65536)
def _ways(word: str, before: str, after: str, learnt: Learnt) -> Ways:
    word, last = nfc(word), bare(before)
    if word in _DASHES and last[-1:].isdecimal() and bare(after)[:1].isdecimal():
        return (("đến",), (), ("tới",))
    core = re.sub(r"^[^\w$]+|[^\w%²³°$]+$", "", word)
    return _folded(_abbreviation(word, learnt) or _figure(core, last) or _plain(core))


def _folded(ways: Ways) -> Ways:
    return first_ways(tuple(fold(s) for s in way) for way in ways)


def _abbreviation(word: str, learnt: Learnt) -> Ways:
    """The expansion and, for capitals, the letters one by one."""
    plain = bare(word)
    known = dict(learnt).get(plain) or ABBREVIATIONS.get(plain)
    letters = word.strip("().,;:")
    if not known or (plain in _ONLY_IN_CAPITALS and not letters.isupper()):
        return ()
    ways: list[Syllables] = [tuple(known.split())]
    if letters.isupper() and letters.isalpha() and 1 < len(letters) <= 6:
        ways.append(_letters(letters))
    return tuple(ways)


def _figure(core: str, before: str) -> Ways:
    """Roman numerals, dates, months and times of day; `before` is the word before, folded."""
    if (value := roman(core)) is not None:
        return _ordinal(str(value), before)
    if core.isdecimal() and len(core) == 1:
        return _ordinal(core, before)
    if (found := _DATE.fullmatch(core)) or (before in _DAY_WORDS and (found := _DASHED_DATE.fullmatch(core))):
        return _date(*found.groups(), before=before)
    if found := _MONTH.fullmatch(core):
        return joined_ways([number_ways(str(int(found[1]))), (("năm",), ()), number_ways(found[2])])
    if found := _CLOCK.fullmatch(core):
        return _clock(found[1], found[2])
    return ()


def _ordinal(digits: str, before: str) -> Ways:
    """A single digit: `thứ I` is thứ nhất, `thứ 4`, `tháng 4` and `quý IV` have tư."""
    special = {("thứ", "1"): "nhất", ("thứ", "4"): "tư", ("tháng", "4"): "tư", ("quý", "4"): "tư"}
    ways = number_ways(digits)
    other = special.get((before, digits))
    return first_ways([(other,), *ways]) if other else ways


def _date(day: str, month: str, year: str | None, *, before: str) -> Ways:
    """`9/6`: chín tháng sáu, mồng chín tháng sáu, ngày chín tháng sáu; where it is no date, a fraction."""
    days = number_ways(str(int(day)))
    first_ten = tuple((mark, *way) for mark in ("mồng", "mùng") for way in days) if int(day) <= 10 else ()
    months = (("tư",), ("bốn",)) if int(month) == 4 else number_ways(str(int(month)))
    parts: list[Ways] = [(*days, *first_ten), (("tháng",),), months]
    if year:
        parts += [(("năm",),), number_ways(year)]
    ways = list(joined_ways(parts))
    if before not in _DAY_WORDS:
        ways = [w for way in ways for w in (way, ("ngày", *way))]
    if not year and before not in _DAY_WORDS:
        ways[2:2] = joined_ways([days, (("phần",), ("trên",)), number_ways(str(int(month)))])
    return tuple(ways)


def _clock(hour: str, minute: str | None) -> Ways:
    hours = number_ways(str(int(hour)))
    if not minute or int(minute) == 0:
        return joined_ways([hours, (("giờ",),)])
    minutes = number_ways(str(int(minute)))
    half = (("rưỡi",),) if int(minute) == 30 else ()
    return joined_ways([hours, (("giờ",),), (*minutes, *((*way, "phút") for way in minutes), *half)])


def _plain(core: str) -> Ways:
    """Any other word, piece by piece."""
    tokens = _TOKEN.findall(core)
    return joined_ways(_token(token, core, before) for before, token in zip(["", *tokens], tokens, strict=False))


def _token(token: str, whole: str, before: str) -> Ways:
    if _NUMBER.fullmatch(token):
        return number_ways(token)
    if token.strip() in _DASHES:
        return (("đến",), ("tới",), (), ("trừ",))
    if token in _SIGNS:
        return _SIGNS[token]
    after_figure = before in ("/", "°") or before[-1:].isdecimal()
    if after_figure and (unit := SUFFIX_UNITS.get("c" if token == "C" and before == "°" else token)):
        return (tuple(unit.split()),)
    inside = token != whole
    if inside and token[0].isupper() and token not in ("Ha", "HA") and (known := ABBREVIATIONS.get(fold(token))):
        return (tuple(known.split()),)
    if token.isupper() and (parse(token) is None or (inside and len(token) == 1)):
        # Spelt out or, like ASEAN, read as a word.
        return first_ways([_letters(token), (token,)])
    return ((token,),)


_SIGNS: dict[str, Ways] = {
    "%": (("phần", "trăm"),),
    "&": (("và",),),
    "+": (("cộng",), ("và",)),
    "°": (("độ",),),
    "$": (("đô", "la"),),
    "/": ((), ("trên",), ("một",), ("gạch",)),
}


def _letters(word: str) -> Syllables:
    return tuple(s for letter in word for s in LETTERS.get(letter.lower(), letter.lower()).split())


_EXPLAINED = re.compile(r"\(([^\W\d_]{2,8})\)")


def explained(text: str) -> Learnt:
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
