"""The report of a batch: an object for programs, from which the page is made too."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, get_args

from mediakit import __version__
from mediakit.errors import MediakitError, encodable
from mediakit.jobs.batch import Outcome, Status
from mediakit.jobs.passed_over import Skipped
from mediakit.outputs.batch_report import render_report
from mediakit.outputs.files import OutputFolder

SCHEMA = "mediakit/batch@1"


@dataclass
class BatchReport:
    """What a run has come to so far. Of an outcome only figures are kept: an archive of results fills the memory."""

    folder: Path
    output: Path
    began: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    _jobs: dict[Path, dict[str, Any]] = field(default_factory=dict)
    skipped_files: list[dict[str, str]] = field(default_factory=list)
    #: Those of them that somebody may well have meant to be done.
    lost: list[dict[str, str]] = field(default_factory=list)
    _started: float = field(default_factory=time.monotonic)

    def add(self, outcome: Outcome) -> None:
        """Take in what became of a job; of a source that changed while the run went on, what became of it last."""
        self._jobs[outcome.source] = _job(outcome, self.folder, self.output)

    def pass_over(self, skipped: Iterable[Skipped]) -> None:
        """Take in what no job was made of."""
        self.skipped_files, self.lost = [], []
        for item in skipped:
            told = {"path": _below(item.path, self.folder), "why": encodable(item.why)}
            self.skipped_files.append(told)
            self.lost += [told] if item.may_matter else []

    @property
    def jobs(self) -> list[dict[str, Any]]:
        """The jobs so far."""
        return list(self._jobs.values())

    @property
    def failed(self) -> bool:
        """Whether anything is not done."""
        return any(job["status"] in ("failed", "set-aside") for job in self.jobs)

    def object(self) -> dict[str, Any]:
        """The report as it is written to `report.json`."""
        return {
            "schema": SCHEMA,
            "mediakit": __version__,
            "folder": encodable(str(self.folder)),
            "began": self.began.isoformat(timespec="seconds"),
            "seconds": round(time.monotonic() - self._started, 1),
            "totals": _totals(self.jobs),
            "jobs": self.jobs,
            "skipped_files": self.skipped_files,
        }

    def write(self, *, overwrite: int = 0) -> list[Path]:
        """Write `report.json` and `report.html` in the output folder.

        Raises
        ------
        OutputError
            If they cannot be written, or somebody else's files of these names are there.
        """
        report = self.object()
        folder = OutputFolder(self.output)
        text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
        return [
            folder.write("report.json", text, overwrite=overwrite),
            folder.write("report.html", render_report(report), overwrite=overwrite),
        ]


def _job(outcome: Outcome, folder: Path, output: Path) -> dict[str, Any]:
    return {
        "source": _below(outcome.source, folder),
        "title": outcome.summary.get("title"),
        "status": outcome.status,
        "attempts": outcome.attempts,
        "seconds": round(outcome.seconds, 1),
        "page": outcome.summary.get("page"),
        "files": [_below(path, output) for path in outcome.files],
        "media": [_told(medium, outcome.status) for medium in outcome.summary.get("media", [])],
        "errors": [error_object(error) for error in outcome.errors],
    }


def error_object(error: MediakitError) -> dict[str, Any]:
    """An error for programs."""
    return {
        "code": error.code, "stage": error.stage, "file": encodable(error.file) if error.file is not None else None,
        "message": encodable(str(error)), "what": encodable(error.what), "remedy": encodable(error.remedy),
    }  # fmt: skip


def _told(medium: Mapping[str, Any], status: Status) -> dict[str, Any]:
    """The figures of a medium; what it took the place of is news of the run that did it alone."""
    warnings = [{**warning, "message": encodable(warning["message"])} for warning in medium["warnings"]]
    kept = {key: value for key, value in medium.items() if key != "replaces" or status != "skipped"}
    return {**kept, "path": encodable(medium["path"]), "warnings": warnings}


def _totals(jobs: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    statuses = [job["status"] for job in jobs]
    media = [medium for job in jobs for medium in job["media"]]
    verdicts = [medium["verdict"] for medium in media]
    return {
        "jobs": len(statuses),
        **{status: statuses.count(status) for status in get_args(Status)},
        "media": len(media),
        "media_ms": sum(medium["duration_ms"] or 0 for medium in media),
        "unrelated": verdicts.count("unrelated"),
        "partly-read": verdicts.count("partly-read"),
    }


def _below(path: Path, folder: Path) -> str:
    with suppress(ValueError):
        return encodable(path.relative_to(folder).as_posix())
    return encodable(str(path))
