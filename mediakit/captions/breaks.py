"""What it costs to break between two words.

The Netflix guide (General Requirements, "Line Treatment") breaks after punctuation, before conjunctions and before
prepositions, and never between what belongs together: a noun and its article, a first and a last name, a verb and
its auxiliary or negation. In Vietnamese that is: classifiers, titles and counters with what follows; runs of
capitalised words; numbers with their unit; syllables of one word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mediakit.transcript.segments import Segment
from mediakit.vietnamese.compounds import COMPOUNDS
from mediakit.vietnamese.normal import fold, nfc

# The scale is free; only the order and the distances matter. PLAIN is a break with nothing for or against it.
SENTENCE_END = 0.0
SEGMENT_END = 8.0
CLAUSE_END = 14.0
COMMA = 20.0
BEFORE_LINK = 36.0
PLAIN = 60.0
KEPT_COMPANY = 110.0
INSIDE_COMPOUND = 120.0
BOUND = 120.0
INSIDE_NAME = 180.0
#: A pause of half a second or more makes a break this much cheaper, a shorter one in proportion.
PAUSE_BONUS = 30.0
FULL_PAUSE_MS = 500

#: Conjunctions and prepositions: a break before them is good, after them it leaves them hanging.
LINKS = frozenset(
    (
        "và nhưng để của trong với tại về do bởi vì khi nếu mà thì hoặc hay cùng từ đến theo trên dưới ngoài "
        "sau trước giữa bằng cho rằng nên tuy song như nhằm qua ở"
    ).split()
)
#: Words that belong to what follows: classifiers, titles, counters, determiners, auxiliaries, negations.
BINDS_RIGHT = frozenset(
    (
        "ông bà anh chị em cô chú bác ngài cụ chí tỉnh huyện xã phường quận thôn làng phố đường sông núi ngày "
        "tháng năm quý số thứ lần khoảng hơn gần trên dưới các những một mỗi mọi từng cái con chiếc cuộc sự "
        "việc nền bộ đã đang sẽ vừa mới không chưa chẳng được bị phải cần có là rất vẫn cũng đều"
    ).split()
)
NUMBER_WORDS = frozenset(
    (
        "một hai ba bốn tư năm lăm sáu bảy bẩy tám chín mười mươi mốt trăm nghìn ngàn triệu tỷ tỉ linh lẻ phẩy phần"
    ).split()
)
_CLOSING = "\"'”’)]}»"
_DASHES = frozenset("-–—")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word on its way into a caption: NFC, on one line, with the segment that it comes from."""

    text: str
    start_ms: int
    end_ms: int
    segment: int
    sentence: str | None
    ends_sentence: bool


def spoken_words(segments: Sequence[Segment]) -> list[Spoken]:
    """The words of `segments` in order."""
    return [
        Spoken(text, word.start_ms, word.end_ms, number, segment.sentence, _ends_sentence(segment, place, text))
        for number, segment in enumerate(segments)
        for place, word in enumerate(segment.words)
        if (text := " ".join(nfc(word.text).split()))
    ]


def _ends_sentence(segment: Segment, place: int, text: str) -> bool:
    stop = text.rstrip(_CLOSING).endswith((".", "!", "?", "…"))
    if place == len(segment.words) - 1:
        return stop or segment.sentence is not None
    # An article's segment is one sentence, so that a full stop inside belongs to an abbreviation (`TP.`, `PGS.`).
    return stop and segment.sentence is None and segment.words[place + 1].text.strip()[:1].isupper()


def break_costs(words: Sequence[Spoken]) -> list[float]:
    """What a break after each word costs, 0 (best) to `INSIDE_NAME`; the last is 0, for there the text ends."""
    if not words:
        return []
    folded = [_bare(word.text) for word in words]
    company = _company(folded)
    costs = []
    for k in range(len(words) - 1):
        cost = _cost(words, folded, company, k)
        pause_ms = max(0, words[k + 1].start_ms - words[k].end_ms)
        costs.append(max(0.0, cost - PAUSE_BONUS * min(pause_ms, FULL_PAUSE_MS) / FULL_PAUSE_MS))
    return [*costs, 0.0]


def _cost(words: Sequence[Spoken], folded: Sequence[str], company: frozenset[tuple[str, str]], k: int) -> float:
    word, following = words[k], words[k + 1]
    if word.ends_sentence:
        return SENTENCE_END
    if word.segment != following.segment:
        return SEGMENT_END
    if not folded[k + 1]:  # a dash or the like: it closes what stands before it and begins no line
        return INSIDE_NAME
    last = word.text.rstrip(_CLOSING)[-1:]
    if last in _DASHES and not folded[k]:
        return INSIDE_NAME if _in_range(words, k) else CLAUSE_END
    if last in ";:!?…":
        return CLAUSE_END
    if last == "," or word.text[-1] in _CLOSING:
        return COMMA
    if _is_number(folded[k]) or (folded[k] in NUMBER_WORDS and folded[k + 1] in NUMBER_WORDS):
        return INSIDE_NAME
    return _cost_by_word(words, folded, company, k)


def _cost_by_word(words: Sequence[Spoken], folded: Sequence[str], company: frozenset[tuple[str, str]], k: int) -> float:
    capital, next_capital = _begins_name(words, k), words[k + 1].text[:1].isupper()
    if capital and next_capital:
        return INSIDE_NAME
    if folded[k + 1] in LINKS:
        return INSIDE_COMPOUND if _joins_name(words, k + 1) else BEFORE_LINK
    if (folded[k], folded[k + 1]) in COMPOUNDS:
        return INSIDE_COMPOUND
    if folded[k] in BINDS_RIGHT or folded[k] in LINKS:
        return BOUND
    if capital:
        return INSIDE_COMPOUND  # `Thông | tin`, `Chấp | hành`: the name of an office goes on in small letters
    return KEPT_COMPANY if (folded[k], folded[k + 1]) in company else PLAIN


def _begins_name(words: Sequence[Spoken], k: int) -> bool:
    """Whether word `k` is capitalised as a name is, not only because a sentence begins with it."""
    if not words[k].text[:1].isupper():
        return False
    first = k == 0 or words[k - 1].ends_sentence or words[k - 1].segment != words[k].segment
    return not first or (words[k + 1].text[:1].isupper() and _bare(words[k].text) not in LINKS | BINDS_RIGHT)


def _joins_name(words: Sequence[Spoken], link: int) -> bool:
    """Whether the `và` at `link` stands inside a name: `Sở Thông tin và Truyền thông`."""
    if _bare(words[link].text) != "và" or link + 1 >= len(words) or not words[link + 1].text[:1].isupper():
        return False
    return any(words[k].text[:1].isupper() for k in range(max(0, link - 2), link))


def _in_range(words: Sequence[Spoken], dash: int) -> bool:
    """Whether the dash stands between two numbers: `2021 – 2025`, or two halves of a word: `kinh tế - xã hội`."""
    if dash == 0:
        return False
    before, after = words[dash - 1].text, words[dash + 1].text
    return before[-1:].isalnum() and (after[:1].isdigit() == before[-1:].isdigit()) and not after[:1].isupper()


def _is_number(folded: str) -> bool:
    return folded[:1].isdigit()


def _company(folded: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Pairs of syllables that this text uses together again and again: most likely one word (`thông tin`).

    Half or more of the uses of either syllable, and two at least, must be with the other.
    """
    single = Counter(folded)
    pairs = Counter(pairwise(folded))
    return frozenset(
        (a, b)
        for (a, b), count in pairs.items()
        if count > 1 and a and b and not {a, b} & LINKS and 2 * count >= min(single[a], single[b])
    )


def _bare(text: str) -> str:
    """`text` folded, without what is no letter or digit at its edges; empty for bare punctuation."""
    folded = fold(text)
    start, end = 0, len(folded)
    while start < end and not folded[start].isalnum():
        start += 1
    while end > start and not folded[end - 1].isalnum():
        end -= 1
    return folded[start:end]
