"""The reader page of an article: one HTML file that needs no network, with sentences that play what is said.

Every text of article, captions and file names is data: Jinja2 escapes what stands in the page, data for the script is
JSON in which nothing can end the element, and a Content-Security-Policy allows only the script and style shipped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Literal, TypeAlias

from mediakit.article.document import Article, Attachment, MediaKind, Paragraph, Photo
from mediakit.outputs.linked_data import PageMedia, linked_data, relative_url
from mediakit.outputs.record import to_record
from mediakit.outputs.stretches import (
    STRETCH_NAMES,
    VERDICT_NAMES,
    Stretch,
    StretchKind,
    clock,
    merged,
    shares,
    stretches,
)
from mediakit.outputs.templates import fill_template, script_json
from mediakit.result import Result
from mediakit.text_decoding import clean
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.normal import nfc

#: What the page runs and looks like, in order: the reader stands on the search, the review on the reader.
SCRIPTS = ("reader/search.js", "reader/reader.js", "review_mode/review.js")
STYLES = ("reader/page.css", "review_mode/review.css")

_WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
_KINDS: dict[MediaKind, str] = {"audio": "Âm thanh", "video": "Video"}
#: Units of the coverage bar's width.
_BAR_UNITS = 2000


@dataclass(frozen=True, slots=True)
class _Text:
    """A paragraph of the article."""

    paragraph: Paragraph
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class _Picture:
    """The caption of a photo."""

    photo: Photo
    kind: Literal["photo"] = "photo"


@dataclass(frozen=True, slots=True)
class _Missing:
    """An attachment that is not here."""

    name: str
    label: str
    kind: Literal["missing"] = "missing"


@dataclass(frozen=True, slots=True)
class _Player:
    """A medium with its player; `number` is its place among all media of the page, from 0."""

    number: int
    label: str
    name: str
    tag: MediaKind
    url: str
    duration: str
    verdict: str
    verdict_name: str
    bar: tuple[_Band, ...]
    segments: tuple[Segment, ...]
    #: Names and addresses of files to take along.
    downloads: tuple[tuple[str, str], ...]
    captions: str
    kind: Literal["media"] = "media"


@dataclass(frozen=True, slots=True)
class _Band:
    """What of the coverage bar is of one kind: its share of the time in words, and its outline as an SVG path."""

    kind: StretchKind
    name: str
    share: str
    path: str


_Block: TypeAlias = _Text | _Picture | _Missing | _Player


def render_page(article: Article, media: Sequence[PageMedia], page: str) -> str:
    """The page of an article with its media, in the order of the article's attachments, further ones last.

    Parameters
    ----------
    media
        All media of the article; their paths are relative to the page.
    page
        The page's own file name.
    """
    blocks = _blocks(article, media)
    return fill_template(
        "page",
        scripts=SCRIPTS,
        styles=STYLES,
        article=article,
        title=article.title or next((clean(medium.result.media.path) for medium in media), "Bài viết"),
        blocks=blocks,
        players=[block for block in blocks if isinstance(block, _Player)],
        published=_vietnamese_date(article.published),
        said=_said(media),
        otherwise=partial(_otherwise, {sentence.id: sentence.text for sentence in article.sentences}),
        clock=clock,
        data=script_json(page_data(article, media)),
        linked=script_json(linked_data(article, media, page)),
    )


def page_data(article: Article, media: Sequence[PageMedia]) -> dict[str, Any]:
    """What the page's script knows; its form is described at the head of `reader/reader.js`."""
    return {
        "media": [_medium_data(medium) for medium in media],
        "article": {"sentences": [{"id": s.id, "text": s.text} for s in article.sentences]},
    }


def _medium_data(medium: PageMedia) -> dict[str, Any]:
    result = medium.result
    grounded = result.article
    record = to_record(result)
    return {
        "name": clean(result.media.path),
        "kind": result.media.kind,
        "src": relative_url(medium.source) if medium.source is not None else None,
        "duration_ms": result.media.duration_ms,
        "verdict": grounded.verdict if grounded is not None else None,
        "coverage": round(grounded.coverage, 4) if grounded is not None else None,
        "segments": [_segment_data(segment) for segment in result.segments],
        "captions": record["captions"],
        # What a review needs besides, to give the whole record back.
        "record": {k: v for k, v in record.items() if k not in ("segments", "captions")},
        "downloads": {name: relative_url(path) if path is not None else None for name, path in _files(medium)},
    }


def _segment_data(segment: Segment) -> dict[str, Any]:
    foreign = {"language": segment.language} if segment.language is not None else {}
    return {
        "start_ms": segment.start_ms,
        "end_ms": segment.end_ms,
        "text": segment.text,
        "heard": segment.heard,
        "source": segment.source,
        "sentence": segment.sentence,
        "score": round(segment.score, 3),
        # Arrays: there are ten words to a segment, and their names would be most of the page.
        "words": [[w.start_ms, w.end_ms, w.text, round(w.score, 3), w.article] for w in segment.words],
        **foreign,
    }


def _files(medium: PageMedia) -> tuple[tuple[str, str | None], ...]:
    return (("srt", medium.subrip), ("vtt", medium.captions), ("txt", medium.transcript))


def _blocks(article: Article, media: Sequence[PageMedia]) -> list[_Block]:
    """The article's blocks in order, each attachment with its medium; media that it does not name come last."""
    left = list(enumerate(media))
    found: list[_Block] = []
    for block in article.blocks:
        if isinstance(block, Paragraph):
            found.append(_Text(block))
        elif isinstance(block, Photo):
            found.append(_Picture(block))
        else:
            place = next((item for item in left if item[1].result.media.path == block.name), None)
            if place is not None:
                left.remove(place)
            found.append(_medium_block(*place) if place is not None else _missing(block))
    return found + [_medium_block(*item) for item in left]


def _missing(attachment: Attachment) -> _Missing:
    return _Missing(attachment.name, _KINDS[attachment.kind])


def _medium_block(number: int, medium: PageMedia) -> _Player | _Missing:
    result, media = medium.result, medium.result.media
    if medium.source is None:
        return _Missing(clean(media.path), _KINDS[media.kind])
    verdict = result.article.verdict if result.article is not None else None
    return _Player(
        number=number,
        label=_KINDS[media.kind],
        name=clean(media.path),
        tag=media.kind,
        url=relative_url(medium.source),
        duration=clock(media.duration_ms) if media.duration_ms is not None else "",
        verdict=verdict or "",
        verdict_name=VERDICT_NAMES[verdict] if verdict is not None else "",
        bar=_bar(result),
        segments=result.segments,
        downloads=tuple((name.upper(), relative_url(path)) for name, path in _files(medium) if path is not None),
        captions=relative_url(medium.captions) if medium.captions is not None else "",
    )


def _bar(result: Result) -> tuple[_Band, ...]:
    line = stretches(result)
    return tuple(
        _Band(kind, STRETCH_NAMES[kind], _percent(share), _path(line, kind)) for kind, share in shares(line).items()
    )


def _path(line: Sequence[Stretch], kind: StretchKind) -> str:
    """Rectangles of height 1 as one path."""
    return "".join(f"M{left} 0h{right - left}v1h-{right - left}z" for left, right in merged(line, kind, _BAR_UNITS))


def _percent(share: float) -> str:
    return f"{share:.0%}" if share >= 0.005 else "dưới 1%"


def _said(media: Sequence[PageMedia]) -> dict[str, tuple[int, int]]:
    """For each sentence that can be heard, the number of the medium and the millisecond where it is said first."""
    found: dict[str, tuple[int, int]] = {}
    for number, medium in enumerate(media):
        for segment in medium.result.segments if medium.source is not None else ():
            if segment.sentence is not None:
                found.setdefault(segment.sentence, (number, segment.start_ms))
    return found


def _otherwise(texts: Mapping[str, str], segment: Segment) -> str:
    """The article's sentence that a segment follows, where other words are said; else nothing."""
    text = texts.get(segment.sentence or "", "")
    return text if nfc(text).split() != nfc(segment.text).split() else ""


def _vietnamese_date(published: datetime | None) -> str:
    """`Thứ Tư, 09/06/2021, 18:37`."""
    if published is None:
        return ""
    return f"{_WEEKDAYS[published.weekday()]}, {published:%d/%m/%Y, %H:%M}"
