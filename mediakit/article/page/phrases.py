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
    r"(?:(?:có )?liên quan|khác|mới(?: nhất| hơn)?|cũ hơn|nổi bật|cùng (?:chuyên )?mục|đọc nhiều|xem nhiều|đã đưa"
    r"|nên đọc|tương tự|gần đây|cùng (?:chủ đề|tác giả|loại)|được quan tâm|trước|kế tiếp|tiếp theo|quan tâm)"
    r"|(?:có )?liên quan|điều hướng bài viết"
    r"|(?:có thể )?bạn (?:quan tâm|chưa biết|thích|nên đọc|nên xem|cần đọc|cần biết)"
    r"|(?:đọc|xem) (?:thêm|tiếp|nhiều)(?: nhất)?"
    r"|mời (?:quý )?(?:bạn|độc giả) (?:đọc|xem)(?: thêm| tiếp)?"
    r"|cùng chuyên mục|mới nhất|đáng chú ý|dành cho bạn|nổi bật|tiêu điểm"
    r"|nội dung chính|nội dung bài viết|mục lục|trong bài (?:viết )?này"
    r"|related(?: (?:news|articles|posts|stories))?|you (?:may|might) also like|read (?:more|next)|more)"
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
_TAGS = _compiled(r"(?:tags?|từ khóa|chủ đề|thẻ|nhãn|labels?|(?:chuyên|danh) mục(?: (?:cha|gốc))?) ?[:：]")
#: What software of newspapers says under which heading an article stands.
_CATEGORY = _compiled(
    r"(?:(?:chuyên |danh )mục(?: (?:cha|gốc))?|thể loại|mục|loại tin|nhóm tin|categor(?:y|ies)|từ khóa|tags?|chủ đề"
    r"|nhãn|labels?) ?[:：]|(?:posted|filed|published) (?:in|under)|đăng (?:trong|ở)(?: mục)? "
)
_PARTICULAR = _compiled(
    r"(?:ngày|giờ|thời gian|thời điểm) (?:đăng|tạo|xuất bản|cập nhật|phát hành)(?: bài)?"
    r"|(?:số )?lượt (?:xem|đọc|truy cập|nghe)|(?:số )?lần (?:xem|đọc)|tác giả|người (?:đăng|viết|tạo|gửi)"
    r"|(?:được )?(?:viết|đăng) (?:bởi|lúc|ngày)|cập nhật"
    r"|(?:chuyên|danh) mục(?: cha)?|thể loại|nguồn(?: tin)?|hits|views|author|published|category|đánh giá|bình chọn"
)
#: Terms under which the author's name stands by itself.
_AUTHOR_TERM = _compiled(r"tác giả|người (?:đăng|viết|tạo|gửi)|(?:được )?(?:viết|đăng) bởi|author|by")
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
thích(?: (?:điều|bài) này)?
like
share
print
bookmark
(?:xem (?:với |theo )?)?cỡ chữ
a ?[-+]
(?:màu|kiểu|phông|tăng|giảm)(?: cỡ)? chữ
giãn dòng
đọc bài(?: viết)?
(?:độ )?tương phản
bản in
aa?
nghe(?: đọc)?(?: bài(?: viết)?| audio| podcast| bản tin| tin(?: tức)?)?
đang phát
đọc bài viết
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
chi tiết(?: bài viết)?
thông tin (?:bài viết|chi tiết)
trình duyệt (?:của bạn |này )?không (?:hỗ trợ|xem được).{0,80}
your browser does not support.{0,80}
"""
)
#: What players show: how fast, how loud, how sharp, whose voice, how far.
_CONTROL = _any_of(
    r"""
(?:tốc độ(?: (?:đọc|phát|nghe))?|(?:playback )?(?:speed|rate)|speed)(?: ?[:：]? ?\d(?:[.,]\d{1,2})? ?x?(?![\d\w]))*
\d{1,2}(?:[.,]\d{1,2})? ?[x×]
[x×] ?\d(?:[.,]\d{1,2})?
-?(?:\d{1,2}:)?\d{1,2}:\d{2}
\d{3,4}p(?:\d\d)?
(?:âm lượng|volume)(?: ?[:：]? ?\d{1,3} ?%)?
(?:tắt|bật) (?:tiếng|âm thanh|phụ đề)
toàn màn hình
full ?screen
tạm (?:dừng|ngừng)
phát (?:lại|tiếp|audio|video|âm thanh|bài)
(?:un)?mute
play(?:/pause)?
pause
(?:tua|lùi|tới) (?:lại|nhanh|tới|lùi)?(?: ?\d{1,2} ?(?:s|giây))?
[+-] ?\d{1,2} ?(?:s|giây)
(?:chọn )?giọng(?: đọc)?(?: ?[:：])?(?: (?:nam|nữ))?(?: (?:miền )?(?:bắc|trung|nam|hà nội|sài gòn|huế))?
(?:nam|nữ) miền (?:bắc|trung|nam)
miền (?:bắc|trung|nam)
(?:thời lượng|độ dài) ?[:：]? ?(?:\d{1,2}:)?\d{1,2}:\d{2}
chất lượng(?: (?:hình ảnh|video|phát))?
tự động (?:phát|chuyển)(?: (?:bài|tập|video))?(?: (?:tiếp theo|tiếp|kế tiếp))?
chế độ (?:tối|sáng|ban đêm|nền tối)
(?:nghe|đọc) (?:tự động|bằng giọng .{2,12})
"""
)
#: Beside these, as one of their choices.
_CHOICE = r"nam|nữ|chuẩn|bình thường|normal|nhanh|chậm|auto|tự động|hd|full hd|phát|dừng|phụ đề|cài đặt|settings|ai"
_CHOICE += r"|[+-]?\d{1,2} ?s"
_LABELS, _CONTROLS, _CHOICES = (_compiled(rf"(?:{phrases})(?!\w)") for phrases in (_LABEL, _CONTROL, _CHOICE))
_APART, _APART_WIDELY = re.compile(r"[^\w+:：()\[\]×]*"), re.compile(r"[^\w+×-]*(?:[+-](?!\d)[^\w+×-]*)*")
_MOST_LABELS = 40
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
    return not line.strip(_EDGES) or _is_made_of(line, (_LABELS, _CONTROLS))


def is_control(line: str) -> bool:
    """Whether a line is nothing but what a player shows (`00:00 / 03:15 Tốc độ 1x 1.5x`)."""
    return bool(line.strip(_EDGES)) and _is_made_of(line, (_CONTROLS,))


def is_choice(line: str) -> bool:
    """Whether a line is one of what a player lets choose (`Nam`, `Nữ`), which it may be beside its buttons alone."""
    return _is_whole(_CHOICES, line)


def is_category_line(line: str) -> bool:
    """Whether a line says under which heading the article stands (`Chuyên mục: Tin tức`)."""
    return bool(category_label(line))


def category_label(line: str) -> str:
    """The label of such a line; empty for any other."""
    found = _CATEGORY.match(fold(line[:_LONGEST]))
    return found[0].strip(" :：") if found is not None else ""


def particular_label(line: str) -> str:
    """The term, folded, of what is said of an article (`Ngày đăng`), where it stands by itself; empty for any other."""
    return fold(line.strip(_EDGES)) if _is_whole(_PARTICULAR, line) else ""


def is_author_term(line: str) -> bool:
    """Whether a line is the term under which the author's name stands (`Tác giả`)."""
    return _is_whole(_AUTHOR_TERM, line)


def is_imprint(line: str) -> bool:
    """Whether a line begins as the newspaper's own particulars do (`Giấy phép số …`)."""
    return _IMPRINT.match(fold(line[:_LONGEST].strip(_EDGES))) is not None


def is_about_cookies(line: str) -> bool:
    """Whether a line speaks of cookies."""
    return re.search(r"\bcookies?\b", line, re.IGNORECASE) is not None


def is_remark_button(line: str) -> bool:
    """Whether a line is what stands under each reader's comment (`Trả lời`)."""
    return len(line) <= _LONGEST_BUTTON and _is_whole(_REMARK, line)


def _is_made_of(line: str, patterns: tuple[re.Pattern[str], ...]) -> bool:
    """Whether a line is a row of labels, each taken where the one before ends, and choices only beside them."""
    if len(line) > _LONGEST:
        return False
    text = fold(line.strip(_EDGES.replace("-", "").replace("+", "")))
    begins = _APART_WIDELY.match(text)
    place, count, told = begins.end() if begins is not None and patterns[-1] is _CONTROLS else 0, 0, 0
    while place < len(text) and count < _MOST_LABELS:
        found = next((match for pattern in patterns if (match := pattern.match(text, place))), None)
        told += found is not None
        found = found or _CHOICES.match(text, place)
        if found is None or found.end() == place:
            return False
        apart = _APART if found.re is _LABELS else _APART_WIDELY
        between = apart.match(text, found.end())
        place = between.end() if between is not None else found.end()
        if text[place:].strip(_EDGES) == "":
            place = len(text)
        count += 1
    return place >= len(text) and told > 0


def _is_whole(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(fold(line.strip(_EDGES))) is not None
