"""Finds numbers that are printed in several words: thousands that stand apart (`1 200 000`), telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import Ways, first_ways, group_ways, joined_ways, number_ways, spelt
from mediakit.vietnamese.pieces import NUMBER, pieces

_OPENING = "([{\"'“‘«"
_CLOSING = ")]}\"'”’».,;:!?…"
_LEADING_GROUP = re.compile(r"[1-9]\d{0,2}")
#: The last group may have decimals or a unit behind it: `1 200,5`, `24 000đ`.
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,2})?(?:[^\W\d_]{1,4}[23²³]?|%|[₫$€](?![^\W_]))?(?:/[^\W\d_]{1,6})?")
_AREA = re.compile(r"\(?(?:\+|00)84\)?|\(?0\d{1,3}\)?|1[89]00")
_PHONE_DIGITS = range(8, 13)
_MOST_GROUPS = 4
#: After these a number by itself is one: `tháng 5 300 người`.
_NUMBERING = frozenset(
    fold(word) for word in "ngày tháng năm thứ số lớp tổ khu khối khóa quý phường quận điều bảng".split()
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a word is in a number of several: a group with so many groups behind it, or, with -1, part of a phone's."""

    behind: int
    first: bool = False


def digit_rows(words: Sequence[str]) -> dict[int, Row]:
    """The words that are parts of a number in several words, by their place.

    >>> rows = digit_rows("giá 1 200 000 đồng, gọi 0912 345 678".split())
    >>> {place: row.behind for place, row in rows.items()}
    {1: 2, 2: 1, 3: 0, 6: -1, 7: -1, 8: -1}
    """
    rows: dict[int, Row] = {}
    place = 0
    while place < len(words) - 1:
        if words[place + 1][:1].isdecimal() and place not in rows:
            rows |= _phone(words, place) or _grouped(words, place)
        place += 1
    return rows


def _phone(words: Sequence[str], place: int) -> dict[int, Row]:
    if not _AREA.fullmatch(words[place]):
        return {}
    end = place + 1
    digits = len(re.sub(r"\D", "", words[place]))
    while end < len(words) and re.fullmatch(r"\d{2,4}", words[end].rstrip(_CLOSING)):
        digits += len(words[end].rstrip(_CLOSING))
        end += 1
        if words[end - 1][-1] in _CLOSING:
            break
    return {i: Row(-1) for i in range(place, end)} if digits in _PHONE_DIGITS else {}


def _grouped(words: Sequence[str], place: int) -> dict[int, Row]:
    before = words[place - 1] if place else ""
    if not _LEADING_GROUP.fullmatch(words[place].lstrip(_OPENING)) or before.isdecimal():
        return {}
    end = place + 1
    while end < len(words) and end - place < _MOST_GROUPS and _GROUP.fullmatch(words[end].rstrip(_CLOSING)):
        end += 1
        if not words[end - 1].isdecimal():
            break
    if end < len(words) and words[end].isdecimal() and words[end - 1].isdecimal():
        return {}  # a row of something else goes on
    alone = end == place + 1 or (end == place + 2 and fold(before) in _NUMBERING)
    return {} if alone else {i: Row(end - 1 - i, i == place) for i in range(place, end)}


def row_ways(core: str, row: Row) -> Ways:
    """The ways of a word in a row; that of a number by itself comes last, for it may be two numbers after all."""
    found = NUMBER.match(core)
    if found is None:
        return ()
    if row.behind < 0:
        return first_ways([*spelt(core), *number_ways(core)]) if core.isdecimal() else ()
    whole, mark, decimals = (
        re.split(r"([.,])", found[0], maxsplit=1) if not found[0].isdecimal() else (found[0], "", "")
    )
    ways = group_ways(whole, row.behind, first=row.first)
    if mark:
        ways = joined_ways([ways, (("phẩy",),), number_ways(decimals)])
    return first_ways([*pieces(core, ways), *pieces(core)])
