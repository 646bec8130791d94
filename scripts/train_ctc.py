"""Trains the CTC head of Whisper base (`mediakit/speech/ctc/whisper-base.npz`) on clips with known words.

    python -m scripts.train_ctc FILE [--held-out LIST] [--epochs 7] [--seed 1]

It reads `../shared/speech/fosd` (FPT Open Speech Dataset, CC BY 4.0; 3.2 hours), joins clips to windows as the ear and
the judge are given them, every window once as it is and once faster or slower and with a sound of
`scripts/make_noises.py` or other voices in it, and encodes them with the model as it is installed. LIST names clips, a
line each, that are not learnt from: those of the readings that costs are fitted on (`scripts/fit_search.py`). After
each epoch it prints what is wrong of these: units, and syllables, greedily and without any language.

It needs torch (`pip install "mediakit-vi[whisper]"`), 3 GB of memory, and on two cores an hour.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.ctc.head import write
from mediakit.speech.ctc.units import BLANK, Inventory, sounds_of
from mediakit.speech.engine import Window
from mediakit.speech.engines import whisper_ear, whisper_judge
from mediakit.speech.engines.faster_whisper import open_engine
from mediakit.speech.engines.whisper_encoder import encode, frames_of, room_for
from mediakit.speech.models import ensure
from mediakit.vietnamese.spoken import spoken
from scripts.make_noises import NOISES, noise
from scripts.measure_fusion import SPEECH, clips_of, mix

#: A unit that is rarer is spelt by its letters.
LEAST_COUNT = 20
#: Seconds of speech in a window, one of which is drawn.
LENGTHS_S = (2, 4, 6, 9, 12, 16, 20, 25)
#: Frames of all windows of a batch.
BATCH_FRAMES = 4500
RATE = 2.5e-3


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A window as the encoder gives it, and the syllables that are said in it."""

    encoded: NDArray[np.float16]
    said: tuple[str, ...]


def examples(rows: Sequence[Mapping[str, str]], model: Any, chance: random.Random, *, mixed: bool) -> Iterator[Example]:
    """All clips, joined to windows; with `mixed` at another pace and with other sounds."""
    dice = np.random.default_rng(chance.randrange(1 << 30))
    left = list(rows)
    chance.shuffle(left)
    voices: list[Samples] = []
    while left:
        most, parts, said = chance.choice(LENGTHS_S), [_pause(chance, dice)], list[str]()
        while left and (not said or sum(map(len, parts)) < most * SAMPLE_RATE):
            row = left.pop()
            path = SPEECH / "fosd" / row["file"]
            clip = np.concatenate(list(decode(path, choose_audio(probe(path)))))
            voices = [*voices[-50:], clip]
            parts += [_paced(clip, chance.uniform(0.88, 1.14)) if mixed else clip, _pause(chance, dice)]
            said += [s for word in row["transcript"].split() for s in spoken(word)]
        sound = np.concatenate(parts)[: 30 * SAMPLE_RATE]
        if mixed:
            sound = _with_other_sound(sound, voices, chance)
        window = Window(0, sound.astype(np.float32))
        room = room_for(window.samples, **chance.choice([whisper_ear._ROOM, whisper_judge._ROOM]))
        frames = frames_of(window.samples) // 2
        encoded = np.asarray(encode(model, window, room), dtype=np.float32)[0, :frames]
        yield Example(encoded.astype(np.float16), tuple(said))


def _pause(chance: random.Random, dice: np.random.Generator) -> Samples:
    return dice.normal(0, 3e-4, int(SAMPLE_RATE * chance.uniform(0.05, 0.7))).astype(np.float32)


def _paced(clip: Samples, speed: float) -> Samples:
    places = np.linspace(0, len(clip) - 1, int(len(clip) / speed))
    return np.interp(places, np.arange(len(clip)), clip).astype(np.float32)


def _with_other_sound(sound: Samples, voices: Sequence[Samples], chance: random.Random) -> Samples:
    """A window with voices or a sound of `make_noises.py` at 3 to 22 dB in it; one of four as it is."""
    kind = chance.choice(["", "voices", *(name for name in NOISES if name != "silence")])
    if not kind:
        return sound
    if kind == "voices":
        other = np.zeros(len(sound), np.float32)
        for _ in range(chance.randint(1, 4)):
            other += np.roll(np.resize(chance.choice(voices), len(sound)), chance.randrange(len(sound)))
    else:
        other = noise(kind, len(sound) / SAMPLE_RATE + 1, seed=chance.randrange(1 << 16))
    return mix(sound, other, chance.uniform(3, 22))


def units_of(found: Sequence[Example]) -> list[str]:
    """The blank, and the units that are said often enough to be learnt."""
    counts = Counter(unit for one in found for syllable in one.said for unit in sounds_of(syllable))
    return [BLANK, *sorted(unit for unit, count in counts.items() if count >= LEAST_COUNT)]


def network(width: int, units: int, *, channels: int = 256, blocks: int = 4, kernel: int = 11) -> Any:
    """The head, its weights named as :mod:`mediakit.speech.ctc.head` reads them."""
    import torch
    from torch import nn
    from torch.nn import functional

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.n, self.a = nn.LayerNorm(channels), nn.Linear(channels, 2 * channels)
            self.c = nn.Conv1d(channels, channels, kernel, padding=kernel // 2, groups=channels)
            self.b, self.drop = nn.Linear(channels, channels), nn.Dropout(0.15)

        def forward(self, x: Any) -> Any:
            y = functional.glu(self.a(self.n(x)), -1).transpose(1, 2)
            return x + self.drop(self.b(functional.silu(self.c(y)).transpose(1, 2)))

    class Head(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.n, self.i = nn.LayerNorm(width), nn.Linear(width, channels)
            self.drop = nn.Dropout(0.15)
            self.bl = nn.ModuleList(Block() for _ in range(blocks))
            self.f, self.o = nn.LayerNorm(channels), nn.Linear(channels, units)

        def forward(self, x: Any) -> Any:
            x = self.drop(self.i(self.drop(self.n(x))))
            for block in self.bl:
                x = block(x)
            return functional.log_softmax(self.o(self.f(x)), -1)

    torch.manual_seed(0)
    return Head()


def train(head: Any, learnt: Sequence[Example], held: Sequence[Example], units: Sequence[str], epochs: int) -> None:
    """Train a head, and print after each epoch how it does on what is held out."""
    import torch

    chance, inventory = random.Random(0), Inventory(units)
    optimizer = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=0.02)
    steps = sum(len(list(_batches(learnt, random.Random(epoch)))) for epoch in range(epochs))
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    begin = time.monotonic()
    for epoch in range(epochs):
        losses = []
        for batch in _batches(learnt, random.Random(epoch)):
            loss = _loss(head(_masked(_stacked(batch), chance)), batch, inventory)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(head.parameters(), 2.0)
            optimizer.step()
            rate.step()
            losses.append(loss.item())
        seconds = time.monotonic() - begin
        print(
            f"{epoch}: {seconds:.0f} s, {np.mean(losses):.3f} nats a unit; {_wrong(head, held, inventory)}", flush=True
        )


def _batches(found: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Examples of about the same length, in an order that is drawn."""
    batches: list[list[Example]] = [[]]
    for one in sorted(found, key=lambda one: len(one.encoded) + chance.uniform(-60, 60)):
        if batches[-1] and len(one.encoded) * (len(batches[-1]) + 1) > BATCH_FRAMES:
            batches.append([])
        batches[-1].append(one)
    chance.shuffle(batches)
    yield from batches


def _stacked(batch: Sequence[Example]) -> Any:
    import torch

    most = max(len(one.encoded) for one in batch)
    found = np.zeros((len(batch), most, batch[0].encoded.shape[1]), np.float32)
    for row, one in zip(found, batch, strict=True):
        row[: len(one.encoded)] = one.encoded
    return torch.from_numpy(found)


def _masked(stacked: Any, chance: random.Random) -> Any:
    """Windows of which short times, and in half of them some channels, are hidden (Park et al. 2019)."""
    for row in stacked:
        for _ in range(max(1, len(row) // 150)):
            first, length = chance.randrange(len(row)), chance.randint(1, 12)
            row[first : first + length] = 0
        if chance.random() < 0.5:
            length = chance.randint(10, 60)
            first = chance.randrange(row.shape[1] - length)
            row[:, first : first + length] = 0
    return stacked


def _loss(found: Any, batch: Sequence[Example], inventory: Inventory) -> Any:
    import torch

    texts = [inventory.spelt(one.said) for one in batch]
    lengths = [torch.tensor([len(one.encoded) for one in batch]), torch.tensor([len(text) for text in texts])]
    flat = torch.tensor([unit for text in texts for unit in text])
    total = torch.nn.functional.ctc_loss(
        found.transpose(0, 1), flat, *lengths, blank=0, reduction="sum", zero_infinity=True
    )
    return total / sum(map(len, texts))


def _wrong(head: Any, held: Sequence[Example], inventory: Inventory) -> str:
    import torch

    head.eval()
    wrong: Counter[str] = Counter()
    with torch.inference_mode():
        for one in held:
            best = head(_stacked([one]))[0].argmax(-1).tolist()
            found = [inventory.units[unit] for unit, _ in groupby(best) if unit]
            said = [inventory.units[unit] for unit in inventory.spelt(one.said)]
            for kind, got, right in (("units", found, said), ("syllables", _syllables(found), _syllables(said))):
                wrong[kind] += Levenshtein.distance(got, right)
                wrong[f"all {kind}"] += len(right)
    head.train()
    return ", ".join(f"{100 * wrong[kind] / max(1, wrong[f'all {kind}']):.1f} % of {kind} wrong"
                     for kind in ("units", "syllables"))  # fmt: skip


def _syllables(units: Sequence[str]) -> list[tuple[str, ...]]:
    """Units, cut after each tone."""
    found: list[tuple[str, ...]] = []
    begun: list[str] = []
    for unit in units:
        begun.append(unit)
        if unit.startswith("="):
            found.append(tuple(begun))
            begun = []
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Train the CTC head of Whisper base.")
    parser.add_argument("file", type=Path, help="where it is written")
    parser.add_argument("--held-out", type=Path, help="names of clips that are not learnt from, a line each")
    parser.add_argument("--epochs", type=int, default=7, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    not_learnt = set(chosen.held_out.read_text(encoding="utf-8").split()) if chosen.held_out else set[str]()
    rows = clips_of("fosd.tsv")
    model, chance = open_engine(ensure("base"), language="vi")._model, random.Random(chosen.seed)
    learnt = [
        one
        for mixed in (False, True)
        for one in examples([row for row in rows if row["file"] not in not_learnt], model, chance, mixed=mixed)
    ]
    held = list(examples([row for row in rows if row["file"] in not_learnt], model, chance, mixed=False))
    units = units_of(learnt)
    head = network(learnt[0].encoded.shape[1], len(units))
    train(head, learnt, held, units, chosen.epochs)
    write(chosen.file, {name: values.numpy() for name, values in head.state_dict().items()}, units)
    return 0


if __name__ == "__main__":
    sys.exit(main())
