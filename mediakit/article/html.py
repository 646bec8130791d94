"""Reads a saved HTML page: the running text, photo captions, and the media that it embeds or links to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mediakit.article.attachments import base_name
from mediakit.article.document import Article, Attachment, Photo
from mediakit.article.page.body import Body
from mediakit.article.page.head import Head
from mediakit.article.page.items import Item, dateline_places, is_hidden, items_of
from mediakit.article.page.letters import mend
from mediakit.article.page.reading import Reading
from mediakit.article.page.tree import Element, parse_tree
from mediakit.article.text import build_article, notices_of
from mediakit.errors import ArticleError

Part = str | Photo | Attachment
#: What is hidden and yet holds so much of the text is hidden by a script that did not run, or under a notice.
_MOST_HIDDEN = 0.6


def parse_html(text: str, path: Path | None = None) -> Article:
    """The article of a saved page.

    Raises
    ------
    ArticleError
        If the page has no text.
    """
    top = parse_tree(text)
    damage = mend(top)
    items = _shown(top)
    head = Head(top)
    headline = _visible(head.headline(items), items)
    body = Body(top, items, headline)
    if headline is None:
        headline = body.heading_above()
        body = Body(top, items, headline) if headline is not None else body
    reading = Reading(body, head)
    parts = each_once(reading.parts)
    if not any(isinstance(part, Attachment) for part in parts):
        parts = each_once([*elsewhere(reading.body, head), *parts])
    if not any(isinstance(part, str) for part in parts) and headline is None:
        raise ArticleError(
            "has no text",
            file=path,
            remedy="If scripts make the page, save it from the browser once it shows the article.",
        )
    article = build_article(reading.title, parts, published=reading.published, author=reading.author, path=path)
    return replace(article, notices=(*notices_of(damage, path), *article.notices))


def elsewhere(body: Body, head: Head) -> list[Attachment]:
    """The media of a page whose article names none: elsewhere on it, else as its metadata describe them."""
    found = [item.attachment for item in body.others() if item.attachment is not None]
    return found or list(head.media())


def each_once(parts: Iterable[Part]) -> list[Part]:
    """The parts with each file once: a player and a link to the same file are one."""
    seen: set[str] = set()
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, Attachment):
            key = base_name(part.name).casefold()
            if key in seen:
                continue
            seen.add(key)
        kept.append(part)
    return kept


def _shown(top: Element) -> list[Item]:
    """What the page shows; what is hidden too where that is most of the text."""
    hidden = [element for element in top.elements() if is_hidden(element)]
    stamps = dateline_places(top)
    if not hidden:
        return items_of(top, stamps)
    everything = items_of(top, stamps)
    words = sum(item.words for item in everything)
    outermost = {element.place: element for element in hidden if not any(is_hidden(e) for e in _around(element))}
    inside = dict.fromkeys(outermost, 0)
    for item in everything:
        for element in item.element.up():
            if element.place in inside:
                inside[element.place] += item.words
    kept = {place for place, count in inside.items() if count > _MOST_HIDDEN * words}
    return items_of(top, [*stamps, *(element for element in hidden if element.place not in kept)])


def _around(element: Element) -> Iterable[Element]:
    return element.parent.up() if element.parent is not None else ()


def _visible(headline: Element | Item | None, items: list[Item]) -> Element | Item | None:
    if headline is None or isinstance(headline, Item):
        return headline
    return headline if any(item.element in headline for item in items if item.kind == "text") else None
