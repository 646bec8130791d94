"""Windows on their way through an engine: several in a pass, and passes beside each other, where it can.

Each thread takes as many of the windows that wait as fit a pass, and no more than its share, so that all end at about
the same time: the one that has waited longest, and those that are most like it in length, for a pass takes as long as
its longest. How windows share passes changes nothing of what is heard in them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition

from mediakit.speech.engine import Engine, Heard, HearsTogether
from mediakit.speech.hear import hear_said
from mediakit.speech.windows import SpeechWindow

#: More than so many passes for each thread need not wait for it.
_PASSES_WAITING = 2
#: So long is waited for windows that are on their way: a pass of one takes half of what a pass of four does.
_GATHER_S = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    cut: SpeechWindow
    answer: Future[Heard] = field(default_factory=Future)

    def __len__(self) -> int:
        return len(self.cut.window.samples)


class Ears:
    """Takes windows in order, and gives what is heard in each in the same order. Close it: it has threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._together, self._beside = 1, 1
        if isinstance(engine, HearsTogether):
            self._together, self._beside = engine.together(), engine.beside()
        self._asked: deque[_Asked] = deque()
        self._waiting: deque[_Asked] = deque()
        self._changed = Condition()
        self._closed = self._is_all = False
        self._pool = ThreadPoolExecutor(self._beside, thread_name_prefix="ears")
        for _ in range(self._beside):
            self._pool.submit(self._work)

    @property
    def busy(self) -> bool:
        """Whether there is any window of which it was not given yet what is heard."""
        return bool(self._asked)

    def take(self, cut: SpeechWindow, known: Heard | None = None) -> None:
        """A window to hear; or one of which it is `known` what is heard."""
        asked = _Asked(cut)
        self._asked.append(asked)
        if known is not None:
            asked.answer.set_result(known)
            return
        with self._changed:
            self._waiting.append(asked)
            self._changed.notify()

    def ready(self) -> Iterator[Heard]:
        """What is heard by now. Where enough windows wait to keep the engine busy, it is waited for.

        Raises
        ------
        EngineError
            If the engine fails on this sound.
        """
        enough = _PASSES_WAITING * self._beside * self._together
        while self._asked and (self._asked[0].answer.done() or len(self._waiting) >= enough):
            yield self._asked.popleft().answer.result()

    def rest(self) -> Iterator[Heard]:
        """All that is not given yet, where no more are to come; errors as :meth:`ready`."""
        with self._changed:
            self._is_all = True
            self._changed.notify_all()
        while self._asked:
            yield self._asked.popleft().answer.result()

    def close(self) -> None:
        """Begin no more passes, and wait for those that run: native code is not interrupted."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._pool.shutdown()

    @property
    def _is_enough(self) -> bool:
        return self._is_all or len(self._waiting) >= self._beside * self._together

    def _work(self) -> None:
        while asked := self._next():
            try:
                answers = hear_said([one.cut for one in asked], self._engine)
            except BaseException as error:  # whatever it is, it belongs to who waits for the answer
                for one in asked:
                    one.answer.set_exception(error)
            else:
                for one, heard in zip(asked, answers, strict=True):
                    one.answer.set_result(heard)

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
        """The window that has waited longest, and those most like it in length, no more than a thread's share."""
        first, share = self._waiting[0], -(-len(self._waiting) // self._beside)
        chosen = sorted(self._waiting, key=lambda one: abs(len(one) - len(first)))[: min(self._together, share)]
        self._waiting = deque(one for one in self._waiting if one not in chosen)
        return chosen
