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
        self._opened: dict[bool, Decoder] = {}
        self._opening = Lock()

    def of(self, tokens: Iterable[int]) -> Decoder:
        """The decoder for texts of these tokens. One decoder scores all texts that are compared.

        Raises
        ------
        EngineError
            If the weights are no whole Whisper model, or ONNX Runtime cannot run it.
        """
        return self._of(self._tokens is None or not self._known.issuperset(tokens))

    def whole(self) -> Decoder:
        """The decoder with all tokens; errors as :meth:`of`."""
        return self._of(True)

    def _of(self, is_whole: bool) -> Decoder:
        with self._opening:
            if is_whole not in self._opened:
                chosen = None if is_whole else self._tokens
                self._opened[is_whole] = Decoder.open(
                    self._folder, tokens=chosen, threads=self._threads, in_8_bits=True
                )
            return self._opened[is_whole]
