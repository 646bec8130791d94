"""Captions from any file that mediakit knows: SubRip, WebVTT, or a record."""

from __future__ import annotations

from pathlib import Path

from mediakit.outputs.record import read_record
from mediakit.subtitles.read import read_captions, require_file
from mediakit.subtitles.track import FileCue, Track


def read_track(path: Path) -> Track:
    """The captions in a file; a record is known by its ending.

    Raises
    ------
    MediakitError
        If the file cannot be read, or is broken beyond what players accept.
    """
    if path.suffix.lower() != ".json":
        return read_captions(path)
    require_file(path)
    captions = read_record(path).captions
    cues = (FileCue(n, 0, c.start_ms, c.end_ms, c.lines, c.id) for n, c in enumerate(captions, start=1))
    return Track("record", tuple(cues))
