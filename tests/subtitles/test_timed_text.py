"""Plain text with times, a line a caption."""

from __future__ import annotations

import re

from hypothesis import example, given

from mediakit.captions.caption import Caption
from mediakit.subtitles.timed_text import render_timed
from mediakit.timeline import timestamp
from tests.subtitles.hostile import ALL, captions, shown


@given(captions())
@example(ALL)
def test_every_caption_is_a_line(given: tuple[Caption, ...]) -> None:
    lines = render_timed(given).splitlines()
    found = [re.fullmatch(r"\[([\d:.]+)\] (.*)", line) for line in lines]
    assert [match.groups() for match in found if match] == [
        (timestamp(c.start_ms), " ".join(shown(line) for line in c.lines)) for c in given
    ]


def test_the_form() -> None:
    assert render_timed([Caption("c1", 1000, 2000, ("Xin chào", "các bạn."))]) == "[00:00:01.000] Xin chào các bạn.\n"
    assert render_timed([]) == ""
    assert render_timed([Caption("c1", 1000, 2000, ("\x00",))]) == ""
