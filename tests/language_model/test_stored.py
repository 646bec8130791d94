"""The file of an n-gram: what is written is read again; what is damaged is said to be, whatever the damage."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing
from mediakit.language_model.ngram import NGram, contexts_of
from tests.language_model.small import LINES, model


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("model") / "small.ngram"
    assert model().write(file) == file.stat().st_size
    return file


def test_what_is_written_is_read(written: Path) -> None:
    found, general = NGram.open(written), model()
    assert found.words(range(found.size)) == general.words(range(general.size))
    ids = found.ids([*LINES[0].split(), "zalo"])
    assert np.array_equal(found.log_probs(ids), general.log_probs(general.ids([*LINES[0].split(), "zalo"])))


def test_the_same_model_is_the_same_bytes(written: Path, tmp_path: Path) -> None:
    NGram.open(written).write(tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == written.read_bytes()


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"none\.ngram.*cannot be read.*Install"):
        NGram.open(tmp_path / "none.ngram")


@pytest.mark.parametrize("content", [b"", b"\0" * 64, b"PK\x03\x04 a package", b"mediakit n-gram 2\n" + b"\0" * 64])
def test_another_format(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(ModelCorrupt, match="damaged"):
        NGram.open(tmp_path / "other")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_cut_short_anywhere(written: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = written.read_bytes()
    last = max(i for i, byte in enumerate(content) if byte) + 1
    (tmp_path / "cut").write_bytes(content[: data.draw(st.integers(0, last - 9))])
    with pytest.raises(ModelCorrupt, match="damaged"):
        NGram.open(tmp_path / "cut")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_bytes_changed_anywhere_never_lead_outside(written: Path, tmp_path: Path, data: st.DataObject) -> None:
    """It opens or is said to be damaged; if it opens, every word can be asked for."""
    content = bytearray(written.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (tmp_path / "changed").write_bytes(content)
    try:
        general = NGram.open(tmp_path / "changed")
    except ModelError:
        return
    ids = general.ids(" ".join(LINES).split())
    with np.errstate(all="ignore"):
        assert general.log_probs_after(contexts_of(ids, general.order), ids).shape == ids.shape


@pytest.mark.parametrize("name", ["starts1", "starts2"])
@pytest.mark.parametrize("place", [0, 1, -1])
def test_places_that_lie_nowhere(written: Path, tmp_path: Path, name: str, place: int) -> None:
    content = bytearray(written.read_bytes())
    begin = content.index(b"\n") + 1
    length = int.from_bytes(content[begin : begin + 4], "little")
    _, at, count = json.loads(content[begin + 4 : begin + 4 + length])["arrays"][name]
    first = -(-(begin + 4 + length) // 8) * 8 + at + (place % count) * 4
    content[first : first + 4] = (0xFFFFFFF0).to_bytes(4, "little")
    (tmp_path / "wild").write_bytes(content)
    with pytest.raises(ModelCorrupt, match="do not lie where they should"):
        NGram.open(tmp_path / "wild")


@pytest.mark.parametrize(
    "change", [{"order": 0}, {"order": 9}, {"order": "3"}, {"order": 4}, {"arrays": {}}, {"arrays": 3}]
)
def test_a_header_that_says_nonsense(written: Path, tmp_path: Path, change: dict[str, object]) -> None:
    content = written.read_bytes()
    begin = content.index(b"\n") + 1
    length = int.from_bytes(content[begin : begin + 4], "little")
    header = json.dumps(json.loads(content[begin + 4 : begin + 4 + length]) | change).encode()
    head = content[:begin] + len(header).to_bytes(4, "little") + header
    body = content[-(-(begin + 4 + length) // 8) * 8 :]
    (tmp_path / "odd").write_bytes(head.ljust(-(-len(head) // 8) * 8, b"\0") + body)
    with pytest.raises(ModelCorrupt, match="damaged"):
        NGram.open(tmp_path / "odd")
