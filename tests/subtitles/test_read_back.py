"""SubRip and WebVTT as other programs read them: the packages `srt` and pysubs2 (Chromium: tests/browser)."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import timedelta

import pysubs2
import srt
from hypothesis import example, given

from mediakit.captions.caption import Caption
from mediakit.subtitles.subrip import render_srt
from mediakit.subtitles.webvtt import render_vtt
from tests.subtitles.hostile import ALL, TEXTS, captions

#: pysubs2 takes any line with two times for the head of a cue, and a last line of digits for the number of the next.
_HEAD = re.compile(r"\d:\d+[:.].*\d:\d+[:.]|^[\s\d]+$")
UNLIKE_HEADS = TEXTS.filter(lambda text: not _HEAD.search(" ".join(text.split())))
#: 99 hours; pysubs2 reads hours of two digits.
LATEST_MS = 356_000_000


def lines_of(caption: Caption) -> list[str]:
    """What was said, composed, with single spaces."""
    return [unicodedata.normalize("NFC", " ".join(line.split())) for line in caption.lines]


def without_arrows(line: str) -> str:
    """SubRip has no escape for an arrow, of which one dash is kept."""
    return re.sub("-+>", "->", line)


def read_by_pysubs2(text: str, form: str) -> list[tuple[int, int, list[str]]]:
    """Starts, ends and lines. It knows no identifiers of WebVTT: the next cue's stands below an empty line."""
    found = pysubs2.SSAFile.from_string(text, format_=form, keep_html_tags=True)
    texts = [event.text.partition(r"\N\Nc")[0] if form == "vtt" else event.text for event in found]
    return [(e.start, e.end, text.split(r"\N")) for e, text in zip(found, texts, strict=True)]


@given(captions())
@example(ALL)
def test_the_package_srt_reads_what_was_said(given: tuple[Caption, ...]) -> None:
    parsed = list(srt.parse(render_srt(given)))
    assert [(cue.start, cue.end) for cue in parsed] == [
        (timedelta(milliseconds=c.start_ms), timedelta(milliseconds=c.end_ms)) for c in given
    ]
    assert [cue.content.split("\n") for cue in parsed] == [
        [without_arrows(line) for line in lines_of(c)] for c in given
    ]


@given(captions(UNLIKE_HEADS, LATEST_MS))
@example(tuple(c for c in ALL if not any(_HEAD.search(line) for line in c.lines)))
def test_pysubs2_reads_subrip(given: tuple[Caption, ...]) -> None:
    # Its own mark for a new line may stand in the text as well.
    assert read_by_pysubs2(render_srt(given), "srt") == [
        (c.start_ms, c.end_ms, r"\N".join(map(without_arrows, lines_of(c))).split(r"\N")) for c in given
    ]


@given(captions(UNLIKE_HEADS, LATEST_MS))
@example(tuple(c for c in ALL if not any(_HEAD.search(line) for line in c.lines)))
def test_pysubs2_reads_webvtt(given: tuple[Caption, ...]) -> None:
    parsed = read_by_pysubs2(render_vtt(given), "vtt")
    assert [(start, end, [html.unescape(line) for line in lines]) for start, end, lines in parsed] == [
        (c.start_ms, c.end_ms, r"\N".join(lines_of(c)).split(r"\N")) for c in given
    ]
