"""Two hours of a reading over and over, by the whole command: memory, how soon the first words are kept, and speed.

    python scripts/measure_hours.py [--reading ban-tin-mot-phan] [--hours 2] [--alone]

The command runs as a process of its own; how far it is is read from what it keeps of what it hears. Speed is the
sound that is heard in a second of the processor, so that what else the machine does counts little. `--alone` is without
the article.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import ffmpeg
import psutil

from mediakit.media.ffmpeg import command, local_input, run
from mediakit.media.probe import probe
from mediakit.outputs.files import STATE_FOLDER

READINGS = Path(__file__).resolve().parents[2] / "shared" / "speech" / "readings"
TEN_MINUTES_MS = 600_000
_LOOK_S = 0.05
#: Between two windows of one pass lies less.
_PASS_S = 1.0


@dataclass
class Watch:
    """What is seen of the command while it runs."""

    peak_mb: int = 0
    first_words_s: float | None = None
    #: End of the last window that was kept (ms), wall and processor time (s), each time that it changes.
    progress: list[tuple[int, float, float]] = field(default_factory=list)
    _size: int = 0

    def look(self, process: psutil.Process, kept: Path, began: float) -> None:
        """Take in how far it is."""
        now = time.monotonic() - began
        with process.oneshot():
            memory, times = process.memory_info(), process.cpu_times()
        self.peak_mb = max(self.peak_mb, memory.rss // 1_000_000)
        if len(logs := sorted(kept.glob("*.jsonl"))) != 1 or logs[0].stat().st_size == self._size:
            return  # none yet, or nothing new
        self._size = logs[0].stat().st_size
        end_ms, words = _last(logs[0])
        if words and self.first_words_s is None:
            self.first_words_s = now
        if end_ms and (not self.progress or self.progress[-1][0] != end_ms):
            self.progress.append((end_ms, now, times.user + times.system))

    def speed(self, low_ms: int, high_ms: int) -> tuple[float, float]:
        """Seconds of sound heard in a second of wall and of processor time, between two times of the media.

        Windows come in passes of several: only what is there at the end of one says how long they took.
        """
        ends = [seen for seen, after in pairwise(self.progress) if after[1] - seen[1] > _PASS_S] + self.progress[-1:]
        inside = [seen for seen in ends if low_ms <= seen[0] <= high_ms]
        (first_ms, first_wall, first_work), (last_ms, last_wall, last_work) = inside[0], inside[-1]
        sound = (last_ms - first_ms) / 1000
        return sound / (last_wall - first_wall), sound / (last_work - first_work)


def main() -> None:
    """Run it and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reading", default="ban-tin-mot-phan")
    parser.add_argument("--folder", type=Path, default=READINGS)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--alone", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mediakit-") as name:
        folder = Path(name)
        media = _over_and_over(chosen.folder / f"{chosen.reading}.mp3", folder, chosen.hours)
        article = Path(shutil.copy(chosen.folder / f"{chosen.reading}.txt", folder))
        length_ms = probe(media).duration_ms or 0
        seen, wall = _watched(media if chosen.alone else article, folder / "out")
        print(f"{length_ms / 3.6e6:.2f} h of {chosen.reading}: {wall:.0f} s, peak {seen.peak_mb} MB")
        print(f"first words kept after {seen.first_words_s:.1f} s")
        ends = [seen.speed(0, TEN_MINUTES_MS), seen.speed(length_ms - TEN_MINUTES_MS, length_ms)]
        for title, (by_wall, by_work) in zip(("first", "last"), ends, strict=True):
            print(f"{title} ten minutes: {by_wall:.1f} times real time, {by_work:.2f} of one core")
        print(f"last against first: {ends[1][0] / ends[0][0]:.3f} by the wall, {ends[1][1] / ends[0][1]:.3f} by work")


def _over_and_over(reading: Path, folder: Path, hours: float) -> Path:
    media = folder / reading.name
    sound = local_input(reading, stream_loop=-1).audio
    made = ffmpeg.output(sound, str(media), t=round(hours * 3600), acodec="libmp3lame", audio_bitrate="48k", ar=16_000)
    run(command(made), timeout_s=1800, file=media)
    return media


def _watched(source: Path, out: Path) -> tuple[Watch, float]:
    seen, began = Watch(), time.monotonic()
    arguments = [sys.executable, "-m", "mediakit", "transcribe", str(source), "-o", str(out), "--quiet", "--json"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE) as child:
        process = psutil.Process(child.pid)
        while child.poll() is None:
            try:
                seen.look(process, out / STATE_FOLDER / "heard", began)
            except psutil.NoSuchProcess:
                break
            time.sleep(_LOOK_S)
    if child.returncode:
        sys.exit(f"the command ended with {child.returncode}")
    return seen, time.monotonic() - began


def _last(log: Path) -> tuple[int, bool]:
    """Where the last window that is kept ends (ms), and whether any has words."""
    end_ms, words = 0, False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            break  # it is being written
        end_ms, words = entry.get("end_ms", end_ms), words or bool(entry.get("words"))
    return end_ms, words


if __name__ == "__main__":
    main()
