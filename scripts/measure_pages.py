"""Measures how pages are read: the layouts of tests/article/layouts, by mediakit and by two known extractors.

    pip install trafilatura readability-lxml
    python scripts/measure_pages.py

Each layout has its marked truth. Counted are titles, dates, authors and leads that are right, paragraphs and photo
captions found and of those given right ones, and pages whose media are right and in order. Extractors that are not
installed are left out; what one does not give (captions, media) counts as not found.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mediakit.article.document import Attachment, Photo
from mediakit.article.html import parse_html
from mediakit.vietnamese.normal import nfc

LAYOUTS = Path(__file__).resolve().parents[1] / "tests" / "article" / "layouts"


@dataclass
class Read:
    """What a reader made of a page."""

    title: str = ""
    published: str = ""
    author: str = ""
    paragraphs: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    media: list[str] = field(default_factory=list)


def by_mediakit(page: str) -> Read:
    """The page as mediakit reads it."""
    article = parse_html(page)
    published = article.published.isoformat() if article.published else ""
    photos = [block.caption for block in article.blocks if isinstance(block, Photo)]
    media = [block.name for block in article.blocks if isinstance(block, Attachment)]
    return Read(article.title, published, article.author, [p.text for p in article.paragraphs], photos, media)


def by_trafilatura(page: str) -> Read:
    """The page as trafilatura extracts it, with comments left out and tables kept."""
    import trafilatura  # type: ignore[import-not-found, unused-ignore]

    document: Any = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False, include_tables=True)
    if document is None:
        return Read()
    lines = [line.lstrip("- ") for line in (document.text or "").splitlines() if line.strip()]
    return Read(document.title or "", document.date or "", document.author or "", lines)


def by_readability(page: str) -> Read:
    """The page as readability-lxml summarises it, cut into its blocks."""
    from readability import Document  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from selectolax.lexbor import LexborHTMLParser

    document: Any = Document(page)
    marked = re.sub(r"<(?:p|div|li|td|th|br|h\d|figcaption|blockquote|/div|/p)\b[^>]*>", "\n", document.summary())
    body = LexborHTMLParser(marked).body
    lines = [line for line in (body.text() if body is not None else "").splitlines() if line.strip()]
    return Read(document.short_title() or "", "", "", lines)


READERS: dict[str, tuple[str, Callable[[str], Read]]] = {
    "mediakit": ("mediakit", by_mediakit),
    "trafilatura": ("trafilatura", by_trafilatura),
    "readability-lxml": ("readability", by_readability),
}


def scores(folder: Path, reader: Callable[[str], Read]) -> Counter[str]:
    """Counts over the layouts in a folder."""
    counts: Counter[str] = Counter()
    for truth_file in sorted(folder.glob("*.json")):
        truth: dict[str, Any] = json.loads(truth_file.read_text(encoding="utf-8"))
        read = reader(truth_file.with_suffix(".html").read_text(encoding="utf-8"))
        blocks = truth["blocks"]
        paragraphs = [_folded(block[1]) for block in blocks if block[0] == "p"]
        photos = [_folded(block[1]) for block in blocks if block[0] == "photo"]
        media = [block[1] for block in blocks if block[0] in ("audio", "video")]
        allowed = {_folded(text) for text in (*truth.get("optional", []), truth["title"])}
        given = [text for text in map(_folded, read.paragraphs) if text not in allowed]
        counts["pages"] += 1
        counts["title"] += _folded(read.title) == _folded(truth["title"])
        counts["lead"] += bool(given) and given[0] == paragraphs[0]
        counts["date"] += (read.published or "")[:10] == (truth["published"] or "")[:10]
        counts["author"] += _folded(read.author) == _folded(truth["author"] or "")
        counts["paragraphs"] += len(paragraphs)
        counts["given"] += len(given)
        counts["right"] += sum((Counter(paragraphs) & Counter(given)).values())
        counts["photos"] += len(photos)
        counts["photos found"] += sum((Counter(photos) & Counter(map(_folded, read.photos))).values())
        counts["media"] += read.media == media
    return counts


def _folded(text: str) -> str:
    return " ".join(nfc(text).split())


def main() -> None:
    """Prints a line a reader for each set of layouts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["tuned", "unseen"])
    for name in parser.parse_args().sets:
        print(f"{name}: title lead date author | paragraphs: precision recall | photos | pages whose media are right")
        for label, (module, reader) in READERS.items():
            if find_spec(module) is None:
                print(f"  {label:<17} not installed")
                continue
            n = scores(LAYOUTS / name, reader)
            heads = " ".join(f"{n[key]}/{n['pages']}" for key in ("title", "lead", "date", "author"))
            precision, recall = n["right"] / max(1, n["given"]), n["right"] / max(1, n["paragraphs"])
            rest = f"{precision:.3f} {recall:.3f} | {n['photos found']}/{n['photos']} | {n['media']}/{n['pages']}"
            print(f"  {label:<17} {heads} | {rest}")


if __name__ == "__main__":
    main()
