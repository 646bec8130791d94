"""Names of the article in speech that is not the article's: heard in another spelling, they take the article's.

A recogniser that never saw a name writes what it knows: `Ngô Đông Hải` comes back as `ngô đông hãi`. Where what was
heard sounds like a name of the article, and the sound says so too, the name is printed. A word that people use is
never turned into a name: heard with confidence, or a common word of the language, it stays as it was heard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from mediakit.article.document import Sentence
from mediakit.grounding.witness import Witness
from mediakit.timeline import Word
from mediakit.vietnamese.compounds import COMPOUNDS
from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.spoken import spoken
from mediakit.vietnamese.syllables import bare, likeness_matrix, parse

#: A name is looked for where its syllables sound this much alike, each and in the mean.
_EACH_ALIKE, _ALIKE = 0.55, 0.78
#: The sound may favour what was heard by so much (nats): that was searched for in it, the name was not.
_FLATTERED = 2.0
#: A syllable that the name has otherwise, heard with this score or more, was heard right.
_SURE = 0.8
#: With as many syllables, all of them the same, it is the name even where it was heard in small letters.
_UNMISTAKABLE = 3
#: Words around a name that the sound is weighed with, and the longest stretch of them.
_AROUND, _LONGEST_MS, _MARGIN_MS = 4, 12_000, 200
#: Words with more than this between are not one name.
_TOGETHER_MS = 300
#: Syllables that are words of the language by themselves, and no part of a name unless they are spelt the same.
_COMMON = frozenset(
    (
        "và của là có không được các những một hai ba bốn năm sáu bảy tám chín mười trăm nghìn triệu này đó kia ấy đây "
        "cho với để trong ngoài trên dưới ở tại từ đến về theo vì nên nếu thì mà như khi đã đang sẽ cũng rất lại còn "
        "ra vào lên xuống đi người ngày tháng việc làm nói biết thấy phải cần muốn tôi ta chúng mình anh chị em ông bà "
        "cô chú bác con cái chiếc cuộc sự gì ai nào sao bao nhiêu hơn nhất rồi chưa mới vẫn đều bị do bởi hay hoặc"
    ).split()
)
_TRAILING = ".,;:!?…\"'”’)"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as the article prints it: its words, and the same folded."""

    words: tuple[str, ...]
    syllables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Heard words from `first` on that may be a name; `likeness` is the mean over its syllables."""

    first: int
    name: Name
    likeness: float

    @property
    def stop(self) -> int:
        return self.first + len(self.name.words)


def names_of(sentences: Sequence[Sentence]) -> tuple[Name, ...]:
    """The names in an article: two capitalised words or more in a row, and single words that are not Vietnamese.

    The first word of a sentence is capitalised whatever it is, and counts only where it stands so inside one, too.

    >>> from mediakit.article.text import parse_text
    >>> article = parse_text("Tin\\n\\nĐồng chí Ngô Đông Hải, Bí thư Tỉnh ủy Thái Bình, xem trang Facebook của tỉnh.")
    >>> [" ".join(name.words) for name in names_of(article.sentences)]
    ['Ngô Đông Hải', 'Thái Bình', 'Facebook']
    """
    texts = [nfc(sentence.text).split() for sentence in sentences]
    inside = {bare(word) for words in texts for word in words[1:] if _capitalised(word)}
    found: dict[tuple[str, ...], Name] = {}
    for words in texts:
        for run in _runs(words, inside):
            syllables = tuple(bare(word) for word in run)
            if len(run) > 1 or parse(syllables[0]) is None:
                found.setdefault(syllables, Name(tuple(_plain(word) for word in run), syllables))
    return tuple(found.values())


def _runs(words: Sequence[str], inside: set[str]) -> Iterator[list[str]]:
    """Runs of capitalised words of one syllable each, without the beginnings of compound words."""
    run: list[str] = []
    for place, word in enumerate([*words, ""]):
        named = _capitalised(word) and (place > 0 or bare(word) in inside)
        if run and not named and (bare(run[-1]), bare(word)) in COMPOUNDS:
            run.pop()
        if named and not (run and run[-1][-1] in _TRAILING):
            run.append(word)
            continue
        if run:
            yield run
        run = [word] if named else []


def _capitalised(word: str) -> bool:
    """Whether a word is written like a part of a name; `UBND` and `9/6` are not."""
    plain = _plain(word)
    return plain[:1].isupper() and plain.isalpha() and (len(plain) == 1 or not plain.isupper())


def _plain(word: str) -> str:
    return word.strip(_TRAILING + "(“‘")


def named_words(words: Sequence[Word], names: Sequence[Name], witness: Witness) -> dict[Word, str]:
    """For words of free speech, in order, that are a name in another spelling: how the article has them."""
    if not names or not words:
        return {}
    result: dict[Word, str] = {}
    until = 0
    for place in _best_first_apart(_places(words, names)):
        if place.first >= until and _confirmed(place, words, witness):
            until = place.stop
            for word, text in zip(words[place.first : place.stop], place.name.words, strict=True):
                result[word] = text + _after(word.text)
    return result


def _after(text: str) -> str:
    """The punctuation behind a heard word."""
    return text[len(text.rstrip(_TRAILING)) :]


def _places(words: Sequence[Word], names: Sequence[Name]) -> list[_Place]:
    """Where the sound of the syllables allows a name, and nothing forbids it."""
    heard = [bare(word.text) for word in words]
    kinds, parts = sorted(set(heard)), sorted({s for name in names for s in name.syllables})
    alike = likeness_matrix(kinds, parts)
    rows = np.searchsorted(np.array(kinds), np.array(heard))
    found: list[_Place] = []
    for name in names:
        count = len(name.syllables)
        if count > len(words):
            continue
        columns = [parts.index(s) for s in name.syllables]
        each = np.stack([alike[rows[k : len(rows) - count + 1 + k], column] for k, column in enumerate(columns)])
        for first in np.flatnonzero((each.min(axis=0) >= _EACH_ALIKE) & (each.mean(axis=0) >= _ALIKE)):
            place = _Place(int(first), name, float(each[:, first].mean()))
            if _allowed(place, words[place.first : place.stop], heard[place.first : place.stop]):
                found.append(place)
    return found


def _allowed(place: _Place, own: Sequence[Word], heard: Sequence[str]) -> bool:
    """Whether heard words may be the name: said in one go, spelt otherwise, and not what people say anyway."""
    if any(b.start_ms - a.end_ms > _TOGETHER_MS for a, b in pairwise(own)):
        return False
    if any(_after(word.text) for word in own[:-1]) or [_plain(w.text) for w in own] == list(place.name.words):
        return False
    other = [(w, h) for w, h, s in zip(own, heard, place.name.syllables, strict=True) if h != s]
    if not other:
        return len(own) >= _UNMISTAKABLE or all(_capitalised(w.text) for w in own[1:])
    if any(pair in COMPOUNDS for pair in pairwise(heard)):
        return False
    return all(w.score < _SURE and h not in _COMMON for w, h in other)


def _best_first_apart(places: Sequence[_Place]) -> list[_Place]:
    """Of places that overlap the one that sounds most like its name, longer names first; in order."""
    chosen: list[_Place] = []
    for place in sorted(places, key=lambda p: (-len(p.name.words), -p.likeness, p.first)):
        if all(place.stop <= other.first or other.stop <= place.first for other in chosen):
            chosen.append(place)
    return sorted(chosen, key=lambda p: p.first)


def _confirmed(place: _Place, words: Sequence[Word], witness: Witness) -> bool:
    """Whether the sound bears the name as well as what was heard; where only letters differ there is nothing to ask."""
    own = words[place.first : place.stop]
    if [bare(word.text) for word in own] == list(place.name.syllables):
        return True
    first, stop = place.first, place.stop
    while first > max(0, place.first - _AROUND) and words[first].start_ms - words[first - 1].end_ms <= _TOGETHER_MS:
        first -= 1
    last = min(len(words), place.stop + _AROUND)
    while stop < last and words[stop].start_ms - words[stop - 1].end_ms <= _TOGETHER_MS:
        stop += 1
    start = max(0, words[first].start_ms - _MARGIN_MS)
    end = min(words[stop - 1].end_ms + _MARGIN_MS, start + _LONGEST_MS)
    before, after = [w.text for w in words[first : place.first]], [w.text for w in words[place.stop : stop]]
    texts = [[*before, *middle, *after] for middle in ([w.text for w in own], place.name.words)]
    said = [[s for word in text for s in spoken(word)] for text in texts]
    heard, named = witness.between(start, end).log_probs(said)
    return named >= heard - _FLATTERED
