"""A real Chromium, as the system has it, and a reader page to open in it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.reading import open_page, write_reading

FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs Chromium (on Debian: apt install chromium)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield opened.new_page()
        opened.close()


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an article's page, its sound, its film and their captions."""
    return write_reading(tmp_path_factory.mktemp("reading"))


@pytest.fixture
def page(browser: Page, reading: Path) -> Iterator[Page]:
    """That page, opened from disk on a desktop; an error in it is one of the test."""
    with open_page(browser, (reading / "bai.html").as_uri()) as opened:
        yield opened


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, and knows no byte ranges, as `python -m http.server`."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the files of `tmp_path` are served."""
    yield from _served(tmp_path)


@pytest.fixture
def reading_address(reading: Path) -> Iterator[str]:
    """Where the files of `reading` are served."""
    yield from _served(reading)
