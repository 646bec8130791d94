"""`mediakit evaluate RECORD --reference FILE`: one result measured against what was really said."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from mediakit.captions.profile_file import find_profile
from mediakit.cli.console import Talk
from mediakit.cli.options import add_profile, add_talk
from mediakit.errors import printable
from mediakit.evaluation.evaluate import Evaluation, evaluate
from mediakit.evaluation.groups import Group
from mediakit.evaluation.reference import load_reference
from mediakit.evaluation.report import to_object
from mediakit.evaluation.timing import NEAR_MS, Distances
from mediakit.evaluation.word_errors import Errors
from mediakit.outputs.files import settle_around
from mediakit.outputs.record import read_record
from mediakit.timeline import timestamp

_EXAMPLES = """\
references:
  a truth (JSON)             sentences that are said, with times, and which are the article's: all figures
  captions (.srt, .vtt)      word errors, names, edges of cues
  plain text (UTF-8)         word errors, names

Words are compared in lower case, in one tone placement and without punctuation; a figure counts as right however it
was said (`9/6`, mồng chín tháng sáu).

examples:
  mediakit evaluate ban-tin.vi.json --reference ban-tin.truth.json
  mediakit evaluate hop.vi.json --reference hop.srt          captions that somebody corrected
  mediakit evaluate hop.vi.json --reference hop.txt --json   what was said, as text; figures for programs
"""

_GROUPS: dict[Group, str] = {"all": "all", "article": "article's sentences", "speech": "free speech"}
Row = tuple[str, str, str]


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("record", type=Path, metavar="RECORD", help="a result: the NAME.vi.json that mediakit wrote")
    command.add_argument(
        "--reference", type=Path, required=True, metavar="FILE", help="what was really said (see below)"
    )
    add_profile(command)
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 0 when the result could be measured, however good it is."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    profile = find_profile(chosen.profile)
    settle_around(chosen.record)
    measured = evaluate(read_record(chosen.record), load_reference(chosen.reference), profile)
    if not (chosen.quiet or chosen.json):
        Console().print(_table(measured))
    for line in _places(measured):
        talk.say(line)
    talk.result({"record": str(chosen.record), "reference": str(chosen.reference), **to_object(measured)})
    return 0


def _table(measured: Evaluation) -> Table:
    table = Table("figure", "result", "engine alone")
    for part in (_article, _words, _names, _times, _captions):
        for row in part(measured):
            table.add_row(*map(Text, row))
        table.add_section()
    return table


def _article(measured: Evaluation) -> Iterator[Row]:
    article, read = measured.result.article, measured.read
    if read is not None:
        yield "read sentences found", _of(read.found, read.spoken), ""
        yield "read sentences found whole", _of(read.whole, read.spoken), ""
        yield "pasted segments", str(sum(item.pasted for item in measured.pasted)), ""
        yield "unsaid words", str(sum(len(item.unsaid) for item in measured.pasted)), ""
    if article is not None:
        yield "verdict", article.verdict or "none (no speech)", ""
        yield "coverage", f"{article.coverage:.1%}", ""
        yield "article segments", str(sum(s.source == "article" for s in measured.result.segments)), ""


def _words(measured: Evaluation) -> Iterator[Row]:
    for group, errors in measured.errors.items():
        yield f"word errors, {_GROUPS[group]}", _rate(errors.printed), _rate(errors.heard)


def _names(measured: Evaluation) -> Iterator[Row]:
    for group, names in (measured.names or {}).items():
        yield f"names found, {_GROUPS[group]}", _of(sum(name.found for name in names), len(names)), ""


def _times(measured: Evaluation) -> Iterator[Row]:
    if measured.edges is not None:
        yield from _distances(f"edges of {measured.edges.of}", measured.edges.distances)
    for group, times in (measured.word_times or {}).items():
        yield f"starts of words, {_GROUPS[group]}, median", _median(times.starts), ""
        yield f"ends of words, {_GROUPS[group]}, median", _median(times.ends), ""
    yield "words under 30 ms", f"{measured.words.under_30_ms} of {measured.words.count}", ""
    if measured.words.unlike_text:
        yield "segments whose words are not their text", str(measured.words.unlike_text), ""


def _distances(name: str, distances: Distances) -> Iterator[Row]:
    yield f"{name}, median", _median(distances), ""
    if distances.near is not None:
        yield f"{name}, within {NEAR_MS} ms", f"{distances.near:.1%}", ""
        yield f"{name}, worst tenth", f"from {distances.worst_tenth_ms} ms", ""


def _captions(measured: Evaluation) -> Iterator[Row]:
    kept = measured.captions
    yield f"captions that break {kept.profile}", f"{kept.broken} of {kept.count}", ""
    for name, count in (
        ("a line too long", kept.line_too_long),
        ("too many lines", kept.too_many_lines),
        ("read too fast", kept.too_fast),
        ("too short", kept.too_short),
        ("too long", kept.too_long),
        ("too near the next", kept.gap_too_small),
    ):
        if count:
            yield f"  {name}", str(count), ""


def _places(measured: Evaluation) -> Iterator[str]:
    """What a person would want to look at, a line each."""
    for item in measured.pasted:
        what = "pasted" if item.pasted else f"unsaid ({' '.join(item.unsaid)})"
        yield _line(item.segment.start_ms, what, item.segment.text)
    for missed in measured.read.missed if measured.read is not None else ():
        yield _line(missed.span.start_ms if missed.span else None, "not found", missed.text)
    for name in (measured.names or {}).get("all", ()):
        if not name.found:
            yield _line(name.start_ms, "name not found", name.text)


def _line(start_ms: int | None, what: str, text: str) -> str:
    at = "" if start_ms is None else f"{timestamp(start_ms)} "
    return printable(f"{at}{what}: {text}")


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.1%})" if whole else "none is said"


def _rate(errors: Errors) -> str:
    return "nothing is said" if errors.rate is None else f"{errors.rate:.1%} ({errors.count} of {errors.words})"


def _median(distances: Distances) -> str:
    return "none to compare" if distances.median_ms is None else f"{distances.median_ms} ms (of {len(distances.ms)})"
