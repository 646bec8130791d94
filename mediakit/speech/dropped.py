"""What an engine heard where nobody said it: kept beside what is kept, so that a reader is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mediakit.errors import printable
from mediakit.notices import Notice
from mediakit.timeline import Span, timestamp

#: Why words were dropped; what each means is in :mod:`mediakit.speech.invented`.
Reason = Literal["known-phrase", "no-voice", "too-fast", "loop", "no-speech", "unsure"]

CODE = "speech-invented"
#: So many are named in a warning, each with so many characters.
_LISTED, _SHOWN = 20, 80


@dataclass(frozen=True, slots=True)
class Dropped:
    """Words that were heard in `span` (media's time) and dropped.

    Raises
    ------
    ValueError
        If there is no text.
    """

    span: Span
    text: str
    reason: Reason

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("nothing was dropped")


def invented_notice(named: str, dropped: Sequence[Dropped]) -> Notice | None:
    """The warning about what was dropped from the media file `named`; None where nothing was.

    >>> invented_notice("a.mp3", [Dropped(Span(61_000, 63_500), "Cảm ơn các bạn", "known-phrase")]).message
    'a.mp3: heard without support from the sound, and left out: 00:01:01 to 00:01:03 “Cảm ơn các bạn”'
    """
    if not dropped:
        return None
    listed = ", ".join(_told(item) for item in dropped[:_LISTED])
    more = f" and {len(dropped) - _LISTED} more" if len(dropped) > _LISTED else ""
    return Notice(CODE, f"{named}: heard without support from the sound, and left out: {listed}{more}")


def _told(item: Dropped) -> str:
    text = printable(item.text)
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
    return f"{_clock(item.span.start_ms)} to {_clock(item.span.end_ms)} “{shown}”"


def _clock(ms: int) -> str:
    """hh:mm:ss, the second that has begun."""
    return timestamp(ms).rpartition(".")[0]
