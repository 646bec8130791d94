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
_AND = r"(?:\s*(?:,|và|-|–|/|&|\+)\s*|\s+)"
_LABEL = re.compile(
    rf"(?:{_PICTURES}{_AND})?{_WORK}(?:{_AND}(?:{_WORK}|{_PICTURES})){{0,3}}(?=\s*[:：])"
    r"|(?:(?:nhóm )?tác giả|người (?:viết|thực hiện|dịch|biên soạn)|(?:nhóm )?(?:phóng viên|pv)|biên tập(?: viên)?"
    r"|btv|ctv|cộng tác viên|(?:lược |biên )?dịch|nguồn(?: tin)?|nhóm thực hiện|by|author)(?=\s*[:：])",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?i:(?:nhóm |các )?(?:pv|btv|ctv|phóng viên|biên tập viên|cộng tác viên|tác giả"
    r"|người (?:viết|dịch|đọc|thực hiện|tổng hợp)(?: thử)?))(?:\s+[A-ZĐÀ-Ỹ]\w*){0,4}"
    r"|(?i:ban biên tập|tòa soạn|bbt|ttxvn|tto|vov|vtv|vgp|vna|t/h|th|nv)"
)
_FROM = re.compile(r"(?i:theo|nguồn|tổng hợp từ|trích)[:：]?\s+(?=[A-ZĐÀ-Ỹ0-9])")
_INITIALS = re.compile(r"(?:[A-ZĐ]\.\s?){1,4}[A-ZĐ]?\.?|[A-ZĐ](?:\.[A-ZĐ])+")
#: What they did; no photo's credit, and no day.
_NOTE = re.compile(r"\s*(?:\((?!\s*(?:nguồn )?ảnh)[^()\d]{1,40}\)|\[[^\[\]\d]{1,40}\])\s*$", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[-–—,/&;+|]|\bvà\b)\s*")


def has_author_label(line: str) -> bool:
    """Whether a line begins with a word for who wrote (`Bài, ảnh:`)."""
    return _LABEL.match(" ".join(nfc(line[:_LONGEST]).split())) is not None


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
    line = " ".join(nfc(line).split())
    if not line or len(line) > _LONGEST:
        return ""
    if line[0] == "(" and line[-1] == ")" and line.count("(") == 1:
        line = line[1:-1].strip()
    label = _LABEL.match(line)
    if label is not None:
        name = line[label.end() :].lstrip(" :：").rstrip(" .")
        return name if _may_name(name) else ""
    if _FROM.match(line):
        return line if _may_name(line) else ""
    return line if _are_names(_NOTE.sub("", line)) else ""


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
