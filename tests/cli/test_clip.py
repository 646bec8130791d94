"""`mediakit clip` as a user runs it: the clips of what was asked for, their names, and a line for each failure."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.captions.caption import Caption
from mediakit.errors import UsageError
from mediakit.media.decode import decode
from mediakit.media.fingerprint import sha256_of
from mediakit.media.probe import choose_audio, probe
from mediakit.outputs.passages import parse_times
from mediakit.outputs.record import render_record
from mediakit.result import Result
from mediakit.timeline import Span, timestamp
from tests.cli.stage import leftovers, mediakit
from tests.evaluation.planted import RESULT, SENTENCES, segment, write, write_record
from tests.media.studio import encode, moving_picture, onsets_ms, write_bursts

#: A burst where each word of the second sentence begins, and at other places that clips are told by.
AT_MS = (1100, 5100, 8000, 9600, 13_000)
CLOCK_MS = 10
CAPTIONS = """1
00:00:01,000 --> 00:00:04,000
<i>Sáng 9/6, xã Đông Hòa</i>
họp.

2
00:00:05,000 --> 00:00:07,000
Xin chào.

3
00:00:08,000 --> 00:00:09,500
Ông Trần Bình nói

4
00:00:09,500 --> 00:00:11,000
ba điều về lúa.
"""


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """14 s of MP3, stereo."""
    folder = tmp_path_factory.mktemp("media")
    wav = write_bursts(folder / "hop.wav", at_ms=AT_MS, duration_ms=14_000, rate=44_100, channels=2)
    return encode(folder / "hop.mp3", wav)


@pytest.fixture
def folder(tmp_path: Path, media: Path) -> Path:
    """A record with its media and captions; the first sentence is said once more at the end, the title never."""
    (tmp_path / "hop.mp3").write_bytes(media.read_bytes())
    write_record(tmp_path, result(media))
    write(tmp_path / "hop.vi.srt", CAPTIONS)
    return tmp_path


def result(media: Path) -> Result:
    assert RESULT.article is not None
    article = replace(RESULT.article, published="2021-06-09T18:37:56+07:00")
    again = segment(12_950, 13_600, SENTENCES[1].text, "p1s1")
    # It stands on beyond the end of the sound.
    last = Caption("c2", 12_950, 14_700, ("Sáng 9/6, xã Đông Hòa họp.",), ("p1s1",))
    return replace(
        RESULT, media=replace(RESULT.media, sha256=sha256_of(media)), article=article,
        segments=(*RESULT.segments, again), captions=(*RESULT.captions, last),
    )  # fmt: skip


def bursts(path: Path) -> list[float]:
    return onsets_ms(np.concatenate(list(decode(path, choose_audio(probe(path))))))


def names(folder: Path) -> list[str]:
    """The clips in a folder."""
    assert leftovers(folder) == []
    found = [p.name for p in folder.iterdir() if not p.name.startswith(".")]
    return sorted(set(found) - {"hop.mp3", "hop.vi.json", "hop.vi.srt", "hop.wav"})


def clips(*arguments: str | Path) -> list[dict[str, Any]]:
    """The clips that a run without failures made."""
    ran = mediakit("clip", *arguments, "--json")
    assert (ran.status, ran.err) == (0, "")
    told = json.loads(ran.out)
    assert told["failures"] == []
    found: list[dict[str, Any]] = told["clips"]
    return found


# What is cut.


def test_a_sentence_each_time_it_is_said(folder: Path) -> None:
    ran = mediakit("clip", folder / "hop.vi.json", "--sentence", "p1s1", "--sentence", "P1s2")
    assert (ran.status, ran.err) == (0, "")
    assert names(folder) == ["hop.p1s1.2.mp3", "hop.p1s1.mp3", "hop.p1s2.mp3"]
    assert ran.out.splitlines()[0] == (
        f"{folder / 'hop.p1s1.mp3'}: 00:00:01.010 --> 00:00:03.980, Sáng 9/6, xã Đông Hòa họp."
    )
    # 80 ms of silence go before.
    assert bursts(folder / "hop.p1s1.mp3") == pytest.approx([1100 - 930], abs=CLOCK_MS)
    assert bursts(folder / "hop.p1s1.2.mp3") == pytest.approx([13_000 - 12_870], abs=CLOCK_MS)
    assert bursts(folder / "hop.p1s2.mp3") == pytest.approx([80, 1680], abs=CLOCK_MS)
    assert probe(folder / "hop.p1s1.mp3").audio[0].channels == 2
    assert probe(folder / "hop.p1s1.mp3").audio[0].sample_rate == 44_100


def test_padding_stops_at_the_speech_beside_it(folder: Path) -> None:
    (clip,) = clips(folder / "hop.vi.json", "--search", "Trần Bình", "--pad", "500")
    # `Ông` is said until 8381, `nói` from 9143.
    assert (clip["start_ms"], clip["end_ms"]) == (8381, 9143)
    duration = probe(Path(clip["file"])).duration_ms
    assert duration == pytest.approx(9143 - 8381, abs=60)


def test_tags(folder: Path) -> None:
    (clip,) = clips(folder / "hop.vi.json", "--sentence", "p1s2")
    with av.open(clip["file"]) as container:
        tags = container.metadata
    assert tags["title"] == SENTENCES[2].text
    assert (tags["album"], tags["date"]) == ("Họp ở xã", "2021-06-09")
    assert tags["comment"] == "hop.mp3, 00:00:08.000 --> 00:00:11.050 p1s2"


def test_json(folder: Path) -> None:
    assert clips(folder / "hop.vi.json", "--caption", "c2", "--time", "9.5-9.9") == [
        {
            "file": str(folder / "hop.c2.mp3"), "start_ms": 12_950, "end_ms": 14_700,
            "sentence": None, "caption": "c2", "text": "Sáng 9/6, xã Đông Hòa họp.",
        },
        {
            "file": str(folder / "hop.00-00-09.500.mp3"), "start_ms": 9500, "end_ms": 9900,
            "sentence": None, "caption": None, "text": "",
        },
    ]  # fmt: skip
    # A time is cut as it is given.
    assert bursts(folder / "hop.00-00-09.500.mp3") == pytest.approx([100], abs=CLOCK_MS)


@pytest.mark.parametrize("phrase", ["đông hoà HỌP", unicodedata.normalize("NFD", "Đông  Hòa, họp!"), "xã Đông Hòa"])
def test_a_phrase_however_it_is_written(folder: Path, phrase: str) -> None:
    in_record = clips(folder / "hop.vi.json", "--search", phrase)
    assert [clip["start_ms"] > 12_950 for clip in in_record] == [False, True]
    (in_captions,) = clips(folder / "hop.vi.srt", "--search", phrase, "--overwrite")
    assert (in_captions["start_ms"], in_captions["end_ms"]) == (1000, 4000)
    assert in_captions["text"] == "Sáng 9/6, xã Đông Hòa họp."


@pytest.mark.parametrize(
    ("phrase", "is_found"),
    [("dong hoa", True), ("DONG HOA hop", True), ("đông hoa", True), ("dong hòa", True), ("Dông Hòa", False),
     ("dong hoá", False), ("don", False), ("đồng hoa", False)],
)  # fmt: skip
def test_a_phrase_without_marks_finds_all_and_with_marks_its_own(folder: Path, phrase: str, is_found: bool) -> None:
    """As the reader page finds; but a word is cut whole, so that its beginning is not enough."""
    for source in ("hop.vi.json", "hop.vi.srt"):
        ran = mediakit("clip", folder / source, "--search", phrase, "--json", "--overwrite")
        assert (ran.status == 0) == is_found, (source, ran.err)


def test_a_phrase_over_two_captions(folder: Path) -> None:
    (clip,) = clips(folder / "hop.vi.srt", "--search", "nói ba")
    assert (clip["start_ms"], clip["end_ms"]) == (8000, 11_000)
    assert names(folder) == ["hop.00-00-08.000.mp3"]


def test_whole_words_only(folder: Path) -> None:
    ran = mediakit("clip", folder / "hop.vi.srt", "--search", "Đông Hò")
    assert (ran.status, names(folder)) == (1, [])
    assert ran.complaints == [f"mediakit: {folder / 'hop.vi.srt'}: 'Đông Hò' is said nowhere"]


@pytest.mark.parametrize("caption", ["4", "c4", "C4"])
def test_captions_with_the_media_beside_them(folder: Path, caption: str) -> None:
    (clip,) = clips(folder / "hop.vi.srt", "--caption", caption)
    assert clip["file"] == str(folder / "hop.c4.mp3")
    # Caption 3 ends where this one begins, so that nothing goes before.
    assert bursts(folder / "hop.c4.mp3") == pytest.approx([100], abs=CLOCK_MS)


def test_webvtt_by_id(folder: Path) -> None:
    write(folder / "hop.vtt", "WEBVTT\n\n../../mo dau\n00:05.000 --> 00:06.000\nXin &lt;chào&gt;\n")
    (clip,) = clips(folder / "hop.vtt", "--caption", "../../mo dau")
    assert (clip["caption"], clip["text"]) == ("../../mo dau", "Xin <chào>")
    assert clip["file"] == str(folder / "hop.c1.mp3")


def test_media_alone_and_a_file_of_ones_own_choice(folder: Path, tmp_path: Path) -> None:
    (clip,) = clips(folder / "hop.mp3", "--time", "0:05-0:06", "-o", tmp_path / "ra" / "xin chào.m4a")
    assert clip["file"] == str(tmp_path / "ra" / "xin chào.m4a")
    assert bursts(tmp_path / "ra" / "xin chào.m4a") == pytest.approx([100], abs=CLOCK_MS)
    clips(folder / "hop.mp3", "--time", "5-6", "--format", "flac", "-o", tmp_path / "ra")
    assert bursts(tmp_path / "ra" / "hop.00-00-05.000.flac") == pytest.approx([100], abs=CLOCK_MS)


def test_joined_in_the_order_of_asking(folder: Path) -> None:
    made = clips(folder / "hop.vi.json", "--time", "9.5-10", "--caption", "c1", "--time", "5-5.5", "--joined")
    assert {clip["file"] for clip in made} == {str(folder / "hop.joined.mp3")}
    assert [clip["start_ms"] for clip in made] == [9500, 1000, 5000]
    at = 500 + 300 + 80  # the caption is 3000 ms, and 120 ms come after it
    expected = [100, at + 100, at + 3000 + 120 + 300 + 100]
    assert bursts(folder / "hop.joined.mp3") == pytest.approx(expected, abs=CLOCK_MS)


def test_the_same_twice_is_one_clip_and_the_same_start_two(folder: Path) -> None:
    clips(folder / "hop.mp3", "--time", "5-6", "--time", "5s-6s", "--time", "5-5.5")
    assert names(folder) == ["hop.00-00-05.000.2.mp3", "hop.00-00-05.000.mp3"]


def test_media_of_another_unicode_form(folder: Path) -> None:
    source = replace(RESULT, media=replace(RESULT.media, path="họp xã.mp3", sha256=None))
    (folder / "hop.mp3").rename(folder / unicodedata.normalize("NFD", "họp xã.mp3"))
    assert len(clips(write_record(folder, source), "--sentence", "p1s1")) == 1


# What cannot be made.


def test_the_rest_is_made(folder: Path) -> None:
    record = folder / "hop.vi.json"
    ran = mediakit(
        "clip", record, "--sentence", "p0s1", "--sentence", "p9s9", "--caption", "99", "--search", "lúa mì",
        "--search", "…", "--time", "13.9-15", "--time", "20-21", "--sentence", "p1s2", "--json",
    )  # fmt: skip
    told = json.loads(ran.out)
    assert ran.status == 1
    assert [clip["sentence"] for clip in told["clips"]] == ["p1s2"]
    assert ran.complaints == [f"mediakit: {failure}" for failure in told["failures"]]
    for failure, words in zip(
        told["failures"],
        [
            "the sentence p0s1 is not said", "no sentence 'p9s9' in the article", "no caption '99'; there are 2",
            "'lúa mì' is said nowhere", "no words in '…'", "its sound ends at 00:00:1", "its sound ends at 00:00:1",
        ],
        strict=True,
    ):  # fmt: skip
        assert words in failure


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing was selected"),
        (["--time", "mai"], "'mai' is no time from A to B"),
        (["--time", "3-3"], "is empty"),
        (["--time", "1-2", "--time", "3-4", "-o", "a.wav"], "2 clips do not go into one file"),
        (["--time", "1-2", "-o", "a.aac"], "clips are no aac"),
        (["--time", "1-2", "-o", "a.wav", "--format", "mp3"], "does not fit"),
        (["--time", "1-2", "--format", "mp5"], "mp5"),
        (["--time", "1-2", "--pad", "-5"], "--pad"),
        (["--sentence", "p1s1"], "--sentence needs a record"),
        (["--caption", "1"], "--caption needs a record or captions"),
        (["--search", "lúa"], "--search needs a record or captions"),
    ],
)
def test_wrong_usage(folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], words: str) -> None:
    monkeypatch.chdir(folder)
    ran = mediakit("clip", "hop.mp3", *arguments)
    assert (ran.status, ran.out) == (2, "")
    assert words in ran.err
    assert len(ran.complaints) == 1
    assert names(folder) == []


def test_which_media(folder: Path, tmp_path: Path) -> None:
    srt = folder / "hop.vi.srt"
    (folder / "hop.wav").write_bytes(b"RIFF")
    ran = mediakit("clip", srt, "--caption", "1")
    assert ran.status == 1
    assert "may be hop.mp3 and hop.wav. Give --media FILE." in ran.err
    assert len(clips(srt, "--caption", "1", "--media", folder / "hop.mp3")) == 1
    for path in (folder / "hop.wav", folder / "hop.mp3"):
        path.unlink()
    for source in (srt, folder / "hop.vi.json"):
        ran = mediakit("clip", source, "--time", "1-2")
        assert ran.status == 1
        assert "Give --media FILE." in ran.err


def test_media_that_leads_outside(folder: Path) -> None:
    source = replace(RESULT, media=replace(RESULT.media, path="../../etc/passwd"))
    ran = mediakit("clip", write_record(folder, source), "--sentence", "p1s1")
    assert ran.status == 1
    assert "leads outside" in ran.err


def test_other_media_than_the_record_was_made_of(folder: Path) -> None:
    write(folder / "hop.vi.json", render_record(RESULT))
    ran = mediakit("clip", folder / "hop.vi.json", "--sentence", "p1s1")
    assert ran.status == 0
    assert "warning" in ran.err
    assert "is not the file that the record was made of" in ran.err


def test_media_without_sound(tmp_path: Path) -> None:
    film = encode(tmp_path / "cam.mp4", moving_picture(500), vcodec="libx264")
    ran = mediakit("clip", film, "--time", "0-0.2")
    assert (ran.status, ran.out) == (1, "")
    assert "cam.mp4: it has no audio stream" in ran.err


def test_a_file_of_the_user_is_not_overwritten(folder: Path) -> None:
    write(folder / "hop.c1.mp3", "của tôi")
    ran = mediakit("clip", folder / "hop.vi.srt", "--caption", "1", "--caption", "2")
    assert ran.status == 1
    assert "hop.c1.mp3: exists and was not written by mediakit" in ran.err
    assert (folder / "hop.c1.mp3").read_text(encoding="utf-8") == "của tôi"
    assert (folder / "hop.c2.mp3").exists()
    # mediakit's own may be made again.
    assert mediakit("clip", folder / "hop.vi.srt", "--caption", "2", "--quiet").status == 0


def test_help_has_examples_that_work(media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of the help, run on files of those names."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ban-tin.mp3").write_bytes(media.read_bytes())
    assert RESULT.article is not None
    sentences = replace(RESULT.article, sentences=tuple(replace(s, id=f"p3s{n + 1}") for n, s in enumerate(SENTENCES)))
    segments = (replace(RESULT.segments[0], sentence="p3s2"), *RESULT.segments[1:])
    source = replace(RESULT, media=replace(RESULT.media, path="ban-tin.mp3", sha256=None), article=sentences)
    write(tmp_path / "ban-tin.vi.json", render_record(replace(source, segments=segments)))
    write(tmp_path / "ban-tin.vi.srt", CAPTIONS)
    ran = mediakit("clip", "--help")
    shown = ran.out.split("examples:")[1].split("\n\n")[0].splitlines()
    examples = [shlex.split(line.split("   ")[0]) for line in (line.strip() for line in shown) if line]
    assert len(examples) == 4
    for program, *arguments in examples:
        assert program == "mediakit"
        assert mediakit(*arguments).status == 0


def test_pydub_is_imported_only_to_cut() -> None:
    code = "import sys, mediakit.cli.main as m; m.parser(); import mediakit.cli.clip; sys.exit('pydub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_pydub_is_quiet(folder: Path) -> None:
    """Where there is no ffmpeg on the PATH, too."""
    command = [sys.executable, "-W", "always", "-m", "mediakit", "clip", str(folder / "hop.mp3"), "--time", "1-2"]
    done = subprocess.run(command, check=False, timeout=60, capture_output=True, text=True, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")


# Times.

HOUR_MS = 3_600_000


def written(ms: int, form: int) -> str:
    seconds = f"{ms // 1000}.{ms % 1000:03d}"
    minutes = f"{ms // 60_000}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
    units = f"{ms // HOUR_MS}h{ms // 60_000 % 60}m{ms // 1000 % 60}.{ms % 1000:03d}s"
    forms = (timestamp(ms), timestamp(ms, decimal=","), timestamp(ms, hours=False), minutes, seconds, seconds + "s")
    return (*forms, units, f"{ms}ms", seconds.replace(".", ","))[form]


FORM = st.integers(0, 8)
SEPARATOR = st.sampled_from(["-", " - ", "–", " --> ", "-->", "..", " to ", " → "])


@given(st.integers(0, 30 * HOUR_MS), st.integers(1, HOUR_MS), FORM, FORM, SEPARATOR)
def test_times_in_any_usual_form(start_ms: int, length_ms: int, first: int, second: int, separator: str) -> None:
    text = written(start_ms, first) + separator + written(start_ms + length_ms, second)
    assert parse_times(text) == Span(start_ms, start_ms + length_ms)


@given(st.one_of(st.text(), st.text(alphabet="0123456789:.,smh- >", max_size=24)))
def test_any_text_is_a_time_or_wrong_usage(text: str) -> None:
    with suppress(UsageError):
        assert parse_times(text).duration_ms > 0


@pytest.mark.parametrize("text", ["1:60-2:00", "1:60:00-2:00:00", "٣-٤", "1-", "-1", "1", "", "ms-s", "1:2:3:4-5"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(UsageError, match="is no time"):
        parse_times(text)


# Real speech.


@pytest.mark.slow
def test_a_clip_of_a_real_reading_is_the_sentence(readings: Path, tmp_path: Path) -> None:
    """Loud where it is said, quiet at both ends, and the same sound as the reading has there."""
    truth = json.loads((readings / "ban-tin-day-du.truth.json").read_text(encoding="utf-8"))
    source = readings / "ban-tin-day-du.mp3"
    whole = np.concatenate(list(decode(source, choose_audio(probe(source)))))
    for item in truth["spoken"][:3]:
        start_ms, end_ms = item["start_ms"], item["end_ms"]
        (clip,) = clips(source, "--time", f"{start_ms}ms-{end_ms}ms", "--format", "flac", "-o", tmp_path, "--pad", "80")
        path = Path(clip["file"])
        sound = np.concatenate(list(decode(path, choose_audio(probe(path)))))
        there = whole[(start_ms - 80) * 16 :][: len(sound)]
        assert len(sound) == pytest.approx((end_ms - start_ms + 160) * 16, abs=32)
        assert np.corrcoef(sound, there)[0, 1] > 0.99
        assert np.abs(sound[:16]).max() < np.abs(sound).max() / 50
