"""Cuts Vietnamese running text into sentences.

A full stop ends a sentence unless it belongs to an abbreviation (`TP. Thái Bình`), an initial (`Nguyễn V. A.`) or a
number (`12.000`, `1.` of a list), or what follows goes on in lower case. Closing quotes and brackets stay with the
sentence they close.
"""

from __future__ import annotations

import re

from mediakit.vietnamese.normal import nfc

#: Abbreviations after which a name or number follows, folded, without their last stop.
_BEFORE_NAME = frozenset(
    {
        *("tp", "tx", "tt", "q", "p", "h", "x", "đ", "ts", "ths", "th.s", "pgs", "gs", "bs", "ks", "cn", "cv"),
        *("ls", "nsnd", "nsưt", "ncs", "đ/c", "mr", "mrs", "ms", "dr", "st", "no", "vs", "số", "tr", "t", "đt", "sđt"),
    }
)
_TERMINATORS = ".?!…"
_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{-–—•*"
# It begins where a row of marks begins: from inside a long row it would be tried again for each mark.
_END = re.compile(rf"(?<![{_TERMINATORS}])[{_TERMINATORS}]+[{re.escape(_CLOSERS)}]*(?=\s|$)")
_OPENING = re.compile(rf"[{re.escape(_OPENERS)} ]*")
_SPACES = re.compile(r"\s+")
#: A table or list that was saved without its line ends is no sentence. It is cut after so many words at most, where a
#: clause ends if one does in the second half of them; no sentence of a newspaper is so long, and no window of speech.
LONGEST_WORDS = 300
_CLAUSE_END = (";", ":", ",")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, NFC, each with single spaces; together they are all of the text.

    Time grows with the length of the text, however it is made up. What goes on for more than `LONGEST_WORDS` without
    an end is cut into parts.

    >>> split_sentences("Tỷ lệ đạt 46,3%. Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!” Rồi thôi…")
    ['Tỷ lệ đạt 46,3%.', 'Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!”', 'Rồi thôi…']
    """
    text = _SPACES.sub(" ", nfc(text)).strip()
    sentences: list[str] = []
    start, opened = 0, _opened(text, 0)
    for match in _END.finditer(text):
        if _ends_sentence(text, start, opened, match):
            sentences += _parts(text[start : match.end()].strip())
            start, opened = match.end(), _opened(text, match.end())
    return sentences + _parts(text[start:].strip())


def _opened(text: str, start: int) -> int:
    """Where what is written there begins, after spaces and opening marks."""
    found = _OPENING.match(text, start)
    return found.end() if found else start


def _parts(sentence: str) -> list[str]:
    """A sentence, whole unless it is too long to be one."""
    words = sentence.split(" ")
    if len(words) <= LONGEST_WORDS:
        return [sentence] if sentence else []
    parts: list[str] = []
    first = 0
    while first < len(words):
        last = min(first + LONGEST_WORDS, len(words))
        if last < len(words):
            ends = (i for i in range(last, last - LONGEST_WORDS // 2, -1) if words[i - 1].endswith(_CLAUSE_END))
            last = next(ends, last)
        parts.append(" ".join(words[first:last]))
        first = last
    return parts


def _ends_sentence(text: str, start: int, opened: int, match: re.Match[str]) -> bool:
    """Whether a sentence that begins at `start`, with its first letter at `opened`, ends with a match of `_END`."""
    if match.end() == len(text):
        return True
    following = _opened(text, match.end())
    if text[following : following + 1].islower():
        return False
    marks = match[0].rstrip(_CLOSERS)
    if marks != "." or len(match[0]) > len(marks):
        return True
    return not _is_abbreviation(text, start, opened, match.start())


def _is_abbreviation(text: str, start: int, opened: int, stop: int) -> bool:
    """Whether the word before the full stop at `stop` is one that is written with it."""
    word = _last_word(text, start, stop)
    before = stop - len(word)
    if len(word) == 1 and word.isupper():
        # An initial stands in a name (`Nguyễn V. A.`); `vitamin C.` and `giai đoạn I.` end a sentence.
        first_of_all = text[start : min(before, start + 2)].isspace() or before == start
        return first_of_all or _last_word(text, start, before - 1)[:1].isupper()
    if re.fullmatch(r"(\w\.)+\w", word) and word[0].isupper():
        return True  # J.F
    if word.lower() in _BEFORE_NAME and (word[:1].isupper() or word.lower() in {"đ/c", "th.s", "vs"}):
        return True
    # `1.` or `IV.` at the beginning is the number of what follows.
    return before <= opened and bool(re.fullmatch(r"\d{1,3}|[IVX]+", word))


def _last_word(text: str, start: int, stop: int) -> str:
    """The word that ends at `stop`, without the marks that open it."""
    return text[max(start, text.rfind(" ", start, stop) + 1) : stop].lstrip(_OPENERS)
