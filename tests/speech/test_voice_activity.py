"""Voice activity, on the real weights: they are small."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, Samples
from mediakit.speech.voice_activity import FRAME_SAMPLES, VoiceActivity

SOUND = (
    np.random.default_rng(1).normal(0, 0.1, 3 * SAMPLE_RATE + 77) * np.sin(np.arange(3 * SAMPLE_RATE + 77) / 900)
).astype(np.float32)


def activity(*sizes: int) -> NDArray[np.float32]:
    """The activity of the sound, fed in blocks of these sizes and then the rest."""
    voice, found, at = VoiceActivity(), [], 0
    for size in [*sizes, len(SOUND)]:
        found.append(voice.feed(SOUND[at : at + size]))
        at += size
    return np.concatenate([*found, voice.finish()])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 9000), max_size=8))
def test_the_same_however_the_sound_is_cut(sizes: list[int]) -> None:
    assert np.allclose(activity(*sizes), activity(), atol=1e-4)


def test_one_probability_a_frame() -> None:
    found = activity()
    assert len(found) == -(-len(SOUND) // FRAME_SAMPLES)
    assert float(np.min(found)) >= 0
    assert float(np.max(found)) <= 1


def test_the_same_as_faster_whisper_computes_where_it_is_loud() -> None:
    from faster_whisper.vad import get_vad_model

    loud = np.clip(SOUND * 8, -1, 1).astype(np.float32)
    padded = np.pad(loud, (0, -len(loud) % FRAME_SAMPLES))
    voice = VoiceActivity()
    found = np.concatenate([voice.feed(loud), voice.finish()])
    quiet = np.sqrt(np.mean(np.square(padded.reshape(-1, FRAME_SAMPLES)), axis=1)).min()
    assert 20 * np.log10(quiet) > -20, "nothing is made louder"
    assert np.allclose(found, get_vad_model()(padded).reshape(-1), atol=1e-4)


def test_who_is_quieter_than_the_last_is_heard_too(shared: Path) -> None:
    """Two sentences, then the same 14 dB lower."""
    clips = shared / "speech" / "clips"
    names = sorted(clips.iterdir())[60:62]
    loud = np.concatenate([_sound_of(path) for path in names])
    loud *= 0.08 / np.sqrt(np.mean(np.square(loud)))
    voice = VoiceActivity()
    first, second = voice.feed(loud), voice.feed(loud * np.float32(10 ** (-14 / 20)))
    assert np.mean(first > 0.5) > 0.4
    assert np.mean(second > 0.5) > 0.9 * np.mean(first > 0.5)


def test_however_quiet_nothing_is_no_speech() -> None:
    hiss = np.random.default_rng(5).normal(0, 1e-3, 10 * SAMPLE_RATE).astype(np.float32)
    for sound in (hiss, hiss * 0.05, np.zeros(SAMPLE_RATE, dtype=np.float32)):
        assert float(np.max(VoiceActivity().feed(sound))) < 0.5


def _sound_of(path: Path) -> Samples:
    return np.concatenate(list(decode(path, choose_audio(probe(path)))))


def test_nobody_is_told_that_it_ran(tmp_path: Path) -> None:
    """onnxruntime keeps a name of the machine and what it is going to send in the user's cache; not on CI, which it
    knows by its variables."""
    home = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA")}
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    script = "from mediakit.speech.voice_activity import VoiceActivity; VoiceActivity().finish()"
    subprocess.run([sys.executable, "-c", script], env={**kept, **home}, check=True, timeout=60)
    assert [path.name for path in tmp_path.rglob("*")] == []
