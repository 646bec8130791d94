"""The article and its media as schema.org sees them (JSON-LD): what is said where, for search engines and archives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mediakit.article.document import Article
from mediakit.result import Result


@dataclass(frozen=True, slots=True)
class PageMedia:
    """A medium on an article's page: its result, and where its files are, relative to the page (POSIX paths)."""

    result: Result
    #: None where the file is missing or cannot be read.
    source: str | None
    #: The file of WebVTT captions, if one was written.
    captions: str | None = None


def relative_url(path: str) -> str:
    """A relative path as a URL: no name can be taken for a scheme, a query or a fragment."""
    # A name that is not UTF-8 reaches us with surrogates for its bytes; the URL has the bytes.
    return quote(path, safe="/!$&'()*,;=@~", errors="surrogateescape")


def render_linked_data(article: Article, media: Sequence[PageMedia], page: str) -> str:
    """The JSON-LD of an article; `page` is the reader page's file name."""
    return json.dumps(linked_data(article, media, page), ensure_ascii=False, indent=1) + "\n"


def linked_data(article: Article, media: Sequence[PageMedia], page: str) -> dict[str, Any]:
    """A schema.org NewsArticle with its AudioObjects and VideoObjects, each with a Clip for a sentence that is said."""
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": relative_url(page),
        "headline": article.title,
        "inLanguage": "vi",
        "articleBody": "\n\n".join(paragraph.text for paragraph in article.paragraphs),
    }
    if article.published is not None:
        found["datePublished"] = article.published.isoformat()
    if article.author:
        found["author"] = {"@type": "Person", "name": article.author}
    for key, kind in (("audio", "AudioObject"), ("video", "VideoObject")):
        objects = [_media_object(m, kind, page) for m in media if m.result.media.kind == key and m.source is not None]
        if objects:
            found[key] = objects
    return found


def _media_object(medium: PageMedia, kind: str, page: str) -> dict[str, Any]:
    assert medium.source is not None
    result = medium.result
    found: dict[str, Any] = {
        "@type": kind,
        "contentUrl": relative_url(medium.source),
        "inLanguage": "vi",
        "transcript": " ".join(segment.text for segment in result.segments),
        "associatedArticle": {"@id": relative_url(page)},
        "hasPart": [
            {
                "@type": "Clip",
                "name": segment.text,
                "startOffset": segment.start_ms / 1000,
                "endOffset": segment.end_ms / 1000,
                "url": f"{relative_url(page)}#{segment.sentence}",
            }
            for segment in result.segments
            if segment.sentence is not None
        ],
    }
    if result.media.duration_ms is not None:
        found["duration"] = f"PT{result.media.duration_ms / 1000:.3f}S"
    if medium.captions is not None:
        found["caption"] = {
            "@type": "MediaObject",
            "contentUrl": relative_url(medium.captions),
            "encodingFormat": "text/vtt",
            "inLanguage": "vi",
        }
    return found
