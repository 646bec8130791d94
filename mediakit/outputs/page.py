"""The reader page of an article: one HTML file that needs no network, with sentences that play what is said.

Every text of article, captions and file names is data: Jinja2 escapes what stands in the page, data for the script is
JSON in which nothing can end the element, and a Content-Security-Policy allows only the script and style shipped here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup

from mediakit.article.document import Article, Attachment, Paragraph, Photo
from mediakit.outputs.linked_data import PageMedia, linked_data, relative_url
from mediakit.outputs.templates import fill_template

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")


def render_page(article: Article, media: Sequence[PageMedia], page: str) -> str:
    """The page of an article with its media, in the order of the article's attachments, further ones last."""
    return fill_template(
        "page",
        article=article,
        blocks=_blocks(article, media),
        published=_vietnamese_date(article.published),
        said=_said(media),
        data=_json(_script_data(media)),
        linked=_json(linked_data(article, media, page)),
    )


def _blocks(article: Article, media: Sequence[PageMedia]) -> list[dict[str, Any]]:
    """The article's blocks in order, each attachment with its medium; media that it does not name come last."""
    left = list(enumerate(media))
    found: list[dict[str, Any]] = []
    for block in article.blocks:
        if isinstance(block, Paragraph):
            found.append({"kind": "paragraph", "paragraph": block})
        elif isinstance(block, Photo):
            found.append({"kind": "photo", "photo": block})
        else:
            place = next((item for item in left if item[1].result.media.path == block.name), None)
            if place is not None:
                left.remove(place)
                found.append(_medium_block(*place))
            else:
                found.append({"kind": "missing", "name": block.name, "media": _label(block)})
    return found + [_medium_block(*item) for item in left]


def _medium_block(number: int, medium: PageMedia) -> dict[str, Any]:
    result = medium.result
    if medium.source is None:
        label = "Âm thanh" if result.media.kind == "audio" else "Video"
        return {"kind": "missing", "name": result.media.path, "media": label}
    return {
        "kind": "media",
        "number": number,
        "tag": result.media.kind,
        "url": relative_url(medium.source),
        "name": result.media.path,
        "captions": relative_url(medium.captions) if medium.captions is not None else "",
        "segments": result.segments,
        "unrelated": result.article is not None and result.article.verdict == "unrelated",
    }


def _label(attachment: Attachment) -> str:
    return "Âm thanh" if attachment.kind == "audio" else "Video"


def _said(media: Sequence[PageMedia]) -> dict[str, tuple[int, int]]:
    """For each sentence that can be heard, the number of the medium and the millisecond where it is said first."""
    found: dict[str, tuple[int, int]] = {}
    for number, medium in enumerate(media):
        for segment in medium.result.segments if medium.source is not None else ():
            if segment.sentence is not None:
                found.setdefault(segment.sentence, (number, segment.start_ms))
    return found


def _script_data(media: Sequence[PageMedia]) -> list[dict[str, Any]]:
    """For each medium its captions and segments, times in milliseconds."""
    return [
        {
            "cues": [[c.start_ms, c.end_ms, "\n".join(c.lines)] for c in medium.result.captions],
            "segments": [[s.start_ms, s.end_ms, s.sentence] for s in medium.result.segments],
        }
        for medium in media
    ]


def _json(value: object) -> Markup:
    """JSON for a script element: no `<`, `>` or `&`, so that nothing in it ends the element or opens a comment."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _vietnamese_date(published: datetime | None) -> str:
    """`Thứ Tư, 09/06/2021 18:37`."""
    if published is None:
        return ""
    return f"{_WEEKDAYS[published.weekday()]}, {published:%d/%m/%Y %H:%M}"
