"""Bytes of any text that people give us (articles, captions, profiles, references) as text: the one door.

Decided is which encoding it is; what is broken is mended or left out, and said: damage of a text is no reason not to
read it, and never goes by in silence.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mediakit.errors import MediakitError
from mediakit.notices import Notice
from mediakit.vietnamese.invisible import CONTROLS, INVISIBLE, without_invisible
from mediakit.vietnamese.legacy import FROM_C1
from mediakit.vietnamese.misread import Misreading, is_garbled, is_vietnamese, misreading_of
from mediakit.vietnamese.normal import nfc

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
    "other-line-ends",  # U+2028, U+2029, form feeds and the like
    "invisible-characters",
]
#: What takes nothing from a text and hides nothing: no warning for an article.
_HARMLESS = frozenset({"invisible-characters", "byte-order-mark", "doubled-line-ends", "other-line-ends"})
_LISTED = 10
#: Lines that a damage names; to count them takes as long as to read them.
_MOST_LINES = 100
#: So much of a page is looked at to tell its encoding.
_MARKUP_CHARS = 1_000_000


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a text and was mended: `what` is a clause for people; `lines` (from 1) are those of `text`.

    No lines: all of the text.
    """

    code: DamageCode
    what: str
    lines: tuple[int, ...] = ()

    def notice(self, named: str) -> Notice | None:
        """The warning that it is about the file called `named`; None of what nobody would miss."""
        return Notice(self.code, f"{named}: {self}") if self.code not in _HARMLESS else None

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
    Vietnamese legacy encoding (`TCVN3`, `VNI`, `VISCII`, `VPS`, `BK HCM 2`), which is in `legacy` too, also where the
    legacy letters were carried into UTF-8. Of markup the characters are left as they are carried (:func:`decode`).
    `put_in` has the lines of `text` (from 1) that are none of the file's, before which a line of it ends.
    """

    text: str
    encoding: str
    legacy: str | None = None
    damage: tuple[Damage, ...] = ()
    put_in: tuple[int, ...] = ()

    def notices(self, named: str) -> tuple[Notice, ...]:
        """Warnings of what was mended in the file called `named`; nothing of what nobody would miss."""
        return tuple(notice for item in self.damage if (notice := item.notice(named)) is not None)


def read_text(
    path: Path, error: type[MediakitError], called: str, *, markup: bool = False, largest_bytes: int = LARGEST_BYTES
) -> Decoded:
    """The text of a file; `called` is what it should be (`article`), in complaints.

    Raises
    ------
    error
        If the file cannot be read, is too large, or is not text.
    """
    try:
        if not path.is_file():
            raise error("is not a file" if path.exists() else f"no such {called}", file=path)
        if path.stat().st_size > largest_bytes:
            most = f"{largest_bytes // 1_000_000} MB" if largest_bytes >= 1_000_000 else f"{largest_bytes // 1000} kB"
            raise error(f"is larger than {most}; no {called} is", file=path)
        data = path.read_bytes()
    except (OSError, ValueError) as failure:  # ValueError: a name with a null byte
        reason = getattr(failure, "strerror", None) or failure
        raise error(f"cannot be read ({reason})", file=path) from failure
    decoded = decode(data, markup=markup)
    if decoded is None:
        what = f"is no {called}: it is not text in UTF-8, UTF-16 or a Vietnamese encoding that can be told"
        raise error(what, file=path, remedy="Save it as UTF-8 text.")
    return decoded


def decode(
    data: bytes, *, declared: str | None = None, markup: bool = False, begins: re.Pattern[str] | None = None
) -> Decoded | None:
    """Text of `data`, or None where it is not text or its encoding cannot be told.

    `declared` is the encoding that came with it (of a part of MIME; a page's own `<meta charset>` is looked for): it is
    believed where the bytes do not say otherwise. Of `markup` the characters are left as they were carried, with
    misread and invisible ones, for they may be written as entities too: give the texts to :func:`restored` once the
    markup is parsed, before anything is made of them. `begins` is how a text of its kind begins: behind a byte order
    mark this is a second one, joined on, and gets an empty line above it.
    """
    raw = _wide(data)
    if raw is None:
        text = data.rstrip(b"\0")  # with which a file ends that was being written when the power went
        raw = _utf8(text) or _eight_bit(text, declared or (_declared_in(text) if markup else None), markup=markup)
    if raw is None or not _is_text(raw.text) or (data not in _EMPTY and not raw.text.strip("\ufeff")):
        return None
    return _as_carried(raw) if markup else _as_written(raw, begins)


@dataclass(frozen=True, slots=True)
class Restored:
    """The texts of one document as they should be, in order; `legacy` and `damage` as in :class:`Decoded`."""

    texts: tuple[str, ...]
    legacy: str | None
    damage: tuple[Damage, ...]


def restored(texts: Sequence[str]) -> Restored | None:
    """The texts of one parsed document, converted together where they were misread, and cleaned; None: cannot be told.

    >>> restored(["Tieáng no&shy;å".replace("&shy;", chr(0xAD)), "ôû Vieät Nam"]).texts
    ('Tiếng nổ', 'ở Việt Nam')
    """
    mended = _mended(texts, None)
    if mended is None:
        return None
    damage = (*mended.damage, *(Damage(item.code, item.what) for item in _shown("\n".join(mended.texts))))
    return Restored(tuple(without_invisible(text) for text in mended.texts), mended.legacy, damage)


def clean(text: str) -> str:
    """A text or name that came as such (a file's name, a field of a page): NFC, without what shows nothing.

    >>> clean("Họp\\u200b báo\\u202e.mp3")
    'Họp báo.mp3'
    """
    return without_invisible(text)


@dataclass(frozen=True, slots=True)
class _Raw:
    """Characters as the bytes have them. `legacy` is known where it was needed to tell the encoding."""

    text: str
    encoding: str
    damage: tuple[Damage, ...] = ()
    misreading: Misreading | None = None


# -- which encoding ----------------------------------------------------------------------------------------------------

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Files without any text, which are no binary files.
_EMPTY = (b"", codecs.BOM_UTF8, *(mark for mark, _ in _BOMS))


def _wide(data: bytes) -> _Raw | None:
    """UTF-16 or UTF-32, by its mark or by where its zero bytes are; a stray zero byte makes none."""
    encoding = _wide_encoding(data)
    if encoding is None:
        return None
    text = data[: len(data) // 2 * 2].decode(encoding, "replace")
    return _Raw(text, encoding)


def _wide_encoding(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark) and (b"\0" in data[len(mark) :] or not _is_utf8(data[len(mark) :])):
            return encoding
    sample = data[:4000]
    if sample.count(0) < len(sample) / 10:
        return None
    zeros = [sample[place::4].count(0) / max(1, len(sample[place::4])) for place in range(4)]
    if min(zeros[2], zeros[3]) > 0.9 > zeros[0]:
        return "utf-32-le"
    if min(zeros[0], zeros[1]) > 0.9 > zeros[3]:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) > 0.3 and min(even, odd) < 0.05:
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_BAD = re.compile("[\udc80-\udcff]+")
_BAD_LINE = re.compile("^[^\n]*[\udc80-\udcff][^\n]*$", re.MULTILINE)
_BEYOND_ASCII = re.compile("[\x80-\ud7ff\ue000-\U0010ffff]")


def _utf8(data: bytes) -> _Raw | None:
    """UTF-8, also where some bytes are none; None where most bytes beyond ASCII are none and no mark says it is."""
    text, is_marked = data.decode("utf-8", "surrogateescape"), data.startswith(codecs.BOM_UTF8)
    text = text.lstrip("\ufeff")
    bad = sum(len(found[0]) for found in _BAD.finditer(text))
    if not bad:
        return _Raw(text, "utf-8")
    good = sum(1 for _ in _BEYOND_ASCII.finditer(text))
    if not good and not is_marked:
        return None
    # Lines without any good character are another text's, joined on.
    text, joined = _with_joined(text)
    rest = sum(len(found[0]) for found in _BAD.finditer(text))
    if rest > 2 * good and not is_marked:  # sequences of UTF-8 do not come about by chance
        return None
    lines = tuple(dict.fromkeys(_lines(_BAD, text)))
    damage = [Damage("bad-bytes", f"{_counted(rest, 'byte is', 'bytes are')} not UTF-8", lines)] if rest else []
    return _Raw(_BAD.sub(_instead, text), "utf-8", (*damage, *joined))


def _with_joined(text: str) -> tuple[str, list[Damage]]:
    """The text with those of its lines read that are Vietnamese in an encoding of 8 bits."""
    found = [match for match in _BAD_LINE.finditer(text) if not _BEYOND_ASCII.search(match[0])]
    part = _eight_bit("\n".join(match[0] for match in found).encode("utf-8", "surrogateescape"), None, markup=False)
    if part is None:
        return text, []
    name, read = part.encoding, part.misreading.mended(part.text) if part.misreading else part.text
    if not is_vietnamese(read):
        return text, []
    lines = iter(read.split("\n"))
    whole = _BAD_LINE.sub(lambda match: match[0] if _BEYOND_ASCII.search(match[0]) else next(lines), text)
    numbers = tuple(text.count("\n", 0, match.start()) + 1 for match in found[:_MOST_LINES])
    return whole, [Damage("bad-bytes", f"not UTF-8, read as {name}", numbers)]


#: Signs of Windows-1252 that are put into a text by another program, where they stand as they should.
_OPENS, _CLOSES, _ANYWHERE = "\x91\x93\x84\xab", "\x94\xbb\x85", "\x92\x96\x97\x80\xa0\xb0"


def _instead(found: re.Match[str]) -> str:
    """What stands for bytes that are no UTF-8: the sign that they are in Windows-1252, or U+FFFD for letters lost."""
    byte = "".join(chr(ord(c) - 0xDC00) for c in found[0])
    if all(c in _ANYWHERE for c in byte):
        return _sloppily(byte.encode("latin-1"), "cp1252")
    if len(byte) > 1:
        return "\ufffd"
    before, after = found.string[: found.start()][-1:], found.string[found.end() : found.end() + 1]
    opens = byte in _OPENS and not before.isalnum() and not after.isspace()
    closes = byte in _CLOSES and not before.isspace() and not after.isalnum()
    return _sloppily(byte.encode("latin-1"), "cp1252") if opens or closes else "\ufffd"


def _eight_bit(data: bytes, declared: str | None, *, markup: bool) -> _Raw | None:
    """Windows-1258, a Vietnamese legacy encoding, what was declared, or Windows-1252: the first that the words say."""
    vietnamese, western = nfc(_sloppily(data, "cp1258")), _sloppily(data, "cp1252")
    if is_vietnamese(_words_of(vietnamese, markup=markup)):
        return _Raw(vietnamese, "cp1258")
    words = _words_of(western, markup=markup)
    misreading = misreading_of(words)
    if misreading is not None:
        return _Raw(western, misreading.name, (), misreading)
    if declared is not None and (text := _as_declared(data, declared)) is not None:
        return _Raw(text, codecs.lookup(declared).name)
    return None if is_garbled(words) else _Raw(western, "cp1252")


def _sloppily(data: bytes, encoding: str) -> str:
    """Text in a code page of Windows; bytes that it lacks are the controls that they are in Latin-1."""
    text = data.decode(encoding, "surrogateescape")
    return _BAD.sub(lambda found: "".join(chr(ord(c) - 0xDC00) for c in found[0]), text)


def _as_declared(data: bytes, declared: str) -> str | None:
    try:
        text = data.decode(declared)
    except (LookupError, UnicodeError, ValueError):
        return None
    return text if codecs.lookup(declared).name not in ("utf-8", "ascii", "iso8859-1", "cp1258") else None


_META_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE
)
_TAGS = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^<>]*>", re.IGNORECASE | re.DOTALL)


def _declared_in(data: bytes) -> str | None:
    found = _META_CHARSET.search(data[:4096])
    return found[1].decode("ascii") if found else None


def _words_of(text: str, *, markup: bool) -> str:
    """What is read of a text to tell its encoding."""
    return html.unescape(_TAGS.sub(" ", text[:_MARKUP_CHARS])) if markup else text


# -- what is in it -----------------------------------------------------------------------------------------------------

_RETURNS, _OTHER_LINE_ENDS = re.compile("\r+\n?"), re.compile("[\v\f\x85\u2028\u2029]")
_NULL, _MARK_INSIDE, _LOST = re.compile("\0"), re.compile("\ufeff"), re.compile("\ufffd")
_MARKS_INSIDE = re.compile("\ufeff+")
_OTHER_CONTROLS = re.compile(f"(?!\0){CONTROLS.pattern}")
_OTHER_INVISIBLE = re.compile(f"(?!\ufeff){INVISIBLE.pattern}")
_SIGNS = re.compile(f"(?!\x85)[{''.join(FROM_C1)}]")
_FROM_C1 = {ord(c1): sign for c1, sign in FROM_C1.items()}
_C0 = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def _is_text(text: str) -> bool:
    """Hardly any control characters; binary files are full of them."""
    controls = sum(1 for _ in _C0.finditer(text))
    return controls <= 2 + len(text) / 50


def _as_carried(raw: _Raw) -> Decoded:
    """Text of markup: its line ends made one kind, null bytes left out, all else as it is."""
    text = _RETURNS.sub(_one_end, raw.text.removeprefix("\ufeff"))
    damage = (*raw.damage, *_found(_NULL, text, "null-bytes", "null byte"))
    legacy = raw.misreading.name if raw.misreading is not None and raw.misreading.name != "UTF-8" else None
    return Decoded(text.replace("\0", ""), raw.encoding, legacy, damage)


def _as_written(raw: _Raw, begins: re.Pattern[str] | None) -> Decoded | None:
    """Text as it should be: read as it was written, with one kind of line end, without what shows nothing."""
    text = raw.text.removeprefix("\ufeff")
    damage = [*raw.damage, *_doubled_line_ends(text)]
    mended = _mended([_RETURNS.sub(_one_end, text)], raw.misreading)
    if mended is None:
        return None
    text, signs = _with_signs(mended.texts[0], is_mended=bool(mended.damage))
    damage += _other_line_ends(text)
    text, put_in = _apart(_OTHER_LINE_ENDS.sub("\n", text), begins)
    is_told = any(item.code == "bad-bytes" for item in raw.damage)  # what stands for them is no other damage
    shown = [item for item in _shown(text) if not is_told or item.code != "letters-lost"]
    damage += [*mended.damage, *signs, *shown]
    return Decoded(without_invisible(text), mended.legacy or raw.encoding, mended.legacy, tuple(damage), put_in)


def _apart(text: str, begins: re.Pattern[str] | None) -> tuple[str, tuple[int, ...]]:
    """The text with an empty line above each text that was joined on, and the lines that were put in for it."""
    if begins is None:
        return text, ()
    parts, put_in, line, at = [], [], 1, 0
    for mark in _MARKS_INSIDE.finditer(text):
        if not begins.match(text, mark.end()):
            continue
        before = text[max(0, mark.start() - 2) : mark.start()]
        missing = 0 if before in ("", "\n", "\n\n") else 2 - before.endswith("\n")
        parts += [text[at : mark.start()], "\n" * missing]
        line += parts[-2].count("\n")
        put_in += (
            [line + n for n in range(missing)] if before.endswith("\n") else [line + 1 + n for n in range(missing)]
        )
        line, at = line + missing, mark.start()
    return "".join([*parts, text[at:]]), tuple(put_in)


def _mended(texts: Sequence[str], misreading: Misreading | None) -> Restored | None:
    """The texts read as they were written; None where they were misread and it cannot be told how."""
    whole = "\n".join(texts)
    misreading = misreading or (None if whole.isascii() else misreading_of(whole))
    if misreading is None:
        return None if is_garbled(whole) else Restored(tuple(texts), None, ())
    mended = tuple(misreading.mended(text) for text in texts)
    if misreading.name == "UTF-8":
        what = "UTF-8 that was taken for Windows-1252 and encoded again, mended; check the letters"
        return Restored(mended, None, (Damage("encoded-twice", what),))
    what = f"read as {misreading.name}, an encoding of before Unicode; check the letters"
    return Restored(mended, misreading.name, (Damage("legacy-encoding", what),))


def _with_signs(text: str, *, is_mended: bool) -> tuple[str, list[Damage]]:
    """Quotes and dashes of Windows-1252 that were taken for controls of Latin-1, as browsers take them."""
    if not _SIGNS.search(text) and not is_mended:
        return text, []  # an 85 alone is a line end
    damage = _found(_SIGNS, text, "control-characters", "control character", "control characters")
    said = [Damage(item.code, f"{item.what} read as Windows-1252", item.lines) for item in damage]
    return text.translate(_FROM_C1), said


def _shown(text: str) -> list[Damage]:
    """What shows nothing in a text, or shows that something is lost."""
    return [
        *_found(_NULL, text, "null-bytes", "null byte"),
        *_found(_OTHER_CONTROLS, text, "control-characters", "control character"),
        *_found(
            _LOST, text, "letters-lost", "mark (U+FFFD) for a letter that was lost", "marks (U+FFFD) for lost letters"
        ),
        *_found(_MARK_INSIDE, text, "byte-order-mark", "byte order mark"),
        *_found(_OTHER_INVISIBLE, text, "invisible-characters", "invisible character"),
    ]


def _one_end(found: re.Match[str]) -> str:
    """CR CR LF is one line end that went through two programs; CR alone is one each."""
    return "\n" if found[0][-1] == "\n" else "\n" * len(found[0])


def _doubled_line_ends(text: str) -> list[Damage]:
    if "\r\r\n" not in text:
        return []
    return [
        Damage("doubled-line-ends", "doubled line ends (CR CR LF)", (1 + text[: text.index("\r\r\n")].count("\n"),))
    ]


def _other_line_ends(text: str) -> list[Damage]:
    found = _OTHER_LINE_ENDS.search(text)
    if found is None:
        return []
    what = f"line ends that few programs know (U+{ord(found[0]):04X})"
    return [Damage("other-line-ends", what, (1 + text.count("\n", 0, found.start()),))]


def _found(pattern: re.Pattern[str], text: str, code: DamageCode, one: str, many: str = "") -> list[Damage]:
    """What a pattern finds, counted, with its lines."""
    if pattern.search(text) is None:
        return []
    lines = list(_lines(pattern, text))
    return [Damage(code, _counted(len(lines), one, many or f"{one}s"), tuple(dict.fromkeys(lines)))]


def _lines(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    """The line of each place that a pattern finds, from 1."""
    line, before = 1, 0
    for match in pattern.finditer(text):
        line += text.count("\n", before, match.start())
        before = match.start()
        yield line


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
