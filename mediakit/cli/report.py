"""What became of a job, as lines for people and as an object for programs."""

from __future__ import annotations

from pathlib import Path

from mediakit.cli.console import counted
from mediakit.errors import encodable, printable
from mediakit.jobs.run import Done, JobReport
from mediakit.outputs.stretches import clock

_VERDICTS = {"read": "the article is read", "partly-read": "the article is read in part", "unrelated": "another text"}


def job_lines(report: JobReport) -> list[str]:
    """A line for each media file, then the files written."""
    lines = [_line(done) for done in report.done]
    return [*lines, *(f"  {printable(str(path))}" for path in report.files)]


def _line(done: Done) -> str:
    name = printable(done.piece.named)
    if done.keeps_earlier:
        return f"{name}: not transcribed; its earlier result is kept"
    if done.result.media.sha256 is None:
        return f"{name}: not transcribed"
    facts = [clock(done.result.media.duration_ms or 0), counted(len(done.result.captions), "caption")]
    article, unread = done.result.article, done.result.unread
    if not done.result.segments:
        facts.append("no speech")
    elif article is not None and article.verdict is not None:
        facts.append(f"{_VERDICTS[article.verdict]} ({article.coverage:.0%} of the speech)")
        if unread and article.verdict != "unrelated":
            are = "is" if len(unread) == 1 else "are"
            facts.append(f"{len(unread)} of its {counted(len(article.sentences), 'sentence')} {are} not said")
    if done.replaces is not None:
        facts.append(f"made anew: its result was of an earlier version ({done.replaces})")
    return f"{name}: {', '.join(facts)}"


def job_object(report: JobReport) -> dict[str, object]:
    """The job for `--json`."""
    return {
        "article": encodable(str(report.job.source)) if report.job.source else None,
        "media": [_medium_object(done) for done in report.done],
        "page": [encodable(str(path)) for path in (*report.page, *report.kept_page)],
        "errors": [
            {"code": e.code, "stage": e.stage, "file": encodable(e.file or "") or None, "message": encodable(str(e))}
            for e in report.errors
        ],
    }


def _medium_object(done: Done) -> dict[str, object]:
    article = done.result.article
    return {
        "path": encodable(done.result.media.path),
        "duration_ms": done.result.media.duration_ms,
        "verdict": article.verdict if article else None,
        "coverage": article.coverage if article else None,
        "unread": list(done.result.unread),
        "captions": len(done.result.captions),
        "warnings": [{"code": w.code, "message": w.message} for w in done.result.warnings],
        "keeps_earlier": done.keeps_earlier,
        "replaces": done.replaces,
        "files": [encodable(str(Path(path))) for path in done.files],
    }
