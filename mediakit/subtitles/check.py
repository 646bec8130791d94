"""Checking and mending a file of captions against a profile."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mediakit.captions.mend import Mended, Written, mend
from mediakit.captions.profile import Profile
from mediakit.captions.rules import ADVICE, Broken, Rule, broken_rules
from mediakit.subtitles import subrip, webvtt
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
    #: What becomes of the cues; empty where nothing is to be mended.
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
    broken = broken_rules([_shown(cue, track) for cue in track.cues], profile)
    mended = _mended(track, profile) if broken else []
    shown = [_Shown(m.written.start_ms, m.written.end_ms, m.written.shown()) for m in mended]
    left = {(item.rule, mended[item.cue].origin) for item in broken_rules(shown, profile)}
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
    cues = _as_cues(track.cues, found.mended) if found.mended else track.cues
    return subrip.compose(cues) if track.kind == "srt" else webvtt.recompose(track, cues)


def _as_cues(before: Sequence[FileCue], mended: Sequence[Mended]) -> list[FileCue]:
    """The mended cues with what their origins had; the identity of a cue that became several is the first one's."""
    found: list[FileCue] = []
    parts: Counter[int] = Counter()
    for one in mended:
        origin, written = before[one.origin], one.written
        parts[one.origin] += 1
        part = parts[one.origin]
        found.append(
            replace(
                origin,
                start_ms=written.start_ms,
                end_ms=written.end_ms,
                lines=tuple(" ".join(text for text, _ in line) for line in written.lines),
                identity=f"{origin.identity}.{part}" if origin.identity and part > 1 else origin.identity,
            )
        )
    return found


def _mended(track: Track, profile: Profile) -> list[Mended]:
    written = [
        Written(
            cue.start_ms,
            cue.end_ms,
            tuple(tuple((piece, _seen(piece, track)) for piece in pieces(line, track.kind)) for line in cue.lines),
        )
        for cue in track.cues
    ]
    return mend(written, profile)


def _shown(cue: FileCue, track: Track) -> _Shown:
    """The cue as a reader sees it; a line of marks alone is no line."""
    lines = (_seen(line, track) for line in cue.lines)
    return _Shown(cue.start_ms, cue.end_ms, tuple(line for line in lines if line))


def _seen(text: str, track: Track) -> str:
    # An escape may be a space (`&nbsp;`), which is shown as any other.
    return " ".join(plain(text, track.kind).split())
