"""Reads a page that a browser or Word saved in one file (MHTML): the page itself, of all the parts."""

from __future__ import annotations

import email
import re
from dataclasses import replace
from email.message import Message
from email.policy import compat32
from pathlib import Path
from urllib.parse import unquote

from mediakit.article.document import Article
from mediakit.article.html import parse_html
from mediakit.errors import ArticleError
from mediakit.text_decoding import decode

_CID = re.compile(r"cid:([^\"'\s>)]+)", re.IGNORECASE)
_MOST_PARTS = 5_000


def parse_mhtml(data: bytes, path: Path | None = None) -> Article:
    """The article of a page saved as MHTML.

    Raises
    ------
    ArticleError
        If there is no page in it, or the page has no text.
    """
    try:
        message = email.message_from_bytes(data.removeprefix(b"\xef\xbb\xbf").lstrip(), policy=compat32)
        parts = [part for part, _ in zip(message.walk(), range(_MOST_PARTS), strict=False)]
    except (ValueError, LookupError, RecursionError) as error:
        raise _broken(path) from error
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    root = _root(message, pages)
    if root is None:
        raise _broken(path)
    names = _names(parts)
    tried = [root, *sorted((p for p in pages if p is not root), key=lambda p: -len(p.as_bytes()))]
    failure: ArticleError | None = None
    for part in tried:
        try:
            return _article(part, names, path)
        except ArticleError as error:
            # A page of frames: what it frames is another part.
            failure = failure or error
    raise failure or _broken(path)


def _article(part: Message, names: dict[str, str], path: Path | None) -> Article:
    payload = part.get_payload(decode=True)
    decoded = decode(payload, declared=part.get_content_charset(), markup=True) if isinstance(payload, bytes) else None
    if decoded is None:
        raise _broken(path)
    page = _CID.sub(lambda found: names.get(unquote(found[1]), found[0]), decoded.text)
    article = parse_html(page, path)
    told = decoded.notices(path.name if path is not None else "article")
    known = {notice.code for notice in told}
    return replace(article, notices=(*told, *(n for n in article.notices if n.code not in known)))


def _root(message: Message, pages: list[Message]) -> Message | None:
    """The part that the others belong to: the one named as the start, else the first page."""
    start = message.get_param("start")
    named = (
        page for page in pages if isinstance(start, str) and (page.get("Content-ID") or "").strip() == start.strip()
    )
    return next(named, pages[0] if pages else None)


def _names(parts: list[Message]) -> dict[str, str]:
    """Where each part with an id was on the web, so that `cid:…` in the page becomes a name."""
    found: dict[str, str] = {}
    for part in parts:
        identity, location = (
            str(part.get("Content-ID") or "").strip(" <>"),
            str(part.get("Content-Location") or "").strip(),
        )
        name = location or part.get_filename() or ""
        if identity and name:
            found[identity] = "".join(name.split()) if location else name
    return found


def _broken(path: Path | None) -> ArticleError:
    return ArticleError("is MHTML without a page in it", file=path, remedy="Save the page once more, as HTML.")
