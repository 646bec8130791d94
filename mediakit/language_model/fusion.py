"""What a language adds to words while they are heard: looked up one at a time, in microseconds.

A beam closes a few words at each step and asks for these alone. For so few the arrays of :class:`Trie.log_probs` cost
more than they save; here the places of a context are found once, by bisection, and are kept for the words after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from mediakit.language_model.ngram import NGram, words_of
from mediakit.language_model.trie import Trie

_Syllables = tuple[int, ...]
_K = TypeVar("_K")
_V = TypeVar("_V")
#: So many printed words hold a context: only what is no word (a dash) has no syllable.
_WORDS_BEFORE = 6
_MARKS = ".,?!:;…"
#: So many contexts and words are at hand: some minutes of speech, 10 MB.
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class FusionCosts:
    """How a language's log probabilities count beside the sound's, in nats.

    `weight` times the log probability of each syllable, which is `least` at least, for names are in no general model;
    and `a_syllable`.
    """

    weight: float
    a_syllable: float
    least: float = -14.0


class Fusion:
    """A general n-gram as :class:`mediakit.speech.decoder.beam.Language`. Threads may share it.

    Each word is what it is said as (`24`: hai mươi bốn), and counts by its syllables, so that a figure is as dear as
    the words for it.
    """

    hears = False

    def __init__(self, ngram: NGram, costs: FusionCosts) -> None:
        self._ngram, self._costs = ngram, costs
        self._trie = ngram.trie
        self._spoken: dict[str, tuple[_Syllables, tuple[float, ...]]] = {}
        self._nodes: dict[_Syllables, tuple[int, ...]] = {}
        self._added: dict[tuple[_Syllables, str], float] = {}

    def added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> list[float]:
        """See :class:`mediakit.speech.decoder.beam.Language`."""
        return [self._word(self._context(before), word) for before, word in asked]

    def ended(self, words: tuple[str, ...]) -> float:
        """Nothing: the model knows no ends of texts."""
        return 0.0

    def _context(self, words: Sequence[str]) -> _Syllables:
        found: _Syllables = ()
        for word in words[-_WORDS_BEFORE:]:
            found += self._said(word)[0]
        return found[1 - self._ngram.order :]

    def _word(self, context: _Syllables, word: str) -> float:
        key = (context, word)
        if (known := self._added.get(key)) is not None:
            return known
        added = 0.0
        for syllable, spelt in zip(*self._said(word), strict=True):
            log_prob = self._log_prob(context, syllable) + spelt
            added += self._costs.weight * max(log_prob, self._costs.least) + self._costs.a_syllable
            context = (*context, syllable)[1 - self._ngram.order :]
        _keep(self._added, key, added)
        return added

    def _said(self, word: str) -> tuple[_Syllables, tuple[float, ...]]:
        """The syllables of a word, and what each that the vocabulary has not adds by its letters."""
        if (known := self._spoken.get(word)) is None:
            known = self._ngram.known(syllables_of(word))
            _keep(self._spoken, word, known)
        return known

    def _log_prob(self, context: _Syllables, syllable: int) -> float:
        """As :meth:`Trie.log_probs`, of one."""
        levels = self._trie.levels
        result = float(levels[0].codebook[levels[0].codes[syllable]])
        for length, node in enumerate(self._places(context), start=1):
            if node < 0:
                continue
            place = _child(self._trie, length, node, syllable)
            level = levels[length]
            result = (
                float(level.codebook[level.codes[place]]) if place >= 0 else result + levels[length - 1].weight(node)
            )
        return result

    def _places(self, context: _Syllables) -> tuple[int, ...]:
        """Where the context's last syllable is, its last two, and so on; -1 where there is no such n-gram."""
        if (known := self._nodes.get(context)) is None:
            known = tuple(self._place(context[-length:]) for length in range(1, len(context) + 1))
            _keep(self._nodes, context, known)
        return known

    def _place(self, syllables: _Syllables) -> int:
        node = syllables[0]
        for depth, syllable in enumerate(syllables[1:], start=1):
            if (node := _child(self._trie, depth, node, syllable)) < 0:
                break
        return node


def syllables_of(word: str) -> list[str]:
    """As :func:`words_of`, which takes a hundred times as long to see that a plain word is said as it is written."""
    letters = word.strip(_MARKS)
    return [letters] if letters.isalpha() and letters[1:].islower() else words_of(word)


def _child(trie: Trie, depth: int, node: int, word: int) -> int:
    """As :meth:`Trie.child`, of one."""
    starts, words = trie.levels[depth - 1].starts, trie.levels[depth].words
    first, end = int(starts[node]), int(starts[node + 1])
    place = first + int(words[first:end].searchsorted(word))
    return place if place < end and words[place] == word else -1


def _keep(known: dict[_K, _V], key: _K, value: _V) -> None:
    if len(known) >= _REMEMBERED:
        known.clear()
    known[key] = value
