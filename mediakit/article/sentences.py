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
_END = re.compile(rf"[{_TERMINATORS}]+[{re.escape(_CLOSERS)}]*(?=\s|$)")
_SPACES = re.compile(r"\s+")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, NFC, each with single spaces; together they are all of the text.

    >>> split_sentences("Tỷ lệ đạt 46,3%. Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!” Rồi thôi…")
    ['Tỷ lệ đạt 46,3%.', 'Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!”', 'Rồi thôi…']
    """
    text = _SPACES.sub(" ", nfc(text)).strip()
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        if _ends_sentence(text, start, match):
            sentences.append(text[start : match.end()].strip())
            start = match.end()
    rest = text[start:].strip()
    return [*sentences, rest] if rest else sentences


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    following = text[match.end() :].lstrip()
    if not following:
        return True
    first = following.lstrip(_OPENERS + " ")[:1]
    if first.islower():
        return False
    marks = match[0].rstrip(_CLOSERS)
    if marks != "." or len(match[0]) > len(marks):
        return True
    return not _is_abbreviation(text[start : match.start()])


def _is_abbreviation(before: str) -> bool:
    """Whether the word before a full stop is one that is written with it."""
    word = before.rsplit(" ", 1)[-1].lstrip(_OPENERS)
    if len(word) == 1 and word.isupper():
        # An initial stands in a name (`Nguyễn V. A.`); `vitamin C.` and `giai đoạn I.` end a sentence.
        name = before[: -len(word)].split()
        return not name or name[-1].lstrip(_OPENERS)[:1].isupper()
    if re.fullmatch(r"(\w\.)+\w", word) and word[0].isupper():
        return True  # J.F
    if word.lower() in _BEFORE_NAME and (word[:1].isupper() or word.lower() in {"đ/c", "th.s", "vs"}):
        return True
    # `1.` or `IV.` at the beginning is the number of what follows.
    return bool(re.fullmatch(r"\d{1,3}|[IVX]+", word)) and not before[: -len(word)].strip(_OPENERS + " ")
