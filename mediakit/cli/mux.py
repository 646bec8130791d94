"""`mediakit mux VIDEO CAPTIONS`: captions put into a video, as a track of its own or burnt into the picture."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from mediakit.cli.console import Talk
from mediakit.cli.options import add_overwrite, add_talk
from mediakit.errors import UsageError, printable
from mediakit.media.mux import CONTAINERS, container_of, probe_video
from mediakit.media.probe import Probe
from mediakit.outputs.captions_file import read_track
from mediakit.outputs.files import OutputFolder, settle_around
from mediakit.outputs.muxed import cues_to_show, track_language, write_muxed
from mediakit.subtitles.track import FileCue
from mediakit.timeline import timestamp
from mediakit.vietnamese.normal import nfc

_EXAMPLES = """\
examples:
  mediakit mux hop.mp4 hop.vi.srt                 writes hop.vi.mp4: a track that a player can turn on and off
  mediakit mux hop.mp4 hop.vi.json -o dang/       from a record, into a folder
  mediakit mux hop.mp4 hop.en.vtt --language en
  mediakit mux hop.mp4 hop.vi.srt --burn          drawn into the picture, which is encoded anew
  mediakit mux hop.mp4 hop.vi.srt -o hop.mkv

Captions are SubRip (.srt), WebVTT (.vtt) or a record (NAME.vi.json). Pictures and sound are copied as they are, except
that --burn makes the picture H.264. MP4 and MOV get a track of timed text, MKV one of SubRip, WebM one of WebVTT; other
videos become an MKV.
"""
#: Captions may stand a little after the last picture.
_TOO_LATE_MS = 1000


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("video", type=Path, metavar="VIDEO", help="the video; it stays as it is")
    command.add_argument("captions", type=Path, metavar="CAPTIONS", help="a file (.srt, .vtt) or a record")
    command.add_argument(
        "-o", "--output", metavar="FILE_OR_DIR", help="what to write (default: NAME.vi.mp4 beside the video)"
    )
    command.add_argument("--burn", action="store_true", help="draw the captions into the picture")
    command.add_argument(
        "--language", default="vi", metavar="CODE", help="language of the captions (default: %(default)s)"
    )
    add_overwrite(command)
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 0 when the video is written."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    language = track_language(chosen.language)
    root, name = _target(chosen.video, chosen.output, language.tag, burn=chosen.burn)
    _refuse_inputs(root / name, chosen.video, chosen.captions)
    video = probe_video(chosen.video)
    settle_around(chosen.captions)
    track = read_track(chosen.captions)
    cues = cues_to_show(track, chosen.captions)
    if len(cues) < len(track.cues):
        talk.warn(
            f"{chosen.captions}: {_count(len(track.cues) - len(cues))} left out, without time between start and end"
        )
    for bad in track.bad:
        done = "left out" if bad.cue is None else "read all the same"
        talk.warn(f"{chosen.captions}: line {bad.line}: {bad.what}; {done}")
    for tolerated in track.tolerated:
        talk.detail(f"{printable(str(chosen.captions))}: tolerated: {tolerated.what}")
    _warn_of_late(cues, chosen.captions, video, talk)
    folder = OutputFolder(root)
    folder.prepare()
    with talk.progress():
        written = write_muxed(
            chosen.video, chosen.captions, cues, track.kind, folder, name,
            language=language, burnt=chosen.burn, overwrite=chosen.overwrite, on_progress=talk.on_medium(name),
        )  # fmt: skip
    how = "burnt in" if chosen.burn else f"a track of {container_of(name).track}, {language.three_letters}"
    talk.say(f"{printable(str(written))}: {_count(len(cues))}, {how}")
    talk.result(
        {
            "video": str(chosen.video),
            "captions": str(chosen.captions),
            "output": str(written),
            "cues": len(cues),
            "track": None if chosen.burn else container_of(name).track,
            "burnt": chosen.burn,
        }
    )
    return 0


def _target(video: Path, output: str | None, tag: str, *, burn: bool) -> tuple[Path, str]:
    """Folder and name of what is to be written; `output` is a file if it ends as one does and is no folder."""
    separators = tuple(filter(None, (os.sep, os.altsep)))
    if output is not None and Path(output).suffix and not output.endswith(separators) and not Path(output).is_dir():
        container_of(output)
        return Path(output).parent, Path(output).name
    suffix = video.suffix.lower()
    if suffix not in CONTAINERS or (burn and not CONTAINERS[suffix].takes_h264):
        suffix = ".mkv"
    return Path(output) if output is not None else video.parent, f"{nfc(video.stem)}.{tag}{suffix}"


def _refuse_inputs(target: Path, *inputs: Path) -> None:
    for path in inputs:
        try:
            same = target.resolve().samefile(path)  # first without `..`, so that no folder need be there for it
        except (OSError, ValueError):  # one is not there, or has no possible name, which is told elsewhere
            continue
        if same:
            raise UsageError("would be written over itself", file=path, remedy="Name another file with -o.")


def _warn_of_late(cues: list[FileCue], captions: Path, video: Probe, talk: Talk) -> None:
    end_ms = max(cue.end_ms for cue in cues)
    if video.duration_ms is not None and end_ms > video.duration_ms + _TOO_LATE_MS:
        ends = f"captions end at {timestamp(end_ms)}, the video at {timestamp(video.duration_ms)}"
        talk.warn(f"{captions}: {ends}; are they of this video?")


def _count(cues: int) -> str:
    return f"{cues} {'cue' if cues == 1 else 'cues'}"
