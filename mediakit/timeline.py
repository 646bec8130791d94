"""Time: integer milliseconds from the start of the media as a player shows it; spans are half open."""

from __future__ import annotations

from dataclasses import dataclass

MS_PER_SECOND = 1000
#: No word lasts longer: a time beyond it holds a pause, or speech that an engine passed over.
LONGEST_WORD_MS = 1500


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The time from `start_ms` up to but without `end_ms`.

    Raises
    ------
    ValueError
        If the span is empty, backwards or begins before zero.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"not a span: {self.start_ms} to {self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds, at least 1."""
        return self.end_ms - self.start_ms

    def overlap_ms(self, other: Span) -> int:
        """Milliseconds that both spans cover."""
        return max(0, min(self.end_ms, other.end_ms) - max(self.start_ms, other.start_ms))


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its time and the engine's belief in it; `article` is whether it is the article's at that place.

    `article` is whether it is the article's at that place; of what is only heard no word is.

    Raises
    ------
    ValueError
        If the word has no text, no length, or a score outside 0 to 1.
    """

    start_ms: int
    end_ms: int
    text: str
    score: float
    article: bool = False

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a word without text")
        if not 0 <= self.start_ms < self.end_ms:
            raise ValueError(f"word {self.text!r} from {self.start_ms} to {self.end_ms} ms")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"word {self.text!r} with score {self.score}")

    @property
    def middle_ms(self) -> int:
        """Where its middle is, which tells what it is in: its edges are rough."""
        return (self.start_ms + self.end_ms) // 2


def timestamp(ms: int, *, decimal: str = ".", hours: bool = True) -> str:
    """`ms` as a clock time.

    >>> timestamp(3_723_004), timestamp(61_500, decimal=","), timestamp(61_500, hours=False)
    ('01:02:03.004', '00:01:01,500', '01:01.500')
    """
    seconds, rest = divmod(ms, MS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    if hours or hour:
        return f"{hour:02d}:{minute:02d}:{second:02d}{decimal}{rest:03d}"
    return f"{minute:02d}:{second:02d}{decimal}{rest:03d}"
