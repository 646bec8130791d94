"""Tells who wrote an article, by lines whose form says so: a person's name, a label, a news agency."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from mediakit.vietnamese.normal import fold, nfc
from mediakit.vietnamese.syllables import parse

_LONGEST, _MOST_AUTHORS, _MOST_SYLLABLES = 90, 4, 6
#: The family names of nearly all Vietnamese (Lê Trung Hoa, Họ và tên người Việt Nam).
_FAMILY_NAMES = frozenset(
    fold(name)
    for name in """
An Âu Âm Bạch Bành Bế Bì Biện Bùi Ca Cái Cam Cao Cáp Cát Chế Chu Châu Chử Cù Cung Cự Danh Dư Dương Diệp Đàm Đan Đào
Đái Đặng Điền Điêu Đinh Đoàn Đỗ Đồng Đổng Đới Đường Giang Giáp Hà Hạ Hàn Hàng Hoa Hoàng Hồ Hồng Hùng Hứa Huỳnh Hướng
Kha Khổng Khuất Khúc Khương Kiều Kim Kỷ La Lã Lạc Lại Lâm Lăng Lê Lò Long Lỗ Lộ Lục Lư Lữ Lương Lường Lưu Lý Ma Mã
Mạc Mai Mẫn Mâu Mông Mùa Nghiêm Ngô Ngọ Ngọc Ngụy Nguyễn Nhâm Nhan Nhữ Ninh Nông Phạm Phan Phí Phó Phù Phùng Phương
Quách Quan Quang Quản Sầm Sơn Sùng Tạ Tăng Tần Tất Thạch Thái Thân Thẩm Thang Thào Thiều Thôi Thuần Tiêu Tô Tôn Tống
Trà Trang Trần Trì Triệu Trịnh Trình Trương Từ Tưởng Ty Ung Vàng Văn Vi Viên Vũ Võ Vương Vừ Xa Yên Giàng
""".split()
)
#: Those of nine in ten: with them a name of four syllables is known in capitals too.
_COMMON_FAMILY_NAMES = frozenset(
    fold(name)
    for name in """
Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đoàn Trương Đinh Lâm Phùng Mai Trịnh Đào Cao
Tô Hà Tạ
""".split()
)
#: Words with which a title, or the name of a place or an office, begins, and that of no person; provinces besides.
_NO_NAMES = re.compile(
    r"(?:xã|phường|thị (?:xã|trấn|ủy|trường)|huyện|quận|tỉnh|thành phố|tp|thôn|xóm|ấp|bản|làng|tổ|khu|khối|cụm|ban|bộ"
    r"|sở|phòng|cục|vụ|viện|trường|trung tâm|công (?:an|ty|đoàn|trình|tác|điện|nhân|nghệ|nghiệp|bố)|ủy|uỷ|hội|đội"
    r"|tổng hợp"
    r"|đài|báo|đoàn (?:thanh|viên|kết|đại|xã|trường|thể)|tạp chí|chi (?:bộ|nhánh|hội|đoàn|cục|tiết|phí)|đảng|nhà"
    r"|chùa|đền|đình|cầu|chợ|sông|núi|đường|phố|quốc lộ|hợp|bệnh viện|ngân hàng|câu lạc|tập đoàn|kết|phần|chương"
    r"|mục|bài|tin|ảnh|video|xem|theo|liên|từ khóa|nguồn|hết|chia|ông|bà|chị|bác|đồng chí|chủ tịch|giám đốc"
    r"|việt nam|hà nội|đà nẵng|hải phòng|cần thơ|huế|sài gòn|hồ chí minh|an giang|bà rịa|bắc (?:giang|kạn|ninh)"
    r"|bạc liêu|bến tre|bình (?:định|dương|phước|thuận)|cà mau|cao bằng|đắk|điện biên|đồng (?:nai|tháp)|gia lai"
    r"|hà (?:giang|nam|tĩnh)|hải dương|hậu giang|hoà bình|hưng yên|khánh hoà|kiên giang|kon|lai châu|lạng sơn"
    r"|lào cai|lâm đồng|long an|nam định|nghệ an|ninh (?:bình|thuận)|phú (?:thọ|yên)|quảng|sóc trăng|sơn la"
    r"|tây ninh|thái bình|thái nguyên|thanh hoá|thừa thiên|tiền giang|trà vinh|tuyên quang|vĩnh (?:long|phúc)"
    r"|yên bái|thái thuỵ|đông hưng|hưng hà|kiến xương|tiền hải|vũ thư|quỳnh phụ)(?![^\W_])"
)
_WORK = r"(?:tin|bài|trình bày|thực hiện|phóng sự|ghi chép|biên soạn|tổng hợp)"
_PICTURES = r"(?:ảnh|hình|clip|video|đồ họa|infographic)"
#: Beside those who wrote stand others: whose are the design, the sound, the voice.
_OTHER_WORK = (
    r"(?:(?:nguồn |thiết kế |quay )?(?:ảnh|hình(?: ảnh)?|clip|video|đồ họa|infographic|phim)(?: bìa)?|minh họa"
    r"|thiết kế|kỹ thuật|dựng(?: phim| hình)?|âm thanh|đạo diễn|giọng đọc|thể hiện|người đọc|mỹ thuật|lập trình)"
)
#: Labels that are as often of other things: what stands behind them must be a name.
_WRITING = (
    r"(?:bài viết|nội dung|bài dịch|biên tập(?: viên| nội dung)?|(?:nhóm )?(?:tác giả|phóng viên|pv)|btv|ctv"
    r"|người (?:viết|thực hiện|dịch|biên soạn)|(?:lược |biên )?dịch)"
)
_AND = r"(?:\s*(?:,|và|-|–|/|&|\+)\s*|\s+)"
_LABEL = re.compile(
    rf"(?:{_PICTURES}{_AND})?{_WORK}(?:{_AND}(?:{_WORK}|{_PICTURES})){{0,3}}(?=\s*[:：])"
    r"|(?:(?:nhóm )?tác giả(?: bài viết)?|người (?:viết|thực hiện|dịch|biên soạn)|(?:nhóm )?(?:phóng viên|pv)"
    r"|biên tập(?: viên)?|btv|ctv|cộng tác viên|(?:lược |biên )?dịch|nguồn(?: tin)?|nhóm thực hiện|by"
    r"|author)(?=\s*[:：])",
    re.IGNORECASE,
)
_LATER_LABEL = re.compile(
    rf"(?:^|\s*[-–—;|/,.•·]\s*|\s+)(?:(?P<writes>{_WRITING}|{_WORK})(?:{_AND}(?:{_WORK}|{_PICTURES})){{0,3}}"
    rf"|{_OTHER_WORK}(?:{_AND}{_OTHER_WORK}){{0,3}})\s*[:：]\s*",
    re.IGNORECASE,
)
#: Who wrote or posted it, in a verb: `Được đăng bởi Thu Hà`.
_BY = re.compile(
    r"(?:(?:bài (?:viết )?)?(?:được |đã )*(?:viết|đăng(?: tải)?|gửi|tạo|soạn|biên soạn|biên tập|xuất bản|cập nhật)"
    r"(?: bài)? bởi|bởi|(?:(?:posted|written|published|created) )?by|người (?:đăng|gửi|tạo)(?=\s*[:：]))\s*[:：]?\s+",
    re.IGNORECASE,
)
#: Names of those who post for others, which name nobody.
_ACCOUNT = re.compile(
    r"(?:admin\w*|super ?user|quản trị(?: viên)?(?: website| hệ thống)?|root|web ?master|editor|user|guest|ban quản trị"
    r"|biên tập)\s?\d*",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:(?:văn )?phòng|ban|báo|đài|tòa soạn|trung tâm|nhóm)\s+[A-ZĐÀ-Ỹ]\w+(?:\s\w+){0,3}", re.IGNORECASE
)
_ROLE = re.compile(
    r"(?i:(?:nhóm |các )?(?:pv|btv|ctv|phóng viên|biên tập viên|cộng tác viên|tác giả"
    r"|người (?:viết|dịch|đọc|thực hiện|tổng hợp)(?: thử)?))(?:\s+[A-ZĐÀ-Ỹ]\w*){0,4}"
    r"|(?i:ban biên tập|tòa soạn|bbt|ttxvn|tto|vov|vtv|vgp|vna|t/h|th|nv|tổng hợp"
    r"|biên tập|sưu tầm|lược dịch)"
)
_FROM = re.compile(r"(?i:theo|nguồn|tổng hợp từ|trích)[:：]?\s+(?=[A-ZĐÀ-Ỹ0-9])")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.\s?){1,4}[A-ZĐ]?\.?|[A-ZĐ](?:\.[A-ZĐ])+")
#: What they did; no photo's credit, and no day.
_NOTE = re.compile(r"\s*(?:\((?!\s*(?:nguồn )?ảnh)[^()\d]{1,40}\)|\[[^\[\]\d]{1,40}\])\s*$", re.IGNORECASE)
_DID = re.compile(r"\s+(?:tổng hợp|t/h|(?:lược |biên )?dịch|(?:lược )?ghi|sưu tầm|biên soạn)$")
_BETWEEN = re.compile(r"\s*(?:[-–—,/&;+|]|\bvà\b)\s*")


def has_author_label(line: str) -> bool:
    """Whether a line begins with a word for who wrote (`Bài, ảnh:`, `Viết bởi`)."""
    line = _bare(line[:_LONGEST])
    return _LABEL.match(line) is not None or bool(_posted_by(line) or _credited(line))


def is_byline(line: str) -> bool:
    """Whether a line says who wrote or posted the article, be it nobody's name.

    >>> is_byline("Viết bởi Quản trị"), is_byline("Bài viết: Minh Đức"), is_byline("Bởi trời mưa")
    (True, True, False)
    """
    line = _bare(line)
    if not line or len(line) > _LONGEST:
        return False
    return (has_author_label(line) and bool(author_of(line))) or _is_posted(line) or _credits(line) is not None


def is_other_credit(line: str) -> bool:
    """Whether a line says whose the photos, the design or the voice are, and not who wrote (`Ảnh: Hồ Giáp`)."""
    line = _bare(line)
    found = _LATER_LABEL.match(line) if len(line) <= _LONGEST else None
    return found is not None and found["writes"] is None and not _LABEL.match(line) and not _credited(line)


def is_note(line: str) -> bool:
    """Whether a line says what somebody did who is named above it (`(tổng hợp)`)."""
    return line.strip()[:1] == "(" and _DID.fullmatch(f" {fold(_bare(line))}") is not None


def is_office(name: str) -> bool:
    """Whether a name is that of an office of the newspaper (`Phòng Thời sự`)."""
    return _OFFICE.fullmatch(name) is not None


def is_account(name: str) -> bool:
    """Whether a name is one that many post under, and names nobody (`Quản trị`)."""
    return _ACCOUNT.fullmatch(name) is not None


def is_author(line: str) -> bool:
    """Whether a line says who wrote the article: :func:`author_of`."""
    return bool(author_of(line))


def author_of(line: str) -> str:
    """Who wrote an article, from a line whose form says so, without its label; empty for any other line.

    Such are a person's name or several (`Thành Tâm - Minh Đức`), with what they did in brackets; a label (`Tin, ảnh:
    Thành Tâm`); an agency or an office of the newspaper (`Theo TTXVN`, `PV`). Being short and last is not enough:
    `Huyện Thái Thụy` may end a list.

    >>> author_of("Tin, ảnh: Thành Tâm - Minh Đức"), author_of("Minh Anh (t/h)"), author_of("Huyện Thái Thụy")
    ('Thành Tâm - Minh Đức', 'Minh Anh (t/h)', '')
    """
    line = _bare(line)
    if not line or len(line) > _LONGEST:
        return ""
    named = _credited(line) or _posted_by(line)
    if named:
        return named
    label = _LABEL.match(line)
    if label is not None:
        name = line[label.end() :].lstrip(" :：").rstrip(" .")
        return name if _may_name(name) else ""
    if _FROM.match(line):
        return line if _may_name(line) else ""
    return line if _are_names(_NOTE.sub("", line)) else ""


def _bare(line: str) -> str:
    """A line with single spaces, without brackets around all of it."""
    line = " ".join(nfc(line).split())
    return line[1:-1].strip() if line[:1] == "(" and line[-1] == ")" and line.count("(") == 1 else line


def _is_posted(line: str) -> bool:
    """Whether a line says by whom it was posted, or under which name."""
    name = _poster(line)
    return bool(name) and (is_account(name) or bool(_posted_by(line)))


def _posted_by(line: str) -> str:
    """Who wrote or posted it, of a line that says so in a verb (`Được đăng bởi Thu Hà`)."""
    name = _poster(line)
    return name if name and not is_account(name) and (is_office(name) or _are_names(_NOTE.sub("", name))) else ""


def _poster(line: str) -> str:
    """What stands behind `bởi` in such a line, a name or not; empty for any other line."""
    by = _BY.match(line)
    return line[by.end() :].rstrip(" .") if by is not None else ""


def _credited(line: str) -> str:
    """Who wrote, of a line with several labels, or one that may be of other things (`Bài: Thu Hà - Ảnh: Minh Đức`)."""
    return ", ".join(name for writes, name in _credits(line) or () if writes)


def _credits(line: str) -> list[tuple[bool, str]] | None:
    """The names in a line of labels, each with whether they wrote; None for any other line.

    A line with one label that is no doubt of who wrote is left to :data:`_LABEL`.
    """
    found = list(_LATER_LABEL.finditer(line)) if ":" in line or "：" in line else []
    if not found or found[0].start() or (len(found) == 1 and (_LABEL.match(line) or found[0]["writes"] is None)):
        return None
    ends = [*(match.start() for match in found[1:]), len(line)]
    names = [line[match.end() : end].strip(" .,;-–—|/") for match, end in zip(found, ends, strict=True)]
    several = len(names) > 1
    if not all(_are_names(_NOTE.sub("", name)) or (several and _may_name(name)) for name in names):
        return None
    if several and not any(_are_names(_NOTE.sub("", name)) for name in names):
        return None
    return [(match["writes"] is not None, name) for match, name in zip(found, names, strict=True)]


def _may_name(text: str) -> bool:
    """Whether what stands behind a label names somebody: short, capitalised, no sentence."""
    words = text.split()
    return (
        0 < len(words) <= 10
        and (text[0].isupper() or _ROLE.fullmatch(text) is not None)
        and text[-1] not in '.?!…:;,”"'
    )


def _are_names(text: str) -> bool:
    """Whether a text is nothing but names of people or of offices that write."""
    if _ROLE.fullmatch(text):
        return True
    text = _DID.sub("", text)
    names = [_NOTE.sub("", name) for name in _BETWEEN.split(text)]
    return 0 < len(names) <= _MOST_AUTHORS and all(is_person(name) or _ROLE.fullmatch(name) for name in names)


@lru_cache(maxsize=1024)
def is_person(name: str) -> bool:
    """Whether a text has the form of a Vietnamese person's name: a family name and more, a pen name, or initials.

    >>> is_person("Lê Minh Khuê"), is_person("Hoài An"), is_person("N.T.A"), is_person("Xã Đông Hải")
    (True, True, True, False)
    """
    if _INITIALS.fullmatch(name):
        return name.count(".") > 0 and len(name) > 2
    words = name.split()
    if not 2 <= len(words) <= _MOST_SYLLABLES or not all(_is_capitalised(word) for word in words):
        return False
    if _NO_NAMES.match(fold(name)):
        return False
    syllables = [word for word in words if not _INITIALS.fullmatch(word)]
    if not all(parse(word) for word in syllables):
        return False
    # Without a family name it is a pen name, which is short; a row of capitals may be a heading.
    if fold(words[0]) in (_COMMON_FAMILY_NAMES if name.isupper() else _FAMILY_NAMES):
        return True
    return len(words) <= 3 or _INITIALS.fullmatch(words[0]) is not None


def has_family_name(name: str) -> bool:
    """Whether a name begins with a Vietnamese family name."""
    return fold(name.partition(" ")[0]) in _FAMILY_NAMES


def _is_capitalised(word: str) -> bool:
    letters = unicodedata.normalize("NFC", word)
    return letters[:1].isupper() and (
        letters[1:].islower() or letters.isupper() or _INITIALS.fullmatch(letters) is not None
    )
