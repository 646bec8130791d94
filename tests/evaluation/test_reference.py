"""References as people have them: truths, captions, plain text; and what only looks like one."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from mediakit.captions.caption import Caption
from mediakit.errors import MediakitError
from mediakit.evaluation.reference import Reference, Spoken, TimedWord, load_reference
from mediakit.subtitles.subrip import render_srt
from mediakit.subtitles.webvtt import render_vtt
from mediakit.timeline import Span
from tests.evaluation.planted import RESULT, TRUTH, figures, spoken, truth_of, write

SAID = ["Sáng mồng chín tháng sáu, xã Đông Hòa họp.", "Xin chào các bạn!", "Ông Trần Bình nói ba điều về lúa."]
TIMES = [(1000, 4000), (5000, 7000), (8000, 11_000)]
CAPTIONS = [Caption(f"c{n}", *times, (text,)) for n, (times, text) in enumerate(zip(TIMES, SAID, strict=True), start=1)]


def refused(path: Path, *words: str) -> None:
    """The file is no reference, and the complaint has `words` and the file's name on one line."""
    with pytest.raises(MediakitError) as caught:
        load_reference(path)
    said = str(caught.value)
    assert "\n" not in said
    for word in (path.name, *words):
        assert word in said


# Each form.


def test_a_truth(tmp_path: Path) -> None:
    truth = TRUTH | {"words": [{"text": "chào", "start_ms": 5300, "end_ms": 5600}], "made_by": "hand"}
    reference = load_reference(write(tmp_path / "a.truth.json", truth))
    assert (reference.kind, len(reference.spoken), reference.unread) == ("truth", 3, ("Trời mưa rất to.",))
    assert reference.spoken[1] == Spoken(
        "xin chào các bạn", Span(5000, 7000), False, (TimedWord(Span(5300, 5600), "chào"),)
    )


def test_a_truth_is_put_in_order_and_in_composed_form(tmp_path: Path) -> None:
    later, sooner = spoken(5000, 7000, "ba", in_article=False), spoken(0, 900, "ho\u0323p", in_article=False)
    reference = load_reference(write(tmp_path / "a.json", truth_of(later, sooner)))
    assert [item.text for item in reference.spoken] == ["họp", "ba"]


@pytest.mark.parametrize("form", ["srt", "vtt"])
def test_captions_that_mediakit_wrote(tmp_path: Path, form: str) -> None:
    text = {"srt": render_srt, "vtt": render_vtt}[form](CAPTIONS)
    for name in (f"a.{form}", "a", "a.txt"):  # known by what is in it, too
        reference = load_reference(write(tmp_path / name, text))
        assert reference.kind == form
        assert [(item.text, item.span) for item in reference.spoken] == [
            (said, Span(*times)) for said, times in zip(SAID, TIMES, strict=True)
        ]


def test_srt_with_marks_and_without_numbers(tmp_path: Path) -> None:
    text = (
        "\ufeff00:00:01,000 --> 00:00:02,500\r\n{\\an8}<i>Xin</i> <font color='red'>chào</font>\r\n<mỗi hộ> & b\r\n\r\n"
        "00:00:03,000 --> 00:00:04,000\r\n<i> </i>\r\n\r\n\r\n00:01:00.0 --> 0:1:01.5 X1:0\r\n"
        "17:30:00 hết.\r\n\r\nNăm\r\n2025\r\n7\r\n"
        "00:01:02,000 --> 00:01:03,000\r\n\r\n00:01:04,000 --> 00:01:05,000\r\n2025"
    )
    reference = load_reference(write(tmp_path / "a.srt", text))
    assert reference.spoken == (
        Spoken("Xin chào <mỗi hộ> & b", Span(1000, 2500)),
        Spoken("17:30:00 hết. Năm 2025", Span(60_000, 61_500)),
        Spoken("2025", Span(64_000, 65_000)),
    )


def test_vtt_with_all_that_it_may_have(tmp_path: Path) -> None:
    text = (
        "WEBVTT - bản tin\nKind: captions\n\nNOTE\nghi chú --\n\nSTYLE\n::cue { color: red }\n\n"
        "REGION\nid:a\n\nc1\n00:01.000 --> 00:02.500 line:0 align:start\n"
        "<v Bình>Xin <b>chào</b>\n&lt;mỗi hộ&gt; &amp; b\n\n\n"
        "100:00:00.000 --> 100:00:01.000\nHết."
    )
    reference = load_reference(write(tmp_path / "a.vtt", text))
    assert reference.spoken == (
        Spoken("Xin chào <mỗi hộ> & b", Span(1000, 2500)),
        Spoken("Hết.", Span(360_000_000, 360_001_000)),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
def test_plain_text_in_the_encodings_of_old_systems(tmp_path: Path, encoding: str) -> None:
    # Windows-1258 has the tones as marks of their own.
    text = "Xin cha\u0300o. Ta\u0323m bi\u00ea\u0323t!\r\n\r\nH\u00ea\u0301t"
    reference = load_reference(write(tmp_path / "a.txt", text.encode(encoding)))
    assert reference == Reference("text", tuple(Spoken(item) for item in ("Xin chào.", "Tạm biệt!", "Hết")))


# Figures: each where the reference allows it.


@pytest.mark.parametrize("form", ["srt", "vtt", "txt"])
def test_what_is_measured_without_a_truth(tmp_path: Path, form: str) -> None:
    text = {"srt": render_srt(CAPTIONS), "vtt": render_vtt(CAPTIONS), "txt": "\n".join(SAID)}[form]
    found = figures(tmp_path, RESULT, text, f"a.{form}")
    assert (found["read_sentences"], found["pasted"], found["word_times"]) == (None, None, None)
    assert found["article"] == {"verdict": "partly-read", "coverage": 0.75, "segments": 2}
    assert list(found["word_errors"]) == list(found["names"]) == ["all"]
    assert found["word_errors"]["all"]["printed"]["errors"] == 1
    assert found["word_errors"]["all"]["heard"]["errors"] == 6
    # The names of the article that stand in the reference.
    assert found["names"]["all"] == {"said": 3, "found": 3, "share": 1.0, "missed": []}
    if form == "txt":
        assert found["edges"] is None
    else:
        # The second cue has a wrong word, so that only the edges of two can be told.
        assert found["edges"] == {
            "of": "cues", "count": 4, "median_ms": 15, "within_200_ms": 1.0, "worst_tenth_ms": 50,
        }  # fmt: skip


# What is no reference.


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.json", b"{", "truth"),
        ("a.json", b"[]", "no object"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'{"spoken": NaN}', "NaN"),
        ("a.json", b'{"media": "a.mp3"}', "spoken is missing"),
        ("a.json", b'{"spoken": {}}', "spoken is no list"),
        ("a.json", b'{"spoken": [7]}', "spoken[0] is no object"),
        ("a.json", b'{"spoken": []}', "no words"),
        ("a.json", b'{"schema": "mediakit/transcript@1", "segments": []}', "it is a record"),
        ("a.srt", b"", "no words"),
        ("a.srt", b"xin ch\xc3\xa0o\n", "line 1"),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\na\n\n2\n00:00:03,000 -> 00:00:04,000\nb\n", "line 6"),
        ("a.srt", b"lead\n\n1\n00:00:01,000 --> 00:00:02,000\na\n", "line 1"),
        ("a.srt", b"1\n00:00:02,000 --> 00:00:01,000\na\n", "line 2: the cue ends before it begins"),
        ("a.srt", b"1\n9999999:00:00,000 --> 9999999:00:01,000\na\n", "line 2"),
        ("a.vtt", b"00:01.000 --> 00:02.000\na\n", "WEBVTT"),
        ("a.vtt", b"WEBVTTX\n\n00:01.000 --> 00:02.000\na\n", "WEBVTT"),
        ("a.vtt", b"WEBVTT\n\n00:01,000 --> 00:02,000\na\n", "line 3"),
        ("a.vtt", b"WEBVTT\n\nc1\n0:1.000 --> 00:02.000\na\n", "line 4"),
        ("a.vtt", b"WEBVTT\n\na line of its own\n", "line 3"),
        ("a.vtt", b"WEBVTT\n\n00:02.000 --> 00:02.000\na\n", "line 3"),
        ("a.vtt", b"WEBVTT\n\nNOTE nothing is said\n", "no words"),
        ("a.txt", b"", "no words"),
        ("a.txt", "–\n…\n".encode(), "no words"),
        ("a.txt", b"<!DOCTYPE html><p>a</p>", "is no reference"),
        ("a.mp3", bytes(range(256)) * 64, "is no reference"),
    ],
)
def test_what_is_no_reference(tmp_path: Path, name: str, content: bytes, word: str) -> None:
    refused(write(tmp_path / name, content), word)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"text": ""}, "spoken[0].text is ''"),
        ({"text": 7}, "spoken[0].text is 7"),
        ({"start_ms": None}, "spoken[0].start_ms is None"),
        ({"start_ms": -1}, "spoken[0].start_ms is -1"),
        ({"start_ms": True}, "spoken[0].start_ms is True"),
        ({"end_ms": 2.5}, "spoken[0].end_ms is 2.5"),
        ({"end_ms": 10**400}, "spoken[0].end_ms is 1000"),
        ({"end_ms": 0}, "spoken[0] ends at 0 ms"),
        ({"in_article": "yes"}, "spoken[0].in_article is 'yes'"),
        ({"words": "a b"}, "spoken[0].words is no list"),
        ({"words": [{"text": "a", "start_ms": 0}]}, "spoken[0].words[0].end_ms is None"),
        ({"words": [{"start_ms": 0, "end_ms": 9}]}, "spoken[0].words[0].text is None"),
    ],
)
def test_a_broken_truth_names_the_field(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    good = spoken(0, 1000, "xin chào", in_article=False)
    refused(write(tmp_path / "a.truth.json", truth_of({**good, **change})), word)


@pytest.mark.parametrize("unread", ["a", [1]])
def test_a_truth_with_unread_that_is_no_list_of_texts(tmp_path: Path, unread: object) -> None:
    refused(write(tmp_path / "a.json", truth_of(TRUTH["spoken"][0], unread=unread)), "unread")


def test_files_that_are_none(tmp_path: Path) -> None:
    refused(tmp_path / "khong-co.srt", "no such reference")
    refused(tmp_path, "is not a file")
    os.mkfifo(tmp_path / "pipe.srt")
    refused(tmp_path / "pipe.srt", "is not a file")


@pytest.mark.slow
@pytest.mark.parametrize(
    "junk", [" ", "9", "\n", "1\n", "<b ", "<", "{\\", "a. ", "00:00:01,000 -->\n", "00:01.000 -->"]
)
@pytest.mark.parametrize("head", ["", "1\n00:00:01,000 --> 00:00:02,000\n", "WEBVTT\n\n00:01.000 --> 00:02.000\n"])
def test_junk_takes_no_time(tmp_path: Path, head: str, junk: str) -> None:
    path = write(tmp_path / "a.txt", head + junk * (300_000 // len(junk)))
    begin = time.process_time()
    with suppress(MediakitError):
        load_reference(path)
    assert time.process_time() - begin < 5


def test_a_film_is_not_read_into_memory(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(21_000_000)
    refused(tmp_path / "a.txt", "larger than 20 MB")
