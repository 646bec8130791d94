"""Abbreviations that a text explains where it first has them: `Sở Thông tin và Truyền thông (TTTT)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from mediakit.vietnamese.normal import fold, nfc, strip_marks

#: Abbreviations that an article explains, as (folded abbreviation, expansion).
Learnt = tuple[tuple[str, str], ...]

_SHORT = r"[^\W\d_](?:[^\W_]|[&.-](?=[^\W_])){1,11}"
_CALLED = r"(?:(?:sau đây |dưới đây )?(?:gọi|viết) tắt(?: là| của)?:?\s+)?"
_QUOTES = "\"'“”‘’"
#: In brackets after its words (TTTT), or its words in brackets after it; after `gọi tắt là`; beside a dash.
_IN_BRACKETS = re.compile(rf"\(\s*{_CALLED}[{_QUOTES}]?({_SHORT})[{_QUOTES}]?\s*\)", re.IGNORECASE)
_WORDS_IN_BRACKETS = re.compile(rf"(?<![^\W_])({_SHORT})\s*\(\s*{_CALLED}([^()]{{3,160}})\)", re.IGNORECASE)
_CALLED_SHORT = re.compile(rf"(?:gọi|viết) tắt(?: là|:)\s*(?:là\s)?[{_QUOTES}]?({_SHORT})(?![^\W_])", re.IGNORECASE)
_BESIDE_DASH = re.compile(rf"(?<![^\W_])({_SHORT})(?=\s[-–—]\s)|(?<=\s[-–—]\s)({_SHORT})(?![^\W_])")
_WORD = re.compile(r"[^\W\d_]+")
#: So far from the abbreviation its words are looked for, in characters.
_NEAR = 200
#: More explanations than an article ever has, and more places that look like one.
_MOST, _MOST_TRIED = 500, 5000
_LINKING = frozenset(fold(word) for word in "và của về các là cho trong với thuộc".split())


def explained(text: str) -> Learnt:
    """The abbreviations that a text explains, by the initials of the words before or after.

    >>> explained("Sở Thông tin và Truyền thông (TTTT), CNTT (công nghệ thông tin)")
    (('tttt', 'thông tin và truyền thông'), ('cntt', 'công nghệ thông tin'))
    """
    text = nfc(text)
    return tuple({fold(short): " ".join(words) for short, words in islice(_explanations(text), _MOST)}.items())


def _explanations(text: str) -> Iterator[tuple[str, list[str]]]:
    for pattern in (_IN_BRACKETS, _CALLED_SHORT):
        for match in islice(pattern.finditer(text), _MOST_TRIED):
            if words := _before(match[1], text, match.start()):
                yield match[1], words
    for match in islice(_WORDS_IN_BRACKETS.finditer(text), _MOST_TRIED):
        if words := _from_start(match[1], match[2]):
            yield match[1], words
    for match in islice(_BESIDE_DASH.finditer(text), _MOST_TRIED):
        short, end = match[1] or match[2], match.end()
        words = _from_start(short, text[end : end + _NEAR]) if match[1] else _before(short, text, match.start() - 3)
        if words:
            yield short, words


def _before(short: str, text: str, at: int) -> list[str]:
    """The shortest run of words up to a place whose initials spell `short`."""
    words = _words(text[max(0, at - _NEAR) : at], at > _NEAR)[-2 * len(short) :] if _is_short(short) else []
    return next((words[i:] for i in range(len(words) - 1, -1, -1) if _spells(words[i:], short)), [])


def _from_start(short: str, text: str) -> list[str]:
    """The shortest run of words from the beginning whose initials spell `short`."""
    words = _words(text, False)[: 2 * len(short)] if _is_short(short) else []
    return next((words[:i] for i in range(1, len(words) + 1) if _spells(words[:i], short)), [])


def _words(text: str, cut: bool) -> list[str]:
    """Words, folded, without the first where the text was cut inside it."""
    return [fold(word) for word in _WORD.findall(text)][1 if cut else 0 :]


def _is_short(word: str) -> bool:
    return word.isupper() and sum(c.isalpha() for c in word) > 1


def _spells(words: list[str], short: str) -> bool:
    """Whether the initials of words, linking words aside or not, are the letters of an abbreviation."""
    letters = [_initial(c) for c in fold(short) if c.isalpha()]
    if [_initial(w[0]) for w in words] == letters:
        return True
    if words[0] in _LINKING or words[-1] in _LINKING:
        return False
    return [_initial(w[0]) for w in words if w not in _LINKING] == letters


def _initial(letter: str) -> str:
    """A letter without its marks; đ stays apart from d."""
    return letter if letter == "đ" else strip_marks(letter)
