"""What became of a job, as lines for people and as an object for programs."""

from __future__ import annotations

from pathlib import Path

from mediakit.errors import printable
from mediakit.jobs.run import Done, JobReport

_VERDICTS = {"read": "the article is read", "partly-read": "the article is read in part", "unrelated": "another text"}


def job_lines(report: JobReport) -> list[str]:
    """A line for each media file, then the files written."""
    lines = [_line(done) for done in report.done]
    return [*lines, *(f"  {printable(str(path))}" for path in report.files)]


def _line(done: Done) -> str:
    name = printable(done.piece.named)
    if done.result.media.sha256 is None:
        return f"{name}: not transcribed"
    seconds = (done.result.media.duration_ms or 0) // 1000
    facts = [f"{seconds // 60}:{seconds % 60:02d}", f"{len(done.result.captions)} captions"]
    article, unread = done.result.article, done.result.unread
    if not done.result.segments:
        facts.append("no speech")
    elif article is not None and article.verdict is not None:
        facts.append(f"{_VERDICTS[article.verdict]} ({article.coverage:.0%} of the speech)")
        if unread and article.verdict != "unrelated":
            facts.append(f"{len(unread)} of its {len(article.sentences)} sentences are not said")
    return f"{name}: {', '.join(facts)}"


def job_object(report: JobReport) -> dict[str, object]:
    """The job for `--json`."""
    return {
        "article": str(report.job.source) if report.job.source else None,
        "media": [_medium_object(done) for done in report.done],
        "page": [str(path) for path in report.page],
        "errors": [{"code": e.code, "stage": e.stage, "file": e.file, "message": str(e)} for e in report.errors],
    }


def _medium_object(done: Done) -> dict[str, object]:
    article = done.result.article
    return {
        "path": done.result.media.path,
        "duration_ms": done.result.media.duration_ms,
        "verdict": article.verdict if article else None,
        "coverage": article.coverage if article else None,
        "unread": list(done.result.unread),
        "captions": len(done.result.captions),
        "warnings": [{"code": w.code, "message": w.message} for w in done.result.warnings],
        "files": [str(Path(path)) for path in done.files],
    }
