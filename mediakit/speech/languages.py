"""Which language is spoken: a stretch of foreign speech is marked as such, not forced into Vietnamese words.

Whisper's own test of language is a distribution over its 99 or so languages from the first token that the decoder would
give (Radford et al. 2022, section 2.3); on a window that is encoded already it costs one step of the decoder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mediakit.speech.engine import Window
from mediakit.timeline import Word

#: Stands for a language that is not known yet; what is spoken decides.
AUTO = "auto"
#: The test is heard on so much sound at least: a word or two may be of any language.
LEAST_MS = 1000
#: Speech is foreign where another language is so many times as probable as the expected one, and probable itself.
#: Of 117 Vietnamese clips (1.5 to 11.4 s, `../shared/speech`) Whisper base puts another language first for 17, up to
#: 117 times as probable as Vietnamese; for 12 clips of English (1.4 to 7.5 s, by espeak-ng, an easy voice) it is 1,128
#: times at least. What real foreign guests give was not measured.
_TIMES, _SURE = 500.0, 0.7


@dataclass(frozen=True, slots=True)
class Spoken:
    """The language that is spoken most likely (a code of Whisper's, mostly ISO 639-1), and how probable it is."""

    language: str
    probability: float


@runtime_checkable
class KnowsLanguages(Protocol):
    """An engine that can tell languages, and hear each window in the one that is spoken."""

    def languages_of(self, window: Window) -> Mapping[str, float]:
        """The probability of each language that the model knows, in the sound of `window`; they sum to 1.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """

    def hear_in(self, window: Window, language: str) -> tuple[Word, ...]:
        """As :meth:`mediakit.speech.engine.Engine.hear`, in another language than the engine was opened for.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        UsageError
            If the model does not know the language.
        """


def foreign(probabilities: Mapping[str, float], expected: str, duration_ms: int) -> Spoken | None:
    """The other language that is spoken beyond doubt, or None.

    >>> foreign({"en": 0.95, "vi": 0.0001, "la": 0.04}, "vi", 4000)
    Spoken(language='en', probability=0.95)
    >>> foreign({"zh": 0.94, "vi": 0.02, "th": 0.04}, "vi", 2500) is None
    True
    >>> foreign({"en": 0.95, "vi": 0.0001, "la": 0.04}, "vi", 600) is None
    True
    """
    if not probabilities or duration_ms < LEAST_MS:
        return None
    language = max(probabilities, key=lambda code: probabilities[code])
    probability = probabilities[language]
    beyond_doubt = probability >= _SURE and probability >= _TIMES * probabilities.get(expected, 0.0)
    return Spoken(language, probability) if language != expected and beyond_doubt else None


def spoken(tests: Iterable[tuple[Mapping[str, float], int]]) -> Spoken | None:
    """The language of a whole medium from tests of its windows, each with its length in ms; None without any.

    Windows count by their length: a short answer in one language does not decide for a speech in another.

    >>> spoken([({"vi": 0.9, "en": 0.1}, 20_000), ({"vi": 0.2, "en": 0.8}, 5_000)])
    Spoken(language='vi', probability=0.76)
    """
    known = [(probabilities, ms) for probabilities, ms in tests if probabilities and ms > 0]
    total = sum(ms for _, ms in known)
    sums: dict[str, float] = {}
    for probabilities, ms in known:
        for language, probability in probabilities.items():
            sums[language] = sums.get(language, 0.0) + probability * ms / total
    if not sums:
        return None
    language = max(sums, key=lambda code: sums[code])
    return Spoken(language, round(sums[language], 6))
