"""Sound made of syllables whose borders are known to the sample: each initial, vowel, final is a noise of its own."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.levels import levels
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.syllables import parse

#: Milliseconds that an initial, a vowel and a final last, from and to.
_LENGTHS = {"initial": (40, 70), "vowel": (80, 140), "final": (40, 70)}
_LOUD, _ROOM = 0.1, 1e-4
#: Shapes of spectra: so many bumps of so many decibels between 100 and 4000 Hz.
_BUMPS, _DECIBELS = 5, 30.0
SYLLABLES = "ban tôi cho minh đang thuê khin lương pha viên dung hôm nay mưa sáng gió thật trong hiên ngô rẽ".split()


@dataclass(frozen=True)
class Speech:
    """Words said one after the other: `times` in milliseconds from the beginning of `samples`."""

    words: tuple[Syllables, ...]
    times: tuple[tuple[int, int], ...]
    samples: Samples

    @property
    def levels(self) -> bytes:
        """Loudness as an engine keeps it."""
        return levels(self.samples)


def speak(
    words: Sequence[Syllables], random: np.random.Generator, pauses: float = 0.15, margin_ms: int = 300
) -> Speech:
    """Say words; after so many of them, by chance, comes a pause of 150 to 400 ms; a margin of silence at both ends."""
    pieces, times, at = [_noise(None, margin_ms, random)], [], margin_ms
    for place, word in enumerate(words):
        said = np.concatenate([_syllable(syllable, random) for syllable in word])
        pieces.append(said)
        times.append((at, at := at + len(said) // SAMPLES_PER_MS))
        if place + 1 < len(words) and random.random() < pauses:
            pieces.append(_noise(None, int(random.integers(150, 400)), random))
            at += len(pieces[-1]) // SAMPLES_PER_MS
    pieces.append(_noise(None, margin_ms, random))
    return Speech(tuple(words), tuple(times), np.concatenate(pieces).astype(np.float32))


def disturbed(
    times: Sequence[tuple[int, int]], random: np.random.Generator, *, off_ms: int = 120, early_ms: int = 40
) -> tuple[tuple[int, int], ...]:
    """Times as a model has them: each border off by up to `off_ms` either way and early; in order and apart."""
    moved = [edge + int(random.integers(-off_ms, off_ms + 1)) - early_ms for pair in times for edge in pair]
    edges = np.maximum.accumulate([max(0, edge) for edge in moved])
    # Words that touch have one border, and no word is empty.
    found, last = [], 0
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        begin = max(last, int(start))
        last = max(begin + 20, int(end))
        found.append((begin, last))
    return tuple(found)


def _syllable(text: str, random: np.random.Generator) -> Samples:
    parts = parse(text)
    assert parts is not None
    units = (("initial", parts.initial), ("vowel", parts.vowel), ("final", parts.final))
    sounds = [_noise(f"{kind}:{name}", int(random.integers(*_LENGTHS[kind])), random) for kind, name in units if name]
    return np.concatenate(sounds)


def _noise(unit: str | None, length_ms: int, random: np.random.Generator) -> Samples:
    """Noise with the spectrum of a unit, or of a quiet room."""
    count = length_ms * SAMPLES_PER_MS
    if unit is None:
        return random.normal(0, _ROOM, count).astype(np.float32)
    shape = np.random.default_rng(zlib.crc32(unit.encode()))
    hertz = np.fft.rfftfreq(count, 1 / (1000 * SAMPLES_PER_MS))
    centres, widths = shape.uniform(100, 4000, _BUMPS), shape.uniform(100, 500, _BUMPS)
    bumps = np.exp(-((hertz[:, np.newaxis] - centres) ** 2) / (2 * widths**2)).max(axis=1)
    spectrum = np.fft.rfft(random.normal(0, 1, count)) * 10 ** (_DECIBELS * (bumps - 1) / 20)
    sound = np.fft.irfft(spectrum, count)
    said: Samples = (sound * (_LOUD / np.sqrt(np.mean(sound**2)))).astype(np.float32)
    return said
