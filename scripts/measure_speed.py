"""Whole commands side by side: `mediakit transcribe` with its article against a plain transcription by the engines.

    python scripts/measure_speed.py [READING ...] [--times 5] [--against faster-whisper openai-whisper]

Each run is a process of its own that ends with the words of the file, and mediakit's with captions tied to the article
on disk, nothing of it known before; what is printed is the median of the wall time of each, and how many times
mediakit is faster. The programs take turns, so that what else the machine does falls on all of them; right before its
turn each hears a short clip, which is not counted: else what is measured is how much of a program's files the system
had put out of its cache while another ran (a virtual machine of ours does so within a minute). All have the same
weights and as many threads as there are cores: faster-whisper's own `transcribe(beam_size=5, vad_filter=True,
word_timestamps=True)` in 8-bit integers, as mediakit, and openai-whisper's with word times and a beam of 5 (its sound
decoded by PyAV: no ffmpeg need be on the path).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from mediakit.speech.engines import open_engine
from mediakit.speech.models import ensure

READINGS = Path(__file__).resolve().parents[2] / "shared" / "speech" / "readings"
NAMES = ("ban-tin-day-du", "ban-tin-mot-phan", "ban-tin-nham-bai")

FASTER_WHISPER = """\
import os, sys
from faster_whisper import WhisperModel
threads = os.cpu_count() or 1
model = WhisperModel(sys.argv[1], compute_type="int8", cpu_threads=threads, local_files_only=True)
segments, _ = model.transcribe(sys.argv[2], language="vi", beam_size=5, vad_filter=True, word_timestamps=True)
print(sum(len(segment.words or ()) for segment in segments))
"""
OPENAI_WHISPER = """\
import os, sys
import torch, whisper
from faster_whisper import decode_audio
torch.set_num_threads(os.cpu_count() or 1)
model = whisper.load_model(sys.argv[1], device="cpu")
found = model.transcribe(
    decode_audio(sys.argv[2]), language="vi", beam_size=5, word_timestamps=True, fp16=False
)
print(sum(len(segment["words"]) for segment in found["segments"]))
"""


def main() -> None:
    """Run all and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("readings", nargs="*", default=NAMES)
    parser.add_argument("--folder", type=Path, default=READINGS)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument(
        "--against", nargs="+", choices=("faster-whisper", "openai-whisper"), default=["faster-whisper"]
    )
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mediakit-") as folder:
        openai_model = _openai_form(Path(folder)) if "openai-whisper" in chosen.against else None
        print(f"| reading | mediakit, s | {' | '.join(f'{peer}, s | times faster' for peer in chosen.against)} |")
        print("|---" * (2 + 2 * len(chosen.against)) + "|")
        for name in chosen.readings:
            spent = _measured(chosen.folder / name, chosen.against, chosen.times, openai_model)
            own, *others = (median(seconds) for seconds in spent)
            cells = " | ".join(f"{other:.1f} | {other / own:.2f}" for other in others)
            print(f"| {name} | {own:.1f} | {cells} |", flush=True)


def _measured(reading: Path, against: list[str], times: int, openai_model: Path | None) -> list[list[float]]:
    """Seconds of each run of mediakit, and of each of its peers."""
    media, article = (str(reading.with_name(reading.name + suffix)) for suffix in (".mp3", ".txt"))
    clip = str(min((reading.parents[1] / "clips").iterdir(), key=lambda path: (path.stat().st_size, path.name)))
    peers = {
        "faster-whisper": ["-c", FASTER_WHISPER, str(ensure("base").path)],
        "openai-whisper": ["-c", OPENAI_WHISPER, str(openai_model)],
    }
    spent: list[list[float]] = [[] for _ in (None, *against)]
    for _ in range(times):
        with tempfile.TemporaryDirectory(prefix="mediakit-") as out:
            own = ["-m", "mediakit", "transcribe", "--quiet", "-o"]
            _run([*own, str(Path(out) / "clip"), clip])
            spent[0].append(_run([*own, str(Path(out) / "reading"), article]))
        for seconds, peer in zip(spent[1:], against, strict=True):
            _run([*peers[peer], clip])
            seconds.append(_run([*peers[peer], media]))
    return spent


def _openai_form(folder: Path) -> Path:
    """The embedded weights as a file that `whisper.load_model` reads."""
    import torch

    model = open_engine("whisper", "base")._model  # type: ignore[attr-defined]
    path = folder / "base.pt"
    torch.save({"dims": vars(model.dims), "model_state_dict": model.state_dict()}, path)
    return path


def _run(arguments: list[str]) -> float:
    began = time.monotonic()
    threads = {"OPENBLAS_NUM_THREADS": "1"}  # NumPy's own, which for such small products only wait for each other
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env={**os.environ, **threads})
    return time.monotonic() - began


if __name__ == "__main__":
    main()
