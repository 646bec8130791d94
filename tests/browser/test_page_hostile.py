"""Forty hostile texts in the title, body, cues and file name of a page: they run nothing, and show as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from mediakit.article.document import Article, Attachment, Paragraph, Photo, Sentence
from mediakit.outputs.linked_data import PageMedia
from mediakit.text_decoding import clean
from tests.browser.hostile import HOSTILE
from tests.browser.reading import open_page, result_of, until, write_page

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: What the page shows of a text wherever it stands, and what it has of elements that no template of ours has.
SHOWN = """() => ({
    title: document.title,
    headline: document.querySelector("h1 span").textContent,
    body: document.getElementById("p1s1").textContent,
    photo: document.querySelector(".photo").firstChild.textContent.trim(),
    author: document.querySelector(".author").textContent,
    names: [...document.querySelectorAll(".file bdi")].map((name) => name.textContent),
    line: document.querySelector(".lines span").textContent,
    caption: document.querySelector(".caption").textContent,
    cue: document.querySelector("video").textTracks[0].cues[0].getCueAsHTML().textContent,
    elements: document.querySelectorAll("*").length,
    schemes: [...document.querySelectorAll("audio, video, track, a")].map((e) => new URL(e.src ?? e.href).protocol),
    foreign: document.querySelectorAll("img, iframe, object, embed, link, base, math, textarea, [http-equiv=refresh]")
        .length,
    ran: window.hacked,
    wide: document.documentElement.scrollWidth - innerWidth,
})"""


def test_there_are_forty() -> None:
    assert len(set(HOSTILE)) == 40


def test_hostile_text_is_text(browser: Page, reading: Path) -> None:
    """The page of each is opened from disk, played from, and looked at."""
    elements = set()
    for number, text in enumerate(("lành", *HOSTILE)):
        article = Article(
            title=text,
            blocks=(
                Paragraph(1, (Sentence("p1s1", text),)),
                Photo(text, "ảnh"),
                Attachment("audio", text),
                Attachment("video", f"{text}2"),
            ),
            author=text,
        )
        said = [(0, 3000, "p1s1"), (3000, 6000, text)]
        media = (
            # The player has a file that is there; the name that is shown is the article's.
            PageMedia(result_of(article, text, "audio", 54_000, said), "doc-bai.wav", f"{text}.vtt", f"{text}.srt"),
            PageMedia(result_of(article, f"{text}2", "video", 7000, said), "phat-bieu.mp4"),
        )
        path = write_page(reading / f"hostile-{number}.html", article, media)
        problems: list[str] = []
        with open_page(browser, path.as_uri(), problems) as page:
            page.evaluate("api.seek(0, 100)")
            until(page, "document.querySelector('.lines li.lit') !== null")
            page.locator("#search input").fill(text[:80])
            page.keyboard.press("Escape")
            shown = page.evaluate(SHOWN)
        assert problems == [], text[:80]
        assert shown["ran"] is None, text[:80]
        assert shown["foreign"] == 0, text[:80]
        assert set(shown["schemes"]) == {"file:"}, text[:80]
        assert shown["wide"] <= 0, text[:80]
        assert shown["title"] == text
        assert {shown[place] for place in ("headline", "body", "author", "line", "caption")} == {text}
        # A name is shown without what nobody sees: marks of direction would make another of it.
        assert shown["names"] == [clean(text), clean(f"{text}2")]
        elements.add(shown["elements"])
    assert len(elements) == 1, "every text makes the elements that a harmless one makes"
