"""What of a sentence was said, and when: the result of weighing a candidate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mediakit.speech.evidence import WordEvidence

#: A part of a sentence may be a phrase that any sentence has, or a date like another: it needs more gain a token (nats)
#: than the whole, and alone so many words and syllables.
PART_WORDS, PART_SYLLABLES, PART_FROM = 4, 5, 1.0


@dataclass(frozen=True, slots=True)
class Reading:
    """Printed words `first` up to `stop` of a sentence, said where `evidence` (one item a word) has them."""

    sentence: int
    first: int
    stop: int
    evidence: tuple[WordEvidence, ...]
    #: Heard words (by place) that were paired with its syllables.
    heard: frozenset[int] = frozenset()
    #: Whether the sound does not bear it out as it is written, but the syllables that were heard are like it. It is one
    #: if the search finds its words there, beside others.
    is_doubtful: bool = False

    @property
    def start_ms(self) -> int:
        """Where its first word begins."""
        return self.evidence[0].start_ms

    @property
    def end_ms(self) -> int:
        """Where its last word ends."""
        return self.evidence[-1].end_ms

    @property
    def gain(self) -> float:
        """Nats, over all its words."""
        return sum(word.gain for word in self.evidence)

    @property
    def tokens(self) -> int:
        """How many tokens its words have."""
        return sum(word.tokens for word in self.evidence)

    def part(self, first: int, stop: int) -> Reading:
        """Words `first` up to `stop` of its sentence."""
        own = self.evidence[first - self.first : stop - self.first]
        return replace(self, first=first, stop=stop, evidence=own)

    def of(self, run: range) -> tuple[WordEvidence, ...]:
        """The evidence for a run of words of its sentence."""
        return self.evidence[run.start - self.first : run.stop - self.first]

    @property
    def counts(self) -> bool:
        """Whether it has evidence enough to be a part of its sentence."""
        return self.tokens >= PART_SYLLABLES and self.gain >= PART_FROM * self.tokens
