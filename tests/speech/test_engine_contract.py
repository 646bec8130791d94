"""What every engine promises: one list of tests, run over all of them, on real weights or planted answers.

Whisper hears real speech; sherpa-onnx, of which no model is in any package, hears tones that are words to a tiny model.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import EngineError, UsageError
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.ctc.forward import log_probs
from mediakit.speech.ctc.frames import FRAME_MS, Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import Engine, HasCtcHead, HearsTogether, Window
from mediakit.speech.engines import ENGINE_FORMS, ENGINE_PACKAGES, open_engine
from mediakit.speech.evidence import Judge
from mediakit.speech.hear import together
from mediakit.speech.languages import KnowsLanguages
from mediakit.speech.models import Model
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import spoken
from tests.speech.planted_transducer import PIECES, ctc, quiet, tone, transducer

ROOT = Path(__file__).resolve().parents[2]
torch = pytest.mark.torch
slow = pytest.mark.slow
#: Whisper on the embedded model; sherpa-onnx on planted ones.
EARS = [
    pytest.param("faster-whisper", marks=slow),
    pytest.param("whisper", marks=[slow, torch]),
    "sherpa transducer",
    "sherpa ctc",
]
WHISPER = EARS[:2]
BASE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


@dataclass(frozen=True)
class Ear:
    """An engine, its model, some seconds of sound, the words that it hears there from 90 s on, and how long it took."""

    engine: Engine
    model: Model | str
    window: Window
    words: tuple[Word, ...]
    took_s: float

    @classmethod
    def of(cls, name: str, model: Model | str, speech: Samples) -> Ear:
        """Open an engine and let it hear."""
        engine, window = open_engine(name, model, language="vi", threads=1), Window(90_000, speech)
        begin = time.monotonic()
        words = engine.hear(window)
        return cls(engine, model, window, words, time.monotonic() - begin)

    def part(self, start_ms: int, seconds: int) -> Window:
        """The first seconds of the sound, as if they began elsewhere."""
        return Window(start_ms, self.window.samples[: seconds * SAMPLE_RATE])


def needs(name: str) -> None:
    package, install = ENGINE_PACKAGES[name]
    if find_spec(package) is None:
        pytest.skip(f"needs the package {package} ({install})")


@pytest.fixture(scope="module")
def make_ear(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ear]:
    """Ears by name, each opened once."""

    @cache
    def make(ear: str) -> Ear:
        name, _, kind = ear.partition(" ")
        needs(name)
        if not kind:
            return Ear.of(name, "base", request.getfixturevalue("speech"))
        planted = (ctc if kind == "ctc" else transducer)(tmp_path_factory.mktemp("planted"))
        return Ear.of(name, planted, tones())

    return make


@pytest.fixture(params=EARS)
def ear(request: pytest.FixtureRequest, make_ear: Callable[[str], Ear]) -> Ear:
    return make_ear(request.param)


@pytest.fixture(params=WHISPER)
def whisper_ear(request: pytest.FixtureRequest, make_ear: Callable[[str], Ear]) -> Ear:
    return make_ear(request.param)


@pytest.fixture(scope="module")
def speech(readings: Path) -> Samples:
    """The first two sentences of a reading, to just behind the second: half a sentence is anything to a model."""
    path = readings / "ban-tin-mot-phan.mp3"
    with closing(decode(path, choose_audio(probe(path)))) as blocks:
        return np.concatenate(list(islice(blocks, 6)))[: 5_750 * SAMPLES_PER_MS]


def tones() -> Samples:
    """Xin chào … Việt Nam … Nguyễn, three times over."""
    once = [quiet(300), tone("▁XIN"), tone("▁CH", 150), tone("ÀO", 150), quiet(400), tone(PIECES[3]), tone("▁NAM")]
    return np.concatenate([*once, quiet(200), tone(PIECES[5])] * 3 + [quiet(300)])


def test_every_engine_is_tried(make_ear: Callable[[str], Ear]) -> None:
    tried = {str(getattr(ear, "values", (ear,))[0]).split()[0] for ear in EARS}
    assert tried == set(ENGINE_PACKAGES) == set(ENGINE_FORMS)


def test_words_keep_what_an_engine_promises(ear: Ear) -> None:
    words, window = ear.words, ear.window
    assert len(words) >= 8
    assert window.start_ms <= words[0].start_ms
    assert words[-1].end_ms <= window.end_ms
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))
    for word in words:
        assert 0.0 <= word.score <= 1.0
        assert unicodedata.is_normalized("NFC", word.text)
        assert word.text.split() == [word.text]


def test_keeps_nothing_from_one_file_to_the_next_and_touches_no_sound(ear: Ear) -> None:
    """A, then B, then A again, as if it began elsewhere: times count from the media's start."""
    other = ear.part(0, 3)  # some speech: of noises Whisper tries ever other readings, for minutes
    ear.engine.hear(other)
    if isinstance(ear.engine, Judge):
        ear.engine.weigh(other, ["Giá vàng"])
    sound = ear.window.samples.copy()
    sound.setflags(write=False)
    later = ear.engine.hear(Window(7_000, sound))
    earlier = 90_000 - 7_000
    assert [replace(w, start_ms=w.start_ms + earlier, end_ms=w.end_ms + earlier) for w in later] == list(ear.words)
    assert np.array_equal(sound, ear.window.samples)


def test_silence_gives_no_words(ear: Ear) -> None:
    assert ear.engine.hear(Window(0, np.zeros(2 * SAMPLE_RATE, dtype=np.float32))) == ()


@pytest.mark.parametrize("samples", [0, 1, 160, 319])
def test_no_sound_gives_no_words(ear: Ear, samples: int) -> None:
    assert ear.engine.hear(Window(500, np.full(samples, 0.1, dtype=np.float32))) == ()


def test_says_what_it_is(ear: Ear) -> None:
    info = ear.engine.info
    assert info.name in ENGINE_PACKAGES
    assert info.language == "vi"
    assert info.model == (ear.model if isinstance(ear.model, str) else ear.model.name)
    assert info.model_sha256 == (BASE_SHA256 if isinstance(ear.model, str) else ear.model.model_sha256)


@pytest.mark.parametrize("name", WHISPER)
def test_the_language_is_the_one_asked_for(name: str, make_ear: Callable[[str], Ear]) -> None:
    """Heard as English, Vietnamese has no letters that English has not; heard as Vietnamese it has many."""
    ear = make_ear(name)
    english = open_engine(name, "base", language="en", threads=1)
    assert english.info.language == "en"
    assert marked_letters(ear.words) >= 5
    assert marked_letters(english.hear(ear.part(0, 3))) == 0


def marked_letters(words: tuple[Word, ...]) -> int:
    return sum(len(unicodedata.normalize("NFD", c)) > 1 or c in "đĐ" for word in words for c in word.text)


def test_tells_which_language_is_spoken_where_it_can(ear: Ear) -> None:
    if not isinstance(ear.engine, KnowsLanguages):
        assert not hasattr(ear.engine, "languages_of")
        return
    probabilities = ear.engine.languages_of(ear.window)
    assert sum(probabilities.values()) == pytest.approx(1.0, abs=0.01)
    assert max(probabilities, key=lambda code: probabilities[code]) == "vi"
    with pytest.raises(UsageError, match="khong-co"):
        ear.engine.in_language("khong-co")


@pytest.mark.parametrize("name", WHISPER)
def test_one_model_hears_in_several_languages(name: str, make_ear: Callable[[str], Ear]) -> None:
    ear = make_ear(name)
    assert isinstance(ear.engine, KnowsLanguages)
    english = ear.engine.in_language("en")
    assert english.info == replace(ear.engine.info, language="en")
    assert ear.engine.in_language("en") is english
    assert isinstance(english, KnowsLanguages)
    assert english.in_language("vi") is ear.engine
    part = ear.part(90_000, 3)
    heard = english.hear(part)
    assert heard == ear.engine.hear(replace(part, language="en"))
    assert marked_letters(heard) == 0
    assert isinstance(english, Judge)
    assert isinstance(ear.engine, Judge)
    assert english.weigh(part, [SAID]) == ear.engine.weigh(replace(part, language="en"), [SAID])
    assert english.weigh(part, [SAID]) != ear.engine.weigh(part, [SAID])


SAID = "Vận hành máy đập lúa an."
OTHERS = ["Hai người gục chết giữa phố nghi do va chạm.", "Giá vàng hôm nay tăng thêm hai triệu đồng."]


@pytest.mark.parametrize("name", WHISPER)
def test_a_judge_tells_what_was_said_from_what_was_not(name: str, make_ear: Callable[[str], Ear]) -> None:
    ear = make_ear(name)
    assert isinstance(ear.engine, Judge)
    window = ear.part(40_000, 5)
    truth, *wrong = ear.engine.weigh(window, [SAID, *OTHERS])
    assert truth.mean_gain > 0.55
    assert all(evidence.mean_gain < 0.4 for evidence in wrong)
    assert [w.tokens > 0 for w in truth.words] == [True] * len(SAID.split())
    assert all(window.start_ms <= w.start_ms <= w.end_ms <= window.end_ms for w in truth.words)
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(truth.words))
    assert ear.engine.weigh(window, [SAID])[0].mean_gain == pytest.approx(truth.mean_gain, abs=0.05)
    assert ear.engine.weigh(window, []) == ()
    nothing = ear.engine.weigh(Window(0, np.zeros(2 * SAMPLE_RATE, dtype=np.float32)), [SAID])
    assert nothing[0].mean_gain < 0.4


def frames_of(window: Window, engine: Engine) -> Frames:
    """What an engine's CTC head gives for a window in the engine's own language."""
    (hearing,) = together([replace(window, language=engine.info.language)], engine)
    return Frames.unpacked(window.start_ms, hearing.ctc, len(inventory().units) + 1)


@pytest.mark.parametrize("name", WHISPER)
def test_a_ctc_head_tells_what_was_said_from_what_was_not(name: str, make_ear: Callable[[str], Ear]) -> None:
    ear = make_ear(name)
    window = ear.part(40_000, 5)
    frames = frames_of(window, ear.engine)
    assert list(frames.times) == list(range(window.start_ms, window.end_ms, FRAME_MS))
    assert np.exp(frames.log_probs()).sum(axis=1) == pytest.approx(1.0, abs=0.1)
    texts = [inventory().spelt([s for word in text.split() for s in spoken(word)]) for text in (SAID, *OTHERS)]
    truth, *wrong = log_probs(frames.log_probs(), texts)
    assert truth > max(wrong) + 20


@pytest.mark.parametrize("name", WHISPER)
def test_there_are_no_frames_of_a_ctc_head_in_another_language(name: str, make_ear: Callable[[str], Ear]) -> None:
    ear, part = make_ear(name), make_ear(name).part(0, 3)
    (foreign,) = together([replace(part, language="en")], ear.engine)
    assert (foreign.language, foreign.ctc) == ("en", b"")
    assert isinstance(ear.engine, KnowsLanguages)
    (english,) = together([replace(part, language="en")], ear.engine.in_language("en"))
    assert (english.words, english.language, english.ctc) == (foreign.words, None, b"")


@pytest.mark.parametrize("name", EARS[2:])
def test_who_has_no_ctc_head_gives_no_frames(name: str, make_ear: Callable[[str], Ear]) -> None:
    ear = make_ear(name)
    assert not isinstance(ear.engine, HasCtcHead | HearsTogether)
    (hearing,) = together([ear.window], ear.engine)
    assert (hearing.words, hearing.ctc) == (ear.words, b"")


def test_no_sound_gives_no_frames(ear: Ear) -> None:
    (hearing,) = together([Window(500, np.zeros(0, np.float32), "vi")], ear.engine)
    assert (hearing.words, hearing.ctc) == ((), b"")


@slow
@torch
def test_the_ctc_head_hears_the_same_with_the_reference(make_ear: Callable[[str], Ear]) -> None:
    """One encodes in 8 bits and with 12 s of room, the other in floats and with little more than there is."""
    default, reference = make_ear("faster-whisper"), make_ear("whisper")
    window = default.part(0, 5)
    one, other = (frames_of(window, ear.engine).steps for ear in (default, reference))
    assert one.shape == other.shape
    assert np.mean(one.argmin(axis=1) == other.argmin(axis=1)) > 0.9


@slow
@torch
def test_the_reference_hears_and_weighs_the_same_on_the_same_weights(make_ear: Callable[[str], Ear]) -> None:
    default, reference = make_ear("faster-whisper"), make_ear("whisper")
    heard = [{w.text.lower().strip(".,") for w in ear.words} for ear in (default, reference)]
    # One searches by the language and the CTC head too, the other by the sound alone.
    assert len(heard[0] & heard[1]) >= 0.5 * len(heard[0] | heard[1])
    window = default.part(0, 5)
    assert isinstance(default.engine, Judge)
    assert isinstance(reference.engine, Judge)
    (one,), (other,) = (engine.weigh(window, [SAID]) for engine in (default.engine, reference.engine))
    assert all(abs(a.start_ms - b.start_ms) <= 100 for a, b in zip(one.words, other.words, strict=True))


#: Hears a window again and again.
CHILD = """
import sys
import numpy as np
from pathlib import Path
from mediakit.speech.engine import Window
from mediakit.speech.engines import open_engine
name, model, form, sound = sys.argv[1:]
if form:
    from tests.speech.planted_transducer import ctc, transducer
    model = (ctc if form == "ctc" else transducer)(Path(model))
engine, window = open_engine(name, model, threads=1), Window(0, np.load(sound))
print("listening", flush=True)
while True:
    engine.hear(window)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no interrupt to one process")
@pytest.mark.alone
@pytest.mark.parametrize("name", EARS)
def test_an_interrupt_ends_it_within_a_second_after_the_native_call(
    name: str, make_ear: Callable[[str], Ear], tmp_path: Path
) -> None:
    """Native code is not interrupted: what is in hand is heard to its end at most, and nothing after it."""
    engine, _, form = name.partition(" ")
    ear = make_ear(name)
    np.save(tmp_path / "sound.npy", ear.window.samples)
    model = ear.model if isinstance(ear.model, str) else str(tmp_path / "model")
    command = [sys.executable, "-c", CHILD, engine, model, form, str(tmp_path / "sound.npy")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "listening\n"
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        begin = time.monotonic()
        _, errors = child.communicate(timeout=60)
    assert time.monotonic() - begin < ear.took_s + 1.0
    assert child.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors


def test_an_engine_nobody_knows() -> None:
    with pytest.raises(UsageError, match="khong-co"):
        open_engine("khong-co", "base")


def test_a_package_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINE_PACKAGES, "whisper", ("khong_co_goi_nay", "pip install x"))
    with pytest.raises(EngineError, match="pip install x"):
        open_engine("whisper", "base")
