"""What is heard, kept on disk as it comes, so that an interrupted hour is not lost.

One file of JSON Lines for each combination of sound and engine: a header, a line for each window as soon as it is
heard, and a last line when the media has ended. A torn last line (the power failed) is dropped.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from filelock import FileLock

from mediakit.errors import NO_ROOM, OutputError, OutputFull
from mediakit.media.decode import Mix
from mediakit.notices import Notice
from mediakit.speech.choice import Choice
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.dropped import Dropped
from mediakit.speech.engine import EngineInfo, Heard
from mediakit.timeline import Span, Word

T = TypeVar("T")

#: Changes when decoding, voice activity, windows or listening change what is heard.
LISTENING_VERSION = 16

#: What a line raises that is no entry, whoever wrote it.
_NO_ENTRY = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
#: A time beyond this (some three years) is no medium's.
_LATEST_MS = 10**11


@dataclass(frozen=True, slots=True)
class HeardKey:
    """What decides what is heard: the sound, who listens, and to what.

    `listening` is to all of it ("full"), only for the language that is spoken ("language"), or to excerpts, for what
    is to be listened to ("choice"; its `stream` is the one that somebody wants, or -1). `mix` is that of the channels
    (:class:`mediakit.media.decode.Mix`).
    """

    media_sha256: str
    stream: int
    engine: EngineInfo
    listening: Literal["full", "language", "choice"] = "full"
    mix: str = ""
    version: int = LISTENING_VERSION

    @property
    def name(self) -> str:
        """A file name that no other key has."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:32]


class HeardLog:
    """The windows heard so far of one media file."""

    def __init__(self, path: Path, key: HeardKey) -> None:
        self.path = path
        self.windows: list[Heard] = []
        #: Length of the media in milliseconds, once all of it was heard.
        self.duration_ms: int | None = None
        #: What was wrong with the sound, as far as the work could go on.
        self.warnings: tuple[Notice, ...] = ()
        with keeping(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._read(key) if path.exists() else 0
            self._file = path.open("r+b" if whole else "wb")
            self._file.truncate(whole)
            self._file.seek(whole)
        if not whole:
            self._line({"heard": asdict(key)})

    @property
    def done(self) -> bool:
        """Whether the whole file was heard."""
        return self.duration_ms is not None

    @property
    def sha256(self) -> str:
        """SHA-256 of all that is kept so far: the key, what was heard, and how long the sound is."""
        with keeping(self.path):
            return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def append(self, heard: Heard) -> None:
        """Keep a window; it is on disk when this returns."""
        self._line(
            {
                "start_ms": heard.start_ms,
                "end_ms": heard.end_ms,
                "words": [[w.start_ms, w.end_ms, w.text, w.score] for w in heard.words],
                "levels": base64.b64encode(heard.levels).decode("ascii"),
                "speech": [[span.start_ms, span.end_ms] for span in heard.speech],
                "dropped": [[d.span.start_ms, d.span.end_ms, d.text, d.reason] for d in heard.dropped],
                "language": heard.language,
                "ctc": base64.b64encode(heard.ctc).decode("ascii"),
            }
        )
        self.windows.append(heard)

    def finish(self, duration_ms: int, warnings: tuple[Notice, ...] = ()) -> None:
        """Note that all was heard, how long the sound is, and what was wrong with it."""
        self._line({"duration_ms": duration_ms, "warnings": [[w.code, w.message] for w in warnings]})
        self.duration_ms, self.warnings = duration_ms, warnings

    def close(self) -> None:
        """Close the file; what was appended stays."""
        self._file.close()

    def _line(self, entry: dict[str, object]) -> None:
        with keeping(self.path):
            self._file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8") + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())

    def _read(self, key: HeardKey) -> int:
        """Take in what is there; return how many bytes of it are whole."""
        whole = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file):
                try:
                    entry = json.loads(line)
                    if not line.endswith(b"\n") or (number == 0 and entry != {"heard": asdict(key)}):
                        break
                    self._take(entry)
                except _NO_ENTRY:
                    break
                whole += len(line)
        return whole

    def _take(self, entry: dict[str, Any]) -> None:
        if "duration_ms" in entry:
            self.duration_ms = _time(entry["duration_ms"])
            self.warnings = tuple(Notice(*warning) for warning in entry["warnings"])
        elif "words" in entry:
            words = tuple(_word(*word) for word in entry["words"])
            levels = base64.b64decode(entry["levels"])
            speech = tuple(_span(*span) for span in entry["speech"])
            dropped = tuple(Dropped(_span(start, end), str(text), why) for start, end, text, why in entry["dropped"])
            bounds = (_time(entry["start_ms"]), _time(entry["end_ms"]))
            ctc = base64.b64decode(entry["ctc"])
            if ctc:
                Frames.unpacked(0, ctc, len(inventory().units) + 1)
            self.windows.append(Heard(*bounds, words, levels, speech, dropped, entry["language"], ctc))


def _time(value: object) -> int:
    """A time from a file, in milliseconds: a whole number, and no trick."""
    if not isinstance(value, int) or not 0 <= value <= _LATEST_MS:
        raise ValueError("is no time")
    return value


def _span(start_ms: object, end_ms: object) -> Span:
    return Span(_time(start_ms), _time(end_ms))


def _word(start_ms: object, end_ms: object, text: object, score: float) -> Word:
    return Word(_time(start_ms), _time(end_ms), str(text), score)


@dataclass(frozen=True, slots=True)
class HeardStore:
    """The folder that keeps what was heard."""

    folder: Path

    @contextmanager
    def open(self, key: HeardKey) -> Iterator[HeardLog]:
        """The log for a key: what is there already, and room for more; who else wants it waits.

        Copies of a medium are common in archives, and two workers may come to them at the same time.

        Raises
        ------
        OutputError
            If it cannot be read or written, or the disk is full.
        """
        path = self.folder / f"{key.name}.jsonl"
        with keeping(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(str(path.with_suffix(".lock")))
            lock.acquire()
        try:
            log = HeardLog(path, key)
            try:
                yield log
            finally:
                log.close()
        finally:
            lock.release()

    def language(self, key: HeardKey) -> str | None:
        """The language of a medium that was kept; None if there is none, or it was written by halves.

        Raises
        ------
        OutputError
            If it cannot be read.
        """
        return self._note(key, lambda entry: str(entry["language"]))

    def keep_language(self, key: HeardKey, language: str) -> None:
        """Keep the language of a medium for the next time.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        self._keep_note(key, {"language": language})

    def choice(self, key: HeardKey) -> Choice | None:
        """What of a medium is listened to, as it was kept; as :meth:`language`."""
        return self._note(key, lambda entry: _choice(entry["choice"]))

    def keep_choice(self, key: HeardKey, choice: Choice) -> None:
        """Keep what of a medium is listened to; as :meth:`keep_language`."""
        self._keep_note(key, {"choice": asdict(choice)})

    def _note(self, key: HeardKey, read: Callable[[dict[str, Any]], T]) -> T | None:
        path = self._note_path(key)
        with keeping(path):
            data = path.read_bytes() if path.is_file() else b""
        try:
            entry = json.loads(data)
            return read(entry) if entry["heard"] == asdict(key) else None
        except _NO_ENTRY:
            return None

    def _keep_note(self, key: HeardKey, note: dict[str, Any]) -> None:
        path = self._note_path(key)
        with keeping(path):
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_bytes(json.dumps({"heard": asdict(key), **note}).encode("utf-8"))

    def _note_path(self, key: HeardKey) -> Path:
        return self.folder / f"{key.name}.json"


def _choice(entry: dict[str, Any]) -> Choice:
    others = tuple((int(stream), _mix(mix)) for stream, mix in entry["others"])
    return Choice(**{**entry, "mix": _mix(entry["mix"]), "others": others})


def _mix(entry: dict[str, Any]) -> Mix:
    return Mix(
        tuple(map(int, entry["channels"])),
        float(entry["offset"]),
        None if entry["cut_from_hz"] is None else int(entry["cut_from_hz"]),
    )


@contextmanager
def keeping(path: Path, what: str = "what is heard") -> Iterator[None]:
    """Errors of the file system as ours, for `what` is kept in the file `path`."""
    try:
        yield
    except OSError as error:
        kind = OutputFull if error.errno in NO_ROOM else OutputError
        raise kind(
            f"{what} cannot be kept ({error.strerror or error})",
            file=path,
            remedy="Make room, or choose `-o DIR`.",
        ) from error
