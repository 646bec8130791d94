"""What a result keeps by itself, without a reference: its words' lengths, and the rules for captions.

That words are in order and inside their segment is not counted here: a record where they are not is refused when it is
read.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mediakit.captions.profile import Profile
from mediakit.captions.rules import ADVICE, broken_rules
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
    """The captions against a profile; a gap is that to the next one, and an overlap is no gap at all."""
    broken = [item for item in broken_rules(result.captions, profile) if item.rule not in ADVICE]
    count = Counter(item.rule for item in broken)
    return CaptionsKept(
        profile.name,
        len(result.captions),
        len({item.cue for item in broken}),
        count["line-too-long"],
        count["too-many-lines"],
        count["too-fast"],
        count["too-short"],
        count["too-long"],
        count["gap-too-small"] + count["overlap"],
    )
