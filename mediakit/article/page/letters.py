"""The letters of a page as they should be, before anything is made of its texts."""

from __future__ import annotations

from mediakit.article.page.tree import Element
from mediakit.text_decoding import Damage, restored

_NOT_READ = frozenset(("script", "style"))
#: Attributes that people read, of a photo or of what the page says of itself.
_READ = ("content", "alt", "title")


def mend(top: Element) -> tuple[Damage, ...]:
    """Mend all texts of a page together, and say what was wrong; where that cannot be told they stay as they are.

    Invisible characters go, and letters of an old encoding become those of today, be they written as entities or not.
    """
    elements = [element for element in top.elements() if element.tag not in _NOT_READ]
    texts = [(e.children, at, c) for e in elements for at, c in enumerate(e.children) if isinstance(c, str)]
    values = [(e.attributes, name, e.attributes[name]) for e in elements for name in _READ if name in e.attributes]
    found = restored([*(text for _, _, text in texts), *(value for _, _, value in values)])
    if found is None:
        return ()
    mended = iter(found.texts)
    for children, at, _ in texts:
        children[at] = next(mended)
    for attributes, name, _ in values:
        attributes[name] = next(mended)
    return found.damage
