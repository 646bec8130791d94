"""The command `mediakit`: parses, calls, prints; turns errors into one line each and an exit status."""

from __future__ import annotations

import argparse
import atexit
import json
import os
import signal
import sys
from collections.abc import Callable, Container, Sequence
from importlib import import_module
from typing import NoReturn

from mediakit import __version__
from mediakit.errors import MediakitError, UsageError

OK, FAILED, USAGE, INTERRUPTED = 0, 1, 2, 130

#: Each command in a module of its own, imported when it is asked for: `--help` must not load an engine.
_COMMANDS = {
    "transcribe": "captions for an article's media, a media file, or a folder with one article",
    "batch": "every article and every loose media file under a folder",
    "check": "captions of any program against the rules of a profile, and mending them",
    "evaluate": "error rates, names, times and caption rules of one result against a reference",
    "mux": "captions put into a video: a track of its own, or burnt into the picture",
    "clip": "the sound of a sentence, a caption, a time or a phrase, cut out of the media",
    "review": "results corrected in a browser, on this machine only, and saved with all that was made of them",
    "models": "which models are known, here, and intact",
    "doctor": "what works here, and the one line that mends what does not",
}

Run = Callable[[argparse.Namespace], int]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"mediakit: {message}. See `{self.prog} --help`.\n")


def parser(wanted: Container[str] = tuple(_COMMANDS)) -> argparse.ArgumentParser:
    """The command line; of the commands only those in `wanted` are imported and fill in their own part."""
    top = _Parser(
        prog="mediakit",
        description="Transcripts and captions for Vietnamese news, tied to the sentences of the article.",
        epilog="Exit status: 0 all done; 1 something failed; 2 wrong usage; 130 interrupted.",
    )
    top.add_argument("--version", action="version", version=f"mediakit {__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    for name, summary in _COMMANDS.items():
        command = commands.add_parser(
            name, help=summary, description=summary.capitalize() + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        if name in wanted:
            module = import_module(f"mediakit.cli.{name}")
            module.add_arguments(command)
            command.set_defaults(run=module.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; errors are printed, never raised."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    chosen = parser(words).parse_args(words)
    run: Run = chosen.run
    try:
        return run(chosen)
    except MediakitError as error:
        return _complain(error, as_json=chosen.json)
    except KeyboardInterrupt:
        print("mediakit: interrupted; what was heard is kept, run the same command to go on", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; nothing more can be said to it, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def run() -> NoReturn:
    """Entry point of the installed command."""
    # At its very end Python gives SIGINT back to the system: an interrupt then would take the place of the status.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    for stream in (sys.stdout, sys.stderr):
        # File names may hold what the terminal's encoding has not; a name must not end a night's run.
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    sys.exit(main())


def _complain(error: MediakitError, *, as_json: bool) -> int:
    print(f"mediakit: {error}", file=sys.stderr)
    if as_json:
        told = {"code": error.code, "stage": error.stage, "file": error.file, "message": str(error)}
        print(json.dumps({"error": told}, ensure_ascii=False, indent=2))
    return USAGE if isinstance(error, UsageError) else FAILED
