"""Words to search for, however they are typed; the reader page finds by the same rules (`outputs/reader/search.js`)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mediakit.vietnamese.normal import TONE_MARKS, nfc, strip_marks

# A mark without a composed form stays a character of its own, inside its word.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_TONES = re.compile(f"[{TONE_MARKS}]")


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word as its letters with the marks of its vowels, its tone, and its letters without any mark; in lower case.

    Of `oa`, `oe` and `uy` the tone stands on either vowel, so that it is looked at by itself.
    """

    letters: str
    tone: str
    plain: str

    def finds(self, said: SearchWord) -> bool:
        """Whether the word, as somebody typed it, is to find the other.

        Typed without marks it finds every mark; with marks its own, and every tone where it has none.

        >>> [word for word in "hòa hoà hóa hoa hoàn".split() if search_words("hoa")[0].finds(search_words(word)[0])]
        ['hòa', 'hoà', 'hóa', 'hoa']
        >>> [word for word in "hòa hoà hóa hoa".split() if search_words("hòa")[0].finds(search_words(word)[0])]
        ['hòa', 'hoà']
        >>> [word for word in "đường đương duong".split() if search_words("đương")[0].finds(search_words(word)[0])]
        ['đường', 'đương']
        """
        if self.plain == self.letters and not self.tone:
            return said.plain == self.plain
        return said.letters == self.letters and self.tone in ("", said.tone)


def search_words(text: str) -> list[SearchWord]:
    """The words of a text, without what stands between them."""
    return [_word(match) for match in _WORD.findall(nfc(text.lower()))]


def _word(text: str) -> SearchWord:
    apart = unicodedata.normalize("NFD", text)
    return SearchWord(_TONES.sub("", apart), "".join(_TONES.findall(apart)), strip_marks(text))
