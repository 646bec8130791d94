"""What texts score on a window, found in the plainest way: one step after the other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.decoder.decoder import Floats, State, WindowDecoder


def scores(window: WindowDecoder, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float64]]:
    """For each text the log probability (nats) of each of its tokens after the prompt and those before it."""
    known: dict[tuple[int, ...], tuple[Floats, State]] = {(): window.first}

    def after(text: tuple[int, ...]) -> tuple[Floats, State]:
        if text not in known:
            _, state = after(text[:-1])
            known[text] = window.step(state, text[-1:])
        return known[text]

    def score(before: Sequence[int], token: int) -> float:
        (column,) = window.decoder.columns([token])
        return float(after(tuple(before))[0][0, column])

    return [np.array([score(text[:place], token) for place, token in enumerate(text)]) for text in texts]
