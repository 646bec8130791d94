"""The report of a batch in a real Chromium, opened from disk as a user does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mediakit.outputs.batch_report import render_report
from tests.outputs.test_batch_report import NOT_MEDIA, TURNED, job, medium, report, unreadable, warned

pytestmark = [pytest.mark.slow, pytest.mark.browser]

HOSTILE = "</script><img src=x onerror=window.hacked=1>"
JOBS = (
    job(1, title="Sốt rét ở Đắk Lắk"),
    job(2, medium(verdict="partly-read", coverage=0.2), status="skipped"),
    job(3, unreadable("hỏng.mp3"), status="failed", errors=[NOT_MEDIA]),
    job(4, warned("attachment-unrelated", f"a.mp3: not of it {HOSTILE}", verdict="unrelated", coverage=0.0)),
    job(5, medium(), medium("b.mp4", verdict="unrelated"), title=f"Tin {HOSTILE} {TURNED}", page="javascript:hack()"),
    job(6, source="c.mp3", title=None, page=None, media=[medium("c.mp3", verdict=None, coverage=None)]),
)
FILTER = """async (words) => {
    const field = document.querySelector("input");
    const begin = performance.now();
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.body.getBoundingClientRect();
    return performance.now() - begin;
}"""


def open_report(browser: Page, folder: Path, *jobs: dict[str, Any]) -> Page:
    """The report of some jobs, opened from disk; what goes wrong on the way is an error here."""
    problems: list[str] = []
    browser.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    browser.on("pageerror", lambda error: problems.append(str(error)))
    (folder / "report.html").write_text(render_report(report(*jobs)), encoding="utf-8")
    browser.goto((folder / "report.html").as_uri())
    assert problems == []
    return browser


@pytest.fixture
def page(browser: Page, tmp_path: Path) -> Page:
    return open_report(browser, tmp_path, *JOBS)


def shown(page: Page) -> list[int]:
    """The numbers of the jobs whose rows are shown."""
    rows = page.locator("tbody tr")
    return [n + 1 for n in range(rows.count()) if rows.nth(n).is_visible()]


@pytest.mark.parametrize(
    ("words", "status", "verdict", "expected"),
    [
        ("", "", "", [1, 2, 3, 4, 5, 6]),
        ("sot  dak", "", "", [1]),
        ("ĐẮK", "", "", [1]),
        ("so\u0302\u0301t", "", "", [1]),
        ("sột", "", "", []),
        ("hỏng.mp3", "", "", [3]),
        ("", "done", "", [1, 2, 4, 5, 6]),
        ("", "failed", "", [3]),
        ("", "", "unrelated", [4, 5]),
        ("", "", "none", [3, 6]),
        ("đường", "done", "partly-read", [2]),
    ],
)
def test_the_rows_that_are_asked_for_are_shown(
    page: Page, words: str, status: str, verdict: str, expected: list[int]
) -> None:
    page.get_by_label("Search").fill(words)
    page.get_by_label("Status").select_option(status)
    page.get_by_label("Verdict").select_option(verdict)
    assert shown(page) == expected
    expect(page.locator("output")).to_have_text(f"{len(expected)} of {len(JOBS)} jobs")


def test_enter_in_the_search_box_leaves_the_page_as_it_is(page: Page) -> None:
    page.get_by_label("Search").fill("dak")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    assert page.url.endswith("report.html")
    assert shown(page) == [1]


def test_all_can_be_reached_by_keyboard(page: Page) -> None:
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
    assert {"words", "status", "verdict", "Sốt rét ở Đắk Lắk", "Failed 1"} <= set(reached)


def test_hostile_text_is_text(page: Page) -> None:
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    link = page.locator("tbody tr:nth-child(5) a")
    assert link.inner_text() == rf"Tin {HOSTILE} bài \u202e3pm.exe\u2066.mp3"
    assert page.evaluate("document.querySelector('tbody tr:nth-child(5) a').protocol") == "file:"


def test_the_policy_stops_a_script_that_got_in(page: Page) -> None:
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 2";
            document.body.append(script);
        }"""
    )
    assert page.evaluate("window.hacked") is None


def test_the_table_is_one_to_a_screen_reader(page: Page) -> None:
    """Although it is laid out as grids."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node["ignored"]]
    counts = {role: roles.count(role) for role in ("table", "row", "columnheader", "rowheader", "cell")}
    assert counts == {"table": 1, "row": 7, "columnheader": 8, "rowheader": 6, "cell": 42}


def test_without_script_all_is_there_but_the_filters(page: Page) -> None:
    assert page.context.browser is not None
    bare = page.context.browser.new_page(java_script_enabled=False)
    bare.goto(page.url)
    assert not bare.locator("form").is_visible()
    assert shown(bare) == [1, 2, 3, 4, 5, 6]
    bare.get_by_role("link", name="All jobs").click()
    assert bare.url.endswith("#jobs")
    bare.close()


def test_fits_a_phone_and_a_sheet_of_paper(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 1000})  # A4 within its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert not page.locator("form").is_visible()
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 720})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_to_look_at(page: Page, tmp_path: Path, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    picture = page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
    assert picture.startswith(b"\x89PNG")
    papers = {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 22, 22)"}
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == papers[scheme]
    page.emulate_media(color_scheme="light")


def test_ten_thousand_jobs_can_be_looked_through(browser: Page, tmp_path: Path) -> None:
    page = open_report(browser, tmp_path, *(job(n) for n in range(10_000)))
    milliseconds = []
    for _ in range(3):  # the best of three, so that a busy machine does not decide
        page.evaluate(FILTER, "9999")
        expect(page.locator("output")).to_have_text("1 of 10000 jobs")
        milliseconds.append(page.evaluate(FILTER, ""))
    # All rows come back at once. Laid out as one table they take seconds.
    assert min(milliseconds) < 1000
