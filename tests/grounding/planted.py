"""Planted speech: it is known what is said when, what an engine heard of it, and what a judge with a good ear says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, groupby, pairwise

import numpy as np

from mediakit.article.document import Article, Paragraph, Sentence
from mediakit.grounding.ground import Grounding, ground
from mediakit.grounding.script import Comparison, HeardSyllables, Script
from mediakit.grounding.timing import Loudness
from mediakit.grounding.weighing import USUAL_PACE_MS, Weighing
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Heard, Window
from mediakit.speech.evidence import Evidence, WordEvidence
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import spoken

SYLLABLE_MS, PAUSE_MS = 200, 600
#: What each syllable costs the score of a text (nats) that is not said there, or is and is not in the text.
SCORE_COST = 30.0
LOUD, QUIET = 75, 30
#: What the judge may be asked for at most (`Judge.weigh`).
LONGEST_WINDOW_MS = 30_000
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
    """A speech of known sentences: what was said when, what an engine heard of it, and a judge that has a good ear.

    What was said, in order, gains `gain` a syllable; anything else costs `cost`. As in a real model's alignment, words
    that were not said take the time between their neighbours that nothing of the text explains.
    """

    def __init__(
        self,
        *said: tuple[str, str],
        pauses: Sequence[int] = (),
        gain: float = 3.0,
        cost: float = 0.4,
        score: float = 0.8,
    ) -> None:
        """Each item is (what is said, what is heard), a syllable takes 200 ms, after items lie `pauses`, or 600 ms."""
        self.gain, self.cost = gain, cost
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
        self.heard = [Heard(0, at, tuple(words), bytes(levels))]
        #: What was asked of the judge: (start, end, text) in milliseconds.
        self.asked: list[tuple[int, int, str]] = []

    def said_between(self, start_ms: int, end_ms: int) -> list[tuple[int, int, str]]:
        """Syllables with their times that lie inside, or nearly."""
        found = []
        for begin, _, syllables in self.spans:
            for i, syllable in enumerate(syllables):
                a, b = begin + i * SYLLABLE_MS, begin + (i + 1) * SYLLABLE_MS
                if a >= start_ms - 60 and b <= end_ms + 60:
                    found.append((a, b, syllable))
        return found

    def sound(self, start_ms: int, end_ms: int) -> Window:
        """Noise where somebody speaks, silence elsewhere."""
        samples = np.zeros((end_ms - start_ms) * SAMPLES_PER_MS, dtype=np.float32)
        noise = np.random.default_rng(start_ms)
        for begin, end, _ in self.spans:
            a, b = (min(max(0, t - start_ms) * SAMPLES_PER_MS, len(samples)) for t in (begin, end))
            samples[a:b] = noise.normal(0, 0.05, b - a)
        return Window(start_ms, samples)

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """See :meth:`mediakit.speech.evidence.Judge.weigh`; holds the one who asks to what is promised there."""
        assert window.end_ms - window.start_ms <= LONGEST_WINDOW_MS
        assert all(text.split() for text in texts)
        self.asked += [(window.start_ms, window.end_ms, text) for text in texts]
        return tuple(self._weigh(window, text) for text in texts)

    def scores(self, window: Window, texts: Sequence[str]) -> list[tuple[float, ...]]:
        """See :meth:`mediakit.speech.evidence.Judge.scores`: each syllable that is not the one that is said costs.

        What is left out costs the next word that is there.
        """
        assert window.end_ms - window.start_ms <= LONGEST_WINDOW_MS
        said = [s for _, _, s in self.said_between(window.start_ms, window.end_ms)]
        return [_costs(said, [spoken(word) for word in text.split()]) for text in texts]

    def ctc_log_probs(self, window: Window, texts: Sequence[Sequence[str]]) -> list[float]:
        """See :meth:`mediakit.speech.evidence.Judge.ctc_log_probs`: most models have no CTC head."""
        return [0.0] * len(texts)

    def _weigh(self, window: Window, text: str) -> Evidence:
        said = self.said_between(window.start_ms, window.end_ms)
        syllables = [(w, s) for w, word in enumerate(text.split()) for s in (spoken(word) or ("",))]
        matched = longest_common([s for _, _, s in said], [s for _, s in syllables])
        own = {w: [k for k, (word, _) in enumerate(syllables) if word == w] for w in range(len(text.split()))}
        times = {w: (said[k[0]][0], said[k[-1]][1]) for w in own if (k := [matched[i] for i in own[w] if i in matched])}
        gains = [sum(self.gain if k in matched else -self.cost for k in places) for places in own.values()]
        rooms = _rooms(times, len(own), window)
        return Evidence(tuple(WordEvidence(*rooms[w], gains[w], len(own[w])) for w in own))

    def ground(self, text: Article, *, judge: bool = True) -> Grounding:
        """The speech tied to an article, with the judge or by the syllables alone."""
        if judge:
            return ground(self.heard, text, duration_ms=self.duration_ms, judge=self, sound=self.sound)
        return ground(self.heard, text, duration_ms=self.duration_ms)

    def weighing(self, text: Article, *, judge: bool = True) -> Weighing:
        """What weighs candidates for this speech and an article."""
        return weighing(self.heard, text, self if judge else None)


def weighing(heard: Sequence[Heard], text: Article, stage: Stage | None, pace_ms: float = USUAL_PACE_MS) -> Weighing:
    """A weighing of what was heard, with a stage's judge and sound or without."""
    said, script = HeardSyllables.of([word for window in heard for word in window.words]), Script.of(text)
    comparison = Comparison.of(said.syllables, script.syllables)
    sound = stage.sound if stage is not None else None
    return Weighing(said, script, comparison, Loudness.of(heard), stage, sound, pace_ms)


def printed(grounding: Grounding) -> list[tuple[str | None, str]]:
    """Sentence and text of each segment."""
    return [(s.sentence, s.text) for s in grounding.segments]


def _evenly(tokens: Sequence[str], start_ms: int, end_ms: int, score: float) -> list[Word]:
    """Words that share a time by how many syllables they have."""
    edges = list(accumulate((max(1, len(spoken(token))) for token in tokens), initial=0))
    times = [start_ms + (end_ms - start_ms) * edge // max(1, edges[-1]) for edge in edges]
    return [Word(a, b, token, score) for a, b, token in zip(times, times[1:], tokens, strict=False)]


def _rooms(times: dict[int, tuple[int, int]], count: int, window: Window) -> list[tuple[int, int]]:
    """The times of all words: those that were not said share the room between those that were."""
    rooms: list[tuple[int, int]] = []
    for said, run in groupby(range(count), key=lambda w: w in times):
        places = list(run)
        if said:
            rooms += [times[w] for w in places]
            continue
        low = rooms[-1][1] if rooms else window.start_ms
        high = max(low, times[places[-1] + 1][0] if places[-1] + 1 < count else window.end_ms)
        edges = [low + (high - low) * k // len(places) for k in range(len(places) + 1)]
        rooms += list(pairwise(edges))
    return rooms


def _costs(said: Sequence[str], words: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """What the edits (:func:`edits`) cost each word, and the end."""
    so_far = [edits_to(said, [s for word in words[:count] for s in word]) for count in range(len(words) + 1)]
    whole = edits(said, [s for word in words for s in word])
    return (*(-SCORE_COST * (b - a) for a, b in pairwise(so_far)), -SCORE_COST * (whole - so_far[-1]))


def edits_to(a: Sequence[str], b: Sequence[str]) -> int:
    """The fewest edits that make `b` of any beginning of `a`."""
    return min(edits(a[:end], b) for end in range(len(a) + 1))


def edits(a: Sequence[str], b: Sequence[str]) -> int:
    """How many items have to be put in, left out or exchanged to make `b` of `a` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def longest_common(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """Places in `b` to places in `a` on a longest common subsequence."""
    best = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) - 1, -1, -1):
        here, below = best[i], best[i + 1]
        for j in range(len(b) - 1, -1, -1):
            here[j] = below[j + 1] + 1 if a[i] == b[j] else max(below[j], here[j + 1])
    i = j = 0
    found = {}
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found[j] = i
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return found
