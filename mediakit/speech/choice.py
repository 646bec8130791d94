"""What of a file is listened to: the stream and the channels in which somebody speaks, by excerpts of all of them.

Channels that are alike are mixed as a player mixes them, and one stream that nobody doubts is taken as it is: that
costs a fraction of a second. Elsewhere voice activity decides; two that speak at once and say different things, as an
interpreter beside the speaker, are told apart by language, where the engine can.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mediakit.media.decode import PLAIN, Mix
from mediakit.media.excerpts import Channels, excerpts, is_looked_at_whole
from mediakit.media.probe import AudioStream, Probe, choose_audio
from mediakit.media.sound import SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.languages import AUTO, USUAL, KnowsLanguages, spoken
from mediakit.speech.low_sound import LowSound, low_sound, remedy
from mediakit.speech.voice_activity import FRAME_MS, FRAME_SAMPLES, Hysteresis, VoiceActivity

#: Channels are alike where each follows the loudest so closely (correlation). What is quieter than the least, or so
#: much quieter than the loudest, is no sound.
_ALIKE = 0.7
_LEAST_POWER, _LEAST_SHARE = 1e-7, 1e-5
#: Somebody speaks in what has so much speech, and so large a part of what the one with the most has.
_LEAST_SPEECH_MS, _LEAST_OF_MOST = 500, 0.1
#: Sound without speech spoils the speech beside it, unless it is so much quieter (power: 20 dB).
_SPOILS = 0.01
#: Two channels cancel each other where their correlation is below this, or the mix has less than this part of the
#: speech.
_OPPOSITE, _LOST = -0.5, 0.6
#: Two say different things at once where both speak for this part of the time of the one that speaks less, and their
#: levels go up and down so differently (correlation).
_AT_ONCE, _DIFFERENT = 0.4, 0.5
#: One channel is another, only later (or earlier): so closely it follows at one distance in time, within these
#: milliseconds. Nearer than the first of them, pairs of microphones are; mixed, they lose nothing that matters.
_COPY, _LATE_MS = 0.8, (1, 500)
#: Streams and channels beyond are not looked at; excerpts of each voice that are kept for its language.
_MOST_STREAMS, _MOST_CHANNELS, _KEPT = 16, 32, 3
#: Of more channels than this ffmpeg knows no layout; it mixes none but the first.
_MOST_MIXED = 8
#: Other sound that is listened to as a whole where nothing is heard in the one that was chosen.
_MOST_OTHERS = 8

Why = Literal["", "speech", "opposite", "delayed", "language"]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is listened to, and why, where it is not what a player plays.

    `others` are to be tried, in order, where nothing is heard in all of it. `loudest_db` is the level of the loudest
    excerpt in dBFS; None where nothing could be decoded.
    """

    stream: int
    mix: Mix = PLAIN
    why_stream: Why = ""
    why_channels: Why = ""
    others: tuple[tuple[int, Mix], ...] = ()
    loudest_db: int | None = None


def choose(probed: Probe, wanted: int | None = None, engine: Engine | None = None) -> Choice:
    """What of a file to listen to. `wanted` is the number of the stream that somebody chose; None: by speech.

    `engine` is asked for languages only where speech in different languages is to be told apart; without one the
    first is taken.

    Raises
    ------
    MediaError
        If there is no sound, no stream of that number, or the file cannot be opened.
    EngineError
        If the engine fails.
    """
    usual = choose_audio(probed, wanted)
    playable = [s for s in probed.audio if s.sample_rate and s.channels and not s.encrypted and s != usual]
    streams = [usual, *playable][: 1 if wanted is not None else _MOST_STREAMS]
    looked = _look(probed.path, streams, probed.duration_ms)
    number, why_stream = _stream(looked, streams, _Languages(engine))
    chosen = looked[number]
    is_whole = is_looked_at_whole(probed)
    channels, why_channels = chosen.channels(_Languages(engine), is_whole=is_whole)
    offset, cut_from_hz = chosen.remedy(channels)
    others = () if is_whole else tuple(_others(looked, number))
    return Choice(number, Mix(channels, offset, cut_from_hz), why_stream, why_channels, others, chosen.loudest_db)


def _look(path: Path, streams: Sequence[AudioStream], duration_ms: int | None) -> dict[int, _Stream]:
    looked = {s.index: _Stream(s, is_compared=len(streams) > 1) for s in streams}
    decodable = [s for s in streams if s.sample_rate and s.channels]
    for place, found in enumerate(excerpts(path, decodable, duration_ms)):
        for number, sound in found.items():
            looked[number].take(place, sound)
    return looked


def _stream(looked: Mapping[int, _Stream], streams: Sequence[AudioStream], languages: _Languages) -> tuple[int, Why]:
    """The number of the stream to listen to: the usual one, unless only others speak, or only they as is wanted."""
    usual, *others = streams
    if not others:
        return usual.index, ""
    most_ms = max(one.speech_ms for one in looked.values())
    speaking = [s for s in streams if _speaks(looked[s.index].speech_ms, most_ms)]
    if not speaking:
        return usual.index, ""
    first = looked[speaking[0].index].voice
    candidates = [speaking[0], *(s for s in speaking[1:] if not looked[s.index].voice.says_the_same(first))]
    best = _in_wanted_language(candidates, looked, languages)
    if best == usual:
        return usual.index, ""
    return best.index, "language" if usual in speaking else "speech"


def _in_wanted_language(
    candidates: Sequence[AudioStream], looked: Mapping[int, _Stream], languages: _Languages
) -> AudioStream:
    """The first of several streams in the wanted language by its tag; else by its sound; else the first."""
    if len(candidates) == 1:
        return candidates[0]
    tagged = (s for s in candidates if languages.is_wanted_tag(s.language))
    heard = (s for s in candidates if languages.is_wanted(looked[s.index].voice))
    return next(tagged, None) or next(heard, candidates[0])


def _others(looked: Mapping[int, _Stream], chosen: int) -> Iterator[tuple[int, Mix]]:
    """What else there is to listen to: single channels that differ, and the other streams."""
    found = [(chosen, Mix((channel,))) for channel in looked[chosen].differing]
    for number, one in looked.items():
        if number != chosen:
            found += [(number, PLAIN), *((number, Mix((channel,))) for channel in one.differing)]
    yield from found[:_MOST_OTHERS]


def _speaks(speech_ms: int, most_ms: int) -> bool:
    return speech_ms >= max(_LEAST_SPEECH_MS, _LEAST_OF_MOST * most_ms)


@dataclass(slots=True)
class _Voice:
    """Where somebody speaks in one channel, or a mix of several, over the excerpts; and how loud each frame is."""

    _activity: VoiceActivity | None = None
    _speaking: bool = False
    speech: dict[int, NDArray[np.bool_]] = field(default_factory=dict)
    levels: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    kept: dict[int, Samples] = field(default_factory=dict)

    def take(self, place: int, samples: Samples) -> None:
        """The excerpt at a place, in frames of 32 ms; what is left over is dropped."""
        count = len(samples) // FRAME_SAMPLES
        if self._activity is None:
            self._activity = VoiceActivity()
        frames = samples[: count * FRAME_SAMPLES]
        self.speech[place] = self._hysteresis(self._activity.feed(frames))
        power = np.mean(frames.reshape(count, FRAME_SAMPLES).astype(np.float64) ** 2, axis=1)
        self.levels[place] = 10 * np.log10(np.maximum(power, 1e-10))
        self.kept[place] = samples
        if len(self.kept) > _KEPT:
            del self.kept[min(self.kept, key=lambda kept: (int(self.speech[kept].sum()), -kept))]

    @property
    def speech_ms(self) -> int:
        """How long somebody speaks, over all excerpts."""
        return FRAME_MS * sum(int(frames.sum()) for frames in self.speech.values())

    def says_the_same(self, other: _Voice) -> bool:
        """Whether two do not say different things at once; so where one is silent while the other speaks."""
        places = sorted(self.speech.keys() & other.speech.keys())
        sizes = [min(len(self.speech[place]), len(other.speech[place])) for place in places]
        ours, theirs = (
            np.concatenate([one.speech[p][:n] for p, n in zip(places, sizes, strict=True)] or [np.zeros(0, bool)])
            for one in (self, other)
        )
        both, less = ours & theirs, min(int(ours.sum()), int(theirs.sum()))
        if not less or both.sum() < _AT_ONCE * less:
            return True
        ours_db, theirs_db = (
            np.concatenate([one.levels[p][:n] for p, n in zip(places, sizes, strict=True)]) for one in (self, other)
        )
        either = ours | theirs
        return _correlation(ours_db[either], theirs_db[either]) >= _DIFFERENT

    def is_late(self, other: _Voice) -> bool:
        """Whether one is the other at another time: such, mixed, are as if spoken in a tube (a comb filter)."""
        least, most = (ms * SAMPLES_PER_MS for ms in _LATE_MS)
        products, scale = np.zeros(2 * most + 1), 0.0
        for place in self.kept.keys() & other.kept.keys():
            ours, theirs = self.kept[place], other.kept[place]
            size = 1 << (len(ours) + len(theirs)).bit_length()
            found = np.fft.irfft(np.fft.rfft(ours, size) * np.conj(np.fft.rfft(theirs, size)), size)
            products += np.concatenate((found[-most:], found[: most + 1]))
            scale += float(np.linalg.norm(ours) * np.linalg.norm(theirs))
        best = int(np.argmax(np.abs(products)))
        return abs(best - most) >= least and bool(abs(products[best]) >= _COPY * scale > 0)

    def _hysteresis(self, activity: NDArray[np.float32]) -> NDArray[np.bool_]:
        limits, found = Hysteresis(), np.zeros(len(activity), dtype=bool)
        for n, probability in enumerate(activity):
            self._speaking = bool(probability >= (limits.offset if self._speaking else limits.onset))
            found[n] = self._speaking
        return found


class _Stream:
    """One stream by its excerpts. Voice activity is asked where its channels differ, or where streams are compared."""

    def __init__(self, stream: AudioStream, *, is_compared: bool) -> None:
        self.stream, self._is_compared = stream, is_compared
        self.voice = _Voice()
        self._voices: dict[int, _Voice] = {}
        self._power: NDArray[np.float64] = np.zeros(stream.channels)
        self._loudest = 0.0
        self._products: NDArray[np.float64] | None = None
        self._low: dict[int | None, list[LowSound | None]] = {}

    def take(self, place: int, sound: Channels) -> None:
        """The excerpt at a place."""
        power = np.var(sound, axis=1, dtype=np.float64)  # so that an offset is no sound
        if len(power) != len(self._power):
            return  # a piece of another kind, joined on
        self._power += power
        self._loudest = max(self._loudest, float(power.max()))
        mix: Samples = sound.mean(axis=0, dtype=np.float32)
        self._low.setdefault(None, []).append(low_sound(mix))
        live = _live(power)
        has_no_layout = self.stream.channels > _MOST_MIXED
        differs = bool(live) and (
            has_no_layout or len(live) < min(len(sound), _MOST_CHANNELS) or not _are_alike(sound, live)
        )
        if self._is_compared or differs:
            self.voice.take(place, mix)
        if not differs:
            return
        for channel in live:
            voice = self._voices.setdefault(channel, _Voice())
            voice.take(place, sound[channel])
            self._low.setdefault(channel, []).append(low_sound(sound[channel]))
        self._add_products(place, sound)

    @property
    def speech_ms(self) -> int:
        """How long somebody speaks in the channel that has the most speech, or in the mix."""
        return max((voice.speech_ms for voice in (self.voice, *self._voices.values())), default=0)

    @property
    def differing(self) -> tuple[int, ...]:
        """Channels that have sound of their own."""
        return tuple(sorted(self._voices)) if len(self._voices) > 1 else ()

    @property
    def loudest_db(self) -> int | None:
        """The level of the loudest channel in the loudest excerpt, in dBFS."""
        return round(10 * float(np.log10(max(self._loudest, 1e-10)))) if None in self._low else None

    def remedy(self, channels: tuple[int, ...]) -> tuple[float, int | None]:
        """What is to be done about low sound in these channels (none: all)."""
        return remedy([one for channel in channels or (None,) for one in self._low.get(channel, [])])

    def channels(self, languages: _Languages, *, is_whole: bool) -> tuple[tuple[int, ...], Why]:
        """The channels to listen to; none: all, as a player mixes them. `is_whole` is whether all was looked at."""
        most_ms = max((voice.speech_ms for voice in self._voices.values()), default=0)
        speaking = [c for c in sorted(self._voices) if _speaks(self._voices[c].speech_ms, most_ms)]
        if self.stream.channels > _MOST_MIXED:
            return tuple(speaking), "speech" if speaking else ""
        if not speaking:
            return (), ""
        spoilt = any(self._spoils(c, speaking) for c in self._voices if c not in speaking)
        if len(speaking) == 1:
            # Silent channels make the mix quieter, and one for low sound is left out of it. But in what was not looked
            # at somebody may speak there.
            is_alone = spoilt or is_whole or self.voice.speech_ms < _LOST * most_ms
            return (tuple(speaking), "speech") if is_alone else ((), "")
        if self._cancel(speaking, most_ms):
            return (self._best(speaking),), "opposite"
        first = self._best(speaking)
        in_time = [c for c in speaking if c == first or not self._voices[c].is_late(self._voices[first])]
        rivals = [c for c in in_time if not self._voices[c].says_the_same(self._voices[first])]
        if rivals:
            wanted = [c for c in (first, *rivals) if languages.is_wanted(self._voices[c])]
            if 0 < len(wanted) < len(rivals) + 1:
                return tuple(sorted(wanted)), "language"
        if len(in_time) < len(speaking):
            return tuple(in_time), "delayed"
        return (tuple(speaking), "speech") if spoilt else ((), "")

    def _best(self, speaking: Sequence[int]) -> int:
        """The channel with the most speech; of those with about as much, the loudest; of those as loud, the first."""
        most_ms = max(self._voices[c].speech_ms for c in speaking)
        near = [c for c in speaking if self._voices[c].speech_ms >= 0.9 * most_ms]
        return max(near, key=lambda c: (round(10 * float(np.log10(self._power[c]))), -c))

    def _cancel(self, speaking: Sequence[int], most_ms: int) -> bool:
        """Whether channels with speech cancel each other in the mix."""
        if self._products is not None:
            for a, b in combinations(speaking, 2):
                scale = float(np.sqrt(self._products[a, a] * self._products[b, b]))
                if scale and self._products[a, b] < _OPPOSITE * scale:
                    return True
        return len(speaking) == len(self._voices) and self.voice.speech_ms < _LOST * most_ms

    def _spoils(self, channel: int, speaking: Sequence[int]) -> bool:
        return bool(self._power[channel] > _SPOILS * max(float(self._power[c]) for c in speaking))

    def _add_products(self, place: int, sound: Channels) -> None:
        """The products of all channels with each other, where somebody speaks."""
        heard = [voice.speech[place] for voice in self._voices.values() if place in voice.speech]
        spoken_at = np.repeat(np.logical_or.reduce(heard), FRAME_SAMPLES)
        speech = sound[:, : len(spoken_at)][:, spoken_at].astype(np.float64)
        products = speech @ speech.T
        self._products = products if self._products is None else self._products + products


class _Languages:
    """Which voices speak the wanted language; the engine is asked, once for each, only where it must be."""

    def __init__(self, engine: Engine | None) -> None:
        self._engine = engine
        language = engine.info.language if engine is not None else AUTO
        self._wanted = USUAL if language == AUTO else language
        self._known: dict[int, bool] = {}

    def is_wanted_tag(self, tag: str | None) -> bool:
        """Whether a file's tag (ISO 639 or BCP 47) is that of the wanted language."""
        code = (tag or "").lower().split("-")[0]
        return code in (self._wanted, _THREE_LETTERS.get(self._wanted))

    def is_wanted(self, voice: _Voice) -> bool:
        """Whether a voice speaks the wanted language; an engine that cannot tell takes the first for it."""
        if not isinstance(self._engine, KnowsLanguages):
            return self._known.setdefault(id(voice), not self._known)
        if id(voice) not in self._known:
            tests = [
                (self._engine.languages_of(Window(0, samples)), int(voice.speech[place].sum()) * FRAME_MS)
                for place, samples in voice.kept.items()
            ]
            found = spoken(tests)
            self._known[id(voice)] = found is None or found.language == self._wanted
        return self._known[id(voice)]


#: What files call the language of articles; another is told from its sound.
_THREE_LETTERS = {"vi": "vie"}


def _live(power: NDArray[np.float64]) -> list[int]:
    """The channels that have sound."""
    least = max(_LEAST_POWER, _LEAST_SHARE * float(power.max(initial=0.0)))
    return [channel for channel, value in enumerate(power[:_MOST_CHANNELS]) if value >= least]


def _are_alike(sound: Channels, live: Sequence[int]) -> bool:
    loudest = max(live, key=lambda channel: float(np.mean(np.square(sound[channel], dtype=np.float64))))
    return all(_correlation(sound[loudest], sound[channel]) >= _ALIKE for channel in live)


def _correlation(a: NDArray[np.float64] | NDArray[np.float32], b: NDArray[np.float64] | NDArray[np.float32]) -> float:
    a, b = a.astype(np.float64) - a.mean(), b.astype(np.float64) - b.mean()
    scale = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return float(np.dot(a, b)) / scale if scale else 1.0
