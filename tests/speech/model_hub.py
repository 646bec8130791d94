"""Small models to fetch, and a hub to fetch them from: a server of the tests' own that speaks what a hub speaks."""

from __future__ import annotations

import hashlib
import json
import struct
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from mediakit.speech.models import KnownModel
from mediakit.speech.models.known import Archive, Source
from mediakit.speech.models.model import TRANSDUCER, WHISPER

REPOSITORY, COMMIT = "thu/mo-hinh", "ab" * 20
#: The least that is ONNX: a version (field 1) and a graph (field 7) with nothing in it.
ONNX = b"\x08\x08\x3a\x00"


def weights(size: int = 300_000) -> bytes:
    """Bytes that begin as CTranslate2's Whisper does."""
    start = struct.pack("<IH", 6, len(b"WhisperSpec\0")) + b"WhisperSpec\0"
    return start + bytes(index * 7 % 251 for index in range(size - len(start)))


def whisper_files() -> dict[str, bytes]:
    """A model in Whisper's form, as far as can be told without opening it."""
    return {
        "model.bin": weights(),
        "config.json": b'{"alignment_heads": []}',
        "tokenizer.json": b'{"model": {}}',
        "vocabulary.txt": "a\nă\n".encode(),
    }


def transducer_files() -> dict[str, bytes]:
    """A transducer, as far as can be told without opening it."""
    return {"encoder.int8.onnx": ONNX, "decoder.onnx": ONNX, "joiner.int8.onnx": ONNX, "tokens.txt": b"<blk> 0\na 1\n"}


def sha256(data: bytes) -> str:
    """In hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def planted(
    files: Mapping[str, bytes], *, name: str = "thu", hashes: bool = True, size_bytes: int | None = None,
    archive: Archive | None = None, commercial_use: bool = True,
) -> KnownModel:  # fmt: skip
    """An entry for the list of known models; without `hashes`, those are learnt at the first fetch."""
    return KnownModel(
        name=name,
        form=WHISPER if "model.bin" in files else TRANSDUCER,
        parameters=1,
        licence="MIT" if commercial_use else "CC-BY-NC-4.0",
        origin="tests",
        quality=1,
        files={
            file: Source(sha256(data) if hashes else None, len(data) if hashes else None, (), REPOSITORY)
            for file, data in files.items()
        },
        size_bytes=size_bytes or sum(map(len, files.values())),
        archive=archive,
        commercial_use=commercial_use,
    )


@dataclass
class Hub:
    """What the server has and how it misbehaves; and what it was asked.

    `cuts` answers of a path end after `cut_after` bytes. `failures` of a path are answered with that status first.
    """

    files: dict[str, bytes]
    address: str = ""
    etag: str = '"1"'
    cuts: Counter[str] = field(default_factory=Counter)
    cut_after: int = 100_000
    failures: dict[str, list[int]] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    lies: dict[str, str] = field(default_factory=dict)
    api: bool = True
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent_bytes: int = 0

    def headers_of(self, ending: str) -> list[dict[str, str]]:
        """The headers of all requests for paths that end so."""
        return [headers for path, headers in self.asked if path.endswith(ending)]

    def listing(self) -> list[dict[str, object]]:
        """The hub's list of the repository: large files by SHA-256 (LFS), others by git's hash of a blob."""
        listed: list[dict[str, object]] = []
        for name, data in self.files.items():
            item: dict[str, object] = {"type": "file", "path": name, "size": len(data)}
            if len(data) > 1000:
                listed.append(
                    {**item, "oid": "0" * 40, "lfs": {"oid": self.lies.get(name, sha256(data)), "size": len(data)}}
                )
            else:
                blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
                listed.append({**item, "oid": self.lies.get(name, blob)})
        return listed


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, hub: Hub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.hub = hub


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def hub(self) -> Hub:
        assert isinstance(self.server, _Server)
        return self.server.hub

    def do_GET(self) -> None:
        hub, path = self.hub, unquote(self.path)
        hub.asked.append((path, {name.lower(): value for name, value in self.headers.items()}))
        name = path.rpartition("/")[2]
        if hub.failures.get(name):
            self._answer(hub.failures[name].pop(0), b"", {"Retry-After": "0"})
        elif name in hub.redirects:
            self._answer(302, b"", {"Location": hub.redirects[name]})
        elif path.startswith("/api/"):
            self._api(path)
        elif name in hub.files:
            self._file(name, hub.files[name])
        else:
            self._answer(404, b"")

    def _api(self, path: str) -> None:
        if not self.hub.api:
            self._answer(404, b"")
        elif "/revision/" in path:
            self._answer(200, json.dumps({"sha": COMMIT}).encode())
        else:
            assert path.endswith(f"/tree/{COMMIT}")
            self._answer(200, json.dumps(self.hub.listing()).encode())

    def _file(self, name: str, data: bytes) -> None:
        wanted, start = self.headers.get("Range", ""), 0
        if wanted and self.headers.get("If-Range") in (None, self.hub.etag):
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
        if start >= len(data):
            self._answer(416, b"")
            return
        headers = {"ETag": self.hub.etag}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        cut = self.hub.cuts[name] > 0
        self.hub.cuts[name] -= cut
        self._answer(206 if start else 200, data[start:], headers, cut=cut)

    def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None, *, cut: bool = False) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        sent = body[: self.hub.cut_after] if cut else body
        self.hub.sent_bytes += len(sent)
        self.close_connection = cut
        try:
            self.wfile.write(sent)
        except OSError:  # the client has gone
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """Serve a hub on this machine."""
    server = _Server(hub)
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
