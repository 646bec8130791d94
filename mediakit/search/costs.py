"""What the search pays and is paid, in nats: one record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What a path through a lattice is scored by, but for log P(text | sound)."""

    #: log P(words | article and general language), in nats.
    language: float
    #: Syllables, as they are said.
    syllables: int
    #: Syllables of the article in whose place nothing was heard, beyond those that there is unheard sound for.
    unheard: float
    #: Heard words that are not the article's.
    heard: int
    #: By how many nats they are likelier than chance the article's words, misheard.
    likeness: float
    #: log P(syllables | sound) by the CTC head, in nats.
    ctc: float = 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """The weights of the one score, fitted by `scripts/fit_search.py` on readings of the training clips (`fosd`).

    `number` was chosen on 66 places in 60 of these clips: where their article has another number than is said none of
    it is printed, where it has the right one 64 are.
    """

    #: The weight of the language model. The decoder has a language of its own, so that its scores differ less than the
    #: sound alone would make them.
    language: float = 1.0
    #: A decoder and a language model both prefer short texts: without it they leave out what was said.
    syllable: float = 6.0
    #: For what the engine did not hear, though it heard all there is to hear, there is the article's word alone.
    unheard: float = -4.5
    #: The engine looked for it among all words, and found it in the sound.
    heard: float = -1.0
    #: What sounds like the article's word is that word, misheard, more often than another.
    likeness: float = -1.5
    #: A second witness, which has no language and has each sound said somewhere.
    ctc: float = 0.5
    #: So much better than any other number of its kind must the sound bear a number of the article that was not heard.
    number: float = 2.0
    #: So much must the sound gain by each token of a text more than another has (:mod:`mediakit.speech.evidence`): of
    #: 51 clauses of three clips joined to a sentence those that were not said had up to 0.16, the others from 1.3.
    token: float = 0.3
    #: Who reads word for word seems to depart from the text in so many places a word, by so many nats in the mean; and
    #: of the departures that are kept this share may be such. The first was measured on nine readings of `fosd` clips;
    #: the others were chosen on these and on nine more that depart.
    chance: float = 0.015
    chance_gain: float = 11.0
    false_share: float = 0.2

    def of(self, terms: Terms, sound: float) -> float:
        """The score of a path, in nats; `sound` is log P(text | sound)."""
        return (
            sound
            + self.language * terms.language
            + self.syllable * terms.syllables
            + self.unheard * terms.unheard
            + self.heard * terms.heard
            + self.likeness * terms.likeness
            + self.ctc * terms.ctc
        )
