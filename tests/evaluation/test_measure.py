"""The table that `scripts/measure` makes; that it measures is tried on a real reading in test_real_reading.py."""

from __future__ import annotations

from pathlib import Path

import pytest

import scripts.measure_readings as script
from mediakit.errors import MediakitError
from scripts.measure_readings import BEGIN, COLUMNS, END, Figures, main, table, with_table
from tests.evaluation.planted import RESULT, TRUTH, measured, with_segments


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def test_a_row_for_each_reading_and_one_for_all(tmp_path: Path) -> None:
    good = Figures.of("tot", measured(tmp_path, RESULT, TRUTH), 10.0, 2.0)
    empty = Figures.of("trong", measured(tmp_path, with_segments(), TRUTH), 30.0, 4.0)
    head, _, first, second, both = cells(table([good, empty]))
    assert tuple(head) == COLUMNS
    assert first == [
        *("tot", "2 of 2", "0, 0", "partly-read", "0.0% (29.4%)", "25.0% (25.0%)"),
        *("15 ms", "100.0%", "10.0 s", "2.0 s", "20%"),
    ]
    assert second == [
        *("trong", "0 of 2", "0, 0", "partly-read", "100.0% (100.0%)", "100.0% (100.0%)"),
        *("–", "–", "30.0 s", "4.0 s", "13%"),
    ]
    # 17 of 34 words of the article's wrong, (1 + 4) of 8 of free speech; work 6 of 40 s.
    assert both == [
        *("**all**", "2 of 4", "0, 0", "", "50.0% (64.7%)", "62.5% (62.5%)"),
        *("15 ms", "100.0%", "40.0 s", "6.0 s", "15%"),
    ]


def test_only_a_truth_has_all_figures(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="truth"):
        Figures.of("a", measured(tmp_path, RESULT, "xin chào"), 1.0, 1.0)


def test_the_readme_keeps_all_but_what_is_between_its_markers() -> None:
    assert with_table(f"# a\n{BEGIN}\nold\n{END}\nb\n", "| new |\n") == f"# a\n{BEGIN}\n\n| new |\n\n{END}\nb\n"


@pytest.mark.parametrize("readme", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_a_readme_without_one_pair_of_markers_is_refused(readme: str) -> None:
    with pytest.raises(MediakitError, match=r"README\.md"):
        with_table(readme, "")


def test_the_readme_of_the_project_has_them() -> None:
    assert with_table(script.README.read_text(encoding="utf-8"), "").count(BEGIN) == 1


def test_a_folder_without_readings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 1
    assert capsys.readouterr().err == f"measure: {tmp_path}: has no NAME.truth.json\n"


def test_a_reading_that_cannot_be_used_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "hong.truth.json").write_text("{}", encoding="utf-8")
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "measure: hong: " in told.err
    assert "spoken is missing" in told.err
