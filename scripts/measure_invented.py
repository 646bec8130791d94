"""Measures what is invented: listens to sounds in which nobody speaks, by themselves and between spoken sentences.

    python -m scripts.measure_invented [--seconds 600] [--clips DIR] [--sentences 12] [--support] [NAME...]

By themselves they are to give no words. Between sentences they are to give none either, and every sentence that the
engine hears with silence between is to be heard. `--support` shows instead what tells the two apart: what the sound
gives to what the engine hears in bare noise, and in the sentences.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from mediakit.errors import MediakitError
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.engines import open_engine
from mediakit.speech.evidence import Evidence, Judge
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.listen import listen
from mediakit.timeline import Span, Word
from scripts.make_noises import NOISES, noise

CLIPS = Path(__file__).resolve().parents[2] / "shared" / "speech" / "clips"
#: Pauses between sentences in seconds: some within a window, some between two.
PAUSES_S = (3.0, 0.7, 1.2, 5.0, 0.9, 1.4)
#: How loud the sounds between sentences are.
LEVELS_DBFS = (-20.0, -32.0)
#: A word this near to a sentence is of it: Whisper's times are rough.
NEAR_MS = 300


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """Sentences with a sound before, between and after them, and where they are."""

    samples: Samples
    spoken: tuple[Span, ...]

    def heard(self, words: Iterable[Word]) -> frozenset[int]:
        """Which of the sentences have words."""
        middles = [word.middle_ms for word in words]
        return frozenset(i for i, s in enumerate(self.spoken) if any(s.start_ms <= m < s.end_ms for m in middles))

    def invented(self, words: Iterable[Word]) -> list[Word]:
        """The words that touch no sentence."""
        near = [Span(max(0, s.start_ms - NEAR_MS), s.end_ms + NEAR_MS) for s in self.spoken]
        return [word for word in words if not any(s.overlap_ms(Span(word.start_ms, word.end_ms)) for s in near)]


def mix(sentences: Sequence[Samples], name: str, *, dbfs: float) -> Mix:
    """The sentences with a sound of :data:`scripts.make_noises.NOISES` around each."""
    pauses = [round(pause * SAMPLE_RATE) for pause, _ in zip(cycle(PAUSES_S), range(len(sentences) + 1), strict=False)]
    between = noise(name, sum(pauses) / SAMPLE_RATE, dbfs=dbfs)
    parts, spoken, used, at = [between[: pauses[0]]], [], pauses[0], pauses[0]
    for sentence, pause in zip(sentences, pauses[1:], strict=True):
        spoken.append(Span(at // SAMPLES_PER_MS, (at + len(sentence)) // SAMPLES_PER_MS))
        parts += [sentence, between[used : used + pause]]
        used, at = used + pause, at + len(sentence) + pause
    return Mix(np.concatenate(parts), tuple(spoken))


def words_heard(samples: Samples, engine: Engine, folder: Path) -> list[Word]:
    """What is heard in a sound, all rules applied; `folder` is for the log."""
    blocks = (samples[at : at + SAMPLE_RATE] for at in range(0, len(samples), SAMPLE_RATE))
    with HeardStore(folder).open(HeardKey("0" * 64, 0, engine.info)) as log:
        return [word for heard in listen(blocks, engine, log) for word in heard.words]


def load_sentences(folder: Path, count: int, first: int = 0) -> list[Samples]:
    """`count` of the recordings of a folder, by name, from the `first` on."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())[first : first + count]
    return [np.concatenate(list(decode(path, choose_audio(probe(path))))) for path in paths]


def _heard(samples: Samples, engine: Engine) -> list[Word]:
    with tempfile.TemporaryDirectory() as folder:
        return words_heard(samples, engine, Path(folder))


def measure_alone(names: Sequence[str], seconds: float, engine: Engine) -> int:
    """Print what is heard in each sound by itself; return how many words."""
    total = 0
    for name in names:
        words = _heard(noise(name, seconds), engine)
        total += len(words)
        print(f"{name}, {seconds:g} s: {len(words)} words invented {_shown(words)}".rstrip(), flush=True)
    return total


def measure_mixed(names: Sequence[str], sentences: Sequence[Samples], engine: Engine) -> int:
    """Print what is heard in each sound between sentences; return how many words were invented and sentences lost."""
    quiet = mix(sentences, "silence", dbfs=0)
    known = quiet.heard(_heard(quiet.samples, engine))
    print(f"with silence between: {len(known)} of {len(sentences)} sentences heard", flush=True)
    total = 0
    for name in names:
        for dbfs in LEVELS_DBFS if name != "silence" else LEVELS_DBFS[:1]:
            mixed = mix(sentences, name, dbfs=dbfs)
            words = _heard(mixed.samples, engine)
            invented, lost = mixed.invented(words), known - mixed.heard(words)
            total += len(invented) + len(lost)
            what = f"{len(invented)} words invented {_shown(invented)}".rstrip()
            print(f"{name} at {dbfs:g} dBFS: {what}, sentences lost: {sorted(lost) or 'none'}", flush=True)
    return total


def measure_support(names: Sequence[str], sentences: Sequence[Samples], engine: Engine) -> None:
    """Print what the sound gives to whatever the engine hears in bare noise (2, 4 and 8 s of each) and in sentences."""
    assert isinstance(engine, Judge)
    bare = [noise(name, seconds, seed=11, dbfs=-30) for name in names for seconds in (2, 4, 8)]
    for what, sounds in (("noise", bare), ("sentences", sentences)):
        found: list[Evidence] = []
        for samples in sounds:
            window = Window(0, samples)
            if words := engine.hear(window):
                found += engine.weigh(window, [" ".join(word.text for word in words)])
        print(f"{what}: words in {len(found)} of {len(sounds)}")
        for measure, values in (
            ("nats a token", [evidence.mean_gain for evidence in found]),
            ("nats in all", [evidence.gain for evidence in found]),
        ):
            points = np.percentile(values, (0, 5, 50, 95, 100)) if values else ()
            print(f"  {measure}, least, 5 %, median, 95 %, most: {', '.join(f'{p:.2f}' for p in points)}", flush=True)


def _shown(words: Sequence[Word]) -> str:
    return f"({' '.join(word.text for word in words)})" if words else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from the command line; 1 where anything was invented or lost."""
    parser = argparse.ArgumentParser(description="Measure what is invented where nobody speaks.")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"of {', '.join(NOISES)}; default: all")
    parser.add_argument("--seconds", type=float, default=600.0, help="of each sound by itself; default: %(default)s")
    parser.add_argument("--clips", type=Path, default=CLIPS, help="recordings of a sentence each; default: %(default)s")
    parser.add_argument("--sentences", type=int, default=12, help="how many of them; 0 for none; default: %(default)s")
    parser.add_argument("--first", type=int, default=0, help="from which on; default: %(default)s")
    parser.add_argument("--support", action="store_true", help="show what tells speech from noise, and no more")
    parser.add_argument("--model", default="base", help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    names = chosen.names or list(NOISES)
    if unknown := set(names) - set(NOISES):
        parser.error(f"no noise is called {sorted(unknown)[0]!r}")
    try:
        engine = open_engine("faster-whisper", chosen.model)
        if chosen.support:
            measure_support(names, load_sentences(chosen.clips, chosen.sentences, chosen.first), engine)
            return 0
        wrong = measure_alone(names, chosen.seconds, engine) if chosen.seconds > 0 else 0
        if chosen.sentences:
            wrong += measure_mixed(names, load_sentences(chosen.clips, chosen.sentences, chosen.first), engine)
    except (MediakitError, OSError) as error:
        print(f"measure_invented: {error}", file=sys.stderr)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
