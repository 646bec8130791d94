"""Bytes of any text that people give us as text."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.errors import ArticleError
from mediakit.text_decoding import LARGEST_BYTES, Damage, Decoded, decode, read_text, restored
from mediakit.vietnamese.invisible import without_invisible
from tests.vietnamese.legacy_writers import NAMES, carried, encoded

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


def read(data: bytes, *, declared: str | None = None, markup: bool = False) -> Decoded:
    decoded = decode(data, declared=declared, markup=markup)
    assert decoded is not None
    return decoded


def told(data: bytes) -> list[tuple[str, tuple[int, ...]]]:
    """What was wrong, and in which lines."""
    return [(item.code, item.lines) for item in read(data).damage]


@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_characters="\x7f\x85\xad") | st.just("\n"))
)
def test_what_is_in_utf8_is_read_as_it_is(text: str) -> None:
    """Unless it is a misread one, which is not made by chance."""
    decoded = decode(text.encode())
    if decoded is not None and not decoded.damage:
        assert decoded.text == unicodedata.normalize("NFC", text)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_none(data: bytes) -> None:
    decoded = decode(data)
    if decoded is not None:
        # Python calls some signs that are shown unprintable, as U+0600.
        assert without_invisible(decoded.text) == decoded.text
        assert {c for c in decoded.text if unicodedata.category(c) in ("Cc", "Cs")} <= set("\n\t")
        assert "\r" not in decoded.text
        lines = decoded.text.count("\n") + 1
        assert all(1 <= line <= lines for item in decoded.damage for line in item.lines)


@pytest.mark.parametrize(
    ("wrong", "right", "lines"),
    [
        (b"H\x93\xe1\xbb\x8dp b\xc3\xa1o t\xe1\xbb\x89nh", "H\ufffdọp báo tỉnh", (1,)),
        (
            "Họp báo: ".encode() + b"\x93" + "Tốt".encode() + b"\x94, \xf4ng n\xc3\xb3i.",
            "Họp báo: “Tốt”, \ufffdng nói.",
            (1,),
        ),
        ("Họp báo\nGiá 5 tỷ".encode() + b"\xa0\x96 6 t\xe1\xbb\xb7\x85", "Họp báo\nGiá 5 tỷ – 6 tỷ…", (2,)),
        ("Họp báo tỉnh\nÔng nói đún".encode() + b"\xe1\xbb", "Họp báo tỉnh\nÔng nói đún\ufffd", (2,)),
        ("\ufeffIt".encode() + b"\x92s fine", "It’s fine", (1,)),
    ],
)
def test_bytes_that_are_no_utf8(wrong: bytes, right: str, lines: tuple[int, ...]) -> None:
    decoded = read(wrong)
    assert (decoded.text, decoded.encoding) == (right.replace("tỷ –", "tỷ\u00a0–"), "utf-8")
    assert told(wrong) == [("bad-bytes", lines)]


def test_a_text_in_another_encoding_that_was_joined_on() -> None:
    joined = "Sáng nay, hội nghị diễn ra tại Thái Bình."
    for name, data in (("cp1258", windows_1258(joined)), ("TCVN3", encoded("TCVN3", joined))):
        decoded = read((TEXT * 2).encode() + data)
        assert decoded.text == TEXT * 2 + joined
        assert decoded.damage == (Damage("bad-bytes", f"not UTF-8, read as {name}", (5,)),)


@pytest.mark.parametrize(
    ("data", "text", "damage"),
    [
        ("Một\0 hai".encode(), "Một hai", [("null-bytes", (1,))]),
        (b"Tin ngan trong ngay\0" + b"\0" * 4000, "Tin ngan trong ngay", []),
        (
            "Một hai\n\0hai ba bốn\n\0ba bốn năm sáu\0".encode() + b" bay tam chin muoi",
            "Một hai\nhai ba bốn\nba bốn năm sáu bay tam chin muoi",
            [("null-bytes", (2, 3))],
        ),
        ("Một\x1b hai\n\x07ba".encode(), "Một hai\nba", [("control-characters", (1, 2))]),
        ("Một \x93hai\x94".encode(), "Một “hai”", [("control-characters", (1,))]),
        ("M\u00adột\nh\u200bai".encode(), "Một\nhai", [("invisible-characters", (1, 2))]),
        ("\ufeffMột\n\ufeffhai".encode(), "Một\nhai", [("byte-order-mark", (2,))]),
        ("Một\r\r\nhai\r\r\n".encode(), "Một\nhai\n", [("doubled-line-ends", (1,))]),
        (
            "Một\u2028hai\u2029ba\x0cbốn\x0bnăm\x85sáu\rbảy\r\ntám".encode(),
            "Một\nhai\nba\nbốn\nnăm\nsáu\nbảy\ntám",
            [("other-line-ends", (1,))],
        ),
        ("Một h\ufffdi".encode(), "Một h\ufffdi", [("letters-lost", (1,))]),
        ("Thái\u200bBình vi\u200bdeo".encode(), "Thái Bình video", [("invisible-characters", (1,))]),
    ],
)
def test_what_shows_nothing(data: bytes, text: str, damage: list[tuple[str, tuple[int, ...]]]) -> None:
    assert read(data).text == text
    assert told(data) == damage


@pytest.mark.parametrize("size", range(60, 68))
def test_a_null_byte_makes_no_utf16(size: int) -> None:
    """Of a text of even or of odd length, wherever it stands."""
    for place in (0, 1, 20, 31, size - 2):
        data = bytearray(b"Hoi nghi giao ban bao chi quy hai nam nay o tinh Thai Binh, ngay mai.."[:size])
        data[place] = 0
        assert read(bytes(data)).encoding != "utf-16-le"
        assert "nghi" in read(bytes(data)).text or place == 20


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "utf-32"])
@pytest.mark.parametrize("text", [TEXT, "Tin", "Ở ẩn: “Đã đủ”?"])
def test_wide_encodings_without_a_mark(encoding: str, text: str) -> None:
    assert read(text.encode(encoding)).text == unicodedata.normalize("NFC", text)


def test_a_mark_that_lies() -> None:
    assert read(b"\xff\xfe" + TEXT.encode()).text.endswith(TEXT)
    assert read(b"\xfe\xff" + TEXT.encode("utf-16-be")).text == TEXT


def test_utf16_with_a_stray_byte_at_its_end() -> None:
    assert read(b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\n").text == TEXT


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("as_bytes", [True, False])
def test_legacy_encodings(name: str, as_bytes: bool) -> None:
    text = TEXT.replace("ủy", "uỷ")
    decoded = read(encoded(name, text) if as_bytes else carried(name, text).encode())
    assert (decoded.text, decoded.encoding, decoded.legacy) == (text, name, name)
    (notice,) = decoded.notices("bài.txt")
    assert notice.code == "legacy-encoding"
    assert name in notice.message
    assert "check the letters" in notice.message


@pytest.mark.parametrize(
    "text", ["L'été à Genève: où est-ce?", "Müller über Köln", "It’s “fine” – naïve café", "¿Qué pasó, señor?"]
)
def test_western_text_in_windows_1252(text: str) -> None:
    decoded = read(text.encode("cp1252"))
    assert (decoded.text, decoded.legacy, decoded.damage) == (text, None, ())


@pytest.mark.parametrize(
    "data", ["Привет, это русский текст.".encode("cp1251"), "これは日本語の文章です。".encode("euc-jp")]
)
def test_what_cannot_be_told_is_refused(tmp_path: Path, data: bytes) -> None:
    assert decode(data) is None
    (tmp_path / "tin.txt").write_bytes(data)
    with pytest.raises(ArticleError, match="Save it as UTF-8") as caught:
        read_text(tmp_path / "tin.txt", ArticleError, "article")
    assert "tin.txt" in str(caught.value)


def test_what_is_declared_is_believed_where_the_bytes_say_nothing_else() -> None:
    russian = "Привет, это русский текст."
    assert read(russian.encode("cp1251"), declared="windows-1251").text == russian
    assert read(f"<meta charset='koi8-r'><p>{russian}".encode("koi8-r"), markup=True).text.endswith(russian)
    for declared in ("windows-1258", "iso-8859-1", "utf-16", "gb2312", "no-such-one", "x-user-defined", "hex", "rot13"):
        assert read(TEXT.encode(), declared=declared).text == TEXT
        assert read(windows_1258(TEXT), declared=declared).text == TEXT
        assert read(encoded("VNI", TEXT), declared=declared).text == TEXT


def test_markup_is_left_as_it_was_carried() -> None:
    """Letters of an old page may be entities; its texts are mended once they are parsed."""
    page = f"<html><body class='Thöû'><h1>B&uuml;n</h1><p>{carried('TCVN3', TEXT)}</p></body></html>"
    decoded = read(page.encode("latin-1"), markup=True)
    assert (decoded.text, decoded.legacy) == (page, "TCVN3")
    parsed = restored([carried("TCVN3", line) for line in TEXT.split("\n")])
    assert parsed is not None
    assert ("\n".join(parsed.texts), parsed.legacy) == (TEXT.replace("ủy", "ủy"), "TCVN3")


def test_texts_are_mended_together() -> None:
    parsed = restored(["Tin noå", "", "Sau moät thôøi gian\noâng quen vôùi muøi thuoác", "a\u200b.mp3"])
    assert parsed is not None
    assert parsed.texts == ("Tin nổ", "", "Sau một thời gian\nông quen với mùi thuốc", "a.mp3")
    assert restored([]) is not None
    assert [item.code for item in parsed.damage] == ["legacy-encoding", "invisible-characters"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        (TEXT * 50_000)[:2_500_000].encode(),
        ("x" * 1_000_000).encode(),
        ("ệ" * 1_500_000).encode(),
        b"\r" * 4_000_000,
        b"\xe1\xbb" * 1_200_000 + "ệ".encode() * 1_200_000,
        ("a\u200b" * 1_000_000).encode(),
        encoded("TCVN3", TEXT * 15_000),
        (("“" * 3 + "a") * 400_000).encode(),
        (carried("VISCII", TEXT) + "“" * 1_000_000).encode(),
        b"<" * 4_000_000,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("markup", [False, True])
@pytest.mark.alone
def test_time_grows_with_the_length(data: bytes, markup: bool) -> None:
    begin = time.process_time()
    decode(data, markup=markup)
    assert time.process_time() - begin < 15
