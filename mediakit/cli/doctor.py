"""`mediakit doctor`: what works here, and the one line that mends what does not."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from mediakit import __version__
from mediakit.cli.console import Talk
from mediakit.cli.options import add_talk
from mediakit.errors import MediakitError
from mediakit.language_model.ngram import SHIPPED, NGram
from mediakit.media.ffmpeg import TESTED_VERSIONS, choose_ffmpeg, ffmpeg_version, is_tested
from mediakit.speech.engines import ENGINE_PACKAGES
from mediakit.speech.models import models_folder, verify

_EXAMPLES = """\
examples:
  mediakit doctor            exit status 1 if something that transcribing needs does not work
  mediakit doctor --json     for a program
"""
#: A window, the model and the interpreter together stay under this on the embedded model.
_NEEDED_MB = 900


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `needed` things must work, others widen what can be done."""

    name: str
    works: bool
    what: str
    remedy: str = ""
    needed: bool = True


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if something that is needed does not work."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    findings = list(examine())
    for finding in findings:
        mark = "ok  " if finding.works else ("FAIL" if finding.needed else "no  ")
        talk.say(f"{mark} {finding.name}: {finding.what}")
        if finding.remedy and not finding.works:
            talk.say(f"       {finding.remedy}")
    well = all(finding.works for finding in findings if finding.needed)
    talk.result(
        {
            "mediakit": __version__,
            "works": well,
            "findings": [
                {"name": f.name, "works": f.works, "what": f.what, "remedy": f.remedy, "needed": f.needed}
                for f in findings
            ],
        }
    )
    return 0 if well else 1


def examine() -> Iterator[Finding]:
    """Look at everything, one thing after the other."""
    yield Finding("mediakit", True, f"{__version__} on Python {platform.python_version()}, {platform.platform()}")
    yield _tried("ffmpeg", _ffmpeg)
    yield _tried("model base", _base)
    yield _tried("language model", _language_model)
    for name, (package, install) in ENGINE_PACKAGES.items():
        here = find_spec(package) is not None
        what = f"package {package} is {'here' if here else 'not here'}"
        yield Finding(f"engine {name}", here, what, f"Install it with `{install}`.", needed=name == "faster-whisper")
    yield _memory()


def _ffmpeg() -> str:
    choice = choose_ffmpeg()
    version = ffmpeg_version(choice.path)
    versions = ", ".join(f"{major}.{minor}" for major, minor in TESTED_VERSIONS)
    tested = "tested" if is_tested(version) else f"not tested; those that are: {versions}"
    return f"{version} ({choice.path}), {choice.why}, {tested}"


def _base() -> str:
    status = verify("base")
    if not status.usable:
        raise MediakitError(status.problem, file=status.where, remedy=status.remedy)
    return f"intact, in {models_folder()}"


def _language_model() -> str:
    model = NGram.open()
    return f"intact: {model.size} words of Vietnamese after up to {model.order - 1} others, {SHIPPED}"


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except MediakitError as error:
        return Finding(name, False, f"{error.file}: {error.what}" if error.file else error.what, error.remedy)


def _memory() -> Finding:
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000
    except (AttributeError, ValueError, OSError):  # not told on Windows and macOS
        return Finding("memory", True, "not known on this system")
    enough = free >= _NEEDED_MB
    return Finding(
        "memory", enough, f"{free} MB free", f"Close other programs: {_NEEDED_MB} MB are needed.", needed=False
    )
