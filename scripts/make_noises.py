"""Sounds in which nobody speaks, made on the spot: silence, noise, hum, a tune, applause, the murmur of a crowd.

    python scripts/make_noises.py [--seconds 60] [--output DIR] [NAME...]

numpy alone, and the same bytes for the same seed. They try the guard against invented speech
(`scripts/measure_invented.py`, `tests/speech/test_invented_whole.py`): whatever is heard in one of them was invented.
"""

from __future__ import annotations

import argparse
import sys
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from mediakit.media.sound import SAMPLE_RATE, Samples

Sound = NDArray[np.float64]
#: Makes so many samples; what is random in it comes from the generator.
Maker = Callable[[int, np.random.Generator], Sound]

LOUDNESS_DBFS = -20.0
#: What the quantising of a studio recorder leaves in silence.
_DITHER = 1e-5
#: Sounds that are made of many parts are made in blocks of this, so that ten minutes fit in memory.
_BLOCK = 20 * SAMPLE_RATE
#: How a voice sounds changes slowly: in steps of 5 ms.
_SLOW = SAMPLE_RATE // 200


def silence(count: int, random: np.random.Generator) -> Sound:
    """The faintest noise: what is left where nothing is recorded."""
    return random.normal(0, _DITHER, count)


def white(count: int, random: np.random.Generator) -> Sound:
    """All frequencies alike."""
    return random.normal(0, 1, count)


def pink(count: int, random: np.random.Generator) -> Sound:
    """3 dB less in each octave, as rain, traffic and rooms are."""
    spectrum = np.fft.rfft(random.normal(0, 1, count))
    frequencies = np.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(frequencies, 20.0)), count)


def hum(count: int, random: np.random.Generator) -> Sound:
    """Mains of 50 Hz with its harmonics, and a little hiss."""
    time = np.arange(count) / SAMPLE_RATE
    tones = sum(np.sin(2 * np.pi * 50 * k * time + random.uniform(0, 6)) / k for k in (1, 2, 3, 4, 6, 8, 12))
    return np.asarray(tones + random.normal(0, 0.03, count))


def tune(count: int, random: np.random.Generator) -> Sound:
    """A song without words: chords, bass, a lead with vibrato and a drum, 96 beats a minute."""
    beat = 60 * SAMPLE_RATE // 96
    sound = np.zeros(count + 8 * beat)
    for bar, at in enumerate(range(0, count, 4 * beat)):
        root = (0, 9, 5, 7)[bar % 4] + (0, 3)[bar // 8 % 2]
        third = 3 if bar % 4 == 1 else 4
        for step in (0, third, 7):
            _add(sound, at, _tone(_pitch(48 + root + step), 4 * beat, (1, 0.5, 0.3, 0.2, 0.1), attack_s=0.15), 0.25)
        for place in range(4):
            _add(sound, at + place * beat, _tone(_pitch(36 + root), beat, (1, 0.6, 0.2), attack_s=0.01), 0.5)
            _add(sound, at + place * beat, _drum(random, deep=place % 2 == 0), 0.5)
        place = 0
        while place < 8:  # the lead, in half beats
            length = int(random.choice((1, 2, 2, 3)))
            note = 60 + root + int(random.choice((0, third, 7, 9, 12, 2)))
            lead = _tone(_pitch(note), length * beat // 2, (1, 0.7, 0.5, 0.35, 0.2, 0.1), attack_s=0.04, vibrato=0.006)
            _add(sound, at + place * beat // 2, lead, 0.6)
            place += length
    return sound[:count]


def applause(count: int, random: np.random.Generator) -> Sound:
    """Some hundred claps a second, swelling and ebbing, in a hall that answers for a second and a half."""
    swell = np.interp(np.arange(count) / SAMPLE_RATE, *_wandering(count, random, every_s=2.0, low=0.3, high=1.0))
    claps = (random.random(count) < 400 / SAMPLE_RATE * swell) * random.gamma(2.0, 0.5, count)
    hands = [_clap(random) for _ in range(6)]
    whose = random.integers(0, len(hands), count)
    dry = sum((_convolved(claps * (whose == i), hand) for i, hand in enumerate(hands)), start=np.zeros(count))
    tail_s = np.arange(int(1.5 * SAMPLE_RATE)) / SAMPLE_RATE
    tail = random.normal(0, 1, len(tail_s)) * np.exp(-6.9 * tail_s / 1.5)
    return dry + 0.02 * _convolved(dry, tail)


def murmur(count: int, random: np.random.Generator) -> Sound:
    """A dozen voices that say nothing: pitches and formants that wander, in the rhythm of syllables, in a hall."""
    blocks = [
        sum((_voice(min(_BLOCK, count - at), random) for _ in range(12)), start=np.zeros(min(_BLOCK, count - at)))
        for at in range(0, count, _BLOCK)
    ]
    dry = np.concatenate(blocks)
    tail_s = np.arange(int(0.6 * SAMPLE_RATE)) / SAMPLE_RATE
    return dry + 0.05 * _convolved(dry, random.normal(0, 1, len(tail_s)) * np.exp(-6.9 * tail_s / 0.6))


NOISES: dict[str, Maker] = {make.__name__: make for make in (silence, white, pink, hum, tune, applause, murmur)}


def noise(name: str, seconds: float, *, seed: int = 0, dbfs: float = LOUDNESS_DBFS) -> Samples:
    """`seconds` of a sound of :data:`NOISES`, shape (n,), 16 kHz mono float32, its root mean square at `dbfs`.

    Silence has a loudness of its own.
    """
    count = round(seconds * SAMPLE_RATE)
    sound = NOISES[name](count, np.random.default_rng(seed))
    if name != "silence":
        sound = sound * 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))
    return np.clip(sound, -1, 1).astype(np.float32)


def _pitch(note: int) -> float:
    """Hertz of a MIDI note in equal temperament, A4 at 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def _tone(hertz: float, count: int, partials: Sequence[float], *, attack_s: float, vibrato: float = 0.0) -> Sound:
    """A note with its harmonics, swelling in `attack_s` and dying away."""
    time = np.arange(count) / SAMPLE_RATE
    phase = 2 * np.pi * hertz * np.cumsum(1 + vibrato * np.sin(2 * np.pi * 5.5 * time)) / SAMPLE_RATE
    sound = sum((level * np.sin(k * phase) for k, level in enumerate(partials, start=1)), start=np.zeros(count))
    release = np.minimum(1, (count - np.arange(count)) / (0.03 * SAMPLE_RATE))
    return sound * np.minimum(1, time / attack_s) * np.exp(-1.2 * time) * release


def _drum(random: np.random.Generator, *, deep: bool) -> Sound:
    time = np.arange(SAMPLE_RATE // 5) / SAMPLE_RATE
    if deep:
        return np.asarray(np.sin(2 * np.pi * 60 * time * np.exp(-3 * time)) * np.exp(-18 * time))
    return random.normal(0, 0.5, len(time)) * np.exp(-30 * time)


def _clap(random: np.random.Generator) -> Sound:
    """One pair of hands: a burst around a pitch of its own, over in a hundredth of a second."""
    time = np.arange(SAMPLE_RATE // 40) / SAMPLE_RATE
    ring = np.sin(2 * np.pi * random.uniform(700, 2200) * time) + random.normal(0, 0.7, len(time))
    return ring * np.exp(-time / random.uniform(0.003, 0.008))


def _voice(count: int, random: np.random.Generator) -> Sound:
    """A voice without words: harmonics of a wandering pitch, loud where two wandering formants are."""
    time = np.arange(count) / SAMPLE_RATE

    def wander(every_s: float, low: float, high: float) -> Sound:
        return np.interp(time, *_wandering(count, random, every_s=every_s, low=low, high=high))

    middle = random.uniform(95, 230)
    pitch = middle * wander(0.35, 0.85, 1.15)
    formants = (wander(0.2, 280, 850), wander(0.2, 900, 2400))
    loud = np.maximum(0, wander(0.11, -0.35, 1.0)) * (wander(1.8, -0.5, 1.0) > 0)
    turn = np.exp(2j * np.pi * np.cumsum(pitch) / SAMPLE_RATE)
    sound, harmonic = np.zeros(count), np.ones(count, dtype=np.complex128)
    slow = slice(None, None, _SLOW)
    for k in range(1, int(3200 / middle)):
        harmonic *= turn
        strength = sum(np.exp(-(((k * pitch[slow] - formant[slow]) / 160) ** 2)) for formant in formants)
        sound += np.repeat((strength + 0.05) / k**0.5, _SLOW)[:count] * harmonic.imag
    return np.asarray(sound * loud)


def _wandering(
    count: int, random: np.random.Generator, *, every_s: float, low: float, high: float
) -> tuple[Sound, Sound]:
    """Times in seconds and random values at them, between which something wanders."""
    points = int(count / SAMPLE_RATE / every_s) + 2
    return np.asarray(np.arange(points) * every_s), random.uniform(low, high, points)


def _add(sound: Sound, at: int, part: Sound, level: float) -> None:
    sound[at : at + len(part)] += level * part[: len(sound) - at]


def _convolved(sound: Sound, answer: Sound) -> Sound:
    """The sound through a room (or hand) of this impulse response, as long as the sound."""
    result = np.zeros(len(sound) + len(answer))
    size = 1 << (min(_BLOCK, len(sound)) + len(answer) - 1).bit_length()
    spectrum = np.fft.rfft(answer, size)
    for at in range(0, len(sound), _BLOCK):
        block = sound[at : at + _BLOCK]
        wet = np.fft.irfft(np.fft.rfft(block, size) * spectrum, size)[: len(block) + len(answer)]
        result[at : at + len(wet)] += wet
    return result[: len(sound)]


def write_wav(samples: Samples, path: Path) -> None:
    """The samples as a WAV file, 16 bit, mono, 16 kHz."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.rint(samples * 32767).astype("<i2").tobytes())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Make sounds in which nobody speaks.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join(NOISES)}; default: all")
    parser.add_argument("--seconds", type=float, default=60.0, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="default: %(default)s")
    parser.add_argument("--output", type=Path, default=Path("noises"), help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    unknown = [name for name in chosen.names if name not in NOISES]
    if unknown:
        parser.error(f"no noise is called {unknown[0]!r}")
    if chosen.seconds <= 0:
        parser.error("--seconds must be above 0")
    chosen.output.mkdir(parents=True, exist_ok=True)
    for name in chosen.names or NOISES:
        path = chosen.output / f"{name}.wav"
        write_wav(noise(name, chosen.seconds, seed=chosen.seed), path)
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
