"""The waveform of a medium: how loud its sound is, in as many steps as a screen has room for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from mediakit.errors import MediaCutOff, MediaDecodeError, MediaEmpty

#: More than the pixels of a wide screen.
_MOST_STEPS = 4000
#: Media whose waveforms are remembered, each of a few kilobytes.
_REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Waveform:
    """The loudest 10 ms of each step of `step_ms`: dBFS + 100, from 0 to 100 (`speech/levels.py`)."""

    step_ms: int
    levels: tuple[int, ...]


class Waveforms:
    """Waveforms of media, each decoded once as long as its file stays the same, and one after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[Path, int, int], Waveform] = OrderedDict()

    def of(self, path: Path) -> Waveform:
        """The waveform of a media file.

        Raises
        ------
        MediaError, ToolMissing
            If it cannot be decoded. Of a file that ends too early there is a waveform of what there is.
        """
        status = path.stat()
        key = (path, status.st_size, status.st_mtime_ns)
        with self._lock:
            if key not in self._known:
                self._known[key] = waveform(path)
            self._known.move_to_end(key)
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            return self._known[key]


def waveform(path: Path) -> Waveform:
    """The waveform of the sound that is listened to; raises as :meth:`Waveforms.of`."""
    from mediakit.media.decode import decode
    from mediakit.media.probe import probe
    from mediakit.speech.choice import choose
    from mediakit.speech.levels import FRAME_MS, levels

    found = bytearray()
    try:
        probed = probe(path)
        choice = choose(probed)
        for block in decode(path, probed.audio[choice.stream], choice.mix):
            found += levels(block)
    except (MediaCutOff, MediaDecodeError):
        if not found:
            raise
    if not found:
        raise MediaEmpty("there is no sound in it", file=path)
    frames = -(-len(found) // _MOST_STEPS)
    return Waveform(
        frames * FRAME_MS, tuple(max(found[begin : begin + frames]) for begin in range(0, len(found), frames))
    )
