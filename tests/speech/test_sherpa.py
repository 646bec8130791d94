"""sherpa-onnx on models with planted answers: what it hears is known, and a broken model is an error, no dead process.

The real sherpa-onnx loads and decodes them (`planted_transducer.py`).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest

from mediakit.errors import EngineError, ModelCorrupt
from mediakit.media.sound import Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.engines import ENGINE_PACKAGES, open_engine
from mediakit.speech.engines.sherpa_form import read_vocabulary, require_ctc, require_transducer
from mediakit.speech.evidence import Judge
from mediakit.speech.models import Model
from tests.speech.planted_transducer import FRAME_MS, PIECES, SCORE, ctc, quiet, tone, transducer

Make = Callable[[Path], Model]
MAKERS: dict[str, Make] = {
    "transducer": transducer,
    "ctc": ctc,
    "nemo-ctc": lambda folder: ctc(folder, family="EncDecCTCModelBPE"),
}


def opened(model: Model) -> Engine:
    return open_engine("sherpa", model, language="vi", threads=1)


@pytest.fixture(scope="module", params=list(MAKERS))
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return MAKERS[request.param](tmp_path_factory.mktemp("planted"))


@pytest.fixture(scope="module")
def engine(model: Model) -> Engine:
    return opened(model)


def sentence() -> Samples:
    """Xin chào … Việt Nam, with a pause of a second after 900 ms."""
    said = [tone("▁XIN"), tone("▁CH", 150), tone("ÀO", 150), quiet(1000), tone(PIECES[3]), tone("▁NAM")]
    return np.concatenate([quiet(400), *said, quiet(400)])


def test_hears_the_planted_words_at_their_times(engine: Engine) -> None:
    words = engine.hear(Window(10_000, sentence()))
    assert [word.text for word in words] == ["xin", "chào", "việt", "nam"]
    starts = [10_400, 10_600, 11_900, 12_100]
    assert all(abs(word.start_ms - start) <= FRAME_MS for word, start in zip(words, starts, strict=True))
    assert [w.end_ms for w in words[:1]] == [words[1].start_ms]
    # The last token of `chào` begins 150 ms after the word, and the pause belongs to no word.
    assert words[1].end_ms <= 10_750 + 280 + FRAME_MS < words[2].start_ms


def test_scores_are_the_models_where_there_are_any(engine: Engine, model: Model) -> None:
    expected = SCORE if model.form == "sherpa-transducer" else 0.5
    assert [word.score for word in engine.hear(Window(0, sentence()))] == pytest.approx([expected] * 4, abs=1e-3)


def test_a_word_may_be_said_twice(engine: Engine) -> None:
    sound = np.concatenate([quiet(200), tone("▁NAM"), quiet(200), tone("▁NAM"), quiet(200)])
    assert [word.text for word in engine.hear(Window(0, sound))] == ["nam", "nam"]


def test_a_word_up_to_the_last_sample_is_inside(engine: Engine) -> None:
    window = Window(5_000, np.concatenate([quiet(200), tone("▁XIN", 60)]))
    (word,) = engine.hear(window)
    assert word.end_ms <= window.end_ms


@pytest.mark.parametrize("samples", [0, 1, 160, 1599, 1600, 16_000])
def test_little_or_no_sound_gives_no_words(engine: Engine, samples: int) -> None:
    assert engine.hear(Window(0, np.zeros(samples, np.float32))) == ()


def test_cannot_weigh(engine: Engine) -> None:
    assert not isinstance(engine, Judge)


def test_small_letters_stay_as_they_are(tmp_path: Path) -> None:
    engine = opened(transducer(tmp_path, ["▁Xin", "▁ch", "ào", "▁Việt"]))
    assert [word.text for word in engine.hear(Window(0, sentence()))] == ["Xin", "chào", "Việt"]


def test_a_vocabulary_of_syllables(tmp_path: Path) -> None:
    engine = opened(ctc(tmp_path, ["xin", "chào", "các", "bạn"]))
    assert [word.text for word in engine.hear(Window(0, sentence()))] == ["xin", "chào", "các", "bạn"]


def test_another_engine_is_named_for_a_model_of_another_form(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="sherpa-ctc") as caught:
        open_engine("faster-whisper", ctc(tmp_path))
    assert caught.value.remedy == "Give `--engine sherpa`."
    with pytest.raises(EngineError, match="whisper-ctranslate2") as caught:
        open_engine("sherpa", Model("base", tmp_path, "0" * 64))
    assert caught.value.remedy == "Give `--engine faster-whisper`."


def test_a_package_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENGINE_PACKAGES, "sherpa", ("khong_co_goi_nay", "pip install x"))
    with pytest.raises(EngineError, match="pip install x"):
        open_engine("sherpa", ctc(tmp_path))


# --- broken models ---------------------------------------------------------------------------------------------------


def rewritten(path: Path, change: Callable[[onnx.ModelProto], None]) -> None:
    network = onnx.load(str(path))
    change(network)
    onnx.save(network, str(path))


def resized(network: onnx.ModelProto) -> None:
    """One score less than before: the last column of the joiner goes."""
    for tensor in network.graph.initializer:
        array = onnx.numpy_helper.to_array(tensor)
        tensor.CopyFrom(onnx.numpy_helper.from_array(array[..., :-1].copy(), tensor.name))
    del network.graph.output[0].type.tensor_type.shape.dim[:]


def decoder_without(key: str) -> Make:
    whole = {"vocab_size": "10", "context_size": "2"}
    return lambda folder: transducer(folder, metadata={k: v for k, v in whole.items() if k != key})


def decoder_with(key: str, value: str) -> Make:
    return lambda folder: transducer(folder, metadata={"vocab_size": "10", "context_size": "2", key: value})


def with_file(make: Make, name: str, data: bytes) -> Make:
    def broken(folder: Path) -> Model:
        made = make(folder)
        (folder / name).write_bytes(data)
        return made

    return broken


def with_swapped(first: str, second: str) -> Make:
    def broken(folder: Path) -> Model:
        made = transducer(folder)
        (folder / first).write_bytes((folder / second).read_bytes())
        return made

    return broken


def without_file(make: Make, name: str) -> Make:
    def broken(folder: Path) -> Model:
        made = make(folder)
        (folder / name).unlink()
        return made

    return broken


def with_a_score_too_few(folder: Path) -> Model:
    made = transducer(folder)
    rewritten(folder / "joiner.onnx", resized)
    return made


BROKEN: dict[str, tuple[Make, str]] = {
    "no vocab_size": (decoder_without("vocab_size"), "no vocab_size"),
    "no context_size": (decoder_without("context_size"), "no context_size"),
    "no context": (decoder_with("context_size", "0"), "'0' for context_size"),
    "a context below nothing": (decoder_with("context_size", "-2"), "'-2' for context_size"),
    "a context of words": (decoder_with("context_size", "hai"), "'hai' for context_size"),
    "a vast context": (decoder_with("context_size", "9" * 30), "for context_size"),
    "more scores promised than given": (decoder_with("vocab_size", "5000"), "gives 10 scores a frame, not the 5000"),
    "fewer scores promised than given": (decoder_with("vocab_size", "9"), "gives 10 scores a frame, not the 9"),
    "fewer scores given": (with_a_score_too_few, "gives 9 scores a frame, not the 10"),
    "joiner for encoder": (with_swapped("encoder.onnx", "joiner.onnx"), "encoder.onnx"),
    "encoder for joiner": (with_swapped("joiner.onnx", "encoder.onnx"), "joiner.onnx"),
    "encoder for decoder": (with_swapped("decoder.onnx", "encoder.onnx"), "decoder.onnx"),
    "no joiner": (without_file(transducer, "joiner.onnx"), "no joiner"),
    "rubbish": (with_file(transducer, "encoder.onnx", b"x" * 1000), "no ONNX network"),
    "an empty file": (with_file(transducer, "encoder.onnx", b""), "no ONNX network"),
    "half a vocabulary": (with_file(transducer, "tokens.txt", b"<blk> 0\n<sos/eos> 1\n"), "no symbol 2"),
    "a vocabulary of three columns": (with_file(ctc, "tokens.txt", b"<blk> 0\na b c\n"), "line 2"),
    "a vocabulary without numbers": (with_file(ctc, "tokens.txt", b"<blk> a\n"), "line 1"),
    "a vocabulary with a number below nothing": (with_file(ctc, "tokens.txt", b"<blk> -1\n"), "line 1"),
    "an empty vocabulary": (with_file(ctc, "tokens.txt", b""), "is empty"),
    "no vocabulary": (without_file(ctc, "tokens.txt"), "no tokens"),
    "bytes for a vocabulary": (with_file(ctc, "tokens.txt", bytes(range(256))), "not UTF-8"),
    "a vocabulary as long as a film": (with_file(ctc, "tokens.txt", b"a 1\n" * (1 << 20) + b"a"), "too large"),
    "byte-level BPE": (with_file(ctc, "tokens.txt", "<blk> 0\n▁Ƌ 1\n".encode()), "byte-level"),
    "no blank": (with_file(ctc, "tokens.txt", b"a 0\nb 1\n"), "has none of <blk>"),
    "a CTC of another kind": (lambda folder: ctc(folder, metadata={"model_type": "tdnn"}), "'tdnn'"),
    "NeMo's without metadata": (
        lambda folder: ctc(folder, family="EncDecCTCModel", metadata={"model_type": "EncDecCTCModel"}),
        "no subsampling_factor",
    ),
    "a transducer's encoder for a CTC": (
        lambda folder: Model("x", folder, "0" * 64, "sherpa-ctc", {**transducer(folder).files, "model": folder / "x"}),
        "no model",
    ),
}


@pytest.mark.parametrize("what", list(BROKEN))
def test_a_broken_model_is_named_with_its_reason(what: str, tmp_path: Path) -> None:
    make, reason = BROKEN[what]
    with pytest.raises(ModelCorrupt, match=reason) as caught:
        opened(make(tmp_path))
    assert caught.value.file is None or str(tmp_path) in caught.value.file
    assert caught.value.remedy


def test_sherpa_itself_would_end_the_process(tmp_path: Path) -> None:
    """The reason for the look beforehand: if this fails, it may be done without."""
    broken = decoder_without("vocab_size")(tmp_path)
    paths = {name: str(path) for name, path in broken.files.items()}
    program = (
        "import sherpa_onnx\n"
        f"try: sherpa_onnx.OfflineRecognizer.from_transducer(**{paths!r})\n"
        "except BaseException: print('caught')\n"
        "print('alive')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert done.stdout == b""


def test_whole_models_pass_the_look(tmp_path: Path) -> None:
    assert require_transducer(transducer(tmp_path / "t").files).symbols[3] == "▁XIN"
    assert require_ctc(ctc(tmp_path / "c").files)[0] == "zipformer"
    assert require_ctc(ctc(tmp_path / "n", family="EncDecHybridRNNTCTCBPEModel").files)[0] == "nemo"


def test_a_vocabulary_may_have_windows_lines_and_more_symbols_than_the_network(tmp_path: Path) -> None:
    (tmp_path / "tokens.txt").write_bytes("<blk> 0\r\n▁a\t1\r\n2\r\n#0 3\r\n".encode())
    assert dict(read_vocabulary(tmp_path / "tokens.txt").symbols) == {0: "<blk>", 1: "▁a", 2: "▁", 3: "#0"}
