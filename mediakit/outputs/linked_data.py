"""The article and its media as schema.org sees them (JSON-LD): what is said where, for search engines and archives."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from mediakit.article.document import Article
from mediakit.result import Result
from mediakit.text_decoding import clean
from mediakit.timeline import MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class PageMedia:
    """A medium on an article's page: its result, and where its files are, relative to the page (POSIX paths)."""

    result: Result
    #: None where the file is missing or cannot be read.
    source: str | None
    #: The file of WebVTT captions, if one was written.
    captions: str | None = None
    #: The same captions as SubRip, and the transcript as text, if they were written.
    subrip: str | None = None
    transcript: str | None = None


def relative_url(path: str) -> str:
    """A relative path as a URL: no name can be taken for a scheme, a host, a query or a fragment."""
    # A name that is not UTF-8 reaches us with surrogates for its bytes; the URL has the bytes.
    url = quote(path, safe="/!$&'()*,;=@~", errors="surrogateescape")
    # Two slashes at the beginning would be a host's; `/.` before them is taken out by who resolves it.
    return f"/.{url}" if url.startswith("//") else url


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
        "name": clean(result.media.path),
        "contentUrl": relative_url(medium.source),
        "inLanguage": "vi",
        **_transcript(result),
        "associatedArticle": {"@id": relative_url(page)},
        "hasPart": [
            {
                "@type": "Clip",
                "name": segment.text,
                "startOffset": segment.start_ms / MS_PER_SECOND,
                "endOffset": segment.end_ms / MS_PER_SECOND,
                "url": f"{relative_url(page)}#{segment.sentence}",
            }
            for segment in result.segments
            if segment.sentence is not None
        ],
    }
    if result.media.sha256 is not None:
        found["sha256"] = result.media.sha256
    if result.media.duration_ms is not None:
        found["duration"] = iso_duration(result.media.duration_ms)
    if medium.captions is not None:
        found["caption"] = {
            "@type": "MediaObject",
            "contentUrl": relative_url(medium.captions),
            "encodingFormat": "text/vtt",
            "inLanguage": "vi",
        }
    return found


def _transcript(result: Result) -> dict[str, str]:
    """What is said in a medium; what is another text than the article's is no transcript for who looks for that."""
    if result.article is not None and result.article.verdict == "unrelated":
        return {}
    return {"transcript": " ".join(segment.text for segment in result.segments)}


def iso_duration(ms: int) -> str:
    """A length as ISO 8601 has it, without what is nought.

    >>> iso_duration(3_723_400), iso_duration(120_000), iso_duration(0)
    ('PT1H2M3.4S', 'PT2M', 'PT0S')
    """
    minutes, rest_ms = divmod(ms, 60 * MS_PER_SECOND)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{rest_ms // MS_PER_SECOND}.{rest_ms % MS_PER_SECOND:03d}".rstrip("0").rstrip(".")
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}S" if rest_ms or not ms else ""]
    return "PT" + "".join(parts)
