"""What is heard is kept as it comes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mediakit.errors import OutputError
from mediakit.notices import Notice
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import EngineInfo, Heard
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.timeline import Word

#: What a CTC head of four sounds may give for a tenth of a second.
UNITS = len(inventory().units) + 1
FRAMES = Frames.of(0, np.log(np.random.default_rng(3).dirichlet(np.ones(UNITS), 5).astype(np.float32)))
KEY = HeardKey("ab" * 32, 0, EngineInfo("faster-whisper", "base", "cd" * 32, "vi"))
WINDOWS = [
    Heard(0, 1000, (Word(10, 500, "Chiều", 0.5),), bytes(range(100)), ctc=FRAMES.packed()),
    Heard(2000, 9000, (), b""),
    Heard(9000, 9900, (Word(9010, 9500, "Thanks.", 0.9),), b"", language="en"),
]


def test_comes_back(tmp_path: Path) -> None:
    store = HeardStore(tmp_path / "a" / "b")
    with store.open(KEY) as log:
        for heard in WINDOWS:
            log.append(heard)
        assert not log.done
    with store.open(KEY) as log:
        assert log.windows == WINDOWS
        log.finish(9900, (Notice("media-cut-off", "cut"),))
    with store.open(KEY) as log:
        assert (log.windows, log.duration_ms, log.done) == (WINDOWS, 9900, True)
        assert log.warnings == (Notice("media-cut-off", "cut"),)


def test_a_window_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        log.append(WINDOWS[0])
        assert len(log.path.read_bytes().splitlines()) == 2


@pytest.mark.parametrize("cut", [1, 5, 40])
def test_a_torn_last_line_is_dropped_and_written_over(tmp_path: Path, cut: int) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        for heard in WINDOWS:
            log.append(heard)
        path = log.path
    path.write_bytes(path.read_bytes()[:-cut])
    with HeardStore(tmp_path).open(KEY) as log:
        assert log.windows == WINDOWS[:-1]
        log.append(WINDOWS[-1])
    with HeardStore(tmp_path).open(KEY) as log:
        assert log.windows == WINDOWS


@pytest.mark.parametrize(
    "line",
    [b"[" * 100_000, b'{"words":' * 100_000, b"7", b"null", b"\xff", b'{"duration_ms": 1e999, "warnings": []}',
     b'{"duration_ms": ' + b"9" * 6000 + b', "warnings": []}', b'{"duration_ms": ' + b"9" * 400 + b', "warnings": []}',
     b'{"words": [[0, 10, 7, "x"]], "levels": "", "speech": [], "dropped": [], "start_ms": 0, "end_ms": 10}',
     b'{"words": [], "levels": "", "speech": [[0, 1e9]], "dropped": [], "start_ms": 0, "end_ms": 10}'],
)  # fmt: skip
def test_a_line_that_is_no_entry_is_dropped_with_all_after_it(tmp_path: Path, line: bytes) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        log.append(WINDOWS[0])
        path = log.path
    whole = path.read_bytes()
    path.write_bytes(whole + line + b"\n" + whole.splitlines(keepends=True)[-1])
    with HeardStore(tmp_path).open(KEY) as log:
        assert log.windows == WINDOWS[:1]
        assert log.duration_ms is None
    assert path.read_bytes() == whole


def test_what_the_ctc_head_gave_comes_back_sound_for_sound(tmp_path: Path) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        log.append(WINDOWS[0])
    with HeardStore(tmp_path).open(KEY) as log:
        found = Frames.unpacked(log.windows[0].start_ms, log.windows[0].ctc, UNITS)
    assert np.array_equal(found.times, FRAMES.times)
    assert np.array_equal(found.steps, FRAMES.steps)


@pytest.mark.parametrize("ctc", [None, 7, ["AA=="], "A", "ắ"])
def test_a_line_whose_ctc_frames_are_damaged_is_dropped(tmp_path: Path, ctc: Any) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        for heard in WINDOWS:
            log.append(heard)
        path = log.path
    *before, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(before) + json.dumps({**json.loads(last), "ctc": ctc}).encode() + b"\n")
    with HeardStore(tmp_path).open(KEY) as log:
        assert log.windows == WINDOWS[:-1]
    assert path.read_bytes() == b"".join(before)


def test_a_line_from_before_there_were_ctc_frames_is_dropped(tmp_path: Path) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        log.append(WINDOWS[0])
        path = log.path
    header, line = path.read_bytes().splitlines(keepends=True)
    entry = json.loads(line)
    del entry["ctc"]
    path.write_bytes(header + json.dumps(entry).encode() + b"\n")
    with HeardStore(tmp_path).open(KEY) as log:
        assert log.windows == []


def test_another_key_begins_afresh(tmp_path: Path) -> None:
    with HeardStore(tmp_path).open(KEY) as log:
        log.append(WINDOWS[0])
    other = HeardKey(KEY.media_sha256, 1, KEY.engine)
    with HeardStore(tmp_path).open(other) as log:
        assert log.windows == []


def test_rubbish_is_not_taken_for_what_was_heard(tmp_path: Path) -> None:
    (tmp_path / f"{KEY.name}.jsonl").write_bytes(b'{"heard": 1}\n{"words": []}\n')
    with HeardStore(tmp_path).open(KEY) as log:
        assert (log.windows, log.done) == ([], False)


def test_no_room_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError), HeardStore(tmp_path / "file").open(KEY):
        pass


def test_the_language_of_a_medium_is_kept(tmp_path: Path) -> None:
    store, key = HeardStore(tmp_path / "a"), HeardKey("ab" * 32, 0, KEY.engine, "language")
    assert store.language(key) is None
    store.keep_language(key, "en")
    assert store.language(key) == "en"
    assert store.language(HeardKey("ab" * 32, 1, KEY.engine, "language")) is None
    (path,) = (tmp_path / "a").iterdir()
    for torn in (path.read_bytes()[:-3], b"", b"[]", b'{"language": "en"}'):
        path.write_bytes(torn)
        assert store.language(key) is None
