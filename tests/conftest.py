"""Fixtures for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long an example takes says more of what else the machine does; tests marked `alone` bound times. There are a
# hundred properties: half of the usual examples each is minutes of CI.
settings.register_profile("mediakit", deadline=None, max_examples=50)
settings.load_profile("mediakit")

pytest_plugins = ["tests.no_skips"]

#: Files and folders that take minutes: begun first, so that no worker is left alone with one at the end.
#: The others of `tests/whole` want the readings' results: they come when these are there.
LONGEST = (
    "tests/whole/test_an_hour.py",
    "tests/whole/test_readings.py",
    "tests/jobs/test_ray.py",
    "tests/whole/",
    "tests/speech/",
    "tests/jobs/",
)

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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest first; scripts/test has xdist keep that order."""
    items.sort(key=lambda item: [not item.nodeid.startswith(longest) for longest in LONGEST])
