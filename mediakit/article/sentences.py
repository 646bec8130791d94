"""Cuts Vietnamese running text into sentences.

A full stop ends a sentence unless it belongs to an abbreviation (`TP. Thái Bình`, `PGS.TS. Lê An`, `Cty CP. Hải Âu`),
an initial (`Nguyễn V. A.`, `bà K. Harris`), a rank before a name (`Thượng tá. Lê An`) or a number (`12.000`, `1.` of a
list), or what follows goes on in lower case. What follows an abbreviation tells too: `ở TP. Hôm nay` are two. Closing
quotes and brackets stay with the sentence they close.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mediakit.article.bylines import has_family_name, is_person
from mediakit.vietnamese.normal import fold, nfc, strip_marks
from mediakit.vietnamese.syllables import parse


def _names(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


#: Titles, written before a name and joined with each other: GS.TS., ThS-BS.
_TITLES = _names(
    "gs vs pgs ts tskh ths bs bscki bsckii bsck1 bsck2 ds dscki dsckii ks kts ls ncs cn cv nsnd nsưt nsut ngnd ngưt"
    " ttnd ttưt cvcc gvc gvcc nnc đd hs nsư nnưt nnnd kst cnđd ktv hlv lm gm ht đđ mr mrs ms dr prof st đ/c đc"
    " đbqh đbhđnd ccb tbt ctn ctqh pct pgđ ttg pttg ptt pbt uvtw uvbct gđ tgđ ptgđ llvtnd ahlđ pv btv mc ntk"
)
#: What a title may end with: BS.CKII.
_DEGREES = _names("cki ckii ck1 ck2 ck i ii")
#: Other abbreviations after which a name or number follows.
_BEFORE_NAME = _TITLES | _names("tp tx tt q p h x đ t tr cty ctcp dntn đt sđt vs tw")
#: Those that stand for something by themselves as often: only a name of two words, or a number, tells.
_BEFORE_LONG_NAME = _names("bv đh cđ hv nxb thpt thcs th kcn ccn kđt kdc kp tdp ql tl hl đt sn khu")
_BEFORE_NUMBER = _names("no số tr t tel fax")
#: What is written between `Cty` and the name of a company.
_COMPANY, _OF_COMPANY = _names("cty ct ty ctcp"), _names("cp tnhh mtv tm dv xd sx xnk đt tmdv")
#: Letters for kinds of places (huyện, quận, phường, xã, tỉnh, đường), and words that stand before a place.
_PLACES = _names("h q p x t đ f k")
_AT = _names("ở tại thuộc từ đến tới qua về trên quanh khỏi sang và của ngụ trú giữa dọc gần là hoặc vùng")
_PEOPLE = _names("ông bà anh chị em cháu cô chú bác thầy bé cậu bạn con mẹ bố vợ chồng")
#: What a letter names one of, and is no initial of (`kế hoạch B`, `viêm gan C`); one of the last two syllables.
_LETTERED = _names(
    "vitamin nhóm loại hạng khối đội bảng lớp điểm hoạch án đoạn khu lô tòa block cấp gan máu cúm mục lục mẫu dãy tổ"
    " tầng tuyến cột hệ hàng gói bậc hình phần đề gen tập chữ đài cửa bằng bến virus chủng châu nước nhà phòng kho"
    " điều khoản thẻ trại xưởng giải tỉnh ty nốt"
)
_ROMAN, _COUNTRIES = _names("i v x"), _names("á ý à ỷ")
#: Ranks and titles in words; with a full stop they stand before a name (`Thượng tá. Lê An`).
_RANK = re.compile(
    fold(
        r"(?:(?:đại|thượng|trung|thiếu) (?:tướng|tá|úy|sĩ|tọa)|(?:chuẩn|hạ) (?:úy|sĩ)|đại đức|hòa thượng|(?:ni|sư) "
        r"(?:sư|cô)|(?:phó )?giáo sư|(?:bác|tiến|thạc) s[ĩỹ]|tiến sĩ khoa học|(?:dược|nhạc|ca|thi|họa|nghệ|võ|nghị) "
        r"sĩ|(?:luật|kỹ|kiến trúc) sư|linh mục|giám mục|mục sư|nhà (?:văn|báo|thơ|giáo|sử học|nghiên cứu)|đại biểu"
        r"(?: quốc hội)?|(?:phó )?(?:bí thư|chủ tịch|giám đốc|thủ tướng|tổng thống|bộ trưởng|viện trưởng|hiệu trưởng"
        r"|trưởng ban|chủ nhiệm)|(?:tổng|phó tổng) (?:bí thư|giám đốc|biên tập)|huấn luyện viên|đạo diễn|đồng chí"
        r"|cử nhân|điều dưỡng|dịch giả)"
    )
)
#: With these before it a rank is what somebody is (`là Đại tá.`), and no name follows.
_BECOMES = _names(
    "là làm lên hàm cấp chức thành nhận của các những vị một nhiều hai ba bốn mấy phong mang đeo danh học bằng hạng bởi"
    " từ như vai nghề ngạch người nữ nguyên cựu tên gọi với thưa"
)
_SOMEBODY = frozenset(("Ông", "Bà", "Anh", "Chị", "Cô", "Chú", "Họ"))
#: With these before it an abbreviation with a name behind it is that person's title (`Cùng dự có ĐBQH. Nguyễn A`).
_INTRODUCES = _names("có gồm và cùng với gặp mời biểu hùng nguyên cựu theo do")
_NO_TITLES = _names(
    "usd vnd vnđ eur gdp fdi oda km ha kg kwh ubnd hđnd mttq csgt tphcm hcm ttxvn vov vtv pccc bhxh bhyt"
)
_RANK_ENDS = frozenset(
    fold(
        "tướng tá úy sĩ sỹ tọa đức thượng sư cô học mục văn báo thơ giáo cứu biểu hội thư tịch đốc thống trưởng ban"
        " nhiệm tập viên diễn chí nhân dưỡng giả"
    ).split()
)
_SHORT_RANK = re.compile(fold(r"\w{1,2}\.(?:tướng|tá|úy)"))
_ACRONYM = re.compile(r"[A-ZĐƯƠÂÊÔĂ]{2,7}")
#: Words that begin a sentence and no name, if what follows them is in lower case.
_BEGINNINGS = _names(
    "sau trước trong ngoài theo tuy nhưng khi nếu để các những đây đó với tại cùng ngày tháng năm hôm sáng chiều tối"
    " đêm còn một hai ở qua vì do mặc dù bên song ngay cho tất mỗi nhiều hiện ông bà họ cô chị chúng tôi mới cả có"
    " không nó nhờ riêng bởi đặc đồng đến từ trên dưới tuy bằng thế như vậy nay rồi cũng và hay hoặc mà thì bước kể"
    " tính dự được bị"
)
_LONGEST_ABBREVIATION = 24
_TERMINATORS = ".?!…"
_CLOSERS = "\"'”’»)]}"
_OPENERS = "\"'“‘«([{-–—•*"
# It begins where a row of marks begins: from inside a long row it would be tried again for each mark.
_END = re.compile(rf"(?<![{_TERMINATORS}])[{_TERMINATORS}]+[{re.escape(_CLOSERS)}]*(?=\s|$)")
_OPENING = re.compile(rf"[{re.escape(_OPENERS)} ]*")
_SPACES = re.compile(r"\s+")
#: A table or list that was saved without its line ends is no sentence. It is cut after so many words at most, where a
#: clause ends if one does in the second half of them; no sentence of a newspaper is so long, and no window of speech.
LONGEST_WORDS = 300
_CLAUSE_END = (";", ":", ",")


def split_sentences(text: str) -> list[str]:
    """The sentences of a paragraph, NFC, each with single spaces; together they are all of the text.

    Time grows with the length of the text, however it is made up. What goes on for more than `LONGEST_WORDS` without
    an end is cut into parts.

    >>> split_sentences("Tỷ lệ đạt 46,3%. Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!” Rồi thôi…")
    ['Tỷ lệ đạt 46,3%.', 'Ông Nguyễn V. A. ở TP. Thái Bình nói: “Tốt!”', 'Rồi thôi…']
    """
    text = _SPACES.sub(" ", nfc(text)).strip()
    sentences: list[str] = []
    start, opened = 0, _opened(text, 0)
    for match in _END.finditer(text):
        if _ends_sentence(text, start, opened, match):
            sentences += _parts(text[start : match.end()].strip())
            start, opened = match.end(), _opened(text, match.end())
    return sentences + _parts(text[start:].strip())


def _opened(text: str, start: int) -> int:
    """Where what is written there begins, after spaces and opening marks."""
    found = _OPENING.match(text, start)
    return found.end() if found else start


def _parts(sentence: str) -> list[str]:
    """A sentence, whole unless it is too long to be one."""
    words = sentence.split(" ")
    if len(words) <= LONGEST_WORDS:
        return [sentence] if sentence else []
    parts: list[str] = []
    first = 0
    while first < len(words):
        last = min(first + LONGEST_WORDS, len(words))
        if last < len(words):
            ends = (i for i in range(last, last - LONGEST_WORDS // 2, -1) if words[i - 1].endswith(_CLAUSE_END))
            last = next(ends, last)
        parts.append(" ".join(words[first:last]))
        first = last
    return parts


def _ends_sentence(text: str, start: int, opened: int, match: re.Match[str]) -> bool:
    """Whether a sentence that begins at `start`, with its first letter at `opened`, ends with a match of `_END`."""
    if match.end() == len(text):
        return True
    following = _opened(text, match.end())
    if text[following : following + 1].islower():
        return False
    marks = match[0].rstrip(_CLOSERS)
    if marks != "." or len(match[0]) > len(marks):
        return True
    return not _is_abbreviation(text, start, opened, match.start(), following)


def _is_abbreviation(text: str, start: int, opened: int, stop: int, following: int) -> bool:
    """Whether the word before the full stop at `stop` is one that is written with it, by what is `following` too."""
    word = _last_word(text, start, stop)
    if not 0 < len(word) <= _LONGEST_ABBREVIATION:
        return False
    before = stop - len(word)
    if before <= opened and re.fullmatch(r"\d{1,3}|[IVX]+", word):
        return True  # `1.` or `IV.` at the beginning is the number of what follows
    if before <= opened and len(word) == 1 and word.isupper():
        return True
    after = text[following : following + 60].split(" ")[:2]
    if _folded(after[0].rstrip(",")) in _BEGINNINGS and not "".join(after[1:])[:1].isupper():
        return False
    previous = _last_word(text, start, before - 1)
    if _folded(previous) in _BECOMES and after[0] in _SOMEBODY:
        return False  # Chị là ĐBQH. Ông Ba …
    behind = (_last_word(text, start, before - len(previous) - 2), previous)
    if len(word) == 1 and word.isupper():
        first = before - len(previous) - 1 <= opened  # a capital there says nothing: `Vitamin A. Ông …`
        known = previous.lower() if first and _folded(previous) in _LETTERED else previous
        return _is_initial(_folded(word), known, after) or _is_initial_of_foreigner(word, behind, after[0])
    if len(word) == 2 and word.istitle() and not parse(word) and _is_initial_of_foreigner(word, behind, after[0]):
        return True  # Ch. Michel
    return (
        _is_short_for(word, previous, after)
        or _is_title_before(word, "" if before <= opened else previous, text, following)
        or _is_rank_before(text, opened, stop, following)
    )


def _is_initial(letter: str, previous: str, after: list[str]) -> bool:
    """Whether a capital is one of a name (`Nguyễn V. A.`) or a kind of place (`ở H. Thái Thụy`).

    `vitamin C.` and `giai đoạn I.` end a sentence, and so does `anh H.`, whose name is not told.
    """
    if letter in "áýàỷ":
        return False  # Đông Nam Á, nước Ý
    if previous[:1].isupper() or re.match(r"[^\W\d_](?:\.|$)", after[0]):
        return True
    if letter not in _PLACES or _folded(previous) in _PEOPLE:
        return letter == "ô"
    return (
        letter == "q"
        or after[0][:1].isdecimal()
        or previous in ("", ",")
        or previous[-1] in ",;:"
        or _folded(previous) in _AT
    )


def _is_initial_of_foreigner(initial: str, behind: tuple[str, str], following: str) -> bool:
    """Whether a capital begins a foreign name (`bà K. Harris`), as the surname that follows is no Vietnamese word.

    `kế hoạch B. Harris` are two sentences: that a letter names one of several tells what is before it.
    """
    surname = following.strip(_OPENERS + _CLOSERS + ".,;:?!…")
    surname = re.split(r"[-’']", surname)[0]
    if len(surname) < 2 or not surname[:1].isupper() or surname.isupper() or parse(surname):
        return False
    if _folded(behind[1]) in _PEOPLE:
        return True
    return _folded(initial) not in _ROMAN | _COUNTRIES and not _LETTERED & {_folded(word) for word in behind}


def _name_at(text: str, place: int) -> list[str]:
    """The words in capitals that follow there, up to a mark behind one: a name, if it is one."""
    name: list[str] = []
    for word in text[place : place + 60].split(" ")[:4]:
        plain = word.rstrip(_CLOSERS + ".,;:?!…")
        if not plain[:1].isupper():
            break
        name.append(plain)
        if plain != word:
            break
    return name


def _is_name(words: list[str]) -> bool:
    """Whether words are a person's name, whose last may be told by its initial alone (`Nguyễn Văn B`)."""
    told = [word for word in words if len(word) > 1]
    if len(told) < len(words):
        return bool(told) and has_family_name(told[0])
    return is_person(" ".join(words))


def _is_title_before(word: str, previous: str, text: str, following: int) -> bool:
    """Whether an abbreviation is the title of the person whose name follows (`Cùng dự có ĐBQH. Nguyễn A`)."""
    if _ACRONYM.fullmatch(word) is None or _folded(word) in _NO_TITLES:
        return False
    name = _name_at(text, following)
    if not _is_name(name) or not has_family_name(name[0]):
        return False
    return not previous or previous[-1] in ",;:(" or _folded(previous) in _INTRODUCES


def _is_rank_before(text: str, opened: int, stop: int, following: int) -> bool:
    """Whether a rank in words is before a name (`Thượng tá. Lê An`), and not what somebody is (`là Thượng tá.`)."""
    words = text[max(opened, stop - 60) : stop].split(" ")
    if _folded(words[-1]) not in _RANK_ENDS:
        return False
    name = _name_at(text, following)
    foreign = bool(name) and len(name[0]) > 1 and not parse(name[0])
    if not foreign and not _is_name(name):
        return False
    for count in range(min(4, len(words)), 1, -1):
        rank = " ".join(words[-count:]).lstrip(_OPENERS)
        if rank[:1].isupper() and _RANK.fullmatch(fold(rank)):
            before = words[-count - 1] if len(words) > count else ""
            if not before:
                return True
            return _folded(before.strip(_OPENERS)) not in _BECOMES and (foreign or has_family_name(name[0]))
    return False


def _is_short_for(word: str, previous: str, after: list[str]) -> bool:
    """Whether a word is an abbreviation before what follows: a title, a kind of place or company, or several in one."""
    plain, behind = _folded(word), _folded(previous.rstrip(".,"))
    named = len(after) > 1 and all(part.lstrip(_OPENERS)[:1].isupper() for part in after)
    number = after[0][:1].isdecimal()
    if re.fullmatch(r"(\w\.-?)+\w", word) and word[0].isupper() and word[-1].isalpha():
        return True  # J.F
    if _SHORT_RANK.fullmatch(plain):
        return named  # Th.tá
    if number and plain in _BEFORE_NUMBER:
        return True
    if plain in _DEGREES and len(plain) > 1:
        return named and (behind in _TITLES or behind == "sĩ")
    if plain in _OF_COMPANY and (behind in _COMPANY or behind in _OF_COMPANY):
        return True
    if plain in _BEFORE_LONG_NAME and plain not in _BEFORE_NAME:
        return named or number
    # Lower case is as good where it can be no syllable.
    if not word[0].isupper() and (len(word) == 1 or re.search("[aeiouy]", strip_marks(plain))):
        return plain == "đ/c"
    parts = re.split(r"[.,/&-]", plain)
    chain = len(parts) > 1 and all(part in _TITLES | _DEGREES for part in parts)
    return chain or plain in _BEFORE_NAME or plain.replace(".", "") in _TITLES


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """`fold`, which takes most of the time of a long text, done once for words that come again."""
    return fold(word)


def _last_word(text: str, start: int, stop: int) -> str:
    """The word that ends at `stop`, without the marks that open it."""
    return text[max(start, text.rfind(" ", start, stop) + 1) : stop].lstrip(_OPENERS)
