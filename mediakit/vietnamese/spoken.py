"""How printed words are spoken: numbers, dates, times, ranges, percentages, units, abbreviations, names from abroad.

The article and the recogniser's text both go through this module, so that `46,3%` on one side and `bốn mươi sáu phẩy
ba phần trăm` on the other meet in the middle. A printed word may be said in several ways (`9/6`: chín tháng sáu, mồng
chín tháng sáu); the first is the usual one. All syllables are folded (:func:`mediakit.vietnamese.normal.fold`).

Any text can be asked. What a word costs is bounded: a very long one is said in one way.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from mediakit.vietnamese.abbreviations import ABBREVIATIONS, BEFORE_NAMES, SUFFIX_UNITS
from mediakit.vietnamese.digit_rows import digit_rows
from mediakit.vietnamese.explained import Learnt, explained
from mediakit.vietnamese.figures import HALVES, SCALES, TELLING, Around, between_numbers, figure_ways
from mediakit.vietnamese.loanwords import LOANWORDS
from mediakit.vietnamese.normal import fold, nfc
from mediakit.vietnamese.numbers import Syllables, Ways, first_ways, joined_ways, number_ways, roman, spelt
from mediakit.vietnamese.pieces import COUNTRY, CURRENCIES, DASHES, expansions, pieces, sign, spelt_out
from mediakit.vietnamese.syllables import bare, parse

__all__ = ["Learnt", "Ways", "explained", "sayings", "spoken"]

#: A longer word is nothing that is read in one of several ways.
_LONGEST = 80
_NAME_BEFORE = re.compile(r"([PQHXTĐ])\.([^\W_].*)?")
#: A raised o or nought before the C of degrees.
_DEGREES = re.compile(r"(?:(?<=\d)|^)[oº⁰˚](?=[CF](?![^\W_]))")
#: Words before a place, and before the kind of a company.
_AT, _COMPANY = frozenset(("ở", "tại", "thuộc")), frozenset(("cty", "ty"))
_LEADING_SIGNS = "><≥≤~±"
_BRACKETS = "()[]{}\"'“”‘’«».,;:!?…"
#: So large a share of capitals makes a heading of a sentence.
_HEADING = 0.8


def spoken(word: str, learnt: Learnt = ()) -> Syllables:
    """The syllables in which one printed word is usually said; empty for lone punctuation.

    >>> spoken("9/6,"), spoken("46,3%.")
    (('chín', 'tháng', 'sáu'), ('bốn', 'mươi', 'sáu', 'phẩy', 'ba', 'phần', 'trăm'))
    >>> spoken("(TTTT)"), spoken("–"), spoken("Hòa,")
    (('thông', 'tin', 'và', 'truyền', 'thông'), (), ('hoà',))
    """
    return _ways(word, Around(), _known(word, dict(learnt)))[0]


def sayings(words: Sequence[str], learnt: Learnt = ()) -> tuple[Ways, ...]:
    """For each printed word of a sentence the ways in which it may be said, the usual one first.

    >>> ways = sayings("ngày 9/6, giai đoạn 2021 – 2025".split())
    >>> [" ".join(way) for way in ways[1]][:2], ways[-2]
    (['chín tháng sáu', 'mồng chín tháng sáu'], (('đến',), (), ('tới',)))
    """
    known = dict(learnt)
    capitals = _is_heading(words)
    telling = ["", *(_telling(word) for word in words), ""]
    rows = digit_rows(words)
    found: list[Ways] = []
    for i, word in enumerate(words):
        expansion = _known(word, known)
        ways = _ways(word, Around(telling[i], telling[i + 2], capitals, rows.get(i)), expansion)
        if i and any(c in CURRENCIES for c in words[i - 1][:4]) and (amount := _amount(words[i - 1], word)):
            # $5 triệu: năm triệu đô la.
            currency, scale = amount
            found[-1] = first_ways([*_ways(_core(words[i - 1])[1:], Around(after=scale), ""), *found[-1]])
            ways = first_ways([*joined_ways([((scale,),), currency]), *ways])
        if expansion and word.startswith("(") and _ends_with(words[max(0, i - _LONGEST) : i], expansion.split()):
            # Where it is explained, a speaker has just said it in full.
            ways = ((), *ways)
        found.append(ways)
    return tuple(found)


def _amount(amount: str, scale: str) -> tuple[Ways, str] | None:
    """The currency of an amount printed before it (`$5`), and its scale behind it (`triệu`, `million`)."""
    core, plain = COUNTRY.sub("", _core(amount)), bare(scale)
    plain = {"million": "triệu", "billion": "tỷ"}.get(plain, plain)
    if core[:1] not in CURRENCIES or not core or plain not in SCALES:
        return None
    return _folded(sign(core[0])), plain


def _ends_with(words: Sequence[str], expansion: Sequence[str]) -> bool:
    return [bare(word) for word in words[-len(expansion) :]] == list(expansion)


def _known(word: str, learnt: Mapping[str, str]) -> str:
    """What the article says that an abbreviation stands for; empty for any other word. `AN` is learnt, `an` is not."""
    return learnt.get(bare(word), "") if learnt and sum(c.isupper() for c in word[:_LONGEST]) > 1 else ""


def _is_heading(words: Sequence[str]) -> bool:
    """Whether a sentence is printed in capitals, where any syllable may look like an abbreviation."""
    letters = [c.isupper() for word in words for c in word if c.isalpha()]
    return len(words) > 2 and sum(letters) > _HEADING * len(letters)


def _telling(neighbour: str) -> str:
    """A neighbour as it is compared, empty if it makes no difference; else it would only fill the cache."""
    plain = bare(neighbour)
    if (
        plain in TELLING
        or plain in _AT
        or plain in _COMPANY
        or (any(c.isdecimal() for c in plain) and len(plain) < _LONGEST)
    ):
        return plain
    core = neighbour.strip(_BRACKETS)
    return core if roman(core) is not None else ""


@lru_cache(maxsize=4096)
def _ways(word: str, around: Around, known: str) -> Ways:
    word = _DEGREES.sub("°", nfc(word)) if around.before[-1:].isdecimal() or word[:1].isdecimal() else nfc(word)
    core = _core(word)
    if not core:
        return _folded(_mark(word.strip(_BRACKETS), around))
    if len(word) > _LONGEST:
        return _folded(
            (tuple(s for i in range(0, len(core), _LONGEST) for s in (pieces(core[i : i + _LONGEST]) or ((),))[0]),)
        )
    ways = (around.row is None and (_abbreviation(word, core, around, known) or _unit(core, around))) or ()
    ways = ways or figure_ways(core, around) or pieces(core)
    return _folded(_led(word, core, ways, around) or ((),))


def _folded(ways: Ways) -> Ways:
    return first_ways(tuple(folded for s in way if (folded := fold(s))) for way in ways)


def _core(word: str) -> str:
    """A word without the punctuation around it; signs that are said stay. Empty if it has no letter or figure."""
    first = next((i for i, c in enumerate(word) if _is_said(c, "$€£₫°º")), len(word))
    last = next((i for i in range(len(word) - 1, first - 1, -1) if _is_said(word[i], "%‰²³°º$€£₫")), first - 1)
    core = word[first : last + 1]
    return core if any(c.isalnum() for c in core) else ""


def _is_said(character: str, signs: str) -> bool:
    return character.isalnum() or character in signs


def _mark(mark: str, around: Around) -> Ways:
    """A sign or dash that stands alone."""
    if mark in DASHES:
        return between_numbers(around)
    return sign(mark) or ((),)


def _led(word: str, core: str, ways: Ways, around: Around) -> Ways:
    """The ways of a figure with a sign before it (`>50`, `-5°C`) or that of minutes behind it (`90'`)."""
    if not core[0].isdecimal():
        return ways
    before, _, after = word.partition(core)
    if before[-1:] == "+":
        number = spelt(re.sub(r"\D", "", core)) if re.fullmatch(r"84[\d.-]{8,14}", core) else ()
        return joined_ways([(("cộng",), ()), first_ways([*number, *ways])])
    if core.isdecimal() and after[:1] in ("'", "′", "’") and before[-1:] not in ("'", "‘"):
        return joined_ways([ways, (("phút",), ())])
    if before[-1:] in tuple(_LEADING_SIGNS):
        return joined_ways([sign(before[-1]), ways])
    if before[-1:] in ("-", "−", "–") and len(before) == 1:
        minus = joined_ways([(("âm",), ("trừ",)), ways[:12]])
        cold = core[-1:] in "%CcFº°" or around.after in ("độ", "°")
        dash: Ways = (("đến",),) if around.before[-1:].isdecimal() else ()
        return first_ways([*minus, *ways] if cold else [*joined_ways([dash or ((),), ways]), *ways, *minus])
    return ways


def _unit(core: str, around: Around) -> Ways:
    """A unit apart from its figure (`80 m`, `28 °C`, `độ C`), and the multiplier of a half (`1,5 tỷ`: một tỷ rưỡi)."""
    degree = core in ("°C", "ºC", "°", "º") or (core == "C" and around.before in ("độ", "°"))
    if degree:
        return pieces(core) if core != "C" else (("xê",), ())
    if around.before[-1:].isdecimal():
        if "/" in core and fold(core.partition("/")[0]) in SUFFIX_UNITS:
            return pieces(f"0{core}", ((),))  # đ/kg
        if (len(core) > 1 or core.islower()) and (unit := SUFFIX_UNITS.get(fold(core))):
            return expansions(unit)
        if core == "x":
            return (("nhân",), ("ích",))
        if (found := re.fullmatch(r"(\d{1,3})[.,](\d{1,3})", around.before)) and fold(core) in HALVES:
            return _rest(core, *found.groups())
    return ()


def _rest(unit: str, whole: str, part: str) -> Ways:
    """A unit with the rest of a number behind it: một tỷ rưỡi, một tỷ hai, một tỷ hai trăm triệu."""
    ways: list[Syllables] = [(unit,)]
    if part == "5":
        ways += [(unit, "rưỡi")]
        ways += [()] if fold(unit) == "lần" and whole == "1" else []
    if (lower := SCALES.get(fold(unit))) is not None and part.strip("0"):
        if len(part) == 1:
            ways += [(unit, {"1": "mốt", "4": "tư"}.get(part, *number_ways(part)[0]))]
        if lower:
            ways += [(unit, *way, lower) for way in number_ways(part.ljust(3, "0").lstrip("0"))[:3]]
    return first_ways(ways)


def _abbreviation(word: str, core: str, around: Around, known: str) -> Ways:
    """The expansion and, for capitals, the letters one by one."""
    plain = bare(word)
    if plain not in ABBREVIATIONS and (found := _NAME_BEFORE.fullmatch(word.strip("(),;:"))):
        return _before_name(found[1], found[2] or "", around)
    if not known and plain in LOANWORDS:
        return first_ways([*expansions(LOANWORDS[plain]), (plain,)])
    entry = (known,) if known else _entry(plain, core)
    if plain == "cp" and around.before in _COMPANY:
        entry = entry[::-1]
    if not entry:
        return ()
    ways = list(expansions(entry))
    letters = "".join(c for c in core if c.isalpha())
    if core.isupper() and 1 < len(letters) <= 6:
        ways += spelt_out(letters)
    if parse(plain) is not None and plain not in SUFFIX_UNITS:
        # TƯ, AI: a syllable too, and most likely that in a heading.
        ways = [(core,), *ways] if around.capitals else [*ways, (core,)]
    return first_ways(ways)


def _entry(plain: str, core: str) -> tuple[str, ...]:
    """What the table has for a word: what is written like a syllable, or with two letters, only if it has capitals."""
    entry = ABBREVIATIONS.get(plain, ())
    if plain in SUFFIX_UNITS and not core[0].isupper():
        return entry
    if parse(plain) is not None:
        return entry if core.isupper() else ()
    return entry if len(plain) > 2 or plain in SUFFIX_UNITS or any(c.isupper() for c in core) else ()


def _before_name(letter: str, rest: str, around: Around) -> Ways:
    """`Q.1`, `P. Lê Lợi`: a district, a ward; or an initial."""
    named: Ways = ((BEFORE_NAMES[fold(letter)],), spelt_out(letter)[0])
    if not rest:
        return named if around.before in _AT or around.after[:1].isdecimal() else named[::-1]
    return joined_ways([named if rest[0].isdecimal() else named[::-1], figure_ways(rest, Around()) or pieces(rest)])
