"""What there is to do: articles with their media, and loose media, from the paths that a user gives."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from mediakit.article.attachments import MediaFolder, media_kind, safe_name
from mediakit.article.document import Article, MediaKind
from mediakit.article.load import ARTICLE_SUFFIXES, OTHER_DOCUMENT_SUFFIXES, load_article
from mediakit.errors import ArticleError, AttachmentError, MediakitError, OutputError, UsageError
from mediakit.jobs.passed_over import Skipped, other_kind, unread, without_sound
from mediakit.outputs.files import STATE_FOLDER, OutputFolder
from mediakit.outputs.ledger import Ledger
from mediakit.outputs.names import folder_name, name_key, page_stem, stem_of
from mediakit.outputs.origin import origin_of
from mediakit.vietnamese.normal import nfc

#: What a transcript of our own is called (`NAME.vi.txt`, `NAME.vi.timed.txt`); so may an article be.
_LIKE_TRANSCRIPT = re.compile(r".+\.[a-z]{2,3}(\.timed)?\.txt", re.IGNORECASE | re.DOTALL)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]+:[\\/]", re.IGNORECASE)

#: Articles, and what tells a page of our own from one.
_BESIDE_ARTICLES = ARTICLE_SUFFIXES | OTHER_DOCUMENT_SUFFIXES | {".jsonld"}
_HERE = PurePath()


@dataclass(frozen=True, slots=True)
class Piece:
    """One media file of a job: found at `path`, or not to be had because of `error`.

    `is_shared` is whether an article before this one names it too: then its results bear this article's name as well.
    """

    named: str
    kind: MediaKind
    path: Path | None
    error: MediakitError | None = None
    is_shared: bool = False


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
    #: Whether an article before this one, in the same folder, has its name with another suffix.
    shares_name: bool = False
    #: Whether one before it has its whole name, too, but for Unicode form or letter case.
    is_marked: bool = False

    @property
    def name(self) -> str:
        """What to call the job in messages."""
        if self.source is not None:
            return self.source.name
        return self.pieces[0].named if self.pieces else "nothing"


def is_article(path: Path) -> bool:
    """Whether a file may be an article by its name, and is none of our own outputs by what it holds."""
    return path.suffix.lower() in ARTICLE_SUFFIXES and origin_of(path) == "foreign"


def is_called_like_transcript(path: Path) -> bool:
    """Whether a text is called as our transcripts are; it may be one whose record is gone, and it may be an article."""
    return _LIKE_TRANSCRIPT.fullmatch(path.name) is not None


def is_media(path: Path) -> bool:
    """Whether a file is media by its name, or by its content where the name says nothing."""
    if media_kind(path) is not None:
        return True
    return not _is_of_articles(path) and other_kind(path) is None and _is_recognised(path)


def _is_of_articles(path: Path) -> bool:
    """Whether a file is taken for an article, or for what tells a page of our own from one."""
    return path.suffix.lower() in _BESIDE_ARTICLES


def _is_recognised(path: Path) -> bool:
    from mediakit.media.recognise import recognise

    return recognise(path) is not None


def plan(source: Path, *, article: Path | None = None, media_dir: Path | None = None) -> Job:
    """The job that one SOURCE stands for: an article, a media file, or a folder with one article and its media.

    Raises
    ------
    UsageError
        If there is no such source, it is neither, or a folder cannot be listed or holds several articles.
    ArticleError
        If the article cannot be read.
    """
    for given in (source, article):
        if given is not None and not given.exists():
            raise _no_such(given)
    if source.is_dir():
        return _plan_folder(source, article, media_dir)
    if source.suffix.lower() in ARTICLE_SUFFIXES | OTHER_DOCUMENT_SUFFIXES:
        if article is not None:
            raise UsageError("is an article itself; --article goes with media", file=source)
        return _with_attachments(load_article(source), source, media_dir)
    document = load_article(article) if article is not None else None
    return Job(document, (_piece(source, source.name),), source=article, source_is_media=True)


def _no_such(path: Path) -> UsageError:
    if _ADDRESS.match(str(path)) is None:
        return UsageError("no such file or folder", file=path, remedy="Check the path.")
    # A path has one slash where the address had two.
    address = re.sub(r":[\\/]+", "://", str(path), count=1)
    remedy = "Download it first, and give the file; folders of a store go with `mediakit batch`."
    return UsageError("is an address, not a file of this machine", file=address, remedy=remedy)


def plan_tree(folder: Path, *, media_dir: Path | None = None) -> Iterator[Job]:
    """Every article and every loose media file under `folder`, as :meth:`Tree.jobs`, with the errors of that."""
    return Tree(folder, media_dir=media_dir).jobs()


class Tree:
    """What is to be done under a folder, as it was when this was made; articles are read as their jobs are asked for.

    Hidden files and mediakit's own outputs are left out without a word. A folder that cannot be listed, a link out of
    the tree, to a folder or to nowhere, a text that names no media, a file of another kind: these are `skipped`.

    Parameters
    ----------
    apart
        Whether results go to another folder than their sources; then sub-folders whose names are the same to people
        or to other systems are kept apart there.

    Raises
    ------
    UsageError
        If the folder itself cannot be listed.
    """

    def __init__(self, folder: Path, *, media_dir: Path | None = None, apart: bool = False) -> None:
        self.folder = folder
        self._media_dir = media_dir
        self._apart = apart
        self._root = folder.resolve()
        self._real_folders: dict[Path, str] = {}
        #: Where the results of what is in a folder go, below the folder for results.
        self._below: dict[Path, PurePath] = {folder: _HERE}
        self._articles: list[Path] = []
        media: list[Path] = []
        self._skipped: list[Skipped] = []
        self._without_media: list[Skipped] = []
        self._claimed: set[str] = set()
        waiting: list[tuple[Path, tuple[_Results, ...]]] = [(folder, ())]
        while waiting:
            place, results = waiting.pop()
            entries = self._entries(place)
            if any(entry.name == STATE_FOLDER for entry in entries):
                results = (*results, *self._results(place))
            folders = [Path(entry.path) for entry in entries if _is_folder(entry)]
            self._settle(place, folders)
            waiting += [(below, results) for below in folders]
            files = [Path(entry.path) for entry in entries if self._is_file(entry)]
            self._articles += self._articles_among(files, results)
            media += self._media_among(files, results)
        self._articles.sort(key=_by_name)
        self._media = self._each_once(media)

    @property
    def articles(self) -> int:
        """How many files may be articles; those that name no media turn out when they are read."""
        return len(self._articles)

    @property
    def media(self) -> int:
        """How many media files there are, mediakit's own not counted; whether an article names them or not."""
        return len(self._media)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What no job is made of, and why, by name; texts that name no media as far as :meth:`jobs` has come."""
        # An article may name a medium whatever its ending.
        found = [item for item in self._skipped if not self._claimed or self._real(item.path) not in self._claimed]
        return tuple(sorted((*found, *self._without_media), key=lambda skipped: _by_name(skipped.path)))

    def jobs(self) -> Iterator[Job]:
        """Every article, then every medium that no article names, each in the order of their names.

        An article that cannot be read is a job with an error. Pipes and devices are jobs too, which will fail.
        """
        self._without_media.clear()
        self._claimed.clear()
        folders: dict[Path, MediaFolder] = {}
        pages = _PageNames(self._articles, beside=not self._apart)
        for path in self._articles:
            below = self._below[path.parent]
            try:
                article = load_article(path)
            except ArticleError as error:
                if is_called_like_transcript(path):
                    self._without_media.append(Skipped(path, f"is called like a transcript, and {error.what}"))
                elif path.suffix.lower() in OTHER_DOCUMENT_SUFFIXES:
                    self._without_media.append(unread(path, error))
                else:
                    yield Job(None, (), below, path, error)
                continue
            if not article.attachments:
                self._without_media.append(Skipped(path, "names no audio or video"))
                continue
            place = self._media_dir or path.parent
            pieces = _attached(article, folders.setdefault(place, MediaFolder(place)))
            keys = [self._claim(piece, place) for piece in pieces]
            pieces = tuple(replace(p, is_shared=key in self._claimed) for p, key in zip(pieces, keys, strict=True))
            self._claimed.update(keys)
            shares_name, is_marked = pages.take(path)
            yield Job(article, pieces, below, path, shares_name=shares_name, is_marked=is_marked)
        for real, path in self._media.items():
            if real not in self._claimed:
                yield Job(None, (_piece(path, path.name),), self._below[path.parent], source_is_media=True)

    def _settle(self, place: Path, folders: Sequence[Path]) -> None:
        """Settle where the results of sub-folders go: beside their sources, or in folders whose names differ."""
        several = Counter(name_key(folder.name) for folder in folders)
        for folder in folders:
            key = name_key(folder.name)
            near = [other.name for other in folders if name_key(other.name) == key] if several[key] > 1 else []
            self._below[folder] = self._below[place] / (folder_name(folder.name, near) if self._apart else folder.name)

    def _media_among(self, files: Iterable[Path], results: tuple[_Results, ...]) -> Iterator[Path]:
        """The media files without those that mediakit made: clips, and videos with captions in them."""
        for path in files:
            if media_kind(path) is not None:
                if not any(those.has(path) for those in results):
                    yield path
            elif not (_is_of_articles(path) or _is_ours(path, results)):
                why = other_kind(path) or (without_sound(path) if not _is_recognised(path) else None)
                if why is None:
                    yield path
                else:
                    self._skipped.append(why)

    def _claim(self, piece: Piece, place: Path) -> str:
        """What two articles that name the same medium have in common; also of one that is not there."""
        if piece.path is not None:
            return self._real(piece.path)
        return name_key(f"{place}\0{piece.named}")

    def _entries(self, place: Path) -> list[os.DirEntry[str]]:
        try:
            return _entries(place)
        except UsageError as error:
            if place == self.folder:
                raise
            self._skip(place, error.what)
            return []

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Whether an entry is to be looked at as a file; a link only to a file of the tree."""
        if entry.name.startswith(".") or _is_folder(entry):
            return False
        return not _is_link(entry) or self._is_followed(Path(entry.path))

    def _is_followed(self, link: Path) -> bool:
        try:
            is_folder = stat.S_ISDIR(link.stat().st_mode)
        except OSError as error:
            nowhere = isinstance(error, FileNotFoundError)
            why = "is a link to nowhere" if nowhere else f"is a link that cannot be followed ({error.strerror})"
            self._skip(link, why)
            return False
        if not link.resolve().is_relative_to(self._root):
            if is_folder or media_kind(link) is not None or is_article(link):
                self._skip(link, "is a link that leads out of the tree")
            return False
        if is_folder:
            self._skip(link, "is a link to a folder, which is looked into where it really is")
        return not is_folder

    def _results(self, place: Path) -> list[_Results]:
        results = _Results(place)
        try:
            results.ledger.digests("")
        except OSError as error:
            self._skip(results.ledger.path, f"cannot be read ({error.strerror}), so that own outputs are not known")
            return []
        return [results]

    def _articles_among(self, files: Iterable[Path], results: tuple[_Results, ...]) -> Iterator[Path]:
        texts = {path for path in files if path.suffix.lower() in _BESIDE_ARTICLES}
        for path in texts:
            if path.suffix.lower() == ".jsonld" or is_own_page(path, texts):
                continue
            noted = [those for those in results if those.has_name_of(path)]
            if not noted:
                if is_article(path) or path.suffix.lower() in OTHER_DOCUMENT_SUFFIXES:
                    yield path
                else:
                    self._skip(path, "is a transcript or page that mediakit wrote", may_matter=False)
            elif not any(those.has(path) for those in noted):
                self._skip(path, "was written by mediakit, and changed since")

    def _each_once(self, media: Iterable[Path]) -> dict[str, Path]:
        """The media by where they really are; of a file and links to it, the file."""
        found: dict[str, Path] = {}
        for path in sorted(media, key=lambda p: (p.is_symlink(), _by_name(p))):
            found.setdefault(self._real(path), path)
        return dict(sorted(found.items(), key=lambda item: _by_name(item[1])))

    def _real(self, path: Path) -> str:
        """Where a file really is. Its folder is resolved once: to resolve each path takes longer than all the rest."""
        if path.is_symlink():
            return str(path.resolve())
        folder = path.parent
        if folder not in self._real_folders:
            self._real_folders[folder] = str(folder.resolve())
        return os.path.join(self._real_folders[folder], path.name)  # noqa: PTH118

    def _skip(self, path: Path, why: str, *, may_matter: bool = True) -> None:
        self._skipped.append(Skipped(path, why, may_matter))


class _PageNames:
    """Gives the articles of a tree names for their pages, no two the same, as :func:`page_stem` makes them."""

    def __init__(self, articles: Iterable[Path], *, beside: bool) -> None:
        self._beside = beside
        # A saved page that lies where the pages go keeps its name, also on a disk that knows no letter case.
        saved = (path for path in articles if path.suffix.lower() == ".html") if beside else ()
        self._taken = {self._key(path, path.stem) for path in saved}

    def take(self, article: Path) -> tuple[bool, bool]:
        """Whether the article's pages have its name in full, and whether with a mark."""
        for in_full in (False, True):
            key = self._key(article, page_stem(article.name, beside=self._beside, in_full=in_full))
            if key not in self._taken:
                self._taken.add(key)
                return in_full, False
        return True, True

    def _key(self, article: Path, stem: str) -> str:
        return name_key(str(article.parent / stem))


class _Results:
    """What mediakit wrote below a folder, by the ledger there."""

    def __init__(self, root: Path) -> None:
        self.ledger = Ledger(root / STATE_FOLDER)
        self._root = root
        self._folder = OutputFolder(root, ledger=self.ledger)

    def has_name_of(self, path: Path) -> bool:
        """Whether mediakit wrote a file of that name, by the ledger or by what it holds; it may be changed since."""
        name = path.relative_to(self._root)
        with suppress(OSError, OutputError):
            return bool(self.ledger.digests(nfc(name.as_posix()))) or self._folder.origin(name) != "foreign"
        return False

    def has(self, path: Path) -> bool:
        """Whether mediakit wrote the file as it is."""
        with suppress(OutputError):  # it cannot be read; whoever does its job says why
            return self._folder.wrote(path.relative_to(self._root))
        return False


def _is_ours(path: Path, results: Iterable[_Results]) -> bool:
    return any(those.has_name_of(path) for those in results) or origin_of(path) != "foreign"


def _media_of_others(files: Iterable[Path], results: Iterable[_Results]) -> Iterator[Path]:
    """The media files without those that mediakit made: clips, and videos with captions in them."""
    for path in files:
        if is_media(path) and not any(those.has(path) for those in results):
            yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listed:
            return list(listed)
    except OSError as error:
        why = f"cannot be listed ({error.strerror or error})"
        raise UsageError(why, file=folder, remedy="Mend the permissions.") from error


def _is_link(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() or (sys.version_info >= (3, 12) and entry.is_junction())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a folder to look into: neither hidden nor a link."""
    with suppress(OSError):
        return not entry.name.startswith(".") and not _is_link(entry) and entry.is_dir(follow_symlinks=False)
    return False


def _by_name(path: Path) -> str:
    return nfc(str(path))


def siblings(path: Path) -> list[str]:
    """Names of the media files in the folder of `path` that could share its results' NAME, itself among them.

    Those are the ones of its NAME, of the NAME in that (`a.mp4` for `a.mp3.wav`), and so on. `output_stem` says the
    same of them as of the whole folder, of which there may be a hundred thousand.
    """
    try:
        names = os.listdir(path.parent)  # noqa: PTH208
    except OSError:
        return [path.name]
    wanted = set(_stems_in(name_key(path.name)))
    near = (name for name in names if name_key(stem_of(name)) in wanted)
    return sorted(name for name in near if is_media(path.with_name(name)))


def _stems_in(name: str) -> Iterator[str]:
    """`a.mp3` and `a` for `a.mp3.wav`."""
    while (stem := stem_of(name)) != name:
        yield stem
        name = stem
    yield name


def own_name(path: Path, near: Iterable[str]) -> str:
    """The name of a file as its folder lists it: some disks find a file by a name in another form or letter case."""
    if path.name not in near:
        for name in near:
            with suppress(OSError):
                if name_key(name) == name_key(path.name) and path.samefile(path.with_name(name)):
                    return name
    return path.name


def place_of(job: Job, piece: Piece) -> Path | None:
    """Where a medium of a job is; of one that was not found, where it would be beside its article."""
    if piece.path is not None or job.source is None or job.source_is_media:
        return piece.path
    return job.source.parent / safe_name(piece.named)


def is_own_page(path: Path, files: Collection[Path]) -> bool:
    """Whether a file is a reader page of our own: ARTICLE.html beside ARTICLE.jsonld and ARTICLE.txt among `files`."""
    return path.suffix.lower() == ".html" and path.with_suffix(".jsonld") in files and path.with_suffix(".txt") in files


def _plan_folder(folder: Path, article: Path | None, media_dir: Path | None) -> Job:
    listed = sorted((Path(entry.path) for entry in _entries(folder)), key=_by_name)
    files = {path: None for path in listed if path.name[0] != "." and _is_there(path)}
    results = _Results(folder)
    texts = [p for p in files if is_article(p) and not is_own_page(p, files) and not results.has_name_of(p)]
    if len(texts) > 1:
        # What is called like a transcript may be one whose record is gone.
        texts = [p for p in texts if not is_called_like_transcript(p) or _names_media(p)] or texts
    articles = [article] if article else texts
    media = list(_media_of_others(files, [results]))
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
    named = _attached(document, MediaFolder(media_dir or articles[0].parent))
    known = {piece.path.resolve() for piece in named if piece.path is not None}
    loose = tuple(_piece(p, p.name) for p in media if p.resolve() not in known)
    return Job(document, named + loose, source=articles[0])


def _names_media(path: Path) -> bool:
    with suppress(ArticleError):
        return bool(load_article(path).attachments)
    return False


def _is_there(path: Path) -> bool:
    """Whether a path is a file, a pipe or a device; not a folder or a link to nowhere."""
    try:
        return not stat.S_ISDIR(path.stat().st_mode)
    except OSError:
        return False


def _with_attachments(article: Article, path: Path, media_dir: Path | None) -> Job:
    if not article.attachments:
        raise UsageError(
            "names no audio or video",
            file=path,
            remedy=f"Give the media and the article: `mediakit transcribe MEDIA --article {path.name}`.",
        )
    return Job(article, _attached(article, MediaFolder(media_dir or path.parent)), source=path)


def _attached(article: Article, folder: MediaFolder) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for attachment in article.attachments:
        try:
            pieces.append(Piece(attachment.name, attachment.kind, folder.find(attachment)))
        except AttachmentError as error:
            pieces.append(Piece(attachment.name, attachment.kind, None, error))
    return tuple(pieces)


def _piece(path: Path, named: str) -> Piece:
    return Piece(nfc(named), media_kind(path) or "audio", path)
