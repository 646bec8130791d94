"""A general n-gram of Vietnamese: log P(word | words before it), in one memory-mapped file.

Words are syllables as they are *said* (:func:`words_of`): folded, without punctuation, figures and abbreviations in
words. The file is made by `scripts/build_language_model.py`: interpolated Kneser-Ney with three discounts (Kneser & Ney
1995; Chen & Goodman 1998), n-grams seen once left out, the rest pruned to a size. Its layout is KenLM's trie (Heafield
2011): each order is an array of words, sorted below each context, with log probabilities of 8 bits by a codebook,
back-off weights of 16, and where the next order begins. Back-off weights are computed from the probabilities as they
are stored, so that all of a context's sum to 1 within a thousandth.

A word that the vocabulary has not is `<unk>`, times how likely it is by its letters (`spelling`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from mediakit.language_model.spelling import Spelling
from mediakit.language_model.stored import read, write
from mediakit.language_model.trie import Ids, LogProbs, Trie
from mediakit.vietnamese.normal import fold
from mediakit.vietnamese.spoken import sayings

#: Word ids that stand for any word not in the vocabulary, and for the beginning of a text.
UNKNOWN, BEGIN = 0, 1
#: In place of a word of a context that has fewer.
NOTHING = -1
#: The file that is in the package.
SHIPPED = Path(__file__).with_name("vietnamese.ngram")


def words_of(text: str) -> list[str]:
    """A text as a language model reads it: the syllables as they are usually said.

    >>> words_of("Ngày 24/7, UBND tỉnh Hòa Bình")
    ['ngày', 'hai', 'mươi', 'bốn', 'tháng', 'bảy', 'uỷ', 'ban', 'nhân', 'dân', 'tỉnh', 'hoà', 'bình']
    """
    return [syllable for ways in sayings(text.split()) for syllable in ways[0]]


class NGram:
    """A general n-gram with its vocabulary.

    Ids from `size` on are words that the vocabulary has not, in the order in which :meth:`ids` was asked for them: open
    one for each job, so that they do not pile up. Opening takes milliseconds and no memory but for the vocabulary.
    """

    def __init__(self, words: Sequence[str], spelling: Spelling, trie: Trie) -> None:
        if len(words) != trie.size:
            raise ValueError(f"{len(words)} words for {trie.size} ids")
        self.trie = trie
        self.spelling = spelling
        self._words = list(words)
        self._places = dict(zip(self._words, range(len(self._words)), strict=True))
        self._spelt: list[float] = []

    @classmethod
    def open(cls, file: Path = SHIPPED) -> NGram:
        """The n-gram of a file, memory-mapped.

        Raises
        ------
        ModelMissing
            If there is no such file, or it cannot be read.
        ModelCorrupt
            If it is not what `write` writes: cut short, another format, places that lie nowhere.
        """
        return cls(*read(file))

    def write(self, file: Path) -> int:
        """Write the n-gram as one file and return its size in bytes."""
        return write(file, self._words[: self.size], self.spelling, self.trie)

    @property
    def order(self) -> int:
        """The longest n-gram's words."""
        return self.trie.order

    @property
    def size(self) -> int:
        """Words of the vocabulary, `<unk>` and the beginning of a text among them."""
        return self.trie.size

    def ids(self, words: Iterable[str]) -> Ids:
        """The id of each word, however it is typed; a word that was never seen gets a new one."""
        return np.array([self._id(word) for word in words], dtype=np.int64)

    def words(self, ids: Iterable[int]) -> list[str]:
        """The words of ids."""
        return [self._words[i] for i in ids]

    def _id(self, word: str) -> int:
        if (place := self._places.get(word)) is None and (place := self._places.get(folded := fold(word))) is None:
            place = self._places[folded] = len(self._words)
            self._words.append(folded)
            self._spelt.append(float(self.spelling.log_probs([folded])[0]))
        return place

    def known(self, words: Iterable[str]) -> tuple[tuple[int, ...], tuple[float, ...]]:
        """For each word its id in the vocabulary and 0, or `UNKNOWN` and how likely (nats) its letters are.

        Unlike :meth:`ids` it keeps nothing of a word that was never seen.
        """
        folded = [word if word in self._places else fold(word) for word in words]
        places = [place if (place := self._places.get(word, UNKNOWN)) < self.size else UNKNOWN for word in folded]
        spelt = [
            float(self.spelling.log_probs([word])[0]) if place == UNKNOWN else 0.0
            for word, place in zip(folded, places, strict=True)
        ]
        return tuple(places), tuple(spelt)

    def log_probs_after(self, contexts: Ids, words: Ids) -> LogProbs:
        """The log probability (nats) of each of `words` (N,) after its context (N, C).

        Of a context the nearest word is last; shorter ones are filled with `NOTHING` in front.
        """
        known = np.where(words < self.size, words, UNKNOWN)
        result = self.trie.log_probs(np.where(contexts < self.size, contexts, UNKNOWN), known)
        if (unknown := words >= self.size).any():
            result[unknown] += np.array(self._spelt, dtype=np.float32)[words[unknown] - self.size]
        return result

    def log_probs(self, ids: Ids, begin: bool = True) -> LogProbs:
        """The log probability (nats) of each word of a text given all before it; `begin`: it begins with the first."""
        return self.log_probs_after(contexts_of(ids, self.order, begin), ids)

    def log_probs_of(self, texts: Sequence[Ids], begin: bool = True) -> list[LogProbs]:
        """:meth:`log_probs` of many texts at once."""
        if not texts:
            return []
        contexts = np.concatenate([contexts_of(ids, self.order, begin) for ids in texts])
        ends = np.cumsum([len(ids) for ids in texts])[:-1]
        return np.split(self.log_probs_after(contexts, np.concatenate(texts)), ends)

    def log_prob(self, word: str, history: Sequence[str], begin: bool = True) -> float:
        """The log probability (nats) of one word after `history`."""
        ids = self.ids([*history[-self.order :], word])
        return float(self.log_probs(ids, begin and len(history) < self.order)[-1])


def contexts_of(ids: Ids, order: int, begin: bool = True) -> Ids:
    """The `order` - 1 words before each word of a text, shape (len(ids), order - 1), `NOTHING` where there is none."""
    before = np.full(order - 1, NOTHING, dtype=np.int64)
    if begin and order > 1:
        before[-1] = BEGIN
    padded = np.concatenate([before, ids])
    if not len(ids):
        return np.empty((0, order - 1), dtype=np.int64)
    return np.lib.stride_tricks.sliding_window_view(padded, order)[:, :-1]
