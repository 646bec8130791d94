"""Text of before Unicode, and text that was encoded twice: told by its words, and never where it is as it should be."""

from __future__ import annotations

import lzma
import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.text_decoding import decode
from mediakit.vietnamese.legacy import _LETTERS, READERS
from mediakit.vietnamese.misread import is_garbled, is_vietnamese, misreading_of
from mediakit.vietnamese.spelling import is_spelt
from tests.vietnamese.legacy_writers import NAMES, carried, encoded, misread

TEXT = (
    "Chiều nay, ông Nguyễn Đức Hưởng, Phó Giám đốc Sở Xây dựng, trả lời phỏng vấn.\n"
    "Ông cho biết: “Mười bảy hộ dân ở xã Quỳnh Mỹ đã nhận đủ tiền” – thế là xong.\n"
    "Những ngày tới, huyện sẽ lắp thêm đèn, vá ổ gà và kẻ lại vạch sơn."
)


@pytest.mark.parametrize(
    ("name", "written", "text"),
    [
        ("TCVN3", "Häp b¸o vÒ viÖc lµm ®­êng ë x· Yªn Mü", "Họp báo về việc làm đường ở xã Yên Mỹ"),
        ("TCVN3", "ñy ban Nh©n d©n TØnh §ång Th¸p", "Ủy ban Nhân dân Tỉnh Đồng Tháp"),
        ("TCVN3", "B¸O C¸O VÒ VIÖC GI÷ RõNG", "BÁO CÁO VỀ VIỆC GIỮ RỪNG"),
        ("VNI", "Hoïp baùo veà vieäc laøm ñöôøng ôû xaõ Yeân Myõ", "Họp báo về việc làm đường ở xã Yên Mỹ"),
        ("VNI", "UÛy ban Nhaân daân Tænh Ñoàng Thaùp", "Ủy ban Nhân dân Tỉnh Đồng Tháp"),
        ("VNI", "BAùO CAùO VEà VIEäC GIÖõ RÖøNG", "BÁO CÁO VỀ VIỆC GIỮ RỪNG"),
        ("VISCII", "H÷p báo v« vi®c làm ðß¶ng · xã Yên MÛ", "Họp báo về việc làm đường ở xã Yên Mỹ"),
        ("VPS", "H†p báo vŠ viŒc làm ÇÜ©ng ª xã Yên MÏ", "Họp báo về việc làm đường ở xã Yên Mỹ"),
        ("BK HCM 2", "Hoåp baáo vïì viïåc laâm àûúâng úã xaä Yïn Myä", "Họp báo về việc làm đường ở xã Yên Mỹ"),
        ("UTF-8", "Há»p bÃ¡o vá» viá»‡c lÃ m Ä‘Æ°á»ng á»Ÿ xÃ£ YÃªn Má»¹", "Họp báo về việc làm đường ở xã Yên Mỹ"),
    ],
)  # fmt: skip
def test_as_it_reads(name: str, written: str, text: str) -> None:
    misreading = misreading_of(written)
    assert misreading is not None
    assert misreading.name == name
    if name != "UTF-8":  # of its bytes some are in no code page
        assert misreading.mended(written) == text


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_is_read(name: str) -> None:
    for letter in _LETTERS:
        word = "đi" if letter == "đ" else f"l{letter}" if letter in "ýỳỷỹỵ" else f"b{letter}n"
        assert READERS[name](carried(name, word)) == word


@pytest.mark.parametrize("name", [*NAMES, "UTF-8"])
@pytest.mark.parametrize("through", ["latin-1", "cp1252", "cp1258"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_through_any_code_page(name: str, through: str, form: Literal["NFC", "NFD"]) -> None:
    data = TEXT.encode() if name == "UTF-8" else encoded(name, TEXT)
    text = unicodedata.normalize("NFC", unicodedata.normalize(form, misread(data, through)))
    misreading = misreading_of(text)
    assert misreading is not None
    assert misreading.name == name
    assert misreading.mended(text).translate(str.maketrans("\x93\x94\x96", "“”–")) == TEXT


def test_utf8_that_was_encoded_more_than_twice() -> None:
    twice = misread(misread(TEXT.encode(), "cp1252").encode(), "cp1252")
    misreading = misreading_of(twice)
    assert misreading is not None
    assert misreading.mended(twice) == TEXT


def test_no_break_spaces_that_became_plain_ones() -> None:
    said = "Ở làng này, cả nhà là thợ mộc và thợ nề"
    text = misread(said.encode(), "cp1252").replace("\xa0", " ")
    misreading = misreading_of(text)
    assert misreading is not None
    assert " ".join(misreading.mended(text).split()) == said


def test_lines_are_read_each_as_it_is() -> None:
    """A page has its menu in Unicode, its text of long ago in VNI, and words in other languages."""
    text = f"Trang chủ | Thời sự | Liên hệ\nMüller, São Paulo\n{carried('VNI', TEXT)}\n© 2004 Báo Sài Gòn – Café Zoë"
    misreading = misreading_of(text)
    assert misreading is not None
    assert misreading.mended(text) == text.replace(carried("VNI", TEXT), TEXT)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        TEXT.upper(),
        "Müller, François, Zoë, Björn và Søren dự họp; São Paulo, Curaçao, Málaga ở xa.",
        "L'été a été très chaud; où est-il passé? Voilà ce qu'on répète à l'école, déjà, à Genève.",
        "Größere Städte wie Köln, Düsseldorf und Nürnberg; schöne Grüße aus Österreich.",
        "¿Qué pasó? ¡Mañana iré a Ávila! El niño comió piñas.",
        "São Paulo não é a capital; a educação está no coração da questão.",
        "The “naïve” café’s façade – 25 °C, 100 m², ½ cup, 5 × 3 = 15, §4, ±2 µm.",
        "Băng tần 13,553 ÷ 13,567 MHz;\nb) 26,957 ÷ 27,283 MHz;\nc) 40,66 ÷ 40,70 MHz;\nd) 2400 ÷ 2483,5 MHz;",
        "Tin vắn: © 2021 Báo; giá 5.000₫/m²; 30°C; «Hà Nội»; ·Thái Bình·",
        "Příliš žluťoučký kůň úpěl ďábelské ódy. Türkiye'nin başkenti Ankara'dır.",
        "Привет, мир. 这是一个测试文本。 สวัสดี",
        "Ca-xtơ-rô, H’Hen Niê, Đắk Lắk, Krông Pắc, Plei Ốp, Y Ngông Niê Kđăm",
        "",
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_what_is_as_it_should_be(text: str, form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize("NFC", unicodedata.normalize(form, text))
    assert misreading_of(text) is None
    assert not is_garbled(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x1EFF), max_size=200))
def test_any_text_is_mended_or_left(text: str) -> None:
    misreading = misreading_of(text)
    if misreading is not None:
        assert misreading.mended(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("name", NAMES)
@given(st.text(max_size=100))
def test_any_text_can_be_read(name: str, text: str) -> None:
    assert READERS[name](text).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    "data", ["Привет, мир. Это русский текст.".encode("koi8-r"), "測試文本，用於檢查".encode("big5")]
)
def test_what_cannot_be_told(data: bytes) -> None:
    text = misread(data, "cp1252")
    assert misreading_of(text) is None
    assert is_garbled(text)


def test_letters_of_no_encoding_that_is_known() -> None:
    """As where the letters of an encoding were exchanged for others."""
    letters = "".join(carried("TCVN3", _LETTERS).split())
    turned = str.maketrans(letters, letters[7:] + letters[:7])
    text = carried("TCVN3", TEXT).translate(turned)
    assert misreading_of(text) is None
    assert is_garbled(text)
    assert decode(text.encode()) is None
    assert decode(text.encode("cp1252", "replace")) is None


def test_syllables() -> None:
    assert all(is_spelt(word) for word in "nghiêng giếng quyển khuỷu ngoằn ngoèo Quýnh xoong ỳ ỷ Ủy GIỮ".split())
    assert not any(is_spelt(word) for word in "that Müller tieáng Viªt chuôt ngế´ Đắk băp HĐND".split())
    assert is_vietnamese("Bình")
    assert not is_vietnamese("Binh")


def _sentences(shared: Path, name: str, number: int) -> list[str]:
    """Every so many lines of real text, NFC."""
    path = shared / "text" / f"{name}.txt.xz"
    if not path.is_file():
        pytest.skip(f"no {path.name}")
    with lzma.open(path, "rt", encoding="utf-8") as file:
        lines = [
            unicodedata.normalize("NFC", line) for line in file.read(3_000_000).split("\n") if 30 < len(line) < 400
        ]
    return lines[:: max(1, len(lines) // number)][:number]


@pytest.mark.parametrize("name", NAMES)
def test_real_sentences_come_back(shared: Path, name: str) -> None:
    """A thousand sentences of news in texts of five; letters apart that the encoding has none of."""
    lines = _sentences(shared, "treebank-sentences", 1000)
    same = 0
    for first in range(0, len(lines), 5):
        text = "\n".join(lines[first : first + 5])
        text = "".join(c if c < "\u0100" or c in "“”‘’…–—" or c.lower() in _LETTERS else "?" for c in text)
        misreading = misreading_of(written := misread(encoded(name, text), "cp1252"))
        assert misreading is not None
        assert misreading.name == name
        pairs = zip(misreading.mended(written).split("\n"), text.split("\n"), strict=True)
        same += sum(back.casefold() == line.casefold() for back, line in pairs)
    assert same >= 0.99 * len(lines)


@pytest.mark.parametrize("name", ["news-articles-2024", "encyclopaedia", "law"])
def test_real_text_is_left_as_it_is(shared: Path, name: str) -> None:
    lines = _sentences(shared, name, 3000)
    for first in range(0, len(lines), 10):
        text = "\n".join(lines[first : first + 10])
        assert misreading_of(text) is None, text
        assert not is_garbled(text), text


@pytest.mark.parametrize("line", ["Thứ 4, 09/06/2021 | 18:37:56", "4.455 lượt xem – ©", "“Ừ”", "Ảnh: Đ.", "Ký"])
@pytest.mark.parametrize("through", ["latin-1", "cp1252", "cp1258"])
def test_a_line_that_says_little_goes_with_the_others(line: str, through: str) -> None:
    text = misread(f"{TEXT}\n{line}".encode(), through)
    misreading = misreading_of(text)
    assert misreading is not None
    assert misreading.mended(text).split("\n")[-1].translate(str.maketrans("\x93\x94\x96", "“”–")) == line
