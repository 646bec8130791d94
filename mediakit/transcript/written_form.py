"""Full stops and capitals for text that an engine gives without: by pauses, and by names that are known.

Only free speech needs it: where the article is read, its own print is shown. So it is done to segments that are
grounded, not by the engine: what was heard is kept as it was, and the article's names are known. Nothing but the case
of letters and marks at the ends of words is changed, numbers stay as they are said, and text that has marks or
capitals of its own is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import fold

#: A pause as long as this ends a sentence. Between two sentences of the readings in `../shared/speech` nine of ten
#: pauses are longer than 309 ms and half longer than 506 ms; inside one a speaker breathes for less.
SENTENCE_PAUSE_MS = 600
#: So few words between two long pauses are no sentence: somebody is looking for a word.
_FEWEST_WORDS = 3
_MARKS = frozenset(".,;:?!…")
#: Names that are never anything else, or hardly ever; `hòa bình` is peace, and single syllables are words too.
_PLACES = """
việt nam, hà nội, sài gòn, hồ chí minh, thành phố hồ chí minh, đà nẵng, hải phòng, cần thơ, an giang, bà rịa, vũng tàu,
bạc liêu, bắc giang, bắc kạn, bắc ninh, bến tre, bình định, bình dương, bình phước, bình thuận, cà mau, cao bằng,
đắk lắk, đắk nông, điện biên, đồng nai, đồng tháp, gia lai, hà giang, hà nam, hà tĩnh, hải dương, hậu giang, hưng yên,
khánh hòa, kiên giang, kon tum, lai châu, lâm đồng, lạng sơn, lào cai, long an, nam định, nghệ an, ninh bình,
ninh thuận, phú thọ, phú yên, quảng bình, quảng nam, quảng ngãi, quảng ninh, quảng trị, sóc trăng, sơn la, tây ninh,
thái bình, thái nguyên, thanh hóa, thừa thiên huế, tiền giang, trà vinh, tuyên quang, vĩnh long, vĩnh phúc, yên bái,
buôn ma thuột, đà lạt, nha trang, phan thiết, quy nhơn, tam kỳ, biên hòa, thủ đức, phú quốc, côn đảo, hạ long,
hoàng sa, trường sa, tây nguyên, nam bộ, bắc bộ, đông nam bộ, đông nam á, trung quốc, hoa kỳ, nhật bản, hàn quốc,
triều tiên, thái lan, ấn độ, đài loan, hồng kông, bắc kinh, thượng hải, liên hợp quốc, asean, covid, facebook, internet
"""
#: Those of which not each word has one capital.
_WRITTEN = {
    "thành phố hồ chí minh": "thành phố Hồ Chí Minh",
    "liên hợp quốc": "Liên hợp quốc",
    "asean": "ASEAN",
    "covid": "Covid",
    "internet": "internet",
}

Syllables = tuple[str, ...]


class Names:
    """Names by their folded syllables, with the words as they are printed."""

    def __init__(self, printed: Iterable[Sequence[str]] = ()) -> None:
        """`printed` are the words of names that are known besides, such as the article's; they come first."""
        usual = (_WRITTEN.get(place, place.title()).split() for place in _places())
        self._written: dict[Syllables, tuple[str, ...]] = {}
        for words in (*printed, *usual):
            self._written.setdefault(tuple(fold(word) for word in words), tuple(words))
        self._longest = max(len(name) for name in self._written)

    def at(self, syllables: Sequence[str], place: int) -> tuple[str, ...]:
        """The words of the longest name that begins at `place` of folded syllables; none where none does."""
        for count in range(min(self._longest, len(syllables) - place), 0, -1):
            found = self._written.get(tuple(syllables[place : place + count]))
            if found is not None:
                return found
        return ()


def _places() -> Iterator[str]:
    return (" ".join(place.split()) for place in _PLACES.split(","))


def with_written_form(segments: Sequence[Segment], names: Names | None = None) -> tuple[Segment, ...]:
    """The segments of a medium, in order, with free speech in written form where the engine gives none.

    Whether it does is asked of all that was heard: a sentence without marks of one that writes them stays as it is.
    Foreign speech stays as it is, and is not asked.
    """
    own_texts = [text for segment in segments if segment.language is None for text in segment.heard.split()]
    if not own_texts or not lacks_written_form(own_texts):
        return tuple(segments)
    known = names or Names()
    result: list[Segment] = []
    for stays, run in groupby(segments, key=lambda s: s.source == "article" or s.language is not None):
        own = list(run)
        result += own if stays else _written(own, known)
    return tuple(result)


def _written(segments: Sequence[Segment], names: Names) -> Iterator[Segment]:
    """Free speech between two sentences of the article, or foreign ones: a sentence may go on in the next segment."""
    texts = iter(_sentences([word for segment in segments for word in segment.words], names))
    for segment in segments:
        words = tuple(replace(word, text=next(texts)) for word in segment.words)
        yield replace(segment, text=" ".join(word.text for word in words), words=words)


def lacks_written_form(texts: Iterable[str]) -> bool:
    """Whether no word has a capital or ends in a mark.

    >>> lacks_written_form(["xin", "chào"]), lacks_written_form(["Xin", "chào"]), lacks_written_form(["chào."])
    (True, False, False)
    """
    return not any(text != text.lower() or text[-1] in _MARKS for text in texts)


def written_form(words: Sequence[Word], names: Names | None = None) -> tuple[str, ...]:
    """What is printed for each of `words`, which are in order: sentences between long pauses, names with capitals.

    >>> said = "chiều nay tại hà nội trời mưa".split()
    >>> words = [Word(300 * n, 300 * n + 250, text, 1.0) for n, text in enumerate(said)]
    >>> " ".join(written_form(words))
    'Chiều nay tại Hà Nội trời mưa.'
    """
    texts = [word.text for word in words]
    return tuple(_sentences(words, names or Names()) if words and lacks_written_form(texts) else texts)


def _sentences(words: Sequence[Word], names: Names) -> list[str]:
    texts = _with_names([word.text for word in words], names)
    begins = True
    for place, ends in enumerate(_sentence_ends(words)):
        if begins:
            texts[place] = _capitalised(texts[place])
        begins = ends
        if ends and texts[place][-1] not in _MARKS:
            texts[place] += "."
    return texts


def _with_names(texts: list[str], names: Names) -> list[str]:
    """Words with the capitals of the names that they are."""
    folded = [fold(text) for text in texts]
    result = list(texts)
    place = 0
    while place < len(texts):
        found = names.at(folded, place)
        result[place : place + len(found)] = map(_in_case_of, texts[place : place + len(found)], found)
        place += max(1, len(found))
    return result


def _in_case_of(text: str, printed: str) -> str:
    """`text` with capitals where `printed` has them; tone marks stay where they were heard (`hoà`, `hòa`)."""
    if len(text) != len(printed):
        return text
    return "".join(c.upper() if p.isupper() else c for c, p in zip(text, printed, strict=True))


def _capitalised(text: str) -> str:
    """With a capital, where its first letter has one of the same length (`ß` has none) and it is no name like eBay."""
    upper = text[:1].upper()
    return upper + text[1:] if len(upper) == 1 and upper.lower() == text[:1] else text


def _sentence_ends(words: Sequence[Word]) -> Iterator[bool]:
    """For each word whether a sentence ends with it: a long pause follows, and it is long enough; the last one does."""
    count = 0
    for word, following in pairwise(words):
        count += 1
        ends = following.start_ms - word.end_ms >= SENTENCE_PAUSE_MS and count >= _FEWEST_WORDS
        yield ends
        count = 0 if ends else count
    yield True
