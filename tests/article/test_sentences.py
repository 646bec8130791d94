"""Where a sentence ends."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.article.sentences import LONGEST_WORDS, split_sentences


@pytest.mark.parametrize(
    "text",
    [
        "Ông sống ở TP. Thái Bình.",
        "Cùng dự có ThS. Trần Bình và PGS. TS. Lê An.",
        "Tác giả Nguyễn V. A. có mặt.",
        "Tỷ lệ đạt 46,3%.",
        "Có 12.000 tài khoản, 1.234,5 tấn, ngày 9/6.",
        "Anh chờ mãi… rồi về.",
        "Anh chờ... rồi về.",
        "Gồm cam, quýt, v.v. và các loại khác.",
        "Chuyển đổi Ipv4 sang Ipv6 của tỉnh.",
        "1. Mở rộng đường liên thôn.",
        "“Tốt quá!” anh nói.",
    ],
)
def test_one_sentence(text: str) -> None:
    assert split_sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Câu một. Câu hai.", ["Câu một.", "Câu hai."]),
        ("Sang Ipv6. Tốt.", ["Sang Ipv6.", "Tốt."]),
        ("Năm 2021. Đến nay xong.", ["Năm 2021.", "Đến nay xong."]),
        ("Dự án giai đoạn I. Vốn vay.", ["Dự án giai đoạn I.", "Vốn vay."]),
        ("Nhiều vitamin C. Rất tốt.", ["Nhiều vitamin C.", "Rất tốt."]),
        ("Ai đó? Tôi đây! Vào đi…", ["Ai đó?", "Tôi đây!", "Vào đi…"]),
        ("Anh nói: “Tốt quá!” Rồi anh về.", ["Anh nói: “Tốt quá!”", "Rồi anh về."]),
        ("(Theo báo.) Ông nói.", ["(Theo báo.)", "Ông nói."]),
        ("Cam, quýt, v.v. Giá tăng.", ["Cam, quýt, v.v.", "Giá tăng."]),
        ("Xong. “Ừ.”", ["Xong.", "“Ừ.”"]),
        ("Không có dấu cuối", ["Không có dấu cuối"]),
        ("  ", []),
    ],
)
def test_several(text: str, expected: list[str]) -> None:
    assert split_sentences(text) == expected


ONE = """
Cùng dự có GS.TS. Trần Bình.
Cùng dự có PGS.TS. Trần Bình và ThS.BS. Lê An.
Khám có BS.CKII. Nguyễn Văn A.
Khám có BS. CKII. Nguyễn Văn A.
Khám có bác sĩ CKII. Nguyễn Văn A.
Ông ở H. Thái Thụy, tỉnh Thái Bình.
Ông ở (H. Thái Thụy).
Tại Q. Bình Thạnh, P. 12, mưa to.
Cty CP. Minh Đức tài trợ.
Công ty TNHH. Minh Đức tài trợ.
Cty. Minh Đức tài trợ.
Cty TNHH MTV. Minh Đức tài trợ.
TS.LS. Trần Bình nói.
KTS. Trần Bình nói.
NSND. Trà Giang và NSƯT. Kim Xuân đến.
Th.S. Trần Bình nói.
ThS. Trần Bình nói.
Đ/c. Trần Bình nói.
Cùng dự có đ/c. Trần Bình.
GS. TS. BS. Nguyễn Văn A nói.
GS. TSKH. NGND. Nguyễn Văn A nói.
GS,TS. Nguyễn Văn A nói.
GS-TS. Nguyễn Văn A nói.
TS-BS. Nguyễn Văn A nói.
PGS.TS.BS. Nguyễn Văn A nói.
Ban Chấp hành T.Ư. Đảng họp.
Ban Chấp hành TW. Đảng họp.
Anh ở Tp. HCM từ lâu.
Anh ở Tp.HCM từ lâu.
Anh ở Q.1 từ lâu.
Anh ở P.Bến Nghé từ lâu.
Cam, quýt, v.v. và các loại khác.
Năm 111 tr.CN nhà Hán đến.
Sách ấy (tr. 45) nói thế.
Ô. Nguyễn Văn A nói.
Anh học ở ĐH. Bách Khoa Hà Nội.
Anh nằm ở BV. Bạch Mai từ lâu.
Lm. Nguyễn Văn A nói.
Mr. Smith nói.
ts. Nguyễn Văn A nói.
Đường QL. 10 hỏng.
TX. Sơn Tây và TT. Diêm Điền mưa.
Ông N. V. A. bị bắt.
Ông N.V.A. Nguyễn bị bắt.
Tổ chức ở Đ. Lê Lợi, P. Đề Thám.
BS.CKI. Hoàng Thị Lan khám.
BS CKII. Hoàng Thị Lan khám.
DS.CKII. Hoàng Thị Lan khám.
BSCKII. Hoàng Thị Lan khám.
TTƯT.BS.CKII. Hoàng Thị Lan khám.
Đại tá, PGS.TS. Hoàng Lan khám.
1. Trong năm nay, xã làm đường.
A. Trong năm nay, xã làm đường.
GS.VS. Nguyễn Văn A nói.
GS.NGND. Nguyễn Văn A nói.
Hôm qua, bà K. Harris đến Warszawa.
Ông Ch. Michel và bà A. Merkel gặp nhau.
Ngoại trưởng S. Lavrov nói thế.
Cựu Tổng thống B. Obama và Thủ tướng N. Modi bắt tay.
Ông J.D. Vance và ông J.-C. Juncker đến.
Tiền đạo L. Messi ghi bàn.
Cùng dự có ĐBQH. Nguyễn A.
Gặp mặt có CCB. Trần Văn B và TBT. Lê Văn C.
PCT. Hoàng Lan kết luận.
BTV. Hoài Anh dẫn.
Cùng đi có Thượng tá. Lê An.
Đại úy. Nguyễn Văn A nói.
Dự lễ có Thiếu tướng. Trần Văn Ba và Đại tá. Phạm B.
Ba người gồm Th.tá. Lê An và vợ.
Thượng tọa. Thích Minh Đức làm lễ.
Tiến sĩ. Lê An và Đại biểu. Harris nói.
"""
TWO = """
Họ sống trong TP. Hôm nay mưa.
Ông là bác sĩ CKII. Sau đó ông về.
Anh đến từ TP.HCM. Anh khởi xướng mọi việc.
Anh ở Q.1. Hôm sau anh đi.
Anh ở Q.1. Mọi người biết.
Nhiều vitamin C. Rất tốt.
Công an hỏi anh H. Theo lời anh, xe hỏng.
Công an hỏi anh H. Mọi người nghe.
Ông là TS. Ông dạy học.
Ông vào BV. Bệnh nhân đã khỏe.
Xuất siêu 180 triệu USD. Tính đến nay tốt.
Dự án giai đoạn I. Vốn vay.
Cam, quýt, v.v. Giá tăng.
Đội có HLV. Sau đó thắng.
Sống ở Washington D.C. Sau đó về.
Anh là NSND. Năm 2020 anh mất.
Năm 111 tr.CN. Nhà Hán đến.
Đại hội của UBND. Xã làm tốt.
Ông chi 5 triệu đ. Bà chi ba.
Dài 5 km. Rộng 3 m.
Anh ở châu Á. Chị ở châu Âu.
Anh đến Đông Nam Á. Cầu thủ rất mệt.
Ông nằm ở ĐH. Chi phí rất lớn.
Ông đến từ Úc. Harris là bạn ông.
Bà sống tại Hà Nội. Bà khỏe.
Cam có vitamin C. Ông ăn nhiều.
Cam có vitamin C. Harris ăn nhiều.
Họ theo kế hoạch B. Harris đồng ý.
Anh ấy ở tòa nhà D. Smith ở bên.
Hạng A. Anh thi đỗ.
Ông nghỉ với quân hàm Thiếu tướng. Lê An là con ông.
Anh của tôi là Đại tá. Lê An là bạn anh.
Chị khám ở nhà bác sĩ. Nguyễn Văn Ba đã khỏi bệnh.
Ông làm ở UBND. Nguyễn Văn Ba làm ở xã.
Bà gửi 5 triệu USD. Nguyễn Văn Ba gửi hai.
Chị tôi là ĐBQH. Ông Ba cũng vậy.
Ông làm ở công ty FPT. Trương Gia Bình quen ông.
"""


@pytest.mark.parametrize("text", ONE.strip().splitlines())
def test_no_break_between_an_abbreviation_and_what_it_stands_before(text: str) -> None:
    for form in (text, unicodedata.normalize("NFD", text), f"“{text[:-1]}”."):
        assert split_sentences(form) == [unicodedata.normalize("NFC", form)]


@pytest.mark.parametrize("text", TWO.strip().splitlines())
def test_a_break_after_an_abbreviation_that_ends_a_sentence(text: str) -> None:
    parts = split_sentences(text)
    assert len(parts) == 2
    assert " ".join(parts) == text


@given(
    st.lists(
        st.sampled_from(
            "GS.TS. BS. CKII. TP. H. Q. Cty CP. T.Ư. tr. 12. v.v. A. N.V. Đ/c. Nguyễn Sau đó ông ở . .. ( “ ”".split()
        ),
        max_size=30,
    )
)
def test_rows_of_abbreviations_stay_whole(words: list[str]) -> None:
    assert " ".join(split_sentences(" ".join(words))) == " ".join(words)


@given(st.text(alphabet=st.sampled_from("aBcĐô .?!…“”\"'()0123,%/:;\n–"), max_size=80))
def test_nothing_is_lost(text: str) -> None:
    parts = split_sentences(text)
    assert "".join("".join(parts).split()) == "".join(unicodedata.normalize("NFC", text).split())
    assert all(part == part.strip() and part for part in parts)


def test_what_goes_on_without_end_is_cut_where_clauses_end() -> None:
    words = [f"Từ{i}" + ("," if i in (200, 250, 500) else "") for i in range(700)]
    parts = split_sentences("Một câu. " + " ".join(words) + ". Câu sau.")
    assert [len(part.split()) for part in parts] == [2, 251, 250, 199, 2]
    assert " ".join(parts) == "Một câu. " + " ".join(words) + ". Câu sau."


def test_without_clauses_it_is_cut_all_the_same() -> None:
    parts = split_sentences("mưa " * 1000)
    assert [len(part.split()) for part in parts] == [LONGEST_WORDS] * 3 + [100]


def test_a_long_sentence_stays_whole() -> None:
    text = "Gồm " + "cam, quýt; " * ((LONGEST_WORDS - 2) // 2) + "na."
    assert split_sentences(text) == [text]


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [
        "Câu. ",
        "câu. ",
        "A. ",
        "TP. ",
        "1. ",
        "IV. ",
        ". ",
        ".",
        ".)",
        "“ ",
        ". “",
        "- ",
        "a ",
        "a",
        "Nguyễn V. A. ",
        "?”",
        "GS.TS. ",
        "BS. CKII. ",
        "ở H. ",
        "GS.",
    ],
)
def test_a_megabyte_on_one_line_is_cut_at_once(part: str) -> None:
    text = (part * 1_000_000)[:1_000_000]
    begun = time.process_time()
    parts = split_sentences(text + "x")
    assert sum(len(p.replace(" ", "")) for p in parts) == len((text + "x").replace(" ", ""))
    assert time.process_time() - begun < 6
