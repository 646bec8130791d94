"""A video with captions in it, written as all results are: whole, and over nothing of the user's.

ffmpeg never sees the file of captions that the user gave. It gets one that is written here, in a folder of its own.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from langcodes import Language
from langcodes.tag_parser import LanguageTagError

from mediakit.captions.caption import Caption
from mediakit.errors import CaptionsError, OutputError, UsageError
from mediakit.media.mux import Container, OnProgress, burn, container_of, mux
from mediakit.media.tx3g import BOLD, ITALIC, LARGEST_TEXT_BYTES, UNDERLINE, Style, TextSample, write_tx3g
from mediakit.outputs.files import OutputFolder
from mediakit.subtitles import subrip, webvtt
from mediakit.subtitles.ass import render_ass
from mediakit.subtitles.marks import Run, runs, tagged
from mediakit.subtitles.track import FileCue, Kind, Track
from mediakit.timeline import timestamp

#: What tracks are called in their own language; players call others by what they know of the code.
_TITLES = {"vie": "Tiếng Việt", "eng": "English", "fra": "Français", "zho": "中文"}
_FACES = {"b": BOLD, "i": ITALIC, "u": UNDERLINE}
#: A time after this is a mistake; formats of video cannot all hold it.
_LATEST_MS = 24 * 3600 * 1000
# No format has a use for these, and some stop at a null character.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class TrackLanguage:
    """A language as names of files have it (`tag`), as files of video have it (ISO 639-2/T), and its own name."""

    tag: str
    three_letters: str
    title: str | None


def track_language(code: str) -> TrackLanguage:
    """The language of a code such as `vi`, `vie` or `vi-VN`.

    Raises
    ------
    UsageError
        If there is no such language.
    """
    try:
        language = Language.get(code)
        letters = language.to_alpha3()
    except (LanguageTagError, LookupError, ValueError):
        raise UsageError(f"there is no language {code!r}", remedy="Give a code such as vi or en.") from None
    return TrackLanguage(language.to_tag(), letters, _TITLES.get(letters))


def write_muxed(
    video: Path,
    captions: Path,
    cues: Sequence[FileCue],
    kind: Kind,
    folder: OutputFolder,
    name: str,
    *,
    language: TrackLanguage,
    burnt: bool = False,
    overwrite: int = 0,
    on_progress: OnProgress | None = None,
) -> Path:
    """Write `name` in `folder`: `video` with `cues`, of a file of `kind`, as a track of its own or burnt in.

    The ending of `name` decides the format. `captions` is the file that errors name.

    Raises
    ------
    UsageError
        If a file of that name holds no captions, or none that are burnt in.
    CaptionsError
        If the format cannot hold the captions as they are.
    MediaError, OutputError, ToolMissing
        As :func:`mediakit.media.mux.mux`.
    """
    container = container_of(name)
    if burnt and not container.takes_h264:
        raise UsageError("captions are not burnt into a .webm", file=name, remedy="Name an .mp4 or an .mkv.")
    with folder.making(name, overwrite=overwrite) as made, _scratch() as scratch:
        if burnt:
            path = scratch / "captions.ass"
            path.write_bytes(_ass(cues, kind).encode("utf-8"))
            burn(video, path, made, container=container, on_progress=on_progress)
        else:
            path = _written(cues, kind, container, scratch, captions)
            mux(
                video, path, made, container=container, on_progress=on_progress,
                language=language.three_letters, title=language.title,
            )  # fmt: skip
    return folder.root / name


def cues_to_show(track: Track, path: Path) -> list[FileCue]:
    """The cues of a track that are on the screen for a time, without control characters.

    Raises
    ------
    CaptionsError
        If there are none, or one is later than any video.
    """
    cues = [
        replace(cue, lines=tuple(_CONTROL.sub("", line) for line in cue.lines))
        for cue in track.cues
        if cue.start_ms < cue.end_ms
    ]
    if not cues:
        raise CaptionsError("has no caption to show", file=path)
    late = next((cue for cue in cues if cue.end_ms > _LATEST_MS), None)
    if late is not None:
        what = f"cue {late.number} ends later than {timestamp(_LATEST_MS)}, which no video does"
        raise CaptionsError(what, file=path, remedy="Mend its time.")
    return cues


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for what ffmpeg reads, gone at the end; errors of the system there are translated."""
    try:
        with TemporaryDirectory(prefix="mediakit-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        raise OutputError(
            f"captions cannot be written for ffmpeg ({error.strerror or error})", file=gettempdir(),
            remedy="Make room there, or name another folder in TMPDIR.",
        ) from error  # fmt: skip


def _written(cues: Sequence[FileCue], kind: Kind, container: Container, scratch: Path, captions: Path) -> Path:
    """A file with the cues in the format that the container asks for."""
    path = scratch / f"captions.{container.captions}"
    if container.captions == "srt":
        path.write_bytes(subrip.compose([_srt_cue(cue, kind) for cue in cues]).encode("utf-8"))
    elif container.captions == "webvtt":
        path.write_bytes(webvtt.recompose(Track("vtt", ()), [_vtt_cue(cue, kind) for cue in cues]).encode("utf-8"))
    else:
        _refuse_overlaps(cues, captions)
        write_tx3g(path, [_sample(cue, kind, captions) for cue in cues])
    return path


def _srt_cue(cue: FileCue, kind: Kind) -> FileCue:
    # Marks that only SubRip knows, such as a colour, stay where they came from SubRip; there is no place for positions.
    lines = cue.lines if kind == "srt" else tagged(runs(cue, kind), subrip.shorter_arrows)
    return replace(cue, lines=lines, settings="")


def _vtt_cue(cue: FileCue, kind: Kind) -> FileCue:
    if kind == "vtt":
        return cue
    return replace(cue, lines=tagged(runs(cue, kind), lambda text: html.escape(text, quote=False)), settings="")


def _sample(cue: FileCue, kind: Kind, captions: Path) -> TextSample:
    pieces = runs(cue, kind)
    text = _text(pieces)
    if len(text.encode("utf-8")) > LARGEST_TEXT_BYTES:
        raise CaptionsError(f"cue {cue.number} is longer than MP4 can hold", file=captions, remedy="Shorten it.")
    styles: list[Style] = []
    at = 0
    for piece in pieces:
        if piece.marks:
            styles.append(Style(at, at + len(piece.text), sum(_FACES[mark] for mark in piece.marks)))
        at += len(piece.text)
    return TextSample(cue.start_ms, cue.end_ms, text, tuple(styles))


def _ass(cues: Sequence[FileCue], kind: Kind) -> str:
    # The font has no full-width braces, which `.ass` files have for the sake of other players; libass knows `\{`.
    text = render_ass([_caption(cue, kind) for cue in cues])
    return text.replace("｛", r"\{").replace("｝", r"\}")


def _caption(cue: FileCue, kind: Kind) -> Caption:
    lines = tuple(line for line in _text(runs(cue, kind)).split("\n") if line.strip())
    return Caption(f"c{cue.number}", cue.start_ms, cue.end_ms, lines)


def _text(pieces: Sequence[Run]) -> str:
    return "".join(piece.text for piece in pieces)


def _refuse_overlaps(cues: Sequence[FileCue], captions: Path) -> None:
    for before, after in pairwise(cues):
        if after.start_ms < before.end_ms:
            raise CaptionsError(
                f"cues {before.number} and {after.number} are on the screen at once, which a track of MP4 cannot show",
                file=captions,
                remedy="Mend them with `mediakit check --fix`, or write an .mkv: -o NAME.mkv.",
            )
