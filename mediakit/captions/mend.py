"""Mending captions that others wrote: their times and their breaks, never a word.

A cue whose lines are too long, too many, or that stands too long is broken anew by the same optimum that cuts our own
captions, into several cues where one does not hold it; its words are taken to be said evenly over its time, or when
the marks inside it say. A cue that keeps the rules keeps its lines. Then times are stretched, shortened and closed as
those of our own captions are, but for this: where the sound is, nobody knows, so that no cue comes earlier to be read
longer, and how long one stays is bounded by its reading time alone. What stands at another place is mended by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from mediakit.captions.breaks import Spoken
from mediakit.captions.place import DEFAULT, Place, main_row
from mediakit.captions.profile import Profile
from mediakit.captions.reading import visible_length
from mediakit.captions.segment import Layout
from mediakit.captions.syllable import stops
from mediakit.captions.timing import cue_times
from mediakit.captions.turns import Piece, begins_turn, ends_label, is_dash, turns_inside
from mediakit.vietnamese.normal import nfc

#: A cue that overlaps the one before may come so much later that both can be read.
_LATEST_MS = 500
#: Characters that no cue has; such a text stays as it is, for the optimum would take minutes to find.
_MOST_CHARS = 20_000
#: Mending what was mended changes nothing, mostly at the second round.
_ROUNDS = 8
#: A title stands as long as what it belongs to.
_AS_LONG_AS_IT_TAKES_MS = 10**9
# A mark that is a time, as WebVTT has them before the word that is then said.
_SAID = re.compile(r"<(?:([0-9]{1,6}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})>")
_TRAILING_MARKS = re.compile(r"(?:<[^<>]*>)+")
_ENDS_SPAN = re.compile(r"</|\{\\[bius]0")


@dataclass(frozen=True, slots=True)
class Written:
    """A cue to be mended: its lines as pieces between spaces, each as it is written and as a reader sees it."""

    start_ms: int
    end_ms: int
    lines: tuple[tuple[Piece, ...], ...]

    def shown(self) -> tuple[str, ...]:
        """The lines as a reader sees them; a line of marks alone is none."""
        return tuple(seen for line in self.lines if (seen := _seen(line)))


@dataclass(frozen=True, slots=True)
class Mended:
    """A cue after mending, and the number (from 0) of the one that it was, or was part of."""

    origin: int
    written: Written


def mend(cues: Sequence[Written], profile: Profile, places: Sequence[Place] = ()) -> list[Mended]:
    """`cues`, in order of their starts, with times and breaks that keep `profile` as far as that can be.

    The pieces of text of each cue are the same, in the same order. Of those at one place (`places`; none given: all)
    no two begin together or overlap.
    """
    places = places or [DEFAULT] * len(cues)
    main = main_row([_Reader(cue.start_ms, cue.end_ms, cue.shown()) for cue in cues], places)
    profile = replace(profile, max_lead_ms=0, max_linger_ms=profile.max_duration_ms)
    title = replace(profile, max_duration_ms=_AS_LONG_AS_IT_TAKES_MS, max_linger_ms=_AS_LONG_AS_IT_TAKES_MS)
    mended: list[Mended] = []
    for place in dict.fromkeys(places):
        there = [Mended(n, cue) for n, cue in enumerate(cues) if places[n] == place]
        mended += _at_one_place(there, profile if place.row == main else title)
    return sorted(mended, key=lambda one: (one.written.start_ms, one.written.end_ms))


@dataclass(frozen=True, slots=True)
class _Reader:
    """A cue as its reader has it."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def _at_one_place(cues: Sequence[Mended], profile: Profile) -> list[Mended]:
    mended = _once(cues, profile)
    for _ in range(_ROUNDS):
        before, mended = mended, _once(mended, profile)
        if mended == before:
            break
    return mended


def _once(cues: Sequence[Mended], profile: Profile) -> list[Mended]:
    spans = _apart([(cue.written.start_ms, cue.written.end_ms) for cue in cues], profile)
    limits_ms = [*(start_ms - profile.min_gap_ms for start_ms, _ in spans[1:]), None][: len(cues)]
    parts = [
        Mended(cue.origin, part)
        for cue, (start_ms, end_ms), limit_ms in zip(cues, spans, limits_ms, strict=True)
        for part in _broken_anew(Written(start_ms, end_ms, cue.written.lines), limit_ms, profile)
    ]
    said_ms = [(part.written.start_ms, part.written.end_ms) for part in parts]
    times = cue_times(said_ms, [_chars(part.written) for part in parts], profile)
    return [
        Mended(part.origin, Written(start_ms, end_ms, part.written.lines))
        for part, (start_ms, end_ms) in zip(parts, times, strict=True)
    ]


def _broken_anew(cue: Written, limit_ms: int | None, profile: Profile) -> list[Written]:
    """The cue, or those that it becomes where its lines or its length break a rule.

    Its parts share its own time; where that is too short for them, all the time that it may have until `limit_ms`.
    Where that is too short as well, it stays as it is: parts that nobody sees are worse than a long line.
    """
    chars = _chars(cue)
    if _fits(cue, profile) or chars > _MOST_CHARS:
        return [cue]
    fewest = chars // (profile.max_line_chars * profile.max_lines)
    need_ms = profile.reading_time_ms(chars) + (fewest + 1) * profile.min_gap_ms
    longest_ms = max(cue.end_ms, cue.start_ms + need_ms)
    own_end_ms, longest_ms = (ms if limit_ms is None else min(ms, limit_ms) for ms in (cue.end_ms, longest_ms))
    least_ms = profile.min_gap_ms + 1
    if longest_ms - cue.start_ms < fewest * least_ms:
        return [cue]
    for end_ms, wanted_ms in ((own_end_ms, profile.min_duration_ms + profile.min_gap_ms), (longest_ms, least_ms)):
        parts = list(_cut(Written(cue.start_ms, end_ms, cue.lines), profile))
        if len(parts) == 1:
            return [Written(cue.start_ms, cue.end_ms, parts[0].lines)]
        if parts[-1].end_ms <= end_ms and all(part.end_ms - part.start_ms >= wanted_ms for part in parts):
            return parts
    return [cue]


def _fits(cue: Written, profile: Profile) -> bool:
    """Whether a cue keeps the rules that breaks can mend; a word that is longer than a line may have it to itself."""
    return (
        len(cue.shown()) <= profile.max_lines
        and all(_words(line) <= 1 or visible_length(_seen(line)) <= profile.max_line_chars for line in cue.lines)
        and cue.end_ms - cue.start_ms <= profile.max_duration_ms
    )


def _words(line: Sequence[Piece]) -> int:
    """How many pieces of a line can be parted: not what shows nothing, nor a dash or name from what is said."""
    return sum(1 for _, seen in line if seen and not is_dash(seen) and not ends_label(seen))


def _cut(cue: Written, profile: Profile) -> Iterator[Written]:
    """The cues that one becomes. A line each for speakers is no break to be moved: they get cues of their own."""
    speakers = _speakers(cue.lines)
    if len(speakers) == 1:
        yield from _cut_best(cue, profile)
        return
    a_line_each = replace(cue, lines=tuple(line for lines in speakers for line in lines))
    if _fits(a_line_each, profile):
        yield a_line_each
        return
    firsts = list(accumulate((sum(map(len, lines)) for lines in speakers), initial=0))
    until_ms = _until_ms([piece for line in cue.lines for piece in line], cue.start_ms, cue.end_ms)
    for n, lines in enumerate(speakers):
        alone = Written(until_ms[firsts[n]], until_ms[firsts[n + 1]], tuple(lines))
        yield from [alone] if _fits(alone, profile) else _cut_best(alone, profile)


def _speakers(lines: Sequence[tuple[Piece, ...]]) -> list[list[tuple[Piece, ...]]]:
    """The lines of each speaker, where others than the first begin their turns in them; else all lines."""
    found: list[list[tuple[Piece, ...]]] = [[]]
    before: list[str] = []
    for part in (part for line in lines for part in turns_inside(line)):
        if before and begins_turn(part, before):
            found.append([])
        found[-1].append(part)
        if seen := _seen(part):
            before.append(seen)
    return found


def _cut_best(cue: Written, profile: Profile) -> Iterator[Written]:
    pieces = _whole_words([piece for line in cue.lines for piece in line])
    layout = Layout(_spoken(pieces, cue), profile)
    for one in layout.best_cut():
        lines = tuple(tuple(pieces[a:b]) for a, b in ((one.start, one.line), (one.line, one.end)) if a < b)
        yield Written(layout.words[one.start].start_ms, layout.words[one.end - 1].end_ms, lines)


def _seen(line: Sequence[Piece]) -> str:
    return " ".join(seen for _, seen in line if seen)


def _chars(cue: Written) -> int:
    return visible_length(" ".join(cue.shown()))


def _whole_words(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces that a reader does not see joined to what they begin or end, dash or name of a turn to what is said."""
    found: list[Piece] = []
    joins = False
    for written, seen in pieces:
        if found and (joins or (not seen and _ENDS_SPAN.match(written))):
            found[-1] = f"{found[-1][0]} {written}", f"{found[-1][1]} {seen}".strip()
        else:
            found.append((written, seen))
        seen = found[-1][1]
        joins = not seen or ends_label(seen) or (is_dash(seen) and (len(found) == 1 or stops(found[-2][1])))
    if len(found) > 1 and not found[-1][1]:
        written, _ = found.pop()
        found[-1] = f"{found[-1][0]} {written}", found[-1][1]
    return found


def _spoken(pieces: Sequence[Piece], cue: Written) -> list[Spoken]:
    """The pieces as words with their times, a millisecond each at least."""
    until_ms = _until_ms(pieces, cue.start_ms, max(cue.end_ms, cue.start_ms + len(pieces)))
    return [
        Spoken(nfc(seen), until_ms[n], max(until_ms[n + 1], until_ms[n] + 1), 0, None, _ends_sentence(pieces, n))
        for n, (_, seen) in enumerate(pieces)
    ]


def _until_ms(pieces: Sequence[Piece], start_ms: int, end_ms: int) -> list[int]:
    """When each piece is said, and the end: evenly between the times that are known, by the number of characters."""
    known = {0: start_ms}
    for n, (written, _) in enumerate(pieces):
        marks = list(_SAID.finditer(written)) if "<" in written else []
        if marks:
            # After what is seen of a piece, a time is that of the next.
            after = written[marks[-1].end() :]
            place = n + (not after or _TRAILING_MARKS.fullmatch(after) is not None)
            said_ms = _milliseconds(marks[-1])
            if place not in known and known[next(reversed(known))] < said_ms < end_ms:
                known[place] = said_ms
    known.pop(len(pieces), None)
    known[len(pieces)] = end_ms
    until_ms = [start_ms]
    for (first, from_ms), (last, to_ms) in pairwise(known.items()):
        lengths = list(accumulate(visible_length(seen) + 1 for _, seen in pieces[first:last]))
        until_ms += [from_ms + (to_ms - from_ms) * length // lengths[-1] for length in lengths]
    return until_ms


def _milliseconds(mark: re.Match[str]) -> int:
    hours, minutes, seconds, ms = (int(part or 0) for part in mark.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms


def _ends_sentence(pieces: Sequence[Piece], n: int) -> bool:
    return stops(pieces[n][1]) and (n + 1 == len(pieces) or pieces[n + 1][1].lstrip("\"'“‘([-–— ")[:1].isupper())


def _apart(spans: Sequence[tuple[int, int]], profile: Profile) -> list[tuple[int, int]]:
    """Spans that overlap, or nearly, parted by the least gap; starts keep their order, and each span has a length.

    The later one comes later than it did only where the earlier could not be read otherwise, by half a second at most
    (more where so many begin together that there is no other way).
    """
    found: list[tuple[int, int]] = []
    for start_ms, end_ms in spans:
        if found and start_ms - found[-1][1] < profile.min_gap_ms:
            before_ms, until_ms = found[-1]
            earliest_ms = before_ms + profile.min_duration_ms + profile.min_gap_ms
            latest_ms = max(start_ms, end_ms - profile.min_duration_ms)
            start_ms = max(start_ms, min(earliest_ms, start_ms + _LATEST_MS, latest_ms))
            start_ms = max(start_ms, before_ms + profile.min_gap_ms + 1)
            found[-1] = before_ms, min(until_ms, start_ms - profile.min_gap_ms)
        found.append((start_ms, max(end_ms, start_ms + 1)))
    return found
