"""What a result keeps by itself, without a reference: its words' lengths, and the rules for captions.

That words are in order and inside their segment is not counted here: a record where they are not is refused when it is
read.
"""

from __future__ import annotations

from dataclasses import dataclass

from mediakit.captions.caption import Caption
from mediakit.captions.profile import Profile
from mediakit.captions.reading import chars_per_second, visible_length
from mediakit.result import Result

#: A word shorter than this was not timed but squeezed in.
SHORTEST_WORD_MS = 30


@dataclass(frozen=True, slots=True)
class WordsKept:
    """Of all words those under 30 ms; of all segments those whose words are not their text."""

    count: int
    under_30_ms: int
    segments: int
    unlike_text: int


@dataclass(frozen=True, slots=True)
class CaptionsKept:
    """How many captions break each rule of a profile, and how many break any."""

    profile: str
    count: int
    broken: int
    line_too_long: int
    too_many_lines: int
    too_fast: int
    too_short: int
    too_long: int
    gap_too_small: int


def words_kept(result: Result) -> WordsKept:
    """The lengths of all words, and whether a segment's words are its text."""
    lengths = [word.end_ms - word.start_ms for segment in result.segments for word in segment.words]
    unlike = [s for s in result.segments if " ".join(w.text for w in s.words).split() != s.text.split()]
    return WordsKept(len(lengths), sum(ms < SHORTEST_WORD_MS for ms in lengths), len(result.segments), len(unlike))


def captions_kept(result: Result, profile: Profile) -> CaptionsKept:
    """The captions against a profile; a gap is that to the next one."""
    captions = result.captions
    following: list[Caption | None] = [*captions[1:], None]
    breaks = [_breaks(one, after, profile) for one, after in zip(captions, following, strict=False)]
    sums = [sum(column) for column in zip(*breaks, strict=True)] or [0] * 6
    return CaptionsKept(profile.name, len(captions), sum(any(row) for row in breaks), *sums)


def _breaks(caption: Caption, after: Caption | None, profile: Profile) -> tuple[bool, bool, bool, bool, bool, bool]:
    """Which rules a caption breaks, in the order of :class:`CaptionsKept`."""
    duration_ms = caption.end_ms - caption.start_ms
    return (
        max(visible_length(line) for line in caption.lines) > profile.max_line_chars,
        len(caption.lines) > profile.max_lines,
        chars_per_second(caption) > profile.max_chars_per_second,
        duration_ms < profile.min_duration_ms,
        duration_ms > profile.max_duration_ms,
        after is not None and after.start_ms - caption.end_ms < profile.min_gap_ms,
    )
