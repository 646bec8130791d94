"""Words as they are compared: NFC, lower case, one tone placement, no punctuation, and figures as they were said.

A reference may have what was said (`mồng chín tháng sáu`) where the result prints `9/6`, or the other way round. Both
are right. A printed figure or abbreviation may be said in several ways; the way that fits the reference is taken. Of
the reference itself the usual way is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from mediakit.evaluation.alignment import align, places
from mediakit.vietnamese.abbreviations import ABBREVIATIONS
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.numbers import Syllables, first_ways, roman
from mediakit.vietnamese.spoken import Learnt, Ways, sayings
from mediakit.vietnamese.syllables import bare

_WORD = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"[\d%°²³$&+]")
_LONE_DASH = re.compile(r"[-–—÷]")


@dataclass(frozen=True, slots=True)
class Wording:
    """Words as they are compared and, for each, the place of the text that it belongs to."""

    words: tuple[str, ...]
    owner: tuple[int, ...]


def plain(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared, figures as they are printed.

    >>> plain("Xã Đông Hòa, 9/6!") == ("xã", "đông", "hoà", "9", "6")
    True
    """
    return tuple(_WORD.findall(fold(text)))


def ways(printed: Sequence[str], learnt: Learnt = ()) -> tuple[Ways, ...]:
    """For each printed word in how many ways it may be said, the likeliest first, as compared words.

    >>> [way[0] for way in ways("Hòa, 9/6 UBND km – –".split())][:4]
    [('hoà',), ('chín', 'tháng', 'sáu'), ('uỷ', 'ban', 'nhân', 'dân'), ('km',)]
    """
    return tuple(_of_word(word, said, learnt) for word, said in zip(printed, sayings(printed, learnt), strict=True))


def _of_word(word: str, said: Ways, learnt: Learnt) -> Ways:
    own = plain(word)
    if not own and not _LONE_DASH.fullmatch(word) and not _FIGURE.search(word):
        return ((),)
    others = [tuple(part for syllable in way for part in plain(syllable)) for way in said]
    return first_ways([*others, own] if _is_said_otherwise(word, learnt) else [own, *others])


def _is_said_otherwise(word: str, learnt: Learnt) -> bool:
    """Whether nobody says a word as it is printed: figures, Roman numerals, known abbreviations in capitals."""
    if _FIGURE.search(word) or _LONE_DASH.fullmatch(word):
        return True
    core = word.strip(".,;:!?()[]“”\"'…")
    known = bare(word) in ABBREVIATIONS or bare(word) in dict(learnt)
    return len(core) > 1 and core.isupper() and (known or roman(core) is not None)


def usual(texts: Sequence[str], learnt: Learnt = ()) -> Wording:
    """The words of texts, each printed word said in its likeliest way; `owner` is the text's place.

    >>> usual(["Ngày 9/6.", "Xong!"])
    Wording(words=('ngày', 'chín', 'tháng', 'sáu', 'xong'), owner=(0, 0, 0, 0, 1))
    """
    found = [(part, n) for n, text in enumerate(texts) for way in ways(text.split(), learnt) for part in way[0]]
    return Wording(tuple(part for part, _ in found), tuple(n for _, n in found))


def fitted(texts: Sequence[str], reference: Sequence[str], learnt: Learnt = ()) -> Wording:
    """The words of texts, each printed word said in the way that fits `reference`; `owner` is the text's place.

    >>> fitted(["9/6", "họp"], ("mồng", "chín", "tháng", "sáu", "họp")).words
    ('mồng', 'chín', 'tháng', 'sáu', 'họp')
    """
    printed = [(n, word) for n, text in enumerate(texts) for word in text.split()]
    options = ways([word for _, word in printed], learnt)
    chosen = [option[0] for option in options]
    if any(len(option) > 1 for option in options):
        stands_for = places(align(reference, [part for way in chosen for part in way]))
        ends = list(accumulate(len(way) for way in chosen))
        for i, (option, end) in enumerate(zip(options, ends, strict=True)):
            if len(option) > 1:
                first = end - len(chosen[i])
                low = stands_for[first - 1][1] if first else 0
                high = stands_for[end][0] if end < len(stands_for) else len(reference)
                chosen[i] = _nearest(option, reference[low:high])
    found = [(part, n) for (n, _), way in zip(printed, chosen, strict=True) for part in way]
    return Wording(tuple(part for part, _ in found), tuple(n for _, n in found))


def _nearest(option: Ways, room: Sequence[str]) -> Syllables:
    """Of the ways the first of those that need the fewest changes to be what the reference has there."""
    return min(option, key=lambda way: Levenshtein.distance(way, room))
