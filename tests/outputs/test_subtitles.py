"""Subtitle files hold whatever was said, also what looks like a part of the format."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from datetime import timedelta

import pytest
import srt
from hypothesis import example, given
from hypothesis import strategies as st

from mediakit.captions.caption import Caption
from mediakit.outputs.transcript_text import render_links, render_text
from mediakit.subtitles.subrip import render_srt
from mediakit.subtitles.webvtt import render_vtt
from mediakit.timeline import timestamp
from tests.outputs.example import AUDIO, segment

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    "00:00:01,000 --> 00:00:02,000",
    "a --> b ---> c -----> d",
    "một\n\n7\n00:00:01,000 --> 00:00:02,000\nhai",
    "\r\n\x0b\x0c\x1c\x85\u2028\u2029x",
    "42",
    "WEBVTT",
    "NOTE x",
    "&amp; &lt;b&gt;",
    "{\\an8}<b>đậm</b>",
]
# Three of HOSTILE hold line ends; what remains of them is one line with single spaces.
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), min_size=1)).filter(
    lambda text: bool(text.split())
)


@st.composite
def cues(draw: st.DrawFn) -> tuple[Caption, ...]:
    """Captions with any text."""
    lines = draw(st.lists(st.lists(TEXT, min_size=1, max_size=2).map(tuple), max_size=5))
    start = draw(st.integers(0, 400_000_000))
    return tuple(
        Caption(f"c{n}", start + n * 2000, start + n * 2000 + 1500, texts) for n, texts in enumerate(lines, start=1)
    )


@given(cues())
@example(tuple(Caption(f"c{n}", n * 2000, n * 2000 + 900, (text, text)) for n, text in enumerate(HOSTILE, start=1)))
def test_srt_comes_back_cue_by_cue(captions: tuple[Caption, ...]) -> None:
    parsed = list(srt.parse(render_srt(captions)))
    assert [(s.index, s.start, s.end) for s in parsed] == [
        (number, timedelta(milliseconds=c.start_ms), timedelta(milliseconds=c.end_ms))
        for number, c in enumerate(captions, start=1)
    ]
    assert all("-->" not in subtitle.content for subtitle in parsed)
    assert [len(s.content.split("\n")) for s in parsed] == [len(c.lines) for c in captions]


@given(cues())
@example(tuple(Caption(f"c{n}", n * 2000, n * 2000 + 900, (text, text)) for n, text in enumerate(HOSTILE, start=1)))
def test_vtt_comes_back_cue_by_cue(captions: tuple[Caption, ...]) -> None:
    parsed = parse_vtt(render_vtt(captions))
    assert [cue[:3] for cue in parsed] == [(c.id, timestamp(c.start_ms), timestamp(c.end_ms)) for c in captions]
    for (_, _, _, lines), caption in zip(parsed, captions, strict=True):
        assert not re.search("[<>]|&(?!amp;|lt;|gt;)", "".join(lines))
        assert [html.unescape(line).split() for line in lines] == [_nfc(line).split() for line in caption.lines]


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def parse_vtt(text: str) -> list[tuple[str, str, str, list[str]]]:
    """Cues as the WebVTT parser of browsers finds them: blocks parted by blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    header, *blocks = re.split("\n\n+", text.strip("\n"))
    assert header == "WEBVTT"
    found = []
    for block in blocks:
        name, times, *lines = block.split("\n")
        start, end = times.split(" --> ")
        found.append((name, start, end, lines))
    return found


def test_text_is_composed() -> None:
    caption = Caption("c1", 0, 1000, ("Thu\u0323y",))
    assert "Thụy" in render_srt([caption])
    assert "Thụy" in render_vtt([caption])


def test_hours_go_on_past_ninety_nine() -> None:
    caption = Caption("c1", 360_000_000, 360_001_000, ("x",))
    assert "100:00:00,000 --> 100:00:01,000" in render_srt([caption])
    assert "100:00:00.000 --> 100:00:01.000" in render_vtt([caption])


def test_no_captions_make_files_that_are_still_valid() -> None:
    assert (render_srt([]), render_vtt([]), render_links([]), render_text([])) == ("", "WEBVTT\n", "WEBVTT\n", "")


def test_links_name_the_sentences_that_are_said_and_no_free_speech() -> None:
    parsed = parse_vtt(render_links(AUDIO.segments))
    assert [json.loads(lines[0]) for *_, lines in parsed] == [
        {"selector": {"type": "FragmentSelector", "value": value}} for value in ("p1s1", "p2s1")
    ]
    assert len({name for name, *_ in parsed}) == 2


@pytest.mark.parametrize(
    ("segments", "text"),
    [
        ([segment("Một.", 0), segment("Hai.", 2299)], "Một. Hai.\n"),
        ([segment("Một.", 0), segment("Hai.", 2300)], "Một.\n\nHai.\n"),
        ([segment("Một.", 0, "p1s1"), segment("Hai.", 300, "p1s2")], "Một. Hai.\n"),
        ([segment("Một.", 0, "p1s1"), segment("Hai.", 300, "p2s1")], "Một.\n\nHai.\n"),
        ([segment("Một.", 0, "p1s1"), segment("à", 300), segment("Hai.", 600, "p2s1")], "Một. à\n\nHai.\n"),
        ([segment("Tên", 0, "p0s1"), segment("Hai.", 300, "p1s1")], "Tên\n\nHai.\n"),
        ([segment("Mo\u0323t\n\nhai", 0)], "Mọt hai\n"),
    ],
)
def test_the_transcript_has_a_paragraph_for_each_block_of_speech(segments: list[object], text: str) -> None:
    assert render_text(segments) == text  # type: ignore[arg-type]
