"""Lines that name a media file."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.attachment_lines import attachment_of, attachments_of
from mediakit.article.document import Attachment
from mediakit.article.html import parse_html
from mediakit.article.text import parse_text

NAME = "0906_hop_mat__mixdown.mp3"
LABELS = (
    *("Audio:", "Nghe audio:", "File âm thanh:", "Tệp âm thanh:", "Tệp ghi âm :", "Âm thanh:", "Audio 1:"),
    *("Nghe bài:", "Mời nghe:", "Mời quý thính giả nghe:", "Podcast:", "Nghe tại đây:", "Bản tin sáng 9/6:"),
    *("🔊 Audio:", "▶️ Nghe:", ">> Audio:", "• Audio:", "- Audio:", "* Audio:", "1. Audio:", "AUDIO:", "Audio -"),
    *("Audio –", "Audio", "Nghe audio", "Mời bạn đọc nghe file", "Audio：", "**Audio:**", "Đường dẫn:", ""),
    *("Audio số 2:", "Audio (bản đầy đủ):"),
)  # fmt: skip
AROUND = (
    "{}",
    "{}.",
    "({})",
    "[{}]",
    "{} (3,2 MB)",
    "{} - 3,2 MB",
    "{} [03:20]",
    "({}).",
    "*{}*",
    "{}; ",
    "{} (dài 3 phút)",
)


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("label", LABELS)
def test_a_label_and_a_name(label: str, around: str) -> None:
    line = around.format(f"{label} {NAME}".strip())
    for form in (line, unicodedata.normalize("NFD", line), line.upper()):
        (found,) = attachments_of(form)
        assert (found.kind, found.name) == ("audio", NAME.upper() if form.isupper() else NAME)


@pytest.mark.parametrize(
    ("line", "kind", "name"),
    [
        ("Video clip: Phát biểu của ông A.mp4", "video", "Phát biểu của ông A.mp4"),
        ("Xem video: a.MOV.", "video", "a.MOV"),
        ("Audio: “Phát biểu (1).m4a”", "audio", "Phát biểu (1).m4a"),
        ("(Audio: hop mat (2).wav)", "audio", "hop mat (2).wav"),
        ("Audio: (1) hop mat.wav", "audio", "(1) hop mat.wav"),
        ("Audio: hòa bình, hữu nghị.mp3", "audio", "hòa bình, hữu nghị.mp3"),
        ("Audio: 12. Bài ca. Phần 2.mp3", "audio", "12. Bài ca. Phần 2.mp3"),
        ("Audio: a.mp3.mp4", "video", "a.mp3.mp4"),
        ("Phát biểu của Bí thư.mp4", "video", "Phát biểu của Bí thư.mp4"),
        ("Clip: media/2021/a.webm", "video", "media/2021/a.webm"),
        ("https://bao.example/a.mp3?v=2", "audio", "https://bao.example/a.mp3?v=2"),
        ("Audio=ban tin 12.mp3", "audio", "ban tin 12.mp3"),
        ("a=b.mp3", "audio", "a=b.mp3"),
        ("<video src='phim/b.mp4' controls></video>", "video", "phim/b.mp4"),
        ("Audio: ban tin sang", "audio", "ban tin sang"),
        ("Video: tep_la.xyz", "video", "tep_la.xyz"),
    ],
)
def test_the_name_is_as_written(line: str, kind: str, name: str) -> None:
    found = attachment_of(line)
    assert found is not None
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize(
    "line",
    [
        *("Audio của buổi họp: hay", "Audio:", "Nghe: tải về", "Video: cảnh sát bắt giữ nghi phạm", "Định dạng: .mp3"),
        *("Ông mở tệp a.mp3.", "Các em tải tệp a.mp3 về máy rồi nghe.", "Ông nói: “Xin nghe tệp a.mp3.”"),
        *("Bạn đọc có thể nghe tại https://bao.example/a.mp3.", "Trang: www.abc.net.au", "Thư: toa.soan@abc.com.au"),
        *(
            "Mở a.mp3, b.mp3 ra, rồi anh kể cho mọi người nghe một câu chuyện.",
            "thaibinh.gov.vn",
            "Báo cáo: a.docx",
            "",
        ),
        *("Ông gõ audio=a.mp3 vào máy.", '<a href="a.html">Nghe</a>', '<img src="a.jpg">', "Tỷ lệ a=b", "Nghe = hiểu"),
        'Hôm qua, anh gửi <a href="a.mp3">bản ghi</a> cho chị và hai người bạn cũ nghe lại.',
        "Hôm nay các em đã nghe, đã đọc rồi lại chép vào vở của mình bài hát.mp3",
    ],
)
def test_running_text(line: str) -> None:
    assert attachments_of(line) == ()


def test_several_in_a_line() -> None:
    audio = (Attachment("audio", "a.mp3"), Attachment("audio", "b.mp3"))
    for line in ("Audio: a.mp3; b.mp3", "Audio: a.mp3, b.mp3.", "Audio: a.mp3 và b.mp3", "Audio: a.mp3 | Nghe: b.mp3"):
        assert attachments_of(line) == audio
        assert parse_text(f"Tin\n\nCâu một.\n{line}\nCâu hai.\n").attachments == audio
        assert parse_html(f"<h1>Tin</h1><p>Câu một.</p><p>{line}</p><p>Câu hai.</p>").attachments == audio


@given(
    st.lists(
        st.sampled_from([*'([{"“”)]}. :;,-?#/\\', "Audio", "a.mp3", ".mp3", "nghe", "Câu", "(1)", "và"]), max_size=12
    )
)
def test_any_line_can_be_asked(parts: list[str]) -> None:
    for line in (" ".join(parts), "".join(parts)):
        for attachment in attachments_of(line):
            assert attachment.name.strip() == attachment.name != ""
            assert attachment.name in line


@pytest.mark.parametrize("part", [".mp3", "a.mp3 ", "a.mp3;", "Audio: ", "((", ")", "1 ", "1:11", ".mp3)", "nghe "])
def test_a_long_line_is_told_at_once(part: str) -> None:
    begun = time.process_time()
    for length in (299, 300, 1_000_000):
        attachments_of((part * length)[:length])
        attachments_of("Audio: a.mp3" + (part * length)[: length - 12] + "x")
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "line",
    [
        *("Audio: a.mp3 - Thời lượng: 3 phút", "Audio: a.mp3; giọng đọc: Thu Hà", "Audio: Bản tin sáng (a.mp3)"),
        *("Audio: <a.mp3>", "Audio = a.mp3", "[Nghe bản tin](a.mp3)", '<audio src="a.mp3">', "Nghe: “Tin” [a.mp3]."),
        *(
            "Audio=a.mp3",
            "audio = “a.mp3”",
            "File=a.mp3",
            "src='a.mp3'",
            "Nghe => a.mp3",
            "Audio → a.mp3",
            "Audio | a.mp3",
        ),
        *('<a href="a.mp3">', '<a href="a.mp3">Nghe bản tin</a>', "<a target='_blank' href=a.mp3 class=x>a.mp3</a>"),
        *(
            'Audio: <a href="a.mp3">tại đây</a>',
            "<source src=a.mp3>",
            "<p><b>Audio: a.mp3</b></p>",
            "Nghe: <b>a.mp3</b>",
        ),
        *("[audio]a.mp3[/audio]", '[audio mp3="a.mp3"][/audio]', "[mp3]a.mp3[/mp3]", "▶ <a href='a.mp3'>Mời nghe</a>"),
        *('<audio controls src="a.mp3"></audio>', "Audio: a.mp3 (3 MB), thời lượng 3:20; giọng đọc: Thu Hà."),
    ],
)
def test_what_stands_around_a_name(line: str) -> None:
    assert attachments_of(line) == (Attachment("audio", "a.mp3"),)
    assert attachments_of("Ông mở tệp (a.mp3).") == ()
