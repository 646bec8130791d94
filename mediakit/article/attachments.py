"""Finds the media that an article names, and never anything outside the folder it may be in."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from mediakit.article.document import Attachment, MediaKind
from mediakit.errors import AttachmentForbidden, AttachmentMissing, printable
from mediakit.text_decoding import clean
from mediakit.vietnamese.misread import misreading_of
from mediakit.vietnamese.normal import nfc

#: Endings of the files that ffmpeg is let open (`media/ffmpeg.py`, MEDIA_DEMUXERS): one list for every command. What
#: has another ending, or none, may be media too, and is looked into (`media/recognise.py`).
AUDIO_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        # MPEG, in its own frames or in MP4.
        *("mp3", "mp2", "mp1", "mpga", "mpa", "m2a", "aac", "adts", "loas", "latm", "m4a", "m4b", "m4p", "m4r", "isma"),
        *("f4a", "f4b", "3ga", "aax"),
        # Microsoft, Apple, Sun, Creative, NeXT.
        *("wav", "wave", "bwf", "rf64", "w64", "wma", "xwma", "aif", "aiff", "aifc", "caf", "au", "snd", "voc"),
        # Xiph and Matroska.
        *("ogg", "oga", "opus", "spx", "flac", "mka", "weba"),
        # Telephones, dictation machines, RealAudio, Sony.
        *("amr", "awb", "ilbc", "qcp", "dss", "ra", "oma", "aa3", "omg"),
        # Cinema and discs.
        *("ac3", "eac3", "ec3", "ac4", "dts", "dtshd", "mlp", "thd", "dsf"),
        # Sound without loss, and for research.
        *("ape", "apl", "wv", "tta", "tak", "shn", "mpc", "sph", "nist", "sox", "ircam"),
    )
)
VIDEO_SUFFIXES = frozenset(
    f".{suffix}"
    for suffix in (
        *("mp4", "m4v", "mov", "qt", "f4v", "3gp", "3g2", "mj2", "psp", "ismv", "mkv", "mk3d", "webm", "ogv"),
        *("ogm", "ogx", "avi", "divx", "wmv", "asf", "wtv", "dvr-ms", "flv", "rm", "rmvb", "mxf", "gxf", "nut", "nuv"),
        *("nsv", "ivf", "dv", "dif"),
        # Programme and transport streams.
        *("mpg", "mpeg", "mpe", "m1v", "m2v", "mpv", "m2p", "vob", "evo", "ts", "m2ts", "m2t", "mts"),
        *("tp", "trp"),
        # Pictures without sound: taken, to say that there is none.
        *("h261", "h263", "h264", "h26l", "264", "avc", "h265", "265", "hevc", "h266", "266", "vvc", "obu", "av1"),
    )
)
_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_WEB = re.compile(r"^(https?:)?//[^/]+/", re.IGNORECASE)
_QUERY = re.compile(r"(\.[A-Za-z0-9]{2,5})[?#].*$", re.DOTALL)
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

    The name is taken as it is, or in another Unicode form, letter case, percent-coded, with `_` or `+` for spaces, with
    characters that nobody sees, or misread; the nearest form wins. A name with folders is looked for there, and by its
    last part in `folder` itself. A pipe or a device of that name is found too: whoever is to read it says what it is
    (`media/regular.py`).

    Raises
    ------
    AttachmentForbidden
        If the name leads outside `folder`: by `..`, an absolute path, a drive, or a link.
    AttachmentMissing
        If no such file is there.
    """
    return MediaFolder(folder).find(attachment)


class MediaFolder:
    """A folder that many attachments are looked for in: each folder is listed once, and names are found in an index.

    What comes after it was listed is not found, so that one is made for each planning anew.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._listed: dict[Path, _Listing] = {}

    def find(self, attachment: Attachment) -> Path:
        """As :func:`find_attachment`, which says what is raised."""
        parts = _parts(attachment.name)
        for place in [parts] if len(parts) == 1 else [parts, parts[-1:]]:
            found = self._descend(place, attachment.name)
            if found is not None:
                return found
        raise AttachmentMissing(
            f"was not found in {_shown(self.path)}",
            file=attachment.name,
            remedy="Put it there, or name its folder with --media-dir DIR.",
        )

    def _descend(self, parts: Iterable[str], name: str) -> Path | None:
        *folders, last = parts
        folder = self.path
        for part in folders:
            chosen = self._list(folder).folders.nearest(part)
            if chosen is None:
                return None
            folder /= chosen
        listing = self._list(folder)
        chosen = listing.files.nearest(last)
        if chosen is None:
            return None
        # Only a link leads outside; to follow a path takes longer than to find it.
        if folders or chosen in listing.links:
            return _inside(folder / chosen, self.path, name)
        return folder / chosen

    def _list(self, folder: Path) -> _Listing:
        if folder not in self._listed:
            self._listed[folder] = _Listing(folder)
        return self._listed[folder]


class _Listing:
    """What is in one folder; nothing where it cannot be listed. Links to nowhere or to themselves are left out."""

    def __init__(self, folder: Path) -> None:
        try:
            with os.scandir(folder) as listed:
                entries = list(listed)
        except OSError:
            entries = []
        kinds = {entry.name: _kind(entry) for entry in entries}
        self.files = _Names(name for name, kind in kinds.items() if kind == "file")
        self.folders = _Names(name for name, kind in kinds.items() if kind == "folder")
        self.links = frozenset(entry.name for entry in entries if entry.is_symlink())


def _kind(entry: os.DirEntry[str]) -> Literal["file", "folder"] | None:
    """What an entry is or leads to; pipes and devices count as files, a link to nowhere as nothing."""
    try:
        if entry.is_dir():
            return "folder"
        if entry.is_symlink():
            entry.stat()
    except OSError:
        return None
    return "file"


class _Names:
    """Names in a folder, by each form that they can be written in."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = sorted(names)
        self._by_form: dict[Callable[[str], str], dict[str, str]] = {}

    def nearest(self, name: str) -> str | None:
        """The one of that name; of several forms of it the one nearest to how it was written."""
        for written in dict.fromkeys((name, _without_query(name))):
            for form in _FORMS:
                if form not in self._by_form:
                    # Of several names with one form the first is taken.
                    self._by_form[form] = {form(other): other for other in reversed(self._names)}
                found = self._by_form[form].get(form(written))
                if found is not None:
                    return found
        return None


def base_name(name: str) -> str:
    """The last part of an attachment's name, without folders, query or percent-coding, cleaned; may be empty."""
    last = re.split(r"[/\\]", _without_query(name))[-1]
    return clean(_decoded(last))


def safe_name(name: str) -> str:
    """A file name for a stranger's name that every system but for its length can write and that stays in its folder.

    >>> safe_name("../../etc/passwd"), safe_name("a\\nb|c.mp3"), safe_name("CON.mp4"), safe_name("...")
    ('passwd', 'a_b_c.mp3', '_CON.mp4', 'attachment')
    """
    base = base_name(name)
    stem, suffix = (base, "") if media_kind(Path(base)) is None else (base.rpartition(".")[0], Path(base).suffix)
    stem = "".join("_" if c in '<>:"/\\|?*' or unicodedata.category(c)[0] == "C" else c for c in stem).strip(". ")
    if stem.split(".")[0].lower() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem or 'attachment'}{suffix}"


def safe_stem(name: str) -> str:
    """The stem of :func:`safe_name`, so short that every system can write it.

    >>> safe_stem("../../etc/passwd"), safe_stem("a\\nb|c.mp3"), safe_stem("CON.mp4"), safe_stem("...")
    ('passwd', 'a_b_c', '_CON', 'attachment')
    """
    safe = safe_name(name)
    stem = safe if media_kind(Path(safe)) is None else safe.rpartition(".")[0]
    if len(stem.encode()) > _LONGEST_STEM_BYTES:
        # Two long names that differ at their ends stay two.
        digest = hashlib.sha256(stem.encode()).hexdigest()[:8]
        stem = stem.encode()[: _LONGEST_STEM_BYTES - 9].decode(errors="ignore") + "_" + digest
    return stem


def _shown(folder: Path) -> str:
    """A folder in a sentence: as it was given, but for one such as `.` or `..`, which would end it."""
    return printable(str(folder if folder.name not in ("", "..") else folder.resolve()))


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


def _as_written(text: str) -> str:
    return text


def _composed(text: str) -> str:
    return clean(_decoded(text))


def _loose(text: str) -> str:
    """One form for all: decoded, composed, without case or what nobody sees, one kind of space."""
    return re.sub(r"[\s_+]+", " ", nfc(unicodedata.normalize("NFKC", clean(_decoded(text)))).casefold()).strip()


def _mended(text: str) -> str:
    """As :func:`_loose`, for a name that was misread (`B¶n tin ®äc thö.mp3`), as names in old archives are."""
    name = _decoded(text)
    misreading = None if name.isascii() else misreading_of(name)
    return _loose(misreading.mended(name) if misreading is not None else name)


#: From the nearest to how a name was written to the furthest.
_FORMS = (_as_written, nfc, _composed, _loose, _mended)


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
