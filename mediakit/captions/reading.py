"""How long text is to a reader."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mediakit.vietnamese.normal import nfc


class Shown(Protocol):
    """Text on the screen for a time: a caption of ours, or a cue of any file."""

    @property
    def start_ms(self) -> int:
        """When it appears."""

    @property
    def end_ms(self) -> int:
        """When it goes."""

    @property
    def lines(self) -> Sequence[str]:
        """What is to be read, without marks."""


def visible_length(text: str) -> int:
    """Characters of `text` as a reader counts them: every Vietnamese letter with its marks is one in NFC.

    >>> visible_length("Thụy"), visible_length("Thu\\u0323y")
    (4, 4)
    """
    return len(nfc(text))


def reading_length(shown: Shown) -> int:
    """Characters to be read; the break between two lines counts as the space that it stands for."""
    return visible_length(" ".join(shown.lines))


def chars_per_second(shown: Shown) -> float:
    """The reading speed that a caption asks for; one that stands no time at all is counted as a millisecond long."""
    return reading_length(shown) * 1000 / max(1, shown.end_ms - shown.start_ms)
