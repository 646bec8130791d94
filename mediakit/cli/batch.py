"""`mediakit batch FOLDER`: every article with its media and every loose media file, one after the other."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediakit.cli.console import Talk
from mediakit.cli.options import add_common, settings
from mediakit.errors import OutputError, printable
from mediakit.jobs.batch import Outcome, Status, survey, transcribe_folder
from mediakit.outputs.files import OutputFolder

_EXAMPLES = """\
examples:
  mediakit batch archive/ -o captions/      all of it; run it again to go on where it stopped
  mediakit batch archive/ --formats srt     captions only, beside the sources
  mediakit batch archive/ --dry-run         what there is to do, and what is done already

What is done is known by content: a second run does only what is new, changed, or failed before. What failed three times
is set aside until something of it changes. The folder of results has a report.json of the last run.
"""
#: What a look calls a job, where it is not its status.
_CALLED = {"skipped": "done", "set-aside": "set aside"}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("folder", type=Path, metavar="FOLDER", help="where articles and media are")
    command.add_argument("-n", "--dry-run", action="store_true", help="say what would be done, and do nothing")
    add_common(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if anything failed."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    if chosen.dry_run:
        return _say_what_would_be_done(chosen, talk)
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
    report = {"jobs": [_object(outcome) for outcome in outcomes]}
    _write_report(report, chosen, talk)
    talk.result(report)
    return 1 if any(outcome.status in ("failed", "set-aside") for outcome in outcomes) else 0


def _say_what_would_be_done(chosen: argparse.Namespace, talk: Talk) -> int:
    jobs: list[dict[str, object]] = []
    for job, source, status in survey(chosen.folder, chosen.output, settings=settings(chosen)):
        media = [piece.named for piece in job.pieces]
        problems = [error for error in (job.error, *(piece.error for piece in job.pieces)) if error is not None]
        talk.say(
            f"{printable(str(source))}: {_CALLED.get(status, status)}"
            + "".join(f"; {printable(e.what)}" for e in problems)
        )
        for name in media:
            talk.detail(f"  {printable(name)}")
        jobs.append(
            {"source": str(source), "status": status, "media": media, "errors": [str(error) for error in problems]}
        )
    talk.say(f"{sum(job['status'] == 'to do' for job in jobs)} of {len(jobs)} to do")
    talk.result({"jobs": jobs})
    return 0


def _write_report(report: Mapping[str, object], chosen: argparse.Namespace, talk: Talk) -> None:
    """The report beside the results; one of somebody else's of that name is left, and that is said."""
    folder = OutputFolder(chosen.output or chosen.folder)
    try:
        folder.write("report.json", json.dumps(report, ensure_ascii=False, indent=2) + "\n", overwrite=chosen.overwrite)
    except OutputError as error:
        talk.warn(str(error))


def _table(outcomes: list[Outcome], folder: Path) -> Table:
    counts = {status: sum(o.status == status for o in outcomes) for status in get_args(Status)}
    caption = f"{counts['done']} done, {counts['skipped']} were done before, {counts['failed']} failed"
    caption += f", {counts['set-aside']} set aside" if counts["set-aside"] else ""
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
