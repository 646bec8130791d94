"""What a page shows, in order: lines of text, captions, pictures and media, each with the element that holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from mediakit.article.document import Attachment
from mediakit.article.page.media import media_of
from mediakit.article.page.names import is_called_caption, is_called_credit, is_called_dateline
from mediakit.article.page.tree import Element
from mediakit.vietnamese.normal import nfc

#: What nobody reads on a page. What a player, picture or frame holds is shown only where it does not work.
UNREAD = frozenset(
    (
        "script style noscript template head title iframe svg math select option datalist textarea button input label "
        "canvas map object applet audio video amp-audio amp-video progress meter noembed noframes dialog rp rt "
        "amp-ad amp-analytics"
    ).split()
)
#: Of these the media inside is named all the same.
_HOLD_MEDIA = frozenset("noscript object audio video amp-audio amp-video label button".split())
BLOCKS = frozenset(
    (
        "p div li blockquote h1 h2 h3 h4 h5 h6 td th section article main pre dd dt center header footer aside nav ul "
        "ol dl table thead tbody tfoot tr figure figcaption caption address details summary fieldset legend form "
        "hr hgroup body menu search audio video amp-audio amp-video iframe object"
    ).split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_BOLD, _ITALIC = frozenset(("b", "strong", "th", *HEADINGS)), frozenset(("i", "em", "cite"))
_PICTURES = frozenset(("img", "amp-img", "picture"))
#: What a line of labels is made of; a gap between them may be a matter of style.
_LABELS = frozenset(("span", "a", "time"))
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLOCK_STYLE = re.compile(r"(?:^|;)\s*display\s*:\s*(?:block|flex|grid|table|list-item)", re.IGNORECASE)
_FINAL = tuple('.?!…:;”"»)')
_MOST_CAPTION_CHARS = 1_500
_MOST_STAMP_WORDS = 5


@dataclass(slots=True)
class Item:
    """A line of text, the caption of a photo, a picture, or media that is named there.

    `element` is the innermost block that holds it. `linked`, `bold` and `italic` count characters of the text that are
    a link to another page, bold, and italic.
    """

    kind: Literal["text", "caption", "picture", "media"]
    element: Element
    text: str = ""
    linked: int = 0
    bold: int = 0
    italic: int = 0
    credit: str = ""
    attachment: Attachment | None = None
    #: Links that lead to media: the label of a player or download.
    plays: int = 0
    words: int = field(init=False)

    def __post_init__(self) -> None:
        self.words = len(self.text.split())

    @property
    def chars(self) -> int:
        """Letters and marks, without spaces."""
        return len(self.text) - self.text.count(" ")

    @property
    def link_share(self) -> float:
        """How much of the text is a link to another page."""
        return min(1.0, self.linked / max(1, self.chars))

    @property
    def is_at_right(self) -> bool:
        """Whether the text is set at the right edge."""
        style = self.element.named("style").replace(" ", "").lower()
        return self.element.named("align").lower() == "right" or "text-align:right" in style

    @property
    def is_prose(self) -> bool:
        """Whether the text is a sentence or more of running text rather than a label."""
        return (
            self.words >= 6
            and self.link_share < 0.5
            and (self.words >= 20 or self.text.rstrip("”\"»') ").endswith(_FINAL[:6]))
        )


@dataclass(slots=True)
class _Run:
    """Text within one block, piece by piece."""

    pieces: list[tuple[str, bool, bool, bool, bool]] = field(default_factory=list)
    #: Places in `pieces` before which one label ends and another begins without a space between.
    apart: set[int] = field(default_factory=set)
    credit: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[str, int, int, int, int]]:
        """Each line with how many of its characters are linked, bold, italic, and links to media."""
        line: list[str] = []
        counts = [0, 0, 0, 0]
        for place_of_piece, (piece, *marks) in enumerate(self.pieces):
            parts = piece.split("\n")
            for number, part in enumerate(parts):
                if number:
                    yield "".join(line), counts[0], counts[1], counts[2], counts[3]
                    line, counts = [], [0, 0, 0, 0]
                if line and part and _is_joint(line[-1][-1:], part[:1], labels=place_of_piece in self.apart):
                    line.append(" ")
                if part:
                    line.append(part)
                    size = len("".join(part.split()))
                    for place, mark in enumerate(marks):
                        counts[place] += size if mark else 0
        yield "".join(line), counts[0], counts[1], counts[2], counts[3]


def _is_joint(left: str, right: str, *, labels: bool) -> bool:
    """Whether two pieces are set apart by style alone: `<span>Thái Bình</span>Sáng nay`."""
    if left.islower() and right.isupper():
        return True
    return labels and left.isalnum() and right.isalnum() and not (left.islower() and right.islower())


class _Reader:
    """Walks a page once, without recursion: a stranger's page may be deeper than Python's stack."""

    def __init__(self, hidden: frozenset[int]) -> None:
        self._hidden = hidden
        self._run = _Run()
        self._bold = self._italic = self._link = self._plays = self._credit = self._pre = 0
        self._label_ended = -1
        self._caption: Element | None = None
        self._caption_items: list[Item] = []

    def read(self, top: Element) -> Iterator[Item]:
        stack: list[tuple[str, Element | str, Element]] = [("enter", top, top)]
        block = top
        while stack:
            event, node, inside = stack.pop()
            if isinstance(node, str):
                self._text(node)
                continue
            if event == "leave":
                if _is_block(node):
                    yield from self._flush(block)
                    block = inside
                yield from self._left(node)
                continue
            if node.tag in UNREAD or node.place in self._hidden:
                yield from self._unread(node, block)
                continue
            if node.tag == "br":
                self._run.pieces.append(("\n", False, False, False, False))
                continue
            stack.append(("leave", node, block))
            if _is_block(node):
                yield from self._flush(block)
                block = node
            yield from self._entered(node, block)
            stack.extend(("enter", child, block) for child in reversed(node.children))
        yield from self._flush(block)

    def _entered(self, node: Element, block: Element) -> Iterator[Item]:
        media = list(media_of(node))
        if media:
            yield from self._flush_lines(block)
        if node.tag in _LABELS and self._label_ended == len(self._run.pieces) > 0:
            self._run.apart.add(len(self._run.pieces))
        yield from (Item("media", node, attachment=attachment) for attachment in media)
        if node.tag in _PICTURES:
            yield Item("picture", node)
        self._count(node, 1, bool(media))
        if self._caption is None and is_called_caption(node) and _is_short(node):
            yield from self._flush(block)
            self._caption, self._caption_items = node, []

    def _left(self, node: Element) -> Iterator[Item]:
        self._label_ended = len(self._run.pieces) if node.tag in _LABELS else -1
        self._count(node, -1, node.tag == "a" and any(True for _ in media_of(node)))
        if self._caption is node:
            yield from self._flush(node)
            self._caption = None
            lines = [item.text for item in self._caption_items]
            credit = " ".join(item.credit for item in self._caption_items if item.credit)
            if lines or credit:
                linked = sum(item.linked for item in self._caption_items)
                yield Item("caption", node, " ".join(filter(None, lines)), linked=linked, credit=credit)

    def _count(self, node: Element, step: int, names_media: bool) -> None:
        self._bold += step * (node.tag in _BOLD)
        self._italic += step * (node.tag in _ITALIC)
        self._pre += step * (node.tag == "pre")
        self._credit += step * is_called_credit(node)
        if node.tag == "a":
            self._plays += step * names_media
            self._link += step * (not names_media and _leads_elsewhere(node.named("href")))

    def _unread(self, node: Element, block: Element) -> Iterator[Item]:
        """Nothing but the media that it names, and what a player inside it plays."""
        if node.tag in BLOCKS:
            yield from self._flush(block)
        holds = node.tag in _HOLD_MEDIA or node.tag not in UNREAD
        for element in node.elements() if holds else (node,):
            yield from (Item("media", element, attachment=attachment) for attachment in media_of(element))

    def _text(self, text: str) -> None:
        if not self._pre:
            text = re.sub(r"[ \t\r\n\f\v\u00a0]+", " ", text)
        if self._credit and self._caption is not None:
            self._run.credit.append(text)
        else:
            marks = (self._link > 0, self._bold > 0, self._italic > 0, self._plays > 0)
            self._run.pieces.append((text, *marks))

    def _flush_lines(self, block: Element) -> Iterator[Item]:
        """What stands before the line that is being read."""
        pieces = self._run.pieces
        ends = [number for number, piece in enumerate(pieces) if piece[0] == "\n"]
        if ends and self._caption is None:
            rest = _Run(pieces[ends[-1] + 1 :])
            self._run.pieces = pieces[: ends[-1]]
            yield from self._flush(block)
            self._run = rest

    def _flush(self, block: Element) -> Iterator[Item]:
        run, self._run = self._run, _Run()
        credit = _clean("".join(run.credit))
        if not run.pieces and not credit:
            return
        items = [
            Item("text", block, text, linked, bold, italic, plays=plays)
            for line, linked, bold, italic, plays in run.lines()
            if (text := _clean(line))
        ]
        if self._caption is not None:
            self._caption_items += items
            if credit:
                self._caption_items.append(Item("caption", block, credit=credit))
            return
        yield from _joined(items)


def items_of(top: Element, hidden: Iterable[Element] = ()) -> list[Item]:
    """All that a page shows, in order; nothing of what is `hidden`."""
    return list(_Reader(frozenset(element.place for element in hidden)).read(top))


def is_hidden(element: Element) -> bool:
    """Whether an element says that it is not shown."""
    said = element.attributes
    if "hidden" in said and said["hidden"].lower() != "until-found":
        return True
    return said.get("aria-hidden", "").lower() == "true" or _HIDDEN.search(said.get("style", "")) is not None


def _is_block(element: Element) -> bool:
    return element.tag in BLOCKS or (
        "style" in element.attributes and _BLOCK_STYLE.search(element.named("style")) is not None
    )


def _is_short(element: Element) -> bool:
    """Whether an element is no longer than a caption is, and holds no heading of an article."""
    size = paragraphs = 0
    for inside in element.elements():
        size += sum(len(child) for child in inside.children if isinstance(child, str))
        paragraphs += inside.tag == "p"
        if size > _MOST_CAPTION_CHARS or paragraphs > 4 or inside.tag == "h1":
            return False
    return True


def _leads_elsewhere(href: str) -> bool:
    """Whether a link leads to another page or part of it, not to a picture or an address to write to."""
    if not href or href.startswith(("mailto:", "tel:")):
        return False
    return not href.partition("?")[0].lower().endswith((".jpg", ".jpeg", ".png", ".webp", ".gif"))


def _joined(items: list[Item]) -> Iterator[Item]:
    """The lines of a block; a sentence that `<br>` breaks in its middle is one line."""
    waiting: Item | None = None
    for item in items:
        if waiting is not None and item.text[:1].islower() and not waiting.text.endswith(_FINAL):
            waiting = Item(
                "text", item.element, f"{waiting.text} {item.text}", waiting.linked + item.linked,
                waiting.bold + item.bold, waiting.italic + item.italic, plays=waiting.plays + item.plays,
            )  # fmt: skip
            continue
        if waiting is not None:
            yield waiting
        waiting = item
    if waiting is not None:
        yield waiting


def dateline_places(top: Element) -> list[Element]:
    """Elements with the place that a report comes from, set before its first sentence by style alone."""
    return [e for e in top.elements() if is_called_dateline(e) and len(e.text().split()) <= _MOST_STAMP_WORDS]


def _clean(text: str) -> str:
    return nfc(" ".join(text.split()))
