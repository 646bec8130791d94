"""The reader page for everybody: accessibility, a phone, a large zoom, the dark, paper, no script; with pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.reading import ARTICLE, SOUND, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: Where the pictures go, for looking at.
PICTURES = "MEDIAKIT_SCREENSHOTS"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder for pictures."""
    folder = Path(os.environ.get(PICTURES) or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def play_a_sentence(page: Page) -> None:
    """Something is lit and the bar is there."""
    page.locator("#p2s2").click()
    until(page, "document.querySelectorAll('.lit').length === 2 && !document.querySelector('.bar').hidden")
    page.keyboard.press("k")
    expect(page.locator("#toggle")).to_have_accessible_name("Phát")


def violations(page: Page, impacts: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What axe-core finds of those impacts, with the first element of each."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found if v["impact"] in impacts]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_serious(page: Page, scheme: Any, width: int) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 720})
    play_a_sentence(page)
    page.get_by_label("Tìm trong bản chép lời").fill("hoa")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_axe_would_find_it(page: Page) -> None:
    page.evaluate("document.querySelector('#toggle').removeAttribute('aria-label')")
    page.evaluate("document.querySelector('.bar').hidden = false")
    assert any("button-name" in one for one in violations(page))


def test_a_screen_reader_is_told_what_things_are(page: Page) -> None:
    play_a_sentence(page)
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    named = {(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"]}
    assert {
        ("main", ""),
        ("heading", ARTICLE.title),
        ("heading", "Bản chép lời"),
        ("complementary", "Bản chép lời"),
        ("search", ""),
        ("region", "Âm thanh: doc-bai.wav"),
        ("region", "Video: phat-bieu.mp4"),
        ("region", "Điều khiển phát"),
        ("button", "Phát"),
        ("button", "Câu trước"),
        ("button", "Câu sau"),
        ("button", SOUND.segments[4].text),
        ("image", "Dòng thời gian: đọc bài 61%, ngoài bài 11%, không có lời 28%"),
    } <= named
    descriptions = {node["description"]["value"] for node in nodes if node.get("description")}
    assert "Nghe câu này (0:17)" in descriptions


def test_fits_a_phone_and_a_zoom(page: Page) -> None:
    play_a_sentence(page)
    # 1280 px wide at 200 % and 400 %; the last is also the smallest phone.
    for width, height in ((640, 360), (320, 640), (320, 180)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        bar = page.locator(".bar").bounding_box()
        assert bar is not None
        covered = (
            bar["height"]
            if page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "fixed"
            else 0
        )
        assert covered < height / 3, "the bar leaves room to read"
        for button in page.locator(".bar button:visible, .bar select:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, "WCAG 2.5.8"
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_on_paper_it_is_the_article_with_times_in_the_margin(page: Page, pictures: Path) -> None:
    play_a_sentence(page)
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    for hidden in ("aside", ".bar", ".media audio", ".media video", ".skip"):
        expect(page.locator(hidden).first).to_be_hidden()
    colours = page.evaluate(
        "(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))"
    )
    assert colours == ["rgb(0, 0, 0)", "rgb(255, 255, 255)"], "paper is never dark"
    before = "getComputedStyle(document.getElementById(id), '::before')"
    margin = page.evaluate(f"((id) => [{before}.content, {before}.position, {before}.left])('p2s1')")
    assert (margin[0].split('"')[1].strip(), margin[1]) == ("1 · 0:13", "absolute")
    assert float(margin[2].removesuffix("px")) < -30, "left of the text"
    assert page.evaluate(f"((id) => {before}.position)('p2s2')") == "static", "two sentences of a line have two times"
    page.screenshot(path=pictures / "reader-print.png", full_page=True)
    page.pdf(path=pictures / "reader-print.pdf", format="A4")
    assert (pictures / "reader-print.pdf").read_bytes().startswith(b"%PDF")


def test_without_script_all_can_be_read_and_heard(page: Page) -> None:
    assert page.context.browser is not None
    bare = page.context.browser.new_page(java_script_enabled=False)
    bare.goto(page.url)
    assert [line.inner_text() for line in bare.locator("[data-medium='0'] .lines span").all()] == [
        segment.text for segment in SOUND.segments
    ]
    for hidden in (".bar", "#search", "dialog"):
        expect(bare.locator(hidden)).to_be_hidden()
    assert bare.locator("audio[controls], video[controls]").count() == 2
    bare.close()


@pytest.mark.parametrize(
    ("name", "scheme", "width", "height"),
    [("desktop", "light", 1280, 800), ("dark", "dark", 1280, 800), ("phone", "light", 375, 740)],
)
def test_a_picture_to_look_at(page: Page, pictures: Path, name: str, scheme: Any, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    play_a_sentence(page)
    picture = page.screenshot(path=pictures / f"reader-{name}.png")
    assert picture.startswith(b"\x89PNG")
    papers = {"light": "rgb(253, 252, 250)", "dark": "rgb(20, 24, 26)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == papers[scheme]
    beside = page.evaluate("document.querySelector('aside').getBoundingClientRect().left") > width / 2
    assert beside == (name != "phone"), "the transcript stands beside the article where there is room"
