"""`mediakit check CAPTIONS...`: captions against the rules of a profile, and mending what can be mended."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mediakit.captions.profile import PROFILES, Profile
from mediakit.captions.profile_file import find_profile
from mediakit.captions.rules import UNITS
from mediakit.cli.console import Talk
from mediakit.cli.options import add_profile, add_talk
from mediakit.errors import CaptionsError, MediakitError, UsageError, printable
from mediakit.outputs.captions_file import read_track
from mediakit.outputs.files import EDITS_TOO, OutputFolder, settle_around
from mediakit.subtitles.check import Checked, Finding, check, fix, inner_times_lost
from mediakit.subtitles.track import BadCue, Tolerated
from mediakit.timeline import timestamp

_EXAMPLES = """\
examples:
  mediakit check a.vi.srt                         each broken rule with its cue, time, figure and limit
  mediakit check captions/*.vtt --profile bbc
  mediakit check old.srt --fix                    mends times and breaks, never a word; keeps old.srt.orig
  mediakit check old.srt --fix -o mended/         leaves old.srt as it is
  mediakit check a.vi.srt --profile house.toml    rules of one's own
  mediakit check --rules --profile netflix-vi     the figures of a profile, and where they are from

A file in SubRip (.srt) or WebVTT (.vtt), whoever wrote it, or a record (NAME.vi.json). What players accept is accepted,
and said. A cue that players pass over is named with its line, and the others are checked; --fix mends it where it is
plain what was meant, else keeps it as it is. Captions that stand at different places may stand together. Exit status 1
when a rule is broken or a cue is bad (after --fix: when one still is).
"""
_NAMES = {"srt": "SubRip", "vtt": "WebVTT", "record": "record"}
_SHOWN_LINES = 3


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Arguments of the command."""
    command.epilog = _EXAMPLES
    command.add_argument("captions", nargs="*", type=Path, metavar="CAPTIONS", help="a file (.srt, .vtt) or a record")
    add_profile(command)
    command.add_argument("--fix", action="store_true", help="mend times and breaks; the old file is kept as .orig")
    command.add_argument("-o", "--output", type=Path, metavar="DIR", help="where mended files go (default: in place)")
    command.add_argument(
        "--overwrite", action="store_true", help="in DIR, replace files that mediakit did not write, too"
    )
    command.add_argument("--rules", action="store_true", help="show the profile's figures and their sources")
    add_talk(command)


def run(chosen: argparse.Namespace) -> int:
    """Run the command; 1 if a rule is broken or a file cannot be read."""
    talk = Talk(quiet=chosen.quiet, verbose=chosen.verbose, as_json=chosen.json)
    profile = find_profile(chosen.profile)
    if chosen.rules:
        return _show_rules(profile, talk)
    _refuse_nonsense(chosen)
    files: list[dict[str, object]] = []
    failures: list[str] = []
    broken = False
    for path in chosen.captions:
        try:
            found, report = _one(path, profile, chosen, talk)
        except MediakitError as error:
            talk.error(error)
            failures.append(str(error))
            continue
        broken = broken or bool(found.findings or found.track.bad)
        files.append(report)
    talk.result({"profile": profile.name, "files": files, "failures": failures})
    return 1 if broken or failures else 0


def _refuse_nonsense(chosen: argparse.Namespace) -> None:
    if not chosen.captions:
        raise UsageError("no captions were given", remedy="Give a file (.srt, .vtt), a record, or --rules.")
    if chosen.output is None:
        return
    if not chosen.fix:
        raise UsageError("-o says where mended files go", remedy="Give --fix too.")
    twice = [name for name, count in Counter(path.name for path in chosen.captions).items() if count > 1]
    if twice:
        raise UsageError("two files would be mended as one", file=twice[0], remedy="Mend them one by one.")


def _one(path: Path, profile: Profile, chosen: argparse.Namespace, talk: Talk) -> tuple[Checked, dict[str, object]]:
    """Check one file, and mend it if that is asked for; what is then still broken counts."""
    settle_around(path)
    track = read_track(path)
    before = found = check(track, profile)
    fixed: Path | None = None
    if chosen.fix:
        fixed = _fix(path, found, chosen)
        if fixed is not None:
            found = check(read_track(fixed), profile)
    for line in _lines(before, found, fixed, verbose=chosen.verbose):
        talk.say(f"{printable(str(path))}: {line}")
    if fixed is not None:
        talk.say(f"{printable(str(path))}: mended" + ("" if chosen.output is None else f" as {printable(str(fixed))}"))
    return found, _object(path, before, found, fixed)


def _lines(before: Checked, found: Checked, fixed: Path | None, *, verbose: bool) -> Iterator[str]:
    """What is said of a file: `before` of how it was, `found` of how it is."""
    for tolerated in before.track.tolerated:
        yield f"tolerated: {_tolerated(tolerated)}"
    for bad in before.track.bad:
        yield _bad(bad, fixed is not None)
    if before.unrolled:
        kept = f"{_count(len(before.unrolled))} of {len(before.track.cues)}"
        yield f"its captions roll up: {kept} say something new; " + (
            "each line is kept once" if fixed is not None else "--fix keeps each line once"
        )
    for finding in (*found.findings, *(found.advice if verbose else ())):
        yield _line(finding)
    if fixed is not None and (lost := inner_times_lost(before)):
        yield f"left out: {lost} {'time' if lost == 1 else 'times'} inside the text, outside of the time of the cue"
    yield _summary(found)


def _fix(path: Path, found: Checked, chosen: argparse.Namespace) -> Path | None:
    """The file that was mended, None where there was nothing to mend; in place, the old one is kept beside it."""
    if found.track.kind == "record":
        raise CaptionsError(
            "is a record, whose captions are made from what is said", file=path,
            remedy="Run `mediakit transcribe` again with --profile.",
        )  # fmt: skip
    in_place = chosen.output is None or chosen.output.resolve() == path.parent.resolve()
    text = fix(found)
    if in_place and (_keeps_all(found) or text.encode("utf-8") == path.read_bytes()):
        return None
    folder = OutputFolder(path.parent if in_place else chosen.output)
    folder.prepare()
    if in_place:
        _keep(path, folder)
    return folder.write(path.name, text, overwrite=EDITS_TOO if in_place or chosen.overwrite else 0)


def _keeps_all(found: Checked) -> bool:
    """Whether a file is as it should be, whatever spaces and numbers it has."""
    return not (found.findings or found.advice or found.unrolled or found.track.tolerated or found.track.bad)


def _keep(path: Path, folder: OutputFolder) -> None:
    """The bytes of the file as it is, under a name that is free or has just them."""
    data = path.read_bytes()
    number = 0
    while True:
        kept = path.with_name(f"{path.name}.orig{number or ''}")
        if not kept.exists():
            with folder.making(kept.name) as made:
                made.write_bytes(data)
            return
        if kept.is_file() and kept.read_bytes() == data:
            return
        number += 1


def _bad(bad: BadCue, fixed: bool) -> str:
    where = f"cue {bad.number}, line {bad.line}" if bad.number else f"line {bad.line}"
    if bad.cue is not None:
        return f"{where}: {bad.what}; {'mended' if fixed else 'can be mended'}"
    return f"{where}: {bad.what}; {'kept as it is' if fixed else 'nobody can tell what was meant'}"


def _line(finding: Finding) -> str:
    cue, broken = finding.cue, finding.broken
    where = f"cue {cue.number}" + (f" ({printable(cue.identity)})" if cue.identity else "")
    mendable = "can be mended" if finding.mendable else "cannot be mended without touching words"
    return f"{where}, {timestamp(cue.start_ms)}: {broken.rule}: {_figure(finding)}; {mendable}"


def _figure(finding: Finding) -> str:
    broken, unit = finding.broken, UNITS[finding.broken.rule]
    if finding.following is None:
        bound = "at least" if broken.rule == "too-short" else "at most"
        return f"{broken.figure:g} {unit}, {bound} {broken.limit:g}"
    if broken.rule == "overlap":
        return f"stands on for {broken.figure:g} {unit} beside cue {finding.following.number}"
    wanted = f"at least {broken.limit:g}" if broken.rule == "gap-too-small" else f"over {broken.limit:g}, or closed"
    return f"{broken.figure:g} {unit} before cue {finding.following.number}, should be {wanted}"


def _summary(found: Checked) -> str:
    cues, unread = len(found.track.cues), len(found.track.bad)
    kind = f"{_NAMES[found.track.kind]}, {_count(cues)}" + (f" and {_count(unread, 'bad cue')}" if unread else "")
    if not found.findings:
        return f"{kind}, keeps all rules" if not unread else f"{kind}; the others keep all rules"
    bad = len({finding.cue.number for finding in found.findings})
    mendable = sum(finding.mendable for finding in found.findings)
    counts = ", ".join(f"{rule} {count}" for rule, count in found.counts().items())
    return f"{kind}, {bad} of them break a rule ({counts}); {mendable} of {len(found.findings)} can be mended"


def _count(cues: int, name: str = "cue") -> str:
    return f"{cues} {name}{'' if cues == 1 else 's'}"


def _tolerated(tolerated: Tolerated) -> str:
    lines = ", ".join(map(str, tolerated.lines[:_SHOWN_LINES]))
    more = len(tolerated.lines) - _SHOWN_LINES
    where = f"line{'s' * (len(tolerated.lines) > 1)} {lines}" + (f" and {more} more" if more > 0 else "")
    return f"{tolerated.what} ({where})"


def _object(path: Path, before: Checked, found: Checked, fixed: Path | None) -> dict[str, object]:
    return {
        "path": str(path),
        "kind": before.track.kind,
        "cues": len(found.track.cues),
        "tolerated": [{"what": t.what, "lines": list(t.lines)} for t in before.track.tolerated],
        "bad": [
            {"cue": bad.number or None, "line": bad.line, "what": bad.what, "mendable": bad.cue is not None}
            for bad in before.track.bad
        ],
        "roll_up": bool(before.unrolled),
        "counts": found.counts(),
        "broken": [_finding(finding) for finding in found.findings],
        "advice": [_finding(finding) for finding in found.advice],
        "inner_times_lost": inner_times_lost(before) if fixed is not None else 0,
        "fixed": str(fixed) if fixed is not None else None,
    }


def _finding(finding: Finding) -> dict[str, object]:
    cue, broken = finding.cue, finding.broken
    return {
        "rule": broken.rule,
        "cue": cue.number,
        "id": cue.identity or None,
        "line": cue.line or None,
        "start_ms": cue.start_ms,
        "end_ms": cue.end_ms,
        "figure": broken.figure,
        "limit": broken.limit,
        "unit": UNITS[broken.rule],
        "following": finding.following.number if finding.following is not None else None,
        "mendable": finding.mendable,
    }


def _show_rules(profile: Profile, talk: Talk) -> int:
    for name, (figure, source) in profile.rules().items():
        talk.say(f"{name} = {'any' if figure is None else f'{figure:g}'}    {printable(source)}")
    rules = {name: {"figure": figure, "source": source} for name, (figure, source) in profile.rules().items()}
    talk.result({"profile": profile.name, "rules": rules, "known": sorted(PROFILES)})
    return 0
