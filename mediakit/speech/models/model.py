"""What a model that can be opened is: its form, its files, and one hash that stands for all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mediakit.errors import pip_install

#: Whisper's weights as CTranslate2 keeps them: `model.bin`, `config.json`, `tokenizer.json` and a vocabulary.
WHISPER = "whisper-ctranslate2"
#: An offline transducer as sherpa-onnx runs it: `tokens.txt`, `encoder*.onnx`, `decoder*.onnx`, `joiner*.onnx`.
TRANSDUCER = "sherpa-transducer"
#: An offline CTC model as sherpa-onnx runs it: `tokens.txt` and `model*.onnx`.
CTC = "sherpa-ctc"

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Runner:
    """The engine that runs a form by default; `package` is what it imports, `install` what brings that."""

    engine: str
    package: str
    install: str


#: Engines by the form of model that they run. (openai-whisper runs Whisper's form too, slower.)
RUNNERS: Mapping[str, Runner] = {
    WHISPER: Runner("faster-whisper", "faster_whisper", pip_install()),
    TRANSDUCER: Runner("sherpa", "sherpa_onnx", pip_install("sherpa")),
    CTC: Runner("sherpa", "sherpa_onnx", pip_install("sherpa")),
}


@dataclass(frozen=True, slots=True)
class Model:
    """A model that is here and intact.

    `form` is one of :data:`WHISPER`, :data:`TRANSDUCER`, :data:`CTC`. `files` are its files by what they are: "model"
    of a Whisper model; "tokens", "encoder", "decoder", "joiner" of a transducer; "tokens", "model" of a CTC model.

    `model_sha256` is that of `model.bin` for Whisper. Of a model in several files it is the hash over the hashes of all
    in `files` (:func:`joint_sha256`).
    """

    name: str
    path: Path
    model_sha256: str
    form: str = WHISPER
    files: Mapping[str, Path] = field(default_factory=dict, hash=False)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; errors are those of the file system."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def joint_sha256(digests: Mapping[str, str]) -> str:
    """One hash for files of several: over the lines that `sha256sum` prints for them, by name.

    `sha256sum decoder.onnx encoder.onnx joiner.onnx tokens.txt | sha256sum` gives the same.

    >>> joint_sha256({"b": "22", "a": "11"}) == hashlib.sha256(b"11  a\\n22  b\\n").hexdigest()
    True
    """
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def model_sha256(form: str, digests: Mapping[str, str]) -> str:
    """The hash that stands for a model; `digests` are those of its files by their names in the folder."""
    return digests["model.bin"] if form == WHISPER else joint_sha256(digests)
