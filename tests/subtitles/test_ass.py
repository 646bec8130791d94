"""SubStation Alpha as pysubs2 and ffmpeg read it: no text is a command, and none is hidden."""

from __future__ import annotations

import subprocess
from pathlib import Path

import av
import pysubs2
import srt
from hypothesis import example, given

from mediakit.captions.caption import Caption
from mediakit.media.ffmpeg import find_ffmpeg
from mediakit.subtitles.ass import render_ass
from tests.subtitles.hostile import ALL, captions, shown


def seen(text: str) -> str:
    """Text as the eye sees it: full-width braces for braces, no word joiners."""
    return text.translate({ord("{"): "｛", ord("}"): "｝", 0x2060: None})


def lines_of(caption: Caption) -> list[str]:
    return [seen(shown(line)) for line in caption.lines]


def hundredths(caption: Caption) -> tuple[int, int]:
    """Its times, rounded; none ends when it begins."""
    start, end = ((ms + 5) // 10 for ms in (caption.start_ms, caption.end_ms))
    return start, max(end, start + 1)


@given(captions(latest_ms=359_000_000))
@example(ALL)
def test_pysubs2_reads_what_was_written(given: tuple[Caption, ...]) -> None:
    events = pysubs2.SSAFile.from_string(render_ass(given), format_="ass").events
    assert [(e.start, e.end) for e in events] == [(start * 10, end * 10) for start, end in map(hundredths, given)]
    assert all(e.type == "Dialogue" and e.style == "Default" and not e.is_drawing for e in events)
    assert [seen(e.plaintext).split("\n") for e in events] == [lines_of(c) for c in given]


def test_ffmpeg_finds_the_same_times_and_texts(tmp_path: Path) -> None:
    file = tmp_path / "a.ass"
    late = Caption("c99", 40_000_123, 40_001_000, ("Sau mười một giờ.",))
    file.write_bytes(render_ass([*ALL, late]).encode("utf-8"))
    with av.open(str(file)) as opened:
        packets = [packet for packet in opened.demux(subtitles=0) if packet.size]
    assert [(p.pts, (p.pts or 0) + (p.duration or 0)) for p in packets] == [hundredths(c) for c in (*ALL, late)]
    texts = [bytes(packet).decode("utf-8").split(",", 8)[8] for packet in packets]
    assert [seen(text) for text in texts] == [r"\N".join(lines_of(c)) for c in (*ALL, late)]


def test_ffmpeg_shows_the_text_whole(tmp_path: Path) -> None:
    """What it makes of overrides is gone from SubRip: what is left is what was to be read."""
    file = tmp_path / "a.ass"
    file.write_bytes(render_ass(ALL).encode("utf-8"))
    command = [find_ffmpeg(), "-nostdin", "-v", "error", "-i", str(file), "-f", "srt", "-"]
    done = subprocess.run(command, check=True, capture_output=True, timeout=60)
    found = list(srt.parse(done.stdout.decode("utf-8").replace("\r\n", "\n")))
    assert [cue.start.total_seconds() for cue in found] == [hundredths(c)[0] / 100 for c in ALL]
    texts = [seen(cue.content).removeprefix('<font size="64">').removesuffix("</font>") for cue in found]
    assert [text.split("\n") for text in texts] == [lines_of(c) for c in ALL]


def test_the_one_style_is_said_in_full() -> None:
    file = pysubs2.SSAFile.from_string(render_ass([]), format_="ass")
    assert set(file.styles) == {"Default"}
    assert (file.info["ScriptType"], file.info["PlayResX"], file.info["PlayResY"]) == ("v4.00+", "1920", "1080")
    assert file.events == []


def test_braces_and_marks_are_text() -> None:
    text = render_ass([Caption("c1", 0, 1000, (r"{\pos(0,0)}một\Nhai", r"C:\xa\\n"))])
    assert text.splitlines()[-1].endswith(",,｛\\pos(0,0)｝một\\\u2060Nhai\\NC:\\xa\\\\\u2060n")
