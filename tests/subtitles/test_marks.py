"""Marks of a cue from one format to another: none is lost, none is left open, and text stays text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from mediakit.subtitles.marks import MARKS, Run, runs, tagged
from mediakit.subtitles.track import FileCue, Kind, plain

PIECES = st.sampled_from(
    ["<i>", "</i>", "<b>", "</b>", "<U>", "</U>", "<hai>", "{\\an8}", "ạ", "x ", "&lt;", "<", ">", "<font color=red>"]
)


def cue(*lines: str) -> FileCue:
    return FileCue(1, 1, 0, 1000, lines)


def told(kind: Kind, *lines: str) -> tuple[str, ...]:
    return tagged(runs(cue(*lines), kind), lambda text: text)


def test_marks_go_over_lines_and_into_each_other() -> None:
    assert told("srt", "<b>đậm <i>và", "nghiêng</i></b> thường") == ("<b>đậm <i>và", "nghiêng</i></b> thường")
    assert told("vtt", "<b.loud>đậm</b> <c.x>màu</c>", "<v Lan>bà") == ("<b>đậm</b> màu", "bà")
    assert told("srt", "<I>a</I>", "<i >b") == ("<i>a</i>", "<i>b</i>")


def test_what_is_no_mark_is_text() -> None:
    assert told("srt", "<mỗi hộ> <hai> &lt; {x} </x>") == ("<mỗi hộ> <hai> &lt; {x} </x>",)
    assert told("vtt", "&lt;i&gt; &amp;amp;") == ("<i> &amp;",)
    assert told("record", "<i>a</i> &lt;") == ("<i>a</i> &lt;",)


def test_a_line_of_marks_alone_is_no_line() -> None:
    assert told("srt", "<i>", "a", "</i>", "b") == ("<i>a</i>", "b")


@given(st.lists(st.lists(PIECES, min_size=1).map("".join), min_size=1, max_size=3), st.sampled_from(["srt", "vtt"]))
@example(["<", ">"], "vtt")
def test_the_text_is_what_a_reader_sees(lines: list[str], kind: Kind) -> None:
    seen = [line for line in (plain(line, kind) for line in lines) if line.strip()]
    pieces = runs(cue(*lines), kind)
    assert "".join("".join(run.text for run in pieces).split()) == "".join("".join(seen).split())
    assert all(run.text and run.marks <= set(MARKS) for run in pieces)


@given(st.lists(st.builds(Run, st.sampled_from(["ạ", "x y", "a\nb"]), st.frozensets(st.sampled_from(MARKS)))))
def test_marks_are_read_back(pieces: list[Run]) -> None:
    def by_letter(found: list[Run]) -> list[tuple[str, frozenset[str]]]:
        return [(letter, run.marks) for run in found for letter in run.text if letter != "\n"]

    lines = tagged(pieces, lambda text: text)
    assert by_letter(runs(cue(*lines), "srt")) == by_letter(pieces)
