"""`mediakit evaluate` as a user runs it: figures, exit status, one line for each error."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mediakit.outputs.record import render_record
from tests.cli.stage import mediakit
from tests.evaluation.planted import (
    READ_FIRST,
    RESULT,
    TRUTH,
    figures,
    segment,
    with_segments,
    write,
    write_record,
)


@pytest.fixture
def truth(tmp_path: Path) -> Path:
    """The planted truth in a file."""
    return write(tmp_path / "hop.truth.json", TRUTH)


def row(out: str, name: str) -> list[str]:
    """The cells of one row of the table."""
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in out.splitlines()]
    (found,) = [cells for cells in rows if cells[0] == name]
    return found


def test_the_table(tmp_path: Path, truth: Path) -> None:
    ran = mediakit("evaluate", write_record(tmp_path), "--reference", truth)
    assert (ran.status, ran.err) == (0, "")
    assert row(ran.out, "read sentences found")[1] == "2 of 2 (100.0%)"
    assert row(ran.out, "pasted segments")[1] == "0"
    assert row(ran.out, "verdict")[1] == "partly-read"
    assert row(ran.out, "word errors, article's sentences")[1:] == ["0.0% (0 of 17)", "29.4% (5 of 17)"]
    assert row(ran.out, "word errors, free speech")[1:] == ["25.0% (1 of 4)", "25.0% (1 of 4)"]
    assert row(ran.out, "names found, free speech")[1] == "none is said"
    assert row(ran.out, "edges of sentences, median")[1] == "15 ms (of 4)"
    assert row(ran.out, "captions that break netflix-vi")[1] == "0 of 1"
    assert max(len(line) for line in ran.out.splitlines()) <= 80


def test_what_went_wrong_is_told_with_its_time(tmp_path: Path, truth: Path) -> None:
    pasted = segment(5000, 7000, "Trời mưa [b] rất to\x1b[2J.", "p1s3")
    ran = mediakit("evaluate", write_record(tmp_path, with_segments(READ_FIRST, pasted)), "--reference", truth)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert "00:00:05.000 pasted: Trời mưa [b] rất to\\x1b[2J." in lines
    assert "00:00:08.000 not found: ông trần bình nói ba điều về lúa" in lines
    assert "00:00:08.000 name not found: Trần Bình" in lines


def test_json_is_one_object_with_all_figures(tmp_path: Path, truth: Path) -> None:
    record = write_record(tmp_path)
    ran = mediakit("evaluate", record, "--reference", truth, "--json")
    assert (ran.status, ran.err) == (0, "")
    told = {"record": str(record), "reference": str(truth)}
    assert json.loads(ran.out) == told | figures(tmp_path, RESULT, TRUTH)


def test_quiet_says_nothing(tmp_path: Path, truth: Path) -> None:
    ran = mediakit("evaluate", write_record(tmp_path), "--reference", truth, "--quiet")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_a_plain_text_has_only_words_and_names(tmp_path: Path) -> None:
    text = write(tmp_path / "hop.txt", "Sáng mồng chín tháng sáu, xã Đông Hòa họp.")
    ran = mediakit("evaluate", write_record(tmp_path, with_segments(READ_FIRST)), "--reference", text)
    assert row(ran.out, "word errors, all")[1:] == ["0.0% (0 of 9)", "22.2% (2 of 9)"]
    assert "edges" not in ran.out
    assert "read sentences" not in ran.out


def test_a_bad_result_is_no_failure(tmp_path: Path, truth: Path) -> None:
    assert mediakit("evaluate", write_record(tmp_path, with_segments()), "--reference", truth).status == 0


def failure(*arguments: str | Path) -> str:
    """The one complaint of a run that fails, which --json gives too."""
    ran, as_json = mediakit("evaluate", *arguments), mediakit("evaluate", *arguments, "--json")
    assert (ran.status, ran.out, as_json.status) == (1, "", 1)
    (complaint,) = ran.complaints
    assert complaint == f"mediakit: {json.loads(as_json.out)['error']['message']}"
    return complaint


def test_wrong_usage(tmp_path: Path, truth: Path) -> None:
    record = write_record(tmp_path)
    for arguments, word in (
        ([record], "--reference"),
        (["--reference", truth], "RECORD"),
        ([record, record, "--reference", truth], "unrecognized"),
        ([record, "--reference", truth, "--profile", "ai-do"], "netflix-vi"),
    ):
        ran = mediakit("evaluate", *arguments)
        assert (ran.status, ran.out) == (2, "")
        assert len(ran.complaints) == 1
        assert word in ran.err


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "NAME.vi.json"),
        (b"{}", "NAME.vi.json"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00", "NAME.vi.json"),
        (json.dumps(TRUTH).encode(), "NAME.vi.json"),
    ],
)
def test_what_is_no_record(tmp_path: Path, truth: Path, content: bytes, word: str) -> None:
    record = write(tmp_path / "a.vi.json", content)
    assert word in failure(record, "--reference", truth)
    assert "a.vi.json" in failure(record, "--reference", truth)


def test_a_record_whose_words_are_out_of_order_or_outside_is_refused(tmp_path: Path, truth: Path) -> None:
    for field, value in (("start_ms", 3000), ("end_ms", 9000)):
        record: Any = json.loads(render_record(RESULT))
        record["segments"][0]["words"][2][field] = value
        path = write(tmp_path / "a.vi.json", record)
        assert "record.segments[0]" in failure(path, "--reference", truth)


def test_files_that_are_not_there(tmp_path: Path, truth: Path) -> None:
    record = write_record(tmp_path)
    assert "khong-co.vi.json" in failure(tmp_path / "khong-co.vi.json", "--reference", truth)
    assert "khong-co.srt: no such reference" in failure(record, "--reference", tmp_path / "khong-co.srt")
    assert str(tmp_path) in failure(tmp_path, "--reference", truth)
    assert "is not a file" in failure(record, "--reference", tmp_path)


def test_a_reference_that_is_none(tmp_path: Path) -> None:
    record = write_record(tmp_path)
    assert "it is a record" in failure(record, "--reference", record)
    assert "line 3" in failure(record, "--reference", write(tmp_path / "a.vtt", "WEBVTT\n\nxin chào\n"))


def test_help_has_examples_that_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every example of the help, run on files of those names."""
    monkeypatch.chdir(tmp_path)
    for stem in ("ban-tin", "hop"):
        write(tmp_path / f"{stem}.vi.json", render_record(RESULT))
    write(tmp_path / "ban-tin.truth.json", TRUTH)
    write(tmp_path / "hop.srt", "1\n00:00:01,000 --> 00:00:04,000\nXã Đông Hòa họp.\n")
    write(tmp_path / "hop.txt", "Xã Đông Hòa họp.")
    ran = mediakit("evaluate", "--help")
    examples = [line.split("   ")[0].split() for line in ran.out.split("examples:")[1].splitlines() if line.strip()]
    assert len(examples) == 3
    for program, *arguments in examples:
        assert program == "mediakit"
        assert mediakit(*arguments).status == 0


def test_jiwer_is_imported_only_to_evaluate() -> None:
    code = (
        "import sys, mediakit.cli.main as m; m.parser(); import mediakit.cli.evaluate; sys.exit('jiwer' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
