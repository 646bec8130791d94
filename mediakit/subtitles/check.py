"""Checking and mending a file of captions against a profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mediakit.captions.mend import Mended, Written, mend
from mediakit.captions.profile import Profile
from mediakit.captions.rules import ADVICE, Broken, Rule, broken_rules
from mediakit.subtitles import subrip, webvtt
from mediakit.subtitles.places import place_of
from mediakit.subtitles.roll_up import unrolled
from mediakit.subtitles.spans import carried, inner_times, with_times_inside
from mediakit.subtitles.track import FileCue, Track, pieces, plain


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule of the cue `cue`, and whether it can be mended without touching a word."""

    broken: Broken
    cue: FileCue
    following: FileCue | None
    mendable: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a profile has to say of a track: the rules that are broken, and what it would have otherwise."""

    track: Track
    findings: tuple[Finding, ...]
    advice: tuple[Finding, ...]
    #: The cues with each line once, where the captions roll up.
    unrolled: tuple[FileCue, ...] = field(default=(), repr=False)
    #: What becomes of the cues, by their places in `track.cues`; empty where nothing is to be mended.
    mended: tuple[Mended, ...] = field(default=(), repr=False)

    def counts(self) -> dict[Rule, int]:
        """How often each rule is broken; those that are kept are left out."""
        return dict(Counter(finding.broken.rule for finding in self.findings))


@dataclass(frozen=True, slots=True)
class _Shown:
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]


def check(track: Track, profile: Profile) -> Checked:
    """All rules of `profile` that `track` breaks, and which of them :func:`fix` mends."""
    places = [place_of(cue, track.kind) for cue in track.cues]
    broken = broken_rules([_shown(cue, track) for cue in track.cues], profile, places)
    once = unrolled(track)
    mended = _mended(track, once or track.cues, profile) if broken or once else []
    shown = [_Shown(m.written.start_ms, m.written.end_ms, m.written.shown()) for m in mended]
    after = broken_rules(shown, profile, [places[one.origin] for one in mended])
    left = {(item.rule, mended[item.cue].origin) for item in after}
    findings = [
        Finding(
            item,
            track.cues[item.cue],
            track.cues[item.following] if item.following is not None else None,
            (item.rule, item.cue) not in left,
        )
        for item in broken
    ]
    return Checked(
        track,
        tuple(finding for finding in findings if finding.broken.rule not in ADVICE),
        tuple(finding for finding in findings if finding.broken.rule in ADVICE),
        tuple(once),
        tuple(mended),
    )


def fix(found: Checked) -> str:
    """The text of the file that was checked, its times and breaks mended; its words, marks and notes are as they were.

    Raises
    ------
    ValueError
        If the track is of a record, whose captions are made from what is said.
    """
    track = found.track
    if track.kind == "record":
        raise ValueError("a record is no file of captions")
    cues = _fixed(found)
    return subrip.recompose(track, cues) if track.kind == "srt" else webvtt.recompose(track, cues)


def inner_times_lost(found: Checked) -> int:
    """How many times inside the text :func:`fix` leaves out, for they are not inside the time of their cue any more."""
    return inner_times(found.unrolled or found.track.cues) - inner_times(_fixed(found))


def _fixed(found: Checked) -> list[FileCue]:
    track = found.track
    cues = _as_cues(found) if found.mended else list(track.cues)
    if track.kind != "vtt":
        return cues
    return [replace(cue, lines=with_times_inside(cue.lines, cue.start_ms, cue.end_ms)) for cue in cues]


def _as_cues(found: Checked) -> list[FileCue]:
    """The mended cues with what their origins had; the identity of a cue that became several is the first one's."""
    track = found.track
    origins = {cue.number: cue for cue in found.unrolled or track.cues}
    parts: dict[int, list[int]] = {}
    for n, one in enumerate(found.mended):
        parts.setdefault(one.origin, []).append(n)
    cues: dict[int, FileCue] = {}
    for origin, numbers in parts.items():
        cue = origins[track.cues[origin].number]
        of_it = [found.mended[n].written for n in numbers]
        texts = carried([[" ".join(text for text, _ in line) for line in part.lines] for part in of_it], track.kind)
        for part, (n, written, lines) in enumerate(zip(numbers, of_it, texts, strict=True), start=1):
            identity = f"{cue.identity}.{part}" if cue.identity and part > 1 else cue.identity
            cues[n] = replace(cue, start_ms=written.start_ms, end_ms=written.end_ms, lines=lines, identity=identity)
    return [cues[n] for n in range(len(found.mended))]


def _mended(track: Track, cues: Sequence[FileCue], profile: Profile) -> list[Mended]:
    written = [
        Written(
            cue.start_ms,
            cue.end_ms,
            tuple(tuple((piece, _seen(piece, track)) for piece in pieces(line, track.kind)) for line in cue.lines),
        )
        for cue in cues
    ]
    origins = {cue.number: n for n, cue in enumerate(track.cues)}
    mended = mend(written, profile, [place_of(cue, track.kind) for cue in cues])
    return [replace(one, origin=origins[cues[one.origin].number]) for one in mended]


def _shown(cue: FileCue, track: Track) -> _Shown:
    """The cue as a reader sees it; a line of marks alone is no line."""
    lines = (_seen(line, track) for line in cue.lines)
    return _Shown(cue.start_ms, cue.end_ms, tuple(line for line in lines if line))


def _seen(text: str, track: Track) -> str:
    # An escape may be a space (`&nbsp;`), which is shown as any other.
    return " ".join(plain(text, track.kind).split())
