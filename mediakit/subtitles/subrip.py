"""SubRip (`.srt`), both ways, its cues composed and its times read by the package `srt`.

The package's own reader takes minutes for a long line of spaces or digits, and cuts a cue in two whose text looks like
another; cues are found here, by their lines of times. What players pass over is refused with its line; what they accept
is accepted, and said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import srt

from mediakit.captions.caption import Caption
from mediakit.subtitles.track import CaptionsUnreadable, FileCue, Tolerated, Track, in_order, plain
from mediakit.vietnamese.normal import nfc

# As players do it: any width of the fields, a full stop for the comma, and positions after the times are taken.
_TIME = r"([0-9]{1,6}):([0-5]?[0-9]):([0-5]?[0-9])(?:[,.]([0-9]{1,3}))?"
_TIMES = re.compile(rf"{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t](.*))?")
_EXACT = re.compile(r"[0-9]{2,}:[0-9]{2}:[0-9]{2},[0-9]{3} --> [0-9]{2,}:[0-9]{2}:[0-9]{2},[0-9]{3}")
# Where a cue should begin, this tries to be times.
_ALMOST = re.compile(r"[0-9]{1,6}:[0-9]{1,2}:[0-9]{1,2}(?:[,.][0-9]|\s*-)|.*-->")
_FIGURES = re.compile(r"[-+0-9:., \t]*")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_ARROW = re.compile("-{2,}>")


def render_srt(captions: Sequence[Caption]) -> str:
    """SubRip, composed by the package `srt`."""
    return compose([FileCue(0, 0, c.start_ms, c.end_ms, tuple(_safe(line) for line in c.lines)) for c in captions])


def compose(cues: Sequence[FileCue]) -> str:
    """SubRip of cues whose lines are taken as they are, numbered anew from 1.

    One that would be read as a line of times, for a break came to stand before it, has a shorter arrow.
    """
    subtitles = [
        srt.Subtitle(
            number,
            timedelta(milliseconds=cue.start_ms),
            timedelta(milliseconds=cue.end_ms),
            "\n".join(shorter_arrows(line) if _figures_and_arrow(line) else line for line in cue.lines),
            proprietary=cue.settings,
        )
        for number, cue in enumerate(cues, start=1)
    ]
    composed: str = srt.compose(subtitles, reindex=False)
    return composed


def parse_srt(text: str) -> Track:
    """The cues of SubRip that have text, by time. `text` has `\\n` line ends and no byte order mark.

    Raises
    ------
    CaptionsUnreadable
        If a part of it is no cue, or a cue ends before it begins.
    """
    return _Reader(text).track()


class _Reader:
    """One file on its way into a track; notes what it tolerates."""

    def __init__(self, text: str) -> None:
        self._lines = [line.strip() for line in text.split("\n")]
        self._tolerated: dict[str, list[int]] = {}

    def track(self) -> Track:
        at = [(n, times) for n, line in enumerate(self._lines) if (times := self._times(n, line))]
        self._refuse_what_comes_before(at[0][0] if at else None)
        stops = [*(n for n, _ in at[1:]), len(self._lines)]
        found = [self._cue(k, n, times, stops[k - 1]) for k, (n, times) in enumerate(at, start=1)]
        cues = [cue for cue in found if cue is not None]
        for before, cue in pairwise(cues):
            if cue.start_ms < before.start_ms:
                self._tolerate("a cue begins before the one above it", cue.line)
        notes = tuple(Tolerated(what, tuple(lines)) for what, lines in self._tolerated.items())
        return Track("srt", tuple(in_order(cues)), notes)

    def _tolerate(self, what: str, line: int) -> None:
        self._tolerated.setdefault(what, []).append(line)

    def _times(self, n: int, line: str) -> tuple[str | None, ...] | None:
        """The parts of a line of times; None where it is none and does not try to be."""
        found = _TIMES.fullmatch(line)
        if found is None:
            if _figures_and_arrow(line) or (self._where_a_cue_begins(n) and _ALMOST.match(line)):
                raise CaptionsUnreadable(n + 1, f"should have the times of a cue: {line!r:.60}")
            return None
        if not _EXACT.fullmatch(line.removesuffix(found[9] or "").rstrip()):
            what = "a full stop for the comma in its times" if "." in line else "times in an unusual form"
            self._tolerate(what, n + 1)
        return found.groups()

    def _where_a_cue_begins(self, n: int) -> bool:
        """Whether above line `n` there is an empty one, or a number below an empty one."""
        if n and _NUMBER.fullmatch(self._lines[n - 1]):
            n -= 1
        return n == 0 or not self._lines[n - 1]

    def _refuse_what_comes_before(self, first: int | None) -> None:
        n = next((n for n, line in enumerate(self._lines[:first]) if line), None)
        if n is not None and not (first is not None and n == first - 1 and _NUMBER.fullmatch(self._lines[n])):
            raise CaptionsUnreadable(n + 1, "should have the number or the times of a cue")

    def _cue(self, number: int, n: int, times: tuple[str | None, ...], stop: int) -> FileCue | None:
        if n == 0 or not _NUMBER.fullmatch(self._lines[n - 1]):
            self._tolerate("a cue without a number", n + 1)
        elif n > 1 and self._lines[n - 2]:
            self._tolerate("no empty line before a cue", n)
        content = self._lines[n + 1 : stop]
        if stop < len(self._lines) and content and _NUMBER.fullmatch(content[-1]):
            content.pop()  # the number of the cue that follows
        while content and not content[-1]:
            content.pop()
        if "" in content:
            self._tolerate("an empty line inside a cue", n + 2 + content.index(""))
        start_ms, end_ms = _milliseconds(times[:4]), _milliseconds(times[4:8])
        lines = tuple(nfc(" ".join(line.split())) for line in content if line)
        if end_ms < start_ms:
            raise CaptionsUnreadable(n + 1, "the cue ends before it begins")
        if not any(plain(line, "srt").strip() for line in lines):
            self._tolerate("a cue without text", n + 1)
            return None
        if start_ms == end_ms:
            self._tolerate("a cue that ends when it begins", n + 1)
        return FileCue(number, n + 1, start_ms, end_ms, lines, settings=(times[8] or "").strip())


def _figures_and_arrow(line: str) -> bool:
    """Whether a line has nothing but figures before an arrow: times, or what tries to be."""
    before, arrow, _ = line.partition("-->")
    return bool(arrow and _FIGURES.fullmatch(before) and before.strip(" \t-"))


def _milliseconds(parts: Sequence[str | None]) -> int:
    """A time, whose fraction may have any width: `,5` is half a second."""
    time = srt.srt_timestamp_to_timedelta("{}:{}:{},{}".format(*parts[:3], (parts[3] or "0").ljust(3, "0")))
    return int(time // timedelta(milliseconds=1))


def shorter_arrows(text: str) -> str:
    """`text` in which nothing can be read as a line of times: SubRip has no escape for `-->`."""
    return _ARROW.sub("->", text)


def _safe(line: str) -> str:
    return shorter_arrows(" ".join(nfc(line).split()))
