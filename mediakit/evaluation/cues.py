"""Captions that stand as a reference, read back: SubRip and WebVTT.

A reference must not lose a line, or the figures are wrong without a word. The libraries for WebVTT skip what they
cannot read, as players do. The package `srt` takes minutes for a long line of spaces or digits, so that it is given one
cue at a time, without those. What is not understood is refused here, with its line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import srt

from mediakit.timeline import MS_PER_SECOND, Span
from mediakit.vietnamese.normal import nfc

# SubRip knows no escapes: only the marks that players know are taken out, `<mỗi hộ>` is text.
_SRT_MARKS = re.compile(r"</?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}", re.IGNORECASE)
# As players do it: any width of the fields, a full stop for the comma, and positions after the times are taken.
_SRT_TIME = r"(\d{1,6}):([0-5]?\d):([0-5]?\d)(?:[,.](\d{1,3}))?"
_SRT_TIMES = re.compile(rf"{_SRT_TIME}[ \t]*-->[ \t]*{_SRT_TIME}(?:[ \t].*)?")
_SRT_ALMOST = re.compile(r"\d{1,6}:\d{1,2}:\d{1,2}(?:[,.]\d|\s*-)|.*-->")
_SRT_NUMBER = re.compile(r"-?\d{1,9}")
_VTT_MARKS = re.compile(r"<[^<>]*>")
# https://www.w3.org/TR/webvtt1/#webvtt-timestamp: hours may be left out, all else has its full width.
_VTT_TIME = r"(?:(\d{2,6}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_VTT_TIMES = re.compile(rf"{_VTT_TIME}[ \t]+-->[ \t]+{_VTT_TIME}(?:[ \t].*)?")
_VTT_OTHER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_ARROW = "-->"


@dataclass(frozen=True, slots=True)
class Cue:
    """What stands on the screen in a reference, without marks, on one line."""

    span: Span
    text: str


def parse_srt(text: str) -> list[Cue]:
    """The cues of SubRip that have text. Numbers and the empty lines between cues may be missing.

    Raises
    ------
    ValueError
        If a part of it is no cue, or a cue ends before it begins; it says in which line.
    """
    lines = [line.strip() for line in text.split("\n")]
    at = [(number, times) for number, line in enumerate(lines) if (times := _srt_times(number, line))]
    before = next((n for n, line in enumerate(lines[: at[0][0] if at else None]) if line), None)
    if before is not None and not (at and before == at[0][0] - 1 and _SRT_NUMBER.fullmatch(lines[before])):
        raise ValueError(f"line {before + 1} should have the number or the times of a cue")
    found: list[Cue] = []
    ends = [*(number for number, _ in at[1:]), len(lines)]
    for (number, times), following in zip(at, ends, strict=False):
        content = lines[number + 1 : following]
        if following < len(lines) and content and _SRT_NUMBER.fullmatch(content[-1]):
            content.pop()  # the number of the cue that follows
        found.append(_srt_cue(times, content, f"line {number + 1}"))
    return [cue for cue in found if cue.text]


def _srt_cue(times: Sequence[str], content: Sequence[str], where: str) -> Cue:
    start, end = ("{}:{}:{},{}".format(*half[:3], half[3].ljust(3, "0")) for half in (times[:4], times[4:]))
    text = "\n".join(filter(None, (" ".join(line.split()) for line in content)))
    (parsed,) = srt.parse(f"1\n{start} --> {end}\n{text}\n\n")
    first, last = (round(time.total_seconds() * MS_PER_SECOND) for time in (parsed.start, parsed.end))
    return _cue(first, last, _SRT_MARKS.sub("", parsed.content), where)


def _srt_times(number: int, line: str) -> tuple[str, ...] | None:
    """The parts of a line of times; None where it is none and does not try to be."""
    found = _SRT_TIMES.fullmatch(line)
    if found is not None:
        return found.groups(default="0")
    if _SRT_ALMOST.match(line):
        raise ValueError(f"line {number + 1} should have the times of a cue: {line!r:.60}")
    return None


def parse_vtt(text: str) -> list[Cue]:
    """The cues of WebVTT that have text; notes, styles and regions are passed over.

    Raises
    ------
    ValueError
        If it does not begin with WEBVTT, or a block is no cue; it says in which line.
    """
    blocks = list(_blocks(text.split("\n")))
    if not blocks or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", blocks[0][1][0]):
        raise ValueError("it does not begin with WEBVTT")
    head = blocks[0][1]
    times = next((i for i, line in enumerate(head) if _ARROW in line), None)
    if times is not None:
        raise ValueError(f"line {times + 1} has a cue before the first empty line")
    found = [_vtt_cue(number, lines) for number, lines in blocks[1:] if not _VTT_OTHER.match(lines[0])]
    return [cue for cue in found if cue.text]


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first, from 1."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _vtt_cue(number: int, lines: Sequence[str]) -> Cue:
    """The cue of a block; an identifier may stand before its times."""
    at = 0 if _ARROW in lines[0] else 1
    found = _VTT_TIMES.fullmatch(lines[at].strip()) if at < len(lines) else None
    if found is None:
        raise ValueError(f"line {number + min(at, len(lines) - 1)} should have the times of a cue")
    if any(_ARROW in line for line in lines[at + 1 :]):
        raise ValueError(f"line {number}: a cue has the times of another in its text")
    times = found.groups(default="0")
    start, end = _milliseconds(*times[:4]), _milliseconds(*times[4:])
    return _cue(start, end, html.unescape(_VTT_MARKS.sub("", "\n".join(lines[at + 1 :]))), f"line {number + at}")


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * MS_PER_SECOND + int(fraction.ljust(3, "0"))


def _cue(start_ms: int, end_ms: int, text: str, where: str) -> Cue:
    if start_ms >= end_ms:
        raise ValueError(f"{where}: it ends before it begins")
    return Cue(Span(start_ms, end_ms), " ".join(nfc(text).split()))
