"""The beam: everything that there is on small cases, the engine's own beam on real speech, a language's share."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from mediakit.speech.decoder.beam import Hypothesis, Language, Reading, Tokens, _Closing, search
from mediakit.speech.decoder.decoder import Decoder, State, WindowDecoder
from mediakit.speech.engine import Window
from mediakit.speech.engines.faster_whisper import open_engine
from mediakit.speech.engines.whisper_vocabulary import vietnamese_tokens, vocabulary_of
from mediakit.speech.models import ensure
from tests.speech.decoder import small_whisper
from tests.speech.decoder.stepwise import scores

VOCABULARY = ["Ġa", "Ġb", "c", "Ġd", "e", "Ġf", ",", "Ġg", "h", "<end>"]
END, PROMPT, STEPS = 9, [0], 3
LONG = 40


class Letters:
    """Spells the vocabulary above."""

    def decode(self, tokens: list[int]) -> str:
        return "".join(VOCABULARY[token] for token in tokens).replace("Ġ", " ")


@pytest.fixture(scope="module")
def decoder(tmp_path_factory: pytest.TempPathFactory) -> Decoder:
    folder = tmp_path_factory.mktemp("ten")
    small_whisper.write(folder, small_whisper.variables(tokens=len(VOCABULARY), places=LONG + 4))
    return Decoder.open(folder)


def on(decoder: Decoder, seed: int) -> WindowDecoder:
    return decoder.on(np.random.default_rng(seed).normal(0, 1, (7, 16)).astype(np.float32), PROMPT)


def liking(history: tuple[str, ...], word: str) -> float:
    """Likes some words, more so after others, and dislikes long ones."""
    return 1.5 * ("a" in word) - 0.7 * len(word) + 0.9 * (bool(history) and history[-1] < word)


class Liking:
    """A language; it remembers what it was asked."""

    hears = False

    def __init__(self) -> None:
        self.asked: list[tuple[tuple[str, ...], str]] = []

    def added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> list[float]:
        self.asked += asked
        return [liking(history, word) for history, word in asked]

    def ended(self, words: tuple[str, ...]) -> float:
        return liking(words, "")


class Indifferent(Liking):
    """Likes all words as much."""

    def added(self, asked: Sequence[tuple[tuple[str, ...], str]]) -> list[float]:
        super().added(asked)
        return [0.0] * len(asked)

    def ended(self, words: tuple[str, ...]) -> float:
        return 0.0


def all_texts(length: int) -> Iterator[tuple[int, ...]]:
    """Every text of up to so many tokens that ends, and every one that is cut off there."""
    for count in range(length + 1):
        for text in product(range(END), repeat=count):
            yield (*text, END) if count < length else text


def in_words(text: Sequence[int]) -> list[str]:
    return Letters().decode(list(text)).split()


#: So strict that it decides in a sound of seven frames.
STRICT = Reading(again=1.5, back_frames=1, a_frame=0.4, free_frames=1, most=1.0)


def readings(window: WindowDecoder, reading: Reading) -> dict[tuple[int, ...], float]:
    """What it costs to look at the sound as each text does, whose tokens are all but the end."""
    found: dict[tuple[int, ...], tuple[Hypothesis, State]] = {(): (Hypothesis(), window.first[1])}
    for text in (text for count in range(1, STEPS + 1) for text in product(range(END), repeat=count)):
        one, state = found[text[:-1]]
        one = reading.after(one, int(state.looks_at[0]))
        found[text] = one, window.step(state, [text[-1]])[1] if len(text) < STEPS else state
    return {text: one.reading for text, (one, _) in found.items()}


def enumerated(
    window: WindowDecoder, language: Language | None, reading: Reading | None
) -> tuple[tuple[int, ...], float]:
    """The best of all texts, and its nats a token."""
    texts, costs = list(all_texts(STEPS)), readings(window, reading) if reading else {}
    best: tuple[tuple[int, ...], float] = ((), -np.inf)
    for text, of_sound in zip(texts, scores(window, texts), strict=True):
        spoken = text[:-1] if text[-1] == END else text
        words = in_words(spoken)
        added = sum(language.added([(tuple(words[:i]), word) for i, word in enumerate(words)])) if language else 0.0
        added += language.ended(tuple(words)) if language else 0.0
        added += costs.get(tuple(spoken), 0.0)
        nats = (float(of_sound.sum()) + added) / max(1, len(spoken))
        if nats > best[1]:
            best = (spoken, nats)
    return best


@pytest.mark.parametrize(
    ("language", "reading"),
    [(None, None), (Liking(), None), (None, STRICT), (Liking(), STRICT)],
    ids=["sound", "fused", "read", "fused and read"],
)
@pytest.mark.parametrize("seed", range(4))
def test_a_beam_of_all_ways_finds_the_best_of_all_texts(
    decoder: Decoder, seed: int, language: Language | None, reading: Reading | None
) -> None:
    window = on(decoder, seed)
    tokens = Tokens.of(decoder, VOCABULARY, end=END)
    found = search(window, tokens, Letters(), most_tokens=STEPS, width=1000, language=language, reading=reading)[0]
    text, nats = enumerated(window, language, reading)
    assert found.tokens == text
    assert found.nats_a_token == pytest.approx(nats, abs=2e-4)
    assert found.words == tuple(in_words(text))


def test_the_best_come_first_and_no_text_twice(decoder: Decoder) -> None:
    found = search(on(decoder, 1), Tokens.of(decoder, VOCABULARY, end=END), Letters(), most_tokens=12, width=5)
    scores = [one.nats_a_token for one in found]
    assert scores == sorted(scores, reverse=True)
    assert len({one.tokens for one in found}) == len(found) == 5


def test_sound_is_what_the_decoder_scores(decoder: Decoder) -> None:
    window = on(decoder, 2)
    tokens = Tokens.of(decoder, VOCABULARY, end=END)
    for found in search(window, tokens, Letters(), most_tokens=30, language=Liking()):
        ended = [*found.tokens, END] if len(found.tokens) < 30 else found.tokens
        assert found.sound == pytest.approx(scores(window, [ended])[0].sum(), abs=2e-3)
        words = found.words
        added = sum(liking(words[:i], word) for i, word in enumerate(words)) + liking(words, "")
        assert found.language == pytest.approx(added)


def test_a_language_is_asked_of_whole_words_after_those_before(decoder: Decoder) -> None:
    language = Indifferent()
    tokens = Tokens.of(decoder, VOCABULARY, end=END)
    fused = search(on(decoder, 1), tokens, Letters(), most_tokens=8, language=language)
    plain = search(on(decoder, 1), tokens, Letters(), most_tokens=8)
    assert [one.tokens for one in fused] == [one.tokens for one in plain]
    assert language.asked
    assert all(" " not in word and word for history, word in language.asked for word in (*history, word))


class Spelt:
    """Spells one token by a text of its own."""

    def __init__(self, text: str) -> None:
        self.text = text

    def decode(self, tokens: list[int]) -> str:
        return self.text


@pytest.mark.parametrize(
    ("word", "is_text", "is_long"),
    [
        ("nghiêng", True, False),
        ("Worcestershire", True, True),
        ("3,5%…", True, True),
        ("1,2,3", True, True),
        ("Ấd'e", True, True),
        ("ta諾", False, True),
        ("đ\ufffd", False, False),
        ("\ufffd", False, False),
        ("\ufffdng", False, True),
        ("tìm,.,.", False, True),
        ("đđđđđđđđđ", True, True),
    ],
)
def test_what_is_no_text_costs_and_what_is_long_is_scored_as_it_grows(word: str, is_text: bool, is_long: bool) -> None:
    closing, one = _Closing(Spelt(word), Indifferent()), Hypothesis(open_word=(0,))
    assert (closing.closed([one])[0].language == 0) == is_text
    assert closing.is_long(one) == is_long


def test_letters_after_a_mark_begin_a_word(decoder: Decoder) -> None:
    tokens = Tokens.of(decoder, VOCABULARY, end=END)
    assert [VOCABULARY[i] for i in np.flatnonzero(tokens.ends_in_mark)] == [","]
    plain, after = tokens.beginning(Hypothesis()), tokens.beginning(Hypothesis(after_mark=True))
    assert [VOCABULARY[i] for i in np.flatnonzero(after & ~plain)] == ["c", "e", "h"]


def walked(frames: Sequence[int]) -> Hypothesis:
    one = Hypothesis()
    for frame in frames:
        one = Reading(again=2.0, back_frames=25, a_frame=0.03, free_frames=100, most=8.0).after(one, frame)
    return one


def test_going_on_through_pauses_costs_nothing() -> None:
    assert walked([0, 8, 15, 22, 40, 130, 140, 230]).reading == 0


def test_one_look_elsewhere_is_neither_a_leap_nor_a_repeat() -> None:
    """As at a full stop, or at a word that is not sure."""
    assert walked([0, 8, 15, 401, 22, 30, 2, 38, 45]).reading == 0


def test_what_is_said_again_costs_each_token() -> None:
    there, back = [0, 10, 20, 30, 40, 50, 60, 70, 80], [10, 20, 30, 40]
    assert walked([*there, *back]).reading == pytest.approx(-2.0 * (len(back) - 1))
    assert walked([*there, *back, *back]).reading == pytest.approx(-2.0 * (2 * len(back) - 1))


def test_what_is_left_out_costs_by_its_length_up_to_a_bound() -> None:
    assert walked([401, 410]).reading == pytest.approx(-8.0)
    assert walked([0, 10, 210, 220]).reading == pytest.approx(-0.03 * (210 - 10 - 100))
    assert walked([0, 10, 20, 1400, 1410]).reading == pytest.approx(-8.0)


def test_what_is_suppressed_is_not_said_and_its_share_is_the_others(decoder: Decoder) -> None:
    free = search(on(decoder, 4), Tokens.of(decoder, VOCABULARY, end=END), Letters(), most_tokens=6)[0]
    never = set(free.tokens)
    tokens = Tokens.of(decoder, VOCABULARY, end=END, suppressed=never, suppressed_first=[END])
    for found in search(on(decoder, 4), tokens, Letters(), most_tokens=6):
        assert found.tokens
        assert not never & set(found.tokens)


def test_it_ends_where_nothing_else_may_be_said(decoder: Decoder) -> None:
    tokens = Tokens.of(decoder, VOCABULARY, end=END, suppressed=range(END))
    assert search(on(decoder, 4), tokens, Letters(), most_tokens=6) == [Hypothesis()]


@pytest.mark.parametrize(("width", "most"), [(0, 3), (3, 0)])
def test_no_beam_and_no_room_are_refused(decoder: Decoder, width: int, most: int) -> None:
    tokens = Tokens.of(decoder, VOCABULARY, end=END)
    with pytest.raises(ValueError, match="a beam of"):
        search(on(decoder, 4), tokens, Letters(), most_tokens=most, width=width)


@pytest.mark.slow
def test_without_a_language_it_is_the_engines_own_beam(shared: Path) -> None:
    from faster_whisper import decode_audio

    folder = ensure("base").path
    engine = open_engine(ensure("base"), language="vi", threads=1, compute_type="float32")
    tokenizer, suppressed = engine._judge._tokenizer, engine._ear._suppressed
    prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
    vocabulary = vocabulary_of(folder)
    decoder = Decoder.open(folder, tokens=vietnamese_tokens(vocabulary))
    not_first = json.loads((folder / "config.json").read_text(encoding="utf-8"))["suppress_ids_begin"]
    tokens = Tokens.of(decoder, vocabulary, end=tokenizer.eot, suppressed=suppressed, suppressed_first=not_first)
    with (shared / "speech" / "clips.tsv").open(encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file, delimiter="\t")][::15]
    for name in names:
        clip = decode_audio(str(shared / "speech" / "clips" / name))[: 28 * 16_000]
        room = 1200 if len(clip) < 11 * 16_000 else 3000
        sound = engine._ear._sound(Window(0, clip), room)
        (expected,) = engine._ear._generated([sound], [tokenizer], room)
        found = search(decoder.on(np.asarray(sound.encoded)[0], prompt), tokens, tokenizer, most_tokens=100)[0]
        assert tokenizer.decode(list(found.tokens)) == tokenizer.decode(list(expected.tokens)), name
        assert found.nats_a_token == pytest.approx(expected.mean_log_probability, abs=1e-2)
