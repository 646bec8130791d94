"""Takes a band of low sound off a stream of blocks: rumble, wind, or all that is below speech.

A linear-phase filter (windowed sinc, Blackman), so that every sound stays at its time; by overlap-save, block by block.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from mediakit.media.sound import SAMPLE_RATE, Samples

#: Below this there is no speech: the lowest voices of men are at 80 Hz.
LOW_CUT_HZ = 80
#: Half the length of the filter, in samples: its edges are so wide then, and what is cut 74 dB lower.
_REACH, EDGE_HZ = SAMPLE_RATE // 5, 14


def low_cut(blocks: Iterable[Samples], from_hz: int) -> Iterator[Samples]:
    """The same sound without what is between `from_hz` (0: nothing is kept below) and 80 Hz; as many samples in all."""
    response = _response(from_hz)
    held = np.zeros(_REACH, dtype=np.float32)  # silence before the sound; then what the filter needs of the past
    for block in blocks:
        held = np.concatenate((held, block))
        while len(held) >= _SIZE:
            yield _filtered(held[:_SIZE], response)
            held = held[_SIZE - 2 * _REACH :]
    rest = len(held) - _REACH
    held = np.pad(held, (0, _REACH))
    while rest > 0:
        piece = np.pad(held[:_SIZE], (0, max(0, _SIZE - len(held))))
        yield _filtered(piece, response)[:rest]
        rest -= _SIZE - 2 * _REACH
        held = held[_SIZE - 2 * _REACH :]


#: Samples that are filtered at a time, with the reach of the filter on both sides.
_SIZE = 1 << 16


def _response(from_hz: int) -> np.ndarray:
    """What the filter makes of each frequency of `_SIZE` samples."""
    time = np.arange(-_REACH, _REACH + 1)
    window = np.blackman(len(time))
    kept = np.zeros(len(time))
    kept[_REACH] = 1.0
    for hertz, sign in ((LOW_CUT_HZ, -1), (from_hz, 1)):
        low = 2 * hertz / SAMPLE_RATE * np.sinc(2 * hertz / SAMPLE_RATE * time) * window
        kept += sign * (low / low.sum() if hertz else low)
    return np.asarray(np.fft.rfft(np.roll(np.pad(kept, (0, _SIZE - len(kept))), -_REACH)))


def _filtered(piece: Samples, response: np.ndarray) -> Samples:
    """The inner part of `_SIZE` samples, filtered: without the reach of the filter on both sides."""
    whole = np.fft.irfft(np.fft.rfft(piece) * response, _SIZE)
    filtered: Samples = np.clip(whole[_REACH:-_REACH], -1.0, 1.0).astype(np.float32)
    return filtered
