"""log P(text | sound) by connectionist temporal classification (Graves et al. 2006, section 4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LEAST = 1e-300


def log_probs(frames: NDArray[np.float32], texts: Sequence[Sequence[int]]) -> NDArray[np.float64]:
    """The log probability (nats) of each of some texts, over all ways of saying it in all of the frames.

    `frames` has shape (frames, units): log probabilities, the blank's first. A text is the numbers of its units. All
    texts go through the frames together, scaled at each (section 4.1 of the paper).
    """
    states, leaps = _states(texts)
    probabilities = np.exp(frames.astype(np.float64))
    rows, ends = np.arange(len(texts)), np.array([2 * len(text) for text in texts], np.intp)
    ways = np.zeros(states.shape)
    ways[:, :2] = 1.0
    ways[:, 1:2] *= states[:, 1:2] > 0
    found = np.zeros(len(texts))
    for i, row in enumerate(probabilities):
        if i:
            before = ways.copy()
            ways[:, 1:] += before[:, :-1]
            ways[:, 2:] += before[:, :-2] * leaps
        ways *= row[states]
        scale = np.maximum(ways.max(axis=1), _LEAST)
        ways /= scale[:, np.newaxis]
        found += np.log(scale)
    last = ways[rows, ends] + np.where(ends > 0, ways[rows, ends - 1], 0.0)
    result: NDArray[np.float64] = found + np.log(np.maximum(last, _LEAST))
    return result


def _states(texts: Sequence[Sequence[int]]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Each text's units with a blank before, between and after them; and which may be reached past a blank."""
    most = max((len(text) for text in texts), default=0)
    states = np.zeros((len(texts), 2 * most + 1), np.intp)
    for row, text in zip(states, texts, strict=True):
        row[1 : 2 * len(text) : 2] = text
    leaps = (states[:, 2:] != 0) & (states[:, 2:] != states[:, :-2])
    return states, leaps.astype(np.float64)
