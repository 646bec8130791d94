"""What captions of the default profile must keep, counted from the SubRip file by a routine of the tests' own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import srt

_CAPITALISED = re.compile(r"[^\W\d_]\S*")
_MARKS = ".,;:!?…\"'“”‘’()[]–-"
MS = timedelta(milliseconds=1)


def broken(captions: Path, duration_ms: int) -> list[str]:
    """Each rule that is broken although it could be kept; too fast is only what had room to stand longer."""
    cues = list(srt.parse(captions.read_text(encoding="utf-8")))
    starts = [cue.start // MS for cue in cues]
    ends = [cue.end // MS for cue in cues]
    found = []
    for n, cue in enumerate(cues):
        lines, lasts_ms = cue.content.split("\n"), ends[n] - starts[n]
        room_ms = (starts[n + 1] - 80 if n + 1 < len(cues) else duration_ms) - ends[n]
        fast = len(" ".join(lines)) * 1000 > 17 * lasts_ms
        rules = {
            "a line over 42": any(len(line) > 42 for line in lines),
            "over 2 lines": len(lines) > 2,
            "under 833 ms": lasts_ms < 833,
            "over 7 s": lasts_ms > 7000,
            "overlaps, or is nearer than 2 frames": n + 1 < len(cues) and room_ms < 0,
            "too fast, with room after it": fast and room_ms > 0 and lasts_ms < 7000,
        }
        found += [f"{cue.index}: {rule}" for rule, holds in rules.items() if holds]
    return found


def torn_names(captions: Path, sentences: Iterable[str]) -> list[str]:
    """Names of the article, two capitalised words or more in a row, that stand in the captions with a break inside."""
    cues = srt.parse(captions.read_text(encoding="utf-8"))
    text = "\n".join(cue.content for cue in cues)
    torn = []
    for name in {name for sentence in sentences for name in _names(sentence)}:
        anywhere = re.compile(r"(?<!\w)" + r"(\s)".join(map(re.escape, name)) + r"(?!\w)")
        torn += [" ".join(name) for match in anywhere.finditer(text) if "\n" in match.groups()]
    return torn


def _names(sentence: str) -> Iterable[tuple[str, ...]]:
    run: list[str] = []
    for word in [*sentence.split(), ""]:
        bare = word.strip(_MARKS)
        if bare[:1].isupper() and _CAPITALISED.fullmatch(bare) and not (run and word[:1] in _MARKS):
            run.append(bare)
            if word.endswith(bare):
                continue
        if len(run) > 1:
            yield tuple(run)
        run = []
