"""A line of times as people and programs write it, also where players do not take it but it is plain to read."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mediakit.timeline import MS_PER_SECOND, timestamp

_CLOCK = r"[0-9]{1,6}(?:[ \t]*[:;.,][ \t]*[0-9]{1,9}){1,3}"
_FULL = r"[0-9]{1,6}:[0-9]{1,2}:[0-9]{1,2}[ \t]*[:;.,][ \t]*[0-9]{1,9}"
_DASH = "[-\u2010-\u2015\u2212=~]"
#: `-->`, and what becomes of it: `->`, `–>`, `- ->`, `—>`, `--&gt;`, `→`.
_ARROW = rf"(?:(?:{_DASH}[ \t]*){{1,6}}(?:>|&gt;)|[→⇒⟶➔➜])"
# Before the first time there may be a bracket, a mark for a lost character, or a number that belongs a line above.
_ODD = re.compile(rf"[^\w-]{{0,8}}(?:[0-9]{{1,6}}[ \t]+)?({_CLOCK})[ \t]*({_ARROW})[ \t]*({_CLOCK})(?:\W(.*))?")
_HALF = re.compile(r"\W{0,8}-{2,}>[ \t]*[0-9]{1,6}:[0-9]")
_INSIDE = re.compile(rf"{_FULL}[ \t]*-{{2,}}[ \t]*>[ \t]*-?{_FULL}")
_ALONE = re.compile(rf"[^\w-]{{0,8}}{_FULL}[ \t]*{_ARROW}[ \t]*{_FULL}\W{{0,8}}")
#: A line without any of these has no times.
_HINT = re.compile("[>＞→⇒⟶➔➜]|&gt;")
#: Longer lines are text, whatever is in them.
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Times:
    """Start and end in milliseconds, and what stands behind them; `strong` is whether its arrow is one to players."""

    start_ms: int
    end_ms: int
    settings: str
    strong: bool


def odd_times(line: str) -> Times | None:
    """The times of a line that has nothing else, in whatever form they are plain to read; None where they are not.

    >>> odd_times("1:02,5 –> 00:01:04.250 X1:10"), odd_times("00:00:61,000 --> 00:01:02,000")
    (Times(start_ms=62500, end_ms=64250, settings='X1:10', strong=False), None)
    """
    found = _ODD.fullmatch(_plain(line)) if _may_have_times(line) else None
    if found is None:
        return None
    start_ms, end_ms = _milliseconds(found[1]), _milliseconds(found[3])
    if start_ms is None or end_ms is None:
        return None
    return Times(start_ms, end_ms, (found[4] or "").strip(), found[2].startswith("--"))


def backwards(times: Times) -> str:
    """What is wrong with a cue of these times."""
    return f"the cue ends before it begins ({timestamp(times.start_ms)} --> {timestamp(times.end_ms)})"


def holds_times(line: str) -> bool:
    """Whether a line has an arrow between two whole times in it, or begins with one before a time: it is no text."""
    return "--" in line and (_INSIDE.search(line) or _HALF.match(line)) is not None


def is_alone(line: str) -> bool:
    """Whether a line is nothing but two whole times and an arrow, be it one that players do not know."""
    return _may_have_times(line) and _ALONE.fullmatch(_plain(line)) is not None


def _may_have_times(line: str) -> bool:
    return len(line) <= _LONGEST and _HINT.search(line) is not None


def _plain(line: str) -> str:
    """Full-width figures and other spaces as plain ones."""
    return line if line.isascii() else unicodedata.normalize("NFKC", line)


def _milliseconds(text: str) -> int | None:
    """`[[hours:]minutes:]seconds[,fraction]`, whatever parts them; None where no clock shows that.

    The last number is a fraction if it is the fourth, has three figures, or another mark stands before it than before
    the others. Two figures after a fourth colon may be frames: nobody can tell how long they are.
    """
    numbers, marks = re.findall(r"[0-9]+", text), re.findall(r"[:;.,]", text)
    other_mark = marks[-1] in ".," if len(marks) == 1 else marks[-1] != marks[0]
    if len(numbers) == 4 and not other_mark and len(numbers[-1]) != 3:
        return None
    has_fraction = other_mark or len(numbers) == 4 or len(numbers[-1]) >= 3
    fraction = numbers.pop() if has_fraction else "0"
    hours, minutes, seconds = ([0, 0, *map(int, numbers)])[-3:]
    if seconds >= 60 or (minutes >= 60 and len(numbers) > 2):
        return None
    return ((hours * 60 + minutes) * 60 + seconds) * MS_PER_SECOND + int(fraction[:3].ljust(3, "0"))
