"""Reads an article from a file, whatever its form."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mediakit.article.document import Article
from mediakit.article.html import parse_html
from mediakit.article.text import parse_text
from mediakit.errors import ArticleError
from mediakit.text_decoding import read_text

TEXT_SUFFIXES = frozenset({".txt", ".text"})
HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
ARTICLE_SUFFIXES = TEXT_SUFFIXES | HTML_SUFFIXES
_MARKUP = ("<!doctype html", "<html")


def load_article(path: Path) -> Article:
    """The article in a file: HTML by its suffix or first tag, else the newspaper's plain text.

    Raises
    ------
    ArticleError
        If the file cannot be read, is not text, or has no text in it.
    """
    markup = path.suffix.lower() in HTML_SUFFIXES
    decoded = read_text(path, ArticleError, "article", markup=markup)
    if not markup and decoded.text.lstrip()[:20].lower().startswith(_MARKUP):
        markup, decoded = True, read_text(path, ArticleError, "article", markup=True)
    article = (parse_html if markup else parse_text)(decoded.text, path)
    told = decoded.notices(path.name)
    return replace(article, notices=(*told, *(n for n in article.notices if n.code not in {one.code for one in told})))
