"""A folder of a store that fsspec knows: `s3://bucket/archive`, `gs://…`, `memory://…`.

An address is the user's, and names a protocol that fsspec knows. The names that a store lists are strangers': one that
could not be a file below any folder of this machine is left out, and every path is made of the folder and such a name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

from mediakit.errors import (
    NO_ROOM,
    MediakitError,
    MediaMissing,
    OutputError,
    OutputFull,
    ToolMissing,
    UsageError,
    pip_install,
)
from mediakit.speech.models.places import OFFLINE_VARIABLES, offline

#: Two letters at least: `C:` is a drive.
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]+://", re.IGNORECASE)
_OF_THIS_MACHINE = re.compile(r"(file|local)://", re.IGNORECASE)
_WITHOUT_NETWORK = frozenset(("file", "local", "memory"))
_CREDENTIALS = re.compile(r"(?<=://)[^/@]*@")
_BLOCK_BYTES = 1 << 22
#: These put an object whole or not at all, under its own name.
_ATOMIC = frozenset("s3 s3a gs gcs az abfs abfss oss obs tos memory".split())
#: What a store says of an object's content, the surest first, and of when it was written.
_MARKS = ("ETag", "etag", "md5Hash", "content_md5", "sha", "CRC")
_TIMES = ("mtime", "LastModified", "last_modified", "modified", "modify", "updated", "last_write_time", "created")
#: Windows has no such names.
_NOT_ON_WINDOWS = re.compile(r'[<>:"|?*\x00-\x1f]|[. ](/|$)')
_LONGEST_REASON = 200


def is_address(place: str | Path | None) -> bool:
    """Whether a place is one in a store, and no path.

    >>> is_address("s3://bucket/in"), is_address("C:/in"), is_address("in")
    (True, False, False)
    """
    return isinstance(place, str) and _ADDRESS.match(place) is not None


def local_or_address(place: str | Path) -> str | Path:
    """An address, or a path; `file://` is a path.

    Raises
    ------
    ToolMissing
        If it is `file://`, and fsspec is not here.
    """
    if isinstance(place, str) and _OF_THIS_MACHINE.match(place):
        return Path(Store(place).path)
    return place if is_address(place) else Path(place)


@dataclass
class Listing:
    """The objects below a folder: by name, relative to it, what tells one content from another.

    `unusable` are names that cannot be those of files, and what else is no plain file, each with the reason.
    """

    objects: dict[str, str] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)


class Store:
    """A folder in a store. `shown` is its address for people, without a password.

    Raises
    ------
    UsageError
        If fsspec knows no such protocol, or it is on a network and that is forbidden.
    ToolMissing
        If fsspec, or what it needs for the protocol, is not installed.
    """

    def __init__(self, address: str, shown: str | None = None) -> None:
        self.address = address
        self.shown = shown or _CREDENTIALS.sub("", address.rstrip("/"))
        self._fs, path = _opened(address, self.shown)
        #: The folder's path in its file system, without a `/` at its end.
        self.path = str(path).rstrip("/")
        if _unlike_a_path(self.path.rpartition("://")[2].strip("/")):
            raise UsageError("leads up, or has an empty part", file=self.shown, remedy="Give the address as it is.")
        protocols = {self._fs.protocol} if isinstance(self._fs.protocol, str) else set(self._fs.protocol)
        self._is_atomic = bool(protocols & _ATOMIC)
        #: Whether no other process sees what is in it.
        self.is_of_this_process = "memory" in protocols
        #: How many requests at once it takes.
        self.requests_at_once = 16 if self._fs.async_impl else 1

    def shares_store_with(self, other: Store) -> bool:
        """Whether both are in one file system, with the same rights in it."""
        return bool(self._fs == other._fs)

    def listing(self) -> Listing:
        """All objects below the folder, without hidden ones.

        Raises
        ------
        FileNotFoundError
            If there is no such folder; a store without folders may list nothing instead.
        UsageError
            If it cannot be listed.
        """
        found = Listing()
        for path, info in self._find().items():
            name = path[len(self.path) + 1 :]
            if not path.startswith(f"{self.path}/") or not name or name.endswith("/"):
                continue  # what stands for the folder itself, or for one in it
            why = _unusable(name) if info.get("type") == "file" else "is no plain file"
            if why:
                found.unusable[name] = why
            elif not any(part.startswith(".") for part in name.split("/")):
                found.objects[name] = _fingerprint(info)
        folders = {folder for name in found.objects for folder in _folders(name)}
        for name in folders & set(found.objects):  # a store without folders can have both
            del found.objects[name]
            found.unusable[name] = "has the name of a folder"
        return found

    def _find(self) -> dict[str, dict[str, Any]]:
        from fsspec.asyn import AsyncFileSystem
        from fsspec.spec import AbstractFileSystem

        kind = type(self._fs)
        if issubclass(kind, AsyncFileSystem):
            walks = kind._find is AsyncFileSystem._find
        else:
            walks = kind.find is AbstractFileSystem.find
        try:
            self._fs.invalidate_cache()
            # Walking folder by folder passes over those that cannot be listed, as if nothing was in them.
            found: dict[str, dict[str, Any]] = self._fs.find(
                self.path, detail=True, **({"on_error": "raise"} if walks else {})
            )
        except FileNotFoundError:
            raise
        except Exception as error:
            raise UsageError(
                f"cannot be listed ({_reason(error)})",
                file=self.shown,
                remedy="Check the address and your rights to it.",
            ) from error
        return found

    def fingerprint(self, name: str) -> str | None:
        """What tells the content of an object from another; None if there is none.

        Raises
        ------
        OutputError
            If it cannot be found out.
        """
        path = self._path(name)
        try:
            self._fs.invalidate_cache()
            info = self._fs.info(path)
            return _fingerprint(info) if info.get("type") == "file" else None
        except FileNotFoundError:
            return None
        except Exception as error:
            self._not_written(name, error)

    def fetch(
        self, name: str, to: Path, *, most_bytes: int | None = None, on_block: Callable[[], None] | None = None
    ) -> None:
        """Write an object to the file `to`, or the first `most_bytes` of it; `on_block` is called on the way.

        Raises
        ------
        MediaMissing
            If there is no such object.
        OutputFull
            If there is no room for it on this machine.
        MediakitError
            If it cannot be read whole. That is nothing wrong with the object: another time it may do.
        """
        with self._fetching(name), self._fs.open(self._path(name), "rb", block_size=_BLOCK_BYTES) as source:
            size, done = getattr(source, "size", None), 0
            with to.open("wb") as out:
                while block := source.read(min(_BLOCK_BYTES, most_bytes - done if most_bytes else _BLOCK_BYTES)):
                    done += out.write(block)
                    if on_block is not None:
                        on_block()
            if isinstance(size, int) and done < min(size, most_bytes or size):
                raise OSError(f"it ended after {done} of {size} bytes")

    def read(self, name: str) -> bytes:
        """The bytes of an object; raises as :meth:`fetch`."""
        with self._fetching(name):
            return bytes(self._fs.cat_file(self._path(name)))

    def put(self, name: str, data: bytes) -> None:
        """Write an object, whole or not at all as far as the store can.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        path = self._path(name)
        try:
            if self._is_atomic:
                self._fs.pipe_file(path, data)
            else:
                self._put_in_its_place(path, data)
        except Exception as error:
            self._not_written(name, error)

    def _put_in_its_place(self, path: str, data: bytes) -> None:
        folder = path.rpartition("/")[0]
        # The same each time: one that was left when the process was killed is written over.
        temporary = f"{folder}/.mediakit-{hashlib.sha256(path.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.tmp"
        self._fs.makedirs(folder, exist_ok=True)
        try:
            self._fs.pipe_file(temporary, data)
            self._fs.mv(temporary, path)
        except BaseException:
            with suppress(Exception):
                self._fs.rm_file(temporary)
            raise

    def _path(self, name: str) -> str:
        # Never joined to the address: `::` in a name would be taken for a chain of stores.
        return f"{self.path}/{name}"

    @contextmanager
    def _fetching(self, name: str) -> Iterator[None]:
        where = f"{self.shown}/{name}"
        try:
            yield
        except FileNotFoundError as error:
            raise MediaMissing("is not there any more", file=where) from error
        except Exception as error:
            if _is_full(error):
                raise OutputFull("there is no room to fetch it", file=where, remedy="Make room on the disk.") from error
            raise MediakitError(
                f"could not be fetched ({_reason(error)})", file=where,
                remedy="Is the store to be reached, and may it be read? The next run tries again.",
            ) from error  # fmt: skip

    def _not_written(self, name: str, error: Exception) -> NoReturn:
        raise (OutputFull if _is_full(error) else OutputError)(
            f"cannot be written ({_reason(error)})", file=f"{self.shown}/{name}",
            remedy="Check the address and your rights to it, or choose another with -o.",
        ) from error  # fmt: skip


def _opened(address: str, shown: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise ToolMissing(
            "addresses need fsspec", file=shown, remedy=f"Install it with `{pip_install('remote')}`."
        ) from error
    protocol = address.partition("://")[0]
    # HF_HUB_OFFLINE is about models alone.
    own = {name: os.environ.get(name, "") for name in OFFLINE_VARIABLES[:1]}
    if offline(own) and protocol.casefold() not in _WITHOUT_NETWORK:
        raise UsageError(
            "is on a network, which --offline or MEDIAKIT_OFFLINE forbids", file=shown,
            remedy="Give a folder of this machine, or leave it out.",
        )  # fmt: skip
    if "::" in address:
        raise UsageError("is a chain of addresses", file=shown, remedy="Give one address.")
    try:
        fs, path = url_to_fs(address)
    except ImportError as error:
        raise ToolMissing(f"{protocol}:// needs a further package", file=shown, remedy=f"{error}.") from error
    except Exception as error:
        raise UsageError(f"cannot be opened ({_reason(error)})", file=shown, remedy="Check the address.") from error
    return fs, path


def _fingerprint(info: Mapping[str, Any]) -> str:
    """Of what a store tells unasked: no object is read for it. One that tells nothing but sizes hides the rest."""
    for key in (*_MARKS, *_TIMES):
        value = info.get(key)
        if value not in (None, ""):
            # A listing may give as seconds what is a date elsewhere.
            return f"{info.get('size')} {value.timestamp() if isinstance(value, datetime) else value}"
    return f"{info.get('size')}"


def _unusable(name: str) -> str:
    """Why a name cannot be that of a file below a folder of this machine; empty where it can."""
    if not name or _unlike_a_path(name):
        return "has a name that no file can have"
    if os.name == "nt" and _NOT_ON_WINDOWS.search(name):
        return "has a name that no file can have on Windows"
    return ""


def _unlike_a_path(name: str) -> bool:
    parts = name.split("/") if name else []
    return any(part in ("", ".", "..") for part in parts) or "\0" in name or "\\" in name


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def _is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno in NO_ROOM


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= _LONGEST_REASON else f"{text[:_LONGEST_REASON]}…"
