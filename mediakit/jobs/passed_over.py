"""Files that no job is made of, and why: nothing of a folder is left out in silence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mediakit.article.load import ARTICLE_SUFFIXES
from mediakit.errors import MediakitError

#: Hidden files of systems that are not hidden.
SYSTEM_FILES = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"})
_DOCUMENTS = frozenset(
    (
        ".doc .docx .docm .dot .odt .fodt .rtf .wps .wpd .pages .pdf .djvu .xps .webarchive .maff .mht .mhtml .epub "
        ".mobi .azw3 .md .ppt .pptx .odp"
    ).split()
)
_CAPTIONS = frozenset(
    ".srt .vtt .ass .ssa .sbv .lrc .ttml .dfxp .smi .sami .scc .stl .sub .idx .sup .mks .mpl .usf".split()
)
_PLAYLISTS = frozenset(".m3u .m3u8 .pls .asx .wax .wvx .wpl .xspf .ram .smil .mpd .cue .ism .kpl .zpl".split())
_UNFINISHED = frozenset(".part .partial .crdownload .download .opdownload .!ut .!qb .filepart .tmp .temp".split())
_PACKED = frozenset(".zip .rar .7z .tar .gz .tgz .bz2 .xz .zst .iso .cab".split())
_NOTES = frozenset(".mid .midi .kar .rmi .mod .xm .s3m .it".split())
#: Of web pages, cameras and offices; what else is looked into, for it may be media.
_OTHER = frozenset(
    (
        ".jpg .jpeg .png .gif .webp .svg .bmp .tif .tiff .ico .heic .heif .avif .psd .ai .eps .cr2 .nef .xmp .thm "
        ".css .js .mjs .map .json .jsonl .xml .xsl .xslt .rss .atom .yaml .yml .toml .ini .cfg .conf .csv .tsv .log "
        ".xls .xlsx .ods .php .aspx .asp .jsp .py .pyc .sh .bat .cmd .exe .dll .so .msi .apk .woff .woff2 .ttf .otf "
        ".eot .db .sqlite .sqlite3 .lnk .url .torrent .md5 .sha1 .sha256 .sfv .nfo .eml .msg .ics .vcf .bak .lock "
        ".swp .aup .aup3 .textgrid .eaf .rttm"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or folder that no job is made of, and why, as a short clause.

    `may_matter` is whether somebody may well have meant it to be done.
    """

    path: Path
    why: str
    may_matter: bool = True


def other_kind(path: Path) -> Skipped | None:
    """Why a file is passed over by its name alone; None where its content is to be asked."""
    suffix = path.suffix.lower()
    if suffix in _DOCUMENTS - ARTICLE_SUFFIXES:
        return Skipped(path, f"is a document of a form that is not read; {save_as()}")
    if suffix in _PLAYLISTS:
        return Skipped(path, "is a playlist, which names media and holds none; put the media themselves here")
    if suffix in _UNFINISHED:
        return Skipped(path, "is named like a download that has not ended; wait for it, or download it again")
    if suffix in _PACKED:
        return Skipped(path, "is an archive; unpack it")
    if suffix in _NOTES:
        return Skipped(path, "holds notes of music and no sound", may_matter=False)
    if suffix in _CAPTIONS:
        return Skipped(path, "is a file of captions", may_matter=False)
    if suffix in _OTHER or path.name.lower() in SYSTEM_FILES:
        return Skipped(path, "is neither an article nor media", may_matter=False)
    return None


def unread(path: Path, error: MediakitError) -> Skipped:
    """For a document that was looked into, and is of a form that is not read."""
    remedy = error.remedy[:1].lower() + error.remedy[1:].rstrip(".")
    return Skipped(path, f"{error.what}; {remedy}" if remedy else error.what)


def save_as() -> str:
    """What to do with a document of a form that is not read."""
    forms = [suffix for suffix in (".txt", ".html", ".docx") if suffix in ARTICLE_SUFFIXES]
    return f"save it as {', '.join(forms[:-1])} or {forms[-1]}"


def without_sound(path: Path) -> Skipped:
    """For a file that was looked into."""
    called = f"has the ending {path.suffix}" if path.suffix else "has no ending"
    why = f"{called} and no sound in it; an article is called .txt or .html"
    return Skipped(path, why, may_matter=not path.suffix)
