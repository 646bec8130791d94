"""Which windows the article does not explain: there only listening as well as the engine can will do."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.speech.engine import Heard
from mediakit.transcript.segments import Segment

#: Less speech than this beside the article's sentences is breath, a margin of voice activity, or a word cut off.
_LEAST_MS = 600
#: Voice activity begins before a sentence and ends after it.
_MARGIN_MS = 250


def unexplained(heard: Sequence[Heard], segments: Sequence[Segment]) -> list[Heard]:
    """Those of `heard`, in order, in which somebody says something that is none of the article's sentences.

    `segments` are in order of time and do not overlap.
    """
    read = [(s.start_ms - _MARGIN_MS, s.end_ms + _MARGIN_MS) for s in segments if s.source == "article"]
    found, first = [], 0
    for window in heard:
        while first < len(read) and read[first][1] <= window.start_ms:
            first += 1
        if _unread_ms(window, read[first:]) >= _LEAST_MS:
            found.append(window)
    return found


def _unread_ms(window: Heard, read: Sequence[tuple[int, int]]) -> int:
    """Milliseconds of speech in the window outside of `read`, which is in order and may overlap by its margins."""
    total = 0
    for span in window.speech:
        at = span.start_ms
        for start, end in read:
            if start >= span.end_ms:
                break
            total += max(0, start - at)
            at = max(at, end)
        total += max(0, span.end_ms - at)
    return total
