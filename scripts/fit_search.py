"""Fits the costs of the search (`mediakit/search/costs.py`) on readings of known words, with cross-validation.

    python -m scripts.fit_search READINGS [--trials 40] [--seed 1]

READINGS is a folder of readings as `../shared/speech/compose_reading.py` makes them: NAME.txt (the article), the media
that NAME.truth.json names, and that truth:

    for SEED in 1 2 3 4; do python compose_reading.py fosd.tsv fosd FOLDER --name v$SEED --seed $SEED --vary 0.7; done
    for SEED in 5 6 7 8; do python compose_reading.py fosd.tsv fosd FOLDER --name v$SEED --seed $SEED; done

The shipped costs were tried on eighteen such readings (of the training clips `fosd`, seeds 1 to 8 and 11 to 20), with
other counts and shares; none of their clips was the CTC head's to learn from. With costs that differ in `heard` and
`likeness` only 8.6 was lost, from 0 to 18.9 on one, where 10.7 had been without the head. There were some forty trials,
each of a cost or two; no reading was left out.

Each trial grounds all readings with other costs: the next ones are drawn around the best so far. What is lost is words
said that are wrong or missing (of 100 said) and, for a word that was not said is worse than one that is lost, half as
much again for words printed as the article's that were not said (of 100 so printed). A fold leaves one reading out and
takes what is best on the others; that of all readings, and the mean on those left out, are printed last.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

import numpy as np

from mediakit.article.document import Article
from mediakit.article.load import load_article
from mediakit.errors import MediakitError
from mediakit.evaluation.alignment import align, same
from mediakit.grounding.ground import Grounding, ground
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.replay import Replay
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.search.costs import Costs
from mediakit.speech.engine import Engine, Heard, Window
from mediakit.speech.engines import open_engine
from mediakit.speech.evidence import Evidence, Judge
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.listen import listen
from mediakit.vietnamese.spoken import spoken

#: What a word that was not said counts beside one that is wrong or missing.
NOT_SAID = 1.5
#: How far the next trial may be from the best so far (one standard deviation).
SPREAD = Costs(
    language=0.25,
    syllable=1.0,
    unheard=1.0,
    heard=1.0,
    likeness=0.5,
    ctc=0.2,
    number=0.0,
    token=0.0,
    chance=0.0,
    chance_gain=0.0,
    false_share=0.0,
)
#: Trials are drawn around one of so many of the best.
PARENTS = 4


class Remembering:
    """A judge that is asked about a text on a window once, whatever the costs."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._evidence: dict[tuple[int, int, str], Evidence] = {}
        self._scores: dict[tuple[int, int, str], tuple[float, ...]] = {}
        self._ctc: dict[tuple[int, int, str], float] = {}

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`."""
        asked = [(window.start_ms, window.end_ms, text) for text in texts]
        if new := [one for one in dict.fromkeys(asked) if one not in self._evidence]:
            self._evidence |= dict(zip(new, self._judge.weigh(window, [text for *_, text in new]), strict=True))
        return tuple(self._evidence[one] for one in asked)

    def scores(self, window: Window, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """See :meth:`mediakit.speech.evidence.Judge.scores`."""
        asked = [(window.start_ms, window.end_ms, text) for text in texts]
        if new := [one for one in dict.fromkeys(asked) if one not in self._scores]:
            self._scores |= dict(zip(new, self._judge.scores(window, [text for *_, text in new]), strict=True))
        return [self._scores[one] for one in asked]

    def ctc_log_probs(self, window: Window, texts: Sequence[Sequence[str]]) -> list[float]:
        """See :meth:`mediakit.speech.evidence.Judge.ctc_log_probs`."""
        asked = {(window.start_ms, window.end_ms, " ".join(text)): text for text in texts}
        if new := {key: text for key, text in asked.items() if key not in self._ctc}:
            self._ctc |= dict(zip(new, self._judge.ctc_log_probs(window, list(new.values())), strict=True))
        return [self._ctc[window.start_ms, window.end_ms, " ".join(text)] for text in texts]


@dataclass(frozen=True)
class Reading:
    """A reading that was heard: what the search has to go by, and the syllables that were said."""

    name: str
    article: Article
    heard: tuple[Heard, ...]
    duration_ms: int
    sound: Replay
    judge: Remembering
    said: tuple[str, ...]

    def lost(self, costs: Costs) -> float:
        """What is lost with some costs, of 100 syllables."""
        found = ground(
            self.heard,
            self.article,
            duration_ms=self.duration_ms,
            judge=self.judge,
            sound=lambda start, end: Window(start, self.sound(start, end)),
            costs=costs,
        )
        printed, own = _printed(found)
        steps = align(self.said, printed)
        wrong = sum(max(len(step.said), len(step.got)) for step in steps if step.change != "equal")
        right = set(same(steps).values())
        not_said = sum(i not in right for i in own) / max(1, len(own))
        return 100 * (wrong / len(self.said) + NOT_SAID * not_said)


def _printed(found: Grounding) -> tuple[list[str], list[int]]:
    """The syllables of all words, and the places of those that are the article's."""
    syllables: list[str] = []
    own: list[int] = []
    for word in (word for segment in found.segments for word in segment.words):
        said = spoken(word.text)
        own += range(len(syllables), len(syllables) + len(said)) if word.article else ()
        syllables += said
    return syllables, own


def load(folder: Path, engine: Engine) -> Iterator[Reading]:
    """The readings of a folder, heard.

    Raises
    ------
    MediakitError, OSError
        If one cannot be read or heard.
    """
    if not isinstance(engine, Judge):
        raise MediakitError(f"{engine.info.name} cannot weigh texts", file=folder)
    for path in sorted(folder.glob("*.truth.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        media = path.parent / truth["media"]
        name = path.name.removesuffix(".truth.json")
        stream = choose_audio(probe(media))
        with (
            tempfile.TemporaryDirectory() as log_folder,
            closing(decode(media, stream)) as blocks,
            HeardStore(Path(log_folder)).open(HeardKey("0" * 64, 0, engine.info)) as log,
        ):
            counted = _Counted(blocks)
            heard = tuple(listen(counted, engine, log))
        said = tuple(s for sentence in truth["spoken"] for word in sentence["text"].split() for s in spoken(word))
        sound = Replay(partial(decode, media, stream))
        article = load_article(path.parent / f"{name}.txt")
        yield Reading(name, article, heard, counted.samples // SAMPLES_PER_MS, sound, Remembering(engine), said)


class _Counted:
    """Blocks of sound, counted as they pass."""

    def __init__(self, blocks: Iterator[Samples]) -> None:
        self._blocks, self.samples = blocks, 0

    def __iter__(self) -> Iterator[Samples]:
        for block in self._blocks:
            self.samples += len(block)
            yield block


def fit(readings: Sequence[Reading], trials: int, seed: int) -> list[tuple[Costs, list[float]]]:
    """Costs that were tried, with what each reading lost by them."""
    chance = np.random.default_rng(seed)
    tried: list[tuple[Costs, list[float]]] = []
    costs = Costs()
    for _ in range(trials):
        tried.append((costs, [reading.lost(costs) for reading in readings]))
        print(f"{np.mean(tried[-1][1]):6.2f} {_shown(costs)} {np.round(tried[-1][1], 1)}", flush=True)
        parents = sorted(tried, key=lambda one: float(np.mean(one[1])))[:PARENTS]
        parent = parents[int(chance.integers(len(parents)))][0]
        moved = {
            field.name: getattr(parent, field.name) + chance.normal(0, getattr(SPREAD, field.name))
            for field in fields(Costs)
        }
        costs = replace(parent, **{name: round(float(value), 2) for name, value in moved.items()})
    return tried


def _shown(costs: Costs) -> str:
    return " ".join(f"{name}={value:g}" for name, value in asdict(costs).items())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Fit the costs of the search.")
    parser.add_argument("readings", type=Path)
    parser.add_argument("--trials", type=int, default=40, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    try:
        readings = list(load(chosen.readings, open_engine("faster-whisper", "base")))
        if len(readings) < 2:
            parser.error(f"{chosen.readings}: two readings or more are needed")
        tried = fit(readings, chosen.trials, chosen.seed)
    except (MediakitError, OSError, KeyError, ValueError) as error:
        print(f"fit_search: {error}", file=sys.stderr)
        return 1
    left_out = []
    for place, reading in enumerate(readings):
        best = min(tried, key=lambda one: sum(one[1]) - one[1][place])
        left_out.append(best[1][place])
        print(f"without {reading.name}: {_shown(best[0])}, of it lost {best[1][place]:.1f}")
    best = min(tried, key=lambda one: sum(one[1]))
    print(f"best: {_shown(best[0])}, lost {np.mean(best[1]):.2f}; left out, in the mean: {np.mean(left_out):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
