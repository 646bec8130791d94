"""What of a file is listened to: channels and streams by speech, on real speech."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import ffmpeg
import numpy as np
import pytest

from mediakit.media.decode import PLAIN, Mix, decode
from mediakit.media.probe import probe
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.choice import Choice, choose
from mediakit.speech.engine import EngineInfo, Window
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.timeline import Word
from tests.media.studio import encode, write_bursts

LENGTH_S = 15
INFO = EngineInfo("planted", "none", None, "vi")


class Deaf:
    """An engine that hears nothing and cannot tell languages."""

    info = INFO

    def hear(self, window: Window) -> tuple[Word, ...]:
        raise AssertionError(f"nobody is to listen yet: {window.start_ms}")


class Linguist(Deaf):
    """An engine that knows the foreign sound when it hears it."""

    def __init__(self, foreign: Samples) -> None:
        self.asked, self._foreign = 0, foreign

    def languages_of(self, window: Window) -> Mapping[str, float]:
        self.asked += 1
        size = 1 << 19
        spectra = np.fft.rfft(window.samples, size) * np.conj(np.fft.rfft(self._foreign, size))
        peak = np.abs(np.fft.irfft(spectra)).max() / np.linalg.norm(window.samples) / np.linalg.norm(self._foreign)
        return {"en": 0.95, "vi": 0.001} if peak > 0.3 else {"vi": 0.9, "en": 0.1}

    def in_language(self, language: str) -> Linguist:
        raise AssertionError(language)


@pytest.fixture(scope="module")
def speech(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of a bulletin, in Vietnamese; mono, 48 kHz."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    source = shared / "speech" / "readings" / "ban-tin-day-du.mp3"
    return encode(path, source, t=LENGTH_S, ac=1, ar=48_000)


@pytest.fixture(scope="module")
def english(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Somebody else, in English; mono, 48 kHz."""
    path = tmp_path_factory.mktemp("english") / "english.wav"
    one, *more = sorted((shared / "speech" / "voices").glob("1688-*"))[:3]
    concat: Any = ffmpeg.concat
    joined = concat(*(ffmpeg.input(str(one)) for one in (one, *more)), v=0, a=1)
    return encode(path, joined, t=LENGTH_S, ac=1, ar=48_000)


def made(source: str) -> Any:
    """Sound that is made: tone, noise, silence."""
    return ffmpeg.input(source.format(f"sample_rate=48000:duration={LENGTH_S}"), f="lavfi")


def tone() -> Any:
    return made("sine=frequency=440:{}")


def noise() -> Any:
    return made("anoisesrc=color=pink:amplitude=0.3:seed=3:{}")


def silence() -> Any:
    return ffmpeg.input(f"anullsrc=r=48000:cl=mono:d={LENGTH_S}", f="lavfi")


def clicks(folder: Path) -> Path:
    return write_bursts(folder / "clicks.wav", at_ms=range(0, LENGTH_S * 1000, 500), duration_ms=LENGTH_S * 1000)


def time_code(folder: Path) -> Path:
    """SMPTE 12M's linear time code at 25 frames a second: 80 bits a frame, biphase mark."""
    bits = np.random.default_rng(2).random(LENGTH_S * 25 * 80) < 0.3
    flips = np.stack((np.ones(len(bits), bool), bits), axis=1).reshape(-1)
    signs = np.where(np.cumsum(flips) % 2, 1, -1)
    sound = np.repeat(signs * 12_000, 12).astype("<i2")
    path = folder / "ltc.s16.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(sound.tobytes())
    return path


def side_by_side(target: Path, *channels: Any) -> Path:
    """One stream with these sounds as its channels."""
    inputs = [ffmpeg.input(str(one)) if isinstance(one, Path) else one for one in channels]
    merge: Any = ffmpeg.filter
    return encode(target, merge(inputs, "amerge", inputs=len(inputs)), t=LENGTH_S)


def one_channel(path: Path, target: Path, pan: str) -> Path:
    return encode(target, ffmpeg.input(str(path)).filter("pan", args=pan))


def chosen(path: Path, wanted: int | None = None) -> Choice:
    return choose(probe(path), wanted, Deaf())


@pytest.mark.parametrize(
    "pan",
    [
        "mono|c0=c0",
        "stereo|c0=c0|c1=c0",
        "stereo|c0=c0|c1=0.3*c0",
        "5.1|c0=c0|c1=c0",
        "5.1|c0=c0|c1=c0|c2=c0|c4=c0|c5=c0",
    ],
    ids=["mono", "stereo", "to the left", "stereo in 5.1", "no low frequencies"],
)
def test_channels_that_say_the_same_are_mixed_as_ever(pan: str, speech: Path, tmp_path: Path) -> None:
    choice = chosen(one_channel(speech, tmp_path / "a.wav", pan))
    assert (choice.stream, choice.mix, choice.why_channels) == (0, PLAIN, "")


@pytest.mark.parametrize(
    ("pan", "channel"),
    [("c0=c0|c1=-1*c0", 0), ("c0=c0|c1=-0.5*c0", 0), ("c0=-0.5*c0|c1=c0", 1), ("c0=-1*c0|c1=0.9*c0", 0)],
)
def test_opposite_phases_are_not_summed(pan: str, channel: int, speech: Path, tmp_path: Path) -> None:
    path = one_channel(speech, tmp_path / "a.wav", f"stereo|{pan}")
    choice = chosen(path)
    assert (choice.mix.channels, choice.why_channels) == ((channel,), "opposite")
    loud = np.abs(sound_of(path, choice.mix)).max()
    assert loud > 5 * np.abs(sound_of(path, PLAIN)).max() or "0.5" in pan


@pytest.mark.parametrize(
    ("pan", "channel"),
    [
        ("stereo|c0=0.5*c0", 0),
        ("stereo|c1=c0", 1),
        ("5.1|c2=c0", 2),
        ("5.1|c3=c0", 3),
        ("7.1|c4=c0", 4),
        ("quad|c3=c0", 3),
    ],
    ids=["left", "right", "centre", "low frequencies", "behind on the left", "last of four"],
)
def test_dead_channels_make_nothing_quieter(pan: str, channel: int, speech: Path, tmp_path: Path) -> None:
    """A player's mix of 5.1 leaves out what is in the channel for low frequencies, and halves what is in one of two."""
    path = one_channel(speech, tmp_path / "a.wav", pan)
    choice = chosen(path)
    assert (choice.mix, choice.why_channels) == (Mix((channel,)), "speech")
    share = 0.5 if "0.5" in pan else 1
    assert np.abs(sound_of(path, choice.mix) - share * sound_of(speech)).max() < 1e-3


def test_a_dead_channel_with_an_offset_is_dead(speech: Path, tmp_path: Path) -> None:
    offset: Any = made("aevalsrc=0.3:{}")
    assert chosen(side_by_side(tmp_path / "a.wav", offset, speech)).mix == Mix((1,))


def test_of_a_long_medium_somebody_may_speak_in_the_other_channel_later(speech: Path, tmp_path: Path) -> None:
    longer = ffmpeg.input(str(speech), stream_loop=9).filter("pan", args="stereo|c0=c0")
    assert chosen(encode(tmp_path / "a.wav", longer)).mix == PLAIN


@pytest.mark.parametrize("delays", ["0|20", "5|0", "0|300", "40|0|80"])
@pytest.mark.parametrize("sign", ["", "-1*"])
def test_a_delayed_channel_is_not_mixed_in(delays: str, sign: str, speech: Path, tmp_path: Path) -> None:
    """Both as loud, a mix is without every frequency whose half wave is the delay: as if spoken in a tube."""
    layout = "stereo" if delays.count("|") == 1 else "2.1"
    pan = f"{layout}|" + "|".join(f"c{n}={sign if n else ''}c0" for n in range(delays.count("|") + 1))
    path = encode(tmp_path / "a.wav", ffmpeg.input(str(speech)).filter("pan", args=pan).filter("adelay", delays=delays))
    choice = chosen(path)
    assert (choice.mix, choice.why_channels) == (Mix((0,)), "delayed")


@pytest.mark.parametrize("other", ["time code", "clicks", "tone", "noise"])
@pytest.mark.parametrize("is_first", [True, False])
def test_the_channel_with_speech_is_chosen(other: str, is_first: bool, speech: Path, tmp_path: Path) -> None:
    makers: Mapping[str, Callable[[Path], Any]] = {
        "time code": time_code,
        "clicks": clicks,
        "tone": lambda _: tone(),
        "noise": lambda _: noise(),
    }
    sounds: Sequence[Any] = (speech, makers[other](tmp_path))
    choice = chosen(side_by_side(tmp_path / "a.wav", *(sounds if is_first else sounds[::-1])))
    assert (choice.mix.channels, choice.why_channels) == ((0 if is_first else 1,), "speech")


def test_the_centre_is_chosen_from_music_around_it(speech: Path, tmp_path: Path) -> None:
    pair = side_by_side(tmp_path / "pair.wav", speech, noise())
    surround = one_channel(pair, tmp_path / "a.wav", "5.1|c0=c1|c1=c1|c2=c0|c4=c1")
    assert chosen(surround).mix.channels == (2,)


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("a.wv", "wavpack")])
def test_more_channels_than_any_layout_has(name: str, codec: str, speech: Path, tmp_path: Path) -> None:
    """A recorder of ten tracks, one in use: mixed as a player mixes them there is nothing."""
    ten = ffmpeg.input(str(speech)).filter("pan", args="10c|c3=c0")
    assert chosen(encode(tmp_path / name, ten, acodec=codec)).mix.channels == (3,)


def test_two_people_with_a_channel_each_are_both_heard(speech: Path, tmp_path: Path) -> None:
    first = ffmpeg.input(str(speech)).filter("volume", volume=0, enable="gte(t,6.4)")
    second = ffmpeg.input(str(speech)).filter("volume", volume=0, enable="lt(t,6.4)")
    assert chosen(side_by_side(tmp_path / "a.wav", first, second)).mix == PLAIN


def test_another_language_in_one_channel(speech: Path, english: Path, tmp_path: Path) -> None:
    linguist = Linguist(sound_of(english))
    for n, sounds in enumerate([(english, speech), (speech, english)]):
        choice = choose(probe(side_by_side(tmp_path / f"{n}.wav", *sounds)), None, linguist)
        assert (choice.mix.channels, choice.why_channels) == ((1 - n,), "language")
    assert linguist.asked
    both = choose(probe(side_by_side(tmp_path / "both.wav", english, english)), None, linguist)
    assert both.mix == PLAIN


def test_who_cannot_tell_languages_hears_one_of_two_at_once(speech: Path, english: Path, tmp_path: Path) -> None:
    assert len(chosen(side_by_side(tmp_path / "a.wav", english, speech)).mix.channels) == 1


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov", "a.ts"])
def test_the_stream_with_speech_is_chosen(name: str, speech: Path, tmp_path: Path) -> None:
    choice = chosen(encode(tmp_path / name, silence(), speech, t=LENGTH_S, acodec="aac"))
    assert (choice.stream, choice.why_stream, choice.mix) == (1, "speech", PLAIN)


def test_speech_in_the_third_stream(speech: Path, tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", tone(), silence(), speech, t=LENGTH_S, acodec="libopus")
    assert chosen(path).stream == 2
    assert chosen(path, 0).stream == 0, "whoever gives a number has that stream"


def test_streams_that_say_the_same_stay_with_the_first(speech: Path, tmp_path: Path) -> None:
    path = encode(tmp_path / "a.mkv", speech, speech, acodec="libopus")
    assert (chosen(path).stream, chosen(path).why_stream) == (0, "")


def test_of_two_languages_the_wanted_one(speech: Path, english: Path, tmp_path: Path) -> None:
    linguist = Linguist(sound_of(english))
    untagged = encode(tmp_path / "a.mp4", english, speech, acodec="aac")
    choice = choose(probe(untagged), None, linguist)
    assert (choice.stream, choice.why_stream) == (1, "language")
    assert choose(probe(encode(tmp_path / "b.mp4", speech, english, acodec="aac")), None, linguist).stream == 0


def test_a_tag_is_believed_without_listening(speech: Path, english: Path, tmp_path: Path) -> None:
    tags = {"metadata:s:a:0": "language=eng", "metadata:s:a:1": "language=vie"}
    path = encode(tmp_path / "a.mkv", english, speech, acodec="libopus", **tags)
    linguist = Linguist(sound_of(english))
    assert (choose(probe(path), None, linguist).stream, linguist.asked) == (1, 0)


def test_without_speech_all_stays_as_it_is(tmp_path: Path) -> None:
    choice = chosen(encode(tmp_path / "a.mkv", tone(), noise(), t=LENGTH_S, acodec="libopus"))
    assert (choice.stream, choice.mix, choice.why_stream) == (0, PLAIN, "")
    assert choice.loudest_db is not None
    assert -40 < choice.loudest_db < 0


def test_of_a_long_medium_the_rest_is_to_be_tried(tmp_path: Path) -> None:
    minutes = encode(tmp_path / "a.mkv", side_by_side(tmp_path / "b.wav", tone(), noise()), silence(), acodec="flac")
    assert chosen(minutes).others == ()
    longer = encode(tmp_path / "long.mkv", ffmpeg.input(str(minutes), stream_loop=9)["a:0"],
                    ffmpeg.input(f"anullsrc=r=48000:cl=mono:d={10 * LENGTH_S}", f="lavfi"), acodec="flac")  # fmt: skip
    assert chosen(longer).others == ((0, Mix((0,))), (0, Mix((1,))), (1, PLAIN))


def test_a_choice_is_kept(tmp_path: Path) -> None:
    store, key = HeardStore(tmp_path / "heard"), HeardKey("ab" * 32, -1, INFO, "choice")
    assert store.choice(key) is None
    choice = Choice(1, Mix((0, 2), 0.25, cut_from_hz=15), "speech", "language", ((0, PLAIN), (1, Mix((1,)))), -12)
    store.keep_choice(key, choice)
    assert store.choice(key) == choice
    (kept,) = (tmp_path / "heard").iterdir()
    kept.write_text(json.dumps({"heard": asdict(key), "choice": {"stream": 0}}), encoding="utf-8")
    assert store.choice(key) is None, "half a choice is none"


def sound_of(path: Path, mix: Mix = PLAIN) -> Samples:
    return np.concatenate(list(decode(path, probe(path).audio[0], mix)))[: LENGTH_S * SAMPLE_RATE]
