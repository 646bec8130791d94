"""A record from anywhere is read or refused in a line, by every command that reads one; a traceback is a defect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mediakit.outputs.record import to_record
from tests.cli.stage import mediakit
from tests.media.studio import encode, moving_picture, write_bursts
from tests.outputs.example import AUDIO

HUGE = 10**400


def with_end(value: object) -> Callable[[dict[str, Any]], None]:
    return lambda record: record["captions"][-1].update(end_ms=value)


#: What is not to be read, by what is done to a good record.
EDITS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a time without end": with_end(HUGE),
    "a time that is no whole number": with_end(1.5),
    "a time before the beginning": with_end(-1),
    "no number": with_end(float("nan")),
    "a length without end": lambda record: record["media"].update(duration_ms=HUGE),
    "half a character": lambda record: record["captions"][0].update(lines=["a\ud800"]),
    "half a character in a word": lambda record: record["segments"][0]["words"][0].update(text="\udc00"),
    "a number for a text": lambda record: record["article"].update(title=HUGE),
    "a list for a text": lambda record: record["article"].update(title=[[[]]]),
    "no segments": lambda record: record.update(segments=None),
    "captions that are one": lambda record: record.update(captions={}),
    "a score without end": lambda record: record["segments"][0].update(score=HUGE),
    "another schema": lambda record: record.update(schema=HUGE),
}
DEEP = b"[" * 900 + b"]" * 900
WHOLE = json.dumps(to_record(AUDIO), ensure_ascii=False).encode()
BYTES = {
    "nothing": b"",
    "a null byte": b"\0",
    "any byte": bytes(range(256)),
    "UTF-16": "{}".encode("utf-16"),
    "lists without end": b"[" * 200_000,
    "objects without end": b'{"a":' * 100_000,
    "a deep schema": b'{"schema": ' + DEEP + b"}",
    "deep warnings": WHOLE.replace(b'"warnings": [', b'"warnings": [' + DEEP + b",", 1),
    "too many digits": WHOLE.replace(b'"start_ms": 500', b'"start_ms": ' + b"9" * 6000, 1),
    "infinity": WHOLE.replace(b'"start_ms": 500', b'"start_ms": Infinity', 1),
    "a field twice": WHOLE.replace(b'"schema"', b'"schema": "x", "schema"', 1),
    "a list": b"[]",
    "a torn one": WHOLE[: len(WHOLE) // 2],
}


def edited(edit: Callable[[dict[str, Any]], None]) -> bytes:
    loaded = json.loads(WHOLE)
    edit(loaded)
    return json.dumps(loaded).encode()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("film")
    sound = write_bursts(folder / "a.wav", at_ms=[500], duration_ms=2000, rate=16_000)
    return encode(folder / "a.mp4", moving_picture(2000), sound, vcodec="mpeg4", acodec="aac")


@pytest.mark.parametrize("data", [*(edited(edit) for edit in EDITS.values()), *BYTES.values()],
                         ids=[*EDITS, *BYTES])  # fmt: skip
def test_it_is_refused_in_a_line(tmp_path: Path, film: Path, data: bytes) -> None:
    path = tmp_path / "a.vi.json"
    path.write_bytes(data)
    (tmp_path / "that.txt").write_text("Sáng 5/2, xã Đông Hòa trồng cây.", encoding="utf-8")
    commands: tuple[list[str | Path], ...] = (
        ["check", path],
        ["evaluate", path, "--reference", tmp_path / "that.txt"],
        ["clip", path, "--caption", "c1", "--search", "hoa", "--media", film],
        ["mux", film, path, "-o", tmp_path],
    )
    for command in commands:
        ran = mediakit(*command)
        assert ran.status == 1, command
        (complaint,) = ran.complaints
        assert "a.vi.json: is no mediakit/transcript@" in complaint
        assert len(complaint) < 500
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vi.json", "that.txt"]


@pytest.mark.parametrize("data", BYTES.values(), ids=BYTES)
def test_as_a_reference_it_is_refused_in_a_line(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.vi.json").write_bytes(WHOLE)
    (tmp_path / "truth.json").write_bytes(data)
    ran = mediakit("evaluate", tmp_path / "a.vi.json", "--reference", tmp_path / "truth.json")
    assert ran.status == 1
    assert len(ran.complaints) == 1
