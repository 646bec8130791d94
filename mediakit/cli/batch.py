"""`mediakit batch FOLDER`: every article with its media and every loose media file, one after the other."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediakit.cli.console import Talk
from mediakit.cli.options import add_common, settings
from mediakit.errors import printable
from mediakit.jobs.batch import Outcome, transcribe_folder

_EXAMPLES = """\
examples:
  mediakit batch archive/ -o captions/      all of it; run it again to go on where it stopped
  mediakit batch archive/ --formats srt     captions only, beside the sources

What is done is known by content: a second run does only what is new, changed, or failed before.
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("folder", type=Path, metavar="FOLDER", help="where articles and media are")
    add_common(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if anything failed."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    outcomes: list[Outcome] = []
    with talk.progress():
        for outcome in transcribe_folder(
            chosen.folder, chosen.output, settings=settings(chosen), on_medium=talk.on_medium
        ):
            outcomes.append(outcome)
            for error in outcome.errors:
                talk.error(error)
            for result in outcome.results:
                for warning in result.warnings if result.media.sha256 else ():
                    talk.warn(warning.message)
            for path in outcome.files:
                talk.detail(f"  {printable(str(path))}")
    if not (chosen.quiet or chosen.json):
        Console().print(_table(outcomes, chosen.folder))
    talk.result({"jobs": [_object(outcome) for outcome in outcomes]})
    return 1 if any(outcome.status == "failed" for outcome in outcomes) else 0


def _table(outcomes: list[Outcome], folder: Path) -> Table:
    counts = {status: sum(o.status == status for o in outcomes) for status in ("done", "skipped", "failed")}
    caption = f"{counts['done']} done, {counts['skipped']} were done before, {counts['failed']} failed"
    table = Table("source", "status", "of the article", "what went wrong", caption=caption)
    for outcome in outcomes:
        try:
            name = str(outcome.source.relative_to(folder))
        except ValueError:
            name = outcome.source.name
        verdicts = ", ".join(r.article.verdict for r in outcome.results if r.article and r.media.sha256)
        wrong = "\n".join(printable(error.what) for error in outcome.errors)
        table.add_row(Text(printable(name)), outcome.status, verdicts, Text(wrong))
    return table


def _object(outcome: Outcome) -> dict[str, object]:
    return {
        "source": str(outcome.source),
        "status": outcome.status,
        "files": [str(path) for path in outcome.files],
        "errors": [{"code": e.code, "stage": e.stage, "file": e.file, "message": str(e)} for e in outcome.errors],
    }
