"""`mediakit batch FOLDER`: every article with its media and every loose media file, by as many workers as fit."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediakit.cli.batch_progress import BatchLines, BatchProgress
from mediakit.cli.console import Talk, counted
from mediakit.cli.options import add_common, settings
from mediakit.errors import MediakitError, OutputError, UsageError, encodable, printable
from mediakit.jobs.batch import Batch, Outcome, open_batch
from mediakit.jobs.doubts import DOUBTS
from mediakit.jobs.earlier import is_incomplete
from mediakit.jobs.remote import RemoteBatch
from mediakit.jobs.report import BatchReport
from mediakit.jobs.settings import Settings
from mediakit.jobs.share import share_out
from mediakit.jobs.stop import Stop
from mediakit.jobs.store import is_address
from mediakit.jobs.watch import watch
from mediakit.jobs.workers import Limits, Workers

_EXAMPLES = """\
examples:
  mediakit batch archive/ -o captions/             all of it; run it again to go on where it stopped
  mediakit batch archive/ --formats srt            captions only, beside the sources
  mediakit batch archive/ --dry-run                what there is to do, and what is done already
  mediakit batch incoming/ -o captions/ --watch    and what arrives, until Ctrl-C
  mediakit batch archive/ -o captions/ --executor ray --address auto    on all machines of a Ray cluster
  mediakit batch s3://news/archive -o s3://news/captions    folders of a store that fsspec knows

What is done is known by content: a second run does only what is new, changed, or failed before. What failed three times
is set aside until something of it changes. Ctrl-C once finishes the windows in hand and stops, twice stops at once;
either way the next run goes on from there. The folder of results has report.html and report.json of the last run.
"""
#: What a look calls a job, where it is not its status.
_CALLED = {"skipped": "done", "set-aside": "set aside"}
#: Longer tables are read by nobody: then what needs a person, and of that so much.
_WHOLE_TABLE, _LONGEST_TABLE = 40, 200
#: So many files that were passed over are named unasked.
_LONGEST_LIST = 10
_UNITS = {"": 1, "s": 1, "m": 60, "min": 60, "h": 3600}


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("folder", type=_place, metavar="FOLDER", help="where articles and media are, or its address")
    command.add_argument("-n", "--dry-run", action="store_true", help="say what would be done, and do nothing")
    command.add_argument("--watch", action="store_true", help="go on for new files that have stopped growing")
    command.add_argument(
        "-j", "--jobs", type=_count, metavar="N", help="worker processes (default: one a core, as memory allows)"
    )
    command.add_argument(
        "--time-limit", type=_seconds, default=12 * 3600.0, metavar="TIME",
        help="for one job, such as 90m or 2h; 0 for none (default: 12h)",
    )  # fmt: skip
    command.add_argument(
        "--memory-limit", type=_megabytes, metavar="MB", help="for one worker (default: its share of nine tenths)"
    )
    command.add_argument(
        "--executor", choices=("local", "ray"), default="local", help="who does the work (default: local)"
    )
    command.add_argument("--address", metavar="ADDRESS", help="of the Ray cluster (default: one begun on this machine)")
    add_common(command, place=_place)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if anything failed."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    if chosen.address and chosen.executor != "ray":
        raise UsageError("--address goes with --executor ray")
    if chosen.dry_run:
        return _say_what_would_be_done(chosen, talk)
    batch = open_batch(chosen.folder, chosen.output, settings(chosen))
    if chosen.watch and isinstance(batch, RemoteBatch):
        raise UsageError("--watch goes with folders of this machine", remedy="Run the batch again for what is new.")
    report = batch.report() if isinstance(batch, RemoteBatch) else BatchReport(batch.root, batch.target)
    stop = Stop()
    try:
        with stop.on_interrupt():
            _work(batch, chosen, talk, report, stop)
    finally:
        if report.jobs or report.object()["skipped_files"]:
            _write(report, chosen, talk)
    if report.jobs and not (chosen.quiet or chosen.json):
        Console().print(_table(report))
    told = report.object()
    _say_what_was_passed_over(told["skipped_files"], report.lost, talk)
    talk.result(told)
    if not report.jobs and not chosen.watch:
        talk.error(_nothing_in(chosen.folder))
    return 1 if report.failed or not (report.jobs or chosen.watch) else 0


def _nothing_in(folder: str | Path) -> MediakitError:
    return MediakitError(
        "no article with media and no media were found in it", file=str(folder),
        remedy="Is this the folder, and are its disks there? An article is called .txt or .html and names its media.",
    )  # fmt: skip


def _say_what_was_passed_over(
    files: Sequence[Mapping[str, str]], lost: Sequence[Mapping[str, str]], talk: Talk
) -> None:
    """Files that no job was made of: how many, and those that may have been meant; with --verbose all."""
    if not files:
        return
    shown = files if talk.verbose else lost[:_LONGEST_LIST]
    for item in shown:
        talk.say(f"{printable(item['path'])}: passed over, {printable(item['why'])}")
    more = len(files) - len(shown)
    rest = f"; {more} of them not named here (-v for all, and report.json)" if more else ""
    talk.say(f"{counted(len(files), 'file')} passed over{rest}")


def _work(batch: Batch, chosen: argparse.Namespace, talk: Talk, report: BatchReport, stop: Stop) -> None:
    progress = BatchProgress() if talk.shows_progress else BatchLines(talk)
    with batch, _workers(chosen, batch.settings) as workers, progress:
        for outcome in _outcomes(batch, workers, stop, progress, chosen, talk, report):
            report.add(outcome)
            progress.expected = batch.tree.media if batch.tree is not None else None
            progress.add(outcome)
            _tell(outcome, talk, strict=chosen.strict)
        if batch.tree is not None:
            report.pass_over(batch.tree.skipped)


def _outcomes(
    batch: Batch, workers: Workers, stop: Stop, progress: BatchProgress | BatchLines, chosen: argparse.Namespace,
    talk: Talk, report: BatchReport,
) -> Iterator[Outcome]:  # fmt: skip
    on_tick = progress.tick
    if not chosen.watch:
        return batch.outcomes(workers, stop=stop, on_tick=on_tick)
    return watch(batch, workers, stop, on_tick=on_tick, on_look=lambda: _write(report, chosen, talk))


def _workers(chosen: argparse.Namespace, options: Settings) -> Workers:
    seconds = chosen.time_limit or None
    if chosen.executor == "ray":
        from mediakit.jobs.ray_cluster import RayWorkers

        limits = Limits(seconds, chosen.memory_limit)
        return RayWorkers(options, address=chosen.address, count=chosen.jobs, limits=limits)
    from mediakit.jobs.processes import WorkerProcesses

    share = share_out(chosen.jobs)
    limits = Limits(seconds, chosen.memory_limit or share.memory_mb)
    return WorkerProcesses(options, count=share.workers, threads=share.threads, limits=limits)


def _tell(outcome: Outcome, talk: Talk, *, strict: bool) -> None:
    for error in outcome.errors:
        talk.error(error)
    for result in outcome.results:
        # Why only a part could be read is told as an error, and that part may not be what is kept.
        is_told = result.media.sha256 is None or (outcome.errors and is_incomplete(result))
        for warning in () if is_told else result.warnings:
            if not (strict and warning.code in DOUBTS):
                talk.warn(warning.message)
    for medium in outcome.summary.get("media", ()) if outcome.status == "done" else ():
        if medium.get("replaces"):
            talk.note(f"{printable(medium['path'])}: made anew, for its result was of an earlier version")
    for path in outcome.files if outcome.status != "skipped" else ():
        talk.detail(f"  {printable(str(path))}")


def _say_what_would_be_done(chosen: argparse.Namespace, talk: Talk) -> int:
    jobs: list[dict[str, object]] = []
    batch = open_batch(chosen.folder, chosen.output, settings(chosen))
    for job, source, status in batch.survey():
        media = [piece.named for piece in job.pieces]
        problems = [error for error in (job.error, *(piece.error for piece in job.pieces)) if error is not None]
        talk.say(
            f"{printable(str(source))}: {_CALLED.get(status, status)}"
            + "".join(f"; {printable(e.what)}" for e in problems)
        )
        for name in media:
            talk.detail(f"  {printable(name)}")
        jobs.append(
            {
                "source": encodable(str(source)), "status": status, "media": [encodable(name) for name in media],
                "errors": [encodable(str(error)) for error in problems],
            }
        )  # fmt: skip
    skipped = batch.tree.skipped if batch.tree is not None else ()
    files = [{"path": encodable(str(item.path)), "why": encodable(item.why)} for item in skipped]
    lost = [told for told, item in zip(files, skipped, strict=True) if item.may_matter]
    _say_what_was_passed_over(files, lost, talk)
    talk.say(f"{sum(job['status'] == 'to do' for job in jobs)} of {counted(len(jobs), 'job')} to do")
    talk.result({"jobs": jobs, "skipped_files": files})
    if not jobs:
        talk.error(_nothing_in(chosen.folder))
    return 0 if jobs else 1


def _write(report: BatchReport, chosen: argparse.Namespace, talk: Talk) -> None:
    """The report beside the results; one of somebody else's of that name is left, and that is said."""
    try:
        report.write(overwrite=chosen.overwrite)
    except OutputError as error:
        talk.warn(str(error))


def _table(report: BatchReport) -> Table:
    totals = report.object()["totals"]
    caption = f"{totals['done']} done, {totals['skipped']} were done before, {totals['failed']} failed"
    caption += f", {totals['set-aside']} set aside" if totals["set-aside"] else ""
    shown = report.jobs
    if len(shown) > _WHOLE_TABLE:
        shown = [job for job in shown if _needs_a_person(job)][:_LONGEST_TABLE]
        caption += "; shown is what needs a look, all is in report.html"
    table = Table("source", "status", "of the article", "what went wrong", caption=caption)
    for job in shown:
        verdicts = ", ".join(medium["verdict"] for medium in job["media"] if medium["verdict"])
        wrong = "\n".join(printable(error["what"]) for error in job["errors"])
        table.add_row(Text(printable(job["source"])), job["status"], verdicts, Text(wrong))
    return table


def _needs_a_person(job: dict[str, Any]) -> bool:
    codes = {warning["code"] for medium in job["media"] for warning in medium["warnings"]}
    return bool(job["errors"]) or not codes.isdisjoint(("attachment-unrelated", "no-speech"))


def _place(text: str) -> str | Path:
    # A path would make one slash of the two of an address.
    return text if is_address(text) else Path(text)


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _megabytes(text: str) -> int:
    return _count(text)


def _seconds(text: str) -> float:
    """`90`, `90s`, `15m`, `2h`: seconds.

    >>> _seconds("90"), _seconds("15m"), _seconds("1.5h")
    (90.0, 900.0, 5400.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|)", text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as 90s, 15m or 2h")
    return float(found[1]) * _UNITS[found[2]]
