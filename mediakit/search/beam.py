"""Beam search over the decoder: the likeliest texts of a window, by the sound and, where there is one, by a language.

Without a language it is the search of CTranslate2 (`decoding.cc`, patience 1), which faster-whisper has: of twice as
many ways of going on as the beam is wide the best go on; what ends among the first is a finished text; it is over
once there are as many of these as the beam is wide. A text's score is its nats a token. With one, what a word adds is
added when it is closed: by a token that begins another, or by the end (shallow fusion).

In floats it finds the engine's own texts (for 114 of the 117 clips of `../shared/speech`; words wrong: 50.2 %, the
engine's 50.1). In 8 bits, where both round in their own ways, 49.7 % come out wrong with it and 49.3 with the engine's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.decoder.decoder import Decoder, Floats, State, WindowDecoder

#: Nats for a word after others; any weight or bonus is in them already.
Language = Callable[[tuple[str, ...], str], float]
_NEVER = -np.inf


class Spelling(Protocol):
    """What a tokenizer offers (`faster_whisper.tokenizer.Tokenizer` is one)."""

    def decode(self, tokens: list[int]) -> str:
        """Tokens as text."""
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the search has to know of a decoder's tokens, in the order of its log probabilities."""

    end: int
    begins_word: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    allowed_first: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        decoder: Decoder,
        vocabulary: Sequence[str],
        *,
        end: int,
        suppressed: Collection[int] = (),
        suppressed_first: Collection[int] = (),
    ) -> Tokens:
        """Of the tokens that a tokenizer spells so (by id, a blank as `Ġ`), with some never said, or not at first."""
        never, not_first = set(suppressed) - {end}, set(suppressed_first)
        allowed = np.array([token not in never and token <= end for token in decoder.tokens])
        first = np.array([token not in not_first for token in decoder.tokens])
        begins = np.array([vocabulary[token].startswith("Ġ") for token in decoder.tokens])
        return cls(decoder.columns([end])[0], begins, allowed, allowed & first)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text, whole or on its way. `sound` and `language` are nats, of all its tokens, and of its closed words."""

    tokens: tuple[int, ...] = ()
    sound: float = 0.0
    language: float = 0.0
    words: tuple[str, ...] = ()
    #: The tokens of the word that may still grow.
    open_word: tuple[int, ...] = field(default=(), repr=False)

    @property
    def nats(self) -> float:
        """The score by which those of a step are ranked."""
        return self.sound + self.language

    @property
    def nats_a_token(self) -> float:
        """The score by which whole texts are ranked."""
        return self.nats / max(1, len(self.tokens))


def search(
    window: WindowDecoder,
    tokens: Tokens,
    spelling: Spelling,
    *,
    most_tokens: int,
    width: int = 5,
    language: Language | None = None,
) -> list[Hypothesis]:
    """The best texts of a window, the likeliest first; `width` of them, if there are as many.

    A text that has `most_tokens` ends there, as if it had ended by itself.
    """
    if width < 1 or most_tokens < 1:
        raise ValueError(f"a beam of {width} for {most_tokens} tokens")
    found, state = window.first
    beam, finished, allowed = [Hypothesis()], list[Hypothesis](), tokens.allowed_first
    for length in range(1, most_tokens + 1):
        log_probabilities = _among(found, allowed)
        closed = [_closed(one, spelling, language) for one in beam]
        scores = _scores(beam, closed, log_probabilities, tokens)
        going_on: list[tuple[int, int]] = []
        for rank, (row, column) in enumerate(_best(scores, 2 * width)):
            if column == tokens.end:
                if rank < width:
                    finished.append(_ended(closed[row], log_probabilities[row, column]))
            elif len(going_on) < width:
                going_on.append((row, column))
        rows, columns = [row for row, _ in going_on], [column for _, column in going_on]
        ids = [window.decoder.tokens[column] for column in columns]
        beam = [
            _grown(beam[row], closed[row], token, log_probabilities[row, column], bool(tokens.begins_word[column]))
            for (row, column), token in zip(going_on, ids, strict=True)
        ]
        if len(finished) >= width or not beam:
            break
        if length == most_tokens:
            finished += [_closed(one, spelling, language) for one in beam]
            break
        found, state = _stepped(window, state, rows, ids)
        allowed = tokens.allowed
    return sorted(finished, key=lambda one: -one.nats_a_token)[:width]


def _stepped(window: WindowDecoder, state: State, rows: Sequence[int], ids: Sequence[int]) -> tuple[Floats, State]:
    return window.step(state.select(rows), ids)


def _among(found: Floats, allowed: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Log probabilities among the allowed tokens alone."""
    values: NDArray[np.float64] = np.where(allowed, found.astype(np.float64), _NEVER)
    most = values.max(axis=1, keepdims=True)
    values -= most + np.log(np.exp(values - most).sum(axis=1, keepdims=True))
    return values


def _scores(
    beam: Sequence[Hypothesis], closed: Sequence[Hypothesis], log_probabilities: NDArray[np.float64], tokens: Tokens
) -> NDArray[np.float64]:
    """The nats of every way of going on: where it closes a word, with what that word adds."""
    scores: NDArray[np.float64] = log_probabilities + np.array([[one.nats] for one in beam])
    closes = tokens.begins_word.copy()
    closes[tokens.end] = True
    scores[:, closes] += np.array([[after.language - one.language] for one, after in zip(beam, closed, strict=True)])
    return scores


def _best(scores: NDArray[np.float64], count: int) -> Iterator[tuple[int, int]]:
    """Rows and columns of the highest scores, the highest first."""
    flat = scores.ravel()
    count = min(count, flat.size)
    chosen = np.argpartition(flat, -count)[-count:]
    for place in chosen[np.argsort(-flat[chosen], kind="stable")]:
        if flat[place] > _NEVER:
            row, column = divmod(int(place), scores.shape[1])
            yield row, column


def _closed(one: Hypothesis, spelling: Spelling, language: Language | None) -> Hypothesis:
    """A hypothesis whose last word will not grow any more."""
    if not one.open_word:
        return one
    word = spelling.decode(list(one.open_word)).strip()
    added = language(one.words, word) if language is not None and word else 0.0
    return Hypothesis(one.tokens, one.sound, one.language + added, (*one.words, word))


def _grown(one: Hypothesis, closed: Hypothesis, token: int, nats: float, begins_word: bool) -> Hypothesis:
    before = closed if begins_word else one
    open_word = (token,) if begins_word else (*one.open_word, token)
    return Hypothesis((*one.tokens, token), one.sound + float(nats), before.language, before.words, open_word)


def _ended(closed: Hypothesis, nats: float) -> Hypothesis:
    return Hypothesis(closed.tokens, closed.sound + float(nats), closed.language, closed.words)
