"""Which departures from a written text are real: those of a speaker who keeps to it are misheard.

In a long text a few words seem to be said otherwise by chance alone. So the share of false discoveries (Benjamini &
Hochberg 1995) is bounded over all that was read in a file: a departure is kept if, of those that gain as much or more,
only so large a share is expected of a speaker who reads word for word.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from mediakit.search.costs import Costs


def least_gain(gains: Iterable[float], words: int, costs: Costs) -> float:
    """The gain (nats) over the text as written from which departures are real, of all found in so many words.

    Those that gain nothing are none. Infinite if none is real.

    >>> least_gain([5.0], words=15, costs=Costs())  # something else was said in a short text
    5.0
    >>> least_gain([5.0], words=300, costs=Costs())  # chance, in a long one
    inf
    >>> least_gain([5.0, 45.0, 38.0, 31.0, 29.0, 28.0, 28.0, 20.0], words=150, costs=Costs())  # who often departs
    5.0
    """
    least = math.inf
    for rank, gain in enumerate(sorted((gain for gain in gains if gain > 0), reverse=True), start=1):
        by_chance = words * costs.chance * math.exp(-gain / costs.chance_gain)
        if by_chance <= costs.false_share * rank:
            least = gain
    return least
