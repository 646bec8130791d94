"""What a file of captions has in it, as far as players understand it."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: `record` is mediakit's own, which has captions too.
Kind = Literal["srt", "vtt", "record"]

# SubRip knows no escapes: only the marks that players know are taken out, `<mỗi hộ>` is text.
_SRT_MARKS = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
_VTT_MARKS = re.compile(r"<[^<>\n]*>")
#: What is a mark inside a cue and no text; a record has none.
MARKS: dict[Kind, re.Pattern[str]] = {"srt": _SRT_MARKS, "vtt": _VTT_MARKS}
# Python refuses to read so many digits; no character has such a number.
_NO_CHARACTER = re.compile(r"&#[0-9]{20,};?")


class CaptionsUnreadable(ValueError):
    """What stands in line `line` (from 1) of a file is beyond what players accept."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"line {line}: {what}")
        self.line, self.what = line, what


@dataclass(frozen=True, slots=True)
class FileCue:
    """A cue as a file has it.

    `number` is its place, from 1; `line` the line of the file with its times (0: the file has no lines to speak of).
    `end_ms` may be `start_ms`, and cues may overlap: other programs write such. `lines` are composed (NFC), with their
    marks and escapes; `identity` and `settings` are what stands before and after the times.
    """

    number: int
    line: int
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    identity: str = ""
    settings: str = ""


@dataclass(frozen=True, slots=True)
class Tolerated:
    """Something that the format does not allow and players take all the same, with the lines where it stands."""

    what: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BadCue:
    """A cue that players do not show as it is.

    `number` is its place among the cues of the file, from 1 (0: text outside of all cues), `line` the line where it
    goes wrong. `cue` is what it must have meant, which is then among the cues of the track as well; where nobody can
    tell, it is None, and the cue is kept among the blocks of the track as it is.
    """

    number: int
    line: int
    what: str
    cue: FileCue | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a file that are kept as they are: notes and styles of WebVTT, cues that cannot be read.

    They stand before the cues with a number from `before` on. `cue` is whether they are one: SubRip numbers those.
    """

    before: int
    text: str
    cue: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """The cues of a file that can be read, in order of time, and what else there is in it, in order of lines."""

    kind: Kind
    cues: tuple[FileCue, ...]
    tolerated: tuple[Tolerated, ...] = ()
    blocks: tuple[Block, ...] = ()
    bad: tuple[BadCue, ...] = ()


def plain(line: str, kind: Kind) -> str:
    """A line of a cue as a reader sees it: without marks and escapes.

    >>> plain("<i>Xin</i> <mỗi hộ> &amp; b", "srt"), plain("<v Lan>Xin</v> &lt;mỗi hộ&gt; &amp; b", "vtt")
    ('Xin <mỗi hộ> &amp; b', 'Xin <mỗi hộ> & b')
    """
    if kind == "srt":
        return _SRT_MARKS.sub("", line)
    return html.unescape(_NO_CHARACTER.sub("\ufffd", _VTT_MARKS.sub("", line))) if kind == "vtt" else line


def pieces(line: str, kind: Kind) -> list[str]:
    """A line cut at its spaces, but not at those inside a mark.

    >>> pieces('<font color="red">Xin chào</font> bà', "srt")
    ['<font color="red">Xin', 'chào</font>', 'bà']
    """
    marks = MARKS.get(kind)
    if marks is None:
        return line.split()
    # A space inside a mark stands aside for the moment as a character that no text may hold.
    kept = marks.sub(lambda mark: re.sub(r"\s", "\x00", mark[0]), line.replace("\x00", " "))
    return [piece.replace("\x00", " ") for piece in kept.split()]


def in_order(cues: Sequence[FileCue]) -> tuple[FileCue, ...]:
    """The cues by time, numbered as they stand in the file."""
    return tuple(sorted(cues, key=lambda cue: (cue.start_ms, cue.end_ms)))
