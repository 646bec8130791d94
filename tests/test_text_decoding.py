"""Bytes of any text that people give us as text."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from mediakit.errors import ArticleError
from mediakit.text_decoding import LARGEST_BYTES, decode, read_text

TEXT = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy.\nTỷ lệ đạt 46,3%; hoà và hòa.\n"


def text_of(data: bytes) -> str:
    decoded = decode(data)
    assert decoded is not None
    return decoded.text


def windows_1258(text: str) -> bytes:
    """As older systems wrote it: vowels with their marks as letters, tones as combining marks."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = []
    for c in unicodedata.normalize("NFC", text):
        parts = unicodedata.normalize("NFD", c)
        kept = unicodedata.normalize("NFC", "".join(p for p in parts if p not in tones))
        out.append(kept + "".join(p for p in parts if p in tones))
    return "".join(out).encode("cp1258")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode(encoding: str) -> None:
    assert text_of(TEXT.encode(encoding)) == TEXT
    assert text_of(unicodedata.normalize("NFD", TEXT).encode(encoding)) == TEXT


def test_windows_1258() -> None:
    data = windows_1258(TEXT)
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    assert text_of(data) == TEXT


@pytest.mark.parametrize("data", [bytes(range(256)) * 8, b"ID3\x04\0\0\0\0\0\0" + bytes(range(200)) * 9, b"\0" * 999])
def test_what_is_no_text(data: bytes) -> None:
    assert decode(data) is None


def test_files(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match="no such"):
        read_text(tmp_path / "khong-co.txt", ArticleError, "article")
    with pytest.raises(ArticleError, match="not a file"):
        read_text(tmp_path, ArticleError, "article")
    large = tmp_path / "lon.txt"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(ArticleError, match="larger"):
        read_text(large, ArticleError, "article")
