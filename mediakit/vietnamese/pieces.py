"""The pieces of a printed word as they are said: numbers, units, signs, capitals that are spelt out, words."""

from __future__ import annotations

import re
from itertools import pairwise

from mediakit.vietnamese.abbreviations import (
    ABBREVIATIONS,
    ENGLISH_LETTERS,
    FULL_LETTERS,
    LETTERS,
    SOUND_LETTERS,
    SUFFIX_UNITS,
)
from mediakit.vietnamese.loanwords import LOANWORDS
from mediakit.vietnamese.normal import fold, strip_marks
from mediakit.vietnamese.numbers import Syllables, Ways, first_ways, joined_ways, number_ways, roman, spelt, usual_of
from mediakit.vietnamese.syllables import parse

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DASHES = ("-", "–", "—", "÷")
TO: Ways = (("đến",), (), ("tới",))
_TOKEN = re.compile(
    r"\d+(?:[.,]\d+)*|(?:[kdcm]?m)[23](?![^\W_])|[^\W\d_]+[²³]?|[%‰&+/°º$€£₫=×<>≥≤±~@]|(?<=\d)[-–—÷](?=\d)|\.(?=[a-z])"
)
#: What stands after a slash where something is counted for each of it: `km/h`, `triệu đồng/người/năm`.
_EACH = frozenset(
    "người năm tháng ngày giờ phút giây hộ vụ sào lượt con cây chiếc căn lần bộ suất đêm tuần tấn tạ yến lít mét thùng"
    " chai bao gói hộp vé chuyến khách ca buổi tờ quả lạng cân cổ môn trận lớp phòng giường xe".split()
)
_MONEY = frozenset("đồng đ usd vnđ vnd triệu tỷ nghìn $".split())
_SIGNS: dict[str, Ways] = {
    "%": (("phần", "trăm"),),
    "‰": (("phần", "nghìn"), ("phần", "ngàn")),
    "&": (("và",),),
    "+": (("cộng",), ("và",), ()),
    "°": (("độ",),),
    "º": (("độ",),),
    "$": (("đô", "la"), ("đô", "la", "mỹ"), ("đô",)),
    "€": (("ơ", "rô"),),
    "£": (("bảng", "anh"), ("bảng",)),
    "₫": (("đồng",),),
    "/": ((), ("trên",), ("một",), ("gạch",)),
    "=": (("bằng",),),
    "×": (("nhân",),),
    "<": (("dưới",), ("nhỏ", "hơn")),
    ">": (("trên",), ("lớn", "hơn")),
    "≤": (("không", "quá"), ("nhỏ", "hơn", "hoặc", "bằng")),
    "≥": (("từ",), ("lớn", "hơn", "hoặc", "bằng")),
    "±": (("cộng", "trừ"),),
    "~": (("khoảng",),),
    "@": (("a", "còng"),),
}
CURRENCIES = "$€£₫"
_CAPITAL_UNITS: dict[str, Ways] = {
    "K": (("ca",), ("nghìn",), ("ngàn",)),
    "V": (("vôn",), ("vê",), ("vi",)),
    "W": (("oát",), ("vê", "kép")),
}
#: US$100, A$5: the country is not said.
COUNTRY = re.compile(r"(?:US|A|C|S|HK|NT|NZ)(?=[$]\d)")
#: Behind an amount of money.
_SCALES = {"K": "nghìn", "M": "triệu", "m": "triệu", "B": "tỷ", "bn": "tỷ", "tr": "triệu"}
#: A word with more pieces than this, or more that can be said in several ways, is said in the usual one.
_LONGEST_ROW, _MOST_PIECES = 40, 5
#: Before a number of three figures: ĐT.454.
_ROADS = {"ĐT": ("đường", "tỉnh"), "TL": ("tỉnh", "lộ"), "HL": ("hương", "lộ")}
_ROAD = re.compile(r"[A-ZĐ]{2}\.?\d{3}[A-Z]?")
_DOMAIN = re.compile(r"[a-z0-9@_-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,6}")


def sign(text: str) -> Ways:
    """How a sign that stands alone is said, empty where it is none that is said."""
    return _SIGNS.get(text, ())


def expansions(entry: tuple[str, ...]) -> Ways:
    """An entry of a table as syllables."""
    return tuple(tuple(way.split()) for way in entry)


def spelt_out(capitals: str) -> Ways:
    """An abbreviation letter by letter, and read as a word; the likelier of both first.

    >>> [" ".join(way) for way in spelt_out("FDI")]
    ['ép dê i', 'FDI', 'ép đi ai', 'ép phờ dê i', 'phờ dờ i']
    """
    alphabets = (LETTERS, ENGLISH_LETTERS, FULL_LETTERS, SOUND_LETTERS)
    named, *others = (tuple(s for c in capitals.lower() for s in names.get(c, c).split()) for names in alphabets)
    vowels = _vowels(capitals)
    if vowels and len(capitals) > 3:
        return first_ways([(capitals,), named, *others])
    return first_ways([named, *([(capitals,)] if vowels and len(capitals) > 2 else []), *others])


def _vowels(capitals: str) -> int:
    """How many vowels capitals have, if they have enough to be read as a word: UNESCO, not HĐND."""
    letters = strip_marks(fold(capitals))
    vowels = sum(c in "aeiouy" for c in letters)
    return vowels if 3 * vowels >= len(letters) and not re.search("[^aeiouy]{3}", letters) else 0


def pieces(core: str, first: Ways | None = None) -> Ways:
    """The ways of any word, piece by piece; its first piece is said in the ways of `first`, where that is given."""
    core = COUNTRY.sub("", core)
    tokens = _TOKEN.findall(core)
    if core[:1] in tuple(CURRENCIES) and len(tokens) > 1:
        tokens = [*tokens[1:], tokens[0]]  # $500 is five hundred dollars
    if not _DOMAIN.fullmatch(core):
        tokens = [token for token in tokens if token != "."]
    ways = [_piece(token, core, before) for before, token in pairwise(["", *tokens])]
    ways[:1] = ways[:1] if first is None else [first]
    if len(ways) > _LONGEST_ROW or sum(len(way) > 1 for way in ways) > _MOST_PIECES:
        return (usual_of(ways),)
    return joined_ways(ways)


def _piece(token: str, whole: str, before: str) -> Ways:
    if NUMBER.fullmatch(token):
        english = (whole[-1] == "%" or whole[0] in CURRENCIES) and re.fullmatch(r"\d+\.\d{1,2}", token)
        decimal = token.replace(".", ",") if english else token
        ways = first_ways([*number_ways(decimal), *number_ways(token)])
        # QL10, 1m65: digit by digit too; 2m5 is two and a half.
        half = [("rưỡi",)] if token == "5" and fold(before) in ("m", "kg") else []
        return first_ways([*ways, *half, *spelt(token)]) if before.isalpha() and len(token) < 3 else ways
    if token in DASHES:
        return (*TO, ("trừ",))
    if token == ".":
        return (("chấm",), ())
    if before == "/":
        return _after_slash(token, whole)
    if token == "/":
        return _slash(whole)
    return sign(token) or _unit(token, whole, before) or _word(token, whole, before)


def _slash(whole: str) -> Ways:
    """A slash between two words: `và/hoặc`; what comes of `km/h` is said with what follows it."""
    return _SIGNS["/"] if not _counted(whole.partition("/")[2]) else ((),)


def _counted(token: str) -> bool:
    plain = fold(token).partition("/")[0]
    return plain in _EACH or plain in SUFFIX_UNITS or plain == "cp"


def _after_slash(token: str, whole: str) -> Ways:
    ways = _unit(token, whole, "/") or _word(token, whole, "/")
    if not _counted(token):
        return ways
    money = any(fold(part) in _MONEY for part in _TOKEN.findall(whole.partition("/")[0]))
    each: Ways = (("một",), ("trên",), ("mỗi",), (), ("trên", "một"))
    each = each if money else (("trên",), ("một",), (), ("mỗi",), ("trên", "một"))
    if money and fold(token) == "cp":
        ways = (("cổ", "phiếu"),)
    return joined_ways([each, ways[:4]])


def _unit(token: str, whole: str, before: str) -> Ways:
    """A unit that stands at a figure. A single capital is none: `5G`."""
    if before in ("°", "º"):
        return {"C": (("xê",), ()), "F": (("ép",),)}.get(token, ())
    if before != "/" and not before[-1:].isdecimal():
        return ()
    if token == "x" and before != "/":
        return (("nhân",), ())
    if token in _SCALES and whole[0] in CURRENCIES:
        return ((_SCALES[token],),)
    if token in _CAPITAL_UNITS:
        return _CAPITAL_UNITS[token]
    if len(token) == 1 and token.isupper():
        return ()
    return expansions(SUFFIX_UNITS.get(fold(token), ()))


def _word(token: str, whole: str, before: str) -> Ways:
    """Letters: an abbreviation or loanword inside a word, capitals, or a word as it is."""
    inside = token != whole
    plain = fold(token)
    if inside and (known := LOANWORDS.get(plain)):
        return expansions(known)
    if inside and len(token) > 1 and plain in SUFFIX_UNITS and plain in ABBREVIATIONS:
        return expansions(ABBREVIATIONS[plain])
    if token in _ROADS and _ROAD.fullmatch(whole):
        return (_ROADS[token], *spelt_out(token)[:1])
    if inside and token[0].isupper() and len(token) > 1 and (known := ABBREVIATIONS.get(plain)):
        return first_ways([*expansions(known)[:2], *(spelt_out(token)[:1] if token.isupper() else ())])
    if not token.isupper():
        return ((token,),)
    if (value := roman(token)) is not None and not before[-1:].isdecimal() and (len(token) > 1 or not inside):
        return (*number_ways(str(value)), *spelt_out(token)[:1])
    if parse(token) is None or (inside and len(token) == 1):
        return spelt_out(token)
    return ((token,),)


def letters_of(word: str) -> Syllables:
    """The letters of a word one by one, figures aside."""
    return tuple(s for c in word.lower() if c.isalpha() for s in LETTERS.get(c, c).split())
