"""Lines that say when an article was published and how often it was seen."""

from __future__ import annotations

import time
import unicodedata
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.dates import (
    VIETNAM,
    byline_of,
    first_published,
    is_clock_line,
    is_crawl_line,
    is_views_line,
    published_of,
)
from mediakit.article.text import parse_text

DAY, MINUTE, SECOND = (datetime(2021, 6, 9, *clock, tzinfo=VIETNAM) for clock in ((0, 0, 0), (18, 37, 0), (18, 37, 56)))

DATES = {
    DAY: """
        09/06/2021
        9.6.2021
        2021-06-09
        Đăng ngày 09/06/2021
        Ngày đăng: 9-6-2021
        (Ngày 09/06/2021)
        Thứ tư, ngày 9 tháng 6 năm 2021
        THỨ TƯ, NGÀY 9 THÁNG 6 NĂM 2021
        Thứ Tư, 09 tháng Sáu 2021
        Tháng Sáu 9, 2021
        Thứ 4, 09 / 06 / 2021 – 12 lượt xem
        T4, 9/6/21
        Wednesday, June 9, 2021
        """,
    MINUTE: """
        Cập nhật lúc 18:37, Thứ Tư, 09/06/2021
        Cập nhật: 09/06/2021 18:37
        Cập nhật lần cuối: 18h37 ngày 9/6/2021
        18:37 09/06/2021
        18:37 | 9/6/2021
        09-06-2021, 18h37
        9/6/2021, 18:37 (GMT+7)
        Thứ Tư, 9/6/2021 18:37 GMT+7
        Thứ 4, 09/06/2021 - 11:37 (UTC)
        2021-06-09 18:37
        09/06/2021 6:37 PM
        06:37 CH, 09/06/2021
        6 giờ 37 phút chiều, thứ tư, ngày 9/6/2021
        18 giờ 37 phút, ngày 09/06/2021
        Ngày đăng: 09/06/2021 lúc 18h37'
        Thời gian đăng: 18:37 - Thứ tư, 09/06/2021 - 0 bình luận
        Xuất bản: 18:37 09/06/2021 | Cập nhật: 07:00 10/06/2021
        Cập nhật: 07:00 10/06/2021 - Đăng lúc 18:37 09/06/2021
        Wed, 09 Jun 2021 18:37
        """,
    SECOND: """
        Thứ 4, 09/06/2021 | 18:37:56
        Thứ 4, 09/06/2021 | 18:37:56 | 4.455 lượt xem
        Thứ 4, 09/06/2021 | 18:37:56 4,455 lượt xem
        Thứ 4, 09/06/2021 | 18:37:56 | Lượt xem: 4.455 | Bình luận: 0
        2021-06-09T18:37:56+07:00
        2021-06-09T11:37:56.000Z
        """,
}  # fmt: skip


@pytest.mark.parametrize(
    ("line", "moment"), [(row.strip(), m) for m, rows in DATES.items() for row in rows.strip().splitlines()]
)
def test_a_date_line(line: str, moment: datetime) -> None:
    assert published_of(line) == moment
    assert published_of(f"  {unicodedata.normalize('NFD', line)} ") == moment
    assert published_of(line + " xã họp") is None
    assert not is_views_line(line)


@pytest.mark.parametrize(
    "line",
    [
        *("Ngày 09/06/2021, UBND xã họp.", "Từ ngày 9/6/2021", "Sáng 9/6/2021", "(Dân trí) - 9/6/2021", "9/6", "2021"),
        *("14/6/2021 - 18/6/2021", "18:37", "Thứ 4", "31/02/2021", "9/13/2021", "25:00 9/6/2021", "9/6/21", ""),
        *("Năm 2021", "Hạn nộp hồ sơ: 09/06/2021", "0912.345.678", "28/2021/QH14", "1/2/3", "18:37 - 19:37 9/6/2021"),
    ],
)
def test_no_date_line(line: str) -> None:
    assert published_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        *("4,455 lượt xem", "Lượt xem: 4.455", "LƯỢT XEM: 4 455", "4,4K lượt xem", "1.234 lượt đọc", "0 bình luận"),
        *("Số lượt xem: 12", "Đã xem: 12.345", "1,2 nghìn lượt xem", "12 views", "Views: 12", "(12 lượt xem)"),
        *("4.455 lượt xem | 3 bình luận", "Bình luận (0)", "4.455 lượt nghe", "👁 4.455 lượt xem"),
    ],
)
def test_a_line_of_views(line: str) -> None:
    assert is_views_line(line)
    assert is_views_line(unicodedata.normalize("NFD", line))
    assert published_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        *(
            "Video có 4.455 lượt xem",
            "4.455 lượt xem sau một ngày.",
            "lượt xem",
            "4.455",
            "Bình luận",
            "12 xã",
            "|",
            "",
        ),
        *("Tỷ số: 3", "2 lượt đi", "100 ý kiến đóng góp"),
    ],
)
def test_no_line_of_views(line: str) -> None:
    assert not is_views_line(line)


def test_when_the_page_was_saved_is_not_when_it_was_published() -> None:
    crawl = "Chủ nhật, 17/11/2024, 09:38[GMT+7]"
    assert is_crawl_line(crawl)
    assert not is_crawl_line("9/6/2021, 18:37 (GMT+7)")
    assert first_published([crawl]) is None
    assert first_published([crawl, "Tin", "09/06/2021 18:37"]) == MINUTE
    assert first_published([crawl.replace("[", " (").replace("]", ")"), "Tin", "18:37 09/06/2021"]) == MINUTE
    assert first_published(["Tin", "9/6/2021, 18:37 (GMT+7)"]) == MINUTE
    assert first_published(["Cập nhật: 10/06/2021 07:00", "09/06/2021 18:37"]) == MINUTE


@pytest.mark.parametrize(
    "head",
    [
        "Họp mặt đầu xuân\n\nThứ 4, 09/06/2021 | 18:37:56 | 4.455 lượt xem\n",
        "Chủ nhật, 17/11/2024, 09:38[GMT+7]\n\nHọp mặt đầu xuân\n\nThứ 4, 09/06/2021 | 18:37:56\nLượt xem: 4.455\n",
        "Họp mặt đầu xuân\nCập nhật lúc 18:37:56, Thứ Tư, 09/06/2021\n4,4K lượt xem\n0 bình luận\n",
    ],
)
def test_the_lead_comes_after_date_and_views(head: str) -> None:
    article = parse_text(f"{head}Sáng nay, xã họp mặt.\n\nNgày 09/06/2021, huyện họp.\n")
    assert article.title == "Họp mặt đầu xuân"
    assert article.published == SECOND
    assert [p.text for p in article.paragraphs] == ["Sáng nay, xã họp mặt.", "Ngày 09/06/2021, huyện họp."]
    assert article.paragraphs[0].lead


@given(
    st.lists(st.one_of(st.text(max_size=6), st.sampled_from("thứ 4 9/6/2021 18:37 lượt xem : | GMT +7 T Z".split())))
)
def test_any_line_can_be_asked(parts: list[str]) -> None:
    for line in (" ".join(parts), "".join(parts)):
        date = published_of(line)
        assert date is None or date.tzinfo is not None
        assert not (date and is_views_line(line))


@pytest.mark.parametrize("part", ["1", "9/6/2021 ", "cập nhật ", "lượt xem: ", "(", "thứ 4, ", "ngày ", "1 "])
def test_a_long_line_is_told_at_once(part: str) -> None:
    begun = time.process_time()
    assert published_of(part * 200_000) is None
    assert published_of((part * 160)[:160]) is None
    assert time.process_time() - begun < 1


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Thứ tư 09.06.2021 18:37 | Lượt xem 1024", ""),
        ("Bài đăng lúc: 18:37 PM 09/06/2021", ""),
        ("Đã đăng 09/06/2021 18:37 bởi Minh Anh", "Minh Anh"),
        ("Posted on 9 Tháng Sáu, 2021 18:37 by Phòng Thời sự", "Phòng Thời sự"),
        ("18:37 09/06/2021 👁 1024", ""),
        ("Đăng bởi Thu Hà lúc 18:37 ngày 09/06/2021", "Thu Hà"),
        ("Đăng bởi: Thu Hà, 18:37 09/06/2021", "Thu Hà"),
        ("Được đăng bởi Thu Hà vào 09/06/2021 18:37", "Thu Hà"),
        ("Viết bởi Phòng Thời sự - Thứ tư, 09/06/2021 18:37", "Phòng Thời sự"),
        ("Posted by Thu Hà on 09/06/2021 18:37 | 12 lượt xem", "Thu Hà"),
        ("Được đăng bởi admin lúc 18:37 ngày 09/06/2021", ""),
        ("Đăng bởi Quản trị viên, 09/06/2021, 18:37", ""),
        ("Thu Hà đăng lúc 18:37 ngày 09/06/2021", "Thu Hà"),
        ("Được viết lúc 18:37 09/06/2021 bởi Thu Hà", "Thu Hà"),
        ("Thái Bình, 09/06/2021, 18:37", ""),
        ("TP. Thái Bình, thứ tư, ngày 9 tháng 6 năm 2021, 18 giờ 37 phút", ""),
        ("(Hà Nội) 09/06/2021 - 18:37", ""),
        ("Xã Đông Hải, tỉnh Thái Bình, 18:37 ngày 09/06/2021", ""),
        ("Tokyo - 09/06/2021 18:37", ""),
        ("18:37 09/06/2021, Hà Nội", ""),
    ],
)
def test_a_date_line_with_who_posted_it(line: str, author: str) -> None:
    assert (published_of(line), byline_of(line)) == (MINUTE, author)
    assert is_views_line("👁 1024")
    assert published_of("Đã đăng 09/06/2021 bởi hai người trong xã") is None


@pytest.mark.parametrize("line", ["Hà Nội, ngày 9 tháng 6 năm 2021", "Đông Hải ngày 09/06/2021", "Huế, 9/6/2021",
                                  "Ngày 9 tháng 6 năm 2021, Hà Nội"])  # fmt: skip
def test_the_place_before_a_date(line: str) -> None:
    assert published_of(line) == DAY
    article = parse_text(f"Họp xã\n{line}\nSáng nay, xã họp mặt.\n")
    assert (article.published, [p.text for p in article.paragraphs]) == (DAY, ["Sáng nay, xã họp mặt."])


@pytest.mark.parametrize(
    "line",
    [
        "Hà Nội, ngày 9 tháng 6 năm 2021, trời mưa.",
        "Hà Nội ngày 09/06/2021 mưa to",
        "Số 12 phố Lê Lợi, Hà Nội, 09/06/2021",
        "12 Lê Lợi, Hà Nội",
        "Sinh ngày 09/06/2021",
        "Hạn chót: Hà Nội, 09/06/2021",
        "Thư gửi bởi hai người lúc 18:37 ngày 09/06/2021",
        "Bài đăng bởi Thu Hà lúc 18:37 ngày 09/06/2021 có lỗi",
        "UBND xã, 09/06/2021",
    ],
)
def test_a_place_or_a_name_with_a_date_in_a_sentence(line: str) -> None:
    assert published_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        *("18h37", "18:37", "13 giờ 45 phút", "13h45 phút", "Lúc 7 giờ 5 phút", "8 giờ 20 phút sáng", "13:45 - 14:00"),
        *("12:10 12/10", "12h10 ngày 12/10", "Cập nhật: 07:05 - 3/4", "Thứ Ba, 12/10 | 18:37", "9h30, 2 tháng 9"),
    ],
)
def test_a_clock_with_no_year_is_no_date(line: str) -> None:
    assert is_clock_line(line)
    assert published_of(line) is None
    assert [p.text for p in parse_text(f"Họp xã\n{line}\nSáng nay, xã họp.\n").paragraphs] == ["Sáng nay, xã họp."]


@pytest.mark.parametrize(
    "line",
    ["12/10", "Lúc 13 giờ 45 phút, xe đến.", "2 phút", "Tỷ số 12/10", "13 giờ họp", "13h 12/10 14/10", "9/6/2021"],
)
def test_no_clock_line(line: str) -> None:
    assert not is_clock_line(line)
