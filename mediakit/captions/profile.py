"""Profiles: the figures that captions keep, each with its source.

Sources, all in the Netflix Partner Help Center:

- [general] Timed Text Style Guide: General Requirements (article 215758617)
- [timing] Timed Text Style Guide: Subtitle Timing Guidelines (article 360051554394)
- [vi] Vietnamese Timed Text Style Guide (article 220447048)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mediakit.errors import UsageError


@dataclass(frozen=True, slots=True)
class Profile:
    """What a caption may be. The defaults are those of `netflix-vi`.

    Raises
    ------
    ValueError
        If a figure is not positive, the shortest cue is longer than the longest, or there are not one or two lines.
    """

    name: str
    #: Characters of a line, spaces included ([vi], "Character Limitation").
    max_line_chars: int = 42
    #: Lines of a cue: 1 or 2 ([general], "Line Treatment").
    max_lines: int = 2
    #: Characters a second, spaces included, adult programmes ([vi], "Reading Speed Limits").
    max_chars_per_second: float = 17.0
    #: Five sixths of a second ([general], "Duration").
    min_duration_ms: int = 833
    #: Seven seconds ([general], "Duration").
    max_duration_ms: int = 7000
    #: Two frames between cues ([general], "Frame Gap"), at 25 frames a second.
    min_gap_ms: int = 80
    #: Gaps up to half a second are closed to `min_gap_ms`, so that the screen does not flicker ([timing], 1).
    chain_gap_ms: int = 500
    #: Three frames at 25 a second: how early a cue may come before the sound ([general], "Timing to Audio").
    max_lead_ms: int = 120
    #: How long a cue may stay after the sound while it is still being read. [timing] asks for half a second; the
    #: help center since allows "well past the end of speech" for the reader's sake (article 38231879488019).
    max_linger_ms: int = 2000
    #: A pause this long ends a cue: who reads on would know what has not been said. A choice of mediakit.
    max_pause_ms: int = 1000

    def __post_init__(self) -> None:
        positive = (
            self.max_line_chars,
            self.max_chars_per_second,
            self.min_duration_ms,
            self.max_pause_ms,
        )
        not_negative = (self.min_gap_ms, self.chain_gap_ms, self.max_lead_ms, self.max_linger_ms)
        if min(positive) <= 0 or min(not_negative) < 0:
            raise ValueError(f"profile {self.name}: a figure is not positive")
        if self.min_duration_ms > self.max_duration_ms:
            raise ValueError(f"profile {self.name}: the shortest cue is longer than the longest")
        if self.max_lines not in (1, 2):
            raise ValueError(f"profile {self.name}: {self.max_lines} lines; only 1 and 2 are known")

    def reading_time_ms(self, chars: int) -> int:
        """The shortest time in which `chars` characters may stand, by reading speed and least duration.

        >>> PROFILES["netflix-vi"].reading_time_ms(34), PROFILES["netflix-vi"].reading_time_ms(3)
        (2000, 833)
        """
        # Rounded up, so that the speed never comes out a hair above the limit.
        return max(self.min_duration_ms, -int(-chars * 1000 // self.max_chars_per_second))


PROFILES: Mapping[str, Profile] = {profile.name: profile for profile in (Profile("netflix-vi"),)}


def find_profile(name: str) -> Profile:
    """The profile called `name`.

    Raises
    ------
    UsageError
        If there is none; it lists those that are.
    """
    try:
        return PROFILES[name]
    except KeyError:
        raise UsageError(f"unknown profile {name!r}", remedy=f"Known: {', '.join(sorted(PROFILES))}") from None
