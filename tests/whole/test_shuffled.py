"""Every article with every sound, real weights: what is not said is never taken for said, whatever stands beside it.

The readings were made from one stock of sentences, so that most pairs share some: which, is computed from the truth.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from mediakit.article.document import Article, Sentence
from mediakit.article.load import load_article
from mediakit.captions.profile_file import find_profile
from mediakit.pipeline import Medium, transcribe_medium
from mediakit.result import GroundedArticle, Result
from mediakit.speech.engines import open_engine
from mediakit.speech.heard import HeardStore
from tests.whole.conftest import NAMES
from tests.whole.test_readings import Measured, words

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

ROOT = Path(__file__).resolve().parents[2]
#: Of the speech, by time; what is covered of a sentence may be its sound without the breath at its ends.
TOLERANCE = 0.05


@dataclass
class Archive:
    """The readings: articles, truths, and an engine with what it heard."""

    folder: Path
    transcribe: partial[Result]

    def article(self, name: str) -> Article:
        return load_article(self.folder / f"{name}.txt")

    def truth(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / f"{name}.truth.json").read_text(encoding="utf-8"))
        return found

    def result(self, sound: str, article: Article) -> tuple[Result, GroundedArticle]:
        (path,) = self.folder.glob(f"{sound}.mp[34]")
        result = self.transcribe(Medium(path, path.name), article)
        assert result.article is not None
        return result, result.article


@pytest.fixture(scope="module")
def archive(readings: Path, out: Path) -> Archive:
    engine = open_engine("faster-whisper", "base", language="vi")
    store = HeardStore(out / ".mediakit" / "heard")
    profile = find_profile("netflix-vi")
    return Archive(readings, partial(transcribe_medium, engine=engine, profile=profile, store=store))


def is_in(text: str, others: Sequence[str]) -> bool:
    """Whether a sentence is one of others or a part of one, word for word."""
    own = f" {' '.join(words(text))} "
    return any(own in f" {' '.join(words(other))} " for other in others)


def seen_with(truth: dict[str, Any], article: Article) -> dict[str, Any]:
    """The truth of a sound as it is with another article: which spoken sentences that one has."""
    printed = [sentence.text for sentence in article.sentences]
    return {"spoken": [{**item, "in_article": is_in(item["text"], printed)} for item in truth["spoken"]]}


def share_said(truth: dict[str, Any]) -> float:
    """The share of the speech, by time, that is in the article."""
    length = {flag: sum(i["end_ms"] - i["start_ms"] for i in truth["spoken"] if i["in_article"] is flag)
              for flag in (True, False)}  # fmt: skip
    return float(length[True] / (length[True] + length[False]))


def without(article: Article, said: Sequence[str]) -> Article:
    """The article without the sentences that are said, whole or in part."""

    def kept(sentence: Sentence) -> bool:
        return not is_in(sentence.text, said) and not any(is_in(text, [sentence.text]) for text in said)

    blocks = [replace(p, sentences=tuple(filter(kept, p.sentences))) for p in article.paragraphs]
    return replace(article, blocks=tuple(block for block in blocks if block.sentences))


def assert_unrelated(result: Result, grounded: GroundedArticle) -> None:
    assert [s.text for s in result.segments if s.source == "article"] == []
    assert (grounded.verdict, grounded.coverage) == ("unrelated", 0.0)
    assert "attachment-unrelated" in [warning.code for warning in result.warnings]


#: Each sound with another article, each article with another sound.
OTHERS = [(sound, NAMES[(place + 2) % len(NAMES)]) for place, sound in enumerate(NAMES)]


@pytest.mark.parametrize(("sound", "article"), [*((name, name) for name in NAMES), *OTHERS])
def test_an_article_of_which_nothing_is_said_is_unrelated(archive: Archive, sound: str, article: str) -> None:
    """Each article less the sentences that it shares with the sound: every pair is a wrong attachment."""
    said = [item["text"] for item in archive.truth(sound)["spoken"]]
    rest = without(archive.article(article), said)
    assert len(rest.sentences) > 1 or sound == article, "nothing is left to be taken for said"
    assert_unrelated(*archive.result(sound, rest))


@pytest.mark.parametrize("sound", NAMES)
def test_a_page_of_another_world_is_unrelated(archive: Archive, shared: Path, sound: str) -> None:
    (page,) = (shared / "article").glob("*.txt")
    for path in (page, ROOT / "samples" / "thu-giong-doc.txt.in"):
        assert_unrelated(*archive.result(sound, load_article(path)))


@pytest.mark.parametrize(("sound", "article"), OTHERS[::2])
def test_of_an_article_that_shares_sentences_only_those_are_taken(archive: Archive, sound: str, article: str) -> None:
    page = archive.article(article)
    truth = seen_with(archive.truth(sound), page)
    share = share_said(truth)
    result, grounded = archive.result(sound, page)
    assert Measured(result, truth).pasted() == []
    assert grounded.verdict == ("partly-read" if share else "unrelated")
    assert grounded.coverage <= share + TOLERANCE
