"""Voice activity, on the real weights: they are small."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mediakit.media.sound import SAMPLE_RATE
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


def test_the_same_as_faster_whisper_computes() -> None:
    from faster_whisper.vad import get_vad_model

    padded = np.pad(SOUND, (0, -len(SOUND) % FRAME_SAMPLES))
    assert np.allclose(activity(), get_vad_model()(padded).reshape(-1), atol=1e-4)
