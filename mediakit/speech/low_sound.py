"""What is too low for speech and hides its pauses: a DC offset, rumble, wind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.media.low_cut import EDGE_HZ, LOW_CUT_HZ
from mediakit.media.sound import SAMPLE_RATE, Samples

_FRAME = SAMPLE_RATE // 100
#: Nothing is done about low sound that makes pauses less than so much louder (dB), or leaves them so far under the
#: speech that edges are found all the same (:mod:`mediakit.grounding.timing` takes 22 and less for noise of the room).
_HIDES_DB, _FAR_DB = 6.0, 26.0
#: Without speech-like sound of this level (dBFS), or with sound in a smaller share of frames, there are no pauses.
_LEAST_DBFS, _LEAST_SHARE = -60.0, 0.2
#: So large a part of the sound is pauses, at the least.
_PAUSES = 0.1
#: Of the pauses, those that tell an offset: what is still there in silence.
_QUIETEST = 0.2
_SILENCE = 1e-9
#: Something is done where pauses are hidden in this share of a medium's excerpts: in pieces joined end to end one may
#: have an offset of its own.
_OFTEN = 0.5
#: An offset is taken off to a thousandth of full scale, which leaves -66 dBFS at most: so it is the same however the
#: file was coded. Where that is too much, more exactly. In either case by whole steps of 16-bit samples.
_DIGITS, _FULL_SCALE = (3, 5), 32768
#: Rumble is cut from here on, so that an offset of a piece stays: to take off no more than what hides pauses leaves
#: edges where they are in the clean sound. Where that is not enough, all that is low is cut.
_RUMBLE_HZ = 15


@dataclass(frozen=True, slots=True, eq=False)
class LowSound:
    """The pauses of an excerpt: its quietest frames of 10 ms, by what is not low.

    For each, its mean, its variance, and its power without rumble and without all that is low; `enough_db` is the
    level that pauses are to be under.
    """

    means: NDArray[np.float64]
    variances: NDArray[np.float64]
    without_rumble: NDArray[np.float64]
    without_low: NDArray[np.float64]
    enough_db: float

    def hides_pauses(self, offset: float = 0.0) -> bool:
        """Whether the level of pauses is too high, were `offset` taken off."""
        return self._is_too_loud(self.variances + (self.means - offset) ** 2)

    @property
    def hides_more_than_rumble(self) -> bool:
        """Whether it is too high without rumble still."""
        return self._is_too_loud(self.without_rumble)

    def _is_too_loud(self, power: NDArray[np.float64]) -> bool:
        return _db(float(np.median(power))) > self.enough_db


def low_sound(samples: Samples) -> LowSound | None:
    """The low sound of an excerpt; None where nothing speech-like is there to be hidden."""
    if len(samples) < _FRAME:
        return None
    frames, high, rumbleless = (_frames(one) for one in (samples, _without(samples, 0), _without(samples, _RUMBLE_HZ)))
    sounding = np.mean(frames**2, axis=1) > _SILENCE
    if np.mean(sounding) < _LEAST_SHARE:
        return None
    power = np.mean(high[sounding] ** 2, axis=1)
    speech_db = _db(float(np.quantile(power, 0.9)))
    if speech_db < _LEAST_DBFS:
        return None
    pauses = np.argsort(power)[: 1 + int(_PAUSES * len(power))]
    quiet = frames[sounding][pauses]
    return LowSound(
        np.mean(quiet, axis=1),
        np.var(quiet, axis=1),
        np.mean(rumbleless[sounding][pauses] ** 2, axis=1),
        power[pauses],
        max(_db(float(np.median(power[pauses]))) + _HIDES_DB, speech_db - _FAR_DB),
    )


def remedy(found: Sequence[LowSound | None]) -> tuple[float, int | None]:
    """What is to be done about the low sound of a medium, by its excerpts: an offset to take off, what to cut from."""
    heard = [one for one in found if one is not None]
    if not _often([one.hides_pauses() for one in heard]):
        return 0.0, None
    power = np.concatenate([one.without_low for one in heard])
    means = np.concatenate([one.means for one in heard])
    quietest = means[power <= np.quantile(power, _QUIETEST)]
    for digits in _DIGITS:
        offset = math.floor(round(float(np.median(quietest)), digits) * _FULL_SCALE) / _FULL_SCALE
        if not _often([one.hides_pauses(offset) for one in heard]):
            return offset, None
    return 0.0, 0 if _often([one.hides_more_than_rumble for one in heard]) else _RUMBLE_HZ


def _often(hidden: Sequence[bool]) -> bool:
    return bool(hidden) and sum(hidden) >= _OFTEN * len(hidden)


def _frames(samples: Samples | NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole frames, shape (n, 160)."""
    return samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)


def _without(samples: Samples, from_hz: int) -> NDArray[np.float64]:
    """The sound without what is between `from_hz` and the lowest voices, as far as the filter takes it off."""
    spectrum = np.fft.rfft(samples)
    begin_hz = from_hz + EDGE_HZ / 2 if from_hz else 0
    first, last = (int(hertz * len(samples) / SAMPLE_RATE) for hertz in (begin_hz, LOW_CUT_HZ))
    spectrum[first : last + 1] = 0
    passed: NDArray[np.float64] = np.fft.irfft(spectrum, len(samples))
    return passed


def _db(power: float) -> float:
    return float(10 * np.log10(max(power, 1e-12)))
