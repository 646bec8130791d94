"""The door to processes: which ffmpeg, what command, and that none is left running."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import time
import types
from importlib.machinery import ModuleSpec
from pathlib import Path

import ffmpeg as ffmpeg_python
import imageio_ffmpeg
import pytest

from mediakit.errors import (
    DecoderKilled,
    MediaCutOff,
    MediaDecodeError,
    MediakitError,
    MediaNoAudio,
    MediaNotMedia,
    ToolMissing,
)
from mediakit.media import ffmpeg
from mediakit.media.decode import decode
from mediakit.media.ffmpeg import (
    Finished,
    Stream,
    bundled_ffmpeg,
    choose_ffmpeg,
    command,
    failure,
    ffmpeg_version,
    find_ffmpeg,
    is_tested,
    local_input,
    run,
)
from mediakit.media.probe import AudioStream
from tests.media.studio import decoders_here

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="scripts cannot be run by their first line here")


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def read_all(command: list[str], stall_s: float) -> bytes:
    with Stream(command, file=Path("a.mp3"), stall_s=stall_s) as stream:
        return b"".join(stream)


def script(path: Path, code: str) -> Path:
    path.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No ffmpeg named and none on the PATH, which is the folder given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.delenv("MEDIAKIT_FFMPEG", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def no_binary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """imageio-ffmpeg as it comes to a machine that it has no binary for."""
    package = types.ModuleType("imageio_ffmpeg")
    package.__spec__ = ModuleSpec("imageio_ffmpeg", None, is_package=True)
    package.__spec__.submodule_search_locations = [str(tmp_path / "imageio_ffmpeg")]
    (tmp_path / "imageio_ffmpeg" / "binaries").mkdir(parents=True)
    (tmp_path / "imageio_ffmpeg" / "binaries" / "README.md").touch()
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", package)


# Which ffmpeg.


def test_the_bundled_one_is_the_one(bare: Path) -> None:
    assert "imageio_ffmpeg" in find_ffmpeg()
    assert choose_ffmpeg().why == "bundled with mediakit"


@POSIX_ONLY
def test_another_one_on_the_path_changes_nothing(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundled = find_ffmpeg()
    other = script(bare / "ffmpeg", "")
    assert find_ffmpeg() == bundled
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(other))
    assert find_ffmpeg() == bundled
    monkeypatch.setattr(sys, "prefix", str(bare.parent))  # where conda would have its own
    assert find_ffmpeg() == bundled


def test_the_bundled_one_is_tested() -> None:
    (bundled,) = (p for p in (Path(imageio_ffmpeg.__file__).parent / "binaries").iterdir() if "-v" in p.name)
    assert is_tested(ffmpeg_version(str(bundled)))


@POSIX_ONLY
def test_the_path_is_for_machines_without_a_binary(bare: Path, no_binary: None) -> None:
    with pytest.raises(ToolMissing, match="not on this machine"):
        find_ffmpeg()
    own = script(bare / "ffmpeg", "")
    assert find_ffmpeg() == str(own)
    assert "PATH" in choose_ffmpeg().why


@POSIX_ONLY
def test_one_in_the_working_folder_is_not_run(bare: Path, no_binary: None, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare / "ffmpeg", "")
    monkeypatch.chdir(bare)
    with pytest.raises(ToolMissing, match="not on this machine"):
        find_ffmpeg()


@POSIX_ONLY
def test_the_one_named_goes_before_all(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(bare / "ffmpeg", "")
    named = script(tmp_path / "my ffmpeg", "")
    monkeypatch.setenv("MEDIAKIT_FFMPEG", str(named))
    assert find_ffmpeg() == str(named)
    assert choose_ffmpeg().why == "named by MEDIAKIT_FFMPEG"


def test_a_wrong_name_is_an_error_and_not_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIAKIT_FFMPEG", "/nowhere/ffmpeg")
    with pytest.raises(ToolMissing, match="MEDIAKIT_FFMPEG names /nowhere/ffmpeg"):
        find_ffmpeg()


def test_none_at_all_tells_the_remedy(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ToolMissing, match="pip install imageio-ffmpeg") as caught:
        find_ffmpeg()
    assert "\n" not in str(caught.value)


def test_version() -> None:
    assert re.match(r"[nN]?-?\d|git", ffmpeg_version())


def test_what_is_no_ffmpeg_has_no_version(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="does not answer"):
        ffmpeg_version(sys.executable)
    with pytest.raises(ToolMissing, match="cannot be started"):
        ffmpeg_version(str(tmp_path / "none"))


@POSIX_ONLY
def test_an_ffmpeg_too_old_is_named_as_such(tmp_path: Path, mp3: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Unrecognized option 'format_whitelist'.\\nError splitting the argument list: Option not found"
    old = script(tmp_path / "ffmpeg", f"import sys; print({said!r}, file=sys.stderr); sys.exit(1)")
    monkeypatch.setenv("MEDIAKIT_FFMPEG", str(old))
    with pytest.raises(ToolMissing, match="too old"):
        list(decode(mp3, AudioStream(index=0, codec="mp3", channels=1, sample_rate=48_000)))


# The command.


def test_every_command_asks_nothing_and_is_limited() -> None:
    line = command(local_input(Path("a.mp3"), ss=1).output("pipe:1", format="s16le"), binary="ffmpeg")
    assert line[:5] == ["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "level+warning"]
    before_input = line[5 : line.index("-i")]
    assert before_input[before_input.index("-protocol_whitelist") + 1] == "file"
    assert before_input[before_input.index("-ss") + 1] == "1"
    assert line[line.index("-i") + 1] == f"file:{Path.cwd() / 'a.mp3'}"


def test_every_input_is_limited() -> None:
    both = ffmpeg_python.output(local_input(Path("a")), local_input(Path("b")), "file:c.mkv")
    line = command(both, binary="ffmpeg")
    assert line.count("-i") == line.count("-protocol_whitelist") == line.count("-format_whitelist") == 2


def demuxers(binary: str) -> set[str]:
    listed = subprocess.run([binary, "-hide_banner", "-demuxers"], capture_output=True, check=True).stdout.decode()
    lines = re.finditer(r"^ +D[ d]* +(\S+)", listed, re.MULTILINE)
    return {name for line in lines for name in line[1].split(",")}


def test_formats_that_point_elsewhere_are_not_among_the_media() -> None:
    allowed, names = set(ffmpeg.MEDIA_DEMUXERS), demuxers(find_ffmpeg())
    assert {"mov", "mp3", "wav", "flac", "ogg", "matroska", "mpegts", "asf", "amr", "aac"} <= allowed & names
    assert len(allowed - demuxers(bundled_ffmpeg() or find_ffmpeg())) <= 2, "misspelt, or not in this build"
    outward = {"hls", "dash", "concat", "imf", "sdp", "rtsp", "rtp", "sap", "lavfi", "image2", "image2pipe"}
    outward |= {"webm_dash_manifest", "data", "tty", "srt", "webvtt", "ass", "ffmetadata", "s16le", "png_pipe"}
    assert outward & names
    assert not allowed & outward


def test_colons_in_the_list_of_formats_would_break_the_option() -> None:
    assert all(re.fullmatch(r"\w+", name) for name in ffmpeg.MEDIA_DEMUXERS)
    assert len(set(ffmpeg.MEDIA_DEMUXERS)) == len(ffmpeg.MEDIA_DEMUXERS)


# Running.


def test_all_output_and_how_it_ended() -> None:
    code = "import sys; sys.stdout.buffer.write(b'x' * 300_000); print('[error] why', file=sys.stderr); sys.exit(3)"
    with Stream(python(code)) as stream:
        assert b"".join(stream) == b"x" * 300_000
    assert stream.bytes_read == 300_000
    assert stream.finished == Finished(3, ("[error] why",))
    assert stream.finished.errors == ("why",)


def test_standard_input_is_empty() -> None:
    with Stream(python("import sys; print(repr(sys.stdin.read()))")) as stream:
        assert b"".join(stream).strip() == b"''"


def test_a_flood_of_messages_neither_blocks_nor_fills_memory() -> None:
    code = "import sys; [print('line', i, file=sys.stderr) for i in range(50_000)]; sys.stderr.write('x' * 10**6)"
    with Stream(python(code), stall_s=20) as stream:
        assert list(stream) == []
    assert stream.finished is not None
    assert stream.finished.messages[0] == "line 0"
    assert len(stream.finished.messages) <= 60
    assert sum(map(len, stream.finished.messages)) < 100_000


SLEEPS = "import sys, time; sys.stdout.buffer.write(b'x'); sys.stdout.flush(); time.sleep(600)"
# A child of the child that holds the same pipes open.
SLEEPS_WITH_CHILD = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"


@pytest.mark.slow
@pytest.mark.parametrize("code", [SLEEPS, pytest.param(SLEEPS_WITH_CHILD, marks=POSIX_ONLY)])
@pytest.mark.timeout(20)
def test_a_stall_is_ended(code: str) -> None:
    started = time.monotonic()
    with pytest.raises(MediaDecodeError, match="no sound for 1 s") as caught:
        read_all(python(code), stall_s=1)
    assert time.monotonic() - started < 8
    assert caught.value.file == "a.mp3"
    assert not decoders_here()


@pytest.mark.slow
@pytest.mark.timeout(20)
def test_closing_output_without_ending_is_a_stall_too() -> None:
    code = "import os, time; os.close(1); time.sleep(600)"
    with pytest.raises(MediaDecodeError, match="did not finish within 1 s"):
        read_all(python(code), stall_s=1)
    assert not decoders_here()


@pytest.mark.slow
def test_a_slow_reader_is_not_a_stall() -> None:
    code = "import sys; sys.stdout.buffer.write(b'x' * 500_000)"
    total = 0
    with Stream(python(code), stall_s=5) as stream:
        stream._stall_s = 0.5  # the start of Python itself may take longer than that
        for chunk in stream:
            total += len(chunk)
            time.sleep(0.7 if total < 200_000 else 0)
    assert total == 500_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize("reason", [KeyboardInterrupt, RuntimeError, GeneratorExit])
def test_no_process_outlives_an_exception(reason: type[BaseException]) -> None:
    def read_and_fail() -> None:
        with Stream(python(SLEEPS)) as stream:
            next(iter(stream))
            raise reason

    with pytest.raises(reason):
        read_and_fail()
    assert not decoders_here()


@POSIX_ONLY
def test_interrupting_the_terminal_reaches_python_alone() -> None:
    with Stream(python("import os; print(os.getpgid(0))")) as stream:
        assert int(b"".join(stream)) != os.getpgid(0)


def test_running_to_the_end() -> None:
    done = run(python("import sys; print('[fatal] no', file=sys.stderr); sys.exit(2)"), timeout_s=20)
    assert done == Finished(2, ("[fatal] no",))


@pytest.mark.slow
@pytest.mark.timeout(20)
def test_running_too_long_is_ended() -> None:
    with pytest.raises(MediaDecodeError, match="did not finish within 1 s"):
        run(python("import time; time.sleep(600)"), timeout_s=1)
    assert not decoders_here()


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="cannot be started"):
        run([str(tmp_path / "none")], timeout_s=1)


# What it said.


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (234, "[in#0 @ 0x1] [error] Format not on whitelist 'mov'", MediaNotMedia),
        (1, "[hls @ 0x1] [error] Protocol 'http' not on whitelist 'file'!", MediaNotMedia),
        (183, "[in#0 @ 0x1] [error] moov atom not found", MediaCutOff),
        (183, "[in#0 @ 0x1] [error] Error opening input: Invalid data found when processing input", MediaNotMedia),
        (1, "[fatal] Stream map '0:a:3' matches no streams.", MediaNoAudio),
        (1, "[fatal] Unrecognized option 'x'.", ToolMissing),
        (1, '[fatal] Invalid loglevel "level+warning". Possible levels are numbers or:', ToolMissing),
        (1, "[error] Decoder (codec none) not found for input stream #0:1", MediaDecodeError),
        (1, "[error] something else", MediaDecodeError),
        (-signal.SIGTERM, "", DecoderKilled),
        (-signal.SIGSEGV, "", MediaDecodeError),
        (1, "", MediaDecodeError),
    ],
)
def test_failures_in_plain_words(status: int, message: str, kind: type[MediakitError]) -> None:
    error = failure(Finished(status, (message,)), Path("a.mp3"))
    assert type(error) is kind
    assert error.file == "a.mp3"
    assert error.what


def test_a_message_cannot_drive_a_terminal() -> None:
    error = failure(Finished(1, ("[mp3 @ 0x1] [error] title \x1b[2J" + "x" * 500,)), Path("a.mp3"))
    assert "\x1b" not in str(error)
    assert len(str(error)) < 300
