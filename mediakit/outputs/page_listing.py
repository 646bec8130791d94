"""What a reader page says of its media: which there are, and where their files lie.

A page names them in its own data (`page.py`). It may come from anywhere: what it names is no more than a hint.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from mediakit.article.document import MediaKind

_DATA = 'script#mediakit-data[type="application/json"]'
#: A page of three hours of speech has about 2 MB; one that is larger by far is none of ours.
_LARGEST_PAGE_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A medium as a page lists it. Paths are relative to the page, POSIX, None where there is no such file."""

    name: str
    kind: MediaKind
    source: str | None
    captions: str | None
    subrip: str | None
    transcript: str | None

    @property
    def record(self) -> str | None:
        """The record, which lies beside the files that were made with it."""
        known = self.captions or self.subrip or self.transcript
        return f"{known.rpartition('.')[0]}.json" if known is not None else None


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """A page of an article on disk, with its media."""

    path: Path
    media: tuple[Listed, ...]

    def record_paths(self) -> tuple[Path | None, ...]:
        """For each medium its record."""
        return tuple(None if medium.record is None else self.path.parent / medium.record for medium in self.media)


def read_page(path: Path) -> ReaderPage | None:
    """The reader page in a file; None if it is no page of ours, or cannot be read."""
    try:
        if not is_plain_file(path) or path.stat().st_size > _LARGEST_PAGE_BYTES:
            return None
        script = LexborHTMLParser(path.read_bytes()).css_first(_DATA)
        media = json.loads(script.text())["media"] if script is not None else None
        return ReaderPage(path, tuple(_listed(medium) for medium in media)) if media is not None else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def is_plain_file(path: Path) -> bool:
    """Whether a path is that of a file, and no link to one."""
    return path.is_file() and not path.is_symlink()


def _listed(medium: dict[str, Any]) -> Listed:
    downloads: dict[str, Any] = medium["downloads"]
    kind: MediaKind = "video" if medium["kind"] == "video" else "audio"
    source, vtt, srt, txt = (
        _relative(url) for url in (medium["src"], *(downloads.get(name) for name in ("vtt", "srt", "txt")))
    )
    return Listed(str(medium["name"]), kind, source, vtt, srt, txt)


def _relative(url: object) -> str | None:
    """The path that a relative URL stands for; None for any other, and for none."""
    if not isinstance(url, str) or not url:
        return None
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.scheme or parts.netloc or path.startswith(("/", "\\")) or "\0" in path:
        return None
    return path
