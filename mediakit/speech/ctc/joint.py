"""Adds a CTC head's score of a text to that of a language, while the text is found."""

from __future__ import annotations

from collections.abc import Sequence

from mediakit.speech.ctc.prefixes import Prefixes
from mediakit.speech.decoder.beam import Language


class Joint:
    """Implements :class:`mediakit.speech.decoder.beam.Language` on one window."""

    hears = True

    def __init__(self, language: Language, prefixes: Prefixes, weight: float) -> None:
        self._language, self._prefixes, self._weight = language, prefixes, weight

    def added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> list[float]:
        """See :meth:`mediakit.speech.decoder.beam.Language.added`."""
        return [
            own + self._weight * self._prefixes.added(before, word)
            for own, (before, word) in zip(self._language.added(asked), asked, strict=True)
        ]

    def ended(self, words: tuple[str, ...]) -> float:
        """See :meth:`mediakit.speech.decoder.beam.Language.ended`."""
        return self._language.ended(words) + self._weight * self._prefixes.ended(words)
