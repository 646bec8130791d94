"""WebVTT (`.vtt`), both ways, as https://www.w3.org/TR/webvtt1/ has it.

The libraries for WebVTT skip what they cannot read, as browsers do. A cue that no browser shows is named here, with its
line: who checks a file wants to know.
"""

from __future__ import annotations

import html
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from mediakit.captions.caption import Caption
from mediakit.subtitles.spans import inner_times_outside, unbalanced
from mediakit.subtitles.timings import Times, backwards, is_alone, odd_times
from mediakit.subtitles.tolerance import Tolerance, readable
from mediakit.subtitles.track import BadCue, Block, CaptionsUnreadable, FileCue, Track, in_order, plain
from mediakit.timeline import timestamp
from mediakit.vietnamese.normal import nfc

# As https://www.w3.org/TR/webvtt1/#collect-a-webvtt-timestamp takes them: hours may be left out or have one digit, and
# the arrow needs no spaces. Files should have what https://www.w3.org/TR/webvtt1/#webvtt-timestamp says.
_TIME = r"(?:[0-9]{1,6}:)?[0-5][0-9]:[0-5][0-9]\.[0-9]{3}"
_TIMES = re.compile(rf"({_TIME}[ \t]*-->[ \t]*{_TIME})(?:[ \t].*)?")
_EXACT = re.compile(
    r"(?:[0-9]{2,}:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}[ \t]+-->[ \t]+(?:[0-9]{2,}:)?[0-9]{2}:[0-9]{2}\.[0-9]{3}"
)
_HEADER = re.compile(r"WEBVTT(?:[ \t].*)?")
_OTHER = re.compile(r"(?:NOTE|STYLE|REGION)(?:\s|$)")
_NUMBER = re.compile(r"[0-9]{1,9}")
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
    others = deque(track.blocks)
    blocks = [others.popleft().text if others and others[0].before == 0 else "WEBVTT"]
    for cue in cues:
        while others and others[0].before <= cue.number:
            blocks.append(others.popleft().text)
        settings = f" {cue.settings}" if cue.settings else ""
        head = [cue.identity] if cue.identity else []
        times = f"{timestamp(cue.start_ms)} --> {timestamp(cue.end_ms)}{settings}"
        blocks.append("\n".join([*head, times, *cue.lines]))
    return "".join(f"{block}\n\n" for block in [*blocks, *(block.text for block in others)])[:-1]


def parse_vtt(text: str) -> Track:
    """The cues of WebVTT that have text, by time. `text` has `\\n` line ends and no byte order mark.

    Raises
    ------
    CaptionsUnreadable
        If it does not begin with WEBVTT, or there are blocks that should be cues, and none can be read.
    """
    return _Reader(text).track()


class _Reader:
    """One file on its way into a track; notes what it tolerates, and what it cannot read."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._tolerance = Tolerance()
        self._bad: list[BadCue] = []
        self._blocks: list[Block] = []
        self._cues: list[FileCue] = []
        self._number = 0

    def track(self) -> Track:
        blocks = _blocks(self._lines)
        head = next(blocks, (0, [""]))
        if head[0] != 1 or not _HEADER.fullmatch(head[1][0]):
            raise CaptionsUnreadable(1, "it does not begin with WEBVTT")
        self._blocks.append(Block(0, "\n".join(head[1])))
        for line, lines in blocks:
            self._block(line, lines)
        for before, cue in pairwise(self._cues):
            if cue.start_ms < before.start_ms:
                self._tolerance.note("a cue begins before the one above it", cue.line)
        notes = self._tolerance.notes()
        return readable(Track("vtt", in_order(self._cues), notes, tuple(self._blocks), tuple(self._bad)))

    def _block(self, line: int, lines: Sequence[str]) -> None:
        is_other = _OTHER.match(lines[0]) is not None
        at = next((n for n, text in enumerate(lines[:2]) if _begins_cue(text, strictly=is_other)), None)
        if at is not None:
            self._number += 1
            self._cue(line, at, lines)
        elif _HEADER.fullmatch(lines[0]):
            self._tolerance.note("a second file, joined on to the first", line)
            if lines[1:] or lines[0].strip() != "WEBVTT":
                self._keep(["NOTE", *lines])
        elif is_other:
            self._keep(lines)
        else:
            self._refuse(line, lines, "should have the times of a cue", cue=False)

    def _keep(self, lines: Sequence[str]) -> None:
        self._blocks.append(Block(self._number + 1, "\n".join(lines)))

    def _refuse(self, line: int, lines: Sequence[str], what: str, *, cue: bool = True) -> None:
        """Name what no browser shows, and keep it as it is."""
        self._bad.append(BadCue(self._number if cue else 0, line, what))
        self._keep(lines)

    def _cue(self, line: int, at: int, lines: Sequence[str]) -> None:
        """The cue of a block, with its times in line `at` of it; an identifier may stand before them."""
        read = self._times(lines[at].strip(), line + at)
        if read is None or read[0].end_ms < read[0].start_ms:
            self._refuse(line + at, lines, backwards(read[0]) if read else "should have the times of a cue")
            return
        times, wrong = read
        if self._lines[line - 2]:
            self._tolerance.note("no empty line before a cue", line)
        shown = [nfc(" ".join(text.split())) for text in lines[at + 1 :]]
        if "" in shown:
            self._tolerance.note("a line of spaces inside a cue", line + at + 1 + shown.index(""))
        if not shown and times.settings and ":" not in times.settings:
            shown, times, wrong = [times.settings], replace(times, settings=""), "its text stands beside its times"
        identity = lines[0].strip() if at else ""
        found = tuple(filter(None, shown))
        cue = FileCue(self._number, line + at, times.start_ms, times.end_ms, found, identity, times.settings)
        if not any(plain(text, "vtt").strip() for text in cue.lines):
            self._tolerance.note("a cue without text", cue.line)
            return
        self._note_oddities(cue)
        if wrong:
            self._bad.append(BadCue(cue.number, cue.line, wrong, cue))
        self._cues.append(cue)

    def _times(self, text: str, line: int) -> tuple[Times, str] | None:
        """The times of a cue, and what is wrong with them; None where nobody can read them."""
        match = _TIMES.fullmatch(text)
        times = odd_times(match[1] if match else text)
        if times is None:
            return None
        if match is None:
            return times, "its times are in a form that browsers do not take"
        if not _EXACT.fullmatch(match[1]):
            self._tolerance.note("times in an unusual form", line)
        return replace(times, settings=text[match.end(1) :].strip()), ""

    def _note_oddities(self, cue: FileCue) -> None:
        if cue.start_ms == cue.end_ms:
            self._tolerance.note("a cue that ends when it begins", cue.line)
        if unbalanced(cue.lines, "vtt"):
            self._tolerance.note("a mark that is opened or closed alone", cue.line)
        if inner_times_outside(cue.lines, cue.start_ms, cue.end_ms):
            self._tolerance.note("an inner time outside of its cue, or before the one before it", cue.line)


def _begins_cue(line: str, *, strictly: bool) -> bool:
    """Whether a line has times, be they in a form that browsers do not take; `strictly`: only if they must."""
    return _ARROW in line or (not strictly and is_alone(line))


def _blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Lines between empty ones, with the number of the first, from 1.

    Times begin a block without an empty line, too, where they cannot be of the block above
    (https://www.w3.org/TR/webvtt1/#collect-a-webvtt-block); a number above them is theirs.
    """
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        times = _begins_cue(line, strictly=bool(block and _OTHER.match(block[0])))
        in_header = number - len(block) == 1
        if block and (not line or (times and (in_header or len(block) > 1 or _begins_cue(block[0], strictly=False)))):
            own = times and len(block) > 1 and not in_header and _NUMBER.fullmatch(block[-1].strip()) is not None
            theirs = [block.pop()] if own else []
            yield number - len(block) - len(theirs), block
            block = theirs
        if line if block else line.strip():
            block.append(line)


def _cue_text(identity: str, start_ms: int, end_ms: int, payload: str) -> str:
    return f"{identity}\n{timestamp(start_ms)} --> {timestamp(end_ms)}\n{payload}\n"


def _payload(caption: Caption, language: str | None) -> str:
    lines = [_escaped(line) for line in caption.lines]
    if language is not None:
        lines = [f"<lang {_escaped(language)}>{line}</lang>" for line in lines]
    return "\n".join(lines)


def _escaped(line: str) -> str:
    return html.escape(" ".join(nfc(line).split()), quote=False)
