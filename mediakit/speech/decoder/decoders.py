"""The decoder of a model, opened when it is needed: with some of its tokens if these are enough, or with all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

from mediakit.speech.decoder.decoder import Decoder


class Decoders:
    """Opens the decoder of the model in `folder`, in 8 bits, for whatever thread asks first.

    With `tokens` alone the last product, the largest in a small model, takes a quarter of the time.
    """

    def __init__(self, folder: Path, tokens: Sequence[int] | None, *, threads: int) -> None:
        self._folder, self._tokens, self._threads = folder, tokens, threads
        self._known = frozenset(tokens or ())
        self._opened: Decoder | None = None
        self._whole: Decoder | None = None
        self._opening = Lock()

    def of(self, tokens: Iterable[int]) -> Decoder:
        """The decoder for texts of these tokens. One decoder scores all texts that are compared.

        Raises
        ------
        EngineError
            If the weights are no whole Whisper model, or ONNX Runtime cannot run it.
        """
        if self._tokens is None or self._known.issuperset(tokens):
            with self._opening:
                return self._first()
        return self.whole()

    def whole(self) -> Decoder:
        """The decoder with all tokens; errors as :meth:`of`."""
        with self._opening:
            if self._whole is None:
                first = self._first()
                self._whole = first if self._tokens is None else first.with_all_tokens()
            return self._whole

    def _first(self) -> Decoder:
        if self._opened is None:
            self._opened = Decoder.open(self._folder, tokens=self._tokens, threads=self._threads, in_8_bits=True)
        return self._opened
