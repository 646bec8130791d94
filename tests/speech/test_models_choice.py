"""`--model auto`: the rule, by example and by its properties; and on this machine."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mediakit.errors import ModelMissing
from mediakit.speech.models import CACHE_VARIABLE, KNOWN, KnownModel, Machine, auto_model, choose_model
from tests.speech.model_hub import planted, whisper_files

HOUR = 3_600_000
MACHINES = st.builds(Machine, st.integers(100, 64_000), st.integers(1, 64), st.integers(0, 2))
HERE = st.lists(st.sampled_from(list(KNOWN.values())), min_size=1, unique_by=lambda model: model.name)
LENGTHS = st.none() | st.integers(1, 3 * HOUR)


def chosen(names: tuple[str, ...], machine: Machine, duration_ms: int | None) -> str:
    return choose_model([KNOWN[name] for name in names], machine, duration_ms)


@pytest.mark.parametrize(
    ("names", "machine", "duration_ms", "name"),
    [
        (("base",), Machine(300, 1), HOUR, "base"),  # what is here is used, though memory is short
        (("tiny", "base"), Machine(8_000, 2), HOUR, "base"),
        (("base", "small", "medium", "large-v3"), Machine(16_000, 2), HOUR, "small"),
        (("base", "small", "medium", "large-v3"), Machine(16_000, 2), 40_000, "large-v3"),
        (("base", "small", "medium", "large-v3"), Machine(16_000, 4), HOUR, "medium"),
        (("base", "small", "medium", "large-v3"), Machine(16_000, 8), None, "large-v3"),
        (("base", "small", "medium", "large-v3"), Machine(6_000, 8), None, "medium"),  # large does not fit
        (("base", "small", "medium", "large-v3"), Machine(16_000, 1, gpus=1), None, "large-v3"),
        (("small", "phowhisper-small"), Machine(16_000, 2), HOUR, "phowhisper-small"),
        (("zipformer-vi", "zipformer-vi-30m"), Machine(16_000, 2), HOUR, "zipformer-vi"),  # no commercial use
        (("large-v2", "medium"), Machine(1_000, 1), HOUR, "medium"),  # the best chance
    ],
)
def test_examples(names: tuple[str, ...], machine: Machine, duration_ms: int | None, name: str) -> None:
    assert chosen(names, machine, duration_ms) == name
    assert chosen(names[::-1], machine, duration_ms) == name


@pytest.mark.parametrize("names", [(), ("zipformer-vi-30m",)])
def test_nothing_to_choose_from(names: tuple[str, ...]) -> None:
    with pytest.raises(ModelMissing, match="mediakit models fetch base"):
        chosen(names, Machine(8_000, 2), None)


@given(HERE, MACHINES, LENGTHS)
def test_is_one_of_those_that_are_here(here: list[KnownModel], machine: Machine, duration_ms: int | None) -> None:
    if any(model.commercial_use for model in here):
        model = KNOWN[choose_model(here, machine, duration_ms)]
        assert model in here
        assert model.commercial_use


@given(HERE, MACHINES, LENGTHS)
def test_what_does_not_fit_gives_way_to_what_does(
    here: list[KnownModel], machine: Machine, duration_ms: int | None
) -> None:
    free = [model for model in here if model.commercial_use]
    if free and KNOWN[choose_model(here, machine, duration_ms)].memory_mb > 0.7 * machine.memory_mb:
        # Only the smallest is ever chosen although it does not fit.
        assert choose_model(here, machine, duration_ms) in {
            model.name for model in free if model.parameters == min(other.parameters for other in free)
        }


@given(MACHINES, LENGTHS)
def test_more_memory_or_cores_never_choose_worse(machine: Machine, duration_ms: int | None) -> None:
    here = [KNOWN[name] for name in ("base", "small", "medium", "large-v3")]
    more = Machine(machine.memory_mb * 2, machine.cores * 2, machine.gpus)
    worse, better = (KNOWN[choose_model(here, at, duration_ms)].quality for at in (machine, more))
    assert better >= worse


def test_what_is_broken_is_not_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two that are here, the better has a changed byte, which only reading it shows."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path))
    good, broken = planted(whisper_files(), name="tot"), planted(whisper_files(), name="hong")
    for model in (good, broken):
        home = tmp_path / "models" / model.name
        home.mkdir(parents=True)
        for name, data in whisper_files().items():
            (home / name).write_bytes(data)
    config = tmp_path / "models" / "hong" / "config.json"
    config.write_bytes(config.read_bytes().replace(b"[]", b"{}"))
    monkeypatch.setattr("mediakit.speech.models.here.packaged", lambda _: False)
    with patch.dict(KNOWN, {"hong": broken, "tot": good}, clear=True):
        assert auto_model("faster-whisper") == "tot"
        assert auto_model("whisper") == "tot"
        with pytest.raises(ModelMissing):
            auto_model("sherpa")


def test_the_list_is_sound() -> None:
    for name, model in KNOWN.items():
        assert model.name == name
        assert model.licence
        assert model.size_bytes > 1_000_000
        known = [source.size_bytes for source in model.files.values()]
        if None not in known:
            assert model.size_bytes == sum(size or 0 for size in known)
        if model.errors:
            assert model.errors.source
            assert all(0 < percent < 100 for percent in model.errors.percent.values())
        for source in model.files.values():
            assert source.sha256 is None or len(source.sha256) == 64
            assert source.repository or source.parts or model.archive
