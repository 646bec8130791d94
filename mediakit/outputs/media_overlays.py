"""The article as an e-book that reads itself aloud: EPUB 3 with Media Overlays.

A reading system plays the recording and lights up the sentence that is heard
(https://www.w3.org/TR/epub-33/#sec-media-overlays). Only sound of the kinds that every reading system plays can be in
it (https://www.w3.org/TR/epub-33/#sec-core-media-types), and only what the article says.
"""

from __future__ import annotations

import re
import shutil
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from mediakit.article.document import Article
from mediakit.errors import MediaMissing, UsageError
from mediakit.outputs.seal import seal_archive
from mediakit.outputs.templates import render_template
from mediakit.result import Result
from mediakit.timeline import MS_PER_SECOND, timestamp

#: Sound that can be in an overlay, by the endings of its files.
CORE_SOUND = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".opus": "audio/ogg; codecs=opus"}

#: The same article and sound give the same bytes, whenever: archives have no earlier date.
_DATE = (1980, 1, 1, 0, 0, 0)
_UNDATED = datetime(1980, 1, 1, tzinfo=timezone.utc)
#: What XML 1.0 has no way to say (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTAINER = """\
<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""


@dataclass(frozen=True, slots=True)
class _Sound:
    """A recording in the book: where it is on this machine, and what it is called in there."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class _Clip:
    """Where a sentence is said, in milliseconds of a recording."""

    sentence: str
    sound: _Sound
    start_ms: int
    end_ms: int

    @property
    def begin(self) -> str:
        """The start as a clock value of SMIL."""
        return timestamp(self.start_ms)

    @property
    def end(self) -> str:
        """The end as a clock value of SMIL."""
        return timestamp(self.end_ms)


def is_heard(article: Article, results: Sequence[Result]) -> bool:
    """Whether a book of the article would have anything to read aloud."""
    return bool(_clips(article, list(_sounds(results))))


def write_epub(target: Path, article: Article, results: Sequence[Result]) -> None:
    """Write the article as a book; a sentence that is said twice is heard where most of its words are said, or first.

    Media that cannot be in an overlay, as films, are left out, and so is a result that was read back from a record.

    Raises
    ------
    UsageError
        If no sentence of the article is said in any medium that can be in the book.
    MediaMissing
        If a recording is not there any more.
    """
    sounds = list(_sounds(results))
    clips = _clips(article, sounds)
    if not clips:
        raise UsageError("nothing of the article is said in sound that an e-book can hold (MP3, M4A, Opus)")
    used = [sound for sound, _ in sounds if any(clip.sound is sound for clip in clips)]
    fields: dict[str, Any] = {
        "article": article,
        "identifier": _identifier(article, results),
        "modified": (article.published or _UNDATED).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "clips": clips,
        "sounds": used,
        "seconds": sum(clip.end_ms - clip.start_ms for clip in clips) / MS_PER_SECOND,
    }
    with zipfile.ZipFile(target, "w") as book:
        # It comes first and is not compressed, so that the file can be told by its beginning.
        book.writestr(_entry("mimetype", zipfile.ZIP_STORED), "application/epub+zip")
        book.writestr(_entry("META-INF/container.xml"), _CONTAINER)
        for name in ("package.opf", "nav.xhtml", "article.xhtml", "article.smil"):
            text = render_template(f"epub/{name}.j2", **fields)
            book.writestr(_entry(name), _NOT_XML.sub("\ufffd", text).encode("utf-8"))
        for sound in used:
            _add_sound(book, sound)
        seal_archive(book)


def _sounds(results: Sequence[Result]) -> Iterator[tuple[_Sound, Result]]:
    for number, result in enumerate(results, start=1):
        file = result.media.file
        suffix = file.suffix.lower() if file is not None else ""
        if file is not None and result.media.kind == "audio" and suffix in CORE_SOUND:
            # Names of strangers stay outside: a book is unpacked by others.
            yield _Sound(file, f"sound{number}{suffix}", CORE_SOUND[suffix]), result


def _clips(article: Article, sounds: Sequence[tuple[_Sound, Result]]) -> list[_Clip]:
    """A clip for each sentence that is said, in the order of the article."""
    found: dict[str, tuple[int, _Clip]] = {}
    for sound, result in sounds:
        for segment in result.segments:
            if segment.sentence is not None:
                clip = _Clip(segment.sentence, sound, segment.start_ms, segment.end_ms)
                said = sum(word.article for word in segment.words)
                if said > found.get(segment.sentence, (0, clip))[0]:
                    found[segment.sentence] = said, clip
    return [found[sentence.id][1] for sentence in article.sentences if sentence.id in found]


def _identifier(article: Article, results: Sequence[Result]) -> str:
    """The same for the same article and media."""
    of = "\n".join([article.title, *(result.media.sha256 or "" for result in results)])
    return uuid.uuid5(uuid.NAMESPACE_OID, of.encode("utf-8", errors="replace").decode("utf-8")).urn


def _entry(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _DATE)
    entry.compress_type = compression
    entry.external_attr = 0o644 << 16
    return entry


def _add_sound(book: zipfile.ZipFile, sound: _Sound) -> None:
    entry = _entry(f"sound/{sound.name}", zipfile.ZIP_STORED)
    try:
        entry.file_size = sound.path.stat().st_size
        with sound.path.open("rb") as source, book.open(entry, "w") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except FileNotFoundError as error:
        raise MediaMissing("is not there any more", file=sound.path) from error
