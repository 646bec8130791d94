"""Formats asked for and files given."""

from __future__ import annotations

import pytest

from mediakit.errors import UsageError
from mediakit.outputs.bundle import FORMATS, endings, parse_formats, render_media
from tests.outputs.example import AUDIO, LOOSE


@pytest.mark.parametrize(
    ("text", "formats"),
    [("srt,vtt", ("srt", "vtt")), (" JSON , .srt,srt,", ("srt", "json")), ("html,txt,json,vtt,srt", FORMATS)],
)
def test_formats_are_read_in_their_usual_order(text: str, formats: tuple[str, ...]) -> None:
    assert parse_formats(text) == formats


@pytest.mark.parametrize("text", ["", " , ", "srt,docx", "srt;vtt"])
def test_an_unknown_format_is_a_usage_error_that_lists_the_known(text: str) -> None:
    with pytest.raises(UsageError, match="srt, vtt, txt, json, html"):
        parse_formats(text)


def test_links_come_with_webvtt_where_there_is_an_article() -> None:
    assert set(render_media(AUDIO, ["vtt"], language="vi")) == {".vi.vtt", ".vi.links.vtt"}
    assert set(render_media(LOOSE, ["vtt"], language="vi")) == {".vi.vtt"}
    assert set(render_media(AUDIO, ["srt", "html"], language="en")) == {".en.srt"}


def test_what_is_announced_is_what_is_given() -> None:
    for result, linked in ((AUDIO, True), (LOOSE, False)):
        given = tuple(render_media(result, FORMATS, language="vi"))
        assert given == endings(FORMATS, language="vi", linked=linked)
