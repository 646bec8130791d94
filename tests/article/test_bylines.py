"""Lines that say who wrote an article or took a photo, and lines that only look so."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.bylines import author_of, is_author, is_byline, is_other_credit, is_person
from mediakit.article.dates import byline_of, published_of
from mediakit.article.document import Photo
from mediakit.article.html import parse_html
from mediakit.article.lines import photo_of
from mediakit.article.text import parse_text

AUTHORS = (
    *("Lê Minh Khuê", "Trịnh Cường", "TRỊNH CƯỜNG", "Phương Nam", "Nguyễn Thị Minh Khai", "Chi Trần", "Công Minh"),
    *("N.T.A", "H.T.", "T. Anh", "Nguyễn V. A", "Đoàn Thị Điểm", "Khắc Duẩn", "Vi Thị Hòa"),
    *("Thành Tâm - Minh Đức", "Thành Tâm, Minh Đức và Hoài An", "Nguyễn Hình – Thu Thủy", "Minh Hiệu- Lê Huyền"),
    *("Minh Anh (t/h)", "Phương Thảo(t/h)", "NHI HUỲNH (tổng hợp)", "Mai Tú (Trung tâm VH-TT huyện Vũ Thư)"),
    *("Thu Hà (tổng hợp)", "Thu Hà tổng hợp", "Thu Hà (lược dịch)", "Thu Hà - Minh Đức (tổng hợp)"),
    *("PV", "BTV", "PV (tổng hợp)", "Nhóm phóng viên", "Phóng viên Hoài An", "Ban biên tập", "Người viết"),
    *("Theo TTXVN", "Theo Báo Nhân Dân", "Theo VnExpress", "Trịnh Cường/TTXVN", "Đặng Anh - TTXVN"),
)
LABELLED = {
    "Tác giả: Lê Minh Khuê": "Lê Minh Khuê",
    "TÁC GIẢ: LÊ MINH KHUÊ": "LÊ MINH KHUÊ",
    "Bài: Hoài An": "Hoài An",
    "Bài và ảnh: Hoài An": "Hoài An",
    "Tin, ảnh: Thành Tâm": "Thành Tâm",
    "Tin, bài, ảnh : Thành Tâm - Minh Đức.": "Thành Tâm - Minh Đức",
    "Tin – ảnh: Thành Tâm": "Thành Tâm",
    "Ảnh và bài: Hoài An": "Hoài An",
    "Bài, ảnh: HOÀI AN (từ Berlin, Đức)": "HOÀI AN (từ Berlin, Đức)",
    "Thực hiện: Hoài An": "Hoài An",
    "Nguồn: TTXVN": "TTXVN",
    "(Theo TTXVN)": "Theo TTXVN",
    "(Trịnh Cường)": "Trịnh Cường",
    "Bài: Thu Hà - Ảnh: Minh Đức": "Thu Hà",
    "Bài: Thu Hà | Ảnh: Minh Đức, Hoài An": "Thu Hà",
    "Bài viết: Thu Hà; Thiết kế: Minh Đức": "Thu Hà",
    "Nội dung: Thu Hà. Ảnh: NVCC. Đồ họa: Hoài An": "Thu Hà",
    "Ảnh: Minh Đức – Bài: Thu Hà": "Thu Hà",
    "Bài viết: Thu Hà": "Thu Hà",
    "Tác giả: Thu Hà - Ảnh: Minh Đức": "Thu Hà",
    "Biên tập: Thu Hà; Kỹ thuật: Minh Đức": "Thu Hà",
    "Viết bởi Thu Hà": "Thu Hà",
    "Được đăng bởi: Phòng Thời sự": "Phòng Thời sự",
    "Posted by Thu Hà": "Thu Hà",
    "(tổng hợp)": "tổng hợp",
}


@pytest.mark.parametrize(("line", "author"), [*((line, line) for line in AUTHORS), *LABELLED.items()])
def test_authors(line: str, author: str) -> None:
    assert author_of(line) == author
    assert author_of(unicodedata.normalize("NFD", line)) == author
    assert photo_of(line) is None
    article = parse_text(f"Tin\n\nCâu một. Câu hai.\n\n{line}\n")
    assert (article.author, [p.text for p in article.paragraphs]) == (author, ["Câu một. Câu hai."])


NO_AUTHORS = (
    *("- Xã Đông Hải", "Huyện Thái Thụy", "Xã Đông Hải", "Thị trấn Diêm Điền", "Thái Bình", "Hà Nội", "Việt Nam"),
    *("Kết quả", "Kết Quả Xổ Số", "Một tiếng nổ đinh tai", "Thổi bay cánh tay anh", "Buổi họp kết thúc tốt đẹp"),
    *(
        "Buổi họp kết thúc.",
        "Theo kế hoạch của xã",
        "Theo dõi chúng tôi trên Facebook",
        "Bài: học đầu tiên",
        "Bài 1: Mở đầu",
    ),
    *(
        "Công an tỉnh Thái Bình",
        "Công ty Cổ phần Minh Đức",
        "Thanh Hóa - Huế",
        "Đường Lê Lợi",
        "Trường Tiểu học Đông Hải",
    ),
    *(
        "Ông Trần Văn B",
        "Bà Nguyễn Thị A",
        "Nguyễn Văn A, Chủ tịch UBND xã",
        "Cam, quýt",
        "TĂNG CƯỜNG QUẢN LÝ",
        "Tin vui",
    ),
    *(
        "Bài viết: Làm gì khi mưa",
        "Nội dung: Xây cầu mới",
        "Bởi trời mưa",
        "Bởi Hà Nội đông",
        "Tổng hợp tin trong ngày",
    ),
    *("Cự Giải (22/6 – 22/7)", "Lưu ý", "Lê", "• Lê Minh Khuê", "", "Trần nhà", "Vừa Đi Vừa Hát Vang"),
)


@pytest.mark.parametrize("line", NO_AUTHORS)
def test_no_authors(line: str) -> None:
    assert not is_author(line)
    if line:
        article = parse_text(f"Tin\n\nCâu một. Câu hai.\n\n{line}\n")
        assert (article.author, article.paragraphs[-1].text) == ("", line)


def test_a_list_at_the_end_stays_in_the_text() -> None:
    items = ["Kết quả", "Một tiếng nổ đinh tai", "Thổi bay cánh tay anh"]
    page = "<h1>Tin</h1><p>Câu một. Câu hai.</p><p>{}</p><ul><li>{}</li><li>{}</li></ul>".format(*items)
    assert [p.text for p in parse_html(page).paragraphs] == ["Câu một. Câu hai.", *items]
    names = ["Nguyễn Văn Ba", "Trần Thị Hoa"]
    article = parse_text("Danh sách\n\nHai người được khen.\n" + "\n".join(names))
    assert (article.author, [p.text for p in article.paragraphs][1:]) == ("", names)


@pytest.mark.parametrize(
    ("line", "author"),
    [("Viết bởi Quản trị", ""), ("Bài: Thu Hà - Ảnh: Minh Đức", "Thu Hà"), ("Được đăng bởi Thu Hà", "Thu Hà")],
)
def test_who_wrote_it_in_the_head(line: str, author: str) -> None:
    article = parse_text(f"Tin\n{line}\nHôm nay xã họp. Rất đông.\n\nCâu ba.\n")
    assert (article.author, [p.text for p in article.paragraphs]) == (author, ["Hôm nay xã họp. Rất đông.", "Câu ba."])


def test_what_somebody_did_under_the_name() -> None:
    article = parse_text("Tin\n\nCâu một. Câu hai.\n\nThu Hà\n(tổng hợp)\n")
    page = parse_html("<h1>Tin</h1><p>Câu một.</p><p>Câu hai.</p><p>Thu Hà</p><p>(tổng hợp)</p>")
    assert article.author == page.author == "Thu Hà (tổng hợp)"
    assert [p.text for p in article.paragraphs] == ["Câu một. Câu hai."]
    assert [p.text for p in page.paragraphs] == ["Câu một.", "Câu hai."]


@pytest.mark.parametrize("line", ["Viết bởi Quản trị", "Được đăng bởi: admin", "Người đăng: Super User", "By admin2"])
def test_who_posts_for_others_is_nobody(line: str) -> None:
    assert is_byline(line)
    assert author_of(line) == ""


@pytest.mark.parametrize("line", ["Ảnh: Hồ Giáp", "Thiết kế: Minh Đức", "Giọng đọc: Thu Hà", "Video, ảnh: Hoài An"])
def test_whose_other_work_it_is(line: str) -> None:
    assert is_other_credit(line)
    assert author_of(line) == ""
    assert not is_other_credit(f"Bài, {line.lower()}")


@pytest.mark.parametrize("line", ["Chi Trần - Thứ bảy, 09/06/2021 18:37 (GMT+7)", "18:37, 09/06/2021 | Chi Trần",
                                  "Chi Trần-Thứ tư, ngày 09/06/2021 18:37 GMT+7"])  # fmt: skip
def test_an_author_beside_the_date(line: str) -> None:
    assert byline_of(line) == "Chi Trần"
    date = published_of(line)
    assert date is not None
    assert date.isoformat() == "2021-06-09T18:37:00+07:00"
    article = parse_text(f"Tin\n{line}\nCâu một. Câu hai.\n")
    assert (article.author, article.published, len(article.paragraphs)) == ("Chi Trần", date, 1)


PHOTOS = {
    "Toàn cảnh. Ảnh: Hoài An": ("Toàn cảnh.", "Hoài An"),
    "Toàn cảnh (Ảnh: Hoài An).": ("Toàn cảnh", "Hoài An"),
    "Toàn cảnh. (ảnh: Hoài An)": ("Toàn cảnh.", "Hoài An"),
    "Toàn cảnh - Ảnh: REUTERS": ("Toàn cảnh", "REUTERS"),
    "Toàn cảnh – ảnh: chụp màn hình": ("Toàn cảnh", "chụp màn hình"),
    "Toàn cảnh ẢNH: N.KHÔI": ("Toàn cảnh", "N.KHÔI"),
    "Toàn cảnh. Ảnh: T. Anh.": ("Toàn cảnh.", "T. Anh"),
    "Toàn cảnh. Ảnh: Salvador Sas (EFE)": ("Toàn cảnh.", "Salvador Sas (EFE)"),
    "Toàn cảnh. Ảnh minh họa: Internet": ("Toàn cảnh.", "Internet"),
    "Toàn cảnh (Ảnh minh họa).": ("Toàn cảnh", "minh họa"),
    "Toàn cảnh (Ảnh TTXVN)": ("Toàn cảnh", "TTXVN"),
    "Toàn cảnh. Nguồn ảnh: Báo Thái Bình": ("Toàn cảnh.", "Báo Thái Bình"),
    "Toàn cảnh. Đồ họa: Hoài An": ("Toàn cảnh.", "Hoài An"),
    "Toàn cảnh. Ảnh và clip: Hải Long, Nhân vật cung cấp": ("Toàn cảnh.", "Hải Long, Nhân vật cung cấp"),
    "Ảnh: Hoài An": ("", "Hoài An"),
    "Lê Minh Khuê (Ảnh: NVCC)": ("Lê Minh Khuê", "NVCC"),
}


@pytest.mark.parametrize(("line", "parts"), PHOTOS.items())
def test_photos(line: str, parts: tuple[str, str]) -> None:
    assert not is_author(line)
    assert photo_of(line) == photo_of(unicodedata.normalize("NFD", line)) == Photo(*parts)


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Bà nói về ba bức ảnh: một về biển, một về núi",
            "Bà nói về ba bức ảnh: một về biển, một về núi, một về quê.",
        ),
        *(
            "Bà cho xem ảnh: Hà Nội năm 1954",
            "Ông cho biết ảnh: rất đẹp. Ai cũng khen.",
            "Triển lãm ảnh: Biển đảo quê hương",
        ),
        *(
            "Phòng tranh có ba phần. Ảnh: một về biển, một về núi.",
            "Bức này (ảnh: Hoài An) rất đẹp.",
            "Chùm ảnh: Chợ Tết quê",
        ),
        *(
            "Ảnh hưởng của bão: Nhiều nhà tốc mái",
            "Mưa to. Ảnh hưởng lớn.",
            "Phim của ông gồm hai thứ - hình và ảnh.",
            "",
        ),
        *(
            "Phim dùng hình ảnh/vật liệu của báo.",
            "Ảnh: Hai người đứng bên nhau giữa phố đông người qua lại khi chiều vừa xuống",
        ),
    ],
)
def test_no_photos(line: str) -> None:
    assert photo_of(line) is None


@given(
    st.lists(
        st.sampled_from([*"()[]:.,-–/ ", "Ảnh", "ảnh", "Tin", "Lê", "Hoài", "và", "xã", "TTXVN", "Theo", "A."]),
        max_size=12,
    )
)
def test_any_line_can_be_asked(parts: list[str]) -> None:
    for line in (" ".join(parts), "".join(parts)):
        photo = photo_of(line)
        assert photo is None or photo.credit
        assert author_of(line) == author_of(line).strip()
        assert is_person(line) in (True, False)


@pytest.mark.parametrize("part", ["Ảnh: ", "(", "- ", "Lê ", "Tin, ", "A.", "Ảnh và ", "ảnh", ".", " ", "(Ảnh "])
def test_a_long_line_is_told_at_once(part: str) -> None:
    begun = time.process_time()
    for length in (90, 100_000):
        author_of((part * length)[:length])
        photo_of((part * length)[:length] + "x")
        published_of((part * length)[:160])
    assert time.process_time() - begun < 3
