"""What a text costs to align: mediakit's own decoder, in floats and in 8 bits, beside CTranslate2's `align`.

    python scripts/measure_decoder.py [--threads 1 2] [--texts 1 8 50] [--tokens 40]

Texts of 40 tokens that differ in two in the middle are aligned with one window of 12 s that is encoded already; all
have the tokens of Vietnamese only, as the default engine has. Each row is a process of its own, which takes the best of
some runs, so that what else the machine does falls out as far as it can. Printed are milliseconds on the clock, and in
brackets those of processors: of a text, of what is done once for a window, of a step of a beam of 5; and the megabytes
that opening and running took (of `align` with the encoder's). `CT2_FORCE_CPU_ISA=AVX2` in front has CTranslate2 run as
on most laptops; ONNX Runtime takes what the processor has.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
from threadpoolctl import threadpool_limits

from mediakit.speech.decoder.decoder import Decoder, WindowDecoder
from mediakit.speech.engine import Window
from mediakit.speech.engines.whisper_encoder import encode
from mediakit.speech.engines.whisper_vocabulary import vietnamese_tokens, vocabulary_of, write_model
from mediakit.speech.models import ensure

WAYS = ("align", "floats", "8 bits")
RATE, SECONDS, ROOM = 16_000, 12, 1200
#: CTranslate2's `align` is given so many tokens in a pass.
TOGETHER = 128
RUNS = 5
PROMPT = ("<|startoftranscript|>", "<|vi|>", "<|transcribe|>", "<|notimestamps|>")
#: Hypotheses of a step: as many tokens in common as each has for itself.
BEAM, DEPTH = 5, 20
Texts = Sequence[Sequence[int]]


def main() -> None:
    """Measure each way in a process of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--texts", type=int, nargs="+", default=[1, 8, 50])
    parser.add_argument("--tokens", type=int, default=40)
    parser.add_argument("--way", choices=WAYS, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        with threadpool_limits(1, user_api="blas"):  # as in the pipeline
            print(_row(chosen.way, chosen.threads[0], chosen.texts, chosen.tokens))
        return
    print("| way | threads |", " | ".join(f"of {count}" for count in chosen.texts), "| window | step | memory, MB |")
    print("|---" * (len(chosen.texts) + 5) + "|")
    for threads in chosen.threads:
        for way in WAYS:
            sizes = [str(count) for count in chosen.texts]
            options = ["--way", way, "--threads", str(threads), "--tokens", str(chosen.tokens), "--texts", *sizes]
            subprocess.run([sys.executable, str(Path(__file__)), *options], check=True)


def _row(way: str, threads: int, sizes: list[int], length: int) -> str:
    from faster_whisper import WhisperModel

    folder = ensure("base").path
    vocabulary = vocabulary_of(folder)
    known = vietnamese_tokens(vocabulary)
    prompt = [vocabulary.index(token) for token in PROMPT]
    rng = np.random.default_rng(0)
    words = [token for token in known if token < prompt[0] - 1]
    # Noise costs what speech does: the texts are given.
    sound = Window(0, rng.normal(0, 0.1, SECONDS * RATE).astype(np.float32))
    with TemporaryDirectory() as made:
        write_model(folder, Path(made), vocabulary, known, in_8_bits=True)
        before = _memory()
        whisper = WhisperModel(made, compute_type="int8", cpu_threads=threads, local_files_only=True)
    encoded = encode(whisper, sound, ROOM)
    once: Callable[[], Any] | None = None
    step: Callable[[], Any] | None = None
    if way == "align":
        align = _aligner(whisper, encoded, {old: new for new, old in enumerate(known)}, prompt[:-1])
    else:
        before = _memory()
        decoder = Decoder.open(folder, tokens=known, threads=threads, in_8_bits=way == "8 bits")
        once = partial(decoder.on, np.asarray(encoded)[0], prompt)
        window = once()
        align, step = _own_aligner(window, end=prompt[0] - 1), _step(window, words)
    cells = [_best(partial(align, _texts(rng, words, count, length)), count) for count in sizes]
    cells += [_best(do, 1) if do else "–" for do in (once, step)]
    return f"| {way} | {threads} | {' | '.join(cells)} | {_memory() - before:.0f} |"


def _aligner(whisper: Any, encoded: Any, ids: Mapping[int, int], start: Sequence[int]) -> Callable[[Texts], Any]:
    """CTranslate2's: the window once for each text, some texts in a pass."""
    import ctranslate2

    own_start = [ids[token] for token in start]

    def align(texts: Texts) -> None:
        together = max(1, TOGETHER // len(texts[0]))
        for first in range(0, len(texts), together):
            part = [[ids[token] for token in text] for text in texts[first : first + together]]
            several = np.ascontiguousarray(np.repeat(np.asarray(encoded), len(part), axis=0))
            whisper.model.align(ctranslate2.StorageView.from_array(several), own_start, part, [ROOM] * len(part))

    return align


def _own_aligner(window: WindowDecoder, end: int) -> Callable[[Texts], Any]:
    return lambda texts: window.align([[*text, end] for text in texts], ROOM // 2, end=end)


def _step(window: WindowDecoder, words: Sequence[int]) -> Callable[[], Any]:
    """The last step of a beam that parted in the middle of its text."""
    state = window.first[1]
    for token in words[:DEPTH]:
        _, state = window.step(state, [token])
    state = state.select([0] * BEAM)
    for token in words[:DEPTH]:
        _, state = window.step(state, [token] * BEAM)
    return lambda: window.step(state, words[:BEAM])


def _texts(rng: np.random.Generator, words: Sequence[int], count: int, length: int) -> Texts:
    """Texts that differ in two tokens in the middle."""
    text = [int(token) for token in rng.choice(words, length)]
    middle = length // 2
    return [[*text[:middle], *map(int, rng.choice(words, 2)), *text[middle + 2 :]] for _ in range(count)]


def _best(do: Callable[[], Any], count: int) -> str:
    """Milliseconds for each of `count` in the best of some runs, on the clock and (in brackets) of processors."""
    clock, processors = list[float](), list[float]()
    for _ in range(RUNS):
        clock_s, processors_s = time.perf_counter(), time.process_time()
        do()
        processors.append(time.process_time() - processors_s)
        clock.append(time.perf_counter() - clock_s)
    return f"{min(clock) * 1000 / count:.1f} ({min(processors) * 1000 / count:.1f})"


def _memory() -> float:
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
