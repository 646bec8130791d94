"""A result made by hand: an article read in part, free speech, and a second medium that is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from mediakit.article.document import Article, Attachment, Paragraph, Photo, Sentence
from mediakit.captions.caption import Caption
from mediakit.notices import Notice
from mediakit.outputs.linked_data import PageMedia
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment, Source

ENGINE = EngineInfo("faster-whisper", "base", "d0" * 32, "vi")
HANOI = timezone(timedelta(hours=7))

ARTICLE = Article(
    title="Trồng cây ở xã Đông Hòa",
    blocks=(
        Paragraph(1, (Sentence("p1s1", "Sáng 5/2, xã Đông Hòa trồng 1.200 cây."),), lead=True),
        Photo("Đoàn viên trồng cây.", "Minh Anh"),
        Attachment("audio", "trong cây #1.mp3"),
        Paragraph(
            2,
            (
                Sentence("p2s1", "Ông Trần Văn Bình cho biết: <mỗi hộ> & mỗi thôn đều có phần."),
                Sentence("p2s2", "Cây được chăm sóc ba năm."),
            ),
        ),
        Attachment("video", "phát biểu.mp4"),
    ),
    published=datetime(2025, 2, 5, 18, 37, 56, tzinfo=HANOI),
    author="Lê Thu",
    path=Path("trong-cay.txt"),
)


def words(text: str, start_ms: int, each_ms: int = 300, *, article: bool = False) -> tuple[Word, ...]:
    """The words of `text`, each as long as the other; `article` is whether they are the article's."""
    return tuple(
        Word(start_ms + n * each_ms, start_ms + (n + 1) * each_ms, word, 0.9375, article)
        for n, word in enumerate(text.split())
    )


def segment(text: str, start_ms: int, sentence: str | None = None, heard: str | None = None) -> Segment:
    """A segment of `text`."""
    timed = words(text, start_ms, article=sentence is not None)
    source: Source = "article" if sentence else "speech"
    return Segment(start_ms, timed[-1].end_ms, text, heard or text.lower(), source, sentence, 0.9123, timed)


def grounded(article: Article = ARTICLE) -> GroundedArticle:
    """The article as results hold it."""
    published = article.published.isoformat() if article.published else None
    return GroundedArticle("trong-cay.txt", article.title, published, article.sentences, "partly-read", 0.7512, article)


AUDIO = Result(
    MediaInfo("trong cây #1.mp3", "ab" * 32, 15_250, "audio"),
    ENGINE,
    grounded(),
    (
        segment("Sáng 5/2, xã Đông Hòa trồng 1.200 cây.", 500, "p1s1", "sáng năm tháng hai xã đông hòa trồng"),
        segment("Xin chào thính giả.", 3200),
        segment("Ông Trần Văn Bình cho biết: <mỗi hộ> & mỗi thôn đều có phần.", 6600, "p2s1"),
    ),
    (
        Caption("c1", 500, 4400, ("Sáng 5/2, xã Đông Hòa trồng 1.200 cây.", "Xin chào thính giả."), ("p1s1",)),
        Caption("c2", 6600, 10_600, ("Ông Trần Văn Bình cho biết:", "<mỗi hộ> & mỗi thôn đều có phần."), ("p2s1",)),
    ),
)

VIDEO = Result(
    MediaInfo("phát biểu.mp4", None, None, "video"),
    ENGINE,
    replace(grounded(), verdict=None, coverage=0.0),
    (),
    (),
    (Notice("attachment-missing", "phát biểu.mp4: is not in the media folder"),),
)

LOOSE = Result(
    MediaInfo("lời nói.wav", "cd" * 32, 4000, "audio"),
    ENGINE,
    None,
    (segment("Xin chào.", 0), segment("Tạm biệt.", 2600)),
    (Caption("c1", 0, 833, ("Xin chào.",)), Caption("c2", 2600, 3433, ("Tạm biệt.",))),
)

#: A guest speaks in English between two sentences.
GUEST = Result(
    MediaInfo("khách.wav", "ef" * 32, 9000, "audio"),
    ENGINE,
    None,
    (
        segment("Xin chào.", 0),
        replace(segment("Rice & <fish> for everyone.", 2000), language="en"),
        segment("Cảm ơn ông.", 6000),
    ),
    (
        Caption("c1", 0, 833, ("Xin chào.",)),
        Caption("c2", 2000, 5200, ("Rice & <fish>", "for everyone.")),
        Caption("c3", 6000, 7400, ("Cảm ơn ông.",)),
    ),
)

MEDIA = (PageMedia(AUDIO, "../trong cây #1.mp3", "trong cây #1.vi.vtt"), PageMedia(VIDEO, None))
PAGE = "trong-cay.html"


def with_added(result: Result = AUDIO) -> Result:
    """The result with `Dạ thưa` said before its first sentence, and its last word left out."""
    first = result.segments[0]
    timed = words(f"Dạ thưa {' '.join(word.text for word in first.words[:-1])}", first.start_ms)
    own = tuple(replace(word, article=n >= 2) for n, word in enumerate(timed))
    text = " ".join(word.text for word in own)
    said = replace(first, text=text, words=own, end_ms=max(first.end_ms, own[-1].end_ms))
    return replace(result, segments=(said, *result.segments[1:]))
