"""`mediakit review`: what it refuses, what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.stage import mediakit
from tests.review.serving import reviewing


@pytest.mark.parametrize("arguments", [[], ["--port", "-1"], ["--port", "65536"], ["--port", "8٠"], ["--port", "x"]])
def test_wrong_usage(tmp_path: Path, arguments: list[str]) -> None:
    ran = mediakit("review", *([tmp_path] if arguments else []), *arguments)
    assert ran.status == 2
    assert len(ran.complaints) == 1


@pytest.mark.parametrize("name", ["none", "file.txt"])
def test_what_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    ran = mediakit("review", tmp_path / name, "--no-browser")
    assert ran.status == 2
    assert "no such folder" in ran.err


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ran = mediakit("review", tmp_path, "--no-browser", "--port", str(taken.getsockname()[1]))
    assert ran.status == 2
    assert "--port" in ran.err


def test_each_review_has_a_token_of_its_own_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    with reviewing(tmp_path) as one, reviewing(tmp_path) as other:
        assert one.token != other.token
        assert one.cookie.split("=")[0] != other.cookie.split("=")[0]
        assert "Thư mục này chưa có kết quả nào" in one.get("/").body.decode()
        for review in (one, other):
            assert review.stop() == 0
            assert review.process.stderr is not None
            assert review.process.stderr.read() == ""


def test_the_browser_is_opened_at_the_address_as_an_object(tmp_path: Path) -> None:
    """With a browser of our own, which writes down what it was given."""
    browser = tmp_path / "browser.py"
    browser.write_text("import sys, pathlib\npathlib.Path(sys.argv[1]).write_text(sys.argv[2])\n", encoding="utf-8")
    opened = tmp_path / "opened.txt"
    environment = {**os.environ, "BROWSER": f"{sys.executable} {browser} {opened} %s"}
    command = [sys.executable, "-m", "mediakit", "review", str(tmp_path), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        lines = ""
        while not lines.rstrip().endswith("}"):
            lines += process.stdout.readline()
        address = json.loads(lines)["address"]
        while not (opened.is_file() and opened.read_text(encoding="utf-8")):
            assert process.poll() is None
        process.kill()
    assert opened.read_text(encoding="utf-8") == address
