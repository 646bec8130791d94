"""Archives for tests of batches: short media with their articles, from real speech, in mixed formats."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.media.studio import encode, moving_picture

FORMATS = ("mp3", "wav", "m4a", "ogg", "flac", "mp4")


def speech_archive(folder: Path, shared: Path, count: int) -> Path:
    """`count` articles of one sentence in four sub-folders, each with its medium: the shortest clips of `shared`."""
    with (shared / "speech" / "clips.tsv").open(encoding="utf-8", newline="") as file:
        clips = sorted(csv.DictReader(file, delimiter="\t"), key=lambda row: float(row["duration_s"]))
    for number in range(count):
        clip = clips[number % len(clips)]
        below = folder / f"thang-{number % 4}"
        below.mkdir(parents=True, exist_ok=True)
        sound, ending = shared / "speech" / "clips" / clip["file"], FORMATS[number % len(FORMATS)]
        medium = below / f"tin-{number:02d}.{ending}"
        pictures = [moving_picture(round(float(clip["duration_s"]) * 1000), rate=5)] if ending == "mp4" else []
        encode(medium, *pictures, sound)
        sentence = clip["transcript"][0].upper() + clip["transcript"][1:]
        (below / f"bai-{number:02d}.txt").write_text(
            f"Tin số {number}\n\nThứ 4, 09/06/2021 | 18:37:56\n12 lượt xem\n{sentence}.\n\n"
            f"{'Video' if pictures else 'Audio'}: {medium.name}\n\nLê Minh Khuê\n",
            encoding="utf-8",
        )
    return folder


def start(root: Path, out: Path, *more: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """The command as a user runs it, in a process group of its own; what it complains about goes to OUT.log."""
    command = [sys.executable, "-m", "mediakit", "batch", str(root), "-o", str(out), "--quiet", *more]
    with out.with_suffix(".log").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, env=environment)


def workers_of(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The worker processes of a running batch."""
    try:
        children = psutil.Process(process.pid).children()
        return [child for child in children if any("spawn_main" in part for part in child.cmdline())]
    except psutil.Error:
        return []


def results(out: Path) -> dict[str, bytes]:
    """Every file that a batch wrote but its own state and report, by its path."""
    found: dict[str, bytes] = {}
    for path in sorted(out.rglob("*")):
        below = path.relative_to(out)
        if path.is_file() and below.parts[0] != ".mediakit" and not below.name.startswith("report."):
            found[below.as_posix()] = path.read_bytes()
    return found


def temporary_files(folder: Path) -> Sequence[Path]:
    """What no run may leave."""
    return [p for p in folder.rglob("*") if p.suffix == ".tmp" or p.name.startswith(".mediakit-")]
