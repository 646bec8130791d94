"""Media made on the spot: tone bursts at known times, encoded with the bundled ffmpeg, whichever one is tested.

Versions of ffmpeg write different files, and some have no encoder for AMR; what they are to agree on is what they read.
"""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
import psutil

from mediakit.media.ffmpeg import bundled_ffmpeg, command, local_input, run
from mediakit.media.sound import SAMPLE_RATE, Samples

TONE_HZ = 1000
BURST_MS = 200


def write_bursts(
    path: Path, *, at_ms: Sequence[int], duration_ms: int, rate: int = 48_000, channels: int = 1, sample_bytes: int = 2
) -> Path:
    """A WAV file: silence, with a burst of tone of 200 ms at each of `at_ms`."""
    time = np.arange(duration_ms * rate // 1000) / rate
    sound = np.zeros_like(time)
    for start_ms in at_ms:
        inside = (time >= start_ms / 1000) & (time < (start_ms + BURST_MS) / 1000)
        sound[inside] = 0.5 * np.sin(2 * np.pi * TONE_HZ * (time[inside] - start_ms / 1000))
    whole = (sound * (2 ** (8 * sample_bytes - 1) - 1)).astype("<i4")
    frames = np.repeat(whole, channels).view(np.uint8).reshape(-1, 4)[:, :sample_bytes]
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, sample_bytes, rate, 0, "NONE", ""))
        file.writeframes(frames.tobytes())
    return path


def onsets_ms(sound: Samples) -> list[float]:
    """Where bursts begin: the level over 4 ms passes half of the loudest, after 100 ms below it."""
    width = 4 * SAMPLE_RATE // 1000
    level = np.sqrt(np.convolve(sound.astype(np.float64) ** 2, np.ones(width) / width))[: len(sound)]
    loud = np.flatnonzero(level > level.max() / 2)
    first = np.insert(np.diff(loud) > SAMPLE_RATE // 10, 0, True)
    # Half the level of a sine in a trailing window is reached when a quarter of the window is filled.
    return [float(i) * 1000 / SAMPLE_RATE - 1 for i in loud[first]]


def encode(target: Path, *sources: Any, **options: str | int | float | None) -> Path:
    """`sources` (paths, or ffmpeg-python inputs) in one file; `options` are ffmpeg's own for outputs."""
    inputs = [local_input(source) if isinstance(source, Path) else source for source in sources]
    job = ffmpeg.output(*inputs, f"file:{target.absolute()}", **options).overwrite_output()
    finished = run(command(job, binary=bundled_ffmpeg()), timeout_s=150)  # hours of sound, beside other work
    assert finished.status == 0, finished.messages
    return target


def moving_picture(duration_ms: int, rate: int = 25) -> Any:
    """A small test picture that moves."""
    return ffmpeg.input(f"testsrc=size=64x64:rate={rate}:duration={duration_ms / 1000}", f="lavfi")


def still_picture(path: Path) -> Path:
    """A picture of one colour; the name decides its format."""
    return encode(path, ffmpeg.input("color=red:size=32x32:duration=0.1", f="lavfi"), **{"frames:v": 1, "update": 1})


def decoders_here() -> list[psutil.Process]:
    """Programs that this process has begun and that still are; not the helper of `multiprocessing`, which stays."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if not any("resource_tracker" in part for part in child.cmdline())]
