"""Runs the command as a user does, and holds every run to the same promises."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from mediakit.cli.main import main
from tests.outputs.contract import SCHEMA, assert_kept


@dataclass(frozen=True)
class Ran:
    """One finished run."""

    status: int
    out: str
    err: str

    @property
    def complaints(self) -> list[str]:
        """The lines on stderr."""
        return [line for line in self.err.splitlines() if line]


def mediakit(*arguments: str | Path, environment: dict[str, str] | None = None) -> Ran:
    """Run the command in this process; no run may show a traceback or say anything but lines of its own."""
    out, err = io.StringIO(), io.StringIO()
    before = dict(os.environ)
    os.environ.update(environment or {})
    try:
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as ended:  # argparse: --help and wrong usage
                status = int(ended.code or 0)
    finally:
        os.environ.clear()
        os.environ.update(before)
    ran = Ran(status, out.getvalue(), err.getvalue())
    assert all(line.startswith("mediakit: ") for line in ran.complaints), ran.err
    return ran


def leftovers(folder: Path) -> list[Path]:
    """Files that a run should not leave: temporary ones, and empty or torn results."""
    found = [p for p in folder.rglob("*") if p.is_file() and (p.suffix == ".tmp" or p.name.startswith(".mediakit-"))]
    for path in folder.rglob("*.vi.*"):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            SCHEMA.validate(json.loads(text))
        elif path.suffix == ".vtt" and not text.startswith("WEBVTT\n"):
            found.append(path)
    return found


def record(folder: Path, name: str) -> dict[str, object]:
    """A record, held to the contract."""
    loaded: dict[str, object] = json.loads((folder / name).read_text(encoding="utf-8"))
    assert_kept(loaded)
    return loaded


def codes(loaded: dict[str, object]) -> list[str]:
    """The codes of a record's warnings."""
    warnings = loaded["warnings"]
    assert isinstance(warnings, list)
    return [warning["code"] for warning in warnings]


def write_article(folder: Path, attachments: Sequence[str], name: str = "bai.txt") -> Path:
    """An article of our own in the newspaper's layout that names `attachments` (`Audio: a.mp3`, …)."""
    lines = "\n\n".join(attachments)
    path = folder / name
    path.write_text(
        "Họp mặt đầu xuân ở xã Vân Trà\n\nThứ 4, 09/06/2021 | 18:37:56\n12 lượt xem\n"
        "Sáng 9/6, xã Vân Trà họp mặt đầu xuân. Hơn 120 người đến dự.\n\n"
        f"{lines}\n\nBuổi họp mặt kết thúc lúc 11 giờ. Bà con ra về trong niềm vui.\n\nLê Minh Khuê\n",
        encoding="utf-8",
    )
    return path
