"""The main job on real speech, with real weights: what it must hold is measured here, by routines of the test's own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from rapidfuzz.distance import LCSseq, Levenshtein

from mediakit.outputs.record import read_record
from mediakit.result import Result
from mediakit.transcript.segments import Segment
from mediakit.vietnamese.spoken import spoken
from tests.cli.stage import leftovers, record
from tests.whole.caption_rules import broken, torn_names
from tests.whole.conftest import NAMES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

#: A word may have been misheard for the article's, more are another sentence.
LEAST_SAID = 0.8

READ = tuple(name for name in NAMES if name != "ban-tin-nham-bai")


def words(text: str) -> list[str]:
    """Lower case, without punctuation, as the transcripts of the clips are."""
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def syllables(text: str) -> list[str]:
    """What is said for a text; `lăm` and `năm` are one number, said in two ways."""
    return [syllable.replace("lăm", "năm") for word in words(text) for syllable in spoken(word)]


def own_words(segment: Segment) -> list[str]:
    """The words of a segment that are the article's."""
    return [part for word in segment.words if word.article for part in words(word.text)]


def said_of(segment: Segment, item: dict[str, Any]) -> int:
    """How many of a segment's own words are said in a sentence of the article, in order; none in other speech."""
    return int(LCSseq.similarity(own_words(segment), words(item["text"]))) if item["in_article"] else 0


@dataclass
class Measured:
    """A result beside what was really said."""

    result: Result
    truth: dict[str, Any]

    def nearest(self, segment: Segment) -> dict[str, Any]:
        """The sentence that is spoken while the segment lasts."""

        def overlap(item: dict[str, Any]) -> int:
            return int(min(segment.end_ms, item["end_ms"]) - max(segment.start_ms, item["start_ms"]))

        found: dict[str, Any] = max(self.truth["spoken"], key=overlap)
        return found

    def pairs(self) -> list[tuple[Segment, dict[str, Any]]]:
        """Segments of the article with what is spoken then."""
        return [(s, self.nearest(s)) for s in self.result.segments if s.source == "article"]

    def found(self) -> int:
        """Spoken sentences of the article of which half and more is printed as the article's where they are said."""
        hits = Counter[int]()
        for segment, item in self.pairs():
            hits[id(item)] += said_of(segment, item)
        return sum(2 * hits[id(i)] >= len(words(i["text"])) for i in self.truth["spoken"] if i["in_article"])

    def pasted(self) -> list[str]:
        """Article text printed where something else is said."""
        return [s.text for s, item in self.pairs() if not self.is_part(s, item)]

    @staticmethod
    def is_part(segment: Segment, item: dict[str, Any]) -> bool:
        """Whether what a segment has of the article is said in a sentence, but for a word in five at the most."""
        return said_of(segment, item) >= LEAST_SAID * max(1, len(own_words(segment)))

    def errors(self) -> tuple[int, int]:
        """Word errors and words over the spoken sentences of the article."""
        wrong = total = 0
        for item in self.truth["spoken"]:
            if item["in_article"]:
                # Heard figures are what is said for them.
                said = [w for s in self.result.segments if self.nearest(s) is item for w in syllables(s.text)]
                wrong += Levenshtein.distance(syllables(item["text"]), said)
                total += len(words(item["text"]))
        return wrong, total

    def edges(self) -> list[int]:
        """How far, in milliseconds, edges of sentences are from those of the speech, if both outer words are there."""
        return [
            abs(a - b)
            for s, item in self.pairs()
            if self.is_part(s, item) and all(words(s.text)[edge] == words(item["text"])[edge] for edge in (0, -1))
            for a, b in ((s.start_ms, item["start_ms"]), (s.end_ms, item["end_ms"]))
        ]


def heard_words(out: Path, result: Result) -> list[str]:
    """The words that the engine heard, from the log that was kept while it listened."""
    for log in (out / ".mediakit" / "heard").glob("*.jsonl"):
        header, *entries = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
        if header["heard"]["media_sha256"] == result.media.sha256:
            return [part for entry in entries for word in entry.get("words", ()) for part in word[2].split()]
    raise AssertionError(f"nothing was kept of {result.media.path}")


@pytest.fixture(scope="module")
def measured(readings: Path, out: Path) -> dict[str, Measured]:
    """Each reading beside its truth."""
    return {
        name: Measured(
            read_record(out / f"{name}.vi.json"),
            json.loads((readings / f"{name}.truth.json").read_text(encoding="utf-8")),
        )
        for name in NAMES
    }


def test_all_files_are_there_and_whole(out: Path) -> None:
    assert not leftovers(out)
    for name in NAMES:
        record(out, f"{name}.vi.json")
        for ending in (".vi.srt", ".vi.vtt", ".vi.txt", ".vi.links.vtt", ".html", ".jsonld"):
            assert (out / f"{name}{ending}").stat().st_size > 0, name + ending


@pytest.mark.parametrize("name", READ)
def test_sentences_that_are_read_are_found(measured: dict[str, Measured], name: str) -> None:
    spoken = sum(item["in_article"] for item in measured[name].truth["spoken"])
    assert measured[name].found() >= 0.95 * spoken


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_that_was_not_said(measured: dict[str, Measured], name: str) -> None:
    assert measured[name].pasted() == []
    printed = {segment.text for segment in measured[name].result.segments if segment.source == "article"}
    assert printed.isdisjoint(measured[name].truth["unread"])


def test_the_wrong_article_is_called_wrong(measured: dict[str, Measured]) -> None:
    result = measured["ban-tin-nham-bai"].result
    assert result.article is not None
    assert (result.article.verdict, result.article.coverage) == ("unrelated", 0.0)
    assert all(segment.source == "speech" for segment in result.segments)
    assert "attachment-unrelated" in [warning.code for warning in result.warnings]


@pytest.mark.parametrize(
    ("name", "verdict"), [(READ[0], "read"), (READ[1], "partly-read"), (READ[2], "read"), (READ[3], "partly-read")]
)
def test_verdicts(measured: dict[str, Measured], name: str, verdict: str) -> None:
    article = measured[name].result.article
    assert article is not None
    assert article.verdict == verdict


def test_words_of_what_is_read(measured: dict[str, Measured]) -> None:
    wrong, total = (sum(n) for n in zip(*(measured[name].errors() for name in READ), strict=True))
    assert wrong <= 0.05 * total


def test_edges_of_sentences(measured: dict[str, Measured]) -> None:
    edges = [edge for name in READ for edge in measured[name].edges()]
    assert median(edges) <= 40
    assert sum(edge <= 200 for edge in edges) >= 0.9 * len(edges)


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_sentence_have_times_inside_it(measured: dict[str, Measured], name: str) -> None:
    for segment in measured[name].result.segments:
        assert segment.start_ms <= segment.words[0].start_ms
        assert segment.words[-1].end_ms <= segment.end_ms
        assert all(a.end_ms <= b.start_ms for a, b in pairwise(segment.words))
        assert " ".join(word.text for word in segment.words) == segment.text
        if segment.source == "article":
            assert min(word.end_ms - word.start_ms for word in segment.words) >= 30, segment.text


@pytest.mark.parametrize("name", NAMES)
def test_all_that_was_heard_is_kept_once(measured: dict[str, Measured], out: Path, name: str) -> None:
    kept = Counter(word for segment in measured[name].result.segments for word in segment.heard.split())
    assert kept == Counter(heard_words(out, measured[name].result))


def test_free_speech_is_printed_as_it_was_heard(measured: dict[str, Measured]) -> None:
    """No name of these articles is said outside of them, so that no word may be another."""
    for name in NAMES:
        for segment in measured[name].result.segments:
            assert segment.source == "article" or segment.text == segment.heard


@pytest.mark.parametrize("name", NAMES)
def test_captions_keep_the_rules_and_all_words(measured: dict[str, Measured], out: Path, name: str) -> None:
    result = measured[name].result
    assert result.article is not None
    assert broken(out / f"{name}.vi.srt", result.media.duration_ms or 0) == []
    assert torn_names(out / f"{name}.vi.srt", [sentence.text for sentence in result.article.sentences]) == []
    shown = " ".join(" ".join(c.lines) for c in result.captions).split()
    assert shown == " ".join(s.text for s in result.segments).split()


def test_what_is_spoken_too_fast_to_be_read_is_listed(measured: dict[str, Measured]) -> None:
    for name in NAMES:
        result = measured[name].result
        fast = [c.id for c in result.captions if len(" ".join(c.lines)) * 1000 > 17 * (c.end_ms - c.start_ms)]
        (listed,) = [w.message for w in result.warnings if w.code == "captions-too-fast"] or [""]
        assert re.findall(r"\bc\d+", listed) == fast


def test_the_real_page_without_its_media(shared: Path, tmp_path: Path) -> None:
    (page,) = (shared / "article").glob("*.txt")
    command = [sys.executable, "-m", "mediakit", "transcribe", str(page), "-o", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False)
    said = done.stderr.decode()
    assert done.returncode == 1
    names = ("0906_lam_viec_so_thong_tin__mixdown", "Phat_bieu_cua_Bi_thu_voi_So_TTTT_10_6_TRINH_CUONG_va_TRUNG_wed")
    for name in names:
        assert name in said
        loaded: Any = record(tmp_path, f"{name}.vi.json")
        assert loaded["article"]["title"] == "Thường trực Tỉnh ủy: Làm việc với Sở Thông tin và Truyền thông"
        assert loaded["article"]["published"] == "2021-06-09T18:37:56+07:00"
        assert (loaded["media"]["sha256"], loaded["segments"]) == (None, [])
        assert [w["code"] for w in loaded["warnings"]] == ["attachment-missing"]
    assert len(said.splitlines()) == 2
