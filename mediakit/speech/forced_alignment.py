"""When each printed word is said, to a hundredth of a second: forced alignment by a model learnt from the recording.

A speech model's own word times are coarse: its attention moves on before a syllable ends. But once it is known what is
said and nearly when, the recording itself teaches how its syllables sound: initial, vowel and final of each are states
of a hidden Markov model with one Gaussian a state, fitted to where the words are now, and the words are laid anew on
the best path through it (Viterbi training, Juang & Rabiner 1990). No weights are shipped, no language model is asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.vietnamese.numbers import Syllables
from mediakit.vietnamese.syllables import parse

FRAME_MS = 10
Floats = NDArray[np.float64]
Times = list[tuple[int, int]]

_HOP, _WINDOW, _FFT = SAMPLE_RATE // 100, SAMPLE_RATE // 40, 512
#: Mel bands up to what a telephone lets through, and the cepstral coefficients kept of them (Davis & Mermelstein 1980).
_BANDS, _LOWEST_HZ, _HIGHEST_HZ, _CEPSTRA = 26, 60.0, 4000.0, 13
#: Changes of the coefficients over time are small numbers that tell as much as the coefficients themselves.
_DELTA_WEIGHTS = (3.0, 5.0)
#: A state's mean and variance lean on its class's as if so many frames of it had been seen.
_LEANING = 8.0
_SMALLEST_VARIANCE = 1e-2
_ROUNDS = 3
#: A word may move so far from where it was, and no further: beyond, the model is right and the path is wrong.
_REACH_MS = 240
#: What it costs (nats) to leave a state and to pass between two words without a pause.
_LEAVE, _NO_PAUSE = 0.1, 0.4
#: With fewer syllables than this there is too little to learn from.
LEAST_SYLLABLES = 40
_PAUSE = "pause"
_STATES = {"initial": 2, "vowel": 3, "final": 2, "other": 4}
_BARRED = -1e9


@dataclass(frozen=True)
class Utterance:
    """Words said in one stretch of sound: the syllables of each, where each was thought to be, features of the sound.

    `times` count in milliseconds from the beginning of the sound, in order and apart; `quiet` (frames,) is true where
    there is no sound.
    """

    words: tuple[Syllables, ...]
    times: tuple[tuple[int, int], ...]
    features: Floats
    quiet: NDArray[np.bool_]


def features(samples: Samples) -> Floats:
    """Cepstra, less their mean, and their first two derivatives: shape (frames of 10 ms, 39)."""
    sound = np.asarray(samples, dtype=np.float64)
    frames = max(1, len(sound) // _HOP)
    emphasised = np.append(sound[:1], sound[1:] - 0.97 * sound[:-1])
    padded = np.pad(emphasised, ((_WINDOW - _HOP) // 2, _WINDOW))
    rows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP][:frames]
    power = np.abs(np.fft.rfft(rows * np.hamming(_WINDOW), _FFT)) ** 2
    cepstra = np.log(power @ _mel_filters().T + 1e-7) @ _cosines().T
    cepstra -= cepstra.mean(axis=0)
    first = np.gradient(cepstra, axis=0) if frames > 1 else np.zeros_like(cepstra)
    second = np.gradient(first, axis=0) if frames > 1 else np.zeros_like(cepstra)
    result: Floats = np.hstack([cepstra, _DELTA_WEIGHTS[0] * first, _DELTA_WEIGHTS[1] * second])
    return result


@lru_cache(maxsize=1)
def _mel_filters() -> Floats:
    """Triangles on the mel scale, shape (bands, frequencies)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in (_LOWEST_HZ, _HIGHEST_HZ))
    edges = 700 * (10 ** (np.linspace(low, high, _BANDS + 2) / 2595) - 1) * _FFT / SAMPLE_RATE
    place = np.arange(_FFT // 2 + 1)
    rising = (place - edges[:-2, np.newaxis]) / (edges[1:-1] - edges[:-2])[:, np.newaxis]
    falling = (edges[2:, np.newaxis] - place) / (edges[2:] - edges[1:-1])[:, np.newaxis]
    result: Floats = np.maximum(0.0, np.minimum(rising, falling))
    return result


@lru_cache(maxsize=1)
def _cosines() -> Floats:
    """The orthonormal cosine transform (DCT-II), shape (cepstra, bands)."""
    grid = np.pi / _BANDS * (np.arange(_BANDS) + 0.5)
    result: Floats = np.sqrt(2 / _BANDS) * np.cos(np.arange(_CEPSTRA)[:, np.newaxis] * grid)
    result[0] /= np.sqrt(2)
    return result


@lru_cache(maxsize=16384)
def _states(syllable: str) -> tuple[str, ...]:
    """The states of a syllable in order: `initial:tr:0`, …; one that is not Vietnamese has states of its own."""
    parts = parse(syllable)
    named = (
        [("initial", parts.initial), ("vowel", parts.vowel), ("final", parts.final)]
        if parts is not None
        else [("other", syllable)]
    )
    return tuple(f"{kind}:{name}:{i}" for kind, name in named if name for i in range(_STATES[kind]))


@dataclass(frozen=True)
class _Path:
    """The states of an utterance in order, a pause before, between and after its words; `word` is -1 for a pause."""

    states: tuple[str, ...]
    word: NDArray[np.intp]

    @classmethod
    def of(cls, words: Sequence[Syllables]) -> _Path:
        states, word = [_PAUSE], [-1]
        for i, syllables in enumerate(words):
            own = [state for syllable in syllables for state in _states(syllable)]
            states += [*own, _PAUSE]
            word += [*[i] * len(own), -1]
        return cls(tuple(states), np.array(word, dtype=np.intp))


def _class(state: str) -> str:
    """What a state leans on: its kind and place (`vowel:0`)."""
    kind, _, rest = state.partition(":")
    return f"{kind}:{rest.rpartition(':')[2]}" if rest else kind


class SoundModel:
    """One Gaussian with a diagonal covariance for each state, leaning on that of its class."""

    def __init__(self, frames: Mapping[str, Floats]) -> None:
        every = np.vstack(list(frames.values()))
        self._common = every.mean(axis=0), np.maximum(every.var(axis=0), _SMALLEST_VARIANCE)
        by_class: dict[str, list[Floats]] = defaultdict(list)
        for state, rows in frames.items():
            by_class[_class(state)].append(rows)
        self._classes = {name: self._fitted(np.vstack(rows), self._common) for name, rows in by_class.items()}
        self._states = {state: self._fitted(rows, self._classes[_class(state)]) for state, rows in frames.items()}

    @staticmethod
    def _fitted(rows: Floats, lean: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
        count = len(rows)
        mean = (rows.sum(axis=0) + _LEANING * lean[0]) / (count + _LEANING)
        spread = ((rows - mean) ** 2).sum(axis=0)
        return mean, np.maximum((spread + _LEANING * lean[1]) / (count + _LEANING), _SMALLEST_VARIANCE)

    def log_likelihood(self, states: Sequence[str], rows: Floats) -> Floats:
        """Of each frame in each state, shape (frames, states)."""
        kinds = list(dict.fromkeys(states))
        fitted = [self._states.get(k) or self._classes.get(_class(k)) or self._common for k in kinds]
        means, precisions = np.array([m for m, _ in fitted]), 1 / np.array([v for _, v in fitted])
        constant = np.log(precisions).sum(axis=1) - (means**2 * precisions).sum(axis=1)
        # In place: of five minutes a table has tens of megabytes.
        table: Floats = rows**2 @ precisions.T
        np.subtract(constant, table, out=table)
        table += 2 * rows @ (means * precisions).T
        table *= 0.5
        if kinds == list(states):
            return table
        place = {kind: i for i, kind in enumerate(kinds)}
        result: Floats = table[:, [place[state] for state in states]]
        return result


def learn(utterances: Sequence[Utterance]) -> SoundModel | None:
    """How the syllables of a recording sound, from words that are nearly where they are said; None of too few."""
    if sum(len(syllables) for u in utterances for syllables in u.words) < LEAST_SYLLABLES:
        return None
    paths = [_Path.of(u.words) for u in utterances]
    labels = [_first_labels(u, path) for u, path in zip(utterances, paths, strict=True)]
    rows, kinds = np.vstack([u.features for u in utterances]), sorted({s for path in paths for s in path.states})
    ends = np.cumsum([len(u.features) for u in utterances])[:-1]
    for _ in range(_ROUNDS):
        # One product of matrices for all of it: many small ones cost twice as much where a library uses threads.
        table = SoundModel(_by_state(rows, labels)).log_likelihood(kinds, rows)
        places = {kind: i for i, kind in enumerate(kinds)}
        for i, (utterance, path, own) in enumerate(zip(utterances, paths, np.split(table, ends), strict=True)):
            best = _best_path(own[:, [places[state] for state in path.states]], utterance, path)
            if best is not None:
                labels[i] = np.array(path.states)[best]
    return SoundModel(_by_state(rows, labels))


def align(utterance: Utterance, model: SoundModel) -> Times:
    """New times of the words: in order and apart. Where no path fits they stay as they are."""
    path = _Path.of(utterance.words)
    score = model.log_likelihood(path.states, utterance.features)
    return _times(utterance, path, _best_path(score, utterance, path))


def _first_labels(utterance: Utterance, path: _Path) -> NDArray[np.str_]:
    """For each frame a state: each word's states share its time evenly; all else is a pause."""
    labels = np.full(len(utterance.features), _PAUSE, dtype=object)
    for i, (start_ms, end_ms) in enumerate(utterance.times):
        own = np.flatnonzero(path.word == i)
        frames = np.arange(start_ms // FRAME_MS, min(len(labels), -(-end_ms // FRAME_MS)))
        sounding = frames[~utterance.quiet[frames]]
        if len(own) and len(sounding):
            frames = np.arange(sounding[0], sounding[-1] + 1)
            labels[frames] = [path.states[own[k * len(own) // len(frames)]] for k in range(len(frames))]
    return labels.astype(str)


def _by_state(rows: Floats, labels: Sequence[NDArray[np.str_]]) -> dict[str, Floats]:
    """The frames of each state."""
    every = np.concatenate(labels)
    order = np.argsort(every, kind="stable")
    kinds, firsts = np.unique(every[order], return_index=True)
    return dict(zip((str(k) for k in kinds), np.split(rows[order], firsts[1:]), strict=True))


def _best_path(score: Floats, utterance: Utterance, path: _Path) -> NDArray[np.intp] | None:
    """The place in `path` for each frame (Viterbi 1967); None where there are fewer frames than it needs.

    `score` is the log likelihood of each frame in each state of the path, shape (frames, states); it is used up.
    """
    score[_out_of_reach(utterance, path)] = _BARRED
    frames, count = score.shape
    # From a state one goes on to itself, to the next, or past a pause.
    past_pause = np.full(count, _BARRED)
    past_pause[2:][(path.word[1:-1] < 0) & (path.word[2:] >= 0)] = -_NO_PAUSE
    best = np.full(count, _BARRED)
    best[:2] = score[0, :2]
    on, past = np.full(count, _BARRED), np.full(count, _BARRED)
    moved, passed = np.zeros((2, frames, count), dtype=np.bool_)
    for t in range(1, frames):
        np.subtract(best[:-1], _LEAVE, out=on[1:])
        np.add(best[:-2], past_pause[2:], out=past[2:])
        np.greater(on, best, out=moved[t])
        np.maximum(on, best, out=best)
        np.greater(past, best, out=passed[t])
        np.maximum(past, best, out=best)
        best += score[t]
    place = count - 1 if best[-1] >= best[-2] else count - 2
    if best[place] < _BARRED / 2:
        return None
    result = np.empty(frames, dtype=np.intp)
    for t in range(frames - 1, -1, -1):
        result[t] = place
        place -= 2 if passed[t, place] else int(moved[t, place])
    return result


def _out_of_reach(utterance: Utterance, path: _Path) -> NDArray[np.bool_]:
    """Frames (rows) at which a state (column) of a word would be too far from where the word was."""
    middle = np.arange(len(utterance.features)) * FRAME_MS + FRAME_MS // 2
    starts = np.array([start for start, _ in utterance.times]) - _REACH_MS
    ends = np.array([end for _, end in utterance.times]) + _REACH_MS
    outside = (middle[:, np.newaxis] < starts) | (middle[:, np.newaxis] >= ends)
    result: NDArray[np.bool_] = outside[:, np.maximum(path.word, 0)] & (path.word >= 0)
    return result


def _times(utterance: Utterance, path: _Path, found: NDArray[np.intp] | None) -> Times:
    if found is None:
        return list(utterance.times)
    word = path.word[found]
    times: Times = []
    for i, before in enumerate(utterance.times):
        own = np.flatnonzero(word == i)
        times.append((int(own[0]) * FRAME_MS, (int(own[-1]) + 1) * FRAME_MS) if len(own) else before)
    return times
