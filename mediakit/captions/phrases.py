"""What it costs to break inside a clause, where no punctuation helps: rules by words and parts of speech."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.captions.costs import (
    AFTER_REPORT,
    BEFORE_CONJUNCTION,
    BEFORE_PREDICATE,
    BEFORE_PREPOSITION,
    FORBIDDEN,
    HANGING,
    INSIDE_NAME,
    PLAIN,
    POOR,
)
from mediakit.captions.syllable import NOUNS, STOPS, VERBAL, Syllable, closes, has_verb, joined_on, number, whole
from mediakit.vietnamese.compounds import COMPOUNDS
from mediakit.vietnamese.function_words import (
    ABOUT,
    BELONGING,
    BIND_NOUNS,
    BINDS_RIGHT,
    CONJUNCTIONS,
    DIRECTIONS,
    LINKS,
    NUMBER_WORDS,
    ORDINALS,
    PREDICATE,
    PREPOSITIONS,
    REPORTS,
    SET_PHRASES,
    STRONG,
    SUBJECTS,
    TENSES,
    TITLES,
)

#: No number has more words.
_LONGEST_NUMBER = 16


def within_clause(syllables: Sequence[Syllable], k: int) -> float:
    """Without punctuation: what tears something first, then what leaves something hanging, then what parts phrases."""
    for rule in (_one_word, _one_number, _one_name, _closing, _leads_on, _before_link, _tight):
        cost = rule(syllables, k)
        if cost:
            break
    else:
        cost = _between_phrases(syllables, k)
    return max(cost, HANGING) if syllables[k].first else cost  # one word of a sentence alone


def _before_link(syllables: Sequence[Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    alone = not joined_on(syllables, k + 1)
    if right.bare in ("rằng", "là") and _reports(syllables, k):
        return PLAIN
    if right.tag in ("C", "Cc") or right.bare in STRONG or (right.bare in CONJUNCTIONS and alone):
        return BEFORE_CONJUNCTION
    if right.bare == "còn" and alone and left.tag not in ("V", "R", "A", "P"):
        return BEFORE_CONJUNCTION
    if right.bare in DIRECTIONS and left.tag == "V" and alone and (not left.joined or left.bare in DIRECTIONS):
        return HANGING if left.bare in DIRECTIONS else POOR  # `lên | tới`, `đâm | vào`
    if right.tag == "E" or (right.bare in PREPOSITIONS and alone):
        return BEFORE_PREPOSITION
    return 0.0


def _reports(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether a clause of its own begins after word `k`; to the tagger `cho hay` is not always one word."""
    pair = f"{syllables[k - 1].bare} {syllables[k].bare}" if k else ""
    return pair in REPORTS or (syllables[k].tag in ("V", "N") and whole(syllables, k) in REPORTS)


def _one_word(syllables: Sequence[Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if (left.bare, right.bare) in COMPOUNDS or f"{left.bare} {right.bare}" in SET_PHRASES:
        return FORBIDDEN
    if not right.joined:
        return 0.0
    if left.joined and left.capital and syllables[k - 1].capital and not right.capital:
        return BEFORE_PREDICATE  # the tagger takes what comes after a person's name for a part of it now and then
    return FORBIDDEN


def _one_number(syllables: Sequence[Syllable], k: int) -> float:
    """Numbers with what they count and what is counted by them: `7.200 ha lúa`, `năm 2021`, `hơn ba mươi người`."""
    left, right = syllables[k], syllables[k + 1]
    if number(syllables, k):
        if number(syllables, k + 1) or right.bare in ("tháng", "năm"):
            return FORBIDDEN
        if _ordinal(syllables, k):
            return 0.0
        return FORBIDDEN if right.tag not in ("E", "C", "Cc", "R", "V", "P") else 0.0
    if number(syllables, k + 1):
        if left.bare in ABOUT:
            return FORBIDDEN
        if closes(syllables, k):
            return 0.0
        end = _end_of_number(syllables, k + 1)
        counts = (
            end < len(syllables) and syllables[end].tag in ("N", "Nc") and syllables[end - 1].text[-1:] not in STOPS
        )
        if left.tag in NOUNS and counts and left.bare not in BINDS_RIGHT:
            return POOR
        return FORBIDDEN if left.tag in NOUNS or left.tag in ("M", "L") or left.bare in BINDS_RIGHT else 0.0
    before_is_number = k and (number(syllables, k - 1) or syllables[k - 1].tag == "M")
    return FORBIDDEN if before_is_number and left.tag == "Nu" and right.tag in NOUNS else 0.0


def _end_of_number(syllables: Sequence[Syllable], k: int) -> int:
    """The word after the number that begins with word `k`."""
    end = k + 1
    while end < min(len(syllables), k + _LONGEST_NUMBER) and number(syllables, end):
        end += 1
    return end


def _ordinal(syllables: Sequence[Syllable], k: int) -> bool:
    """Whether the number that word `k` ends is a name, as in `năm 2021`; `năm` is a number, too (five)."""
    for start in range(k, max(0, k - _LONGEST_NUMBER), -1):
        before = syllables[start - 1]
        if before.bare in ORDINALS and (before.tag == "N" or before.bare not in NUMBER_WORDS):
            return True
        if not number(syllables, start - 1):
            return False
    return False


def _one_name(syllables: Sequence[Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    begins = left.capital and (not left.first or left.tag == "Np" or right.capital)
    if begins and right.capital:
        return INSIDE_NAME if left.bare not in LINKS else 0.0
    if right.capital and right.tag == "Np" and left.tag in ("N", "Nc"):
        return INSIDE_NAME  # a title or a kind of place with its name
    if begins and left.tag != "Np" and right.tag in NOUNS:
        return FORBIDDEN  # the name of an office goes on in small letters: `Cảnh sát | giao thông`
    return 0.0


def _closing(syllables: Sequence[Syllable], k: int) -> float:
    return FORBIDDEN if closes(syllables, k + 1) else 0.0


def _leads_on(syllables: Sequence[Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if left.tag in ("L", "Nc", "Z"):
        return FORBIDDEN
    if closes(syllables, k):
        return 0.0
    if left.tag == "R" and right.tag in VERBAL:
        return FORBIDDEN
    if right.bare in SUBJECTS and not joined_on(syllables, k + 1) and whole(syllables, k) in BELONGING:
        return FORBIDDEN
    if left.bare in SUBJECTS and k and whole(syllables, k - 1) in BELONGING:
        return 0.0
    if left.tag == "P" and left.bare in SUBJECTS and right.tag in VERBAL:
        return FORBIDDEN
    if right.tag == "A" and left.tag in ("N", "V"):
        return FORBIDDEN
    counted = right.tag in ("V", "R") and number(syllables, k)
    if left.bare in BINDS_RIGHT and not left.joined and not counted and right.tag not in ("C", "Cc", "E"):
        return FORBIDDEN if left.tag in ("R", "V") and right.tag in VERBAL else HANGING
    if left.bare in BIND_NOUNS and not left.joined and (right.tag in NOUNS or right.capital):
        return HANGING
    if left.bare in LINKS and not left.joined and not _reports(syllables, k):
        return HANGING
    if right.tag in NOUNS and whole(syllables, k) in TITLES:
        return HANGING
    return 0.0


def _tight(syllables: Sequence[Syllable], k: int) -> float:
    """Short words side by side are mostly one thing: `miền núi`, `lịch thi`, `gặt lúa`, `ước đạt`."""
    left, right = syllables[k], syllables[k + 1]
    if right.capital or right.bare in PREDICATE or joined_on(syllables, k + 1) or right.tag not in ("N", "V"):
        return 0.0
    if number(syllables, k):
        return 0.0
    after = syllables[k + 2] if k + 2 < len(syllables) and right.text[-1:].isalnum() else None
    if left.joined:
        ends = after is None or after.first or after.tag in ("R", "C", "Cc", "E") or after.bare in PREDICATE
        return HANGING if left.tag == "V" and right.tag == "N" and ends else 0.0
    if left.tag == "N" and right.tag == "V":
        begins = after is not None and (
            after.tag in ("M", "L", "Nc") or joined_on(syllables, k + 2) or closes(syllables, k + 2)
        )
        object_of = k > 0 and syllables[k - 1].tag == "V"
        return 0.0 if begins and not object_of else POOR + 20
    return HANGING if left.tag in ("N", "V") else 0.0


def _between_phrases(syllables: Sequence[Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if right.bare in PREDICATE and right.tag in ("R", "V") and (left.tag not in ("V", "R") or right.bare in TENSES):
        return BEFORE_PREDICATE + (8 if has_verb(syllables, k) else 0)
    if _reports(syllables, k):
        return AFTER_REPORT + (25 if right.tag == "V" else 0)
    if closes(syllables, k):
        return PLAIN - 15
    amount = k + 2 < len(syllables) and number(syllables, k + 2)
    if right.tag in ("V", "R", "A") and left.tag not in ("V", "R"):
        return PLAIN - 20 if amount or not has_verb(syllables, k) else PLAIN + 15
    if left.tag in NOUNS and right.bare in BINDS_RIGHT and not joined_on(syllables, k + 1):
        return PLAIN + 20
    if left.tag == "V" and right.tag in ("L", "M"):
        return PLAIN if right.tag == "M" and left.joined else PLAIN + 20
    return POOR + (20 if left.tag == right.tag or right.tag == "P" else 0)
