"""Normal forms: what is written in different ways but is the same compares equal.

Vietnamese reaches us composed (NFC, most systems), decomposed (NFD, macOS file names; Windows-1258 text) and
with tone marks placed the old way (`hòa`, `thủy`) or the new (`hoà`, `thuỷ`). Output is always NFC in the
writer's own tone placement; comparison goes through :func:`tone_placement` and :func:`fold`.
"""

from __future__ import annotations

import re
import unicodedata

# Combining grave, acute, tilde, hook above, dot below: huyền, sắc, ngã, hỏi, nặng.
TONE_MARKS = "\u0300\u0301\u0303\u0309\u0323"
# In open syllables ending in oa, oe, uy the old style marks the first vowel and the new style the second.
# With a final consonant both styles mark the second, and `qu` is an initial, so that `quý` has one form only.
_OLD_STYLE = re.compile(rf"(?<![Qq])([oO])([{TONE_MARKS}])([aAeE])(?!\w)|(?<![Qq])([uU])([{TONE_MARKS}])([yY])(?!\w)")


def nfc(text: str) -> str:
    """Composed form (NFC)."""
    return unicodedata.normalize("NFC", text)


def tone_placement(text: str) -> str:
    """NFC with tone marks of `oa`, `oe`, `uy` placed the new way.

    >>> tone_placement("hòa thủy Hòe") == tone_placement("hoà thuỷ Hoè") == "hoà thuỷ Hoè"
    True
    >>> tone_placement("hoàn quý quỳnh của")
    'hoàn quý quỳnh của'
    """
    decomposed = unicodedata.normalize("NFD", text)
    # A mark above a plain vowel is all there is here: ă, â, ê, ô, ơ, ư are never part of these rhymes.
    moved = _OLD_STYLE.sub(lambda m: "".join(m[i] for i in ((1, 3, 2) if m[1] else (4, 6, 5))), decomposed)
    return nfc(moved)


def fold(text: str) -> str:
    """The form in which words are compared: NFC, lower case, one tone placement.

    >>> fold("HÒA") == fold("hoà")
    True
    """
    return tone_placement(text.lower())


def strip_marks(text: str) -> str:
    """Without tone and vowel marks: `Đồng chí` becomes `Dong chi`."""
    plain = text.replace("đ", "d").replace("Đ", "D")
    return "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
