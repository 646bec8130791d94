"""The report of a batch as a page for people: what needs one of them first, then every job."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mediakit.errors import printable
from mediakit.outputs.linked_data import relative_url
from mediakit.outputs.stretches import clock
from mediakit.outputs.templates import fill_template
from mediakit.vietnamese.normal import nfc

# Where to look first, not what is wrong: no measure of quality. An official's speech may well be half his own words.
#: A medium in which the article accounts for less of the speech is listed.
LITTLE_BELOW = 0.5
#: A medium of which at least this share of the speech is doubtful is listed.
DOUBTFUL_FROM = 0.2

#: Warnings that have a list of their own.
_LISTED = ("attachment-unrelated", "no-speech")
_ABOUT_FAILED = "They are tried again in the next run, but for those that are only in doubt (--strict)."
_STATUS = {"done": "done", "skipped": "done before", "failed": "failed", "set-aside": "set aside"}
_VERDICT = {"read": "read", "partly-read": "partly read", "unrelated": "unrelated"}


@dataclass(frozen=True, slots=True)
class _Row:
    """A job as the table has it; texts as they are shown."""

    title: str
    files: str
    url: str
    #: What the filters ask for: a job that was done before is `done`.
    status: str
    verdicts: tuple[str, ...]
    shown_status: str
    shown_verdict: str
    covered: str
    doubtful: str
    unread: str
    captions: str
    length: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """A job that needs a person: what is wrong, and for each what to do about it, where that is known."""

    row: _Row
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Jobs that need a person for the same reason."""

    id: str
    name: str
    about: str
    entries: Sequence[_Entry]
    opened: bool = True


def render_report(report: Mapping[str, Any]) -> str:
    """The page `report.html` of a batch; `report` is what `report.json` beside it holds (`mediakit/batch@1`).

    The path in each job's `page` is relative to the page. Characters that cannot be seen, or that turn the direction
    of writing, are shown escaped.
    """
    jobs: Sequence[Mapping[str, Any]] = report["jobs"]
    rows = [_row(job) for job in jobs]
    return fill_template(
        "report",
        folder=_shown(report["folder"]),
        began=datetime.fromisoformat(report["began"]),
        took=clock(round(report["seconds"] * 1000)),
        version=report["mediakit"],
        totals=_totals(report["totals"]),
        groups=[group for group in _groups(list(zip(jobs, rows, strict=True))) if group.entries],
        rows=rows,
        skipped=[(_shown(file["path"]), _shown(file["why"])) for file in report["skipped_files"]],
    )


def _totals(totals: Mapping[str, int]) -> list[tuple[str, str]]:
    """The totals in words; a job that was done before is done."""
    before = f", {totals['skipped']} of them before" if totals["skipped"] else ""
    return [
        ("jobs", str(totals["jobs"])),
        (f"done{before}", str(totals["done"] + totals["skipped"])),
        ("failed", str(totals["failed"])),
        ("set aside", str(totals["set-aside"])),
        ("media", str(totals["media"])),
        ("length of media", clock(totals["media_ms"])),
        ("media that read the article in part", str(totals["partly-read"])),
        ("media unrelated to the article", str(totals["unrelated"])),
    ]


def _row(job: Mapping[str, Any]) -> _Row:
    media = _readable(job)
    verdicts = tuple(dict.fromkeys(m["verdict"] for m in media if m["verdict"] is not None))
    coverages = [m["coverage"] for m in media if m["coverage"] is not None]
    speech_ms = sum(m["speech_ms"] for m in media)
    unread = [m["unread"] for m in media if m["verdict"] in ("read", "partly-read")]
    names = ", ".join(m["path"] for m in job["media"] if not job["source"].endswith(m["path"]))
    return _Row(
        title=_shown(job["title"] or job["source"]),
        files=_shown(" · ".join(text for text in (job["source"] if job["title"] else "", names) if text)),
        url=relative_url(job["page"]) if job["page"] else "",
        status="done" if job["status"] == "skipped" else job["status"],
        verdicts=verdicts or ("none",),
        shown_status=_STATUS[job["status"]],
        shown_verdict=", ".join(_VERDICT[verdict] for verdict in verdicts),
        covered=f"{min(coverages):.0%}" if coverages else "",
        doubtful=f"{sum(m['doubtful_ms'] for m in media) / speech_ms:.0%}" if speech_ms else "",
        # A sentence that one medium leaves out another may say: no more than the fewest are not said.
        unread=str(min(unread)) if unread else "",
        captions=str(sum(m["captions"] for m in media)) if media else "",
        length=clock(sum(m["duration_ms"] for m in media)) if media else "",
    )


def _readable(job: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The media that were heard: the figures of one that could not be read say nothing."""
    return [medium for medium in job["media"] if medium["duration_ms"] is not None]


_Jobs = Sequence[tuple[Mapping[str, Any], _Row]]


def _groups(jobs: _Jobs) -> Iterable[_Group]:
    yield _Group("failed", "Failed", _ABOUT_FAILED, _errors(jobs, "failed"))
    yield _Group(
        "set-aside",
        "Set aside",
        "They failed three times, and are not tried again until something of them changes.",
        _errors(jobs, "set-aside"),
    )
    yield _Group(
        "wrong",
        "Wrong attachments",
        "Speech in which nothing of the article is said. Where it fits another article of the folder, that is named.",
        _warnings(jobs, lambda code, _: code == "attachment-unrelated"),
    )
    yield _Group(
        "no-speech", "No speech", "Nobody was heard to speak.", _warnings(jobs, lambda code, _: code == "no-speech")
    )
    yield _Group(
        "little",
        "Little of the article",
        f"The article accounts for less than {LITTLE_BELOW:.0%} of the speech: the rest is captioned as it was heard.",
        _worst_first(jobs, _missing_share, "of the speech is not of the article"),
    )
    yield _Group(
        "doubtful",
        "Doubtful speech",
        f"At least {DOUBTFUL_FROM:.0%} of the speech is doubtful: listen to these first.",
        _worst_first(jobs, _doubtful_share, "of the speech is doubtful"),
    )
    yield _Group("warnings", "Other warnings", "", _warnings(jobs, _is_other), opened=False)


def _errors(jobs: _Jobs, status: str) -> list[_Entry]:
    return [
        _Entry(row, tuple((_reason(error), _shown(error["remedy"])) for error in job["errors"]))
        for job, row in jobs
        if job["status"] == status
    ]


def _reason(error: Mapping[str, Any]) -> str:
    return _shown(f"{error['file']}: {error['what']}" if error["file"] else error["what"])


def _warnings(jobs: _Jobs, wanted: Callable[[str, Mapping[str, Any]], bool]) -> list[_Entry]:
    """Jobs with the warnings that are `wanted`, by their code and job."""
    found: list[_Entry] = []
    for job, row in jobs:
        warnings = [warning for medium in job["media"] for warning in medium["warnings"]]
        lines = tuple((_shown(warning["message"]), "") for warning in warnings if wanted(warning["code"], job))
        found += [_Entry(row, lines)] if lines else []
    return found


def _is_other(code: str, job: Mapping[str, Any]) -> bool:
    """Whether a warning is neither in a list of its own nor the error that the job failed with."""
    return code not in _LISTED and code not in [error["code"] for error in job["errors"]]


def _missing_share(medium: Mapping[str, Any]) -> float | None:
    coverage = medium["coverage"]
    return 1 - coverage if medium["verdict"] == "partly-read" and coverage < LITTLE_BELOW else None


def _doubtful_share(medium: Mapping[str, Any]) -> float | None:
    share = medium["doubtful_ms"] / medium["speech_ms"] if medium["speech_ms"] else 0.0
    return share if share >= DOUBTFUL_FROM else None


def _worst_first(jobs: _Jobs, share_of: Callable[[Mapping[str, Any]], float | None], what: str) -> list[_Entry]:
    """Jobs with media that have such a share, the largest first."""
    found: list[tuple[float, _Entry]] = []
    for job, row in jobs:
        shares = [(medium["path"], share) for medium in _readable(job) if (share := share_of(medium)) is not None]
        if shares:
            lines = tuple((_shown(f"{path}: {share:.0%} {what}"), "") for path, share in shares)
            found.append((max(share for _, share in shares), _Entry(row, lines)))
    return [entry for _, entry in sorted(found, key=lambda item: -item[0])]


def _shown(text: str) -> str:
    """Outside text as a page shows it: composed, on one line, with no character that hides or turns what follows.

    >>> _shown("a\\u202e3pm.txt \\n b")
    'a\\\\u202e3pm.txt b'
    """
    return printable(" ".join(nfc(text).split()))
