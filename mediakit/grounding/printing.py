"""Readings and free speech as segments: what is printed, what was heard behind it, and when."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from mediakit.grounding.names import named_words, names_of
from mediakit.grounding.reading import Reading
from mediakit.grounding.script import Script
from mediakit.grounding.timing import snap_edges, spread
from mediakit.grounding.weighing import Weighing
from mediakit.grounding.wording import Worded
from mediakit.speech.evidence import WordEvidence
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.numbers import Syllables

#: A silence as long as this parts two stretches of free speech.
_BREATH_MS = 500
#: Heard words at the edge of a sentence that was said to its edge, up to so long and with no pause between, are it.
_CRUMB_MS, _CRUMB_GAP_MS = 600, 120
_SENTENCE_END = (".", "?", "!", "…")


def heard_in(readings: Sequence[Reading], weighing: Weighing) -> list[list[Word]]:
    """The words that were heard in each reading."""
    result: list[list[Word]] = [[] for _ in readings]
    for place, word in zip(_owned(readings, weighing), weighing.said.words, strict=True):
        if place is not None:
            result[place].append(word)
    return result


def segments_of(worded: Sequence[Worded], weighing: Weighing, duration_ms: int) -> list[Segment]:
    """Readings and, from the heard words that are in none of them, free speech; in order, edges on the sound."""
    said, script = weighing.said, weighing.script
    readings = [one.reading for one in worded]
    owner = _owned(readings, weighing)
    heard = [nfc(" ".join(word.text for word in words)) for words in heard_in(readings, weighing)]
    found = [_printed(one, script, text) for one, text in zip(worded, heard, strict=True)]
    starts = [reading.start_ms for reading in readings]
    free = [word for place, word in zip(owner, said.words, strict=True) if place is None]
    # Of an article of which nothing is said no name is the authority either.
    own = [word for word in free if word not in said.languages]
    named = named_words(own, names_of(script.sentences), weighing) if readings else {}
    for _, run in groupby(free, key=lambda word: bisect_right(starts, word.start_ms)):
        found += free_segments(list(run), named, said.languages)
    found.sort(key=lambda s: (s.start_ms, s.end_ms))
    return snap_edges(_apart(found), weighing.loudness, duration_ms) if found else []


def _owned(readings: Sequence[Reading], weighing: Weighing) -> list[int | None]:
    """For each heard word the reading it is part of."""
    words = weighing.said.words
    return _with_crumbs(_owners(readings, words), readings, words, weighing.script)


def _owners(readings: Sequence[Reading], words: Sequence[Word]) -> list[int | None]:
    """For each heard word the reading it is part of: paired with it, or most of it within its time."""
    owners: list[int | None] = []
    place = 0
    for i, word in enumerate(words):
        middle = word.middle_ms
        while place < len(readings) and readings[place].end_ms < middle:
            place += 1
        near = [p for p in (place - 1, place) if 0 <= p < len(readings)]
        inside = [p for p in near if readings[p].start_ms <= middle <= readings[p].end_ms]
        paired = [p for p in near if i in readings[p].heard and _touches(readings[p], word)]
        claims = inside or paired
        owners.append(claims[0] if claims else None)
    return owners


def _touches(reading: Reading, word: Word) -> bool:
    """Whether a word is in the time of a reading or just beside it; parts of a sentence may have been let go."""
    return reading.start_ms - _BREATH_MS <= word.end_ms and word.start_ms <= reading.end_ms + _BREATH_MS


def _with_crumbs(
    owners: Sequence[int | None], readings: Sequence[Reading], words: Sequence[Word], script: Script
) -> list[int | None]:
    """Owners with the remains of misheard edges given to their sentence: nobody says two syllables between two."""
    result = list(owners)
    for free, run in groupby(range(len(words)), key=lambda i: owners[i] is None):
        places = list(run)
        first, last = words[places[0]], words[places[-1]]
        if not free or last.end_ms - first.start_ms > _CRUMB_MS:
            continue
        before = result[places[0] - 1] if places[0] else None
        after = owners[places[-1] + 1] if places[-1] + 1 < len(words) else None
        near_before = (
            before is not None
            and _ends(readings[before], script)
            and (first.start_ms - readings[before].end_ms <= _CRUMB_GAP_MS)
        )
        near_after = (
            after is not None
            and readings[after].first == 0
            and (readings[after].start_ms - last.end_ms <= _CRUMB_GAP_MS)
        )
        if near_before or near_after:
            result[places[0] : places[-1] + 1] = [before if near_before else after] * len(places)
    return result


def _ends(reading: Reading, script: Script) -> bool:
    return reading.stop == len(script.printed[reading.sentence])


def said_in(worded: Sequence[Worded], script: Script) -> dict[tuple[str, str], tuple[Syllables, ...]]:
    """The syllables of the words of each reading, by sentence and text."""
    return {
        (script.sentences[one.reading.sentence].id, " ".join(word.text for word in one.words)): tuple(
            word.syllables for word in one.words
        )
        for one in worded
    }


def _printed(one: Worded, script: Script, heard: str) -> Segment:
    """The segment of a reading: the words that were said with a time each."""
    evidence = [word.evidence for word in one.words]
    start, end = evidence[0].start_ms, max(evidence[-1].end_ms, evidence[0].start_ms + len(evidence))
    times = spread([(own.start_ms, own.end_ms) for own in evidence], start, end)
    words = tuple(
        Word(a, b, word.text, _belief([word.evidence]), article=word.is_article)
        for word, (a, b) in zip(one.words, times, strict=True)
    )
    identity = script.sentences[one.reading.sentence].id
    text = nfc(" ".join(word.text for word in words))
    return Segment(start, end, text, heard, "article", identity, _belief(evidence), words)


def _belief(words: Iterable[WordEvidence]) -> float:
    """Gain a token (nats) as a score from 0 to 1: the logistic function, 0.5 where the sound says nothing."""
    known = list(words)
    mean = sum(word.gain for word in known) / max(1, sum(word.tokens for word in known))
    return round(1 / (1 + math.exp(-max(-20.0, min(20.0, mean)))), 3)


def _apart(segments: Sequence[Segment]) -> list[Segment]:
    """Segments in order with overlaps cut from free speech; what has no room left beside a reading goes."""
    result: list[Segment] = []
    for segment in segments:
        if result and result[-1].end_ms > segment.start_ms:
            if segment.source == "article" and result[-1].source == "speech":
                shorter = _cut(result.pop(), 0, segment.start_ms)
                result += [shorter] if shorter else []
            else:
                later = _cut(segment, result[-1].end_ms, segment.end_ms)
                result += [later] if later else []
                continue
        result.append(segment)
    return result


def _cut(segment: Segment, start_ms: int, end_ms: int) -> Segment | None:
    start, end = max(segment.start_ms, start_ms), min(segment.end_ms, end_ms)
    if end - start < len(segment.words) * 2:
        return None
    known = [(min(max(w.start_ms, start), end), min(max(w.end_ms, start), end)) for w in segment.words]
    times = spread(known, start, end)
    words = tuple(replace(w, start_ms=a, end_ms=b) for w, (a, b) in zip(segment.words, times, strict=True))
    return replace(segment, start_ms=start, end_ms=end, words=words)


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
