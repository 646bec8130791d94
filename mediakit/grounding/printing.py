"""Readings and free speech as segments: what is printed, what was heard behind it, and when."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, groupby

from mediakit.grounding.names import named_words, names_of
from mediakit.grounding.placement import Visit
from mediakit.grounding.script import Script
from mediakit.grounding.timing import Loudness, snap_edges, spread
from mediakit.grounding.witness import Witness
from mediakit.grounding.wording import SaidWord, Worded
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.numbers import Syllables

#: A silence as long as this parts two stretches of free speech.
_BREATH_MS = 500
#: A word belongs to a visit that is no further from its middle: a visit begins with its first sound and ends with its
#: last, and a sound is heard at one moment.
_NEAR_MS, _OVERLAP_MS = 200, 100
#: Heard words at the edge of a sentence, up to so many or so long and with no pause between, are its own, or additions
#: to it.
_CRUMB_WORDS, _CRUMB_MS, _CRUMB_GAP_MS = 2, 600, 120
_SENTENCE_END = (".", "?", "!", "…")


def heard_in(visits: Sequence[Visit], words: Sequence[Word], script: Script) -> list[list[Word]]:
    """The words that were heard in each visit, of all words in order."""
    result: list[list[Word]] = [[] for _ in visits]
    for place, word in zip(_with_crumbs(_owners(visits, words), visits, words, script), words, strict=True):
        if place is not None:
            result[place].append(word)
    return result


def segments_of(
    worded: Sequence[Worded],
    words: Sequence[Word],
    languages: Mapping[Word, str],
    witness: Witness,
    script: Script,
    loudness: Loudness,
    duration_ms: int,
) -> list[Segment]:
    """Sentences that were said and, from heard words that are in none, free speech; in order, edges on the sound."""
    taken = {word: place for place, one in enumerate(worded) for word in one.heard}
    free = [word for word in words if word not in taken]
    # Of an article of which nothing is said no name is the authority either.
    own = [word for word in free if word not in languages]
    named = named_words(own, names_of(script.sentences), witness) if worded else {}
    found: list[Segment] = []
    for place, run in enumerate(_between(words, taken, [one.words[0].start_ms for one in worded])):
        found += free_segments(run, named, languages)
        found += [_printed(one, script) for one in worded[place : place + 1]]
    return snap_edges(_apart(found), loudness, duration_ms) if found else []


def _between(words: Sequence[Word], taken: Mapping[Word, int], starts: Sequence[int]) -> list[list[Word]]:
    """The words that are in no sentence: before the first one, after it, and so on.

    Those heard after the words of a sentence come after it, whatever their times.
    """
    runs: list[list[Word]] = [[] for _ in range(len(starts) + 1)]
    low = 0
    places = (taken.get(word, len(starts)) for word in reversed(words))
    for word, next_taken in zip(words, reversed(list(accumulate(places, min))), strict=True):
        if (place := taken.get(word)) is not None:
            low = place + 1
            continue
        after = bisect_right(starts, word.start_ms)
        runs[max(low, min(after, next_taken))].append(word)
    return runs


def _owners(visits: Sequence[Visit], words: Sequence[Word]) -> list[int | None]:
    """For each heard word the visit that it overlaps most, or that its middle is near."""
    owners: list[int | None] = []
    place = 0
    for word in words:
        while place < len(visits) and visits[place].end_ms < word.middle_ms:
            place += 1
        near = [p for p in (place - 1, place) if 0 <= p < len(visits)]
        distance, owner = min(((_distance(visits[p], word), p) for p in near), default=(_NEAR_MS, 0))
        owners.append(owner if distance < _NEAR_MS else None)
    return owners


def _distance(visit: Visit, word: Word) -> int:
    """How far (ms) the middle of a word is from a visit; less than 0 by as much as it overlaps it, if that is much."""
    overlap = min(visit.end_ms, word.end_ms) - max(visit.start_ms, word.start_ms)
    if overlap >= _OVERLAP_MS:
        return -overlap
    return max(visit.start_ms - word.middle_ms, word.middle_ms - visit.end_ms, 0)


def _with_crumbs(
    owners: Sequence[int | None], visits: Sequence[Visit], words: Sequence[Word], script: Script
) -> list[int | None]:
    """Owners with the remains of misheard edges given to their sentence: nobody says two syllables between two."""
    result = list(owners)
    for free, run in groupby(range(len(words)), key=lambda i: owners[i] is None):
        places = list(run)
        first, last = words[places[0]], words[places[-1]]
        if not free or (len(places) > _CRUMB_WORDS and last.end_ms - first.start_ms > _CRUMB_MS):
            continue
        before = result[places[0] - 1] if places[0] else None
        after = owners[places[-1] + 1] if places[-1] + 1 < len(words) else None
        near_before = before is not None and first.start_ms - words[places[0] - 1].end_ms <= _CRUMB_GAP_MS
        near_after = after is not None and words[places[-1] + 1].start_ms - last.end_ms <= _CRUMB_GAP_MS
        if near_before or near_after:
            result[places[0] : places[-1] + 1] = [before if near_before else after] * len(places)
    return result


def said_in(worded: Sequence[Worded], script: Script) -> dict[tuple[str, str], tuple[Syllables, ...]]:
    """The syllables of the words of each sentence that was said, by sentence and text."""
    return {
        (script.sentences[one.sentence].id, " ".join(word.text for word in one.words)): tuple(
            word.syllables for word in one.words
        )
        for one in worded
    }


def _printed(one: Worded, script: Script) -> Segment:
    """The segment of a sentence: the words that were said with a time each."""
    start, end = one.words[0].start_ms, max(one.words[-1].end_ms, one.words[0].start_ms + len(one.words))
    times = spread([(word.start_ms, word.end_ms) for word in one.words], start, end)
    words = tuple(
        Word(a, b, word.text, _belief([word]), article=word.is_article)
        for word, (a, b) in zip(one.words, times, strict=True)
    )
    text, heard = (nfc(" ".join(word.text for word in each)) for each in (words, one.heard))
    return Segment(start, end, text, heard, "article", script.sentences[one.sentence].id, _belief(one.words), words)


def _belief(words: Sequence[SaidWord]) -> float:
    """What a syllable gains (nats) as a score from 0 to 1: the logistic function, 0.5 where the sound says nothing."""
    mean = sum(word.gain for word in words) / max(1, sum(len(word.syllables) for word in words))
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, mean)))), 3)


def _apart(segments: Sequence[Segment]) -> list[Segment]:
    """Segments in order, each after the one before: of two that overlap free speech is cut, as far as it has room."""
    result: list[Segment] = []
    for segment in segments:
        if result and result[-1].end_ms > segment.start_ms:
            before = result.pop()
            least, most = before.start_ms + 2 * len(before.words), segment.end_ms - 2 * len(segment.words)
            border = segment.start_ms if segment.source == "article" and before.source == "speech" else before.end_ms
            border = max(least, min(border, most))
            result.append(_cut(before, before.start_ms, border))
            segment = _cut(segment, border, max(segment.end_ms, border + 2 * len(segment.words)))
        result.append(segment)
    return result


def _cut(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    known = [(min(max(w.start_ms, start_ms), end_ms), min(max(w.end_ms, start_ms), end_ms)) for w in segment.words]
    times = spread(known, start_ms, end_ms)
    words = tuple(replace(w, start_ms=a, end_ms=b) for w, (a, b) in zip(segment.words, times, strict=True))
    return replace(segment, start_ms=start_ms, end_ms=end_ms, words=words)


def free_segments(words: Sequence[Word], named: Mapping[Word, str], languages: Mapping[Word, str]) -> list[Segment]:
    """Free speech between pauses, sentence ends and changes of language.

    Names of the article are printed as `named` has them; `languages` has the words that are foreign.
    """
    segments: list[Segment] = []
    current: list[Word] = []
    for word in words:
        if current and _parted(current[-1], word, languages):
            segments.append(_free(current, named, languages))
            current = []
        current.append(word)
    if current:
        segments.append(_free(current, named, languages))
    return segments


def _parted(before: Word, word: Word, languages: Mapping[Word, str]) -> bool:
    is_pause = word.start_ms - before.end_ms >= _BREATH_MS or before.text.endswith(_SENTENCE_END)
    return is_pause or languages.get(before) != languages.get(word)


def _free(words: Sequence[Word], named: Mapping[Word, str], languages: Mapping[Word, str]) -> Segment:
    printed = tuple(replace(word, text=named.get(word, word.text)) for word in words)
    text, heard = (nfc(" ".join(word.text for word in each)) for each in (printed, words))
    score = round(sum(word.score for word in words) / len(words), 3)
    language = languages.get(words[0])
    return Segment(words[0].start_ms, words[-1].end_ms, text, heard, "speech", None, score, printed, language)
