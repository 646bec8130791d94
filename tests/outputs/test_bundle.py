"""Formats asked for and files given."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from mediakit.captions.profile import PROFILES
from mediakit.errors import UsageError
from mediakit.outputs.bundle import (
    FORMATS,
    FURTHER_FORMATS,
    PICTURES,
    endings,
    foreign_captions,
    parse_formats,
    render_media,
    render_pictures,
)
from mediakit.subtitles.check import check, fix
from mediakit.subtitles.track import plain
from mediakit.subtitles.webvtt import parse_vtt
from tests.outputs.example import AUDIO, GUEST, LOOSE, VIDEO


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("srt,vtt", ("srt", "vtt")),
        (" JSON , .srt,srt,", ("srt", "json")),
        ("html,txt,json,vtt,srt", FORMATS),
        ("timed,ass,lrc,sbv,ttml,srt", ("srt", *FURTHER_FORMATS)),
    ],
)
def test_formats_are_read_in_their_usual_order(text: str, formats: tuple[str, ...]) -> None:
    assert parse_formats(text) == formats


@pytest.mark.parametrize("text", ["", " , ", "srt,docx", "srt;vtt"])
def test_an_unknown_format_is_a_usage_error_that_lists_the_known(text: str) -> None:
    with pytest.raises(UsageError, match="srt, vtt, txt, json, html, ttml, ass, sbv, lrc, timed, png, epub"):
        parse_formats(text)


def test_links_come_with_webvtt_where_there_is_an_article() -> None:
    assert set(render_media(AUDIO, ["vtt"], language="vi")) == {".vi.vtt", ".vi.links.vtt"}
    assert set(render_media(LOOSE, ["vtt"], language="vi")) == {".vi.vtt"}
    assert set(render_media(AUDIO, ["srt", "html"], language="en")) == {".en.srt"}


def test_what_is_announced_is_what_is_given() -> None:
    for result, linked in ((AUDIO, True), (LOOSE, False)):
        for formats in (FORMATS, FURTHER_FORMATS, PICTURES, (*FORMATS, *FURTHER_FORMATS, *PICTURES)):
            texts = render_media(result, formats, language="vi")
            pictures = render_pictures(result, formats, language="vi")
            assert {*texts, *pictures} == set(endings(formats, language="vi", linked=linked))
            assert all(picture.startswith(b"\x89PNG") for picture in pictures.values())


def test_captions_for_other_programs_have_the_endings_that_these_know() -> None:
    assert endings(FURTHER_FORMATS, language="vi", linked=True) == (
        *(".vi.ttml", ".vi.ass", ".vi.sbv", ".vi.lrc", ".vi.timed.txt"),
    )


def test_foreign_captions_say_their_language_where_a_format_has_a_place_for_it() -> None:
    files = render_media(GUEST, ["vtt", "srt", "ttml"], language="vi")
    assert "\n<lang en>Rice &amp; &lt;fish&gt;</lang>\n<lang en>for everyone.</lang>\n" in files[".vi.vtt"]
    assert files[".vi.vtt"].count("<lang") == 2
    assert "lang" not in files[".vi.srt"]
    assert files[".vi.ttml"].count('xml:lang="vi"') == files[".vi.ttml"].count('xml:lang="en"') == 1
    root = ET.fromstring(files[".vi.ttml"].encode("utf-8"))
    (english,) = root.iterfind(".//*[@{http://www.w3.org/XML/1998/namespace}lang='en']")
    assert "".join(english.itertext()) == "Rice & <fish>for everyone."


def test_what_says_its_language_is_read_and_checked_as_its_text_is() -> None:
    text = render_media(GUEST, ["vtt"], language="vi")[".vi.vtt"]
    track, without = parse_vtt(text), parse_vtt(re.sub("</?lang[^>]*>", "", text))
    assert not track.tolerated
    shown = [[plain(line, "vtt") for line in cue.lines] for cue in track.cues]
    assert shown == [list(caption.lines) for caption in GUEST.captions]
    tight = replace(PROFILES["netflix-vi"], max_line_chars=12)
    checked, expected = check(track, tight), check(without, tight)
    assert re.sub("</?lang[^>]*>", "", fix(checked)) == fix(expected)
    assert "<lang en>" in fix(checked)


def test_a_caption_that_was_moved_between_two_segments_has_the_language_of_most_of_it() -> None:
    assert foreign_captions(GUEST) == {"c2": "en"}
    moved = [replace(GUEST.captions[1], start_ms=a, end_ms=b) for a, b in ((600, 1900), (0, 2200), (2900, 6100))]
    assert [foreign_captions(replace(GUEST, captions=(one,))) for one in moved] == [{}, {}, {"c2": "en"}]
    assert foreign_captions(LOOSE) == foreign_captions(VIDEO) == {}


def test_language_title_and_author_are_said_where_a_format_has_a_place_for_them() -> None:
    files = render_media(AUDIO, ["lrc", "ttml"], language="en")
    assert files[".en.lrc"].startswith("[ti:Trồng cây ở xã Đông Hòa]\n[ar:Lê Thu]\n[la:en]\n[by:mediakit]\n[00:00.50]")
    assert 'xml:lang="en"' in files[".en.ttml"]
    assert render_media(LOOSE, ["lrc"], language="vi")[".vi.lrc"].startswith("[la:vi]\n[by:mediakit]\n[00:00.00]")
