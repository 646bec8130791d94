"""What is said as files for people and programs: the transcript as plain text, and the links track."""

from __future__ import annotations

import json
from collections.abc import Sequence

from mediakit.subtitles.webvtt import compose
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc

#: Speech after a silence as long as this is a new paragraph of the transcript.
_PARAGRAPH_MS = 2000


def render_links(segments: Sequence[Segment]) -> str:
    """A WebVTT metadata track in the form of W3C SyncMediaLite: a cue for each sentence that is said."""
    linked = (segment for segment in segments if segment.sentence is not None)
    return compose([(f"l{n}", s.start_ms, s.end_ms, _selector(s.sentence)) for n, s in enumerate(linked, start=1)])


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


def _one_line(line: str) -> str:
    # A line break in a cue ends the line, an empty line the cue: text from outside may hold either.
    return " ".join(nfc(line).split())
