"""The languages that are heard in a window, by a Whisper model in CTranslate2's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mediakit.errors import EngineError
from mediakit.speech.engine import Window


def languages_of(model: Any, window: Window) -> Mapping[str, float]:
    """The probability of each language in a window, by a `faster_whisper.WhisperModel`.

    The window is encoded for it, padded to 30 s as for all that Whisper hears.

    Raises
    ------
    EngineError
        If the engine fails on this sound.
    """
    try:
        _, _, found = model.detect_language(window.samples)
    except (RuntimeError, ValueError) as error:
        raise EngineError(f"the engine failed at {window.start_ms} ms ({error})") from error
    return dict(found)
