"""In which of its ways a printed word was said: `9/6` as chín tháng sáu or as ngày mồng chín tháng sáu.

The alignment goes by the usual way of each word. Where it has placed a sentence, the heard syllables around a word
tell which way it was; the sentence then has the syllables of that way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mediakit.grounding.match import Visit
from mediakit.grounding.pairing import Pairs, paired
from mediakit.grounding.script import HeardSyllables, Script
from mediakit.vietnamese.numbers import Syllables

#: Another way must explain what was heard this much better (nats) than the usual one.
_BETTER = 0.5
#: Where a word is the first or last of its sentence that was placed, so many syllables more are looked at.
_BEYOND = 2


def as_said(script: Script, visits: Sequence[Visit], said: HeardSyllables) -> tuple[Script, list[Visit]]:
    """The script with the words of the visited sentences as they were said, and the visits on it.

    A sentence that is visited more than once keeps the ways of its first visit.
    """
    chosen: dict[tuple[int, int], Syllables] = {}
    for visit in visits:
        for word, ways in enumerate(script.ways(visit.sentence)):
            if len(ways) > 1 and (visit.sentence, word) not in chosen:
                heard = _room(script, visit, word, said, max(len(way) for way in ways))
                chosen[visit.sentence, word] = _likeliest(ways, [said.syllables[h] for h in heard])
    changed = {(s, w): way for (s, w), way in chosen.items() if way != script.said(s)[w]}
    if not changed:
        return script, list(visits)
    new = script.resaid(changed)
    return new, [_moved(visit, script, new, said) for visit in visits]


def _room(script: Script, visit: Visit, word: int, said: HeardSyllables, longest: int) -> range:
    """The heard syllables between those paired with the words before and after."""
    before = [h for h, a in visit.pairs if script.word_of[a] < word]
    after = [h for h, a in visit.pairs if script.word_of[a] > word]
    low = before[-1] + 1 if before else max(0, (after[0] if after else visit.pairs[0][0]) - longest - _BEYOND)
    high = after[0] if after else min(len(said.syllables), low + longest + _BEYOND)
    return range(low, max(low, high))


def _likeliest(ways: Sequence[Syllables], heard: Sequence[str]) -> Syllables:
    """The way that explains what was heard best; the usual one unless another is clearly better."""
    if not heard:
        return ways[0]
    scores = [paired(heard, way)[0] for way in ways]
    best = int(np.argmax(scores))
    return ways[best] if scores[best] > scores[0] + _BETTER else ways[0]


def _moved(visit: Visit, old: Script, new: Script, said: HeardSyllables) -> Visit:
    """The visit on the new script: pairs of unchanged words move along, those of changed ones are made anew."""
    old_words, new_words = old.said(visit.sentence), new.said(visit.sentence)
    if old_words == new_words:
        shift = new.starts[visit.sentence] - old.starts[visit.sentence]
        return replace(visit, pairs=tuple((h, a + shift) for h, a in visit.pairs)) if shift else visit
    pairs: Pairs = []
    before, after = old.starts[visit.sentence], new.starts[visit.sentence]
    for word, (was, now) in enumerate(zip(old_words, new_words, strict=True)):
        if was == now:
            pairs += [(h, a - before + after) for h, a in visit.pairs if before <= a < before + len(was)]
        else:
            room = _room(old, visit, word, said, len(now))
            found = paired([said.syllables[h] for h in room], now)[1]
            pairs += [(room[i], after + j) for i, j in found]
        before, after = before + len(was), after + len(now)
    rising = [p for i, p in enumerate(pairs) if not i or p[0] > max(h for h, _ in pairs[:i])]
    return replace(visit, pairs=tuple(rising)) if rising else visit
