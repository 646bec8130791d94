"""Page layouts after the structure of Vietnamese newspapers, each with what a person marked as its article.

`tuned` were looked at while the reading was written, `unseen` and `later` only once it stood; of `mended` most went
wrong at first, and what was wrong was mended.
`scripts/measure_pages.py` measures them beside other extractors. In a truth `blocks` are `["p", text]`,
`["photo", caption, credit]` and `["audio" | "video", name]`; a paragraph in `optional` may be there or not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mediakit.article.document import Article, Paragraph, Photo
from mediakit.article.load import load_article

LAYOUTS = Path(__file__).parent / "layouts"
PAGES = sorted(LAYOUTS.glob("*/*.html"))


def blocks_of(article: Article) -> list[list[str]]:
    """The blocks as the truths have them."""
    found: list[list[str]] = []
    for block in article.blocks:
        if isinstance(block, Paragraph):
            found.append(["p", block.text])
        elif isinstance(block, Photo):
            found.append(["photo", block.caption, block.credit])
        else:
            found.append([block.kind, block.name])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_a_layout_reads_as_it_was_marked(page: Path) -> None:
    truth: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    article = load_article(page)
    optional = [["p", text] for text in truth.get("optional", [])]
    assert article.title == truth["title"]
    assert [block for block in blocks_of(article) if block not in optional] == truth["blocks"]
    assert (article.published.isoformat() if article.published else "") == (truth["published"] or "")
    assert article.author == truth["author"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_names_of_classes_are_not_needed(page: Path) -> None:
    """With class names of menus and comments on every wrapper of the article its running text is the same."""
    truth: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    from mediakit.article.html import parse_html

    wrapped = page.read_text(encoding="utf-8").replace("<body", '<body class="comment-wrapper has-sidebar share"', 1)
    article = parse_html(wrapped)
    wanted = [block[1] for block in truth["blocks"] if block[0] == "p"]
    assert [p.text for p in article.paragraphs if p.text not in truth.get("optional", [])] == wanted


def test_there_are_twelve_and_more() -> None:
    assert len(list((LAYOUTS / "tuned").glob("*.json"))) == 12
    assert len(PAGES) >= 18
