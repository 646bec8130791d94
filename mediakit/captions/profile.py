"""Profiles: the figures that captions keep, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

_NETFLIX = "Netflix Timed Text Style Guide"
_GENERAL = f"{_NETFLIX}: General Requirements (help center article 215758617)"
_TIMING = f"{_NETFLIX}: Subtitle Timing Guidelines (help center article 360051554394)"
_VIETNAMESE = f"{_NETFLIX}: Vietnamese (help center article 220447048)"
_BBC = "BBC Subtitle Guidelines 1.2 (bbc.github.io/subtitle-guidelines)"
_OWN = "mediakit"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a caption may be. The defaults are those of `netflix-vi`; milliseconds, and frames at 25 a second.

    `sources` says of each figure where it is from.

    Raises
    ------
    ValueError
        If a figure is not positive, the shortest cue is longer than the longest, or there are not one or two lines.
    """

    name: str
    #: Characters of a line, spaces included.
    max_line_chars: int = 42
    #: Lines of a cue: 1 or 2.
    max_lines: int = 2
    #: Characters a second, spaces included; None: any speed.
    max_chars_per_second: float | None = 17.0
    min_duration_ms: int = 833
    max_duration_ms: int = 7000
    #: Between two cues.
    min_gap_ms: int = 80
    #: Gaps up to this are closed to `min_gap_ms`, so that the screen does not flicker.
    chain_gap_ms: int = 500
    #: How early a cue may come before the sound.
    max_lead_ms: int = 120
    #: How long a cue may stay after the sound while it is still being read.
    max_linger_ms: int = 2000
    #: A pause this long ends a cue: who reads on would know what has not been said.
    max_pause_ms: int = 1000
    sources: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        positive = (self.max_line_chars, self.max_chars_per_second or 1, self.min_duration_ms, self.max_pause_ms)
        not_negative = (self.min_gap_ms, self.chain_gap_ms, self.max_lead_ms, self.max_linger_ms)
        if min(positive) <= 0 or min(not_negative) < 0 or self.max_chars_per_second == 0:
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
        if self.max_chars_per_second is None:
            return self.min_duration_ms
        # Rounded up, so that the speed never comes out a hair above the limit.
        return max(self.min_duration_ms, -int(-chars * 1000 // self.max_chars_per_second))

    def rules(self) -> dict[str, tuple[float | None, str]]:
        """Each figure by its name, with its source."""
        return {name: (getattr(self, name), self.sources.get(name, "")) for name in FIGURES}


#: The names of a profile's figures.
FIGURES = tuple(item.name for item in fields(Profile) if item.name not in ("name", "sources"))

_NETFLIX_VI = Profile(
    "netflix-vi",
    sources=MappingProxyType(
        {
            "max_line_chars": f"{_VIETNAMESE}, Character Limitation",
            "max_lines": f"{_GENERAL}, Line Treatment",
            "max_chars_per_second": f"{_VIETNAMESE}, Reading Speed Limits, adult programs",
            "min_duration_ms": f"{_GENERAL}, Duration: five sixths of a second",
            "max_duration_ms": f"{_GENERAL}, Duration: seven seconds",
            "min_gap_ms": f"{_GENERAL}, Frame Gap: two frames",
            "chain_gap_ms": f"{_TIMING}, 1: gaps of up to half a second are closed to two frames",
            "max_lead_ms": f"{_GENERAL}, Timing to Audio: three frames",
            "max_linger_ms": f"{_TIMING}, 1: half a second if reading speed requires it; since then “well past the "
            "end of speech” (help center article 38231879488019)",
            "max_pause_ms": f"{_OWN}: a second",
        }
    ),
)


def _changed(name: str, because: Mapping[str, str], **figures: float | None) -> Profile:
    """`netflix-vi` with other figures, each with its own source."""
    sources = MappingProxyType({**_NETFLIX_VI.sources, **because})
    return replace(_NETFLIX_VI, name=name, sources=sources, **figures)  # type: ignore[arg-type]


PROFILES: Mapping[str, Profile] = {
    profile.name: profile
    for profile in (
        _NETFLIX_VI,
        _changed(
            "netflix-vi-sdh",
            {"max_chars_per_second": f"{_VIETNAMESE}, Reading Speed Limits, SDH, adult programs"},
            max_chars_per_second=20.0,
        ),
        _changed(
            "bbc",
            {
                "max_line_chars": f"{_BBC}, Line length: 37 characters of fixed width",
                "max_lines": f"{_BBC}, Avoid 3 lines or more",
                "max_chars_per_second": f"{_BBC}, Timing: 160 to 180 words a minute; a word is counted as 6 characters "
                f"with its space, for in Vietnamese spaces part syllables ({_OWN})",
                "min_gap_ms": f"{_BBC}, Gaps: none is needed",
                "chain_gap_ms": f"{_BBC}, Gaps: less than a second is jerky, and closed",
                "max_lead_ms": f"{_OWN}: five frames (the guide allows 1.5 seconds)",
                "max_linger_ms": f"{_BBC}, Match subtitle to pace of speaking: 1.5 seconds",
            },
            max_line_chars=37, max_chars_per_second=18.0, min_gap_ms=0, chain_gap_ms=999, max_lead_ms=200,
            max_linger_ms=1500,
        ),
        _changed(
            "web", {"max_chars_per_second": f"{_OWN}: who watches on the web can stop"}, max_chars_per_second=None
        ),
    )
}  # fmt: skip
