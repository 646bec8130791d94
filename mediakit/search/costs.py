"""What the search pays and is paid, in nats: one record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Terms:
    """What a path through a lattice is scored by."""

    #: log P(syllables | sound) by the CTC head, in nats.
    sound: float
    #: log P(words | article and general language), in nats.
    language: float
    #: Syllables, as they are said.
    syllables: int


@dataclass(frozen=True, slots=True)
class Costs:
    """The weights of the one score, and what placement pays, in nats.

    All but the last three, `number` and `misheard` were tried on eighteen readings of the training clips (`fosd`; see
    `scripts/fit_search.py`), and what placement pays also on these with each other's articles, of which little may be
    found. `number` and `misheard` were chosen on 66 places in such clips where their article has another number than is
    said: none of it is printed, and where it has the right one 64 are.
    """

    #: Frames depend on each other, so that the head is surer than it should be.
    sound: float = 0.8
    #: A language model prefers short texts: without it what was said is left out.
    syllable: float = 6.0
    #: So much better than any other number of its kind must the sound bear a number of the article that was not heard;
    #: and what was heard in its place may be so much better, for it was searched for in the sound.
    number: float = 4.0
    misheard: float = 12.0
    #: Words of the article that were heard otherwise are not printed where free speech explains them so much better, a
    #: word: of runs of three and more the worst that was said had 0.3, one of other words 7.7.
    unborne: float = 3.0
    #: What free speech costs for each of its sounds, how much more inside a sentence, and a syllable left out there.
    free_sound: float = 2.5
    added_sound: float = 0.7
    left_out: float = 2.0
    #: What it costs at the most to begin inside a sentence, or to break it off.
    broken_off: float = 8.0
    #: What it costs to begin with the next sentence, with a later one, and with any.
    onward: float = 4.0
    passage: float = 16.0
    jump: float = 25.0
    #: Who reads word for word seems to depart from the text in so many places a word, by so many nats in the mean; and
    #: of the departures that are kept this share may be such. The first was measured on nine readings of `fosd` clips;
    #: the others were chosen on these and on nine more that depart.
    chance: float = 0.015
    chance_gain: float = 11.0
    false_share: float = 0.2

    def of(self, terms: Terms) -> float:
        """The score of a path, in nats."""
        return self.sound * terms.sound + terms.language + self.syllable * terms.syllables
