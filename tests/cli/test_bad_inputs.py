"""Bad inputs, each as a user meets it: the right exit status, one clear message, no traceback, nothing half-written."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from mediakit.media.ffmpeg import local_input
from mediakit.speech.models import CACHE_VARIABLE, ensure
from tests.cli.stage import codes, leftovers, mediakit, record, write_article
from tests.media.studio import encode, moving_picture, write_bursts

SECRET = "attachment-forbidden"


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three seconds of bursts of tone: sound, but no speech."""
    return write_bursts(tmp_path_factory.mktemp("tone") / "tone.wav", at_ms=[500, 1500], duration_ms=3000, rate=16_000)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory, tone: Path) -> Path:
    """The same as MP4, its index at the end."""
    target = tmp_path_factory.mktemp("film") / "film.mp4"
    return encode(target, moving_picture(3000), tone, vcodec="mpeg4", acodec="aac", movflags="empty_moov")


def one_failure(arguments: list[str | Path], folder: Path, *words: str, status: int = 1) -> str:
    """Run, expect one complaint that holds `words`, and nothing half-written in `folder`."""
    ran = mediakit(*arguments)
    assert ran.status == status, ran.err
    assert len(ran.complaints) == 1, ran.err
    assert not leftovers(folder)
    for word in words:
        assert word in ran.complaints[0], ran.err
    return ran.complaints[0]


# Media that are not what they seem.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "word", "code"),
    [
        ("text.mp3", "Xin chào các bạn.\n".encode() * 40, "not", "media-not-media"),
        ("empty.mp3", b"", "empty", "media-empty"),
        ("list.mp3", b"#EXTM3U\n#EXTINF:3,\nother.ts\n", "", "media-not-media"),
        ("web.mp4", b"#EXTM3U\n#EXTINF:3,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", "", "media-not-media"),
        ("concat.mp3", b"ffconcat version 1.0\nfile '/etc/passwd'\n", "", "media-not-media"),
        ("noise.mp4", bytes(range(256)) * 64, "", "media-not-media"),
    ],
)  # fmt: skip
def test_what_is_no_media(tmp_path: Path, name: str, content: bytes, word: str, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    said = one_failure(["transcribe", tmp_path / name, "-o", tmp_path / "out"], tmp_path / "out", name, word)
    assert "/etc/passwd" not in said
    loaded = record(tmp_path / "out", f"{Path(name).stem}.vi.json")
    assert codes(loaded) == [code]
    assert loaded["media"] == {
        "path": name,
        "sha256": None,
        "duration_ms": None,
        "kind": "video" if name.endswith("4") else "audio",
    }


def test_a_truncated_film_without_its_index(tmp_path: Path, tone: Path) -> None:
    whole = encode(tmp_path / "whole.mp4", moving_picture(3000), tone, vcodec="mpeg4", acodec="aac")
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    one_failure(["transcribe", cut, "-o", tmp_path / "out"], tmp_path / "out", "cut.mp4")
    assert codes(record(tmp_path / "out", "cut.vi.json")) == ["media-cut-off"]


def test_a_truncated_film_is_transcribed_as_far_as_it_goes(tmp_path: Path, tone: Path) -> None:
    whole = encode(
        tmp_path / "whole.mp4", moving_picture(3000), tone, vcodec="mpeg4", acodec="aac", movflags="+faststart"
    )
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 5])
    ran = mediakit("transcribe", cut, "-o", tmp_path / "out")
    assert ran.status == 1
    (said,) = ran.complaints
    assert f"{cut}: the file is incomplete: its sound ends at 00:00:0" in said
    assert said.endswith("; what there is was transcribed. Copy or download the file again.")
    loaded = record(tmp_path / "out", "cut.vi.json")
    assert "media-cut-off" in codes(loaded)
    assert (tmp_path / "out" / "cut.vi.srt").exists()


def test_more_sound_than_is_believed_is_told_as_such(
    tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes that claim years of silence."""
    monkeypatch.setattr("mediakit.media.decode.MAX_DURATION_MS", 20_000)
    jump = local_input(tone).audio.filter("asetpts", "if(gt(T,0.5),PTS+60/TB,PTS)")
    path = encode(tmp_path / "jump.mkv", jump, acodec="flac")
    ran = mediakit("transcribe", path, "-o", tmp_path / "out")
    assert ran.status == 1
    (said,) = ran.complaints
    assert f"{path}: it claims more than 00:00:20.000 of sound; what there is was transcribed" in said


def test_a_film_without_sound(tmp_path: Path) -> None:
    mute = encode(tmp_path / "mute.mp4", moving_picture(1000), vcodec="mpeg4")
    one_failure(["transcribe", mute, "-o", tmp_path / "out"], tmp_path / "out", "mute.mp4", "audio")
    assert codes(record(tmp_path / "out", "mute.vi.json")) == ["media-no-audio"]


def test_an_audio_stream_that_is_not_there(tmp_path: Path, tone: Path) -> None:
    arguments: list[str | Path] = ["transcribe", tone, "--audio-stream", "3", "-o", tmp_path / "out"]
    one_failure(arguments, tmp_path / "out", "tone.wav", "3")


def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    one_failure(["transcribe", tmp_path / "pipe.mp3", "-o", tmp_path / "out"], tmp_path / "out", "pipe.mp3")


# Names from strangers.

NAMES = [
    "có dấu cách.wav",
    "xuống\ndòng.wav",
    "nháy ' kép \" sổ `.wav",
    "-i.wav",
    "--overwrite.wav",
    "concat:a|b.wav",
    "$(touch x); rm.wav",
    "100%d-%03d.wav",
    "mặt 🙂 cười.wav",
    "[bold red]rich.wav",
    unicodedata.normalize("NFD", "Phát biểu của Bí thư.wav"),
]


def test_any_name_can_be_transcribed(tmp_path: Path, tone: Path) -> None:
    sources = tmp_path / "in"
    sources.mkdir()
    for name in NAMES:
        shutil.copy(tone, sources / name)
    ran = mediakit("batch", sources, "-o", tmp_path / "out", "--formats", "srt,json", "--quiet")
    assert ran.status == 0, ran.err
    for name in NAMES:
        stem = unicodedata.normalize("NFC", name)[: -len(".wav")]
        loaded = record(tmp_path / "out", f"{stem}.vi.json")
        assert codes(loaded) == ["no-speech"]
        assert loaded["media"]["path"] == unicodedata.normalize("NFC", name)  # type: ignore[index]
    assert sorted(p.name for p in sources.iterdir()) == sorted(NAMES)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "out"]


def test_a_name_that_looks_like_an_option(tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(tone, tmp_path / "-i.wav")
    monkeypatch.chdir(tmp_path)
    assert mediakit("transcribe", "-o", "out", "--", "-i.wav").status == 0
    assert (tmp_path / "out" / "-i.vi.json").exists()


def test_an_attachment_is_found_in_another_unicode_form(tmp_path: Path, tone: Path) -> None:
    shutil.copy(tone, tmp_path / unicodedata.normalize("NFD", "Phát biểu.WAV"))
    ran = mediakit("transcribe", write_article(tmp_path, ["Audio: Phát_biểu.wav"]), "-o", tmp_path / "out")
    assert ran.status == 0, ran.err


# Attachments that lead elsewhere.


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\x.mp3", "file:///etc/passwd", "a/../../b.mp3"]
)
def test_an_attachment_outside_the_folder(tmp_path: Path, name: str) -> None:
    article = write_article(tmp_path, [f"Audio: {name}"])
    said = one_failure(["transcribe", article, "-o", tmp_path / "out"], tmp_path / "out", "outside")
    assert name.rsplit("/", 1)[-1].rsplit("\\", 1)[-1] in said
    (written,) = (tmp_path / "out").glob("*.vi.json")
    loaded = record(tmp_path / "out", written.name)
    assert codes(loaded) == [SECRET]
    assert loaded["media"]["path"] == name  # type: ignore[index]


def test_a_link_out_of_the_folder(tmp_path: Path, tone: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "a.wav").symlink_to(tone)
    article = write_article(inside, ["Audio: a.wav"])
    one_failure(["transcribe", article, "-o", tmp_path / "out"], tmp_path / "out", "a.wav", "link")
    assert codes(record(tmp_path / "out", "a.vi.json")) == [SECRET]


def test_the_others_still_run(tmp_path: Path, tone: Path) -> None:
    shutil.copy(tone, tmp_path / "co.wav")
    article = write_article(tmp_path, ["Audio: thieu.mp3", "Audio: co.wav", "Video: hong.mp4"])
    (tmp_path / "hong.mp4").write_bytes(b"")
    ran = mediakit("transcribe", article, "-o", tmp_path / "out")
    assert ran.status == 1
    assert [word in ran.err for word in ("thieu.mp3", "hong.mp4")] == [True, True]
    assert codes(record(tmp_path / "out", "thieu.vi.json")) == ["attachment-missing"]
    assert codes(record(tmp_path / "out", "hong.vi.json")) == ["media-empty"]
    assert record(tmp_path / "out", "co.vi.json")["media"]["duration_ms"] == 3000  # type: ignore[index]
    page = (tmp_path / "out" / "bai.html").read_text(encoding="utf-8")
    assert "thieu.mp3" in page


# Where results go.


def test_an_output_folder_that_is_a_file(tmp_path: Path, tone: Path) -> None:
    (tmp_path / "out").write_text("mine")
    ran = mediakit("transcribe", tone, "-o", tmp_path / "out")
    assert ran.status == 1
    assert len(ran.complaints) == 1
    assert (tmp_path / "out").read_text() == "mine"


def test_a_read_only_output_folder(tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Root may write anywhere, so the refusal is the system call's.
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    ran = mediakit("transcribe", tone, "-o", tmp_path / "out")
    said = ran.complaints
    assert ran.status == 1
    assert len(said) == 1
    assert "Read-only file system" in said[0]


def test_a_full_disk(tmp_path: Path, tone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = os.fsync, iter(range(100))

    def fill(descriptor: int) -> None:
        if next(calls) == 6:  # after the state folder and the log of what is heard
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fill)
    ran = mediakit("transcribe", tone, "-o", tmp_path / "out")
    said = ran.complaints
    assert ran.status == 1
    assert len(said) == 1
    assert "No space left" in said[0]
    assert not leftovers(tmp_path / "out")
    monkeypatch.undo()
    assert mediakit("transcribe", tone, "-o", tmp_path / "out", "--quiet").status == 0


def test_a_file_of_the_user_in_the_way(tmp_path: Path, tone: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "tone.vi.srt").write_text("made by hand")
    one_failure(["transcribe", tone, "-o", out], out, "tone.vi.srt", "--overwrite")
    assert (out / "tone.vi.srt").read_text() == "made by hand"
    assert mediakit("transcribe", tone, "-o", out, "--overwrite", "--quiet").status == 0
    assert mediakit("transcribe", tone, "-o", out, "--quiet").status == 0


@pytest.mark.slow
def test_two_media_that_share_a_name(tmp_path: Path, tone: Path, film: Path) -> None:
    shutil.copy(tone, tmp_path / "a.wav")
    shutil.copy(film, tmp_path / "a.mp4")
    assert mediakit("batch", tmp_path, "-o", tmp_path / "out", "--quiet").status == 0
    names = {p.name for p in (tmp_path / "out").glob("a.*")}
    assert {"a.wav.vi.srt", "a.mp4.vi.srt"} <= names
    assert "a.vi.srt" not in names


def test_sub_folders_are_kept(tmp_path: Path, tone: Path) -> None:
    for name in ("media/a.wav", "le/sau/b.wav", "c.wav"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(tone, tmp_path / "in" / name)
    write_article(tmp_path / "in", ["Audio: media/a.wav", "Audio: c.wav", "Audio: c.wav"])
    assert mediakit("batch", tmp_path / "in", "-o", tmp_path / "out", "--quiet").status == 0
    found = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.vi.srt")}
    assert found == {"media/a.vi.srt", "le/sau/b.vi.srt", "c.vi.srt"}
    page = (tmp_path / "out" / "bai.html").read_text(encoding="utf-8")
    assert 'href="media/a.vi.vtt"' in page
    assert 'src="../in/media/a.wav"' in page


# The model.


def test_a_missing_model(tmp_path: Path, tone: Path) -> None:
    one_failure(["transcribe", tone, "--model", "khong-co", "-o", tmp_path / "out"], tmp_path / "out", "khong-co")


def test_a_model_with_one_byte_changed(tmp_path: Path, tone: Path) -> None:
    copy = tmp_path / "cache" / "models" / "base"
    shutil.copytree(ensure("base").path, copy)
    with (copy / "model.bin").open("r+b") as file:
        file.seek(70_000_000)
        byte = file.read(1)
        file.seek(70_000_000)
        file.write(bytes([byte[0] ^ 1]))
    cache = {CACHE_VARIABLE: str(tmp_path / "cache")}
    ran = mediakit("transcribe", tone, "-o", tmp_path / "out", environment=cache)
    assert ran.status == 1
    assert len(ran.complaints) == 1
    assert "model.bin" in ran.err
    ran = mediakit("models", "verify", environment=cache)
    assert ran.status == 1
    assert "model.bin" in ran.err
    assert mediakit("doctor", environment=cache).status == 1


# Articles.


@pytest.mark.parametrize("content", [b"", b"\n \n", bytes(range(256)) * 40])
def test_an_article_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bai.txt").write_bytes(content)
    one_failure(["transcribe", tmp_path / "bai.txt"], tmp_path, "bai.txt")


# The command itself.


@pytest.mark.parametrize(
    "arguments",
    [
        ["transcribe"],
        ["transcribe", "khong-co.mp3"],
        ["transcribe", "{tone}", "--formats", "srt,doc"],
        ["transcribe", "{tone}", "--engine", "khong-co"],
        ["transcribe", "{tone}", "--profile", "khong-co"],
        ["transcribe", "{folder}"],
        ["batch", "{tone}"],
        ["khong-co"],
    ],
)
def test_wrong_usage(tmp_path: Path, tone: Path, arguments: list[str]) -> None:
    filled = [word.format(tone=tone, folder=tmp_path) for word in arguments]
    one_failure([*filled], tmp_path, status=2)


def test_a_folder_with_two_articles(tmp_path: Path) -> None:
    write_article(tmp_path, ["Audio: a.mp3"], "mot.txt")
    write_article(tmp_path, ["Audio: b.mp3"], "hai.txt")
    one_failure(["transcribe", tmp_path], tmp_path, "mediakit batch", status=2)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_ctrl_c(tmp_path: Path, tone: Path) -> None:
    # Two hours of sound without speech: what is interrupted is decoding, at whatever moment.
    long = encode(tmp_path / "long.flac", tone, af="aloop=loop=-1:size=48000", t=7200, acodec="flac")
    command = [sys.executable, "-m", "mediakit", "transcribe", str(long), "-o", str(tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(400):
                if list((tmp_path / "out" / ".mediakit").glob("heard/*.jsonl")):
                    break
                time.sleep(0.05)
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in err
    assert len(err.splitlines()) == 1
    assert b"interrupted" in err
    assert not leftovers(tmp_path / "out")
    assert not list((tmp_path / "out").glob("long.*"))
