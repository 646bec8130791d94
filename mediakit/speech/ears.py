"""Windows on their way through an engine: several in a pass, and passes beside each other, where it can.

Each thread takes as many of the windows that wait as fit a pass, and no more than its share, so that all end at about
the same time: the one that has waited longest, or in the end the longest, and those of its kind that are most like it
in length, for a pass takes as long as its longest. What the engine passed over in a window waits again, before all that
came later. How windows share passes changes nothing of what is heard in them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Condition, Lock

from mediakit.speech.engine import Engine, Heard, Hearing, HearsTogether, Window
from mediakit.speech.hear import hear, said, together
from mediakit.speech.windows import SpeechWindow

#: More than so many passes for each thread need not wait for it.
_PASSES_WAITING = 2
#: So long is waited for windows that are on their way: a pass of one takes half of what a pass of four does.
_GATHER_S = 0.05


class _Cut:
    """A window that was taken: step by step what is to be heard for it, and the answer in the end."""

    def __init__(self, cut: SpeechWindow, engine: Engine) -> None:
        self.answer: Future[Heard] = Future()
        self._cut, self._engine = cut, engine
        self._steps = hear(cut, engine.info.language)
        self._found: dict[int, Hearing] = {}
        self._missing = 0
        self._lock = Lock()

    def begin(self) -> list[_Asked]:
        """What is to be heard first."""
        return self._asked(next(self._steps))

    def answered(self, place: int, hearing: Hearing) -> list[_Asked] | Hearing:
        """What is to be heard next, now that a part is heard; all that is heard, once it is."""
        with self._lock:
            self._found[place] = hearing
            self._missing -= 1
            if self._missing:
                return []
        try:
            return self._asked(self._steps.send([hearing for _, hearing in sorted(self._found.items())]))
        except StopIteration as end:
            found: Hearing = end.value
            return found

    def end(self, hearing: Hearing) -> None:
        """Settle the answer."""
        try:
            self.answer.set_result(said(self._cut, hearing, self._engine))
        except BaseException as error:  # whatever it is, it belongs to who waits for the answer
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """Give this for an answer; another part may have failed before."""
        with self._lock:
            if not self.answer.done():
                self.answer.set_exception(error)

    def _asked(self, windows: Sequence[Window]) -> list[_Asked]:
        self._found, self._missing = {}, len(windows)
        return [_Asked(self, place, window) for place, window in enumerate(windows)]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Sound to be heard for a window that was taken: all of it, or a part."""

    of: _Cut
    place: int
    window: Window

    def __len__(self) -> int:
        return len(self.window.samples)


class Ears:
    """Takes windows in order, and gives what is heard in each in the same order. Close it: it has threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._hears_together = engine if isinstance(engine, HearsTogether) else None
        self._together = self._hears_together.together() if self._hears_together else 1
        self._beside = self._hears_together.beside() if self._hears_together else 1
        self._taken: deque[Future[Heard]] = deque()
        self._waiting: deque[_Asked] = deque()
        self._changed = Condition()
        self._closed = self._is_all = False
        self._pool = ThreadPoolExecutor(self._beside, thread_name_prefix="ears")
        for _ in range(self._beside):
            self._pool.submit(self._work)

    @property
    def busy(self) -> bool:
        """Whether there is any window of which it was not given yet what is heard."""
        return bool(self._taken)

    def take(self, cut: SpeechWindow, known: Heard | None = None) -> None:
        """A window to hear; or one of which it is `known` what is heard."""
        if known is not None:
            answer = Future[Heard]()
            answer.set_result(known)
            self._taken.append(answer)
            return
        taken = _Cut(cut, self._engine)
        self._taken.append(taken.answer)
        with self._changed:
            self._waiting.extend(taken.begin())
            self._changed.notify()

    def ready(self) -> Iterator[Heard]:
        """What is heard by now. Where enough windows wait to keep the engine busy, it is waited for.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
        enough = _PASSES_WAITING * self._beside * self._together
        while self._taken and (self._taken[0].done() or len(self._waiting) >= enough):
            yield self._taken.popleft().result()

    def rest(self) -> Iterator[Heard]:
        """All that is not given yet, where no more are to come; errors as :meth:`ready`."""
        with self._changed:
            self._is_all = True
            self._changed.notify_all()
        while self._taken:
            yield self._taken.popleft().result()

    def close(self) -> None:
        """Begin no more passes, and wait for those that run: native code is not interrupted."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._pool.shutdown()

    @property
    def _is_last(self) -> bool:
        """Whether few are left. Then those that take longest come first, so that threads end at about the same time."""
        return self._is_all and len(self._waiting) <= _PASSES_WAITING * self._beside * self._together

    @property
    def _is_enough(self) -> bool:
        return self._is_all or len(self._waiting) >= self._beside * self._together

    def _work(self) -> None:
        while asked := self._next():
            try:
                self._answered(asked, together([one.window for one in asked], self._engine))
            except BaseException as error:  # whatever it is, it belongs to who waits for the answers
                for one in asked:
                    one.of.fail(error)

    def _answered(self, asked: Sequence[_Asked], found: Sequence[Hearing]) -> None:
        """Parts of windows wait before all others; what is heard is judged while another thread may go on with them."""
        ended: list[tuple[_Cut, Hearing]] = []
        again: list[_Asked] = []
        for one, hearing in zip(asked, found, strict=True):
            more = one.of.answered(one.place, hearing)
            if isinstance(more, Hearing):
                ended.append((one.of, more))
            else:
                again += more
        with self._changed:
            self._waiting.extendleft(reversed(again))
            self._changed.notify_all()
        for cut, hearing in ended:
            cut.end(hearing)

    def _next(self) -> list[_Asked]:
        """The windows of the next pass, once there are any; none when it was closed."""
        with self._changed:
            while not self._closed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                self._changed.wait_for(lambda: self._is_enough or self._closed, timeout=_GATHER_S)
                if self._waiting and not self._closed:  # another thread may have been quicker
                    return self._chosen()
            return []

    def _chosen(self) -> list[_Asked]:
        """Windows of one kind for a pass, most alike in length, no more than a thread's share."""
        share = -(-len(self._waiting) // self._beside)
        first = max(self._waiting, key=len) if self._is_last else self._waiting[0]
        kind = self._kind(first)
        alike = [one for one in self._waiting if self._kind(one) == kind]
        chosen = sorted(alike, key=lambda one: abs(len(one) - len(first)))[: min(self._together, share)]
        self._waiting = deque(one for one in self._waiting if one not in chosen)
        return chosen

    def _kind(self, one: _Asked) -> int:
        return self._hears_together.kind_of(one.window) if self._hears_together is not None else 0
