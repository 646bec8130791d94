"""The reader page that shows a record: found by what it says of itself, and made anew from the article and all records.

A page names its media and their files in its own data (`outputs/page.py`). It may come from anywhere, so that what it
names counts only inside the folder that is reviewed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from mediakit.article.document import Article
from mediakit.article.load import load_article
from mediakit.errors import ArticleError, OutputError
from mediakit.outputs.linked_data import PageMedia, render_linked_data
from mediakit.outputs.names import page_stem
from mediakit.outputs.page import render_page
from mediakit.outputs.page_listing import Listed, ReaderPage, is_plain_file, read_page
from mediakit.outputs.record import read_record
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo

_NOBODY = EngineInfo("", "", None, "vi")


class PageNotMade(OutputError):
    """A page cannot be made anew; the record is none the worse for it."""

    code = "page-not-made"


def page_of(record: Path, result: Result, top: Path) -> ReaderPage | None:
    """The page that shows the record, in its folder or one above it up to `top`; None if there is none."""
    for folder in _upwards(record.parent, top):
        for name in _page_names(result.article):
            page = read_page(folder / name)
            if page is not None and any(_is_same(path, record) for path in page.record_paths()):
                return page
    return None


def page_texts(page: ReaderPage, record: Path, result: Result, root: Path) -> dict[Path, str]:
    """The texts of the page and of its linked data, where there are such files, with `result` as that of `record`.

    Raises
    ------
    PageNotMade
        If the article, or the record of another of its media, is not below `root` as it was.
    """
    article = _article(page, result, root)
    media = tuple(
        _page_media(medium, result if _is_same(path, record) else _other(page, path, medium, root))
        for medium, path in zip(page.media, page.record_paths(), strict=True)
    )
    linked = page.path.with_suffix(".jsonld")
    texts = {page.path: render_page(article, media, page.path.name)}
    if is_plain_file(linked):
        texts[linked] = render_linked_data(article, media, page.path.name)
    return texts


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path, links followed, leads to something at or below `root`."""
    try:
        return path.resolve(strict=True).is_relative_to(root.resolve(strict=True))
    except (OSError, RuntimeError, ValueError):
        return False


def _page_names(article: GroundedArticle | None) -> list[str]:
    """What a page of that article can be called."""
    name = PurePath(article.path).name if article is not None else ""
    if not name:
        return []
    forms = (page_stem(name, beside=beside, in_full=full) for full in (False, True) for beside in (False, True))
    return list(dict.fromkeys(f"{stem}.html" for stem in forms))


def _upwards(folder: Path, top: Path) -> Iterator[Path]:
    """The folder and those above it up to `top`, which it is below."""
    yield folder
    for above in folder.parents if folder != top else ():
        if not above.is_relative_to(top):
            return
        yield above


def _is_same(path: Path | None, record: Path) -> bool:
    try:
        return path is not None and path.samefile(record)
    except (OSError, ValueError):
        return False


def _article(page: ReaderPage, result: Result, root: Path) -> Article:
    """The article that the record was made with, found beside the page or its media by its sentences."""
    assert result.article is not None
    name = PurePath(result.article.path).name
    folders = [page.path.parent]
    for medium in page.media:
        if medium.source is not None and is_inside(source := page.path.parent / medium.source, root):
            folders += _upwards(source.resolve().parent, root.resolve())
    for folder in _once(folders):
        path = folder / name
        if path.is_file() and is_inside(path, root):
            try:
                article = load_article(path)
            except ArticleError:
                continue
            if article.sentences == result.article.sentences:
                return article
    raise PageNotMade(
        f"was not made anew, for the article {name} as it was is not in the folder that is reviewed", file=page.path,
        remedy="Review a folder that holds the article too, or run `mediakit transcribe` with --overwrite --overwrite.",
    )  # fmt: skip


def _once(folders: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(folder.resolve() for folder in folders))


def _other(page: ReaderPage, path: Path | None, medium: Listed, root: Path) -> Result:
    """The result of another medium of the page; one that is missing has nothing but its name."""
    if medium.source is None:
        return Result(MediaInfo(medium.name, None, None, medium.kind), _NOBODY, None, (), ())
    if path is None or not is_inside(path, root):
        raise PageNotMade(f"was not made anew, for {medium.name} has no record", file=page.path)
    try:
        return read_record(path)
    except OutputError as error:
        raise PageNotMade(f"was not made anew, for {path.name} {error.what}", file=page.path) from error


def _page_media(medium: Listed, result: Result) -> PageMedia:
    return PageMedia(
        result, medium.source, captions=medium.captions, subrip=medium.subrip, transcript=medium.transcript
    )
