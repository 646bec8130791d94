"""Where on the picture a caption stands: those at different places may stand together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.captions.reading import Shown


@dataclass(frozen=True, slots=True)
class Place:
    """A row and a column of the picture, as a file writes them; empty where captions stand if nothing is said."""

    row: str = ""
    column: str = ""


DEFAULT = Place()


def main_row(cues: Sequence[Shown], places: Sequence[Place]) -> str:
    """The row where most of the text stands: that of the dialogue.

    What stands elsewhere are titles (a name, a sign, a song), which stand as long as what they belong to. Letters are
    counted, not cues, for mending makes more cues of one and changes no letter.
    """
    letters: Counter[str] = Counter()
    for cue, place in zip(cues, places, strict=True):
        letters[place.row] += sum(len("".join(line.split())) for line in cue.lines)
    return max(letters, key=lambda row: (letters[row], row == "", row), default="")
