"""Folders of models of one's own: both forms are told, and what is broken or hostile is refused with the reason."""

from __future__ import annotations

import io
import os
import pickle
import zipfile
from importlib.resources import files as package_files
from pathlib import Path

import pytest

from mediakit.errors import ModelCorrupt, ModelError
from mediakit.speech.models import CTC, TRANSDUCER, WHISPER, ensure, verify
from mediakit.speech.models.model import joint_sha256
from tests.speech.model_hub import ONNX, sha256, transducer_files, whisper_files

CTC_FILES = {"model.onnx": ONNX, "tokens.txt": b"a 0\n"}
FORMS = {WHISPER: whisper_files(), TRANSDUCER: transducer_files(), CTC: CTC_FILES}


def folder(tmp_path: Path, form: str, **changes: bytes | None) -> Path:
    """A model's folder; `changes` are other contents of files (None: not there), `__` in a name for its dot."""
    changed = {name.replace("__", "."): data for name, data in changes.items()}
    home = tmp_path / "rieng"
    home.mkdir(exist_ok=True)
    for name, data in {**FORMS[form], **changed}.items():
        if data is not None:
            (home / name).write_bytes(data)
    return home


def refused(home: Path) -> str:
    with pytest.raises(ModelCorrupt) as caught:
        ensure(str(home))
    assert caught.value.remedy
    assert "Delete" not in caught.value.remedy  # it is the user's own
    assert verify(str(home)).problem == caught.value.what
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_each_form(tmp_path: Path, form: str) -> None:
    home = folder(tmp_path, form)
    model = ensure(str(home))
    assert (model.name, model.path, model.form) == ("rieng", home, form)
    whole = {name: sha256(data) for name, data in FORMS[form].items()}
    assert model.model_sha256 == (whole["model.bin"] if form == WHISPER else joint_sha256(whole))
    assert (
        set(model.files)
        == {
            WHISPER: {"model"},
            TRANSDUCER: {"tokens", "encoder", "decoder", "joiner"},
            CTC: {"tokens", "model"},
        }[form]
    )
    assert verify(str(home)).usable


def test_real_onnx_is_onnx(tmp_path: Path) -> None:
    assets = package_files("faster_whisper") / "assets"
    (real,) = (item.read_bytes() for item in assets.iterdir() if item.name.endswith(".onnx"))
    assert ensure(str(folder(tmp_path, CTC, model__onnx=real))).form == CTC
    assert "is not ONNX" in refused(folder(tmp_path, CTC, model__onnx=real[:-1]))


def test_files_in_8_bit_integers_come_first(tmp_path: Path) -> None:
    home = folder(tmp_path, TRANSDUCER)
    (home / "encoder-epoch-1.onnx").write_bytes(ONNX)
    (home / "joiner.onnx").write_bytes(ONNX)
    files = ensure(str(home)).files
    assert {part: path.name for part, path in files.items() if part != "tokens"} == {
        "encoder": "encoder.int8.onnx",
        "decoder": "decoder.onnx",
        "joiner": "joiner.int8.onnx",
    }


@pytest.mark.parametrize(("form", "name"), [(form, name) for form, files in FORMS.items() for name in files])
def test_without_a_file_or_with_an_empty_one(tmp_path: Path, form: str, name: str) -> None:
    home = folder(tmp_path, form)
    (home / name).write_bytes(b"")
    assert f"{name}: is empty" in refused(home)
    (home / name).unlink()
    refused(home)


@pytest.mark.parametrize(("form", "name"), [(form, name) for form, files in FORMS.items() for name in files])
def test_rubbish(tmp_path: Path, form: str, name: str) -> None:
    home = folder(tmp_path, form)
    (home / name).write_bytes(b"\xff\xfe rubbish")
    assert name in refused(home)


class Bomb:
    """What a hostile pickle does when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("form", [WHISPER, TRANSDUCER, CTC])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_pickle_is_never_loaded(tmp_path: Path, form: str, zipped: bool) -> None:
    bomb = data = pickle.dumps(Bomb(tmp_path / "no"))
    if zipped:  # as torch.save does since 1.6
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("archive/data.pkl", bomb)
        data = out.getvalue()
    name = {WHISPER: "model.bin", TRANSDUCER: "encoder.int8.onnx", CTC: "model.onnx"}[form]
    home = folder(tmp_path, form)
    (home / name).write_bytes(data)
    assert "PyTorch" in refused(home)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("name", ["model.pt", "pytorch_model.bin", "epoch-1.ckpt"])
def test_a_folder_of_pickles_is_refused_by_name(tmp_path: Path, name: str) -> None:
    home = tmp_path / "rieng"
    home.mkdir()
    (home / name).write_bytes(pickle.dumps(Bomb(tmp_path / "no")))
    assert "PyTorch" in refused(home)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"config__json": b"{"}, "not JSON"),
        ({"config__json": b"[" * 100_000}, "not JSON"),
        ({"config__json": b"[]"}, "JSON of another kind"),
        ({"tokenizer__json": b'"' + b"x" * (33 << 20) + b'"'}, "larger than 32 MB"),
        ({"tokenizer__json": b"\x80"}, "not text in UTF-8"),
        ({"vocabulary__txt": None, "vocabulary__json": b"{}"}, "JSON of another kind"),
        ({"model__bin": b"\x06\0\0\0\x10\0TransformerSpec\0" + b"x" * 100}, "not Whisper in CTranslate2's form"),
    ],
)
def test_whispers_files(tmp_path: Path, changes: dict[str, bytes | None], match: str) -> None:
    assert match in refused(folder(tmp_path, WHISPER, **changes))


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"\x08\x08", "not ONNX"),  # no graph
        (b"\x3a\x00", "not ONNX"),  # no version
        (b"\x08\x08\x3a\x7f", "not ONNX"),  # a graph that ends after the file
        (b"\x08" + b"\xff" * 20, "not ONNX"),
        (b"\x0b\x08\x3a\x00", "not ONNX"),  # a wire type that ONNX has not
        (b"\x08\x08\x3a\x04\x2a\x02\x70\x01", "keeps its weights in other files"),
    ],
)
def test_what_is_not_onnx(tmp_path: Path, data: bytes, match: str) -> None:
    assert match in refused(folder(tmp_path, CTC, model__onnx=data))


@pytest.mark.parametrize("data", [b"a\n", b"a 0\nb x\n", b"a -1\n"])
def test_what_are_not_tokens(tmp_path: Path, data: bytes) -> None:
    assert "not a token and its number" in refused(folder(tmp_path, CTC, tokens__txt=data))


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    home = folder(tmp_path, WHISPER)
    (home / "config.json").rename(tmp_path / "ngoai.json")
    (home / "config.json").symlink_to(tmp_path / "ngoai.json")
    assert "link out of the model's folder" in refused(home)
    (tmp_path / "ngoai.json").rename(home / "that.json")
    (home / "config.json").unlink()
    (home / "config.json").symlink_to("that.json")
    assert ensure(str(home)).form == WHISPER


def test_a_snapshot_in_the_hubs_own_cache(tmp_path: Path) -> None:
    """There every file is a link to `blobs`, which is the repository's too."""
    repository = tmp_path / "models--thu--mo-hinh"
    snapshot, blobs = repository / "snapshots" / "abc", repository / "blobs"
    snapshot.mkdir(parents=True)
    blobs.mkdir()
    for name, data in whisper_files().items():
        (blobs / sha256(data)).write_bytes(data)
        (snapshot / name).symlink_to(f"../../blobs/{sha256(data)}")
    assert ensure(str(snapshot)).form == WHISPER
    (snapshot / "config.json").unlink()
    (tmp_path / "ngoai.json").write_bytes(b"{}")
    (snapshot / "config.json").symlink_to(tmp_path / "ngoai.json")
    refused(snapshot)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    home = folder(tmp_path, WHISPER)
    (home / "config.json").unlink()
    os.mkfifo(home / "config.json")
    assert "is not a file" in refused(home)


@pytest.mark.parametrize(
    "manifest", [b"{", b"[]", b'{"schema": "other"}', b"\xff", b"[" * 100_000, b'{"schema": "mediakit/model@1"}']
)
def test_a_manifest_that_is_none(tmp_path: Path, manifest: bytes) -> None:
    home = folder(tmp_path, WHISPER)
    (home / "mediakit-model.json").write_bytes(manifest)
    with pytest.raises(ModelError, match=r"mediakit-model\.json"):
        ensure(str(home))
