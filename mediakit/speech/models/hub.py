"""What a hub knows of the files of a repository before they are fetched: the commit, sizes and hashes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mediakit.errors import ModelError
from mediakit.speech.models.download import Network

_SHA1, _SHA256 = re.compile(r"[0-9a-f]{40}"), re.compile(r"[0-9a-f]{64}")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as the hub lists it. Large files (LFS) have a SHA-256, small ones the hash that git gives a blob."""

    size_bytes: int
    sha256: str = ""
    git_sha1: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a repository at one commit, by path."""

    revision: str
    files: Mapping[str, Listed]


def list_files(network: Network, hub: str, repository: str, revision: str) -> Listing:
    """Ask the hub (`/api/models/…/revision/…` and `/tree/…`) for the commit behind a revision, and its files.

    Raises
    ------
    ModelError
        If it cannot be asked, or answers something else.
    """
    api = f"{hub}/api/models/{quote(repository)}"
    try:
        commit = network.json(f"{api}/revision/{quote(revision, safe='')}")["sha"]
        if not _SHA1.fullmatch(commit):
            raise ValueError(f"commit {commit!r}")
        listed = network.json(f"{api}/tree/{commit}")
        return Listing(commit, {item["path"]: _listed(item) for item in listed if item["type"] == "file"})
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"{hub} does not answer as a model hub does ({error!r})") from error


def address(hub: str, repository: str, revision: str, path: str) -> str:
    """Where a file of a repository is.

    >>> address("https://huggingface.co", "a/b", "main", "model.bin")
    'https://huggingface.co/a/b/resolve/main/model.bin'
    """
    return f"{hub}/{quote(repository)}/resolve/{quote(revision, safe='')}/{quote(path)}"


def git_blob_sha1(path: Path) -> str:
    """The hash that git gives a file's content; errors are those of the file system."""
    digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _listed(item: Mapping[str, Any]) -> Listed:
    lfs = item.get("lfs")
    if lfs:
        if not _SHA256.fullmatch(lfs["oid"]):
            raise ValueError(f"hash {lfs['oid']!r}")
        return Listed(int(lfs["size"]), sha256=lfs["oid"])
    if not _SHA1.fullmatch(item["oid"]):
        raise ValueError(f"hash {item['oid']!r}")
    return Listed(int(item["size"]), git_sha1=item["oid"])
