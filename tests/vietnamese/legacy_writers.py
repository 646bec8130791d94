"""Writes text in the encodings of before Unicode, so that a test can read it back."""

from __future__ import annotations

from mediakit.vietnamese.legacy import _LETTERS, _MARKED, _SINGLE, _UNMARKED

NAMES = (*_SINGLE, *_MARKED)
#: Capitals that the fonts of TCVN3 have; the others are written with small letters.
_CAPITALS_OF_TCVN3 = "ĂÂÊÔƠƯĐ"


def _letters(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if name in _SINGLE:
        small, capitals = _SINGLE[name]
        found.update(zip(_LETTERS, small, strict=True))
        for written, letter in capitals.items():
            if name != "TCVN3" or letter in _CAPITALS_OF_TCVN3:
                found.setdefault(letter, written)
    else:
        for vowel, (marks, made) in _MARKED[name].items():
            for mark, letter in zip(marks, made, strict=True):
                found[letter], found[letter.upper()] = vowel + mark, (vowel + mark).upper()
        for written, letter in zip(*_UNMARKED[name], strict=True):
            found[letter], found[letter.upper()] = written, written.upper()
    return found | {c.upper(): found[c] for c in _LETTERS if c.upper() not in found}


_WRITTEN = {name: _letters(name) for name in NAMES}


def carried(name: str, text: str) -> str:
    """The text as it reads where the encoding was taken for Latin-1."""
    return "".join(_WRITTEN[name].get(c, c) for c in text)


def encoded(name: str, text: str) -> bytes:
    """The bytes of the text; quotes and dashes are those of Windows-1252."""
    return b"".join(c.encode("latin-1") if c < "\u0100" else c.encode("cp1252", "replace") for c in carried(name, text))


def misread(data: bytes, encoding: str) -> str:
    """Bytes as a program shows them that takes them for a code page of Windows."""
    return "".join(bytes([byte]).decode(encoding, "ignore") or chr(byte) for byte in data)
