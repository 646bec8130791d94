"""The command itself in a process of its own, and requests to it as a browser sends them, over real sockets."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

PATIENCE_S = 20


@dataclass(frozen=True)
class Answer:
    """An answer of the server."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def version(self) -> str:
        """The record's version."""
        return self.headers["etag"].strip('"')


@dataclass
class Review:
    """A review that runs; with `cookie` empty, a stranger's view of it."""

    address: str
    process: subprocess.Popen[str]
    cookie: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """Host and port."""
        return urlsplit(self.address).netloc

    @property
    def token(self) -> str:
        """The token in the address."""
        return parse_qs(urlsplit(self.address).query)["token"][0]

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str | None] | None = None
    ) -> Answer:
        """Send a request as a page of the review does; `path` is sent as it is, a header that is None is left out."""
        usual: dict[str, str | None] = {"Host": self.host, "Cookie": self.cookie or None}
        if method == "POST":
            usual |= {"Origin": f"http://{self.host}", "Content-Type": "application/json"}
        sent = {name: value for name, value in {**usual, **(headers or {})}.items() if value is not None}
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {**sent, **({"Content-Length": str(len(body))} if body is not None else {})}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str | None) -> Answer:
        """Ask for a file by its path, not encoded; `Range`, … as keywords with `_` for `-`."""
        return self.ask("GET", quote(path, safe="/?&="), headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, edit: object, version: str | None, **headers: str | None) -> Answer:
        """Save an edit of the record of that version."""
        body = edit if isinstance(edit, bytes) else json.dumps(edit).encode()
        match = {"If-Match": f'"{version}"' if version is not None else None}
        changed = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.ask("POST", quote(path), body=body, headers={**match, **changed})

    def enter(self) -> Answer:
        """Exchange the token for the cookie."""
        answer = self.ask("GET", f"/?token={self.token}")
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def stop(self) -> int:
        """Interrupt it as Ctrl-C does, and return its exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@contextmanager
def reviewing(folder: Path) -> Iterator[Review]:
    """`mediakit review FOLDER`, running; the cookie is had already."""
    command = [sys.executable, "-m", "mediakit", "review", str(folder), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("http://127.0.0.1:"), (line, process.poll())
            review = Review(line.split()[0], process)
            review.enter()
            yield review
        finally:
            process.kill()
