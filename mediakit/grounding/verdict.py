"""One word for how article and sound belong together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mediakit.transcript.segments import Segment

Verdict = Literal["read", "partly-read", "unrelated"]

#: Below this share of the speech, what the article seems to account for is chance.
UNRELATED_BELOW = 0.05
#: The article is read when it accounts for nearly all of the speech and nearly all of it is said.
READ_FROM = 0.8


def coverage(segments: Sequence[Segment]) -> float:
    """Share of the speech, by time, whose words are the article's: 0 to 1, and 0 without speech.

    Of a segment along a sentence that share of its time which the article's words have of the time of its words: the
    pauses between count with them, and a segment all of whose words are the article's counts whole.
    """
    total = sum(s.end_ms - s.start_ms for s in segments)
    covered = sum((s.end_ms - s.start_ms) * s.article_share for s in segments)
    return round(covered / total, 4) if total else 0.0


def verdict(speech_covered: float, article_read: float) -> Verdict:
    """The verdict from the two shares: of the speech that is the article's, and of the article that is said.

    For a medium in which somebody speaks; silence says nothing of the article, and has no verdict.
    """
    if speech_covered < UNRELATED_BELOW:
        return "unrelated"
    return "read" if speech_covered >= READ_FROM and article_read >= READ_FROM else "partly-read"
