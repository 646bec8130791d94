"""The server of a review: waitress, on loopback only, with bounds for clients that are slow or greedy.

Why these libraries: Werkzeug parses what a browser sends (ranges, conditions, cookies) and waitress takes what anybody
sends; both are kept, pure Python, and need nothing else but MarkupSafe, which Jinja2 brings. `http.server` has no
ranges, no conditions, and no bounds.
"""

from __future__ import annotations

import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mediakit.errors import UsageError
from mediakit.outputs.files import settle_all
from mediakit.review.application import MOST_BYTES, Application

_LOOPBACK = "127.0.0.1"
_TOKEN_BYTES = 32
#: A player that is paused can hold one; a browser opens six connections to a host.
_THREADS = 16
_MOST_CONNECTIONS = 64
#: A connection on which nothing comes or goes for so long is closed, also in the middle of a request.
_SILENCE_S = 30
_MOST_HEADER_BYTES = 16 << 10


@dataclass(frozen=True, slots=True)
class ReviewServer:
    """A server that listens; `address` has its token and is for the user's browser alone."""

    address: str
    _run: Callable[[], None]

    def run(self) -> None:
        """Answer until Ctrl-C; what is being saved then is saved."""
        self._run()


def open_server(root: Path, port: int = 0) -> ReviewServer:
    """A server for the folder `root`, which listens already.

    Parameters
    ----------
    port
        Of this machine; 0 is any that is free.

    Raises
    ------
    UsageError
        If there is no such folder, or another program has the port.
    OutputError
        If a save that was killed in the middle cannot be brought to its end.
    """
    from waitress.server import create_server

    if not root.is_dir():
        raise UsageError("no such folder", file=root, remedy="Give the folder that has the results.")
    settle_all(root)
    try:
        listening = socket.create_server((_LOOPBACK, port))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"port {port} cannot be had ({reason})", remedy="Give another with --port, or none for any that is free."
        ) from error
    port = listening.getsockname()[1]
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    # It warns of every moment in which all threads are at work.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        Application(root, token, port),
        sockets=[listening],
        threads=_THREADS,
        connection_limit=_MOST_CONNECTIONS,
        channel_timeout=_SILENCE_S,
        cleanup_interval=_SILENCE_S // 3,
        max_request_header_size=_MOST_HEADER_BYTES,
        max_request_body_size=MOST_BYTES,
        log_socket_errors=False,
        ident=None,
    )
    return ReviewServer(f"http://{_LOOPBACK}:{port}/?token={token}", server.run)
