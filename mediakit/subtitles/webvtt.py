"""WebVTT (`.vtt`), both ways, as https://www.w3.org/TR/webvtt1/ has it.

The libraries for WebVTT skip what they cannot read, as browsers do. A cue that no browser shows is refused here, with
its line: who checks a file wants to know.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from mediakit.captions.caption import Caption
from mediakit.subtitles.track import CaptionsUnreadable, FileCue, Tolerated, Track, in_order, plain
from mediakit.timeline import MS_PER_SECOND, timestamp
from mediakit.vietnamese.normal import nfc

# As https://www.w3.org/TR/webvtt1/#collect-a-webvtt-timestamp takes them: hours may be left out or have one digit, and
# the arrow needs no spaces. Files should have what https://www.w3.org/TR/webvtt1/#webvtt-timestamp says.
_TIME = r"(?:([0-9]{1,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_TIMES = re.compile(rf"{_TIME}[ \t]*-->[ \t]*{_TIME}(?:[ \t](.*))?")
_EXACT = re.compile(r"(?:[0-9]{2,}:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}[ \t]+-->[ \t]+(?:[0-9]{2,}:)?[0-9]{2}:[0-9]{2}\..*")
_OTHER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_ARROW = "-->"


def render_vtt(captions: Sequence[Caption], languages: Mapping[str, str] | None = None) -> str:
    """WebVTT with stable cue ids; text escaped as https://www.w3.org/TR/webvtt1/#webvtt-cue-text asks.

    `languages` has the ids of foreign captions; each of their lines is in a `lang` span.
    """
    return compose([(c.id, c.start_ms, c.end_ms, _payload(c, (languages or {}).get(c.id))) for c in captions])


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
    return _Reader(text).track()


class _Reader:
    """One file on its way into a track; notes what it tolerates."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._tolerated: dict[str, list[int]] = {}

    def track(self) -> Track:
        blocks = _blocks(self._lines)
        head = next(blocks, (0, [""]))
        if head[0] != 1 or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", head[1][0]):
            raise CaptionsUnreadable(1, "it does not begin with WEBVTT")
        found: list[FileCue] = []
        others = [(0, "\n".join(head[1]))]
        for line, lines in blocks:
            if _OTHER.match(lines[0]) and not any(_ARROW in text for text in lines[:2]):
                others.append((len(found) + 1, "\n".join(lines)))
            else:
                found.append(self._cue(len(found) + 1, line, lines))
        cues = [cue for cue in found if self._has_text(cue)]
        for before, cue in pairwise(cues):
            if cue.start_ms < before.start_ms:
                self._tolerate("a cue begins before the one above it", cue.line)
        notes = tuple(Tolerated(what, tuple(lines)) for what, lines in self._tolerated.items())
        return Track("vtt", tuple(in_order(cues)), notes, tuple(others))

    def _tolerate(self, what: str, line: int) -> None:
        self._tolerated.setdefault(what, []).append(line)

    def _cue(self, number: int, line: int, lines: Sequence[str]) -> FileCue:
        """The cue of a block; an identifier may stand before its times."""
        at = 0 if _ARROW in lines[0] else 1
        found = _TIMES.fullmatch(lines[at].strip()) if at < len(lines) else None
        if found is None:
            raise CaptionsUnreadable(line + min(at, len(lines) - 1), "should have the times of a cue")
        times = found.groups(default="0")
        start_ms, end_ms = _milliseconds(*times[:4]), _milliseconds(*times[4:8])
        if end_ms < start_ms:
            raise CaptionsUnreadable(line + at, "the cue ends before it begins")
        if not _EXACT.fullmatch(found[0]):
            self._tolerate("times in an unusual form", line + at)
        if self._lines[line - 2]:
            self._tolerate("no empty line before a cue", line)
        shown = [nfc(" ".join(text.split())) for text in lines[at + 1 :]]
        if "" in shown:
            self._tolerate("a line of spaces inside a cue", line + at + 1 + shown.index(""))
        identity, settings = lines[0].strip() if at else "", (found[9] or "").strip()
        return FileCue(number, line + at, start_ms, end_ms, tuple(filter(None, shown)), identity, settings)

    def _has_text(self, cue: FileCue) -> bool:
        has_text = any(plain(line, "vtt").strip() for line in cue.lines)
        if not has_text:
            self._tolerate("a cue without text", cue.line)
        elif cue.start_ms == cue.end_ms:
            self._tolerate("a cue that ends when it begins", cue.line)
        return has_text


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first, from 1.

    Times begin a block without an empty line, too, where they cannot be of the block above
    (https://www.w3.org/TR/webvtt1/#collect-a-webvtt-block).
    """
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        times = _ARROW in line
        in_header = number - len(block) == 1
        if block and (not line or (times and (in_header or len(block) > 1 or _ARROW in block[0]))):
            yield number - len(block), block
            block = []
        if line if block else line.strip():
            block.append(line)


def _milliseconds(hours: str, minutes: str, seconds: str, fraction: str) -> int:
    whole = (int(hours) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * MS_PER_SECOND + int(fraction)


def _cue_text(identity: str, start_ms: int, end_ms: int, payload: str) -> str:
    return f"{identity}\n{timestamp(start_ms)} --> {timestamp(end_ms)}\n{payload}\n"


def _payload(caption: Caption, language: str | None) -> str:
    lines = [_escaped(line) for line in caption.lines]
    if language is not None:
        lines = [f"<lang {_escaped(language)}>{line}</lang>" for line in lines]
    return "\n".join(lines)


def _escaped(line: str) -> str:
    return html.escape(" ".join(nfc(line).split()), quote=False)
