"""Names and figures of the article that are said: how many of them stand in the result where they are said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from mediakit.evaluation.alignment import is_part
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.groups import Group, groups
from mediakit.evaluation.wording import usual, ways
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.spoken import Ways

_QUOTES = "\"'“”‘’«»()[]{}"
_POINTS = ".,;:!?…–—-"
#: Outside the article's sentences a name is looked for only if it is longer: `năm` is 5, and a year.
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name or figure as the article has it, and the ways in which each of its words may be said."""

    text: str
    said: tuple[Ways, ...]


@dataclass(frozen=True, slots=True)
class SaidName:
    """A name that is said: as the article has it, when its sentence begins (None where nobody tells), and `found`."""

    text: str
    start_ms: int | None
    found: bool


def names_of(texts: Sequence[str], beside: Beside) -> list[list[Name]]:
    """The names and figures of each sentence: runs of words in capitals, words with digits.

    The first word of a sentence has its capital in any case: it belongs to a name only if it has one elsewhere too,
    or is an abbreviation in capitals.
    """
    inner = (word for text in texts for word in text.split()[1:] if word.lstrip(_QUOTES)[:1].isupper())
    known = {fold(word.strip(_QUOTES + _POINTS)) for word in inner}
    return [[_name(run, beside) for run in _runs(text.split(), known)] for text in texts]


def _runs(words: Sequence[str], known: set[str]) -> Iterator[list[str]]:
    """The words of each name of a sentence, in order, without the marks around them."""
    run: list[str] = []
    for n, word in enumerate(words):
        core = word.strip(_QUOTES + _POINTS)
        figure, capital = any(c.isdecimal() for c in core), core[:1].isupper()
        if n == 0 and capital:
            capital = fold(core) in known or (len(core) > 1 and core.isupper())
        if run and (figure or not capital or word[0] in _QUOTES):
            yield run
            run = []
        if figure:
            yield [core + "%" * word.endswith("%")]
        elif capital:
            run.append(core)
            if not word.endswith(core):
                yield run
                run = []
    if run:
        yield run


def _name(words: Sequence[str], beside: Beside) -> Name:
    return Name(" ".join(words), ways(words, beside.learnt))


def said_names(beside: Beside) -> Mapping[Group, tuple[SaidName, ...]]:
    """The article's names that are said, by group.

    In a sentence of the article: its own names and figures, as far as it is said. Elsewhere, and where the reference
    does not tell: every name of the article of at least two words. A name is found when all its words are printed
    there, one after the other, whatever their capitals; a figure also when it is printed as it was said.
    """
    article = [sentence.text for sentence in beside.result.article.sentences] if beside.result.article else []
    names = names_of(article, beside)
    lines = [_line(usual([text], beside.learnt).words) for text in article]
    anywhere = _by_first_word([name for own in names for name in own])
    found: dict[int, list[SaidName]] = {}
    for n, item in enumerate(beside.reference.spoken):
        place = _sentence_of(beside, n, lines) if item.in_article else None
        stretches = _in_order(beside, n, names[place]) if place is not None else _anywhere(beside, n, anywhere)
        start_ms = item.span.start_ms if item.span else None
        found[n] = [SaidName(name.text, start_ms, _stands(beside, stretch)) for name, stretch in stretches]
    return {
        group: tuple(name for n in members for name in found[n]) for group, members in groups(beside.reference).items()
    }


def _sentence_of(beside: Beside, number: int, lines: Sequence[str]) -> int | None:
    """The sentence of the article, of its `lines`, that a sentence of the reference is, or is part of."""
    said = [beside.said.words[place] for place in beside.said_of[number]]
    line = _line(said)
    exact = next((n for n, text in enumerate(lines) if line in text), None)
    if exact is not None:
        return exact
    return max(
        (n for n, text in enumerate(lines) if is_part(said, text.split())),
        key=lambda n: LCSseq.similarity(said, lines[n].split()),
        default=None,
    )


def _line(words: Sequence[str]) -> str:
    """Words with a space on either side, so that one line stands in another only as whole words."""
    return f" {' '.join(words)} "


def _in_order(beside: Beside, number: int, names: Sequence[Name]) -> Iterator[tuple[Name, range]]:
    """The names of a sentence, each where it is first said after the one before."""
    room = beside.said_of[number]
    at = room.start
    for name in names:
        for first in range(at, room.stop):
            stop = _end(name.said, beside.said.words, first, room.stop)
            if stop is not None and stop > first:
                yield name, range(first, stop)
                at = stop
                break


def _by_first_word(names: Sequence[Name]) -> Mapping[str, list[Name]]:
    """Different names by the words they may begin with, the longest first."""
    found: dict[str, list[Name]] = defaultdict(list)
    for name in sorted({name.text: name for name in names}.values(), key=lambda name: -len(name.text)):
        for word in {way[0] for way in name.said[0] if way}:
            found[word].append(name)
    return found


def _anywhere(beside: Beside, number: int, names: Mapping[str, list[Name]]) -> Iterator[tuple[Name, range]]:
    """All names in a sentence of the reference, from left to right, not overlapping."""
    room = beside.said_of[number]
    at = room.start
    while at < room.stop:
        ends = ((name, _end(name.said, beside.said.words, at, room.stop))
                for name in names.get(beside.said.words[at], ()))  # fmt: skip
        name, stop = next(((n, e) for n, e in ends if e is not None and e - at >= _LEAST_WORDS), (None, at + 1))
        if name is not None:
            yield name, range(at, stop)
        at = stop


def _end(said: Sequence[Ways], words: Sequence[str], at: int, stop: int) -> int | None:
    """Where a name ends that begins at `at`, or None where it does not stand; longer ways of saying it come first."""
    if not said:
        return at
    for way in sorted(said[0], key=len, reverse=True):
        if at + len(way) <= stop and tuple(words[at : at + len(way)]) == way:
            found = _end(said[1:], words, at + len(way), stop)
            if found is not None:
                return found
    return None


def _stands(beside: Beside, stretch: range) -> bool:
    """Whether all words of a stretch of the reference are printed, one after the other."""
    first = beside.right.get(stretch.start)
    return first is not None and all(beside.right.get(p) == first + n for n, p in enumerate(stretch))
