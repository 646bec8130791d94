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
    names = {nfc(other) for other in siblings} | {name}
    stem = PurePath(name).stem
    # `a.mp3.wav` gives way to `a.mp3`, where that keeps its extension for the sake of an `a.mp4`.
    taken = {_key(other) for other in names if _shares(other, names)}
    return name if _shares(name, names) or _key(stem) in taken else stem


def _key(name: str) -> str:
    return nfc(name.casefold())


def _shares(name: str, names: Iterable[str]) -> bool:
    """Whether another of `names` has the same name but for its extension."""
    stem = _key(PurePath(name).stem)
    return any(other != name and _key(PurePath(other).stem) == stem for other in names)


def page_stem(article: str, *, beside: bool, in_full: bool = False) -> str:
    """The beginning of an article's page names. A saved page that lies `beside` the results keeps its own name.

    `in_full` is for an article whose name another has with another suffix.

    >>> page_stem("bai.txt", beside=True), page_stem("bai.html", beside=True)
    ('bai', 'bai.vi')
    >>> page_stem("bai.txt", beside=True, in_full=True)
    'bai.txt'
    """
    path = PurePath(nfc(article))
    stem = path.name if in_full else path.stem
    return f"{stem}.vi" if beside and path.suffix.lower() == ".html" else stem
