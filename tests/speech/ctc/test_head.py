"""The head: its file, its graph against the same in NumPy, and what it tells of real speech."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.speech.ctc.forward import log_probs
from mediakit.speech.ctc.frames import Frames
from mediakit.speech.ctc.head import CtcHead, head_of, inventory, read, write
from mediakit.speech.engine import Window
from mediakit.speech.engines.whisper_encoder import encode, frames_of, room_for
from mediakit.speech.models import ensure
from mediakit.vietnamese.spoken import spoken

Weights = dict[str, NDArray[np.float32]]
WIDTH, CHANNELS, UNITS, KERNEL = 6, 4, ["_", "b-", "a", "=0"], 3


def weights(seed: int) -> Weights:
    """Two blocks."""
    shapes: dict[str, tuple[int, ...]] = {"n": (WIDTH,), "i": (CHANNELS, WIDTH), "f": (CHANNELS,)}
    for block in range(2):
        own = {"n": (CHANNELS,), "a": (2 * CHANNELS, CHANNELS), "c": (CHANNELS, 1, KERNEL), "b": (CHANNELS, CHANNELS)}
        shapes |= {f"bl.{block}.{name}": shape for name, shape in own.items()}
    shapes["o"] = (len(UNITS), CHANNELS)
    dice = np.random.default_rng(seed)
    found = {f"{name}.weight": dice.normal(size=shape) for name, shape in shapes.items()}
    found |= {f"{name}.bias": dice.normal(size=shape[0]) for name, shape in shapes.items()}
    return {name: values.astype(np.float32) for name, values in found.items()}


def in_numpy(own: Weights, x: NDArray[np.float32]) -> NDArray[Any]:
    """What the graph gives, a step at a time."""

    def norm(name: str, x: Any) -> Any:
        centred = x - x.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5)
        return scaled * own[f"{name}.weight"] + own[f"{name}.bias"]

    def linear(name: str, x: Any) -> Any:
        return x @ own[f"{name}.weight"].T + own[f"{name}.bias"]

    def sigmoid(x: Any) -> Any:
        return 1 / (1 + np.exp(-x))

    y: NDArray[Any] = linear("i", norm("n", x))
    for block in ("bl.0", "bl.1"):
        half, gate = np.split(linear(f"{block}.a", norm(f"{block}.n", y)), 2, axis=1)
        gated = np.pad(half * sigmoid(gate), ((KERNEL // 2, KERNEL // 2), (0, 0)))
        kernel = own[f"{block}.c.weight"][:, 0]
        over_time = np.array([(gated[i : i + KERNEL] * kernel.T).sum(axis=0) for i in range(len(y))])
        over_time = over_time + own[f"{block}.c.bias"]
        y = y + linear(f"{block}.b", over_time * sigmoid(over_time))
    logits = linear("o", norm("f", y))
    found: NDArray[Any] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    return found


def test_the_graph_is_the_network(tmp_path: Path) -> None:
    write(tmp_path / "head.npz", weights(1), UNITS)
    x = np.random.default_rng(2).normal(size=(9, WIDTH)).astype(np.float32)
    found = CtcHead(tmp_path / "head.npz").frames(x)
    rounded, units = read(tmp_path / "head.npz")
    assert units == UNITS
    assert np.allclose(found[:, :-1], in_numpy(rounded, x), atol=1e-4)
    assert (found[:, -1] < -10).all(), "a letter that is no unit"


def test_eight_bits_are_near(tmp_path: Path) -> None:
    own = weights(3)
    write(tmp_path / "head.npz", own, UNITS)
    for name, values in read(tmp_path / "head.npz")[0].items():
        assert np.allclose(values, own[name], atol=float(np.abs(own[name]).max()) / 250), name


def test_another_encoder_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "head.npz", weights(1), UNITS)
    with pytest.raises(ValueError, match="CTC head"):
        CtcHead(tmp_path / "head.npz").frames(np.zeros((3, WIDTH + 1), np.float32))


def test_a_head_belongs_to_one_encoder_and_language() -> None:
    base = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    assert head_of(base, "vi") is not None
    assert head_of(base, "vi") is head_of(base, "vi")
    assert head_of(base, "en") is None
    assert head_of("0" * 64, "vi") is None
    assert head_of(None, "vi") is None


@pytest.fixture(scope="module")
def clips(shared: Path) -> list[tuple[Path, list[str]]]:
    """Every sixth of the clips that it did not learn from, and the syllables that are said in it."""
    with (shared / "speech" / "clips.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))[::6]
    texts = [[s for word in row["transcript"].split() for s in spoken(word)] for row in rows]
    return [(shared / "speech" / "clips" / row["file"], text) for row, text in zip(rows, texts, strict=True)]


def test_a_word_more_or_less_costs(clips: list[tuple[Path, list[str]]]) -> None:
    """By the frames as they are kept."""
    from faster_whisper import WhisperModel

    folder, chance = ensure("base").path, random.Random(1)
    model = WhisperModel(str(folder), compute_type="int8", cpu_threads=1, local_files_only=True)
    head = head_of(ensure("base").model_sha256, "vi")
    assert head is not None
    others = [s for _, text in clips for s in text]
    lost, more = list[bool](), list[bool]()
    for path, text in clips:
        samples = np.concatenate(list(decode(path, choose_audio(probe(path)))))[: 30 * 16_000]
        place = chance.randrange(len(text))
        without = [*text[:place], *text[place + 1 :]]
        with_one = [*text[:place], chance.choice(others), *text[place:]]
        encoded = encode(model, Window(0, samples), room_for(samples, silence=50, step=100, least=200))
        heard = head.frames(np.asarray(encoded, np.float32)[0, : frames_of(samples) // 2])
        frames = Frames.unpacked(0, Frames.of(0, heard).packed(), len(inventory().units) + 1).log_probs()
        own, less, longer = log_probs(frames, [inventory().spelt(one) for one in (text, without, with_one)])
        lost.append(less < own)
        more.append(longer < own)
    assert np.mean(lost) >= 0.75, "what was said is missed"
    assert np.mean(more) >= 0.95, "what was not said is not borne out"
