"""The marks inside a cue that all players know, bold, italic and underlined, from one format of captions to another."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mediakit.subtitles.track import FileCue, Kind, plain

#: `b`, `i` and `u`, as SubRip and WebVTT name them.
MARKS = "biu"

_TAG = re.compile(r"(<[^<>\n]*>)")
_LATE_END = re.compile(r"\n((?:</[^<>]*>)+)")
_KNOWN = re.compile(rf"<(/?)([{MARKS}])[\s.>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a cue's text as a reader sees it, line ends included, and the marks that all of it has."""

    text: str
    marks: frozenset[str] = frozenset()


def runs(cue: FileCue, kind: Kind) -> list[Run]:
    """The text of a cue, without escapes and empty lines, cut where its marks change.

    >>> cue = FileCue(1, 1, 0, 1, ("<i>Xin &lt;chào&gt;", "</i><v Lan>bà"))
    >>> [(run.text, sorted(run.marks)) for run in runs(cue, "vtt")]
    [('Xin <chào>', ['i']), ('\\nbà', [])]
    """
    found: list[Run] = []
    marks: set[str] = set()
    for piece in _TAG.split(_one_text(cue.lines, kind)):
        shown = plain(piece, kind)
        mark = _KNOWN.match(piece)
        if shown and found and found[-1].marks == marks:
            found[-1] = Run(found[-1].text + shown, found[-1].marks)
        elif shown:
            found.append(Run(shown, frozenset(marks)))
        elif mark and mark[1]:
            marks.discard(mark[2].lower())
        elif mark:
            marks.add(mark[2].lower())
    return found


def tagged(pieces: Sequence[Run], escaped: Callable[[str], str]) -> tuple[str, ...]:
    """The lines of a cue with marks as SubRip and WebVTT write them, its text escaped as `escaped` does."""
    text, open_marks = "", ""
    for run in (*pieces, Run("")):
        wanted = "".join(mark for mark in MARKS if mark in run.marks)
        while not wanted.startswith(open_marks):
            text += f"</{open_marks[-1]}>"
            open_marks = open_marks[:-1]
        text += "".join(f"<{mark}>" for mark in wanted.removeprefix(open_marks)) + escaped(run.text)
        open_marks = wanted
    return tuple(text.split("\n"))


def _one_text(lines: Sequence[str], kind: Kind) -> str:
    """The lines as one text, in which one that shows nothing, as one of marks alone, begins no line of its own."""
    text, begun = "", False
    for line in lines:
        shows = bool(plain(line, kind).strip())
        text += f"\n{line}" if begun and shows else line
        begun = begun or shows
    return _LATE_END.sub(r"\1\n", text)
