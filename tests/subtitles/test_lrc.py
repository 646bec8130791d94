"""LRC, read by a parser that takes tags anywhere in a line, as some players do, and by ffmpeg."""

from __future__ import annotations

import re
from pathlib import Path

import av
import pytest
from hypothesis import example, given

from mediakit.captions.caption import Caption
from mediakit.subtitles.lrc import render_lrc
from tests.subtitles.hostile import ALL, captions, shown

TIME = re.compile(r"\[(\d{2,}):([0-5]\d)\.(\d\d)\]")
ANY_TAG = re.compile(r"\[[^\[\]]*:[^\[\]]*\]|<\s*\d+:[^<>]*>")


def parse_lrc(text: str) -> list[tuple[int, str]]:
    """Hundredths of a second and texts of the lines below the tags."""
    found = []
    for line in text.splitlines():
        if time := TIME.match(line):
            minutes, seconds, rest = map(int, time.groups())
            found.append((minutes * 6000 + seconds * 100 + rest, line[time.end() :]))
            assert len(ANY_TAG.findall(line)) == 1
    return found


def expected(given: tuple[Caption, ...]) -> list[tuple[int, str]]:
    """What players show from when: a text, and nothing after it where a silence of over a second follows."""
    found = []
    for n, caption in enumerate(given):
        start, end = ((ms + 5) // 10 for ms in (caption.start_ms, caption.end_ms))
        found.append((start, seen(" ".join(shown(line) for line in caption.lines))))
        if n == len(given) - 1 or given[n + 1].start_ms - caption.end_ms > 1000:
            found.append((max(end, start + 1), ""))
    return found


def seen(text: str) -> str:
    return text.translate(str.maketrans("[]<>", "［］＜＞"))


@given(captions())
@example(ALL)
def test_lrc_comes_back_line_by_line(given: tuple[Caption, ...]) -> None:
    assert [(at, seen(text)) for at, text in parse_lrc(render_lrc(given))] == expected(given)


def test_ffmpeg_finds_the_same_times_and_texts(tmp_path: Path) -> None:
    file = tmp_path / "a.lrc"
    file.write_bytes(render_lrc(ALL, title="Tin", author="Lê Thu", language="vi").encode("utf-8"))
    with av.open(str(file)) as opened:
        packets = [packet for packet in opened.demux(subtitles=0) if packet.size]
        tags = dict(opened.metadata)
    assert (tags["title"], tags["artist"], tags["la"]) == ("Tin", "Lê Thu", "vi")
    found = [((packet.pts or 0) // 10_000, seen(bytes(packet).decode("utf-8").strip("\n"))) for packet in packets]
    assert found == expected(ALL)


@pytest.mark.parametrize(("silence_ms", "lines"), [(0, 3), (1000, 3), (1001, 4)])
def test_a_silence_is_a_line_of_its_own(silence_ms: int, lines: int) -> None:
    first = Caption("c1", 0, 2000, ("Một,", "hai."))
    second = Caption("c2", 2000 + silence_ms, 9000, ("Ba.",))
    written = parse_lrc(render_lrc([first, second]))
    assert len(written) == lines
    assert written[0] == (0, "Một, hai.")
    assert written[-1] == (900, "")


def test_tags_are_those_that_are_known_and_close_themselves() -> None:
    text = render_lrc([], title="Tin] [ar:x\n[00:00.00]y", language="vi")
    assert text == "[ti:Tin］ ［ar:x ［00:00.00］y]\n[la:vi]\n[by:mediakit]\n"


def test_brackets_that_are_no_tags_stay_and_minutes_go_on_past_ninety_nine() -> None:
    captions = [Caption("c1", 6_000_000, 6_001_234, ("Xin [vỗ tay] a < b > c [ti:x] <00:01>",))]
    assert render_lrc(captions) == "[by:mediakit]\n[100:00.00]Xin [vỗ tay] a < b > c ［ti:x］ ＜00:01＞\n[100:01.23]\n"


@pytest.mark.parametrize("text", ["[a[:b]c]", "<![CDATA[ :]]", "x [[[[:]]]]", "<0<1:2>:3>"])
def test_no_tag_comes_of_making_one_harmless(text: str) -> None:
    (shown, _) = parse_lrc(render_lrc([Caption("c1", 0, 1000, (text,))]))
    assert seen(shown[1]) == seen(text)
