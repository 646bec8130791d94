"""What every engine promises, on real weights and real speech."""

from __future__ import annotations

from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import EngineError, UsageError
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.engines import ENGINE_PACKAGES, open_engine
from mediakit.speech.evidence import Judge

slow = pytest.mark.slow


@pytest.fixture(
    scope="module",
    params=["faster-whisper", pytest.param("whisper", marks=pytest.mark.torch)],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine on the embedded model."""
    package, install = ENGINE_PACKAGES[request.param]
    if find_spec(package) is None:
        pytest.skip(f"needs the package {package} ({install})")
    return open_engine(request.param, "base", language="vi")


@pytest.fixture(scope="module")
def speech(readings: Path) -> Samples:
    """The first twelve seconds of a reading: three whole sentences."""
    path = readings / "ban-tin-mot-phan.mp3"
    blocks = decode(path, choose_audio(probe(path)))
    sound = np.concatenate([next(blocks) for _ in range(12)])
    blocks.close()
    return sound


@slow
def test_words_are_in_order_and_inside_the_window(engine: Engine, speech: Samples) -> None:
    window = Window(90_000, speech)
    words = engine.hear(window)
    assert len(words) >= 10
    assert words[0].start_ms >= window.start_ms
    assert words[-1].end_ms <= window.end_ms
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))


@slow
def test_keeps_nothing_from_one_window_to_the_next(engine: Engine, speech: Samples) -> None:
    first = engine.hear(Window(0, speech))
    engine.hear(Window(0, speech[: 5 * SAMPLE_RATE]))
    assert engine.hear(Window(0, speech)) == first


@slow
def test_times_count_from_the_media_start(engine: Engine, speech: Samples) -> None:
    here, later = engine.hear(Window(0, speech)), engine.hear(Window(7_000, speech))
    assert [(w.start_ms + 7_000, w.text) for w in here] == [(w.start_ms, w.text) for w in later]


@slow
def test_silence_gives_no_words(engine: Engine) -> None:
    assert engine.hear(Window(0, np.zeros(10 * SAMPLE_RATE, dtype=np.float32))) == ()


@slow
def test_says_what_it_is(engine: Engine) -> None:
    assert engine.info.name in ENGINE_PACKAGES
    assert engine.info.model == "base"
    assert engine.info.language == "vi"
    assert engine.info.model_sha256 is not None
    assert engine.info.model_sha256.startswith("d01c3014881c")


@slow
@pytest.mark.torch
def test_the_reference_hears_the_same_on_the_same_weights(speech: Samples) -> None:
    if find_spec("whisper") is None:
        pytest.skip("needs the package whisper (pip install 'mediakit[whisper]')")
    heard = [
        {w.text.lower().strip(".,") for w in open_engine(name, "base").hear(Window(0, speech))}
        for name in ENGINE_PACKAGES
    ]
    # One computes in 8-bit integers, the other in float32; and their beams differ in patience.
    assert len(heard[0] & heard[1]) >= 0.7 * len(heard[0] | heard[1])


@slow
def test_the_judge_tells_what_was_said_from_what_was_not(speech: Samples) -> None:
    judge = open_engine("faster-whisper", "base", language="vi")
    assert isinstance(judge, Judge)
    window = Window(40_000, speech[: 6_000 * SAMPLES_PER_MS])
    said = "Vận hành máy đập lúa an."
    others = ["Hai người gục chết giữa phố nghi do va chạm.", "Giá vàng hôm nay tăng thêm hai triệu đồng."]
    truth, *wrong = judge.weigh(window, [said, *others])
    assert truth.mean_gain > 0.55
    assert all(evidence.mean_gain < 0.4 for evidence in wrong)
    assert [w.tokens > 0 for w in truth.words] == [True] * len(said.split())
    assert all(window.start_ms <= w.start_ms <= w.end_ms <= window.end_ms for w in truth.words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(truth.words))
    assert judge.weigh(window, [said])[0].mean_gain == pytest.approx(truth.mean_gain, abs=0.05)


def test_an_engine_nobody_knows() -> None:
    with pytest.raises(UsageError, match="khong-co"):
        open_engine("khong-co", "base")


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINE_PACKAGES, "whisper", ("khong_co_goi_nay", "pip install x"))
    with pytest.raises(EngineError, match="pip install x"):
        open_engine("whisper", "base")
