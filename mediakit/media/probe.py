"""What is in a media file, read in process with PyAV: its headers, and the first packets of its sound.

Headers can be wrong. They are good enough to choose a stream and to refuse what is no media; how long the sound is,
decoding decides in the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import av.container
import av.error
from av.audio.stream import AudioStream as AvAudioStream
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream as AvVideoStream

from mediakit.errors import (
    MediaCutOff,
    MediaDecodeError,
    MediaEncrypted,
    MediaError,
    MediaNoAudio,
    MediaNotMedia,
)
from mediakit.media.counted_bytes import has_counted_bytes
from mediakit.media.ffmpeg import INPUT_LIMITS, file_url
from mediakit.media.raw_sound import HEADER_BYTES, raw_sound
from mediakit.media.regular import open_regular
from mediakit.media.sound import MAX_DURATION_MS
from mediakit.media.stated_length import states_length

_TIMEOUT_S = 30.0
#: Of each stream, until one gives sound.
_FIRST_PACKETS = 64

#: Boxes that an MP4 or QuickTime file begins with (ISO/IEC 14496-12, 6.3; QuickTime File Format, "Atoms").
_MP4_FIRST_BOXES = {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"sidx", b"wide", b"free", b"skip", b"pnot"}
#: Brands of pictures in the same box format (ISO/IEC 23008-12 and AVIF).
_PICTURE_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis"}
#: How files of other formats begin that tell where they end only in what follows.
_MEDIA_FIRST_BYTES = (
    *(b"fLaC", b"OggS", b"RIFF", b"RIFX", b"RF64", b"BW64", b"riff\x2e\x91\xcf\x11", b"FORM", b".snd\0", b"caff"),
    *(b"\x1aE\xdf\xa3", b"0&\xb2u", b"wvpk", b"TTA1"),
)
#: How files of a format begin of which libav believes a length that is none (AIFF).
_BELIEVED = b"FORM"
#: Formats without a length in any header; what libav gives for them is a guess from the first and last packets.
#: (MP3 has one in most files; ffmpeg says while decoding where it has not.)
_WITHOUT_LENGTH = {"mpegts", "mpeg", "aac", "ac3", "eac3", "dts", "loas", "amr", "amrnb", "amrwb"}
_MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
#: Formats with one clock from beginning to end. What an encoder put before the first sample (priming) is dropped by
#: some versions of libav, and played by others, some of which let the file begin before 0; but the first sample has the
#: same time in all.
_WITH_ONE_CLOCK = {_MP4, "matroska,webm", "asf"}
#: Those of them that tell the end of the sound to the sample (by edit lists), amid what an encoder put after it.
_WITH_EXACT_END = {_MP4}
#: What libav calls what its command line has a short name for.
_OWN_NAMES = {"ar": "sample_rate", "ac": "ch_layout"}
#: Sample entries that stand for protected sound: common encryption, FairPlay, Audible.
_PROTECTED_TAGS = {"enca", "drms", "aavd"}


@dataclass(frozen=True, slots=True)
class AudioStream:
    """One audio stream.

    Attributes
    ----------
    index
        Its number among the audio streams of the file, from 0.
    codec
        libav's name of the codec, such as `aac`.
    channels, sample_rate
        As the header has them; the sample rate is in Hz.
    start_ms
        Where its sound begins, counted from the start of the media as a player shows it.
    duration_ms
        Its length as a header of the file states it; None where none does.
    language
        As the file tags it (often ISO 639-2, such as `vie`); None where it does not.
    default
        Whether the file marks it as the stream to play.
    encrypted
        Whether it is protected by a key.
    first_us, end_us
        Where its sound begins and ends on the container's own clock, in microseconds; None where that clock may
        restart, or the format does not tell them to the sample.
    is_streamed
        Whether its header has the place of a length and no length in it, as of what was written to a pipe: its sound
        is what there is, and never ends too early.
    is_counted
        Whether its header counts the bytes of the file and all of them are there: without an error of the decoder
        none of its sound is lost, whatever length is stated.
    demuxer_options
        What libav is to be told to read its sound whole.
    """

    index: int
    codec: str
    channels: int
    sample_rate: int
    start_ms: int = 0
    duration_ms: int | None = None
    language: str | None = None
    default: bool = False
    encrypted: bool = False
    first_us: int | None = None
    end_us: int | None = None
    is_streamed: bool = False
    is_counted: bool = False
    demuxer_options: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if self.index < 0 or self.start_ms < 0 or (self.duration_ms or 0) < 0:
            raise ValueError(f"not an audio stream: {self}")

    def __str__(self) -> str:
        language = f", {self.language}" if self.language else ""
        return f"{self.index} ({self.codec}, {self.channels} ch{language})"


@dataclass(frozen=True, slots=True)
class Probe:
    """A media file by its headers.

    `duration_ms` runs from the container's start, and is None where the header does not say. `start_ms` is the
    container's own clock at its start, the least over its streams; every other time counts from there. A cover
    picture is not video.
    """

    path: Path
    container: str
    duration_ms: int | None
    start_ms: int
    audio: tuple[AudioStream, ...]
    has_video: bool

    @property
    def kind(self) -> Literal["audio", "video"]:
        """What a player would show."""
        return "video" if self.has_video else "audio"

    @property
    def encrypted(self) -> bool:
        """Whether all of its sound is protected by a key."""
        return bool(self.audio) and all(stream.encrypted for stream in self.audio)


def probe(path: Path) -> Probe:
    """What is in the file, from its headers and the first packets of its sound.

    Raises
    ------
    MediaMissing, MediaEmpty
        If there is no such file, or no byte in it.
    MediaNotMedia
        If it is something else: a folder, text, a picture, a playlist.
    MediaCutOff
        If it ends before the index that tells where its sound is.
    MediaError
        If it cannot be read.
    """
    with open_regular(path) as file:
        head = file.read(HEADER_BYTES)
        is_streamed = not states_length(file)
        is_counted = has_counted_bytes(file)
    raw = raw_sound(head)
    if raw is None or not (is_streamed and head.startswith(_BELIEVED)):
        try:
            probed = _probed(path, head, (), is_streamed=is_streamed)
            audio = tuple(replace(stream, is_counted=is_counted) for stream in probed.audio)
            return replace(probed, audio=audio) if is_counted else probed
        except MediaError:
            if raw is None:
                raise
    return _probed(path, head, raw.demuxer_options, is_streamed=True)


def _probed(path: Path, head: bytes, options: tuple[tuple[str, str], ...], *, is_streamed: bool) -> Probe:
    """What :func:`probe` gives, with options for the demuxer."""
    with opened(path, head, dict(options)) as container:
        start = _seconds(container.start_time, Fraction(1, av.time_base))
        firsts = _first_frames(container)
        audio = tuple(
            _audio_stream(stream, i, start, firsts.get(stream.index, _First()), options, is_streamed=is_streamed)
            for i, stream in enumerate(container.streams.audio)
        )
        has_video = any(_is_moving(stream) for stream in container.streams.video)
        if not has_video and not any(stream.sample_rate and stream.channels for stream in audio):
            # libav takes much for a format it knows; without one stream to play it was something else.
            only_text = any(stream.type == "subtitle" for stream in container.streams)
            raise _not_understood(path, b"" if only_text else head)
        return Probe(
            path=path,
            container=container.format.name,
            duration_ms=None if is_streamed else _ms_or_none(container.duration, Fraction(1, av.time_base)),
            start_ms=round(start * 1000),
            audio=audio,
            has_video=has_video,
        )


def choose_audio(probe: Probe, wanted: int | None = None) -> AudioStream:
    """The audio stream `wanted` (from 0), or else the one that the file marks as default, or else the first.

    Raises
    ------
    MediaNoAudio
        If there is no sound, or no stream of that number.
    MediaEncrypted
        If the stream is protected by a key.
    """
    if not probe.audio:
        raise MediaNoAudio("it has no audio stream", file=probe.path)
    if wanted is None:
        playable = [stream for stream in probe.audio if stream.sample_rate] or list(probe.audio)
        stream = next((stream for stream in playable if stream.default), playable[0])
    elif 0 <= wanted < len(probe.audio):
        stream = probe.audio[wanted]
    else:
        there = "; ".join(map(str, probe.audio))
        raise MediaNoAudio(f"there is no audio stream {wanted}", file=probe.path, remedy=f"It has {there}.")
    if stream.encrypted:
        remedy = "Ask for a copy without protection."
        raise MediaEncrypted("its sound is encrypted", file=probe.path, remedy=remedy)
    return stream


@contextmanager
def opened(
    path: Path, head: bytes = b"", options: Mapping[str, str] | None = None
) -> Iterator[av.container.InputContainer]:
    """The open container, limited to the file itself, with PyAV's errors turned into ours.

    `head` is how the file begins, for the error that says what it is; `options` are for the demuxer, as ffmpeg has
    them (:attr:`AudioStream.demuxer_options`).
    """
    own = {_OWN_NAMES.get(name, name): value for name, value in (options or {}).items()}
    if "ch_layout" in own:
        own["ch_layout"] += "c"  # the usual layout of so many channels
    try:
        with av.open(
            file_url(path),
            format=own.pop("format", None),
            options={**INPUT_LIMITS, **own},
            timeout=_TIMEOUT_S,
            metadata_errors="replace",
        ) as container:
            yield container
    except av.error.ExitError:
        raise MediaDecodeError(f"its headers could not be read within {_TIMEOUT_S:g} s", file=path) from None
    except (av.error.InvalidDataError, av.error.EOFError):
        raise _not_understood(path, head) from None
    except av.error.ArgumentError:  # a format that INPUT_LIMITS does not list
        raise MediaNotMedia("this is a picture, a playlist or text, not a media file", file=path) from None
    except (av.error.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"its headers cannot be read: {reason}", file=path) from error


def _not_understood(path: Path, head: bytes) -> MediaError:
    """The error for a file that libav cannot make out: the first bytes tell whether it was media once."""
    remedy = "Copy or download it again."
    if head[4:8] in _MP4_FIRST_BOXES and head[8:12] not in _PICTURE_BRANDS:
        return MediaCutOff("the file ends before its index (moov)", file=path, remedy=remedy)
    if head.startswith(_MEDIA_FIRST_BYTES):
        return MediaCutOff("the file ends within its header, or its header is damaged", file=path, remedy=remedy)
    return MediaNotMedia("this is not a media file", file=path)


def _audio_stream(
    stream: AvAudioStream,
    index: int,
    container_start: Fraction,
    first: _First,
    options: tuple[tuple[str, str], ...],
    *,
    is_streamed: bool,
) -> AudioStream:
    start = first.frame
    if start is None:
        start = _seconds(stream.start_time, stream.time_base) if stream.start_time is not None else container_start
    codec = stream.codec_context  # None where libav has no decoder for it
    language = stream.language
    form = stream.container.format.name
    return AudioStream(
        index=index,
        codec=codec.codec.canonical_name if codec else "unknown",
        channels=codec.channels if codec else 0,
        sample_rate=codec.sample_rate if codec else 0,
        start_ms=max(0, round((start - container_start) * 1000)),
        duration_ms=None if is_streamed else _stated_duration_ms(stream, start),
        language=None if language in (None, "", "und") else language,
        default=bool(stream.disposition & Disposition.default),
        encrypted=first.encrypted or (codec is not None and codec.codec_tag in _PROTECTED_TAGS),
        first_us=_us(first.frame) if form in _WITH_ONE_CLOCK else None,
        end_us=_us(_end(stream, first)) if form in _WITH_EXACT_END else None,
        is_streamed=is_streamed,
        # Of RF64 libav takes a length of 0 at its word.
        demuxer_options=(*options, ("ignore_length", "1")) if is_streamed and form == "wav" else options,
    )


def _end(stream: AvAudioStream, first: _First) -> Fraction | None:
    if first.frame is None or not stream.duration:
        return None
    return first.frame + _seconds(stream.duration, stream.time_base)


def _is_moving(stream: AvVideoStream) -> bool:
    return not stream.disposition & (Disposition.attached_pic | Disposition.still_image)


@dataclass(slots=True)
class _First:
    """What the first packets of a stream tell: the time of the first frame that decodes, in seconds, and protection."""

    frame: Fraction | None = None
    encrypted: bool = False
    packets: int = 0

    @property
    def is_known(self) -> bool:
        return self.frame is not None or self.encrypted or self.packets >= _FIRST_PACKETS


def _first_frames(container: av.container.InputContainer) -> dict[int, _First]:
    """By stream index. Headers give the time of the first packet, which is not always one that makes sound."""
    found = {stream.index: _First() for stream in container.streams.audio if stream.codec_context is not None}
    streams = [stream for stream in container.streams.audio if stream.index in found]
    if not streams:
        return found
    try:
        for packet in container.demux(streams):
            _look_at(packet, found[packet.stream.index])
            if all(first.is_known for first in found.values()):
                break
    except (av.error.FFmpegError, OSError, ValueError):
        pass  # decoding will say what is wrong
    return found


def _look_at(packet: Packet[Any], first: _First) -> None:
    if first.is_known:
        return
    first.packets += 1
    # libav replaces the tag `enca` by that of the format underneath; the keys of each packet are what is left of it.
    if packet.size and packet.has_sidedata("encryption_info"):
        first.encrypted = True
        return
    try:
        frames = packet.decode()
    except (av.error.FFmpegError, ValueError):
        return  # streams that were cut out of a longer one often begin with half a frame
    if frames and frames[0].pts is not None:
        first.frame = _seconds(frames[0].pts, frames[0].time_base)


def _stated_duration_ms(stream: AvAudioStream, start: Fraction) -> int | None:
    if stream.container.format.name in _WITHOUT_LENGTH:
        return None
    end_ms = _tagged_end_ms(stream.metadata)
    if stream.duration is None and end_ms is not None:
        return max(0, end_ms - round(start * 1000)) or None
    return _ms_or_none(stream.duration, stream.time_base)


def _tagged_end_ms(tags: dict[str, str]) -> int | None:
    """Where a stream of a Matroska file ends, by its tag `DURATION=00:00:03.003000000`.

    ffmpeg writes the end of the last packet on the file's clock there, whenever the stream begins.
    """
    value = next((value for name, value in tags.items() if name.upper().startswith("DURATION")), "")
    match = re.fullmatch(r"(\d+):(\d\d):(\d\d)\.(\d{3})\d*", value)
    if match is None:
        return None
    hours, minutes, seconds, milliseconds = map(int, match.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def _seconds(ticks: int | None, time_base: Fraction | None) -> Fraction:
    return Fraction(ticks or 0) * (time_base or 0)


def _us(seconds: Fraction | None) -> int | None:
    return round(seconds * 1_000_000) if seconds is not None else None


def _ms_or_none(ticks: int | None, time_base: Fraction | None) -> int | None:
    """None also for what cannot be: numbers of samples and frames that are all ones give years."""
    found_ms = round(_seconds(ticks, time_base) * 1000) if ticks and ticks > 0 else None
    return found_ms if found_ms is None or found_ms <= MAX_DURATION_MS else None
