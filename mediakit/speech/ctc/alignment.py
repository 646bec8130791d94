"""Where the words of a known text are said: the best way (Viterbi) of a CTC head's frames through its units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NEVER = -1e9


def aligned(gains: NDArray[np.float64], words: Sequence[Sequence[int]]) -> list[tuple[int, int, float]]:
    """For each word the first and last frame in which it is heard, and what it gains (nats).

    `gains` (frames, units) is what each unit has over anything else in a frame, the blank's first; before and after
    the text there may be anything. `words` are the numbers of their units. Where there are too few frames for the
    text, words share them.
    """
    units = [unit for word in words for unit in word]
    if not units or not len(gains):
        return [(0, 0, 0.0) for _ in words]
    frames = _frames(gains, units)
    scores = np.concatenate(([0.0], np.cumsum(_along(gains, units, frames))))
    found: list[tuple[int, int, float]] = []
    place = at = 0
    for word in words:
        if not word:
            found.append((at, at, 0.0))
            continue
        first, last = frames[place], frames[place + len(word) - 1]
        place += len(word)
        stop = frames[place] if place < len(units) else last + 1
        found.append((int(first), int(last), float(scores[stop] - scores[first])))
        at = int(last)
    return found


def _frames(gains: NDArray[np.float64], units: Sequence[int]) -> NDArray[np.intp]:
    """The frame in which each unit begins."""
    own = np.array(units)
    if len(gains) < len(units):
        return np.minimum(np.arange(len(units)) * len(gains) // len(units), len(gains) - 1)
    goes_on = np.concatenate(([False], own[1:] == own[:-1]))
    # In a unit, and in the blank after it; before the first anything may be said at no cost, as after the last.
    unit, blank = np.full(len(own), _NEVER), np.full(len(own), _NEVER)
    comes = np.zeros((len(gains), len(own)), np.bool_)
    waits = np.zeros((len(gains), len(own)), np.bool_)
    for frame, row in enumerate(gains):
        before = np.maximum(unit, blank)
        since = np.concatenate(([0.0], np.where(goes_on[1:], blank[:-1], before[:-1])))
        waits[frame] = unit >= blank
        blank = before + row[0]
        blank[-1] = before[-1]
        comes[frame] = since > unit
        unit = np.maximum(since, unit) + row[own]
    found = np.zeros(len(own), np.intp)
    place, in_blank = len(own) - 1, bool(blank[-1] > unit[-1])
    for frame in range(len(gains) - 1, -1, -1):
        if in_blank:
            in_blank = not waits[frame, place]
        elif comes[frame, place]:
            found[place] = frame
            if not place:
                break
            place -= 1
            before_is_blank = not waits[frame, place]
            in_blank = bool(goes_on[place + 1]) or before_is_blank
    return found


def _along(gains: NDArray[np.float64], units: Sequence[int], frames: NDArray[np.intp]) -> NDArray[np.float64]:
    """What each frame gains on the way: by the unit that begins in it, else by the better of the last and the blank."""
    own = np.zeros(len(gains), np.intp)
    begun = np.zeros(len(gains), np.bool_)
    own[frames] = units
    begun[frames] = True
    last = np.maximum.accumulate(np.where(begun, np.arange(len(gains)), 0))
    found: NDArray[np.float64] = np.where(
        begun, gains[np.arange(len(gains)), own], np.maximum(gains[np.arange(len(gains)), own[last]], gains[:, 0])
    )
    return found
