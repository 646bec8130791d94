"""Cutting: a stretch of a media file's sound as a small file of its own, with short fades and tags.

What is held is the stretch, however long the file. pydub fades and joins; it never starts a process: sound comes from
ffmpeg as samples and goes back to it as WAV.

Where the format's seeking is exact, ffmpeg is sent near the place and decodes from there; everywhere else, the file is
decoded from its start and what comes before is dropped, on the clock of :mod:`mediakit.media.decode`.
"""

from __future__ import annotations

import tempfile
import unicodedata
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mediakit.errors import MediaDecodeError, MediaError, OutputError, ToolMissing
from mediakit.media import ffmpeg
from mediakit.media.decode import from_the_first_sample, shortcoming
from mediakit.media.probe import AudioStream, choose_audio, probe
from mediakit.timeline import MS_PER_SECOND, Span, timestamp

#: By ending: the muxer, and the options of the encoder. MP4 gets its index first, so that it plays while it loads.
FORMATS: Mapping[str, tuple[str, dict[str, str | int]]] = {
    "mp3": ("mp3", {"acodec": "libmp3lame", "q:a": 2}),
    "wav": ("wav", {"acodec": "pcm_s16le"}),
    "m4a": ("ipod", {"acodec": "aac", "b:a": "160k", "movflags": "+faststart"}),
    "ogg": ("ogg", {"acodec": "libvorbis", "q:a": 5}),
    "flac": ("flac", {"acodec": "flac"}),
}

#: A clip is in memory whole, some three times over: half an hour of stereo at 48 kHz is 350 MB.
LONGEST_MS = 30 * 60 * MS_PER_SECOND

#: libav's names of the formats in which ffmpeg 9.0 lands where decoding from the start does, to within 1 ms (Ogg: 6):
#: measured at 7 to 60 places of files of 10 and 90 minutes. Off are AC-3 (125 ms), AVI and AMR; MPEG-TS loses the
#: clock of an earlier picture. Known to be off by some 20 ms a change: MP3 pieces of different rates
#: joined end to end, whose timestamps and samples do not agree.
_SEEKS_EXACTLY = {
    *("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mp3", "flac", "wav", "w64", "caf", "aiff", "wv", "ogg", "aac"),
}
#: Decoded before the stretch and dropped: what a decoder needs to come in (MP3's bit reservoir, 80 ms of Opus).
_RUN_UP_MS = 1000
#: ffmpeg's own value lets 100 ms of small gaps run up.
_MAX_DRIFT_S = 0.01
_BYTES = 2  # of a sample
#: Headers are off by a few frames in clean files; closer to the stated end than this, a stretch may end early.
_NEAR_END_MS = 1000
#: A stretch that lacks less than this at the end of the sound is all there: players round, and so do people.
_LACKING_MS = 100
_SAMPLE_RATES = (8_000, 192_000)  # beyond, a header is wrong
_ENCODE_TIMEOUT_S = 600.0
_LONGEST_TAG = 1000


@dataclass(frozen=True, slots=True)
class Medium:
    """A media file with the stream to cut; `stated_end_ms` is where its header says it ends, None if it does not."""

    path: Path
    container: str
    stream: AudioStream
    stated_end_ms: int | None

    @property
    def sample_rate(self) -> int:
        """Samples a second of its clips: its own rate, in Hz."""
        return min(max(self.stream.sample_rate, _SAMPLE_RATES[0]), _SAMPLE_RATES[1])

    @property
    def channels(self) -> int:
        """1 or 2; surround becomes stereo, for MP3 has no more."""
        return min(self.stream.channels, 2)

    def frames(self, ms: int) -> int:
        """How many samples of each channel `ms` milliseconds are; below zero too."""
        return round(ms * self.sample_rate / MS_PER_SECOND)


@dataclass(frozen=True, slots=True)
class Fades:
    """How long the sound takes to come and go, in milliseconds; short, so that nothing clicks and no word is lost."""

    in_ms: int = 10
    out_ms: int = 20

    def __post_init__(self) -> None:
        if self.in_ms < 0 or self.out_ms < 0:
            raise ValueError(f"not fades: {self}")


def open_medium(path: Path, audio_stream: int | None = None) -> Medium:
    """The media file, and its audio stream of that number; else the one that a player would play.

    Raises
    ------
    MediaError
        If it is no media file, has no sound, or cannot be read.
    """
    probed = probe(path)
    stream = choose_audio(probed, audio_stream)
    if not stream.sample_rate or not stream.channels:
        raise MediaDecodeError("its sound has no decoder here", file=path, remedy="Convert it to MP3 or WAV.")
    stated = [probed.duration_ms] if probed.duration_ms is not None else []
    if stream.duration_ms is not None:
        stated.append(stream.start_ms + stream.duration_ms)
    return Medium(path, probed.container, stream, min(stated, default=None))


def cut(medium: Medium, span: Span, needed: Span | None = None) -> Any:
    """The sound of `span` as a pydub AudioSegment of 16-bit samples; shorter where the sound ends earlier.

    `needed` (default: all of `span`) is what must be there.

    Raises
    ------
    MediaError
        If the sound ends before `needed` does, or cannot be decoded that far; or if `span` is too long to be held.
    ToolMissing
        If there is no ffmpeg.
    """
    if span.duration_ms > LONGEST_MS:
        raise MediaError(
            f"a clip of {timestamp(span.duration_ms)} is longer than {LONGEST_MS // 60_000} minutes",
            file=medium.path, remedy="Cut it in several.",
        )  # fmt: skip
    needed = needed or span
    sound = _sought(medium, span, needed)
    if sound is None:
        sound = _counted(medium, span, needed)
    return _segment()(data=sound, sample_width=_BYTES, frame_rate=medium.sample_rate, channels=medium.channels)


def fade(segment: Any, fades: Fades) -> Any:
    """The segment coming from silence and going into it; both fades together are never longer than it is."""
    half_ms = len(segment) // 2
    in_ms, out_ms = min(fades.in_ms, half_ms), min(fades.out_ms, half_ms)
    segment = segment.fade_in(in_ms) if in_ms else segment
    return segment.fade_out(out_ms) if out_ms else segment


def join(segments: Sequence[Any], silence_ms: int) -> Any:
    """Segments of one medium after each other, with silence between."""
    first = segments[0]
    silence = bytes(round(first.frame_rate * silence_ms / MS_PER_SECOND) * first.frame_width)
    sound = silence.join(segment.raw_data for segment in segments)
    return _segment()(
        data=sound, sample_width=first.sample_width, frame_rate=first.frame_rate, channels=first.channels
    )  # fmt: skip


def write_clip(segment: Any, target: Path, form: str, tags: Mapping[str, str]) -> None:
    """Encode the segment into `target`, one of :data:`FORMATS`, whatever the target is called. Empty tags are left out.

    Raises
    ------
    ToolMissing
        If there is no ffmpeg, or this one has no encoder for the format.
    OutputError
        If it cannot be written; it names no file, for the target may be a temporary one.
    """
    muxer, options = FORMATS[form]
    written = [f"{name}={text}" for name, text in ((n, plain_tag(t)) for n, t in tags.items()) if text]
    # ffmpeg-python takes an option once; ffmpeg does not mind what follows `g`, the whole file's tags.
    metadata = {f"metadata:g:{n}": tag for n, tag in enumerate(written)}
    with tempfile.TemporaryDirectory(prefix="mediakit-") as folder:
        wav = Path(folder) / "clip.wav"
        try:
            segment.export(str(wav), format="wav").close()
        except OSError as error:
            raise OutputError(f"no room for the clip ({error.strerror or error})", file=wav.parent) from error
        url = ffmpeg.file_url(target)
        job = ffmpeg.local_input(wav).output(url, f=muxer, map_metadata=-1, **metadata, **options)
        finished = ffmpeg.run(ffmpeg.command(job.overwrite_output()), timeout_s=_ENCODE_TIMEOUT_S)
    if finished.says(r"Unknown encoder|Encoder .*not found"):
        remedy = f"Choose another --format. {ffmpeg.USE_ANOTHER}"
        raise ToolMissing(f"this ffmpeg cannot write {form}", remedy=remedy)
    if finished.status != 0:
        reason = finished.errors[-1] if finished.errors else f"exit status {finished.status}"
        raise OutputError(f"ffmpeg could not write the clip ({reason[:200]})")


def plain_tag(text: str) -> str:
    """`text` on one line without control characters and halves of surrogate pairs, and of a sane length.

    >>> plain_tag("a\\n b\\x00=;c")
    'a b =;c'
    """
    clean = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text[: 4 * _LONGEST_TAG])
    return " ".join(clean.split())[:_LONGEST_TAG]


def _segment() -> Any:
    with warnings.catch_warnings():
        # pydub looks for ffmpeg on PATH when it is imported, and its regular expressions are old; we need neither.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    return AudioSegment


def _sought(medium: Medium, span: Span, needed: Span) -> bytes | None:
    """The samples by seeking; None if the format or the place is not fit for it, or what came is not what should."""
    from_ms = span.start_ms - _RUN_UP_MS
    if medium.container not in _SEEKS_EXACTLY or from_ms <= medium.stream.start_ms:
        return None
    command = _sought_command(medium, from_ms, span)
    wanted = medium.frames(span.duration_ms) * _frame_bytes(medium)
    sound = bytearray()
    with ffmpeg.Stream(command, file=medium.path) as process:
        for chunk in process:
            sound += chunk
            if len(sound) > wanted + 2 * _frame_bytes(medium):
                # The sound changed its format on the way: ffmpeg begins anew and puts in silence from time 0.
                return None
    near_end = medium.stated_end_ms is not None and span.end_ms > medium.stated_end_ms - _NEAR_END_MS
    least_ms = max(1, needed.end_ms - _LACKING_MS - span.start_ms) if near_end else span.duration_ms
    # The two ends of the cut are rounded apart.
    if len(sound) < (medium.frames(least_ms) - 2) * _frame_bytes(medium) or not sound:
        return None
    return bytes(sound[:wanted])


def _counted(medium: Medium, span: Span, needed: Span) -> bytes:
    """The samples by decoding from the start of the file and counting."""
    width = _frame_bytes(medium)
    first = medium.frames(span.start_ms - medium.stream.start_ms) * width
    wanted = medium.frames(span.duration_ms) * width
    # A stream that begins late begins with silence.
    sound = bytearray(min(wanted, max(0, -first)))
    to_skip = max(0, first)
    with ffmpeg.Stream(_counted_command(medium), file=medium.path) as process:
        for chunk in process:
            dropped = min(to_skip, len(chunk))
            to_skip -= dropped
            sound += chunk[dropped : dropped + wanted - len(sound)]
            if len(sound) >= wanted:
                return bytes(sound)
    sound_ms = process.bytes_read // width * MS_PER_SECOND // medium.sample_rate
    end_ms = medium.stream.start_ms + sound_ms
    if end_ms <= needed.start_ms or end_ms < needed.end_ms - _LACKING_MS:
        assert process.finished is not None  # it was read to its end
        problem = shortcoming(process.finished, sound_ms, medium.stream, medium.path)
        raise problem or MediaError(
            f"its sound ends at {timestamp(end_ms)}, before {timestamp(needed.end_ms)}", file=medium.path
        )
    return bytes(sound)


def _sought_command(medium: Medium, from_ms: int, span: Span) -> list[str]:
    """The command for the samples of `span`, decoding from `from_ms` on."""
    stream = medium.stream
    if stream.first_us is None:
        # ffmpeg counts from the start of the file, and gives what it sought the time 0.
        sound, origin_us = from_the_first_sample(medium.path, stream, ss=_seconds(from_ms)), -from_ms * 1000
    else:
        origin_us = stream.first_us - stream.start_ms * 1000
        place = f"{origin_us + from_ms * 1000}us"
        seek: dict[str, str | int | None] = {"ss": place, "seek_timestamp": 1, "noaccurate_seek": None}
        sound = from_the_first_sample(medium.path, stream, **seek).filter("atrim", start=place)
    # A gap right at the place that was sought is silence, too.
    sought = round((origin_us + from_ms * 1000) * medium.sample_rate / 1_000_000)
    sound = _resampled(sound, medium, first_pts=sought)
    start, end = (f"{origin_us + ms * 1000}us" for ms in (span.start_ms, span.end_ms))
    return _written(sound.filter("atrim", start=start, end=end), medium)


def _counted_command(medium: Medium) -> list[str]:
    """The command for all samples."""
    return _written(_resampled(from_the_first_sample(medium.path, medium.stream), medium), medium)


def _resampled(sound: Any, medium: Medium, **options: Any) -> Any:
    """At the rate of the clip, with gaps as silence."""
    return sound.filter("aresample", medium.sample_rate, **{"async": 1}, min_hard_comp=_MAX_DRIFT_S, **options)


def _written(sound: Any, medium: Medium) -> list[str]:
    """The command that writes 16-bit samples to standard output."""
    layout = "mono" if medium.channels == 1 else "stereo"
    sound = sound.filter("aformat", sample_fmts="s16", sample_rates=medium.sample_rate, channel_layouts=layout)
    return ffmpeg.command(sound.output("pipe:1", format="s16le"))


def _frame_bytes(medium: Medium) -> int:
    return medium.channels * _BYTES


def _seconds(ms: int) -> str:
    return f"{ms // MS_PER_SECOND}.{ms % MS_PER_SECOND:03d}"
