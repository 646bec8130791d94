"""What the reader page lets one do besides: find, share, quote, take along; by keyboard alone."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import ARTICLE, SOUND, lit, open_page, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

NOW = "document.querySelector('audio').currentTime"
PAUSED = "document.querySelector('audio').paused"


def lines(page: Page) -> list[str]:
    """The texts of the lines of the transcript that are shown."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.transcript:not([hidden]) li:not([hidden]) span')].map((e) => e.textContent)"
    )
    return found


@pytest.mark.parametrize(
    ("words", "marked"),
    [
        ("hoa", ["Hòa", "hoạch", "Hoà", "hoa", "Hòa"]),
        ("hòa", ["Hòa", "Hoà", "Hòa"]),
        ("hoà", ["Hòa", "Hoà", "Hòa"]),
        (unicodedata.normalize("NFD", "HÒA"), ["Hòa", "Hoà", "Hòa"]),
        ("thuỷ lợi", ["thủy lợi"]),
        ("thuy  loi", ["thủy lợi"]),
        ("dong ho", ["Đông Hòa", "Đông Hòa"]),
        ("đông hoa", ["Đông Hòa", "Đông Hòa"]),
        ("dông", []),
        ("1.200 cây", ["1.200 cây"]),
        ("trồng cay", ["trồng cây", "trồng cây"]),
        ("cay trong nam", []),
        ("?!", None),
    ],
)
def test_words_are_found_however_they_are_typed(page: Page, words: str, marked: list[str] | None) -> None:
    page.get_by_label("Tìm trong bản chép lời").fill(words)
    assert page.locator(".transcript:not([hidden]) mark").all_text_contents() == (marked or [])
    texts = [segment.text for segment in SOUND.segments]
    shown = lines(page)
    assert [text for text in texts if text in shown] == shown, "the text of a line is what it was"
    told = page.locator("#search output").text_content()
    if marked is None:
        assert (shown, told) == (texts, ""), "there is no word in it"
    else:
        assert len(shown) == len(marked)
        assert told == (f"{len(shown)} trong {len(texts)} câu" if shown else "Không tìm thấy")


def test_what_the_search_left_out_may_be_said_meanwhile(page: Page) -> None:
    page.get_by_label("Tìm trong bản chép lời").fill("hoa")
    page.evaluate("api.seek(0, 17500)")
    assert lit(page) == ["p2s2"]
    page.wait_for_timeout(100)
    expect(page.get_by_role("button", name="Về câu đang đọc")).to_be_hidden()
    assert page.evaluate("document.querySelector('.lines').scrollTop") == 0


def test_after_the_search_all_is_there_again(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("hoa")
    assert len(lines(page)) < len(SOUND.segments)
    page.keyboard.press("Escape")
    assert lines(page) == [segment.text for segment in SOUND.segments]
    assert page.locator("mark").count() == 0


def test_all_can_be_done_by_keyboard(page: Page) -> None:
    """Open, find, play, pause, next sentence, back, jump, faster."""
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Đến bản chép lời"
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("thuy loi")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent").endswith(SOUND.segments[4].text)
    page.keyboard.press("Enter")
    until(page, NOW, lambda now: now > 17)
    assert lit(page) == ["p2s2"]
    page.keyboard.press("k")
    until(page, PAUSED)
    page.keyboard.press("l")
    until(page, NOW, lambda now: now == pytest.approx(21, abs=0.01))
    assert lit(page) == ["p2s3"]
    page.keyboard.press("j")
    until(page, NOW, lambda now: now == pytest.approx(17, abs=0.01))
    page.keyboard.press("ArrowRight")
    until(page, NOW, lambda now: now == pytest.approx(22, abs=0.01))
    page.keyboard.press("j")  # a second into the sentence: the one before it
    until(page, NOW, lambda now: now == pytest.approx(17, abs=0.01))
    page.keyboard.press("ArrowLeft")
    until(page, NOW, lambda now: now == pytest.approx(12, abs=0.01))
    page.keyboard.press(">")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.25
    page.keyboard.press("k")
    until(page, f"!{PAUSED}")


def test_lines_of_the_transcript_are_gone_through_by_arrow_keys(page: Page) -> None:
    page.locator(".transcript:not([hidden]) button").first.focus()
    for key, line in (("ArrowDown", 1), ("ArrowDown", 2), ("ArrowUp", 1), ("End", -1), ("Home", 0)):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.querySelector('span').textContent") == SOUND.segments[line].text
    reachable = page.locator(".transcript:not([hidden]) button:not([tabindex='-1'])")
    assert reachable.count() == 1, "Tab does not go through thousands of lines"


def test_keys_of_a_field_or_a_dialog_are_its_own(page: Page) -> None:
    field = page.get_by_label("Tìm trong bản chép lời")
    field.focus()
    page.keyboard.type("k l?")
    assert field.input_value() == "k l?"
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Phím tắt")
    expect(dialog).to_be_visible()
    page.keyboard.press("k")
    page.get_by_label("Dùng phím tắt một ký tự").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("k")
    page.wait_for_timeout(100)
    assert page.evaluate(PAUSED), "keys can be turned off (WCAG 2.1.4)"


def test_captions_are_read_out_only_to_who_asks(page: Page) -> None:
    now = page.locator(".bar .now")
    expect(now).to_have_attribute("aria-live", "off")
    page.keyboard.press("?")
    page.get_by_label("Trình đọc màn hình đọc phụ đề").check()
    expect(now).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize(
    ("fragment", "player", "seconds", "sentence"),
    [
        ("t=17.5", "audio", 17.5, "p2s2"),
        ("t=0:25.5", "audio", 25.5, "p3s1"),
        ("t=npt:17,19", "audio", 17, "p2s2"),
        ("m=2&t=3", "video", 3, "p5s1"),
        ("p3s2", "audio", 29, "p3s2"),
    ],
)
def test_an_address_leads_to_its_moment(
    browser: Page, reading: Path, fragment: str, player: str, seconds: float, sentence: str
) -> None:
    with open_page(browser, f"{(reading / 'bai.html').as_uri()}#{fragment}") as page:
        place = f"document.querySelector('{player}')"
        until(page, f"{place}.currentTime", lambda now: now == pytest.approx(seconds, abs=0.01))
        until(page, "document.querySelector('.said.lit')?.id", lambda now: now == sentence)
        assert page.evaluate(f"{place}.paused"), "nothing sounds before somebody asks for it"
        expect(page.locator(f"#{sentence}")).to_be_in_viewport()


@pytest.mark.parametrize("fragment", ["t=", "t=x", "m=7&t=1", "t=1e9", "x", "%", "t=<img>"])
def test_an_address_that_leads_nowhere_does_nothing(browser: Page, reading: Path, fragment: str) -> None:
    with open_page(browser, f"{(reading / 'bai.html').as_uri()}#{fragment}") as page:
        assert page.evaluate(NOW) in (0, 54)
        assert lit(page) == []


def test_a_moment_is_shared_and_opened_again(browser: Page, reading_address: str) -> None:
    browser.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with open_page(browser, f"{reading_address}/bai.html") as page:
        page.locator("#p5s1").click()
        until(page, "document.querySelector('video').currentTime", lambda now: now > 2.5)
        page.keyboard.press("k")
        page.keyboard.press("s")
        expect(page.locator(".told")).to_contain_text("Đã chép liên kết đến 0:02")
        address = page.evaluate("navigator.clipboard.readText()")
        assert address == page.url
        assert address.startswith(f"{reading_address}/bai.html#m=2&t=2.")
    with open_page(browser, address) as page:
        until(page, "document.querySelector('video').currentTime", lambda now: 2.4 < now < 3)


def test_a_moment_of_a_page_on_disk_can_be_shared_too(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("api.seek(0, 17500)")
    page.keyboard.press("s")
    expect(page.locator(".told")).to_contain_text("Đã chép liên kết đến 0:17")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.url.startswith("file:")
    assert page.url.endswith("#m=1&t=17.5")


def test_a_sentence_is_copied_as_a_quote_with_its_time(browser: Page, reading_address: str) -> None:
    browser.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with open_page(browser, f"{reading_address}/bai.html") as page:
        page.evaluate("api.seek(0, 17500)")
        page.keyboard.press("c")
        expect(page.locator(".told")).to_contain_text("Đã chép trích dẫn lúc 0:17")
        assert page.evaluate("navigator.clipboard.readText()") == (
            f"“Cây được trồng dọc các tuyến kênh thủy lợi.” ({ARTICLE.title}, doc-bai.wav, 0:17)\n"
            f"{reading_address}/bai.html#m=1&t=17"
        )
        # What is selected goes before what is being said.
        page.evaluate("getSelection().selectAllChildren(document.getElementById('p3s2'))")
        page.get_by_role("button", name="Chép trích dẫn").click()
        quote = page.evaluate("navigator.clipboard.readText()")
        assert quote.startswith("“Người dân rất phấn khởi.”")
        assert quote.endswith("#m=1&t=29")


def test_files_are_there_to_take_along(browser: Page, reading_address: str) -> None:
    with open_page(browser, f"{reading_address}/bai.html") as page:
        for name, begins in (("SRT", "1\n00:00:01,000 -->"), ("VTT", "WEBVTT"), ("TXT", "Sáng 5/2, xã Đông Hòa")):
            with page.expect_download() as download:
                page.get_by_role("link", name=f"Tải {name}: doc-bai.wav").click()
            assert download.value.path().read_text(encoding="utf-8").startswith(begins)


def test_from_disk_files_open_beside_the_page(page: Page) -> None:
    """A browser shows a text of the disk, whatever the link says: the page stays."""
    with page.expect_popup() as popup:
        page.get_by_role("link", name="Tải TXT: doc-bai.wav").click()
    assert "xã Đông Hòa" in popup.value.locator("body").inner_text()
    popup.value.close()
    assert page.title() == ARTICLE.title


def test_the_speed_is_kept_from_one_medium_to_the_next(page: Page) -> None:
    page.locator("#p2s1").click()
    page.get_by_label("Tốc độ").select_option("1.5")
    page.locator("#p5s1").click()
    until(page, "!document.querySelector('video').paused")
    assert page.evaluate("document.querySelector('video').playbackRate") == 1.5
