"""Measures what the ear's costs do: words wrong where sentences of `../shared/speech/fosd` follow each other.

    python -m scripts.measure_fusion [--recordings 24] [--seconds 45] [--seed 19] [COSTS...]

Half of the recordings are as they are, half have a sound of `scripts/make_noises.py` at 5 to 15 dB in them; none has a
sentence of `clips.tsv`. With `--only` none has another clip than those of a list: those that the CTC head did not learn
from (`scripts/train_ctc.py`). They are cut into windows and encoded once, and heard with each of COSTS: `sound`, the
sound alone; or `weight=0.35,a_syllable=3.5,ctc=0.3,again=3`, of which what is not named is what the ear has. Of
each a line is printed: words substituted, left out and put in, of 100, on one half of the recordings and the other, so
that costs that are chosen on one are seen on the other; seconds of processor time; tokens.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein

from mediakit.evaluation.wording import fitted, usual
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.engine import Window
from mediakit.speech.engines import whisper_ear
from mediakit.speech.engines.faster_whisper import FasterWhisperEngine, open_engine
from mediakit.speech.models import ensure
from mediakit.speech.voice_activity import VoiceActivity
from mediakit.speech.windows import WindowCutter
from scripts.make_noises import NOISES, noise

SPEECH = Path(__file__).resolve().parents[2] / "shared" / "speech"
SNR_DB = (5, 8, 10, 12, 15)


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """What is said, and the windows of it as the ear is given them."""

    text: str
    windows: tuple[Window, ...]


def recordings(count: int, seconds: float, seed: int, only: frozenset[str] = frozenset()) -> Iterator[Recording]:
    """Sentences after each other with pauses, every other recording with a noise; as many as there are clips for."""
    chance = random.Random(seed)
    held_back = {Path(row["file"]).stem for row in clips_of("clips.tsv")}
    rows = [row for row in clips_of("fosd.tsv") if Path(row["file"]).stem not in held_back]
    rows = [row for row in rows if not only or row["file"] in only]
    chance.shuffle(rows)
    following = iter(rows)
    kinds = [name for name in NOISES if name != "silence"]
    for number in range(count):
        parts, texts = [np.zeros(SAMPLE_RATE // 2, np.float32)], list[str]()
        while sum(map(len, parts)) < seconds * SAMPLE_RATE:
            row = next(following, None)
            if row is None:
                return
            path = SPEECH / "fosd" / row["file"]
            pause = np.zeros(round(chance.uniform(0.25, 1.0) * SAMPLE_RATE), np.float32)
            parts += [np.concatenate(list(decode(path, choose_audio(probe(path))))), pause]
            texts.append(row["transcript"])
        sound = np.concatenate(parts)
        if number % 2:
            other = noise(kinds[number // 2 % len(kinds)], len(sound) / SAMPLE_RATE, seed=number)
            sound = mix(sound, other, chance.choice(SNR_DB))
        yield Recording(" ".join(texts), tuple(_windows(sound)))


def clips_of(name: str) -> list[dict[str, str]]:
    """The rows of a table of clips."""
    with (SPEECH / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def mix(sound: Samples, other: Samples, snr_db: float) -> Samples:
    """Speech with another sound in it, which is at least as long, so much less loud than the speech."""
    loud = sound[np.abs(sound) > 0.01]
    other = other[: len(sound)]
    level = np.sqrt(np.mean(loud**2) / np.mean(other**2)) * 10 ** (-snr_db / 20)
    found = sound + other * level
    return np.asarray(found / max(1.0, float(np.abs(found).max())), np.float32)


def _windows(sound: Samples) -> Iterator[Window]:
    activity, cutter = VoiceActivity(), WindowCutter()
    for cut in cutter.feed(sound, np.concatenate((activity.feed(sound), activity.finish()))):
        yield cut.window
    for cut in cutter.finish():
        yield cut.window


def measure(engine: FasterWhisperEngine, heard: Sequence[tuple[str, Sequence[tuple[whisper_ear._Sound, int]]]]) -> str:
    """The line of one set of costs."""
    begin, tokens = time.process_time(), 0
    halves: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    ear = engine._ear
    for number, (text, sounds) in enumerate(heard):
        said = []
        for sound, room in sounds:
            best = ear._texts(sound, ear._tokenizer, room)[0]
            tokens += len(best.tokens)
            said.append(ear._tokenizer.decode(list(best.tokens)))
        reference = usual([text]).words
        edits = Levenshtein.editops(reference, fitted([" ".join(said)], reference).words)
        halves[number // 2 % 2].update([edit.tag for edit in edits], words=len(reference))
    shown = " | ".join(_shown(half) for half in halves)
    return f"{shown} | {time.process_time() - begin:.1f} s, {tokens} tokens"


def _shown(counts: Counter[str]) -> str:
    rates = {tag: 100 * counts[tag] / max(1, counts["words"]) for tag in ("replace", "delete", "insert")}
    return f"{sum(rates.values()):.1f} ({', '.join(f'{tag} {rate:.1f}' for tag, rate in rates.items())})"


def use(costs: str) -> None:
    """Have the ear go by these costs.

    Raises
    ------
    ValueError
        If they are not written as they should be.
    """
    fusion, reading = whisper_ear.JOINT_COSTS, whisper_ear.READING
    if costs == "sound":
        whisper_ear.CTC_WEIGHT, whisper_ear.JOINT_COSTS = 0.0, replace(fusion, weight=0.0, a_syllable=0.0)
        whisper_ear.READING = replace(reading, again=0.0, a_frame=0.0)
        return
    for name, value in (part.split("=") for part in costs.split(",")):
        if name == "ctc":
            whisper_ear.CTC_WEIGHT = float(value)
        elif name in fusion.__slots__:
            fusion = replace(fusion, **{name: float(value)})
        else:
            reading = replace(reading, **{name: type(getattr(reading, name))(value)})
    whisper_ear.JOINT_COSTS, whisper_ear.READING = fusion, reading


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Measure what the costs of fusion and reading do.")
    parser.add_argument("costs", metavar="COSTS", nargs="*", default=["sound", "ctc=0.3"])
    parser.add_argument("--recordings", type=int, default=24, help="default: %(default)s")
    parser.add_argument("--seconds", type=float, default=45.0, help="of each; default: %(default)s")
    parser.add_argument("--seed", type=int, default=19, help="default: %(default)s")
    parser.add_argument("--only", type=Path, help="names of the clips that are used, a line each (default: all)")
    chosen = parser.parse_args(arguments)
    engine = open_engine(ensure("base"), language="vi", threads=1)
    only = frozenset(chosen.only.read_text(encoding="utf-8").split() if chosen.only else ())
    heard = [
        (one.text, [(engine._ear._sound(w, whisper_ear.room_of(w)), whisper_ear.room_of(w)) for w in one.windows])
        for one in recordings(chosen.recordings, chosen.seconds, chosen.seed, only)
    ]
    own = whisper_ear.CTC_WEIGHT, whisper_ear.JOINT_COSTS, whisper_ear.READING
    for costs in chosen.costs:
        whisper_ear.CTC_WEIGHT, whisper_ear.JOINT_COSTS, whisper_ear.READING = own
        use(costs)
        print(f"{costs} | {measure(engine, heard)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
