"""A word on its way to a break, with what the language says of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.vietnamese.function_words import ABOUT, AFTER_VERBS, BINDS_LEFT, NUMBER_WORDS, STRONG

NOUNS = frozenset(("N", "Nc", "Nu", "Ny", "Np", "B"))
VERBAL = frozenset(("V", "A", "R"))
CLOSING = "\"'”’)]}»"
STOPS = frozenset(",;:.!?…" + CLOSING)
#: `giai đoạn I`, `quý IV`, `khóa XIII`; folded.
_ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
#: No clause is longer, in words; speech without punctuation is.
_CLAUSE = 40


@dataclass(frozen=True, slots=True)
class Syllable:
    """A word of ours, a syllable of the language mostly, with all that decides about breaks beside it."""

    text: str
    bare: str  # folded, without the marks at its edges; empty for marks alone
    tag: str
    joined: bool  # one word with the syllable before it
    first: bool  # of its sentence or segment
    capital: bool


def stops(text: str) -> bool:
    """Whether a sentence may end with this word: a full stop or the like, within any quotes and brackets."""
    return text.rstrip(CLOSING).endswith((".", "!", "?", "…"))


def joined_on(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether word `k` is the first syllable of a longer word."""
    return k + 1 < len(syllables) and syllables[k + 1].joined


def whole(syllables: Sequence[Syllable], k: int) -> str:
    """The word that syllable `k` is the last of, folded."""
    start = k
    while start and syllables[start].joined:
        start -= 1
    return " ".join(item.bare for item in syllables[start : k + 1])


def number(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether word `k` is a number; of its words, two in a row are, whatever the tagger says."""
    item = syllables[k]
    if item.bare[:1].isdigit() or (item.capital and _ROMAN.fullmatch(item.bare) and not item.first):
        return True
    before = k > 0 and syllables[k - 1].bare in NUMBER_WORDS
    after = k + 1 < len(syllables) and syllables[k + 1].bare in NUMBER_WORDS
    if item.bare == "không":
        return before and after
    return item.bare in NUMBER_WORDS and (item.tag == "M" or before or after)


def closes(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether word `k` closes what stands before it, as `này` does, and `được` after a verb."""
    word = syllables[k]
    if not k or joined_on(syllables, k):
        return False
    following = syllables[k + 1] if k + 1 < len(syllables) and not syllables[k + 1].first else None
    if word.bare in BINDS_LEFT:
        return (
            word.tag in ("P", "R", "T", "A")
            or following is None
            or (following.tag in ("C", "Cc", "T") or following.bare in STRONG)
        )
    if word.bare not in AFTER_VERBS or syllables[k - 1].tag not in ("V", "A"):
        return False
    if following is None or not word.text[-1:].isalnum():
        return True
    if following.bare in ABOUT or number(syllables, k + 1):
        return True
    if word.bare == "được":
        return word.tag in ("R", "V") and following.tag not in VERBAL
    return word.tag in ("R", "V", "A")


def has_verb(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether the clause has a verb before word `k` or at it; then another verb is hardly its predicate."""
    for place in range(k, max(-1, k - _CLAUSE), -1):
        item = syllables[place]
        if item.tag == "V":
            return True
        if item.first or item.tag in ("C", "Cc") or (place and syllables[place - 1].text[-1:] in STOPS):
            return False
    return False
