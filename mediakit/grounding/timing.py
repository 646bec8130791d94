"""Times of printed words: from the sounds that the CTC head heard, and edges from the level of the sound."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean

import numpy as np

from mediakit.speech.engine import Heard
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

FRAME_MS = 10
#: No word is shown as shorter than this; the shortest Vietnamese syllables last about 80 ms.
MIN_WORD_MS = 30
#: A run of quiet frames as long as this is a pause; the closure of a stop (p, t, c) is shorter.
_PAUSE_FRAMES = 10
#: Quiet is this far (dB) under the speech around; in a noisy room, less than this far over the noise; but never
#: nearer to the speech than the last. Speech is taken from around a place, the room's noise from further around.
_QUIET_DB, _OVER_ROOM_DB, _LEAST_DB = 34, 7, 15
_NEAR_MS, _FAR_MS = 1000, 5000
#: Words with no more than this between are said in one go.
_JOINED_MS = 40
#: With more time than this between two segments there may be sound between that neither claims.
_UNCLAIMED_MS = 2200
#: Of several pauses between two segments those count that are about as quiet (dB) as the quietest, and of these those
#: at least this share of the longest: a reader's pause is quieter than the breath and the desk inside it.
_AS_QUIET_DB, _NEARLY = 4, 0.6
_UNKNOWN_DB = 100
#: How far before the first segment and after the last its edge is looked for.
_REACH_MS = 2000
#: A shorter sound between two pauses is a click or the tail of a breath.
_SHORTEST_SOUND_MS = 60


@dataclass(frozen=True)
class Loudness:
    """The level of the sound over the whole media, in frames of 10 ms; quiet where nothing was listened to."""

    starts: tuple[int, ...]
    windows: tuple[Heard, ...]

    @classmethod
    def of(cls, heard: Sequence[Heard]) -> Loudness:
        """Over the windows in order."""
        return cls(tuple(window.start_ms for window in heard), tuple(heard))

    def frames(self, start_ms: int, end_ms: int) -> bytes:
        """dB above -100 dBFS for each frame from `start_ms` up to `end_ms`; 0 where there was no window."""
        found = bytearray(max(0, -(-(end_ms - start_ms) // FRAME_MS)))
        for place in range(max(0, bisect_right(self.starts, start_ms) - 1), bisect_right(self.starts, end_ms)):
            window = self.windows[place]
            # The first frame that begins inside the window, and the level that the window has for it.
            first = max(0, -(-(window.start_ms - start_ms) // FRAME_MS))
            at = (start_ms + first * FRAME_MS - window.start_ms) // FRAME_MS
            levels = window.levels[at : at + len(found) - first]
            found[first : first + len(levels)] = levels
        return bytes(found)

    def sounds(self, start_ms: int, end_ms: int) -> list[tuple[int, int]]:
        """Runs of sound between pauses; the two times themselves where there is no pause between them."""
        edges = [start_ms, *(time for pause in self.pauses(start_ms, end_ms) for time in pause), end_ms]
        between = [(max(a, start_ms), b) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        return [(a, b) for a, b in between if b - a >= _SHORTEST_SOUND_MS] or [(start_ms, end_ms)]

    def _off_grid(self, ms: int) -> int:
        """How far `ms` lies after the beginning of its frame."""
        place = bisect_right(self.starts, ms) - 1
        return (ms - self.starts[place]) % FRAME_MS if place >= 0 else ms % FRAME_MS

    def _quiet_below(self, start_ms: int, end_ms: int) -> float:
        """The level under which a frame is quiet: a little over the noise of the room, and far under the speech."""
        speech = _ranked(self.frames(max(0, start_ms - _NEAR_MS), end_ms + _NEAR_MS), 0.9)
        room = _ranked(self.frames(max(0, start_ms - _FAR_MS), end_ms + _FAR_MS).replace(b"\0", b""), 0.03)
        return min(max(speech - _QUIET_DB, room + _OVER_ROOM_DB), speech - _LEAST_DB)

    def pauses(self, start_ms: int, end_ms: int) -> list[tuple[int, int]]:
        """Quiet runs between two times, as (start, end) in milliseconds."""
        start_ms -= self._off_grid(start_ms)
        if end_ms <= start_ms:
            return []
        limit = self._quiet_below(start_ms, end_ms)
        quiet = [level < limit for level in self.frames(start_ms, end_ms)]
        runs, first = [], None
        for i, is_quiet in enumerate([*quiet, False]):
            if is_quiet and first is None:
                first = i
            elif not is_quiet and first is not None:
                if i - first >= _PAUSE_FRAMES:
                    runs.append((start_ms + first * FRAME_MS, min(end_ms, start_ms + i * FRAME_MS)))
                first = None
        return runs


def _ranked(levels: bytes, share: float) -> int:
    """The level that `share` of all are not above; 0 where there is none."""
    if not levels:
        return 0
    place = int(len(levels) * share)
    return int(np.partition(np.frombuffer(levels, dtype=np.uint8), place)[place])


def without_pauses(words: Sequence[Word], loudness: Loudness) -> list[Word]:
    """Heard words in order, each on one run of sound: a model gives a word at a pause the pause as well.

    Of several runs a word has the one on the side where another word joins it, else the longest.
    """
    result: list[Word] = []
    for i, word in enumerate(words):
        runs = loudness.sounds(word.start_ms, word.end_ms)
        joins_last = i > 0 and word.start_ms - words[i - 1].end_ms <= _JOINED_MS
        joins_next = i + 1 < len(words) and words[i + 1].start_ms - word.end_ms <= _JOINED_MS
        if joins_last != joins_next:
            start, end = runs[0] if joins_last else runs[-1]
        else:
            start, end = max(runs, key=lambda run: run[1] - run[0])
        result.append(replace(word, start_ms=start, end_ms=end))
    return result


def spread(known: Sequence[tuple[int, int] | None], start_ms: int, end_ms: int) -> list[tuple[int, int]]:
    """Times for all of a row of syllables of which only some are known.

    The unknown share the room between the known ones evenly. What is returned is in order, does not overlap and
    stays from `start_ms` to `end_ms`.
    """
    count = len(known)
    least = max(1, min(MIN_WORD_MS, (end_ms - start_ms) // max(count, 1)))
    edges = _fill([t[0] if t else None for t in known] + [end_ms], start_ms, [t[1] if t else None for t in known])
    starts: list[int] = []
    for i in range(count):
        low = starts[-1] + least if starts else start_ms
        high = end_ms - (count - i) * least
        starts.append(max(low, min(edges[i], high)))
    result = []
    for i in range(count):
        limit = starts[i + 1] if i + 1 < count else end_ms
        pair = known[i]
        end = pair[1] if pair else limit
        result.append((starts[i], max(starts[i] + least, min(end, limit)) if limit > starts[i] else starts[i] + 1))
    return result


def _fill(starts: list[int | None], first: int, ends: list[int | None]) -> list[int]:
    """Starts with the unknown ones put evenly between the end of the known one before and the known one after."""
    filled: list[int] = []
    i = 0
    while i < len(starts):
        value = starts[i]
        if value is not None:
            filled.append(value)
            i += 1
            continue
        j = i
        while starts[j] is None:
            j += 1
        right = starts[j]
        assert right is not None
        left = first if i == 0 else (ends[i - 1] or filled[-1])
        left = min(left, right)
        filled += [left + (right - left) * k // (j - i) for k in range(j - i)]
        i = j
    return filled


def snap_edges(segments: Sequence[Segment], loudness: Loudness, duration_ms: int) -> list[Segment]:
    """Segments with their outer edges moved to where the sound begins and ends.

    Between two segments lies a pause, or several with sound between that nobody claims: the first segment ends where
    the first begins, the second begins where the last ends. Where there is none the edges stay, cut so as not to
    overlap.
    """
    starts = [s.start_ms for s in segments]
    ends = [s.end_ms for s in segments]
    for i in range(len(segments) + 1):
        before = segments[i - 1] if i else None
        after = segments[i] if i < len(segments) else None
        left = before.words[-1].middle_ms if before else max(0, (after.start_ms if after else 0) - _REACH_MS)
        right = after.words[0].middle_ms if after else min(duration_ms, (before.end_ms if before else 0) + _REACH_MS)
        # A pause may reach into the words on either side, whose times are the model's.
        low = before.words[-1].start_ms if before else left
        high = after.words[0].end_ms if after else right
        pauses = [(a, b) for a, b in loudness.pauses(low, high) if a < right and left < b]
        if before and after and after.words[0].start_ms - before.words[-1].end_ms < _UNCLAIMED_MS:
            pauses = _parting(pauses, loudness)
        if before:
            ends[i - 1] = pauses[0][0] if pauses else min(ends[i - 1], right)
        if after:
            starts[i] = pauses[-1][1] if pauses else max(starts[i], left)
        if before and after and ends[i - 1] > starts[i]:
            ends[i - 1] = starts[i] = (ends[i - 1] + starts[i]) // 2
    return [_with_edges(s, start, end) for s, start, end in zip(segments, starts, ends, strict=True)]


def _parting(pauses: Sequence[tuple[int, int]], loudness: Loudness) -> list[tuple[int, int]]:
    """The pauses that part segments: the quietest and, of those, the longest; others are inside words or sentences."""
    if len(pauses) < 2:
        return list(pauses)
    # What was not listened to has no level; such a pause parts nothing where another is known.
    known = [[level for level in loudness.frames(a, b) if level] for a, b in pauses]
    depths = [mean(levels) if levels else _UNKNOWN_DB for levels in known]
    quiet = [pause for pause, depth in zip(pauses, depths, strict=True) if depth <= min(depths) + _AS_QUIET_DB]
    longest = max(b - a for a, b in quiet)
    return [(a, b) for a, b in quiet if b - a >= _NEARLY * longest]


def _with_edges(segment: Segment, start_ms: int, end_ms: int) -> Segment:
    if end_ms - start_ms < len(segment.words):
        return segment
    known = [(w.start_ms, w.end_ms) for w in segment.words]
    known[0] = (start_ms, max(known[0][1], start_ms + 1))
    known[-1] = (known[-1][0], end_ms)
    times = spread(known, start_ms, end_ms)
    words = tuple(replace(w, start_ms=a, end_ms=b) for w, (a, b) in zip(segment.words, times, strict=True))
    return replace(segment, start_ms=start_ms, end_ms=end_ms, words=words)
