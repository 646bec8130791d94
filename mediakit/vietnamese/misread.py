"""Text that was read in another encoding than it was written in, told by its words: most are Vietnamese then.

`tieáng Vieät` is VNI, `tiÕng ViÖt` TCVN3, `tiáº¿ng Viá»‡t` UTF-8, each read as Windows-1252; and each may have been
read as Windows-1258 instead, the other code page of Windows in Vietnam.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TypeVar

from mediakit.vietnamese.invisible import INVISIBLE
from mediakit.vietnamese.legacy import FROM_C1, READERS, with_first_capitals
from mediakit.vietnamese.normal import TONE_MARKS, nfc
from mediakit.vietnamese.spelling import is_spelt

#: Characters that are looked at to decide; of longer text, lines from all of it.
_SAMPLE_CHARS = 200_000
#: Words with marks that must be Vietnamese syllables afterwards, as a share; what is in other languages is in names.
_MOST = 0.75
#: Words that must become syllables where most words with marks are Vietnamese as they are: a line of another program's.
_FEW = 5
#: Fewer words with marks are a list of names; fewer letters tell no alphabet.
_FEW_MARKED = 12
_FEW_LETTERS = 12
# Legacy letters are symbols too, and controls. Quotation marks at a word's edge are none of its letters.
_TOKEN = re.compile("[A-Za-z\x80-\x9f¡-\u024f\u0300-\u036f\u1e00-\u1eff]+")
# A soft hyphen is a letter in some.
_UNSEEN = re.compile(f"(?!\xad){INVISIBLE.pattern}")
_EDGES = "«»°®©·"
# What stands in no word: no square metres, no question marks of Spanish, no soft hyphens.
_NO_LETTERS = "[¢-¦¨¬¯±¶¸¼-¾×÷\x80-\x9f]"
_SYMBOLS = re.compile(f"[A-Za-z]{_NO_LETTERS}|{_NO_LETTERS}[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Misreading:
    """What a text was written in: `TCVN3`, `VNI`, …, or `UTF-8`; `read` reads it so."""

    name: str
    read: Callable[[str], str]
    #: Letters that no line has which was misread so.
    foreign: re.Pattern[str]
    #: Whether a line was written so beyond doubt, however little it says.
    is_certain: Callable[[str], bool] = lambda line: False

    def mended(self, text: str) -> str:
        """The text, each line as it was written if more of its words are Vietnamese syllables then; else as it is."""
        mended = "\n".join(self._line(line) for line in text.split("\n"))
        return with_first_capitals(mended) if self.name == "TCVN3" and mended != text else mended

    def _line(self, line: str) -> str:
        if line.isascii() or self.foreign.search(line):
            return line
        mended = nfc(self.read(_UNSEEN.sub("", line)))
        if mended == line or self.is_certain(line):
            return mended
        before, after = _Count.of(line), _Count.of(mended)
        is_better = after.spelt > before.spelt or (after.spelt == before.spelt and after.marked < before.marked)
        return mended if is_better else line


@dataclass(frozen=True, slots=True)
class _Count:
    """Words with other letters than ASCII's, how many of them are spelt as syllables; words in all, and those spelt."""

    marked: int
    spelt: int
    words: int
    spelt_words: int

    @classmethod
    @lru_cache(maxsize=8)  # a text is asked about from several sides, one after the other
    def of(cls, text: str) -> _Count:
        marked = spelt = words = plain = 0
        for token in _TOKEN.findall(text):
            words += 1
            if token.isascii():
                plain += is_spelt(token)
                continue
            token = token.strip(_EDGES)
            # A sign by itself says nothing: `40 ÷ 50` is no TCVN3.
            if not token.isascii() and (len(token) > 1 or token.isalpha()):
                marked += 1
                spelt += is_spelt(token)
        return cls(marked, spelt, words, plain + spelt)


def misreading_of(text: str) -> Misreading | None:
    """How a text was misread, if it was and it can be told; None for one that is as it should be.

    All of a document is to be given: a title alone may say too little.

    >>> misreading_of("Tieáng noå ôû Vieät Nam").name, misreading_of("Tiáº¿ng ná»• á»Ÿ Viá»‡t Nam").name
    ('VNI', 'UTF-8')
    >>> misreading_of("Tiếng nổ ở quán São Paulo của ông Müller"), misreading_of("Déjà vu à Genève")
    (None, None)
    """
    sample = _UNSEEN.sub("", _sample(text))
    before = _Count.of(sample)
    unspelt = before.marked - before.spelt
    least = _FEW if before.spelt > unspelt else 2
    if unspelt < least:
        return None
    best, most = None, before.spelt + least - 1
    lines = sample.split("\n")
    for misreading in _READINGS:
        mended = misreading.mended(sample).split("\n")
        after = _Count.of("\n".join(mended))
        explained = 2 * (after.marked - after.spelt) <= unspelt
        if (
            explained
            and after.spelt > most
            and _reads_as_vietnamese([new for new, old in zip(mended, lines, strict=True) if new != old])
        ):
            best, most = misreading, after.spelt
    return best


def _reads_as_vietnamese(lines: Iterable[str]) -> bool:
    """Whether most words of lines are Vietnamese syllables, those with marks above all."""
    count = _Count.of("\n".join(lines))
    return count.spelt >= _MOST * count.marked and 2 * count.spelt_words >= count.words


def is_vietnamese(text: str) -> bool:
    """Whether most words with marks are Vietnamese syllables, and there are such."""
    count = _Count.of(_sample(text))
    return count.spelt > 0 and count.spelt >= _MOST * count.marked


def is_garbled(text: str) -> bool:
    """Whether a text was misread in a way that cannot be told.

    Symbols stand in its words, or marks on most of them, or most of its letters are beyond those of English.
    """
    sample = _sample(text)
    count = _Count.of(sample)
    if count.spelt >= _MOST * count.marked:
        return False
    symbols = sum(1 for _ in _SYMBOLS.finditer(sample))
    letters = "".join(_TOKEN.findall(sample))
    beyond = sum(not c.isascii() for c in letters)
    return (
        symbols > 4 + count.words / 20
        or (count.marked > max(_FEW_MARKED, 0.6 * count.words) and count.spelt < count.marked / 3)
        or 2 * beyond > max(len(letters), _FEW_LETTERS)
    )


def _sample(text: str) -> str:
    if len(text) <= _SAMPLE_CHARS:
        return text
    lines = text.split("\n")
    step = len(text) // _SAMPLE_CHARS + 1
    return "\n".join(line[:_SAMPLE_CHARS] for line in islice(lines, 0, None, step))[:_SAMPLE_CHARS]


# Bytes that are letters in Windows-1258 and others in Windows-1252; five of them are combining marks.
_FROM_1258 = str.maketrans("ĂăĐđƠơƯư₫\u0300\u0301\u0303\u0309\u0323", "ÃãÐðÕõÝýþÌìÞÒò")
_NOT_IN_1252 = re.compile("[ĂăĐđƠơƯư\u1ea0-\u1ef9]")
# All but those that Windows-1258 has, and those that its marks made with letters of ASCII: `tiÒn` comes as `tỉn`.
_NOT_IN_1258 = re.compile("[ấầẩẫậắằẳẵặếềểễệốồổỗộớờởỡợứừửữự]", re.IGNORECASE)
_TO_BYTES = str.maketrans({sign: c1 for c1, sign in FROM_C1.items()})
_FROM_BYTES = str.maketrans(FROM_C1)
_UTF8 = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# The second byte of à is a no-break space, which may have become a plain one: `lÃ  báº£n lÃ ng`.
_LOST_A0 = re.compile(r"\xc3(?: (?=(?:[mniouy]|ng|nh)\b)|(?= |$))", re.MULTILINE)


def _as_1252(text: str) -> str:
    """What was read as Windows-1258, read as Windows-1252; its marks that were composed with letters are taken off."""
    return "".join(_apart(c) if c > "\xff" else c for c in text).translate(_FROM_1258)


def _apart(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    return nfc(decomposed[:-1]) + decomposed[-1] if decomposed[-1] in TONE_MARKS else letter


def _utf8(text: str) -> str:
    """UTF-8 that was read as Windows-1252."""
    raw = text.translate(_TO_BYTES)
    mended = _UTF8.sub(lambda found: found[0].encode("latin-1").decode("utf-8", "replace"), raw)
    return _LOST_A0.sub("à", mended.translate(_FROM_BYTES))


def _is_utf8(text: str) -> bool:
    """Whether all that is not ASCII in a text is UTF-8 that was read as Windows-1252: no other text is that."""
    try:
        _LOST_A0.sub("\xc3\xa0", text.translate(_TO_BYTES)).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return False
    return True


_Of = TypeVar("_Of")


def _through_1258(read: Callable[[str], _Of]) -> Callable[[str], _Of]:
    return lambda text: read(_as_1252(text))


def _readings() -> Iterable[Misreading]:
    yield Misreading("UTF-8", _utf8, _NOT_IN_1252, _is_utf8)
    for name, read in READERS.items():
        yield Misreading(name, read, _NOT_IN_1252)
    yield Misreading("UTF-8", lambda text: _utf8(_utf8(text)), _NOT_IN_1252, _is_utf8)
    yield Misreading("UTF-8", _through_1258(_utf8), _NOT_IN_1258, _through_1258(_is_utf8))
    for name, read in READERS.items():
        yield Misreading(name, _through_1258(read), _NOT_IN_1258)


_READINGS = tuple(_readings())
