"""Probing: what is in good files, and what strangers' files are refused as."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import av
import pytest

from mediakit.errors import (
    MediaCutOff,
    MediaEmpty,
    MediaEncrypted,
    MediaError,
    MediaMissing,
    MediaNoAudio,
    MediaNotMedia,
)
from mediakit.media.decode import decode
from mediakit.media.probe import AudioStream, Probe, choose_audio, probe
from tests.media.studio import encode, moving_picture, still_picture, write_bursts

KEY = "76a6c65c5ea762046bd749a2e632ccbb"


def test_sound_alone(mp3: Path) -> None:
    found = probe(mp3)
    assert (found.path, found.container, found.kind, found.duration_ms) == (mp3, "mp3", "audio", 3000)
    assert found.audio == (
        AudioStream(index=0, codec="mp3", channels=1, sample_rate=48_000, duration_ms=3000, is_counted=True),
    )


def test_video(mp4: Path) -> None:
    found = probe(mp4)
    assert (found.kind, found.has_video, found.encrypted) == ("video", True, False)
    assert found.duration_ms == pytest.approx(3000, abs=50)
    assert found.audio[0].codec == "aac"
    assert found.audio[0].default


def test_a_cover_picture_is_not_video(tmp_path: Path, wav: Path) -> None:
    cover = still_picture(tmp_path / "cover.jpg")
    # A picture is no media to mediakit's own inputs, so it comes in by ffmpeg's name for it.
    import ffmpeg

    options = {"disposition:v": "attached_pic", "vcodec": "copy"}
    path = encode(tmp_path / "a.mp3", wav, ffmpeg.input(f"file:{cover}"), **options)
    with av.open(str(path)) as container:
        assert container.streams.video
    assert probe(path).kind == "audio"


def test_times_count_from_the_containers_start(tmp_path: Path, wav: Path) -> None:
    found = probe(encode(tmp_path / "a.ts", wav, acodec="mp2"))
    assert found.start_ms == 1400  # ffmpeg's own habit for transport streams
    assert found.audio[0].start_ms == 0
    assert found.audio[0].duration_ms is None  # no header of a transport stream has one


def test_streams_tell_language_and_default(tmp_path: Path, wav: Path) -> None:
    options: dict[str, str] = {
        "metadata:s:a:0": "language=eng",
        "metadata:s:a:1": "language=vie",
        "disposition:a:0": "0",
        "disposition:a:1": "default",
        "acodec": "aac",
    }
    found = probe(encode(tmp_path / "two.mkv", wav, wav, **options))
    assert [(s.index, s.language, s.default) for s in found.audio] == [(0, "eng", False), (1, "vie", True)]
    assert choose_audio(found).index == 1
    assert choose_audio(found, 0).index == 0


def test_a_stream_that_is_not_there_lists_those_that_are(mp4: Path) -> None:
    found = probe(mp4)
    for wanted in (1, -1):
        with pytest.raises(MediaNoAudio, match=rf"no audio stream {wanted}\. It has 0 \(aac, 1 ch\)"):
            choose_audio(found, wanted)


def test_video_without_sound(silent_mp4: Path) -> None:
    found = probe(silent_mp4)
    assert found.kind == "video"
    assert found.audio == ()
    with pytest.raises(MediaNoAudio, match="no audio stream"):
        choose_audio(found)


def test_encrypted_sound(tmp_path: Path, wav: Path) -> None:
    scheme = {"encryption_scheme": "cenc-aes-ctr", "encryption_key": KEY, "encryption_kid": KEY[::-1]}
    path = encode(tmp_path / "locked.mp4", moving_picture(500), wav, vcodec="libx264", **scheme)
    found = probe(path)
    assert found.encrypted
    assert found.audio[0].encrypted
    with pytest.raises(MediaEncrypted):
        choose_audio(found)


def test_metadata_that_is_not_unicode(tmp_path: Path, mp3: Path) -> None:
    path = tmp_path / "a.mp3"
    tag = b"TIT2" + (4).to_bytes(4, "big") + b"\0\0" + b"\3\xff\xfe\xfd"
    path.write_bytes(b"ID3\3\0\0" + bytes([0, 0, 0, len(tag)]) + tag + mp3.read_bytes())
    assert probe(path).duration_ms == pytest.approx(3000, abs=100)


def test_records_refuse_nonsense() -> None:
    with pytest.raises(ValueError, match="not an audio stream"):
        AudioStream(index=-1, codec="aac", channels=1, sample_rate=8000)
    with pytest.raises(ValueError, match="not an audio stream"):
        AudioStream(index=0, codec="aac", channels=1, sample_rate=8000, start_ms=-1)


def test_the_default_stream_has_to_be_playable() -> None:
    dead = AudioStream(index=0, codec="unknown", channels=0, sample_rate=0, default=True)
    good = AudioStream(index=1, codec="aac", channels=1, sample_rate=8000)
    found = Probe(Path("a"), "mov", None, 0, (dead, good), has_video=False)
    assert choose_audio(found) == good


# Bad input.


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.mp3", "Bộ trưởng Nguyễn Mạnh Hùng đã tới dự.\n".encode() * 50),
        ("text.mp4", b"hello\n"),
        ("text.txt", b"hello\n"),
        ("page.html", b"<!DOCTYPE html><title>404</title><p>Not found" + b" " * 3000),
        ("a.srt", b"1\n00:00:01,000 --> 00:00:02,000\nhello\n"),
        ("a.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\nhello\n"),
        ("zeros.mp3", bytes(5000)),
        ("one.mp3", b"\0"),
        ("a.ffconcat", b"ffconcat version 1.0\nfile bursts.mp3\n"),
        ("concat.mp3", b"ffconcat version 1.0\nfile bursts.mp3\n"),
        ("a.sdp", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n"),
        ("webp.mp3", b"RIFF\x24\0\0\0WEBPVP8 " + bytes(64)),
        ("a.zip", b"PK\3\4" + bytes(100)),
        ("a.heic", b"\0\0\0\x18ftypheic" + bytes(64)),
    ],
)
def test_what_is_not_media(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(MediaNotMedia) as caught:
        probe(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.gif", "a.bmp"])
@pytest.mark.parametrize("renamed", [None, "a.mp4"])
def test_a_picture_is_not_media(tmp_path: Path, name: str, renamed: str | None) -> None:
    path = still_picture(tmp_path / name)
    with pytest.raises(MediaNotMedia):
        probe(path.rename(tmp_path / renamed) if renamed else path)


def test_no_file_and_no_bytes(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        probe(tmp_path / "none.mp3")
    (tmp_path / "empty.mp3").touch()
    with pytest.raises(MediaEmpty, match="zero bytes"):
        probe(tmp_path / "empty.mp3")
    with pytest.raises(MediaNotMedia, match="folder"):
        probe(tmp_path)
    with pytest.raises(MediaError):
        probe(tmp_path / "null\0byte.mp3")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(10)
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.mp3")
    with pytest.raises(MediaNotMedia, match="pipe"):
        probe(tmp_path / "a.mp3")


@pytest.mark.parametrize("keep", [0.5, 0.9])
def test_mp4_without_its_index(tmp_path: Path, m4a: Path, keep: float) -> None:
    data = m4a.read_bytes()
    assert data.index(b"moov") > data.index(b"mdat")
    path = tmp_path / "cut.mp4"
    path.write_bytes(data[: int(data.index(b"moov") * keep)])
    with pytest.raises(MediaCutOff, match="before its index"):
        probe(path)


def test_mp4_cut_within_its_index(tmp_path: Path, wav: Path) -> None:
    data = encode(tmp_path / "a.m4a", wav, movflags="+faststart").read_bytes()
    path = tmp_path / "cut.m4a"
    path.write_bytes(data[: data.index(b"moov") + 200])
    with pytest.raises(MediaCutOff):
        probe(path)


def test_flac_cut_within_its_header(tmp_path: Path, wav: Path) -> None:
    path = encode(tmp_path / "a.flac", wav)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(MediaCutOff, match="header"):
        probe(path)


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the list of what was asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/secret.ts", asked
    server.shutdown()
    thread.join()
    server.server_close()


def playlist(target: str) -> str:
    return f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{target}\n#EXT-X-ENDLIST\n"


def test_a_playlist_of_a_local_file_is_refused(tmp_path: Path, wav: Path) -> None:
    encode(tmp_path / "a.ts", wav, acodec="mp2")
    path = tmp_path / "list.m3u8"
    path.write_text(playlist("a.ts"), encoding="utf-8")
    with av.open(str(path)) as container:  # what happens without the limits
        assert container.format.name == "hls"
    with pytest.raises(MediaNotMedia):
        probe(path)


@pytest.mark.parametrize("name", ["list.m3u8", "list.mp3", "list.mp4"])
def test_a_playlist_of_an_address_is_refused_and_nothing_is_fetched(
    tmp_path: Path, web: tuple[str, list[str]], name: str
) -> None:
    address, asked = web
    path = tmp_path / name
    path.write_text(playlist(address), encoding="utf-8")
    with pytest.raises(MediaNotMedia):
        probe(path)
    unprobed = AudioStream(index=0, codec="aac", channels=1, sample_rate=48_000)
    with pytest.raises(MediaError):  # ffmpeg itself refuses, where the probe was passed by
        list(decode(path, unprobed))
    assert asked == []


NAMES = [
    "-i",
    "--help",
    "a b  c.mp3",
    "%d.mp3",
    "%03d.mp3",
    "bản tin.mp3",
    unicodedata.normalize("NFD", "Đồng chí Nguyễn Mạnh Hùng.mp3"),
    "🎙️.mp3",
    "a'b`$(c);&.mp3",
    "[0:a:0].mp3",
    "a,b;c=d\\,e.mp3" if sys.platform != "win32" else "a,b;c=d.mp3",
]
POSIX_NAMES = [
    "line\nbreak.mp3",
    'quo"te.mp3',
    "concat:a.mp3|b.mp3",
    "http:x.mp3",
    "pipe:0",
    "file:x",
    "a\x1b[2J.mp3",
    "*?<>|.mp3",
]


@pytest.mark.parametrize("name", NAMES if sys.platform == "win32" else NAMES + POSIX_NAMES)
def test_any_name_is_a_plain_file(tmp_path: Path, mp3: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_bytes(mp3.read_bytes())
    monkeypatch.chdir(tmp_path)
    stream = choose_audio(probe(Path(name)))
    assert sum(map(len, decode(Path(name), stream))) == 3000 * 16


@pytest.mark.skipif(sys.platform != "linux", reason="only here are file names bytes")
def test_a_name_that_is_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp3"))
    path.write_bytes(b"x")
    with pytest.raises(MediaError, match="not valid Unicode") as caught:
        probe(path)
    str(caught.value).encode("utf-8")


def test_a_link_is_what_it_points_to(tmp_path: Path, mp3: Path) -> None:
    link = tmp_path / "link.mp3"
    try:
        link.symlink_to(mp3)
    except OSError:
        pytest.skip("this system does not let us make links")
    assert probe(link).duration_ms == 3000


def test_sound_that_starts_late_is_known_before_decoding(tmp_path: Path, studio: Path) -> None:
    from mediakit.media.ffmpeg import local_input

    source = write_bursts(tmp_path / "a.wav", at_ms=(100,), duration_ms=500)
    late = local_input(source, itsoffset=2)
    path = encode(tmp_path / "late.mkv", moving_picture(3000), late, vcodec="libx264", acodec="flac")
    assert probe(path).audio[0].start_ms == 2000
