"""One file over the network, with all that goes wrong there: cut off, overloaded, redirected, wrong bytes.

requests does the talking (proxies, certificates, redirects; it takes the token off where a redirect leads to another
host). `huggingface_hub` was considered: since 2.0 it begins a file anew after the process has ended, it compares sizes
but no hashes, and it knows no archives of GitHub's.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urljoin, urlsplit

import requests

from mediakit.errors import ModelError, ModelMissing
from mediakit.speech.models.places import offline

#: Told after each piece: bytes of the file that are here, and all of them where that is known.
OnBytes = Callable[[int, int | None], None]

#: Small, for what has come of a piece that is cut off is lost.
_CHUNK = 1 << 14
_TIMEOUT_S = (10.0, 60.0)  # to connect; between two pieces
_LONGEST_PAUSE_S = 30.0
#: No model known is larger; an endless answer must not fill a disk.
_MOST_BYTES = 20_000_000_000
_MOST_LISTING_BYTES = 8 << 20
_TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often something that may pass is tried, and how long the first pause is; each pause is twice the last."""

    attempts: int = 5
    first_pause_s: float = 0.5


class _Passing(Exception):
    """Something that may be over at the next attempt; `pause_s` is what the server asked for."""

    def __init__(self, what: str, pause_s: float = 0.0) -> None:
        super().__init__(what)
        self.pause_s = pause_s


class _Session(requests.Session):
    """A session that follows no redirect from a secure address to one that is none."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None and resp.url is not None:
            _require_secure(urljoin(resp.url, target), came_from=resp.url)
        return target


class _Token(requests.auth.AuthBase):
    """The user's token; given as this, `.netrc` does not take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Network:
    """Downloads and listings, with a token for one host or none."""

    def __init__(self, *, patience: Patience | None = None, token: str = "", token_host: str = "") -> None:
        if offline():
            raise ModelError(
                "the network may not be used", remedy="Leave out --offline, and unset MEDIAKIT_OFFLINE, HF_HUB_OFFLINE."
            )
        self._patience = patience or Patience()
        self._token, self._token_host = token, token_host
        self._session = _Session()
        # Compressed in transit, a file could not be gone on with at a byte of its own.
        self._session.headers.update({"User-Agent": "mediakit", "Accept-Encoding": "identity"})

    def close(self) -> None:
        """Close the connections that are kept open for the next file."""
        self._session.close()

    def json(self, url: str) -> Any:
        """A short answer in JSON.

        Raises
        ------
        ModelMissing
            If there is nothing at the address.
        ModelError
            If it cannot be reached, or answers something else.
        """

        def ask() -> Any:
            with self._get(url, {}) as response:
                _refuse_bad_status(response, url)
                body = bytearray()
                for piece in response.iter_content(_CHUNK):
                    body += piece
                    if len(body) > _MOST_LISTING_BYTES:
                        raise ModelError(f"{url} answers too much")
                try:
                    return json.loads(body)
                except (ValueError, RecursionError) as error:
                    raise ModelError(f"{url} does not answer in JSON") from error

        return self._tried(url, ask, lambda: 0)

    def file(self, url: str, target: Path, size_bytes: int | None, on_bytes: OnBytes) -> None:
        """Fetch a file to `target`, going on where `target` ends if an earlier attempt left a part of it.

        A part is gone on with only where the server says that the file is the same (`If-Range` with its ETag). Attempts
        that brought something on do not count against the patience. `size_bytes` is None where it is not known.

        Raises
        ------
        ModelMissing
            If there is nothing at the address.
        ModelError
            If it cannot be fetched.
        OSError
            If it cannot be written.
        """
        self._tried(url, lambda: self._go_on(url, target, size_bytes, on_bytes), lambda: _size(target))
        _etag_of(target).unlink(missing_ok=True)

    def _tried(self, url: str, act: Callable[[], Any], progress: Callable[[], int]) -> Any:
        left, pause_s, before = self._patience.attempts, self._patience.first_pause_s, progress()
        while True:
            try:
                return act()
            except _Passing as passing:
                if progress() > before:
                    left, pause_s, before = self._patience.attempts, self._patience.first_pause_s, progress()
                left -= 1
                if left <= 0:
                    raise ModelError(
                        f"{url} cannot be fetched ({passing})",
                        remedy="Try again: what is here already is kept. MEDIAKIT_MODELS_MIRROR names a mirror.",
                    ) from passing
                time.sleep(min(_LONGEST_PAUSE_S, max(pause_s, passing.pause_s)))
                pause_s *= 2

    def _go_on(self, url: str, target: Path, size_bytes: int | None, on_bytes: OnBytes) -> None:
        done, etag = _size(target), _etag(target)
        if done and size_bytes is not None and done == size_bytes:
            return
        headers = {"Range": f"bytes={done}-", "If-Range": etag} if done and etag else {}
        with self._get(url, headers) as response:
            if response.status_code == 416:  # the part is longer than the file: it was of another one
                target.unlink()
                raise _Passing("the part of an earlier attempt does not fit")
            _refuse_bad_status(response, url)
            going_on = response.status_code == 206 and _starts_at(response) == done
            if response.status_code == 206 and not going_on:
                raise _Passing("the server sent another part than was asked for")
            start = done if going_on else 0
            total = _total(response, start) or size_bytes
            if size_bytes is not None and total != size_bytes:
                raise ModelError(f"{url} has {total:,} bytes, not {size_bytes:,}")
            _keep_etag(target, response)
            with target.open("ab" if going_on else "wb") as out:
                _copy(response, out, start, total, on_bytes)
        if total is not None and _size(target) < total:
            raise _Passing(f"cut off at {_size(target):,} of {total:,} bytes")

    @contextmanager
    def _get(self, url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
        _require_secure(url)
        auth = _Token(self._token) if self._token and urlsplit(url).netloc == self._token_host else None
        try:
            with self._session.get(url, headers=headers, stream=True, timeout=_TIMEOUT_S, auth=auth) as response:
                yield response
        except (requests.exceptions.SSLError, requests.exceptions.InvalidURL, requests.TooManyRedirects) as error:
            raise ModelError(f"{url} cannot be fetched ({error})") from error
        except requests.RequestException as error:
            raise _Passing(str(error)) from error


def host_for_token(address: str) -> str:
    """The host of an address that a token may be sent to: over https, or to this machine; or nothing.

    >>> host_for_token("https://huggingface.co"), host_for_token("http://hub.example")
    ('huggingface.co', '')
    """
    parts = urlsplit(address)
    return parts.netloc if parts.scheme == "https" or parts.hostname in _LOOPBACK else ""


def _require_secure(url: str, came_from: str = "") -> None:
    """Only https, but for this machine; no redirect from elsewhere to this machine; no password in an address."""
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:  # it would be shown in messages
        raise ModelError(f"the address of {parts.hostname} has a name or password in it", remedy="Use ~/.netrc.")
    local = parts.hostname in _LOOPBACK and (not came_from or urlsplit(came_from).hostname in _LOOPBACK)
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ModelError(f"{url} is not a secure address", remedy="Give one that begins with https://.")


def _refuse_bad_status(response: requests.Response, url: str) -> None:
    status = response.status_code
    if status in (200, 206):
        return
    if status in _TRY_AGAIN:
        after = response.headers.get("Retry-After", "")
        raise _Passing(f"the server answers {status}", float(after) if after.isdecimal() else 0.0)
    if status in (401, 403):
        raise ModelError(f"{url} may not be read ({status})", remedy="HF_TOKEN holds the token of a user who may.")
    if status in (404, 410):
        raise ModelMissing(f"{url} is not there ({status})", remedy="MEDIAKIT_MODELS_MIRROR may name a mirror.")
    raise ModelError(f"{url} cannot be fetched (the server answers {status})")


def _copy(response: requests.Response, out: BinaryIO, start: int, total: int | None, on_bytes: OnBytes) -> None:
    done, most = start, _MOST_BYTES if total is None else total
    on_bytes(done, total)
    for piece in response.iter_content(_CHUNK):
        done += len(piece)
        if done > most:
            raise ModelError(f"{response.url} sends more than the {most:,} bytes that it has")
        out.write(piece)
        on_bytes(done, total)


def _starts_at(response: requests.Response) -> int:
    span = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
    return int(span) if span.isdecimal() else -1


def _total(response: requests.Response, start: int) -> int | None:
    length = response.headers.get("Content-Length", "")
    return start + int(length) if length.isdecimal() else None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _etag_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.etag")


def _etag(target: Path) -> str:
    kept = _etag_of(target)
    return kept.read_text(encoding="utf-8", errors="replace") if kept.is_file() else ""


def _keep_etag(target: Path, response: requests.Response) -> None:
    """Keep what says that a file is the same byte for byte: a weak tag does not."""
    etag = response.headers.get("ETag", "")
    if etag.startswith('"') and etag.isascii():
        _etag_of(target).write_text(etag, encoding="utf-8")
    else:
        _etag_of(target).unlink(missing_ok=True)
