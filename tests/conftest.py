"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does; tests marked `alone` bound times.
settings.register_profile("mediakit", deadline=None)
settings.load_profile("mediakit")

pytest_plugins = ["tests.no_skips"]

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with real speech and a real page, beside the checkout; a stranger's machine has none."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the shared test material beside the checkout ({SHARED})")
    return SHARED


@pytest.fixture(scope="session")
def readings(shared: Path) -> Path:
    """Readings of known words and times: NAME.txt, NAME.mp3 or .mp4, NAME.truth.json."""
    return shared / "speech" / "readings"
