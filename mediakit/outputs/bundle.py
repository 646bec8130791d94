"""All files of a result by their endings."""

from __future__ import annotations

from collections.abc import Iterable

from mediakit.errors import UsageError
from mediakit.outputs.record import render_record
from mediakit.outputs.transcript_text import render_links, render_text
from mediakit.result import Result
from mediakit.subtitles.subrip import render_srt
from mediakit.subtitles.webvtt import render_vtt

#: What can be asked for; `html` is the article's page with its linked data, one of each an article.
FORMATS = ("srt", "vtt", "txt", "json", "html")


def parse_formats(text: str) -> tuple[str, ...]:
    """Formats from a list such as `srt,vtt`, in their usual order.

    Raises
    ------
    UsageError
        If one is not known, or none is given.
    """
    asked = {name.strip().lower().lstrip(".") for name in text.split(",") if name.strip()}
    unknown = sorted(asked - set(FORMATS))
    if unknown or not asked:
        raise UsageError(
            f"no format is called {', '.join(unknown) or text!r}", remedy=f"Known are: {', '.join(FORMATS)}."
        )
    return tuple(name for name in FORMATS if name in asked)


def endings(formats: Iterable[str], *, language: str, linked: bool) -> tuple[str, ...]:
    """What the names of a medium's result files end in; the links track goes with WebVTT where there is an article."""
    asked = set(formats)
    found = [f".{language}.{name}" for name in ("srt", "vtt", "txt", "json") if name in asked]
    return (*found, f".{language}.links.vtt") if linked and "vtt" in asked else tuple(found)


def render_media(result: Result, formats: Iterable[str], *, language: str) -> dict[str, str]:
    """The texts of a medium's result files by what their names end in."""
    renderers = {
        f".{language}.srt": lambda: render_srt(result.captions),
        f".{language}.vtt": lambda: render_vtt(result.captions),
        f".{language}.txt": lambda: render_text(result.segments),
        f".{language}.json": lambda: render_record(result),
        f".{language}.links.vtt": lambda: render_links(result.segments),
    }
    asked = endings(formats, language=language, linked=result.article is not None)
    return {ending: renderers[ending]() for ending in asked}
