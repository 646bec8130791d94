"""`mediakit mux` as a user runs it: what players then find in the video, and what is refused."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import ffmpeg
import numpy as np
import pytest
import srt

from mediakit.media.ffmpeg import command, local_input, run
from mediakit.outputs.record import render_record
from tests.cli.stage import Ran, mediakit
from tests.evaluation.planted import RESULT
from tests.media.studio import encode, moving_picture, write_bursts
from tests.media.test_mux import packets

TEXTS = (
    "<i>Xin chào</i> bà con <mỗi hộ> & b",
    "Ạ ế ữ Ỡ đ: 1.200 cây\ndòng hai </b> <hai>",
    "C:\\mục & {ngoặc}\n10",
    "&lt;i&gt; chữ <b>đậm</b> và <u>thường</u>",
)
TIMES = ((501, 1234), (1234, 1999), (2000, 2040), (2041, 2987))


def ms(value: timedelta) -> int:
    return round(value / timedelta(milliseconds=1))


def write_srt(path: Path, texts: Sequence[str] = TEXTS, times: Sequence[tuple[int, int]] = TIMES) -> Path:
    cues = [
        srt.Subtitle(n, timedelta(milliseconds=start), timedelta(milliseconds=end), text)
        for n, (text, (start, end)) in enumerate(zip(texts, times, strict=True), start=1)
    ]
    path.write_text(srt.compose(cues, reindex=False), encoding="utf-8")
    return path


def extracted(video: Path, stream: int = 0) -> list[tuple[int, int, str]]:
    """Cues as ffmpeg takes them out of the video and the package `srt` reads them."""
    target = video.with_suffix(f".{stream}.srt")
    job = ffmpeg.output(local_input(video)[f"s:{stream}"], str(target), format="srt").overwrite_output()
    finished = run(command(job), timeout_s=60)
    assert finished.status == 0, finished.messages
    found = srt.parse(target.read_text(encoding="utf-8"))
    return [(ms(cue.start), ms(cue.end), cue.content.replace("\r", "")) for cue in found]


def streams(video: Path) -> list[tuple[str, str, str | None, bool]]:
    """Kind, codec, language and whether it is the one to play, of every stream."""
    with av.open(str(video)) as file:
        return [
            (s.type, s.codec_context.name, s.language, bool(s.disposition & av.stream.Disposition.default))
            for s in file.streams
        ]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Videos of 3 s: `a.mp4`, `a.mkv`, `a.webm`, `a.avi`."""
    folder = tmp_path_factory.mktemp("videos")
    wav = write_bursts(folder / "a.wav", at_ms=(500,), duration_ms=3000)
    encode(folder / "a.mp4", moving_picture(3000), wav, vcodec="libx264", acodec="aac")
    encode(folder / "a.mkv", moving_picture(3000), wav, vcodec="libx264", acodec="flac")
    encode(folder / "a.webm", moving_picture(3000), wav, vcodec="libvpx", deadline="realtime", acodec="libvorbis")
    encode(folder / "a.avi", moving_picture(3000), wav, vcodec="mpeg4", acodec="libmp3lame")
    return folder


@pytest.fixture
def video(studio: Path, tmp_path: Path) -> Path:
    """A video of one's own."""
    return Path(shutil.copy(studio / "a.mp4", tmp_path / "hop.mp4"))


def done(*arguments: str | Path) -> dict[str, Any]:
    """What --json says of a run that goes well and has nothing to warn of."""
    ran = mediakit("mux", *arguments, "--json")
    assert (ran.status, ran.err) == (0, "")
    told: dict[str, Any] = json.loads(ran.out)
    return told


def refused(*arguments: str | Path, status: int = 1) -> str:
    """The one complaint of a run that writes nothing."""
    ran = mediakit("mux", *arguments)
    assert (ran.status, ran.out) == (status, "")
    (complaint,) = ran.complaints
    return complaint


# A track of its own.


@pytest.mark.parametrize(("ending", "codec"), [("mp4", "mov_text"), ("mkv", "subrip"), ("webm", "webvtt")])
def test_cues_come_back(studio: Path, tmp_path: Path, ending: str, codec: str) -> None:
    video, captions = studio / f"a.{ending}", write_srt(tmp_path / "a.srt", TEXTS)
    told = done(video, captions, "-o", tmp_path / "out")
    target = tmp_path / "out" / f"a.vi.{ending}"
    assert told == {
        "video": str(video), "captions": str(captions), "output": str(target), "cues": 4,
        "track": codec, "burnt": False,
    }  # fmt: skip
    found = extracted(target)
    assert [cue[:2] for cue in found] == list(TIMES)
    texts = [text for _, _, text in found]
    assert texts[0] == TEXTS[0]
    assert texts[3] == TEXTS[3]
    # What ffmpeg itself loses while it takes text out, the file has all the same.
    assert texts[1].startswith("Ạ ế ữ Ỡ đ: 1.200 cây\ndòng hai ")
    inside = [data.decode("utf-8", "replace") for _, _, data in packets(target)]
    second, third = ("&lt;hai&gt;", "&amp; {") if ending == "webm" else ("<hai>", "& {")
    assert second in inside[1]
    assert f"C:\\mục {third}ngoặc}}\n10" in inside[2]


@pytest.mark.parametrize("ending", ["mp4", "mkv", "webm"])
def test_pictures_and_sound_are_copied(studio: Path, tmp_path: Path, ending: str) -> None:
    video = studio / f"a.{ending}"
    target = Path(done(video, write_srt(tmp_path / "a.srt"), "-o", tmp_path / "b")["output"])
    assert [kind for kind, *_ in streams(target)] == ["video", "audio", "subtitle"]
    assert streams(target)[:2] == [(*stream[:3], streams(target)[n][3]) for n, stream in enumerate(streams(video))]
    for number in (0, 1):
        data = []
        for path in (video, target):
            with av.open(str(path)) as file:
                data.append([bytes(packet) for packet in file.demux(file.streams[number]) if packet.size])
        assert data[0] == data[1]


def test_the_track_has_its_language_and_is_shown(video: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    done(video, captions)
    assert streams(tmp_path / "hop.vi.mp4")[2] == ("subtitle", "mov_text", "vie", True)
    done(video, captions, "-o", tmp_path / "x.mkv", "--language", "en")
    with av.open(str(tmp_path / "x.mkv")) as file:
        (track,) = file.streams.subtitles
        assert (track.language, track.metadata["title"]) == ("eng", "English")
    with av.open(str(tmp_path / "hop.vi.mp4")) as file:
        assert file.streams.subtitles[0].metadata["handler_name"] == "Tiếng Việt"


def test_other_programs_show_the_track(video: Path, tmp_path: Path) -> None:
    """ffmpeg always, and ffprobe where there is one."""
    target = Path(done(video, write_srt(tmp_path / "a.srt"))["output"])
    assert [cue[:2] for cue in extracted(target)] == list(TIMES)
    if ffprobe := shutil.which("ffprobe"):
        probe = [ffprobe, "-v", "error", "-select_streams", "s", "-show_streams", "-of", "json", str(target)]
        (track,) = json.loads(subprocess.run(probe, capture_output=True, check=True, timeout=60).stdout)["streams"]
        assert (track["codec_name"], track["tags"]["language"]) == ("mov_text", "vie")
        assert track["disposition"]["default"] == 1


def test_other_tracks_stay_and_are_no_longer_the_default(studio: Path, tmp_path: Path) -> None:
    other = write_srt(tmp_path / "other.srt", ["Hello"], [(100, 900)])
    source = local_input(studio / "a.mkv")
    inputs = [source["v"], source["a"], source["a"], ffmpeg.input(str(other))["s"]]
    both = encode(
        tmp_path / "both.mkv", *inputs, c="copy", **{"disposition:s:0": "default", "metadata:s:s:0": "language=eng"}
    )
    done(both, write_srt(tmp_path / "a.srt"))
    kinds = [(kind, language) for kind, _, language, _ in streams(tmp_path / "both.vi.mkv")]
    assert [kind for kind, _ in kinds] == ["video", "audio", "audio", "subtitle", "subtitle"]
    assert [stream[2:] for stream in streams(tmp_path / "both.vi.mkv")[3:]] == [("vie", True), ("eng", False)]
    assert extracted(tmp_path / "both.vi.mkv", 1) == [(100, 900, "Hello")]


def test_captions_of_webvtt_and_records(studio: Path, tmp_path: Path) -> None:
    vtt = tmp_path / "a.vtt"
    vtt.write_text(
        "WEBVTT\n\nNOTE x\n\nc1\n00:00.501 --> 00:01.234 line:0\n<v Lan><i>&lt;mỗi hộ&gt;</i> &amp; --&gt; b</v>\n",
        encoding="utf-8",
    )
    for name, expected in (
        ("a.mp4", "<mỗi hộ> & --> b"),
        ("a.mkv", "<i><mỗi hộ></i> & -> b"),
        ("a.webm", "<v Lan><i>&lt;mỗi hộ&gt;</i> &amp; --&gt; b</v>"),
    ):
        ((start_ms, length_ms, data),) = packets(Path(done(studio / name, vtt, "-o", tmp_path / "vtt")["output"]))
        assert (start_ms, length_ms) == (501, 733)
        assert expected in data.decode("utf-8", "replace")
    (tmp_path / "a.vi.json").write_text(render_record(RESULT), encoding="utf-8")
    ran = mediakit("mux", studio / "a.mp4", tmp_path / "a.vi.json", "-o", tmp_path / "record.mp4")
    assert ran.status == 0
    assert [text for _, _, text in extracted(tmp_path / "record.mp4")] == [
        "\n".join(caption.lines) for caption in RESULT.captions
    ]


# Names.


def test_what_the_output_is_called(studio: Path, video: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    new = tmp_path / "new"
    assert done(video, captions)["output"] == str(tmp_path / "hop.vi.mp4")
    assert done(video, captions, "-o", f"{new}/")["output"] == str(new / "hop.vi.mp4")
    assert done(video, captions, "-o", new / "x.mov", "--language", "en")["output"] == str(new / "x.mov")
    (tmp_path / "v1.2").mkdir()
    assert done(video, captions, "-o", tmp_path / "v1.2")["output"] == str(tmp_path / "v1.2" / "hop.vi.mp4")
    told = done(studio / "a.avi", captions, "-o", new)
    assert (told["output"], told["track"]) == (str(new / "a.vi.mkv"), "subrip")
    assert done(studio / "a.webm", captions, "-o", new, "--burn")["output"] == str(new / "a.vi.mkv")
    assert not list(tmp_path.rglob("*.tmp"))


def test_hostile_names(studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a name nor the folder for what passes is read as an option, an address or a part of a filter."""
    folder = tmp_path / "a'b [c];d,e=%d \\N"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.chdir(folder)
    video = Path(shutil.copy(studio / "a.mp4", folder / "-i 'x'; [0]=%03d.mp4")).name
    captions = write_srt(folder / "http.srt").name
    for burn in ([], ["--burn"]):
        ran = mediakit("mux", "-o", "ra", *burn, "--", video, captions)
        assert (ran.status, ran.err) == (0, "")
        assert len(streams(Path("ra", Path(video).stem + ".vi.mp4"))) == 3 - len(burn)
    assert sorted(path.suffix for path in folder.iterdir() if path.is_file()) == [".mp4", ".srt"]


def test_nothing_of_the_users_is_replaced(video: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    before = video.read_bytes()
    assert "over itself" in refused(video, captions, "-o", video, "--overwrite", status=2)
    around = tmp_path / "x" / ".." / "hop.mp4"
    assert "over itself" in refused(video, captions, "-o", around, "--overwrite", status=2)
    assert video.read_bytes() == before
    theirs = tmp_path / "hop.vi.mp4"
    theirs.write_bytes(b"mine")
    assert "was not written by mediakit" in refused(video, captions)
    assert theirs.read_bytes() == b"mine"
    done(video, captions, "--overwrite")
    done(video, captions)


# What is refused, and what is warned of.


def test_bad_inputs(studio: Path, video: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    empty = write_srt(tmp_path / "empty.srt", [], [])
    flash = write_srt(tmp_path / "flash.srt", ["a"], [(100, 100)])
    late = write_srt(tmp_path / "late.srt", ["a"], [(100, 86_400_001)])
    together = write_srt(tmp_path / "together.srt", ["a", "b"], [(100, 900), (500, 950)])
    (tmp_path / "text.mp4").write_text("xin chào", encoding="utf-8")
    for arguments, words in (
        ([studio / "a.wav", captions], "a.wav: it has no picture"),
        ([tmp_path / "no.mp4", captions], "no.mp4: no such file"),
        ([video, tmp_path / "no.srt"], "no.srt: no such file"),
        ([tmp_path / "text.mp4", captions], "text.mp4: this is not a media file"),
        ([video, studio / "a.webm"], "a.webm: "),
        ([video, empty], "empty.srt: has no caption to show"),
        ([video, flash], "flash.srt: has no caption to show"),
        ([video, late], "late.srt: cue 1 ends later than"),
        ([video, together], "together.srt: cues 1 and 2 are on the screen at once"),
        ([video, captions, "-o", tmp_path / "x.webm"], "cannot hold all of the video's streams. Write an .mkv"),
    ):
        assert words in refused(*arguments)
    assert {path.suffix for path in tmp_path.rglob("*.*") if path.is_file()} <= {".mp4", ".srt", ".TAG", ""}
    assert not (tmp_path / "hop.vi.mp4").exists()
    done(video, together, "-o", tmp_path / "x.mkv")


def test_wrong_usage(studio: Path, video: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    assert "of that kind" in refused(video, captions, "-o", tmp_path / "x.avi", status=2)
    assert ".webm" in refused(video, captions, "-o", tmp_path / "x.webm", "--burn", status=2)
    for code in ("xx", "../x", "", "vi; x"):
        assert "there is no language" in refused(video, captions, f"--language={code}", status=2)
    assert "CAPTIONS" in refused(video, status=2)


def warned(*arguments: str | Path) -> Ran:
    ran = mediakit("mux", *arguments)
    assert ran.status == 0
    assert all("warning: " in line for line in ran.complaints)
    return ran


def test_warnings(video: Path, tmp_path: Path) -> None:
    long = write_srt(tmp_path / "long.srt", ["a", "b", "c"], [(100, 200), (300, 300), (5000, 6000)])
    ran = warned(video, long)
    assert "long.srt: 1 cue left out" in ran.complaints[0]
    assert "captions end at 00:00:06.000, the video at 00:00:03.0" in ran.complaints[1]
    assert ran.out == f"{tmp_path / 'hop.vi.mp4'}: 2 cues, a track of mov_text, vie\n"
    assert [cue[:2] for cue in extracted(tmp_path / "hop.vi.mp4")] == [(100, 200), (5000, 6000)]
    assert mediakit("mux", video, long, "-q").complaints == []
    assert "tolerated: a cue that ends when it begins" in warned(video, long, "-v").out


# Burnt in.


def gray_frames(video: Path, at_ms: Sequence[int]) -> list[Any]:
    """The pictures at these times, as arrays of brightness."""
    wanted = list(at_ms)
    found: list[Any] = []
    with av.open(str(video)) as file:
        for frame in file.decode(video=0):
            if wanted and frame.time is not None and frame.time * 1000 >= wanted[0] - 0.001:
                wanted.pop(0)
                found.append(frame.to_ndarray(format="gray").astype(int))
    assert not wanted
    return found


def letters(picture: Any) -> Any:
    """What of a picture on grey is as bright as a letter, cut to its own size."""
    bright = picture > 170
    rows, columns = np.flatnonzero(bright.any(axis=1)), np.flatnonzero(bright.any(axis=0))
    assert len(rows), "nothing is drawn"
    return bright[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def grey(path: Path, size: str, seconds: int) -> Path:
    picture = ffmpeg.input(f"color=0x404040:size={size}:rate=10:duration={seconds}", f="lavfi")
    return encode(path, picture, vcodec="libx264", preset="ultrafast")


def test_every_letter_of_vietnamese_is_drawn(tmp_path: Path) -> None:
    """Each as itself: not as the letter without its marks, nor as the box for a letter that the font has not."""
    texts = ["ạ", "ế", "ữ", "a", "ê", "ư", "\U0010fffd", "Ậ", "ậ", "đ", "d", "Ỡ", "Ợ"]
    times = [(1000 * n, 1000 * n + 1000) for n in range(len(texts))]
    video = grey(tmp_path / "a.mp4", "640x360", len(texts))
    done(video, write_srt(tmp_path / "a.srt", texts, times), "--burn")
    pictures = gray_frames(tmp_path / "a.vi.mp4", [start_ms + 500 for start_ms, _ in times])
    box = pictures.pop(texts.index("\U0010fffd"))
    shapes = [letters(picture) for picture in pictures]
    if (box > 170).any():
        shapes.append(letters(box))
    for n, shape in enumerate(shapes):
        for other in shapes[:n]:
            assert shape.shape != other.shape or (shape != other).mean() > 0.05


def test_only_the_time_and_place_of_a_caption_are_touched(tmp_path: Path) -> None:
    video = grey(tmp_path / "a.mp4", "640x360", 3)
    done(video, write_srt(tmp_path / "a.srt", ["Xin chào bà con"], [(1000, 2000)]), "--burn")
    before, during, after = gray_frames(tmp_path / "a.vi.mp4", [900, 1000, 2000])
    (plain,) = gray_frames(video, [900])
    for picture in (before, after, during[:240]):
        assert np.abs(picture - plain[: len(picture)]).max() <= 3
    rows, columns = np.nonzero(np.abs(during - plain) > 40)
    assert rows.min() > 290
    assert rows.max() < 360 * 0.97
    assert 640 * 0.05 < columns.min() < 320 < columns.max() < 640 * 0.95
    assert during.max() > 240  # white
    assert during.min() < 25  # on a dark outline


@pytest.mark.parametrize(("size", "options"), [("360x640", {}), ("640x360", {"display_rotation": 90}), ("321x241", {})])
def test_a_line_fits_into_any_picture(tmp_path: Path, size: str, options: dict[str, int]) -> None:
    """Pictures on end, also those that only say so, and odd sides."""
    upright = grey(tmp_path / "upright.mkv", size, 2) if "321" not in size else tmp_path / "upright.mkv"
    if "321" in size:
        picture = ffmpeg.input(f"color=0x404040:size={size}:rate=10:duration=2", f="lavfi")
        encode(upright, picture, vcodec="ffv1")
    video = encode(tmp_path / "a.mkv", local_input(upright, **options), c="copy")
    line = "Hơn 120 người đến dự cuộc họp mặt đầu xuân"
    done(video, write_srt(tmp_path / "a.srt", [f"{line}\n{line}"], [(0, 2000)]), "--burn")
    (picture,) = gray_frames(tmp_path / "a.vi.mkv", [500])
    bright = picture > 170
    columns = np.flatnonzero(bright.any(axis=0))
    width = picture.shape[1]
    assert width * 0.04 < columns[0]
    assert width * 0.5 < columns[-1] - columns[0] < width * 0.92
    rows = bright.any(axis=1)
    assert np.count_nonzero(rows[1:] & ~rows[:-1]) <= 4  # two lines, which marks above and below may part once more


def test_text_does_not_style_the_picture(tmp_path: Path) -> None:
    """Marks of SubStation Alpha in a caption are text, or nothing; a line break that is written out is none."""
    video = grey(tmp_path / "a.mp4", "640x360", 4)
    hostile = ["x", "{\\pos(10,10)\\fs200}x", "x\\N\\Nx", "x{x}"]
    done(video, write_srt(tmp_path / "a.srt", hostile, [(n * 1000, n * 1000 + 1000) for n in range(4)]), "--burn")
    pictures = gray_frames(tmp_path / "a.vi.mp4", [500, 1500, 2500, 3500])
    alone, moved, broken, braces = (letters(picture) for picture in pictures)
    assert np.abs(pictures[0] - pictures[1]).max() < 60
    assert moved.shape == alone.shape
    assert broken.shape[0] < 3 * alone.shape[0]
    assert broken.shape[1] > 5 * alone.shape[1]
    assert braces.shape[1] > 3 * alone.shape[1]


def test_sound_and_times_of_a_burnt_video(studio: Path, tmp_path: Path) -> None:
    captions = write_srt(tmp_path / "a.srt")
    told = done(studio / "a.mp4", captions, "-o", tmp_path, "--burn")
    assert (told["track"], told["burnt"], told["cues"]) == (None, True, 4)
    assert [stream[:2] for stream in streams(tmp_path / "a.vi.mp4")] == [("video", "h264"), ("audio", "aac")]
    data = []
    for path in (studio / "a.mp4", tmp_path / "a.vi.mp4"):
        with av.open(str(path)) as file:
            data.append([bytes(packet) for packet in file.demux(audio=0) if packet.size])
            assert len(list(file.decode(video=0))) in (0, 75)
    assert data[0] == data[1]
    ran = mediakit("mux", studio / "a.mp4", captions, "-o", tmp_path, "--burn")
    assert ran.out == f"{tmp_path / 'a.vi.mp4'}: 4 cues, burnt in\n"


def test_help_has_examples_that_work(studio: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of the help, run on files of those names."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(studio / "a.mp4", "hop.mp4")
    write_srt(Path("hop.vi.srt"))
    Path("hop.en.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:01.000\nHello\n", encoding="utf-8")
    Path("hop.vi.json").write_text(render_record(RESULT), encoding="utf-8")
    ran = mediakit("mux", "--help")
    body = ran.out.split("examples:")[1].split("\n\n")[0]
    examples = [line.split("   ")[0].split() for line in body.splitlines() if line.strip()]
    assert len(examples) == 5
    for program, *arguments in examples:
        assert program == "mediakit"
        assert mediakit(*arguments).status == 0
