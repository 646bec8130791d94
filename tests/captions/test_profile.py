"""The figures of the profiles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.captions.caption import Caption
from mediakit.captions.profile import PROFILES, Profile
from mediakit.captions.profile_file import find_profile
from mediakit.captions.reading import chars_per_second, reading_length
from mediakit.errors import UsageError


def test_the_netflix_profile_has_the_guides_figures() -> None:
    profile = find_profile("netflix-vi")
    assert (profile.max_line_chars, profile.max_lines, profile.max_chars_per_second) == (42, 2, 17)
    assert (profile.min_duration_ms, profile.max_duration_ms, profile.min_gap_ms) == (833, 7000, 80)


def test_an_unknown_profile_is_a_usage_error_that_lists_the_known() -> None:
    with pytest.raises(UsageError) as caught:
        find_profile("netflix")
    assert "netflix-vi" in caught.value.remedy


@pytest.mark.parametrize(
    "figures",
    [
        {"max_line_chars": 0},
        {"max_lines": 3},
        {"max_chars_per_second": 0.0},
        {"min_duration_ms": 8000},
        {"min_gap_ms": -1},
    ],
)
def test_a_profile_refuses_nonsense(figures: dict[str, int]) -> None:
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
