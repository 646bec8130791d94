"""What the reports say of a job: a few figures of each medium, kept in the journal so that no record is read again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mediakit.jobs.run import JobReport
from mediakit.result import Result

#: A segment under this is worth a look: the engine was in doubt about most of its words.
DOUBTFUL_SCORE = 0.5


def summary(report: JobReport, root: Path) -> dict[str, Any]:
    """The figures of a job whose outputs lie below `root`."""
    pages = (path for path in (*report.page, *report.kept_page) if path.suffix == ".html")
    page = next((path.relative_to(root).as_posix() for path in pages), None)
    article = report.job.article
    return {
        "title": article.title if article is not None else None,
        "page": page,
        "media": [
            medium_summary(done.result) | ({"replaces": done.replaces} if done.replaces is not None else {})
            for done in report.done
        ],
    }


def medium_summary(result: Result) -> dict[str, Any]:
    """The figures of a medium."""
    article = result.article if result.media.sha256 is not None else None
    speech = [(segment.end_ms - segment.start_ms, segment.score) for segment in result.segments]
    return {
        "path": result.media.path,
        "duration_ms": result.media.duration_ms,
        "verdict": article.verdict if article is not None else None,
        "coverage": article.coverage if article is not None else None,
        "captions": len(result.captions),
        "speech_ms": sum(ms for ms, _ in speech),
        "doubtful_ms": sum(ms for ms, score in speech if score < DOUBTFUL_SCORE),
        "unread": len(result.unread),
        "warnings": [{"code": warning.code, "message": warning.message} for warning in result.warnings],
    }
