"""The reader page as a review shows it: made anew from article and records, so that it has what was saved last."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from mediakit.article.attachments import find_attachment
from mediakit.article.document import Article, Attachment, Paragraph, Sentence
from mediakit.errors import AttachmentError, MediakitError, OutputError
from mediakit.outputs.linked_data import PageMedia
from mediakit.outputs.page import render_page
from mediakit.outputs.page_listing import read_page
from mediakit.outputs.record import read_record
from mediakit.result import Result
from mediakit.review.pages import is_inside, page_of, page_texts

_POLICY = 'meta[http-equiv="Content-Security-Policy"]'


def reader_page(path: Path, root: Path) -> tuple[Path, str]:
    """The page in the file `path`, or that of the record `path`; with it the file whose page it is.

    A page whose article or records are not there is shown as it lies there. A record without a page gets one that is
    written nowhere.

    Raises
    ------
    OutputError
        If the file cannot be read, or is neither.
    """
    if path.suffix == ".json":
        result = read_record(path)
        page = page_of(path, result, root)
        return (page.path, "") if page is not None else (path, _page_of_record(path, result, root))
    page = read_page(path)
    records = [record for record in page.record_paths() if record is not None] if page is not None else []
    for record in records:
        if page is not None and is_inside(record, root):
            try:
                return path, page_texts(page, record, read_record(record), root)[path]
            except MediakitError:
                break
    try:
        return path, path.read_bytes().decode("utf-8", errors="replace")
    except OSError as error:
        raise OutputError(f"cannot be read ({error.strerror or error})", file=path) from error


@cache
def page_policy() -> str:
    """The Content-Security-Policy of reader pages: that of one made here, and what only a server can ask for.

    It goes with every page that is served, so that of a page from elsewhere only the script that mediakit ships runs.
    """
    page = LexborHTMLParser(render_page(Article("", ()), (), "page.html"))
    found = page.css_first(_POLICY)
    assert found is not None
    return f"{found.attributes['content']}; frame-ancestors 'none'"


def _page_of_record(path: Path, result: Result, root: Path) -> str:
    stem = path.name.removesuffix(".json")
    beside = {
        name: f"{stem}.{suffix}" if path.with_name(f"{stem}.{suffix}").is_file() else None
        for name, suffix in (("captions", "vtt"), ("subrip", "srt"), ("transcript", "txt"))
    }
    medium = PageMedia(result, _source(path, result, root), **beside)
    return render_page(_article_of(result), (medium,), path.name)


def _source(path: Path, result: Result, root: Path) -> str | None:
    try:
        found = find_attachment(Attachment(result.media.kind, result.media.path), path.parent)
    except AttachmentError:
        return None
    return found.relative_to(path.parent).as_posix() if is_inside(found, root) else None


def _article_of(result: Result) -> Article:
    """What the record knows of its article: title and running text; of a medium without one, its name."""
    known = result.article
    if known is None:
        return Article(result.media.path, ())
    by_paragraph = groupby((s for s in known.sentences if s.id != "p0s1"), key=_paragraph)
    blocks = tuple(Paragraph(number, tuple(sentences)) for number, sentences in by_paragraph)
    return Article(known.title, blocks)


def _paragraph(sentence: Sentence) -> int:
    return int(sentence.id.removeprefix("p").partition("s")[0])
