"""Listens to a stream of sound: voice activity, windows, engine; what is heard is kept as it comes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from itertools import chain

import numpy as np

from mediakit.errors import MediaError
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.ahead import ahead
from mediakit.speech.ears import Ears
from mediakit.speech.engine import Engine, Heard
from mediakit.speech.engines import LazyEngine
from mediakit.speech.heard import HeardLog
from mediakit.speech.languages import USUAL, KnowsLanguages, spoken
from mediakit.speech.voice_activity import VoiceActivity
from mediakit.speech.windows import SpeechWindow, WindowCutter

#: Blocks of sound and windows that decoding and voice activity may be ahead of the engine: some minutes, 20 MB.
_AHEAD = 300
#: So much speech tells the language of a medium.
_TESTED_MS = 60_000

#: Told how many milliseconds of sound are done.
OnListened = Callable[[int], None]


def listen(
    blocks: Iterable[Samples], engine: Engine, log: HeardLog, on_listened: OnListened | None = None
) -> Generator[Heard, None, None]:
    """Hear all of a media file; give each window as it is heard and kept.

    Windows that `log` has already are not listened to again: they are cut from the same sound in the same way. It is
    for the caller to note in the log that all was heard. `blocks` are taken in another thread, and the engine is asked
    from others; all have ended when this generator is closed, and what was not heard to its end by then is not kept.

    Raises
    ------
    MediaError
        What `blocks` raises; the windows before it are kept.
    EngineError, ModelError, OutputError
        If the engine cannot be opened or fails, or what is heard cannot be kept.
    """
    tell = on_listened or (lambda _: None)
    known = {(heard.start_ms, heard.end_ms): heard for heard in log.windows}
    with closing(ahead(_windows(blocks), _AHEAD)) as found:
        first = next(found)  # decoding and voice activity go on while the engine is opened
        with closing(Ears(engine.opened if isinstance(engine, LazyEngine) else engine)) as ears:
            for heard, now_ms in _through(ears, chain([first], found), known):
                if heard is not None:
                    if (heard.start_ms, heard.end_ms) not in known:
                        log.append(heard)
                    yield heard
                tell(now_ms)


def _through(
    ears: Ears, found: Iterable[tuple[SpeechWindow | None, int]], known: Mapping[tuple[int, int], Heard]
) -> Iterator[tuple[Heard | None, int]]:
    """What is heard in each window, in order, and how far all is done; also (with None) where nobody speaks."""
    failure: MediaError | None = None
    now_ms = done_ms = 0
    try:
        for cut, now_ms in found:
            if cut is not None:
                ears.take(cut, known.get((cut.window.start_ms, cut.window.end_ms)))
            elif not ears.busy:
                done_ms = now_ms
                yield None, done_ms
            for heard in ears.ready():
                done_ms = max(done_ms, heard.end_ms)  # a window is known to end in silence once that lasts for a while
                yield heard, done_ms
    except MediaError as error:
        failure = error  # what was cut before it can be heard all the same
    for heard in ears.rest():
        done_ms = max(done_ms, heard.end_ms)
        yield heard, done_ms
    if failure is not None:
        raise failure
    yield None, now_ms


def _windows(blocks: Iterable[Samples]) -> Iterator[tuple[SpeechWindow | None, int]]:
    """Windows as they are complete, and (with None) how far the sound has come."""
    activity, cutter = VoiceActivity(), WindowCutter()
    samples = 0
    for block in blocks:
        samples += len(block)
        for cut in cutter.feed(block, activity.feed(block)):
            yield cut, cut.window.end_ms
        yield None, samples // SAMPLES_PER_MS
    silence = np.empty(0, dtype=np.float32)
    for cut in chain(cutter.feed(silence, activity.finish()), cutter.finish()):
        yield cut, cut.window.end_ms
    yield None, samples // SAMPLES_PER_MS


def language_spoken(blocks: Iterable[Samples], engine: KnowsLanguages) -> str:
    """The language of a medium, by its first minute of speech; the usual one where nobody speaks.

    The same sound gives the same language: what is heard in it can be gone on with.

    Raises
    ------
    MediaError
        What `blocks` raises.
    EngineError
        If the engine fails.
    """
    tests: list[tuple[Mapping[str, float], int]] = []
    for cut, _ in _windows(blocks):
        if cut is not None:
            tests.append((engine.languages_of(cut.window), sum(span.duration_ms for span in cut.speech)))
            if sum(ms for _, ms in tests) >= _TESTED_MS:
                break
    found = spoken(tests)
    return found.language if found is not None else USUAL
