"""Which words of a sentence count as said: on evidence that is written down, and on planted speech."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.grounding.match import Visit
from mediakit.grounding.reading import Reading
from mediakit.grounding.weighing import Weighing
from mediakit.speech.engine import Heard, Window
from mediakit.speech.evidence import Evidence, WordEvidence
from mediakit.timeline import Word
from tests.grounding.planted import (
    LOUD,
    NOISY,
    SYLLABLE_MS,
    TEXT,
    Stage,
    article,
    levels_of,
    printed,
    syllables_of,
    weighing,
)

SENTENCE = TEXT[3]
WORDS = SENTENCE.split()  # fifteen, of one syllable each
FIRST, SECOND, THIRD = " ".join(WORDS[:6]), " ".join(WORDS[6:9]), " ".join(WORDS[9:])
ADLIB = "mà như tôi vừa nói với bà con hồi sáng"


class Scales(Stage):
    """A stage on which one sentence was spoken, with a judge that has a written gain for each text; 0 for others."""

    def __init__(self, gains: dict[str, float] | None = None) -> None:
        super().__init__((SENTENCE, SENTENCE))
        self.gains = gains or {}

    def _weigh(self, window: Window, text: str) -> Evidence:
        start = window.start_ms
        first = WordEvidence(start, start + 1, self.gains.get(text, 0.0), 1)
        return Evidence((first, *[WordEvidence(start, start + 1, 0.0, 1) for _ in text.split()[1:]]))

    def texts(self) -> list[str]:
        """The texts that were weighed, each once."""
        return list(dict.fromkeys(text for _, _, text in self.asked))


def evidence(gains: Sequence[float], lengths: Sequence[int] | None = None) -> tuple[WordEvidence, ...]:
    """A word of one token for each gain, one right after the other."""
    found, at = [], 0
    for gain, length in zip(gains, lengths or [SYLLABLE_MS] * len(gains), strict=True):
        found.append(WordEvidence(at, at + length, gain, 1))
        at += length
    return tuple(found)


def whole(gains: Sequence[float], lengths: Sequence[int] | None = None, first: int = 0) -> Reading:
    return Reading(0, first, first + len(gains), evidence(gains, lengths))


def unheard(scales: Scales) -> Weighing:
    """A weighing for a sound that is there throughout, and in which the engine heard nothing."""
    return weighing([Heard(0, 20_000, (), levels_of((20_000, LOUD)))], article(SENTENCE), scales)


def parts(found: Sequence[Reading]) -> list[tuple[int, int]]:
    return [(reading.first, reading.stop) for reading in found]


def without(first: int, stop: int) -> str:
    return " ".join(WORDS[:first] + WORDS[stop:])


def with_gains(gain: float, others: dict[int, float]) -> list[float]:
    return [others.get(i, gain) for i in range(len(WORDS))]


# Words that the sound leaves no time for.

FOUR = range(6, 10)


def squeezed(ms: int, gain: float = 1.0) -> Reading:
    lengths = [ms if i in FOUR else SYLLABLE_MS for i in range(len(WORDS))]
    return whole(with_gains(3.0, dict.fromkeys(FOUR, gain)), lengths)


def test_words_without_time_are_left_out_where_the_sound_is_no_worse_without() -> None:
    scales = Scales({SENTENCE: 30.0, without(6, 10): 30.0})
    assert parts(unheard(scales).said_parts(squeezed(20), ())) == [(0, 6), (10, 15)]


def test_words_without_time_stay_where_the_sound_asks_for_them() -> None:
    scales = Scales({SENTENCE: 30.1, without(6, 10): 30.0})
    assert parts(unheard(scales).said_parts(squeezed(20), ())) == [(0, 15)]
    assert without(6, 10) in scales.texts()


def test_words_with_time_enough_are_not_even_tried() -> None:
    scales = Scales({without(6, 10): 99.0})
    # Four syllables want 300 ms; they lack 200 ms with 25 ms each, and that may be the model's coarse times.
    assert parts(unheard(scales).said_parts(squeezed(25), ())) == [(0, 15)]
    assert scales.asked == []
    assert parts(unheard(scales).said_parts(squeezed(24), ())) == [(0, 6), (10, 15)]


def test_words_that_were_clearly_heard_are_not_left_out() -> None:
    stage = Scales({SENTENCE: 0.0, without(6, 10): 99.0})
    heard = stage.weighing(article(SENTENCE))
    pairs = [(i, i) for i in range(len(WORDS))]
    assert parts(heard.said_parts(squeezed(20), pairs)) == [(0, 15)]
    assert stage.asked == []


def test_what_was_heard_but_costs_is_not_clearly_heard() -> None:
    stage = Scales({SENTENCE: 0.0, without(6, 10): 99.0})
    heard = stage.weighing(article(SENTENCE))
    pairs = [(i, i) for i in range(len(WORDS))]
    assert parts(heard.said_parts(squeezed(20, gain=-0.1), pairs)) == [(0, 6), (10, 15)]


def test_a_word_of_which_only_a_syllable_was_heard_is_not_clearly_heard() -> None:
    words = "Hệ thống cổng dịch vụ công đạt 46,3% trong năm nay và những năm tới.".split()
    text, less = " ".join(words), " ".join(words[:7] + words[8:])
    scales = Scales({text: 30.0, less: 30.0})
    told = [Word(200 * i, 200 * (i + 1), "ba" if word == "46,3%" else word, 0.9) for i, word in enumerate(words)]
    weighs = weighing([Heard(0, 4000, tuple(told), levels_of((4000, LOUD)))], article(text), scales)
    said = syllables_of(text)
    pairs = [(h, a) for h, a in zip(range(15), [*range(7), said.index("ba"), *range(14, 21)], strict=True)]
    reading = Reading(0, 0, 15, evidence([3.0] * 15, [20 if i == 7 else SYLLABLE_MS for i in range(15)]))
    assert parts(weighs.said_parts(reading, pairs)) == [(0, 7), (8, 15)]


def test_neighbours_that_earn_nothing_go_with_the_words_without_time() -> None:
    reading = whole(
        with_gains(3.0, {5: 0.4, **dict.fromkeys(FOUR, 1.0), 10: 0.6}),
        [20 if i in FOUR else SYLLABLE_MS for i in range(len(WORDS))],
    )
    scales = Scales({SENTENCE: 10.0, without(5, 10): 10.0})
    assert parts(unheard(scales).said_parts(reading, ())) == [(0, 5), (10, 15)]


def test_what_is_left_must_be_worth_a_part() -> None:
    scales = Scales({SENTENCE: 10.0, without(1, 10): 10.0})
    lengths = [20 if 1 <= i < 10 else SYLLABLE_MS for i in range(len(WORDS))]
    # Before lies one word only, after lie five that gain just a nat each.
    reading = whole(with_gains(1.0, {}), lengths)
    assert parts(unheard(scales).said_parts(reading, ())) == [(10, 15)]
    scales = Scales({SENTENCE: 10.0, without(1, 10): 10.0})
    reading = whole(with_gains(1.0, {12: 0.9}), lengths)
    assert parts(unheard(scales).said_parts(reading, ())) == []


# Words that the sound does not ask for.


def idle(gain: float, ms: int, places: Sequence[int] = (6, 7, 8)) -> Reading:
    """A sentence with a run of words that gain so much and take so long; no run is short enough to be squeezed."""
    lengths = [ms if i in places else SYLLABLE_MS for i in range(len(WORDS))]
    return whole(with_gains(3.0, dict.fromkeys(places, gain)), lengths)


def test_idle_words_in_a_narrow_place_are_left_out() -> None:
    scales = Scales({SENTENCE: 30.0, without(6, 9): 30.0})
    assert parts(unheard(scales).said_parts(idle(-0.1, 100), ())) == [(0, 6), (9, 15)]


def test_idle_words_stay_where_the_sound_is_worse_without() -> None:
    scales = Scales({SENTENCE: 30.1, without(6, 9): 30.0})
    assert parts(unheard(scales).said_parts(idle(-0.1, 100), ())) == [(0, 15)]
    assert without(6, 9) in scales.texts()


@pytest.mark.parametrize(
    "reading",
    [
        pytest.param(idle(-0.1, SYLLABLE_MS), id="with the time that others have"),
        pytest.param(idle(0.1, 100), id="that earn a little"),
        pytest.param(idle(-2.0, 100, (7,)), id="a single word"),
        pytest.param(idle(-0.1, 100, (12, 13, 14)), id="at the end"),
        pytest.param(idle(-0.1, 100, (0, 1, 2)), id="at the beginning"),
    ],
)
def test_other_words_are_not_tried(reading: Reading) -> None:
    scales = Scales(
        {without(first, stop): 99.0 for first in range(15) for stop in range(first + 1, 16) if first + 15 - stop}
    )
    assert parts(unheard(scales).said_parts(reading, ())) == [(0, 15)]


def test_costly_words_go_only_where_it_is_much_better_without() -> None:
    reading = idle(-1.0, SYLLABLE_MS)
    for better, expected in ((5.9, [(0, 15)]), (6.0, [(0, 6), (9, 15)])):
        scales = Scales({SENTENCE: 30.0, without(6, 9): 30.0 + better})
        assert parts(unheard(scales).said_parts(reading, ())) == expected


@pytest.mark.parametrize(
    ("heard", "score", "expected"),
    [
        ("bà con mình", 0.8, [(0, 6), (9, 15)]),
        ("bà con mình", 0.4, [(0, 15)]),  # a guess proves nothing against the article
        ("đước chiển khay", 0.8, [(0, 15)]),  # the printed words, misheard
    ],
)
def test_costly_words_against_what_was_heard_in_their_place(
    heard: str, score: float, expected: list[tuple[int, int]]
) -> None:
    words = [Word((6 + i) * SYLLABLE_MS, (7 + i) * SYLLABLE_MS, text, score) for i, text in enumerate(heard.split())]
    instead = " ".join([*WORDS[:6], heard, *WORDS[9:]])
    scales = Scales({SENTENCE: 30.0, instead: 40.0})
    weighs = weighing([Heard(0, 4000, tuple(words), levels_of((4000, LOUD)))], article(SENTENCE), scales)
    assert parts(weighs.said_parts(idle(-1.0, SYLLABLE_MS), ())) == expected


@pytest.mark.parametrize(
    ("costly", "score", "better", "expected"),
    [
        (range(9, 15), 0.9, 18.0, [(0, 9)]),
        (range(6), 0.9, 18.0, [(6, 15)]),
        (range(9, 15), 0.9, 17.9, [(0, 15)]),
        (range(9, 15), 0.4, 18.0, [(0, 15)]),  # a guess proves nothing against the article
    ],
)
def test_another_end_or_beginning_is_not_the_sentences_although_a_word_of_it_sounds_alike(
    costly: range, score: float, better: float, expected: list[tuple[int, int]]
) -> None:
    alike = costly[2]
    other = dict(zip(costly, "bà con mình đi về nhà".split(), strict=True)) | {alike: WORDS[alike]}
    words = [Word(i * SYLLABLE_MS, (i + 1) * SYLLABLE_MS, text, score) for i, text in other.items()]
    scales = Scales({SENTENCE: 30.0, " ".join(other.get(i, word) for i, word in enumerate(WORDS)): 30.0 + better})
    weighs = weighing([Heard(0, 4000, tuple(words), levels_of((4000, LOUD)))], article(SENTENCE), scales)
    reading = whole(with_gains(3.0, {i: 0.1 if i == alike else -0.8 for i in costly}))
    assert parts(weighs.said_parts(reading, [(2, alike)])) == expected


# The end of a sentence of which only the beginning was recognised.


def told(rest_ms: int, whole_gain: float) -> list[tuple[int, int]]:
    """What is read of a sentence whose first half was heard, with something misheard for `rest_ms` after it.

    The first half gains 20 nats, the whole `whole_gain`; the judge stretches the last word over whatever follows.
    """
    half = 8
    scales = _Stretching({SENTENCE: whole_gain, " ".join(WORDS[:half]): 20.0})
    words = [Word(SYLLABLE_MS * i, SYLLABLE_MS * (i + 1), word, 0.9) for i, word in enumerate(WORDS[:half])]
    at = half * SYLLABLE_MS
    words += [Word(at + i * rest_ms // 4, at + (i + 1) * rest_ms // 4, word, 0.3) for i, word in enumerate(["xù"] * 4)]
    weighs = weighing([Heard(0, 9000, tuple(words), levels_of((9000, LOUD)))], article(SENTENCE), scales)
    return parts(weighs.visit(Visit(0, tuple((i, i) for i in range(half)), 20.0), 0, 9000))


class _Stretching(Scales):
    """A judge that spreads what it gives evenly, and whose last word takes all the sound that is left."""

    def _weigh(self, window: Window, text: str) -> Evidence:
        count = len(text.split())
        edges = [window.start_ms + min(SYLLABLE_MS * i, window.end_ms - window.start_ms) for i in range(count)]
        gain = self.gains.get(text, 0.0) / count
        return Evidence(
            tuple(WordEvidence(a, b, gain, 1) for a, b in zip(edges, [*edges[1:], window.end_ms], strict=True))
        )


def test_a_sentence_is_left_in_its_middle_only_where_the_sound_says_so() -> None:
    # The last seven syllables take 1.4 s at this pace; something was heard in that time.
    assert told(1400, whole_gain=18.5) == [(0, 15)]
    assert told(1400, whole_gain=17.5) == [(0, 8)]


def test_where_nearly_nothing_was_heard_the_rest_of_a_sentence_must_earn_its_place() -> None:
    # Three fifths of its time at the speaker's pace, however long the judge's last word is.
    assert told(860, whole_gain=20.0) == [(0, 15)]
    assert told(820, whole_gain=20.0) == [(0, 8)]
    assert told(820, whole_gain=24.0) == [(0, 15)]


# Edges of a part.


@pytest.mark.parametrize(
    ("gains", "expected"),
    [
        ([3.0] * 8, [(4, 12)]),
        ([0.2, 0.4, *[3.0] * 5, 0.6], [(6, 12)]),
        ([*[3.0] * 5, 0.4, 0.1], [(4, 9)]),
        ([3.0, 0.1, *[3.0] * 4, -9.0], [(4, 10)]),
        ([-5.0, *[3.0] * 5], [(5, 10)]),
        # What is left is a phrase that any sentence may have.
        ([0.2, 0.4, 3.0, 3.0, 3.0, 0.4], []),
        ([-5.0, 3.0, 3.0], []),
    ],
)
def test_words_at_inner_edges_must_earn_their_place(gains: list[float], expected: list[tuple[int, int]]) -> None:
    assert parts(unheard(Scales()).said_parts(whole(gains, first=4), ())) == expected


def test_a_part_alone_must_earn_its_place_at_the_sentences_own_edges_too() -> None:
    gains = [0.1, -2.0, 0.3, *[3.0] * 6]
    assert parts(unheard(Scales()).said_parts(whole(gains, first=0), ())) == [(3, 9)]
    assert parts(unheard(Scales()).said_parts(whole([*gains, *[3.0] * 6], first=0), ())) == [(0, 15)]


@given(
    first=st.integers(0, 14),
    gains=st.lists(st.floats(-3, 4), min_size=1, max_size=15),
)
def test_edges_of_a_sentence_stay_and_inner_edges_only_lose_words(first: int, gains: list[float]) -> None:
    gains = gains[: len(WORDS) - first]
    reading = whole(gains, first=first)
    scales = Scales({without(a, b): -99.0 for a in range(15) for b in range(a + 1, 16) if a + 15 - b})
    found = _ear_of(scales).said_parts(reading, ())
    if len(reading.evidence) == len(WORDS):
        assert found == [reading]
    for part in found:
        assert first <= part.first < part.stop <= reading.stop
        assert part.evidence == reading.evidence[part.first - first : part.stop - first]
        if part.first > first:
            assert sum(gains[: part.first - first]) < 0.5 * (part.first - first)
        if part.stop < reading.stop:
            assert sum(gains[part.stop - first :]) <= 0.5 * (reading.stop - part.stop)
        assert part == reading or part.evidence[0].gain >= 0.5 or part.first == first
        assert len(part.evidence) == len(WORDS) or len(part.evidence) >= 4


def _ear_of(scales: Scales) -> Weighing:
    """A weighing in which nothing but edges is ever cut: what was heard everywhere sounds like a guess."""
    words = tuple(Word(i * 100, i * 100 + 100, "ừm", 0.1) for i in range(40))
    return weighing([Heard(0, 4000, words, levels_of((4000, LOUD)))], article(SENTENCE), scales)


# Two readings that claim the same sound.


def overlapping(gains: Sequence[float], starts_ms: int) -> tuple[Reading, Reading]:
    second = Reading(
        0, 0, 3, tuple(WordEvidence(starts_ms + 200 * i, starts_ms + 200 * (i + 1), 3.0, 1) for i in range(3))
    )
    return whole(gains), second


def test_the_end_of_a_reading_that_costs_where_the_next_begins_goes() -> None:
    before, after = overlapping([3.0, 3.0, 3.0, -0.5, 0.2], 600)
    shorter, same = unheard(Scales()).apart(before, after)
    assert parts([shorter]) == [(0, 3)]
    assert same == after


@pytest.mark.parametrize(
    ("gains", "starts_ms"),
    [
        ([3.0, 3.0, 3.0, -0.5, 0.6], 600),  # together they gain
        ([3.0, 3.0, 3.0, -0.5, -0.5], 950),  # less than half of a word is shared
        ([-3.0, -3.0], 0),  # nothing would be left
    ],
)
def test_a_reading_that_earns_what_it_shares_stays(gains: list[float], starts_ms: int) -> None:
    before, after = overlapping(gains, starts_ms)
    assert unheard(Scales()).apart(before, after) == (before, after)


# Planted speech.


def test_words_left_out_inside_a_sentence_are_not_printed() -> None:
    said = f"{FIRST} {THIRD}"
    grounding = Stage((said, said), cost=1.5).ground(article(*TEXT))
    assert printed(grounding) == [("p1s4", FIRST), ("p1s4", THIRD)]


def test_words_spoken_otherwise_are_printed_as_they_were_heard() -> None:
    said = f"{FIRST} {ADLIB} {THIRD}"
    grounding = Stage((said, said), cost=1.5).ground(article(*TEXT))
    assert printed(grounding) == [("p1s4", FIRST), (None, ADLIB), ("p1s4", THIRD)]


@pytest.mark.parametrize("pause_ms", [0, 300, 1500])
def test_adlib_inside_a_sentence(pause_ms: int) -> None:
    first = f"{FIRST} {SECOND}"
    stage = Stage((first, first), (ADLIB, ADLIB), (THIRD, THIRD), pauses=(pause_ms, pause_ms))
    assert printed(stage.ground(article(*TEXT))) == [("p1s4", first), (None, ADLIB), ("p1s4", THIRD)]


@pytest.mark.parametrize("part", [FIRST, f"{FIRST} {SECOND}", THIRD, f"{SECOND} {THIRD}"])
def test_a_part_alone_is_printed_and_no_more(part: str) -> None:
    grounding = Stage((TEXT[1], NOISY[TEXT[1]]), (part, part.lower()), cost=1.5).ground(article(*TEXT))
    assert printed(grounding) == [("p1s2", TEXT[1]), ("p1s4", part)]


def test_a_part_is_printed_to_the_end_of_its_clause_though_that_was_misheard() -> None:
    text = "Đồng chí Ngô Đông Hải của tỉnh ta, Bí thư Tỉnh ủy chủ trì buổi làm việc."
    said, heard = "Đồng chí Ngô Đông Hải của tỉnh ta,", "đồng trí ngô đông hải mờ ơ ờ"
    grounding = Stage((said, heard), (ADLIB, ADLIB), cost=1.5).ground(article(TEXT[0], text))
    assert printed(grounding) == [("p1s2", said), (None, ADLIB)]


def test_a_part_is_printed_from_the_beginning_of_its_clause_though_that_was_misheard() -> None:
    text = "Sáng nay tại trụ sở mới của tỉnh ta và các huyện, đồng chí Ngô Đông Hải chủ trì buổi làm việc."
    said, heard = "đồng chí Ngô Đông Hải chủ trì buổi làm việc.", "ờ mờ ơ đông hải chủ chì buổi làm việc"
    grounding = Stage((ADLIB, ADLIB), (said, heard), cost=1.5).ground(article(TEXT[0], text))
    assert printed(grounding) == [(None, ADLIB), ("p1s2", said)]


def test_two_visits_of_one_sentence_are_one_segment_where_what_lies_between_was_misheard() -> None:
    text = (
        "Hệ thống cổng dịch vụ công được triển khai đồng bộ tại các cơ quan "
        "và ngành cần nắm bắt những cơ hội trong việc đẩy mạnh cải cách hành chính."
    )
    heard = "hệ thống cổng dịch vụ công ờ mờ ơ a e i ô ừ ờ mờ những cơ hội trong việc đẩy mạnh cải cách hành chính"
    assert printed(Stage((text, heard)).ground(article(text, TEXT[0]))) == [("p1s1", text)]


def long_sentence(count: int) -> str:
    """So many different syllables, none of them a number or an abbreviation."""
    initials, rhymes = "b ch d đ kh l m ng ph th".split(), "a ây oi ung inh ươt en om ich an ôi ênh âu at ưng".split()
    return " ".join(initials[i % 10] + rhymes[i // 10] for i in range(count)) + "."


@pytest.mark.timeout(60)
def test_a_sentence_longer_than_a_window() -> None:
    text = long_sentence(150)
    assert len(syllables_of(text)) == 150
    stage = Stage((TEXT[0], NOISY[TEXT[0]]), (text, text.lower()), (TEXT[1], NOISY[TEXT[1]]))
    grounding = stage.ground(article(TEXT[0], text, TEXT[1]))
    assert printed(grounding) == [("p1s1", TEXT[0]), ("p1s2", text), ("p1s3", TEXT[1])]
    assert abs(grounding.segments[1].end_ms - grounding.segments[1].start_ms - 150 * SYLLABLE_MS) <= 40


def test_said_twice_in_a_row_without_a_pause() -> None:
    stage = Stage(*[(t, NOISY[t]) for t in (TEXT[0], TEXT[1], TEXT[1], TEXT[2])], pauses=(0, 0, 0))
    assert [s.sentence for s in stage.ground(article(*TEXT)).segments] == ["p1s1", "p1s2", "p1s2", "p1s3"]


def test_a_lead_read_again_at_the_end_in_part() -> None:
    again = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy"
    stage = Stage(*[(t, NOISY[t]) for t in TEXT[1:]], (again, again.lower()), cost=1.5)
    assert printed(stage.ground(article(*TEXT)))[-2:] == [("p1s5", TEXT[4]), ("p1s2", again)]


def test_a_visit_that_the_sound_does_not_support_gives_nothing() -> None:
    stage = Stage((ADLIB, SENTENCE), cost=1.5)
    visit = Visit(0, tuple((i, i) for i in range(len(WORDS))), 50.0)
    assert stage.weighing(article(SENTENCE)).visit(visit, 0, stage.duration_ms) == []
    assert stage.weighing(article(SENTENCE), judge=False).visit(visit, 0, stage.duration_ms) != []
