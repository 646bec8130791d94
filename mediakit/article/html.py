"""Reads a saved HTML page: the running text, photo captions, and the media that it embeds or links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from mediakit.article.attachments import media_kind
from mediakit.article.document import Article, Attachment, MediaKind, Photo
from mediakit.article.lines import VIETNAM, attachments_of, is_author, is_views_line, photo_of, published_of
from mediakit.article.text import build_article
from mediakit.errors import ArticleError
from mediakit.vietnamese.normal import nfc

#: Not running text, wherever it stands.
_NOISE = "script, style, noscript, template, nav, footer, aside, form, button, iframe, svg, select, head"
_NOISE_NAMES = re.compile(r"(^|[-_ ])(comment|related|share|social|breadcrumb|menu|sidebar|advert|banner)s?($|[-_ ])")
_CAPTION_NAMES = re.compile(r"(^|[-_ ])(caption|figcaption|image-caption|pic-?caption|photo-?caption)($|[-_ ])", re.I)
_BLOCKS = {"p", "div", "li", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "td", "section", "article", "main",
           "pre", "dd", "dt", "center"}  # fmt: skip
_MEDIA = {"audio": "audio", "video": "video"}

Part = str | Photo | Attachment


def parse_html(text: str, path: Path | None = None) -> Article:
    """The article of a saved page.

    Raises
    ------
    ArticleError
        If the page has no text.
    """
    tree = LexborHTMLParser(text)
    meta = _Meta(tree)
    tree.strip_tags(_NOISE.split(", ")[:-1], recursive=True)
    body = tree.body
    if body is None:
        raise ArticleError("has no text", file=path)
    title = meta.title(body)
    parts = list(_parts(_main(tree, body)))
    published = meta.published
    kept: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            date = published_of(part)
            if date is not None:
                published = published or date
                continue
            if is_views_line(part) or nfc(part) == title:
                continue
        kept.append(part)
    author = meta.author
    last = kept[-1] if kept else None
    if isinstance(last, str) and len(kept) > 1 and is_author(last):
        author, kept = author or last, kept[:-1]
    if not title and not kept:
        raise ArticleError("has no text", file=path)
    return build_article(title, kept, published=published, author=author, path=path)


class _Meta:
    """What the page says of itself in its head."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self.author = self._content("meta[name='author']") or self._text("[rel='author']")
        self.published = self._published()

    def title(self, body: LexborNode) -> str:
        """The headline: what the page shares itself as, or its first heading, or its window title."""
        heading = body.css_first("h1")
        shared = self._content("meta[property='og:title']")
        return shared or (_text(heading) if heading is not None else "") or self._text("title")

    def _published(self) -> datetime | None:
        moment = self._tree.css_first("time[datetime]")
        stamps = (
            self._content("meta[property='article:published_time']"),
            self._content("meta[itemprop='datePublished']"),
            (moment.attributes.get("datetime") or "") if moment is not None else "",
        )
        for stamp in filter(None, stamps):
            try:
                found = datetime.fromisoformat(stamp.strip().replace("Z", "+00:00"))
            except ValueError:
                continue
            return found.replace(tzinfo=VIETNAM) if found.tzinfo is None else found.astimezone(VIETNAM)
        return None

    def _content(self, selector: str) -> str:
        node = self._tree.css_first(selector)
        return _clean(node.attributes.get("content") or "") if node is not None else ""

    def _text(self, selector: str) -> str:
        node = self._tree.css_first(selector)
        return _text(node) if node is not None else ""


def _main(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """The part of the page that is the article: the one marked as such with the most text, else the body."""
    marked = [node for selector in ("article", "main", "[role='main']") for node in tree.css(selector)]
    return max(marked, key=lambda node: len(node.text()), default=body)


def _parts(root: LexborNode) -> Iterator[Part]:
    """Paragraphs, photo captions and attachments in the order of the page.

    Walks without recursion: a stranger's page may be nested deeper than Python's stack.
    """
    text: list[str] = []
    seen: set[str] = set()
    for event, node in _walk(root):
        tag = node.tag or ""
        if event == "text":
            text.append(node.text_content or "")
        elif tag == "br" and event == "enter":
            text.append("\n")
        elif tag in _BLOCKS or tag in ("figure", "figcaption", "table", "tr", "audio", "video"):
            yield from _flush(text, seen)
        if event == "enter":
            yield from _media(node, tag, seen)
            if _is_caption(node, tag):
                caption = _text(node)
                if caption:
                    yield photo_of(caption) or Photo(caption)
    yield from _flush(text, seen)


def _walk(root: LexborNode) -> Iterator[tuple[str, LexborNode]]:
    """Each node when it is entered and left; captions and noise are entered but not gone into."""
    stack: list[tuple[str, LexborNode]] = [("enter", root)]
    while stack:
        event, node = stack.pop()
        tag = node.tag or ""
        if tag == "-text":
            yield "text", node
            continue
        if event == "leave":
            yield "leave", node
            continue
        if _is_noise(node):
            continue
        yield "enter", node
        stack.append(("leave", node))
        if not _is_caption(node, tag):
            children = []
            child = node.child
            while child is not None:
                children.append(("enter", child))
                child = child.next
            stack.extend(reversed(children))


def _flush(text: list[str], seen: set[str]) -> Iterator[Part]:
    for line in "".join(text).split("\n"):
        line = _clean(line)
        if line:
            attachments = attachments_of(line)
            if not attachments:
                yield photo_of(line) or line
            yield from (attachment for attachment in attachments if _new(attachment.name, seen))
    text.clear()


def _media(node: LexborNode, tag: str, seen: set[str]) -> Iterator[Attachment]:
    kind: MediaKind | None = None
    name = ""
    if tag in _MEDIA:
        kind, name = ("audio" if tag == "audio" else "video"), node.attributes.get("src") or ""
    elif tag == "source" and node.parent is not None and node.parent.tag in _MEDIA:
        kind, name = ("audio" if node.parent.tag == "audio" else "video"), node.attributes.get("src") or ""
    elif tag == "a":
        name = node.attributes.get("href") or ""
        kind = media_kind(Path(name.split("?")[0].split("#")[0]))
    name = _clean(name)
    if kind is not None and name and not name.startswith(("blob:", "data:")) and _new(name, seen):
        yield Attachment(kind, name)


def _new(name: str, seen: set[str]) -> bool:
    """Whether no attachment of this file name was there before: a player and a link to the same file are one."""
    from mediakit.article.attachments import base_name

    key = base_name(name).casefold()
    if key in seen:
        return False
    seen.add(key)
    return True


def _is_noise(node: LexborNode) -> bool:
    tag = node.tag or ""
    if tag.startswith("-") or tag in _NOISE:
        return tag.startswith("-") or tag in _NOISE.split(", ")
    names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
    return tag not in ("body", "article", "main") and _NOISE_NAMES.search(names) is not None


def _is_caption(node: LexborNode, tag: str) -> bool:
    return tag == "figcaption" or _CAPTION_NAMES.search(node.attributes.get("class") or "") is not None


def _text(node: LexborNode) -> str:
    return _clean(node.text(separator=" ") if node.tag != "-text" else node.text_content or "")


def _clean(text: str) -> str:
    return nfc(" ".join(text.split()))
