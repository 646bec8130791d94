"""Set phrases of newspaper pages that are none of their articles: headings of other things, buttons, the imprint."""

from __future__ import annotations

import re

from mediakit.vietnamese.normal import fold

#: A longer line is text.
_LONGEST = 200
_LONGEST_BUTTON = 30


def _any_of(phrases: str) -> str:
    """One pattern of several, a line each."""
    return "|".join(line for line in phrases.splitlines() if line)


def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern for folded lines: lower case, one placement of tones."""
    return re.compile(fold(pattern))


_COUNT = r"(?:\s*\(?\s*\d+\s*\)?)?"
#: Headings above links to other articles.
_RELATED = _compiled(
    r"(?:(?:các |những )?(?:tin(?: tức| bài)?|bài(?: viết| báo)?|video|clip|tập|kỳ|số|podcast|chủ đề|chuyên đề) "
    r"(?:liên quan|khác|mới(?: nhất| hơn)?|cũ hơn|nổi bật|cùng (?:chuyên )?mục|đọc nhiều|xem nhiều|đã đưa|nên đọc)"
    r"|(?:có thể )?bạn (?:quan tâm|chưa biết|thích|nên đọc|nên xem|cần đọc|cần biết)"
    r"|(?:đọc|xem) (?:thêm|tiếp|nhiều)(?: nhất)?"
    r"|mời (?:quý )?(?:bạn|độc giả) (?:đọc|xem)(?: thêm| tiếp)?"
    r"|cùng chuyên mục|mới nhất|đáng chú ý|dành cho bạn|nổi bật|tiêu điểm"
    r"|nội dung chính|nội dung bài viết|mục lục|trong bài (?:viết )?này"
    r"|related(?: (?:news|articles|posts))?|more)"
)
_COMMENTS = _compiled(
    rf"(?:\(?\d+\)? ?)?(?:(?:gửi |viết |xem )?(?:bình luận|ý kiến)"
    rf"(?: hay| bạn đọc| độc giả| của bạn|(?: về)? bài viết)?"
    rf"|phản hồi|thảo luận|(?:bạn đọc|độc giả) bình luận|comments?){_COUNT}"
)
_POINTER = _compiled(
    r"[>»\-–•*+☞👉➤►▶\s]*(?:(?:đọc|xem) (?:thêm|tiếp|ngay)|(?:tin|bài) liên quan"
    r"|mời (?:bạn |độc giả |quý vị )?(?:đọc|xem)|>>+|»)"
)
_TAGS = _compiled(r"(?:tags?|từ khóa|chủ đề|thẻ|chuyên mục) ?[:：]")
#: Labels of buttons, tabs and players.
_LABEL = _any_of(
    r"""
quảng cáo
advertisements?
ads
chia sẻ(?: bài viết| facebook| zalo)?
facebook
twitter
zalo
pinterest
linkedin
(?:gửi )?email
in(?: bài(?: viết)?)?
copy link
sao chép(?: liên kết)?
lưu(?: bài(?: viết)?)?
thích
like
share
print
bookmark
(?:xem (?:với |theo )?)?cỡ chữ
a ?[-+]
aa?
nghe(?: đọc)?(?: bài(?: viết)?| audio)?
đọc bài viết
giọng (?:nam|nữ)
miền (?:bắc|nam)
tốc độ(?: đọc)?
trở lại
(?:về )?trang chủ
quay lại
lên đầu trang
theo dõi
đăng (?:ký|nhập|xuất)
tải (?:về|xuống)
download
xem (?:nhanh|cỡ lớn)
phóng to
thu gọn
(?:xem|đọc) thêm
đóng
đồng ý
bỏ qua
tìm kiếm
trả lời
báo vi phạm
gửi
hủy
\d+ ?(?:bình luận|ý kiến|lượt (?:xem|thích|chia sẻ)|phản hồi)
loading\.*
đang tải\.*
menu
rss
(?:\d{1,2}:)?\d{1,2}:\d{2}(?: ?/ ?(?:\d{1,2}:)?\d{1,2}:\d{2})?
(?:theo dõi|follow) .{0,60}(?:google news|zalo|facebook|youtube|tiktok).{0,20}
\d+ (?:giây|phút|giờ|ngày|tuần|tháng) trước
hôm (?:qua|nay)
vừa xong
trình duyệt (?:của bạn |này )?không (?:hỗ trợ|xem được).{0,80}
your browser does not support.{0,80}
"""
)
_LABELS = _compiled(rf"(?:{_LABEL})(?:[\s|·•,/\-]+(?:{_LABEL})){{0,12}}")
#: What a Vietnamese newspaper says of itself at the foot of each page.
_PARTICULARS = _any_of(
    r"""
cơ quan (?:chủ quản|của đảng bộ|ngôn luận)
(?:phó )?tổng biên tập
giấy phép
tòa soạn
trụ sở
văn phòng đại diện
chịu trách nhiệm (?:chính|nội dung|xuất bản)
bản quyền
©
®
copyright
địa chỉ
điện thoại
hotline
đường dây nóng
e-?mail
fax
tel
issn
liên hệ quảng cáo
(?:vui lòng )?ghi rõ nguồn
không được sao chép
(?:thiết kế|phát triển) bởi
powered by
all rights reserved
"""
)
_IMPRINT = _compiled(rf"(?:{_PARTICULARS})(?!\w)")
_REMARK = _compiled(r"(?:trả lời|thích|báo vi phạm|like|reply|\d+ (?:phút|giờ|ngày) trước)")
_EDGES = " \t:：.…|•·-–—>»<«[]()*+#▼▶►"


def is_related_heading(line: str) -> bool:
    """Whether a line is the heading of links to other articles (`Tin liên quan`)."""
    return _is_whole(_RELATED, line)


def is_comments_heading(line: str) -> bool:
    """Whether a line is the heading of readers' comments (`Bình luận (12)`)."""
    return _is_whole(_COMMENTS, line)


def is_pointer(line: str) -> bool:
    """Whether a line begins as one that points to another article does (`Xem thêm: …`)."""
    return _POINTER.match(fold(line[:_LONGEST])) is not None


def is_tags_line(line: str) -> bool:
    """Whether a line begins the keywords of the article (`Từ khóa: …`)."""
    return _TAGS.match(fold(line[:_LONGEST])) is not None


def is_label(line: str) -> bool:
    """Whether a line is nothing but labels of buttons, tabs or players (`Chia sẻ`, `Quảng cáo`), or mere marks."""
    return not line.strip(_EDGES) or _is_whole(_LABELS, line)


def is_imprint(line: str) -> bool:
    """Whether a line begins as the newspaper's own particulars do (`Giấy phép số …`)."""
    return _IMPRINT.match(fold(line[:_LONGEST].strip(_EDGES))) is not None


def is_about_cookies(line: str) -> bool:
    """Whether a line speaks of cookies."""
    return re.search(r"\bcookies?\b", line, re.IGNORECASE) is not None


def is_remark_button(line: str) -> bool:
    """Whether a line is what stands under each reader's comment (`Trả lời`)."""
    return len(line) <= _LONGEST_BUTTON and _is_whole(_REMARK, line)


def _is_whole(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(fold(line.strip(_EDGES))) is not None
