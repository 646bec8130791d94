"""What of a folder a review shows: pages, media, captions and records, and nothing outside it or hidden in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from mediakit.article.attachments import AUDIO_SUFFIXES, VIDEO_SUFFIXES

PAGE_TYPE = "text/html"
RECORD_TYPE = "application/json"
#: By suffix; the systems' own tables differ, and one on Windows can be changed by any program.
_TYPES = {
    ".html": PAGE_TYPE,
    ".json": RECORD_TYPE,
    ".jsonld": "application/ld+json",
    ".vtt": "text/vtt",
    **dict.fromkeys((".srt", ".txt", ".sbv", ".lrc", ".ass"), "text/plain"),
    ".ttml": "application/ttml+xml",
    **dict.fromkeys((".mp3", ".mp2"), "audio/mpeg"),
    **dict.fromkeys((".m4a", ".m4b"), "audio/mp4"),
    ".aac": "audio/aac",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    **dict.fromkeys((".ogg", ".oga", ".opus"), "audio/ogg"),
    ".weba": "audio/webm",
    **dict.fromkeys((".mp4", ".m4v"), "video/mp4"),
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".ogv": "video/ogg",
    **dict.fromkeys((".3gp", ".3g2"), "video/3gpp"),
}
#: Of media that no browser plays.
_OTHER = "application/octet-stream"


class ServedFolder:
    """The folder that is reviewed; `root` is its path with links followed."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve(strict=True)

    def find(self, path: str) -> Path | None:
        """The file that the path of an address (`/sub/a.mp3`, decoded) leads to; None if it is not shown.

        Links are followed. Not shown are what lies outside the folder, hidden files and those in hidden folders, such
        as `.mediakit`, pipes and devices, and files of other kinds than a page needs.
        """
        parts = path.split("/")[1:]
        if not parts or any(not _is_plain(part) for part in parts):
            return None
        try:
            found = self.root.joinpath(*parts).resolve(strict=True)
            is_file = stat.S_ISREG(found.stat().st_mode)
        except (OSError, RuntimeError, ValueError):
            return None
        # A link may lead to what is hidden, and a short name of Windows may stand for it.
        if not is_file or not found.is_relative_to(self.root) or not self._is_open(found):
            return None
        return found if type_of(found) is not None else None

    def pages_and_records(self) -> tuple[list[Path], list[Path]]:
        """Reader pages, known by the linked data beside them, and records, known by their names; sorted."""
        pages: list[Path] = []
        records: list[Path] = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            listed = set(names)
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith("."):
                    continue
                if path.suffix == ".html" and path.with_suffix(".jsonld").name in listed:
                    pages.append(path)
                elif path.suffix == ".json" and 3 <= len(path.with_suffix("").suffix) <= 4:
                    records.append(path)
        return pages, records

    def _is_open(self, found: Path) -> bool:
        return not any(part.startswith(".") for part in found.relative_to(self.root).parts)


def type_of(path: Path) -> str | None:
    """The media type of a file that a review shows, by its suffix; None for any other."""
    suffix = path.suffix.lower()
    return _TYPES.get(suffix, _OTHER if suffix in AUDIO_SUFFIXES | VIDEO_SUFFIXES else None)


def _is_plain(part: str) -> bool:
    """Whether one part of a path is a name on every system: no way up, no drive, no stream of Windows, not hidden."""
    return bool(part) and not part.startswith(".") and not any(c in part for c in "\\:\0")
