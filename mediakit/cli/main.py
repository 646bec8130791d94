"""The command `mediakit`: parses, calls, prints; turns errors into one line each and an exit status."""

from __future__ import annotations

import argparse
import atexit
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Container, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn

from mediakit import __version__
from mediakit.errors import MediakitError, UsageError, printable

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


#: As argparse complains of a word that is none of those that it knows.
_NO_CHOICE = re.compile(r"invalid choice: '(.*)' \(choose from (.*)\)", re.DOTALL)


class _Parser(argparse.ArgumentParser):
    """A parser of a command, or of all of them, which are then its `commands`."""

    _words: Sequence[str] = ()
    commands: Mapping[str, argparse.ArgumentParser] = {}

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does; the words are kept, for what was meant by them if they are wrong."""
        self._words = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and what was probably meant."""
        meant = self._meant(message)
        asked = f" Did you mean {' '.join(meant)}?" if meant else ""
        self.exit(USAGE, f"mediakit: {printable(message)}.{asked} See `{self._asked().prog} --help`.\n")

    def _asked(self) -> argparse.ArgumentParser:
        """The parser of the command that was given."""
        return next((self.commands[word] for word in self._words if word in self.commands), self)

    def _meant(self, message: str) -> list[str]:
        """What is nearest to each word that is not known."""
        choice = _NO_CHOICE.search(message)
        if choice is not None:
            return get_close_matches(choice[1], re.findall(r"[\w.-]+", choice[2]), n=1)
        known = [option for action in self._asked()._actions for option in action.option_strings]
        words = [word.partition("=")[0] for word in self._words if word.startswith("--")]
        unknown = [word for word in words if not any(option.startswith(word) for option in known)]
        return [near for word in dict.fromkeys(unknown) for near in get_close_matches(word, known, n=1)]


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
    top.commands = commands.choices
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
