"""The reader page in a real Chromium, opened from disk as a user does."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mediakit.article.document import Article
from mediakit.article.text import parse_text
from mediakit.captions.caption import Caption
from mediakit.outputs.linked_data import PageMedia
from mediakit.outputs.page import render_page
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from tests.media.studio import encode, moving_picture, write_bursts

pytestmark = [pytest.mark.slow, pytest.mark.browser]

HOSTILE = "</script><img src=x onerror=window.hacked=1> --> &lt;"
TEXT = f"""\
Tin {HOSTILE}

Thứ 4, 09/06/2021 | 18:37:56
Câu một của bài. Câu hai {HOSTILE} của bài.

Audio: a.wav

Câu ba của bài.

Video: b.mp4

Lê Minh Khuê
"""


def until(page: Page, expression: str, holds: Callable[[Any], object] = bool, timeout_s: float = 10.0) -> Any:
    """The value of an expression in the page as soon as it `holds`.

    Each look is an `evaluate` of its own. `wait_for_function` looks again by `eval` in the page, which the page's own
    policy forbids.
    """
    deadline = time.monotonic() + timeout_s
    while not holds(value := page.evaluate(expression)):
        assert time.monotonic() < deadline, f"{expression} is still {value!r} after {timeout_s} s"
        page.wait_for_timeout(20)
    return value


def said(article: Article, medium: str, *items: tuple[int, int, str | None, str]) -> Result:
    """A result in which sentences (or free speech) are said at given times; each is one caption."""
    segments, captions = [], []
    for number, (start, end, sentence, text) in enumerate(items, start=1):
        source = "article" if sentence else "speech"
        words = (Word(start, end, text, 0.9),)
        segments.append(Segment(start, end, text, text, source, sentence, 0.9, words))  # type: ignore[arg-type]
        captions.append(Caption(f"c{number}", start, end, (text,)))
    grounded = GroundedArticle("bai.txt", article.title, None, article.sentences, "read", 1.0, article)
    media = MediaInfo(medium, "0" * 64, 6000, "video" if medium.endswith("4") else "audio")
    return Result(media, EngineInfo("e", "m", None, "vi"), grounded, tuple(segments), tuple(captions))


@pytest.fixture
def page(browser: Page, tmp_path: Path) -> Page:
    """The page opened from disk, its errors gathered in `window` and by the test."""
    write_bursts(tmp_path / "a.wav", at_ms=[1000], duration_ms=6000, rate=16_000)
    encode(
        tmp_path / "b.mp4", moving_picture(6000), tmp_path / "a.wav", vcodec="libx264", pix_fmt="yuv420p", acodec="aac"
    )
    article = parse_text(TEXT)
    texts = {s.id: s.text for s in article.sentences}
    results = [
        said(article, "a.wav", (500, 1500, "p1s1", texts["p1s1"]), (2000, 4000, "p1s2", texts["p1s2"])),
        said(article, "b.mp4", (300, 2000, None, f"lời ngoài bài {HOSTILE}"), (2500, 4500, "p2s1", texts["p2s1"])),
    ]
    media = [PageMedia(results[0], "a.wav"), PageMedia(results[1], "b.mp4")]
    (tmp_path / "bai.html").write_text(render_page(article, media, "bai.html"), encoding="utf-8")
    problems: list[str] = []
    browser.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    browser.on("pageerror", lambda error: problems.append(str(error)))
    browser.goto((tmp_path / "bai.html").as_uri())
    until(browser, "[...document.querySelectorAll('audio, video')].every(m => m.readyState > 0)")
    assert problems == []
    return browser


def test_hostile_text_is_text(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.title() == f"Tin {HOSTILE}"
    assert HOSTILE in page.locator("#p1s2").inner_text()


def test_the_policy_stops_a_script_that_got_in(page: Page) -> None:
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 2";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.hacked") is None


@pytest.mark.parametrize(("sentence", "player", "start_s"), [("p1s2", "audio", 2.0), ("p2s1", "video", 2.5)])
@pytest.mark.parametrize("key", [None, "Enter"])
def test_a_sentence_plays_from_where_it_is_said(
    page: Page, sentence: str, player: str, start_s: float, key: str | None
) -> None:
    target = page.locator(f"#{sentence}")
    if key:
        target.focus()
        page.keyboard.press(key)
    else:
        target.click()
    assert until(page, f"document.querySelector('{player}').currentTime", lambda now: now >= start_s) < start_s + 1.0
    expect(target).to_have_class(re.compile(r"\blit\b"))
    expect(page.locator(".said.lit")).to_have_count(1)


def test_waiting_for_the_page_needs_no_eval_in_it(page: Page) -> None:
    """What is not so at the first look is looked at again, under the policy that forbids the page to evaluate text."""
    page.evaluate("() => { setTimeout(() => { window.later = 1 }, 200) }")
    assert page.evaluate("window.later") is None
    assert until(page, "window.later") == 1
    with pytest.raises(AssertionError, match=r"window\.never is still None"):
        until(page, "window.never", timeout_s=0.1)


def test_captions_of_a_film_come_from_the_page(page: Page) -> None:
    cues = page.evaluate(
        "[...document.querySelector('video').textTracks[0].cues].map(c => [c.startTime, c.endTime, c.text])"
    )
    assert [cue[:2] for cue in cues] == [[0.3, 2.0], [2.5, 4.5]]
    assert "<" not in cues[0][2]


def test_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
