"""What a reader notes of a file on its way: what the format does not allow, and what cannot be read at all."""

from __future__ import annotations

from mediakit.subtitles.track import CaptionsUnreadable, Tolerated, Track


class Tolerance:
    """What is tolerated, by what it is, with the lines."""

    def __init__(self) -> None:
        self._lines: dict[str, list[int]] = {}

    def note(self, what: str, line: int) -> None:
        """Note `what` of a line, from 1."""
        self._lines.setdefault(what, []).append(line)

    def notes(self) -> tuple[Tolerated, ...]:
        """All of it, in the order in which it was first met."""
        return tuple(Tolerated(what, tuple(lines)) for what, lines in self._lines.items())


def readable(track: Track) -> Track:
    """The track, if a cue of it can be read or there is none at all.

    Raises
    ------
    CaptionsUnreadable
        If there is only what cannot be read; it names the first.
    """
    if track.bad and not track.cues:
        more = len(track.bad) - 1
        what = track.bad[0].what + (f" (and {more} more; no cue can be read)" if more else "")
        raise CaptionsUnreadable(track.bad[0].line, what)
    return track
