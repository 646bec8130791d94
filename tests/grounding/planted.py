"""Planted speech: it is known what is said when, what an engine heard of it, and what a good CTC head hears."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from mediakit.article.document import Article, Paragraph, Sentence
from mediakit.grounding.ground import Grounding, ground
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.ctc.frames import FRAME_MS, Frames
from mediakit.speech.ctc.head import inventory
from mediakit.speech.engine import Heard, Window
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import spoken

SYLLABLE_MS, PAUSE_MS = 200, 600
LOUD, QUIET = 75, 30
#: How sure the head is of a sound in its frame, and of none in all others; all else shares the rest.
SURE_OF_SOUND, SURE_OF_NONE = 0.9, 0.98
TEXT = (
    "Chiều ngày 9/6, Thường trực Tỉnh ủy làm việc với Sở Thông tin và Truyền thông.",
    "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy chủ trì buổi làm việc.",
    "Tỷ lệ hồ sơ trực tuyến mức độ 3 trở lên quý I năm 2021 đạt 46,3%.",
    "Hệ thống cổng dịch vụ công được triển khai đồng bộ tại các cơ quan.",
    "Ngành cần nắm bắt những cơ hội trong việc đẩy mạnh cải cách hành chính.",
)
NOISY = {
    TEXT[0]: "chiều ngày chính tháng sáu thường chực tỉnh uỷ làm việt với sở thông tin và chuyển thông",
    TEXT[1]: "đồng trí ngô đông hải bí thư tỉnh uỷ chủ chì buổi làm việc",
    TEXT[2]: "tỉ lệ hồ sơ trực tiến mức độ 3 trở lên quý một năm 2021 đạt 46,3%",
    TEXT[3]: "hệ thống cổng dịch vụ công được chiển khai đồng bộ tại các cơ quan",
    TEXT[4]: "ngành cần nắm bắt những cơ hội chong việc đẩy mạnh cải cách hành chính",
}


def article(*sentences: str) -> Article:
    """One paragraph of sentences with the ids p1s1, p1s2, …"""
    return Article("", (Paragraph(1, tuple(Sentence(f"p1s{i + 1}", s) for i, s in enumerate(sentences))),))


def syllables_of(text: str) -> list[str]:
    return [s for word in text.split() for s in spoken(word)]


def levels_of(*runs: tuple[int, int]) -> bytes:
    """Runs of (milliseconds, level) as an engine's levels."""
    return b"".join(bytes([level]) * (ms // 10) for ms, level in runs)


class Stage:
    """A speech of known sentences: what was said when, what an engine heard of it, and what a good CTC head hears.

    The head hears each unit of what was said in one frame, whatever the engine wrote down.
    """

    def __init__(self, *said: tuple[str, str], pauses: Sequence[int] = (), score: float = 0.8) -> None:
        """Each item is (what is said, what is heard), a syllable takes 200 ms, after items lie `pauses`, or 600 ms."""
        self.spans: list[tuple[int, int, tuple[str, ...]]] = []
        words: list[Word] = []
        levels = bytearray()
        at = 0
        for place, (truth, heard) in enumerate(said):
            syllables = tuple(syllables_of(truth))
            length = len(syllables) * SYLLABLE_MS
            self.spans.append((at, at + length, syllables))
            words += _evenly(heard.split(), at, at + length, score)
            pause = pauses[place] if place < len(pauses) else PAUSE_MS
            levels += levels_of((length, LOUD), (pause, QUIET))
            at += length + pause
        self.duration_ms = at
        self.heard = [Heard(0, at, tuple(words), bytes(levels), ctc=self.ctc(0, at))]

    def units(self) -> Iterator[tuple[int, int]]:
        """When each unit of what was said is heard, evenly over the time of its syllable, and its number."""
        for begin, _, syllables in self.spans:
            for place, syllable in enumerate(syllables):
                units = inventory().spelt([syllable])
                for i, unit in enumerate(units):
                    yield begin + place * SYLLABLE_MS + (2 * i + 1) * SYLLABLE_MS // (2 * len(units)), unit

    def ctc(self, start_ms: int, end_ms: int) -> bytes:
        """What the head gives for a window."""
        rows = _quiet((end_ms - start_ms) // FRAME_MS)
        for at, unit in self.units():
            frame = (at - start_ms) // FRAME_MS
            if 0 <= frame < len(rows):
                rows[frame] = (1 - SURE_OF_SOUND) / (rows.shape[1] - 1)
                rows[frame, unit] = SURE_OF_SOUND
        return Frames.of(start_ms, np.log(rows)).packed()

    def sound(self, start_ms: int, end_ms: int) -> Window:
        """Noise where somebody speaks, silence elsewhere."""
        samples = np.zeros((end_ms - start_ms) * SAMPLES_PER_MS, dtype=np.float32)
        noise = np.random.default_rng(start_ms)
        for begin, end, _ in self.spans:
            a, b = (min(max(0, t - start_ms) * SAMPLES_PER_MS, len(samples)) for t in (begin, end))
            samples[a:b] = noise.normal(0, 0.05, b - a)
        return Window(start_ms, samples)

    def ground(self, text: Article, *, head: bool = True) -> Grounding:
        """The speech tied to an article, by what the head hears and the sound, or by the words alone."""
        if head:
            return ground(self.heard, text, duration_ms=self.duration_ms, sound=self.sound)
        return ground([replace(one, ctc=b"") for one in self.heard], text, duration_ms=self.duration_ms)


def printed(grounding: Grounding) -> list[tuple[str | None, str]]:
    """Sentence and text of each segment."""
    return [(s.sentence, s.text) for s in grounding.segments]


def _evenly(tokens: Sequence[str], start_ms: int, end_ms: int, score: float) -> list[Word]:
    """Words that share a time by how many syllables they have."""
    edges = list(accumulate((max(1, len(spoken(token))) for token in tokens), initial=0))
    times = [start_ms + (end_ms - start_ms) * edge // max(1, edges[-1]) for edge in edges]
    return [Word(a, b, token, score) for a, b, token in zip(times, times[1:], tokens, strict=False)]


def _quiet(frames: int) -> NDArray[np.float32]:
    """So many frames, as probabilities, in which nothing is heard."""
    units = len(inventory().units) + 1
    rows = np.full((frames, units), (1 - SURE_OF_NONE) / (units - 1), np.float32)
    rows[:, 0] = SURE_OF_NONE
    return rows
