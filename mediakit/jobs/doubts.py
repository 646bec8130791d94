"""Results that a person should look at: with `--strict` each is a failure, and what was made is there all the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mediakit.errors import DoubtfulResult

#: Codes of the warnings that are doubts: nothing of the article is said in a medium, or nothing at all. (That a medium
#: is missing, cannot be read or is incomplete is a failure anyway.)
DOUBTS = ("attachment-unrelated", "no-speech")
_REMEDY = "Look at it; without --strict this is a warning."


def doubts(media: Iterable[Mapping[str, Any]]) -> tuple[DoubtfulResult, ...]:
    """What is doubtful of a job, by the figures of its media (:func:`mediakit.jobs.summary.summary`)."""
    return tuple(
        DoubtfulResult(warning["message"].removeprefix(f"{medium['path']}: "), file=medium["path"], remedy=_REMEDY)
        for medium in media
        for warning in medium["warnings"]
        if warning["code"] in DOUBTS
    )
