"""Whether a word is spelt as a Vietnamese syllable can be.

Stricter than :func:`mediakit.vietnamese.syllables.parse`, which takes apart what was misheard too: the rhyme is one of
those that there are (Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977), and a syllable with a final stop has sắc or nặng.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mediakit.vietnamese.normal import TONE_MARKS

_INITIAL = "ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnprstvx]"
#: After a vowel, what may follow it: a glide, a nasal, or a stop (`c`, `ch`, `p`, `t`).
_RHYMES = {
    "a": "i o u y m n ng nh c ch p t", "ă": "m n ng c p t", "â": "u y m n ng c p t",
    "e": "o m n ng c p t", "ê": "u m n ng nh c ch p t", "i": "a u m n nh ch p t",
    "iê": "u m n ng c p t", "o": "i m n ng c p t", "ô": "i m n ng c p t", "ơ": "i m n ng p t",
    "oo": "ng c", "u": "a i m n ng c p t", "uô": "i m n ng c p t", "ư": "a i u m n ng c t",
    "ươ": "i u m n ng c p t", "y": "", "yê": "u m n ng t",
    "oa": "i o y m n ng nh c ch p t", "oă": "m n ng c t", "oe": "o m n t", "uâ": "y n ng t", "uê": "n nh ch",
    "uơ": "n", "uy": "a u n nh ch p t", "uyê": "n t",
    # After `qu`, whose u is the glide.
    "quy": "nh n t ch u", "ua": "ng nh t c p u o i y",
}  # fmt: skip
_STOPS = {"c", "ch", "p", "t"}
_ENDED = {vowel + end: end in _STOPS for vowel, ends in _RHYMES.items() for end in ends.split()}
_OPEN = [
    *"a â e ê i o ô ơ u ư y oa oe uê uơ uy".split(),
    *(rhyme for rhyme, is_stopped in _ENDED.items() if not is_stopped),
]
_STOPPED = [rhyme for rhyme, is_stopped in _ENDED.items() if is_stopped]
_SPELT = re.compile(f"(?:{_INITIAL})?(?:({'|'.join(_OPEN)})|({'|'.join(_STOPPED)}))")
_STOP_TONES = "\u0301\u0323"


@lru_cache(maxsize=65536)
def is_spelt(word: str) -> bool:
    """Whether a word, in any letter case, is spelt as a syllable of Vietnamese.

    >>> [is_spelt(word) for word in ("Nghiêng", "QUỐC", "tieáng", "ViÖt", "that", "thật", "Müller")]
    [True, True, False, False, False, True, False]
    """
    decomposed = unicodedata.normalize("NFD", word.lower())
    tones = [c for c in decomposed if c in TONE_MARKS]
    plain = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONE_MARKS))
    found = _SPELT.fullmatch(plain)
    if found is None or len(tones) > 1:
        return False
    return found[2] is None or (bool(tones) and tones[0] in _STOP_TONES)
