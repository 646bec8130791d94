"""What there is to do: articles with their media, and loose media, from the paths that a user gives."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from mediakit.article.attachments import find_attachment, media_kind
from mediakit.article.document import Article, MediaKind
from mediakit.article.load import ARTICLE_SUFFIXES, load_article
from mediakit.errors import ArticleError, AttachmentError, MediakitError, UsageError
from mediakit.outputs.files import OutputFolder
from mediakit.vietnamese.normal import nfc

#: A transcript (`NAME.vi.txt`, `NAME.vi.timed.txt`) or page of our own beside its sources is no article.
_OWN_TEXT = re.compile(r"\.[a-z]{2,3}(\.timed)?\.(txt|html)$", re.IGNORECASE)


_HERE = PurePath()


@dataclass(frozen=True, slots=True)
class Piece:
    """One media file of a job: found at `path`, or not to be had because of `error`."""

    named: str
    kind: MediaKind
    path: Path | None
    error: MediakitError | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """An article with its media, or one loose media file (`article` None).

    `folder` is where the outputs go below the output folder (sub-folders of the source are kept).
    """

    article: Article | None
    pieces: tuple[Piece, ...]
    folder: PurePath = _HERE
    #: The article's file, also where it could not be read.
    source: Path | None = None
    error: MediakitError | None = None
    #: Whether the user named the media file itself, and not an article or folder that it belongs to.
    source_is_media: bool = False

    @property
    def name(self) -> str:
        """What to call the job in messages."""
        if self.source is not None:
            return self.source.name
        return self.pieces[0].named if self.pieces else "nothing"


def is_article(path: Path) -> bool:
    """Whether a file may be an article by its name, and is none of our own outputs."""
    return path.suffix.lower() in ARTICLE_SUFFIXES and not _OWN_TEXT.search(path.name)


def plan(source: Path, *, article: Path | None = None, media_dir: Path | None = None) -> Job:
    """The job that one SOURCE stands for: an article, a media file, or a folder with one article and its media.

    Raises
    ------
    UsageError
        If there is no such source, it is neither, or a folder holds several articles.
    ArticleError
        If the article cannot be read.
    """
    if source.is_dir():
        return _plan_folder(source, article, media_dir)
    if not source.exists():
        raise UsageError("no such file or folder", file=source, remedy="Check the path.")
    if media_kind(source) is None and is_article(source):
        if article is not None:
            raise UsageError("is an article itself; --article goes with media", file=source)
        return _with_attachments(load_article(source), source, media_dir)
    document = load_article(article) if article is not None else None
    return Job(document, (_piece(source, source.name),), source=article, source_is_media=True)


def plan_tree(folder: Path, *, media_dir: Path | None = None) -> Iterator[Job]:
    """Every article and every loose media file under `folder`, in the order of their names.

    Hidden files, links out of the folder and mediakit's own outputs are left out. An article that cannot be read
    is a job with an error; a text that names no media is no job.
    """
    files = sorted(_walk(folder), key=lambda p: nfc(str(p)))
    claimed: set[Path] = set()
    for path in files:
        if not is_article(path) or is_own_page(path, files):
            continue
        below = path.parent.relative_to(folder)
        try:
            job = _with_attachments(load_article(path), path, media_dir, below=below)
        except UsageError:
            continue
        except ArticleError as error:
            yield Job(None, (), below, path, error)
            continue
        claimed |= {piece.path.resolve() for piece in job.pieces if piece.path is not None}
        yield job
    for path in _media_of_others(files):
        if path.resolve() not in claimed:
            piece = _piece(path, path.name)
            yield Job(None, (piece,), path.parent.relative_to(folder), source_is_media=True)


def siblings(path: Path) -> list[str]:
    """Names of the media files in the folder of `path`, itself among them; they may share a NAME."""
    try:
        return sorted(entry.name for entry in path.parent.iterdir() if media_kind(entry) is not None)
    except OSError:
        return [path.name]


def _media_of_others(files: Iterable[Path]) -> Iterator[Path]:
    """The media files without those that mediakit made: clips, and videos with captions in them."""
    folders: dict[Path, OutputFolder] = {}
    for path in files:
        if media_kind(path) is not None:
            if path.parent not in folders:
                folders[path.parent] = OutputFolder(path.parent)
            if not folders[path.parent].wrote(path.name):
                yield path


def _walk(folder: Path) -> Iterator[Path]:
    root = folder.resolve()
    for directory, names, files in os.walk(folder):
        names[:] = sorted(n for n in names if not n.startswith("."))
        for name in files:
            path = Path(directory) / name
            if name.startswith(".") or not path.is_file():
                continue
            if path.is_symlink() and not path.resolve().is_relative_to(root):
                continue
            yield path


def is_own_page(path: Path, files: Collection[Path]) -> bool:
    """Whether a file is a reader page of our own: ARTICLE.html beside ARTICLE.jsonld and ARTICLE.txt among `files`."""
    return path.suffix.lower() == ".html" and path.with_suffix(".jsonld") in files and path.with_suffix(".txt") in files


def _plan_folder(folder: Path, article: Path | None, media_dir: Path | None) -> Job:
    files = [p for p in sorted(folder.iterdir(), key=lambda p: nfc(p.name)) if p.is_file() and p.name[0] != "."]
    articles = [article] if article else [p for p in files if is_article(p) and not is_own_page(p, files)]
    media = list(_media_of_others(files))
    if not articles and not media:
        raise UsageError("holds no article and no media", file=folder, remedy="Name the files, or another folder.")
    if not articles:
        raise UsageError(
            "holds media but no article", file=folder, remedy=f"Run `mediakit batch {folder}`, or add --article FILE."
        )
    if len(articles) > 1:
        names = ", ".join(p.name for p in articles[:3])
        raise UsageError(
            f"holds {len(articles)} articles ({names})", file=folder, remedy=f"Run `mediakit batch {folder}`."
        )
    document = load_article(articles[0])
    named = _attached(document, media_dir or articles[0].parent)
    known = {piece.path.resolve() for piece in named if piece.path is not None}
    loose = tuple(_piece(p, p.name) for p in media if p.resolve() not in known)
    return Job(document, named + loose, source=articles[0])


def _with_attachments(article: Article, path: Path, media_dir: Path | None, below: PurePath | None = None) -> Job:
    if not article.attachments:
        raise UsageError(
            "names no audio or video",
            file=path,
            remedy=f"Give the media and the article: `mediakit transcribe MEDIA --article {path.name}`.",
        )
    return Job(article, _attached(article, media_dir or path.parent), below or PurePath(), path)


def _attached(article: Article, folder: Path) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for attachment in article.attachments:
        try:
            pieces.append(Piece(attachment.name, attachment.kind, find_attachment(attachment, folder)))
        except AttachmentError as error:
            pieces.append(Piece(attachment.name, attachment.kind, None, error))
    return tuple(pieces)


def _piece(path: Path, named: str) -> Piece:
    return Piece(nfc(named), media_kind(path) or "audio", path)
