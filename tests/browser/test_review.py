"""Review mode in a real Chromium: with `mediakit review` behind it, and on a page opened from disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from jsonschema import Draft202012Validator
from playwright.sync_api import ConsoleMessage, Page, expect

from mediakit.outputs.record import parse_record, read_record, schema
from tests.browser.reading import until
from tests.review.newsroom import build
from tests.review.serving import Review, reviewing

pytestmark = [pytest.mark.slow, pytest.mark.browser]

ROWS = "#review .cues > li"
HOSTILE = "</script><img src=x onerror=window.hacked=1> --> &lt;"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("newsroom") / "toa soạn")


@pytest.fixture(scope="module")
def served(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Review]]:
    """A folder that is reviewed by all tests, one after the other."""
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("reviewed") / built.name))
    with reviewing(folder) as running:
        yield folder, running


@pytest.fixture
def folder(built: Path, served: tuple[Path, Review]) -> Path:
    """The folder, as it was at first."""
    folder, _ = served
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    return Path(shutil.copytree(built, folder, dirs_exist_ok=True))


@pytest.fixture
def review(folder: Path, served: tuple[Path, Review]) -> Review:
    """The review of that folder."""
    assert folder == served[0]
    return served[1]


def another_page(browser: Page) -> Page:
    """A page with cookies of its own, in the same Chromium."""
    chromium = browser.context.browser
    assert chromium is not None
    return chromium.new_page()


@contextmanager
def tab(browser: Page, address: str, *, may_complain: str = "") -> Iterator[Page]:
    """A tab of its own in which nothing may go wrong but what `may_complain` is part of."""
    page = another_page(browser)
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not (may_complain and may_complain in message.text):
            problems.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("dialog", lambda dialog: dialog.accept())
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address)
    page.wait_for_selector(ROWS)
    yield page
    page.close()
    assert problems == []


def opened(browser: Page, review: Review, *, may_complain: str = "") -> AbstractContextManager[Page]:
    """The article's page in review mode, as the address that was printed leads to it."""
    return tab(browser, review.address.replace("/?", "/bai.html?") + "&review", may_complain=may_complain)


def edit(page: Page, row: int, text: str | None = None, start: str | None = None, end: str | None = None) -> None:
    """Edit the caption in a row (from 1) as a person does."""
    page.click(f"{ROWS}:nth-child({row}) .text")
    if text is not None:
        page.fill("#review textarea", text)
    for label, value in (("Từ", start), ("đến", end)):
        if value is not None:
            page.get_by_label(label, exact=True).fill(value)
    page.keyboard.press("Control+Enter")


def save(page: Page, told: str = "Đã lưu.") -> None:
    page.keyboard.press("Control+s")
    expect(page.locator(".review-told")).to_contain_text(told)


def captions(folder: Path) -> list[tuple[str, int, int]]:
    """The captions of the record on disk."""
    return [(c.text, c.start_ms, c.end_ms) for c in read_record(folder / "a.vi.json").captions]


def test_a_word_and_a_time_are_changed_saved_and_taken_back(browser: Page, review: Review, folder: Path) -> None:
    before = captions(folder)
    with opened(browser, review) as page:
        assert "token" not in page.url
        edit(page, 2, "Xin chào quý vị.", start="0:03.100")
        save(page)
        assert captions(folder)[1] == ("Xin chào quý vị.", 3100, 4000)
        page.reload()
        expect(page.locator(ROWS).nth(1)).to_contain_text("Xin chào quý vị.")
        expect(page.locator(ROWS).nth(1)).to_contain_text("0:03.100")
        assert "00:00:03,100 --> 00:00:04,000\nXin chào quý vị.\n" in (folder / "a.vi.srt").read_text(encoding="utf-8")
        page.click("text=Hoàn tác")
        expect(page.locator(ROWS).nth(1)).to_contain_text("Xin chào thính giả.")
        save(page)
    assert captions(folder) == before
    assert len(list((folder / ".mediakit" / "versions" / "a.vi.json").iterdir())) == 2


def test_the_words_behind_a_caption_follow_it(browser: Page, review: Review, folder: Path) -> None:
    """What is kept of them keeps its time and score; what is new has the time of what it replaces."""
    was = read_record(folder / "a.vi.json").segments
    with opened(browser, review) as page:
        edit(page, 2, "Xin kính chào thính giả xa.")
        edit(page, 3, "Hơn 120\nngười dự.")
        save(page)
    now = read_record(folder / "a.vi.json").segments
    assert [segment.text for segment in now[1:]] == ["Xin kính chào thính giả xa.", "Hơn 120 người dự."]
    words, old = now[1].words, was[1].words
    assert (words[2], words[3]) == (old[1], old[2])
    assert (words[0].start_ms, words[1].end_ms, words[5].end_ms) == (old[0].start_ms, old[0].end_ms, old[3].end_ms)
    assert [word.score for word in words] == [0.9, 1, 0.9, 0.4, 1, 1]
    assert now[2].words == (*was[2].words[:3], was[2].words[4])
    assert now[2].heard == was[2].heard
    assert "Hơn 120 người dự." in (folder / "a.vi.txt").read_text(encoding="utf-8")


def test_what_is_being_typed_is_saved_too(browser: Page, review: Review, folder: Path) -> None:
    with opened(browser, review) as page:
        page.click(f"{ROWS}:nth-child(1) .text")
        page.fill("#review textarea", "Đang gõ dở.")
        page.click(f"{ROWS}:nth-child(2) .text")
        expect(page.locator(ROWS).nth(0)).to_contain_text("Đang gõ dở.")
        page.get_by_label("Từ", exact=True).fill("0:03.200")
        save(page)
    assert [caption[:2] for caption in captions(folder)[:2]] == [("Đang gõ dở.", 500), ("Xin chào thính giả.", 3200)]


def test_undo_and_redo_go_back_and_forth(browser: Page, review: Review) -> None:
    texts = f"[...document.querySelectorAll('{ROWS} .text')].map(row => row.innerText.trim())"
    with opened(browser, review) as page:
        states = [page.evaluate(texts)]
        for row, text in ((1, "Một."), (2, "Hai."), (1, "Ba.")):
            edit(page, row, text)
            states.append(page.evaluate(texts))
        for state in reversed(states[:-1]):
            page.keyboard.press("Control+z")
            assert page.evaluate(texts) == state
        expect(page.get_by_role("button", name="Hoàn tác")).to_be_disabled()
        expect(page.get_by_role("button", name="Lưu")).to_be_disabled()
        for state in states[1:]:
            page.keyboard.press("Control+y")
            assert page.evaluate(texts) == state


def test_the_second_of_two_tabs_is_told_and_nothing_is_lost(browser: Page, review: Review, folder: Path) -> None:
    with opened(browser, review) as first, opened(browser, review, may_complain="412") as second:
        edit(first, 1, "Người thứ nhất sửa.")
        edit(first, 3, "Hơn một trăm người đến dự.")
        edit(second, 2, "Người thứ hai sửa.")
        edit(second, 3, "Hơn trăm hai mươi người.")
        save(first)
        save(second, "đã được sửa ở nơi khác")
        assert [text for text, *_ in captions(folder)] == [
            "Người thứ nhất sửa.", "Xin chào thính giả.", "Hơn một trăm người đến dự.",
        ]  # fmt: skip
        second.click("text=Ghép hai bên")
        expect(second.locator(".review-told")).to_contain_text("1 chỗ cả hai bên cùng sửa")
        expect(second.locator(ROWS).nth(0)).to_contain_text("Người thứ nhất sửa.")
        expect(second.locator(f"{ROWS} .note")).to_contain_text("Hơn một trăm người đến dự.")
        save(second)
    assert [text for text, *_ in captions(folder)] == [
        "Người thứ nhất sửa.", "Người thứ hai sửa.", "Hơn trăm hai mươi người.",
    ]  # fmt: skip
    record = read_record(folder / "a.vi.json")
    assert [segment.text for segment in record.segments] == [caption.text for caption in record.captions]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"text": " \n "}, "phải có chữ"),
        ({"text": "Ông \u202ehnìB"}, "không phải là chữ"),
        ({"start": "0:02.249"}, "0:02.250"),
        ({"end": "0:05.001"}, "0:05.000"),
        ({"start": "4", "end": "3,5"}, "sau khi bắt đầu"),
        ({"start": "soon"}, "Thời gian viết như"),
        ({"start": "1:75"}, "Thời gian viết như"),
    ],
)
def test_what_cannot_be_is_told_at_once(page_in_review: Page, changes: dict[str, str], complaint: str) -> None:
    edit(page_in_review, 2, **changes)
    expect(page_in_review.locator("#review [role=alert]")).to_contain_text(complaint)
    page_in_review.keyboard.press("Escape")
    expect(page_in_review.locator(f"{ROWS}.changed")).to_have_count(0)


def test_doubts_are_coloured_and_found_by_key(page_in_review: Page) -> None:
    page = page_in_review
    assert page.locator(".cues .doubtful").all_inner_texts() == ["thính", "giả."]
    page.locator(ROWS).nth(0).locator(".text").press("n")
    expect(page.locator(ROWS).nth(1).locator(".text")).to_be_focused()
    until(page, "document.querySelector('audio').currentTime", lambda s: s == pytest.approx(3.0, abs=0.01))
    page.keyboard.press("n")
    expect(page.locator(".review-told")).to_contain_text("Không còn chỗ ngờ nào sau")
    expect(page.locator(ROWS).nth(1)).to_have_class("now")
    # A person's word is no doubt.
    edit(page, 2, "Xin chào quý vị.")
    assert page.locator(".cues .doubtful").count() == 0
    page.keyboard.press("Control+z")


def test_what_was_heard_is_beside_what_is_printed(page_in_review: Page) -> None:
    heard = page_in_review.locator(f"{ROWS} .heard").all_inner_texts()
    assert heard[0] == "p1s1 · Máy nghe: sáng 9/6, xã đông hòa trồng cây."
    assert heard[1].startswith("Lời ngoài bài")


def test_what_the_article_has_otherwise_is_shown_with_what_was_added_and_left_out(page_in_review: Page) -> None:
    page, row = page_in_review, page_in_review.locator(ROWS).nth(0)
    assert row.locator(".printed").count() == 0
    edit(page, 1, "Thưa quý vị, sáng 9/6, xã Đông Hòa trồng.")
    assert row.locator(".text .added").all_inner_texts() == ["Thưa", "quý", "vị,"]
    assert row.locator(".printed").inner_text() == "Bài báo: Sáng 9/6, xã Đông Hòa trồng cây."
    assert row.locator(".printed del").all_inner_texts() == ["cây."]
    # With less than half of its words it is no sentence of the article.
    edit(page, 1, "Thưa quý vị và các bạn xa gần, sáng nay trồng.")
    assert row.locator(".printed, .added").count() == 0
    expect(row.locator(".heard")).to_contain_text("Lời ngoài bài")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert row.locator(".printed, .added").count() == 0


def test_unread_sentences_and_unlinked_speech_are_listed(page_in_review: Page) -> None:
    lists = page_in_review.locator(".review-lists details")
    for number in range(lists.count()):
        lists.nth(number).evaluate("list => { list.open = true }")
    texts = [lists.nth(number).inner_text() for number in range(lists.count())]
    # What is said in the film is read.
    assert "p0s1" in texts[0]
    assert "p2s2 Bà con ra về." in texts[0]
    assert "p2s1" not in texts[0]
    assert "Xin chào thính giả." in texts[1]


def test_the_waveform_is_that_of_the_sound(page_in_review: Page) -> None:
    """Bursts of tone from 1 s and from 5 s, each 200 ms long, of 12 s; the page is 2000 wide."""
    page_in_review.wait_for_selector(".waveform")
    path = page_in_review.locator(".waveform path").first.get_attribute("d")
    assert path is not None
    places = [float(piece.split()[0]) * 12_000 / 2000 for piece in path.split("M")[1:]]
    # A frame of 10 ms more at each end is what resampling adds.
    assert all(980 <= ms <= 1210 or 4980 <= ms <= 5210 for ms in places), places
    assert len(places) >= 2 * 20


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page_in_review: Page, scheme: Any) -> None:
    page = page_in_review
    page.emulate_media(color_scheme=scheme)
    page.locator(ROWS).nth(0).locator(".text").press("n")
    page.locator(ROWS).nth(0).locator(".text").click()
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    page.keyboard.press("Escape")
    page.emulate_media(color_scheme="light")


def test_hostile_text_is_text_wherever_it_is_typed(browser: Page, review: Review, folder: Path) -> None:
    with opened(browser, review) as page:
        edit(page, 2, HOSTILE)
        save(page)
        page.reload()
        expect(page.locator(ROWS).nth(1).locator(".text")).to_have_text(HOSTILE)
        assert page.evaluate("window.hacked") is None
        assert page.locator("#review img, article img").count() == 0
    assert captions(folder)[1][0] == HOSTILE


def test_no_script_of_a_page_in_the_folder_runs_with_the_rights_of_the_review(
    browser: Page, review: Review, folder: Path
) -> None:
    """A page saved from the web may be anything, also one that looks like ours."""
    text = (folder / "bai.html").read_text(encoding="utf-8")
    policy = text.index("<meta http-equiv")
    evil = text[:policy] + text[text.index(">", policy) + 1 :]
    evil = evil.replace("</body>", "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'></body>")
    (folder / "evil.html").write_text(evil, encoding="utf-8")
    page = another_page(browser)
    review_address = review.address.replace("/?", "/evil.html?") + "&review"
    page.goto(review_address)
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    page.close()


def downloaded(page: Page, name: str, file: str) -> str:
    """What a press of the button downloads, under the name that it should have."""
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    assert download.value.suggested_filename == file
    return download.value.path().read_text(encoding="utf-8")


def test_from_disk_the_edit_is_downloaded(browser: Page, folder: Path, review: Review) -> None:
    """And it is what a server writes for the same edit."""
    with tab(browser, (folder / "bai.html").as_uri() + "?review") as page:
        expect(page.get_by_role("button", name="Lưu")).to_be_hidden()
        edit(page, 2, "Xin chào <quý vị> &\ncác bạn.", end="0:04.250")
        subrip = downloaded(page, "Tải SRT", "a.vi.srt")
        webvtt = downloaded(page, "Tải VTT", "a.vi.vtt")
        offline = json.loads(downloaded(page, "Tải bản ghi", "a.vi.json"))
    with opened(browser, review) as page:
        edit(page, 2, "Xin chào <quý vị> &\ncác bạn.", end="0:04.250")
        record = json.loads(downloaded(page, "Tải bản ghi", "a.vi.json"))
        save(page)
    assert subrip == (folder / "a.vi.srt").read_text(encoding="utf-8")
    assert webvtt == (folder / "a.vi.vtt").read_text(encoding="utf-8")
    Draft202012Validator(schema()).validate(record)
    parse_record(record)
    saved = json.loads((folder / "a.vi.json").read_text(encoding="utf-8"))
    assert {**record, "edited": None} == {**offline, "edited": None} == {**saved, "edited": None}


def test_the_page_of_a_reader_has_none_of_it(browser: Page, folder: Path) -> None:
    page = another_page(browser)
    page.goto((folder / "bai.html").as_uri())
    page.wait_for_selector(".lines li")
    assert page.locator("#review").count() == 0
    page.close()


def test_it_fits_a_phone(browser: Page, review: Review) -> None:
    with opened(browser, review) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        page.click(f"{ROWS}:nth-child(2) .text")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.fixture(scope="module")
def page_in_review(browser: Page, built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One page for the tests that leave it as it was."""
    copy = Path(shutil.copytree(built, tmp_path_factory.mktemp("reviewed") / "bài"))
    with reviewing(copy) as running, opened(browser, running) as page:
        yield page
