"""Media files shared by the tests, made once a session."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.media.studio import encode, moving_picture, write_bursts


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for media that several tests read and none changes."""
    return tmp_path_factory.mktemp("studio")


@pytest.fixture(scope="session")
def wav(studio: Path) -> Path:
    """3 s, 48 kHz mono, bursts at 0.5 and 2 s."""
    return write_bursts(studio / "bursts.wav", at_ms=(500, 2000), duration_ms=3000)


@pytest.fixture(scope="session")
def mp3(studio: Path, wav: Path) -> Path:
    """The same as MP3, with LAME's header."""
    return encode(studio / "bursts.mp3", wav)


@pytest.fixture(scope="session")
def m4a(studio: Path, wav: Path) -> Path:
    """The same as AAC in MP4, with an edit list; its index (moov) is at the end."""
    return encode(studio / "bursts.m4a", wav)


@pytest.fixture(scope="session")
def mp4(studio: Path, wav: Path) -> Path:
    """The same with 3 s of picture."""
    return encode(studio / "bursts.mp4", moving_picture(3000), wav, vcodec="libx264", acodec="aac")


@pytest.fixture(scope="session")
def silent_mp4(studio: Path) -> Path:
    """Picture without sound."""
    return encode(studio / "silent.mp4", moving_picture(1000), vcodec="libx264")
