"""All files of a result by their endings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from mediakit.errors import UsageError
from mediakit.outputs.record import render_record
from mediakit.outputs.transcript_text import render_links, render_text
from mediakit.result import Result
from mediakit.subtitles.lrc import render_lrc
from mediakit.subtitles.sbv import render_sbv
from mediakit.subtitles.subrip import render_srt
from mediakit.subtitles.timed_text import render_timed
from mediakit.subtitles.webvtt import render_vtt
from mediakit.timeline import Span

#: Written where nothing is asked for; `html` is the article's page with its linked data, one of each an article.
FORMATS = ("srt", "vtt", "txt", "json", "html")
#: Captions for other programs, written where they are asked for.
FURTHER_FORMATS = ("ttml", "ass", "sbv", "lrc", "timed")
#: Pictures, written where they are asked for: `png` is the time line of what is read and what is not.
PICTURES = ("png",)
#: One of each an article, written where it is asked for: a book that reads itself aloud (EPUB 3 with Media Overlays).
BOOKS = ("epub",)
_KNOWN = (*FORMATS, *FURTHER_FORMATS, *PICTURES, *BOOKS)
_OF_ARTICLES = ("html", *BOOKS)
#: What a medium's file of a format ends in, where that is not its name.
_ENDINGS = {"timed": "timed.txt"}


def parse_formats(text: str) -> tuple[str, ...]:
    """Formats from a list such as `srt,vtt`, in their usual order.

    Raises
    ------
    UsageError
        If one is not known, or none is given.
    """
    asked = {name.strip().lower().lstrip(".") for name in text.split(",") if name.strip()}
    unknown = sorted(asked - set(_KNOWN))
    if unknown or not asked:
        raise UsageError(
            f"no format is called {', '.join(unknown) or text!r}", remedy=f"Known are: {', '.join(_KNOWN)}."
        )
    return tuple(name for name in _KNOWN if name in asked)


def endings(formats: Iterable[str], *, language: str, linked: bool) -> tuple[str, ...]:
    """What the names of a medium's result files end in; the links track goes with WebVTT where there is an article."""
    asked = set(formats)
    found = [f".{language}.{_ENDINGS.get(name, name)}" for name in _KNOWN if name in asked - {*_OF_ARTICLES}]
    return (*found, f".{language}.links.vtt") if linked and "vtt" in asked else tuple(found)


def formats_by_ending() -> dict[str, str]:
    """The formats of a medium's files by what the names end in after the language, that of the links track among them.

    >>> formats_by_ending()["timed.txt"], formats_by_ending()["links.vtt"]
    ('timed', 'vtt')
    """
    found = {_ENDINGS.get(name, name): name for name in _KNOWN if name not in _OF_ARTICLES}
    return {**found, "links.vtt": "vtt"}


def render_media(result: Result, formats: Iterable[str], *, language: str) -> dict[str, str]:
    """The texts of a medium's result files by what their names end in; pictures are :func:`render_pictures`'."""
    renderers = {
        f".{language}.srt": lambda: render_srt(result.captions),
        f".{language}.vtt": lambda: render_vtt(result.captions, foreign_captions(result)),
        f".{language}.txt": lambda: render_text(result.segments),
        f".{language}.json": lambda: render_record(result),
        f".{language}.links.vtt": lambda: render_links(result.segments),
        f".{language}.ttml": lambda: _ttml(result, language),
        f".{language}.ass": lambda: _ass(result),
        f".{language}.sbv": lambda: render_sbv(result.captions),
        f".{language}.lrc": lambda: _lrc(result, language),
        f".{language}.timed.txt": lambda: render_timed(result.captions),
    }
    texts = [name for name in formats if name not in PICTURES]
    asked = endings(texts, language=language, linked=result.article is not None)
    return {ending: renderers[ending]() for ending in asked}


def foreign_captions(result: Result) -> dict[str, str]:
    """The ids of the captions of foreign speech, with its language: that of the segment that most of it is.

    No caption is made of two languages, but a person may move it since.
    """
    spans = [Span(segment.start_ms, segment.end_ms) for segment in result.segments]
    starts = [span.start_ms for span in spans]
    found: dict[str, str] = {}
    for caption in result.captions:
        shown = Span(caption.start_ms, caption.end_ms)
        near = range(max(0, bisect_right(starts, shown.start_ms) - 1), bisect_left(starts, shown.end_ms))
        most = max(near, key=lambda i: shown.overlap_ms(spans[i]), default=None)
        language = result.segments[most].language if most is not None and shown.overlap_ms(spans[most]) else None
        if language is not None:
            found[caption.id] = language
    return found


def render_pictures(result: Result, formats: Iterable[str], *, language: str) -> dict[str, bytes]:
    """The pictures of a medium's result by what their names end in."""
    return {f".{language}.png": _plot(result)} if "png" in formats else {}


def _plot(result: Result) -> bytes:
    from mediakit.outputs.plot import render_plot

    return render_plot(result)


def _ttml(result: Result, language: str) -> str:
    from mediakit.subtitles.ttml import render_ttml

    return render_ttml(result.captions, language=language, languages=foreign_captions(result))


def _ass(result: Result) -> str:
    from mediakit.subtitles.ass import render_ass

    return render_ass(result.captions)


def _lrc(result: Result, language: str) -> str:
    article = result.article
    title = article.title if article is not None else ""
    author = article.document.author if article is not None and article.document is not None else ""
    return render_lrc(result.captions, title=title, author=author, language=language)
