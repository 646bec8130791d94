"""A folder as `mediakit transcribe` leaves it: an article with a recording and a film, and all results beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mediakit.api import write
from mediakit.article.document import Article
from mediakit.article.load import load_article
from mediakit.captions.caption import Caption
from mediakit.outputs.bundle import FORMATS
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, Source
from tests.media.studio import encode, moving_picture, write_bursts

TEXT = """\
Trồng cây ở xã Đông Hòa

Thứ 4, 09/06/2021 | 18:37:56
Sáng 9/6, xã Đông Hòa trồng cây. Hơn 120 người đến dự.

Audio: a.wav

Buổi trồng cây kết thúc lúc 11 giờ. Bà con ra về.

Video: b.mp4

Lê Minh Khuê
"""
DURATION_MS = 12_000


def segment(start_ms: int, text: str, sentence: str | None = None, *, score: float = 0.9) -> Segment:
    """A segment whose words last 250 ms each; those from the third on have `score`."""
    words = tuple(
        Word(start_ms + 250 * n, start_ms + 250 * (n + 1), word, 0.9 if n < 2 else score, sentence is not None)
        for n, word in enumerate(text.split())
    )
    source: Source = "article" if sentence else "speech"
    return Segment(start_ms, words[-1].end_ms, text, text.lower(), source, sentence, score, words)


def result_of(medium: Path, article: Article | None, *segments: Segment) -> Result:
    """A result in which each segment is a caption."""
    captions = tuple(
        Caption(f"c{n}", s.start_ms, s.end_ms, (s.text,), (s.sentence,) if s.sentence else ())
        for n, s in enumerate(segments, start=1)
    )
    grounded = None
    if article is not None and article.path is not None:
        published = article.published.isoformat() if article.published else None
        grounded = GroundedArticle(
            article.path.name, article.title, published, article.sentences, "partly-read", 0.75, article
        )
    info = MediaInfo(medium.name, "ab" * 32, DURATION_MS, "video" if medium.suffix == ".mp4" else "audio", medium)
    return Result(info, EngineInfo("faster-whisper", "base", "cd" * 32, "vi"), grounded, segments, captions)


def build(folder: Path, output: Path | None = None) -> Path:
    """The folder, with results in `output` (default: beside the sources); nothing of it needs an engine."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bai.txt").write_text(TEXT, encoding="utf-8")
    write_bursts(folder / "a.wav", at_ms=[1000, 5000], duration_ms=DURATION_MS, rate=16_000)
    sound = write_bursts(folder / "b.wav", at_ms=[1000], duration_ms=DURATION_MS, rate=16_000)
    encode(
        folder / "b.mp4", moving_picture(DURATION_MS), sound, vcodec="libx264", pix_fmt="yuv420p", acodec="aac", g=25
    )
    sound.unlink()
    article = load_article(folder / "bai.txt")
    texts = {sentence.id: sentence.text for sentence in article.sentences}
    audio = result_of(
        folder / "a.wav", article,
        segment(500, texts["p1s1"], "p1s1"),
        segment(3000, "Xin chào thính giả.", score=0.4),
        segment(5000, texts["p1s2"], "p1s2"),
    )  # fmt: skip
    film = result_of(folder / "b.mp4", article, segment(1000, texts["p2s1"], "p2s1"))
    write(replace(audio, also=(film,)), output or folder, formats=(*FORMATS, "ass"))
    return folder


def add_loose(folder: Path) -> Path:
    """A recording without an article, with its results; its record."""
    medium = write_bursts(folder / "loi-noi.wav", at_ms=[500], duration_ms=DURATION_MS, rate=16_000)
    write(result_of(medium, None, segment(500, "Lời nói ngoài bài.")), folder)
    return folder / "loi-noi.vi.json"
