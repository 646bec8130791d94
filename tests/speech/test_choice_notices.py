"""What people are told: which sound was listened to, and what else there is where nobody speaks."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mediakit.media.decode import PLAIN, Mix
from mediakit.media.probe import AudioStream, Probe
from mediakit.speech.choice import Choice, Why
from mediakit.speech.choice_notices import chosen_notices, silence_notice

FIRST = AudioStream(index=0, codec="aac", channels=2, sample_rate=48_000)
SECOND = AudioStream(index=1, codec="ac3", channels=6, sample_rate=48_000, language="vie")
FILM = Probe(Path("a.mp4"), "mp4", 60_000, 0, (FIRST, SECOND), has_video=True)
SOUND = replace(FILM, audio=(replace(FIRST, channels=1),), has_video=False)


def test_what_a_player_plays_is_not_news() -> None:
    assert chosen_notices("a.mp4", FILM, Choice(0), FIRST, PLAIN) == []
    assert chosen_notices("a.mp4", FILM, Choice(0, Mix(offset=0.1)), FIRST, Mix(offset=0.1)) == []
    assert chosen_notices("a.mp4", FILM, Choice(1), SECOND, PLAIN) == [], "somebody chose it"


@pytest.mark.parametrize(
    ("why", "word"), [("speech", "somebody speaks"), ("language", "language"), ("opposite", "opposite phases")]
)
def test_one_channel_with_its_reason(why: Why, word: str) -> None:
    mix = Mix((1,))
    (notice,) = chosen_notices("a.mp4", FILM, Choice(0, mix, why_channels=why), FIRST, mix)
    assert notice.code == "channel-chosen"
    assert notice.message.startswith("a.mp4: only channel 2 of 2 was listened to: ")
    assert word in notice.message


def test_another_stream_and_two_of_its_channels() -> None:
    choice = Choice(1, Mix((0, 2)), "language", "speech")
    track, channels = chosen_notices("a.mp4", FILM, choice, SECOND, choice.mix)
    assert track.code == "track-chosen"
    assert "audio stream 1 (ac3, 6 ch, vie)" in track.message
    assert "--audio-stream" in track.message
    assert "the mean of channels 1, 3 of 6" in channels.message


def test_what_was_found_only_by_listening_to_all() -> None:
    (notice,) = chosen_notices("a.mp4", FILM, Choice(0), SECOND, PLAIN)
    assert (notice.code, "somebody speaks" in notice.message) == ("track-chosen", True)


def test_silence_names_what_else_there_is() -> None:
    message = silence_notice("a.mp4", FILM, Choice(0, loudest_db=-12), is_fixed=False).message
    for part in ("a.mp4: no speech was heard", "stream 0 (aac, 2 ch)", "−12 dBFS", "1 (ac3, 6 ch, vie)", "video"):
        assert part in message


def test_a_stream_that_was_asked_for_and_is_silent() -> None:
    message = silence_notice("a.mp4", FILM, Choice(0, loudest_db=-100), is_fixed=True).message
    assert "which is silent" in message
    assert "give another `--audio-stream`" in message


def test_silence_in_the_only_stream() -> None:
    notice = silence_notice("a.wav", SOUND, Choice(0), is_fixed=False)
    assert notice.code == "no-speech"
    assert "the only one in the file" in notice.message
    assert "video" not in notice.message
