"""Captions that roll up: each cue repeats the lines of the one before and adds to them, as YouTube's automatic ones do.

Who reads them as cues has each line two or three times. Here each line is kept once, from when it first appears.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from mediakit.captions.place import Place
from mediakit.subtitles.places import place_of
from mediakit.subtitles.spans import carried
from mediakit.subtitles.track import FileCue, Kind, Track, pieces, plain

#: Between a cue and the one that repeats it there is hardly a pause.
_LONGEST_PAUSE_MS = 500
#: YouTube shows what stays alone for 10 ms before a new line comes.
_FLASH_MS = 50
#: So many of all cues repeat the one before, at least.
_SHARE = 0.5
#: Fewer different words are said twice by chance.
_FEWEST_WORDS = 3


def unrolled(track: Track) -> list[FileCue]:
    """The cues with each line once where the captions roll up, with the numbers that they had; else none."""
    there: dict[Place, list[FileCue]] = {}
    for cue in track.cues:
        there.setdefault(place_of(cue, track.kind), []).append(cue)
    if not any(_rolls_up(cues, track.kind) for cues in there.values()):
        return []
    kept = [cue for cues in there.values() for cue in _each_line_once(cues, track.kind)]
    return sorted(kept, key=lambda cue: (cue.start_ms, cue.end_ms))


def _rolls_up(cues: Sequence[FileCue], kind: Kind) -> bool:
    """Whether most cues repeat the one before, and some add to it; a refrain repeats and adds nothing."""
    repeated = grown = flashes = 0
    for before, cue in pairwise(cues):
        words = [word for row in _rows(cue, kind) for word in row]
        again = words[: _repeated(before, cue, kind)]
        repeated += bool(again)
        grown += len(again) < len(words) and len(set(again)) >= _FEWEST_WORDS
        flashes += bool(again) and len(again) == len(words) and cue.end_ms - cue.start_ms <= _FLASH_MS
    return repeated >= _SHARE * (len(cues) - 1) and (grown >= 2 or (grown == 1 and flashes > 0))


def _repeated(before: FileCue, cue: FileCue, kind: Kind) -> int:
    """How many of the first words of a cue are the last lines, or all, of the one before."""
    if cue.start_ms - before.end_ms > _LONGEST_PAUSE_MS:
        return 0
    rows, words = _rows(before, kind), [word for row in _rows(cue, kind) for word in row]
    for first in range(len(rows)):
        last_lines = [word for row in rows[first:] for word in row]
        if words[: len(last_lines)] == last_lines:
            return len(last_lines)
    return 0


def _rows(cue: FileCue, kind: Kind) -> list[list[str]]:
    """The words of each line that shows some."""
    return [words for line in cue.lines if (words := plain(line, kind).split())]


def _each_line_once(cues: Sequence[FileCue], kind: Kind) -> Iterator[FileCue]:
    """What each cue adds to the one before, as a cue of its own; words that are added to a line stay on it."""
    kept: FileCue | None = None
    for before, cue in zip([None, *cues], cues, strict=False):
        words = _repeated(before, cue, kind) if before is not None else 0
        lines, on_last_line = _from_word(cue, words, kind)
        if kept is not None and words and not lines:
            # A line that stays alone for a while stays; but not as long as a flash before the next one.
            lasts = cue.end_ms - cue.start_ms > _FLASH_MS
            kept = replace(kept, end_ms=max(kept.end_ms, cue.end_ms)) if lasts else kept
        elif kept is not None and on_last_line:
            grown = (*kept.lines[:-1], f"{kept.lines[-1]} {lines[0]}", *lines[1:])
            kept = replace(kept, end_ms=max(kept.end_ms, cue.end_ms), lines=grown)
        else:
            if kept is not None:
                yield kept
            kept = replace(cue, lines=lines)
    if kept is not None:
        yield kept


def _from_word(cue: FileCue, first: int, kind: Kind) -> tuple[tuple[str, ...], bool]:
    """The lines of a cue from its word `first` on, with the marks that hold there; whether that is inside a line."""
    if first == 0:
        return cue.lines, False
    old: list[str] = []
    new: list[str] = []
    inside = False
    count = 0
    for line in cue.lines:
        parts: tuple[list[str], list[str]] = [], []
        for piece in pieces(line, kind):
            words = len(plain(piece, kind).split())
            parts[(count >= first and words > 0) or bool(parts[1])].append(piece)
            count += words
        inside = inside or bool(
            parts[0] and parts[1] and not new and any(plain(piece, kind).strip() for piece in parts[0])
        )
        old += [" ".join(parts[0])] if parts[0] else []
        new += [" ".join(parts[1])] if parts[1] else []
    return (carried([old, new], kind)[1], inside) if new else ((), False)
