"""Archives of models: what is wanted of a good one, and nothing of a hostile one."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mediakit.errors import ModelCorrupt
from mediakit.speech.models import CACHE_VARIABLE, KNOWN, verify
from mediakit.speech.models.archive import unpack
from mediakit.speech.models.download import Patience
from mediakit.speech.models.fetch import fetch
from mediakit.speech.models.known import Archive
from tests.speech.model_hub import Hub, planted, serving, sha256, transducer_files

FILES = transducer_files()
Change = Callable[[tarfile.TarFile], None]


def packed(change: Change = lambda _: None, files: dict[str, bytes] = FILES) -> bytes:
    """An archive as sherpa-onnx's releases are: one folder with the files and some more; with what `change` adds."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:bz2") as tar:
        folder = tarfile.TarInfo("mo-hinh")
        folder.type = tarfile.DIRTYPE
        tar.addfile(folder)
        for name, data in {**files, "test_wavs/0.wav": b"RIFF"}.items():
            add(tar, f"mo-hinh/{name}", data)
        change(tar)
    return out.getvalue()


def add(tar: tarfile.TarFile, name: str, data: bytes = b"x", kind: bytes = tarfile.REGTYPE, link: str = "") -> None:
    member = tarfile.TarInfo(name)
    member.type, member.size, member.linkname = kind, len(data) if kind == tarfile.REGTYPE else 0, link
    tar.addfile(member, io.BytesIO(data) if kind == tarfile.REGTYPE else None)


def add_many(tar: tarfile.TarFile) -> None:
    for number in range(1001):
        add(tar, f"mo-hinh/{number}")


def test_only_what_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a.tar.bz2").write_bytes(packed())
    target = tmp_path / "ra"
    target.mkdir()
    unpack(tmp_path / "a.tar.bz2", FILES, target)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == FILES


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda tar: add(tar, "../ngoai"), "outside it"),
        (lambda tar: add(tar, "mo-hinh/../../ngoai"), "outside it"),
        (lambda tar: add(tar, "/tmp/ngoai"), "outside it"),
        (lambda tar: add(tar, "..\\ngoai"), "outside it"),
        (lambda tar: add(tar, "C:ngoai"), "outside it"),
        (lambda tar: add(tar, "mo-hinh/lien-ket", kind=tarfile.SYMTYPE, link="/etc/passwd"), "link or device"),
        (lambda tar: add(tar, "mo-hinh/lien-ket", kind=tarfile.LNKTYPE, link="mo-hinh/tokens.txt"), "link or device"),
        (lambda tar: add(tar, "mo-hinh/ong", kind=tarfile.FIFOTYPE), "link or device"),
        (lambda tar: add(tar, "mo-hinh/thiet-bi", kind=tarfile.CHRTYPE), "link or device"),
        (lambda tar: add(tar, "khac/tokens.txt"), "twice"),
        (lambda tar: add(tar, "mo-hinh/to.bin", b"\0" * 2_000_000), "more than a model has"),
        (add_many, "more than a model has"),
    ],
)
def test_hostile(tmp_path: Path, change: Change, match: str) -> None:
    (tmp_path / "a.tar.bz2").write_bytes(packed(change))
    target = tmp_path / "trong" / "ra"
    target.mkdir(parents=True)
    with pytest.raises(ModelCorrupt, match=match):
        unpack(tmp_path / "a.tar.bz2", FILES, target, most_bytes=1_000_000)
    assert {path.name for path in target.iterdir()} <= set(FILES)
    assert [path.name for path in target.parent.iterdir()] == ["ra"]


@pytest.mark.parametrize(
    "data",
    [b"", b"no archive", packed()[:-50], packed()[:60] + b"\xff" * 300, packed(files={"tokens.txt": b"a 0\n"})],
    ids=["empty", "text", "cut off", "damaged", "a file is missing"],
)
def test_broken(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.tar.bz2").write_bytes(data)
    with pytest.raises(ModelCorrupt):
        unpack(tmp_path / "a.tar.bz2", FILES, tmp_path)


@pytest.mark.parametrize("by", ["its own address", "an address", "a folder"])
def test_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    for name in ("HF_ENDPOINT", "MEDIAKIT_MODELS_MIRROR", "MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    data = packed()
    with serving(Hub({"a.tar.bz2": data})) as hub:
        hub.cuts["a.tar.bz2"], hub.cut_after = 1, len(data) // 2
        host = hub.address if by == "its own address" else "https://github.example"
        archive = Archive(f"{host}/thu/releases/a.tar.bz2", sha256(data), len(data))
        monkeypatch.setitem(KNOWN, "thu", planted(FILES, archive=archive))
        if by == "an address":
            monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", hub.address)
        elif by == "a folder":
            (tmp_path / "a.tar.bz2").write_bytes(data)
            monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", str(tmp_path))
        assert fetch("thu", patience=Patience(3, 0.01)).new
        assert {path for path, _ in hub.asked} == (set() if by == "a folder" else {"/thu/releases/a.tar.bz2"})
    assert verify("thu").usable
    assert {path.name for path in (tmp_path / "cache" / "models").iterdir()} == {"thu"}


def test_another_archive_than_the_known_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", str(tmp_path))
    (tmp_path / "a.tar.bz2").write_bytes(packed())
    monkeypatch.setitem(KNOWN, "thu", planted(FILES, archive=Archive("https://x.example/a.tar.bz2", "0" * 64, 1)))
    with pytest.raises(ModelCorrupt, match=r"a\.tar\.bz2 from https://x\.example"):
        fetch("thu")
