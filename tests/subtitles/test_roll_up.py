"""Captions that roll up: each line once, at its time; and what only looks like them stays as it is."""

from __future__ import annotations

import pytest

from mediakit.captions.profile import PROFILES
from mediakit.subtitles.check import check, fix
from mediakit.subtitles.roll_up import unrolled
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import Track
from mediakit.subtitles.webvtt import parse_vtt
from mediakit.timeline import timestamp

NETFLIX = PROFILES["netflix-vi"]
LINES = ("Chiều nay trời mưa rất to", "nhiều tuyến đường bị ngập", "xe cộ đi lại khó khăn", "đến tối nước mới rút")


def vtt(*cues: tuple[int, int, str], settings: str = "") -> Track:
    blocks = [f"{timestamp(start)} --> {timestamp(end)}{settings}\n{text}\n" for start, end, text in cues]
    return parse_vtt("\n".join(["WEBVTT\n", *blocks]))


def told(track: Track) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(cue.start_ms, cue.end_ms, cue.lines) for cue in unrolled(track)]


def youtube(*, marked: bool) -> Track:
    """As YouTube writes: what was said above what is being said, and for 10 ms the latter alone."""
    cues, above = [], " "
    for n, line in enumerate(LINES):
        start_ms, words = 2000 * n, line.split()
        timed = "".join(f"<{timestamp(start_ms + 300 * k)}><c> {word}</c>" for k, word in enumerate(words) if k)
        cues.append((start_ms, start_ms + 1990, f"{above}\n{words[0] + timed if marked else line}"))
        cues.append((start_ms + 1990, start_ms + 2000, f"{line}\n "))
        above = line
    return vtt(*cues, settings=" align:start position:0%")


@pytest.mark.parametrize("marked", [True, False])
def test_each_line_once_at_its_time(marked: bool) -> None:
    checked = check(youtube(marked=marked), NETFLIX)
    mended = parse_vtt(fix(checked))
    assert len(checked.unrolled) == len(LINES)
    assert [cue.start_ms for cue in mended.cues] == [0, 2000, 4000, 6000]
    assert {cue.settings for cue in mended.cues} == {"align:start position:0%"}
    assert check(mended, NETFLIX).findings == ()
    assert check(mended, NETFLIX).unrolled == ()
    assert all(finding.mendable for finding in checked.findings)
    if marked:
        assert mended.cues[1].lines[0].startswith("nhiều<00:00:02.300><c> tuyến</c>")
    else:
        assert [cue.lines for cue in mended.cues] == [(line,) for line in LINES]


def test_captions_of_broadcasts_with_three_lines_roll_up_too() -> None:
    cues = [(2000 * n, 2000 * n + 2000, "\n".join(LINES[max(0, n - 2) : n + 1])) for n in range(4)]
    assert told(vtt(*cues)) == [(2000 * n, 2000 * n + 2000, (line,)) for n, line in enumerate(LINES)]


def test_a_line_that_grows_word_by_word_is_one() -> None:
    words = LINES[0].split()
    cues = [(500 * n, 500 * n + 500, " ".join(words[: n + 1])) for n in range(len(words))]
    assert told(vtt(*cues)) == [(0, 500 * len(words), (LINES[0],))]


def test_marks_are_carried_into_what_is_new() -> None:
    cues = [
        (0, 2000, f"<i>{LINES[0]}</i>"),
        (2000, 4000, f"<i>{LINES[0]}\n{LINES[1]}</i>"),
        (4000, 6000, f"<i>{LINES[1]}\n{LINES[2]}</i>"),
    ]
    assert [lines for _, _, lines in told(vtt(*cues))] == [(f"<i>{line}</i>",) for line in LINES[:3]]


@pytest.mark.parametrize(
    "cues",
    [
        [(0, 2000, "Không!"), (2000, 4000, "Không!"), (4000, 6000, "Không! Không!")],
        [(0, 2000, LINES[0]), (2000, 4000, LINES[0]), (4000, 6000, LINES[0])],  # a refrain
        [(0, 2000, LINES[0]), (2000, 4000, f"{LINES[0]}\n{LINES[1]}"), (4000, 6000, LINES[2])],
        [(0, 2000, LINES[0]), (9000, 11_000, f"{LINES[0]}\n{LINES[1]}"), (20_000, 22_000, f"{LINES[1]}\n{LINES[2]}")],
        [],
    ],
)
def test_what_is_said_twice_is_no_roll_up(cues: list[tuple[int, int, str]]) -> None:
    assert told(vtt(*cues)) == []


def test_subrip_made_of_them_rolls_up_as_well() -> None:
    text = "".join(
        f"{n}\n{timestamp(start, decimal=',')} --> {timestamp(end, decimal=',')}\n{shown}\n\n"
        for n, (start, end, shown) in enumerate(
            [(0, 1990, LINES[0]), (1990, 2000, LINES[0]), (2000, 4000, f"{LINES[0]}\n{LINES[1]}")], start=1
        )
    )
    assert told(parse_srt(text)) == [(0, 1990, (LINES[0],)), (2000, 4000, (LINES[1],))]
