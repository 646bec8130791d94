"""Transcripts and captions for Vietnamese news, grounded in the article.

>>> import mediakit
>>> result = mediakit.transcribe("a.mp3", article="a.txt")      # doctest: +SKIP
>>> mediakit.write(result, "out/", formats=["srt", "vtt", "json"])  # doctest: +SKIP

Names are loaded when first used (:pep:`562`), so that importing the package opens no engine.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

__version__ = "0.1.0"

# onnxruntime (voice activity; since 1.29) gives the machine a name of its own on disk, and tells Microsoft which models
# it runs, unless it is told not to before it is loaded. Who wants that sets the variable to 0.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

if TYPE_CHECKING:
    from mediakit.api import transcribe as transcribe
    from mediakit.api import transcribe_folder as transcribe_folder
    from mediakit.api import write as write
    from mediakit.errors import MediakitError as MediakitError
    from mediakit.jobs.batch import Outcome as Outcome
    from mediakit.result import Result as Result

_HOME_OF = {
    "MediakitError": "mediakit.errors",
    "Outcome": "mediakit.jobs.batch",
    "Result": "mediakit.result",
    "transcribe": "mediakit.api",
    "transcribe_folder": "mediakit.api",
    "write": "mediakit.api",
}

__all__ = ["MediakitError", "Outcome", "Result", "__version__", "transcribe", "transcribe_folder", "write"]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
