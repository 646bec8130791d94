"""The hash that ties a result to its media."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from mediakit.errors import MediaEmpty, MediaMissing, MediaNotMedia
from mediakit.media.fingerprint import sha256_of


@pytest.mark.parametrize("size", [1, 2**20 - 1, 2**20, 2**20 + 1, 3 * 2**20 + 7])
def test_hash_is_that_of_all_bytes(tmp_path: Path, size: int) -> None:
    data = bytes(i % 251 for i in range(size))
    path = tmp_path / "a.mp3"
    path.write_bytes(data)
    assert sha256_of(path) == hashlib.sha256(data).hexdigest()


def test_what_is_no_file_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        sha256_of(tmp_path / "none.mp3")
    with pytest.raises(MediaNotMedia, match="folder"):
        sha256_of(tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(MediaEmpty):
        sha256_of(tmp_path / "empty")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.timeout(10)
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(MediaNotMedia, match="pipe"):
        sha256_of(tmp_path / "pipe")
