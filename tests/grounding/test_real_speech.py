"""Sentences composed of recorded clips, of which some are said: real weights, real listening, human voices."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from mediakit.article.document import Article
from mediakit.evaluation.alignment import common
from mediakit.grounding.ground import Grounding, ground
from mediakit.media.decode import decode
from mediakit.media.probe import choose_audio, probe
from mediakit.media.sound import SAMPLE_RATE, SAMPLES_PER_MS, Samples
from mediakit.speech.engine import Engine, Window
from mediakit.speech.engines import open_engine
from mediakit.speech.heard import HeardKey, HeardStore
from mediakit.speech.listen import listen
from tests.grounding.planted import article

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

#: Clips of which one sentence is made: a part that is said, one that is not, one that is said; and ad-lib.
MADE = [
    ("006867", "001433", "003832", "003749"),
    ("000217", "000205", "005286", "005077"),
]
#: Sentences before and after it that nobody says.
BEFORE, AFTER = "000045", "003591"
#: Of a part that was said so much is printed at least: a word at its edge may be lost.
MOSTLY = 0.75
#: A part of so few words, with other speech before it, may be too few to tell by: two of six are heard otherwise.
FEW = 6
#: A word of a part that is not said may be taken for one that is: `là`, `của`.
STRAY = 0.25


class Clips:
    """The clips by number, and a sound of some of them with what an engine hears in it."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self.folder, self.scratch = folder, scratch
        self.engine: Engine = open_engine("faster-whisper", "base", language="vi")
        with (folder / "clips.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        self.names = {row["file"].rpartition("_")[2].partition(".")[0]: row["file"] for row in rows}
        self.texts = {row["file"]: " ".join(row["transcript"].replace(",", " ").split()) for row in rows}

    def text(self, number: str) -> str:
        return self.texts[self.names[number]]

    def sound(self, number: str) -> Samples:
        path = self.folder / "clips" / self.names[number]
        return np.concatenate(list(decode(path, choose_audio(probe(path)))))

    def ground(self, numbers: Sequence[str], text: Article) -> Grounding:
        """The clips, one after the other, listened to and tied to an article."""
        samples = np.concatenate([self.sound(number) for number in numbers])
        blocks = [samples[at : at + SAMPLE_RATE] for at in range(0, len(samples), SAMPLE_RATE)]
        key = HeardKey("".join(numbers).ljust(64, "0"), 0, self.engine.info)
        with HeardStore(self.scratch).open(key) as log:
            heard = list(listen(blocks, self.engine, log))

        def sound(start_ms: int, end_ms: int) -> Window:
            found = np.zeros((end_ms - start_ms) * SAMPLES_PER_MS, dtype=np.float32)
            part = samples[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS]
            found[: len(part)] = part
            return Window(start_ms, found)

        duration_ms = len(samples) // SAMPLES_PER_MS
        return ground(heard, text, duration_ms=duration_ms, sound=sound)


@pytest.fixture(scope="module")
def clips(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(shared / "speech", tmp_path_factory.mktemp("heard"))


def made(clips: Clips, numbers: Sequence[str]) -> tuple[Article, list[list[str]]]:
    """An article with a sentence of three clips between two that nobody says, and the words of its three parts."""
    first, second, third = (clips.text(number) for number in numbers[:3])
    text = f"{first[0].upper()}{first[1:]}, {second}, {third}."
    parts = [part.split() for part in (f"{first[0].upper()}{first[1:]},", f"{second},", f"{third}.")]
    return article(clips.text(BEFORE).capitalize() + ".", text, clips.text(AFTER).capitalize() + "."), parts


def printed_words(grounding: Grounding, parts: Sequence[Sequence[str]]) -> list[float]:
    """Of each part of the sentence the share of its words that is printed; nothing of another sentence may be."""
    whole = [word for part in parts for word in part]
    found: set[int] = set()
    for segment in grounding.segments:
        if segment.source == "article":
            assert segment.sentence == "p1s2"
            own = [part for word in segment.words if word.article for part in word.text.split()]
            pairs = common(own, whole)
            assert len(pairs) == len(own)
            found |= {place for _, place in pairs}
    starts = [0, len(parts[0]), len(parts[0]) + len(parts[1])]
    return [sum(at + i in found for i in range(len(part))) / len(part) for at, part in zip(starts, parts, strict=True)]


@pytest.mark.parametrize("numbers", MADE)
@pytest.mark.parametrize(
    ("places", "said"),
    [
        pytest.param((0, 1, 2), (True, True, True), id="whole"),
        pytest.param((0, 2), (True, False, True), id="its middle left out"),
        pytest.param((0, 3, 2), (True, False, True), id="ad-lib in the place of its middle"),
        pytest.param((0,), (True, False, False), id="its beginning"),
        pytest.param((2,), (False, False, True), id="its end"),
        pytest.param((0, 3), (True, False, False), id="its beginning and then ad-lib"),
        pytest.param((3,), (False, False, False), id="nothing of it"),
    ],
)
def test_of_a_sentence_what_was_said_is_printed(
    clips: Clips, numbers: Sequence[str], places: Sequence[int], said: Sequence[bool]
) -> None:
    text, parts = made(clips, numbers)
    shares = printed_words(clips.ground([numbers[i] for i in places], text), parts)
    for part, share, words in zip(said, shares, parts, strict=True):
        is_lost = share == 0.0 and 3 in places and len(words) <= FEW
        assert share >= MOSTLY or is_lost if part else share <= STRAY, shares
