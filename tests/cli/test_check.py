"""`mediakit check` as a user runs it: what it says, what it writes, and its exit status."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mediakit.captions.caption import Caption
from mediakit.captions.profile import FIGURES, PROFILES
from mediakit.outputs.record import render_record
from tests.cli.stage import Ran, mediakit
from tests.outputs.example import LOOSE

GOOD = "1\n00:00:01,000 --> 00:00:03,000\nXin chào bà con.\n\n"
LONG = "Sáng 5/2, xã Đông Hòa ra quân trồng 1.200 cây, hơn 120 người đến dự."
#: The line is too long, and there is no gap; both can be mended.
BAD = f"1\n00:00:01,000 --> 00:00:07,000\n{LONG}\n\n2\n00:00:07,000 --> 00:00:09,000\nHết.\n\n"
#: A word longer than a line: nothing can be done without touching it.
HOPELESS = f"1\n00:00:01,000 --> 00:00:07,000\n{'x' * 50}\n\n"


def written(folder: Path, text: str, name: str = "a.srt") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def told(ran: Ran) -> dict[str, Any]:
    """The one object on stdout."""
    loaded: dict[str, Any] = json.loads(ran.out)
    return loaded


def record(folder: Path, *captions: Caption) -> Path:
    kept = replace(LOOSE, captions=captions)
    return written(folder, render_record(kept), "a.vi.json")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".mediakit")


def test_a_good_file(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    ran = mediakit("check", path)
    assert (ran.status, ran.out, ran.err) == (0, f"{path}: SubRip, 1 cue, keeps all rules\n", "")
    assert names(tmp_path) == ["a.srt"]
    assert mediakit("check", path, "--quiet").out == ""


def test_each_broken_rule_is_said_with_cue_time_figure_limit_and_whether_it_can_be_mended(tmp_path: Path) -> None:
    path = written(tmp_path, BAD + HOPELESS.replace("1\n00:00:01,000 --> 00:00:07", "3\n00:00:20,000 --> 00:00:27"))
    ran = mediakit("check", path)
    assert ran.status == 1
    lines = [line.removeprefix(f"{path}: ") for line in ran.out.splitlines()]
    assert lines == [
        f"cue 1, 00:00:01.000: line-too-long: {len(LONG)} characters, at most 42; can be mended",
        "cue 1, 00:00:01.000: gap-too-small: 0 ms before cue 2, should be at least 80; can be mended",
        "cue 3, 00:00:20.000: line-too-long: 50 characters, at most 42; cannot be mended without touching words",
        "SubRip, 3 cues, 2 of them break a rule (line-too-long 2, gap-too-small 1); 2 of 3 can be mended",
    ]
    assert path.read_bytes().startswith(BAD.encode())


def test_advice_is_told_with_verbose_and_breaks_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD + "2\n00:00:03,300 --> 00:00:05,000\nHết.\n\n")
    quiet, verbose = mediakit("check", path), mediakit("check", path, "-v")
    assert (quiet.status, verbose.status) == (0, 0)
    assert "gap-not-closed" not in quiet.out
    assert "gap-not-closed: 300 ms before cue 2, should be over 500, or closed" in verbose.out


def test_what_was_tolerated_is_said(tmp_path: Path) -> None:
    ran = mediakit("check", written(tmp_path, "\ufeff" + GOOD.replace(",", ".").replace("\n", "\r\n")))
    assert ran.status == 0
    for what in ("a byte order mark (line 1)", "line ends of Windows (CRLF) (line 1)", "a full stop for the comma"):
        assert f"tolerated: {what}" in ran.out


def test_mending_in_place_keeps_the_original(tmp_path: Path) -> None:
    path = written(tmp_path, BAD)
    ran = mediakit("check", path, "--fix")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == f"{path}: SubRip, 2 cues, keeps all rules\n{path}: mended\n"
    assert (tmp_path / "a.srt.orig").read_text(encoding="utf-8") == BAD
    assert names(tmp_path) == ["a.srt", "a.srt.orig"]
    mended = path.read_text(encoding="utf-8")
    assert mended.split("\n")[1] == "00:00:01,000 --> 00:00:06,920"
    assert LONG in mended.replace("\n", " ")
    assert mediakit("check", path, "--fix").status == 0
    assert path.read_text(encoding="utf-8") == mended
    assert names(tmp_path) == ["a.srt", "a.srt.orig"]
    written(tmp_path, BAD.replace("Hết", "Xong"))  # another one by the user
    assert mediakit("check", path, "--fix").status == 0
    assert names(tmp_path) == ["a.srt", "a.srt.orig", "a.srt.orig1"]
    assert "Xong" in (tmp_path / "a.srt.orig1").read_text(encoding="utf-8")


def test_mending_what_keeps_all_rules_touches_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    assert mediakit("check", path, "--fix").status == 0
    assert names(tmp_path) == ["a.srt"]
    tolerated = written(tmp_path, GOOD.replace("\n", "\r\n"))
    assert mediakit("check", tolerated, "--fix").status == 0
    assert (tolerated.read_bytes(), names(tmp_path)) == (GOOD.encode(), ["a.srt", "a.srt.orig"])


def test_what_cannot_be_mended_is_still_broken_afterwards(tmp_path: Path) -> None:
    ran = mediakit("check", written(tmp_path, HOPELESS), "--fix")
    assert ran.status == 1
    assert "cannot be mended" in ran.out


def test_o_leaves_the_original_alone(tmp_path: Path) -> None:
    path, out = written(tmp_path, BAD), tmp_path / "out"
    ran = mediakit("check", path, "--fix", "-o", out)
    assert ran.status == 0
    assert f"{path}: mended as {out / 'a.srt'}" in ran.out
    assert (path.read_text(encoding="utf-8"), names(tmp_path), names(out)) == (BAD, ["a.srt", "out"], ["a.srt"])
    assert mediakit("check", path, "--fix", "-o", out).status == 0  # over what mediakit wrote
    (out / "a.srt").write_text("của tôi", encoding="utf-8")
    refused = mediakit("check", path, "--fix", "-o", out)
    assert refused.status == 1
    assert "--overwrite" in refused.err
    assert (out / "a.srt").read_text(encoding="utf-8") == "của tôi"
    assert mediakit("check", path, "--fix", "-o", out, "--overwrite").status == 0


def test_o_that_is_the_files_own_folder_keeps_the_original(tmp_path: Path) -> None:
    path = written(tmp_path, BAD)
    assert mediakit("check", path, "--fix", "-o", tmp_path).status == 0
    assert (tmp_path / "a.srt.orig").read_text(encoding="utf-8") == BAD


def test_two_files_are_not_mended_into_one(tmp_path: Path) -> None:
    for name in ("một", "hai"):
        (tmp_path / name).mkdir()
        written(tmp_path / name, BAD)
    both = (tmp_path / "một" / "a.srt", tmp_path / "hai" / "a.srt")
    ran = mediakit("check", *both, "--fix", "-o", tmp_path / "out")
    assert (ran.status, (tmp_path / "out").exists()) == (2, False)
    assert mediakit("check", *both, "--fix").status == 0


def test_webvtt_keeps_its_notes(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\nNOTE của tòa soạn\n\n" + BAD.replace(",000 ", ".000 ").replace(",000\n", ".000\n")
    path = written(tmp_path, vtt, "a.vtt")
    assert mediakit("check", path).status == 1
    assert mediakit("check", path, "--fix").status == 0
    assert "WEBVTT\n\nNOTE của tòa soạn\n\n1\n00:00:01.000 --> 00:00:06.920\n" in path.read_text(encoding="utf-8")


def test_a_record_is_checked_and_its_mending_refused(tmp_path: Path) -> None:
    path = record(tmp_path, Caption("c1", 1000, 1500, ("Xin chào.",)))
    before = path.read_bytes()
    ran = mediakit("check", path)
    assert ran.status == 1
    assert "cue 1 (c1), 00:00:01.000: too-fast: 18 characters a second, at most 17; can be mended" in ran.out
    refused = mediakit("check", path, "--fix")
    assert refused.status == 1
    assert "Run `mediakit transcribe` again with --profile" in refused.err
    assert (path.read_bytes(), names(tmp_path)) == (before, ["a.vi.json"])


def test_of_several_files_one_that_is_broken_does_not_stop_the_others(tmp_path: Path) -> None:
    good, bad = written(tmp_path, GOOD), written(tmp_path, BAD, "c.srt")
    broken = written(tmp_path, "1\n00:00:04,000 -->\nx\n", "b.srt")
    ran = mediakit("check", good, broken, bad, "--fix")
    assert ran.status == 1
    assert ran.complaints == [
        f"mediakit: {broken}: line 2: should have the times of a cue: '00:00:04,000 -->'. "
        "Give captions in SubRip (.srt) or WebVTT (.vtt)."
    ]
    assert f"{good}: SubRip, 1 cue, keeps all rules" in ran.out
    assert f"{bad}: mended" in ran.out
    assert not (tmp_path / "b.srt.orig").exists()


BAD_CUES = (
    f"1\n00:00:01,000 --> 00:00:07,000\n{LONG}\n\n"
    "2\n00:00:08,000 --> 00:00:07,900\nHai <i>kết thúc</i> trước khi bắt đầu.\n\n"
    "3\n00:00:10,000 -> 00:00:12,000\nBa có mũi tên lạ.\n\n"
    "4\n00:00:xx,000 --> 00:00:14,000\nBốn\nkhông ai đọc được.\n\n"
    "5\nNăm không có giờ.\n\n"
    "6\n00:00:20,000 --> 00:00:22,000\nSáu.\n\n"
)


def test_every_bad_cue_is_named_and_the_rest_is_checked_and_mended(tmp_path: Path) -> None:
    path = written(tmp_path, BAD_CUES)
    ran = mediakit("check", path)
    assert (ran.status, ran.err) == (1, "")
    assert [line.removeprefix(f"{path}: ") for line in ran.out.splitlines()] == [
        "cue 2, line 6: the cue ends before it begins (00:00:08.000 --> 00:00:07.900); nobody can tell what was meant",
        "cue 3, line 10: its times are in a form that players do not take; can be mended",
        "cue 4, line 14: should have the times of a cue: '00:00:xx,000 --> 00:00:14,000'; "
        "nobody can tell what was meant",
        "cue 5, line 18: has no times; nobody can tell what was meant",
        f"cue 1, 00:00:01.000: line-too-long: {len(LONG)} characters, at most 42; can be mended",
        "SubRip, 3 cues and 4 bad cues, 1 of them break a rule (line-too-long 1); 1 of 1 can be mended",
    ]
    file = told(mediakit("check", path, "--json"))["files"][0]
    assert [(bad["cue"], bad["line"], bad["mendable"]) for bad in file["bad"]] == [
        (2, 6, False), (3, 10, True), (4, 14, False), (5, 18, False)
    ]  # fmt: skip
    ran = mediakit("check", path, "--fix")
    assert ran.status == 1
    assert "cue 2, line 6: the cue ends before it begins (00:00:08.000 --> 00:00:07.900); kept as it is" in ran.out
    assert "cue 3, line 10: its times are in a form that players do not take; mended" in ran.out
    assert (tmp_path / "a.srt.orig").read_text(encoding="utf-8") == BAD_CUES
    mended = path.read_text(encoding="utf-8")
    for number in (2, 4, 5):
        block = next(block for block in BAD_CUES.split("\n\n") if block.startswith(f"{number}\n"))
        assert f"\n\n{block}\n\n" in mended
    assert "3\n00:00:10,000 --> 00:00:12,000\nBa có mũi tên lạ.\n\n" in mended
    assert mediakit("check", path, "--fix").status == 1
    assert path.read_text(encoding="utf-8") == mended


def test_a_bad_cue_that_can_be_read_is_no_failure_once_it_is_mended(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("-->", "->"))
    assert mediakit("check", path).status == 1
    assert mediakit("check", path, "--fix").status == 0
    assert path.read_text(encoding="utf-8") == GOOD


def test_bad_cues_of_webvtt_stay_where_they_were(tmp_path: Path) -> None:
    vtt = (
        "WEBVTT\n\nNOTE một\n\nc1\n00:01.000 --> 00:03.000\nMột.\n\nc2\n00:05.000 --> 00:04.000 line:10%\n"
        "<i>Hai</i>\n\nNOTE hai\n\n00:06,000 --> 00:08,000\nBa.\n\nlạc lõng\n"
    )
    path = written(tmp_path, vtt, "a.vtt")
    ran = mediakit("check", path)
    assert ran.status == 1
    assert "cue 2, line 10: the cue ends before it begins" in ran.out
    assert "cue 3, line 15: its times are in a form that browsers do not take; can be mended" in ran.out
    assert "a.vtt: line 18: should have the times of a cue" in ran.out
    assert mediakit("check", path, "--fix").status == 1
    assert path.read_text(encoding="utf-8").split("\n\n") == [
        "WEBVTT",
        "NOTE một",
        "c1\n00:00:01.000 --> 00:00:03.000\nMột.",
        "c2\n00:05.000 --> 00:04.000 line:10%\n<i>Hai</i>",
        "NOTE hai",
        "00:00:06.000 --> 00:00:08.000\nBa.",
        "lạc lõng\n",
    ]


def test_what_rolls_up_is_said_and_each_line_kept_once(tmp_path: Path) -> None:
    vtt = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nChiều nay mưa<00:01.000><c> to</c>\n\n"
        "00:02.000 --> 00:02.010\nChiều nay mưa to\n \n\n"
        "00:02.010 --> 00:04.000\nChiều nay mưa to\nđường<00:03.000><c> ngập</c>\n"
    )
    path = written(tmp_path, vtt, "a.vtt")
    ran = mediakit("check", path)
    assert "its captions roll up: 2 cues of 3 say something new; --fix keeps each line once" in ran.out
    assert told(mediakit("check", path, "--json"))["files"][0]["roll_up"] is True
    assert "each line is kept once" in mediakit("check", path, "--fix").out
    assert path.read_text(encoding="utf-8") == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.930\nChiều nay mưa<00:00:01.000><c> to</c>\n\n".replace("<00:00:", "<00:")
        + "00:00:02.010 --> 00:00:04.000\nđường<00:03.000><c> ngập</c>\n"
    )


def test_times_inside_the_text_that_are_left_out_are_said(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:03.000\n<00:00.500>Chiều <00:02.000>nay <00:05.000>mưa.\n"
    path = written(tmp_path, vtt, "a.vtt")
    ran = mediakit("check", path, "--fix")
    assert "tolerated: an inner time outside of its cue, or before the one before it (line 3)" in ran.out
    assert "left out: 2 times inside the text, outside of the time of the cue" in ran.out
    assert path.read_text(encoding="utf-8").endswith("\nChiều <00:02.000>nay mưa.\n")


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    path, missing = written(tmp_path, BAD.replace("\n", "\r\n")), tmp_path / "thiếu.srt"
    ran = mediakit("check", path, missing, "--json")
    loaded = told(ran)
    assert (ran.status, loaded["profile"]) == (1, "netflix-vi")
    (file,) = loaded["files"]
    assert loaded["failures"] == [f"{missing}: no such file"]
    assert (file["path"], file["kind"], file["cues"], file["fixed"]) == (str(path), "srt", 2, None)
    assert file["tolerated"] == [{"what": "line ends of Windows (CRLF)", "lines": [1]}]
    assert file["counts"] == {"line-too-long": 1, "gap-too-small": 1}
    assert file["broken"][1] == {
        "rule": "gap-too-small", "cue": 1, "id": None, "line": 2, "start_ms": 1000, "end_ms": 7000,
        "figure": 0, "limit": 80, "unit": "ms", "following": 2, "mendable": True,
    }  # fmt: skip
    fixed = told(mediakit("check", path, "--fix", "--json"))["files"][0]
    assert (fixed["broken"], fixed["fixed"]) == ([], str(path))
    assert told(mediakit("check", "--rules", "--json"))["rules"]["max_line_chars"]["figure"] == 42
    assert told(mediakit("check", "--json"))["error"]["code"] == "usage"


@pytest.mark.parametrize("profile", PROFILES)
def test_rules_are_shown_with_their_sources(profile: str) -> None:
    ran = mediakit("check", "--rules", "--profile", profile)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert [line.split(" = ")[0] for line in lines] == list(FIGURES)
    assert all(len(line.split("    ", 1)[1]) > 5 for line in lines)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    house = tmp_path / "house.toml"
    house.write_text('max_line_chars = 5\n[sources]\nmax_line_chars = "Sổ tay \\u001b[2J"\n', encoding="utf-8")
    ran = mediakit("check", path, "--profile", house)
    assert ran.status == 1
    assert "line-too-long: 16 characters, at most 5; can be mended" in ran.out
    rules = mediakit("check", "--rules", "--profile", house).out
    assert "max_line_chars = 5    Sổ tay \\x1b[2J\n" in rules


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("a.srt", "--profile", "netflix"),
        ("a.srt", "--profile", "thiếu.toml"),
        ("a.srt", "-o", "out"),
        ("a.srt", "--profile", "\x1b[2J"),
    ],
)
def test_wrong_usage_ends_with_two(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = mediakit("check", *arguments)
    assert (ran.status, len(ran.complaints)) == (2, 1)
    assert "\x1b" not in ran.err


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    ran = mediakit("check", tmp_path, tmp_path / "thiếu.srt", tmp_path / "thiếu.json", tmp_path / ("a" * 5000))
    assert (ran.status, len(ran.complaints)) == (1, 4)


def test_a_broken_record_is_refused(tmp_path: Path) -> None:
    for text in ("{", "[" * 200_000, "{}", '{"schema": "\\u001b[2J"}', "\x00", '{"a": ' + "9" * 10_000 + "}"):
        ran = mediakit("check", written(tmp_path, text, "a.json"))
        assert (ran.status, len(ran.complaints)) == (1, 1)
        assert "\x1b" not in ran.err


if sys.platform != "win32":

    @pytest.mark.parametrize("name", ["a.srt", "a.json", "a.toml"])
    def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
        os.mkfifo(tmp_path / name)
        good = written(tmp_path, GOOD, "b.srt")
        options = ("--profile", tmp_path / name) if name == "a.toml" else ()
        ran = mediakit("check", good if options else tmp_path / name, *options)
        assert (ran.status, len(ran.complaints)) == (2 if options else 1, 1)

    def test_names_cannot_drive_the_terminal(tmp_path: Path) -> None:
        path = written(tmp_path, BAD, "a\x1b[2J\nmediakit: x.srt")
        vtt = written(tmp_path, "WEBVTT\n\n\x1b[2J\n00:01.000 --> 00:01.100\nx\n" + "x" * 2000 + "\n", "b.vtt")
        not_utf8 = tmp_path / os.fsdecode(b"\xff.srt")
        not_utf8.write_bytes(BAD.encode())
        assert "tolerated: 1 control character (line 3)" in mediakit("check", vtt).out
        for arguments in ((path,), (path, "--fix"), (tmp_path / "\x1b.srt",)):
            ran = mediakit("check", *arguments)
            assert "\x1b" not in ran.out + ran.err
            assert "\\x1b" in ran.out + ran.err
        ran = mediakit("check", not_utf8, "--fix", "--json")
        assert told(ran)["files"][0]["path"] == str(not_utf8)
