"""What holds whatever is said and printed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from mediakit.evaluation.alignment import align, common, places, same
from mediakit.evaluation.beside import Beside
from mediakit.evaluation.reference import Reference, Spoken
from mediakit.evaluation.timing import Distances
from mediakit.evaluation.word_errors import Errors, by_sentence, word_errors
from mediakit.evaluation.wording import fitted, plain, usual
from mediakit.timeline import Span
from tests.evaluation.planted import segment, with_segments

WORDS = st.lists(st.sampled_from("sáng chín tháng sáu xã họp ông bà".split()), max_size=12)
PRINTED = st.lists(st.sampled_from("Sáng 9/6, xã họp. 46,3% UBND XX 2021 – 2025 12 km (TP) I".split()), max_size=12)


@given(WORDS, WORDS)
def test_an_alignment_has_all_words_of_both_and_the_fewest_changes(said: list[str], got: list[str]) -> None:
    steps = align(said, got)
    assert [i for step in steps for i in step.said] == list(range(len(said)))
    assert [j for step in steps for j in step.got] == list(range(len(got)))
    changes = sum(max(len(step.said), len(step.got)) for step in steps if step.change != "equal")
    assert changes == Levenshtein.distance(said, got)
    assert all(said[i] == got[j] for i, j in same(steps).items())
    stretches = places(steps)
    assert len(stretches) == len(got)
    assert all(0 <= low <= high <= low + 1 <= len(said) + 1 for low, high in stretches)
    assert stretches == sorted(stretches)


@given(WORDS, WORDS)
def test_words_in_common_are_equal_and_in_order(a: list[str], b: list[str]) -> None:
    pairs = common(a, b)
    assert all(a[i] == b[j] for i, j in pairs)
    assert pairs == sorted(pairs)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)


@given(PRINTED)
def test_a_text_fits_itself(printed: list[str]) -> None:
    said = usual(printed).words
    assert fitted([" ".join(printed)], usual([" ".join(printed)]).words).words == usual([" ".join(printed)]).words
    assert len(said) >= len([word for word in printed if plain(word)])


@given(PRINTED, WORDS)
def test_fitting_never_makes_more_errors_than_the_usual_way(printed: list[str], said: list[str]) -> None:
    text = " ".join(printed)
    fit = Levenshtein.distance(fitted([text], said).words, said)
    assert fit <= Levenshtein.distance(usual([text]).words, said)


@given(st.lists(WORDS.filter(bool), min_size=1, max_size=4), st.lists(WORDS.filter(bool), max_size=4))
def test_the_sentences_have_all_errors_between_them(said: list[list[str]], got: list[list[str]]) -> None:
    spoken = [Spoken(" ".join(s), Span(1000 * n, 1000 * n + 900), n % 2 == 0) for n, s in enumerate(said)]
    result = with_segments(*(segment(1000 * n, 1000 * n + 990, " ".join(s)) for n, s in enumerate(got)))
    beside = Beside.of(result, Reference("truth", tuple(spoken)))
    errors = sum(by_sentence(beside, beside.printed_steps, beside.printed_span), Errors())
    all_said, all_got = [w for s in said for w in s], [w for s in got for w in s]
    assert (errors.count, errors.words) == (Levenshtein.distance(all_said, all_got), len(all_said))
    grouped = word_errors(beside)
    assert grouped["all"].printed == errors == grouped["article"].printed + grouped["speech"].printed


@given(st.lists(st.integers(0, 5000), min_size=1))
def test_distances(ms: list[int]) -> None:
    found = Distances.of(ms)
    assert found.median_ms is not None
    assert found.worst_tenth_ms is not None
    assert min(ms) <= found.median_ms <= found.worst_tenth_ms <= max(ms) or len(ms) < 3
    assert found.near == sum(d <= 200 for d in ms) / len(ms)
    assert sum(d >= found.worst_tenth_ms for d in ms) * 10 >= len(ms)
