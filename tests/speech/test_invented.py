"""The rules that part what was said from what was invented, without an engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.speech.dropped import CODE, Dropped, invented_notice
from mediakit.speech.evidence import Evidence, WordEvidence
from mediakit.speech.invented import GRAVE_SUPPORT_NATS, LEAST_NATS, SUPPORT_NATS, Kept, Weigh, find_loop, keep_said
from mediakit.speech.invented_phrases import PHRASES, find_phrases
from mediakit.speech.signals import EngineSignals
from mediakit.timeline import Span, Word

SAID = "Chiều nay đồng chí bí thư đã tới thăm".split()
THANKS = "Cảm ơn các bạn đã theo dõi".split()


def spoken(texts: Sequence[str], start_ms: int = 1000, *, each_ms: int = 220, score: float = 0.7) -> tuple[Word, ...]:
    """The words one after another, at the pace of a reader."""
    times = [start_ms + i * each_ms for i in range(len(texts) + 1)]
    return tuple(Word(a, b, text, score) for text, a, b in zip(texts, times, times[1:], strict=False))


def over(words: Sequence[Word]) -> Span:
    return Span(words[0].start_ms, words[-1].end_ms)


def signals(words: Sequence[Word], no_speech: float = 0.1, log_p: float = -0.6, ratio: float = 1.0) -> EngineSignals:
    return EngineSignals(over(words), no_speech, log_p, ratio)


@dataclass
class Sound:
    """Sound that gives `nats` to each token; a word has two. What it is asked is kept."""

    nats: float
    asked: list[str] = field(default_factory=list)

    def __call__(self, span: Span, texts: Sequence[str]) -> list[Evidence]:
        self.asked += texts
        return [
            Evidence(tuple(WordEvidence(span.start_ms, span.end_ms, 2 * self.nats, 2) for _ in text.split()))
            for text in texts
        ]


def texts(kept: Kept) -> str:
    return " ".join(word.text for word in kept.words)


def reasons(kept: Kept) -> list[str]:
    return [dropped.reason for dropped in kept.dropped]


def test_clear_speech_stays_and_the_sound_is_not_asked() -> None:
    words, sound = spoken(SAID), Sound(-1.0)
    assert keep_said(words, [over(words)], signals=[signals(words)], weigh=sound) == Kept(words, ())
    assert sound.asked == []


def test_nothing_heard_nothing_dropped() -> None:
    assert keep_said((), [Span(0, 1000)], weigh=Sound(0.0)) == Kept((), ())


@pytest.mark.parametrize(("nats", "stays"), [(SUPPORT_NATS + 0.01, True), (SUPPORT_NATS - 0.01, False)])
def test_a_known_phrase_stays_if_the_sound_supports_it(nats: float, stays: bool) -> None:
    words = spoken(THANKS, score=0.95)
    kept = keep_said(words, [over(words)], signals=[signals(words)], weigh=Sound(nats))
    assert kept.words == (words if stays else ())
    assert reasons(kept) == ([] if stays else ["known-phrase"])


@pytest.mark.parametrize(
    ("nats", "no_speech", "log_p", "stays"),
    [
        (GRAVE_SUPPORT_NATS - 0.01, 0.6, -1.2, False),
        (GRAVE_SUPPORT_NATS + 0.01, 0.6, -1.2, True),
        (GRAVE_SUPPORT_NATS - 0.01, 0.6, -0.8, True),
        (GRAVE_SUPPORT_NATS - 0.01, 0.2, -1.2, True),
    ],
)
def test_what_the_engine_doubts_in_two_ways_needs_more_support(
    nats: float, no_speech: float, log_p: float, stays: bool
) -> None:
    words = spoken(SAID)
    doubted = signals(words, no_speech=no_speech, log_p=log_p)
    assert keep_said(words, [over(words)], signals=[doubted], weigh=Sound(nats)).words == (words if stays else ())


def test_words_of_an_engine_that_says_nothing_of_them_need_more_support() -> None:
    words = spoken(SAID)
    assert keep_said(words, [over(words)], weigh=Sound(GRAVE_SUPPORT_NATS + 0.01)).words == words
    assert keep_said(words, [over(words)], weigh=Sound(GRAVE_SUPPORT_NATS - 0.01)).words == ()


def test_a_known_phrase_in_the_middle_of_speech_goes_alone() -> None:
    words = spoken([*SAID, *THANKS, *SAID], score=0.95)
    sound = Sound(0.0)
    kept = keep_said(words, [over(words)], signals=[signals(words)], weigh=sound)
    assert texts(kept) == " ".join([*SAID, *SAID])
    assert kept.dropped == (
        Dropped(over(words[len(SAID) : len(SAID) + len(THANKS)]), " ".join(THANKS), "known-phrase"),
    )
    assert sound.asked == [" ".join(THANKS)]


@pytest.mark.parametrize(
    ("score", "no_speech", "voiced", "stays"),
    [(0.8, 0.1, True, True), (0.4, 0.1, True, False), (0.8, 0.7, True, False), (0.8, 0.1, False, False)],
)
def test_without_a_judge_a_known_phrase_needs_all_other_witnesses(
    score: float, no_speech: float, voiced: bool, stays: bool
) -> None:
    words = spoken(THANKS, 5000, score=score)
    speech = [over(words)] if voiced else [Span(0, 1000)]
    assert bool(keep_said(words, speech, signals=[signals(words, no_speech)]).words) == stays


@pytest.mark.parametrize("weigh", [None, Sound(0.0)])
def test_what_is_heard_where_nobody_speaks_goes(weigh: Weigh | None) -> None:
    said, invented = spoken(SAID), spoken(["Này", "nhé"], 6000, score=0.9)
    kept = keep_said((*said, *invented), [over(said)], signals=[signals(said)], weigh=weigh)
    assert kept == Kept(said, (Dropped(over(invented), "Này nhé", "no-voice"),))


def test_soft_speech_that_voice_activity_missed_stays_by_its_sound() -> None:
    said, soft = spoken(SAID), spoken(SAID, 6000)
    assert keep_said((*said, *soft), [over(said)], signals=[signals(said)], weigh=Sound(2.0)).words == (*said, *soft)


def test_words_a_little_beside_the_voice_are_no_doubt() -> None:
    words = spoken(SAID)
    sound = Sound(0.0)
    late = [Span(words[0].start_ms + 300, words[-1].end_ms - 300)]
    assert keep_said(words, late, signals=[signals(words)], weigh=sound).words == words
    assert sound.asked == []


@pytest.mark.parametrize("weigh", [None, Sound(0.0)])
def test_more_than_a_mouth_can_say_goes(weigh: Weigh | None) -> None:
    words = spoken([*SAID, "rồi"], each_ms=100)
    assert reasons(keep_said(words, [over(words)], signals=[signals(words)], weigh=weigh)) == ["too-fast"]


@pytest.mark.parametrize("weigh", [None, Sound(SUPPORT_NATS - 0.01)])
def test_what_is_written_once_more_without_any_time_goes(weigh: Weigh | None) -> None:
    said = spoken(SAID, score=0.9)
    echo = spoken(SAID, start_ms=said[-1].end_ms + 380, each_ms=20, score=0.99)
    kept = keep_said((*said, *echo), [over(said)], signals=[signals((*said, *echo))], weigh=weigh)
    assert kept.words == said
    assert reasons(kept) == ["too-fast"]


def test_a_loop_is_one_however_little_time_some_of_it_has() -> None:
    edges = [1000, 1200, 1400, 1420, 1440, 1640, 1840, 1860, 1880]
    words = tuple(Word(a, b, text, 0.9) for a, b, text in zip(edges, edges[1:], ["bây", "giờ"] * 4, strict=False))
    kept = keep_said(words, [over(words)], signals=[signals(words)])
    assert texts(kept) == "bây giờ"
    assert reasons(kept) == ["loop"]


@pytest.mark.parametrize(("each_ms", "count", "sound"), [(40, 2, None), (20, 1, None), (20, 2, Sound(2.0))])
def test_short_words_stay_where_one_stands_alone_or_the_sound_asks_for_them(
    each_ms: int, count: int, sound: Sound | None
) -> None:
    before = spoken(SAID)
    short = spoken(SAID[:count], start_ms=before[-1].end_ms, each_ms=each_ms)
    words = (*before, *short, *spoken(SAID, start_ms=short[-1].end_ms))
    assert keep_said(words, [over(words)], signals=[signals(words)], weigh=sound or Sound(-1.0)).words == words
    assert sound is None or sound.asked == [" ".join(SAID[:count])]


def test_a_wrong_time_is_not_a_wrong_pace() -> None:
    """Whisper crams words into a corner of the speech that they are of."""
    words = spoken([*SAID, "rồi"], each_ms=100)
    speech = [Span(words[0].start_ms, words[0].start_ms + 2500)]
    assert keep_said(words, speech, signals=[signals(words)]).words == words


@pytest.mark.parametrize(("times", "left"), [(3, 3), (4, 1), (30, 1)])
def test_without_a_judge_a_phrase_four_times_in_a_row_is_a_loop(times: int, left: int) -> None:
    words = spoken([*SAID, *("nhanh rồi, " * times).split()])
    kept = keep_said(words, [over(words)], signals=[signals(words)])
    assert texts(kept) == " ".join([*SAID, *("nhanh rồi, " * left).split()])
    assert reasons(kept) == ["loop"] * (left != times)


def test_what_is_said_again_and_again_stays_by_its_sound() -> None:
    words = spoken(("hoan hô " * 5).split())
    assert keep_said(words, [over(words)], signals=[signals(words)], weigh=Sound(2.0)).words == words


def test_a_loop_without_any_support_goes_whole() -> None:
    words = spoken(("cái gì không " * 9).split())
    kept = keep_said(words, [over(words)], signals=[signals(words, 0.7, -0.3, 5.8)], weigh=Sound(0.1))
    assert kept.words == ()
    assert kept.dropped == (Dropped(over(words), ("cái gì không " * 9).strip(), "loop"),)


def test_repeats_count_by_what_they_add() -> None:
    """The sound may support a phrase, and yet give nothing for hearing it five times."""

    def once_only(span: Span, asked: Sequence[str]) -> list[Evidence]:
        return [
            Evidence(tuple(WordEvidence(0, 1, 6.0 if i < 4 else 0.0, 2) for i, _ in enumerate(text.split())))
            for text in asked
        ]

    words = spoken(["tại", "sao", *("nhanh rồi " * 5).split()])
    kept = keep_said(words, [over(words)], signals=[signals(words)], weigh=once_only)
    assert texts(kept) == "tại sao nhanh rồi"


def test_the_engine_doubts_and_the_sound_decides() -> None:
    words = spoken(SAID, score=0.5)
    doubtful = [signals(words, no_speech=0.75, log_p=-0.8)]
    assert keep_said(words, [over(words)], signals=doubtful, weigh=Sound(2.0)).words == words
    assert reasons(keep_said(words, [over(words)], signals=doubtful, weigh=Sound(0.1))) == ["no-speech"]
    assert keep_said(words, [over(words)], signals=doubtful).words == words, "alone it is no reason"
    grave = [signals(words, no_speech=0.75, log_p=-1.2)]
    assert reasons(keep_said(words, [over(words)], signals=grave)) == ["no-speech"]


def test_one_lucky_token_is_no_support() -> None:
    words = spoken(["ạ"])
    nats = 0.9 * LEAST_NATS / 2
    assert nats > SUPPORT_NATS
    assert reasons(keep_said(words, [over(words)], signals=[signals(words, 0.7)], weigh=Sound(nats))) == ["no-speech"]


def test_of_an_engine_without_signals_everything_is_asked() -> None:
    words = spoken(SAID)
    assert keep_said(words, [over(words)], weigh=Sound(2.0)).words == words
    assert reasons(keep_said(words, [over(words)], weigh=Sound(0.0))) == ["unsure"]
    assert keep_said(words, [over(words)]).words == words, "nobody can be asked"


def test_few_or_improbable_words_are_asked_about() -> None:
    few, words = spoken(["Cảm", "ơn"], score=0.9), spoken(SAID)
    for heard, log_p in ((few, -0.3), (words, -1.5)):
        said = [signals(heard, log_p=log_p)]
        assert reasons(keep_said(heard, [over(heard)], signals=said, weigh=Sound(0.0))) == ["unsure"]
        assert keep_said(heard, [over(heard)], signals=said, weigh=Sound(2.0)).words == heard


def test_segments_of_the_engine_are_judged_apart() -> None:
    said = spoken(SAID)
    invented = spoken(["Để", "không"], said[-1].end_ms, score=0.3)
    kept = keep_said(
        (*said, *invented),
        [Span(said[0].start_ms, invented[-1].end_ms)],
        signals=[signals(said), signals(invented, 0.8)],
        weigh=Sound(0.0),
    )
    assert texts(kept) == " ".join(SAID)


LEXICON = st.sampled_from([*SAID, *THANKS, "hãy", "subscribe", "cho", "kênh", "nhé."])


@given(
    st.lists(st.tuples(LEXICON, st.integers(0, 900), st.integers(20, 500), st.floats(0, 1)), max_size=40),
    st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 5000)), max_size=4),
    st.sampled_from([None, -1.0, 0.5, 5.0]),
)
def test_each_word_is_kept_or_dropped_once(
    heard: list[tuple[str, int, int, float]], speech: list[tuple[int, int]], nats: float | None
) -> None:
    words, at = [], 0
    for text, pause, length, score in heard:
        words.append(Word(at + pause, at + pause + length, text, score))
        at += pause + length
    spans = [Span(start, start + length) for start, length in speech]
    kept = keep_said(words, spans, weigh=None if nats is None else Sound(nats))
    assert all(word in words for word in kept.words)
    assert list(kept.words) == sorted(kept.words, key=lambda word: word.start_ms)
    gone = [word for word in words if word not in kept.words]
    assert " ".join(dropped.text for dropped in kept.dropped) == " ".join(word.text for word in gone)
    assert [d.span.start_ms for d in kept.dropped] == sorted(d.span.start_ms for d in kept.dropped)
    if nats == 5.0:
        assert gone == []


@given(st.lists(st.sampled_from("abc"), max_size=30))
def test_a_loop_is_a_run_of_one_phrase(words: list[str]) -> None:
    loop = find_loop(words)
    if loop is None:
        assert not any(a == b == c for a, b, c in zip(words, words[1:], words[2:], strict=False))
    else:
        said = words[loop.start : loop.stop]
        assert all(a == b for a, b in zip(said, said[loop.step :], strict=False))
        assert len(said) >= 3 * loop.step


@pytest.mark.parametrize("phrase", PHRASES)
def test_every_phrase_is_found_as_whisper_writes_it(phrase: str) -> None:
    words = [*SAID, *f"{phrase.capitalize()}!".split(), *SAID]
    assert list(find_phrases(words)) == [range(len(SAID), len(SAID) + len(phrase.split()))]


def test_marks_and_old_tone_placement_hide_no_phrase() -> None:
    assert list(find_phrases("Hãy đăng ký kênh, để ủng hộ kênh của mình nhé!".split())) == [range(10)]
    assert list(find_phrases("đăng ký xe mới ở kênh này".split())) == []


def test_the_warning_names_time_and_text_of_at_most_twenty() -> None:
    dropped = [Dropped(Span(3_600_000 * i + 1500, 3_600_000 * i + 4000), f"câu {i}", "no-voice") for i in range(25)]
    notice = invented_notice("a.mp3", dropped)
    assert notice is not None
    assert notice.code == CODE == "speech-invented"
    assert notice.message.startswith(
        "a.mp3: heard without support from the sound, and left out: 00:00:01 to 00:00:04 “câu 0”, 01:"
    )
    assert notice.message.endswith("19:00:01 to 19:00:04 “câu 19” and 5 more")
    assert invented_notice("a.mp3", []) is None


def test_the_warning_is_one_line_of_bearable_length() -> None:
    notice = invented_notice("a.mp3", [Dropped(Span(0, 1), "lỡ\x1b[2J\n" * 500, "loop")])
    assert notice is not None
    assert notice.message.isprintable()
    assert len(notice.message) < 200


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was dropped"):
        Dropped(Span(0, 1), " ", "loop")
    with pytest.raises(ValueError, match="no probability"):
        EngineSignals(Span(0, 1), 1.5, -1.0, 1.0)
    with pytest.raises(ValueError, match="no compression"):
        EngineSignals(Span(0, 1), 0.5, -1.0, 0.0)
