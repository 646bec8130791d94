"""Where cues stand, and that those at different places stand together."""

from __future__ import annotations

import pytest

from mediakit.captions.place import DEFAULT, Place
from mediakit.captions.profile import PROFILES
from mediakit.subtitles.check import check, fix
from mediakit.subtitles.places import place_of
from mediakit.subtitles.subrip import parse_srt
from mediakit.subtitles.track import FileCue, Kind
from mediakit.subtitles.webvtt import parse_vtt

NETFLIX = PROFILES["netflix-vi"]


@pytest.mark.parametrize(
    ("kind", "line", "settings", "place"),
    [
        ("srt", "Xin", "", DEFAULT),
        ("srt", r"{\an2}Xin", "", DEFAULT),
        ("srt", r"{\an8}Xin", "", Place("top")),
        ("srt", r"<i>{\i1\an9}Xin {\an1}", "", Place("top", "right")),
        ("srt", r"{\a6}Xin", "", Place("top")),
        ("srt", r"{\a10}Xin", "", Place("middle")),
        ("srt", r"{\pos(100, 20)}Xin", "", Place("y:20", "x:100")),
        ("srt", "{an8} Xin", "", DEFAULT),
        ("srt", "Xin", "X1:010 X2:20 Y1:30 Y2:40", Place("30–40", "10–20")),
        ("vtt", "Xin", "size:80%", DEFAULT),
        ("vtt", "Xin", "line:auto position:50%,center align:center", DEFAULT),
        ("vtt", "Xin", "position:10% line:10%", Place("line:10%", "position:10%")),
        ("vtt", "Xin", "region:trên align:end", Place("region:trên", "align:end")),
        ("vtt", "Xin", "vertical:rl line:0", Place("vertical:rl line:0")),
        ("record", r"{\an8}Xin", "", DEFAULT),
    ],
)
def test_places(kind: Kind, line: str, settings: str, place: Place) -> None:
    assert place_of(FileCue(1, 1, 0, 1, (line,), settings=settings), kind) == place


TALK = (
    "00:00:01,500 --> 00:00:04,000{}\nKính thưa quý vị và các bạn,\n\n"
    "00:00:04,080 --> 00:00:07,000{}\nmời quý vị xem bản tin chiều,\n\n"
    "00:00:07,080 --> 00:00:09,900{}\nvới những tin chính sau đây.\n\n"
)


def srt_of(blocks: str) -> str:
    return "\n\n".join(f"{n}\n{block}" for n, block in enumerate(blocks.strip().split("\n\n"), start=1)) + "\n\n"


@pytest.mark.parametrize(
    ("mark", "settings"), [(r"{\an8}", ""), (r"{\pos(10,10)}", ""), ("", " X1:1 X2:700 Y1:10 Y2:60"), (r"{\an5}", "")]
)
@pytest.mark.parametrize("end", ["00:00:10,000", "00:00:20,000", "00:00:09,900"])
def test_a_title_stands_beside_what_is_said(mark: str, settings: str, end: str) -> None:
    title = f"00:00:01,000 --> {end}{settings}\n{mark}LÊ MINH KHUÊ\nBiên tập viên\n\n"
    text = srt_of(title + TALK.format("", "", ""))
    checked = check(parse_srt(text), NETFLIX)
    assert (checked.findings, checked.advice, fix(checked)) == ((), (), text)


def test_a_title_of_webvtt_that_is_too_wide_is_broken_where_it_is() -> None:
    name = "LÊ MINH KHUÊ, biên tập viên chính của chương trình buổi chiều"
    talk = TALK.replace(",", ".", 0).replace(",500", ".500").replace(",080", ".080").replace(",000", ".000")
    talk = talk.replace(",900", ".900").format("", "", "")
    text = f"WEBVTT\n\n00:00:01.000 --> 00:00:12.000 line:10%\n<b>{name}</b>\n\n{talk}"
    mended = parse_vtt(fix(check(parse_vtt(text), NETFLIX)))
    assert [(cue.start_ms, cue.end_ms) for cue in mended.cues if not cue.settings] == [
        (cue.start_ms, cue.end_ms) for cue in parse_vtt(text).cues if not cue.settings
    ]
    (title,) = (cue for cue in mended.cues if cue.settings)
    assert (title.start_ms, title.end_ms, title.settings, len(title.lines)) == (1000, 12_000, "line:10%", 2)


def test_at_one_place_titles_are_kept_apart_as_well() -> None:
    titles = (
        "00:00:01,000 --> 00:00:04,000\n{\\an8}LÊ MINH KHUÊ\n\n00:00:03,000 --> 00:00:06,000\n{\\an8}TRẦN VĂN BA\n\n"
    )
    checked = check(parse_srt(srt_of(titles + TALK.format("", "", ""))), NETFLIX)
    assert [(finding.broken.rule, finding.cue.number) for finding in checked.findings] == [("overlap", 1)]
    mended = parse_srt(fix(checked))
    assert [(cue.start_ms, cue.end_ms) for cue in mended.cues if "an8" in cue.lines[0]] == [(1000, 2920), (3000, 6000)]


def test_speakers_left_and_right_stand_together_but_not_for_long() -> None:
    text = (
        "WEBVTT\n\n00:01.000 --> 00:09.000 position:20%\nMấy sào?\n\n00:02.000 --> 00:05.000 position:80%\nNăm sào, "
        "được mùa.\n"
    )
    checked = check(parse_vtt(text), NETFLIX)
    assert [(finding.broken.rule, finding.cue.number) for finding in checked.findings] == [("too-long", 1)]
