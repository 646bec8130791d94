"""The figures of the profiles."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.captions.caption import Caption
from mediakit.captions.profile import FIGURES, PROFILES, Profile
from mediakit.captions.profile_file import find_profile
from mediakit.captions.reading import chars_per_second, reading_length
from mediakit.errors import UsageError

#: As the guides print them; frames at 25 a second are 40 ms each.
PRINTED: dict[str, dict[str, float | None]] = {
    "netflix-vi": {
        "max_line_chars": 42, "max_lines": 2, "max_chars_per_second": 17, "min_duration_ms": 833,
        "max_duration_ms": 7000, "min_gap_ms": 2 * 40, "chain_gap_ms": 500, "max_lead_ms": 3 * 40,
        "max_linger_ms": 2000, "max_pause_ms": 1000,
    },
    "netflix-vi-sdh": {"max_chars_per_second": 20},
    "bbc": {
        "max_line_chars": 37, "max_lines": 2, "max_chars_per_second": 180 * 6 / 60, "min_gap_ms": 0,
        "chain_gap_ms": 999, "max_lead_ms": 5 * 40, "max_linger_ms": 1500,
    },
    "web": {"max_chars_per_second": None},
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_the_figures_are_those_of_the_guides_and_each_has_its_source(name: str) -> None:
    rules = find_profile(name).rules()
    assert {figure: value for figure, (value, _) in rules.items()} == PRINTED["netflix-vi"] | PRINTED[name]
    for figure, (_, source) in rules.items():
        owner = {"netflix-vi": "Netflix", "netflix-vi-sdh": "Netflix", "bbc": "BBC", "web": "mediakit"}[name]
        changed = figure in PRINTED[name]
        assert source.startswith((owner if changed else "Netflix", "mediakit: ")), (figure, source)


def test_these_are_all_profiles() -> None:
    assert set(PROFILES) == set(PRINTED)
    assert set(FIGURES) == set(PRINTED["netflix-vi"])


def test_an_unknown_profile_is_a_usage_error_that_lists_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        find_profile("netflix")
    assert "netflix-vi" in caught.value.remedy


@pytest.mark.parametrize(
    "figures",
    [
        {"max_line_chars": 0},
        {"max_lines": 3},
        {"max_lines": 0},
        {"max_pause_ms": 0},
        {"max_chars_per_second": -1.0},
        {"max_chars_per_second": 0.0},
        {"min_duration_ms": 8000},
        {"min_gap_ms": -1},
    ],
)
def test_a_profile_refuses_nonsense(figures: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="profile odd"):
        Profile("odd", **figures)


@given(st.integers(1, 200))
def test_the_reading_time_keeps_the_speed(chars: int) -> None:
    profile = PROFILES["netflix-vi"]
    caption = Caption("c1", 0, profile.reading_time_ms(chars), ("x" * chars,))
    assert chars_per_second(caption) <= 17
    assert caption.end_ms >= profile.min_duration_ms


def test_length_counts_letters_with_their_marks_as_one_and_a_line_break_as_a_space() -> None:
    assert reading_length(Caption("c1", 0, 1000, ("Thu\u0323y", "no\u0301i"))) == len("Thụy nói")


def toml(folder: Path, text: str | bytes, name: str = "toa-soan.toml") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    text = """
        based-on = "bbc"
        max_line_chars = 30
        max_chars_per_second = 12.5
        min_gap_ms = 40
        [sources]
        max_line_chars = "Sổ tay phụ đề của tòa soạn, 2026"
    """
    profile = find_profile(toml(tmp_path, text))
    assert profile.name == "toa-soan"
    assert (profile.max_line_chars, profile.max_chars_per_second, profile.min_gap_ms) == (30, 12.5, 40)
    assert profile.chain_gap_ms == PROFILES["bbc"].chain_gap_ms
    rules = profile.rules()
    assert rules["max_line_chars"] == (30, "Sổ tay phụ đề của tòa soạn, 2026")
    assert rules["min_gap_ms"] == (40, "toa-soan.toml")
    assert rules["chain_gap_ms"] == PROFILES["bbc"].rules()["chain_gap_ms"]
    assert PROFILES["bbc"].min_gap_ms == 0


@pytest.mark.parametrize(
    "text",
    [
        "max_lines = 1 # dòng".encode("utf-16"),
        b"max_lines = 1 # d\xf2ng",
        "max\u200b_lines\u00a0=\u202f1\u2028".encode(),
        b"\xef\xbb\xbf\xef\xbb\xbfmax_lines\0 = 1\r\r\n# \x93x\x94",
    ],
)
def test_a_profile_is_read_as_any_text_is(tmp_path: Path, text: bytes) -> None:
    assert find_profile(toml(tmp_path, text)).max_lines == 1


@pytest.mark.parametrize("text", ["", "\ufeff", 'based-on = "netflix-vi"\r\n[sources]\r\n', "# không có gì"])
def test_figures_that_are_not_given_are_those_of_netflix(tmp_path: Path, text: str) -> None:
    assert find_profile(toml(tmp_path, text, "a.TOML")).rules() == PROFILES["netflix-vi"].rules()


def test_any_speed_and_a_name(tmp_path: Path) -> None:
    profile = find_profile(toml(tmp_path, 'name = "Tòa soạn"\nmax_chars_per_second = false'))
    assert (profile.name, profile.max_chars_per_second) == ("Tòa soạn", None)


@pytest.mark.parametrize(
    "text",
    [
        "max_line_char = 3",
        "[sources]\nmax_line_char = ''",
        "max_line_chars = 0",
        "max_line_chars = -1",
        "max_line_chars = 3.5",
        "max_line_chars = true",
        "max_line_chars = false",
        "max_line_chars = '42'",
        "max_line_chars = [42]",
        "max_line_chars = 1000001",
        "max_line_chars = 0x" + "f" * 50_000,
        "max_line_chars = " + "9" * 50_000,
        "max_chars_per_second = 0",
        "max_chars_per_second = true",
        "max_chars_per_second = nan",
        "max_chars_per_second = inf",
        "max_lines = 3",
        "min_duration_ms = 8000",
        "min_gap_ms = 1979-05-27",
        "based-on = 'netflix'",
        "based-on = []",
        "based-on = 3",
        "name = 'bbc'",
        "name = ''",
        "name = 3",
        "sources = 3",
        "[sources]\nmax_lines = 3",
        "[sources.max_lines]\nx = ''",
        "max_lines = 2\nmax_lines = 2",
        "max_lines = ",
        "{",
        '"\\u001b[2J" = 1',
        "\x1b[2J = 1",
        "x = " + "[" * 40_000,
        "x." * 20_000 + "x = 1",
        "x = {" * 10_000,
        "#" * 100_001,
        b"\0" * 10,
    ],
    ids=range(38),
)  # fmt: skip
def test_nonsense_is_a_usage_error(tmp_path: Path, text: str | bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(UsageError) as caught:
        find_profile(toml(tmp_path, text))
    message = str(caught.value)
    assert "toa-soan.toml" in message
    assert message.isprintable()
    assert len(message) < 1000
    assert time.monotonic() - begun < 5


def test_the_error_names_the_figures(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="max_line_char is no figure of a profile") as caught:
        find_profile(toml(tmp_path, "max_line_char = 3"))
    assert all(figure in caught.value.remedy for figure in FIGURES)


@pytest.mark.parametrize("name", ["thiếu.toml", "a\0.toml", "a" * 5000 + ".toml", "", "\x1b[2J", "bbc.json", "."])
def test_what_is_no_file_is_a_usage_error(tmp_path: Path, name: str) -> None:
    for path in (name, str(tmp_path / name)):
        with pytest.raises(UsageError) as caught:
            find_profile(path)
        assert str(caught.value).isprintable()


def test_a_folder_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "a.toml").mkdir()
    with pytest.raises(UsageError, match="is not a file"):
        find_profile(str(tmp_path / "a.toml"))


if sys.platform != "win32":

    def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.toml")
        with pytest.raises(UsageError, match="is not a file"):
            find_profile(str(tmp_path / "a.toml"))
