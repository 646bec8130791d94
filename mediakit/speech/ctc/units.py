"""What a CTC head spells: the sounds of a syllable, one after the other, and its tone at its end.

A syllable is initial, vowel (with glide and off-glide), final and tone, as in :mod:`mediakit.vietnamese.syllables`.
As a tone ends each syllable, `an hoà` and `a nhoà` differ, and syllables can be counted. What is no Vietnamese syllable
(`internet`) is spelt by the sounds of its letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from mediakit.vietnamese.normal import fold, strip_marks
from mediakit.vietnamese.syllables import split

#: Between the sounds of two syllables, and where nothing is said.
BLANK = "_"
_TONES = {"": 0, "\u0301": 1, "\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_VOWELS = set("aăâeêioôơuưy")
#: Letters of other languages, as a Vietnamese reader says them.
_LETTERS = {"c": "k", "f": "ph", "j": "gi", "w": "v", "z": "d", "q": "k"}


@lru_cache(maxsize=16384)
def sounds_of(syllable: str) -> tuple[str, ...]:
    """The units of one syllable.

    >>> sounds_of("nghiêng"), sounds_of("quá"), sounds_of("y")
    (('ng-', 'iê', '-ng', '=0'), ('kw-', 'a', '=1'), ('i', '=0'))
    >>> sounds_of("fax")
    ('ph-', 'a', 'x-', '=0')
    """
    parts = split(syllable)
    if parts is None:
        return _spelt(syllable)
    vowel = {"y": "i"}.get(parts.vowel, parts.vowel)
    if vowel.startswith("yê"):
        vowel = "i" + vowel[1:]
    tone = f"={_TONES[parts.tone]}"
    return (*([f"{parts.initial}-"] * bool(parts.initial)), vowel, *([f"-{parts.final}"] * bool(parts.final)), tone)


def _spelt(word: str) -> tuple[str, ...]:
    letters = [c for c in strip_marks(fold(word)) if c.isalpha()]
    sounds = [("i" if c == "y" else c) if c in _VOWELS else _LETTERS.get(c, c) + "-" for c in letters]
    return (*sounds, "=0") if sounds else ()


class Inventory:
    """The units that a head knows, by their numbers; the first is the blank, and after the last comes what is none."""

    def __init__(self, units: Sequence[str]) -> None:
        self.units = tuple(units)
        self.unknown = len(self.units)
        self._numbers: Mapping[str, int] = {unit: i for i, unit in enumerate(self.units)}
        self._of: dict[str, tuple[int, ...]] = {}

    def spelt(self, syllables: Sequence[str]) -> list[int]:
        """Some syllables by the numbers of their units; a vowel that the head does not know by its letters."""
        found: list[int] = []
        for syllable in syllables:
            if syllable not in self._of:
                self._of[syllable] = tuple(self._numbered(syllable))
            found += self._of[syllable]
        return found

    def _numbered(self, syllable: str) -> Iterator[int]:
        for unit in sounds_of(syllable):
            for part in [unit] if unit in self._numbers or unit[-1] == "-" else unit:
                yield self._numbers.get(part, self.unknown)
