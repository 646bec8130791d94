"""Many jobs in turn: on past a failure, and nothing done twice that is done already.

What is done is known by content: a job's identity is the bytes of its media and article, the settings that matter
and mediakit's version; it is done if its outputs are there as they were written (`journal.py`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mediakit import __version__
from mediakit.errors import MediaError, MediakitError, UsageError
from mediakit.jobs.journal import Entry, Journal
from mediakit.jobs.plan import Job, Piece, plan_tree
from mediakit.jobs.run import OF_ONE_MEDIUM, OnMedium, run_job
from mediakit.jobs.settings import Desk, Settings
from mediakit.media.fingerprint import sha256_of
from mediakit.outputs.files import STATE_FOLDER
from mediakit.result import Result

Status = Literal["done", "skipped", "failed", "set-aside"]
#: Stages whose failures are the job's own: they will come again until something of the job changes.
OF_THE_JOB = ("article", *OF_ONE_MEDIUM)


@dataclass(frozen=True)
class Outcome:
    """What became of one job of a batch.

    `source` is the article's file, or the media file where there is no article. `results` are empty for a job that
    was skipped because it is done. `status` is `failed` if anything of the job failed; the rest of it is written. A job
    that failed three times is `set-aside`, and not tried again as long as nothing of it changes.
    """

    source: Path
    status: Status
    results: tuple[Result, ...] = ()
    files: tuple[Path, ...] = ()
    errors: tuple[MediakitError, ...] = ()


def transcribe_folder(
    folder: str | Path,
    output: str | Path | None = None,
    *,
    settings: Settings | None = None,
    on_medium: OnMedium | None = None,
) -> Iterator[Outcome]:
    """Transcribe every article with its media and every loose media file under `folder`, one after the other.

    Parameters
    ----------
    folder, output
        Where the sources are and where the results go (sub-folders are kept); without `output`, beside the sources.

    Yields
    ------
    Outcome
        As each job ends. A failure is an outcome, not an exception.

    Raises
    ------
    UsageError, ModelError, EngineError, OutputError
        What no job could get past: no such folder, no model, no room to write.
    """
    root = _folder(folder)
    desk = Desk(settings or Settings())
    desk.check()
    target = Path(output) if output is not None else root
    with Journal(target / STATE_FOLDER) as journal:
        for job in plan_tree(root, media_dir=desk.settings.media_dir):
            yield _outcome(job, root, target, desk, journal, on_medium)


def survey(
    folder: str | Path, output: str | Path | None = None, *, settings: Settings | None = None
) -> Iterator[tuple[Job, Path, Status | Literal["to do"]]]:
    """What :func:`transcribe_folder` would do with each job, and its source; nothing is written or listened to.

    Raises
    ------
    UsageError, OutputError
        If there is no such folder, or its journal cannot be read.
    """
    root = _folder(folder)
    desk = Desk(settings or Settings())
    desk.check()
    target = Path(output) if output is not None else root
    journal = Journal(target / STATE_FOLDER)
    begun = journal.path.exists()
    with journal if begun else nullcontext():
        for job in plan_tree(root, media_dir=desk.settings.media_dir):
            source = job.source or job.pieces[0].path or root
            yield job, source, _status(job, target, desk, journal) if begun else "to do"


def _status(job: Job, target: Path, desk: Desk, journal: Journal) -> Status | Literal["to do"]:
    key = identity(job, desk.settings, journal)
    entry = journal.entry(key)
    if entry is None or entry.state not in ("done", "set-aside"):
        return "to do"
    if entry.state == "set-aside":
        return "set-aside"
    return "skipped" if journal.outputs(key, target) else "to do"


def _folder(folder: str | Path) -> Path:
    root = Path(folder)
    if not root.is_dir():
        raise UsageError("no such folder", file=root, remedy="Give a folder, or use `mediakit transcribe` for a file.")
    return root


def _outcome(job: Job, root: Path, target: Path, desk: Desk, journal: Journal, on_medium: OnMedium | None) -> Outcome:
    source = job.source or job.pieces[0].path or root
    try:
        key = identity(job, desk.settings, journal)
        if files := journal.outputs(key, target):
            return Outcome(source, "skipped", files=files)
        before = journal.entry(key)
        if before is not None and before.state == "set-aside":
            return Outcome(source, "set-aside", errors=(_set_aside(before, source),))
        return _attempt(job, source, key, target, desk, journal, on_medium)
    except MediakitError as error:
        if error.stage in ("model", "set-up", "usage"):
            raise
        return Outcome(source, "failed", errors=(error,))


def _attempt(
    job: Job, source: Path, key: str, target: Path, desk: Desk, journal: Journal, on_medium: OnMedium | None
) -> Outcome:
    """Do a job, and note what became of it; what is wrong with the disk or the machine is not the job's failure."""
    began = time.monotonic()
    journal.begin(key, str(source))
    try:
        report = run_job(job, desk, target, on_medium)
    except MediakitError as error:
        if error.stage in OF_THE_JOB:
            journal.fail(key, str(error), time.monotonic() - began)
        else:
            journal.withdraw(key)
        raise
    except BaseException:
        journal.withdraw(key)  # interrupted
        raise
    seconds = time.monotonic() - began
    if report.errors:
        journal.fail(key, str(report.errors[0]), seconds)
    else:
        journal.finish(key, report.files, target, seconds)
    results = tuple(done.result for done in report.done)
    return Outcome(source, "failed" if report.errors else "done", results, report.files, tuple(report.errors))


def _set_aside(entry: Entry, source: Path) -> MediakitError:
    return MediakitError(
        f"was set aside after {entry.attempts} attempts ({entry.error})", file=source,
        remedy="Mend or replace it, and it is tried again.",
    )  # fmt: skip


def identity(job: Job, settings: Settings, journal: Journal) -> str:
    """SHA-256 over all that decides a job's outputs; renaming a file changes the names of them, so names count.

    The other articles of the folder do not: a warning may name one of them, and that is no reason to do all again
    whenever an article is added.
    """
    parts = {
        "mediakit": __version__,
        "settings": settings.fingerprint(),
        "article": (job.source.name, journal.digest(job.source)) if job.source is not None else None,
        "media": [(piece.named, _content(piece, journal)) for piece in job.pieces],
        "folder": job.folder.as_posix(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _content(piece: Piece, journal: Journal) -> str:
    """The SHA-256 of a medium; what keeps it from being read, where it cannot be: that job is never done."""
    if piece.path is None:
        return "missing"
    try:
        return f"{piece.path.name} {journal.digest(piece.path, sha256_of)}"
    except MediaError as error:
        return error.code
