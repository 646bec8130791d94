"""What people are told of the choice of what was listened to, and of a file in which nobody speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mediakit.media.decode import Mix
from mediakit.media.probe import AudioStream, Probe
from mediakit.notices import Notice
from mediakit.speech.choice import Choice, Why

#: What is quieter (dBFS) is called silent.
_SILENT_DB = -70
_WHY: Mapping[Why, str] = {
    "": "only there somebody speaks",
    "speech": "only there somebody speaks",
    "language": "the wanted language is spoken there",
    "delayed": "the others are late and say the same, which blurs what is said when they are mixed",
    "opposite": "the channels cancel each other when they are mixed (opposite phases)",
}


def chosen_notices(named: str, probed: Probe, choice: Choice, stream: AudioStream, mix: Mix) -> list[Notice]:
    """What was listened to, where that is not what a player plays; `stream` and `mix` are what was in the end."""
    is_first = (stream.index, mix) == (choice.stream, choice.mix)
    notices = []
    if stream.index != choice.stream or choice.why_stream:
        why = _WHY[choice.why_stream if is_first else "speech"]
        what = f"audio stream {stream} was listened to: {why}"
        notices.append(Notice("track-chosen", f"{named}: {what}; `--audio-stream N` chooses another"))
    if mix.channels:
        why = _WHY[choice.why_channels if is_first else "speech"]
        what = f"only {_channels(mix.channels)} of {stream.channels} was listened to: {why}"
        notices.append(Notice("channel-chosen", f"{named}: {what}"))
    return notices


def silence_notice(named: str, probed: Probe, choice: Choice, *, is_fixed: bool) -> Notice:
    """That no speech was heard, and what else there is in the file; `is_fixed` is whether somebody chose the stream."""
    stream = probed.audio[choice.stream]
    others = [other for other in probed.audio if other.index != stream.index]
    what = f"no speech was heard in audio stream {stream}, {_loudness(choice.loudest_db)}"
    if others and is_fixed:
        what += f"; the file also has {_listed(others)}: give another `--audio-stream`, or none"
    elif others:
        what += f", nor in the others of the file: {_listed(others)}"
    else:
        what += "; it is the only one in the file"
    if stream.channels > 1:
        what += f"; each of its {stream.channels} channels was looked at"
    if probed.has_video:
        what += "; there is video too"
    return Notice("no-speech", f"{named}: {what}")


def _loudness(level_db: int | None) -> str:
    if level_db is None or level_db < _SILENT_DB:
        return "which is silent"
    return f"though there is sound in it (up to {level_db} dBFS)".replace("-", "−")


def _listed(streams: Sequence[AudioStream]) -> str:
    return ", ".join(map(str, streams))


def _channels(channels: Sequence[int]) -> str:
    """Channels as people count them, from 1."""
    numbers = ", ".join(str(channel + 1) for channel in channels)
    return f"channel {numbers}" if len(channels) == 1 else f"the mean of channels {numbers}"
