"""Measures the whole program on readings of known words and times, and prints the figures as a Markdown table.

    python scripts/measure_readings.py [FOLDER] [--write-readme] [--keep DIR]

A reading is NAME.txt (the article), the media that NAME.truth.json names, and that truth. It is transcribed twice,
nothing of it known before: without its article, so that it is only heard, and with it, so that it is grounded too. Both
are timed in seconds of work, of all threads and of ffmpeg, so that what else the
machine does counts little; the engine is open already.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mediakit
from mediakit.article.load import load_article
from mediakit.errors import MediakitError
from mediakit.evaluation.evaluate import Evaluation, evaluate
from mediakit.evaluation.reference import load_reference
from mediakit.evaluation.report import to_object
from mediakit.evaluation.timing import NEAR_MS, Distances
from mediakit.evaluation.word_errors import Errors, WordErrors
from mediakit.jobs.settings import Desk
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.result import Result
from mediakit.speech.heard import HeardStore

ROOT = Path(__file__).resolve().parents[1]
READINGS = ROOT.parent / "shared" / "speech" / "readings"
README = ROOT / "README.md"
BEGIN, END = "<!-- measure:begin -->", "<!-- measure:end -->"
_TRUTH = ".truth.json"

COLUMNS = (
    "reading",
    "read sentences found",
    "pasted segments, unsaid words",
    "verdict",
    "word errors in the article's sentences (as heard)",
    "in ad-lib (as heard)",
    "edges, median",
    f"within {NEAR_MS} ms",
    "work without the article",
    "with it",
    "of that",
)


@dataclass(frozen=True)
class Figures:
    """What the table has of one reading, in counts, so that several can be added up."""

    name: str
    verdict: str
    found: int
    spoken: int
    pasted: int
    unsaid_words: int
    article: WordErrors
    adlib: WordErrors
    edges: Distances
    alone_s: float
    grounded_s: float

    @classmethod
    def of(cls, name: str, measured: Evaluation, alone_s: float, grounded_s: float) -> Figures:
        """The figures of an evaluation against a truth.

        Raises
        ------
        ValueError
            If it was against something else.
        """
        read, edges = measured.read, measured.edges
        if read is None or edges is None:
            raise ValueError("only a truth has all figures")
        return cls(
            name,
            (measured.result.article.verdict if measured.result.article else None) or "–",
            read.found,
            read.spoken,
            sum(item.pasted for item in measured.pasted),
            sum(len(item.unsaid) for item in measured.pasted),
            measured.errors["article"],
            measured.errors["speech"],
            edges.distances,
            alone_s,
            grounded_s,
        )


def total(all_figures: Sequence[Figures]) -> Figures:
    """All readings together, as if they were one."""
    return Figures(
        "**all**",
        "",
        sum(one.found for one in all_figures),
        sum(one.spoken for one in all_figures),
        sum(one.pasted for one in all_figures),
        sum(one.unsaid_words for one in all_figures),
        _added(one.article for one in all_figures),
        _added(one.adlib for one in all_figures),
        Distances.of([ms for one in all_figures for ms in one.edges.ms]),
        sum(one.alone_s for one in all_figures),
        sum(one.grounded_s for one in all_figures),
    )


def _added(errors: Iterable[WordErrors]) -> WordErrors:
    pairs = list(errors)
    return WordErrors(sum((one.printed for one in pairs), Errors()), sum((one.heard for one in pairs), Errors()))


def table(all_figures: Sequence[Figures]) -> str:
    """The Markdown table, a row for each reading and one for all."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_row(one) for one in (*all_figures, total(all_figures)))]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _row(one: Figures) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.found} of {one.spoken}" if one.spoken else "–",
        f"{one.pasted}, {one.unsaid_words}",
        one.verdict,
        _rates(one.article),
        _rates(one.adlib),
        "–" if one.edges.median_ms is None else f"{one.edges.median_ms} ms",
        "–" if one.edges.near is None else f"{one.edges.near:.1%}",
        f"{one.alone_s:.1f} s",
        f"{one.grounded_s:.1f} s",
        f"{one.grounded_s / one.alone_s:.0%}" if one.alone_s else "–",
    )


def _rates(errors: WordErrors) -> str:
    if errors.printed.rate is None or errors.heard.rate is None:
        return "–"
    return f"{errors.printed.rate:.1%} ({errors.heard.rate:.1%})"


def measure(name: str, folder: Path, desk: Desk) -> tuple[Figures, Evaluation]:
    """Transcribe one reading and evaluate it.

    Raises
    ------
    MediakitError
        If something of the reading is missing or cannot be used.
    """
    truth = folder / f"{name}{_TRUTH}"
    reference, article = load_reference(truth), load_article(folder / f"{name}.txt")
    named = str(json.loads(truth.read_bytes().decode("utf-8-sig")).get("media", ""))
    medium = Medium(folder / Path(named).name, named)
    engine = desk.engine.opened  # to open it is no part of listening
    with tempfile.TemporaryDirectory(prefix="mediakit-") as alone, tempfile.TemporaryDirectory() as kept:
        begin = work_s()
        transcribe_medium(medium, None, engine, profile=desk.profile, store=HeardStore(Path(alone)))
        middle = work_s()
        result = transcribe_medium(medium, article, engine, profile=desk.profile, store=HeardStore(Path(kept)))
        end = work_s()
    measured = evaluate(result, reference, desk.profile)
    return Figures.of(name, measured, middle - begin, end - middle), measured


def work_s() -> float:
    """Processor time so far in seconds: that of this process and of those that it started and that have ended."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def keep(name: str, result: Result, measured: Evaluation, folder: Path) -> None:
    """Write the result's files and, beside them, all figures as NAME.evaluation.json."""
    mediakit.write(result, folder)
    text = json.dumps(to_object(measured), ensure_ascii=False, indent=2)
    (folder / f"{name}.evaluation.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def with_table(readme: str, text: str) -> str:
    """The README with `text` between its markers.

    Raises
    ------
    MediakitError
        If it has not just one pair of them.
    """
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise MediakitError(f"needs one {BEGIN} with one {END} after it", file=README.name)
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 1 if a reading could not be measured."""
    parser = argparse.ArgumentParser(description="Measure mediakit on readings of known words and times.")
    parser.add_argument("folder", nargs="?", type=Path, default=READINGS, help="default: %(default)s")
    parser.add_argument("--write-readme", action="store_true", help="put the table in README.md")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the results and all figures")
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen.folder, chosen.keep, write_readme=chosen.write_readme)
    except MediakitError as error:
        print(f"measure: {error}", file=sys.stderr)
        return 1


def _run(folder: Path, kept: Path | None, *, write_readme: bool) -> int:
    names = sorted(path.name.removesuffix(_TRUTH) for path in folder.glob(f"*{_TRUTH}"))
    if not names:
        raise MediakitError(f"has no NAME{_TRUTH}", file=folder)
    if write_readme:
        with_table(README.read_text(encoding="utf-8"), "")  # refuses before the work, not after it
    desk = Desk()
    found: list[Figures] = []
    for name in names:
        print(f"measure: {name}", file=sys.stderr)
        try:
            figures, measured = measure(name, folder, desk)
            if kept is not None:
                keep(name, measured.result, measured, kept)
        except MediakitError as error:
            print(f"measure: {name}: {error}", file=sys.stderr)
            continue
        found.append(figures)
    if not found:
        return 1
    info = desk.engine.info
    text = f"{table(found)}\n{info.name}, model {info.model}, seconds of processor time on {os.cpu_count()} cores.\n"
    print(text)
    if len(found) < len(names):
        return 1
    if write_readme:
        README.write_text(with_table(README.read_text(encoding="utf-8"), text), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
