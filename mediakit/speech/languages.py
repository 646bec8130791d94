"""Which language is spoken: a stretch of foreign speech is heard and marked as such, not forced into Vietnamese words.

Whisper's own test of language is a distribution over its 100 or so languages from the first token that the decoder
would give (Radford et al. 2022, section 2.3); on a window that is encoded already it costs one step of the decoder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mediakit.speech.engine import Engine, Window

#: Stands for a language that is not known yet; what is spoken decides.
AUTO = "auto"
#: The language of articles, and of media of which nothing else is known.
USUAL = "vi"
#: The test is heard on so much sound at least: a word or two may be of any language.
LEAST_MS = 1000
#: Speech may be foreign where another language is so many times as probable as the expected one, and probable itself.
#: It is, where what is heard in that language has this mean log probability (nats a token) and is no loop.
#: Whisper base, windows as they are cut, 16 s of room. Of 117 Vietnamese clips (`../shared/speech`, 1.5 to 11.4 s) it
#: puts another language first for 15; 2 pass the first two bounds, and none is then heard with more than -1.3, but for
#: a loop. Of 18 clips of English by voices of espeak-ng (an easy voice) 17 pass both, heard with -0.43 at least; 6 of 6
#: of Spanish; of other languages, which it hears worse, few: those stay Vietnamese. Indonesian it takes for Thai, but
#: hears none of it with more than -0.75. What real foreign guests give was not measured.
_TIMES, _SURE = 100.0, 0.5
SURELY_HEARD = -0.7
#: A window of a medium whose language nobody gave is so many times as likely in the usual language as in any other.
_USUALLY = 10.0


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

    def in_language(self, language: str) -> Engine:
        """The same engine for another language; both share the weights.

        Raises
        ------
        UsageError
            If the model does not know the language.
        """


def foreign(probabilities: Mapping[str, float], expected: str, duration_ms: int) -> Spoken | None:
    """The other language that seems to be spoken, or None; whether it is, is for what is heard in it to say.

    >>> foreign({"en": 0.95, "vi": 0.0001, "la": 0.04}, "vi", 4000)
    Spoken(language='en', probability=0.95)
    >>> foreign({"zh": 0.88, "vi": 0.06, "th": 0.04}, "vi", 2500) is None
    True
    >>> foreign({"en": 0.95, "vi": 0.0001, "la": 0.04}, "vi", 600) is None
    True
    """
    if not probabilities or duration_ms < LEAST_MS:
        return None
    language = max(probabilities, key=lambda code: probabilities[code])
    probability = probabilities[language]
    clear = probability >= _SURE and probability >= _TIMES * probabilities.get(expected, 0.0)
    return Spoken(language, probability) if language != expected and clear else None


def spoken(tests: Iterable[tuple[Mapping[str, float], int]]) -> Spoken | None:
    """The language of a whole medium from tests of its windows, each with its length in ms; None without any.

    Windows count by their length: a short answer in one language does not decide for a speech in another. The usual
    language has the benefit of the doubt in each window.

    >>> spoken([({"vi": 0.9, "en": 0.1}, 5_000), ({"vi": 0.01, "en": 0.99}, 20_000)]).language
    'en'
    >>> spoken([({"vi": 0.1, "zh": 0.9}, 2_000)]).language
    'vi'
    """
    known = [(_with_usual(probabilities), ms) for probabilities, ms in tests if any(probabilities.values()) and ms > 0]
    total = sum(ms for _, ms in known)
    sums: dict[str, float] = {}
    for probabilities, ms in known:
        for language, probability in probabilities.items():
            sums[language] = sums.get(language, 0.0) + probability * ms / total
    if not sums:
        return None
    language = max(sums, key=lambda code: sums[code])
    return Spoken(language, min(1.0, round(sums[language], 6)))


def _with_usual(probabilities: Mapping[str, float]) -> dict[str, float]:
    """The probabilities with what is known before anything is heard; they sum to 1."""
    weighed = {code: probability * (_USUALLY if code == USUAL else 1.0) for code, probability in probabilities.items()}
    total = sum(weighed.values())
    return {code: probability / total for code, probability in weighed.items()}
