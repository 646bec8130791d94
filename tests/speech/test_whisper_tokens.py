"""Texts that are weighed are cut as Whisper cuts them."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest

from mediakit.errors import EngineError
from mediakit.speech.engines.whisper_tokens import whole_tokenizer
from mediakit.speech.models import ensure

TEXTS = [
    " Được chế tác từ kịch bản nước ngoài.",
    " Tỉnh Thái Bình tổ chức tập huấn, triển khai thực hiện Nghị quyết số 50.",
    " tttt t  t\tthe tree",
]


@pytest.fixture(scope="module")
def shipped() -> Path:
    return ensure("base").path / "tokenizer.json"


def numbers(tokenizer: Path, text: str) -> list[int]:
    found: list[int] = whole_tokenizer(tokenizer).encode(text, add_special_tokens=False).ids
    return found


def test_the_shipped_tokenizer_lacks_the_merge(shipped: Path) -> None:
    """If this fails, the file was mended upstream, and the module may go."""
    from tokenizers import Tokenizer

    assert Tokenizer.from_file(str(shipped)).encode(" tác", add_special_tokens=False).ids == [220, 83, 21563]
    assert numbers(shipped, " tác") == [7737, 66]  # openai-whisper's, by tiktoken


@pytest.mark.torch
@pytest.mark.parametrize("text", TEXTS)
def test_cuts_as_openai_whisper(shipped: Path, text: str) -> None:
    whisper = pytest.importorskip("whisper.tokenizer", reason="needs the package whisper")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its vocabulary's file to be closed by chance
        reference = whisper.get_tokenizer(True, language="vi", task="transcribe")
    assert numbers(shipped, text) == reference.encode(text)


def test_what_comes_out_is_what_went_in(shipped: Path) -> None:
    tokenizer = whole_tokenizer(shipped)
    for text in TEXTS:
        assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == text


@pytest.mark.parametrize("as_pairs", [True, False])
def test_a_whole_tokenizer_is_left_alone(shipped: Path, tmp_path: Path, as_pairs: bool) -> None:
    described = json.loads(shipped.read_text(encoding="utf-8"))
    pairs = [["Ġ", "t"], *(m if isinstance(m, list) else m.split(" ") for m in described["model"]["merges"])]
    described["model"]["merges"] = pairs if as_pairs else [" ".join(pair) for pair in pairs]
    whole = tmp_path / "tokenizer.json"
    whole.write_text(json.dumps(described), encoding="utf-8")
    assert numbers(whole, TEXTS[0]) == numbers(shipped, TEXTS[0])


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b'{"model": {"merges": 3, "vocab": {}}}'])
def test_no_tokenizer(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "tokenizer.json"
    path.write_bytes(data)
    with pytest.raises(EngineError, match="tokenizer"):
        whole_tokenizer(path)
    with pytest.raises(EngineError, match="tokenizer"):
        whole_tokenizer(tmp_path / "khong-co.json")
