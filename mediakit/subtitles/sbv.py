"""SubViewer as YouTube writes and reads it (`.sbv`): `0:00:01.000,0:00:02.500`, the text below, an empty line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mediakit.captions.caption import Caption
from mediakit.subtitles.timed_text import text_lines
from mediakit.timeline import MS_PER_SECOND

_TIME = r"\d+:\d+:\d+(?:\.\d*)?"
_TIMES = re.compile(rf"({_TIME}),(?={_TIME})")


def render_sbv(captions: Sequence[Caption]) -> str:
    """SubViewer of YouTube's kind, https://support.google.com/youtube/answer/2734698; it has no escapes."""
    cues = []
    for caption in captions:
        if lines := text_lines(caption):
            times = f"{_time(caption.start_ms)},{_time(caption.end_ms)}"
            cues.append("".join(f"{line}\n" for line in (times, *map(_safe, lines))))
    return "\n".join(cues)


def _time(ms: int) -> str:
    seconds, rest = divmod(ms, MS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}.{rest:03d}"


def _safe(line: str) -> str:
    # A space keeps two times in the text from being read as those of a cue.
    return _TIMES.sub(r"\1, ", line)
