"""Excerpts of all the sound of a file, spread over it: enough to choose what is listened to, before all is decoded.

Read in process with PyAV, all streams in one go; each channel stays by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import av
import av.container
import av.error
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from mediakit.media.probe import AudioStream, Probe, opened
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS

#: An excerpt is so long, and of a longer medium there are so many; a shorter one is looked at as a whole.
EXCERPT_MS, _PLACES = 8_000, 6
WHOLE_MS = 64_000
#: Of packets that are read for an excerpt, where a stream has no sound for long.
_MOST_PACKETS = 20_000

#: Sound of shape (channels, n): 16 kHz, float32 in -1 to 1.
Channels = NDArray[np.float32]


def is_looked_at_whole(probed: Probe) -> bool:
    """Whether the excerpts of a medium are all of it."""
    return probed.duration_ms is not None and probed.duration_ms <= WHOLE_MS


def excerpts(path: Path, streams: Sequence[AudioStream], duration_ms: int | None) -> Iterator[Mapping[int, Channels]]:
    """At each place the sound of every stream that has some there, by the stream's number; all begin at one time.

    A medium whose length is not known is looked at from its beginning. What cannot be decoded is left out.

    Raises
    ------
    MediaError
        If the file cannot be opened.
    """
    numbers = [stream.index for stream in streams]
    if not numbers:
        return
    options = {name: value for stream in streams for name, value in stream.demuxer_options}
    with opened(path, options=options) as container:
        for place_ms in _places(duration_ms):
            found = _at(container, numbers, place_ms)
            if found:
                yield found
            elif place_ms is None:
                return


def _places(duration_ms: int | None) -> Iterator[int | None]:
    """Where excerpts begin; None goes on where the last one ended."""
    if duration_ms is None or duration_ms <= WHOLE_MS:
        yield from [None] * (WHOLE_MS // EXCERPT_MS)
    else:
        yield from (duration_ms * (2 * place + 1) // (2 * _PLACES) - EXCERPT_MS // 2 for place in range(_PLACES))


def _at(container: av.container.InputContainer, numbers: Sequence[int], place_ms: int | None) -> dict[int, Channels]:
    takers = {container.streams.audio[number].index: _Taker() for number in numbers}
    try:
        if place_ms is not None:
            container.seek((container.start_time or 0) + place_ms * av.time_base // 1000)
        for count, packet in enumerate(container.demux([container.streams.audio[number] for number in numbers])):
            takers[packet.stream.index].take(packet)
            sizes = [taker.samples for taker in takers.values()]
            if min(sizes) >= _SIZE or max(sizes) >= 2 * _SIZE or count >= _MOST_PACKETS:
                break
    except (av.error.FFmpegError, OSError, ValueError):
        pass  # what there is so far is looked at; decoding will say what is wrong
    begin_s = max((taker.begin_s for taker in takers.values() if taker.samples), default=0.0)
    found = {number: takers[container.streams.audio[number].index].sound(begin_s) for number in numbers}
    return {number: sound for number, sound in found.items() if sound.size}


_SIZE = EXCERPT_MS * SAMPLES_PER_MS


class _Taker:
    """Takes the packets of one stream up to an excerpt, each channel at 16 kHz."""

    def __init__(self) -> None:
        self.samples = 0
        self.begin_s = 0.0
        self._chunks: list[Channels] = []
        self._resampler: AudioResampler | None = None
        self._format: tuple[str, str, int] | None = None

    def take(self, packet: Any) -> None:
        """The sound of a packet, if it can be decoded and there is room."""
        if self.samples >= _SIZE:
            return
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            return
        for frame in frames:
            if not self._chunks and frame.time is not None:
                self.begin_s = float(frame.time)
            for resampled in self._resampled(frame):
                # Interleaved: of planes PyAV reaches no more than 8, and beyond it ends the process.
                chunk: Channels = resampled.to_ndarray().reshape(-1, resampled.layout.nb_channels).T
                if not self._chunks or len(chunk) == len(self._chunks[0]):
                    self._chunks.append(chunk)
                    self.samples += chunk.shape[1]

    def sound(self, begin_s: float) -> Channels:
        """What was taken from a time on, at most an excerpt."""
        if not self._chunks:
            return np.empty((0, 0), dtype=np.float32)
        late = max(0, round((begin_s - self.begin_s) * SAMPLE_RATE))
        taken: Channels = np.nan_to_num(np.concatenate(self._chunks, axis=1)[:, late:_SIZE])
        return taken

    def _resampled(self, frame: Any) -> list[Any]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if self._resampler is None or form != self._format:
            self._resampler, self._format = AudioResampler(format="flt", rate=SAMPLE_RATE), form
        return list(self._resampler.resample(frame))
