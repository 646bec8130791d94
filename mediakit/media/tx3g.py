"""Timed text as MP4 holds it (`tx3g`, 3GPP TS 26.245), written by PyAV.

Why not leave it to ffmpeg, which turns SubRip into it: on the way, text such as `<hai>`, `\\N` and `{` is taken for
marks and lost or changed, each version in a way of its own. Here every character of a caption is in the file.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.packet import Packet
from av.subtitles.stream import SubtitleStream

#: Of the text of a sample, whose length has two bytes (26.245, 5.17).
LARGEST_TEXT_BYTES = 0xFFFF

#: Faces of a style (26.245, 5.16), which may be added.
BOLD, ITALIC, UNDERLINE = 1, 2, 4

#: The look of a track. The font and its size are those that ffmpeg assumes of any track: another one would come out
#: as marks in every cue that is extracted.
_FONT_SIZE = 16
_HEADER = f"""\
[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour
Style: Default,Arial,{_FONT_SIZE},&Hffffff
"""
_FONT_ID = 1
_WHITE = b"\xff\xff\xff\xff"
_EMPTY = b"\x00\x00"

# Video comes in finer ticks than milliseconds, and ffmpeg, which compares ticks of unlike length when it copies a
# track, would put empty samples between cues. A sample may last 2^31 of these, some 35 minutes.
_TICKS_PER_MS = 1000
_LONGEST_MS = 30 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Style:
    """Faces (`BOLD`, `ITALIC`, `UNDERLINE`, added) of the characters from `start` to before `end`."""

    start: int
    end: int
    faces: int


@dataclass(frozen=True, slots=True)
class TextSample:
    """Text on the screen from `start_ms` to `end_ms`; lines are parted by `\\n`."""

    start_ms: int
    end_ms: int
    text: str
    styles: tuple[Style, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms or len(self.text.encode("utf-8")) > LARGEST_TEXT_BYTES:
            raise ValueError(f"not a sample of text: {self!r:.200}")


def write_tx3g(path: Path, samples: Sequence[TextSample]) -> None:
    """An MP4 file with nothing but a track of text, which begins at time 0.

    Raises
    ------
    ValueError
        If samples overlap: a track shows one at a time.
    """
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("mov_text")
        assert isinstance(stream, SubtitleStream)
        context: Any = stream.codec_context  # PyAV 17, the last for Python 3.10, does not tell its type
        context.subtitle_header = _HEADER.encode("ascii")
        stream.time_base = Fraction(1, 1000 * _TICKS_PER_MS)
        for start_ms, end_ms, data in _without_gaps(samples):
            packet = Packet(data)
            packet.stream = stream
            packet.time_base = stream.time_base
            packet.pts = packet.dts = start_ms * _TICKS_PER_MS
            packet.duration = (end_ms - start_ms) * _TICKS_PER_MS
            file.mux(packet)


def _without_gaps(samples: Sequence[TextSample]) -> Iterator[tuple[int, int, bytes]]:
    """Times and bytes of samples that follow each other from 0 on, as the format asks; gaps are empty ones."""
    now_ms = 0
    for sample in samples:
        if sample.start_ms < now_ms:
            raise ValueError(f"a sample at {sample.start_ms} ms begins before the last ends")
        for end_ms, data in ((sample.start_ms, _EMPTY), (sample.end_ms, _bytes(sample))):
            while now_ms < end_ms:
                stop_ms = min(end_ms, now_ms + _LONGEST_MS)
                yield now_ms, stop_ms, data
                now_ms = stop_ms


def _bytes(sample: TextSample) -> bytes:
    """A sample: the length of the text, the text, and a box `styl` if any of it has a face (26.245, 5.17.1.1)."""
    text = sample.text.encode("utf-8")
    data = struct.pack(">H", len(text)) + text
    if not sample.styles:
        return data
    records = [
        struct.pack(">HHHBB", style.start, style.end, _FONT_ID, style.faces, _FONT_SIZE) + _WHITE
        for style in sample.styles
    ]
    box = b"styl" + struct.pack(">H", len(records)) + b"".join(records)
    return data + struct.pack(">I", 4 + len(box)) + box
