"""Windows through an engine: in order whatever ends first, shared out, and an end when it is closed."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import closing

import numpy as np
import pytest

from mediakit.errors import EngineError
from mediakit.media.sound import SAMPLES_PER_MS
from mediakit.speech.ears import Ears
from mediakit.speech.engine import EngineInfo, Heard, Hearing, Window
from mediakit.speech.windows import SpeechWindow
from mediakit.timeline import Span, Word


class Choir:
    """Hears in each window one word, its beginning; notes which windows shared a pass."""

    info = EngineInfo("choir", "none", None, "vi")

    def __init__(self, together: int = 4, beside: int = 2) -> None:
        self._together, self._beside = together, beside
        self.passes: list[list[int]] = []
        self.open = threading.Event()
        self.open.set()
        self.fails_at: int | None = None

    def together(self) -> int:
        return self._together

    def beside(self) -> int:
        return self._beside

    def kind_of(self, window: Window) -> int:
        return len(window.samples) // SAMPLES_PER_MS // 20_000

    def hear(self, window: Window) -> tuple[Word, ...]:
        return self.hear_together([window])[0].words

    def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
        if windows:
            self.passes.append([window.start_ms for window in windows])
        assert self.open.wait(20)
        if self.fails_at in [window.start_ms for window in windows]:
            raise EngineError("hỏng")
        return [Hearing((Word(w.start_ms, w.end_ms, str(w.start_ms), 0.9),)) for w in windows]


def cut(start_ms: int, length_ms: int = 1000) -> SpeechWindow:
    sound = np.full(length_ms * SAMPLES_PER_MS, 0.5, dtype=np.float32)
    return SpeechWindow(Window(start_ms, sound), (Span(start_ms, start_ms + length_ms),))


def texts(heard: Sequence[Heard]) -> list[str]:
    return [word.text for one in heard for word in one.words]


def of_ears() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("ears")]


def test_what_is_heard_comes_in_the_order_of_the_windows() -> None:
    choir, found = Choir(), list[Heard]()
    with closing(Ears(choir)) as ears:
        for number in range(50):
            ears.take(cut(number * 10_000, 400 + 37 * number % 900))
            found += ears.ready()
        found += ears.rest()
        assert not ears.busy
    assert texts(found) == [str(number * 10_000) for number in range(50)]
    assert sorted(start for one in choir.passes for start in one) == [number * 10_000 for number in range(50)]
    assert max(map(len, choir.passes)) <= 4
    assert of_ears() == []


def test_each_thread_takes_its_share_and_windows_of_like_length_share_a_pass() -> None:
    choir = Choir(together=3, beside=1)
    choir.open.clear()
    with closing(Ears(choir)) as ears:
        ears.take(cut(0, 3000))
        while not choir.passes:
            time.sleep(0.01)
        for number, length in enumerate((9000, 500, 8900, 520, 480, 9100), start=1):
            ears.take(cut(number * 10_000, length))
        choir.open.set()
        assert texts(list(ears.rest())) == [str(number * 10_000) for number in range(7)]
    assert [sorted(one) for one in choir.passes] == [[0], [10_000, 30_000, 60_000], [20_000, 40_000, 50_000]]


def test_what_is_left_is_shared_out() -> None:
    choir = Choir(together=4, beside=2)
    choir.open.clear()
    with closing(Ears(choir)) as ears:
        for number in range(2):
            ears.take(cut(number * 10_000))
        while len(choir.passes) < 2:
            time.sleep(0.01)
        for number in range(2, 6):
            ears.take(cut(number * 10_000))
        choir.open.set()
        list(ears.rest())
    assert [len(one) for one in choir.passes][:3] == [1, 1, 2], "four wait, and two threads take of them"


def test_what_is_known_is_not_heard() -> None:
    choir, known = Choir(), Heard(10_000, 11_000, (Word(10_000, 11_000, "biết", 0.9),))
    with closing(Ears(choir)) as ears:
        ears.take(cut(0))
        ears.take(cut(10_000), known)
        ears.take(cut(20_000))
        assert texts(list(ears.rest())) == ["0", "biết", "20000"]
    assert sorted(start for one in choir.passes for start in one) == [0, 20_000]


def test_a_failure_comes_in_its_place() -> None:
    choir = Choir(together=1)
    choir.fails_at = 20_000
    with closing(Ears(choir)) as ears:
        for number in range(4):
            ears.take(cut(number * 10_000))
        heard = ears.rest()
        assert texts([next(heard), next(heard)]) == ["0", "10000"]
        with pytest.raises(EngineError, match="hỏng"):
            next(heard)
    assert of_ears() == []


def test_whatever_goes_wrong_comes_to_who_waits() -> None:
    class Forgetful(Choir):
        def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
            return super().hear_together(windows)[1:]

    with closing(Ears(Forgetful())) as ears:
        ears.take(cut(0))
        with pytest.raises(ValueError, match="shorter"):
            list(ears.rest())


def test_when_it_is_closed_no_pass_begins() -> None:
    choir = Choir(together=1)
    choir.open.clear()
    ears = Ears(choir)
    for number in range(6):
        ears.take(cut(number * 10_000))
    while len(choir.passes) < 2:
        time.sleep(0.01)
    closing_it = threading.Thread(target=ears.close)
    closing_it.start()
    closing_it.join(0.2)
    assert closing_it.is_alive(), "native code is not interrupted"
    choir.open.set()
    closing_it.join(20)
    assert len(choir.passes) == 2
    assert of_ears() == []


def test_windows_that_come_together_share_a_pass() -> None:
    choir = Choir(together=4, beside=1)
    with closing(Ears(choir)) as ears:
        for number in range(4):
            ears.take(cut(number * 10_000))
        list(ears.rest())
    assert [len(one) for one in choir.passes] == [4], "the first waited a moment for the others"


def test_threads_stay_although_another_was_quicker() -> None:
    """Both wait for more windows than come, and one takes all that there is: the other is there for the next."""
    choir = Choir(together=4, beside=2)
    with closing(Ears(choir)) as ears:
        for number in range(6):
            ears.take(cut(number * 10_000))
            time.sleep(0.1)
        assert len(of_ears()) == 2
        assert texts(list(ears.rest())) == [str(number * 10_000) for number in range(6)]


def test_only_windows_of_a_kind_share_a_pass() -> None:
    choir = Choir(together=4, beside=1)
    with closing(Ears(choir)) as ears:
        for number, length in enumerate((19_000, 21_000, 19_900, 20_100)):
            ears.take(cut(number * 30_000, length))
        list(ears.rest())
    assert sorted(sorted(one) for one in choir.passes) == [[0, 60_000], [30_000, 90_000]]


class Hasty(Choir):
    """Of windows longer than 3 s it hears the beginning only."""

    def hear_together(self, windows: Sequence[Window]) -> list[Hearing]:
        return [
            Hearing((Word(w.start_ms, min(w.end_ms, w.start_ms + 1000), str(w.start_ms), 0.9),))
            for w, _ in zip(windows, super().hear_together(windows), strict=True)
        ]


def test_what_was_passed_over_shares_passes_and_waits_before_what_came_later() -> None:
    choir = Hasty(together=2, beside=1)
    choir.open.clear()
    with closing(Ears(choir)) as ears:
        for number in range(4):
            ears.take(two_spans(number * 10_000))
        while not choir.passes:
            time.sleep(0.01)
        choir.open.set()
        while len(choir.passes) < 4:
            time.sleep(0.01)
        found = list(ears.rest())
    assert [sorted(one) for one in choir.passes] == [
        [0, 10_000], [5_008, 15_008], [20_000, 30_000], [25_008, 35_008]
    ]  # fmt: skip
    assert texts(found) == [str(number * 10_000 + at) for number in range(4) for at in (0, 5_008)]


def test_in_the_end_the_longest_come_first() -> None:
    choir = Choir(together=1, beside=2)
    choir.open.clear()
    with closing(Ears(choir)) as ears:
        for number, length in enumerate((1000, 1000, 500, 700, 3000, 900)):
            ears.take(cut(number * 10_000, length))
        while len(choir.passes) < 2:
            time.sleep(0.01)
        threading.Timer(0.2, choir.open.set).start()
        assert texts(list(ears.rest())) == [str(number * 10_000) for number in range(6)]
    assert sorted(choir.passes[:2]) == [[0], [10_000]]
    assert [40_000] in choir.passes[2:4]
    assert choir.passes[-1] == [20_000]


def two_spans(start_ms: int) -> SpeechWindow:
    """A window of 7 s with speech at its beginning and at its end."""
    spans = (Span(start_ms, start_ms + 1000), Span(start_ms + 6000, start_ms + 7000))
    return SpeechWindow(cut(start_ms, 7000).window, spans)
