"""Finds the media that an article names, and never anything outside the folder it may be in."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote

from mediakit.article.document import Attachment, MediaKind
from mediakit.errors import AttachmentForbidden, AttachmentMissing
from mediakit.vietnamese.normal import nfc

AUDIO_SUFFIXES = frozenset(
    {
        *(".mp3", ".wav", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".flac", ".wma", ".amr", ".aif", ".aiff", ".aifc"),
        *(".au", ".caf", ".mka", ".ac3", ".eac3", ".dts", ".ape", ".wv", ".tta", ".w64", ".m4b", ".mp2", ".weba"),
    }
)
VIDEO_SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".wmv", ".flv", ".mpg", ".mpeg"),
        *(".ts", ".m2ts", ".mts", ".3gp", ".3g2", ".ogv", ".mxf", ".vob", ".asf", ".f4v"),
    }
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_WEB = re.compile(r"^(https?:)?//[^/]+/", re.IGNORECASE)
_QUERY = re.compile(r"(\.[A-Za-z0-9]{2,4})[?#].*$", re.DOTALL)
#: Names that Windows keeps for devices, whatever their suffix.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}
_LONGEST_STEM_BYTES = 180


def media_kind(path: Path) -> MediaKind | None:
    """Audio or video by the file's suffix; None for any other."""
    suffix = path.suffix.lower()
    if suffix in AUDIO_SUFFIXES:
        return "audio"
    return "video" if suffix in VIDEO_SUFFIXES else None


def find_attachment(attachment: Attachment, folder: Path) -> Path:
    """The file in `folder` that an article's attachment is.

    The name is taken as it is, or in another Unicode form, letter case, percent-coded, or with `_` or `+` for spaces;
    the nearest form wins. A name with folders is looked for there, and by its last part in `folder` itself.

    Raises
    ------
    AttachmentForbidden
        If the name leads outside `folder`: by `..`, an absolute path, a drive, or a link.
    AttachmentMissing
        If no such file is there.
    """
    parts = _parts(attachment.name)
    for place in [parts] if len(parts) == 1 else [parts, parts[-1:]]:
        found = _descend(folder, place)
        if found is not None:
            return _inside(found, folder, attachment.name)
    raise AttachmentMissing(
        f"was not found in {folder}",
        file=attachment.name,
        remedy="Put it there, or name its folder with --media-dir DIR.",
    )


def base_name(name: str) -> str:
    """The last part of an attachment's name, without folders, query or percent-coding; may be empty."""
    last = re.split(r"[/\\]", _without_query(name))[-1]
    return nfc(_decoded(last))


def safe_stem(name: str) -> str:
    """A file stem for a stranger's name that every system can write and that stays in its folder.

    >>> safe_stem("../../etc/passwd"), safe_stem("a\\nb|c.mp3"), safe_stem("CON.mp4"), safe_stem("...")
    ('passwd', 'a_b_c', '_CON', 'attachment')
    """
    base = base_name(name)
    stem = base.rsplit(".", 1)[0] if media_kind(Path(base)) is not None else base
    stem = "".join("_" if c in '<>:"/\\|?*' or unicodedata.category(c)[0] == "C" else c for c in stem).strip(". ")
    if stem.split(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    if len(stem.encode()) > _LONGEST_STEM_BYTES:
        # Two long names that differ at their ends stay two.
        digest = hashlib.sha256(stem.encode()).hexdigest()[:8]
        stem = stem.encode()[: _LONGEST_STEM_BYTES - 9].decode(errors="ignore") + "_" + digest
    return stem or "attachment"


def _parts(name: str) -> list[str]:
    """The folders and file of a name, relative to the media folder."""
    if "\0" in name:
        raise AttachmentForbidden("has a NUL in its name", file=name)
    if web := _WEB.match(name):
        # A page saved from the web: its media lie beside it under their last name.
        parts = [base_name(name)] if name[web.end() :] else []
    else:
        plain = _decoded(name)
        if any(
            text.startswith(("/", "\\", "~")) or _SCHEME.match(text) or ".." in re.split(r"[/\\]", text)
            for text in (name, plain)
        ):
            raise AttachmentForbidden(
                "leads outside the media folder",
                file=name,
                remedy="Copy the file beside the article and name it alone.",
            )
        parts = [part for part in re.split(r"[/\\]", name) if part not in ("", ".")]
    if not parts:
        raise AttachmentMissing("names no file", file=name)
    return parts


def _descend(folder: Path, parts: Iterable[str]) -> Path | None:
    *folders, last = parts
    for part in folders:
        entries = [e for e in _entries(folder) if e.is_dir()]
        chosen = _nearest(part, entries)
        if chosen is None:
            return None
        folder = chosen
    return _nearest(last, [e for e in _entries(folder) if e.is_file()])


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _nearest(name: str, entries: Iterable[Path]) -> Path | None:
    """The entry of that name; of several forms of it the one nearest to how it was written."""
    forms = (lambda text: text, nfc, lambda text: nfc(_decoded(text)), _loose)
    listed = list(entries)
    for written in dict.fromkeys((name, _without_query(name))):
        for form in forms:
            wanted = form(written)
            for entry in listed:
                if form(entry.name) == wanted:
                    return entry
    return None


def _loose(text: str) -> str:
    """One form for all: decoded, composed, without case, one kind of space."""
    return re.sub(r"[\s_+]+", " ", nfc(unicodedata.normalize("NFKC", _decoded(text))).casefold()).strip()


def _without_query(name: str) -> str:
    """The name without what follows its suffix in a URL (`a.mp3?v=2#t=10`)."""
    return _QUERY.sub(r"\1", name)


def _decoded(text: str) -> str:
    return unquote(text, errors="replace") if "%" in text else text


def _inside(found: Path, folder: Path, name: str) -> Path:
    try:
        inside = found.resolve(strict=True).is_relative_to(folder.resolve(strict=True))
    except OSError:
        inside = False
    if not inside:
        raise AttachmentForbidden("is a link that leads outside the media folder", file=name)
    return found
