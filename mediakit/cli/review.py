"""`mediakit review FOLDER`: results corrected by a person, in a browser, on this machine only."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

from mediakit.cli.console import Talk
from mediakit.cli.options import add_talk
from mediakit.review.server import open_server

_EXAMPLES = """\
examples:
  mediakit review captions/                  opens the browser; Ctrl-C ends it
  mediakit review . --no-browser --port 8765 prints the address, and opens nothing

FOLDER must hold all that is to be shown: pages, results, media, and the articles, so that pages can be made anew. An
edit changes the record and every file made of it; the versions before are kept in .mediakit/versions/. What was edited
is never replaced by a later run, unless --overwrite is given twice. The address is for you alone: who has it can edit.
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("folder", type=Path, metavar="FOLDER", help="the folder with pages, results and media")
    command.add_argument("--port", type=_port, default=0, metavar="N", help="port of this machine (default: any free)")
    command.add_argument("--no-browser", action="store_true", help="print the address, and open no browser")
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command until Ctrl-C, which is how it is meant to end: 0 then."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    server = open_server(chosen.folder, chosen.port)
    if chosen.no_browser and not chosen.json:
        print(server.address)  # also with --quiet: there is no other way to it
    else:
        talk.say(f"{server.address}  (Ctrl-C ends the review)")
    talk.result({"address": server.address})
    # Whoever waits for the address reads it from a pipe.
    sys.stdout.flush()
    if not chosen.no_browser:
        webbrowser.open(server.address)
    server.run()
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{text!r} is no port from 0 to 65535")
    return int(text)
