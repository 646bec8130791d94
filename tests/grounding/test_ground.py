"""Grounding with a judge whose answers are known: which decisions follow from which evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from mediakit.article.document import Article, Paragraph, Sentence
from mediakit.grounding.ground import Grounding, free_speech, ground
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.engine import Heard, Window
from mediakit.speech.evidence import Evidence, WordEvidence
from mediakit.timeline import Word
from mediakit.vietnamese.spoken import spoken

SYLLABLE_MS, PAUSE_MS = 200, 600
TEXT = (
    "Chiều ngày 9/6, Thường trực Tỉnh ủy làm việc với Sở Thông tin và Truyền thông.",
    "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy chủ trì buổi làm việc.",
    "Tỷ lệ hồ sơ trực tuyến mức độ 3 trở lên quý I năm 2021 đạt 46,3%.",
    "Hệ thống cổng dịch vụ công được triển khai đồng bộ tại các cơ quan.",
    "Ngành cần nắm bắt những cơ hội trong việc đẩy mạnh cải cách hành chính.",
)


def article(*sentences: str) -> Article:
    return Article("", (Paragraph(1, tuple(Sentence(f"p1s{i + 1}", s) for i, s in enumerate(sentences))),))


class Stage:
    """A speech of known sentences: what was said when, and what an engine heard of it."""

    def __init__(self, *said: tuple[str, str]) -> None:
        """Each item is (what is said, what is heard); a syllable takes 200 ms, between items lie 600 ms."""
        self.spans: list[tuple[int, int, tuple[str, ...]]] = []
        words: list[Word] = []
        levels = bytearray()
        at = 0
        for truth, heard in said:
            syllables = tuple(s for w in truth.split() for s in spoken(w))
            length = len(syllables) * SYLLABLE_MS
            self.spans.append((at, at + length, syllables))
            tokens = heard.split()
            for i, token in enumerate(tokens):
                words.append(Word(at + length * i // len(tokens), at + length * (i + 1) // len(tokens), token, 0.8))
            levels += bytes([75]) * (length // 10) + bytes([30]) * (PAUSE_MS // 10)
            at += length + PAUSE_MS
        self.duration_ms = at
        self.heard = [Heard(0, at, tuple(words), bytes(levels))]

    def said_between(self, start_ms: int, end_ms: int) -> list[tuple[int, int, str]]:
        """Syllables with their times that lie inside."""
        found = []
        for begin, _, syllables in self.spans:
            for i, syllable in enumerate(syllables):
                a, b = begin + i * SYLLABLE_MS, begin + (i + 1) * SYLLABLE_MS
                if a >= start_ms - 60 and b <= end_ms + 60:
                    found.append((a, b, syllable))
        return found

    def sound(self, start_ms: int, end_ms: int) -> Window:
        return Window(start_ms, np.zeros((end_ms - start_ms) * SAMPLES_PER_MS, dtype=np.float32))

    def weigh(self, window: Window, texts: Sequence[str]) -> tuple[Evidence, ...]:
        """A perfect ear: a word that was said there, in order, gains; any other costs."""
        return tuple(self._weigh(window, text) for text in texts)

    def _weigh(self, window: Window, text: str) -> Evidence:
        said = self.said_between(window.start_ms, window.end_ms)
        syllables = [(w, s) for w, word in enumerate(text.split()) for s in (spoken(word) or ("",))]
        matched = _longest_common([s for _, _, s in said], [s for _, s in syllables])
        words, at = [], window.start_ms
        for index in range(len(text.split())):
            own = [k for k, (w, _) in enumerate(syllables) if w == index]
            times = [said[matched[k]] for k in own if k in matched]
            start, end = (times[0][0], times[-1][1]) if times else (at, at)
            words.append(WordEvidence(start, end, sum(3.0 if k in matched else -0.4 for k in own), len(own)))
            at = end
        return Evidence(tuple(words))

    def ground(self, text: Article, *, judge: bool = True) -> Grounding:
        if judge:
            return ground(self.heard, text, duration_ms=self.duration_ms, judge=self, sound=self.sound)
        return ground(self.heard, text, duration_ms=self.duration_ms)


def _longest_common(a: Sequence[str], b: Sequence[str]) -> dict[int, int]:
    """Places in `b` to places in `a` on a longest common subsequence."""
    best = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            best[i, j] = best[i + 1, j + 1] + 1 if a[i] == b[j] else max(best[i + 1, j], best[i, j + 1])
    i = j = 0
    found = {}
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            found[j] = i
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return found


def printed(grounding: Grounding) -> list[tuple[str | None, str]]:
    return [(s.sentence, s.text) for s in grounding.segments]


NOISY = {
    TEXT[0]: "chiều ngày chính tháng sáu thường chực tỉnh uỷ làm việt với sở thông tin và chuyển thông",
    TEXT[1]: "đồng trí ngô đông hải bí thư tỉnh uỷ chủ chì buổi làm việc",
    TEXT[2]: "tỉ lệ hồ sơ trực tiến mức độ 3 trở lên quý một năm 2021 đạt 46,3%",
    TEXT[3]: "hệ thống cổng dịch vụ công được chiển khai đồng bộ tại các cơ quan",
    TEXT[4]: "ngành cần nắm bắt những cơ hội chong việc đẩy mạnh cải cách hành chính",
}


@pytest.mark.parametrize("judge", [True, False])
def test_what_is_read_is_printed_as_the_article_has_it(judge: bool) -> None:
    stage = Stage(*NOISY.items())
    grounding = stage.ground(article(*TEXT), judge=judge)
    assert printed(grounding) == [(f"p1s{i + 1}", text) for i, text in enumerate(TEXT)]
    assert grounding.verdict == "read"
    assert grounding.coverage == 1.0
    assert grounding.unread == ()
    for segment, (start, end, _) in zip(grounding.segments, stage.spans, strict=True):
        assert abs(segment.start_ms - start) <= 20
        assert abs(segment.end_ms - end) <= 20


def test_heard_is_kept() -> None:
    grounding = Stage(*NOISY.items()).ground(article(*TEXT))
    assert [s.heard for s in grounding.segments] == list(NOISY.values())


@pytest.mark.parametrize("order", [(2, 3, 4, 0, 1), (0, 1, 1, 2), (0, 1, 2, 3, 4, 0), (3, 1)])
def test_any_order(order: Sequence[int]) -> None:
    grounding = Stage(*((TEXT[i], NOISY[TEXT[i]]) for i in order)).ground(article(*TEXT))
    assert [s.sentence for s in grounding.segments] == [f"p1s{i + 1}" for i in order]
    assert set(grounding.unread) == {f"p1s{i + 1}" for i in range(5)} - {f"p1s{i + 1}" for i in order}


def test_free_speech_stays_as_it_was_heard() -> None:
    adlib = "tôi xin cảm ơn quý vị đã theo dõi chương trình hôm nay"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (adlib, adlib), (TEXT[1], NOISY[TEXT[1]])).ground(article(*TEXT))
    assert printed(grounding) == [("p1s1", TEXT[0]), (None, adlib), ("p1s2", TEXT[1])]
    assert grounding.verdict == "partly-read"


def test_a_sentence_misheard_beyond_recognition_is_found_between_two() -> None:
    lost = (TEXT[1], "lời ấy mà thì")
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), lost, (TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT[:3]))
    assert printed(grounding) == [("p1s1", TEXT[0]), ("p1s2", TEXT[1]), ("p1s3", TEXT[2])]


def test_speech_of_the_same_length_is_not_taken_for_the_missing_sentence() -> None:
    other = "trời hôm nay mưa to lắm nên ai cũng phải mang theo áo mưa"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (other, other), (TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT[:3]))
    assert printed(grounding) == [("p1s1", TEXT[0]), (None, other), ("p1s3", TEXT[2])]
    assert grounding.unread == ("p1s2",)


def test_a_sentence_broken_off_is_printed_as_far_as_it_was_said() -> None:
    said = "Đồng chí Ngô Đông Hải, Bí thư Tỉnh ủy"
    grounding = Stage((TEXT[0], NOISY[TEXT[0]]), (said, "đồng trí ngô đông hải bí thư tỉnh uỷ")).ground(article(*TEXT))
    assert printed(grounding)[1] == ("p1s2", said)


def test_a_wrong_article_is_called_unrelated() -> None:
    others = ("Hôm nay trời mưa rất to ở nhiều nơi.", "Giá rau xanh tăng mạnh sau đợt lũ vừa qua.")
    grounding = Stage(*((t, t.lower().strip(".")) for t in others)).ground(article(*TEXT))
    assert all(s.source == "speech" for s in grounding.segments)
    assert (grounding.verdict, grounding.coverage) == ("unrelated", 0.0)


def test_every_printed_word_has_a_time_numbers_too() -> None:
    grounding = Stage((TEXT[2], NOISY[TEXT[2]])).ground(article(*TEXT))
    (segment,) = grounding.segments
    assert [w.text for w in segment.words] == TEXT[2].split()
    number = next(w for w in segment.words if w.text == "46,3%.")
    assert number.end_ms - number.start_ms >= 4 * SYLLABLE_MS


def test_silence_gives_nothing() -> None:
    grounding = ground([], article(*TEXT), duration_ms=1000)
    assert (grounding.segments, grounding.verdict, grounding.coverage) == ((), "unrelated", 0.0)
    assert free_speech([], duration_ms=1000) == ()
