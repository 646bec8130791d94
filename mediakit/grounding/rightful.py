"""Which other article a media file belongs to, where nothing of its own article is said in it.

Three words in a row that were heard are seldom in a text of which nothing is said. They choose the few articles that
are worth grounding; grounding decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from operator import itemgetter

from mediakit.article.document import Article
from mediakit.grounding.ground import Grounding
from mediakit.speech.engine import Heard
from mediakit.vietnamese.normal import strip_marks

#: An article fits when it accounts for this share of the speech. Seen with Whisper base on all pairs of five readings
#: with five articles: from 0.56 with the right article, up to 0.50 where another shares a third of the sentences.
FITS_FROM = 0.5
#: Share of the heard triples of words that must be in an article for it to be grounded. On those pairs: from 0.17 where
#: the article fits, at most 0.004 where the sentences that are said were taken out of the article.
_LIKELY_FROM = 0.03
#: So many articles are grounded at most; two versions of one text are the likeliest to be near each other.
_TRIED = 3

_WORD = re.compile(r"\w+")
_Triple = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Fit:
    """An article that fits, and its coverage: the share of the speech that it accounts for, 0 to 1."""

    article: Article
    coverage: float


def rightful(
    heard: Sequence[Heard], others: Iterable[Article], ground_with: Callable[[Article], Grounding]
) -> Fit | None:
    """The article among `others` that is said in what was heard, if there is one.

    Parameters
    ----------
    heard
        All windows of one media file, in order.
    others
        Taken one after the other; of all of them at most three are kept.
    ground_with
        Ties what was heard to an article.

    Returns
    -------
    Fit or None
        Of several that fit, the one that shares most with what was heard.
    """
    triples = _triples(word.text for window in heard if window.language is None for word in window.words)
    shares = ((_share(triples, other), other) for other in others)
    likely = (item for item in shares if item[0] >= _LIKELY_FROM)
    for _, other in nlargest(_TRIED, likely, key=itemgetter(0)):
        coverage = ground_with(other).coverage
        if coverage >= FITS_FROM:
            return Fit(other, coverage)
    return None


def _share(heard: Sequence[_Triple], article: Article) -> float:
    """The share of the heard triples that are in the article, sentence ends not minded: 0 to 1."""
    printed = set(_triples(sentence.text for sentence in article.sentences))
    return sum(triple in printed for triple in heard) / max(1, len(heard))


def _triples(texts: Iterable[str]) -> list[_Triple]:
    """Each three words in a row, in lower case and without marks, which are misheard most."""
    words = _WORD.findall(strip_marks(" ".join(texts).lower()))
    return list(zip(words, islice(words, 1, None), islice(words, 2, None), strict=False))
