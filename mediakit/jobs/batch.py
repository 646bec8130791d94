"""Many jobs in turn: on past a failure, and nothing done twice that is done already.

What is done is known by content: a job's identity is the bytes of its media and article, the settings that matter
and mediakit's version; it is done if its outputs are there as they were written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mediakit import __version__
from mediakit.errors import MediaError, MediakitError, OutputError, UsageError
from mediakit.jobs.plan import Job, Piece, plan_tree
from mediakit.jobs.run import JobReport, OnMedium, run_job
from mediakit.jobs.settings import Desk, Settings
from mediakit.media.fingerprint import sha256_of
from mediakit.outputs.files import STATE_FOLDER, digest_of
from mediakit.result import Result

Status = Literal["done", "skipped", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one job of a batch.

    `source` is the article's file, or the media file where there is no article. `results` are empty for a job that
    was skipped because it is done. `status` is `failed` if anything of the job failed; the rest of it is written.
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
    root = Path(folder)
    if not root.is_dir():
        raise UsageError("no such folder", file=root, remedy="Give a folder, or use `mediakit transcribe` for a file.")
    desk = Desk(settings or Settings())
    desk.check()
    target = Path(output) if output is not None else root
    ledger = Ledger(target / STATE_FOLDER / "done.jsonl")
    for job in plan_tree(root, media_dir=desk.settings.media_dir):
        yield _outcome(job, root, target, desk, ledger, on_medium)


def _outcome(job: Job, root: Path, target: Path, desk: Desk, ledger: Ledger, on_medium: OnMedium | None) -> Outcome:
    source = job.source or job.pieces[0].path or root
    try:
        key = identity(job, desk.settings)
        if files := ledger.done(key, target):
            return Outcome(source, "skipped", files=files)
        report = run_job(job, desk, target, on_medium)
    except MediakitError as error:
        if error.stage in ("model", "set-up", "usage"):
            raise
        return Outcome(source, "failed", errors=(error,))
    if not report.errors:
        ledger.add(key, target, report)
    results = tuple(done.result for done in report.done)
    return Outcome(source, "failed" if report.errors else "done", results, report.files, tuple(report.errors))


def identity(job: Job, settings: Settings) -> str:
    """SHA-256 over all that decides a job's outputs; renaming a file changes the names of them, so names count.

    The other articles of the folder do not: a warning may name one of them, and that is no reason to do all again
    whenever an article is added.
    """
    parts = {
        "mediakit": __version__,
        "settings": settings.fingerprint(),
        "article": (job.source.name, digest_of(job.source)) if job.source is not None else None,
        "media": [(piece.named, _content(piece)) for piece in job.pieces],
        "folder": job.folder.as_posix(),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _content(piece: Piece) -> str:
    """The SHA-256 of a medium; what keeps it from being read, where it cannot be: that job is never done."""
    if piece.path is None:
        return "missing"
    try:
        return f"{piece.path.name} {sha256_of(piece.path)}"
    except MediaError as error:
        return error.code


class Ledger:
    """Jobs that are done: a line each, with the outputs and their SHA-256. A torn last line counts for nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[str, dict[str, str]] = {}
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return
        except (OSError, UnicodeDecodeError) as error:
            raise OutputError(
                f"cannot be read ({error})", file=path, remedy="Delete it to do all jobs again."
            ) from error
        for line in lines:
            try:
                entry = json.loads(line)
                self._done[str(entry["job"])] = dict(entry["files"])
            except (ValueError, KeyError, TypeError):
                continue

    def done(self, key: str, target: Path) -> tuple[Path, ...]:
        """The outputs of a job if all of them are there as they were written, else nothing."""
        files = self._done.get(key, {})
        paths = {target / name: sha256 for name, sha256 in files.items()}
        whole = bool(paths) and all(path.is_file() and digest_of(path) == sha for path, sha in paths.items())
        return tuple(paths) if whole else ()

    def add(self, key: str, target: Path, report: JobReport) -> None:
        """Note a job as done."""
        files = {path.relative_to(target).as_posix(): digest_of(path) for path in report.files}
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8", newline="\n") as out:
                out.write(json.dumps({"job": key, "files": files}, ensure_ascii=False, sort_keys=True) + "\n")
        except OSError as error:
            raise OutputError(f"cannot be written ({error.strerror})", file=self._path) from error
