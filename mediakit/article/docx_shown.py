"""Tells what a Word document shows: its paragraphs in order, without what is hidden, deleted or the code of a field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

#: The namespace of what Word writes.
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_FIELD_LINK = re.compile(r'HYPERLINK\s+(?:\\\w\s+)*"([^"]+)"')
#: What shows nothing, or what was there before a change; `rt` are readings above letters.
_UNSHOWN = frozenset(
    f"{WORD}{name}"
    for name in ("del", "moveFrom", "rPr", "pPr", "sectPr", "tblPr", "trPr", "tcPr", "sdtPr", "sdtEndPr", "rt")
)
_SIGNS = {
    f"{WORD}{name}": sign
    for name, sign in (("tab", " "), ("ptab", " "), ("br", "\n"), ("cr", "\n"), ("noBreakHyphen", "-"))
}
_OFF = frozenset(("0", "false", "off", "none"))
_MOST_JOINED = _DEEPEST_STYLE = 100


class Shown:
    """What one paragraph shows: its `text` with line breaks, the `links` in it, and how many words are `linked`.

    Parameters
    ----------
    paragraphs
        The paragraph, with those that a change joins to it.
    targets
        Where links lead, by the names that the document has for them.
    hidden
        Names of the styles whose text is hidden (:func:`hidden_styles`).
    """

    def __init__(self, paragraphs: list[Any], targets: dict[str, str], hidden: frozenset[str]) -> None:
        self.links: list[str] = []
        self.linked = 0
        self._targets, self._hidden = targets, hidden
        self._pieces: list[str] = []
        #: Of each field that is open, whether its code is being read.
        self._codes: list[bool] = []
        signs = [sign.get(f"{WORD}fldCharType") for part in paragraphs for sign in part.iter(f"{WORD}fldChar")]
        #: Of a field that does not end here nothing is left out.
        self._has_fields = signs.count("begin") <= max(signs.count("end"), signs.count("separate"))
        for paragraph in paragraphs:
            self._read(paragraph)
        self.text = "".join(self._pieces)

    def _read(self, paragraph: Any) -> None:
        in_hidden = style_of(paragraph) in self._hidden
        stack = list(reversed(paragraph))
        while stack:
            element = stack.pop()
            tag = element.tag
            if not isinstance(tag, str) or tag in (f"{WORD}p", f"{WORD}txbxContent") or _hides(element):
                continue
            if tag == f"{WORD}r" and _is_hidden(element, self._hidden, in_hidden=in_hidden):
                # That a field begins or ends in it counts all the same.
                stack.extend(reversed(element.findall(f"{WORD}fldChar")))
            elif not self._take(element):
                stack.extend(reversed(element))

    def _take(self, element: Any) -> bool:
        """Takes what an element shows by itself; whether that is all of it."""
        tag = element.tag
        if tag == f"{WORD}fldChar":
            self._field(element.get(f"{WORD}fldCharType", ""))
        elif tag == f"{WORD}instrText":
            self.links += _FIELD_LINK.findall(element.text or "")
        elif tag == f"{WORD}t" or tag in _SIGNS:
            if not (self._has_fields and any(self._codes)):
                self._pieces.append(_SIGNS.get(tag) or element.text or "")
        else:
            if tag == f"{WORD}hyperlink" and element.get(_RELATION) in self._targets:
                self.links.append(self._targets[element.get(_RELATION)])
                self.linked += len("".join(element.itertext()).split())
            return False
        return True

    def _field(self, sign: str) -> None:
        if sign == "begin":
            self._codes.append(True)
        elif sign == "separate" and self._codes:
            self._codes[-1] = False
        elif sign == "end" and self._codes:
            self._codes.pop()


def shown_paragraphs(body: Any) -> Iterator[list[Any]]:
    """All paragraphs in order, also those in tables, content controls and text boxes; text boxes after what holds them.

    Paragraphs between which a change deletes the end of the first come together. lxml bounds the depth of a document,
    and iterates without recursion.
    """
    shown = (
        element for element in body.iter(f"{WORD}p") if not any(_hides(around) for around in element.iterancestors())
    )
    waiting: list[Any] = []
    for paragraph in shown:
        waiting.append(paragraph)
        if paragraph.find(f"{WORD}pPr/{WORD}rPr/{WORD}del") is None or len(waiting) >= _MOST_JOINED:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def style_of(paragraph: Any) -> str:
    """The name of a paragraph's style; empty where it has none."""
    named = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return str(named.get(f"{WORD}val", "")) if named is not None else ""


def hidden_styles(styles: Any) -> frozenset[str]:
    """The names of styles whose text is hidden, by themselves or by those that they are based on."""
    told: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for style in styles.iter(f"{WORD}style"):
        name = style.get(f"{WORD}styleId", "")
        switch, parent = style.find(f"{WORD}rPr/{WORD}vanish"), style.find(f"{WORD}basedOn")
        told[name] = None if switch is None else _is_on(switch)
        based[name] = parent.get(f"{WORD}val", "") if parent is not None else ""
    hidden: set[str] = set()
    for name in told:
        source = name
        for _ in range(_DEEPEST_STYLE):
            if told.get(source) is not None or not based.get(source):
                break
            source = based[source]
        if told.get(source):
            hidden.add(name)
    return frozenset(hidden)


def _hides(element: Any) -> bool:
    """Whether what an element holds is not shown: an older form, deleted, a deleted row, or words to be replaced."""
    if element.tag == _FALLBACK or element.tag in _UNSHOWN:
        return True
    if element.tag == f"{WORD}tr":
        return element.find(f"{WORD}trPr/{WORD}del") is not None
    return element.tag == f"{WORD}sdt" and _is_on(element.find(f"{WORD}sdtPr/{WORD}showingPlcHdr"))


def _is_hidden(run: Any, hidden: Iterable[str], *, in_hidden: bool) -> bool:
    """Whether a run is not shown: by itself, by its style, or by that of its paragraph."""
    properties = run.find(f"{WORD}rPr")
    if properties is None:
        return in_hidden
    switch = properties.find(f"{WORD}vanish")
    if switch is not None:
        return _is_on(switch)
    style = properties.find(f"{WORD}rStyle")
    return in_hidden or (style is not None and style.get(f"{WORD}val", "") in hidden)


def _is_on(switch: Any) -> bool:
    """Whether a property that is on or off is on."""
    return switch is not None and switch.get(f"{WORD}val", "1").lower() not in _OFF
