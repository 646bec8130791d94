"""The other articles of a folder, for a medium that its own article does not fit."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from mediakit.article.document import Article
from mediakit.article.load import load_article
from mediakit.errors import ArticleError
from mediakit.jobs.plan import is_article, is_called_like_transcript, is_own_page
from mediakit.vietnamese.normal import nfc

#: Two articles whose media were mixed up were mostly published together, and names go by date or subject: so many
#: files are looked at, half of them before the article in the order of names and half after it.
MOST = 200
#: A newspaper's page is some ten kilobytes of text, a saved one with its markup some hundred.
LARGEST_BYTES = 500_000


def neighbours(article: Path) -> Iterator[Article]:
    """The other articles in the folder of `article`, each read when it is asked for.

    At most 200 files of at most 500 kB. Nobody asked for these files, so what is hidden, is a link that leads out of
    the folder, is one of mediakit's own outputs, or cannot be read is passed over without a word.
    """
    for path in _nearest(article):
        other = _read(path, article)
        if other is not None:
            yield other


def _nearest(article: Path) -> list[Path]:
    try:
        files = {path.name: path for path in article.parent.iterdir()}
    except OSError:
        return []
    paths = set(files.values())
    articles = (p for p in paths if p.name[0] != "." and is_article(p) and not is_own_page(p, paths))
    # What is said in a medium fits its own transcript best, but that is no article.
    named = [path for path in articles if not is_called_like_transcript(path)]
    ordered = sorted((nfc(path.name), path.name) for path in named if path.name != article.name)
    place = bisect_left(ordered, (nfc(article.name), article.name))
    first = max(0, min(place - MOST // 2, len(ordered) - MOST))
    return [files[name] for _, name in ordered[first : first + MOST]]


def _read(path: Path, article: Path) -> Article | None:
    try:
        real, folder = path.resolve(strict=True), article.parent.resolve(strict=True)
        if not real.is_relative_to(folder) or real == article.resolve() or path.stat().st_size > LARGEST_BYTES:
            return None
        return load_article(path)
    except (ArticleError, OSError, RuntimeError):  # RuntimeError: a link to itself, before Python 3.13
        return None
