"""When speech is taken for foreign, and which language a whole medium is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.speech.languages import LEAST_MS, Spoken, foreign, spoken

#: What Whisper base gave: for Vietnamese clips that it took for something else, and for English.
MISTAKEN = [
    {"id": 0.493, "vi": 0.00058},
    {"zh": 0.875, "vi": 0.0612},
    {"zh": 0.872, "vi": 0.0472},
    {"km": 0.680, "vi": 0.0644},
]
ENGLISH = [{"en": 0.809, "vi": 0.00201}, {"en": 0.687, "vi": 0.00125}, {"en": 0.946, "vi": 0.00004}]


@pytest.mark.parametrize("probabilities", MISTAKEN)
def test_a_doubtful_guess_is_no_foreign_language(probabilities: dict[str, float]) -> None:
    assert foreign(probabilities, "vi", 5000) is None


@pytest.mark.parametrize("probabilities", ENGLISH)
def test_a_clear_one_is(probabilities: dict[str, float]) -> None:
    assert foreign(probabilities, "vi", 1400) == Spoken("en", probabilities["en"])
    assert foreign(probabilities, "en", 1400) is None


def test_a_word_or_two_are_of_any_language() -> None:
    assert foreign(ENGLISH[2], "vi", LEAST_MS) is not None
    assert foreign(ENGLISH[2], "vi", LEAST_MS - 1) is None


def test_a_language_that_was_not_thought_of_has_no_probability() -> None:
    assert foreign({"en": 0.9}, "vi", 2000) == Spoken("en", 0.9)
    assert foreign({}, "vi", 2000) is None


def test_windows_count_by_their_length() -> None:
    vi, en = {"vi": 0.999, "en": 0.001}, {"vi": 0.0, "en": 1.0}
    assert spoken([(vi, 20_000), (en, 5_000)]) == Spoken("vi", 0.79992)
    assert spoken([(vi, 5_000), (en, 20_000)]) == Spoken("en", 0.80002)
    assert spoken([(vi, 0), ({}, 9_000)]) is None
    assert spoken([]) is None


def test_in_doubt_a_medium_is_in_the_usual_language() -> None:
    assert spoken([(MISTAKEN[3], 2_000)]) == Spoken("km", 0.513595)
    assert spoken([({"zh": 0.77, "vi": 0.099}, 2_000)]) == Spoken("vi", 0.562500)
    assert spoken([({"vi": 0.0, "en": 0.0}, 2_000)]) is None


CODES = st.dictionaries(st.sampled_from(["vi", "en", "zh", "km"]), st.floats(1e-9, 1), min_size=1)


@given(st.lists(st.tuples(CODES, st.integers(1, 30_000)), min_size=1))
def test_the_answer_is_one_of_the_languages(tests: list[tuple[dict[str, float], int]]) -> None:
    found = spoken(tests)
    assert found is not None
    assert any(found.language in probabilities for probabilities, _ in tests)
    assert 0.0 <= found.probability <= 1.0
