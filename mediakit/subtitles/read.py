"""A file of captions, whatever wrote it: SubRip or WebVTT, as players take them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mediakit.errors import CaptionsError
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import CaptionsUnreadable, Tolerated, Track
from mediakit.subtitles.webvtt import parse_vtt
from mediakit.text_decoding import LARGEST_BYTES, decode


def read_captions(path: Path) -> Track:
    """The cues of a file; what its form does not allow and players take is in `tolerated`.

    What is in the file decides, not its name: WebVTT begins with WEBVTT, all else should be SubRip.

    Raises
    ------
    CaptionsError
        If the file cannot be read, or is broken beyond what players accept; it names the line.
    """
    data = _bytes(path)
    decoded = decode(data)
    if decoded is None:
        raise CaptionsError("is not text", file=path, remedy="Give captions in SubRip (.srt) or WebVTT (.vtt).")
    text = decoded.text
    try:
        track = parse_vtt(text) if text.startswith("WEBVTT") else _other(text, path)
    except CaptionsUnreadable as error:
        raise CaptionsError(
            f"line {error.line}: {error.what}", file=path, remedy="Players stop or skip here; mend it by hand."
        ) from error
    return replace(track, tolerated=(*_of_bytes(data), *track.tolerated))


def _other(text: str, path: Path) -> Track:
    if path.suffix.lower() == ".vtt":
        return parse_vtt(text)  # which says what it lacks
    return parse_srt(text)


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


def _of_bytes(data: bytes) -> list[Tolerated]:
    """What is unusual about the bytes themselves."""
    found = []
    if data.startswith(codecs.BOM_UTF8):
        found.append(Tolerated("a byte order mark", (1,)))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        found.append(Tolerated("not in UTF-8", (1,)))
        return found  # its bytes are no lines
    if b"\r" in data:
        found.append(Tolerated("line ends of Windows (CRLF)", (1 + data[: data.index(b"\r")].count(b"\n"),)))
    if b"\0" in data:
        found.append(Tolerated("null bytes", (1 + data[: data.index(b"\0")].count(b"\n"),)))
    return found
