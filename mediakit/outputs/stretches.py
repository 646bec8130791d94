"""The time line of a medium: what of it is the article, what is said besides, what is silence. One look tells whether
the attachment fits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from mediakit.grounding.verdict import Verdict
from mediakit.result import Result
from mediakit.timeline import MS_PER_SECOND

#: `unrelated` is speech of a medium that has nothing to do with its article.
StretchKind = Literal["article", "speech", "unrelated", "silence"]

#: What each kind is called on the page and in the picture.
STRETCH_NAMES: Mapping[StretchKind, str] = {
    "article": "Đọc bài",
    "speech": "Ngoài bài",
    "unrelated": "Không thuộc bài",
    "silence": "Không có lời",
}
#: What is thought of a medium as an attachment of its article.
VERDICT_NAMES: Mapping[Verdict, str] = {
    "read": "Đọc bài này",
    "partly-read": "Đọc một phần bài",
    "unrelated": "Không thuộc bài này",
}


def clock(ms: int) -> str:
    """A time as a reader says it; part of a second is left out.

    >>> clock(65_999), clock(3_723_004)
    ('1:05', '1:02:03')
    """
    minutes, second = divmod(ms // MS_PER_SECOND, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour}:{minute:02d}:{second:02d}" if hour else f"{minute}:{second:02d}"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a medium, in milliseconds, all of one kind."""

    start_ms: int
    end_ms: int
    kind: StretchKind


def stretches(result: Result) -> tuple[Stretch, ...]:
    """A medium from its beginning to its end, without gaps; two neighbours of one kind are two sentences.

    A medium whose length is not known ends with the last that is said.
    """
    return tuple(_stretches(result))


def _stretches(result: Result) -> Iterator[Stretch]:
    unrelated = result.article is not None and result.article.verdict == "unrelated"
    at_ms = 0
    for segment in result.segments:
        if segment.start_ms > at_ms:
            yield Stretch(at_ms, segment.start_ms, "silence")
        speech: StretchKind = "unrelated" if unrelated else "speech"
        yield Stretch(segment.start_ms, segment.end_ms, "article" if segment.source == "article" else speech)
        at_ms = segment.end_ms
    if (result.media.duration_ms or 0) > at_ms:
        yield Stretch(at_ms, result.media.duration_ms or 0, "silence")


def shares(line: Sequence[Stretch]) -> dict[StretchKind, float]:
    """Which part of the time each kind takes (0 to 1), in the order of :data:`STRETCH_NAMES`; none that takes none."""
    total_ms = sum(stretch.end_ms - stretch.start_ms for stretch in line)
    taken = {kind: sum(s.end_ms - s.start_ms for s in line if s.kind == kind) for kind in STRETCH_NAMES}
    return {kind: ms / total_ms for kind, ms in taken.items() if ms}


def merged(line: Sequence[Stretch], kind: StretchKind, width: int) -> list[tuple[int, int]]:
    """Where a kind is, as (left, right) on a line of `width` units; what would touch there is one.

    Each stretch is at least a unit wide, so that a word in three hours is seen.
    """
    found: list[tuple[int, int]] = []
    whole_ms = line[-1].end_ms if line else 0
    for stretch in line:
        if stretch.kind != kind:
            continue
        left = min(stretch.start_ms * width // whole_ms, width - 1)
        right = max(left + 1, round(stretch.end_ms * width / whole_ms))
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], max(right, found[-1][1]))
        else:
            found.append((left, right))
    return found
