"""What result files are called: no two sources of a folder share a name, on no system.

Names that differ in Unicode form, letter case or invisible characters only are the same to people and to some file
systems. Of several such sources one has the plain name; the others bear a mark of their own, made of their own names
alone, so that a name does not depend on which run gave it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from pathlib import Path, PurePath

from mediakit.article.attachments import media_kind
from mediakit.vietnamese.invisible import INVISIBLE
from mediakit.vietnamese.normal import nfc

#: File systems take 255 bytes (or more: UTF-16 units are fewer); what follows the stem has up to 14: `.vie.links.vtt`.
LONGEST_STEM_BYTES = 240
_MARK = re.compile(r"~[0-9a-f]{8}$")
_UNDECODED = re.compile("[\ud800-\udfff]")


def name_key(name: str) -> str:
    """One form for all names that people and file systems take for the same.

    >>> name_key("Ho\\u0323P.mp3") == name_key("hỌp\\u200b.MP3")
    True
    """
    if name.isascii():
        return name.lower()
    # Canonical caseless matching (Unicode 16, D145): folding can undo composition.
    folded = unicodedata.normalize("NFD", INVISIBLE.sub("", name)).casefold()
    return nfc(folded)


def stem_of(name: str) -> str:
    """NAME of a medium called NAME.EXT; all of it where what follows the last dot is no ending of media.

    >>> stem_of("a.b.mp3"), stem_of("Họp 9.6"), stem_of("ghi-am")
    ('a.b', 'Họp 9.6', 'ghi-am')
    """
    return PurePath(name).stem if media_kind(Path(name)) is not None else name


def output_stem(medium: str, siblings: Iterable[str]) -> str:
    """The beginning of a medium's result names: its NAME, or NAME.EXT where another medium of the folder shares NAME.

    Of those that share NAME.EXT too, by :func:`name_key`, all but the first bear a mark. A name that is too long is
    shortened and marked, and so is one that is not Unicode. `siblings` are the names in the folder, the medium's own
    among them; where it is not, the one that is the same by its key is it, as a disk without letter case has it.

    >>> output_stem("a.mp3", ["a.mp3", "b.mp4"]), output_stem("a.mp3", ["a.mp3", "A.mp4"])
    ('a', 'a.mp3')
    >>> output_stem("a.mp3", ["a.mp3", "A.mp3"]), output_stem("A.mp3", ["a.mp3", "A.mp3"])
    ('a.mp3', 'A.mp3~bbfe314c')
    """
    media = {*siblings}
    keys = {name_key(other) for other in (*media, medium)}
    same = [other for other in media if name_key(other) == name_key(medium)] if medium in media else [medium]
    name = _shown(medium)
    stem = name if len(same) > 1 or _needs_ending(name_key(medium), keys) else stem_of(name)
    if medium != _first(same) or _cannot_be_shown(medium) or _MARK.search(stem):
        # A name that looks like a marked one is marked itself: so none is another's.
        return shortened(f"{stem}{mark(medium)}")
    return shortened(stem)


def _first(names: Iterable[str]) -> str:
    """Of names that are the same to people the one without a mark: a composed one if there is one, in small letters."""
    return min(names, key=lambda name: (name != _shown(name), name.swapcase(), name))


def _needs_ending(key: str, keys: Collection[str]) -> bool:
    """Whether a medium keeps its ending: another shares NAME, or is called NAME and keeps its own.

    `a.mp3.wav` gives way to `a.mp3`, where that keeps its ending for the sake of an `a.mp4`.
    """
    stem = stem_of(key)
    if any(other != key and stem_of(other) == stem for other in keys):
        return True
    return stem != key and stem in keys and _needs_ending(stem, keys)


def mark(name: str) -> str:
    """What tells a name from others that look the same: `~` and eight digits of its SHA-256."""
    return f"~{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def shortened(stem: str) -> str:
    """The stem, or so much of it that a file can be called so with any of our endings, and a mark.

    >>> len(shortened("ễ" * 100).encode()), shortened("a")
    (240, 'a')
    """
    if len(stem.encode("utf-8", "surrogatepass")) <= LONGEST_STEM_BYTES:
        return stem
    end = mark(stem)
    cut = stem.encode("utf-8", "replace")[: LONGEST_STEM_BYTES - len(end)].decode("utf-8", "ignore")
    return f"{cut.rstrip(' .')}{end}"


def folder_name(name: str, siblings: Iterable[str]) -> str:
    """What a sub-folder is called among results that lie elsewhere: its name, marked where that is another's too."""
    same = [other for other in {*siblings, name} if name_key(other) == name_key(name)]
    if name == _first(same) and not _cannot_be_shown(name):
        return name
    return shortened(f"{_shown(name)}{mark(name)}")


def page_stem(article: str, *, beside: bool, in_full: bool = False, marked: bool = False) -> str:
    """The beginning of an article's page names. A saved page that lies `beside` the results keeps its own name.

    `in_full` is for an article whose name another has with another suffix, `marked` for one whose whole name another
    has.

    >>> page_stem("bai.txt", beside=True), page_stem("bai.html", beside=True)
    ('bai', 'bai.vi')
    >>> page_stem("bai.txt", beside=True, in_full=True)
    'bai.txt'
    """
    name = _shown(article)
    stem = name if in_full or marked else PurePath(name).stem
    stem = f"{stem}{mark(article)}" if marked or _cannot_be_shown(article) else stem
    return shortened(f"{stem}.vi" if beside and PurePath(name).suffix.lower() == ".html" else stem)


def _cannot_be_shown(name: str) -> bool:
    return _UNDECODED.search(name) is not None or not INVISIBLE.sub("", name)


def _shown(name: str) -> str:
    """A name as results have it: composed, without what nobody sees, and U+FFFD for bytes that are no text."""
    return nfc(_UNDECODED.sub("\ufffd", INVISIBLE.sub("", name))) or "_"
