r"""Marks of a cue that hold for a stretch of its text, where the cue becomes several: each of them has its own.

`<i>`, `<font color=…>`, `<c.yellow>`, `<v Lan>`, `<lang en>`, `<ruby>` are closed where a cue ends and opened again in
the next; `{\an8}`, `{\i1}` and their like are said again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from mediakit.subtitles.track import MARKS, FileCue, Kind, pieces

_NAME = re.compile(r"<(/?)([a-z]+)(?=[.\s/>])", re.IGNORECASE)
#: Others are ignored by browsers.
_VTT_NAMES = frozenset(("b", "c", "i", "lang", "rt", "ruby", "u", "v"))
_LEADING_END = re.compile(r"\s*(</[^<>]*>)")
_VOICE = re.compile(r"\s*<v[.\s>]", re.IGNORECASE)
_INNER_TIME = re.compile(r"<(?:([0-9]{1,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})>")
_OVERRIDES = re.compile(r"\{\\[^{}]*\}")
_OVERRIDE = re.compile(r"\\([1-4]?[a-zA-Z]+)(\([^()]*\)|[^\\(){}]*)")
#: They are of the whole cue, wherever they stand in it, and of an animation nothing is left in a part.
_WHOLE_CUE = re.compile(r"an?[0-9]*|pos|move|org|i?clip|q[0-9]*")
_PLACES = ("a", "an", "pos", "move")
_SWITCH = re.compile(r"([bius])[0-9]*")
_PASSING = re.compile(r"fade?|t|k[fo]?[0-9]*|r.*", re.IGNORECASE)
#: Nobody opens more; who does so wants a small file to become a large one.
_MOST_OPEN = 64


class _Open:
    """The marks that are open at a place of the text, outermost first."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._tags: dict[int, tuple[str, str]] = {}
        self._places: dict[str, list[int]] = defaultdict(list)
        self._count = 0

    def read(self, mark: str) -> bool:
        """Take a mark in; False for an end without a beginning."""
        found = _NAME.match(mark)
        if found is None or (self._kind == "vtt" and found[2].lower() not in _VTT_NAMES):
            return True
        name = found[2].lower()
        if found[1]:
            return self._close(name)
        if name == "v":  # nobody speaks inside what another says: the end of a voice may be left out
            self.end_voice()
        self._count += 1
        self._tags[self._count] = name, mark
        self._places[name].append(self._count)
        return True

    def _close(self, name: str, *, anywhere: bool = False) -> bool:
        """Close the last of that name; browsers close only the innermost mark, players of SubRip any."""
        if not self._places[name]:
            return False
        if self._kind == "vtt" and not anywhere:
            if name == "ruby" and self.innermost() == "rt":
                self._close("rt")
            if self.innermost() != name:
                return False
        del self._tags[self._places[name].pop()]
        return True

    def end_voice(self) -> None:
        """Nobody speaks any more: another begins, or the end was left out."""
        self._close("v", anywhere=True)

    def innermost(self) -> str:
        """The name of the mark that was opened last and is still open; empty where there is none."""
        return self._tags[next(reversed(self._tags))][0] if self._tags else ""

    def names(self) -> list[str]:
        """The names of all that are open."""
        return [name for name, _ in self._tags.values()]

    def beginnings(self) -> str:
        """All of them as they were opened."""
        return "".join(tag for _, tag in self._carried())

    def ends(self) -> str:
        """What closes all of them."""
        return "".join(f"</{name}>" for name, _ in reversed(self._carried()))

    def _carried(self) -> list[tuple[str, str]]:
        return list(islice(self._tags.values(), _MOST_OPEN))


def unbalanced(lines: Sequence[str], kind: Kind) -> bool:
    """Whether a mark of the cue is opened and not closed, or closed and not opened; voices need no end."""
    marks = _Open(kind)
    paired = [marks.read(mark) for line in lines if "<" in line for mark in MARKS[kind].findall(line)]
    return not all(paired) or any(name != "v" for name in marks.names())


def carried(parts: Sequence[Sequence[str]], kind: Kind) -> list[tuple[str, ...]]:
    r"""The lines of the cues that one became, each with the marks that hold in it, and all of them closed.

    >>> carried([("<i>Xin", "chào"), ("bà</i> con",)], "srt")
    [('<i>Xin', 'chào</i>'), ('<i>bà</i> con',)]
    >>> carried([(r"{\an8}Xin",), ("chào",)], "srt")
    [('{\\an8}Xin',), ('{\\an8}chào',)]
    """
    if len(parts) < 2 or kind not in MARKS:
        return [tuple(lines) for lines in parts]
    texts = list(_with_own_marks(["\n".join(lines) for lines in parts], kind))
    if kind == "srt" and any("{\\" in text for text in texts):
        texts = _with_own_overrides(texts)
    return [tuple(line for line in text.split("\n") if line) for text in texts]


def _with_own_marks(texts: Sequence[str], kind: Kind) -> Iterator[str]:
    marks, moved = _Open(kind), ""
    for n, given in enumerate(texts, start=1):
        text = moved + given
        # What begins at the end of a part, the time of the next word too, is of the next one.
        until = _end_of_text(text, kind) if n < len(texts) else len(text)
        text, moved = text[:until].rstrip(), text[until:].strip()
        # What ends where a part begins was closed with the part before.
        at = 0
        while n > 1 and (end := _LEADING_END.match(text, at)) and marks.read(end[1]):
            at = end.end()
        text = text[at:].lstrip()
        if kind == "vtt" and _VOICE.match(text):
            marks.end_voice()
        beginnings = marks.beginnings()
        for mark in MARKS[kind].findall(text) if "<" in text else ():
            marks.read(mark)
        yield f"{beginnings}{text}{marks.ends()}"


def _end_of_text(text: str, kind: Kind) -> int:
    """Where the text ends before those marks at its end that begin something."""
    end = len(text)
    while True:
        last = end
        while last and text[last - 1].isspace():
            last -= 1
        at = text.rfind("<", 0, last)
        if at < 0 or text[at + 1 : at + 2] == "/" or not MARKS[kind].fullmatch(text, at, last):
            return end
        end = at


def _with_own_overrides(texts: Sequence[str]) -> list[str]:
    whole = _whole_cue("".join(texts))
    found, held = [], dict[str, str]()
    for n, text in enumerate(texts, start=1):
        own = _whole_cue(text)
        again = [value for name, value in whole.items() if own.get(name) != value]
        beginning = "".join([*again, *held.values()])
        _hold(held, text)
        switched = "".join(rf"\{name}0" for name in held if _SWITCH.fullmatch(name)) if n < len(texts) else ""
        found.append((f"{{{beginning}}}" if beginning else "") + text + (f"{{{switched}}}" if switched else ""))
    return found


def _whole_cue(text: str) -> dict[str, str]:
    """What overrides say of the whole cue; the first counts, and there is one place."""
    found: dict[str, str] = {}
    for mark in _OVERRIDES.findall(text):
        for name, value in _OVERRIDE.findall(mark):
            if _WHOLE_CUE.fullmatch(name):
                found.setdefault("place" if name in _PLACES else name, rf"\{name}{value}")
    return found


def _hold(held: dict[str, str], text: str) -> None:
    """Take in what overrides in a text hold from there on."""
    for mark in _OVERRIDES.findall(text):
        for name, value in _OVERRIDE.findall(mark):
            if name == "r":
                held.clear()
            elif value.strip() in ("", "0") and _SWITCH.fullmatch(name):
                held.pop(name, None)
            elif not _WHOLE_CUE.fullmatch(name) and not _PASSING.fullmatch(name) and len(held) < _MOST_OPEN:
                held[name] = rf"\{name}{value}"


def inner_times_outside(lines: Sequence[str], start_ms: int, end_ms: int) -> bool:
    """Whether a time inside the text is not inside the time of its cue, or not after the one before it."""
    return any("<" in line for line in lines) and with_times_inside(lines, start_ms, end_ms) != tuple(lines)


def with_times_inside(lines: Sequence[str], start_ms: int, end_ms: int) -> tuple[str, ...]:
    """The lines without those times inside the text that no browser takes; what they stand before is seen at once.

    >>> with_times_inside(("Xin <00:00:01.000>chào <00:00:09.000>bà",), 0, 5000)
    ('Xin <00:00:01.000>chào bà',)
    """
    latest_ms = start_ms

    def kept(mark: re.Match[str]) -> str:
        nonlocal latest_ms
        ms = _milliseconds(mark)
        if not latest_ms < ms < end_ms:
            return ""
        latest_ms = ms
        return mark[0]

    found = [_INNER_TIME.sub(kept, line) if "<" in line else line for line in lines]
    # Where a time was between two spaces, there is one.
    spaced = [" ".join(pieces(new, "vtt")) if new != line else line for new, line in zip(found, lines, strict=True)]
    return tuple(line for line in spaced if line)


def inner_times(cues: Iterable[FileCue]) -> int:
    """How many times there are inside the text of the cues."""
    return sum(len(_INNER_TIME.findall(line)) for cue in cues for line in cue.lines if "<" in line)


def _milliseconds(mark: re.Match[str]) -> int:
    """The time of a mark, in milliseconds."""
    hours, minutes, seconds, ms = (int(part or 0) for part in mark.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms
