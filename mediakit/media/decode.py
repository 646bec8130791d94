"""Decoding: any media file as 16 kHz mono sound on the clock that a player shows, block by block.

What is held is one block, however long the file. Time 0 is the container's start, the least over its streams. Four
things keep the sound on that clock to within 10 ms, and the same with every ffmpeg:

- A stream that begins later begins with silence. The length of it comes from the probe, not from ffmpeg's
  `aresample=first_pts=0`: ffmpeg sets its filters up anew when the sound's format changes within the file (radio
  pieces joined end to end do that) and would then put in the silence from time 0 once more. And for MPEG-TS, ffmpeg
  moves time 0 to the start of the streams in use, a video's earlier start being forgotten.
- Gaps within the stream are filled with silence (`aresample=async=1`). By default ffmpeg lets up to 100 ms run up
  before it acts; here 10 ms.
- Priming samples of MP3, AAC and Opus are dropped by ffmpeg's decoders, where the file tells their number. Older ones
  play them in some formats, as sound before the start of the file; so what comes before the first sample that the
  probe heard is cut off by its time (:func:`from_the_first_sample`).
- So is what an encoder put behind the last sample, where the file tells the end (:func:`without_padding`).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from mediakit.errors import MediaCutOff, MediaDecodeError, MediaEmpty, MediakitError
from mediakit.media import ffmpeg
from mediakit.media.low_cut import LOW_CUT_HZ, low_cut
from mediakit.media.probe import AudioStream
from mediakit.media.sound import MAX_DURATION_MS, SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.timeline import timestamp

_STEREO = ("left", "right")

_MAX_DRIFT_S = 0.01
#: What an encoder fills its last frame up with is less than a frame: of AAC at 8 kHz, 1024 samples.
_PADDING_MS = 128
_SILENCE_BLOCK = SAMPLE_RATE
_BYTES = 2  # of a sample of ffmpeg's output
_FULL_SCALE = 32768.0

#: Decoded sound shorter than its header says by this much was cut off. Headers are off by a few frames (of 20 to
#: 60 ms) in clean files.
_MISSING_MS = 1000
#: With an error of the decoder at hand, less is enough.
_MISSING_WITH_ERROR_MS = 100
#: Fewer damaged packets than this are no news: one is 20 to 60 ms, and what follows an MP3's sound (tags of old
#: players) is read as one.
_DAMAGED_PACKETS = 2

# ffmpeg's words, in all versions from 4 to 9.
_ESTIMATED = "Estimating duration from bitrate"
#: A transport stream calls a packet corrupt wherever its reception failed; other formats, where the file ends in one.
_CUT_OFF = r"File ended prematurely|partial file|^(?!.*mpegts).*Packet corrupt"
_DAMAGED_PACKET = re.compile("Error submitting packet to decoder|Decoding error|Error while decoding stream")


@dataclass(frozen=True, slots=True)
class Mix:
    """How the channels of a stream become one, and what is taken off that is no sound.

    Attributes
    ----------
    channels
        The channels that are heard, from 0: their mean. Empty: all, as a player mixes them for one loudspeaker.
    offset
        The DC offset that is taken off; 1 is full scale.
    cut_from_hz
        From where on what is too low for speech is taken off: rumble, wind, an offset that wanders. None: nowhere.
    """

    channels: tuple[int, ...] = ()
    offset: float = 0.0
    cut_from_hz: int | None = None

    def __post_init__(self) -> None:
        if any(channel < 0 for channel in self.channels) or len(set(self.channels)) < len(self.channels):
            raise ValueError(f"no channels: {self.channels}")
        if not -1 < self.offset < 1:
            raise ValueError(f"no offset: {self.offset}")
        if self.cut_from_hz is not None and not 0 <= self.cut_from_hz < LOW_CUT_HZ:
            raise ValueError(f"nothing to cut from {self.cut_from_hz} Hz on")

    def __str__(self) -> str:
        """As keys of what is kept have it.

        >>> str(Mix()), str(Mix((0, 2), offset=0.1)), str(Mix(cut_from_hz=0))
        ('', 'channels 0+2, less 0.1', 'cut from 0 Hz')
        """
        channels = f"channels {'+'.join(map(str, self.channels))}" if self.channels else ""
        offset = f"less {self.offset:g}" if self.offset else ""
        cut = f"cut from {self.cut_from_hz} Hz" if self.cut_from_hz is not None else ""
        return ", ".join(part for part in (channels, offset, cut) if part)


#: What most media need: all channels as they are.
PLAIN = Mix()


def decode(
    path: Path,
    stream: AudioStream,
    mix: Mix = PLAIN,
    *,
    block_ms: int = 1000,
    start_ms: int = 0,
    stall_s: float = ffmpeg.STALL_S,
) -> Generator[Samples, None, None]:
    """The sound of `stream` from `start_ms` on, as blocks of shape (block_ms * 16,); the last may be shorter.

    The blocks follow each other without gap: block i begins at `start_ms + i * block_ms` on the player's clock. To
    be exact whatever the file's index is worth, sound before `start_ms` is decoded too, and dropped.

    An error after the first block does not take back what came before: the blocks so far are good, and the error
    tells why there are no more, or that some of it is missing. Close the iterator to stop early; the decoder is
    ended with it.

    Raises
    ------
    MediaEmpty
        If there is no sound in the stream.
    MediaCutOff
        After the last block, if the file ends before its sound does.
    MediaDecodeError
        If the decoder gives up or stalls; or after the last block, if packets in the middle could not be decoded.
    MediaError, ToolMissing
        If ffmpeg cannot be had or cannot read the file.
    """
    if block_ms <= 0 or start_ms < 0:
        raise ValueError(f"blocks of {block_ms} ms from {start_ms} ms")
    with ffmpeg.Stream(decode_command(path, stream, mix), file=path, stall_s=stall_s) as process:
        heard = without_padding(_sound(process, path), stream)
        sound: Iterator[Samples] = chain(_silence(stream.start_ms * SAMPLES_PER_MS), heard)
        if mix.cut_from_hz is not None:
            sound = low_cut(sound, mix.cut_from_hz)
        yield from blocks(skip(sound, start_ms * SAMPLES_PER_MS), block_ms * SAMPLES_PER_MS)
    if process.finished is not None:
        problem = shortcoming(process.finished, process.bytes_read // _BYTES // SAMPLES_PER_MS, stream, path)
        if problem is not None:
            raise problem


def decode_command(path: Path, stream: AudioStream, mix: Mix = PLAIN) -> list[str]:
    """The command that writes `stream` to standard output as 16-bit samples, 16 kHz mono.

    16 bits, as Whisper's own front end reads it: half the bytes of floats, and never out of range or not a number,
    whatever a damaged file decodes to.
    """
    sound = _mixed(from_the_first_sample(path, stream), stream, mix)
    fill_gaps: dict[str, Any] = {"async": 1, "min_hard_comp": _MAX_DRIFT_S}
    sound = sound.filter("aresample", SAMPLE_RATE, **fill_gaps)
    sound = sound.filter("aformat", sample_fmts="s16", sample_rates=SAMPLE_RATE, channel_layouts="mono")
    return ffmpeg.command(sound.output("pipe:1", format="s16le"))


def from_the_first_sample(path: Path, stream: AudioStream, **options: str | int | float | None) -> Any:
    """The audio of an ffmpeg-python input; `options` are ffmpeg's own for inputs.

    Where :attr:`AudioStream.first_us` is known, times are the container's own.
    """
    options = {**dict(stream.demuxer_options), **options}
    if stream.first_us is None:
        return ffmpeg.local_input(path, **options)[f"a:{stream.index}"]
    # By default, ffmpeg moves all times by what it takes for the start of the file.
    sound = ffmpeg.local_input(path, copyts=None, **options)[f"a:{stream.index}"]
    return sound.filter("atrim", start=f"{stream.first_us}us")


def without_padding(chunks: Iterable[Samples], stream: AudioStream) -> Iterator[Samples]:
    """The same sound without what an encoder put behind its stated end; all of it, if that is more than padding."""
    if stream.first_us is None or stream.end_us is None:
        yield from chunks
        return
    chunks = iter(chunks)
    left = (stream.end_us - stream.first_us) * SAMPLES_PER_MS // 1000
    after: list[Samples] = []
    for chunk in chunks:
        if left:
            yield chunk[:left]
        if left < len(chunk):
            after.append(chunk[left:])
        left = max(0, left - len(chunk))
        if sum(map(len, after)) > _PADDING_MS * SAMPLES_PER_MS:  # the header is wrong
            yield from chain(after, chunks)
            return


def _mixed(sound: Any, stream: AudioStream, mix: Mix) -> Any:
    """The sound with the filters that a mix needs; a plain one needs none."""
    if mix.channels:
        if stream.channels == len(_STEREO):
            # Where a piece of another kind was joined on, it has as many channels again.
            sound = sound.filter("aformat", channel_layouts="stereo")
        share = 1 / len(mix.channels)
        mean = "+".join(f"{share:.6g}*c{channel}" for channel in mix.channels)
        sound = sound.filter("pan", args=f"mono|c0={mean}")
    if mix.offset:
        # dcshift works in 32 bits. Back in 16, what comes after is computed as of a file that never had an offset.
        sound = sound.filter("dcshift", shift=f"{-mix.offset:.15f}").filter("aformat", sample_fmts="s16")
    return sound


def skip(chunks: Iterable[Samples], count: int) -> Iterator[Samples]:
    """The same sound without its first `count` samples."""
    for chunk in chunks:
        dropped = min(count, len(chunk))
        count -= dropped
        if dropped < len(chunk):
            yield chunk[dropped:]


def blocks(chunks: Iterable[Samples], size: int) -> Iterator[Samples]:
    """The same sound in blocks of `size` samples; the last may be shorter, none is empty."""
    held: list[Samples] = []
    missing = size
    for chunk in chunks:
        while len(chunk) >= missing:
            yield np.concatenate([*held, chunk[:missing]])
            chunk, held, missing = chunk[missing:], [], size
        if len(chunk):
            held.append(chunk)
            missing -= len(chunk)
    if held:
        yield np.concatenate(held)


def shortcoming(finished: ffmpeg.Finished, sound_ms: int, stream: AudioStream, path: Path) -> MediakitError | None:
    """What is wrong with the `sound_ms` of sound that a decoder gave before it ended; None if nothing is."""
    if finished.was_killed or (sound_ms == 0 and finished.status != 0):
        return ffmpeg.failure(finished, path)
    if _is_cut_off(finished, sound_ms, stream):
        return MediaCutOff(_where_it_ends(sound_ms, stream), file=path, remedy="Copy or download the file again.")
    if finished.status != 0 or (sound_ms == 0 and finished.errors):
        return ffmpeg.failure(finished, path)
    if sound_ms == 0:
        return MediaEmpty("there is no sound in its audio stream", file=path)
    damaged = sum(_DAMAGED_PACKET.search(message) is not None for message in finished.messages)
    if damaged >= _DAMAGED_PACKETS:
        return MediaDecodeError(f"{damaged} or more packets of its sound are damaged and were left out", file=path)
    return None


def _is_cut_off(finished: ffmpeg.Finished, sound_ms: int, stream: AudioStream) -> bool:
    if stream.is_streamed or (stream.is_counted and not finished.errors):
        return False
    if finished.says(_CUT_OFF):
        return True
    if stream.duration_ms is None or finished.says(_ESTIMATED):
        return False
    tolerance_ms = _MISSING_WITH_ERROR_MS if finished.errors else _MISSING_MS
    # A short file that lost all is cut off too, a short one that lost nothing has its few frames.
    return stream.duration_ms - sound_ms > min(tolerance_ms, stream.duration_ms // 2)


def _where_it_ends(sound_ms: int, stream: AudioStream) -> str:
    end = f"the file is incomplete: its sound ends at {timestamp(stream.start_ms + sound_ms)}"
    if stream.duration_ms is None or stream.duration_ms - sound_ms < _MISSING_WITH_ERROR_MS:
        return end
    return f"{end}, not at {timestamp(stream.start_ms + stream.duration_ms)}"


def _silence(count: int) -> Iterator[Samples]:
    for start in range(0, count, _SILENCE_BLOCK):
        yield np.zeros(min(_SILENCE_BLOCK, count - start), dtype=np.float32)


def _sound(process: ffmpeg.Stream, path: Path) -> Iterator[Samples]:
    """ffmpeg's bytes as samples."""
    odd = b""
    for chunk in process:
        if process.bytes_read > MAX_DURATION_MS * SAMPLES_PER_MS * _BYTES:
            raise MediaDecodeError(f"it claims more than {timestamp(MAX_DURATION_MS)} of sound", file=path)
        data = odd + chunk
        odd = data[len(data) - len(data) % _BYTES :]
        yield np.frombuffer(data, dtype="<i2", count=len(data) // _BYTES).astype(np.float32) / _FULL_SCALE
