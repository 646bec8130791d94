"""Characters that nobody sees and that tear words apart: soft hyphens, zero-width spaces, marks of direction.

They are Unicode's default-ignorable code points (DerivedCoreProperties.txt, Unicode 16), and what else shows nothing:
annotation marks, the place of a lost object, private-use characters of icon fonts, noncharacters, controls.
"""

from __future__ import annotations

import re

from mediakit.vietnamese.normal import nfc
from mediakit.vietnamese.syllables import parse

_DEFAULT_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_SHOWS_NOTHING = "\ufff9-\ufffc\ue000-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef\ufffe\uffff"
#: Line ends are none of them, nor is the tab.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
INVISIBLE = re.compile(f"[{_DEFAULT_IGNORABLE}{_SHOWS_NOTHING}]")
_NOT_SHOWN = re.compile(f"{INVISIBLE.pattern}|{CONTROLS.pattern}")
# Many systems put a zero-width space where a line may break: beside a space, in an address, now and then for a space.
_BREAK = re.compile("([^\\W\\d_]+)\u200b(?=([^\\W\\d_]+))")
_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")


def without_invisible(text: str) -> str:
    """NFC without characters that show nothing; line ends and tabs stay.

    A zero-width space becomes a space only where it alone parts two Vietnamese words.

    >>> without_invisible("Th\\u00adái B\\u200bình\\ufeff"), without_invisible("Thái\\u200bBình")
    ('Thái Bình', 'Thái Bình')
    """
    if text.isascii() and text.isprintable():
        return text
    if "\u200b" in text:
        text = _BREAK.sub(_parted, nfc(text))
    return nfc(_NOT_SHOWN.sub("", text))


def with_plain_spaces(text: str) -> str:
    """No-break, thin, wide and other spaces as plain ones.

    >>> with_plain_spaces("1\\u00a0200\\u202f000")
    '1 200 000'
    """
    return _SPACES.sub(" ", text)


def _parted(match: re.Match[str]) -> str:
    left, right = match[1], match[2]
    both = not left.isascii() and not right.isascii() and parse(left) is not None and parse(right) is not None
    return f"{left} " if both and parse(left + right) is None else left
