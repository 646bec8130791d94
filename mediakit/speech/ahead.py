"""Works ahead in a thread: decoding and voice activity go on while the engine listens."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Failed(Generic[T]):
    def __init__(self, error: BaseException) -> None:
        self.error = error


class _Ended:
    pass


def ahead(items: Iterable[T], most: int) -> Generator[T, None, None]:
    """The same items, made by another thread that is at most `most` of them ahead.

    What making them raises is raised here, in its place. Close the generator to stop early: the other thread has ended
    when this returns, so that what it took its items from may be closed then.
    """
    made: queue.Queue[T | _Failed[T] | _Ended] = queue.Queue(most)
    stop = threading.Event()

    def put(item: T | _Failed[T] | _Ended) -> None:
        while not stop.is_set():
            try:
                made.put(item, timeout=0.1)
            except queue.Full:
                continue
            return

    def make() -> None:
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    return
        except BaseException as error:  # whatever it is, it belongs to who asked for the items
            put(_Failed(error))
        else:
            put(_Ended())

    worker = threading.Thread(target=make, name="ahead", daemon=True)
    worker.start()
    try:
        while not isinstance(item := made.get(), _Ended):
            if isinstance(item, _Failed):
                raise item.error
            yield item
    finally:
        stop.set()
        worker.join()
