"""The elements of a page, as HTML5 has them, in time that grows with its length however deep it is nested."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

#: No page of a newspaper is deeper; browsers stop at about as many. For each element a parser of HTML5 looks at all
#: that are open, so that without a bound its time grows with the square of the depth.
MOST_OPEN = 500
#: Marks of letters that are never closed are opened anew in every paragraph.
_MOST_LETTERING_OPEN = 12
_LETTERING = frozenset("b big code em font i nobr s small strike strong tt u".split())
#: Not counted: closed by what follows them, never open, or bounding the search for what is open.
_UNCOUNTED = frozenset(
    (
        "html head body p li dt dd option optgroup rb rt rp rtc table thead tbody tfoot tr td th caption colgroup col "
        "a h1 h2 h3 h4 h5 h6 br hr img input meta link base area wbr source track param embed audio video object iframe"
    ).split()
)
_RAW = frozenset("script style textarea title xmp noembed noframes iframe".split())
_TAG = re.compile(r"<(?:(!--)|(/?)([a-zA-Z][^\s/>]*))")


class Element:
    """An element with its attributes and what it holds: elements and strings, in order.

    `place` counts elements from the top of the page; all that is inside has a place after it, up to `last`.
    """

    __slots__ = ("attributes", "children", "last", "parent", "place", "tag")

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None, place: int) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []
        self.place = place
        self.last = place

    def __contains__(self, other: Element) -> bool:
        return self.place <= other.place <= self.last

    def up(self) -> Iterator[Element]:
        """The element itself and all around it, from the inside outwards."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent

    def elements(self) -> Iterator[Element]:
        """The element itself and all inside it, in the order of the page."""
        stack = [self]
        while stack:
            element = stack.pop()
            yield element
            stack.extend(child for child in reversed(element.children) if isinstance(child, Element))

    def text(self) -> str:
        """All text inside, as it is written."""
        return "".join(child for element in self.elements() for child in element.children if isinstance(child, str))

    def named(self, attribute: str) -> str:
        """The value of an attribute; empty where it is missing."""
        return self.attributes.get(attribute, "")


def parse_tree(text: str) -> Element:
    """The root element of a page; text that no tag is in is a body of that text."""
    root = LexborHTMLParser(_bounded(text)).root
    top = Element("html", {}, None, 0)
    if root is None:
        return top
    count = 0
    stack: list[tuple[LexborNode | None, Element]] = [(root.child, top)]
    while stack:
        node, parent = stack.pop()
        if node is None:
            continue
        stack.append((node.next, parent))
        tag = node.tag or ""
        if tag == "-text":
            parent.children.append(node.text_content or "")
        elif not tag.startswith(("-", "!")):
            count += 1
            attributes = {name: value or "" for name, value in node.attributes.items()}
            element = Element(tag, attributes, parent, count)
            parent.children.append(element)
            stack.append((node.child, element))
    _close(top)
    return top


def _close(top: Element) -> None:
    """Notes in each element the last place inside it."""
    for element in reversed(list(top.elements())):
        if element.parent is not None:
            element.parent.last = max(element.parent.last, element.last)


def _bounded(text: str) -> str:
    """The page without the tags that are nested deeper than any page is; their text stays."""
    opened: dict[str, int] = {}
    left_out: dict[str, int] = {}
    depth = lettering = 0
    kept: list[str] = []
    done = place = 0
    while (match := _TAG.search(text, place)) is not None:
        place = match.end()
        if match[1]:
            place = _after(text, "-->", place)
            continue
        name, closes = match[3].lower(), bool(match[2])
        if name in _RAW and not closes:
            place = _raw_end(text, name, place)
            continue
        if name in _UNCOUNTED:
            continue
        if closes:
            leaves_out = left_out.get(name, 0) > 0
            if leaves_out:
                left_out[name] -= 1
            elif opened.get(name, 0) > 0:
                opened[name] -= 1
                depth -= 1
                lettering -= name in _LETTERING
        else:
            leaves_out = depth >= MOST_OPEN or (name in _LETTERING and lettering >= _MOST_LETTERING_OPEN)
            counts = left_out if leaves_out else opened
            counts[name] = counts.get(name, 0) + 1
            depth += not leaves_out
            lettering += name in _LETTERING and not leaves_out
        if leaves_out:
            place = _after(text, ">", place)
            kept.append(text[done : match.start()])
            done = place
    return "".join([*kept, text[done:]]) if kept else text


def _after(text: str, mark: str, place: int) -> int:
    found = text.find(mark, place)
    return len(text) if found < 0 else found + len(mark)


def _raw_end(text: str, name: str, place: int) -> int:
    """Where the raw text of a script or the like ends; its own end tag is read there."""
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(text, place)
    return len(text) if found is None else found.start()
