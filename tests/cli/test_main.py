"""The command line itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mediakit import __version__
from tests.cli.stage import mediakit, write_article
from tests.media.studio import write_bursts

COMMANDS = ("transcribe", "batch", "models", "doctor")


def test_help_names_every_command_and_imports_none() -> None:
    ran = mediakit("--help")
    assert ran.status == 0
    assert all(command in ran.out for command in COMMANDS)
    code = "import sys; from mediakit.cli.main import parser; parser(['--help']); sys.exit('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_a_command_has_examples(command: str) -> None:
    ran = mediakit(command, "--help")
    assert ran.status == 0
    assert f"mediakit {command}" in ran.out.split("examples:")[1]


def test_version() -> None:
    assert mediakit("--version").out == f"mediakit {__version__}\n"


def test_json_is_one_object_and_nothing_else(tmp_path: Path) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    article = write_article(tmp_path, ["Audio: a.wav", "Audio: thieu.mp3"])
    ran = mediakit("transcribe", article, "-o", tmp_path / "out", "--json")
    assert ran.status == 1
    (job,) = json.loads(ran.out)["jobs"]
    assert [m["path"] for m in job["media"]] == ["a.wav", "thieu.mp3"]
    assert [e["code"] for e in job["errors"]] == ["attachment-missing"]
    assert all(Path(name).exists() for m in job["media"] for name in m["files"])
    assert json.loads(mediakit("batch", tmp_path, "-o", tmp_path / "out", "--json").out)["jobs"]
    assert json.loads(mediakit("transcribe", tmp_path / "khong-co", "--json").out)["error"]["code"] == "usage"
    assert json.loads(mediakit("models", "--json").out)["models"]
    assert json.loads(mediakit("doctor", "--json").out)["works"] is True


def test_doctor_says_which_ffmpeg_and_why(tmp_path: Path) -> None:
    def doctor(environment: dict[str, str]) -> str:
        ran = mediakit("doctor", environment=environment)
        return next(line for line in (ran.out + ran.err).splitlines() if " ffmpeg: " in line)

    assert doctor({"MEDIAKIT_FFMPEG": ""}).endswith("), bundled with mediakit, tested")
    if sys.platform != "win32":
        old = tmp_path / "ffmpeg"
        old.write_text("#!/bin/sh\necho ffmpeg version 3.2.1 Copyright", encoding="utf-8")
        old.chmod(0o700)
        said = doctor({"MEDIAKIT_FFMPEG": str(old)})
        assert f"ffmpeg: 3.2.1 ({old}), named by MEDIAKIT_FFMPEG, not tested; those that are: 4.3, 5.1, 7.0" in said


def test_doctor_looks_at_the_language_model() -> None:
    assert "ok   language model: intact: " in mediakit("doctor").out


def test_quiet_says_nothing_but_failures(tmp_path: Path) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    ran = mediakit("transcribe", tmp_path / "a.wav", "--quiet")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_the_table_of_a_batch(tmp_path: Path) -> None:
    write_bursts(tmp_path / "a.wav", at_ms=[300], duration_ms=1000, rate=16_000)
    (tmp_path / "hong.mp3").write_bytes(b"")
    ran = mediakit("batch", tmp_path, "-o", tmp_path / "out")
    assert ran.status == 1
    assert "1 done, 0 were done before, 1 failed" in " ".join(ran.out.split())
    assert "hong.mp3" in ran.out


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        ("transcibe a.txt", "transcribe"),
        ("evalute a.json", "evaluate"),
        ("modles", "models"),
        ("models fecth base", "fetch"),
        ("transcribe a.txt --formts srt", "--formats"),
        ("transcribe a.txt --formts=srt --overwrit3", "--formats --overwrite"),
        ("evaluate a.json --refrence a.srt", "--reference"),
        ("clip a.json --serch x", "--search"),
    ],
)
def test_what_is_not_known_is_told_with_what_is_nearest(arguments: str, meant: str) -> None:
    ran = mediakit(*arguments.split())
    assert ran.status == 2
    (complaint,) = ran.complaints
    assert f" Did you mean {meant}? " in complaint


@pytest.mark.parametrize(
    "arguments", ["qwxz", "transcribe", "transcribe a.txt --qwxz", "check --profile", "clip a --form"]
)
def test_nothing_is_guessed_where_nothing_is_near(arguments: str) -> None:
    ran = mediakit(*arguments.split())
    assert ran.status == 2
    assert "Did you mean" not in ran.err


def test_a_word_that_is_not_known_drives_no_terminal() -> None:
    ran = mediakit("transcribe", "a.txt", "--\x1b[2J")
    assert ran.status == 2
    assert "\x1b" not in ran.err
