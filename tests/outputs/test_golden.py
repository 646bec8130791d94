"""The files of a result made by hand, byte for byte."""

from __future__ import annotations

import pytest

from mediakit import __version__
from tests.outputs.refresh_golden import GOLDEN, golden_files


@pytest.mark.parametrize("name", sorted(golden_files()))
def test_the_file_is_what_it_was(name: str) -> None:
    kept = (GOLDEN / name).read_bytes().replace(b'"mediakit": "0.1.0"', f'"mediakit": "{__version__}"'.encode())
    assert golden_files()[name].encode("utf-8") == kept


def test_every_golden_file_is_compared() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(golden_files())
