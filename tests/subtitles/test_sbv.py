"""YouTube's SubViewer, read by its rules: a line of times, lines of text, an empty line."""

from __future__ import annotations

import re

from hypothesis import example, given

from mediakit.captions.caption import Caption
from mediakit.subtitles.sbv import render_sbv
from tests.subtitles.hostile import ALL, captions, shown

TIMES = re.compile(r"(\d+):([0-5]\d):([0-5]\d)\.(\d{3}),(\d+):([0-5]\d):([0-5]\d)\.(\d{3})")


def parse_sbv(text: str) -> list[tuple[int, int, list[str]]]:
    """Starts, ends and lines. Any line of times begins a cue, as in readers that do not wait for an empty line."""
    found: list[tuple[int, int, list[str]]] = []
    for line in text.split("\n"):
        if times := TIMES.fullmatch(line):
            h, m, s, ms, *end = map(int, times.groups())
            start_ms, end_ms = (((h * 60 + m) * 60 + s) * 1000 + ms for h, m, s, ms in ((h, m, s, ms), end))
            found.append((start_ms, end_ms, []))
        elif line:
            found[-1][2].append(line)
    return found


@given(captions())
@example(ALL)
def test_sbv_comes_back_cue_by_cue(given: tuple[Caption, ...]) -> None:
    text = render_sbv(given)
    parsed = parse_sbv(text)
    assert [cue[:2] for cue in parsed] == [(c.start_ms, c.end_ms) for c in given]
    # Of two times in the text, a space after the comma is all that is added.
    assert [[re.sub(r",\s", ",", line) for line in lines] for _, _, lines in parsed] == [
        [re.sub(r",\s", ",", shown(line)) for line in c.lines] for c in given
    ]
    assert len(text.split("\n\n")) == max(1, len(given))


def test_the_form_is_that_of_youtube() -> None:
    captions = [Caption("c1", 1000, 2500, ("Xin chào.", "Một")), Caption("c2", 36_000_000, 36_000_001, ("Hai",))]
    assert render_sbv(captions) == ("0:00:01.000,0:00:02.500\nXin chào.\nMột\n\n10:00:00.000,10:00:00.001\nHai\n")
    assert render_sbv([]) == ""


def test_times_in_the_text_are_no_cue() -> None:
    assert render_sbv([Caption("c1", 0, 1, ("0:00:01.000,0:00:02.000",))]).endswith("\n0:00:01.000, 0:00:02.000\n")
