"""Finds the block in which a page says when an article was posted, by whom and under which heading: none of its text.

Newspaper software sets it as a list of terms, a row of a table or a line of labels (`Chi tiết`, `Viết bởi Quản trị`,
`Chuyên mục: Tin tức`). What else stands in such a block, a category without its label, say, is none of the text either.
"""

from __future__ import annotations

from mediakit.article.lines import is_byline, is_views_line, published_of
from mediakit.article.page.items import Item
from mediakit.article.page.names import is_called_particulars
from mediakit.article.page.phrases import category_label, is_label, particular_label
from mediakit.article.page.tree import Element

_MOST_LINES, _MOST_WORDS, _MOST_LABEL_WORDS = 24, 12, 4
#: So much of a block must be known to be of that kind.
_LEAST_SHARE = 0.34


def particulars(items: list[Item], core: Element, headline: Element | None) -> set[int]:
    """The places in `items` of lines that are of such a block."""
    kinds = {place: kind for place, item in enumerate(items) if (kind := _kind(item))}
    begin = next((place for place, item in enumerate(items) if item.kind == "text" and item.is_prose), len(items))
    found: set[int] = set()
    for place in kinds:
        if place in found:
            continue
        block = _around(items, place, core, headline)
        if block and _is_block(items, block, kinds, before_text=place < begin):
            found.update(block)
    return found


def _kind(item: Item) -> str:
    """What a line says of the article; empty for any other line."""
    text = item.text
    if item.kind != "text" or item.words > _MOST_WORDS or item.is_prose:
        return ""
    if published_of(text) is not None:
        return "date"
    if is_views_line(text):
        return "count"
    if is_byline(text):
        return "author"
    return category_label(text) or particular_label(text)


def _around(items: list[Item], place: int, core: Element, headline: Element | None) -> list[int]:
    """The text lines of the largest element around one that holds nothing but short lines."""
    block: list[int] = []
    for element in items[place].element.up():
        if core in element or (headline is not None and headline in element):
            break
        inside = _inside(items, place, element)
        if not inside:
            break
        block = inside
    return block


def _inside(items: list[Item], place: int, element: Element) -> list[int]:
    """The places of the text lines in an element; none where there are many, or a sentence among them."""
    first = last = place
    while first > 0 and items[first - 1].element in element and place - first <= _MOST_LINES:
        first -= 1
    while last + 1 < len(items) and items[last + 1].element in element and last - place <= _MOST_LINES:
        last += 1
    lines = [at for at in range(first, last + 1) if items[at].kind == "text"]
    short = all(items[at].words <= _MOST_WORDS and not items[at].is_prose for at in lines)
    return lines if len(lines) <= _MOST_LINES and short else []


def _is_block(items: list[Item], block: list[int], kinds: dict[int, str], *, before_text: bool) -> bool:
    """Whether enough of the lines of an element say something of the article, and of several things."""
    known = [kinds[at] for at in block if at in kinds]
    known += ["" for at in block if at not in kinds and is_label(items[at].text)]
    if len(known) < _LEAST_SHARE * len(block):
        return False
    told = len(set(known) - {""})
    if not before_text and not {"date", "count"} & set(known):
        return False  # of a book or a film, say, that the text speaks of
    named = any(is_called_particulars(element) or element.tag == "dl" for element in items[block[0]].element.up())
    if told >= 2 or (before_text and named and told >= 1):
        return True
    short = all(items[at].words <= _MOST_LABEL_WORDS for at in block)
    return before_text and short and any(is_called_particulars(element) for element in items[block[0]].element.up())
