"""`mediakit transcribe SOURCE...`: captions for an article's media, a media file, or a folder with one article."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

from mediakit.cli.console import Talk
from mediakit.cli.options import add_common, settings
from mediakit.cli.report import job_lines, job_object
from mediakit.errors import MediakitError, UsageError, printable
from mediakit.jobs.doubts import DOUBTS, doubts
from mediakit.jobs.plan import plan
from mediakit.jobs.run import Done, JobReport, run_job
from mediakit.jobs.settings import Desk
from mediakit.jobs.summary import medium_summary
from mediakit.outputs.stretches import clock
from mediakit.process_memory import keep_memory_low

_EXAMPLES = """\
examples:
  mediakit transcribe bai-bao.txt                    an article: finds its `Audio:` and `Video:` files beside it
  mediakit transcribe bai-bao.html -o captions/      a saved page, results in a folder of their own
  mediakit transcribe phat-bieu.mp4 --article bai-bao.txt
  mediakit transcribe hop.mp3 --formats srt,json     loose media: what was heard, without an article
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument(
        "sources", nargs="+", type=Path, metavar="SOURCE", help="an article (.txt, .html, …), a media file, or a folder"
    )
    command.add_argument("--article", type=Path, metavar="FILE", help="the article that the media belong to")
    add_common(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 0 all done, 1 something failed."""
    keep_memory_low()
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    desk = Desk(settings(chosen))
    desk.check()
    reports: list[JobReport] = []
    failures: list[MediakitError] = []
    taken: set[str] = set()
    with talk.progress():
        for source in _each_once(chosen.sources):
            try:
                job = plan(source, article=chosen.article, media_dir=chosen.media_dir)
                output = chosen.output or (source if source.is_dir() else source.parent)
                told = partial(_tell, talk, strict=chosen.strict)
                report = run_job(job, desk, output, talk.on_medium, on_done=told, taken=taken)
            except MediakitError as error:
                if isinstance(error, UsageError) and len(chosen.sources) == 1:
                    raise
                failures.append(error)
                talk.error(error)
                continue
            reports.append(report)
            if chosen.strict:
                report.errors += doubts(medium_summary(done.result) for done in report.done)
    for report in reports:
        for line in job_lines(report):
            talk.say(line)
    talk.result({"jobs": [job_object(r) for r in reports], "failures": [str(e) for e in failures]})
    return 1 if failures or any(report.errors for report in reports) else 0


def _each_once(sources: Iterable[Path]) -> Iterator[Path]:
    """The sources, without those that were named before."""
    seen: set[Path] = set()
    for source in sources:
        try:
            real = source.resolve()
        except (OSError, RuntimeError):  # a link to itself, before Python 3.13
            real = source
        if real not in seen:
            seen.add(real)
            yield source


def _tell(talk: Talk, done: Done, *, strict: bool) -> None:
    """Say what became of a medium when it has."""
    if done.error is not None:
        talk.error(done.error)
        return
    talk.note(f"{printable(done.piece.named)}: done, {clock(done.result.media.duration_ms or 0)}")
    for warning in done.result.warnings:
        if not (strict and warning.code in DOUBTS):
            talk.warn(warning.message)
    if strict:
        for doubt in doubts([medium_summary(done.result)]):
            talk.error(doubt)
