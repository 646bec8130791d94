"""Measures engines and models side by side on the same sound: speed, peak memory, word errors; prints a Markdown table.

    python scripts/measure_engines.py [FOLDER] [--reading NAME ...] [--engine ENGINE:MODEL[:TYPE] ...] [--threads N]
    python scripts/measure_engines.py --media a.mp3 --reference a.srt --engine sherpa:zipformer-vi/

Without `--engine`, all engines that are installed and can run the embedded model are measured. Each has a process of
its own, so that memory is its own; opening it is not counted as listening. TYPE is for faster-whisper: `float32` where
the weights are not to be rounded to 8 bits. A reading is NAME.txt, the media that NAME.truth.json names, and that
truth; the article is not used, for it is the engines that are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from mediakit.captions.profile_file import find_profile
from mediakit.errors import MediakitError, UsageError
from mediakit.evaluation.evaluate import evaluate
from mediakit.evaluation.reference import load_reference
from mediakit.evaluation.word_errors import Errors
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.speech.engine import Engine
from mediakit.speech.engines import ENGINE_FORMS, ENGINE_PACKAGES, open_engine
from mediakit.speech.heard import HeardStore
from mediakit.speech.models import ensure

READINGS = Path(__file__).resolve().parents[2] / "shared" / "speech" / "readings"
_TRUTH = ".truth.json"
_PROFILE = "netflix-vi"
_EMBEDDED = "base"

COLUMNS = ("engine", "model", "word errors", "times real time", "processor seconds a minute", "peak memory", "opening")


@dataclass(frozen=True)
class Choice:
    """An engine on a model; `compute_type` empty for the engine's own."""

    engine: str
    model: str
    compute_type: str = ""

    @classmethod
    def parse(cls, text: str) -> Choice:
        """From ENGINE:MODEL[:TYPE]; MODEL may be a path with colons (`C:\\models`).

        Raises
        ------
        UsageError
            If it is not of that form, or there is no such engine.
        """
        engine, colon, model = text.partition(":")
        kind = ""
        if model.endswith((":float32", ":int8", ":int8_float32")):
            model, _, kind = model.rpartition(":")
        if not colon or not model or engine not in ENGINE_PACKAGES:
            raise UsageError(f"{text!r} is not ENGINE:MODEL", remedy=f"Engines are {', '.join(ENGINE_PACKAGES)}.")
        if kind and engine != "faster-whisper":
            raise UsageError(f"only faster-whisper has types, not {engine}")
        return cls(engine, model, kind)

    def __str__(self) -> str:
        return ":".join(part for part in (self.engine, self.model, self.compute_type) if part)


@dataclass(frozen=True)
class Sound:
    """A medium, and what is said in it."""

    media: Path
    reference: Path


@dataclass(frozen=True)
class Figures:
    """What was seen of one engine over all sounds."""

    errors: Errors
    sound_s: float
    listening_s: float
    work_s: float
    peak_bytes: int
    opening_s: float


def installed() -> list[Choice]:
    """All engines that are installed and run the embedded model."""
    return [
        Choice(engine, _EMBEDDED)
        for engine, (package, _) in ENGINE_PACKAGES.items()
        if find_spec(package) is not None and "whisper-ctranslate2" in ENGINE_FORMS[engine]
    ]


def readings(folder: Path, names: Sequence[str]) -> list[Sound]:
    """The readings of a folder, or those of `names`.

    Raises
    ------
    MediakitError
        If there is none, or not one of `names`.
    """
    truths = [folder / f"{name}{_TRUTH}" for name in names] or sorted(folder.glob(f"*{_TRUTH}"))
    missing = next((truth for truth in truths if not truth.is_file()), folder if not truths else None)
    if missing is not None:
        raise MediakitError("is no reading, or has none", file=missing, remedy=f"It needs NAME{_TRUTH}.")
    # A truth names media beside it, whatever folders it writes before the name.
    media = [Path(str(json.loads(truth.read_text(encoding="utf-8-sig")).get("media", ""))).name for truth in truths]
    return [Sound(folder / name, truth) for name, truth in zip(media, truths, strict=True)]


def measure(choice: Choice, sounds: Iterable[Sound], threads: int) -> Figures:
    """Hear all sounds, in this process.

    Raises
    ------
    MediakitError
        If the engine or a sound cannot be used.
    """
    begin = time.monotonic()
    engine = _opened(choice, threads)
    opening = time.monotonic() - begin
    errors, sound_s, listening, work = Errors(), 0.0, 0.0, 0.0
    profile = find_profile(_PROFILE)
    for sound in sounds:
        with tempfile.TemporaryDirectory(prefix="mediakit-") as kept:
            begin, worked = time.monotonic(), _work_s()
            medium = Medium(sound.media, sound.media.name)
            result = transcribe_medium(medium, None, engine, profile=profile, store=HeardStore(Path(kept)))
            listening += time.monotonic() - begin
            work += _work_s() - worked
        errors += evaluate(result, load_reference(sound.reference), profile).errors["all"].heard
        sound_s += (result.media.duration_ms or 0) / 1000
    return Figures(errors, sound_s, listening, work, _peak_bytes(), opening)


def _opened(choice: Choice, threads: int) -> Engine:
    if not choice.compute_type:
        return open_engine(choice.engine, choice.model, threads=threads)
    from mediakit.speech.engines import faster_whisper

    return faster_whisper.open_engine(
        ensure(choice.model), language="vi", threads=threads, compute_type=choice.compute_type
    )


def _work_s() -> float:
    """Processor time so far in seconds: that of this process and of those that it started and that have ended."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def _peak_bytes() -> int:
    """The most memory that this process ever had resident."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024  # bytes there, KiB elsewhere


def in_own_process(choice: Choice, sounds: Sequence[Sound], threads: int) -> Figures:
    """As :func:`measure`, in a process of its own.

    Raises
    ------
    MediakitError
        With the last line that the process wrote, if it failed.
    """
    task = json.dumps(
        [str(choice), [[str(sound.media), str(sound.reference)] for sound in sounds], threads], ensure_ascii=False
    )
    command = [sys.executable, str(Path(__file__).resolve()), "--in-this-process"]
    done = subprocess.run(command, input=task.encode(), capture_output=True, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise MediakitError(f"{choice}: {said[-1] if said else f'ended with status {done.returncode}'}")
    fields = json.loads(done.stdout.splitlines()[-1])
    return Figures(**{**fields, "errors": Errors(**fields["errors"])})


def _in_this_process() -> int:
    """Do the task on standard input; the figures go to standard output."""
    text, pairs, threads = json.loads(sys.stdin.buffer.read())
    sounds = [Sound(Path(media), Path(reference)) for media, reference in pairs]
    print(json.dumps(asdict(measure(Choice.parse(text), sounds, threads))))
    return 0


def table(found: Sequence[tuple[Choice, Figures]]) -> str:
    """The Markdown table, a row for each engine."""
    rows = [COLUMNS, ("---",) * len(COLUMNS), *(_row(choice, one) for choice, one in found)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _row(choice: Choice, one: Figures) -> tuple[str, ...]:
    name = f"{choice.engine} ({choice.compute_type})" if choice.compute_type else choice.engine
    return (
        name,
        Path(choice.model).name,
        "–" if one.errors.rate is None else f"{one.errors.rate:.1%}",
        f"{one.sound_s / one.listening_s:.1f}" if one.listening_s else "–",
        f"{60 * one.work_s / one.sound_s:.1f}" if one.sound_s else "–",
        f"{one.peak_bytes / 1e6:.0f} MB",
        f"{one.opening_s:.1f} s",
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 1 if an engine could not be measured, 2 for wrong usage."""
    parser = argparse.ArgumentParser(description="Measure engines and models side by side.")
    parser.add_argument("folder", nargs="?", type=Path, default=READINGS, help="readings; default: %(default)s")
    parser.add_argument("--reading", action="append", default=[], metavar="NAME", help="only this one of the folder")
    parser.add_argument("--media", type=Path, help="a medium of yours, with --reference")
    parser.add_argument("--reference", type=Path, help="what is said in it: captions, plain text or a truth")
    parser.add_argument("--engine", action="append", default=[], metavar="ENGINE:MODEL[:TYPE]")
    parser.add_argument("--threads", type=int, default=0, help="of each engine; it chooses by default")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.in_this_process:
            return _in_this_process()
        if (chosen.media is None) != (chosen.reference is None):
            raise UsageError("--media and --reference go together")
        choices = [Choice.parse(text) for text in chosen.engine] or installed()
        own = [] if chosen.media is None else [Sound(chosen.media.resolve(), chosen.reference.resolve())]
        return _run(choices, own or readings(chosen.folder.resolve(), chosen.reading), chosen.threads)
    except MediakitError as error:
        print(f"measure: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1


def _run(choices: Sequence[Choice], sounds: Sequence[Sound], threads: int) -> int:
    found = []
    for choice in choices:
        print(f"measure: {choice}", file=sys.stderr)
        try:
            found.append((choice, in_own_process(choice, sounds, threads)))
        except MediakitError as error:
            print(f"measure: {error}", file=sys.stderr)
    if found:
        minutes = found[0][1].sound_s / 60
        print(f"{table(found)}\n{minutes:.1f} minutes of sound, {os.cpu_count()} cores, without an article.")
    return 0 if len(found) == len(choices) else 1


if __name__ == "__main__":
    sys.exit(main())
