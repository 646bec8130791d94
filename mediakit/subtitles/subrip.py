"""SubRip (`.srt`), both ways, its cues composed by the package `srt`.

The package's own reader takes minutes for a long line of spaces or digits, and cuts a cue in two whose text looks like
another; cues are found here, by their lines of times. What players accept is accepted, and said. What they pass over is
a bad cue: it is named, and the others are read.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import srt

from mediakit.captions.caption import Caption
from mediakit.subtitles.spans import unbalanced
from mediakit.subtitles.timings import Times, backwards, holds_times, is_alone, odd_times
from mediakit.subtitles.tolerance import Tolerance, readable
from mediakit.subtitles.track import BadCue, Block, FileCue, Track, in_order, plain
from mediakit.vietnamese.normal import nfc

# As players do it: any width of the fields, a full stop for the comma, and positions after the times are taken.
_TIME = r"[0-9]{1,6}:[0-5]?[0-9]:[0-5]?[0-9](?:[,.][0-9]{1,3})?"
_TIMES = re.compile(rf"({_TIME}[ \t]*-->[ \t]*{_TIME})(?:[ \t].*)?")
_EXACT = re.compile(r"[0-9]{2,}:[0-9]{2}:[0-9]{2},[0-9]{3} --> [0-9]{2,}:[0-9]{2}:[0-9]{2},[0-9]{3}")
# Where a cue should begin, this tries to be times.
_ALMOST = re.compile(r"[0-9]{1,6}:[0-9]{1,2}:[0-9]{1,2}(?:[,.][0-9]|\s*-)|.*-->")
_FIGURES = re.compile(r"[-+0-9:., \t]*")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
#: `3.`, `#3`, `[3]`, `3a`: what stands alone above times after an empty line, and is no word.
_NEARLY_A_NUMBER = re.compile(r"[^\w\s]{0,3}\w?[0-9]{1,9}\w?[^\w\s]{0,3}")
#: What programs write in place of a number: no words, which would be lost (`cue-3`, `abc`; `Vâng.` is one).
_IDENTIFIER = re.compile(r"[A-Za-z0-9_#:/-]+")
_ARROW = re.compile("-{2,}>")
_COORDINATES = re.compile(r"(?:[XY][12]:\s*[0-9]+\s*)+", re.IGNORECASE)


def render_srt(captions: Sequence[Caption]) -> str:
    """SubRip, composed by the package `srt`."""
    return compose([FileCue(0, 0, c.start_ms, c.end_ms, tuple(_safe(line) for line in c.lines)) for c in captions])


def compose(cues: Sequence[FileCue]) -> str:
    """SubRip of cues whose lines are taken as they are, numbered anew from 1.

    One that would be read as a line of times, for a break came to stand before it, has a shorter arrow.
    """
    return recompose(Track("srt", ()), cues)


def recompose(track: Track, cues: Sequence[FileCue]) -> str:
    """SubRip of `cues`, which came of the cues of `track`, with what else it had where it stood; numbered anew."""
    found: list[str] = []
    blocks, number = deque(track.blocks), 0
    for cue in (*cues, None):
        while blocks and (cue is None or blocks[0].before <= cue.number):
            block = blocks.popleft()
            number += block.cue
            found.append(f"{number}\n{block.text}\n\n" if block.cue else f"{block.text}\n\n")
        if cue is not None:
            number += 1
            found.append(_composed(number, cue))
    return "".join(found)


def _composed(number: int, cue: FileCue) -> str:
    subtitle = srt.Subtitle(
        number,
        timedelta(milliseconds=cue.start_ms),
        timedelta(milliseconds=cue.end_ms),
        "\n".join(shorter_arrows(line) if _is_times(line) else line for line in cue.lines),
        proprietary=cue.settings,
    )
    composed: str = subtitle.to_srt()
    return composed


def parse_srt(text: str) -> Track:
    """The cues of SubRip that have text, by time. `text` has `\\n` line ends and no byte order mark.

    Raises
    ------
    CaptionsUnreadable
        If there are cues, or what should be, and none can be read; it names the first.
    """
    return _Reader(text).track()


@dataclass(frozen=True, slots=True)
class _Head:
    """The lines with which a cue begins, from 0: `first`, that of its number or else its times, and `times_at`.

    Where there are no times, or nobody can read them, `wrong` says so; it may also say what players make of them.
    """

    first: int
    times_at: int | None
    number: int | None
    times: Times | None
    wrong: str = ""

    @property
    def content(self) -> int:
        """The first line of its text."""
        return (self.first if self.times_at is None else self.times_at) + 1


class _Reader:
    """One file on its way into a track; notes what it tolerates, and what it cannot read."""

    def __init__(self, text: str) -> None:
        self._raw = text.split("\n")
        self._lines = [line.strip() for line in self._raw]
        self._tolerance = Tolerance()
        self._bad: list[BadCue] = []
        self._blocks: list[Block] = []

    def track(self) -> Track:
        heads = list(self._with_untimed(self._heads()))
        for last, head in pairwise(heads):
            if None not in (last.number, head.number) and head.number != (last.number or 0) + 1:
                self._tolerance.note("a number that does not follow the one before", head.first + 1)
        self._preface(heads[0].first if heads else len(self._lines))
        stops = [*(head.first for head in heads), len(self._lines)][1:]
        found = [self._cue(k, head, stop) for k, (head, stop) in enumerate(zip(heads, stops, strict=True), start=1)]
        cues = [cue for cue in found if cue is not None]
        for before, cue in pairwise(cues):
            if cue.start_ms < before.start_ms:
                self._tolerance.note("a cue begins before the one above it", cue.line)
        return readable(Track("srt", in_order(cues), self._tolerance.notes(), tuple(self._blocks), tuple(self._bad)))

    def _heads(self) -> list[_Head]:
        """Where the cues with times begin, or with what tries to be times."""
        found: list[_Head] = []
        for n, line in enumerate(self._lines):
            if not (read := self._times(n, line)):
                continue
            before = found[-1] if found else None
            first, number = self._number_above(n, before)
            found.append(_Head(first, n, number, *read))
        return found

    def _times(self, n: int, line: str) -> tuple[Times | None, str] | None:
        """The times in a line and what is wrong with them; None where it has none and does not try to."""
        if match := _TIMES.fullmatch(line):
            if not _EXACT.fullmatch(match[1]):
                what = "a full stop for the comma in its times" if "." in match[1] else "times in an unusual form"
                self._tolerance.note(what, n + 1)
            times = odd_times(match[1])
            return times and replace(times, settings=line[match.end(1) :].strip()), ""
        begins = self._where_a_cue_begins(n)
        times = odd_times(line)
        if times and (times.strong or begins or (self._is_number(n - 1) and is_alone(line))):
            return times, "its times are in a form that players do not take"
        if _is_times(line) or (begins and _ALMOST.match(line)):
            return None, f"should have the times of a cue: {line!r:.60}"
        return None

    def _where_a_cue_begins(self, n: int) -> bool:
        """Whether above line `n` there is an empty one, or a number below an empty one."""
        return self._below_empty(n - 1 if self._is_number(n - 1) else n)

    def _below_empty(self, n: int) -> bool:
        return n == 0 or not self._lines[n - 1]

    def _is_number(self, n: int) -> bool:
        return n >= 0 and _NUMBER.fullmatch(self._lines[n]) is not None

    def _number_above(self, n: int, before: _Head | None) -> tuple[int, int | None]:
        """The first line of the cue with times in line `n`, and its number if it has one."""
        least = before.content if before is not None else 0
        expected = before.number + 1 if before is not None and before.number is not None else None
        if n > least and self._is_number(n - 1):
            first, number = n - 1, int(self._lines[n - 1])
            if not self._below_empty(first):
                self._tolerance.note("no empty line before a cue", n)
        elif (
            n - 1 > least
            and not self._lines[n - 1]
            and (before is None or expected)
            and self._counts_on(n - 2, expected)
        ):
            first, number = n - 2, int(self._lines[n - 2])
            self._tolerance.note("an empty line between number and times", n)
        else:
            return self._instead_of_number(n, least), None
        return first, number

    def _instead_of_number(self, n: int, least: int) -> int:
        """The first line of the cue with times in line `n` that has no number: of what stands for it, or the times."""
        above = self._lines[n - 1] if n > least and self._below_empty(n - 1) else ""
        nearly = _NEARLY_A_NUMBER.fullmatch(above) is not None
        if nearly or (_IDENTIFIER.fullmatch(above) and "-->" in self._lines[n]):
            what = "a number that is none" if nearly else "an identifier instead of a number"
            self._tolerance.note(what, n)
            return n - 1
        self._tolerance.note("a cue without a number", n + 1)
        return n

    def _counts_on(self, n: int, expected: int | None) -> bool:
        """Whether line `n`, below an empty one, is a number and the one that should be there."""
        return self._is_number(n) and self._below_empty(n) and expected in (None, int(self._lines[n]))

    def _with_untimed(self, heads: Sequence[_Head]) -> Iterator[_Head]:
        """The heads, and between them those of cues that have a number and no times, but for it left out by nobody."""
        at, expected = 0, 1
        for head in (*heads, None):
            stop = head.first if head is not None else len(self._lines)
            for n in range(at, stop - 1):
                missing = head is None or head.number != expected
                # An empty line may stand between the number and its text.
                has_text = any(self._lines[n + 1 : min(n + 3, stop)])
                if missing and has_text and self._counts_on(n, expected):
                    yield _Head(n, None, expected, None, "has no times")
                    expected += 1
            if head is not None:
                yield head
                at, expected = head.content, (expected if head.number is None else head.number) + 1

    def _preface(self, stop: int) -> None:
        """Text before the first cue belongs to none; players pass over it."""
        line = next((n for n in range(stop) if self._lines[n]), None)
        if line is not None:
            self._bad.append(BadCue(0, line + 1, "should have the number or the times of a cue"))
            self._blocks.append(Block(0, self._verbatim(line, stop)))

    def _verbatim(self, start: int, stop: int) -> str:
        return "\n".join(self._raw[start:stop]).rstrip()

    def _cue(self, number: int, head: _Head, stop: int) -> FileCue | None:
        times, wrong = head.times, head.wrong
        if times is None or times.end_ms < times.start_ms:
            self._refused(number, head, stop, wrong if times is None else backwards(times))
            return None
        line, lines = head.content, self._text(head.content, stop)
        if not lines and times.settings and not _COORDINATES.fullmatch(times.settings):
            lines, times, wrong = (times.settings,), replace(times, settings=""), "its text stands beside its times"
        if not any(plain(text, "srt").strip() for text in lines):
            self._tolerance.note("a cue without text", line)
            return None
        if times.start_ms == times.end_ms:
            self._tolerance.note("a cue that ends when it begins", line)
        if unbalanced(lines, "srt"):
            self._tolerance.note("a mark that is opened or closed alone", line)
        cue = FileCue(number, line, times.start_ms, times.end_ms, lines, settings=times.settings)
        if wrong:
            self._bad.append(BadCue(number, line, wrong, cue))
        return cue

    def _text(self, start: int, stop: int) -> tuple[str, ...]:
        """The lines of a cue's text, from line `start` on."""
        content = self._lines[start:stop]
        while content and not content[-1]:
            content.pop()
        if "" in content:
            self._tolerance.note("an empty line inside a cue", start + 1 + content.index(""))
        return tuple(nfc(" ".join(text.split())) for text in content if text)

    def _refused(self, number: int, head: _Head, stop: int, what: str) -> None:
        """Name a cue that nobody can show, and keep it as it is."""
        at = head.content if head.times_at is None else head.times_at
        line = head.first if head.times_at is None else head.times_at
        self._bad.append(BadCue(number, line + 1, what))
        self._blocks.append(Block(number, self._verbatim(at, stop), cue=True))


def _is_times(line: str) -> bool:
    """Whether a line can be nothing but times, or what tries to be."""
    return "--" in line and (_figures_and_arrow(line) or holds_times(line))


def _figures_and_arrow(line: str) -> bool:
    """Whether a line has nothing but figures before an arrow: times, or what tries to be."""
    before, arrow, _ = line.partition("-->")
    return bool(arrow and _FIGURES.fullmatch(before) and before.strip(" \t-"))


def shorter_arrows(text: str) -> str:
    """`text` in which nothing can be read as a line of times: SubRip has no escape for `-->`."""
    return _ARROW.sub("->", text)


def _safe(line: str) -> str:
    return shorter_arrows(" ".join(nfc(line).split()))
