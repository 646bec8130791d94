"""Finds the captions of photos that no name marks: lines under a picture, framed with it or set like one."""

from __future__ import annotations

import re

from mediakit.article.lines import published_of
from mediakit.article.page.items import HEADINGS, Item
from mediakit.article.page.names import is_called_byline, is_called_caption
from mediakit.article.page.tree import Element

_MOST_WORDS, _MOST_LINES, _MOST_CENTRED_WORDS = 80, 2, 40
_PHOTO_NAMES = re.compile(r"(?:^|[-_ ])(?:image|photo|picture|pic|img|anh|gallery|slide|fig)", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
#: What may hold a picture and its caption, and how far around the picture.
_FRAMES = frozenset(
    (
        "figure table tbody tr td div li a center dl section span p picture img amp-img video source iframe amp-video"
    ).split()
)
_FURTHEST = 6


def with_captions(items: list[Item], core: Element) -> list[Item]:
    """The items of an article without its pictures; lines that are captions of these are of that kind."""
    kept: list[Item] = []
    picture: _Picture | None = None
    for place, item in enumerate(items):
        if item.kind == "picture":
            picture = None if _is_of_author(item) else _Picture(items, place, core)
            continue
        if item.attachment is not None:
            picture = _Picture(items, place, core) if item.attachment.kind == "video" else None
        elif item.kind == "caption":
            picture = None
        elif picture is not None and picture.has_caption(item):
            kept.append(Item("caption", item.element, item.text, item.linked, item.bold, item.italic))
            continue
        elif item.kind == "text":
            picture = None
        kept.append(item)
    return kept


class _Picture:
    """A picture or video of an article, with the frame around it and its caption if it has one."""

    def __init__(self, items: list[Item], place: int, core: Element) -> None:
        self._lines = 0
        self._frame = _frame(items[place].element, core)
        if self._frame is not None and not _is_frame(self._frame, items, place):
            self._frame = None

    def has_caption(self, item: Item) -> bool:
        """Whether a line, the next on the page, is of the caption."""
        if self._lines >= _MOST_LINES or not self._is_caption(item):
            return False
        self._lines += 1
        return True

    def _is_caption(self, item: Item) -> bool:
        element = item.element
        if element.tag in HEADINGS or item.words > _MOST_WORDS or published_of(item.text) is not None:
            return False
        if self._frame is not None and element in self._frame:
            return True
        if item.italic >= 0.9 * item.chars or is_called_caption(element) or _PHOTO_NAMES.search(element.named("class")):
            return True
        centred = _CENTRED.search(element.named("style")) or element.named("align").lower() == "center"
        return bool(centred) and item.words <= _MOST_CENTRED_WORDS and not item.bold


def _frame(picture: Element, core: Element) -> Element | None:
    """What holds a picture and text beside it, and is less than the article."""
    for element, _ in zip(picture.up(), range(_FURTHEST), strict=False):
        if core in element or element.tag not in _FRAMES:
            return None
        if any(child.strip() for inside in element.elements() for child in inside.children if isinstance(child, str)):
            return None if element.tag == "p" else element
    return None


def _is_frame(frame: Element, items: list[Item], place: int) -> bool:
    """Whether a frame begins with its pictures and has no more text after them than a caption."""
    if place and items[place - 1].element in frame and items[place - 1].kind != "picture":
        return False
    lines = words = 0
    for at, item in enumerate(items[place : place + 10 * _MOST_LINES]):
        if item.element not in frame:
            break
        if not at:
            continue  # the picture or film itself
        lines += item.kind == "text"
        words += item.words
        if item.kind == "media" or (item.kind == "text" and item.element.tag in HEADINGS):
            return False
    return lines <= _MOST_LINES and words <= _MOST_WORDS


def _is_of_author(item: Item) -> bool:
    """Whether a picture is of the author, beside the name."""
    return any(is_called_byline(element) for element, _ in zip(item.element.up(), range(4), strict=False))
