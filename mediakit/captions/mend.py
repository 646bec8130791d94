"""Mending captions that others wrote: their times and their breaks, never a word.

A cue whose lines are too long, too many, or that stands too long is broken anew by the same optimum that cuts our own
captions, into several cues where one does not hold it; its words are taken to be said evenly over its time. A cue
that keeps the rules keeps its lines. Then times are stretched, shortened and closed as those of our own captions are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from mediakit.captions.breaks import Spoken
from mediakit.captions.profile import Profile
from mediakit.captions.reading import visible_length
from mediakit.captions.segment import Layout
from mediakit.captions.timing import cue_times

#: A cue that overlaps the one before may come so much later that both can be read.
_LATEST_MS = 500
_DIALOGUE = ("-", "–", "—")
_CLOSING = "\"'”’)]}»"


@dataclass(frozen=True, slots=True)
class Written:
    """A cue to be mended: its lines as pieces between spaces, each as it is written and as a reader sees it."""

    start_ms: int
    end_ms: int
    lines: tuple[tuple[tuple[str, str], ...], ...]

    def shown(self) -> tuple[str, ...]:
        """The lines as a reader sees them."""
        return tuple(" ".join(seen for _, seen in line if seen) for line in self.lines)


@dataclass(frozen=True, slots=True)
class Mended:
    """A cue after mending, and the number (from 0) of the one that it was, or was part of."""

    origin: int
    written: Written


def mend(cues: Sequence[Written], profile: Profile) -> list[Mended]:
    """`cues`, in order of their starts, with times and breaks that keep `profile` as far as that can be.

    The pieces of text are the same, in the same order.
    """
    parts = [Mended(n, part) for n, cue in enumerate(cues) for part in _broken_anew(cue, profile)]
    spans = _apart([(part.written.start_ms, part.written.end_ms) for part in parts], profile)
    chars = [visible_length(" ".join(part.written.shown())) for part in parts]
    times = cue_times(spans, chars, profile)
    return [
        Mended(part.origin, Written(start_ms, end_ms, part.written.lines))
        for part, (start_ms, end_ms) in zip(parts, times, strict=True)
    ]


def _broken_anew(cue: Written, profile: Profile) -> list[Written]:
    """The cue, or those that it becomes where its lines or its length break a rule."""
    shown = cue.shown()
    fits = len(shown) <= profile.max_lines and max(map(visible_length, shown)) <= profile.max_line_chars
    if fits and cue.end_ms - cue.start_ms <= profile.max_duration_ms:
        return [cue]
    if len(shown) > 1 and all(line.startswith(_DIALOGUE) for line in shown):
        return _speakers_apart(cue, profile)
    pieces = _whole_words([piece for line in cue.lines for piece in line])
    layout = Layout(_evenly(pieces, cue), profile)
    found = []
    for one in layout.best_cut():
        lines = tuple(tuple(pieces[a:b]) for a, b in ((one.start, one.line), (one.line, one.end)) if a < b)
        found.append(Written(layout.words[one.start].start_ms, layout.words[one.end - 1].end_ms, lines))
    return found


def _speakers_apart(cue: Written, profile: Profile) -> list[Written]:
    """A line each for speakers is no break to be moved: they become cues of their own."""
    lengths = [visible_length(line) for line in cue.shown()]
    until = [cue.start_ms + (cue.end_ms - cue.start_ms) * n // sum(lengths) for n in accumulate(lengths, initial=0)]
    if any(a >= b for a, b in pairwise(until)):
        return [cue]
    alone = [Written(until[n], until[n + 1], (line,)) for n, line in enumerate(cue.lines)]
    return [part for one in alone for part in _broken_anew(one, profile)]


def _whole_words(pieces: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Pieces that a reader does not see, marks alone, joined to the one before them, or after where there is none."""
    found: list[tuple[str, str]] = []
    for written, seen in pieces:
        if found and (not seen or not found[-1][1]):
            found[-1] = f"{found[-1][0]} {written}", found[-1][1] + seen
        else:
            found.append((written, seen))
    return found


def _evenly(pieces: Sequence[tuple[str, str]], cue: Written) -> list[Spoken]:
    """The pieces as words that are said evenly over the cue's time, a millisecond each at least."""
    lengths = [visible_length(seen) + 1 for _, seen in pieces]
    lasts_ms = max(cue.end_ms - cue.start_ms, len(pieces))
    until = [cue.start_ms + lasts_ms * n // sum(lengths) for n in accumulate(lengths, initial=0)]
    return [
        Spoken(seen, until[n], max(until[n + 1], until[n] + 1), 0, None, _ends_sentence(pieces, n))
        for n, (_, seen) in enumerate(pieces)
    ]


def _ends_sentence(pieces: Sequence[tuple[str, str]], n: int) -> bool:
    stops = pieces[n][1].rstrip(_CLOSING).endswith((".", "!", "?", "…"))
    return stops and (n + 1 == len(pieces) or pieces[n + 1][1].lstrip("\"'“‘([")[:1].isupper())


def _apart(spans: Sequence[tuple[int, int]], profile: Profile) -> list[tuple[int, int]]:
    """Spans that overlap parted, so that each has the least duration where there is room; starts keep their order.

    The later one comes later than it did only where the earlier could not be read otherwise, by half a second at most.
    """
    found: list[tuple[int, int]] = []
    for start_ms, end_ms in spans:
        if found:
            earliest_ms = found[-1][0] + profile.min_duration_ms + profile.min_gap_ms
            latest_ms = max(start_ms, end_ms - profile.min_duration_ms)
            start_ms = max(start_ms, min(earliest_ms, start_ms + _LATEST_MS, latest_ms), found[-1][0] + 1)
            before_ms, cut_ms = found[-1][0], min(found[-1][1], start_ms)
            found[-1] = before_ms, max(cut_ms, before_ms + 1)
        found.append((start_ms, max(end_ms, start_ms + 1)))
    return found
