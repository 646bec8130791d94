"""What the server of a review answers: pages, media and records of one folder, and edits of the records.

Only who has the token gets anything: it stands in the address that is printed, and is exchanged at once for a cookie,
so that it stays neither in the browser's history nor in what other sites are told. Around that:

- The host that the browser asked for must be this one (DNS rebinding).
- An edit must come from a page of this very origin, as JSON: no form of another site sends that, nor one of another
  port of this machine, whose pages get the same cookies.
- Only the scripts that mediakit ships run, whatever a page of the folder has in it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from werkzeug.exceptions import HTTPException
from werkzeug.utils import redirect, send_file
from werkzeug.wrappers import Request, Response

from mediakit.errors import MediaError, MediakitError, OutputFull
from mediakit.outputs.linked_data import relative_url
from mediakit.review.edits import EditRefused, decode_edit
from mediakit.review.reader import page_policy, reader_page
from mediakit.review.saving import RecordChanged, SavingBusy, save, version_of
from mediakit.review.served import PAGE_TYPE, RECORD_TYPE, ServedFolder, type_of
from mediakit.review.waveform import Waveforms

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

#: Of a request. The captions and words of three hours of speech are about 3 MB.
MOST_BYTES = 8 << 20
WAVEFORM = "/.mediakit/waveform"
_TOKEN = "token"
_USUAL_PORT = 80
_READING = frozenset({"GET", "HEAD"})
_LOCKED_OUT = "Hãy mở địa chỉ mà lệnh `mediakit review` đã in ra."
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_NOTHING_RUNS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#: What went wrong, as HTTP has it (RFC 9110; 507 is of RFC 4918).
_STATUS: tuple[tuple[type[MediakitError], int], ...] = (
    (RecordChanged, 412),
    (EditRefused, 422),
    (SavingBusy, 503),
    (OutputFull, 507),
    (MediaError, 422),
    (MediakitError, 500),
)


class Application:
    """A WSGI application for the folder `root`, for who has the token, at that port of this machine."""

    def __init__(self, root: Path, token: str, port: int) -> None:
        self.folder = ServedFolder(root)
        names = ("127.0.0.1", "localhost")
        # Browsers leave out the port that is usual.
        self._hosts = frozenset((*(f"{name}:{port}" for name in names), *(names if port == _USUAL_PORT else ())))
        self._token = token
        # Cookies are of a host, whatever the port: two reviews at once must not take each other's.
        self._cookie = f"mediakit-{port}"
        self._waveforms = Waveforms()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request; no error goes further."""
        request = Request(environ)
        request.max_content_length = MOST_BYTES
        try:
            response = self._refused(request) or self._answer(request)
        except HTTPException as error:
            response = _told(error.code or 500, "http", error.description or error.name)
        except MediakitError as error:
            response = _failed(error)
        except Exception as error:  # a defect of our own must not end the review, nor show its insides
            response = _told(500, "unexpected", f"the server failed ({type(error).__name__})")
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", _NOTHING_RUNS)
        response.headers.setdefault("Cache-Control", "no-store")
        return response(environ, start_response)

    def _refused(self, request: Request) -> Response | None:
        """Why the request gets no answer; None if it does."""
        if request.headers.get("Host") not in self._hosts:
            return _told(421, "host", "this is not the host that was asked for")
        if request.method not in {*_READING, "POST"}:
            return _told(405, "method", "only GET, HEAD and POST are understood", {"Allow": "GET, HEAD, POST"})
        if request.method in _READING and _TOKEN in request.args:
            return self._exchanged(request)
        if not self._is_ours(request.cookies.get(self._cookie, "")):
            return Response(_LOCKED_OUT, 403, mimetype="text/plain")
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            return _told(403, "origin", "another site asked for this")
        return self._write_refused(request) if request.method == "POST" else None

    def _write_refused(self, request: Request) -> Response | None:
        if request.headers.get("Origin") != f"http://{request.headers.get('Host')}":
            return _told(403, "origin", "an edit must come from a page of this review")
        if request.mimetype != RECORD_TYPE:
            return _told(415, "type", f"an edit is {RECORD_TYPE}")
        return None

    def _is_ours(self, token: str) -> bool:
        return secrets.compare_digest(token.encode("utf-8", "surrogateescape"), self._token.encode())

    def _exchanged(self, request: Request) -> Response:
        """The same address without the token, and a cookie instead."""
        if not self._is_ours(request.args[_TOKEN]):
            return Response(_LOCKED_OUT, 403, mimetype="text/plain")
        review = "?review" if "review" in request.args else ""
        # One slash: two would begin another host's address.
        response = redirect(f"/{relative_url(request.path.lstrip('/'))}{review}", 303)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="Strict", path="/")
        return response

    def _answer(self, request: Request) -> Response:
        path = request.path
        if request.method == "POST":
            return self._save(request)
        if path == "/":
            return self._index()
        if path.startswith(f"{WAVEFORM}/"):
            return self._waveform(path.removeprefix(WAVEFORM))
        found = self.folder.find(path)
        if found is None:
            return _told(404, "not-found", "there is no such file to be shown")
        return self._file(found, request)

    def _file(self, path: Path, request: Request) -> Response:
        kind = type_of(path)
        if kind == PAGE_TYPE or (kind == RECORD_TYPE and "review" in request.args):
            return self._page(path)
        if kind == RECORD_TYPE:
            data = path.read_bytes()
            response = Response(data, mimetype=kind)
            response.set_etag(version_of(data))
            return response.make_conditional(request.environ)
        return send_file(path, request.environ, mimetype=kind, conditional=True)

    def _page(self, path: Path) -> Response:
        where, text = reader_page(path, self.folder.root)
        if where != path:
            return redirect(f"/{self._url(where)}?review", 303)
        return Response(text, mimetype=PAGE_TYPE, headers={"Content-Security-Policy": page_policy()})

    def _save(self, request: Request) -> Response:
        path = self.folder.find(request.path)
        if path is None or type_of(path) != RECORD_TYPE:
            return _told(404, "not-found", "there is no such record")
        versions = list(request.if_match.as_set())
        if len(versions) != 1 or request.if_match.star_tag:
            return _told(428, "version", "If-Match must have the version of the record that was edited")
        edit = decode_edit(request.get_data())
        saved = save(path, self.folder.root, versions[0], edit, datetime.now(timezone.utc))
        response = _json(
            {
                "version": saved.version,
                "files": [self._name(file) for file in saved.files],
                "left": [{"code": error.code, "message": str(error)} for error in saved.left],
            }
        )
        response.set_etag(saved.version)
        return response

    def _waveform(self, path: str) -> Response:
        found = self.folder.find(path)
        if found is None or not (type_of(found) or "").startswith(("audio/", "video/", "application/octet-stream")):
            return _told(404, "not-found", "there is no such medium")
        wave = self._waveforms.of(found)
        return _json({"step_ms": wave.step_ms, "levels": wave.levels})

    def _index(self) -> Response:
        pages, records = self.folder.pages_and_records()
        text = _index_template().render(
            name=self.folder.root.name,
            pages=[(self._name(path), self._url(path)) for path in pages],
            records=[(self._name(path), self._url(path)) for path in records],
        )
        return Response(text, mimetype=PAGE_TYPE)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder.root).as_posix()

    def _url(self, path: Path) -> str:
        return relative_url(self._name(path))


@cache
def _index_template() -> Template:
    loader = PackageLoader("mediakit.review")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("index.html.j2")


def _json(value: object, status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, mimetype=RECORD_TYPE)


def _told(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    response = _json({"error": {"code": code, "message": message}}, status)
    response.headers.update(headers or {})
    return response


def _failed(error: MediakitError) -> Response:
    status = next(status for kind, status in _STATUS if isinstance(error, kind))
    response = _told(status, error.code, str(error))
    if isinstance(error, RecordChanged):
        response.set_etag(error.version)
    return response
