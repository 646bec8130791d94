"""Hears windows with a Whisper model in CTranslate2's form: it encodes, and our own decoder searches.

- The encoder is given 12 to 16 s, not 30. Its time grows faster than the length: two windows of 15 s take half of what
  one of 30 s does.
- The texts are those of :mod:`mediakit.speech.decoder.beam`. What they score is what the sound says and, in
  Vietnamese, how likely the words are (:mod:`mediakit.language_model.fusion`), how well a CTC head bears them out where
  the model has one (:mod:`mediakit.speech.ctc.joint`), and that they go through the sound once from its beginning to
  its end. What the engine says of a text (:mod:`mediakit.speech.signals`) is of the sound alone.
- All that looks at a window (which language, which words, which times) shares the keys and values of its sound; the
  first token's probabilities tell the language and whether anybody speaks.
- Who asks hears windows beside each other, each in a thread of its own: steps are too small to be shared by threads.

A window that seems foreign is heard, where that is asked for, in the language that is spoken
(:mod:`mediakit.speech.languages`). What is heard so must be heard surely; if not, the window is heard once more in the
language of all others.

On a GPU CTranslate2 decodes too, by the sound alone (`generates`): ONNX Runtime, as it is installed, has no GPU, and
what a step of a large model takes on a CPU is more than what the language gains.

What is heard in a window does not depend on the others of its pass: each is given as many frames as its own length
asks for, only those with as many share a pass, and in 8-bit integers each row of a product is rounded by itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from mediakit.errors import EngineError
from mediakit.language_model.fusion import Fusion, FusionCosts, syllables_of
from mediakit.language_model.ngram import NGram
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import CtcHead
from mediakit.speech.ctc.joint import Joint
from mediakit.speech.decoder.beam import Hypothesis, Language, Reading, Tokens, search
from mediakit.speech.decoder.decoder import Aligned, Decoder, Floats, WindowDecoder
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
from mediakit.speech.engines.whisper_vocabulary import TRIMMED_LANGUAGE
from mediakit.speech.engines.words import LEAST_HEARD_MS, LOOP_RATIO, clean_words, whole_words
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
#: Tried on windows of `../shared/speech/fosd` (`scripts/measure_fusion.py`), without a CTC head: without the costs of
#: reading the language gains nothing; a weight of 0.2 leaves words out, one of 0.35 loops.
COSTS = FusionCosts(weight=0.3, a_syllable=1.8)
#: With a head, and what its log probability counts. Tried (twenty times) on twelve recordings of clips that it had not
#: learnt from, as they are and with noise or music at 5 to 15 dB. With the costs above and no head 44 and 64 words of
#: 100 are wrong, 19 and 20 of them left out; with the head at 0.3 35 and 59; with 3 to 4 nats a syllable, too, 33 and
#: 56, of them 3 and 8 left out. At 0.5 and more beams end in what has no sounds.
JOINT_COSTS, CTC_WEIGHT = FusionCosts(weight=0.35, a_syllable=3.5), 0.3
READING = Reading(again=3.0, back_frames=25, a_frame=0.06, free_frames=100, most=8.0)
#: The most tokens that a window may have: a loop would go on to 448 of them whatever the window's length. The clips of
#: `../shared/speech` have 6.3 tokens a second (median of 117) and 10.0 at most.
_TOKENS_PER_SECOND, _TOKENS_BESIDES, _MOST_TOKENS = 12, 16, 440
#: Marks that belong to the next word and to the last (as in `faster_whisper.transcribe`).
_BEFORE, _AFTER = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
#: Sound that is nowhere louder than -74 dBFS is silence. Whisper's own rule for silence (section 4.5 of the paper) is
#: not used: it takes clips of clear speech for none; what is made up is found by :mod:`mediakit.speech.invented`.
_SILENCE = 2e-4
#: What CTranslate2 makes loop is heard once more; then no three tokens may come twice.
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


class _Sound:
    """A window that is encoded, and the decoder on it, in each language that it is asked in."""

    def __init__(self, encoded: Any, decoders: Decoders, frames: int) -> None:
        self.encoded, self._decoders, self._frames = encoded, decoders, frames
        self._asked: dict[str, WindowDecoder] = {}
        self._heard: Floats | None = None

    def on(self, tongue: Any) -> WindowDecoder:
        """The decoder, asked for a text in a language."""
        language = tongue.language_code
        if language not in self._asked:
            decoder = self._decoders.of(_prompt(tongue)) if language == TRIMMED_LANGUAGE else self._decoders.whole()
            self._asked[language] = decoder.on(np.asarray(self.encoded, dtype=np.float32)[0], _prompt(tongue))
        return self._asked[language]

    def heard_by(self, head: CtcHead) -> Floats:
        """What a CTC head gives for the window, without the silence that it was filled up with."""
        if self._heard is None:
            self._heard = head.frames(np.asarray(self.encoded, dtype=np.float32)[0, : self._frames])
        return self._heard


class WhisperEar:
    """Hears with a `faster_whisper.WhisperModel` in one language, and in others where they are spoken.

    By the beam of our own decoder; or with `generates` by CTranslate2's, for whom a GPU decodes.
    """

    def __init__(
        self,
        model: Any,
        tongues: Tongues,
        decoders: Decoders,
        language: str,
        together: int,
        *,
        generates: bool = False,
        head: CtcHead | None = None,
    ) -> None:
        from faster_whisper.transcribe import get_suppressed_tokens

        self._decoders, self._generates, self._head = decoders, generates, head
        self._model, self._tongues, self._language, self._together = model, tongues, language, together
        self._tokenizer = tongues.of(language)
        # What is no speech, as Whisper has it: musical notes, brackets, a speaker's dash (-1 stands for all of these).
        # It is the same in all languages.
        self._suppressed = list(get_suppressed_tokens(self._tokenizer, [-1]))
        self._tokens: dict[Decoder, Tokens] = {}

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
            return self._heard_in(self._sound(window, room_of(window)))
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error

    def texts_of(self, window: Window) -> list[Hypothesis]:
        """The best texts of a window in the engine's own language, the likeliest first.

        Raises
        ------
        EngineError
            If the model fails on this sound.
        """
        room = room_of(window)
        try:
            return self._texts(self._sound(window, room), self._tokenizer, room)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error

    def _sound(self, window: Window, room: int) -> _Sound:
        return _Sound(encode(self._model, window, room), self._decoders, max(1, frames_of(window.samples) // 2))

    def _pass(self, windows: Sequence[Window], room: int, tells: bool) -> list[Hearing]:
        try:
            return self._heard(windows, room, tells)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the engine failed at {windows[0].start_ms} ms ({error})") from error

    def _heard(self, windows: Sequence[Window], room: int, tells: bool) -> list[Hearing]:
        sounds = [self._sound(window, room) for window in windows]
        languages, guessed = self._languages(windows, sounds, tells)
        tongues = [self._tongues.of(language) for language in languages]
        drafts = self._search(sounds, tongues, room)
        for i in guessed:
            if drafts[i].loops or drafts[i].mean_log_probability < SURELY_HEARD:
                languages[i], tongues[i] = self._language, self._tokenizer
                (drafts[i],) = self._search([sounds[i]], [tongues[i]], room)
        timed = map(self._timed, sounds, windows, drafts, tongues)
        return [
            replace(hearing, language=language)
            if language != self._language
            else replace(hearing, ctc=self._ctc(sound, window))
            for hearing, language, sound, window in zip(timed, languages, sounds, windows, strict=True)
        ]

    def _ctc(self, sound: _Sound, window: Window) -> bytes:
        return Frames.of(window.start_ms, sound.heard_by(self._head)).packed() if self._head is not None else b""

    def _languages(
        self, windows: Sequence[Window], sounds: Sequence[_Sound], tells: bool
    ) -> tuple[list[str], Sequence[int]]:
        """The language that each window is heard in at first, and the places of those that only seem foreign so far."""
        languages = [window.language or self._language for window in windows]
        if not (tells and self._tongues.tells):
            return languages, ()
        asked = [i for i, window in enumerate(windows) if window.language is None]
        for i in asked:
            other = foreign(self._heard_in(sounds[i]), self._language, windows[i].end_ms - windows[i].start_ms)
            languages[i] = other.language if other is not None else self._language
        return languages, [i for i in asked if languages[i] != self._language]

    def _heard_in(self, sound: _Sound) -> dict[str, float]:
        """The probability of each language: what stands in its place, where a text begins, is among their tokens."""
        if not self._tongues.tells:
            return {"en": 1.0}
        window, known = sound.on(self._tokenizer), self._tongues.tokens()
        found = window.prompted[0, window.decoder.columns(list(known.values()))].astype(np.float64)
        weights = np.exp(found - found.max())
        return dict(zip(known, (weights / weights.sum()).tolist(), strict=True))

    def _search(self, sounds: Sequence[_Sound], tongues: Sequence[Any], room: int) -> list[_Draft]:
        """The texts of windows, each asked for in its own language by a prompt of the same length."""
        if self._generates:
            return self._generated(sounds, tongues, room)
        return [
            self._draft(best.tokens, best.sound_a_token, self._no_speech(sound.on(tongue)))
            for sound, tongue in zip(sounds, tongues, strict=True)
            for best in self._texts(sound, tongue, room)[:1]
        ]

    def _texts(self, sound: _Sound, tongue: Any, room: int) -> list[Hypothesis]:
        window = sound.on(tongue)
        return search(
            window,
            self._tokens_of(window.decoder),
            tongue,
            most_tokens=most_tokens(room),
            width=_BEAM,
            language=self._language_on(sound, tongue),
            reading=READING,
        )

    def _language_on(self, sound: _Sound, tongue: Any) -> Language | None:
        if tongue.language_code != TRIMMED_LANGUAGE:
            return None
        if self._head is None:
            return vietnamese(COSTS)
        prefixes = self._head.prefixes(sound.heard_by(self._head), syllables_of)
        return Joint(vietnamese(JOINT_COSTS), prefixes, CTC_WEIGHT)

    def _tokens_of(self, decoder: Decoder) -> Tokens:
        if decoder not in self._tokens:
            spelt = self._tokenizer.tokenizer.id_to_token
            vocabulary = {token: spelt(token) or "" for token in decoder.tokens}
            # A text begins with no blank alone, and does not end at once (`suppress_ids_begin`).
            not_first = [*self._tokenizer.encode(" "), self._tokenizer.eot]
            self._tokens[decoder] = Tokens.of(
                decoder,
                vocabulary,
                end=self._tokenizer.eot,
                suppressed=self._suppressed,
                suppressed_first=not_first,
            )
        return self._tokens[decoder]

    def _no_speech(self, window: WindowDecoder) -> float:
        """The probability that nobody speaks, as Whisper has it: that of a token in the place of the language's."""
        (column,) = window.decoder.columns([self._tokenizer.no_speech])
        return float(np.exp(window.prompted[0, column]))

    def _generated(self, sounds: Sequence[_Sound], tongues: Sequence[Any], room: int) -> list[_Draft]:
        """The same by CTranslate2, by the sound alone; what loops is heard once more."""
        prompts = [_prompt(tongue) for tongue in tongues]

        def ask(chosen: Sequence[int], **more: int) -> list[_Draft]:
            results = self._model.model.generate(
                joined([sounds[i].encoded for i in chosen]),
                [prompts[i] for i in chosen],
                beam_size=_BEAM,
                max_length=len(prompts[0]) + most_tokens(room),
                suppress_tokens=self._suppressed,
                return_scores=True,
                return_no_speech_prob=True,
                **more,
            )
            return [
                self._draft(result.sequences_ids[0], float(result.scores[0]), float(result.no_speech_prob))
                for result in results
            ]

        drafts = ask(range(len(sounds)))
        for i, draft in enumerate(drafts):
            if draft.loops:
                (again,) = ask([i], no_repeat_ngram_size=_NO_REPEAT)
                drafts[i] = _Draft() if again.loops else again
        return drafts

    def _draft(self, tokens: Sequence[int], mean_log_probability: float, no_speech: float) -> _Draft:
        said = tuple(token for token in tokens if token < self._tokenizer.eot)
        text = self._tokenizer.decode(list(said)).strip()
        return _Draft(said, mean_log_probability, no_speech, _compression_ratio(text))

    def _timed(self, sound: _Sound, window: Window, draft: _Draft, tongue: Any) -> Hearing:
        """A draft's words with their times, by the decoder's attention to the sound."""
        if not draft.tokens:
            return Hearing()
        frames = frames_of(window.samples) // 2
        (aligned,) = sound.on(tongue).align([[*draft.tokens, tongue.eot]], frames, end=tongue.eot)
        words = tuple(clean_words(whole_words(_words(draft.tokens, aligned, tongue)), window))
        return Hearing(words, draft.signals(words))


def _prompt(tongue: Any) -> list[int]:
    return [*tongue.sot_sequence, tongue.no_timestamps]


@lru_cache
def vietnamese(costs: FusionCosts) -> Fusion:
    """What Vietnamese adds to what the sound says, at some costs."""
    return Fusion(NGram.open(), costs)


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
