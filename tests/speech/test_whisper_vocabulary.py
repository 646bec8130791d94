"""A model with the tokens of Vietnamese only: which they are, and that it hears and weighs as the whole one does."""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS
from mediakit.speech.engine import Window
from mediakit.speech.engines import open_engine
from mediakit.speech.engines.faster_whisper import FasterWhisperEngine
from mediakit.speech.engines.faster_whisper import open_engine as open_faster_whisper
from mediakit.speech.engines.whisper_encoder import encode
from mediakit.speech.engines.whisper_vocabulary import (
    TrimmedWhisper,
    gains_by_trimming,
    vietnamese_tokens,
    vocabulary_of,
    write_model,
)
from mediakit.speech.models import Model, ensure
from tests.speech.foreign_voice import say, sound_of

SENTENCES = (
    "Bộ Công an vừa ban hành Thông tư số 36/2026/TT-BCA, có hiệu lực từ ngày 1/7.",
    "Người dân thành phố Hồ Chí Minh khuya hôm qua nghẹn ngào, quây quần bên nồi bánh chưng xanh.",
    "“Chúng tôi sẽ hỗ trợ 1,5 tỉ đồng…” – bà Nguyễn Thị Hương, Phó Chủ tịch UBND huyện Krông Pắk, nói.",
    "Xoèn xoẹt, loằng ngoằng, khúc khuỷu, nguệch ngoạc, ưỡn ẹo, ĐƯỜNG QUỐC LỘ, thuở xưa, gìn giữ, quýt, phở.",
)


class Planted:
    """Stands for CTranslate2's model: says what it was asked, and answers with ids of its own."""

    is_multilingual = True

    def __init__(self, answer: list[int]) -> None:
        self.answer, self.asked = answer, list[Any]()

    def generate(self, encoded: Any, prompts: Any, **options: Any) -> list[Any]:
        self.asked.append((prompts, options["suppress_tokens"]))
        return [_Result(self.answer) for _ in prompts]


class _Result:
    def __init__(self, ids: list[int]) -> None:
        self.sequences_ids, self.scores, self.no_speech_prob = [ids], [-0.5], 0.1


@pytest.fixture(scope="module")
def base() -> Model:
    return ensure("base")


def test_all_that_vietnamese_is_written_with_is_there(base: Model) -> None:
    tokenizer = Tokenizer.from_file(str(base.path / "tokenizer.json"))
    kept = set(vietnamese_tokens(vocabulary_of(base.path)))
    for text in SENTENCES:
        for way in (text, text.upper(), " " + text):
            assert [tokenizer.decode([i]) for i in tokenizer.encode(way).ids if i not in kept] == []
    assert len(kept) < 14_000


def test_every_control_token_but_times_stays(base: Model) -> None:
    vocabulary = vocabulary_of(base.path)
    kept = {vocabulary[i] for i in vietnamese_tokens(vocabulary)}
    assert {"<|startoftranscript|>", "<|vi|>", "<|en|>", "<|yue|>", "<|transcribe|>", "<|notimestamps|>"} - kept <= {
        "<|yue|>"
    }
    assert "<|nospeech|>" in kept or "<|nocaptions|>" in kept
    assert not {"<|0.00|>", "<|30.00|>"} & kept


def test_any_word_can_be_written_byte_by_byte(base: Model) -> None:
    vocabulary = vocabulary_of(base.path)
    kept = {vocabulary[i] for i in vietnamese_tokens(vocabulary)}
    assert {token for token in vocabulary if len(token) == 1} <= kept


def test_large_models_and_those_of_english_only_are_left_whole(tmp_path: Path) -> None:
    with (tmp_path / "model.bin").open("wb") as file:
        file.truncate(700_000_000)
    assert not gains_by_trimming(tmp_path, [""] * 51_865)
    (tmp_path / "model.bin").write_bytes(b"small")
    assert gains_by_trimming(tmp_path, [""] * 51_865)
    assert not gains_by_trimming(tmp_path, [""] * 51_864)


def test_the_vocabulary_is_read_in_either_form(tmp_path: Path) -> None:
    tokens = ["Ġcủa", "<|vi|>", "\u0100"]
    (tmp_path / "vocabulary.txt").write_text("\n".join(tokens) + "\n", encoding="utf-8")
    assert vocabulary_of(tmp_path) == tokens
    (tmp_path / "vocabulary.json").write_text(json.dumps(tokens), encoding="utf-8")
    assert vocabulary_of(tmp_path) == tokens


def test_who_asks_sees_the_ids_of_the_whole_model() -> None:
    trimmed = Planted([2, 3])
    model = TrimmedWhisper(trimmed, [10, 20, 30, 40], 20, lambda: pytest.fail("the whole model is not needed"))
    encoded = _storage(np.zeros((1, 1, 1), dtype=np.float32))
    (found,) = model.generate(encoded, [[10, 20]], suppress_tokens=[30, 35])
    assert trimmed.asked == [([[0, 1]], [2])], "a token that is not there needs no suppressing"
    assert (found.sequences_ids, found.scores, found.no_speech_prob) == ([[30, 40]], [-0.5], 0.1)


def test_other_languages_are_for_the_whole_model_which_is_opened_once() -> None:
    whole, opened = Planted([99]), list[int]()

    def open_whole() -> Planted:
        opened.append(1)
        return whole

    model = TrimmedWhisper(Planted([0]), [10, 20, 30], 20, open_whole)
    encoded = _storage(np.zeros((3, 1, 1), dtype=np.float32))
    for _ in range(2):
        found = model.generate(encoded, [[10, 20], [10, 21], [10, 20]], suppress_tokens=[30, 35])
        assert [one.sequences_ids for one in found] == [[[10]], [[99]], [[10]]], "each window by its own language"
    assert whole.asked == [([[10, 21]], [30, 35])] * 2
    assert len(opened) == 1


def _storage(values: Any) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(values)


def test_a_disk_without_room_is_said(base: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    from mediakit.errors import EngineError

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    opened = open_faster_whisper(base, language="vi")
    monkeypatch.setattr("mediakit.speech.engines.faster_whisper.write_model", full)
    with pytest.raises(EngineError, match="no room"):  # also of the whole model, in the middle of work
        _ = opened._model.model._whole
    with pytest.raises(EngineError, match="no room") as caught:
        open_faster_whisper(base, language="vi")
    assert caught.value.file == str(Path(gettempdir()))
    assert "TMPDIR" in caught.value.remedy


@pytest.mark.slow
def test_the_weights_are_the_models_own(base: Model, tmp_path: Path) -> None:
    from mediakit.speech.engines.ct2_weights import read_variables

    vocabulary = vocabulary_of(base.path)
    kept = vietnamese_tokens(vocabulary)
    write_model(base.path, tmp_path, vocabulary, kept, in_8_bits=False)
    own, made = read_variables(base.path / "model.bin"), read_variables(tmp_path / "model.bin")
    name = "decoder/embeddings/weight"
    assert list(own) == list(made)
    assert np.array_equal(own.pop(name)[kept], made.pop(name))
    assert all(np.array_equal(own[key], made[key]) for key in own)
    assert (tmp_path / "model.bin").read_bytes()[-64:] == (base.path / "model.bin").read_bytes()[-64:]
    ids, config = (
        json.loads((base.path / "config.json").read_text()),
        json.loads((tmp_path / "config.json").read_text()),
    )
    assert [kept[i] for i in config["lang_ids"]] == ids["lang_ids"]
    assert config["alignment_heads"] == ids["alignment_heads"]


@pytest.fixture(scope="module")
def both(base: Model) -> tuple[FasterWhisperEngine, FasterWhisperEngine]:
    """An engine with the tokens of Vietnamese, and one with all."""
    trimmed = open_faster_whisper(base, language="vi")
    whole = open_faster_whisper(base, language="en").in_language("vi")
    assert isinstance(trimmed._model.model, TrimmedWhisper)
    assert not isinstance(whole._model.model, TrimmedWhisper)
    return trimmed, whole


@pytest.mark.slow
def test_it_weighs_and_tells_languages_as_the_whole_model_does(
    both: tuple[FasterWhisperEngine, FasterWhisperEngine], readings: Path
) -> None:
    first = json.loads((readings / "ban-tin-day-du.truth.json").read_text(encoding="utf-8"))["spoken"][0]
    text, samples = first["text"], sound_of(readings / "ban-tin-day-du.mp3")
    window = Window(0, samples[first["start_ms"] * SAMPLES_PER_MS : first["end_ms"] * SAMPLES_PER_MS])
    trimmed, whole = (engine.weigh(window, [text])[0] for engine in both)
    assert trimmed.mean_gain == pytest.approx(whole.mean_gain, abs=0.05)
    assert trimmed.mean_gain > 0.5
    assert [(w.start_ms, w.end_ms) for w in trimmed.words] == [(w.start_ms, w.end_ms) for w in whole.words]
    assert both[0].languages_of(window)["vi"] == pytest.approx(both[1].languages_of(window)["vi"], abs=0.01)


@pytest.mark.slow
def test_a_foreign_voice_is_heard_by_the_whole_model(
    both: tuple[FasterWhisperEngine, FasterWhisperEngine], tmp_path: Path
) -> None:
    window = Window(0, sound_of(say(tmp_path / "english.wav")), "en")
    trimmed, whole = (engine.hear_together([window])[0].words for engine in both)
    assert [word.text for word in trimmed] == [word.text for word in whole]
    assert trimmed


@pytest.mark.slow
def test_nothing_is_left_on_the_disk(base: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor what a process left that was killed in opening; but what another may be opening just now."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    now, left, own = (tmp_path / name for name in ("mediakit-model-now", "mediakit-model-left", "kept"))
    for folder in (now, left, own):
        folder.mkdir()
        (folder / "model.bin").write_bytes(b"x")
    (tmp_path / "mediakit-model-link").symlink_to(own)
    os.utime(left, (0, 0))
    os.utime(own, (0, 0))
    os.utime(tmp_path / "mediakit-model-link", (0, 0), follow_symlinks=False)
    engine = open_engine("faster-whisper", base)
    assert {path.name for path in tmp_path.iterdir()} == {"mediakit-model-now", "mediakit-model-link", "kept"}
    assert [path.name for path in own.iterdir()] == ["model.bin"]
    assert isinstance(engine, FasterWhisperEngine)
    window = Window(0, np.full(SAMPLE_RATE, 0.1, dtype=np.float32))
    assert np.asarray(encode(engine._model, window, 1200)).shape == (1, 600, 512), "the encoder needs no file"
