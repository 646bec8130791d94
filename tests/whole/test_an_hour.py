"""An hour of time line, real decoding, voice activity, listening and grounding: no drift, and memory that stays.

The speech is a reading of a minute and a half: whole at the beginning and at the end, and two sentences of it every
few minutes. Between lies quiet noise, so that the test costs an hour of decoding and voice activity, but
minutes of listening only.
"""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.outputs.record import read_record
from mediakit.result import Result
from tests.media.studio import encode
from tests.whole.test_readings import Measured

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

READING = "ban-tin-nham-bai"
LENGTH_MS, TEN_MINUTES_MS = 3600 * 1000, 600_000
#: So many times between the first and the last reading, two sentences of it.
PIECES = 7
NOISE_DBFS = -66.0
#: The command, and then the peak of its memory in kB; ffmpeg's is not counted.
RUN = """\
import sys
from pathlib import Path
from mediakit.cli.main import main
done = main(sys.argv[1:])
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else ["VmHWM: 0 kB"]
print(next(line for line in lines if line.startswith("VmHWM")).split()[1], file=sys.stderr)
sys.exit(done)
"""


@dataclass(frozen=True)
class Placed:
    """Milliseconds `start_ms` up to `end_ms` of the reading, put at `at_ms`."""

    start_ms: int
    end_ms: int
    at_ms: int

    def moved(self, spoken: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """What is spoken in it, on the clock of the hour."""
        shift = self.at_ms - self.start_ms
        return [
            {**item, "start_ms": item["start_ms"] + shift, "end_ms": item["end_ms"] + shift, "in_article": True}
            for item in spoken
            if self.start_ms <= item["start_ms"] and item["end_ms"] <= self.end_ms
        ]


def placed(spoken: Sequence[dict[str, Any]], length_ms: int) -> list[Placed]:
    """The reading at both ends, and between them pieces of it, cut in the middle of pauses."""
    cuts = [0, *((a["end_ms"] + b["start_ms"]) // 2 for a, b in pairwise(spoken)), length_ms]
    # On no round second, so that block edges fall anywhere in the speech.
    times = [LENGTH_MS * n // (PIECES + 1) + 137 * n for n in range(1, PIECES + 1)]
    pieces = [Placed(cuts[2 * n], cuts[2 * n + 2], at_ms) for n, at_ms in enumerate(times)]
    return [Placed(0, length_ms, 20_437), *pieces, Placed(0, length_ms, LENGTH_MS - length_ms - 20_111)]


def compose(target: Path, reading: Samples, places: Sequence[Placed]) -> None:
    """The reading at its places in an hour of quiet noise, a minute at a time."""
    noise = np.random.default_rng(1).normal(scale=10 ** (NOISE_DBFS / 20), size=60_000 * SAMPLES_PER_MS)
    with wave.open(str(target), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, 0, "NONE", ""))
        for minute in range(0, LENGTH_MS, 60_000):
            block = noise.astype(np.float32)
            for place in places:
                begin, end = max(minute, place.at_ms), min(minute + 60_000, place.at_ms + place.end_ms - place.start_ms)
                if begin < end:
                    first = (begin - place.at_ms + place.start_ms) * SAMPLES_PER_MS
                    span = slice((begin - minute) * SAMPLES_PER_MS, (end - minute) * SAMPLES_PER_MS)
                    block[span] += reading[first : first + (end - begin) * SAMPLES_PER_MS]
            file.writeframes((np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())


@dataclass(frozen=True)
class Run:
    """What mediakit made of the hour, what was really said, and the peak of its memory in MB."""

    result: Result
    spoken: list[dict[str, Any]]
    #: How much later the reading is heard for the last time than for the first.
    shift_ms: int
    peak_mb: int

    def between(self, start_ms: int, end_ms: int) -> Measured:
        segments = tuple(s for s in self.result.segments if start_ms <= s.start_ms < end_ms)
        spoken = [item for item in self.spoken if start_ms <= item["start_ms"] < end_ms]
        return Measured(replace(self.result, segments=segments), {"spoken": spoken})

    @property
    def ends(self) -> tuple[Measured, Measured]:
        """The first and the last ten minutes."""
        return self.between(0, TEN_MINUTES_MS), self.between(LENGTH_MS - TEN_MINUTES_MS, LENGTH_MS)


@pytest.fixture(scope="module")
def run(readings: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("mot-gio")
    source = readings / f"{READING}.mp3"
    reading = np.concatenate(list(decode(source, choose_audio(probe(source), None))))
    spoken = json.loads((readings / f"{READING}.truth.json").read_text(encoding="utf-8"))["spoken"]
    places = placed(spoken, len(reading) // SAMPLES_PER_MS)
    compose(folder / "mot-gio.wav", reading, places)
    media = folder / "mot-gio.mp3"
    encode(media, folder / "mot-gio.wav", acodec="libmp3lame", audio_bitrate="48k", compression_level=9)
    (folder / "mot-gio.wav").unlink()
    text = " ".join(item["text"] for item in spoken)
    (folder / "bai.txt").write_text(f"Bản tin một giờ\n\n{text}\n\nAudio: mot-gio.mp3\n", encoding="utf-8")
    command = [sys.executable, "-c", RUN, "transcribe", str(folder / "bai.txt"), "-o", str(folder), "--formats", "json"]
    done = subprocess.run(command, capture_output=True, timeout=800, check=False)
    messages = done.stderr.decode().splitlines()
    assert done.returncode == 0, messages
    shift_ms = places[-1].at_ms - places[0].at_ms
    moved = [item for place in places for item in place.moved(spoken)]
    yield Run(read_record(folder / "mot-gio.vi.json"), moved, shift_ms, int(messages[-1]) // 1024)
    media.unlink()


def test_the_whole_of_it_was_heard(run: Run) -> None:
    assert abs((run.result.media.duration_ms or 0) - LENGTH_MS) <= 50
    assert [warning.code for warning in run.result.warnings] in ([], ["captions-too-fast"])


def test_sentences_are_found_throughout(run: Run) -> None:
    whole = run.between(0, LENGTH_MS)
    assert len(run.spoken) == 20 + 2 * PIECES + 20
    assert whole.found() >= 0.95 * len(run.spoken)
    for start in range(0, LENGTH_MS, LENGTH_MS // (PIECES + 1)):
        part = run.between(start, start + LENGTH_MS // (PIECES + 1))
        assert part.found() >= len(part.truth["spoken"]) / 2 > 0


def test_nothing_is_printed_but_what_is_said_then(run: Run) -> None:
    """In the noise nothing; of the article, a sentence or a part of one that is said at that time."""
    for segment in run.result.segments:
        then = [i for i in run.spoken if i["start_ms"] - 500 < segment.end_ms and segment.start_ms < i["end_ms"] + 500]
        assert then
        assert segment.source == "speech" or any(Measured.is_part(segment, item) for item in then)


def test_edges_at_the_end_are_as_good_as_at_the_beginning(run: Run) -> None:
    first, last = (measured.edges() for measured in run.ends)
    assert len(last) >= 0.9 * len(first) >= 30
    assert median(last) <= median(first) + 5
    near_first, near_last = (sum(edge <= 200 for edge in edges) / len(edges) for edges in (first, last))
    assert near_last >= near_first - 0.05


def test_the_clock_does_not_drift(run: Run) -> None:
    """The same sound an hour later is printed an hour later, to the frame of 10 ms by which edges are found."""
    first, last = ({s.sentence: s for s in measured.result.segments if s.source == "article"} for measured in run.ends)
    both = first.keys() & last.keys()
    assert len(both) >= 18
    off = [abs(last[i].start_ms - first[i].start_ms - run.shift_ms) for i in both]
    off += [abs(last[i].end_ms - first[i].end_ms - run.shift_ms) for i in both]
    assert median(off) <= 10


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_memory_does_not_grow_with_the_length(run: Run) -> None:
    assert run.peak_mb <= 700
