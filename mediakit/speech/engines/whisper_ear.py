"""Hears windows with a Whisper model in CTranslate2's form, several in one pass.

Three things make it cheap beside a transcription window by window:

- The encoder is given 12 to 16 s, not 30. Its time grows faster than the length: two windows of 15 s take half of what
  one of 30 s does.
- A step of the decoder reads all weights for one token of each window, so that several windows cost little more than
  one. Who asks runs passes beside each other, each in a thread of its own: the steps are too small to be shared by
  threads.
- A window is heard once: no timestamps are asked for and nothing is sought again; words get their times from the
  attention of mediakit's own decoder (:meth:`mediakit.speech.decoder.decoder.WindowDecoder.align`).

A window that seems foreign is heard, where that is asked for, in the language that is spoken: the test
(:mod:`mediakit.speech.languages`) is one step of the decoder on what is encoded already, 2 to 3 % of the time.
What is heard so must be heard surely; if not, the window is heard once more in the language of all others.

What is heard in a window does not depend on the others of its pass: each is given as many frames as its own length
asks for, only those with as many share a pass, and in 8-bit integers each row of a product is rounded by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from mediakit.errors import EngineError
from mediakit.speech.decoder.decoder import Aligned
from mediakit.speech.decoder.decoders import Decoders
from mediakit.speech.engine import Hearing, Window
from mediakit.speech.engines.whisper_encoder import (
    ALIGNMENT_FRAME_MS,
    encode,
    frames_of,
    joined,
    room_for,
)
from mediakit.speech.engines.whisper_languages import Tongues
from mediakit.speech.engines.words import LEAST_HEARD_MS, LOOP_RATIO, clean_words
from mediakit.speech.languages import SURELY_HEARD, foreign
from mediakit.speech.signals import EngineSignals
from mediakit.timeline import Span, Word

#: Feature frames (of 10 ms) that a window is given. With much less than 12 s the model says the same again at its end.
#: Of every other clip of `../shared/speech` with up to 4 s more than there is, 61 % of the words are wrong, with at
#: least 8 s 51 %, with at least 12 or 16 s 46 %, with 30 s 47 %; of the readings with 12 as with 16 s 49 %.
_ROOM = {"silence": 50, "step": 200, "least": 1200}
#: How many ways of going on the search follows, as faster-whisper does. With one, 50 % are wrong and not 46, for two
#: thirds of the search's time: encoding, weighing texts and hearing again what was misheard cost more than that.
_BEAM = 5
#: So many windows share a pass on a CPU; more gain nothing, and each takes 20 MB of memory in a beam of 5.
TOGETHER = 4
#: The most tokens that a window may have: a loop would go on to 448 of them whatever the window's length. The clips of
#: `../shared/speech` have 6.3 tokens a second (median of 117) and 10.0 at most.
_TOKENS_PER_SECOND, _TOKENS_BESIDES, _MOST_TOKENS = 12, 16, 440
#: Marks that belong to the next word and to the last (as in `faster_whisper.transcribe`).
_BEFORE, _AFTER = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
#: Sound that is nowhere louder than -74 dBFS is silence. Whisper's own rule for silence (section 4.5 of the paper) is
#: not used: it takes clips of clear speech for none; what is made up is found by :mod:`mediakit.speech.invented`.
_SILENCE = 2e-4
#: A window that loops is heard once more; then no three tokens may come twice.
_NO_REPEAT = 3


@dataclass(frozen=True, slots=True)
class _Draft:
    """What a search gave: text tokens, mean log probability (nats a token), probability that nobody speaks."""

    tokens: tuple[int, ...] = ()
    mean_log_probability: float = 0.0
    no_speech: float = 1.0
    compression_ratio: float = 1.0

    def signals(self, words: Sequence[Word]) -> tuple[EngineSignals, ...]:
        if not words:
            return ()
        span = Span(words[0].start_ms, words[-1].end_ms)
        no_speech = min(1.0, max(0.0, self.no_speech))
        return (EngineSignals(span, no_speech, self.mean_log_probability, self.compression_ratio),)

    @property
    def loops(self) -> bool:
        return self.compression_ratio > LOOP_RATIO


class WhisperEar:
    """Hears with a `faster_whisper.WhisperModel` in one language, and in others where they are spoken."""

    def __init__(self, model: Any, tongues: Tongues, decoders: Decoders, language: str, together: int) -> None:
        from faster_whisper.transcribe import get_suppressed_tokens

        self._decoders = decoders
        self._model, self._tongues, self._language, self._together = model, tongues, language, together
        self._tokenizer = tongues.of(language)
        # What is no speech, as Whisper has it: musical notes, brackets, a speaker's dash (-1 stands for all of these).
        # It is the same in all languages.
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))

    def hear(self, windows: Sequence[Window], *, tells: bool = False) -> list[Hearing]:
        """What is heard in each of `windows`, as many as were agreed upon in a pass at most.

        With `tells`, a window that says no language is heard in the one that is spoken, where that is foreign beyond
        doubt.

        Raises
        ------
        EngineError
            If the model fails on this sound.
        """
        found = [Hearing() for _ in windows]
        for room, chosen in _passes(windows, self._together):
            for i, hearing in zip(chosen, self._pass([windows[i] for i in chosen], room, tells), strict=True):
                found[i] = hearing
        return found

    def languages_of(self, window: Window) -> dict[str, float]:
        """The probability of each language in a window; none for one that is too short to be heard.

        Raises
        ------
        EngineError
            If the model fails on this sound.
        """
        if not len(window.samples):
            return {}
        try:
            (found,) = self._tongues.heard_in(encode(self._model, window, room_of(window)))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
        return found

    def _pass(self, windows: Sequence[Window], room: int, tells: bool) -> list[Hearing]:
        try:
            return self._heard(windows, room, tells)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {windows[0].start_ms} ms ({error})") from error

    def _heard(self, windows: Sequence[Window], room: int, tells: bool) -> list[Hearing]:
        encoded = [encode(self._model, window, room) for window in windows]
        languages, guessed = self._languages(windows, encoded, tells)
        tongues = [self._tongues.of(language) for language in languages]
        drafts = self._search(encoded, tongues, room)
        for i in guessed:
            if drafts[i].loops or drafts[i].mean_log_probability < SURELY_HEARD:
                languages[i], tongues[i] = self._language, self._tongues.of(self._language)
                (drafts[i],) = self._search([encoded[i]], [tongues[i]], room)
        for i, draft in enumerate(drafts):
            if draft.loops:
                one = slice(i, i + 1)
                (again,) = self._search(encoded[one], tongues[one], room, no_repeat_ngram_size=_NO_REPEAT)
                drafts[i] = _Draft() if again.loops else again
        timed = map(self._timed, encoded, windows, drafts, tongues)
        named = (language if language != self._language else None for language in languages)
        return [replace(hearing, language=language) for hearing, language in zip(timed, named, strict=True)]

    def _languages(
        self, windows: Sequence[Window], encoded: Sequence[Any], tells: bool
    ) -> tuple[list[str], Sequence[int]]:
        """The language that each window is heard in at first, and the places of those that only seem foreign so far."""
        languages = [window.language or self._language for window in windows]
        asked = [i for i, window in enumerate(windows) if window.language is None]
        if not (asked and tells and self._tongues.tells):
            return languages, ()
        for i, heard_in in zip(asked, self._tongues.heard_in(joined([encoded[i] for i in asked])), strict=True):
            other = foreign(heard_in, self._language, windows[i].end_ms - windows[i].start_ms)
            languages[i] = other.language if other is not None else self._language
        return languages, [i for i in asked if languages[i] != self._language]

    def _search(self, encoded: Sequence[Any], tongues: Sequence[Any], room: int, **more: int) -> list[_Draft]:
        """The texts of windows, each asked for in its own language by a prompt of the same length."""
        prompts = [[*tongue.sot_sequence, tongue.no_timestamps] for tongue in tongues]
        results = self._model.model.generate(
            joined(encoded),
            prompts,
            beam_size=_BEAM,
            max_length=len(prompts[0]) + most_tokens(room),
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
            **more,
        )
        return [self._draft(result) for result in results]

    def _draft(self, result: Any) -> _Draft:
        tokens = tuple(token for token in result.sequences_ids[0] if token < self._tokenizer.eot)
        text = self._tokenizer.decode(list(tokens)).strip()
        return _Draft(tokens, float(result.scores[0]), float(result.no_speech_prob), _compression_ratio(text))

    def _timed(self, encoded: Any, window: Window, draft: _Draft, tongue: Any) -> Hearing:
        """A draft's words with their times, by the decoder's attention to the sound."""
        if not draft.tokens:
            return Hearing()
        prompt, text = [*tongue.sot_sequence, tongue.no_timestamps], [*draft.tokens, tongue.eot]
        decoder = self._decoders.of([*prompt, *text]).on(np.asarray(encoded, dtype=np.float32)[0], prompt)
        (aligned,) = decoder.align([text], frames_of(window.samples) // 2, end=tongue.eot)
        words = tuple(clean_words(_words(draft.tokens, aligned, tongue), window))
        return Hearing(words, draft.signals(words))


def _words(tokens: Sequence[int], aligned: Aligned, tongue: Any) -> Iterator[tuple[str, float, float, float]]:
    """Text, start and end in seconds, and probability of each word, with the marks that belong to it."""
    from faster_whisper.transcribe import merge_punctuations

    texts, parts = tongue.split_to_word_tokens([*tokens, tongue.eot])
    edges, probabilities = aligned.frames, np.exp(aligned.scores)
    found: list[dict[str, Any]] = []
    first = 0
    for text, part in zip(texts[:-1], parts[:-1], strict=True):
        last = first + len(part)
        score = float(np.mean(probabilities[first:last]))
        found.append({"word": text, "tokens": part, "start": edges[first], "end": edges[last], "score": score})
        first = last
    merge_punctuations(found, _BEFORE, _AFTER)
    for word in found:
        start_s, end_s = (word[edge] * ALIGNMENT_FRAME_MS / 1000 for edge in ("start", "end"))
        yield word["word"], start_s, end_s, word["score"]


def room_of(window: Window) -> int:
    """How many feature frames (of 10 ms) a window is given; windows with as many can share a pass."""
    return room_for(window.samples, **_ROOM)


def _passes(windows: Sequence[Window], together: int) -> Iterator[tuple[int, list[int]]]:
    """For each pass its room and the windows (by their places) that share it: as few passes as may be, of like size."""
    rooms: dict[int, list[int]] = {}
    for i, window in enumerate(windows):
        if window.end_ms - window.start_ms >= LEAST_HEARD_MS and np.max(np.abs(window.samples)) >= _SILENCE:
            rooms.setdefault(room_of(window), []).append(i)
    for room, chosen in sorted(rooms.items()):
        count = -(-len(chosen) // together)
        for first, last in pairwise(len(chosen) * n // count for n in range(count + 1)):
            yield room, chosen[first:last]


def most_tokens(room: int) -> int:
    """How many tokens there may be in sound of `room` feature frames (of 10 ms); nobody speaks faster.

    >>> most_tokens(200), most_tokens(3000)
    (40, 376)
    """
    return min(_MOST_TOKENS, _TOKENS_BESIDES + _TOKENS_PER_SECOND * room // 100)


def _compression_ratio(text: str) -> float:
    """How many times smaller zlib makes a text; 1 for none."""
    data = text.encode("utf-8")
    return len(data) / len(zlib.compress(data)) if data else 1.0
