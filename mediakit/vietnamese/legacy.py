"""Vietnamese before Unicode: TCVN3 (ABC), VNI, VISCII, VPS and BK HCM 2.

What is read here are their bytes as the characters of Windows-1252, for so they come to us: an old page that was
opened as Western text reads `tiÕng ViÖt` (TCVN3) or `tieáng Vieät` (VNI), and was often saved so as UTF-8. The tables
are those of TCVN 5712:1993, of RFC 1456 (VISCII), and of UniKey and xvnkb for VNI, VPS and BK HCM 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mediakit.vietnamese.spelling import is_spelt

_LETTERS = "áàảãạâấầẩẫậăắằẳẵặéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ"
#: Letters of one character each: those of `_LETTERS`, and capitals as far as there are any.
_SINGLE = {
    "TCVN3": (
        "¸µ¶·¹©ÊÇÈÉË¨¾»¼½ÆÐÌÎÏÑªÕÒÓÔÖÝ×ØÜÞãßáâä«èåæçé¬íêëìîóïñòô\xadøõö÷ùýúûüþ®",
        # Those with tones are VN1's; the fonts of VN3 have none, see `_as_capitals`.
        dict(
            zip(
                "¡¢£¤¥¦§¯º¿ÀÁÂÃÄÅÍÙÚÛàðÿ\x01\x02\x04\x05\x06\x11\x12\x13\x14\x15\x16\x17\x80\x81\x82\x83\x84\x85\x86\x87"
                "\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f",
                "ĂÂÊÔƠƯĐẰẲẴẮẦẨẪẤỀỂỄẾỒỔỖỐÚỤỪỬỮỨỰỲỶỸÝỴÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ",
                strict=True,
            )
        ),
    ),
    "VISCII": (
        "áàäãÕâ¤¥¦ç§å¡¢ÆÇ£éèë¨©êª«¬\xad®íìïî¸óòöõ÷ô¯°±²µ½¾¶·Þþúùüûøß\xd1×Øæñý\xcfÖÛÜð",
        dict(
            zip(
                "ÁÀÄÃ\x80Â\x84\x85\x86\x06\x87Å\x81\x82\x02\x05\x83ÉÈË\x88\x89Ê\x8a\x8b\x8c\x8d\x8eÍÌ\x9bÎ\x98"
                "ÓÒ\x99\xa0\x9aÔ\x8f\x90\x91\x92\x93´\x95\x96\x97³\x94ÚÙ\x9c\x9d\x9e¿º»¼ÿ¹Ý\x9f\x14\x19\x1eÐ",
                _LETTERS.upper(),
                strict=True,
            )
        ),
    ),
    "VPS": (
        "áàäãåâÃÀÄÅÆæ¡¢£¤¥éèÈëËê\x89\x8a\x8bÍ\x8cíìÌïÎóòÕõ\x86ôÓÒ°\x87¶Ö§©ª«®úùûÛøÜÙØº»¿\x9aÿ\x9bÏ\x9cÇ",
        dict(
            zip(
                "Á\x80\x81\x82Â\x83\x84\x85\x88\x8d\x8e\x8f\xf0É×ÞþÊ\x90\x93\x94\x95´µ·¸¹¼½¾Ô\x96\x97\x98\x99"
                "÷\x9d\x9e\x9f¦Ú¨Ñ¬Ð\xad¯±Ý²ý³ñ",
                "ÁÀẢÃÂẤẦẨĂẮẰẲẴÉÈẺẼÊẾỀỂỄÍÌỈĨÓÒỎÕÔỐỒỔỖƠỚỜỞỠÚÙỦŨƯỨỪỬÝỲỶỸĐ",
                strict=True,
            )
        ),
    ),
}
_WITHOUT_CAPITALS = ("TCVN3", "VPS")
#: Letters of a vowel and a mark: for each vowel its marks, and what it is with each of them.
_MARKED = {
    "VNI": {
        "a": ("ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
        "e": ("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
        "o": ("ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
        "ô": ("ùøûõï", "ớờởỡợ"),
        "u": ("ùøûõï", "úùủũụ"),
        "ö": ("ùøûõï", "ứừửữự"),
        "y": ("ùøûõï", "ýỳỷỹỵ"),
    },
    "BK HCM 2": {
        "a": ("áâãäå", "áàảãạ"),
        "ê": ("ëìíîå", "ấầẩẫậ"),
        "ù": ("æçèéå", "ắằẳẵặ"),
        "e": ("áâãäå", "éèẻẽẹ"),
        "ï": ("ëìíîå", "ếềểễệ"),
        "o": ("áâãäå", "óòỏõọ"),
        "ö": ("ëìíîå", "ốồổỗộ"),
        "ú": ("áâãäå", "ớờởỡợ"),
        "u": ("áâãäå", "úùủũụ"),
        "û": ("áâãäå", "ứừửữự"),
        "y": ("áâãäå", "ýỳỷỹỵ"),
    },
}
#: What is one character in those.
_UNMARKED = {"VNI": ("ôöíìæóòîñ", "ơưíìỉĩịỵđ"), "BK HCM 2": ("êùïöúûñòóôõà", "âăêôơưíìỉĩịđ")}
_OPENING, _CLOSING = "“‘„‚‹–—…•", "”’›–—…•™"
_ASCII_LETTERS = re.compile("[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
_TONED = "".join(c for c in _LETTERS if c not in "ăâêôơưđ")
# Not at each line's beginning: a line of a caption goes on in small letters.
_SENTENCE = re.compile(rf"(?:\A|\n[ \t]*\n|(?<![.…])[.?!][\"”’»)]*[ \n]+)[\"“‘«(]*[{_TONED}]")


#: The signs of Windows-1252 for bytes from 80 to 9F, which other programs read as controls.
FROM_C1 = {chr(byte): sign for byte in range(0x80, 0xA0) if (sign := bytes([byte]).decode("cp1252", "ignore"))}


def _single(name: str) -> Callable[[str], str]:
    """Reads an encoding of one character a letter."""
    written, capitals = _SINGLE[name]
    letters = {FROM_C1.get(c, c): letter for c, letter in (*capitals.items(), *zip(written, _LETTERS, strict=True))}
    # Signs that may be quotes and dashes are letters only where they make a syllable with what is beside them.
    signs = {c: letter for c, letter in letters.items() if c in FROM_C1.values() and not c.isalpha()}
    plain = {c: letter for c, letter in letters.items() if c not in signs}
    table = str.maketrans({c1: plain.get(sign, sign) for c1, sign in FROM_C1.items()} | plain)
    doubtful = re.compile(rf"(?:[^\W\d_]|[{re.escape(''.join(signs))}])+")

    def read(text: str) -> str:
        text = text.translate(table)
        if any(sign in text for sign in signs):
            text = doubtful.sub(lambda found: _with_letters(found, signs, only_capitals=name == "TCVN3"), text)
        return _as_capitals(text) if name in _WITHOUT_CAPITALS else text

    return read


def _with_letters(found: re.Match[str], signs: Mapping[str, str], *, only_capitals: bool) -> str:
    """A word whose letters became signs (`QU“C`: QUỐC); one that signs stand beside is left as it is.

    Where the encoding leaves room for real quotes, those letters are `only_capitals` of another form of it.
    """
    word = found[0]
    whole = "".join(signs.get(c, c) for c in word)
    if len(word) == 1:
        return whole if word in signs and not only_capitals and _begins_sentence(found) else word
    if is_spelt(whole) and (not only_capitals or whole.isupper()):
        return whole
    left, right = len(word) - len(word.lstrip(_OPENING)), len(word.rstrip(_CLOSING))
    inner = whole[left:right]
    return word[:left] + inner + word[right:] if inner.isupper() and is_spelt(inner) else word


def _begins_sentence(found: re.Match[str]) -> bool:
    """Whether a word stands where a sentence begins, and goes on in small letters: `— đâu` is `Ở đâu`."""
    before, after = found.string[max(0, found.start() - 2) : found.start()], found.string[found.end() : found.end() + 2]
    return (not before or (before[0] in ".?!…" and before[-1] == " ")) and after[:1] == " " and after[1:].islower()


def _as_capitals(text: str) -> str:
    """Some have no capitals with tones: another font shows the small letters so. Told by the letters beside them."""
    return "\n".join(_capitals_of_line(line) for line in text.split("\n"))


def _capitals_of_line(line: str) -> str:
    plain = "".join(_ASCII_LETTERS.findall(line))
    if plain.isupper() and len(plain) > 3:
        return line.upper()
    return _WORD.sub(lambda word: word[0].upper() if _is_in_capitals(word[0]) else word[0], line)


def with_first_capitals(text: str) -> str:
    """Text that was in an encoding without toned capitals, with one where a sentence begins with such a letter.

    >>> with_first_capitals("Hà Nội. ở đâu cũng vậy.")
    'Hà Nội. Ở đâu cũng vậy.'
    """
    return _SENTENCE.sub(lambda begin: begin[0][:-1] + begin[0][-1].upper(), text)


def _is_in_capitals(word: str) -> bool:
    plain = "".join(c for c in word if c.isascii())
    return len(plain) > 1 and plain.isupper()


def _marked(name: str) -> Callable[[str], str]:
    """Reads an encoding of a vowel and a mark a letter; the mark may be of the other letter case."""
    letters: dict[str, str] = {}
    for vowel, (marks, made) in _MARKED[name].items():
        for mark, letter in zip(marks, made, strict=True):
            for written in (mark, mark.upper()):
                letters[vowel + written] = letter
                letters[vowel.upper() + written] = letter.upper()
    for written, letter in zip(*_UNMARKED[name], strict=True):
        letters[written], letters[written.upper()] = letter, letter.upper()
    first, second = ("".join({key[at] for key in letters if len(key) > at}) for at in (0, 1))
    pair = re.compile(f"[{first}][{second}]|[{''.join(key for key in letters if len(key) == 1)}]")

    def made_of(found: re.Match[str]) -> str:
        both = found[0]
        return letters.get(both) or letters.get(both[0], both[0]) + both[1:]

    return lambda text: pair.sub(made_of, text.replace("\xad", ""))


#: Reads text that was in an encoding, by its name; the likelier first.
READERS: Mapping[str, Callable[[str], str]] = {
    "TCVN3": _single("TCVN3"),
    "VNI": _marked("VNI"),
    "VISCII": _single("VISCII"),
    "VPS": _single("VPS"),
    "BK HCM 2": _marked("BK HCM 2"),
}
