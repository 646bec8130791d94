"""Captions and transcript as files for players and people: SubRip, WebVTT, plain text, and the links track."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import timedelta

import srt

from mediakit.captions.caption import Caption
from mediakit.timeline import timestamp
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc

#: Speech after a silence as long as this is a new paragraph of the transcript.
_PARAGRAPH_MS = 2000
_ARROW = re.compile("-{2,}>")


def render_srt(captions: Sequence[Caption]) -> str:
    """SubRip, composed by the package `srt`."""
    cues = [
        srt.Subtitle(
            index=number,
            start=timedelta(milliseconds=caption.start_ms),
            end=timedelta(milliseconds=caption.end_ms),
            content="\n".join(_srt_line(line) for line in caption.lines),
        )
        for number, caption in enumerate(captions, start=1)
    ]
    composed: str = srt.compose(cues, reindex=False)
    return composed


def render_vtt(captions: Sequence[Caption]) -> str:
    """WebVTT with stable cue ids; text escaped as https://www.w3.org/TR/webvtt1/#webvtt-cue-text asks."""
    cues = [_vtt_cue(c.id, c.start_ms, c.end_ms, "\n".join(_vtt_line(line) for line in c.lines)) for c in captions]
    return "\n".join(["WEBVTT\n", *cues])


def render_links(segments: Sequence[Segment]) -> str:
    """A WebVTT metadata track in the form of W3C SyncMediaLite: a cue for each sentence that is said."""
    cues = [
        _vtt_cue(f"l{number}", segment.start_ms, segment.end_ms, _selector(segment.sentence))
        for number, segment in enumerate((s for s in segments if s.sentence is not None), start=1)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def render_text(segments: Sequence[Segment]) -> str:
    """The transcript, a paragraph for each block of speech: a new one after a silence or with the article's."""
    blocks: list[list[str]] = []
    end_ms = 0
    printed: str | None = None  # the article's paragraph that the block belongs to, if any so far
    for segment in segments:
        paragraph = segment.sentence.partition("s")[0] if segment.sentence is not None else None
        silence = segment.start_ms - end_ms >= _PARAGRAPH_MS
        if not blocks or silence or (printed is not None and paragraph is not None and printed != paragraph):
            blocks.append([])
            printed = None
        blocks[-1].append(_one_line(segment.text))
        end_ms, printed = segment.end_ms, paragraph or printed
    return "\n".join(" ".join(block) + "\n" for block in blocks)


def _selector(sentence: str | None) -> str:
    selector = {"selector": {"type": "FragmentSelector", "value": sentence}}
    return json.dumps(selector, ensure_ascii=False, separators=(",", ":"))


def _vtt_cue(identity: str, start_ms: int, end_ms: int, payload: str) -> str:
    return f"{identity}\n{timestamp(start_ms)} --> {timestamp(end_ms)}\n{payload}\n"


def _one_line(line: str) -> str:
    # A line break in a cue ends the line, an empty line the cue: text from outside may hold either.
    return " ".join(nfc(line).split())


def _vtt_line(line: str) -> str:
    return html.escape(_one_line(line), quote=False)


def _srt_line(line: str) -> str:
    # SubRip has no escape; an arrow in the text would be read as a line of times.
    return _ARROW.sub("->", _one_line(line))
