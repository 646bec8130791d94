"""Figures, abbreviations and foreign names through grounding: said in one of their ways, printed as printed, timed."""

from __future__ import annotations

import re

import pytest

from mediakit.grounding.timing import MIN_WORD_MS
from tests.grounding.planted import SYLLABLE_MS, Stage, article

BEFORE = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy chủ trì buổi làm việc."
AFTER = "Ngành cần nắm bắt những cơ hội trong việc đẩy mạnh cải cách hành chính."


def rows(table: str) -> list[list[str]]:
    """The rows of a table; they go on in lines that are indented."""
    return [row.split(" = ") for row in table.strip().replace("\n    ", " ").splitlines()]


#: What is printed = what is said; the words asked about stand in brackets on both sides.
KINDS = """
Chiều [9/6,] lãnh đạo tỉnh làm việc với các huyện. = chiều [mồng chín tháng sáu] lãnh đạo tỉnh làm việc với các huyện
Chiều ngày [9-6] lãnh đạo tỉnh làm việc với các huyện. = chiều ngày [mùng chín tháng sáu] lãnh đạo tỉnh làm việc
    với các huyện
Từ [30/4] các cửa hàng ven biển mở cửa trở lại. = từ [ngày ba mươi tháng tư] các cửa hàng ven biển mở cửa trở lại
Đề án được phê duyệt [09/06/2021] tại hội trường lớn. = đề án được phê duyệt [ngày chín tháng sáu năm hai không
    hai mốt] tại hội trường lớn
Công trình khởi công tháng [6/2021] trên địa bàn huyện. = công trình khởi công tháng [sáu năm hai nghìn không
    trăm hai mốt] trên địa bàn huyện
Kết quả quý [I/2021] được đánh giá rất khả quan. = kết quả quý [một năm hai nghìn không trăm hai mươi mốt] được
    đánh giá rất khả quan
Hội nghị bắt đầu lúc [8h30] tại trung tâm huyện. = hội nghị bắt đầu lúc [tám giờ rưỡi] tại trung tâm huyện
Hội nghị kết thúc lúc [18:37] trong không khí vui vẻ. = hội nghị kết thúc lúc [mười tám giờ ba mươi bảy phút]
    trong không khí vui vẻ
Tàu rời bến vào [14 giờ 30] như thường lệ hằng tuần. = tàu rời bến vào [mười bốn giờ ba mươi phút] như thường lệ
    hằng tuần
Tỷ lệ hồ sơ trực tuyến của tỉnh đạt [46,3%] trong kỳ. = tỷ lệ hồ sơ trực tuyến của tỉnh đạt [bốn sáu phẩy ba
    phần trăm] trong kỳ
Tốc độ tăng trưởng dự kiến khoảng [10-15%] mỗi năm. = tốc độ tăng trưởng dự kiến khoảng [mười đến mười lăm phần
    trăm] mỗi năm
Hệ thống quản lý hơn [12.000] tài khoản của các cơ quan. = hệ thống quản lý hơn [mười hai ngàn] tài khoản của
    các cơ quan
Dân số toàn vùng vào khoảng [1.234.567] người theo điều tra. = dân số toàn vùng vào khoảng [một triệu hai trăm
    ba mươi bốn nghìn năm trăm sáu mươi bảy] người theo điều tra
Mỗi hộ nghèo được hỗ trợ [500.000đ] để mua giống. = mỗi hộ nghèo được hỗ trợ [năm trăm nghìn đồng] để mua giống
Tổng vốn đầu tư là [1,5 tỷ] đồng từ ngân sách huyện. = tổng vốn đầu tư là [một tỷ rưỡi] đồng từ ngân sách huyện
Doanh nghiệp xuất khẩu được [5 triệu USD] sang châu Âu. = doanh nghiệp xuất khẩu được [năm triệu đô la] sang châu âu
Tuyến đường mới dài gần [24 km] chạy dọc bờ sông. = tuyến đường mới dài gần [hai mươi tư cây số] chạy dọc bờ sông
Xe không được chạy quá [80km/h] trong khu dân cư. = xe không được chạy quá [tám mươi ki lô mét giờ] trong khu dân cư
Diện tích gieo cấy lên tới [300 ha] lúa chất lượng cao. = diện tích gieo cấy lên tới [ba trăm héc ta] lúa chất
    lượng cao
Khu vườn rộng [1.500m2] trồng toàn cây ăn quả. = khu vườn rộng [một nghìn năm trăm mét vuông] trồng toàn cây ăn quả
Nhiệt độ ngoài trời xuống còn [28°C] vào buổi tối. = nhiệt độ ngoài trời xuống còn [hai tám độ] vào buổi tối
Nghị quyết Đại hội lần thứ [XX] đi vào cuộc sống. = nghị quyết đại hội lần thứ [hai mươi] đi vào cuộc sống
Chúng ta đang sống ở thế kỷ [XXI] của công nghệ. = chúng ta đang sống ở thế kỷ [hai mốt] của công nghệ
Kế hoạch giai đoạn [2021 – 2025] đã được thông qua. = kế hoạch giai đoạn [hai không hai mốt hai không hai lăm]
    đã được thông qua
Nhiệm kỳ [2020-2025] có nhiều đổi mới trong công tác. = nhiệm kỳ [hai nghìn không trăm hai mươi hai nghìn không
    trăm hai mươi lăm] có nhiều đổi mới trong công tác
Đội chủ nhà thắng [3-1] trong trận chung kết. = đội chủ nhà thắng [ba một] trong trận chung kết
Có tới hơn [2/3] số hộ trong thôn làm nghề mộc. = có tới hơn [hai phần ba] số hộ trong thôn làm nghề mộc
Người dân có thể gọi [0912.345.678] để được tư vấn. = người dân có thể gọi [không chín một hai ba bốn năm sáu
    bảy tám] để được tư vấn
Quyết định số [28/QĐ-UBND] có hiệu lực ngay. = quyết định số [hai mươi tám quy đê ủy ban nhân dân] có hiệu lực ngay
Cán bộ học tập Nghị quyết [11-NQ/TW] trong tuần này. = cán bộ học tập nghị quyết [mười một nờ quy trung ương]
    trong tuần này
Ai cũng biết rằng [1 + 1] thì ra bao nhiêu. = ai cũng biết rằng [một cộng một] thì ra bao nhiêu
Buổi họp thứ [4] bàn về công tác thủy lợi. = buổi họp thứ [tư] bàn về công tác thủy lợi
Tin được đăng trên [Facebook] của đoàn xã hôm qua. = tin được đăng trên [phây búc] của đoàn xã hôm qua
Tỉnh chuyển đổi từ Ipv4 sang [Ipv6] trong năm nay. = tỉnh chuyển đổi từ i pê vê bốn sang [i pê vê sáu] trong năm nay
Đợt dịch [COVID-19] vừa qua gây nhiều khó khăn. = đợt dịch [cô vi mười chín] vừa qua gây nhiều khó khăn
Phó Chủ tịch [UBND] huyện phát biểu kết luận. = phó chủ tịch [u bê nờ dê] huyện phát biểu kết luận
Đoàn công tác từ [TP.HCM] về thăm quê nhà. = đoàn công tác từ [thành phố hồ chí minh] về thăm quê nhà
Lớp tập huấn do [PGS.TS.] Trần Văn Bình giảng dạy. = lớp tập huấn do [phó giáo sư tiến sĩ] trần văn bình giảng dạy
Hội Khuyến học tỉnh (HKHT) họp mặt, rồi [HKHT] trao quà cho học sinh. = hội khuyến học tỉnh họp mặt rồi [hội
    khuyến học tỉnh] trao quà cho học sinh
"""
ROWS = rows(KINDS)

#: What is printed = what is said = how a recogniser wrote it.
WRITTEN = """
Xã có [8] trang trại nuôi gà theo hướng hữu cơ. = xã có [tám] trang trại nuôi gà theo hướng hữu cơ = xã có 8
    trang trại nuôi gà theo hướng hữu cơ
Xã có [tám] trang trại nuôi gà theo hướng hữu cơ. = xã có [tám] trang trại nuôi gà theo hướng hữu cơ = xã có 8
    trang trại nuôi gà theo hướng hữu cơ
Đơn thư chỉ dài [hai] trang nhưng rất rõ ràng. = đơn thư chỉ dài [hai] trang nhưng rất rõ ràng = đơn thư chỉ dài
    2 trang nhưng rất rõ ràng
Huyện có tất cả [24] hợp tác xã kiểu mới. = huyện có tất cả [hai bốn] hợp tác xã kiểu mới = huyện có tất cả 24
    hợp tác xã kiểu mới
Huyện có tất cả [24] hợp tác xã kiểu mới. = huyện có tất cả [hai mươi tư] hợp tác xã kiểu mới = huyện có tất cả
    24 hợp tác xã kiểu mới
Huyện có tất cả [hai mươi tư] hợp tác xã kiểu mới. = huyện có tất cả [hai mươi tư] hợp tác xã kiểu mới = huyện
    có tất cả 24 hợp tác xã kiểu mới
Chiều ngày [9/6,] lãnh đạo tỉnh làm việc với các huyện. = chiều ngày [mồng chín tháng sáu] lãnh đạo tỉnh làm
    việc với các huyện = chiều ngày mùng 9 tháng 6 lãnh đạo tỉnh làm việc với các huyện
Chiều ngày [9/6,] lãnh đạo tỉnh làm việc với các huyện. = chiều ngày [chín tháng sáu] lãnh đạo tỉnh làm việc với
    các huyện = chiều ngày 9-6 lãnh đạo tỉnh làm việc với các huyện
Tỷ lệ hồ sơ trực tuyến của tỉnh đạt [46,3%] trong kỳ. = tỷ lệ hồ sơ trực tuyến của tỉnh đạt [bốn mươi sáu phẩy
    ba phần trăm] trong kỳ = tỷ lệ hồ sơ trực tiến của tỉnh đạt 46,3 % trong kỳ
Hệ thống quản lý hơn [12.000] tài khoản của các cơ quan. = hệ thống quản lý hơn [mười hai nghìn] tài khoản của
    các cơ quan = hệ thống quản lý hơn 12 nghìn tài khoản của các cơ quan
Mỗi hộ nghèo được hỗ trợ [500.000] đồng để mua giống. = mỗi hộ nghèo được hỗ trợ [năm trăm nghìn] đồng để mua
    giống = mỗi hộ nghèo được hỗ trợ 500 ngàn đồng để mua giống
Nghị quyết Đại hội lần thứ [XX] đi vào cuộc sống. = nghị quyết đại hội lần thứ [hai mươi] đi vào cuộc sống =
    nghị quyết đại hội lần thứ 20 đi vào cuộc sống
Kế hoạch giai đoạn [2021 – 2025] đã được thông qua. = kế hoạch giai đoạn [hai nghìn không trăm hai mươi mốt đến
    hai nghìn không trăm hai mươi lăm] đã được thông qua = kế hoạch giai đoạn 2021 đến 2025 đã được thông qua
Tuyến đường mới dài gần [5 km] chạy dọc bờ sông. = tuyến đường mới dài gần [năm cây số] chạy dọc bờ sông = tuyến
    đường mới dài gần 5km chạy dọc bờ sông
"""
RECOGNISED = rows(WRITTEN)


def plain(text: str) -> str:
    return re.sub(r"[][]", "", text)


def marked(text: str) -> range:
    """The places of the words in brackets."""
    before, inside, _ = re.split(r"[][]", text)
    return range(len(before.split()), len(before.split()) + len(inside.split()))


def shown(text: str) -> list[tuple[str, int]]:
    """Printed words as they are shown, with the place of each: a lone sign joins the word before it."""
    words: list[tuple[str, int]] = []
    for place, word in enumerate(text.split()):
        if any(c.isalnum() for c in word):
            words.append((word, place))
        else:
            words[-1] = (f"{words[-1][0]} {word}", words[-1][1])
    return words


def check(printed: str, said: str, heard: str, *, head: bool) -> None:
    """Three sentences are read; the one in the middle is as printed, and what was asked about is where it was said."""
    stage = Stage((BEFORE, BEFORE.lower()), (plain(said), heard), (AFTER, AFTER.lower()))
    segments = stage.ground(article(BEFORE, plain(printed), AFTER), head=head).segments
    assert [s.sentence for s in segments] == ["p1s1", "p1s2", "p1s3"]
    segment = segments[1]
    assert (segment.text, segment.heard) == (plain(printed), heard)
    assert [word.text for word in segment.words] == [text for text, _ in shown(plain(printed))]
    times = [ms for word in segment.words for ms in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert all(word.end_ms - word.start_ms >= MIN_WORD_MS for word in segment.words)
    places = zip(segment.words, shown(plain(printed)), strict=True)
    asked = [word for word, (_, place) in places if place in marked(printed)]
    begin = stage.spans[1][0]
    assert abs(asked[0].start_ms - begin - marked(said).start * SYLLABLE_MS) <= SYLLABLE_MS
    assert abs(asked[-1].end_ms - begin - marked(said).stop * SYLLABLE_MS) <= SYLLABLE_MS


@pytest.mark.slow
@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize(("printed", "said"), ROWS)
def test_every_kind_is_found_printed_as_printed_and_timed(printed: str, said: str, head: bool) -> None:
    check(printed, said, plain(said), head=head)


@pytest.mark.parametrize("head", [True, False])
@pytest.mark.parametrize(("printed", "said", "heard"), RECOGNISED)
def test_figures_that_the_recogniser_writes_meet_those_that_are_printed(
    printed: str, said: str, heard: str, head: bool
) -> None:
    check(printed, said, heard, head=head)
