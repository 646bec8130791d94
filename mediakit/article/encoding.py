"""Bytes of a saved article as text: UTF-8, UTF-16, or Windows-1258 as older Vietnamese systems wrote it."""

from __future__ import annotations

import codecs
from pathlib import Path

from mediakit.errors import ArticleError
from mediakit.vietnamese.normal import nfc

#: A newspaper page is some kilobytes; a film named .txt is not read into memory.
LARGEST_BYTES = 20_000_000
# In text of mostly Latin letters every second byte of UTF-16 is zero; Vietnamese letters beyond U+00FF have 01 or 1E.
_UTF16_HIGH = {0x00, 0x01, 0x03, 0x1E, 0x20}


def read_text(path: Path) -> str:
    """The file's text, NFC, with `\\n` line ends.

    Raises
    ------
    ArticleError
        If the file cannot be read, is too large, or is not text.
    """
    try:
        if not path.is_file():
            raise ArticleError("is not a file" if path.exists() else "no such article", file=path)
        if path.stat().st_size > LARGEST_BYTES:
            raise ArticleError(
                f"is larger than {LARGEST_BYTES // 1_000_000} MB", file=path, remedy="Is it an article's text?"
            )
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(f"cannot be read ({error.strerror or error})", file=path) from error
    text = decode(data)
    if text is None:
        raise ArticleError(
            "is not text in UTF-8, UTF-16 or Windows-1258", file=path, remedy="Save the article as UTF-8 text or HTML."
        )
    return text


def decode(data: bytes) -> str | None:
    """Text of `data` in the first encoding that fits; None where it is not text."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            # Windows-1258 writes tones as combining marks; composing makes them letters.
            return nfc(text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff"))
    return None


def _candidates(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    sample = data[:4000]
    if b"\0" in sample and len(data) % 2 == 0:
        odd, even = sample[1::2], sample[::2]
        return ["utf-16-le" if _share(odd) >= _share(even) else "utf-16-be"]
    return ["utf-8", "cp1258"]


def _share(data: bytes) -> float:
    return sum(byte in _UTF16_HIGH for byte in data) / max(1, len(data))


def _is_text(text: str) -> bool:
    """No control characters but white space, or nearly none: binary files are full of them."""
    controls = sum(1 for c in text if (c < " " and c not in "\t\n\r\f\v") or "\x7f" <= c < "\xa0")
    return controls <= len(text) / 1000
