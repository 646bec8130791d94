"""Putting captions into a video, as a track of its own or burnt into the picture, by ffmpeg.

Captions are on the clock that a player shows (see `decode.py`). So is the output: ffmpeg moves the start of the input
to 0, for what it copies as for what it filters, and the files of captions that come here begin at 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import av
import av.error
import ffmpeg as ffmpeg_python
from av.stream import Disposition

from mediakit.errors import MediaError, MediakitError, OutputError, ToolMissing, UsageError
from mediakit.media import ffmpeg
from mediakit.media.probe import Probe, probe

#: `on_progress(done_ms, total_ms)`; the total is None where the video does not state its length.
OnProgress = Callable[[int, "int | None"], None]

#: ffmpeg reports twice a second, but not while it moves the index of a large MP4 to its front.
_STALL_S = 900.0

#: Any letter of Vietnamese on any machine; a person who has the package has these files.
_FONT_PACKAGE, _FONT = "fontpkg_be_vietnam_pro", "Be Vietnam Pro Medium"

#: Of a picture 1080 high, whatever its own height. A picture narrower than this times the size of its letters has
#: smaller ones, so that a line of 42 letters fits between the margins all the same.
_HEIGHT, _FONT_SIZE, _WIDTH_FOR_SIZE = 1080, 72.0, 21.0

_NOT_MOVING = Disposition.attached_pic | Disposition.still_image

#: Constant quality that the eye hardly tells from the original; `medium` is x264's own default. ffmpeg 4 gives up when
#: too much copied sound waits for the first picture.
_X264: dict[str, Any] = {"c:v": "libx264", "crf": 20, "preset": "medium", "max_muxing_queue_size": 4096}

_MEANINGS: tuple[tuple[str, type[MediakitError], str, str], ...] = (
    (r"No space left on device", OutputError, "the disk is full", "Make room, or choose another folder with -o DIR."),
    (
        r"No such filter: '?(subtitles|ass)|Unknown encoder|Error selecting an encoder|Encoder not found",
        ToolMissing,
        "this ffmpeg cannot burn captions in: it was built without libass or x264",
        ffmpeg.USE_ANOTHER,
    ),
    (
        r"Could not find tag for codec|Only VP8|[Cc]odec .*not (currently )?supported|Could not write header",
        OutputError,
        "a file of that kind cannot hold all of the video's streams",
        "Write an .mkv: -o NAME.mkv.",
    ),
)


@dataclass(frozen=True, slots=True)
class Container:
    """A kind of output file.

    `muxer` and `track` are ffmpeg's names of the format and of the codec of captions in it; `captions` is its name of
    the format that they come here in.
    """

    muxer: str
    track: str
    captions: str

    @property
    def takes_h264(self) -> bool:
        """Whether a burnt picture can be put into it."""
        return self.muxer != "webm"


#: By the ending of the file.
CONTAINERS = {
    ".mp4": Container("mp4", "mov_text", "mov"),
    ".m4v": Container("mp4", "mov_text", "mov"),
    ".mov": Container("mov", "mov_text", "mov"),
    ".mkv": Container("matroska", "subrip", "srt"),
    ".webm": Container("webm", "webvtt", "webvtt"),
}


def container_of(name: str | Path) -> Container:
    """The kind of file that an output of this name is.

    Raises
    ------
    UsageError
        If captions cannot be put into such a file.
    """
    try:
        return CONTAINERS[Path(name).suffix.lower()]
    except KeyError:
        remedy = f"Name one that ends in {', '.join(CONTAINERS)}."
        raise UsageError("captions cannot be put into a file of that kind", file=name, remedy=remedy) from None


def probe_video(path: Path) -> Probe:
    """What is in a video, as :func:`mediakit.media.probe.probe` finds it.

    Raises
    ------
    MediaError
        If it is no media or cannot be read, or is sound without a moving picture.
    """
    found = probe(path)
    if not found.has_video:
        raise MediaError("it has no picture to put captions into", file=path, remedy="Give a video.")
    return found


def mux(
    video: Path,
    captions: Path,
    target: Path,
    *,
    container: Container,
    language: str,
    title: str | None = None,
    on_progress: OnProgress | None = None,
) -> None:
    """Write `target`: all pictures, sound and text of `video` as they are, and `captions` as the track to show.

    `captions` is a file that mediakit wrote, in the format that `container` asks for. `language` is of three letters
    (ISO 639-2/T), as MP4 wants it.

    Raises
    ------
    MediaError
        If the video cannot be read, or has no picture.
    OutputError
        If `container` cannot hold one of its streams, or the disk is full.
    ToolMissing
        If there is no ffmpeg.
    """
    found = probe_video(video)
    source, text = _source(video), _captions(captions, container)
    # `v` has cover pictures too, `V` has not: Matroska would make a film of one.
    pictures = source["v" if container.captions == "mov" else "V"]
    # Ours goes before the other tracks of text, so that its number is known.
    streams = [pictures, source["a?"], text["s:0"], source["s?"]]
    if container.muxer == "matroska":
        streams.append(source["t?"])  # the fonts of other tracks
    options = {"disposition:s": "-default", "disposition:s:0": "default"}
    options["metadata:s:s:0"] = f"language={language}"
    if title is not None:
        # MP4's name of a track is its handler's. ffmpeg-python takes an option once; to ffmpeg `00` is the same track.
        options["metadata:s:s:00"] = f"{'handler_name' if container.captions == 'mov' else 'title'}={title}"
    _run(_output(streams, target, container, c="copy", **options), found, on_progress)


def burn(
    video: Path, captions: Path, target: Path, *, container: Container, on_progress: OnProgress | None = None
) -> None:
    """Write `target`: the picture of `video` with `captions` (an `.ass` file that mediakit wrote) drawn into it.

    The picture becomes H.264, 8 bits; sound and tracks of text are copied. Letters are white with a dark outline, in
    a font that has all of Vietnamese.

    Raises
    ------
    MediaError, OutputError, ToolMissing
        As :func:`mux`; `ToolMissing` also for an ffmpeg without libass or x264.
    """
    found = probe_video(video)
    source = _source(video)
    picture = source["V:0"].filter(
        "subtitles", filename=str(captions.absolute()), fontsdir=str(font_folder()), force_style=_style(video)
    )
    # x264 takes no odd sides in the only form of colour that every player knows.
    picture = picture.filter("pad", width="ceil(iw/2)*2", height="ceil(ih/2)*2").filter("format", "yuv420p")
    streams = [picture, source["a?"], source["s?"]]
    _run(_output(streams, target, container, c="copy", **_X264), found, on_progress)


def font_folder() -> Path:
    """The folder with the font of burnt captions."""
    return Path(str(files(_FONT_PACKAGE) / "files"))


def _source(video: Path) -> Any:
    # AVI and MPEG program streams leave out times that follow from others.
    return ffmpeg.local_input(video, fflags="+genpts")


def _captions(path: Path, container: Container) -> Any:
    if container.captions in ffmpeg.MEDIA_DEMUXERS:
        return ffmpeg.local_input(path)
    return ffmpeg_python.input(ffmpeg.file_url(path), f=container.captions, protocol_whitelist="file")


def _output(streams: Sequence[Any], target: Path, container: Container, **options: Any) -> Any:
    if container.captions == "mov":
        options["movflags"] = "+faststart"  # plays in a browser before all of it has come
    return ffmpeg_python.output(*streams, ffmpeg.file_url(target), format=container.muxer, **options)


def _style(video: Path) -> str:
    width, height = _size(video)
    size = min(_FONT_SIZE, width / height * _HEIGHT / _WIDTH_FOR_SIZE)
    return f"FontName={_FONT},FontSize={size:.1f}"


def _size(video: Path) -> tuple[int, int]:
    """Width and height of the picture as it is shown; 16:9 where it cannot be told, which ffmpeg will complain of."""
    try:
        with av.open(
            ffmpeg.file_url(video), options=dict(ffmpeg.INPUT_LIMITS), timeout=30, metadata_errors="replace"
        ) as file:
            stream = next(stream for stream in file.streams.video if not stream.disposition & _NOT_MOVING)
            frame = next(file.decode(stream))
            sides = (frame.width, frame.height)
            return sides if frame.rotation % 180 == 0 else sides[::-1]
    except (av.error.FFmpegError, OSError, ValueError, StopIteration):
        return 16, 9


def _run(output: Any, found: Probe, on_progress: OnProgress | None) -> None:
    job = ffmpeg.command(output.global_args("-progress", "pipe:1").overwrite_output())
    with ffmpeg.Stream(job, file=found.path, stall_s=_STALL_S) as stream:
        for chunk in stream:
            reports = re.findall(rb"out_time_us=(\d+)\s", chunk)
            if reports and on_progress is not None:
                on_progress(int(reports[-1]) // 1000, found.duration_ms)
    finished = stream.finished
    if finished is not None and finished.status != 0:
        raise failure(finished, found.path)


def failure(finished: ffmpeg.Finished, video: Path) -> MediakitError:
    """The error that a run which wrote no video amounts to, in plain words."""
    for pattern, kind, what, remedy in _MEANINGS:
        if finished.says(pattern):
            return kind(what, file=video, remedy=remedy)
    return ffmpeg.failure(finished, video)
