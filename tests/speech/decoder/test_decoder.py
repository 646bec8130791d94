"""The decoder: the same numbers as plain mathematics, CTranslate2's and openai-whisper's; steps, beginnings, sizes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mediakit.errors import EngineError
from mediakit.speech.decoder.decoder import Decoder, WindowDecoder
from mediakit.speech.decoder.decoder_weights import read_decoder
from mediakit.speech.decoder.decoders import Decoders
from mediakit.speech.engine import Window
from mediakit.speech.engines.ct2_weights import read_variables, rewritten
from mediakit.speech.engines.whisper_encoder import encode
from mediakit.speech.engines.whisper_vocabulary import vietnamese_tokens, vocabulary_of
from mediakit.speech.models import ensure
from tests.speech.decoder import small_whisper
from tests.speech.decoder.stepwise import scores

Floats = small_whisper.Floats
TOKENS, WIDTH, FRAMES = 30, 16, 9
PROMPT, END = [27, 28], 26
#: Passes of other lengths add in another order: in 32-bit floats that shows in the sixth digit.
CLOSE = 2e-4


def sound(width: int = WIDTH) -> Floats:
    return np.random.default_rng(5).normal(0, 1, (FRAMES, width)).astype(np.float32).astype(float)


def plainly(values: dict[str, Any], text: Sequence[int], prompt: Sequence[int] = PROMPT) -> Floats:
    """The log probability of each token of a text by the mathematics written out."""
    width = values["decoder/embeddings/weight"].shape[1]
    found = small_whisper.log_probabilities(values, sound(width), [*prompt, *text])
    return found[np.arange(len(text)) + len(prompt) - 1, list(text)]


def among_text(row: Floats, end: int) -> Floats:
    """Log probabilities as shares of those of text alone, as `align` gives them (`logits[:, :eot].softmax()`)."""
    found: Floats = row - np.logaddexp.reduce(row[..., :end].astype(float), axis=-1, keepdims=True)
    return found


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> WindowDecoder:
    folder = tmp_path_factory.mktemp("small")
    small_whisper.write(folder, small_whisper.variables())
    return Decoder.open(folder).on(sound().astype(np.float32), PROMPT)


@pytest.mark.parametrize(
    "size",
    [
        {"layers": 1, "width": 8, "heads": 1, "tokens": 29, "places": 12},
        {"layers": 2, "width": 16, "heads": 4},
        {"layers": 3, "width": 24, "heads": 2, "tokens": 40},
        {"layers": 4, "width": 64, "heads": 8, "tokens": 70},
    ],
)
def test_a_decoder_of_any_size_gives_what_the_mathematics_gives(tmp_path: Path, size: dict[str, int]) -> None:
    values = small_whisper.variables(**size)
    small_whisper.write(tmp_path, values)
    decoder = Decoder.open(tmp_path)
    found = scores(decoder.on(sound(size["width"]).astype(np.float32), PROMPT), [[1, 2, 3, 4, 5], [1, 2, 6]])
    assert found[0] == pytest.approx(plainly(values, [1, 2, 3, 4, 5]), abs=CLOSE)
    assert found[1] == pytest.approx(plainly(values, [1, 2, 6]), abs=CLOSE)
    assert len(decoder.tokens) == size.get("tokens", TOKENS)


def test_more_beginnings_than_one_pass_takes(window: WindowDecoder) -> None:
    rng, values = np.random.default_rng(3), small_whisper.variables()
    several = [rng.integers(0, 4, rng.integers(1, 22)).tolist() for _ in range(60)]
    together = window.align([[*text, END] for text in several], FRAMES, end=END)
    for text, found in zip(several, together, strict=True):
        rows = small_whisper.log_probabilities(values, sound(), [*PROMPT, *text])[len(PROMPT) - 1 : -1]
        expected = among_text(rows, END)[np.arange(len(text)), text]
        assert found.scores == pytest.approx([*expected, -np.inf], abs=CLOSE)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, TOKENS - 1), min_size=1, max_size=8))
def test_steps_give_what_the_mathematics_gives(window: WindowDecoder, text: list[int]) -> None:
    assert scores(window, [text])[0] == pytest.approx(plainly(small_whisper.variables(), text), abs=CLOSE)
    found, state = window.first
    for token in text:
        found, state = window.step(state, [token])
    assert np.exp(found.astype(float)).sum() == pytest.approx(1)


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_hypotheses_are_chosen_put_in_order_and_doubled(window: WindowDecoder, data: st.DataObject) -> None:
    found, state = window.first
    held: list[list[int]] = [[]]
    for _ in range(data.draw(st.integers(1, 5))):
        chosen = data.draw(st.lists(st.integers(0, len(held) - 1), min_size=1, max_size=4))
        tokens = [data.draw(st.integers(0, 5)) for _ in chosen]
        held = [[*held[place], token] for place, token in zip(chosen, tokens, strict=True)]
        found, state = window.step(state.select(chosen), tokens)
    assert len(state) == len(held) == len(found)
    for text, row in zip(held, found, strict=True):
        for following in (0, 7):
            assert row[following] == pytest.approx(scores(window, [[*text, following]])[0][-1], abs=CLOSE)


def test_what_no_hypothesis_needs_is_let_go(window: WindowDecoder) -> None:
    state = window.step(window.first[1].select([0] * 6), range(6))[1]
    before = state.kept.keys.shape[1]
    assert before == len(PROMPT) + 6
    assert state.select([2, 2]).kept.keys.shape[1] == len(PROMPT) + 1
    assert state.kept.keys.shape[1] == before


def test_some_tokens_only_as_a_model_that_has_no_others(tmp_path: Path) -> None:
    known = [1, 2, 5, 27, 28, 29]
    path = small_whisper.write(tmp_path, small_whisper.variables())
    some = Decoder.open(tmp_path, tokens=known).on(sound().astype(np.float32), PROMPT)
    other = tmp_path / "other"
    other.mkdir()
    (other / "model.bin").write_bytes(b"".join(rewritten(path, {"decoder/embeddings/weight": known})))
    whole = Decoder.open(other).on(sound().astype(np.float32), [3, 4])
    assert scores(some, [[1, 5, 29]])[0] == pytest.approx(scores(whole, [[0, 2, 5]])[0], abs=CLOSE)
    with pytest.raises(ValueError, match="no token 3"):
        some.step(some.first[1], [3])


def test_weights_that_are_in_8_bits_already(tmp_path: Path) -> None:
    path = small_whisper.write(tmp_path, small_whisper.variables())
    rounded = tmp_path / "rounded"
    rounded.mkdir()
    (rounded / "model.bin").write_bytes(b"".join(rewritten(path, {}, in_8_bits=True)))
    values = read_variables(rounded / "model.bin")
    for name in [name for name in values if f"{name}_scale" in values]:
        values[name] = values[name].astype(float) / values.pop(f"{name}_scale")[:, np.newaxis]
    (found,) = scores(Decoder.open(rounded).on(sound().astype(np.float32), PROMPT), [[1, 2, 3]])
    assert found == pytest.approx(plainly(values, [1, 2, 3]), abs=CLOSE)


def test_in_8_bits_no_text_is_another_beside_others(tmp_path: Path) -> None:
    small_whisper.write(tmp_path, small_whisper.variables(width=64, heads=2))
    window = Decoder.open(tmp_path, in_8_bits=True).on(sound(64).astype(np.float32), PROMPT)
    several = [[1, 2, 3, 9, END], [1, 2, 4, 9, END], [5, 6, 7, 8, END]]
    for text, found in zip(several, window.align(several, FRAMES, end=END), strict=True):
        (alone,) = window.align([text], FRAMES, end=END)
        assert found.scores == pytest.approx(alone.scores, abs=CLOSE)
        assert found.frames == alone.frames


@pytest.mark.parametrize("prompt", [[], [1] * 25])
def test_a_prompt_that_cannot_be(tmp_path: Path, prompt: list[int]) -> None:
    small_whisper.write(tmp_path, small_whisper.variables())
    decoder = Decoder.open(tmp_path)
    with pytest.raises(ValueError, match="prompt"):
        decoder.on(sound().astype(np.float32), prompt)


def test_what_a_window_cannot_do(window: WindowDecoder) -> None:
    with pytest.raises(ValueError, match="longer than 24 tokens"):
        scores(window, [[1] * 25])
    with pytest.raises(ValueError, match="2 tokens for 1"):
        window.step(window.first[1], [1, 2])
    with pytest.raises(ValueError, match="no token -1"):
        window.step(window.first[1], [-1])


def test_the_sound_of_another_model_is_refused(tmp_path: Path) -> None:
    small_whisper.write(tmp_path, small_whisper.variables())
    with pytest.raises(EngineError, match="the decoder failed"):
        Decoder.open(tmp_path).on(np.zeros((FRAMES, WIDTH + 1), np.float32), PROMPT)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"decoder/embeddings/weight": None},
        {"decoder/num_heads": None},
        {"decoder/layer_1/attention/linear_2/weight": None},
        {"decoder/layer_norm/beta": None},
        {"decoder/num_heads": np.int16(0)},
        {"decoder/num_heads": np.int16(-4)},
        {"decoder/num_heads": np.int16(3)},
        {"decoder/num_heads": np.arange(3, dtype=np.int16)},
        {"decoder/embeddings/weight": np.zeros(7, np.float32)},
        {"decoder/embeddings/weight": np.zeros((0, WIDTH), np.float32)},
        {"decoder/embeddings/weight": np.full((TOKENS, WIDTH), np.nan, np.float32)},
        {"decoder/position_encodings/encodings": np.zeros((24, 8), np.float32)},
        {"decoder/layer_norm/gamma": np.zeros(8, np.float32)},
        {"decoder/layer_0/attention/linear_1/weight": np.zeros((8, 8), np.float32)},
        {"decoder/layer_0/ffn/linear_1/weight": np.zeros((16, 63), np.float32)},
        {"decoder/layer_0/ffn/linear_0/bias": np.zeros(3, np.float32)},
        {"decoder/layer_0/ffn/linear_0/weight": np.zeros((64, 16), np.int8)},
    ],
)
def test_weights_that_do_not_belong_together_are_refused(tmp_path: Path, spoilt: dict[str, Any]) -> None:
    values = {**small_whisper.variables(), **spoilt}
    path = small_whisper.write(tmp_path, {name: value for name, value in values.items() if value is not None})
    with pytest.raises(EngineError) as caught:
        Decoder.open(tmp_path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9])
def test_a_torn_file_is_refused(tmp_path: Path, part: float) -> None:
    path = small_whisper.write(tmp_path, small_whisper.variables())
    path.write_bytes(path.read_bytes()[: int(part * path.stat().st_size)])
    with pytest.raises(EngineError, match=r"model\.bin"):
        Decoder.open(tmp_path)


def test_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError):
        Decoder.open(tmp_path)


@pytest.mark.parametrize("tokens", [[1, TOKENS], [-1, 1], []])
def test_tokens_that_the_model_has_not_are_refused(tmp_path: Path, tokens: list[int]) -> None:
    small_whisper.write(tmp_path, small_whisper.variables())
    with pytest.raises(EngineError, match=r"model\.bin"):
        Decoder.open(tmp_path, tokens=tokens)


@pytest.mark.parametrize("in_8_bits", [False, True])
def test_all_tokens_come_to_the_layers_that_are_there(tmp_path: Path, in_8_bits: bool) -> None:
    path = small_whisper.write(tmp_path, small_whisper.variables())
    some = Decoder.open(tmp_path, tokens=[1, 2, 27, 28], in_8_bits=in_8_bits)
    several, encoded = [[1, 2, 9], [2, 29]], sound().astype(np.float32)
    found, whole = some.with_all_tokens(), Decoder.open(tmp_path, in_8_bits=in_8_bits)
    assert (len(some.tokens), found.tokens) == (4, whole.tokens)
    for one, other in zip(*(scores(decoder.on(encoded, PROMPT), several) for decoder in (found, whole)), strict=True):
        assert np.array_equal(one, other)
    with pytest.raises(ValueError, match="no token 9"):
        scores(some.on(encoded, PROMPT), several)
    small_whisper.write(tmp_path, small_whisper.variables(width=8))
    with pytest.raises(EngineError, match=r"embeddings of shape \(30, 8\)") as caught:
        some.with_all_tokens()
    assert caught.value.file == str(path)


def test_decoders_are_opened_once_for_the_tokens_that_are_asked_for(tmp_path: Path) -> None:
    small_whisper.write(tmp_path, small_whisper.variables())
    decoders = Decoders(tmp_path, [1, 2, 27], threads=1)
    some, whole = decoders.of([1, 27]), decoders.of([1, 3])
    assert (len(some.tokens), len(whole.tokens)) == (3, TOKENS)
    assert decoders.of([2]) is some
    assert decoders.of([29]) is whole
    alone = Decoders(tmp_path, None, threads=1)
    assert alone.of([1]) is alone.of([29])


# --- Whisper base, on real speech ---

TEXTS = (
    " anh có thích tôi giữ trước quyển sách này cho anh không",
    " anh có thích tôi giữ trước quyển sách kia cho anh không",
    " hôm nay thời tiết miền Bắc có mưa to",
)


@cache
def base(shared: Path, compute_type: str = "float32") -> tuple[Any, Any, Any]:
    """The model, its tokenizer, and a clip as its encoder has it."""
    from faster_whisper import WhisperModel, decode_audio
    from faster_whisper.tokenizer import Tokenizer

    model = WhisperModel(str(ensure("base").path), compute_type=compute_type, cpu_threads=1, local_files_only=True)
    tokenizer = Tokenizer(model.hf_tokenizer, True, task="transcribe", language="vi")
    clip = decode_audio(str(shared / "speech" / "clips" / "FPTOpenSpeechData_Set001_V0.1_000024.mp3"))
    return model, tokenizer, encode(model, Window(0, clip), 400)


@cache
def in_floats() -> Decoder:
    """The decoder of base, opened once for all."""
    return Decoder.open(ensure("base").path)


def prompt_of(tokenizer: Any) -> list[int]:
    return [*tokenizer.sot_sequence, tokenizer.no_timestamps]


def align(model: Any, tokenizer: Any, encoded: Any, tokens: list[int]) -> Floats:
    (result,) = model.model.align(encoded, list(tokenizer.sot_sequence), [tokens], [300])
    found: Floats = np.log(np.maximum(np.asarray(result.text_token_probs, float), 1e-30))
    return found


@pytest.mark.slow
def test_base_scores_as_ctranslate2_aligns(shared: Path) -> None:
    model, tokenizer, encoded = base(shared)
    window = in_floats().on(np.asarray(encoded)[0], prompt_of(tokenizer))
    for text in TEXTS:
        tokens = tokenizer.encode(text)
        (aligned,) = window.align([[*tokens, tokenizer.eot]], 150, end=tokenizer.eot)
        found = aligned.scores[:-1]
        # Both in 32-bit floats, whose sums come out otherwise in another order.
        assert found == pytest.approx(align(model, tokenizer, encoded, tokens), abs=2e-3)


@pytest.mark.slow
def test_base_scores_as_ctranslate2_generates(shared: Path) -> None:
    model, tokenizer, encoded = base(shared)
    prompt = prompt_of(tokenizer)
    window = in_floats().on(np.asarray(encoded)[0], prompt)
    (result,) = model.model.generate(
        encoded, [prompt], beam_size=1, suppress_tokens=[], suppress_blank=False, return_scores=True
    )
    tokens = result.sequences_ids[0]
    (found,) = scores(window, [[*tokens, tokenizer.eot]])
    # Its score is divided by the length without the end of the text, whose share is in it.
    assert found.sum() == pytest.approx(result.scores[0] * len(tokens), abs=2e-3)


@pytest.mark.slow
def test_base_with_some_tokens_shares_among_these(shared: Path) -> None:
    _, tokenizer, encoded = base(shared)
    folder = ensure("base").path
    known = vietnamese_tokens(vocabulary_of(folder))
    some, whole = (
        decoder.on(np.asarray(encoded)[0], prompt_of(tokenizer))
        for decoder in (Decoder.open(folder, tokens=known), in_floats())
    )
    tokens = tokenizer.encode(TEXTS[0])
    expected, (found, state) = [], whole.first
    for token in tokens:
        expected.append(found[0, token] - np.logaddexp.reduce(found[0, known].astype(float)))
        found, state = whole.step(state, [token])
    assert scores(some, [tokens])[0] == pytest.approx(expected, abs=2e-3)


@pytest.mark.slow
def test_base_scores_as_openai_whisper(shared: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("whisper")
    from mediakit.speech.engines.openai_whisper import _load

    _, tokenizer, encoded = base(shared)
    prompt = prompt_of(tokenizer)
    sound_of_clip = np.asarray(encoded)
    tokens = [*tokenizer.encode(TEXTS[0]), tokenizer.eot]
    with torch.inference_mode():
        logits = _load(ensure("base")).decoder(torch.tensor([[*prompt, *tokens]]), torch.from_numpy(sound_of_clip))
    rows = logits[0, len(prompt) - 1 : -1].double().log_softmax(dim=-1).numpy()
    (found,) = scores(in_floats().on(sound_of_clip[0], prompt), [tokens])
    assert found == pytest.approx(rows[np.arange(len(tokens)), tokens], abs=2e-3)


@pytest.mark.slow
def test_8_bits_are_as_near_to_floats_as_ctranslate2s_are(shared: Path) -> None:
    from faster_whisper import WhisperModel

    model, tokenizer, encoded = base(shared)
    folder = ensure("base").path
    in_8_bits = WhisperModel(str(folder), compute_type="int8", cpu_threads=1, local_files_only=True)
    prompt, sound_of_clip = prompt_of(tokenizer), np.asarray(encoded)[0]
    texts = [tokenizer.encode(text) for text in TEXTS]
    floats, rounded = (
        np.concatenate(scores(decoder.on(sound_of_clip, prompt), texts))
        for decoder in (in_floats(), Decoder.open(folder, in_8_bits=True))
    )
    theirs = [np.concatenate([align(one, tokenizer, encoded, text) for text in texts]) for one in (model, in_8_bits)]
    own_error, their_error = np.abs(rounded - floats).mean(), np.abs(theirs[1] - theirs[0]).mean()
    assert own_error < 1.5 * their_error + 0.02


def test_layers_and_widths_are_read_from_the_file(tmp_path: Path) -> None:
    path = small_whisper.write(tmp_path, small_whisper.variables(layers=3, width=24, heads=2))
    found = read_decoder(path)
    assert (len(found.layers), found.width, found.heads) == (3, 24, 2)
