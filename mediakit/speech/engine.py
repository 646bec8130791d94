"""What every engine offers: sound of one window in, words with times and scores out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.dropped import Dropped
from mediakit.speech.signals import EngineSignals
from mediakit.timeline import Span, Word


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """A stretch of sound for one pass of an engine.

    `samples` has shape (n,), 16 kHz mono float32 in -1 to 1, at most 30 s (Whisper's receptive field);
    `start_ms` is where it begins in the media; `language` is what is spoken in it, where that is known already (None:
    the engine's own language, unless the engine finds another).
    """

    start_ms: int
    samples: Samples
    language: str | None = None

    @property
    def end_ms(self) -> int:
        """Where the window ends in the media."""
        return self.start_ms + len(self.samples) // SAMPLES_PER_MS


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What listened: engine, model, the model's SHA-256, the language (BCP 47), and the adapter where there is one."""

    name: str
    model: str
    model_sha256: str | None
    language: str
    adapter: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one window.

    `words` are in order, do not overlap, and lie inside the window; their times count from the start of the
    media. `levels` is the loudness of the window, one byte for each 10 ms: dBFS + 100, cut to 0..100. `speech` is where
    voice activity hears somebody, `dropped` what the engine heard without support from the sound. `language` is that of
    the words where it is another than the engine's own. `ctc` is what the CTC head gives for the window's frames
    (:meth:`mediakit.speech.ctc.frames.Frames.packed`); empty where the model has none.
    """

    start_ms: int
    end_ms: int
    words: tuple[Word, ...]
    levels: bytes = b""
    speech: tuple[Span, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    language: str | None = None
    ctc: bytes = b""


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an engine makes of one window: words, language and `ctc` as in :class:`Heard`, and what it says of them."""

    words: tuple[Word, ...] = ()
    signals: tuple[EngineSignals, ...] = ()
    language: str | None = None
    ctc: bytes = b""


class Engine(Protocol):
    """An engine, opened on one model. It keeps no state from one window to the next."""

    @property
    def info(self) -> EngineInfo:
        """What this engine is, for the record."""

    def hear(self, window: Window) -> tuple[Word, ...]:
        """The words of the window, in order, not overlapping, inside it, with times from the media's start.

        In the window's language where it has one and the engine can, else in the engine's own.
        Silence gives no words. What an engine makes of noise is its own: windows hold only what voice activity takes
        for speech.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """


@runtime_checkable
class HearsTogether(Protocol):
    """An engine that hears several windows in one pass, and several passes beside each other."""

    def together(self) -> int:
        """How many windows are best heard in one pass."""

    def beside(self) -> int:
        """From how many threads at a time it is best asked."""

    def kind_of(self, window: Window) -> int:
        """Only windows of one kind share a pass; others that are heard together have passes of their own."""

    def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
        """What is heard in each of `windows`, whatever the others are; asked from any thread.

        An engine that can tell languages hears a window in the one that is spoken, where it is foreign beyond doubt.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """


@runtime_checkable
class HasCtcHead(Protocol):
    """An engine that hears one window after the other, with a CTC head beside it."""

    def ctc(self, window: Window) -> bytes:
        """What the head gives for a window, as in :class:`Heard`.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
