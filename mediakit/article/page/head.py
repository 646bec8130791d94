"""What a page says of its article beside the running text: title, time, author; the visible before the described."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cached_property
from typing import Any

from mediakit.article.document import Attachment
from mediakit.article.lines import VIETNAM
from mediakit.article.page.items import HEADINGS, Item
from mediakit.article.page.media import described_media, shared_media
from mediakit.article.page.names import is_called_headline, role_of
from mediakit.article.page.tree import Element
from mediakit.vietnamese.normal import nfc

_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_BETWEEN_TITLE_AND_SITE = re.compile(r"\s+[-|–—»:•]+\s+")
_SITE = re.compile(r"(?:báo|tạp chí|đài|trang(?: tin)?|cổng|vn\w*)(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_HEADING_RANK = {"h1": 0, "h2": 1, "h3": 2, "p": 3, "div": 3}
_MOST_TITLE_WORDS, _LEAST_SHARED = 60, 0.6
_MOST_DESCRIBED = 200_000
_DEEPEST = 20
_ARTICLES = ("Article", "BlogPosting", "Report")


class Head:
    """What is said of the article in the page's `<head>`, its JSON-LD and microdata."""

    def __init__(self, top: Element) -> None:
        self._elements = list(top.elements())
        self._meta: dict[str, str] = {}
        for element in self._elements:
            if element.tag == "meta":
                for key in ("property", "name", "itemprop", "http-equiv"):
                    name, content = element.named(key).lower(), _clean(element.named("content"))
                    if name and content:
                        self._meta.setdefault(name, content)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The titles that the page gives itself, the surest first."""
        described = [text for item in self._articles for text in _texts(item.get("headline"))]
        found = (self._meta.get("og:title", ""), *described, self._meta.get("twitter:title", ""), *self._windows)
        return tuple(dict.fromkeys(_without_site(title, self._site) for title in found if title))

    @cached_property
    def _windows(self) -> tuple[str, ...]:
        """What the window is called, with the newspaper's name."""
        found = (
            _clean(element.text()) for element in self._elements if element.tag == "title" and not _in_picture(element)
        )
        return tuple(title for title in found if title)[:1]

    @cached_property
    def published(self) -> datetime | None:
        """When it was published, as its metadata say."""
        described = (text for item in self._articles for text in _texts(item.get("datePublished")))
        names = (
            "article:published_time",
            "datepublished",
            "pubdate",
            "publishdate",
            "og:published_time",
            "dc.date.issued",
        )
        stamps = (*(self._meta.get(name, "") for name in names), *described)
        return next((found for stamp in stamps if (found := moment(stamp)) is not None), None)

    @cached_property
    def author(self) -> str:
        """Who wrote it, as its metadata say; not the newspaper itself."""
        described = [name for item in self._articles for name in _authors(item.get("author"))]
        for name in (self._meta.get("author", ""), *described, self._meta.get("article:author", "")):
            if name and "/" not in name and _folded(name) != _folded(self._site):
                return name
        return ""

    def media(self) -> Iterator[Attachment]:
        """The media that the page describes or shares itself with."""
        for data in self._described:
            yield from described_media(data)
        for element in self._elements:
            name = (element.named("property") or element.named("name") or element.named("itemprop")).lower()
            if re.fullmatch(r"(?:og|twitter):(?:audio|video|player)(?::(?:url|secure_url|stream))?|contenturl", name):
                yield from shared_media(name, element.named("content") or element.named("href") or element.named("src"))

    def headline(self, items: Iterable[Item]) -> Element | Item | None:
        """The visible line that is the title: the one that says what the page calls itself, else the first `h1`."""
        candidates = [e for e in self._elements if _may_be_headline(e) and not _is_link_home(e)]
        ranked = sorted(candidates, key=lambda element: _HEADING_RANK.get(element.tag, 3))
        texts = {element.place: _folded(element.text()) for element in ranked}
        lines = [(item, _folded(item.text)) for item in items if item.kind == "text" and item.link_share < 0.5]
        for title in map(_folded, (*self.titles, *self._windows)):
            for element in ranked:
                if _alike(texts[element.place], title) and (element.tag in HEADINGS or len(title.split()) > 3):
                    return element
            for item, text in lines:
                if len(text.split()) >= 4 and f" {text} " in f" {title} ":
                    return item
        headings = [element for element in ranked if element.tag == "h1"]
        if headings:
            return next((h for h in headings if len(texts[h.place].split()) > 1), headings[0])
        return next((e for e in ranked if e.named("itemprop").lower() == "headline"), None)

    @cached_property
    def _site(self) -> str:
        return self._meta.get("og:site_name", "")

    @cached_property
    def _described(self) -> tuple[Any, ...]:
        """The page's JSON-LD, each script once; what is no JSON is passed over."""
        found = []
        for element in self._elements:
            if element.tag == "script" and "ld+json" in element.named("type").lower():
                text = element.text().strip()
                try:
                    found.append(json.loads(text, strict=False) if len(text) <= _MOST_DESCRIBED else None)
                except (ValueError, RecursionError):
                    continue
        return tuple(found)

    @cached_property
    def _articles(self) -> tuple[dict[str, Any], ...]:
        """The articles that the JSON-LD describes."""
        found: list[dict[str, Any]] = []
        stack: list[tuple[Any, int]] = [(item, 0) for item in reversed(self._described)]
        while stack:
            item, depth = stack.pop()
            if depth > _DEEPEST:
                continue
            if isinstance(item, list):
                stack += [(value, depth + 1) for value in reversed(item)]
            elif isinstance(item, dict):
                kinds = item.get("@type")
                if any(str(kind).endswith(_ARTICLES) for kind in (kinds if isinstance(kinds, list) else [kinds])):
                    found.append(item)
                stack += [(item[key], depth + 1) for key in ("@graph", "mainEntity") if key in item]
        return tuple(found)


def moment(stamp: str) -> datetime | None:
    """The time of an ISO 8601 stamp, also as loosely as newspapers write it, in Vietnam's time; None for any other."""
    match = _MOMENT.fullmatch(stamp.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(group) if group else 0 for group in match.groups()[:6])
    zone = (match[7] or "").upper().replace("Z", "+00:00")
    if len(zone) == 5:
        zone = f"{zone[:3]}:{zone[3:]}"
    try:
        written = datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)
        if zone:
            written = datetime.fromisoformat(written.replace(tzinfo=None).isoformat() + zone)
        return written.astimezone(VIETNAM)
    except (ValueError, OverflowError):
        return None


def _may_be_headline(element: Element) -> bool:
    if element.tag not in ("h1", "h2", "h3") and not (element.tag in ("p", "div") and is_called_headline(element)):
        return False
    if any(around.tag in ("nav", "footer", "aside", "template", "noscript") for around in element.up()):
        return False
    if role_of(element) == "related" or any(around.tag == "li" for around in element.up()):
        return False
    return 0 < len(_folded(element.text()).split()) <= _MOST_TITLE_WORDS


def _alike(heading: str, title: str) -> bool:
    """Whether a heading says what a title does: the same words, or most of them."""
    if not heading or not title:
        return False
    if heading == title:
        return True
    if len(heading.split()) >= 4 and f" {heading} " in f" {title} ":
        return True
    some, others = set(heading.split()), set(title.split())
    return len(some) >= 3 and len(some & others) >= _LEAST_SHARED * max(len(some), len(others))


def _is_link_home(element: Element) -> bool:
    """Whether a heading is the newspaper's own name: a link, or in a link, that leads to its first page."""
    links = [e for e in (*element.elements(), *element.up()) if e.tag == "a"]
    return any(re.fullmatch(r"(?:https?://[^/]+)?/?(?:index\.\w+|trang-chu\S*)?", link.named("href")) for link in links)


def _in_picture(element: Element) -> bool:
    return any(around.tag == "svg" for around in element.up())


def _without_site(title: str, site: str) -> str:
    """A title without the newspaper's name at its end."""
    parts = _BETWEEN_TITLE_AND_SITE.split(title)
    if len(parts) < 2:
        return title
    if _SITE.match(parts[0]) and not _SITE.match(parts[-1]):
        return title[title.index(parts[1]) :]
    last = parts[-1]
    named = _folded(last) == _folded(site) or _SITE.match(last)
    if named or ("." in last and " " not in last) or (not site and len(last.split()) <= 5 < len(title.split())):
        return title[: title.rindex(last)].rstrip(" -|–—»:•")
    return title


def _texts(value: Any) -> list[str]:
    return [_clean(value)] if isinstance(value, str) and value.strip() else []


def _authors(value: Any) -> list[str]:
    """Names of the people that JSON-LD names as authors."""
    people = value if isinstance(value, list) else [value]
    named = [p.get("name") if isinstance(p, dict) and p.get("@type") != "Organization" else p for p in people]
    return [text for name in named for text in _texts(name)]


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(nfc(text).casefold()))


def _clean(text: str) -> str:
    return nfc(" ".join(text.split()))
