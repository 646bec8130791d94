"""WebVTT (`.vtt`), both ways, as https://www.w3.org/TR/webvtt1/ has it.

The libraries for WebVTT skip what they cannot read, as browsers do. A cue that no browser shows is refused here, with
its line: who checks a file wants to know.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from mediakit.captions.caption import Caption
from mediakit.subtitles.track import CaptionsUnreadable, FileCue, Tolerated, Track, in_order, plain
from mediakit.timeline import MS_PER_SECOND, timestamp
from mediakit.vietnamese.normal import nfc

# https://www.w3.org/TR/webvtt1/#webvtt-timestamp: hours may be left out, all else has its full width.
_TIME = r"(?:(\d{2,6}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
_TIMES = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}(?:[ \t](.*))?")
_OTHER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_ARROW = "-->"


def render_vtt(captions: Sequence[Caption]) -> str:
    """WebVTT with stable cue ids; text escaped as https://www.w3.org/TR/webvtt1/#webvtt-cue-text asks."""
    return compose([(c.id, c.start_ms, c.end_ms, "\n".join(_escaped(line) for line in c.lines)) for c in captions])


def compose(cues: Sequence[tuple[str, int, int, str]]) -> str:
    """WebVTT of identities, starts, ends (milliseconds) and payloads, which are taken as they are."""
    return "\n".join(["WEBVTT\n", *(_cue_text(*cue) for cue in cues)])


def recompose(track: Track, cues: Sequence[FileCue]) -> str:
    """WebVTT of `cues`, which came of the cues of `track`, with its notes, styles and regions where they stood."""
    others = list(track.others)
    blocks = [others.pop(0)[1] if others and others[0][0] == 0 else "WEBVTT"]
    for cue in cues:
        while others and others[0][0] <= cue.number:
            blocks.append(others.pop(0)[1])
        settings = f" {cue.settings}" if cue.settings else ""
        head = [cue.identity] if cue.identity else []
        times = f"{timestamp(cue.start_ms)} --> {timestamp(cue.end_ms)}{settings}"
        blocks.append("\n".join([*head, times, *cue.lines]))
    return "".join(f"{block}\n\n" for block in [*blocks, *(block for _, block in others)])[:-1]


def parse_vtt(text: str) -> Track:
    """The cues of WebVTT that have text, by time. `text` has `\\n` line ends and no byte order mark.

    Raises
    ------
    CaptionsUnreadable
        If it does not begin with WEBVTT, or a block is no cue.
    """
    blocks = list(_blocks(text.split("\n")))
    if not blocks or blocks[0][0] != 1 or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", blocks[0][1][0]):
        raise CaptionsUnreadable(1, "it does not begin with WEBVTT")
    head = blocks[0][1]
    times = next((i for i, line in enumerate(head) if _ARROW in line), None)
    if times is not None:
        raise CaptionsUnreadable(times + 1, "has a cue before the first empty line")
    cues: list[FileCue] = []
    others = [(0, "\n".join(head))]
    tolerated: dict[str, list[int]] = {}
    for line, lines in blocks[1:]:
        if _OTHER.match(lines[0]) and not any(_ARROW in line for line in lines[:2]):
            others.append((len(cues) + 1, "\n".join(lines)))
            continue
        cue = _cue(len(cues) + 1, line, lines)
        if not any(plain(shown, "vtt").strip() for shown in cue.lines):
            tolerated.setdefault("a cue without text", []).append(cue.line)
            continue
        if cue.start_ms == cue.end_ms:
            tolerated.setdefault("a cue that ends when it begins", []).append(cue.line)
        if cues and cue.start_ms < cues[-1].start_ms:
            tolerated.setdefault("a cue begins before the one above it", []).append(cue.line)
        cues.append(cue)
    notes = tuple(Tolerated(what, tuple(lines)) for what, lines in tolerated.items())
    return Track("vtt", tuple(in_order(cues)), notes, tuple(others))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first, from 1."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cue(number: int, line: int, lines: Sequence[str]) -> FileCue:
    """The cue of a block; an identifier may stand before its times."""
    at = 0 if _ARROW in lines[0] else 1
    found = _TIMES.fullmatch(lines[at].strip()) if at < len(lines) else None
    if found is None:
        raise CaptionsUnreadable(line + min(at, len(lines) - 1), "should have the times of a cue")
    if any(_ARROW in text for text in lines[at + 1 :]):
        raise CaptionsUnreadable(line, "a cue has the times of another in its text")
    times = found.groups(default="0")
    start_ms, end_ms = _milliseconds(*times[:4]), _milliseconds(*times[4:8])
    if end_ms < start_ms:
        raise CaptionsUnreadable(line + at, "the cue ends before it begins")
    shown = tuple(nfc(" ".join(text.split())) for text in lines[at + 1 :])
    settings = (found[9] or "").strip()
    return FileCue(number, line + at, start_ms, end_ms, shown, lines[0].strip() if at else "", settings)


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * MS_PER_SECOND + int(fraction)


def _cue_text(identity: str, start_ms: int, end_ms: int, payload: str) -> str:
    return f"{identity}\n{timestamp(start_ms)} --> {timestamp(end_ms)}\n{payload}\n"


def _escaped(line: str) -> str:
    return html.escape(" ".join(nfc(line).split()), quote=False)
