"""What one article, or a list of names, lets expect: an n-gram of up to six words, made in memory.

It is the n-gram of all ways through the article: each printed word said in each of its ways (`24`: hai mươi bốn, hai
tư), then the next one. Now and then a speaker leaves words out, so ways also jump over a few of them, each at a price;
or puts a word in, so a context that the article has not is looked for without its nearest words. Whatever the context,
leaving the article is possible: a share is the general n-gram's, the smaller the longer the article has been followed.
All that is added up are probabilities, so that they sum to 1 over the vocabulary as the general one's do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mediakit.article.document import Article
from mediakit.language_model.ngram import BEGIN, NGram, contexts_of
from mediakit.language_model.trie import Ids, LogProbs
from mediakit.vietnamese.spoken import Ways, explained, sayings

Keys = NDArray[np.int64]
Floats = NDArray[np.float64]
#: Nodes in which a printed word may end, each with how likely that is.
_Ends = list[tuple[int, float]]

#: Words of the longest n-gram.
ORDER = 6
#: What a jump over one printed word weighs against going on, and over how many it may lead.
SKIPPED, _FARTHEST = 0.1, 3
#: The share of the general n-gram where nothing before is the article's; after `m` of its words, this by (m + 1)².
#: Chosen, as is what a jump weighs, by the perplexity of three readings composed with `--vary 0.7` and of three that
#: are read in part: 3.2 and 5.5 a syllable; by `m` + 1 3.5 and 6.0, and 3.6 with 0.05 a jump. More than 0.5 gives 0.2
#: less in the second, but tells a foreign article less clearly.
LEAVING = 0.5
#: A way that is not the usual one weighs so much less, and so many ways of one word are looked at.
_UNUSUAL, _MOST_WAYS = 0.5, 6
#: Ways through the article that weigh less than this are not followed.
_LEAST_WEIGHT = 0.009
#: So many of the nearest words may have been put in, where at least so many before them are the article's.
_PUT_IN, _FOLLOWED = 2, 2


@dataclass(frozen=True)
class _Graph:
    """All syllables of an article as nodes: the word of each, how likely its way is, and the edges, by their ends.

    Edges to node `i` are those from `first[i]` up to `first[i + 1]` in `sources` and `weights`; a weight is how likely
    the source is, given that the node was said.
    """

    words: Ids
    likely: Floats
    first: Ids
    sources: Ids
    weights: Floats


@dataclass(frozen=True, eq=False)
class _Contexts:
    """The contexts of one length, and the words that follow each.

    `keys` (sorted) are the context that is a word shorter, and the word before it, packed; a context's number is its
    place. `followers` (sorted) are a context and a word, packed, and `probs` the word's probability after it.
    """

    keys: Keys
    followers: Keys
    probs: Floats


class ArticleNGram:
    """An n-gram of an article, which leaves a share to a general one and uses its ids."""

    def __init__(self, general: NGram, sentences: Sequence[Sequence[Ways]]) -> None:
        """Each sentence is the ways of its printed words."""
        self.general = general
        self.order = ORDER
        graph = _graph(general, sentences)
        self._lengths = _lengths(graph) if (graph.words != BEGIN).any() else []

    @classmethod
    def of(cls, article: Article, general: NGram) -> ArticleNGram:
        """The n-gram of an article's title and running text."""
        learnt = explained(" ".join(sentence.text for sentence in article.sentences))
        return cls(general, [sayings(sentence.text.split(), learnt) for sentence in article.sentences])

    def log_probs(self, ids: Ids, begin: bool = True) -> LogProbs:
        """The log probability (nats) of each word of a text given all before it."""
        return self.log_probs_after(contexts_of(ids, self.order, begin), ids)

    def log_probs_after(self, contexts: Ids, words: Ids) -> LogProbs:
        """The log probability (nats) of each of `words` (N,) after its context (N, C), as `NGram` has it."""
        return self.added_to(self.general.log_probs_after(contexts, words), contexts, words)

    def added_to(self, general: LogProbs, contexts: Ids, words: Ids) -> LogProbs:
        """:meth:`log_probs_after` where what the general n-gram says (nats, N) is known."""
        own, left = self.shares(contexts, words)
        with np.errstate(divide="ignore"):
            return np.logaddexp(np.log(own), np.log(left) + general).astype(np.float32)

    def shares(self, contexts: Ids, words: Ids) -> tuple[Floats, Floats]:
        """The article's own probability of each word, and the share that it leaves to the general n-gram."""
        found = self._followed(contexts)
        own, left = np.zeros(len(words)), np.ones(len(words))
        for length, level in enumerate(self._lengths):
            known = found[:, length] >= 0
            share = LEAVING if not length else (length / (length + 1)) ** 2
            prob = _looked_up(level.followers, found[:, length], words, level.probs)
            own = np.where(known, (1 - share) * prob + share * own, own)
            left = np.where(known, share * left, left)
        return own, left

    def _followed(self, contexts: Ids) -> Ids:
        """The numbers of the contexts of each length, shape (N, lengths), -1 where the article has none.

        The nearest words are left aside as put in where the article is followed further without them, by more words
        than are left aside.
        """
        best = self._numbers(contexts)
        for put_in in range(1, min(_PUT_IN, contexts.shape[1]) + 1):
            without = self._numbers(contexts[:, :-put_in])
            followed = (without >= 0).sum(axis=1) - 1
            better = (followed >= _FOLLOWED) & (followed - put_in > (best >= 0).sum(axis=1) - 1)
            best[better] = without[better]
        return best

    def _numbers(self, contexts: Ids) -> Ids:
        result = np.full((len(contexts), max(len(self._lengths), 1)), -1, dtype=np.int64)
        result[:, 0] = 0
        for length, level in enumerate(self._lengths[1:], start=1):
            if length > contexts.shape[1]:
                break
            result[:, length] = _places(level.keys, result[:, length - 1], contexts[:, -length])
        return result


def _packed(context: Ids, word: Ids) -> Keys:
    return context << 32 | word


def _places(keys: Keys, context: Ids, word: Ids) -> Ids:
    """Places of contexts and words among sorted keys, -1 where there is none."""
    wanted = np.where((context < 0) | (word < 0), -1, _packed(np.maximum(context, 0), np.maximum(word, 0)))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1)


def _looked_up(keys: Keys, context: Ids, word: Ids, values: Floats) -> Floats:
    place = _places(keys, context, word)
    return np.where(place >= 0, values[place], 0.0)


def _lengths(graph: _Graph) -> list[_Contexts]:
    """The contexts of 0 to `ORDER` - 1 words: from each node back along all edges."""
    word, front, weight = graph.words, np.arange(len(graph.words)), graph.likely
    said = word != BEGIN  # which begins a text and follows nothing
    word, front, weight = word[said], front[said], weight[said]
    context = np.zeros(len(word), dtype=np.int64)
    result = [_counted(np.zeros(1, dtype=np.int64), context, word, weight)]
    for _ in range(1, ORDER):
        degrees = graph.first[front + 1] - graph.first[front]
        edges = np.repeat(graph.first[front] - (np.cumsum(degrees) - degrees), degrees) + np.arange(degrees.sum())
        weight = np.repeat(weight, degrees) * graph.weights[edges]
        word, context, front = np.repeat(word, degrees), np.repeat(context, degrees), graph.sources[edges]
        keep = weight >= _LEAST_WEIGHT
        word, context, front, weight = word[keep], context[keep], front[keep], weight[keep]
        if not len(word):
            break
        keys, context = np.unique(_packed(context, graph.words[front]), return_inverse=True)
        result.append(_counted(keys, context, word, weight))
    return result


def _counted(keys: Keys, context: Ids, word: Ids, weight: Floats) -> _Contexts:
    totals = np.bincount(context, weight, len(keys))
    followers, place = np.unique(_packed(context, word), return_inverse=True)
    return _Contexts(keys, followers, np.bincount(place, weight, len(followers)) / totals[followers >> 32])


def _graph(general: NGram, sentences: Sequence[Sequence[Ways]]) -> _Graph:
    """The nodes and edges of sentences; each may begin a text, and follows the one before it."""
    build = _Building()
    end: _Ends = []
    for sentence in sentences:
        ends = [[*end, (build.node(BEGIN, 1.0), 1.0)]]
        for ways in sentence:
            ends = [*ends[-_FARTHEST:], build.word(general, ways, ends[-_FARTHEST - 1 :])]
        end = ends[-1]
    return build.done()


class _Building:
    """A graph while it grows."""

    def __init__(self) -> None:
        self.words: list[int] = []
        self.likely: list[float] = []
        self.edges: list[list[tuple[int, float]]] = []

    def node(self, word: int, likely: float, edges: Sequence[tuple[int, float]] = ()) -> int:
        self.words.append(word)
        self.likely.append(likely)
        self.edges.append(list(edges))
        return len(self.words) - 1

    def word(self, general: NGram, ways: Ways, ends: Sequence[_Ends]) -> _Ends:
        """Add one printed word after the ends of others, the nearest last; return the nodes in which it may end."""
        before = [(node, w * SKIPPED**over) for over, some in enumerate(reversed(ends)) for node, w in some]
        ways = ways[:_MOST_WAYS]
        unusual = _UNUSUAL / max(len(ways) - 1, 1)
        result: _Ends = []
        for i, way in enumerate(ways):
            share = (unusual if i else 1.0) / (1 + (len(ways) - 1) * unusual)
            if not way:  # not said at all
                result += [(node, w * share) for node, w in ends[-1]]
                continue
            edges = before
            for word in general.ids(way):
                last = self.node(int(word), share, edges)
                edges = [(last, 1.0)]
            result.append((last, share))
        return result

    def done(self) -> _Graph:
        degrees = [len(edges) for edges in self.edges]
        return _Graph(
            np.array(self.words, dtype=np.int64),
            np.array(self.likely, dtype=np.float64),
            np.concatenate([[0], np.cumsum(degrees)]).astype(np.int64),
            np.array([node for edges in self.edges for node, _ in edges], dtype=np.int64),
            np.array([weight for edges in self.edges for _, weight in edges], dtype=np.float64),
        )
