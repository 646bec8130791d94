"""What the search pays and is paid, in nats: one record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Costs:
    """The weights of the one score, fitted by `scripts/fit_search.py` on readings of the training clips (`fosd`).

    The score of a text is log P(text | sound) + `language` x log P(words | article and language) + `word` for each
    word + `heard` for each word that the engine heard by itself and the article does not have.
    """

    #: The weight of the language model. The decoder has a language of its own, so that its scores differ less than the
    #: sound alone would make them.
    language: float = 2.0
    #: A decoder and a language model both prefer short texts: without it they leave out what was said.
    word: float = 8.0
    #: The engine looked for it among all words, and found it in the sound.
    heard: float = 4.0
