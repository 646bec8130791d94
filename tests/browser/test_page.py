"""The reader page in a real Chromium, opened from disk and from a server: what plays, and what is lit meanwhile."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.reading import FILM, SOUND, lit, open_page, said_at, until

pytestmark = [pytest.mark.slow, pytest.mark.browser]

#: From where each player has played, as [tag, seconds].
PLAYED = """[...document.querySelectorAll("audio, video")]
    .flatMap((player) => [...Array(player.played.length).keys()].map((n) => [player.localName, player.played.start(n)]))
"""
SEEK = """([tag, seconds]) => new Promise((done) => {
    const player = document.querySelector(tag);
    player.addEventListener("seeked", () => requestAnimationFrame(() => done()), { once: true });
    player.currentTime = seconds;
})"""
IN_VIEW = """(id) => {
    const { top, bottom } = document.getElementById(id).getBoundingClientRect();
    return top >= 0 && bottom <= document.querySelector(".bar").offsetTop;
}"""


def test_the_policy_stops_a_script_that_got_in(browser: Page, reading: Path) -> None:
    problems: list[str] = []
    with open_page(browser, (reading / "bai.html").as_uri(), problems) as page:
        page.evaluate(
            """() => {
                const script = document.createElement("script");
                script.textContent = "window.hacked = 2";
                document.body.append(script);
                const place = document.createElement("div");
                place.innerHTML = "<img src='data:,' onerror='window.hacked = 3'>";
                document.body.append(place);
                place.firstChild.dispatchEvent(new Event("error"));
            }"""
        )
        page.wait_for_timeout(100)
        assert page.evaluate("window.hacked") is None
    assert len([problem for problem in problems if "Content Security Policy" in problem]) >= 2, problems


@pytest.mark.parametrize("key", [None, "Enter", "Space"])
@pytest.mark.parametrize(("sentence", "player"), [("p2s2", "audio"), ("p5s1", "video")])
def test_a_sentence_plays_from_where_it_is_said(page: Page, sentence: str, player: str, key: str | None) -> None:
    target = page.locator(f"#{sentence}")
    if key:
        target.focus()
        page.keyboard.press(key)
    else:
        target.click()
    ((tag, began_s),) = until(page, PLAYED)
    start_ms = next(s.start_ms for s in (*SOUND.segments, *FILM.segments) if s.sentence == sentence)
    assert (tag, began_s) == (player, pytest.approx(start_ms / 1000, abs=0.1))
    until(page, f"document.querySelector('{player}').currentTime", lambda now: now > start_ms / 1000 + 0.3)
    assert not page.evaluate(f"document.querySelector('{player}').paused")
    expect(target).to_have_attribute("aria-current", "true")
    assert lit(page) == [sentence]


def test_the_space_bar_stops_the_sentence_that_it_began(page: Page) -> None:
    page.locator("#p2s2").focus()
    for state in ("!", "", "!"):
        page.keyboard.press("Space")
        until(page, f"{state}document.querySelector('audio').paused")


@pytest.mark.parametrize("tag", ["audio", "video"])
def test_what_is_lit_is_what_the_record_has(page: Page, tag: str) -> None:
    result = SOUND if tag == "audio" else FILM
    assert result.media.duration_ms is not None
    times_ms = random.Random(7).sample(range(1, result.media.duration_ms), 20)
    edges_ms = [edge for segment in result.segments[:4] for edge in (segment.start_ms, segment.end_ms)]
    for ms in (*times_ms, *edges_ms):
        page.evaluate(SEEK, [tag, ms / 1000])
        segment = said_at(result, ms)
        sentence = segment.sentence if segment is not None else None
        assert lit(page) == ([sentence] if sentence else []), ms
        lines = page.locator(".transcript:not([hidden]) li.lit span").all_inner_texts()
        assert lines == ([segment.text] if segment is not None else []), ms
        caption = page.locator("section.media .caption" if tag == "audio" else ".bar .now").first
        assert caption.text_content() == (segment.text if segment is not None else ""), ms


def test_while_it_plays_the_next_sentence_is_lit_in_its_turn(page: Page) -> None:
    page.evaluate("document.querySelector('audio').playbackRate = 4")
    page.locator("#p2s1").click()
    for sentence in ("p2s1", "p2s2", "p2s3"):
        until(page, f"document.querySelector('.said.lit')?.id === '{sentence}'")


def test_speech_that_is_not_in_the_article_stands_where_it_was_said(page: Page) -> None:
    lines = page.locator(".transcript[data-medium='0'] li")
    assert [line.split("\n")[-1].strip() for line in lines.all_inner_texts()] == [s.text for s in SOUND.segments]
    speech = lines.nth(2)
    expect(speech).to_have_class("speech")
    speech.click()
    expect(speech).to_have_class(re.compile(r"\blit\b"))
    assert lit(page) == []


def test_a_sentence_that_both_say_plays_in_the_one_that_is_heard(page: Page) -> None:
    page.locator("#p5s1").click()
    until(page, PLAYED)
    page.locator("#p1s1").click()
    until(page, "document.querySelector('video').currentTime", lambda now: now >= 4.5)
    assert page.evaluate("document.querySelector('audio').paused")


def test_one_medium_at_a_time(page: Page) -> None:
    page.locator("#p2s1").click()
    until(page, "!document.querySelector('audio').paused")
    page.locator("#p5s1").click()
    until(page, "document.querySelector('audio').paused && !document.querySelector('video').paused")
    assert lit(page) == ["p5s1"]
    expect(page.locator("#which")).to_have_value("1")
    expect(page.locator(".transcript[data-medium='0']")).to_be_hidden()


def test_the_page_goes_along_until_the_reader_scrolls_away(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 480})
    page.locator("#p1s1").click()
    assert page.evaluate("scrollY") < 200
    page.evaluate("api.seek(0, 13200)")  # p2s1, further down
    until(page, f"({IN_VIEW})('p2s1')")
    page.mouse.move(300, 200)
    page.mouse.wheel(0, 3000)
    until(page, "scrollY", lambda now: now > 500)
    back = page.get_by_role("button", name="Về câu đang đọc")
    expect(back).to_be_visible()
    there = page.evaluate("scrollY")
    page.evaluate("api.seek(0, 17200)")
    page.wait_for_timeout(300)
    assert lit(page) == ["p2s2"]
    assert page.evaluate("scrollY") == there, "the reader is left where he is"
    back.click()
    until(page, f"({IN_VIEW})('p2s2')")
    expect(back).to_be_hidden()


def test_the_transcript_goes_along_too(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 500})
    page.evaluate("api.seek(0, 46000)")
    line = page.locator(".transcript:not([hidden]) li.lit")
    expect(line).to_be_in_viewport()
    assert "Trạm y tế" in line.inner_text()


def test_who_scrolled_away_in_one_transcript_is_not_away_in_the_other(page: Page) -> None:
    page.evaluate("api.seek(0, 2000)")
    page.locator(".transcript:not([hidden]) .lines").hover()
    page.mouse.wheel(0, 3000)
    back = page.get_by_role("button", name="Về câu đang đọc", include_hidden=True)
    until(page, "!document.querySelector('#back').hidden")
    page.locator("#which").select_option("1")
    expect(back).to_be_hidden()
    page.locator("#which").select_option("0")
    until(page, "document.querySelector('.transcript:not([hidden]) .lines').scrollTop === 0")


def test_captions_of_a_film_come_from_the_page_where_it_is_opened_from_disk(page: Page) -> None:
    modes, cues = page.evaluate(
        """(() => {
            const tracks = [...document.querySelector("video").textTracks];
            return [tracks.map((track) => track.mode), [...tracks[0].cues].map((cue) => [cue.startTime, cue.text])];
        })()"""
    )
    assert modes == ["showing"]
    assert cues == [[s.start_ms / 1000, s.text] for s in FILM.segments]
    assert page.locator("track").count() == 0


def test_captions_of_a_film_come_from_the_file_where_it_is_served(
    browser: Page, reading: Path, reading_address: str
) -> None:
    asked: list[str] = []
    browser.on("request", lambda request: asked.append(request.url))
    with open_page(browser, f"{reading_address}/bai.html") as page:
        state = until(page, "document.querySelector('track').readyState", lambda state: state >= 2)
        assert state == 2
        assert page.evaluate("document.querySelector('track').track.mode") == "showing"
        assert page.evaluate("[...document.querySelector('track').track.cues].length") == len(FILM.captions)
    hosts = {url.split("/")[2] for url in asked if url.startswith("http")}
    assert hosts == {reading_address.removeprefix("http://")}, "nothing comes from elsewhere"
    assert f"{reading_address}/phat-bieu.vi.vtt" in asked


def test_a_server_without_byte_ranges_will_do(browser: Page, reading_address: str) -> None:
    with open_page(browser, f"{reading_address}/bai.html") as page:
        assert (
            page.evaluate("(({ seekable }) => seekable.length && seekable.end(0))(document.querySelector('audio'))")
            == 0
        )
        page.locator("#p3s1").click()
        until(page, "document.querySelector('audio').currentTime", lambda now: now > 25.2)
        assert lit(page) == ["p3s1"]


def test_what_is_not_there_is_said(browser: Page, reading_address: str) -> None:
    problems: list[str] = []
    with open_page(browser, f"{reading_address}/thieu.html", problems) as page:
        expect(page.locator("#m1 .broken")).to_be_visible()
        expect(page.locator("#m2 .broken")).to_be_hidden()
        # Without the file of captions they come from the page.
        until(page, "[...document.querySelector('video').textTracks].some(t => t.cues?.length === 3)")
    assert all("404" in problem for problem in problems), problems


def test_other_scripts_have_an_interface(page: Page) -> None:
    page.evaluate("() => { window.told = []; window.end = api.onTime((now) => told.push(now)); }")
    page.evaluate("api.seek(0, 17500)")
    now = page.evaluate("api.current()")
    assert now == {"media": 0, "ms": 17_500, "segment": 4, "caption": 4, "paused": True}
    assert page.evaluate("told.at(-1)") == now
    page.evaluate("end()")
    page.evaluate("api.seek(1, 700)")
    assert page.evaluate("told.at(-1).media") == 0
    assert page.evaluate("api.current().media") == 1
    with pytest.raises(Exception, match="no medium 7"):
        page.evaluate("api.seek(7, 0)")


def test_what_another_script_changes_is_shown(page: Page) -> None:
    page.evaluate(
        """() => {
            const { segments, captions } = api.data.media[1];
            Object.assign(segments[0], { text: "Kính thưa bà con.", start_ms: 100 });
            Object.assign(segments[0], { source: "article", sentence: "p5s2" });
            Object.assign(captions[0], { lines: ["Kính thưa", "bà <con>."], start_ms: 100 });
            api.render();
        }"""
    )
    line = page.locator(".transcript[data-medium='1'] li").first
    assert line.locator("span").text_content() == "Kính thưa bà con."
    expect(line).to_have_class("article")
    cue = page.evaluate(
        "(({ startTime, text }) => [startTime, text])(document.querySelector('video').textTracks[0].cues[0])"
    )
    assert cue == [0.1, "Kính thưa\nbà &lt;con&gt;."]
    page.locator("#p5s2").click()
    assert lit(page) == ["p5s2"]
    page.evaluate("() => { api.data.media[1].segments.splice(1, 1); api.render(); }")
    assert page.locator(".transcript[data-medium='1'] li").count() == 2
    gone = page.locator("#p5s1")
    expect(gone).not_to_have_class(re.compile("said"))
    assert gone.get_attribute("role") is None


def test_waiting_for_the_page_needs_no_eval_in_it(page: Page) -> None:
    """What is not so at the first look is looked at again, under the policy that forbids the page to evaluate text."""
    page.evaluate("() => { setTimeout(() => { window.later = 1 }, 200) }")
    assert page.evaluate("window.later") is None
    assert until(page, "window.later") == 1
    with pytest.raises(AssertionError, match=r"window\.never is still None"):
        until(page, "window.never", timeout_s=0.1)
