"""What it costs to break between two words.

The Netflix guide (General Requirements, "Line Treatment") breaks after punctuation, before conjunctions and before
prepositions, and never between what belongs together: a noun and its article, a first and a last name, a verb and
its auxiliary or negation. In Vietnamese that is: classifiers, titles and counters with what follows; names, also of
offices; numbers with what they count; syllables of one word; and the small words that close a phrase (`này`, `được`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.captions.costs import (
    CLAUSE_END,
    COMMA,
    FORBIDDEN,
    FULL_PAUSE_MS,
    INSIDE_NAME,
    PAUSE_BONUS,
    SEGMENT_END,
    SENTENCE_END,
)
from mediakit.captions.office_names import inside_offices
from mediakit.captions.phrases import within_clause
from mediakit.captions.syllable import CLOSING, NOUNS, Syllable, stops
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.syllables import bare
from mediakit.vietnamese.words import Part, parts_of

_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word on its way into a caption: NFC, on one line, with the segment that it comes from, and its language."""

    text: str
    start_ms: int
    end_ms: int
    segment: int
    sentence: str | None
    ends_sentence: bool
    language: str | None = None


def spoken_words(segments: Sequence[Segment]) -> list[Spoken]:
    """The words of `segments` in order."""
    return [
        Spoken(text, w.start_ms, w.end_ms, number, s.sentence, _ends_sentence(s, place, text), s.language)
        for number, s in enumerate(segments)
        for place, w in enumerate(s.words)
        if (text := " ".join(nfc(w.text).split()))
    ]


def _ends_sentence(segment: Segment, place: int, text: str) -> bool:
    stop = stops(text)
    if place == len(segment.words) - 1:
        return stop or segment.sentence is not None
    # An article's segment is one sentence, so that a full stop inside belongs to an abbreviation (`TP.`, `PGS.`); but
    # what the speaker added to it may be sentences of their own.
    added = not segment.words[place].article
    return stop and added and segment.words[place + 1].text.strip()[:1].isupper()


def break_costs(words: Sequence[Spoken]) -> list[float]:
    """What a break after each word costs, 0 (best) to `INSIDE_NAME`; the last is 0, for there the text ends."""
    if not words:
        return []
    syllables = _syllables(words)
    named = inside_offices(syllables)
    costs = []
    for k in range(len(words) - 1):
        cost = INSIDE_NAME if named[k] else _cost(words, syllables, k)
        if cost < FORBIDDEN:
            pause_ms = max(0, words[k + 1].start_ms - words[k].end_ms)
            cost = max(0.0, cost - PAUSE_BONUS * min(pause_ms, FULL_PAUSE_MS) / FULL_PAUSE_MS)
        costs.append(cost)
    return [*costs, 0.0]


def _syllables(words: Sequence[Spoken]) -> list[Syllable]:
    found: list[Syllable] = []
    start = 0
    for k, word in enumerate(words):
        if k + 1 == len(words) or word.ends_sentence or word.segment != words[k + 1].segment:
            stretch = words[start : k + 1]
            parts = parts_of([item.text for item in stretch])
            found += [_syllable(item, part, n == 0) for n, (item, part) in enumerate(zip(stretch, parts, strict=True))]
            start = k + 1
    return found


def _syllable(word: Spoken, part: Part, first: bool) -> Syllable:
    return Syllable(word.text, bare(word.text), part.tag, part.joined, first, word.text.lstrip("\"'“‘([")[:1].isupper())


def _cost(words: Sequence[Spoken], syllables: Sequence[Syllable], k: int) -> float:
    word, left, right = words[k], syllables[k], syllables[k + 1]
    if word.ends_sentence:
        return SENTENCE_END
    if word.segment != words[k + 1].segment:
        return SEGMENT_END
    if not right.bare:  # a dash or the like: it closes what stands before it and begins no line
        return INSIDE_NAME
    last = word.text.rstrip(CLOSING)[-1:]
    if last in _DASHES and not left.bare:
        return INSIDE_NAME if _in_range(words, k) else CLAUSE_END
    if last in ";:!?…":
        return CLAUSE_END
    if last == "," or word.text[-1] in CLOSING:
        return _after_comma(syllables, k)
    return within_clause(syllables, k)


def _after_comma(syllables: Sequence[Syllable], k: int) -> float:
    """A comma is a good place, but for that between two short words of one list: `các sở, ngành`."""
    left, right = syllables[k], syllables[k + 1]
    alone = k + 2 >= len(syllables) or not syllables[k + 2].joined
    both = left.tag in NOUNS and right.tag in NOUNS and not left.joined and not right.joined and alone
    if both and not left.capital and k and syllables[k - 1].tag == "L":
        return FORBIDDEN
    return COMMA


def _in_range(words: Sequence[Spoken], dash: int) -> bool:
    """Whether the dash stands between two numbers: `2021 – 2025`, or two halves of a word: `kinh tế - xã hội`."""
    if dash == 0:
        return False
    before, after = words[dash - 1].text, words[dash + 1].text
    return before[-1:].isalnum() and (after[:1].isdigit() == before[-1:].isdigit()) and not after[:1].isupper()
