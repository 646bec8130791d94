"""Bytes of any text that people give us (articles, captions, profiles, references) as text: the one door.

Decided is which encoding it is; what is broken is mended or left out, and said: damage of a text is no reason not to
read it, and never goes by in silence.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mediakit.errors import MediakitError
from mediakit.notices import Notice
from mediakit.vietnamese.invisible import CONTROLS, INVISIBLE, without_invisible

#: A newspaper page is some kilobytes; a film named .txt is not read into memory.
LARGEST_BYTES = 20_000_000

#: What can be wrong with a text, as stable words.
DamageCode = Literal[
    "bad-bytes",  # bytes that are none of the encoding
    "null-bytes",
    "control-characters",
    "letters-lost",  # U+FFFD: another program could not read what stood there
    "legacy-encoding",  # TCVN3, VNI, VISCII, …
    "encoded-twice",  # UTF-8 that was taken for Windows-1252 and encoded as UTF-8 again
    "byte-order-mark",  # one that is not at the beginning
    "doubled-line-ends",  # CR CR LF
    "invisible-characters",
]
#: What takes nothing from a text and hides nothing: no warning for an article.
_HARMLESS = frozenset({"invisible-characters", "byte-order-mark", "doubled-line-ends"})
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a text and was mended: `what` is a clause for people; `lines` (from 1) are those of `text`.

    No lines: all of the text.
    """

    code: DamageCode
    what: str
    lines: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.lines:
            return self.what
        listed = ", ".join(str(line) for line in self.lines[:_LISTED])
        more = f" and {len(self.lines) - _LISTED} more" if len(self.lines) > _LISTED else ""
        return f"{'line' if len(self.lines) == 1 else 'lines'} {listed}{more}: {self.what}"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text: NFC, with `\\n` line ends, without invisible and control characters.

    `encoding` is Python's name of what it was read as (`utf-8`, `utf-16-le`, `cp1258`, `cp1252`), or that of a
    Vietnamese legacy encoding (`TCVN3`, `VNI`, `VISCII`), which is in `legacy` too, also where the legacy letters
    were carried into UTF-8. Of markup the letters of a legacy encoding are left as they are (:func:`decode`).
    """

    text: str
    encoding: str
    legacy: str | None = None
    damage: tuple[Damage, ...] = ()

    def notices(self, named: str) -> tuple[Notice, ...]:
        """Warnings of what was mended in the file called `named`; nothing of what nobody would miss."""
        return tuple(Notice(item.code, f"{named}: {item}") for item in self.damage if item.code not in _HARMLESS)


def read_text(path: Path, error: type[MediakitError], called: str, *, markup: bool = False) -> Decoded:
    """The text of a file; `called` is what it should be (`article`), in complaints.

    Raises
    ------
    error
        If the file cannot be read, is too large, or is not text.
    """
    try:
        if not path.is_file():
            raise error("is not a file" if path.exists() else f"no such {called}", file=path)
        if path.stat().st_size > LARGEST_BYTES:
            raise error(f"is larger than {LARGEST_BYTES // 1_000_000} MB; no {called} is", file=path)
        data = path.read_bytes()
    except (OSError, ValueError) as failure:  # ValueError: a name with a null byte
        reason = getattr(failure, "strerror", None) or failure
        raise error(f"cannot be read ({reason})", file=path) from failure
    decoded = decode(data, markup=markup)
    if decoded is None:
        what = f"is no {called}: it is not text in UTF-8, UTF-16 or a Vietnamese encoding that can be told"
        raise error(what, file=path, remedy="Save it as UTF-8 text.")
    return decoded


def decode(data: bytes, *, declared: str | None = None, markup: bool = False) -> Decoded | None:
    """Text of `data`, or None where it is not text or its encoding cannot be told.

    `declared` is the encoding that came with it (of a part of MIME, a page's `<meta charset>`); it is believed where
    the bytes do not say otherwise. Of `markup` the letters of a Vietnamese legacy encoding are left as they were
    carried (`tieáng Vieät`), for they may be written as entities too: convert the texts after parsing,
    :func:`mediakit.vietnamese.legacy.converted`.
    """
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text):
            return _cleaned(text, encoding)
    return None


def clean(text: str) -> str:
    """A text or name that came as such (a file's name, a field of a page): NFC, without what shows nothing.

    >>> clean("Họp\\u200b báo\\u202e.mp3")
    'Họp báo.mp3'
    """
    return without_invisible(text)


_LINE_ENDS = re.compile("\r+\n?|[\v\f\x85\u2028\u2029]")


def _cleaned(text: str, encoding: str) -> Decoded:
    text = _LINE_ENDS.sub(lambda match: "\n", text.removeprefix("\ufeff"))
    damage = [
        *_found(CONTROLS, text, "control-characters", "control characters"),
        *_found(INVISIBLE, text, "invisible-characters", "invisible characters"),
    ]
    return Decoded(without_invisible(text), encoding, None, tuple(damage))


def _found(pattern: re.Pattern[str], text: str, code: DamageCode, what: str) -> Iterable[Damage]:
    lines = tuple(dict.fromkeys(_lines(pattern, text)))
    return [Damage(code, what, lines)] if lines else []


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    line, before = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        yield line


# In text of mostly Latin letters every second byte of UTF-16 is zero; Vietnamese letters beyond U+00FF have 01 or 1E.
_UTF16_HIGH = {0x00, 0x01, 0x03, 0x1E, 0x20}


def _candidates(data: bytes) -> list[str]:
    if data.startswith(codecs.BOM_UTF8):
        return ["utf-8-sig"]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    sample = data[:4000]
    if b"\0" in sample and len(data) % 2 == 0:
        odd, even = sample[1::2], sample[::2]
        return ["utf-16-le" if _share(odd) >= _share(even) else "utf-16-be"]
    return ["utf-8", "cp1258"]


def _share(data: bytes) -> float:
    return sum(byte in _UTF16_HIGH for byte in data) / max(1, len(data))


def _is_text(text: str) -> bool:
    """No control characters but white space, or nearly none: binary files are full of them."""
    controls = sum(1 for _ in CONTROLS.finditer(text))
    return controls <= len(text) / 1000
