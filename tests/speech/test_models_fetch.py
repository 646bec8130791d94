"""Fetching models, against a real server that cuts off, lies, redirects and is overloaded; and from a folder."""

from __future__ import annotations

import json
import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mediakit.errors import ModelCorrupt, ModelError, ModelMissing, UsageError
from mediakit.speech.models import CACHE_VARIABLE, KNOWN, ensure, expected_sha256, known_models, verify
from mediakit.speech.models.download import Patience
from mediakit.speech.models.fetch import fetch
from mediakit.speech.models.known import KnownModel
from mediakit.speech.models.manifest import MANIFEST
from mediakit.speech.models.model import joint_sha256
from tests.speech.model_hub import COMMIT, REPOSITORY, Hub, planted, serving, sha256, transducer_files, whisper_files

BRISK = Patience(attempts=3, first_pause_s=0.01)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_ENDPOINT", "HF_TOKEN", "MEDIAKIT_MODELS_MIRROR", "MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def hub(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serving(Hub(whisper_files())) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.address)
        yield running


@pytest.fixture
def thu(monkeypatch: pytest.MonkeyPatch) -> KnownModel:
    """A model all of whose hashes are known."""
    return plant(monkeypatch, planted(whisper_files()))


@pytest.fixture
def learnt(monkeypatch: pytest.MonkeyPatch) -> KnownModel:
    """A model whose hashes are learnt at the first fetch."""
    return plant(monkeypatch, planted(whisper_files(), hashes=False))


def plant(monkeypatch: pytest.MonkeyPatch, model: KnownModel) -> KnownModel:
    monkeypatch.setitem(KNOWN, model.name, model)
    return model


def status(name: str) -> bool:
    return {model.name: model.usable for model in known_models()}[name]


def test_is_fetched_once(hub: Hub, cache: Path, thu: KnownModel) -> None:
    told: list[tuple[str, int, int | None]] = []
    assert not status("thu")
    fetched = fetch("thu", on_progress=lambda *piece: told.append(piece), patience=BRISK)
    assert fetched.new
    assert fetched.model == ensure("thu")
    assert fetched.model.model_sha256 == sha256(hub.files["model.bin"]) == expected_sha256("thu")
    assert {path.name: path.read_bytes() for path in (cache / "thu").iterdir() if path.name != MANIFEST} == hub.files
    assert [path.name for path in cache.iterdir()] == ["thu"]
    size = len(hub.files["model.bin"])
    assert ("model.bin", 0, size) in told
    assert ("model.bin", size, size) in told
    assert status("thu")
    asked = len(hub.asked)
    assert not fetch("thu", patience=BRISK).new
    assert len(hub.asked) == asked


def test_hashes_are_learnt_at_the_first_fetch(hub: Hub, cache: Path, learnt: KnownModel) -> None:
    assert expected_sha256("thu") is None
    fetch("thu", patience=BRISK)
    manifest = json.loads((cache / "thu" / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["revision"] == COMMIT
    assert manifest["trust"] == "first-fetch" == verify("thu").trust
    assert manifest["files"] == {name: sha256(data) for name, data in hub.files.items()}
    assert expected_sha256("thu") == ensure("thu").model_sha256 == sha256(hub.files["model.bin"])
    (cache / "thu" / "config.json").write_text('{"changed": 1}', encoding="utf-8")
    with pytest.raises(ModelCorrupt, match=r"config\.json.*SHA-256.*mediakit models fetch thu"):
        ensure("thu")
    assert not verify("thu").usable
    assert fetch("thu", patience=BRISK).new
    assert verify("thu").usable
    assert [path.name for path in cache.iterdir()] == ["thu"]


def test_the_copy_of_a_fetched_folder_is_compared_too(
    hub: Hub, cache: Path, learnt: KnownModel, tmp_path: Path
) -> None:
    own = tmp_path / "rieng"
    shutil.copytree(fetch("thu", patience=BRISK).model.path, own)
    assert ensure(str(own)).model_sha256 == ensure("thu").model_sha256
    (own / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelCorrupt, match=r"tokenizer\.json.*not the file that was fetched"):
        ensure(str(own))
    shutil.copy(own / "config.json", own / "tokenizer.json")
    manifest = json.loads((own / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"]["../../model.bin"] = "0" * 64
    (own / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ModelCorrupt, match="no plain file name"):
        ensure(str(own))


def test_goes_on_where_it_was_cut_off(hub: Hub, thu: KnownModel) -> None:
    hub.cuts["model.bin"] = 2
    fetch("thu", patience=BRISK)
    first, *others = hub.headers_of("model.bin")
    assert "range" not in first
    assert [headers["if-range"] for headers in others] == [hub.etag, hub.etag]
    # What is lost of each attempt is less than a piece.
    assert hub.sent_bytes < sum(map(len, hub.files.values())) + 2 * (1 << 14)


def test_progress_renews_the_patience(hub: Hub, thu: KnownModel) -> None:
    hub.cuts["model.bin"], hub.cut_after = 8, 33_000
    assert fetch("thu", patience=BRISK).new


def test_goes_on_after_the_process_has_ended(hub: Hub, cache: Path, thu: KnownModel) -> None:
    def stop(name: str, done: int, _total: int | None) -> None:
        if name == "model.bin" and done > 0:
            raise KeyboardInterrupt

    hub.cuts["model.bin"] = 1
    with pytest.raises(KeyboardInterrupt):
        fetch("thu", on_progress=stop, patience=BRISK)
    part = next(cache.glob(".thu.fetching/model.bin")).stat().st_size
    assert part > 0
    with pytest.raises(ModelMissing, match="mediakit models fetch thu"):
        ensure("thu")
    assert fetch("thu", patience=BRISK).new
    assert hub.headers_of("model.bin")[-1]["range"] == f"bytes={part}-"


def test_a_part_of_a_file_that_has_changed_is_not_gone_on_with(hub: Hub, cache: Path, thu: KnownModel) -> None:
    part = cache / ".thu.fetching" / "model.bin"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 1000)
    part.with_name("model.bin.etag").write_text('"of another"', encoding="utf-8")
    assert fetch("thu", patience=BRISK).new
    assert hub.headers_of("model.bin")[0]["if-range"] == '"of another"'


@pytest.mark.parametrize("size", [1000, 300_000, 400_000])
def test_a_part_of_other_bytes_is_begun_anew(hub: Hub, cache: Path, thu: KnownModel, size: int) -> None:
    """As many bytes as the file, fewer or more, under the tag that the server still has."""
    part = cache / ".thu.fetching" / "model.bin"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * size)
    part.with_name("model.bin.etag").write_text(hub.etag, encoding="utf-8")
    assert fetch("thu", patience=BRISK).new


def test_wrong_bytes_are_refused(hub: Hub, cache: Path, thu: KnownModel) -> None:
    data = bytearray(hub.files["model.bin"])
    data[1000] ^= 1
    hub.files["model.bin"] = bytes(data)
    with pytest.raises(ModelCorrupt, match=r"model\.bin from http.* is not the file it should be"):
        fetch("thu", patience=BRISK)
    assert not (cache / "thu").exists()
    assert not (cache / ".thu.fetching" / "model.bin").exists()


@pytest.mark.parametrize("name", ["model.bin", "config.json"])
def test_bytes_that_the_hub_itself_does_not_list_are_refused(
    hub: Hub, cache: Path, learnt: KnownModel, name: str
) -> None:
    hub.lies[name] = "1" * (64 if name == "model.bin" else 40)
    with pytest.raises(ModelCorrupt, match=f"{name} from"):
        fetch("thu", patience=BRISK)
    assert not (cache / "thu").exists()


def test_a_pickle_from_the_hub_is_never_put_in_place(hub: Hub, cache: Path, learnt: KnownModel) -> None:
    hub.files["model.bin"] = b"PK\x03\x04" + b"\0" * 5000
    with pytest.raises(ModelCorrupt, match="PyTorch"):
        fetch("thu", patience=BRISK)
    assert not (cache / "thu").exists()


def test_an_overloaded_server_is_waited_for(hub: Hub, thu: KnownModel) -> None:
    hub.failures["model.bin"] = [503, 429]
    assert fetch("thu", patience=BRISK).new


@pytest.mark.parametrize(
    ("statuses", "error", "match"),
    [
        ([503] * 3, ModelError, "the server answers 503"),
        ([404], ModelMissing, "is not there"),
        ([401], ModelError, "HF_TOKEN"),
        ([418], ModelError, "answers 418"),
    ],
)
def test_what_does_not_pass_is_told(
    hub: Hub, cache: Path, thu: KnownModel, statuses: list[int], error: type[ModelError], match: str
) -> None:
    hub.failures["model.bin"] = list(statuses)
    with pytest.raises(error, match=match):
        fetch("thu", patience=BRISK)
    assert len(hub.headers_of("model.bin")) == len(statuses)
    assert not (cache / "thu").exists()


def test_nobody_at_the_address(cache: Path, thu: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(Hub({})) as gone:
        monkeypatch.setenv("HF_ENDPOINT", gone.address)
    with pytest.raises(ModelError, match="cannot be fetched"):
        fetch("thu", patience=BRISK)


def test_the_token_stays_with_its_host(hub: Hub, thu: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with serving(Hub(dict(hub.files))) as elsewhere:
        hub.redirects["model.bin"] = elsewhere.address.replace("127.0.0.1", "localhost") + "/cdn/model.bin"
        assert fetch("thu", patience=BRISK).new
        assert [headers["authorization"] for headers in hub.headers_of("model.bin")] == ["Bearer hf_secret"]
        assert [headers.get("authorization") for headers in elsewhere.headers_of("model.bin")] == [None]


def test_a_mirror_does_not_get_the_token(hub: Hub, thu: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", hub.address)
    assert fetch("thu", patience=BRISK).new
    assert all("authorization" not in headers for _, headers in hub.asked)


def test_a_password_in_an_address_is_not_shown(hub: Hub, thu: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", hub.address.replace("//", "//toi:bi-mat@"))
    with pytest.raises(ModelError, match="has a name or password in it") as caught:
        fetch("thu", patience=BRISK)
    assert "bi-mat" not in str(caught.value)


@pytest.mark.parametrize("known_size", [False, True])
def test_what_is_whole_already_is_not_fetched_again(
    hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch, known_size: bool
) -> None:
    model = planted(whisper_files())
    if not known_size:
        files = {name: replace(source, size_bytes=None) for name, source in model.files.items()}
        model = replace(model, files=files)
    plant(monkeypatch, model)
    hub.failures["vocabulary.txt"] = [404]
    with pytest.raises(ModelMissing):
        fetch("thu", patience=BRISK)
    assert fetch("thu", patience=BRISK).new
    assert len(hub.headers_of("model.bin")) == 1


@pytest.mark.parametrize("target", ["http://hub.example/model.bin", "ftp://127.0.0.1/model.bin", "file:///etc/passwd"])
def test_no_redirect_to_what_is_not_secure(hub: Hub, thu: KnownModel, target: str) -> None:
    hub.redirects["model.bin"] = target
    with pytest.raises(ModelError, match="not a secure address"):
        fetch("thu", patience=BRISK)


def test_no_hub_that_is_not_secure(cache: Path, thu: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://hub.example")
    with pytest.raises(ModelError, match="not a secure address"):
        fetch("thu", patience=BRISK)


def test_a_file_of_another_size_is_refused_before_it_is_fetched(hub: Hub, thu: KnownModel) -> None:
    hub.files["model.bin"] += b"more"
    with pytest.raises(ModelError, match="has 300,004 bytes, not 300,000"):
        fetch("thu", patience=BRISK)


def test_room_is_looked_at_first(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, planted(whisper_files(), size_bytes=10**18))
    with pytest.raises(ModelError, match=r"MB are needed.*MEDIAKIT_CACHE"):
        fetch("thu", patience=BRISK)
    assert hub.asked == []


def test_two_fetches_at_once_are_one(hub: Hub, cache: Path, thu: KnownModel) -> None:
    new: list[bool] = []
    threads = [threading.Thread(target=lambda: new.append(fetch("thu", patience=BRISK).new)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == [False, False, True]
    assert len(hub.headers_of("model.bin")) == 1
    assert [path.name for path in cache.iterdir()] == ["thu"]


def test_from_the_hub_where_the_packages_are_not_installed(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    model = planted(whisper_files())
    files = {name: replace(source, parts=(("goi_khong_co", name),)) for name, source in model.files.items()}
    plant(monkeypatch, replace(model, files=files))
    with pytest.raises(ModelMissing, match="mediakit models fetch thu"):
        ensure("thu")
    assert fetch("thu", patience=BRISK).new


def test_a_licence_is_to_be_accepted(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, planted(whisper_files(), commercial_use=False))
    with pytest.raises(UsageError, match=r"CC-BY-NC-4\.0.*--accept-licence"):
        fetch("thu", patience=BRISK)
    assert hub.asked == []
    assert fetch("thu", accept_licence=True, patience=BRISK).new


@pytest.mark.parametrize("variable", ["MEDIAKIT_OFFLINE", "HF_HUB_OFFLINE"])
def test_offline_touches_no_network(hub: Hub, thu: KnownModel, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")
    attempts = forbid_network(monkeypatch)
    with pytest.raises(ModelError, match="the network may not be used"):
        fetch("thu", patience=BRISK)
    assert attempts == []


def test_all_but_fetching_touches_no_network(
    hub: Hub, cache: Path, learnt: KnownModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts = forbid_network(monkeypatch)
    assert not status("thu")
    for name in ("thu", "small", "gipformer-1.5"):
        with pytest.raises(ModelMissing, match=f"mediakit models fetch {name}"):
            ensure(name)
        assert not verify(name).usable
    assert attempts == []
    with pytest.raises(ModelError):
        fetch("thu", patience=BRISK)
    assert attempts  # so what is forbidden is what fetching uses


def forbid_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Let every attempt to connect fail, and note it."""
    attempts: list[object] = []

    def connect(_self: object, address: object) -> None:
        attempts.append(address)
        raise OSError("the network is forbidden")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return attempts


@pytest.fixture
def mirror(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A mirror that is a folder; the network is forbidden."""
    folder = tmp_path / "guong" / REPOSITORY
    folder.mkdir(parents=True)
    for name, data in whisper_files().items():
        (folder / name).write_bytes(data)
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", str(tmp_path / "guong"))
    monkeypatch.setenv("MEDIAKIT_OFFLINE", "1")
    forbid_network(monkeypatch)
    return folder


@pytest.mark.parametrize("as_address", [False, True])
@pytest.mark.parametrize("hashes", [False, True])
def test_from_a_folder(mirror: Path, monkeypatch: pytest.MonkeyPatch, as_address: bool, hashes: bool) -> None:
    plant(monkeypatch, planted(whisper_files(), hashes=hashes))
    if as_address:
        monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", mirror.parents[1].as_uri())
    assert fetch("thu").new
    assert verify("thu").trust == ("known" if hashes else "first-fetch")


def test_a_folder_with_other_bytes_without_a_file_or_with_a_link_out(
    mirror: Path, thu: KnownModel, tmp_path: Path
) -> None:
    (mirror / "config.json").write_bytes(b"{}")
    with pytest.raises(ModelCorrupt, match=r"config\.json"):
        fetch("thu")
    (mirror / "config.json").unlink()
    with pytest.raises(ModelMissing, match=r"config\.json.*not in the mirror"):
        fetch("thu")
    (tmp_path / "ngoai.json").write_bytes(whisper_files()["config.json"])
    (mirror / "config.json").symlink_to(tmp_path / "ngoai.json")
    with pytest.raises(ModelError, match="outside the mirror"):
        fetch("thu")


def test_a_mirror_that_only_has_files(hub: Hub, learnt: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.api = False
    with pytest.raises(ModelMissing):
        fetch("thu", patience=BRISK)
    monkeypatch.setenv("MEDIAKIT_MODELS_MIRROR", hub.address)
    assert fetch("thu", patience=BRISK).new
    assert verify("thu").trust == "first-fetch"


def test_a_hub_that_answers_nonsense(hub: Hub, learnt: KnownModel, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.lies["model.bin"] = "no hash"
    with pytest.raises(ModelError, match="does not answer as a model hub does"):
        fetch("thu", patience=BRISK)


def test_a_transducer_has_its_files_by_what_they_are(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = transducer_files()
    plant(monkeypatch, planted(files))
    with serving(Hub(files)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        model = fetch("thu", patience=BRISK).model
    assert model.form == "sherpa-transducer"
    assert {part: path.name for part, path in model.files.items()} == {
        "tokens": "tokens.txt",
        "encoder": "encoder.int8.onnx",
        "decoder": "decoder.onnx",
        "joiner": "joiner.int8.onnx",
    }
    assert model.model_sha256 == expected_sha256("thu") == joint_sha256({n: sha256(d) for n, d in files.items()})
    assert os.fspath(model.path) == os.fspath(cache / "thu")
