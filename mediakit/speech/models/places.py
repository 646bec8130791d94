"""Where models are kept and fetched from, and whether the network may be used: what the environment says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

#: Overrides the folder where models are put together.
CACHE_VARIABLE = "MEDIAKIT_CACHE"
#: No use of the network where one of these is set (the second is the hub's own).
OFFLINE_VARIABLES = ("MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE")
#: An address or a folder that models are fetched from in place of the hub and of GitHub.
MIRROR_VARIABLE = "MEDIAKIT_MODELS_MIRROR"
#: The hub's own variable for another hub; and the token for it.
ENDPOINT_VARIABLE, TOKEN_VARIABLE = "HF_ENDPOINT", "HF_TOKEN"
_HUB = "https://huggingface.co"


def cache_folder() -> Path:
    """`MEDIAKIT_CACHE`, or the user's cache on this system."""
    chosen = os.environ.get(CACHE_VARIABLE)
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("mediakit", appauthor=False))


def models_folder() -> Path:
    """Where models are put together, a folder each: `models` in :func:`cache_folder`."""
    return cache_folder() / "models"


def offline(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the network must not be used.

    >>> offline({"MEDIAKIT_OFFLINE": "1"}), offline({"HF_HUB_OFFLINE": "0"}), offline({})
    (True, False, False)
    """
    return any(environment.get(name, "").strip().lower() in {"1", "on", "yes", "true"} for name in OFFLINE_VARIABLES)


def go_offline() -> None:
    """Forbid the network to this process and to those that it starts; before any library of the hub is imported."""
    for name in OFFLINE_VARIABLES:
        os.environ[name] = "1"


def hub_address() -> str:
    """The hub: `MEDIAKIT_MODELS_MIRROR`, `HF_ENDPOINT`, or huggingface.co; without a slash at its end."""
    chosen = os.environ.get(MIRROR_VARIABLE) or os.environ.get(ENDPOINT_VARIABLE) or _HUB
    return chosen.rstrip("/")


def mirror() -> str:
    """The mirror that the user set for all downloads, or nothing."""
    return (os.environ.get(MIRROR_VARIABLE) or "").rstrip("/")


def token() -> str:
    """The user's token for the hub, or nothing."""
    return os.environ.get(TOKEN_VARIABLE, "").strip()
