"""Which rules of a profile captions break, whoever wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from mediakit.captions.place import DEFAULT, Place, main_row
from mediakit.captions.profile import Profile
from mediakit.captions.reading import Shown, chars_per_second, visible_length

Rule = Literal[
    "line-too-long", "too-many-lines", "too-fast", "too-short", "too-long", "gap-too-small", "overlap", "gap-not-closed"
]
RULES: tuple[Rule, ...] = get_args(Rule)
#: Not wrong, but a guide would have it otherwise: it is told, and no more.
ADVICE: frozenset[Rule] = frozenset({"gap-not-closed"})
UNITS: dict[Rule, str] = {
    "line-too-long": "characters", "too-many-lines": "lines", "too-fast": "characters a second",
    "too-short": "ms", "too-long": "ms", "gap-too-small": "ms", "overlap": "ms", "gap-not-closed": "ms",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that cue number `cue` (from 0) breaks: its figure, and the limit that it should keep.

    What is wrong between two cues is the earlier one's, and `following` is the other; of all before, the earlier is the
    one that stands longest. An overlap's figure is how long both stand, in milliseconds.
    """

    rule: Rule
    cue: int
    figure: float
    limit: float
    following: int | None = None


def broken_rules(cues: Sequence[Shown], profile: Profile, places: Sequence[Place] = ()) -> list[Broken]:
    """All rules that are broken, in the order of the cues, which must be in order of their starts.

    `places` is where each cue stands (none given: all at one place). Gaps and overlaps are between cues at one place.
    Outside the row of the dialogue a cue may stand long: it is a title, not to be read and gone.
    """
    places = places or [DEFAULT] * len(cues)
    main = main_row(cues, places)
    found = [
        broken
        for number, (cue, place) in enumerate(zip(cues, places, strict=True))
        for broken in _alone(number, cue, profile)
        if broken.rule != "too-long" or place.row == main
    ]
    found += _between(cues, places, profile)
    return sorted(found, key=lambda broken: (broken.cue, RULES.index(broken.rule)))


def _alone(number: int, cue: Shown, profile: Profile) -> Iterator[Broken]:
    longest = max((visible_length(line) for line in cue.lines), default=0)
    if longest > profile.max_line_chars:
        yield Broken("line-too-long", number, longest, profile.max_line_chars)
    if len(cue.lines) > profile.max_lines:
        yield Broken("too-many-lines", number, len(cue.lines), profile.max_lines)
    speed, limit = chars_per_second(cue), profile.max_chars_per_second
    if limit is not None and speed > limit:
        yield Broken("too-fast", number, round(speed, 2), limit)
    duration_ms = cue.end_ms - cue.start_ms
    if duration_ms < profile.min_duration_ms:
        yield Broken("too-short", number, duration_ms, profile.min_duration_ms)
    if duration_ms > profile.max_duration_ms:
        yield Broken("too-long", number, duration_ms, profile.max_duration_ms)


def _between(cues: Sequence[Shown], places: Sequence[Place], profile: Profile) -> Iterator[Broken]:
    """Gaps and overlaps, each cue with that of those before it at its place which stands longest."""
    longest: dict[Place, int] = {}
    for number, place in enumerate(places):
        standing = longest.setdefault(place, number)
        if standing == number:
            continue
        gap_ms = cues[number].start_ms - cues[standing].end_ms
        if gap_ms < 0:
            both_ms = min(cues[number].end_ms, cues[standing].end_ms) - cues[number].start_ms
            yield Broken("overlap", standing, both_ms, 0, number)
        elif gap_ms < profile.min_gap_ms:
            yield Broken("gap-too-small", standing, gap_ms, profile.min_gap_ms, number)
        elif profile.min_gap_ms < gap_ms <= profile.chain_gap_ms:
            yield Broken("gap-not-closed", standing, gap_ms, profile.chain_gap_ms, number)
        if cues[number].end_ms >= cues[standing].end_ms:
            longest[place] = number
