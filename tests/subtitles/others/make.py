"""Has other programs write captions: `python -m tests.subtitles.others.make`. See README.md beside it.

Needs the package index (for the voices of the samples), the extras `embedded` and `whisper`, and a few minutes.
Look at the difference before you keep it: other versions of the programs write other files.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from mediakit.media.decode import decode
from mediakit.media.ffmpeg import find_ffmpeg
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import Samples
from mediakit.speech.engines.openai_whisper import _load
from mediakit.speech.models import Model, ensure
from scripts.make_samples import build, fetch_wheel, join, read_voices, write_video

HERE = Path(__file__).parent
#: All six voices twice, in two orders: longer than the 30 s that Whisper hears at once.
JOINED = (*("ly", "tuyen", "binh", "ngoc", "doan", "vinh"), *("vinh", "binh", "ngoc", "ly", "doan", "tuyen"))
SAMPLES = ("thu-giong-doc.mp3", "phat-bieu-giam-khao.mp4")
FILM = "sau-giong-hai-luot.mp4"
#: What `whisper` decodes with when nothing is asked for, but for the sampling that bad scores lead to: it is chance.
WHISPER_OPTIONS = {"language": "vi", "beam_size": 5, "temperature": 0.0, "fp16": False}
#: ffmpeg's inputs and outputs, in the order of the commands; all in one folder.
CONVERSIONS = (
    ("-i whisper.srt", "srt.vtt"),
    ("-i whisper.vtt", "vtt.srt"),
    ("-i whisper.srt", "srt.ass"),
    ("-i srt.ass", "srt.ass.srt"),
    (f"-i {FILM} -i whisper.srt -map 0 -map 1 -c copy -c:s mov_text", "captioned.mp4"),
    ("-i captioned.mp4 -map 0:s:0", "mov_text.srt"),
)


def make_recordings(folder: Path) -> list[Path]:
    """Both samples and the joined voices, built as `scripts/make_samples.py` builds the samples."""
    wheel = fetch_wheel(folder)
    build(wheel, folder)
    voices = read_voices(wheel)
    recording, _ = join([voices[name] for name in JOINED], [False] * len(JOINED))
    write_video(recording, folder / FILM)
    return [folder / name for name in (*SAMPLES, FILM)]


def write_openai_whisper(recordings: list[Path], model: Model, folder: Path) -> None:
    """By the writers of openai-whisper: as they are by default, and in lines of words (`*.42x2.*`)."""
    import whisper
    from whisper.utils import get_writer

    opened = _load(model)
    for recording in recordings:
        sound = sound_of(recording)
        plain = whisper.transcribe(opened, sound, **WHISPER_OPTIONS)
        words = whisper.transcribe(opened, sound, word_timestamps=True, **WHISPER_OPTIONS)
        for form in ("srt", "vtt"):
            write = get_writer(form, str(folder))
            write(plain, recording.name)
            write(words, f"{recording.stem}.42x2{recording.suffix}", {"max_line_width": 42, "max_line_count": 2})


def sound_of(recording: Path) -> Samples:
    """16 kHz mono; openai-whisper itself only takes an ffmpeg that is on the PATH."""
    return np.concatenate(list(decode(recording, choose_audio(probe(recording)))))


def write_faster_whisper(recordings: list[Path], model: Model, folder: Path) -> None:
    """The segments of faster-whisper, its `format_timestamp`, and the lines that its users write: it has no writer."""
    from faster_whisper import WhisperModel

    opened = WhisperModel(str(model.path), device="cpu", compute_type="int8", local_files_only=True)
    for recording in recordings:
        found, _ = opened.transcribe(str(recording), language="vi", beam_size=5, word_timestamps=True)
        segments = list(found)
        for form, text in (("srt", as_srt(segments)), ("vtt", as_vtt(segments))):
            (folder / f"{recording.stem}.{form}").write_text(text, encoding="utf-8", newline="\n")


def as_srt(segments: list[Any]) -> str:
    """Segments of faster-whisper, numbered from 1."""
    from faster_whisper import format_timestamp

    exact = {"always_include_hours": True, "decimal_marker": ","}
    return "".join(
        f"{number}\n{format_timestamp(segment.start, **exact)} --> {format_timestamp(segment.end, **exact)}\n"
        f"{segment.text.strip()}\n\n"
        for number, segment in enumerate(segments, start=1)
    )


def as_vtt(segments: list[Any]) -> str:
    """Segments of faster-whisper, without hours as long as there are none."""
    from faster_whisper import format_timestamp

    return "WEBVTT\n\n" + "".join(
        f"{format_timestamp(segment.start)} --> {format_timestamp(segment.end)}\n{segment.text.strip()}\n\n"
        for segment in segments
    )


def write_ffmpeg(film: Path, captions: Path, folder: Path) -> None:
    """What ffmpeg makes of openai-whisper's captions (a path without its ending) of a film."""
    work = film.parent
    for form in ("srt", "vtt"):
        (work / f"whisper.{form}").write_bytes(captions.with_name(f"{captions.name}.{form}").read_bytes())
    for arguments, written in CONVERSIONS:
        command = [find_ffmpeg(), "-nostdin", "-loglevel", "error", *arguments.split(), written]
        subprocess.run(command, cwd=work, check=True, stdin=subprocess.DEVNULL, timeout=120)
        if not written.endswith(".mp4"):
            (folder / f"{captions.name}.{written}").write_bytes((work / written).read_bytes())


def main() -> None:
    """Write them all."""
    model = ensure("base")
    whisper, faster, ffmpeg = (HERE / name for name in ("openai-whisper", "faster-whisper", "ffmpeg"))
    for folder in (whisper, faster, ffmpeg):
        folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as built:
        recordings = make_recordings(Path(built))
        write_openai_whisper(recordings, model, whisper)
        write_faster_whisper(recordings, model, faster)
        write_ffmpeg(recordings[-1], whisper / f"{Path(FILM).stem}.42x2", ffmpeg)


if __name__ == "__main__":
    main()
