"""Names of offices: long, and mostly of words in small letters."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.captions.syllable import Syllable
from mediakit.vietnamese.function_words import OFFICES

#: Characters that a line has: a longer name cannot be kept whole.
_LINE_CHARS = 42


def inside_offices(syllables: Sequence[Syllable]) -> list[bool]:
    """For each word whether the next one belongs to the same office's name: `Ủy ban nhân dân tỉnh Thái Bình`.

    A name begins with a capital and a head; small words belong to it up to the next capital, two at most, or a kind of
    place with its name. Longer than a line it is left to the other rules.
    """
    inside = [False] * len(syllables)
    k = 0
    while k < len(syllables):
        if syllables[k].capital and syllables[k].bare in OFFICES:
            stop = _end_of_office(syllables, k)
            if len(" ".join(item.text for item in syllables[k:stop])) <= _LINE_CHARS:
                inside[k : stop - 1] = [True] * (stop - 1 - k)
            k = stop
        else:
            k += 1
    return inside


def _end_of_office(syllables: Sequence[Syllable], start: int) -> int:
    stop = k = start + 1
    while k < len(syllables) and k - stop < 4 and not syllables[k].first:
        if not syllables[k - 1].text[-1].isalnum():
            break
        item = syllables[k]
        if item.capital:
            stop = k + 1
        elif not (item.joined or item.tag in ("N", "A") or item.bare in ("và", "nhân", "dân")):
            break
        elif item.joined and (k == stop or (k == stop + 1 and item.tag == "N")):
            stop = k + 1  # `Bảo vệ`, and one word in small letters after it: `Cục Bảo vệ thực vật`
        k += 1
    return stop
