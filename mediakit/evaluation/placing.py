"""The article's segments beside what is spoken while they last: which sentences were found, what nobody said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.evaluation.alignment import common, is_part
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.reference import Spoken
from mediakit.evaluation.wording import usual
from mediakit.timeline import Span
from mediakit.transcript.segments import Segment

#: With less than this share of its own words said, and of the spoken ones printed, a segment is another sentence.
_SAID_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A segment of the article.

    `spoken` are the places, in the reference, of what it is or is part of, spoken while it lasts; `hits` are the words
    of the reference that it prints, as places in `Beside.said`; `unsaid` are the words printed as the article's that
    are not said there. A segment is `pasted` when something else is spoken there: then no word of the article's was
    said. `whole` says that it prints just the words of `spoken`, all of them. What the speaker added is no word of
    the article's: misheard, it is an error of words as in free speech.
    """

    segment: Segment
    spoken: tuple[int, ...]
    hits: frozenset[int]
    unsaid: tuple[str, ...]
    pasted: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class ReadSentences:
    """The sentences of the article that are said.

    `found` are those that are printed as the article's where they are said, their own text or part of it; `whole`
    those of which all words are; `missed` those that are not found.
    """

    spoken: int
    found: int
    whole: int
    missed: tuple[Spoken, ...]


def place(beside: Beside) -> tuple[Placed, ...]:
    """All segments of the article beside what is spoken; the reference must have times."""
    article = beside.result.article.sentences if beside.result.article is not None else ()
    texts = {sentence.id: usual([sentence.text], beside.learnt).words for sentence in article}
    unread = {usual([text], beside.learnt).words for text in beside.reference.unread}
    return tuple(
        _placed(beside, n, texts.get(segment.sentence, ()), unread)
        for n, segment in enumerate(beside.result.segments)
        if segment.sentence is not None
    )


def _placed(beside: Beside, number: int, sentence: tuple[str, ...], unread: set[tuple[str, ...]]) -> Placed:
    segment = beside.result.segments[number]
    words = beside.words_of[number]
    own = [place for word in words for place in beside.printed_of[word]]
    printed = [beside.printed.words[place] for place in own]
    of_article = [beside.printed.owner[place] in beside.article_words for place in own]
    follows = [word for word, is_own in zip(printed, of_article, strict=True) if is_own]
    spoken = [] if sentence in unread else _spoken_there(beside, segment, follows, sentence)
    there = [place for n in spoken for place in beside.said_of[n]]
    pairs = common(printed, [beside.said.words[place] for place in there])
    right = sum(of_article[mine] for mine, _ in pairs)
    pasted = (right < _SAID_SHARE * len(follows) and len(pairs) < _SAID_SHARE * len(there)) or not right
    said = set() if pasted else {own[mine] for mine, _ in pairs}
    # A figure is several words when it is said: it counts as said with at least half of them.
    articles = [w for w in words if w in beside.article_words]
    unsaid = [w for w in articles if len(said & set(beside.printed_of[w])) < len(beside.printed_of[w]) / 2]
    return Placed(
        segment,
        tuple(spoken),
        frozenset() if pasted else frozenset(there[theirs] for _, theirs in pairs),
        tuple(beside.words[w].text for w in unsaid),
        pasted=pasted and bool(follows),
        whole=not pasted and len(pairs) == len(own) == len(there),
    )


def _spoken_there(beside: Beside, segment: Segment, printed: Sequence[str], sentence: tuple[str, ...]) -> list[int]:
    """What is spoken while the segment lasts and is its sentence or part of it.

    At its edges a segment may run into its neighbours; they count only where nothing fits better, for a sentence that
    is read twice in a row stands next to itself.
    """
    lasts = Span(segment.start_ms, segment.end_ms)
    found: list[tuple[int, int, bool]] = []
    for n, item in enumerate(beside.reference.spoken):
        overlap_ms = item.span.overlap_ms(lasts) if item.span is not None else 0
        if item.span is None or not overlap_ms:
            continue
        text = [beside.said.words[place] for place in beside.said_of[n]]
        if is_part(text, sentence) or is_part(printed, text):
            found.append((n, overlap_ms, 2 * overlap_ms >= min(item.span.duration_ms, lasts.duration_ms)))
    mostly = [n for n, _, most in found if most]
    return mostly or [n for n, _, _ in sorted(found, key=lambda one: -one[1])[:1]]


def read_sentences(beside: Beside, placed: Sequence[Placed]) -> ReadSentences:
    """How many of the article's sentences that are said were found."""
    hits = {place for segment in placed for place in segment.hits}
    read = [n for n, item in enumerate(beside.reference.spoken) if item.in_article]
    printed = {n: sum(place in hits for place in beside.said_of[n]) for n in read}
    return ReadSentences(
        spoken=len(read),
        found=sum(printed[n] > 0 for n in read),
        whole=sum(printed[n] == len(beside.said_of[n]) > 0 for n in read),
        missed=tuple(beside.reference.spoken[n] for n in read if not printed[n]),
    )
