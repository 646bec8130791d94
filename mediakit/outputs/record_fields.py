"""Fields of a JSON object from outside, each checked before it is believed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn, TypeGuard, TypeVar

T = TypeVar("T")

#: Whole numbers end here: as milliseconds that is three years, which no medium lasts.
LARGEST = 10**11


def load_json(data: bytes) -> Any:
    """JSON from outside, in UTF-8 with or without a byte order mark.

    Raises
    ------
    ValueError
        If it is none: also where it is nested too deeply, has a number such as NaN, or one that is too long to be read,
        or an object has a field twice, of which other programs take another.
    """
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=_each_once)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(name for n, (name, _) in enumerate(pairs) if name in dict(pairs[:n]))
        raise ValueError(f"field {twice!r:.60} is there twice")
    return found


class Fields:
    """A JSON object with just the fields that it should have; `where` it stands goes into every complaint."""

    def __init__(self, value: object, where: str, fields: str) -> None:
        if not isinstance(value, dict):
            raise ValueError(f"{where} is no object")
        wrong = sorted(set(fields.split()) ^ set(value))
        if wrong:
            raise ValueError(f"{where}: field {wrong[0]!r:.60} is {'not known' if wrong[0] in value else 'missing'}")
        self.values: dict[str, Any] = value
        self.where = where

    def text(self, field: str, pattern: re.Pattern[str] | None = None) -> str:
        value = self.values[field]
        if not _is_text(value, pattern):
            self._complain(field)
        return value

    def text_or_none(self, field: str, pattern: re.Pattern[str] | None = None) -> str | None:
        return None if self.values[field] is None else self.text(field, pattern)

    def one_of(self, field: str, *known: T) -> T:
        found = next((value for value in known if value == self.values[field]), None)
        return self._complain(field) if found is None else found

    def truth(self, field: str) -> bool:
        value = self.values[field]
        return value if isinstance(value, bool) else self._complain(field)

    def integer(self, field: str) -> int:
        value = self.values[field]
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
            self._complain(field)
        return value

    def share(self, field: str) -> float:
        value = self.values[field]
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value <= 1:
            self._complain(field)
        return float(value)

    def items(self, field: str) -> list[Any]:
        value = self.values[field]
        if not isinstance(value, list):
            self._complain(field)
        return value

    def texts(self, field: str, pattern: re.Pattern[str] | None = None) -> tuple[str, ...]:
        items = self.items(field)
        if not all(_is_text(item, pattern) for item in items):
            self._complain(field)
        return tuple(items)

    def child(self, field: str, fields: str) -> Fields:
        return Fields(self.values[field], f"{self.where}.{field}", fields)

    def children(self, field: str, fields: str) -> list[Fields]:
        return [Fields(item, f"{self.where}.{field}[{n}]", fields) for n, item in enumerate(self.items(field))]

    def make(self, maker: Callable[[], T]) -> T:
        """What `maker` makes; where the type itself refuses, the complaint says where."""
        try:
            return maker()
        except ValueError as error:
            raise ValueError(f"{self.where}: {error}") from error

    def _complain(self, field: str) -> NoReturn:
        raise ValueError(f"{self.where}.{field} is {shown(self.values[field])}")


def _is_text(value: object, pattern: re.Pattern[str] | None) -> TypeGuard[str]:
    """Whether a value is a text, and none with half of a surrogate pair, which no file or program can take."""
    if not isinstance(value, str) or (pattern is not None and not pattern.fullmatch(value)):
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def shown(value: object) -> str:
    """The beginning of a value, for a complaint."""
    try:
        return f"{value!r:.60}"
    except (ValueError, RecursionError):  # a number of more digits than Python writes, lists in lists without end
        return "not to be shown"
