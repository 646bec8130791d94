"""A newsroom's folder, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.review.newsroom import build


@pytest.fixture(scope="session")
def built_newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as it was made; nobody writes in it."""
    return build(tmp_path_factory.mktemp("newsroom") / "toa soạn")


@pytest.fixture
def newsroom(built_newsroom: Path, tmp_path: Path) -> Path:
    """A copy for one test; its name has a space and letters beyond ASCII."""
    return Path(shutil.copytree(built_newsroom, tmp_path / built_newsroom.name))
