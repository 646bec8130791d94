"""What the names and set phrases of a page say of its parts: evidence, never the only one."""

from __future__ import annotations

import re
from typing import Literal

from mediakit.article.page.tree import Element

Role = Literal["comments", "related", "advertisement", "navigation", "furniture", "notice"]

_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"(?:^|-)(?:{words})(?:-|$)"))
    for role, words in (
        (
            "comments",
            "comments?|cmts?|commentbox|boxcomment|binh-?luan|y-?kien(?:-ban-doc)?|disqus|feedback|repl(?:y|ies)",
        ),
        (
            "related",
            "relate[ds]?|relatednews|related-?one-?news|lien-?quan|tin-?lien-?quan|tin-?khac|tin-?moi|tin-?cung.*|xem-?them"
            "|doc-?them|doc-?tiep|recommend(?:s|ed|ation|ations)?|suggest(?:ed|ion|ions)?|more-?news|other-?news|latest"
            "|same-?category|cung-?chuyen-?muc|doc-?nhieu|xem-?nhieu|most-?(?:read|view|viewed)|popular|trending|teasers?",
        ),
        (
            "advertisement",
            "ads?|adv|advert(?:s|ise|isement|ising|orial)?|banners?|quang-?cao|qc|sponsor(?:s|ed)?|promo(?:tion)?|adsbygoogle"
            "|taboola|outbrain|dable|mgid|amp-ad|dfp|gpt",
        ),
        (
            "navigation",
            "breadcrumbs?|menus?|navs?|navbar|navigation|sidebar|side-?bar|pagination|pager|toolbar|site-?map",
        ),
        (
            "notice",
            "cookies?|consent|gdpr|pop-?up|modal|newsletter|subscribe|subscription|log-?in|sign-?up|footer|copyright|toast",
        ),
        (
            "furniture",
            "share[ds]?|sharing|social|socials|addthis|tags?|tag-?list|tags-?list|key-?words?|tu-?khoa|rating|vote|print|like-?box"
            "|skip-?link",
        ),
    )
)
#: Names that say what state a wrapper is in, or where it stands, not what it is.
_STATES = re.compile(r"^(?:has|have|no|not|with|without|is|hide|show|left|right|two|col|layout|page|single|js|can)-")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^a-z0-9]+")
_CAPTION = re.compile(
    r"(?:^|[-_ ])(?:caption|figcaption|image-caption|pic-?caption|p-?caption|photo-?caption|img-?caption|photo-?cms-?caption"
    r"|image-?desc|img-?desc|wp-caption-text|chu-?thich(?:-anh)?)(?:$|[-_ ])",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:^|[-_ ])(?:credit|photo-?(?:credit|author)|photographer|image-?author|nguon-?anh)(?:$|[-_ ])", re.I
)
_BYLINE = re.compile(
    r"(?:^|-)(?:authors?|author-?(?:name|info|mail)|by-?line|tac-?gia|writer|reporter|journalist|but-?danh|post-author|ky-ten)(?:-|$)"
)
_DATELINE = re.compile(r"(?:^|-)(?:location-?stamp|date-?line-?place|dateline|place-?stamp)(?:-|$)")
_HEADLINE = re.compile(r"(?:^|-)(?:head-?line|title|tieu-?de|entry-title|post-title)(?:-|$)")
_BODY = re.compile(
    r"(?:^|-)(?:article|articles?-?body|content|body|detail|entry|post|story|news-?content|noi-?dung|fck|bai-?viet|chi-?tiet|singular)"
    r"(?:-|$)"
)

#: Headings of what is not the article.
_RELATED_HEADING = re.compile(
    r"(?:(?:các\s+|những\s+)?(?:tin|bài|video|clip|tập|kỳ|số|podcast|chủ đề|chuyên đề|tin tức|tin bài|bài viết|bài báo|thông tin)\s+(?:liên quan|khác|mới(?: nhất| hơn)?|cũ hơn|nổi bật|cùng (?:chuyên )?mục|đọc nhiều"
    r"|xem nhiều|đã đưa|nên đọc)|có thể bạn (?:quan tâm|chưa biết|thích)|(?:có thể )?bạn (?:nên|cần) (?:đọc|xem)|đọc (?:thêm|tiếp|nhiều)"
    r"(?: nhất)?|xem (?:thêm|tiếp|nhiều)(?: nhất)?|cùng chuyên mục|mới nhất|đáng chú ý|dành cho bạn|nổi bật|nội dung chính|nội dung bài viết|mục lục|trong bài (?:viết )?này|tiêu điểm|chủ đề liên quan"
    r"|mời (?:quý )?(?:bạn|độc giả) (?:đọc|xem)(?: thêm| tiếp)?|related(?: (?:news|articles|posts))?|more)",
    re.IGNORECASE,
)
_COMMENTS_HEADING = re.compile(
    r"(?:\(?\d+\)?\s*)?(?:bình luận|ý kiến(?: bạn đọc| độc giả| của bạn)?|phản hồi|gửi (?:bình luận|ý kiến)(?: của bạn)?|comments?"
    r"|viết bình luận|thảo luận|(?:bạn đọc|độc giả) bình luận|bình luận (?:của bạn|bạn đọc|về bài viết|bài viết))"
    r"\s*(?:\(?\s*\d+\s*\)?)?",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"[>»\-–•*+☞👉➤►▶\s]*(?:(?:đọc|xem)\s+(?:thêm|tiếp|ngay)|tin\s+liên\s+quan|bài\s+liên\s+quan|mời\s+(?:bạn|độc giả|quý vị)?\s*(?:đọc|xem)"
    r"|>>+|»)",
    re.IGNORECASE,
)
_TAGS_LINE = re.compile(r"(?:tags?|từ khóa|từ khoá|chủ đề|thẻ|chuyên mục)\s*[:：]", re.IGNORECASE)
_FURNITURE_WORDS = (
    r"(?:quảng cáo|advertisements?|ads|chia sẻ(?: bài viết| facebook| zalo)?|facebook|twitter|zalo|pinterest|linkedin|email|gửi email|in bài(?: viết)?"
    r"|in|copy link|sao chép(?: liên kết)?|lưu(?: bài(?: viết)?)?|thích|like|share|print|bookmark|(?:xem (?:với |theo )?)?cỡ chữ|a\s*-|a\s*\+|aa?|nghe(?: bài(?: viết)?| audio"
    r"| đọc bài)?|nghe đọc bài|đọc bài viết|giọng (?:nam|nữ)|miền (?:bắc|nam)|tốc độ(?: đọc)?|trở lại|về trang chủ|trang chủ|quay lại|lên đầu trang"
    r"|theo dõi|đăng ký|đăng nhập|đăng xuất|tải về|tải xuống|download|xem nhanh|xem cỡ lớn|phóng to|thu gọn|xem thêm|đọc thêm|đóng|đồng ý|bỏ qua|tìm kiếm"
    r"|trả lời|báo vi phạm|gửi|hủy|\d+\s*(?:bình luận|ý kiến|lượt (?:xem|thích|chia sẻ)|phản hồi)|loading\.*|đang tải\.*|menu|rss"
    r"|(?:\d{1,2}:)?\d{1,2}:\d{2}\s*/\s*(?:\d{1,2}:)?\d{1,2}:\d{2}|(?:theo dõi|follow).{0,60}(?:google news|zalo|facebook|youtube|tiktok).{0,20}"
    r"|\d+\s+(?:giây|phút|giờ|ngày|tuần|tháng)\s+trước|trình duyệt (?:của bạn |này )?không hỗ trợ.{0,80}|your browser does not support.{0,80})"
)
_FURNITURE = re.compile(rf"{_FURNITURE_WORDS}(?:[\s|·•,/\-]+{_FURNITURE_WORDS}){{0,12}}", re.IGNORECASE)
#: What a Vietnamese newspaper says of itself at the foot of each page, and what the law on cookies makes it say.
_IMPRINT = re.compile(
    r"(?:cơ quan chủ quản|cơ quan của đảng bộ|tổng biên tập|phó tổng biên tập|giấy phép|tòa soạn|toà soạn|trụ sở|văn phòng đại diện"
    r"|chịu trách nhiệm (?:nội dung|xuất bản)|bản quyền|©|®|copyright|địa chỉ|điện thoại|hotline|đường dây nóng|email|e-mail|fax|tel|issn"
    r"|liên hệ quảng cáo|ghi rõ nguồn|không được sao chép|vui lòng ghi rõ|thiết kế (?:bởi|và)|phát triển bởi|powered by|all rights reserved)\b",
    re.IGNORECASE,
)
_COOKIES = re.compile(r"\bcookies?\b", re.IGNORECASE)
_REMARKS = re.compile(r"^(?:trả lời|thích|báo vi phạm|like|reply|\d+\s+(?:phút|giờ|ngày)\s+trước)$", re.IGNORECASE)
_CLOCK = re.compile(
    r"\[?\(?(?:lúc\s+)?\d{1,2}\s*(?:[:hg]|giờ)\s*\d{0,2}(?::\d{2})?\s*(?:am|pm|')?\)?\]?", re.IGNORECASE
)
_EDGES = " \t:：.…|•·-–—>»<«[]()*+#▼▶►"


def role_of(element: Element) -> Role | None:
    """What an element is by its own names, if not running text; None where they say nothing of the kind."""
    for name in _names(element):
        if not _STATES.match(name):
            for role, pattern in _ROLES:
                if pattern.search(name):
                    return role
    return None


def is_called_body(element: Element) -> bool:
    """Whether an element is marked or named as what holds the article."""
    if element.tag in ("article", "main") or element.named("itemprop").lower() == "articlebody":
        return True
    return element.named("role") == "main" or any(_BODY.search(name) for name in _names(element))


def is_called_caption(element: Element) -> bool:
    """Whether an element is marked or named as the caption of a photo."""
    if element.tag == "figcaption":
        return True
    names = (name for name in element.named("class").split() if not _STATES.match(name.lower()))
    return any(_CAPTION.search(_CAMEL.sub("-", name)) or _CAPTION.search(name) for name in names)


def is_called_credit(element: Element) -> bool:
    """Whether an element is named as who took a photo."""
    return _CREDIT.search(element.named("class")) is not None


def is_called_byline(element: Element) -> bool:
    """Whether an element is marked or named as the author's name."""
    if element.named("rel").lower() == "author" or element.named("itemprop").lower() == "author":
        return True
    return any(_BYLINE.search(name) for name in _names(element))


def is_called_dateline(element: Element) -> bool:
    """Whether an element is named as the place that a report comes from, set before its first sentence."""
    return any(_DATELINE.search(name) for name in _names(element))


def is_called_headline(element: Element) -> bool:
    """Whether an element is marked or named as the headline."""
    return element.named("itemprop").lower() in ("headline", "name") or any(
        _HEADLINE.search(n) for n in _names(element)
    )


def is_related_heading(line: str) -> bool:
    """Whether a line is the heading of links to other articles (`Tin liên quan`)."""
    return _RELATED_HEADING.fullmatch(line.strip(_EDGES)) is not None


def is_comments_heading(line: str) -> bool:
    """Whether a line is the heading of readers' comments (`Bình luận (12)`)."""
    return _COMMENTS_HEADING.fullmatch(line.strip(_EDGES)) is not None


def is_pointer(line: str) -> bool:
    """Whether a line begins as one that points to another article does (`Xem thêm: …`)."""
    return _POINTER.match(line) is not None


def is_tags_line(line: str) -> bool:
    """Whether a line begins the keywords of the article (`Từ khóa: …`)."""
    return _TAGS_LINE.match(line) is not None


def is_furniture(line: str) -> bool:
    """Whether a line is the whole label of a button or the like (`Chia sẻ`, `Quảng cáo`)."""
    return not line.strip(_EDGES) or _FURNITURE.fullmatch(line.strip(_EDGES)) is not None


def is_clock(line: str) -> bool:
    """Whether a line is a time of day and nothing else, as the entries of a live report have (`18h37`)."""
    return _CLOCK.fullmatch(line.strip(_EDGES)) is not None


def is_imprint(line: str) -> bool:
    """Whether a line is the newspaper's own particulars (`Giấy phép số …`)."""
    return _IMPRINT.match(line.strip(_EDGES)) is not None


def is_about_cookies(line: str) -> bool:
    """Whether a line speaks of cookies."""
    return _COOKIES.search(line) is not None


def is_remark_button(line: str) -> bool:
    """Whether a line is what stands under each reader's comment (`Trả lời`)."""
    return _REMARKS.fullmatch(line.strip(_EDGES)) is not None


def _names(element: Element) -> list[str]:
    """The words of an element's class, id and role, each in lower case with `-` between its parts."""
    written = (*element.named("class").split(), element.named("id"), element.named("role"))
    return [_BETWEEN.sub("-", _CAMEL.sub("-", name[:200]).lower()) for name in written[:20] if name]
