"""Beam search over the decoder: the likeliest texts of a window, by the sound and, where there is one, by a language.

Without a language it is the search of CTranslate2 (`decoding.cc`, patience 1), which faster-whisper has: of twice as
many ways of going on as the beam is wide the best go on; what ends among the first is a finished text; it is over
once there are as many of these as the beam is wide. A text's score is its nats a token. With one, what a word adds is
added when it is closed: by a token that begins another, or by the end (shallow fusion).

With :class:`Reading` a text pays for what it says twice of the sound, and for what it leaves out. Both are seen by the
attention of the heads that follow the sound.

In floats it finds the engine's own texts (for 114 of the 117 clips of `../shared/speech`; words wrong: 50.2 %, the
engine's 50.1). In 8 bits, where both round in their own ways, 49.7 % come out wrong with it and 49.3 with the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mediakit.speech.decoder.decoder import Decoder, Floats, WindowDecoder

#: Ways of going on that are so many nats behind the best are looked at only where there are too few others.
_NEAR_NATS = 12.0
_NEVER = np.float32(-np.inf)
#: So many times as many texts are followed for so many tokens, where what they leave out is known only then.
_MORE_AT_FIRST, _FIRST_TOKENS = 4, 3
#: No syllable of Vietnamese has more letters (`nghiêng`). A longer word is scored as it grows, and so is one that has
#: figures or marks (`1,2,3`): else one without an end would be a way of saying anything.
_MOST_LETTERS = 7
#: What a word costs that is no text: bytes that are no letters, letters that are not Latin, or more marks than stand
#: together anywhere. To those who score words by their sounds it would cost nothing.
_NOT_TEXT = re.compile("[\ufffd\u0370-\u1dff\u2c80-\ua71f\uaa00-\uffff]|[^\\w\\s]{4}")
_HALF_LETTER = "\ufffd"
_NOT_TEXT_NATS = -1e4
_MARKS = (",", ".", "!", "?", ":", ";", "…", "-")


class Language(Protocol):
    """What a language adds to the score of a text.

    `hears` is whether that tells how well the sound bears the text out, beside the decoder. Then texts are ranked by
    their nats, for too many words cost; and more of them are followed at first, for the decoder's first choices may
    leave out what was said before.
    """

    hears: bool

    def added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> Sequence[float]:
        """The nats of each of some words, each after those before it; any weight or bonus is in them already."""
        ...

    def ended(self, words: tuple[str, ...]) -> float:
        """The nats of a text's ending after its words."""
        ...


class Spelling(Protocol):
    """What a tokenizer offers (`faster_whisper.tokenizer.Tokenizer` is one)."""

    def decode(self, tokens: list[int]) -> str:
        """Tokens as text."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Tokens:
    """What the search has to know of a decoder's tokens, in the order of its log probabilities."""

    end: int
    #: Of each whether it begins a word, whether it does so after a mark, and whether it ends in a mark.
    begins_word: NDArray[np.bool_]
    begins_after_mark: NDArray[np.bool_]
    ends_in_mark: NDArray[np.bool_]
    never: NDArray[np.intp]
    never_first: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        decoder: Decoder,
        vocabulary: Mapping[int, str] | Sequence[str],
        *,
        end: int,
        suppressed: Collection[int] = (),
        suppressed_first: Collection[int] = (),
    ) -> Tokens:
        """Of the tokens that a tokenizer spells so (by id, a blank as `Ġ`), with some never said, or not at first."""
        not_said, not_first = set(suppressed) - {end}, set(suppressed_first)
        never = np.array([token in not_said or token > end for token in decoder.tokens])
        first = never | np.array([token in not_first for token in decoder.tokens])
        spelt = [vocabulary[token] for token in decoder.tokens]
        begins = np.array([text.startswith("Ġ") for text in spelt])
        # `3,5` is one word, `vâng,dạ` is two.
        after_mark = begins | np.array([text[:1].isalpha() for text in spelt])
        marks = np.array([text.endswith(_MARKS) for text in spelt])
        column = decoder.columns([end])[0]
        return cls(column, begins, after_mark, marks, np.flatnonzero(never), np.flatnonzero(first))

    def beginning(self, one: Hypothesis) -> NDArray[np.bool_]:
        """Of each token whether it begins a word where it comes next in a text."""
        return self.begins_after_mark if one.after_mark else self.begins_word


@dataclass(frozen=True, slots=True)
class Reading:
    """What it costs a text to say the sound twice, or not at all, in nats.

    A decoder hardly minds repeating a sentence or leaving one out, and less so with a language. But it looks at the
    sound as it goes on (:attr:`State.looks_at`, frames of 20 ms). Each token that is said more than
    `back_frames` before what was reached costs `again`. A leap costs `a_frame` for each frame beyond `free_frames`,
    which a pause may have, and `most` at most. A single look elsewhere, as at a full stop, is neither.
    """

    again: float = 2.0
    back_frames: int = 25
    a_frame: float = 0.03
    free_frames: int = 100
    most: float = 8.0

    def after(self, one: Hypothesis, frame: int) -> Hypothesis:
        """A text that looks at a frame for its next token."""
        settled = min(one.looks_at, frame)
        cost = min(self.most, self.a_frame * max(0, settled - one.reached - self.free_frames))
        if max(one.looks_at, frame) < one.reached - self.back_frames:
            cost += self.again
        return replace(one, reading=one.reading - cost, reached=max(one.reached, settled), looks_at=frame)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text, whole or on its way.

    `sound` and `language` are nats, of all its tokens, and of its closed words; `reading` those for how it goes through
    the sound, of which it has `reached` a frame and `looks_at` one.
    """

    tokens: tuple[int, ...] = ()
    sound: float = 0.0
    language: float = 0.0
    words: tuple[str, ...] = ()
    reading: float = 0.0
    reached: int = field(default=0, repr=False)
    looks_at: int = field(default=0, repr=False)
    #: The tokens of the word that may still grow.
    open_word: tuple[int, ...] = field(default=(), repr=False)
    #: Whether its last token ends in a mark.
    after_mark: bool = field(default=False, repr=False)

    @property
    def nats(self) -> float:
        """The score by which those of a step are ranked."""
        return self.sound + self.language + self.reading

    @property
    def nats_a_token(self) -> float:
        """The score by which whole texts are ranked."""
        return self.nats / max(1, len(self.tokens))

    @property
    def sound_a_token(self) -> float:
        """The sound's nats a token, as Whisper's mean log probability."""
        return self.sound / max(1, len(self.tokens))


def search(
    window: WindowDecoder,
    tokens: Tokens,
    spelling: Spelling,
    *,
    most_tokens: int,
    width: int = 5,
    language: Language | None = None,
    reading: Reading | None = None,
) -> list[Hypothesis]:
    """The best texts of a window, the likeliest first; `width` of them, if there are as many.

    A text that has `most_tokens` ends there, as if it had ended by itself.
    """
    if width < 1 or most_tokens < 1:
        raise ValueError(f"a beam of {width} for {most_tokens} tokens")
    closing, hears = _Closing(spelling, language), language is not None and language.hears
    found, state = window.first
    beam, finished, never = [Hypothesis()], list[Hypothesis](), tokens.never_first
    for length in range(1, most_tokens + 1):
        log_probabilities = _without(found, never)
        closed = closing.closed(beam)
        ended = closing.ended(closed)
        frames = state.looks_at.tolist() if reading is not None else ()
        beam, closed = (_read(some, frames, reading) for some in (beam, closed))
        growing = [after if closing.is_long(one) else one for one, after in zip(beam, closed, strict=True)]
        begins = np.array([tokens.beginning(one) for one in beam])
        scores = _scores(growing, closed, ended, log_probabilities, begins, tokens.end)
        going_on: list[tuple[int, int]] = []
        followed = width * (_MORE_AT_FIRST if hears and length <= _FIRST_TOKENS else 1)
        for rank, (row, column) in enumerate(_best(scores, followed + width)):
            if column == tokens.end:
                if rank < width:
                    finished.append(_ended(ended[row], log_probabilities[row, column]))
            elif len(going_on) < followed:
                going_on.append((row, column))
        ids = [window.decoder.tokens[column] for _, column in going_on]
        beam = [
            _grown(
                closed[row] if begins[row, column] else beam[row],
                token,
                log_probabilities[row, column],
                after_mark=bool(tokens.ends_in_mark[column]),
            )
            for (row, column), token in zip(going_on, ids, strict=True)
        ]
        if len(finished) >= width or not beam:
            break
        if length == most_tokens:
            finished += closing.ended(closing.closed(beam))
            break
        found, state = window.step(state.select([row for row, _ in going_on]), ids)
        never = tokens.never
    return sorted(finished, key=lambda one: -one.nats if hears else -one.nats_a_token)[:width]


def _read(some: Sequence[Hypothesis], frames: Sequence[int], reading: Reading | None) -> list[Hypothesis]:
    """Texts that go on, each where it looks for its next token. One that ends looks for none."""
    if reading is None:
        return list(some)
    return [reading.after(one, frame) for one, frame in zip(some, frames, strict=True)]


class _Closing:
    """Closes the last words of texts, with what a language adds for them."""

    def __init__(self, spelling: Spelling, language: Language | None) -> None:
        self._spelling, self._language = spelling, language
        self._spelt: dict[tuple[int, ...], str] = {}

    def closed(self, beam: Sequence[Hypothesis]) -> list[Hypothesis]:
        """The texts, the last word of each not growing any more."""
        words = [self._word(one.open_word) for one in beam]
        asked = [(one.words, word) for one, word in zip(beam, words, strict=True) if word]
        added = iter(self._added(asked) if self._language is not None and asked else [0.0] * len(asked))
        return [
            replace(one, language=one.language + next(added), words=(*one.words, word), open_word=()) if word else one
            for one, word in zip(beam, words, strict=True)
        ]

    def _added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> list[float]:
        assert self._language is not None
        found = zip(self._language.added(asked), asked, strict=True)
        return [nats + _NOT_TEXT_NATS * bool(_NOT_TEXT.search(word)) for nats, (_, word) in found]

    def is_long(self, one: Hypothesis) -> bool:
        """Whether the open word of a text is more than a syllable, or no word."""
        word = self._word(one.open_word).rstrip(_HALF_LETTER)
        if not word:  # no token yet, or the first half of a letter (`ở`)
            return False
        return len(word) > _MOST_LETTERS or not word.isalpha() or bool(_NOT_TEXT.search(word))

    def ended(self, closed: Sequence[Hypothesis]) -> Sequence[Hypothesis]:
        """Closed texts, none of them going on any more."""
        if self._language is None:
            return closed
        return [replace(one, language=one.language + self._language.ended(one.words)) for one in closed]

    def _word(self, tokens: tuple[int, ...]) -> str:
        if tokens not in self._spelt:
            self._spelt[tokens] = self._spelling.decode(list(tokens)).strip() if tokens else ""
        return self._spelt[tokens]


def _without(found: Floats, never: NDArray[np.intp]) -> Floats:
    """Log probabilities among the tokens that may be said."""
    values: Floats = found.copy()
    values[:, never] = _NEVER
    most = values.max(axis=1, keepdims=True)
    values -= most + np.log(np.exp(values - most).sum(axis=1, keepdims=True))
    return values


def _scores(
    growing: Sequence[Hypothesis],
    closed: Sequence[Hypothesis],
    ended: Sequence[Hypothesis],
    log_probabilities: Floats,
    begins: NDArray[np.bool_],
    end: int,
) -> Floats:
    """The nats of every way of going on: with what it closes, where it begins a word or ends."""
    grown, after, last = (np.array([[one.nats] for one in some], np.float32) for some in (growing, closed, ended))
    scores: Floats = log_probabilities + np.where(begins, after, grown)
    scores[:, end] = log_probabilities[:, end] + last[:, 0]
    return scores


def _best(scores: Floats, count: int) -> list[tuple[int, int]]:
    """Rows and columns of the highest scores that are possible, the highest first."""
    flat = scores.ravel()
    places = np.flatnonzero(flat > flat.max() - _NEAR_NATS)
    if len(places) < count:
        places = np.flatnonzero(flat > _NEVER)
    chosen = places[np.argsort(-flat[places], kind="stable")[:count]]
    return [divmod(int(place), scores.shape[1]) for place in chosen]


def _grown(before: Hypothesis, token: int, nats: float, *, after_mark: bool) -> Hypothesis:
    return replace(
        before,
        tokens=(*before.tokens, token),
        sound=before.sound + float(nats),
        open_word=(*before.open_word, token),
        after_mark=after_mark,
    )


def _ended(closed: Hypothesis, nats: float) -> Hypothesis:
    return replace(closed, sound=closed.sound + float(nats))
