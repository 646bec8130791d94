"""Options that several commands share, and the settings they stand for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from mediakit.captions.profile import PROFILES
from mediakit.jobs.settings import Settings
from mediakit.outputs.bundle import BOOKS, FORMATS, FURTHER_FORMATS, PICTURES, parse_formats
from mediakit.speech.models import go_offline, settle_model


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
        help=f"of %(default)s (default: all of these), and {','.join((*FURTHER_FORMATS, *PICTURES, *BOOKS))}",
    )
    command.add_argument(
        "--model",
        default="base",
        metavar="NAME_OR_PATH",
        help="a model of `mediakit models`, a folder, or auto: the best of those that are here that suits this machine "
        "(default: %(default)s)",
    )
    command.add_argument(
        "--engine",
        default="faster-whisper",
        metavar="NAME",
        help="faster-whisper, whisper or sherpa (default: %(default)s)",
    )
    command.add_argument(
        "--language",
        default="vi",
        metavar="CODE",
        help="what is spoken: a code such as vi or en, or auto: that of the article, and of media without one what is "
        "heard in the first minute of speech (default: %(default)s)",
    )
    add_profile(command)
    command.add_argument(
        "--audio-stream", type=int, metavar="N", help="which audio stream, from 0 (default: the file's own default)"
    )
    add_overwrite(command)
    command.add_argument(
        "--strict",
        action="store_true",
        help="count doubts as failures (exit status 1): a medium in which nothing of its article is said, or in which "
        "nobody speaks; the results are written all the same",
    )
    add_offline(command)
    add_talk(command)


def add_overwrite(command: argparse.ArgumentParser) -> None:
    """What of the files that are there may be replaced: 0, 1 or 2, as :mod:`mediakit.outputs.files` has it."""
    command.add_argument(
        "--overwrite",
        action="count",
        default=0,
        help="replace files that mediakit did not write, too; given twice, also what a person edited or changed",
    )


def add_offline(command: argparse.ArgumentParser) -> None:
    """Whether the network may be used."""
    command.add_argument(
        "--offline",
        action="store_true",
        help="use no network (as MEDIAKIT_OFFLINE=1); without it, only `models fetch` does",
    )


def obey_offline(chosen: argparse.Namespace) -> None:
    """Forbid the network from here on, to this process and its workers, if that was asked for."""
    if chosen.offline:
        go_offline()


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
    ModelMissing
        If the model is to be chosen, and none is here.
    """
    obey_offline(chosen)
    return Settings(
        engine=chosen.engine,
        # Chosen once, so that all of a batch is heard by one model, and its records and journal name that.
        model=settle_model(chosen.model, chosen.engine),
        language=chosen.language,
        profile=chosen.profile,
        formats=tuple(parse_formats(chosen.formats)),
        audio_stream=chosen.audio_stream,
        media_dir=chosen.media_dir,
        overwrite=chosen.overwrite,
        strict=chosen.strict,
    )
