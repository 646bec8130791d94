"""ffmpeg, the only door to a process in mediakit.

A command is built with ffmpeg-python (:func:`local_input`, then :func:`command`), apart from running it
(:class:`Stream`, :func:`run`), so that either can be tested without the other. No shell is ever involved, no
standard input is inherited, and no ffmpeg outlives the block of code that started it.

Media comes from strangers. Left alone, ffmpeg opens some forty protocols, and a playlist or a concat script
renamed to `.mp3` makes it fetch an address or read any file of the user. So every input is limited to the local
file it names, and to formats that hold media themselves rather than point at it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import ffmpeg

from mediakit.errors import (
    DecoderKilled,
    MediaCutOff,
    MediaDecodeError,
    MediaError,
    MediakitError,
    MediaMissing,
    MediaNoAudio,
    MediaNotMedia,
    ToolMissing,
    printable,
)

#: Names another ffmpeg than the bundled one.
ENVIRONMENT_VARIABLE = "MEDIAKIT_FFMPEG"

#: What to do where the chosen ffmpeg lacks something.
USE_ANOTHER = f"Unset {ENVIRONMENT_VARIABLE}, so that the bundled ffmpeg is used, or name a full one there."

#: Versions (major, minor) that pass the tests of media: those of Debian 11, 12 and 13, the bundled one, one between.
#: CI runs them with Debian 12's and the bundled one.
TESTED_VERSIONS = ((4, 3), (5, 1), (7, 0), (7, 1), (9, 0))

#: Demuxers whose files hold the media themselves. Left out on purpose: playlists and scripts that open other files
#: or addresses (hls, dash, concat, imf, sdp, rtsp, webm_dash_manifest), devices (lavfi), pictures, subtitles, text
#: art, and headerless formats that any file would match by its extension alone (raw PCM, g722, gsm, data).
MEDIA_DEMUXERS = (
    # Containers.
    *("asf", "avi", "caf", "dv", "flv", "gxf", "ivf", "matroska", "mov", "mpeg", "mpegts", "mxf"),
    *("nsv", "nut", "nuv", "ogg", "rm", "wtv"),
    # Sound.
    *("aac", "ac3", "ac4", "aiff", "amr", "amrnb", "amrwb", "ape", "au", "dsf", "dss", "dts", "dtshd", "eac3"),
    *("flac", "ilbc", "ircam", "loas", "mlp", "mp3", "mpc", "mpc8", "nistsphere", "oma", "qcp", "shn", "sox"),
    *("tak", "truehd", "tta", "voc", "w64", "wav", "wv", "xwma"),
    # Pictures in motion without sound: opened to say that there is no sound.
    *("av1", "h263", "h264", "hevc", "m4v", "mpegvideo", "obu", "vvc"),
)

#: Options of every input, for ffmpeg and for PyAV alike.
INPUT_LIMITS = {"protocol_whitelist": "file", "format_whitelist": ",".join(MEDIA_DEMUXERS)}

#: Options of every command. No `-xerror`: one damaged packet must not cost the rest of the sound.
_GLOBAL_ARGUMENTS = ("-nostdin", "-hide_banner", "-loglevel", "level+warning")

#: Without output for this long, ffmpeg hangs (a stuck network drive, a decoder bug). A disk that has to spin up
#: takes some ten seconds.
STALL_S = 60.0

# What is kept of ffmpeg's messages: the first tell of the file, the last why it ended.
_FIRST_LINES = 20
_LAST_LINES = 40
_LINE_BYTES = 1000
_CHUNK_BYTES = 1 << 16

_FROM_OUTSIDE = {getattr(signal, name) for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)}
_ON_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True, slots=True)
class Choice:
    """An ffmpeg, and why it is the one that is run, in words for a person."""

    path: str
    why: str


def choose_ffmpeg() -> Choice:
    """The ffmpeg to run: named by `MEDIAKIT_FFMPEG`, else the one that imageio-ffmpeg brings.

    Where a machine has none on its PATH, an old one, or one built without some decoder, results are the same. Only
    where imageio-ffmpeg has no binary for the machine, the PATH is looked at.

    Raises
    ------
    ToolMissing
        If there is none, or `MEDIAKIT_FFMPEG` names something that cannot be run.
    """
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise ToolMissing(
                f"{ENVIRONMENT_VARIABLE} names {printable(named)}, which is not a program that can be run",
                remedy=f"Correct {ENVIRONMENT_VARIABLE} or unset it.",
            )
        return Choice(found, f"named by {ENVIRONMENT_VARIABLE}")
    if bundled := bundled_ffmpeg():
        return Choice(bundled, "bundled with mediakit")
    if found := _on_path():
        return Choice(found, "found on the PATH, for imageio-ffmpeg has none for this machine")
    remedy = f"Run `pip install imageio-ffmpeg`, or install ffmpeg, or name one in {ENVIRONMENT_VARIABLE}."
    raise ToolMissing("ffmpeg is not on this machine", remedy=remedy)


def find_ffmpeg() -> str:
    """The path of the ffmpeg to run; see :func:`choose_ffmpeg`."""
    return choose_ffmpeg().path


def bundled_ffmpeg() -> str | None:
    """The path of the ffmpeg that imageio-ffmpeg brings; None where it has none for this machine."""
    # `imageio_ffmpeg.get_ffmpeg_exe` goes by IMAGEIO_FFMPEG_EXE, conda and the PATH too, and each may be any version.
    try:
        folder = files("imageio_ffmpeg") / "binaries"
        return next((str(file) for file in folder.iterdir() if file.name.startswith("ffmpeg-")), None)
    except (ImportError, OSError):
        return None


def _on_path() -> str | None:
    found = shutil.which("ffmpeg")
    # Windows looks in the working folder first, which may well be the folder of a stranger's media.
    if found is None or Path(found).parent.resolve() == Path.cwd():
        return None
    return found


def ffmpeg_version(binary: str | None = None) -> str:
    """The version that `binary` (default: :func:`find_ffmpeg`) calls itself, such as `5.1.6-0+deb12u1` or `n9.0.2`.

    Raises
    ------
    ToolMissing
        If there is no ffmpeg, or what is there does not answer as one.
    """
    binary = binary or find_ffmpeg()
    try:
        with Stream([binary, "-hide_banner", "-version"], stall_s=10) as stream:
            answer = b"".join(stream).decode("utf-8", "replace")
    except MediaDecodeError:
        answer = ""
    match = re.match(r"ffmpeg version (\S+)", answer)
    if match is None:
        raise ToolMissing(f"{printable(binary)} does not answer as ffmpeg does", remedy="Install ffmpeg again.")
    return printable(match[1])


def is_tested(version: str) -> bool:
    """Whether the media tests were run with an ffmpeg of this version.

    >>> is_tested("n9.0.2-17-g2a571b6068"), is_tested("5.1.6-0+deb12u1"), is_tested("4.2.2"), is_tested("N-118000-gabc")
    (True, True, False, False)
    """
    match = re.match(r"n?(\d+)\.(\d+)(?!\d)", version)
    return match is not None and (int(match[1]), int(match[2])) in TESTED_VERSIONS


def file_url(path: Path) -> str:
    """`path` in the form that libav takes for a local file whatever its name: `-i`, `http:x` and `%d` included."""
    return f"file:{path.absolute()}"


def local_input(path: Path, **options: str | int | float | None) -> Any:
    """An ffmpeg-python input limited to the one local file `path`; `options` are ffmpeg's own for inputs."""
    return ffmpeg.input(file_url(path), **{**INPUT_LIMITS, **options})


def command(output: Any, *, binary: str | None = None) -> list[str]:
    """The command line of an ffmpeg-python output node, with the options that every command has."""
    return list(ffmpeg.compile(output, cmd=[binary or find_ffmpeg(), *_GLOBAL_ARGUMENTS]))


@dataclass(frozen=True, slots=True)
class Finished:
    """How an ffmpeg ended: exit status, and the first and last of its messages of level warning and above."""

    status: int
    messages: tuple[str, ...] = ()

    @property
    def was_killed(self) -> bool:
        """Whether a signal from outside ended it; a crash of its own is a signal too, but another."""
        return -self.status in _FROM_OUTSIDE

    @property
    def errors(self) -> tuple[str, ...]:
        """The text of the messages of level error and above, without level and sender, safe to print."""
        found = (re.search(r"\[(?:error|fatal|panic)\] (.*)", message) for message in self.messages)
        return tuple(printable(match[1].strip()) for match in found if match)

    def says(self, pattern: str) -> bool:
        """Whether any message matches the regular expression."""
        return any(re.search(pattern, message) for message in self.messages)


class Stream:
    """A running command whose standard output is read as it comes; a context manager.

    Leaving the block kills and reaps the process, whatever the reason for leaving. While nobody reads, ffmpeg waits:
    only time spent waiting for output counts as a stall.

    Parameters
    ----------
    command
        Program and arguments, as :func:`command` builds them.
    file
        The file that errors name.
    stall_s
        Seconds without output after which the process is killed.

    Raises
    ------
    ToolMissing
        On entering, if the program cannot be started.
    MediaDecodeError
        While reading, if the process stalls.
    """

    def __init__(self, command: Sequence[str], *, file: Path | None = None, stall_s: float = STALL_S) -> None:
        self._started = _started(command, stdout=subprocess.PIPE)
        self._file = file
        self._stall_s = stall_s
        self.bytes_read = 0
        self.finished: Finished | None = None  # set once all output was read

    def __enter__(self) -> Stream:
        self._process, self._log = self._started.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._started.__exit__(kind, error, trace)

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self._read():
            self.bytes_read += len(chunk)
            yield chunk
        self.finished = _wait(self._process, self._log, timeout_s=self._stall_s, file=self._file)

    def _read(self) -> bytes:
        # A blocking read with a timer is the same on every system, unlike select; closing the other end by
        # killing the process is what wakes the read up.
        stalled = threading.Event()

        def give_up() -> None:
            stalled.set()
            _kill(self._process)

        timer = threading.Timer(self._stall_s, give_up)
        timer.daemon = True
        timer.start()
        try:
            chunk = _pipe(self._process.stdout).read1(_CHUNK_BYTES)
        finally:
            timer.cancel()
        if stalled.is_set():
            raise _too_slow(f"ffmpeg gave no sound for {self._stall_s:g} s and was stopped", self._file)
        return bytes(chunk)


def run(command: Sequence[str], *, timeout_s: float, file: Path | None = None) -> Finished:
    """Run a command that writes files to its end.

    Raises
    ------
    ToolMissing
        If the program cannot be started.
    MediaDecodeError
        If it takes longer than `timeout_s`; it is killed.
    """
    with _started(command, stdout=subprocess.DEVNULL) as (process, log):
        return _wait(process, log, timeout_s=timeout_s, file=file)


#: What ffmpeg's messages mean, first match wins: pattern, error, what, remedy.
_MEANINGS: tuple[tuple[str, type[MediakitError], str, str], ...] = (
    (
        r"Unrecognized option|Invalid loglevel|Option \S+ (\(.*\) )?(not found|cannot be applied)|No such filter",
        ToolMissing,
        "this ffmpeg is too old, it does not know an option that mediakit needs",
        USE_ANOTHER,
    ),
    (r"not on whitelist", MediaNotMedia, "this is not a media file", ""),
    (r"moov atom not found", MediaCutOff, "the file ends before its index (moov)", "Copy or download it again."),
    (r"Error opening input: Invalid data found", MediaNotMedia, "this is not a media file", ""),
    (r"matches no streams", MediaNoAudio, "there is no such audio stream", ""),
    (r"No such file or directory", MediaMissing, "no such file", ""),
    (r"Permission denied", MediaError, "no permission to read it", ""),
    (
        r"[Dd]ecoder .*not found|[Nn]o decoder|Decoding requested, but no decoder",
        MediaDecodeError,
        "this ffmpeg has no decoder for its sound",
        f"{USE_ANOTHER} Or convert the file to MP3 or WAV.",
    ),
)


def failure(finished: Finished, file: Path) -> MediakitError:
    """The error that an ffmpeg run which went wrong amounts to, in plain words."""
    if finished.was_killed:
        return DecoderKilled(f"ffmpeg was ended from outside, by signal {-finished.status}", file=file)
    for pattern, kind, what, remedy in _MEANINGS:
        if finished.says(pattern):
            return kind(what, file=file, remedy=remedy)
    if finished.status < 0:
        return MediaDecodeError(f"ffmpeg was ended by signal {-finished.status}", file=file)
    reason = finished.errors[-1] if finished.errors else f"exit status {finished.status}"
    what = f"ffmpeg could not decode it ({reason[:200]})"
    return MediaDecodeError(what, file=file, remedy="The file may be damaged.")


class _Log:
    """Drains a pipe on a thread, so that a talkative process never blocks, and keeps the first and last lines."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._first: list[bytes] = []
        self._last: deque[bytes] = deque(maxlen=_LAST_LINES)
        self._thread = threading.Thread(target=self._drain, name="ffmpeg-messages", daemon=True)
        self._thread.start()

    def _drain(self) -> None:
        # Bounded reads: a file's metadata may hold a line without end.
        while line := self._pipe.readline(_LINE_BYTES):
            kept = self._first if len(self._first) < _FIRST_LINES else self._last
            kept.append(line)

    def close(self) -> tuple[str, ...]:
        """All that was kept, once the process has ended."""
        self._thread.join()
        return tuple(line.decode("utf-8", "replace").rstrip() for line in (*self._first, *self._last))


@contextmanager
def _started(command: Sequence[str], *, stdout: int) -> Iterator[tuple[subprocess.Popen[bytes], _Log]]:
    """The running process and its messages; it is gone, and reaped, when the block is left."""
    try:
        process = _spawn(command, stdout)
    except OSError as error:
        program = printable(command[0])
        raise ToolMissing(f"{program} cannot be started: {error.strerror}", remedy="Install ffmpeg again.") from error
    log = _Log(_pipe(process.stderr))
    try:
        yield process, log
    finally:
        _kill(process)
        process.wait()
        log.close()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def _spawn(command: Sequence[str], stdout: int) -> subprocess.Popen[bytes]:
    # Its own process group: Ctrl-C reaches Python alone, which then ends ffmpeg, and a kill takes children along.
    group: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if _ON_WINDOWS
        else {"start_new_session": True}
    )
    return subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env=_environment(),
        **group,
    )


def _environment() -> dict[str, str]:
    # Colours would stand between us and the messages; FFREPORT would write a log beside the user's files.
    here = {name: value for name, value in os.environ.items() if name not in {"AV_LOG_FORCE_COLOR", "FFREPORT"}}
    # Static builds of ffmpeg crash at names of channels in transport streams: glibc's iconv loads the system's tables,
    # which are of another version. With a path of one's own it goes without.
    return here | {"GCONV_PATH": os.devnull}


def _kill(process: subprocess.Popen[bytes]) -> None:
    # Not poll(): a process that ended but is not reaped still owns its group, whose children may hold the pipe.
    if process.returncode is not None:
        return
    if _ON_WINDOWS:
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):  # it ended meanwhile; macOS says EPERM of a zombie
            process.kill()


def _wait(process: subprocess.Popen[bytes], log: _Log, *, timeout_s: float, file: Path | None) -> Finished:
    try:
        status = process.wait(timeout_s)
    except subprocess.TimeoutExpired:
        raise _too_slow(f"ffmpeg did not finish within {timeout_s:g} s and was stopped", file) from None
    return Finished(status, log.close())


def _too_slow(what: str, file: Path | None) -> MediaDecodeError:
    remedy = "Try again; if it happens again the file may be damaged, or its disk does not answer."
    return MediaDecodeError(what, file=file, remedy=remedy)


def _pipe(pipe: IO[bytes] | None) -> Any:
    assert pipe is not None  # Popen was asked for it
    return pipe
