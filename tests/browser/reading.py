"""An article that is read aloud, with its page and media, for the tests of the reader page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Page

from mediakit.article.document import Article, MediaKind
from mediakit.article.text import parse_text
from mediakit.captions.caption import Caption
from mediakit.outputs.bundle import render_media
from mediakit.outputs.linked_data import PageMedia
from mediakit.outputs.page import render_page
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment
from tests.media.studio import encode, moving_picture, write_bursts

# A line of it is a paragraph, as the newspaper saves them.
# ruff: noqa: E501
TEXT = """\
Trồng cây ở xã Đông Hòa

Thứ 4, 09/06/2021 | 18:37:56
Sáng 5/2, xã Đông Hòa tổ chức lễ phát động Tết trồng cây. Dự buổi lễ có đông đảo nhân dân trong xã.

Đoàn viên trồng cây bên bờ sông. Ảnh: Minh Anh

Audio: doc-bai.wav

Theo kế hoạch, toàn xã trồng 1.200 cây xanh các loại. Cây được trồng dọc các tuyến kênh thủy lợi. Mỗi hộ chăm sóc ba cây trong ba năm.

Ông Trần Văn Bình cho biết: mỗi thôn đều có phần của mình. Người dân rất phấn khởi. Nhiều gia đình trồng thêm hoa trước cửa nhà.

Đường làng nay đã xanh và sạch. Trường học có vườn cây của học sinh. Trạm y tế có vườn thuốc nam.

Video: phat-bieu.mp4

Chủ tịch xã mong mọi nhà giữ gìn cây như giữ của chung. Buổi lễ kết thúc lúc chín giờ.

Lê Minh Khuê
"""
ARTICLE = parse_text(TEXT, Path("bai.txt"))
#: What is said in the sound: sentences by their ids, or what is not in the article. Every 4 s, for 3 s each.
IN_SOUND = (
    *("p1s1", "p1s2", "Xin chào quý vị và các bạn nghe đài.", "p2s1", "p2s2", "p2s3", "p3s1", "p3s2"),
    *("Hoà nhạc sẽ có vào tối nay tại sân đình.", "p3s3", "p4s1", "p4s3", "p1s1"),
)
#: And in the film, every 2 s.
IN_FILM = ("Thưa toàn thể bà con.", "p5s1", "p1s1")

#: What the reader's script calls when it is ready, kept for the tests as `api`.
_KEEP_API = "document.addEventListener('mediakit:ready', (event) => { window.api = event.detail; })"


def result_of(
    article: Article, medium: str, kind: MediaKind, duration_ms: int, said: Sequence[tuple[int, int, str]]
) -> Result:
    """A result in which (start_ms, end_ms, id of a sentence or free speech) is said; each is one caption."""
    texts = {sentence.id: sentence.text for sentence in article.sentences}
    segments, captions = [], []
    for number, (start_ms, end_ms, what) in enumerate(said, start=1):
        text, sentence = texts.get(what, what), what if what in texts else None
        split = text.split() or [text]
        each_ms = (end_ms - start_ms) / len(split)
        edges = [start_ms + round(n * each_ms) for n in range(len(split) + 1)]
        words = tuple(Word(edges[n], edges[n + 1], word, 0.9, bool(sentence)) for n, word in enumerate(split))
        segments.append(
            Segment(start_ms, end_ms, text, text.lower(), "article" if sentence else "speech", sentence, 0.9, words)
        )
        captions.append(Caption(f"c{number}", start_ms, end_ms, (text,), (sentence,) if sentence else ()))
    grounded = GroundedArticle("bai.txt", article.title, None, article.sentences, "partly-read", 0.8, article)
    media = MediaInfo(medium, "0" * 64, duration_ms, kind)
    return Result(media, EngineInfo("e", "m", None, "vi"), grounded, tuple(segments), tuple(captions))


SOUND = result_of(
    ARTICLE,
    "doc-bai.wav",
    "audio",
    54_000,
    [(1000 + 4000 * n, 4000 + 4000 * n, what) for n, what in enumerate(IN_SOUND)],
)
FILM = result_of(
    ARTICLE, "phat-bieu.mp4", "video", 7000, [(500 + 2000 * n, 2000 + 2000 * n, what) for n, what in enumerate(IN_FILM)]
)


def write_reading(folder: Path) -> Path:
    """The page `bai.html` with its media and their captions in a folder."""
    write_bursts(folder / "doc-bai.wav", at_ms=[s.start_ms for s in SOUND.segments], duration_ms=54_000, rate=8000)
    write_bursts(folder / "film.wav", at_ms=[1000], duration_ms=7000, rate=16_000)
    encode(
        folder / "phat-bieu.mp4", moving_picture(7000), folder / "film.wav",
        vcodec="libx264", pix_fmt="yuv420p", acodec="aac",
    )  # fmt: skip
    media = []
    for result in (SOUND, FILM):
        stem = result.media.path.rpartition(".")[0]
        for ending, text in render_media(result, ["srt", "vtt", "txt"], language="vi").items():
            (folder / (stem + ending)).write_bytes(text.encode("utf-8"))
        names = (f"{stem}.vi.vtt", f"{stem}.vi.srt", f"{stem}.vi.txt")
        media.append(PageMedia(result, result.media.path, *names))
    write_page(folder / "bai.html", ARTICLE, media)
    lost = (replace(media[0], source="khong-co.wav"), replace(media[1], captions="khong-co.vtt"))
    write_page(folder / "thieu.html", ARTICLE, lost)
    return folder


def write_page(path: Path, article: Article, media: Sequence[PageMedia]) -> Path:
    """The page of an article in a file; what is not UTF-8 becomes `?`, as where mediakit writes it."""
    path.write_bytes(render_page(article, tuple(media), path.name).encode("utf-8", errors="replace"))
    return path


@contextmanager
def open_page(browser: Page, url: str, problems: list[str] | None = None) -> Iterator[Page]:
    """A page on a desktop as when it is opened for the first time.

    An error in it is one of the test, unless it gives a list for them to judge itself.
    """
    found: list[str] = [] if problems is None else problems

    def told(message: ConsoleMessage) -> None:
        if message.type == "error":
            found.append(message.text)

    def raised(error: object) -> None:
        found.append(str(error))

    browser.set_viewport_size({"width": 1280, "height": 720})
    browser.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    browser.add_init_script(_KEEP_API)
    browser.on("console", told)
    browser.on("pageerror", raised)
    browser.goto("about:blank")  # else an address with another fragment alone is the same page
    browser.goto(url)
    until(browser, "[...document.querySelectorAll('audio, video')].every(m => m.readyState > 0 || m.error)")
    try:
        yield browser
    finally:
        browser.remove_listener("console", told)
        browser.remove_listener("pageerror", raised)
    if problems is None and found:
        raise AssertionError(f"errors in the page: {found}")


def until(page: Page, expression: str, holds: Callable[[Any], object] = bool, timeout_s: float = 10.0) -> Any:
    """The value of an expression in the page as soon as it `holds` (by default: is true, or not empty).

    Each look is an `evaluate` of its own. `wait_for_function` looks again by `eval` in the page, which the page's own
    policy forbids.
    """
    deadline = time.monotonic() + timeout_s
    while not holds(value := page.evaluate(expression)):
        assert time.monotonic() < deadline, f"{expression} is still {value!r} after {timeout_s} s"
        page.wait_for_timeout(20)
    return value


def said_at(result: Result, ms: int) -> Segment | None:
    """What the record has at a time."""
    return next((segment for segment in result.segments if segment.start_ms <= ms < segment.end_ms), None)


def lit(page: Page) -> list[str]:
    """Ids of the sentences that are lit."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('.said.lit')].map((sentence) => sentence.id)")
    return found
