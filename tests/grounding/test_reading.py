"""Which words of a sentence count as said: on evidence that is written down, and on planted speech."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

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


def whole(gains: Sequence[float]) -> Reading:
    """A reading of a word of one token for each gain, one right after the other."""
    times = [(SYLLABLE_MS * i, SYLLABLE_MS * (i + 1)) for i in range(len(gains))]
    return Reading(0, 0, len(gains), tuple(WordEvidence(*at, gain, 1) for at, gain in zip(times, gains, strict=True)))


def parts(found: Sequence[Reading]) -> list[tuple[int, int]]:
    return [(reading.first, reading.stop) for reading in found]


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


def _ear_of(scales: Scales) -> Weighing:
    """A weighing in which nothing but edges is ever cut: what was heard everywhere sounds like a guess."""
    words = tuple(Word(i * 100, i * 100 + 100, "ừm", 0.1) for i in range(40))
    return weighing([Heard(0, 4000, words, levels_of((4000, LOUD)))], article(SENTENCE), scales)


# Two readings that claim the same sound.


def _unheard() -> Weighing:
    """A weighing for a sound that is there throughout, and in which the engine heard nothing."""
    return weighing([Heard(0, 20_000, (), levels_of((20_000, LOUD)))], article(SENTENCE), Scales())


def overlapping(gains: Sequence[float], starts_ms: int) -> tuple[Reading, Reading]:
    second = Reading(
        0, 0, 3, tuple(WordEvidence(starts_ms + 200 * i, starts_ms + 200 * (i + 1), 3.0, 1) for i in range(3))
    )
    return whole(gains), second


def test_the_end_of_a_reading_that_costs_where_the_next_begins_goes() -> None:
    before, after = overlapping([3.0, 3.0, 3.0, -0.5, 0.2], 600)
    shorter, same = _unheard().apart(before, after)
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
    assert _unheard().apart(before, after) == (before, after)


# Planted speech.


def test_words_left_out_inside_a_sentence_are_not_printed() -> None:
    said = f"{FIRST} {THIRD}"
    grounding = Stage((said, said), cost=1.5).ground(article(*TEXT))
    assert printed(grounding) == [("p1s4", said)]


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
