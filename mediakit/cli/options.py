"""Options that several commands share, and the settings they stand for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from mediakit.captions.profile import PROFILES
from mediakit.jobs.settings import Settings
from mediakit.outputs.bundle import FORMATS, FURTHER_FORMATS, parse_formats


def add_common(command: argparse.ArgumentParser, *, place: Callable[[str], str | Path] = Path) -> None:
    """Options of every command that transcribes; `place` reads the folder for the results."""
    command.add_argument(
        "-o", "--output", type=place, metavar="DIR", help="folder for the results (default: beside the source)"
    )
    command.add_argument(
        "--media-dir", type=Path, metavar="DIR", help="where attachments are looked for (default: beside the article)"
    )
    command.add_argument(
        "--formats",
        default=",".join(FORMATS),
        metavar="LIST",
        help=f"of %(default)s (default: all of these), and {','.join(FURTHER_FORMATS)}",
    )
    command.add_argument(
        "--model", default="base", metavar="NAME_OR_PATH", help="a known model or a folder (default: %(default)s)"
    )
    command.add_argument(
        "--engine", default="faster-whisper", metavar="NAME", help="faster-whisper or whisper (default: %(default)s)"
    )
    command.add_argument("--language", default="vi", metavar="CODE", help="what is spoken (default: %(default)s)")
    add_profile(command)
    command.add_argument(
        "--audio-stream", type=int, metavar="N", help="which audio stream, from 0 (default: the file's own default)"
    )
    command.add_argument("--overwrite", action="store_true", help="replace files that mediakit did not write, too")
    add_talk(command)


def add_profile(command: argparse.ArgumentParser) -> None:
    """Which rules captions keep."""
    command.add_argument(
        "--profile", default="netflix-vi", metavar="NAME_OR_FILE",
        help=f"rules for captions: {', '.join(PROFILES)}, or a TOML file (default: %(default)s)",
    )  # fmt: skip


def add_talk(command: argparse.ArgumentParser) -> None:
    """Options for what is said on the way."""
    command.add_argument(
        "--json", action="store_true", help="one machine-readable object on stdout, nothing else there"
    )
    talk = command.add_mutually_exclusive_group()
    talk.add_argument("-q", "--quiet", action="store_true", help="errors only")
    talk.add_argument("-v", "--verbose", action="store_true", help="every file that is written, every warning")


def settings(chosen: argparse.Namespace) -> Settings:
    """The settings that the options stand for.

    Raises
    ------
    UsageError
        If a format is not known.
    """
    return Settings(
        engine=chosen.engine,
        model=chosen.model,
        language=chosen.language,
        profile=chosen.profile,
        formats=tuple(parse_formats(chosen.formats)),
        audio_stream=chosen.audio_stream,
        media_dir=chosen.media_dir,
        overwrite=chosen.overwrite,
    )
