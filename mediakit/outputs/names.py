"""What result files are called."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from mediakit.vietnamese.normal import nfc


def output_stem(medium: str, siblings: Iterable[str]) -> str:
    """The beginning of a medium's result names: its NAME, or NAME.EXT where another medium of the folder shares NAME.

    Names that differ in case or Unicode form only are the same on some file systems, so they share NAME too.

    >>> output_stem("a.mp3", ["a.mp3", "b.mp4"]), output_stem("a.mp3", ["a.mp3", "A.mp4"])
    ('a', 'a.mp3')
    """
    name = nfc(medium)
    stem = PurePath(name).stem
    others = {nfc(other) for other in siblings} - {name}
    shared = any(PurePath(other).stem.casefold() == stem.casefold() for other in others)
    return name if shared else stem


def page_stem(article: str, *, beside: bool) -> str:
    """The beginning of an article's page names. A saved page that lies `beside` the results keeps its own name.

    >>> page_stem("bai.txt", beside=True), page_stem("bai.html", beside=True)
    ('bai', 'bai.vi')
    """
    path = PurePath(nfc(article))
    return f"{path.stem}.vi" if beside and path.suffix.lower() == ".html" else path.stem
