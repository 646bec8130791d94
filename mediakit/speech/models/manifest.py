"""`mediakit-model.json`: what was fetched into a model's folder, so that every later use compares with it.

For a model whose hashes are not known before, this is trust on the first fetch: nobody can exchange a file afterwards
without being noticed, but what the hub gave that day is believed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mediakit.errors import ModelCorrupt

MANIFEST = "mediakit-model.json"
_SCHEMA = "mediakit/model@1"
_MOST_BYTES = 1 << 20
#: Names of files in a model's folder: no separator, no leading dot, nothing that a system reads otherwise.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder holds: the SHA-256 of each file by its name, and where it came from.

    `trust` is "known" where mediakit knew all hashes before, "first-fetch" where some were taken from the hub then.
    `fetched` is the time in ISO 8601, UTC; `revision` the commit of the hub, where there is one.
    """

    name: str
    form: str
    origin: str
    revision: str
    licence: str
    trust: str
    fetched: str
    files: Mapping[str, str]


def plain_name(name: object) -> bool:
    """Whether a name stays in its folder on every system.

    >>> [plain_name(name) for name in ("encoder.int8.onnx", "../model.bin", "a\\\\b", ".a", "a.")]
    [True, False, False, False, False]
    """
    return isinstance(name, str) and _PLAIN_NAME.fullmatch(name) is not None and not name.endswith(".")


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write it into the folder; errors are those of the file system."""
    text = json.dumps({"schema": _SCHEMA, **asdict(manifest)}, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder, or None where it has none.

    Raises
    ------
    ModelCorrupt
        If it is not one, or names a file that would lie outside the folder.
    OSError
        If it cannot be read.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        return None
    if len(data) > _MOST_BYTES:
        raise ModelCorrupt("is too large", file=path, remedy=_remedy())
    try:
        return _parsed(json.loads(data))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ModelCorrupt(f"is not a list of a model's files ({error})", file=path, remedy=_remedy()) from error


def _parsed(read: Any) -> Manifest:
    if read["schema"] != _SCHEMA:
        raise ValueError(f"schema {read['schema']!r}")
    texts = {name: read[name] for name in ("name", "form", "origin", "revision", "licence", "trust", "fetched")}
    files = dict(read["files"].items())
    if not all(isinstance(text, str) for text in texts.values()):
        raise TypeError("text expected")
    for name, sha256 in files.items():
        if not plain_name(name):
            raise ValueError(f"{name!r} is no plain file name")
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256):
            raise ValueError(f"{name} has no SHA-256")
    return Manifest(**texts, files=files)


def _remedy() -> str:
    return "Fetch the model again with `mediakit models fetch NAME`, or give a whole folder without this file."
