"""What it costs to break between two words.

The Netflix guide (General Requirements, "Line Treatment") breaks after punctuation, before conjunctions and before
prepositions, and never between what belongs together: a noun and its article, a first and a last name, a verb and
its auxiliary or negation. In Vietnamese that is: classifiers, titles and counters with what follows; names, also of
offices; numbers with what they count; syllables of one word; and the small words that close a phrase (`này`, `được`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mediakit.transcript.segments import Segment
from mediakit.vietnamese.compounds import COMPOUNDS
from mediakit.vietnamese.normal import fold, nfc
from mediakit.vietnamese.words import Part, parts_of

# The scale is free; only the order and the distances matter. PLAIN is a break with nothing for or against it.
SENTENCE_END = 0.0
SEGMENT_END = 8.0
CLAUSE_END = 14.0
COMMA = 20.0
BEFORE_CONJUNCTION = 30.0
BEFORE_PREPOSITION = 44.0
BEFORE_PREDICATE = 42.0
AFTER_REPORT = 34.0
PLAIN = 70.0
POOR = 110.0
#: A word that leads on to the next is left hanging: wrong, though nothing is torn.
HANGING = 220.0
#: From here on it must not be, whatever else suffers: only what is longer than a line is broken there.
FORBIDDEN = 1000.0
INSIDE_NAME = 1200.0
#: A pause of half a second or more makes a break this much cheaper, a shorter one in proportion.
PAUSE_BONUS = 30.0
FULL_PAUSE_MS = 500

#: Conjunctions and prepositions: a break before them is good, after them it leaves them hanging.
CONJUNCTIONS = frozenset("và nhưng vì nếu mà thì hoặc hay nên tuy song nhằm rằng để do bởi khi dù chứ khiến kể".split())
_STRONG = frozenset("nhưng vì nếu bởi dù mặc khiến".split())
PREPOSITIONS = frozenset("của trong với tại theo từ bằng giữa như nhờ".split())
#: Prepositions that are verbs as often: it depends on what they are here.
_DIRECTIONS = frozenset("về cùng đến tới trên dưới ngoài cho qua ở vào lên ra xuống khỏi sang trước sau".split())
LINKS = CONJUNCTIONS | PREPOSITIONS | _DIRECTIONS
#: Words that belong to what follows: classifiers, titles, counters, determiners, auxiliaries, negations.
BINDS_RIGHT = frozenset(
    (
        "ông bà anh chị em cô chú bác ngài cụ tỉnh huyện xã phường quận thôn làng phố đường sông núi ngày tháng năm "
        "quý số thứ lần khoảng hơn gần những một mỗi mọi từng các cái con chiếc cuộc sự việc nền bộ đã đang sẽ vừa "
        "mới không chưa chẳng được bị phải cần có là rất vẫn cũng đều cả toàn hàng nhiều ít hãy đừng xin cứ"
    ).split()
)
#: Auxiliaries and negations: what stands before them is a subject, and a break there parts it from its predicate.
PREDICATE = frozenset(
    "đã đang sẽ vừa mới phải cần có là vẫn cũng đều không chưa chẳng bị được hãy xin cứ đừng nên lại rất".split()
)
#: Words that close what stands before them, and begin no line.
BINDS_LEFT = frozenset("này kia ấy đó đấy nay nào đâu lắm quá nhất nữa rồi nhau luôn mãi hẳn thôi nhé ạ à".split())
#: Those that do so after a verb, unless a verb follows: `gặt được 68.000 ha`, but `được giao`.
_AFTER_VERBS = frozenset("được lại ngay hơn mới còn lên xuống ra vào đi về thêm xong hết".split())
_ABOUT = frozenset("hơn gần khoảng trên dưới chừng cỡ".split())
#: Verbs after which a clause of its own begins.
_REPORTS = frozenset(
    (
        "cảnh báo, cho biết, khẳng định, đề nghị, yêu cầu, lo ngại, quyết định, nhấn mạnh, khuyến cáo, dự báo, thông báo, "
        "kêu gọi, nói, hy vọng, mong, đề xuất, kiến nghị, chỉ đạo, phát biểu, thừa nhận, cho rằng, tin, nghĩ, thấy, mục tiêu, "
        "cho hay, giải thích, chia sẻ, bày tỏ, báo cáo, giao, nhận định, đánh giá"
    ).split(", ")
)
_TITLES = frozenset(
    "bí thư, chủ tịch, giám đốc, bộ trưởng, thứ trưởng, phó, trưởng, viện trưởng, chánh, đồng chí, cục trưởng".split(", ")
)
NUMBER_WORDS = frozenset(
    (
        "một hai ba bốn tư năm lăm sáu bảy bẩy tám chín mười mươi mốt trăm nghìn ngàn triệu tỷ tỉ linh lẻ phẩy phần"
    ).split()
)
#: Pronouns that are a verb's subject, which the guide keeps with their verb.
SUBJECTS = frozenset("tôi ta mình nó họ hắn y anh chị em cháu con ông bà cô chú bác ai gì chúng tớ".split())
_NOUNS = frozenset(("N", "Nc", "Nu", "Ny", "Np", "B"))
_VERBAL = frozenset(("V", "A", "R"))
_CLOSING = "\"'”’)]}»"
_DASHES = frozenset("-–—")
_STOPS = frozenset(",;:.!?…" + _CLOSING)


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


@dataclass(frozen=True, slots=True)
class _Syllable:
    """A word of ours, a syllable of the language mostly, with all that decides about breaks beside it."""

    text: str
    bare: str  # folded, without the marks at its edges; empty for marks alone
    tag: str
    joined: bool  # one word with the syllable before it
    first: bool  # of its sentence or segment
    capital: bool


def break_costs(words: Sequence[Spoken]) -> list[float]:
    """What a break after each word costs, 0 (best) to `INSIDE_NAME`; the last is 0, for there the text ends."""
    if not words:
        return []
    syllables = _syllables(words)
    named = _inside_offices(syllables)
    costs = []
    for k in range(len(words) - 1):
        cost = INSIDE_NAME if named[k] else _cost(words, syllables, k)
        if cost < FORBIDDEN:
            pause_ms = max(0, words[k + 1].start_ms - words[k].end_ms)
            cost = max(0.0, cost - PAUSE_BONUS * min(pause_ms, FULL_PAUSE_MS) / FULL_PAUSE_MS)
        costs.append(cost)
    return [*costs, 0.0]


def _syllables(words: Sequence[Spoken]) -> list[_Syllable]:
    found: list[_Syllable] = []
    start = 0
    for k, word in enumerate(words):
        if k + 1 == len(words) or word.ends_sentence or word.segment != words[k + 1].segment:
            stretch = words[start : k + 1]
            parts = parts_of([item.text for item in stretch])
            found += [_syllable(item, part, n == 0) for n, (item, part) in enumerate(zip(stretch, parts, strict=True))]
            start = k + 1
    return found


def _syllable(word: Spoken, part: Part, first: bool) -> _Syllable:
    bare = _bare(word.text)
    return _Syllable(word.text, bare, part.tag, part.joined, first, word.text.lstrip("\"'“‘([")[:1].isupper())


def _cost(words: Sequence[Spoken], syllables: Sequence[_Syllable], k: int) -> float:
    word, left, right = words[k], syllables[k], syllables[k + 1]
    if word.ends_sentence:
        return SENTENCE_END
    if word.segment != words[k + 1].segment:
        return SEGMENT_END
    if not right.bare:  # a dash or the like: it closes what stands before it and begins no line
        return INSIDE_NAME
    last = word.text.rstrip(_CLOSING)[-1:]
    if last in _DASHES and not left.bare:
        return INSIDE_NAME if _in_range(words, k) else CLAUSE_END
    if last in ";:!?…":
        return CLAUSE_END
    if last == "," or word.text[-1] in _CLOSING:
        return _after_comma(syllables, k)
    return _within_clause(syllables, k)


def _after_comma(syllables: Sequence[_Syllable], k: int) -> float:
    """A comma is a good place, but for that between two short words of one list: `các sở, ngành`."""
    left, right = syllables[k], syllables[k + 1]
    alone = k + 2 >= len(syllables) or not syllables[k + 2].joined
    both = left.tag in _NOUNS and right.tag in _NOUNS and not left.joined and not right.joined and alone
    if both and not left.capital and k and syllables[k - 1].tag in ("L", "M"):
        return FORBIDDEN
    return COMMA


def _within_clause(syllables: Sequence[_Syllable], k: int) -> float:
    """Without punctuation: what tears something first, then what leaves something hanging, then what parts phrases."""
    for rule in (_one_word, _one_number, _one_name, _closing, _leads_on, _before_link, _tight):
        cost = rule(syllables, k)
        if cost:
            return cost
    return _between_phrases(syllables, k)


def _before_link(syllables: Sequence[_Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    alone = not _joined_on(syllables, k + 1)
    if right.bare in ("rằng", "là") and _whole(syllables, k) in _REPORTS:
        return PLAIN
    if right.tag in ("C", "Cc") or right.bare in _STRONG or (right.bare in CONJUNCTIONS and alone):
        return BEFORE_CONJUNCTION
    if right.bare == "còn" and alone and left.tag not in ("V", "R", "A", "P"):
        return BEFORE_CONJUNCTION
    if right.bare in _DIRECTIONS and left.tag == "V" and alone and (not left.joined or left.bare in _DIRECTIONS):
        return HANGING if left.bare in _DIRECTIONS else POOR  # `lên | tới`, `đâm | vào`
    if right.tag == "E" or (right.bare in PREPOSITIONS and alone):
        return BEFORE_PREPOSITION
    return 0.0


def _joined_on(syllables: Sequence[_Syllable], k: int) -> bool:
    """Whether word `k` is the first syllable of a longer word."""
    return k + 1 < len(syllables) and syllables[k + 1].joined


def _whole(syllables: Sequence[_Syllable], k: int) -> str:
    """The word that syllable `k` is the last of, folded."""
    start = k
    while start and syllables[start].joined:
        start -= 1
    return " ".join(item.bare for item in syllables[start : k + 1])


def _one_word(syllables: Sequence[_Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if (left.bare, right.bare) in COMPOUNDS:
        return FORBIDDEN
    if not right.joined or (left.capital and not right.capital and k and right.joined and _two_capitals(syllables, k)):
        return 0.0  # the tagger takes what comes after a person's name for a part of it now and then
    return FORBIDDEN


def _two_capitals(syllables: Sequence[_Syllable], k: int) -> bool:
    return syllables[k].joined and syllables[k - 1].capital


def _one_number(syllables: Sequence[_Syllable], k: int) -> float:
    """Numbers with what they count and what is counted by them: `7.200 ha lúa`, `năm 2021`, `hơn ba mươi người`."""
    left, right = syllables[k], syllables[k + 1]
    if _number(syllables, k):
        return FORBIDDEN if _number(syllables, k + 1) or right.tag not in ("E", "C", "Cc", "R", "V", "P") else 0.0
    if _number(syllables, k + 1):
        if left.bare in _ABOUT:
            return FORBIDDEN
        if _closes(syllables, k):
            return 0.0
        counts = k + 2 < len(syllables) and syllables[k + 2].tag in ("N", "Nc") and right.text[-1:].isalnum() | (right.text[-1:] == "%")
        if left.tag in _NOUNS and counts and left.bare not in BINDS_RIGHT:
            return POOR
        return FORBIDDEN if left.tag in _NOUNS or left.tag in ("M", "L") or left.bare in BINDS_RIGHT else 0.0
    before_is_number = k and (_number(syllables, k - 1) or syllables[k - 1].tag == "M")
    return FORBIDDEN if before_is_number and left.tag == "Nu" and right.tag in _NOUNS else 0.0


def _number(syllables: Sequence[_Syllable], k: int) -> bool:
    """Whether word `k` is a number, in digits or in words; two words of numbers in a row are, whatever the tagger says."""
    item = syllables[k]
    if item.bare[:1].isdigit():
        return True
    if item.bare not in NUMBER_WORDS:
        return False
    beside = (k and syllables[k - 1].bare in NUMBER_WORDS) or (
        k + 1 < len(syllables) and syllables[k + 1].bare in NUMBER_WORDS
    )
    return item.tag == "M" or bool(beside)


def _one_name(syllables: Sequence[_Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    begins = left.capital and (not left.first or left.tag == "Np" or right.capital)
    if begins and right.capital:
        return INSIDE_NAME if left.bare not in LINKS else 0.0
    if right.capital and right.tag == "Np" and left.tag in ("N", "Nc") :
        return INSIDE_NAME  # a title or a kind of place with its name
    if begins and left.tag != "Np" and right.tag in _NOUNS:
        return FORBIDDEN  # the name of an office goes on in small letters: `Cảnh sát | giao thông`
    return 0.0


def _closing(syllables: Sequence[_Syllable], k: int) -> float:
    return FORBIDDEN if _closes(syllables, k + 1) else 0.0


def _closes(syllables: Sequence[_Syllable], k: int) -> bool:
    """Whether word `k` closes what stands before it, as `này` does, and `được` after a verb."""
    word = syllables[k]
    if not k or _joined_on(syllables, k):
        return False
    if word.bare in BINDS_LEFT:
        return word.tag in ("P", "R", "T", "A")
    if word.bare not in _AFTER_VERBS or syllables[k - 1].tag not in ("V", "A"):
        return False
    following = syllables[k + 1] if k + 1 < len(syllables) else None
    if following is None or following.first or not word.text[-1:].isalnum():
        return True
    if following.bare in _ABOUT or _number(syllables, k + 1):
        return True
    if word.bare == "được":
        return word.tag in ("R", "V") and following.tag not in _VERBAL
    return word.tag in ("R", "V", "A")


def _leads_on(syllables: Sequence[_Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if left.tag in ("L", "Nc", "Z"):
        return FORBIDDEN
    if _closes(syllables, k):
        return 0.0
    if left.tag == "R" and right.tag in _VERBAL:
        return FORBIDDEN
    if left.tag == "P" and left.bare in SUBJECTS and right.tag in _VERBAL:
        return FORBIDDEN
    if right.tag == "A" and left.tag in ("N", "V"):
        return FORBIDDEN
    if left.bare in BINDS_RIGHT and not left.joined and right.tag not in ("C", "Cc", "E"):
        verbal = right.tag in ("V", "R")
        if not (verbal and (left.tag == "N" or _number(syllables, k))):
            return FORBIDDEN if left.tag in ("R", "V") and right.tag in _VERBAL else HANGING
    if left.bare in LINKS and not left.joined:
        return HANGING
    if right.tag in _NOUNS and _whole(syllables, k) in _TITLES:
        return HANGING
    return 0.0


def _tight(syllables: Sequence[_Syllable], k: int) -> float:
    """Short words side by side are mostly one thing: `miền núi`, `lịch thi`, `gặt lúa`, `ước đạt`."""
    left, right = syllables[k], syllables[k + 1]
    if right.capital or right.bare in PREDICATE or _joined_on(syllables, k + 1) or right.tag not in ("N", "V"):
        return 0.0
    after = syllables[k + 2] if k + 2 < len(syllables) and right.text[-1:].isalnum() else None
    if left.joined:
        ends = after is None or after.first or after.tag in ("V", "R", "C", "Cc", "E")
        return HANGING if left.tag == "V" and right.tag == "N" and ends else 0.0
    if left.tag == "N" and right.tag == "V":
        begins = after is not None and (after.tag in ("M", "L", "Nc") or _joined_on(syllables, k + 2))
        return 0.0 if begins and not _has_verb(syllables, k) else POOR + 20
    return HANGING if left.tag in ("N", "V") else 0.0


def _between_phrases(syllables: Sequence[_Syllable], k: int) -> float:
    left, right = syllables[k], syllables[k + 1]
    if right.bare in PREDICATE and right.tag in ("R", "V") and (left.tag not in ("V", "R") or right.bare == "là"):
        return BEFORE_PREDICATE + (8 if _has_verb(syllables, k) else 0)
    if left.tag in ("V", "N") and _whole(syllables, k) in _REPORTS:
        return AFTER_REPORT + (12 if right.tag == "V" else 0)
    amount = k + 2 < len(syllables) and _number(syllables, k + 2)
    if right.tag in ("V", "R", "A") and left.tag not in ("V", "R"):
        return PLAIN - 20 if amount or not _has_verb(syllables, k) else PLAIN + 15
    if left.tag == "V" and right.tag in ("L", "M"):
        return PLAIN if right.tag == "M" and left.joined else PLAIN + 20
    return POOR + (20 if left.tag == right.tag or right.tag == "P" else 0)


def _has_verb(syllables: Sequence[_Syllable], k: int) -> bool:
    """Whether the clause has a verb before word `k` or at it; then another verb is hardly its predicate."""
    while k >= 0:
        item = syllables[k]
        if item.tag == "V":
            return True
        if item.first or item.tag in ("C", "Cc") or (k and syllables[k - 1].text[-1:] in _STOPS):
            return False
        k -= 1
    return False


#: Heads of offices' names; what follows them belongs to the name as long as it looks like one.
_OFFICES = frozenset(
    (
        "ủy hội sở bộ ban cục vụ viện trung trường đại học công tập tòa đoàn liên mặt văn chi phòng đảng huyện tỉnh "
        "thành bảo ngân bệnh quỹ hợp đài bảo tổng thường bí chủ giám cảnh quân nhà thanh kho hạt"
    ).split()
)
_PLACES = frozenset("tỉnh huyện xã phường quận thôn thành thị trấn khu vùng nước miền bang".split())


def _inside_offices(syllables: Sequence[_Syllable]) -> list[bool]:
    """For each word whether the next one belongs to the same office's name: `Ủy ban nhân dân tỉnh Thái Bình`.

    A name begins with a capital and a head; small words belong to it up to the next capital, two at most, or a kind of
    place with its name. Longer than a line it is left to the other rules.
    """
    inside = [False] * len(syllables)
    k = 0
    while k < len(syllables):
        if syllables[k].capital and syllables[k].bare in _OFFICES:
            stop = _end_of_office(syllables, k)
            if len(" ".join(item.text for item in syllables[k:stop])) <= 42:
                inside[k : stop - 1] = [True] * (stop - 1 - k)
            k = stop
        else:
            k += 1
    return inside


def _end_of_office(syllables: Sequence[_Syllable], start: int) -> int:
    stop = k = start + 1
    while k < len(syllables) and k - stop < 4 and not syllables[k].first:
        if not syllables[k - 1].text[-1].isalnum():
            break
        item = syllables[k]
        if item.capital:
            stop = k + 1
        elif not (item.joined or item.tag in ("N", "A") or item.bare in ("và", "nhân", "dân")):
            break
        elif item.joined and (k == stop or (k == stop + 1 and item.tag == "N")):
            stop = k + 1  # `Bảo vệ`, and one word in small letters after it: `Cục Bảo vệ thực vật`
        k += 1
    return stop


def _in_range(words: Sequence[Spoken], dash: int) -> bool:
    """Whether the dash stands between two numbers: `2021 – 2025`, or two halves of a word: `kinh tế - xã hội`."""
    if dash == 0:
        return False
    before, after = words[dash - 1].text, words[dash + 1].text
    return before[-1:].isalnum() and (after[:1].isdigit() == before[-1:].isdigit()) and not after[:1].isupper()


def _bare(text: str) -> str:
    """`text` folded, without what is no letter or digit at its edges; empty for bare punctuation."""
    folded = fold(text)
    start, end = 0, len(folded)
    while start < end and not folded[start].isalnum():
        start += 1
    while end > start and not folded[end - 1].isalnum():
        end -= 1
    return folded[start:end]
