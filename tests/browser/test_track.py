"""WebVTT in Chromium's own `<track>`, from a server, as a newspaper's page has it."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from playwright.sync_api import Page

from mediakit.captions.caption import Caption
from mediakit.outputs.bundle import render_media
from mediakit.subtitles.webvtt import render_vtt
from tests.browser.reading import until
from tests.outputs.example import AUDIO
from tests.subtitles.hostile import ALL

pytestmark = [pytest.mark.slow, pytest.mark.browser]

PAGE = '<!doctype html><meta charset="utf-8"><title>a</title><video><track default kind="{kind}" src="a.vtt"></video>'
CUES = """[...document.querySelector("video").textTracks[0].cues].map(
    cue => [cue.id, cue.startTime, cue.endTime, cue.getCueAsHTML().textContent, cue.getCueAsHTML().childElementCount]
)"""


def cues(browser: Page, address: str, folder: Path, text: str, kind: str = "captions") -> list[list[object]]:
    """Identities, starts and ends (seconds), texts and numbers of elements of the cues that Chromium finds."""
    (folder / "a.vtt").write_bytes(text.encode("utf-8"))
    (folder / "a.html").write_text(PAGE.format(kind=kind), encoding="utf-8")
    browser.goto(f"{address}/a.html")
    browser.evaluate('document.querySelector("video").textTracks[0].mode = "hidden"')
    state = until(browser, 'document.querySelector("track").readyState', lambda state: state >= 2)
    assert state == 2, "Chromium could not read the track"
    found: list[list[object]] = browser.evaluate(CUES)
    return found


def as_shown(caption: Caption) -> str:
    """Its lines, composed. WebVTT has a null character replaced; Chromium leaves out U+FFFF, its own end mark."""
    lines = (unicodedata.normalize("NFC", " ".join(line.split())) for line in caption.lines)
    return "\n".join(lines).replace("\x00", "\ufffd").replace("\uffff", "")


def test_chromium_reads_every_cue_as_it_was_written(browser: Page, address: str, tmp_path: Path) -> None:
    late = Caption("c99", 360_000_123, 360_001_000, ("Sau một trăm giờ.",))
    given = (*ALL, late)
    assert cues(browser, address, tmp_path, render_vtt(given)) == [
        [c.id, c.start_ms / 1000, c.end_ms / 1000, as_shown(c), 0] for c in given
    ]


def test_chromium_reads_the_links_as_data(browser: Page, address: str, tmp_path: Path) -> None:
    text = render_media(AUDIO, ["vtt"], language="vi")[".vi.links.vtt"]
    found = cues(browser, address, tmp_path, text, kind="metadata")
    said = [s for s in AUDIO.segments if s.sentence]
    assert [cue[:3] for cue in found] == [
        [f"l{n}", s.start_ms / 1000, s.end_ms / 1000] for n, s in enumerate(said, start=1)
    ]
    assert [json.loads(str(cue[3]))["selector"]["value"] for cue in found] == [s.sentence for s in said]


def test_no_captions_are_a_track_without_cues(browser: Page, address: str, tmp_path: Path) -> None:
    assert cues(browser, address, tmp_path, render_vtt([])) == []
