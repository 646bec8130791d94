"""An engine that is opened when it is needed is, but for that, the engine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from mediakit.errors import EngineError, ModelMissing, UsageError
from mediakit.media.sound import SAMPLE_RATE
from mediakit.speech.engine import EngineInfo, HasCtcHead, HearsTogether, Window
from mediakit.speech.engines import ENGINE_PACKAGES, engine_when_needed, open_engine
from mediakit.speech.evidence import Judge
from mediakit.speech.models import CACHE_VARIABLE, ensure

ENGINES = ["faster-whisper", pytest.param("whisper", marks=pytest.mark.torch)]
WINDOW = Window(0, np.random.default_rng(0).normal(0, 0.01, SAMPLE_RATE).astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("own_folder", [False, True])
@pytest.mark.parametrize("name", ENGINES)
def test_is_what_the_opened_one_is(name: str, own_folder: bool) -> None:
    package, install = ENGINE_PACKAGES[name]
    if find_spec(package) is None:
        pytest.skip(f"needs the package {package} ({install})")
    model = str(ensure("base").path) if own_folder else "base"
    lazy, opened = engine_when_needed(name, model, language="vi"), open_engine(name, model, language="vi")
    assert lazy.info == opened.info
    assert isinstance(lazy, Judge) == isinstance(opened, Judge)
    assert type(lazy.opened) is type(opened)
    if isinstance(lazy, Judge) and isinstance(opened, Judge):
        assert lazy.weigh(WINDOW, ["Chiều nay", "mưa to"]) == opened.weigh(WINDOW, ["Chiều nay", "mưa to"])
    assert isinstance(lazy, HearsTogether) == isinstance(opened, HearsTogether)
    if isinstance(lazy, HearsTogether) and isinstance(opened, HearsTogether):
        assert lazy.hear_together([WINDOW]) == opened.hear_together([WINDOW])
    elif isinstance(lazy, HasCtcHead) and isinstance(opened, HasCtcHead):
        assert lazy.ctc(WINDOW) == opened.ctc(WINDOW) != b""


def test_a_known_model_need_not_be_here_as_long_as_nothing_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    monkeypatch.setitem(ENGINE_PACKAGES, "faster-whisper", ("khong_co_goi_nay", "pip install x"))
    engine = engine_when_needed("faster-whisper", "base", language="vi")
    sha256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert engine.info == EngineInfo("faster-whisper", "base", sha256, "vi")
    assert not list(tmp_path.iterdir())
    with pytest.raises(EngineError, match="pip install x"):
        engine.hear(WINDOW)


def test_what_there_is_not_is_known_at_once() -> None:
    with pytest.raises(UsageError, match="khong-co"):
        engine_when_needed("khong-co", "base")
    with pytest.raises(ModelMissing, match="khong-co"):
        engine_when_needed("faster-whisper", "khong-co")
