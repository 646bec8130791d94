"""A result and a truth made by hand, with figures that can be counted on paper.

=========  ===========================================  ==========================  =====================
time (s)   spoken                                       printed                     heard
=========  ===========================================  ==========================  =====================
1 – 4      sáng mồng chín tháng sáu xã đông hòa họp     Sáng 9/6, xã Đông Hòa họp.  two errors of 9 words
5 – 7      xin chào các bạn (not in the article)        Xin chào cả bạn.            one error of 4
8 – 11     ông trần bình nói ba điều về lúa             as it is in the article     three errors of 8
=========  ===========================================  ==========================  =====================

Nobody says `Trời mưa rất to.`
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mediakit.article.document import Sentence
from mediakit.captions.caption import Caption
from mediakit.captions.profile import PROFILES
from mediakit.evaluation.evaluate import Evaluation, evaluate
from mediakit.evaluation.reference import load_reference
from mediakit.evaluation.report import to_object
from mediakit.outputs.record import render_record
from mediakit.result import GroundedArticle, MediaInfo, Result
from mediakit.speech.engine import EngineInfo
from mediakit.timeline import Word
from mediakit.transcript.segments import Segment

PROFILE = PROFILES["netflix-vi"]
SENTENCES = (
    Sentence("p0s1", "Họp ở xã"),
    Sentence("p1s1", "Sáng 9/6, xã Đông Hòa họp."),
    Sentence("p1s2", "Ông Trần Bình nói ba điều về lúa."),
    Sentence("p1s3", "Trời mưa rất to."),
)
ARTICLE = GroundedArticle("bai.txt", "Họp ở xã", None, SENTENCES, "partly-read", 0.75)


def segment(start_ms: int, end_ms: int, text: str, sentence: str | None = None, heard: str | None = None) -> Segment:
    """A segment whose words share its time evenly."""
    texts = text.split()
    times = [start_ms + (end_ms - start_ms) * n // len(texts) for n in range(len(texts) + 1)]
    words = tuple(Word(a, b, word, 0.9, bool(sentence)) for a, b, word in zip(times, times[1:], texts, strict=False))
    said = text if heard is None else heard
    return Segment(start_ms, end_ms, text, said, "article" if sentence else "speech", sentence, 0.9, words)


READ_FIRST = segment(1010, 3980, SENTENCES[1].text, "p1s1", "sáng chín tháng sáu xã đông hoa họp")
FREE = segment(5000, 7000, "Xin chào cả bạn.")
READ_SECOND = segment(8000, 11_050, SENTENCES[2].text, "p1s2", "Ông Trần Minh nói ba điều.")
RESULT = Result(
    MediaInfo("hop.mp3", "ab" * 32, 12_000, "audio"),
    EngineInfo("faster-whisper", "base", "cd" * 32, "vi"),
    ARTICLE,
    (READ_FIRST, FREE, READ_SECOND),
    (Caption("c1", 1000, 4000, ("Sáng 9/6, xã Đông Hòa họp.",), ("p1s1",)),),
)
TRUTH: dict[str, Any] = {
    "media": "hop.mp3",
    "spoken": [
        {"text": "sáng mồng chín tháng sáu xã đông hòa họp", "start_ms": 1000, "end_ms": 4000, "in_article": True},
        {"text": "xin chào các bạn", "start_ms": 5000, "end_ms": 7000, "in_article": False},
        {"text": "ông trần bình nói ba điều về lúa", "start_ms": 8000, "end_ms": 11_000, "in_article": True},
    ],
    "article_sentences": [sentence.text for sentence in SENTENCES[1:]],
    "unread": ["Trời mưa rất to."],
}


def with_segments(*segments: Segment) -> Result:
    """The result with other segments."""
    return replace(RESULT, segments=segments)


def spoken(start_ms: int, end_ms: int, text: str, *, in_article: bool) -> dict[str, Any]:
    """A sentence of a truth."""
    return {"text": text, "start_ms": start_ms, "end_ms": end_ms, "in_article": in_article}


def truth_of(*items: Mapping[str, Any], **more: object) -> dict[str, Any]:
    """A truth with other sentences."""
    return {"media": "hop.mp3", "spoken": list(items), **more}


def write(path: Path, content: str | bytes | Mapping[str, Any]) -> Path:
    """A file with text, bytes, or JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_record(folder: Path, result: Result = RESULT) -> Path:
    """A record as mediakit writes it."""
    return write(folder / "hop.vi.json", render_record(result))


def measured(folder: Path, result: Result, reference: Mapping[str, Any] | str, name: str = "") -> Evaluation:
    """The evaluation against a reference that is written to a file and read back."""
    name = name or ("hop.txt" if isinstance(reference, str) else "hop.truth.json")
    return evaluate(result, load_reference(write(folder / name, reference)), PROFILE)


def figures(folder: Path, result: Result, reference: Mapping[str, Any] | str, name: str = "") -> Any:
    """The same as the object that programs get, through JSON and back."""
    return json.loads(json.dumps(to_object(measured(folder, result, reference, name))))


def texts(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """The texts of a list of places."""
    return [item["text"] for item in items]
