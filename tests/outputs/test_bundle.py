"""Formats asked for and files given."""

from __future__ import annotations

import pytest

from mediakit.errors import UsageError
from mediakit.outputs.bundle import (
    FORMATS,
    FURTHER_FORMATS,
    PICTURES,
    endings,
    parse_formats,
    render_media,
    render_pictures,
)
from tests.outputs.example import AUDIO, LOOSE


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


def test_language_title_and_author_are_said_where_a_format_has_a_place_for_them() -> None:
    files = render_media(AUDIO, ["lrc", "ttml"], language="en")
    assert files[".en.lrc"].startswith("[ti:Trồng cây ở xã Đông Hòa]\n[ar:Lê Thu]\n[la:en]\n[by:mediakit]\n[00:00.50]")
    assert 'xml:lang="en"' in files[".en.ttml"]
    assert render_media(LOOSE, ["lrc"], language="vi")[".vi.lrc"].startswith("[la:vi]\n[by:mediakit]\n[00:00.00]")
