"""A file of captions, whatever wrote it: SubRip or WebVTT, as players take them."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mediakit.errors import CaptionsError
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import CaptionsUnreadable, Tolerated, Track
from mediakit.subtitles.webvtt import parse_vtt
from mediakit.text_decoding import LARGEST_BYTES, DamageCode, Decoded, decode

#: What damage means in a file of captions, where its own words do not say it.
_WHAT: dict[DamageCode, str] = {
    "byte-order-mark": "a byte order mark inside, as where a second file was joined on",
    "invisible-characters": "invisible characters",
    "null-bytes": "null bytes",
}
#: How a file of captions begins: with WEBVTT, or a cue, whose number stands above its times.
_BEGINS = re.compile(r"WEBVTT(?![^\s])|-?[0-9]{1,9}[ \t]*\n\s*[0-9]{1,6}[ \t]*:[ \t]*[0-9]{1,6}[^\n]{0,99}>")
#: No cue has fewer with an empty one after each.
_FEWEST_LINES = 5


def read_captions(path: Path) -> Track:
    """The cues of a file; what its form does not allow and players take is in `tolerated`, what they do not in `bad`.

    What is in the file decides, not its name: WebVTT begins with WEBVTT, all else should be SubRip.

    Raises
    ------
    CaptionsError
        If the file cannot be read, or no cue in it; it names the line.
    """
    data = _bytes(path)
    decoded = decode(data, begins=_BEGINS)
    if decoded is None:
        raise CaptionsError("is not text", file=path, remedy="Give captions in SubRip (.srt) or WebVTT (.vtt).")

    def of_file(line: int) -> int:
        return line - bisect_left(decoded.put_in, line + 1)

    try:
        track = _with_lines(_parsed(decoded.text, path), of_file)
    except CaptionsUnreadable as error:
        raise CaptionsError(
            f"line {of_file(error.line)}: {error.what}",
            file=path,
            remedy="Give captions in SubRip (.srt) or WebVTT (.vtt).",
        ) from error
    return replace(track, tolerated=(*_of_bytes(data, decoded, of_file), *track.tolerated))


def _parsed(text: str, path: Path) -> Track:
    lines = text.split("\n")
    if len(lines) > _FEWEST_LINES and not any(line.strip() for line in lines[1::2]):
        # A program took the two halves of each line end for one each.
        track = _with_lines(_parsed("\n".join(lines[::2]), path), lambda line: 2 * line - 1)
        return replace(track, tolerated=(Tolerated("an empty line after each line", (2,)), *track.tolerated))
    if text.startswith("WEBVTT") or path.suffix.lower() == ".vtt":
        return parse_vtt(text)  # which says what it lacks
    return parse_srt(text)


def _with_lines(track: Track, of_file: Callable[[int], int]) -> Track:
    """The track of a text whose lines have other numbers in the file."""
    cues = tuple(replace(cue, line=of_file(cue.line)) for cue in track.cues)
    tolerated = tuple(Tolerated(one.what, tuple(map(of_file, one.lines))) for one in track.tolerated)
    return replace(
        track, cues=cues, tolerated=tolerated, bad=tuple(replace(b, line=of_file(b.line)) for b in track.bad)
    )


def require_file(path: Path) -> None:
    """Refuse what is no file, such as a pipe, which would be waited for.

    Raises
    ------
    CaptionsError
        If there is none.
    """
    with _translated(path):
        if not path.is_file():
            raise CaptionsError("is not a file" if path.exists() else "no such file", file=path)


def _bytes(path: Path) -> bytes:
    require_file(path)
    with _translated(path):
        if path.stat().st_size > LARGEST_BYTES:
            raise CaptionsError(f"is larger than {LARGEST_BYTES // 1_000_000} MB; no captions are", file=path)
        return path.read_bytes()


@contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError: a name with a null byte
        raise CaptionsError(f"cannot be read ({getattr(error, 'strerror', None) or error})", file=path) from error


def _of_bytes(data: bytes, decoded: Decoded, of_file: Callable[[int], int]) -> list[Tolerated]:
    """What is unusual about the bytes themselves."""
    found = []
    if data.startswith(codecs.BOM_UTF8):
        found.append(Tolerated("a byte order mark", (1,)))
    if decoded.encoding != "utf-8":
        found.append(Tolerated("not in UTF-8", (1,)))
    elif b"\r" in data:
        found.append(Tolerated(_line_ends(data), (1 + data[: data.index(b"\r")].count(b"\n"),)))
    return [
        *found,
        *(
            Tolerated(_WHAT.get(damage.code, damage.what), tuple(map(of_file, damage.lines or (1,))))
            for damage in decoded.damage
        ),
    ]


def _line_ends(data: bytes) -> str:
    if b"\n" not in data:
        return "line ends of old Macs (CR)"
    mixed = data.count(b"\n") != data.count(b"\r\n")
    return "line ends of several kinds" if mixed else "line ends of Windows (CRLF)"
