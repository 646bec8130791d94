"""Which of the heard words are the article's, and what is then printed.

The article is the authority for what it covers and for nothing else: a sentence that was clearly said is printed as
the article has it, a sentence said in part as the part that was said, and all other speech as it was heard.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate
from statistics import median
from threading import Lock
from typing import TypeVar

from mediakit.article.document import Article
from mediakit.grounding.as_said import as_said
from mediakit.grounding.match import Visit, match
from mediakit.grounding.missing import Gap, Search
from mediakit.grounding.printing import free_segments, heard_in, said_in, segments_of
from mediakit.grounding.reading import Reading
from mediakit.grounding.script import Comparison, HeardSyllables, Script
from mediakit.grounding.shared_sound import shared
from mediakit.grounding.stretch import as_aligned
from mediakit.grounding.timing import Loudness, snap_edges, without_pauses
from mediakit.grounding.verdict import Verdict, coverage, verdict
from mediakit.grounding.weighing import USUAL_PACE_MS, Sound, Weighing
from mediakit.grounding.word_times import with_word_times
from mediakit.grounding.wording import Run, Worded, Wording
from mediakit.language_model.article import ArticleNGram
from mediakit.language_model.mixture import Mixture
from mediakit.language_model.ngram import NGram
from mediakit.process_memory import give_back_memory
from mediakit.search.costs import Costs
from mediakit.speech.engine import Heard, Window
from mediakit.speech.evidence import Judge, WordEvidence
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

T = TypeVar("T")

#: What is thought of how much is the article's, before anything is heard.
EVEN = (0.5, 0.5)
#: A visit with this much evidence a syllable (nats) from the syllables alone bounds its neighbours in time.
_STRONG = 0.9


@dataclass(frozen=True)
class Grounding:
    """What was said, tied to the article: segments in order, verdict, coverage (0 to 1) and ids not read.

    Where nobody speaks there is nothing to judge, and `verdict` is None.
    """

    segments: tuple[Segment, ...]
    verdict: Verdict | None
    coverage: float
    unread: tuple[str, ...]


def ground(
    heard: Sequence[Heard],
    article: Article,
    *,
    duration_ms: int,
    judge: Judge | None = None,
    sound: Sound | None = None,
    threads: int = 1,
    costs: Costs | None = None,
) -> Grounding:
    """Tie what was heard to the sentences of the article.

    Parameters
    ----------
    heard
        All windows of one media file, in order.
    judge, sound
        The engine where it can weigh texts, and the sound it weighs them on. `sound` is asked for stretches of at
        most 30 s, several times through the file in order of time. Without them the syllables alone decide.
    threads
        From how many threads at a time the judge may be asked; `sound` is asked from one at a time.
    costs
        Those of the search for the words that were said; without them those that were fitted.
    """
    if sound is not None and threads > 1:
        sound = _one_at_a_time(sound)
    script, loudness = Script.of(article), Loudness.of(heard)
    said = HeardSyllables.of(*_heard_words(heard, loudness))
    comparison = Comparison.of(said.syllables, script.syllables)
    visits = _joined(match(comparison.heard, comparison.article, script.starts, comparison.table))
    usual, (script, visits) = script, as_said(script, visits, said)
    if script is not usual:
        comparison = Comparison.of(said.syllables, script.syllables)
    weighing = Weighing(said, script, comparison, loudness, judge, sound, _pace_ms(visits, said, script))
    with _side_by_side(threads) as run:
        readings = _weighed(visits, weighing, duration_ms, run)
        if judge is not None:
            readings = _completed(readings, weighing, duration_ms, run)
            readings = _with_doubtful(readings, visits, weighing, duration_ms)
        worded = _worded(readings, weighing, article, heard, costs or Costs(), run)
    segments = segments_of(worded, weighing, duration_ms)
    if sound is not None:
        give_back_memory()  # of weighing: words' times need as much again
        segments = with_word_times(segments, said_in(worded, script), sound, loudness)
    read = {one.reading.sentence for one in worded}
    share = coverage(segments)
    return Grounding(
        tuple(segments),
        verdict(share, sum(script.size(i) for i in read) / max(1, len(script.syllables))) if segments else None,
        share,
        tuple(s.id for i, s in enumerate(script.sentences) if i not in read),
    )


def free_speech(heard: Sequence[Heard], *, duration_ms: int) -> tuple[Segment, ...]:
    """What was heard without an article: stretches between pauses, sentence ends and changes of language."""
    loudness = Loudness.of(heard)
    words, languages = _heard_words(heard, loudness)
    return tuple(snap_edges(free_segments(words, {}, languages), loudness, duration_ms))


def _heard_words(heard: Iterable[Heard], loudness: Loudness) -> tuple[list[Word], dict[Word, str]]:
    """All words in order, each where there is sound; and of the foreign ones the language."""
    words: list[Word] = []
    languages: dict[Word, str] = {}
    for window in heard:
        found = without_pauses(window.words, loudness)
        words += found
        if window.language is not None:
            languages.update((word, window.language) for word in found)
    return words, languages


def _joined(visits: Sequence[Visit]) -> list[Visit]:
    """Visits with the parts of a sentence that was gone on with as one: what lies between may be said, or left out."""
    result: list[Visit] = []
    for visit in visits:
        last = result[-1] if result else None
        if last is not None and last.sentence == visit.sentence and last.pairs[-1][1] < visit.pairs[0][1]:
            visit = Visit(visit.sentence, last.pairs + visit.pairs, last.score + visit.score)
            result.pop()
        result.append(visit)
    return result


def _pace_ms(visits: Sequence[Visit], said: HeardSyllables, script: Script) -> float:
    """The speaker's usual time for a syllable, from the visits that most syllables of their sentence were heard of."""
    paces = [
        (said.time_of(v.pairs[-1][0])[1] - said.time_of(v.pairs[0][0])[0]) / (v.pairs[-1][1] - v.pairs[0][1] + 1)
        for v in visits
        if len(v.pairs) > script.size(v.sentence) / 2
    ]
    return median(paces) if paces else USUAL_PACE_MS


def _one_at_a_time(sound: Sound) -> Sound:
    lock = Lock()

    def locked(start_ms: int, end_ms: int) -> Window:
        with lock:
            return sound(start_ms, end_ms)

    return locked


@contextmanager
def _side_by_side(threads: int) -> Iterator[Run]:
    """Runs each of some pieces of work in one of so many threads; what they give comes in their order."""

    def in_turn(work: Iterable[Callable[[], T]]) -> Iterator[T]:
        return (one() for one in work)

    if threads == 1:
        yield in_turn
        return
    pool = ThreadPoolExecutor(threads)

    def beside(work: Iterable[Callable[[], T]]) -> Iterator[T]:
        return (done.result() for done in [pool.submit(one) for one in work])

    try:
        yield beside
    finally:
        pool.shutdown(cancel_futures=True)


def _weighed(visits: Sequence[Visit], weighing: Weighing, duration_ms: int, run: Run) -> list[Reading]:
    """Readings from the visits of the alignment, in order, not overlapping."""
    said, script = weighing.said, weighing.script
    edges = [(said.time_of(v.pairs[0][0])[0], said.time_of(v.pairs[-1][0])[1]) for v in visits]
    strong = [v.score >= _STRONG * script.size(v.sentence) for v in visits]
    lows = [0, *accumulate((end if sure else 0 for (_, end), sure in zip(edges, strong, strict=True)), max)]
    starts = [start if sure else duration_ms for (start, _), sure in zip(edges, strong, strict=True)]
    highs = [*reversed([duration_ms, *accumulate(reversed(starts), min)])]
    readings: list[Reading] = []
    # Each visit is weighed by itself, so that several can be; what claims the same sound is settled in order.
    for found in run(partial(weighing.visit, *one) for one in zip(visits, lows, highs[1:], strict=False)):
        for reading in found:
            _place(readings, reading, weighing)
    return readings


def _with_doubtful(
    readings: Sequence[Reading], visits: Sequence[Visit], weighing: Weighing, duration_ms: int
) -> list[Reading]:
    """The readings and, where none of them is, the sentences that may have been said with other words."""
    result = list(readings)
    for visit in visits:
        first, last = (weighing.said.time_of(pair[0]) for pair in (visit.pairs[0], visit.pairs[-1]))
        place = bisect_right(result, first[0], key=lambda reading: reading.start_ms)
        low = result[place - 1].end_ms if place else 0
        high = result[place].start_ms if place < len(result) else duration_ms
        if low <= first[0] and last[1] <= high and all(one.sentence != visit.sentence for one in readings):
            found = weighing.doubtful(visit, low, high)
            result[place:place] = [found] if found is not None else []
    return result


def _place(readings: list[Reading], new: Reading, weighing: Weighing) -> None:
    """Append a reading; of two that claim the same sound the one with more evidence stays."""
    while readings and readings[-1].start_ms + readings[-1].end_ms >= 2 * new.start_ms:
        if readings[-1].gain >= new.gain:
            return
        readings.pop()
    if readings and readings[-1].end_ms > new.start_ms:
        readings[-1], new = weighing.apart(readings[-1], new)
    if readings and readings[-1].end_ms > new.start_ms:
        border = (readings[-1].end_ms + new.start_ms) // 2
        readings[-1] = _clipped(readings[-1], readings[-1].start_ms, border)
        new = _clipped(new, border, new.end_ms)
    readings.append(new)


def _worded(
    readings: Sequence[Reading],
    weighing: Weighing,
    article: Article,
    heard: Sequence[Heard],
    costs: Costs,
    run: Run,
) -> list[Worded]:
    """Readings with the words that were said, without those of which too few are their sentence's."""
    own = heard_in(readings, weighing)
    if not readings or weighing.judge is None or weighing.sound is None:
        aligned = [Worded(one, as_aligned(one, words, weighing)) for one, words in zip(readings, own, strict=True)]
        return [one for one in aligned if one.follows]
    general = NGram.open()
    # Weighing looks at windows of its own: its bounds were measured on these.
    language = Mixture((general, ArticleNGram.of(article, general)), EVEN)
    wording = Wording(weighing, weighing.judge, shared(weighing.sound, heard), general, language, costs)
    return [one for one in wording.of(readings, own, run) if one.follows]


def _clipped(reading: Reading, start_ms: int, end_ms: int) -> Reading:
    def clip(word: WordEvidence) -> WordEvidence:
        begin = min(max(word.start_ms, start_ms), end_ms)
        return replace(word, start_ms=begin, end_ms=min(max(word.end_ms, begin), end_ms))

    return replace(reading, evidence=tuple(clip(word) for word in reading.evidence))


def _completed(readings: Sequence[Reading], weighing: Weighing, duration_ms: int, run: Run) -> list[Reading]:
    """The readings and, between them, the missing sentences that the sound confirms."""
    search = Search(weighing)
    read = frozenset(reading.sentence for reading in readings)
    gaps = [Gap(*edges, duration_ms) for edges in zip([None, *readings], [*readings, None], strict=True)]
    # All gaps are searched as if nothing were found in the others; where that matters, once more, in order.
    drafts = run([partial(search.within, gap, read) for gap in gaps])
    found_so_far, result = set(read), list[Reading]()
    for gap, found in zip(gaps, drafts, strict=True):
        if search.candidates(gap, found_so_far) != search.candidates(gap, read):
            found = search.within(gap, found_so_far)
        found_so_far |= {reading.sentence for reading in found}
        result += found
        if gap.after is not None:
            result.append(gap.after)
    return result
