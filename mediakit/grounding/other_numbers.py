"""Numbers like one that is printed: what the sound must favour it over, for it to be the number that was said.

What an article has says nothing of the number that was said, nor does its score by itself. But a number that was said
is heard better than others of its kind, and one that was not said no better than they.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from mediakit.vietnamese.numbers import Syllables, is_number

#: The digits that are said in one word; `mốt`, `tư` and `lăm` are never alone.
_SPELT = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_WAYS = {"mốt": "một", "tư": "bốn", "lăm": "năm", "nhăm": "năm", "bẩy": "bảy"}


def other_numbers(words: Sequence[str]) -> list[tuple[str, ...]]:
    """Words with each digit in them exchanged, those that are spelt as well, in eight ways.

    >>> other_numbers(["29", "triệu"])[:3]
    [('32', 'triệu'), ('43', 'triệu'), ('54', 'triệu')]
    >>> other_numbers(["hai", "mươi", "chín"])[0], other_numbers(["100"])[0]
    (('ba', 'mươi', 'hai'), ('200',))
    """
    return [tuple(_moved(words, step)) for step in range(1, 9)]


def numbers_in(words: Sequence[str], said: Sequence[Syllables]) -> list[range]:
    """Where numbers stand among words, of which `said` is how they are said: figures, and what is spelt in two or more.

    >>> words = "năm 2021 có hai mươi chín xã".split()
    >>> numbers_in(words, [("năm",), ("hai", "nghìn"), ("có",), ("hai",), ("mươi",), ("chín",), ("xã",)])
    [range(1, 2), range(3, 6)]
    """
    figures = [any(letter.isdigit() for letter in word) for word in words]
    # `năm 2021` is a year.
    spelt = [
        is_number(way) and not (way == ("năm",) and place + 1 < len(words) and figures[place + 1])
        for place, way in enumerate(said)
    ]
    runs = [list(run) for _, run in groupby(range(len(words)), key=lambda i: figures[i] or spelt[i])]
    return [
        range(run[0], run[-1] + 1)
        for run in runs
        if (figures[run[0]] or spelt[run[0]]) and (len(run) > 1 or figures[run[0]])
    ]


def _moved(words: Sequence[str], step: int) -> list[str]:
    result: list[str] = []
    place = 0
    for word in words:
        plain = _WAYS.get(word.lower(), word.lower())
        if plain in _SPELT:
            result.append(_SPELT[(_SPELT.index(plain) + step + place) % 9])
            place += 1
            continue
        letters = []
        for letter in word:
            # A nought stays, and none comes in: a round number is another kind than one that is not.
            moves = letter in "123456789"
            letters.append(str((int(letter) + step + place - 1) % 9 + 1) if moves else letter)
            place += moves
        result.append("".join(letters))
    return result
